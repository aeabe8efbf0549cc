//! Partners that were recorded twice become one.

use serde_json::{Value, json};
use twincity::core::vocabulary::record::Role;

use crate::agreements::{AGREEMENTS, city};
use crate::memberships::MEMBERSHIPS;
use crate::networks::network;
use crate::support::{Answer, TestApp};

const PARTNERS: &str = "/api/v1/partners";
const ACTIVITIES: &str = "/api/v1/activities";

async fn merge(app: &TestApp, from: &str, into: &str) -> Answer {
    let body = json!({"into": into, "reason": "recorded twice"});
    app.as_registrar()
        .post(&format!("{PARTNERS}/{from}/merge"), body)
        .await
}

async fn item(app: &TestApp, path: &str) -> Value {
    app.get(path).await.expect(200).json()
}

/// The ids of the rows of a list.
async fn ids(app: &TestApp, path: &str) -> Vec<String> {
    let page = item(app, path).await;
    let rows = page["data"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// A twin of Hrodna with something of everything, in another country by mistake.
struct Twin {
    twin: String,
    into: String,
    agreement: String,
    membership: String,
    network: String,
    activity: String,
    hosted: String,
    citation: String,
}

async fn twin(app: &TestApp) -> Twin {
    let admin = app.as_admin();
    let make = async |path: &str, body: Value| admin.post(path, body).await.expect(201).id();
    let into = city(app, "Hrodna", "BY").await;
    let twin = make(
        PARTNERS,
        json!({"kind": "university", "name": "Grodno", "country": "PL",
            "identifiers": [{"scheme": "wikidata", "value": "Q181376"}]}),
    )
    .await;
    let other = city(app, "Białystok", "PL").await;
    let agreement = make(
        AGREEMENTS,
        json!({"instrument": "partnership_agreement", "signed_on": "1995",
            "parties": [{"partner_id": twin}, {"partner_id": other}]}),
    )
    .await;
    let network = network(app, "Niemen", json!({"seat_partner_id": twin})).await;
    let membership = make(
        MEMBERSHIPS,
        json!({"partner_id": twin, "network_id": network, "admitted_on": "1997"}),
    )
    .await;
    let activity = make(
        ACTIVITIES,
        json!({"kind": "meeting", "title": {"en": "A meeting"}, "starts_on": "2009",
            "participants": [{"partner_id": twin}, {"partner_id": into}, {"partner_id": twin, "role": "host"}],
            "place": {"partner_id": twin}}),
    )
    .await;
    let hosted = make(
        PARTNERS,
        json!({"kind": "school", "name": "School", "country": "BY", "host_id": twin}),
    )
    .await;
    let source = make(
        "/api/v1/sources",
        json!({"kind": "press", "title": "A paper"}),
    )
    .await;
    let citation = make(
        &format!("{PARTNERS}/{twin}/citations"),
        json!({"source_id": source, "pointer": "/name"}),
    )
    .await;
    make(
        &format!("{PARTNERS}/{twin}/relations"),
        json!({"to_id": into, "type": "related"}),
    )
    .await;
    make(
        &format!("{PARTNERS}/{other}/relations"),
        json!({"to_id": twin, "type": "related"}),
    )
    .await;
    Twin {
        twin,
        into,
        agreement,
        membership,
        network,
        activity,
        hosted,
        citation,
    }
}

#[actix_web::test]
async fn everything_that_named_the_one_names_the_other_after_a_merge() {
    let app = TestApp::new().await;
    let t = twin(&app).await;
    let agreement = format!("{AGREEMENTS}/{}", t.agreement);
    let before = app.get(&agreement).await.expect(200);
    assert_eq!(before.json()["domestic"], true);
    let merged = merge(&app, &t.twin, &t.into).await.expect(200);
    let stays = merged.json();
    assert_eq!(
        (&stays["id"], &stays["version"]),
        (&json!(t.into), &json!(2))
    );
    assert_eq!(merged.etag(), "\"2\"");
    assert_eq!(
        stays["names"],
        json!([{"value": "Hrodna", "types": ["display"]}, {"value": "Grodno", "types": ["alias"]}])
    );
    assert_eq!(stays["identifiers"][0]["value"], "Q181376");

    let after = app.get(&agreement).await.expect(200);
    let shown = after.json();
    assert_eq!(
        (&shown["version"], &before.json()["version"]),
        (&json!(2), &json!(1))
    );
    assert_ne!(after.etag(), before.etag());
    assert_eq!(shown["parties"][0]["partner"]["id"], json!(t.into));
    assert_eq!(shown["parties"][0]["name_at_signing"], "Grodno");
    assert_eq!(shown["domestic"], false);
    assert_eq!(shown["title"]["en"], "Hrodna – Białystok (1995)");
    for query in [
        format!("partner={}", t.into),
        "country=BY".to_owned(),
        "countries=BY,PL".to_owned(),
        "q=hrodna".to_owned(),
        "q=grodno".to_owned(),
        "institutional=false".to_owned(),
        format!("network={}", t.network),
    ] {
        let found = ids(&app, &format!("{AGREEMENTS}?{query}")).await;
        let expected: &[&str] = if query.starts_with("network") {
            &[]
        } else {
            &[&t.agreement]
        };
        assert_eq!(found, expected, "{query}");
    }

    let membership = item(&app, &format!("{MEMBERSHIPS}/{}", t.membership)).await;
    assert_eq!(membership["partner"]["id"], json!(t.into));
    let network = item(&app, &format!("/api/v1/networks/{}", t.network)).await;
    assert_eq!(network["seat"]["id"], json!(t.into));
    let activity = item(&app, &format!("{ACTIVITIES}/{}", t.activity)).await;
    let roles: Vec<_> = activity["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["partner"]["id"].clone(), one["role"].clone()))
        .collect();
    assert_eq!(
        roles,
        [
            (json!(t.into), json!("participant")),
            (json!(t.into), json!("host"))
        ]
    );
    assert_eq!(activity["place"]["partner"]["id"], json!(t.into));
    let hosted = item(&app, &format!("{PARTNERS}/{}", t.hosted)).await;
    assert_eq!(hosted["host"]["id"], json!(t.into));
    let citation = app
        .get(&format!("/api/v1/citations/{}", t.citation))
        .await
        .expect(200);
    assert_eq!(citation.json()["record_id"], json!(t.into));
    assert_eq!(citation.json()["version"], 2);
    // The relation between the two is gone, the other one has moved.
    let relations = item(&app, &format!("{PARTNERS}/{}/relations", t.into)).await;
    let relations = relations["data"].as_array().unwrap();
    assert_eq!(relations.len(), 1);
    assert_eq!(relations[0]["from"]["name"], "Białystok");
    let ties = item(&app, &format!("{PARTNERS}/{}/partnerships", t.into)).await;
    assert_eq!(ties["data"][0]["counterpart"]["name"], "Białystok");
    assert_eq!(ids(&app, &format!("{PARTNERS}?q=grodno")).await, [t.into]);
    assert!(!ids(&app, PARTNERS).await.contains(&t.twin));
}

#[actix_web::test]
async fn the_old_id_leads_to_the_other_and_says_where_it_went_when_asked() {
    let app = TestApp::new().await;
    let t = twin(&app).await;
    merge(&app, &t.twin, &t.into).await.expect(200);
    for (path, location) in [
        (String::new(), String::new()),
        (
            "?lang=pl&fields=id".to_owned(),
            "?lang=pl&fields=id".to_owned(),
        ),
        (
            "/partnerships?limit=2".to_owned(),
            "/partnerships?limit=2".to_owned(),
        ),
        ("/relations".to_owned(), "/relations".to_owned()),
        ("/contacts".to_owned(), "/contacts".to_owned()),
        ("/citations".to_owned(), "/citations".to_owned()),
    ] {
        let answer = app
            .get(&format!("{PARTNERS}/{}{path}", t.twin))
            .await
            .expect(301);
        let to = format!("{PARTNERS}/{}{location}", t.into);
        assert_eq!(answer.header("location"), Some(to.as_str()));
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        assert_eq!(answer.bytes().len(), 0);
        app.get(&to).await.expect(200);
    }
    let gone = app
        .get(&format!("{PARTNERS}/{}?follow=false", t.twin))
        .await
        .expect(200)
        .json();
    assert_eq!(
        gone,
        json!({"id": t.twin, "record_state": "merged", "merged_at": "2026-11-24T12:00:00.000Z",
            "merged_into": {"id": t.into, "name": "Hrodna", "kind": "municipality", "country": "BY"},
            "reason": "recorded twice"})
    );
    // A partner that is there is the same with and without.
    let here = format!("{PARTNERS}/{}", t.into);
    assert_eq!(
        item(&app, &here).await,
        item(&app, &format!("{here}?follow=false")).await
    );
}

#[actix_web::test]
async fn a_merged_partner_is_changed_no_more_and_named_by_nothing_new() {
    let app = TestApp::new().await;
    let t = twin(&app).await;
    merge(&app, &t.twin, &t.into).await.expect(200);
    let admin = app.as_admin();
    let path = format!("{PARTNERS}/{}", t.twin);
    let gone = [
        admin.patch(&path, "\"2\"", json!({"population": 1})).await,
        admin.delete(&path, "\"2\"").await,
        admin
            .post(
                &format!("{path}/relations"),
                json!({"to_id": t.into, "type": "related"}),
            )
            .await,
        admin.post(&format!("{path}/citations"), json!({})).await,
        admin.post(&format!("{path}/restore"), json!({})).await,
        merge(&app, &t.twin, &t.into).await,
    ];
    for answer in gone {
        let problem = answer.problem("withdrawn");
        assert_eq!(problem["merged_into"], json!(t.into), "{problem}");
    }
    let refused = admin
        .post(
            AGREEMENTS,
            json!({"instrument": "annex", "parties": [{"partner_id": t.twin}, {"partner_id": t.into}]}),
        )
        .await
        .problem("validation-failed");
    let error = &refused["errors"][0];
    assert_eq!(error["pointer"], "/parties/0/partner_id");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(&t.into), "{message}");
    // The identifier belongs to the one that stays.
    admin
        .post(
            PARTNERS,
            json!({"kind": "municipality", "name": "a", "country": "PL",
                "identifiers": [{"scheme": "wikidata", "value": "Q181376"}]}),
        )
        .await
        .problem("identifier-taken");
}

#[actix_web::test]
async fn a_merge_is_one_change_of_each_and_both_histories_stay() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "PL").await);
    let before = app.revision().await;
    merge(&app, &a, &b).await.expect(200);
    let feed = item(&app, &format!("/api/v1/changes?after={before}")).await;
    let told: Vec<_> = feed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            let text = |name: &str| change[name].as_str().unwrap().to_owned();
            (text("id"), text("op"), text("reason"))
        })
        .collect();
    let why = || "recorded twice".to_owned();
    assert_eq!(
        told,
        [
            (a.clone(), "merged".to_owned(), why()),
            (b.clone(), "updated".to_owned(), why())
        ]
    );
    for (id, op) in [(&a, "merged"), (&b, "updated")] {
        let history = item(&app, &format!("{PARTNERS}/{id}/history")).await;
        let ops: Vec<_> = history["data"].as_array().unwrap().iter().collect();
        assert_eq!(ops.len(), 2, "{history}");
        assert_eq!(ops[0]["op"], op);
        assert_eq!(ops[1]["op"], "created");
    }
}

#[actix_web::test]
async fn a_chain_of_merges_is_one_hop() {
    let app = TestApp::new().await;
    let (a, b, c) = (
        city(&app, "a", "PL").await,
        city(&app, "b", "PL").await,
        city(&app, "c", "PL").await,
    );
    merge(&app, &a, &b).await.expect(200);
    merge(&app, &b, &c).await.expect(200);
    let location = format!("{PARTNERS}/{c}");
    for old in [&a, &b] {
        let answer = app.get(&format!("{PARTNERS}/{old}")).await.expect(301);
        assert_eq!(answer.header("location"), Some(location.as_str()));
        let gone = item(&app, &format!("{PARTNERS}/{old}?follow=false")).await;
        assert_eq!(gone["merged_into"]["id"], json!(c));
    }
    let names = item(&app, &location).await["names"].clone();
    let names: Vec<_> = names
        .as_array()
        .unwrap()
        .iter()
        .map(|n| &n["value"])
        .collect();
    assert_eq!(names, ["c", "b", "a"]);
}

#[actix_web::test]
async fn a_partner_is_merged_only_into_another_one_that_is_there_and_no_part_of_it() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "PL").await);
    let admin = app.as_admin();
    let part = async |host: &str| {
        admin
            .post(
                PARTNERS,
                json!({"kind": "city_district", "name": "c", "country": "PL", "host_id": host}),
            )
            .await
            .expect(201)
            .id()
    };
    let district = part(&a).await;
    let quarter = part(&district).await;
    let withdrawn = city(&app, "d", "PL").await;
    admin
        .delete(&format!("{PARTNERS}/{withdrawn}"), "\"1\"")
        .await
        .expect(204);
    let old = city(&app, "e", "PL").await;
    merge(&app, &old, &b).await.expect(200);
    for (into, code) in [
        (a.as_str(), "same_partner"),
        (&quarter, "cycle"),
        (&withdrawn, "unknown_reference"),
        (&old, "unknown_reference"),
        ("ptn_0000000000", "unknown_reference"),
    ] {
        let problem = merge(&app, &a, into).await.problem("validation-failed");
        assert_eq!(problem["errors"][0]["pointer"], "/into", "{problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
    let path = format!("{PARTNERS}/{a}/merge");
    assert_eq!(
        admin
            .post(&path, json!({}))
            .await
            .pointers("validation-failed"),
        ["/into", "/reason"]
    );
    admin
        .clone()
        .header("If-Match", "\"7\"")
        .post(&path, json!({"into": b, "reason": "twice"}))
        .await
        .problem("precondition-failed");
    app.office(&a, false).await;
    app.member(Role::Approver, Some(&a))
        .caller
        .post(&path, json!({"into": b, "reason": "twice"}))
        .await
        .problem("forbidden");
    // The part into the whole is possible; and what is only tried is not kept.
    let body = json!({"into": a, "reason": "twice"});
    admin
        .post(&format!("{PARTNERS}/{quarter}/merge?dry_run=true"), body)
        .await
        .expect(200);
    app.get(&format!("{PARTNERS}/{quarter}")).await.expect(200);
    merge(&app, &quarter, &a).await.expect(200);
}

#[actix_web::test]
async fn what_only_a_person_can_put_right_stops_a_merge_and_is_named() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "PL").await);
    let admin = app.as_admin();
    let make = async |path: &str, body: Value| admin.post(path, body).await.expect(201).id();
    let agreement = make(
        AGREEMENTS,
        json!({"instrument": "annex", "parties": [{"partner_id": a}, {"partner_id": b}]}),
    )
    .await;
    let network = network(&app, "Niemen", json!({})).await;
    let mut members = Vec::new();
    for partner in [&a, &b] {
        let body = json!({"partner_id": partner, "network_id": network, "admitted_on": "1997"});
        members.push(make(MEMBERSHIPS, body).await);
    }
    members.sort();
    let problem = merge(&app, &a, &b).await.problem("in-use");
    assert_eq!(problem["agreements"], json!([agreement]));
    assert_eq!(problem["memberships"], json!(members));
    // A withdrawn agreement of both stays as it was; one membership is enough.
    admin
        .delete(&format!("{AGREEMENTS}/{agreement}"), "\"1\"")
        .await
        .expect(204);
    admin
        .delete(&format!("{MEMBERSHIPS}/{}", members[0]), "\"1\"")
        .await
        .expect(204);
    merge(&app, &a, &b).await.expect(200);
}

#[actix_web::test]
async fn events_and_successions_are_told_of_the_partner_that_stays() {
    let app = TestApp::new().await;
    let (a, b, x, y) = (
        city(&app, "a", "PL").await,
        city(&app, "b", "NL").await,
        city(&app, "x", "DE").await,
        city(&app, "y", "DE").await,
    );
    let admin = app.as_admin();
    let agreement = admin
        .post(
            AGREEMENTS,
            json!({"instrument": "twinning_charter", "signed_on": "1990",
                "parties": [{"partner_id": a}, {"partner_id": b}]}),
        )
        .await
        .expect(201)
        .id();
    let events = format!("{AGREEMENTS}/{agreement}/events");
    let joined = admin
        .post(
            &events,
            json!({"action": "accede", "effective_on": "1999", "party": x, "actor_partner_id": x}),
        )
        .await
        .expect(201)
        .id();
    merge(&app, &x, &y).await.expect(200);
    let told = item(&app, &events).await["data"][1].clone();
    assert_eq!(told["party"]["id"], json!(y));
    assert_eq!(told["actor_partner"]["id"], json!(y));
    // It can still be put right: the party that joined by mistake is found.
    admin
        .post(
            &events,
            json!({"action": "correct", "corrects_event_id": joined, "effective_on": "1999",
                "to_status": "in_force", "reason_text": "it never joined"}),
        )
        .await
        .expect(201);
    let parties = item(&app, &format!("{AGREEMENTS}/{agreement}")).await["parties"].clone();
    assert_eq!(parties.as_array().unwrap().len(), 2);
    // A third between the two: they can't be one.
    let (c, d, e) = (
        city(&app, "c", "FR").await,
        city(&app, "d", "FR").await,
        city(&app, "e", "FR").await,
    );
    for (from, to) in [(&c, &d), (&d, &e)] {
        admin
            .post(
                &format!("{PARTNERS}/{from}/relations"),
                json!({"to_id": to, "type": "successor"}),
            )
            .await
            .expect(201);
    }
    let problem = merge(&app, &c, &e).await.problem("validation-failed");
    assert_eq!(problem["errors"][0]["code"], "cycle");
    // One after the other: their own succession goes, the line stays.
    merge(&app, &c, &d).await.expect(200);
    let relations = item(&app, &format!("{PARTNERS}/{d}/relations")).await;
    assert_eq!(relations["data"].as_array().unwrap().len(), 1);
    assert_eq!(relations["data"][0]["to"]["id"], json!(e));
}

#[actix_web::test]
async fn the_office_of_the_one_becomes_that_of_the_other() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "PL").await);
    app.office(&a, false).await;
    app.office(&b, false).await;
    let (_, secret) = app.key(Role::Editor, Some(&a), None);
    let (key, editor) = (app.with_key(&secret), app.member(Role::Editor, Some(&a)));
    let draft = editor
        .caller
        .post(
            PARTNERS,
            json!({"kind": "school", "name": "A draft", "country": "PL", "record_state": "draft"}),
        )
        .await
        .expect(201)
        .id();
    merge(&app, &a, &b).await.expect(200);
    for (caller, etag) in [(&key, "\"2\""), (&editor.caller, "\"3\"")] {
        caller
            .patch(
                &format!("{PARTNERS}/{b}"),
                etag,
                json!({"population": etag.len()}),
            )
            .await
            .expect(200);
    }
    editor
        .caller
        .get(&format!("{PARTNERS}/{draft}"))
        .await
        .expect(200);
    let offices = editor.caller.get("/api/v1/organisations").await.expect(200);
    assert_eq!(offices.json()["data"].as_array().unwrap().len(), 1);
}
