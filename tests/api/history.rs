//! The history of a record: its changes, and the record as it stood.

use std::collections::BTreeMap;

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use twincity::changes::history::fold;
use twincity::core::vocabulary::record::Role;

use crate::agreements::{agreement, city};
use crate::networks::network;
use crate::support::TestApp;
use crate::support::follower::Follower;

const SOURCES: &str = "/api/v1/sources";

async fn source(app: &TestApp) -> String {
    let body = json!({"kind": "press", "title": "First"});
    app.as_admin().post(SOURCES, body).await.expect(201).id()
}

/// A source at noon, changed at one, withdrawn at two.
async fn story() -> (TestApp, String) {
    let app = TestApp::new().await;
    let id = source(&app).await;
    let path = format!("{SOURCES}/{id}");
    app.clock.advance(TimeDelta::hours(1));
    app.as_admin()
        .patch(&path, "\"1\"", json!({"title": "Second", "language": "pl"}))
        .await
        .expect(200);
    app.clock.advance(TimeDelta::hours(1));
    app.as_admin().delete(&path, "\"2\"").await.expect(204);
    (app, format!("{path}/history"))
}

#[actix_web::test]
async fn a_record_is_shown_as_it_stood_at_a_time() {
    let (app, history) = story().await;
    for (at, version, title, state) in [
        ("2026-11-24T12:00:00Z", 1, "First", "published"),
        ("2026-11-24T12:59:59.999Z", 1, "First", "published"),
        ("2026-11-24T13:00:00Z", 2, "Second", "published"),
        ("2026-11-24T14:30:00%2B01:00", 2, "Second", "published"),
        ("2026-11-24T14:00:00Z", 3, "Second", "withdrawn"),
        ("2026-11-24", 3, "Second", "withdrawn"),
        ("2031-01-01", 3, "Second", "withdrawn"),
    ] {
        let answer = app.get(&format!("{history}?at={at}")).await.expect(200);
        let body = answer.json();
        assert_eq!(
            (&body["version"], &body["seq"]),
            (&json!(version), &json!(version)),
            "{at}"
        );
        assert_eq!(
            body["at"],
            format!("2026-11-24T{}:00:00.000Z", 11 + version)
        );
        let record = &body["record"];
        assert_eq!(
            (&record["title"], &record["record_state"], &record["id"]),
            (&json!(title), &json!(state), &body["id"]),
            "{at}"
        );
        assert_eq!(record["version"], version, "{at}");
    }
    for at in ["2026-11-24T11:59:59.999Z", "2026-11-23", "1992-06-25"] {
        app.get(&format!("{history}?at={at}"))
            .await
            .problem("not-found");
    }
}

#[actix_web::test]
async fn a_record_is_shown_as_it_was_in_a_version() {
    let (app, history) = story().await;
    for (version, title) in [(1, "First"), (2, "Second"), (3, "Second")] {
        let body = app.get(&format!("{history}?version={version}")).await;
        let body = body.expect(200).json();
        assert_eq!(
            (&body["version"], &body["record"]["title"]),
            (&json!(version), &json!(title))
        );
    }
    app.get(&format!("{history}?version=4"))
        .await
        .problem("not-found");
}

#[actix_web::test]
async fn a_bad_question_is_named() {
    let (app, history) = story().await;
    for (query, parameter) in [
        ("at=yesterday", "at"),
        ("at=", "at"),
        ("at=2026-13-01", "at"),
        ("version=0", "version"),
        ("version=-1", "version"),
        ("version=x", "version"),
        ("version=99999999999", "version"),
        ("at=2026-11-24&version=1", "version"),
        ("at=2026-11-24&limit=5", "limit"),
        ("version=1&cursor=abc", "cursor"),
        ("version=1&count=true", "count"),
        ("version=1&sort=seq", "sort"),
        ("version=1&fields=patch", "fields"),
        ("version=1&include=sources", "include"),
    ] {
        let problem = app.get(&format!("{history}?{query}")).await;
        let problem = problem.problem("malformed-request");
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{query}");
    }
    app.get(&format!("{history}?on=2026-11-24"))
        .await
        .problem("unknown-parameter");
    app.get("/api/v1/sources/src_0000000000/history?version=1")
        .await
        .problem("not-found");
}

#[actix_web::test]
async fn a_state_that_is_held_already_is_not_sent_again() {
    let (app, history) = story().await;
    let path = format!("{history}?at=2026-11-24T13:30:00Z");
    let answer = app.get(&path).await.expect(200);
    assert!(answer.etag().starts_with("\"2-2-"), "{answer}");
    let by_version = app.get(&format!("{history}?version=2")).await;
    assert_eq!(by_version.etag(), answer.etag());
    let again = TestRequest::get()
        .uri(&path)
        .insert_header(("If-None-Match", answer.etag()));
    assert!(app.send(again).await.expect(304).bytes().is_empty());
    let another = TestRequest::get()
        .uri(&format!("{history}?version=3"))
        .insert_header(("If-None-Match", answer.etag()));
    app.send(another).await.expect(200);
    let few = app.get(&format!("{path}&fields=version,seq")).await;
    assert_eq!(few.expect(200).json(), json!({"version": 2, "seq": 2}));
}

#[actix_web::test]
async fn the_first_change_adds_the_whole_record() {
    let app = TestApp::new().await;
    let id = source(&app).await;
    let first = app.get("/api/v1/changes").await.expect(200).json();
    let patch = &first["data"][0]["patch"];
    assert_eq!(
        (
            &patch[0]["op"],
            &patch[0]["path"],
            patch.as_array().unwrap().len()
        ),
        (&json!("add"), &json!(""), 1)
    );
    let item = app.get(&format!("{SOURCES}/{id}")).await.json();
    assert_eq!(patch[0]["value"], item);
}

#[actix_web::test]
async fn a_history_holds_no_name_of_a_person() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "A", "PL").await, city(&app, "B", "NL").await);
    let body = json!({"instrument": "protocol", "signed_on": "2020", "parties": [
        {"partner_id": a, "signatories": [{"name": "Jane Q. Example", "office": "mayor"}]}, {"partner_id": b}]});
    let made = app
        .as_admin()
        .post("/api/v1/agreements", body)
        .await
        .expect(201);
    assert!(made.text().contains("Jane Q. Example"));
    let path = format!("/api/v1/agreements/{}", made.id());
    let note = json!({"action": "amend", "effective_on": "2021", "note": "x"});
    app.as_admin()
        .post(&format!("{path}/events"), note)
        .await
        .expect(201);
    for query in ["", "?version=1", "?version=2", "?at=2026-11-24"] {
        let answer = app.get(&format!("{path}/history{query}")).await.expect(200);
        assert!(!answer.text().contains("Jane"), "{query}");
    }
}

#[actix_web::test]
async fn a_redacted_name_is_gone_from_the_record_as_it_stood_and_its_tag_is_another() {
    let app = TestApp::new().await;
    let title = json!({"en": "Agreement signed by Jane Q. Example"});
    let id = agreement(&app, json!({"signed_on": "1992", "title": title})).await;
    let path = format!("/api/v1/agreements/{id}/history?version=1");
    let before = app.get(&path).await.expect(200);
    assert!(before.text().contains("Jane"), "{before}");
    let redaction = json!({"target": id, "person": "Jane Q. Example", "reason": "asked for"});
    app.as_registrar()
        .post("/api/v1/redactions", redaction)
        .await
        .expect(200);
    let held = TestRequest::get()
        .uri(&path)
        .insert_header(("If-None-Match", before.etag()));
    let after = app.send(held).await.expect(200);
    assert!(!after.text().contains("Jane"), "{after}");
    let latest = app
        .get(&format!("/api/v1/agreements/{id}/history?at=2026-11-24"))
        .await
        .expect(200);
    assert!(!latest.text().contains("Jane"), "{latest}");
}

#[actix_web::test]
async fn what_was_a_draft_begins_for_others_with_its_publication() {
    let app = TestApp::new().await;
    let office = city(&app, "Hrodna", "BY").await;
    app.office(&office, false).await;
    let editor = app.member(Role::Editor, Some(&office)).caller;
    let draft =
        json!({"kind": "school", "name": "School", "country": "BY", "record_state": "draft"});
    let id = editor
        .post("/api/v1/partners", draft)
        .await
        .expect(201)
        .id();
    let path = format!("/api/v1/partners/{id}");
    let history = format!("{path}/history");
    for query in ["", "?version=1", "?at=2026-11-24"] {
        app.get(&format!("{history}{query}"))
            .await
            .problem("not-found");
        editor.get(&format!("{history}{query}")).await.expect(200);
    }
    app.clock.advance(TimeDelta::hours(1));
    for patch in [
        json!({"name": "Hidden"}),
        json!({"name": "Shown", "record_state": "published"}),
        json!({"name": "Later"}),
    ] {
        editor.patch(&path, "*", patch).await.expect(200);
    }
    let name = |answer: crate::support::Answer| answer.expect(200).json()["record"]["name"].clone();
    for (version, expected, to_others) in [
        (1, "School", false),
        (2, "Hidden", false),
        (3, "Shown", true),
        (4, "Later", true),
    ] {
        let query = format!("{history}?version={version}");
        assert_eq!(name(editor.get(&query).await), expected);
        if to_others {
            assert_eq!(name(app.get(&query).await), expected);
        } else {
            app.get(&query).await.problem("not-found");
        }
    }
    let noon = format!("{history}?at=2026-11-24T12:30:00Z");
    assert_eq!(name(editor.get(&noon).await), "School");
    app.get(&noon).await.problem("not-found");
}

/// The records of a small registry, by collection.
struct World {
    app: TestApp,
    partners: Vec<String>,
    networks: Vec<String>,
    all: Vec<(&'static str, String)>,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let mut partners = Vec::new();
        for (name, country) in [("Białystok", "PL"), ("Grodno", "BY"), ("Kaunas", "LT")] {
            partners.push(city(&app, name, country).await);
        }
        let admin = app.as_admin();
        let hosted = json!({"kind": "university", "name": "University", "country": "PL", "host_id": partners[0]});
        let hosted = admin
            .post("/api/v1/partners", hosted)
            .await
            .expect(201)
            .id();
        let paper = agreement(&app, json!({"signed_on": "1992"})).await;
        let several: Vec<Value> = partners
            .iter()
            .map(|id| json!({"partner_id": id}))
            .collect();
        let newer = json!({"instrument": "protocol", "signed_on": "2001", "parties": several, "supersedes": [paper]});
        let newer = admin
            .post("/api/v1/agreements", newer)
            .await
            .expect(201)
            .id();
        let heir = network(&app, "Heir", json!({})).await;
        let seat = json!({"seat_partner_id": partners[1], "successor_id": heir});
        let niemen = network(&app, "Niemen", seat).await;
        let member = json!({"partner_id": hosted, "network_id": niemen, "admitted_on": "1999", "via_partner_id": partners[0]});
        let member = admin
            .post("/api/v1/memberships", member)
            .await
            .expect(201)
            .id();
        let meeting = json!({"kind": "meeting", "title": {"en": "A meeting"}, "network_id": niemen,
            "participants": [{"partner_id": partners[0]}, {"partner_id": partners[2], "name": "Jane Q. Example"}],
            "agreement_ids": [newer], "place": {"text": "Hall", "partner_id": partners[2]}});
        let meeting = admin
            .post("/api/v1/activities", meeting)
            .await
            .expect(201)
            .id();
        let paper_source = source(&app).await;
        let mut all: Vec<(&str, String)> =
            partners.iter().map(|id| ("partners", id.clone())).collect();
        all.extend([
            ("partners", hosted),
            ("agreements", paper),
            ("agreements", newer),
            ("networks", heir.clone()),
            ("networks", niemen.clone()),
            ("memberships", member),
            ("activities", meeting),
            ("sources", paper_source),
        ]);
        Self {
            app,
            partners,
            networks: vec![heir, niemen],
            all,
        }
    }

    /// The record as its collection lists it: what the log has of it.
    async fn listed(&self, collection: &str, id: &str) -> Value {
        let page = self
            .app
            .get(&format!("/api/v1/{collection}?limit=100"))
            .await
            .expect(200)
            .json();
        let rows = page["data"].as_array().unwrap();
        rows.iter().find(|row| row["id"] == id).unwrap().clone()
    }

    /// The record's patches, applied one after the other.
    async fn folded(&self, collection: &str, id: &str) -> Value {
        let page = self
            .app
            .get(&format!("/api/v1/{collection}/{id}/history?limit=100"))
            .await
            .expect(200)
            .json();
        let mut patches: Vec<String> = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["patch"].to_string())
            .collect();
        patches.reverse();
        fold(patches.iter().map(String::as_str)).expect("the patches fit together")
    }

    /// Changes something; the record that was changed, unless the change was refused.
    #[expect(clippy::too_many_lines, reason = "a table of changes")]
    async fn change(&self, random: &mut StdRng, step: usize) -> Option<(&'static str, String)> {
        let (collection, id) = self.all.choose(random).unwrap().clone();
        let path = format!("/api/v1/{collection}/{id}");
        let text = format!("Text {step}");
        let partner = self.partners.choose(random).unwrap();
        let other = self.partners.choose(random).unwrap();
        let network = self.networks.choose(random).unwrap();
        let admin = self.app.as_admin();
        let patch = match collection {
            "partners" => [
                json!({"name": text}),
                json!({"population": step, "website": null}),
                json!({"country": "LV", "website": "https://city.example"}),
                json!({"names": [{"value": text, "lang": "pl", "types": ["display"]}, {"value": "B", "lang": "lt"}]}),
                json!({"identifiers": [{"scheme": "geonames", "value": (1000 + step).to_string()}]}),
                json!({"host_id": partner}),
                json!({"host_id": null}),
            ]
            .choose(random)
            .cloned(),
            "agreements" => [
                json!({"title": {"en": text}}),
                json!({"title": null}),
                json!({"languages": ["pl", "be"], "purpose": {"en": text}}),
                json!({"languages": [], "registrations": [{"authority": text}]}),
                json!({"fields": ["culture"]}),
                json!({"parties": [{"partner_id": partner}, {"partner_id": other}]}),
            ]
            .choose(random)
            .cloned(),
            "networks" => [
                json!({"name": text}),
                json!({"seat_partner_id": partner}),
                json!({"seat_partner_id": null, "description": {"en": text}}),
                json!({"successor_id": network}),
                json!({"successor_id": null}),
            ]
            .choose(random)
            .cloned(),
            "memberships" => [
                json!({"section": text}),
                json!({"section": null}),
                json!({"via_partner_id": partner}),
                json!({"via_partner_id": null}),
            ]
            .choose(random)
            .cloned(),
            "activities" => [
                json!({"title": {"en": text}}),
                json!({"participants": [{"partner_id": partner, "name": "John Doe"}]}),
                json!({"participants": [{"partner_id": partner}, {"partner_id": other, "office": text}]}),
                json!({"network_id": network, "place": {"text": text, "partner_id": other}}),
                json!({"network_id": null, "agreement_ids": []}),
            ]
            .choose(random)
            .cloned(),
            _ => [
                json!({"title": text}),
                json!({"url": "https://paper.example", "language": "pl"}),
                json!({"url": null}),
            ]
            .choose(random)
            .cloned(),
        }
        .unwrap();
        let eventful = matches!(collection, "agreements" | "memberships");
        let answer = if eventful && random.random_bool(0.4) {
            let day = format!("{}-01-01", 2002 + step % 24);
            let event = [
                json!({"action": "suspend", "effective_on": day, "reason_code": "budget", "deciding_body": "council"}),
                json!({"action": "resume", "effective_on": day}),
                json!({"action": "renew", "effective_on": day, "valid_until": "2040"}),
                json!({"action": "amend", "effective_on": day, "note": text}),
                json!({"action": "note", "effective_on": day, "note": text}),
            ];
            let event = event.choose(random).unwrap().clone();
            admin.post(&format!("{path}/events"), event).await
        } else {
            admin.patch(&path, "*", patch).await
        };
        (answer.status() < 300).then_some((collection, id))
    }
}

/// How the ids of each collection begin.
const COLLECTIONS: [(&str, &str); 6] = [
    ("ptn_", "partners"),
    ("agr_", "agreements"),
    ("net_", "networks"),
    ("mbr_", "memberships"),
    ("act_", "activities"),
    ("src_", "sources"),
];

#[actix_web::test]
async fn the_patches_of_every_record_give_what_it_was_after_each_change() {
    let mut random = StdRng::seed_from_u64(0);
    let world = World::new().await;
    // What was seen of each version, and when it was made.
    let mut seen: BTreeMap<(String, i64), (&str, Value)> = BTreeMap::new();
    let mut changed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut follower = Follower::default();
    for step in 1..=120 {
        world.app.clock.advance(TimeDelta::minutes(1));
        let Some((collection, id)) = world.change(&mut random, step).await else {
            continue;
        };
        let listed = world.listed(collection, &id).await;
        let folded = world.folded(collection, &id).await;
        assert_eq!(folded, listed, "step {step}: {collection}/{id}");
        // What else is shown otherwise because of it is told in the feed.
        follower.follow(&world.app).await;
        for (_, id) in &follower.told {
            let of = COLLECTIONS
                .iter()
                .find(|(prefix, _)| id.starts_with(prefix));
            let record = follower.record(id).clone();
            if let (Some((_, of)), Some(version)) = (of, record["version"].as_i64()) {
                seen.insert((id.clone(), version), (*of, record));
            }
        }
        *changed.entry(collection).or_default() += 1;
        if step % 20 == 0 {
            follower.equals_lists(&world.app, "random writes").await;
        }
    }
    assert_eq!(
        changed.len(),
        6,
        "every collection was changed: {changed:?}"
    );
    assert!(seen.len() > 60, "only {changed:?}");
    for ((id, version), (collection, record)) in seen {
        let path = format!("/api/v1/{collection}/{id}/history");
        let by_version = world.app.get(&format!("{path}?version={version}")).await;
        let by_version = by_version.expect(200).json();
        assert_eq!(by_version["record"], record, "{collection}/{id} {version}");
        let at = by_version["at"].as_str().unwrap();
        let by_time = world.app.get(&format!("{path}?at={at}")).await;
        assert_eq!(by_time.expect(200).json(), by_version);
    }
}

#[actix_web::test]
async fn what_a_record_shows_of_others_is_logged_when_the_others_change() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let path = format!("/api/v1/agreements/{id}");
    let item = app.get(&path).await.expect(200).json();
    let party = item["parties"][0]["partner"]["id"].as_str().unwrap();
    let rename = json!({"name": "Renamed"});
    app.as_admin()
        .patch(&format!("/api/v1/partners/{party}"), "*", rename)
        .await
        .expect(200);
    let now = app.get(&format!("{path}/history?at=2027-01-01")).await;
    let name = |record: &Value| record["record"]["parties"][0]["partner"]["name"].clone();
    assert_eq!(name(&now.expect(200).json()), "Renamed");
    let change = app.get(&format!("{path}/history?limit=1")).await.json();
    assert_eq!(change["data"][0]["op"], "refreshed");
    let paths: Vec<&str> = change["data"][0]["patch"]
        .as_array()
        .unwrap()
        .iter()
        .map(|operation| operation["path"].as_str().unwrap())
        .collect();
    assert!(paths.contains(&"/parties/0/partner/name"), "{paths:?}");
    assert!(!paths.contains(&"/updated_at"), "{paths:?}");
}
