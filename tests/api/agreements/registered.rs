//! A new agreement is shown and logged from what is at hand, without being read again. Both ways must say the
//! same of any agreement.

use serde_json::{Map, Value, json};

use super::AGREEMENTS;
use crate::histories::dates::Chance;
use crate::support::TestApp;

/// Members that may be there or not; each is taken by chance.
fn optional() -> Vec<(&'static str, Vec<Value>)> {
    let dates = json!(["1992", "1992-05", "1993-04-30", "199X", "[..1995]", "1994~"]);
    let dates = dates.as_array().unwrap();
    vec![
        (
            "title",
            vec![
                json!({"pl": "Umowa", "en": "Agreement"}),
                json!({"pl": "Umowa"}),
            ],
        ),
        ("relationship", vec![json!("friendship"), json!("twinning")]),
        (
            "status_basis",
            vec![json!("confirmed_by_document"), json!("presumed")],
        ),
        ("activity_level", vec![json!("dormant"), json!("active")]),
        ("signed_on", dates.clone()),
        ("signed_at", vec![json!("Białystok")]),
        (
            "entry_into_force",
            vec![json!("on_consent"), json!("on_signature")],
        ),
        ("renewal", vec![json!("tacit"), json!("none")]),
        ("renewal_period", vec![json!("P5Y")]),
        ("notice_period", vec![json!("P6M")]),
        ("languages", vec![json!(["pl", "nl"])]),
        ("purpose", vec![json!({"en": "Exchange of experience"})]),
        (
            "registrations",
            vec![json!([{"authority": "Ministry", "number": "1992/7"}])],
        ),
        (
            "last_confirmed_on",
            vec![json!("2026-01-15"), json!("2001-01-15")],
        ),
        (
            "initial_status",
            vec![
                json!("in_force"),
                json!("signed"),
                json!("terminated"),
                json!("proposed"),
            ],
        ),
        ("record_state", vec![json!("draft")]),
        (
            "sources",
            vec![
                json!([{"kind": "party_website", "title": "Foreign cooperation"}]),
                json!([{"kind": "party_website", "title": "Foreign cooperation", "stance": "contradicts", "pointer": "/signed_on"}]),
            ],
        ),
    ]
}

fn party(chance: &mut Chance, id: &str) -> Value {
    let mut party = json!({"partner_id": id});
    for (name, value) in [
        ("signed_on", json!("1992-05-05")),
        ("name_at_signing", json!("The city, as it was called")),
        ("acknowledgement", json!("silent")),
        ("acknowledgement", json!("acknowledged")),
        ("participation", json!("invited")),
        ("role", json!("host")),
        (
            "signatories",
            json!([{"name": "Anna Nowak", "office": "mayor"}]),
        ),
    ] {
        if chance.percent(20) {
            party[name] = value;
        }
    }
    party
}

#[actix_web::test]
async fn what_is_at_hand_is_what_is_read() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let make = async |body: Value| admin.post("/api/v1/partners", body).await.expect(201).id();
    let town = make(json!({"kind": "municipality", "name": "Town", "country": "PL"})).await;
    let bodies = [
        json!({"kind": "municipality", "name": "Brno", "country": "CZ", "founded_on": "1993-06-01"}),
        json!({"kind": "county", "name": "Milwaukee County", "country": "US"}),
        json!({"kind": "municipality", "name": "Gone", "country": "DE", "dissolved_on": "1990"}),
        json!({"kind": "university", "name": "University", "country": "PL", "host_id": town}),
        json!({"kind": "municipality", "name": "Second", "country": "PL"}),
    ];
    let mut partners = vec![town];
    for body in bodies {
        partners.push(make(body).await);
    }
    let mut chance = Chance(71_003);
    let (mut earlier, mut taken, mut refused) = (Vec::<String>::new(), 0, 0);
    for _ in 0..80 {
        let first = chance.below(partners.len());
        let parties =
            (0..2 + chance.below(3)).map(|n| partners[(first + n) % partners.len()].clone());
        let mut parties: Vec<Value> = parties
            .collect::<Vec<_>>()
            .iter()
            .map(|id| party(&mut chance, id))
            .collect();
        let mut body = Map::new();
        body.insert("instrument".into(), json!("partnership_agreement"));
        body.insert("allow_duplicate".into(), json!("one of many"));
        for (name, values) in optional() {
            if chance.percent(25) {
                body.insert(name.into(), chance.pick(&values).clone());
            }
        }
        // Others join what two have signed.
        let bound = |name: &str| body.contains_key(name);
        if bound("signed_on") && !bound("initial_status") && !bound("entry_into_force") {
            for party in parties.iter_mut().skip(2) {
                party["acceded_on"] = json!("1999");
            }
        }
        body.insert("parties".into(), json!(parties));
        if !earlier.is_empty() && chance.percent(15) {
            let name = *chance.pick(&["arose_from", "parent_id"]);
            body.insert(name.into(), json!(chance.pick(&earlier)));
        }
        let body = Value::Object(body);
        let answer = admin.post(AGREEMENTS, body.clone()).await;
        if answer.status() == 422 {
            refused += 1;
            continue;
        }
        let told = answer.expect(201).json();
        let id = told["id"].as_str().unwrap();
        let path = format!("{AGREEMENTS}/{id}");
        let answer = admin.get(&path).await.expect(200);
        let (etag, mut read) = (answer.etag(), answer.json());
        // Which of the persons it was is told to readers only.
        for name in ["created_by_person", "updated_by_person"] {
            read.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(told, read, "{body}");
        let logged = admin
            .get(&format!("{AGREEMENTS}/{id}/history?version=1"))
            .await
            .expect(200)
            .json();
        let list = admin
            .get(&format!(
                "{AGREEMENTS}?limit=1&record_state=draft,published"
            ))
            .await
            .expect(200)
            .json();
        // What a change logs is read: besides what it changes, it says what was logged before.
        admin
            .patch(&path, &etag, json!({"signed_at": "Elsewhere"}))
            .await
            .expect(200);
        let again = admin
            .get(&format!("{AGREEMENTS}/{id}/history?version=2"))
            .await
            .expect(200)
            .json();
        let same = |told: &Value| {
            let mut record = told["record"].as_object().unwrap().clone();
            for changed in ["signed_at", "version", "updated_at", "updated_by"] {
                record.remove(changed);
            }
            record
        };
        assert_eq!(same(&logged), same(&again), "{body}");
        let names = |value: &Value| {
            value
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(list["data"][0]["id"], id);
        let missing: Vec<String> = names(&list["data"][0])
            .into_iter()
            .filter(|name| logged["record"].get(name).is_none())
            .collect();
        assert!(missing.is_empty(), "{missing:?} of {body}");
        earlier.push(id.to_owned());
        taken += 1;
    }
    assert!(
        taken > 30 && refused < 45,
        "{taken} taken, {refused} refused"
    );
}
