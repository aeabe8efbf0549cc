//! What belongs to records, and what they show of the lives of others, reaches a copy kept from the feed.

use serde_json::{Value, json};

use crate::agreements::{AGREEMENTS, agreement, city};
use crate::memberships::MEMBERSHIPS;
use crate::networks::network;
use crate::support::follower::Follower;
use crate::support::{Caller, TestApp};

const PARTNERS: &str = "/api/v1/partners";
const DOCUMENTS: &str = "/api/v1/documents";

async fn make(who: &Caller<'_>, path: &str, body: Value) -> String {
    who.post(path, body).await.expect(201).id()
}

async fn change(who: &Caller<'_>, path: &str, body: Value) {
    let tag = who.get(path).await.expect(200).etag();
    who.patch(path, &tag, body).await.expect(200);
}

async fn tag(app: &TestApp, path: &str) -> String {
    app.get(path).await.expect(200).etag()
}

#[actix_web::test]
async fn a_document_that_is_no_longer_public_leaves_the_copy() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let partner = city(&app, "Białystok", "PL").await;
    let net = network(&app, "Niemen", json!({})).await;
    let member = json!({"partner_id": partner, "network_id": net, "admitted_on": "1997"});
    let member = make(&registrar, MEMBERSHIPS, member).await;
    let paper = json!({"kind": "minutes", "title": "Among us", "access": "public",
        "external_url": "https://example.org/minutes.pdf", "membership_id": member});
    let paper = make(&registrar, DOCUMENTS, paper).await;
    follower.equals_lists(&app, "filing").await;
    assert_eq!(follower.record(&paper)["title"], "Among us");
    let at = format!("{DOCUMENTS}/{paper}");
    let shown_with = format!("{MEMBERSHIPS}?include=documents");
    let before = (tag(&app, DOCUMENTS).await, tag(&app, &shown_with).await);
    change(&registrar, &at, json!({"access": "internal"})).await;
    follower.equals_lists(&app, "closing").await;
    assert_eq!(*follower.record(&paper), Value::Null);
    assert_eq!(follower.ops(&paper), ["refreshed"]);
    let after = (tag(&app, DOCUMENTS).await, tag(&app, &shown_with).await);
    assert_ne!(before.0, after.0);
    assert_ne!(before.1, after.1);
    // Whoever comes later learns no more than that there was one.
    let mut late = Follower::default();
    late.equals_lists(&app, "closing, from the beginning").await;
    let told: Vec<_> = late.told.iter().filter(|(_, id)| *id == paper).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    change(&registrar, &at, json!({"title": "Still among us"})).await;
    follower.equals_lists(&app, "a change inside").await;
    assert_eq!(follower.told, [("hidden".to_owned(), String::new())]);
    change(&registrar, &at, json!({"access": "public"})).await;
    follower.equals_lists(&app, "opening again").await;
    assert_eq!(follower.record(&paper)["title"], "Still among us");
    // One that nobody else ever saw has nothing to be taken back.
    let draft = json!({"kind": "municipality", "name": "Draft", "country": "PL",
        "record_state": "draft"});
    let draft = make(&registrar, PARTNERS, draft).await;
    let inside = json!({"kind": "minutes", "access": "internal", "membership_id": member,
        "external_url": "https://example.org/inside.pdf"});
    let inside = make(&registrar, DOCUMENTS, inside).await;
    let at = format!("{DOCUMENTS}/{inside}");
    change(&registrar, &at, json!({"access": "parties"})).await;
    follower.equals_lists(&app, "a paper inside").await;
    assert!(
        follower.told.iter().all(|(op, _)| op == "hidden"),
        "{draft}"
    );
}

#[actix_web::test]
async fn contacts_come_and_go_with_their_partner_and_their_visibility() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let draft = json!({"kind": "municipality", "name": "Nowa", "country": "PL",
        "record_state": "draft"});
    let partner = make(&registrar, PARTNERS, draft).await;
    let partner_at = format!("{PARTNERS}/{partner}");
    let contacts = format!("{partner_at}/contacts");
    let body = json!({"unit": "Secretariat", "visibility": "public", "url": "https://example.org"});
    let contact = make(&registrar, &contacts, body).await;
    follower.equals_lists(&app, "a contact of a draft").await;
    assert!(follower.told.iter().all(|(op, _)| op == "hidden"));
    change(
        &registrar,
        &partner_at,
        json!({"record_state": "published"}),
    )
    .await;
    follower.equals_lists(&app, "publishing").await;
    assert_eq!(follower.record(&contact)["unit"], "Secretariat");
    let at = format!("{contacts}/{contact}");
    let before = tag(&app, &contacts).await;
    change(&registrar, &at, json!({"visibility": "registered"})).await;
    follower.equals_lists(&app, "closing").await;
    assert_eq!(*follower.record(&contact), Value::Null);
    assert_ne!(tag(&app, &contacts).await, before);
    change(&registrar, &at, json!({"visibility": "public"})).await;
    follower.equals_lists(&app, "opening").await;
    assert_eq!(follower.record(&contact)["unit"], "Secretariat");
    let tag = registrar.get(&partner_at).await.expect(200).etag();
    registrar.delete(&partner_at, &tag).await.expect(204);
    follower.equals_lists(&app, "the partner withdrawn").await;
    assert_eq!(*follower.record(&contact), Value::Null);
    let restore = format!("{partner_at}/restore");
    registrar.post(&restore, json!({})).await.expect(200);
    follower.equals_lists(&app, "the partner restored").await;
    assert_eq!(follower.record(&contact)["unit"], "Secretariat");
    let tag = registrar.get(&at).await.expect(200).etag();
    registrar.delete(&at, &tag).await.expect(204);
    follower.equals_lists(&app, "the contact withdrawn").await;
    assert_eq!(follower.record(&contact)["record_state"], "withdrawn");
}

fn codes(record: &Value) -> Vec<&str> {
    let warnings = record["warnings"].as_array().into_iter().flatten();
    warnings
        .map(|warning| warning["code"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn what_records_show_of_the_lives_of_others_follows_them() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let shown = app.get(&format!("{AGREEMENTS}/{paper}")).await.json();
    let partner = shown["parties"][0]["partner"]["id"].as_str().unwrap();
    let net = network(&app, "Niemen", json!({})).await;
    let member = json!({"partner_id": partner, "network_id": net, "admitted_on": "1997"});
    let member = make(&registrar, MEMBERSHIPS, member).await;
    let visit = json!({"kind": "meeting", "title": {"en": "A meeting"}, "starts_on": "1998",
        "network_id": net, "participants": [{"partner_id": partner}]});
    let visit = make(&registrar, "/api/v1/activities", visit).await;
    follower.equals_lists(&app, "recording").await;
    let member_at = format!("{MEMBERSHIPS}/{member}");
    let before = tag(&app, &member_at).await;
    let founded = json!({"founded_on": "1999"});
    change(
        &registrar,
        &format!("{PARTNERS}/{partner}"),
        founded.clone(),
    )
    .await;
    follower.equals_lists(&app, "a partner founded later").await;
    for id in [&paper, &member, &visit] {
        assert_eq!(follower.ops(id), ["refreshed"], "{id}");
        assert_eq!(codes(follower.record(id)), ["before_founding"], "{id}");
    }
    assert_ne!(tag(&app, &member_at).await, before);
    change(&registrar, &format!("/api/v1/networks/{net}"), founded).await;
    follower.equals_lists(&app, "a network founded later").await;
    for id in [&member, &visit] {
        assert_eq!(follower.ops(id), ["refreshed"], "{id}");
        assert_eq!(codes(follower.record(id)).len(), 2, "{id}");
    }
}

#[actix_web::test]
async fn memberships_that_may_overlap_name_each_other_at_once() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let partner = city(&app, "Białystok", "PL").await;
    let net = network(&app, "Niemen", json!({})).await;
    let first = json!({"partner_id": partner, "network_id": net, "admitted_on": "1997",
        "ended_on": "2005", "initial_status": "withdrawn"});
    let first = make(&registrar, MEMBERSHIPS, first).await;
    let first_at = format!("{MEMBERSHIPS}/{first}");
    follower.equals_lists(&app, "the first").await;
    let before = tag(&app, &first_at).await;
    let second = json!({"partner_id": partner, "network_id": net, "admitted_on": "2005"});
    let second = make(&registrar, MEMBERSHIPS, second).await;
    follower.equals_lists(&app, "the second").await;
    for id in [&first, &second] {
        let known = follower.record(id);
        assert_eq!(codes(known), ["maybe_overlapping_membership"], "{known}");
    }
    assert_ne!(tag(&app, &first_at).await, before);
    let second_at = format!("{MEMBERSHIPS}/{second}");
    let tag = registrar.get(&second_at).await.expect(200).etag();
    registrar.delete(&second_at, &tag).await.expect(204);
    follower.equals_lists(&app, "the second withdrawn").await;
    assert!(codes(follower.record(&first)).is_empty());
}

#[actix_web::test]
async fn a_source_that_a_relation_shows_is_renamed_there_too() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let (old, new) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Greater Białystok", "PL").await,
    );
    let source = json!({"kind": "press", "title": "A paper"});
    let source = make(&registrar, "/api/v1/sources", source).await;
    let tie = json!({"to_id": new, "type": "successor", "source_id": source});
    let tie = make(&registrar, &format!("{PARTNERS}/{old}/relations"), tie).await;
    follower.equals_lists(&app, "relating").await;
    let title = json!({"title": "Another paper"});
    change(&registrar, &format!("/api/v1/sources/{source}"), title).await;
    follower.equals_lists(&app, "a source renamed").await;
    assert_eq!(follower.ops(&tie), ["refreshed"]);
    assert_eq!(follower.record(&tie)["source"]["title"], "Another paper");
}

#[actix_web::test]
async fn a_document_changed_while_its_record_is_withdrawn_is_told_when_that_is_back() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let mut follower = Follower::default();
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let minutes = json!({"kind": "minutes", "title": "Minutes", "access": "public",
        "external_url": "https://example.org/minutes.pdf", "agreement_id": paper});
    let minutes = make(&registrar, DOCUMENTS, minutes).await;
    let at = format!("{AGREEMENTS}/{paper}");
    let tag = registrar.get(&at).await.expect(200).etag();
    registrar.delete(&at, &tag).await.expect(204);
    follower.equals_lists(&app, "withdrawing").await;
    change(
        &registrar,
        &format!("{DOCUMENTS}/{minutes}"),
        json!({"title": "Minutes of the meeting"}),
    )
    .await;
    follower.equals_lists(&app, "a change meanwhile").await;
    assert_eq!(follower.told, [("hidden".to_owned(), String::new())]);
    let restore = format!("{at}/restore");
    registrar.post(&restore, json!({})).await.expect(200);
    follower.equals_lists(&app, "restoring").await;
    assert_eq!(follower.record(&minutes)["title"], "Minutes of the meeting");
}
