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

    /// Whether the third city was a party on each of these days (`1`) or not, of which its ties tell the same.
    async fn days(&self, days: &[&str]) -> Vec<usize> {
        let city = &self.cities[2];
        let mut all = Vec::new();
        for day in days {
            let asked = format!("as_of={day}&match=certain");
            let path = format!("{AGREEMENTS}?partner={city}&{asked}");
            let page = self.app.get(&path).await.expect(200).json();
            let listed = page["data"].as_array().unwrap().len();
            let path = format!("/api/v1/partners/{city}/partnerships?{asked}&status=in_force");
            let page = self.app.get(&path).await.expect(200).json();
            assert_eq!(
                page["data"].as_array().unwrap().len(),
                2 * listed,
                "{asked}"
            );
            all.push(listed);
        }
        all
    }

    fn on(&self, day: &str) {
        self.app
            .clock
            .set(format!("{day}T12:00:00Z").parse().unwrap());
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
    json!({"signed_on": "1990-05-05", "events": [
        {"action": "register", "effective_on": "1990-05-05", "to_status": "in_force"},
        {"action": "terminate", "effective_on": "2005-03-01", "mode": "other", "reason_code": "other"},
    ]})
}

/// Signed in that year, and found ended.
fn found_ended(signed: &str, on: &str) -> Value {
    json!({"signed_on": signed, "events": [
        {"action": "register", "effective_on": on, "to_status": "terminated"},
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
        // Two sides that sign on different days are no reason to say that one joined the other.
        (
            json!({"signed_on": "1990-05-05"}),
            vec![founder.clone(), joined("1990-06-10")],
            "/parties/1/acceded_on",
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
            undated.clone(),
            json!({"acceded_on": "1995", "withdrew_on": "2005"}),
        ),
        (
            undated,
            json!({"participation": "withdrawn", "withdrew_on": "2000"}),
        ),
        (json!({"initial_status": "expired"}), joined("1995")),
        (
            found_ended("2005", "2005"),
            json!({"acceded_on": "2005", "withdrew_on": "2005"}),
        ),
        (
            found_ended("1990", "[..2005]"),
            json!({"acceded_on": "1995", "withdrew_on": "2000"}),
        ),
        (
            in_force,
            json!({"acceded_on": "1995", "withdrew_on": "2005"}),
        ),
        // What is signed waits for others, and loses some.
        (signed.clone(), joined("1995")),
        (signed, left("1995")),
        (
            json!({"signed_on": "1990", "in_force_on": "1991-01-01"}),
            joined("1990"),
        ),
        (
            json!({"signed_on": "1990", "initial_status": "abandoned"}),
            left("1995"),
        ),
        (
            json!({"signed_on": "1990", "events": [
                {"action": "register", "effective_on": "2005", "to_status": "in_force"},
            ]}),
            joined("1995"),
        ),
    ] {
        let made = world.record(&agreement, &third(said.clone())).await;
        assert_eq!(made.status(), 201, "{agreement} {said} {made}");
    }
}

#[actix_web::test]
async fn a_body_takes_the_place_of_another_one_from_one_day_to_the_next() {
    let world = World::new().await;
    let since = json!({"signed_on": "1990"});
    for (last, first) in [
        ("2002-12-31", "2003-01-01"),
        ("2002", "2003"),
        ("2002", "2002"),
    ] {
        for how in ["succeeded", "withdrawn"] {
            let gone = json!({"participation": how, "withdrew_on": last});
            let parties = [json!({}), gone, joined(first)];
            let made = world.record(&since, &parties).await;
            assert_eq!(made.status(), 201, "{how} {last} {first} {made}");
        }
    }
    let gone = json!({"participation": "succeeded", "withdrew_on": "2002-12-31"});
    let parties = [json!({}), gone, joined("2003-02-01")];
    world.record(&since, &parties).await.expect(201);
    let parties = [json!({}), left("2002-12-31"), joined("2003-02-01")];
    let refused = world.record(&since, &parties).await;
    let pointers = refused.pointers("validation-failed");
    assert_eq!(pointers, ["/parties/1/withdrew_on"]);
}

#[actix_web::test]
async fn who_left_on_the_last_day_left_nobody_behind() {
    let world = World::new().await;
    let founder = json!({});
    let undated = json!({"initial_status": "terminated", "signed_on": "1990"});
    // The last day of a term is the one before it is over.
    let expired = json!({"signed_on": "1990-01-01", "valid_until": "2000-12-31", "events": [
        {"action": "register", "effective_on": "1990-01-01", "to_status": "in_force"},
        {"action": "expire", "effective_on": "2001-01-01"},
    ]});
    for (agreement, parties) in [
        (ended(), vec![founder.clone(), left("2005-03-01")]),
        (ended(), vec![founder.clone(), left("2005")]),
        (ended(), vec![left("2005-03-01"), left("2005-03-01")]),
        (expired, vec![founder.clone(), left("2000-12-31")]),
        (undated, vec![founder, left("2000")]),
    ] {
        let made = world.record(&agreement, &parties).await;
        assert_eq!(made.status(), 201, "{agreement} {parties:?} {made}");
    }
}

#[actix_web::test]
async fn who_may_have_left_before_the_entry_into_force_is_not_certainly_a_party() {
    let world = World::new().await;
    let signed = json!({"signed_on": "1990-01-01", "in_force_on": "1995-01-01"});
    let parties = [json!({}), json!({}), left("1992")];
    world.record(&signed, &parties).await.expect(201);
    let third = &world.cities[2];
    for (day, matching, found) in [
        ("1991-12-31", "certain", 1),
        ("1992-06-01", "possible", 1),
        ("1992-06-01", "certain", 0),
    ] {
        let asked = format!("as_of={day}&match={matching}");
        let path = format!("{AGREEMENTS}?partner={third}&{asked}&count=true");
        let page = world.app.get(&path).await.expect(200).json();
        assert_eq!(page["total"], found, "{asked}");
        // With each of the two others.
        let path = format!("/api/v1/partners/{third}/partnerships?{asked}");
        let page = world.app.get(&path).await.expect(200).json();
        let ties = page["data"].as_array().unwrap().len();
        assert_eq!(ties, 2 * found, "{asked}");
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
    assert_eq!(refused["party"], party);
    world.event(&id, leave("2010")).await.expect(201);
    // When it left follows from that event.
    let parties =
        |said: Value| json!({"parties": world.parties(&[founder.clone(), founder.clone(), said])});
    let said = json!({"acceded_on": "1995", "withdrew_on": "2012"});
    let refused = world.patch(&id, parties(said)).await;
    let pointers = refused.pointers("validation-failed");
    assert_eq!(pointers, ["/parties/2/withdrew_on"]);
    // When it joined is said by the record as before.
    let refused = world.patch(&id, parties(joined("1985"))).await;
    let pointers = refused.pointers("validation-failed");
    assert_eq!(pointers, ["/parties/2/acceded_on"]);
    world.event(&id, end("2011")).await.expect(201);
}

#[actix_web::test]
async fn what_is_said_of_a_party_has_happened_by_the_day_it_was_recorded() {
    // Today is 24 November 2026.
    for (third, before) in [
        (joined("2026"), 0),
        (joined("[2014..]"), 0),
        (left("2026"), 1),
        (left("[2014..]"), 1),
    ] {
        let world = World::new().await;
        let parties = [json!({}), json!({}), third.clone()];
        let signed = json!({"signed_on": "1990-01-01"});
        let made = world.record(&signed, &parties).await.expect(201).json();
        let city = &world.cities[2];
        let check = async |day: &str, certainty: &str, found: usize| {
            let asked = format!("as_of={day}&match={certainty}");
            let path = format!("{AGREEMENTS}?partner={city}&{asked}");
            let page = world.app.get(&path).await.expect(200).json();
            let listed = page["data"].as_array().unwrap().len();
            let path = format!("/api/v1/partners/{city}/partnerships?{asked}&status=in_force");
            let page = world.app.get(&path).await.expect(200).json();
            let ties = page["data"].as_array().unwrap().len();
            assert_eq!((listed, ties), (found, 2 * found), "{third}: {asked}");
        };
        check("2026-11-23", "possible", before).await;
        check("2026-11-24", "possible", 1 - before).await;
        check("2026-11-24", "certain", 1 - before).await;
        let path = format!("{AGREEMENTS}?as_of=2026-11-24");
        let today = world.app.get(&path).await.expect(200).json();
        assert_eq!(today["data"][0]["parties"], made["parties"], "{third}");
        // It stays so as days pass.
        world.app.clock.advance(chrono::TimeDelta::days(90));
        check("2026-11-24", "certain", 1 - before).await;
    }
}

#[actix_web::test]
async fn a_vague_date_counts_from_the_day_it_was_stated_whatever_is_changed_later() {
    let world = World::new().await;
    let signed = json!({"signed_on": "1990-01-01"});
    let third = |third: Value| json!({"parties": world.parties(&[json!({}), json!({}), third])});
    let parties = [json!({}), json!({}), joined("2026")];
    let id = world.record(&signed, &parties).await.expect(201).id();
    let days = ["2026-11-23", "2026-11-24", "2026-11-27", "2026-11-28"];
    // Neither what else is changed of the record, nor of the party, nor an event moves it.
    world.on("2026-11-28");
    world
        .patch(&id, json!({"signed_at": "Dijon"}))
        .await
        .expect(200);
    assert_eq!(world.days(&days).await, [0, 1, 1, 1]);
    let named = json!({"acceded_on": "2026", "name_at_signing": "Gamma"});
    world.patch(&id, third(named)).await.expect(200);
    let note = json!({"action": "amend", "effective_on": "2026-11-28", "note": "A second text."});
    world.event(&id, note).await.expect(201);
    assert_eq!(world.days(&days).await, [0, 1, 1, 1]);
    // Another date counts from the day on which that one is stated.
    world
        .patch(&id, third(joined("[2014..]")))
        .await
        .expect(200);
    assert_eq!(world.days(&days).await, [0, 0, 0, 1]);
    // Of two dates each keeps its own day.
    let left = json!({"acceded_on": "[2014..]", "withdrew_on": "2026"});
    world.on("2026-12-05");
    world.patch(&id, third(left.clone())).await.expect(200);
    world.on("2026-12-09");
    world
        .patch(&id, json!({"signed_at": "Beaune"}))
        .await
        .expect(200);
    let days = ["2026-11-27", "2026-11-28", "2026-12-04", "2026-12-05"];
    let listed = async |day: &str, stands: &str| {
        let path = format!("{AGREEMENTS}/{id}");
        let read = world.app.get(&path).await.expect(200).json();
        assert_eq!(read["parties"][2]["withdrew_on"], "2026", "{read}");
        let page = world.app.get(&format!("{AGREEMENTS}?as_of={day}")).await;
        let then = page.expect(200).json()["data"][0]["parties"][2].clone();
        let stood = then["participation"].as_str().unwrap_or("absent");
        assert_eq!(stood, stands, "{day}: {then}");
    };
    for (day, stands) in days.iter().zip(["absent", "party", "party", "withdrawn"]) {
        listed(day, stands).await;
    }
}

#[actix_web::test]
async fn a_vague_date_of_an_event_counts_from_the_day_it_was_recorded_in_partnerships_too() {
    let world = World::new().await;
    let signed = json!({"signed_on": "1990-01-01"});
    let parties = [json!({}), json!({})];
    let id = world.record(&signed, &parties).await.expect(201).id();
    let accede = json!({"action": "accede", "effective_on": "2026", "party": world.cities[2]});
    world.event(&id, accede).await.expect(201);
    world.on("2026-12-02");
    world
        .patch(&id, json!({"signed_at": "Dijon"}))
        .await
        .expect(200);
    let days = ["2026-11-23", "2026-11-24", "2026-12-01"];
    assert_eq!(world.days(&days).await, [0, 1, 1]);
}

#[actix_web::test]
async fn who_has_left_had_joined_however_little_is_known_of_when() {
    let world = World::new().await;
    let third = json!({"acceded_on": "[1992-08-27..]", "withdrew_on": "199X"});
    let parties = [json!({}), json!({}), third];
    let signed = json!({"signed_on": "1990-01-01"});
    world.record(&signed, &parties).await.expect(201);
    let page = async |path: String| world.app.get(&path).await.expect(200).json()["data"].clone();
    let then = page(format!("{AGREEMENTS}?as_of=2005-01-01")).await;
    assert_eq!(then[0]["parties"][2]["participation"], "withdrawn");
    let third = &world.cities[2];
    let ties = page(format!(
        "/api/v1/partners/{third}/partnerships?as_of=2005-01-01"
    ))
    .await;
    let statuses: Vec<_> = ties
        .as_array()
        .unwrap()
        .iter()
        .map(|tie| &tie["status"])
        .collect();
    assert_eq!(statuses, ["terminated", "terminated"]);
}
