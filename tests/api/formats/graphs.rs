//! Linked data: JSON-LD and Turtle say the same, of every record.

use std::collections::BTreeSet;

use oxjsonld::JsonLdParser;
use oxttl::TurtleParser;
use serde_json::json;

use super::{known, lists, many, records, with};
use crate::support::{Answer, TestApp};

/// Where the registry of tests is reached, as far as it knows.
const BASE: &str = "http://127.0.0.1:8080";

/// What JSON-LD says, a line each.
fn of_json(answer: &Answer) -> BTreeSet<String> {
    let parser = JsonLdParser::new().for_slice(answer.bytes().as_ref());
    parser
        .map(|quad| {
            let quad = quad.unwrap();
            assert!(quad.graph_name.is_default_graph());
            format!("{} {} {}", quad.subject, quad.predicate, quad.object)
        })
        .collect()
}

/// What Turtle says.
fn of_turtle(answer: &Answer) -> BTreeSet<String> {
    let parser = TurtleParser::new().for_slice(answer.bytes().as_ref());
    parser
        .map(|triple| {
            let triple = triple.unwrap();
            format!("{} {} {}", triple.subject, triple.predicate, triple.object)
        })
        .collect()
}

#[actix_web::test]
async fn json_and_turtle_say_the_same_of_every_record_of_every_list() {
    let app = many().await;
    for list in lists() {
        let all = records(&app, &list).await;
        let jsonld = app.get(&with(&list, "format=jsonld")).await.expect(200);
        let turtle = app.get(&with(&list, "format=ttl")).await.expect(200);
        let (json, turtle) = (of_json(&jsonld), of_turtle(&turtle));
        assert!(
            json == turtle,
            "{list}: {:?}",
            json.symmetric_difference(&turtle)
                .take(5)
                .collect::<Vec<_>>()
        );
        for record in &all {
            let name = format!("<{BASE}/r/{}>", known(record));
            assert!(
                json.iter().any(|triple| triple.contains(&name)),
                "{list}: {name}"
            );
        }
    }
}

#[actix_web::test]
async fn a_record_is_said_with_its_names_its_sources_and_labels_of_its_codes() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let city = |name: &str, more: serde_json::Value| {
        let mut body = json!({"kind": "municipality", "name": name, "country": "PL"});
        for (member, value) in more.as_object().unwrap() {
            body[member] = value.clone();
        }
        body
    };
    let here = admin
        .post(
            "/api/v1/partners",
            city(
                "Białystok",
                json!({
                "latitude": 53.0, "longitude": 23.1688, "website": "https://example.org/a",
                "founded_on": "1437~", "description": {"pl": "Miasto \"na\" Podlasiu"},
                "identifiers": [{"scheme": "wikidata", "value": "Q761"}],
                "names": [{"value": "Białystok", "lang": "pl", "types": ["display"]},
                    {"value": "Беласток", "lang": "be-Cyrl", "types": ["exonym"]}],
                "sources": [{"kind": "press", "title": "A paper"}]}),
            ),
        )
        .await
        .expect(201)
        .id();
    let there = admin
        .post("/api/v1/partners", city("Other", json!({})))
        .await
        .expect(201)
        .id();
    let agreement = admin
        .post(
            "/api/v1/agreements",
            json!({"instrument": "partnership_agreement", "signed_on": "1992-06", "title": {"en": "A", "pl": "B"},
                "parties": [{"partner_id": here}, {"partner_id": there}]}),
        )
        .await
        .expect(201)
        .id();
    let path = format!("/api/v1/partners/{here}");
    let said = of_turtle(&app.get(&with(&path, "format=ttl")).await.expect(200));
    let thing = format!("<{BASE}/r/{here}>");
    let source = app.get(&with(&path, "include=sources")).await.json()["sources"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for triple in [
        format!(
            "{thing} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/City>"
        ),
        format!("{thing} <http://www.w3.org/2004/02/skos/core#prefLabel> \"Białystok\"@pl"),
        format!("{thing} <http://www.w3.org/2004/02/skos/core#altLabel> \"Беласток\"@be-cyrl"),
        format!(
            "{thing} <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q761>"
        ),
        format!(
            "{thing} <https://schema.org/foundingDate> \"1437~\"^^<http://id.loc.gov/datatypes/edtf/EDTF>"
        ),
        format!("{thing} <https://schema.org/url> <https://example.org/a>"),
        format!(
            "<{BASE}/r/{here}#place> <https://schema.org/latitude> \"53.0\"^^<http://www.w3.org/2001/XMLSchema#decimal>"
        ),
        format!(
            "<{BASE}/api/v1/partners/{here}> <http://www.w3.org/ns/prov#wasDerivedFrom> <{BASE}/r/{source}>"
        ),
        format!("<{BASE}/r/{source}> <https://schema.org/name> \"A paper\""),
    ] {
        assert!(said.contains(&triple), "{triple}\n{said:#?}");
    }
    let path = format!("/api/v1/agreements/{agreement}");
    let said = of_json(&app.get(&with(&path, "format=jsonld")).await.expect(200));
    let thing = format!("<{BASE}/r/{agreement}>");
    let status = format!("<{BASE}/api/v1/vocabularies/legal_status#in_force>");
    for triple in [
        format!("{thing} <http://www.w3.org/ns/org#hasMember> <{BASE}/r/{here}>"),
        format!(
            "{thing} <http://purl.org/dc/terms/issued> \"1992-06\"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>"
        ),
        format!("{thing} <https://schema.org/name> \"B\"@pl"),
        format!("{thing} <http://www.w3.org/ns/adms#status> {status}"),
        format!("{status} <http://www.w3.org/2004/02/skos/core#prefLabel> \"In force\"@en"),
        format!("{status} <http://www.w3.org/2004/02/skos/core#notation> \"in_force\""),
    ] {
        assert!(said.contains(&triple), "{triple}\n{said:#?}");
    }
    // The short address leads to the record.
    let led = app.get(&format!("/r/{agreement}")).await;
    assert!(matches!(led.status(), 302 | 303), "{led}");
}

#[actix_web::test]
async fn an_activity_says_whether_it_is_as_it_was_planned() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for (status, starts_on, said) in [
        ("planned", "2027-05", "EventScheduled"),
        ("held", "2020-05", "EventScheduled"),
        ("cancelled", "2027-05", "EventCancelled"),
        ("postponed", "2027-05", "EventPostponed"),
    ] {
        let body = json!({"kind": "meeting", "title": {"en": status}, "status": status, "starts_on": starts_on});
        let id = admin
            .post("/api/v1/activities", body)
            .await
            .expect(201)
            .id();
        let path = format!("/api/v1/activities/{id}?format=jsonld");
        let told = of_json(&app.get(&path).await.expect(200));
        let triple =
            format!("<{BASE}/r/{id}> <https://schema.org/eventStatus> <https://schema.org/{said}>");
        assert!(told.contains(&triple), "{triple}\n{told:#?}");
    }
}
