//! Sources beside the facts they speak of.

use serde_json::{Value, json};

use super::words;
use crate::agreements::{agreement, city};
use crate::networks::network;
use crate::support::TestApp;

/// Records this, with a source of its own against each of its fields; its id, and the fields in the order of the
/// sources.
async fn contradicted(app: &TestApp, collection: &str, mut body: Value) -> (String, Vec<String>) {
    let fields: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
    let sources = fields.iter().enumerate().map(|(n, field)| {
        json!({"kind": "press", "title": format!("Paper {n}"), "pointer": format!("/{field}"),
            "stance": "contradicts"})
    });
    body["sources"] = sources.collect();
    let made = app
        .as_registrar()
        .post(&format!("/api/v1/{collection}"), body)
        .await;
    (made.expect(201).id(), fields)
}

/// A record of each kind of which as much is known as can be.
async fn known(app: &TestApp) -> Vec<(&'static str, Value)> {
    let (a, b) = (city(app, "Łomża", "PL").await, city(app, "Ełk", "PL").await);
    let earlier = agreement(app, json!({"signed_on": "1985"})).await;
    let net = network(app, "Niemen", json!({})).await;
    let heir = network(app, "Heir", json!({})).await;
    vec![
        (
            "partners",
            json!({
                "kind": "university", "name": "University of Białystok", "country": "PL",
                "names": [{"value": "University of Białystok", "lang": "en", "types": ["display"]}],
                "subdivision": "PL-20", "host_id": a, "latitude": 53.13, "longitude": 23.16,
                "population": 7, "population_year": 2020, "website": "https://uwb.edu.pl",
                "founded_on": "1997-06-19", "existence": "active",
                "description": {"en": "A university"},
                "identifiers": [{"scheme": "wikidata", "value": "Q1143396"}],
                "seeking": {"fields": ["youth"], "countries": ["US"], "note": "exchange"},
            }),
        ),
        (
            "agreements",
            json!({
                "title": {"en": "Agreement"}, "relationship": "twinning",
                "instrument": "partnership_agreement", "scope": "general", "fields": ["youth"],
                "parties": [{"partner_id": a}, {"partner_id": b}], "activity_level": "low",
                "proposed_on": "1990", "approved_on": "1991", "signed_on": "1992",
                "in_force_on": "1993", "signed_at": "Łomża", "entry_into_force": "on_consent",
                "valid_until": "2050", "renewal": "tacit", "renewal_period": "P5Y",
                "notice_period": "P6M", "languages": ["pl"], "purpose": {"en": "Peace"},
                "arose_from": earlier,
            }),
        ),
        (
            "networks",
            json!({
                "kind": "euroregion", "name": "Nemunas",
                "names": [{"value": "Nemunas", "lang": "lt", "types": ["display"]}],
                "founded_on": "1997-06-06", "dissolved_on": "2020", "legal_form": "association",
                "seat_partner_id": a, "website": "https://niemen.org.pl", "successor_id": heir,
                "membership_classes": ["full", "observer"], "description": {"en": "On the river"},
                "identifiers": [{"scheme": "wikidata", "value": "Q761"}],
            }),
        ),
        (
            "memberships",
            json!({
                "partner_id": a, "network_id": net, "class": "full", "section": "PL",
                "via_partner_id": b, "applied_on": "1996", "admitted_on": "1997-06-06",
                "offices": [{"office": "vice-president", "since": "2001"}],
            }),
        ),
        (
            "activities",
            json!({
                "kind": "economic_mission", "title": {"en": "Mission"}, "starts_on": "2009-06",
                "ends_on": "2009", "mode": "hybrid", "place": {"text": "Town hall"},
                "participants": [{"partner_id": a}, {"partner_id": b}], "participant_count": 25,
                "fields": ["tourism"], "agreement_ids": [earlier], "network_id": net,
                "programme": "Interreg", "grant_ref": "PL-1", "outcome": "A letter", "status": "held",
            }),
        ),
    ]
}

#[actix_web::test]
async fn whatever_a_source_contradicts_is_marked_at_the_fact_and_named_in_words() {
    let app = TestApp::new().await;
    for (collection, body) in known(&app).await {
        let (id, fields) = contradicted(&app, collection, body).await;
        for lang in ["en", "pl"] {
            let page = app.get(&format!("/{lang}/{collection}/{id}")).await;
            let page = page.expect(200);
            let said = words(&page);
            for (at, field) in fields.iter().enumerate() {
                let marks = page.text().split("<a href=\"#source-").skip(1);
                let mark = format!("{}\"", at + 1);
                let marked = marks
                    .filter(|rest| rest.starts_with(&mark))
                    .any(|rest| rest.split("</a>").next().unwrap().ends_with('≠'));
                assert!(marked, "{collection} {field}: {page}");
                let raw = format!("{field}: ");
                assert!(
                    !field.contains('_') || !said.contains(&raw),
                    "{collection} {field}: {said}"
                );
            }
            for unnamed in ["Another detail", "Inna informacja"] {
                assert!(!said.contains(unnamed), "{collection}: {said}");
            }
        }
    }
    // The sources say it in the same words.
    let list = app.get("/api/v1/sources?limit=100").await.expect(200);
    for source in list.json()["data"].as_array().unwrap() {
        let id = source["id"].as_str().unwrap();
        let page = app.get(&format!("/en/sources/{id}")).await.expect(200);
        for raw in ["host_id", "seat_partner_id", "network_id"] {
            assert!(!words(&page).contains(raw), "{page}");
        }
    }
}

#[actix_web::test]
async fn on_another_day_sources_tell_nothing_of_what_is_not_shown() {
    let app = TestApp::new().await;
    let source = |title: &str, pointer: &str| json!({"kind": "press", "title": title, "pointer": pointer, "stated_value": "294242"});
    let city = json!({
        "kind": "municipality", "name": "Łomża", "country": "PL", "population": 294_242,
        "dissolved_on": "2020", "sources": [
            source("A count", "/population"), source("An end", "/dissolved_on"),
            source("An atlas", "/country"),
        ],
    });
    let made = app.as_registrar().post("/api/v1/partners", city).await;
    let address = format!("/en/partners/{}", made.expect(201).id());
    let today = words(&app.get(&address).await.expect(200));
    for title in ["A count", "An end", "An atlas", "Inhabitants: 294,242"] {
        assert!(today.contains(title), "{title}: {today}");
    }
    let then = app.get(&format!("{address}?as_of=2010-06-01")).await;
    let then = words(&then.expect(200));
    assert!(then.contains("An atlas"), "{then}");
    for title in ["A count", "An end", "Inhabitants"] {
        assert!(!then.contains(title), "{title}: {then}");
    }
}

#[actix_web::test]
async fn what_the_registry_calls_a_source_itself_is_called_so_in_the_reader_s_language() {
    let app = TestApp::new().await;
    let id = city(&app, "Tutaj", "PL").await;
    let record = app
        .get(&format!("/api/v1/partners/{id}?include=sources"))
        .await;
    let source = record.expect(200).json()["sources"][0].clone();
    assert_eq!(source["title"], "Entry by staff of the registry");
    let address = format!("/pl/sources/{}", source["id"].as_str().unwrap());
    let page = app.get(&address).await.expect(200);
    let (title, rest) = page.text().split_once("</title>").unwrap();
    let title = title.split("<title>").nth(1).unwrap();
    let heading = rest
        .split("<h1")
        .nth(1)
        .unwrap()
        .split("</h1>")
        .next()
        .unwrap();
    for part in [title, heading] {
        assert!(
            !part.contains("Entry by") && !part.contains(" lang="),
            "{part}"
        );
    }
}
