//! The validators of every GET there is: what is hidden moves none of the public, and a tag that stays
//! means that nothing is shown otherwise.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use twincity::access::permissions;
use twincity::http::openapi;
use twincity::server;

use crate::agreements::city;
use crate::evidence::documents::{DOCUMENTS, filed};
use crate::networks::network;
use crate::support::{Answer, Caller, TestApp};

/// A small registry, with an address of every GET of the document that carries an `ETag`.
struct Registry {
    app: TestApp,
    ids: Ids,
    /// By the path in the document.
    addresses: Vec<(String, String)>,
}

async fn make(who: &Caller<'_>, path: &str, body: Value) -> String {
    who.post(path, body).await.expect(201).id()
}

type Ids = BTreeMap<&'static str, String>;

/// One record of every kind.
async fn records(app: &TestApp) -> Ids {
    let registrar = app.as_registrar();
    let (one, two) = (
        city(app, "Białystok", "PL").await,
        city(app, "Eindhoven", "NL").await,
    );
    let paper = json!({"instrument": "partnership_agreement", "signed_on": "1992",
        "parties": [{"partner_id": one}, {"partner_id": two}]});
    let paper = make(&registrar, "/api/v1/agreements", paper).await;
    let net = network(app, "Niemen", json!({"seat_partner_id": one})).await;
    let member = json!({"partner_id": one, "network_id": net, "admitted_on": "1997"});
    let member = make(&registrar, "/api/v1/memberships", member).await;
    let part =
        json!({"kind": "university", "name": "Politechnika", "country": "PL", "host_id": one});
    let part = make(&registrar, "/api/v1/partners", part).await;
    let visit = json!({"kind": "meeting", "title": {"en": "A meeting"}, "starts_on": "1998",
        "participants": [{"partner_id": one}]});
    let visit = make(&registrar, "/api/v1/activities", visit).await;
    let source = json!({"kind": "press", "title": "A paper"});
    let source = make(&registrar, "/api/v1/sources", source).await;
    let cited = json!({"source_id": source, "pointer": "/signed_on"});
    let at = format!("/api/v1/agreements/{paper}/citations");
    let citation = make(&registrar, &at, cited).await;
    let tie = json!({"to_id": two, "type": "related"});
    make(
        &registrar,
        &format!("/api/v1/partners/{one}/relations"),
        tie,
    )
    .await;
    let contact = json!({"unit": "Secretariat", "visibility": "public",
        "url": "https://example.org"});
    let at = format!("/api/v1/partners/{one}/contacts");
    let contact = make(&registrar, &at, contact).await;
    let fields = [("access", "public"), ("agreement_id", paper.as_str())];
    let document = filed(&registrar, &fields).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let office = json!({"partner_id": one});
    make(&app.as_admin(), "/api/v1/organisations", office).await;
    let user = json!({"email": "office@example.org", "name": "An office"});
    let user = make(&app.as_admin(), "/api/v1/users", user).await;
    let words = json!({"target": paper, "message": "It was in June."});
    let anonymous = app.anonymous();
    anonymous
        .post("/api/v1/suggestions", words)
        .await
        .expect(201);
    let waiting = app.as_admin().get("/api/v1/suggestions").await.expect(200);
    let words = waiting.json()["data"][0]["id"].as_str().unwrap().to_owned();
    BTreeMap::from([
        ("partners", one.clone()),
        ("hosted", part),
        ("agreements", paper),
        ("networks", net),
        ("memberships", member),
        ("activities", visit),
        ("sources", source),
        ("citations", citation),
        ("contacts", contact),
        ("documents", document),
        ("organisations", one),
        ("users", user),
        ("suggestions", words),
    ])
}

/// An address of every GET of the document that carries an `ETag`, with its path there.
fn addresses(ids: &Ids) -> Vec<(String, String)> {
    let document = openapi::finished(&server::document(), permissions::rights);
    let mut addresses = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let answers = &item["get"]["responses"];
        if answers.get("304").is_none() {
            continue;
        }
        for collection in ["partners", "agreements", "memberships", "activities"] {
            let mut address = path.replace("{collection}", collection);
            let named = address.split('/').nth(3).unwrap_or_default().to_owned();
            if let Some(id) = ids.get(named.as_str()) {
                address = address.replace("{id}", id);
            }
            address = address.replace("{contact_id}", &ids["contacts"]);
            address = address.replace("{name}", "partner_kind");
            match path.as_str() {
                "/api/v1/search" => address.push_str("?q=bia"),
                "/api/v1/attention" => {
                    address = format!("{address}?organisation={}", ids["partners"]);
                }
                _ => {}
            }
            assert!(!address.contains('{'), "no example of {path}");
            let entry = (path.clone(), address);
            if !addresses.contains(&entry) {
                addresses.push(entry);
            }
        }
    }
    // What is embedded is shown, too.
    for (path, include) in [
        (
            "/api/v1/agreements",
            "events,documents,activities,citations,sources",
        ),
        (
            "/api/v1/agreements/{id}",
            "events,documents,activities,citations,sources",
        ),
        ("/api/v1/memberships/{id}", "events,documents"),
        ("/api/v1/activities/{id}", "documents"),
        ("/api/v1/partners", "contacts"),
        ("/api/v1/partners/{id}", "contacts,citations"),
        ("/api/v1/networks/{id}", "citations"),
    ] {
        let name = path.split('/').nth(3).unwrap();
        let address = path.replace("{id}", &ids[name]);
        addresses.push((path.to_owned(), format!("{address}?include={include}")));
    }
    // So are names in the language that is asked for.
    for name in [
        "hosted",
        "agreements",
        "networks",
        "memberships",
        "activities",
    ] {
        let collection = if name == "hosted" { "partners" } else { name };
        let address = format!("/api/v1/{collection}/{}?lang=be", ids[name]);
        addresses.push((format!("/api/v1/{collection}/{{id}}"), address));
    }
    addresses
}

impl Registry {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let ids = records(&app).await;
        let addresses = addresses(&ids);
        Self {
            app,
            ids,
            addresses,
        }
    }

    fn at(&self, collection: &str) -> String {
        format!("/api/v1/{collection}/{}", self.ids[collection])
    }

    /// What this reader gets at every address that is open to them.
    async fn shown(&self, who: &Caller<'_>) -> BTreeMap<&str, Answer> {
        let mut all = BTreeMap::new();
        for (_, address) in &self.addresses {
            let answer = who.get(address).await;
            if answer.status() == 200 {
                all.insert(address.as_str(), answer);
            }
        }
        assert!(all.len() > 30, "{}", all.len());
        all
    }

    /// PATCH by a registrar of the version there is.
    async fn change(&self, path: &str, body: Value) {
        let registrar = self.app.as_registrar();
        let tag = registrar.get(path).await.expect(200).etag();
        registrar.patch(path, &tag, body).await.expect(200);
    }
}

#[actix_web::test]
async fn every_get_answers_304_and_head_as_it_answers_200() {
    let registry = Registry::new().await;
    let admin = registry.app.as_admin();
    for (path, address) in &registry.addresses {
        let statements = || registry.app.app.db.statements();
        // Whoever asks is known for a moment, which may end in between.
        let anew = || registry.app.clock.advance(TimeDelta::seconds(1));
        anew();
        let start = statements();
        let got = admin.get(address).await.expect(200);
        let whole = statements() - start;
        // One form of times everywhere: with milliseconds, also where they are zero.
        assert!(
            !path.starts_with("/api/") || !got.text().contains(":00Z\""),
            "{got}"
        );
        let tag = got.etag();
        anew();
        let start = statements();
        let held = admin.clone().header("If-None-Match", &tag);
        let held = held.get(address).await.expect(304);
        assert!(statements() - start <= whole, "{path}");
        assert_eq!((held.etag(), held.text()), (tag, ""), "{path}");
        let head = TestRequest::default().method(Method::HEAD).uri(address);
        let head = admin.send(head).await.expect(200);
        for name in [
            "etag",
            "cache-control",
            "vary",
            "registry-revision",
            "last-modified",
        ] {
            assert_eq!(head.header(name), got.header(name), "{path}: {name}");
        }
    }
}

#[actix_web::test]
async fn what_is_hidden_moves_no_public_validator_of_any_get() {
    let registry = Registry::new().await;
    let app = &registry.app;
    let registrar = app.as_registrar();
    let partner = &registry.ids["partners"];
    let inside = json!({"kind": "minutes", "access": "internal", "agreement_id": registry.ids["agreements"],
        "external_url": "https://example.org/inside.pdf"});
    let draft = json!({"kind": "municipality", "name": "Draft", "country": "PL",
        "record_state": "draft"});
    let draft_of = json!({"partner_id": partner, "network_id": registry.ids["networks"],
        "section": "Other", "admitted_on": "1998", "record_state": "draft"});
    let draft_visit = json!({"kind": "meeting", "title": {"en": "Later"}, "record_state": "draft",
        "participants": [{"partner_id": partner}], "agreement_ids": [registry.ids["agreements"]]});
    let words = json!({"target": registry.ids["agreements"], "message": "It was in May."});
    let contact = json!({"unit": "Inside", "visibility": "registered",
        "url": "https://example.org"});
    let user = json!({"email": "other@example.org", "name": "Other"});
    let writes = [
        (DOCUMENTS.to_owned(), inside),
        ("/api/v1/partners".to_owned(), draft),
        ("/api/v1/memberships".to_owned(), draft_of),
        ("/api/v1/activities".to_owned(), draft_visit),
        ("/api/v1/suggestions".to_owned(), words),
        (format!("/api/v1/partners/{partner}/contacts"), contact),
        ("/api/v1/users".to_owned(), user),
    ];
    for (path, body) in writes {
        let before = registry.shown(&app.anonymous()).await;
        let who = if path.ends_with("users") {
            app.as_admin()
        } else {
            registrar.clone()
        };
        let made = who.post(&path, body).await.expect(201);
        let after = registry.shown(&app.anonymous()).await;
        for (address, was) in &before {
            // The whole feed tells of what is hidden that there was something.
            if *address == "/api/v1/changes" {
                continue;
            }
            let is = &after[address];
            assert_eq!(is.etag(), was.etag(), "{address} after POST {path}");
            let revision = "registry-revision";
            assert_eq!(is.header(revision), was.header(revision), "{address}");
            assert_eq!(is.text(), was.text(), "{address} after POST {path}");
        }
        // The same of a change of it.
        if path == DOCUMENTS || path == "/api/v1/partners" {
            let id = made.id();
            let body = if path == DOCUMENTS {
                json!({"title": "Inside"})
            } else {
                json!({"population": 5})
            };
            registry.change(&format!("{path}/{id}"), body).await;
            let last = registry.shown(&app.anonymous()).await;
            for (address, was) in &after {
                if *address != "/api/v1/changes" {
                    assert_eq!(last[address].etag(), was.etag(), "{address} after PATCH");
                }
            }
        }
    }
}

#[actix_web::test]
async fn a_tag_that_stays_means_that_nothing_is_shown_otherwise() {
    let registry = Registry::new().await;
    let app = &registry.app;
    let (partner, paper) = (&registry.ids["partners"], &registry.ids["agreements"]);
    let event = json!({"action": "suspend", "effective_on": "2020", "reason_code": "budget",
        "deciding_body": "council"});
    let other = json!({"partner_id": partner, "network_id": registry.ids["networks"],
        "admitted_on": "1990", "ended_on": "1997", "initial_status": "withdrawn"});
    let open = json!({"kind": "minutes", "access": "public", "agreement_id": paper,
        "external_url": "https://example.org/minutes.pdf"});
    let visit = json!({"kind": "meeting", "title": {"en": "Another"}, "starts_on": "1999",
        "participants": [{"partner_id": partner}], "agreement_ids": [paper]});
    let tie = json!({"to_id": partner, "type": "related"});
    let names = json!({"names": [{"value": "Biełastok", "types": ["display"]},
        {"value": "Беласток", "lang": "be", "types": ["exonym"]}]});
    let new = city(app, "Grodno", "BY").await;
    let at = |collection: &str| registry.at(collection);
    let contact = format!("{}/contacts/{}", at("partners"), registry.ids["contacts"]);
    let writes: Vec<(&str, String, Value)> = vec![
        ("PATCH", at("partners"), json!({"name": "Biełastok"})),
        ("PATCH", at("partners"), names),
        ("PATCH", at("partners"), json!({"founded_on": "1999"})),
        (
            "PATCH",
            at("networks"),
            json!({"name": "Nemunas", "founded_on": "1998"}),
        ),
        ("PATCH", at("sources"), json!({"title": "Another paper"})),
        ("PATCH", at("citations"), json!({"stance": "contradicts"})),
        (
            "PATCH",
            at("agreements"),
            json!({"activity_level": "dormant"}),
        ),
        ("PATCH", at("activities"), json!({"starts_on": "2001"})),
        ("PATCH", at("documents"), json!({"title": "The paper"})),
        ("PATCH", contact.clone(), json!({"unit": "Office"})),
        ("PATCH", contact, json!({"visibility": "registered"})),
        ("POST", format!("{}/events", at("agreements")), event),
        ("POST", "/api/v1/memberships".to_owned(), other),
        ("POST", DOCUMENTS.to_owned(), open),
        ("POST", "/api/v1/activities".to_owned(), visit),
        ("POST", format!("/api/v1/partners/{new}/relations"), tie),
        ("PATCH", at("documents"), json!({"access": "internal"})),
        ("DELETE", at("activities"), Value::Null),
        ("DELETE", at("memberships"), Value::Null),
    ];
    // A registrar is shown what an office is, and more.
    let readers = [app.anonymous(), app.as_admin()];
    let mut before = Vec::new();
    for reader in &readers {
        before.push(registry.shown(reader).await);
    }
    let registrar = app.as_registrar();
    for (method, path, body) in writes {
        let told = format!("{method} {path} {body}");
        match method {
            "POST" => drop(registrar.post(&path, body).await.expect(201)),
            "PATCH" => registry.change(&path, body).await,
            _ => {
                let tag = registrar.get(&path).await.expect(200).etag();
                registrar.delete(&path, &tag).await.expect(204);
            }
        }
        for (reader, was) in readers.iter().zip(&mut before) {
            let is = registry.shown(reader).await;
            for (address, is) in &is {
                let Some(was) = was.get(address) else {
                    continue;
                };
                assert!(
                    is.etag() != was.etag() || is.text() == was.text(),
                    "{address} has the same tag after {told}:\n{was}\n{is}"
                );
            }
            *was = is;
        }
    }
}

#[actix_web::test]
async fn a_packed_answer_has_the_tag_of_the_plain_one_and_that_is_what_changes_compare() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let names: Vec<Value> = (0..60)
        .map(|n| json!({"value": format!("Name {n}"), "types": ["exonym"]}))
        .collect();
    let body =
        json!({"kind": "municipality", "name": "Białystok", "country": "PL", "names": names});
    let path = format!(
        "/api/v1/partners/{}",
        make(&admin, "/api/v1/partners", body).await
    );
    for (version, coding) in (1..).zip([None, Some("gzip"), Some("br")]) {
        let caller = || {
            app.anonymous()
                .header("Accept-Encoding", coding.unwrap_or("identity"))
        };
        let read = caller().get(&path).await.expect(200);
        assert_eq!(read.header("content-encoding"), coding);
        assert_eq!(read.etag(), format!("\"{version}\""));
        let held = caller().header("If-None-Match", &read.etag());
        held.get(&path).await.expect(304);
        admin
            .patch(&path, &read.etag(), json!({"population": version}))
            .await
            .expect(200);
    }
}
