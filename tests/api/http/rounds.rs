//! A body with many faults is told all of them at once: whoever puts right what was told meets no other.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::agreements::{AGREEMENTS, agreement, city};
use crate::networks::network;
use crate::support::TestApp;

/// The fields that are refused when this is sent; none when nothing is.
async fn refused(app: &TestApp, path: &str, body: &Value) -> BTreeSet<String> {
    let answer = app
        .as_admin()
        .post(&format!("{path}?dry_run=true"), body.clone())
        .await;
    if answer.status() == 200 {
        return BTreeSet::new();
    }
    answer.pointers("validation-failed").into_iter().collect()
}

#[actix_web::test]
async fn all_faults_of_a_body_are_told_in_one_round() {
    let app = TestApp::new().await;
    let here = city(&app, "Here", "PL").await;
    let there = city(&app, "There", "DE").await;
    let network = network(&app, "NIEMEN", json!({})).await;
    let joined = json!({"partner_id": here, "network_id": network, "admitted_on": "2001"});
    let joined = app.as_admin().post("/api/v1/memberships", joined).await;
    let joined = format!("/api/v1/memberships/{}/events", joined.expect(201).id());
    let id = agreement(&app, json!({"signed_on": "1999"})).await;
    let events = format!("{AGREEMENTS}/{id}/events");
    let told = json!({"kind": "press", "title": "Told"});
    let told = app.as_admin().post("/api/v1/sources", told).await;
    let told = told.expect(201).id();
    let citations = format!("{AGREEMENTS}/{id}/citations");
    let nothing = json!({"source_id": "src_0000000000"});
    // Where it is sent, a body that is right, and what is wrong when it stands in a field.
    let all: [(&str, Value, Value); 7] = [
        (
            "/api/v1/partners",
            json!({"kind": "municipality", "name": "New", "country": "PL", "latitude": 1, "longitude": 1}),
            json!({"kind": "x", "name": "1", "subdivision": "DE-BY", "host_id": "ptn_0000000000", "latitude": 99,
                "longitude": 999, "population": -1, "website": "x", "founded_on": "x", "dissolved_on": "x",
                "identifiers": [{"scheme": "wikidata", "value": "x"}], "sources": [nothing]}),
        ),
        (
            AGREEMENTS,
            json!({"instrument": "protocol", "parties": [{"partner_id": here}, {"partner_id": there}]}),
            json!({"instrument": "x", "parties": [{"partner_id": here}], "fields": ["x"], "signed_on": "x",
                "term": "x", "supersedes": ["agr_0000000000"], "arose_from": "agr_0000000000",
                "parent_id": "agr_0000000000", "initial_status": "x", "sources": [nothing]}),
        ),
        (
            &events,
            json!({"action": "suspend", "effective_on": "2010", "reason_code": "other", "deciding_body": "council"}),
            json!({"effective_on": "x", "reason_code": "x", "deciding_body": "x", "source_id": "src_0000000000",
                "document_id": "doc_0000000000", "actor_partner_id": "ptn_0000000000", "legal_act": {"kind": "x"}}),
        ),
        (
            &joined,
            json!({"action": "suspend", "effective_on": "2010", "reason_code": "other"}),
            json!({"effective_on": "x", "reason_code": "x", "deciding_body": "x", "source_id": "src_0000000000",
                "document_id": "doc_0000000000", "actor_partner_id": "ptn_0000000000", "legal_act": {"kind": "x"}}),
        ),
        (
            "/api/v1/memberships",
            json!({"partner_id": there, "network_id": network, "admitted_on": "2001"}),
            json!({"partner_id": "ptn_0000000000", "network_id": "net_0000000000", "admitted_on": "x", "class": "",
                "via_partner_id": "ptn_0000000000", "offices": [{"office": ""}], "sources": [nothing]}),
        ),
        (
            "/api/v1/activities",
            json!({"kind": "meeting", "title": {"en": "A meeting"}, "participants": [{"partner_id": here}]}),
            json!({"kind": "x", "title": {}, "starts_on": "x", "participants": [{"partner_id": "ptn_0000000000"}],
                "place": {"partner_id": "ptn_0000000000"}, "agreement_ids": ["agr_0000000000"],
                "network_id": "net_0000000000", "fields": ["x"]}),
        ),
        (
            &citations,
            json!({"source_id": told}),
            json!({"source_id": "src_0000000000", "pointer": "x", "stance": "x", "observed_on": "x", "quote": ""}),
        ),
    ];
    for (path, right, wrong) in all {
        assert_eq!(refused(&app, path, &right).await, BTreeSet::new(), "{path}");
        let mut every = right.clone();
        let mut alone = BTreeSet::new();
        for (field, value) in wrong.as_object().unwrap() {
            let mut one = right.clone();
            one[field] = value.clone();
            let told = refused(&app, path, &one).await;
            assert!(!told.is_empty(), "{path}: {field}");
            let own = |pointer: &String| pointer.starts_with(&format!("/{field}"));
            assert!(told.iter().any(own), "{path}: {field} is told as {told:?}");
            alone.extend(told);
            every[field] = value.clone();
        }
        let together = refused(&app, path, &every).await;
        let later: Vec<&String> = alone.difference(&together).collect();
        assert!(
            later.is_empty(),
            "{path}: {later:?} is told in a second round"
        );
    }
}
