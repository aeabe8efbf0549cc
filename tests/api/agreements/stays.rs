//! What the record says of the joining and leaving of its parties, beside its events.

use serde_json::{Value, json};

use super::{AGREEMENTS, city};
use crate::support::{Answer, TestApp};

struct World {
    app: TestApp,
    cities: Vec<String>,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let mut cities = Vec::new();
        for name in ["Alfa", "Beta", "Gamma", "Delta"] {
            cities.push(city(&app, name, "FR").await);
        }
        Self { app, cities }
    }

    /// As many of the cities as there are members for.
    fn parties(&self, members: &[Value]) -> Value {
        let cities = self.cities.iter().zip(members);
        let parties = cities.map(|(id, more)| {
            let mut party = json!({"partner_id": id});
            let more = more.as_object().unwrap().clone();
            party.as_object_mut().unwrap().extend(more);
            party
        });
        parties.collect()
    }

    async fn record(&self, more: &Value, parties: &[Value]) -> Answer {
        let mut body = json!({"instrument": "protocol", "parties": self.parties(parties),
            "sources": [{"kind": "press", "title": "Paper"}], "allow_duplicate": "a test"});
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        self.app.as_admin().post(AGREEMENTS, body).await
    }

    async fn patch(&self, id: &str, body: Value) -> Answer {
        let path = format!("{AGREEMENTS}/{id}");
        self.app.as_admin().patch(&path, "*", body).await
    }

    async fn event(&self, id: &str, body: Value) -> Answer {
        let path = format!("{AGREEMENTS}/{id}/events");
        self.app.as_admin().post(&path, body).await
    }
}

fn joined(on: &str) -> Value {
    json!({"acceded_on": on})
}

fn left(on: &str) -> Value {
    json!({"withdrew_on": on})
}

/// In force from a day of 1990 to one of 2005.
fn ended() -> Value {
    json!({"events": [
        {"action": "register", "effective_on": "1990-05-05", "to_status": "in_force"},
        {"action": "terminate", "effective_on": "2005-03-01", "mode": "other", "reason_code": "other"},
    ]})
}

#[actix_web::test]
async fn nobody_is_said_to_have_joined_or_left_what_did_not_stand() {
    let world = World::new().await;
    let founder = json!({});
    let third = |said: Value| vec![founder.clone(), founder.clone(), said];
    let signed = json!({"signed_on": "1990-05-05", "entry_into_force": "on_consent"});
    for (agreement, parties, at) in [
        (ended(), third(joined("1989")), "/parties/2/acceded_on"),
        (ended(), third(joined("2006")), "/parties/2/acceded_on"),
        (ended(), third(left("2005-04")), "/parties/2/withdrew_on"),
        (ended(), third(left("1989")), "/parties/2/withdrew_on"),
        (
            signed.clone(),
            third(joined("1995")),
            "/parties/2/acceded_on",
        ),
        (json!({}), third(joined("1995")), "/parties/2/acceded_on"),
        (
            ended(),
            vec![founder.clone(), left("2000")],
            "/parties/1/withdrew_on",
        ),
        (
            json!({"signed_on": "1990"}),
            vec![founder.clone(), left("2000")],
            "/parties/1/withdrew_on",
        ),
        (
            json!({"initial_status": "terminated", "signed_on": "1990"}),
            vec![founder.clone(), left("2000")],
            "/parties/1/withdrew_on",
        ),
        (
            ended(),
            vec![founder.clone(), left("2000"), left("2001")],
            "/parties/2/withdrew_on",
        ),
    ] {
        let refused = world.record(&agreement, &parties).await;
        let pointers = refused.pointers("validation-failed");
        assert_eq!(pointers, [at], "{agreement} {parties:?}");
    }
    let undated = json!({"initial_status": "terminated"});
    let in_force = json!({"initial_status": "in_force"});
    for (agreement, said) in [
        (ended(), joined("1990")),
        (ended(), joined("2005")),
        (ended(), left("[..1995]")),
        (
            ended(),
            json!({"acceded_on": "1995", "withdrew_on": "2005"}),
        ),
        (
            undated,
            json!({"acceded_on": "1995", "withdrew_on": "2005"}),
        ),
        (
            in_force,
            json!({"acceded_on": "1995", "withdrew_on": "2005"}),
        ),
    ] {
        world.record(&agreement, &third(said)).await.expect(201);
    }
}

#[actix_web::test]
async fn a_change_of_the_record_is_asked_the_same() {
    let world = World::new().await;
    let founder = json!({});
    let parties = |third: Value| json!({"parties": world.parties(&[founder.clone(), founder.clone(), third])});
    let made = world
        .record(
            &json!({"signed_on": "1990-05-05"}),
            &[founder.clone(), founder.clone(), joined("1995")],
        )
        .await;
    let id = made.expect(201).id();
    let early = world.patch(&id, parties(joined("1989"))).await;
    assert_eq!(
        early.pointers("validation-failed"),
        ["/parties/2/acceded_on"]
    );
    let late = world.patch(&id, json!({"signed_on": "1998"})).await;
    assert_eq!(
        late.pointers("validation-failed"),
        ["/parties/2/acceded_on"]
    );
    let two = json!({"parties": world.parties(&[founder.clone(), left("2000")])});
    let two = world.patch(&id, two).await;
    assert_eq!(
        two.pointers("validation-failed"),
        ["/parties/1/withdrew_on"]
    );
    let both = json!({"acceded_on": "1995", "withdrew_on": "2000"});
    world.patch(&id, parties(both)).await.expect(200);
}

#[actix_web::test]
async fn events_and_what_is_said_of_parties_fit_each_other() {
    let world = World::new().await;
    let founder = json!({});
    let three = [founder.clone(), founder.clone(), joined("1995")];
    let made = world
        .record(&json!({"signed_on": "1990-05-05"}), &three)
        .await;
    let id = made.expect(201).id();
    let party = world.cities[2].clone();
    let leave = |on: &str| json!({"action": "withdraw_party", "effective_on": on, "party": party});
    let end = |on: &str| json!({"action": "terminate", "effective_on": on, "mode": "other", "reason_code": "other"});
    let early = world.event(&id, leave("1993")).await;
    let codes = early.problem("guard-failed")["errors"].clone();
    assert_eq!(codes[0]["code"], "not_a_party", "{codes}");
    let refused = world.event(&id, end("1994")).await.problem("guard-failed");
    assert_eq!(
        (
            &refused["errors"][0]["pointer"],
            &refused["errors"][0]["code"]
        ),
        (&json!("/effective_on"), &json!("not_in_force"))
    );
    world.event(&id, leave("2010")).await.expect(201);
    // When it left follows from that event.
    let said = json!({"acceded_on": "1995", "withdrew_on": "2012"});
    let parties = json!({"parties": world.parties(&[founder.clone(), founder, said])});
    let refused = world.patch(&id, parties).await;
    let pointers = refused.pointers("validation-failed");
    assert_eq!(pointers, ["/parties/2/withdrew_on"]);
    world.event(&id, end("2011")).await.expect(201);
}
