//! Networks: one from recording to withdrawal, its members, and what ends with it.

use serde_json::{Value, json};

use crate::agreements::city;
use crate::support::TestApp;

pub const NETWORKS: &str = "/api/v1/networks";

/// A network of this name with these further members.
pub async fn network(app: &TestApp, name: &str, more: Value) -> String {
    let mut body = json!({"kind": "euroregion", "name": name});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    app.as_registrar()
        .post(NETWORKS, body)
        .await
        .expect(201)
        .id()
}

async fn member(app: &TestApp, network: &str, partner: &str, more: Value) -> String {
    let mut body = json!({"partner_id": partner, "network_id": network});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    app.as_registrar()
        .post("/api/v1/memberships", body)
        .await
        .expect(201)
        .id()
}

fn names(page: &Value) -> Vec<&str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn a_network_is_recorded_with_everything_and_comes_back_the_same() {
    let app = TestApp::new().await;
    let seat = city(&app, "Suwałki", "PL").await;
    let heir = network(&app, "Heir", json!({})).await;
    let body = json!({
        "kind": "euroregion", "name": "Niemen",
        "names": [{"value": "Niemen", "lang": "pl", "types": ["display"]},
                  {"value": "Nemunas", "lang": "lt", "types": ["endonym"]}],
        "founded_on": "1997-06-06", "dissolved_on": "2020", "legal_form": "association",
        "seat_partner_id": seat, "website": "https://niemen.org.pl", "successor_id": heir,
        "membership_classes": ["full", "observer"], "description": {"en": "On the river"},
        "identifiers": [{"scheme": "wikidata", "value": "Q761"}],
        "sources": [{"kind": "network_directory", "title": "About us"}],
    });
    let made = app.as_registrar().post(NETWORKS, body).await.expect(201);
    let location = made.header("location").unwrap().to_owned();
    assert_eq!(location, format!("{NETWORKS}/{}", made.id()));
    let read = app.get(&location).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    let body = read.json();
    for (member, expected) in [
        ("kind", json!("euroregion")),
        ("name", json!("Niemen")),
        ("founded_on", json!("1997-06-06")),
        (
            "founded_on_range",
            json!({"earliest": "1997-06-06", "latest": "1997-06-06"}),
        ),
        ("dissolved_on", json!("2020")),
        (
            "dissolved_on_range",
            json!({"earliest": "2020-01-01", "latest": "2020-12-31"}),
        ),
        ("legal_form", json!("association")),
        (
            "seat",
            json!({"id": seat, "name": "Suwałki", "kind": "municipality", "country": "PL"}),
        ),
        ("website", json!("https://niemen.org.pl")),
        (
            "successor",
            json!({"id": heir, "name": "Heir", "kind": "euroregion"}),
        ),
        ("membership_classes", json!(["full", "observer"])),
        ("description", json!({"en": "On the river"})),
        (
            "identifiers",
            json!([{"scheme": "wikidata", "value": "Q761"}]),
        ),
        ("record_state", json!("published")),
        ("version", json!(1)),
    ] {
        assert_eq!(body[member], expected, "{member}");
    }
    let shown = app
        .get(&format!("{location}?lang=lt&include=sources,citations"))
        .await
        .expect(200)
        .json();
    assert_eq!(shown["name"], "Nemunas");
    assert_eq!(shown["sources"][0]["title"], "About us");
    assert_eq!(shown["citations"][0]["pointer"], "");
    let unchanged = app
        .anonymous()
        .header("If-None-Match", &read.etag())
        .get(&location)
        .await
        .expect(304);
    assert_eq!((unchanged.text(), unchanged.etag()), ("", read.etag()));
}

#[actix_web::test]
async fn what_is_wrong_with_a_network_is_told_at_its_places() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    assert_eq!(
        admin
            .post(NETWORKS, json!({}))
            .await
            .pointers("validation-failed"),
        ["/kind", "/name"]
    );
    let pointers = admin
        .post(NETWORKS, json!({
            "kind": "club", "name": " ", "founded_on": "1997", "dissolved_on": "1996",
            "legal_form": "x".repeat(201), "seat_partner_id": "net_0000000000", "website": "ftp://x",
            "membership_classes": ["full", "", "full"], "description": {"polish!": "x"},
            "identifiers": [{"scheme": "wikidata", "value": "761"}],
            "record_state": "withdrawn",
        }))
        .await
        .pointers("validation-failed");
    assert_eq!(
        pointers,
        [
            "/description/polish!",
            "/dissolved_on",
            "/identifiers/0/value",
            "/kind",
            "/legal_form",
            "/membership_classes/1",
            "/membership_classes/2",
            "/name",
            "/record_state",
            "/seat_partner_id",
            "/website",
        ]
    );
    let absent = json!({"kind": "egtc", "name": "x", "seat_partner_id": "ptn_0000000000", "successor_id": "net_0000000000"});
    assert_eq!(
        admin
            .post(NETWORKS, absent)
            .await
            .pointers("validation-failed"),
        ["/seat_partner_id", "/successor_id"]
    );
    for body in [
        json!({"kind": "egtc", "name": "x", "nmae": 1}),
        json!({"kind": 1, "name": "x"}),
        json!("x"),
    ] {
        admin
            .post(NETWORKS, body)
            .await
            .problem("malformed-request");
    }
    assert_eq!(app.revision().await, 0);
    app.anonymous()
        .post(NETWORKS, json!({}))
        .await
        .problem("unauthenticated");
}

#[actix_web::test]
async fn a_patch_renames_and_says_nothing_that_is_only_said_at_creation() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = network(
        &app,
        "Niemen",
        json!({"founded_on": "1997", "legal_form": "union"}),
    )
    .await;
    let path = format!("{NETWORKS}/{id}");
    let changed = admin
        .patch(&path, "\"1\"", json!({"name": "Nemunas"}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&changed["name"], &changed["names"]),
        (
            &json!("Nemunas"),
            &json!([{"value": "Nemunas", "types": ["display"]}])
        )
    );
    for body in [json!({"version": 3}), json!({"sources": []}), json!([])] {
        admin
            .patch(&path, "\"2\"", body)
            .await
            .problem("malformed-request");
    }
}

#[actix_web::test]
async fn successors_form_no_circle_and_identifiers_belong_to_one() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let first = network(
        &app,
        "a",
        json!({"identifiers": [{"scheme": "wikidata", "value": "Q1"}]}),
    )
    .await;
    let second = network(&app, "b", json!({"successor_id": first})).await;
    for successor in [&first, &second] {
        let body = json!({"successor_id": successor});
        let pointers = admin
            .patch(&format!("{NETWORKS}/{first}"), "\"1\"", body)
            .await
            .pointers("validation-failed");
        assert_eq!(pointers, ["/successor_id"]);
    }
    let taken = json!({"kind": "egtc", "name": "c", "identifiers": [{"scheme": "wikidata", "value": "Q1"}]});
    let problem = admin
        .post(NETWORKS, taken.clone())
        .await
        .problem("identifier-taken");
    assert_eq!(problem["duplicate_of"], first.as_str());
    admin
        .delete(&format!("{NETWORKS}/{first}"), "\"1\"")
        .await
        .expect(204);
    admin.post(NETWORKS, taken).await.expect(201);
}

#[actix_web::test]
async fn a_network_with_live_memberships_is_in_use_and_then_gone() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = network(&app, "Niemen", json!({})).await;
    let partner = city(&app, "Suwałki", "PL").await;
    let membership = member(&app, &id, &partner, json!({"admitted_on": "1997"})).await;
    let path = format!("{NETWORKS}/{id}");
    assert_eq!(
        admin.delete(&path, "\"1\"").await.problem("in-use")["memberships"],
        1
    );
    let of = format!("/api/v1/partners/{partner}");
    assert_eq!(
        admin.delete(&of, "\"1\"").await.problem("in-use")["memberships"],
        1
    );
    let left = json!({"action": "withdraw", "effective_on": "2010", "reason_code": "budget"});
    admin
        .post(&format!("/api/v1/memberships/{membership}/events"), left)
        .await
        .expect(201);
    admin
        .delete(&path, "\"7\"")
        .await
        .problem("precondition-failed");
    admin
        .delete(&format!("{path}?reason=entered+twice"), "\"1\"")
        .await
        .expect(204);
    assert_eq!(
        app.get(&path).await.problem("withdrawn")["reason"],
        "entered twice"
    );
    app.get(&format!("{path}/members"))
        .await
        .problem("withdrawn");
    admin
        .patch(&path, "\"2\"", json!({"name": "x"}))
        .await
        .problem("withdrawn");
    assert_eq!(
        app.get(NETWORKS).await.expect(200).json()["data"],
        json!([])
    );
    let late = json!({"partner_id": partner, "network_id": id, "admitted_on": "2020"});
    assert_eq!(
        admin
            .post("/api/v1/memberships", late)
            .await
            .pointers("validation-failed"),
        ["/network_id"]
    );
    admin.delete(&of, "\"1\"").await.expect(204);
}

#[actix_web::test]
async fn memberships_follow_the_end_of_their_network_when_it_is_put_right() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = network(&app, "Niemen", json!({"founded_on": "1997"})).await;
    let mut all = Vec::new();
    for (name, more) in [
        ("a", json!({"admitted_on": "1998"})),
        ("b", json!({"applied_on": "2001"})),
        (
            "c",
            json!({"admitted_on": "1998", "ended_on": "2005", "initial_status": "withdrawn"}),
        ),
    ] {
        let partner = city(&app, name, "PL").await;
        all.push(member(&app, &id, &partner, more).await);
    }
    let path = format!("{NETWORKS}/{id}");
    for (version, end, told) in [
        (
            1,
            json!("2012"),
            ["ended 2012", "ended 2012", "withdrawn 2005"],
        ),
        (
            2,
            json!("2015"),
            ["ended 2015", "ended 2015", "withdrawn 2005"],
        ),
        (
            3,
            json!("2016-06"),
            ["ended 2016-06", "ended 2016-06", "withdrawn 2005"],
        ),
        (
            4,
            json!(null),
            ["member null", "applied null", "withdrawn 2005"],
        ),
        (
            5,
            json!("2020"),
            ["ended 2020", "ended 2020", "withdrawn 2005"],
        ),
    ] {
        let body = json!({"dissolved_on": end});
        admin
            .patch(&path, &format!("\"{version}\""), body)
            .await
            .expect(200);
        for (membership, told) in all.iter().zip(told) {
            let shown = app.get(&format!("/api/v1/memberships/{membership}")).await;
            let shown = shown.expect(200).json();
            let ended = shown["ended_on"].as_str().unwrap_or("null");
            let status = shown["status"].as_str().unwrap();
            assert_eq!(format!("{status} {ended}"), told, "{end}");
        }
    }
}

#[actix_web::test]
async fn a_dissolved_network_ends_its_live_memberships_in_one_transaction() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = network(&app, "Niemen", json!({"founded_on": "1997"})).await;
    let mut memberships = Vec::new();
    for (name, more) in [
        ("a", json!({"admitted_on": "1997"})),
        ("b", json!({"applied_on": "2001"})),
        ("c", json!({"initial_status": "suspended"})),
        (
            "d",
            json!({"admitted_on": "1997", "ended_on": "2005", "initial_status": "withdrawn"}),
        ),
    ] {
        let partner = city(&app, name, "PL").await;
        memberships.push(member(&app, &id, &partner, more).await);
    }
    let path = format!("{NETWORKS}/{id}");
    let before = app.revision().await;
    admin
        .patch(&path, "\"1\"", json!({"dissolved_on": "2015-06"}))
        .await
        .expect(200);
    // The network's own change, and one for each that was live.
    assert_eq!(app.revision().await, before + 4);
    let changes = app
        .get(&format!("/api/v1/changes?after={before}"))
        .await
        .expect(200)
        .json();
    let ops: Vec<_> = changes["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["op"].as_str().unwrap())
        .collect();
    assert_eq!(ops, ["updated", "event", "event", "event"]);
    for (membership, status, since, version) in [
        (&memberships[0], "ended", "2015-06", 2),
        (&memberships[1], "ended", "2015-06", 2),
        (&memberships[2], "ended", "2015-06", 2),
        (&memberships[3], "withdrawn", "2005", 1),
    ] {
        let body = app
            .get(&format!("/api/v1/memberships/{membership}"))
            .await
            .expect(200)
            .json();
        assert_eq!(
            (
                &body["status"],
                &body["status_since"],
                &body["ended_on"],
                &body["version"]
            ),
            (
                &json!(status),
                &json!(since),
                &json!(since),
                &json!(version)
            )
        );
    }
    let partner = city(&app, "e", "PL").await;
    let late = json!({"partner_id": partner, "network_id": id, "admitted_on": "2010"});
    let problem = admin
        .post("/api/v1/memberships", late.clone())
        .await
        .problem("guard-failed");
    assert_eq!(problem["errors"][0]["pointer"], "/network_id");
    let mut over = late;
    over["ended_on"] = json!("2015-06");
    admin.post("/api/v1/memberships", over).await.expect(201);
    // A day that has not come ends nothing yet.
    let other = network(&app, "Other", json!({})).await;
    let stays = member(&app, &other, &partner, json!({"admitted_on": "2001"})).await;
    admin
        .patch(
            &format!("{NETWORKS}/{other}"),
            "\"1\"",
            json!({"dissolved_on": "2027"}),
        )
        .await
        .expect(200);
    let body = app
        .get(&format!("/api/v1/memberships/{stays}"))
        .await
        .expect(200)
        .json();
    assert_eq!(body["status"], "member");
}

#[actix_web::test]
async fn a_network_is_not_dissolved_before_its_members_joined() {
    let app = TestApp::new().await;
    let id = network(&app, "Niemen", json!({})).await;
    let (early, late) = (city(&app, "a", "PL").await, city(&app, "b", "PL").await);
    let early = member(&app, &id, &early, json!({"admitted_on": "1997"})).await;
    let late = member(&app, &id, &late, json!({"admitted_on": "2012"})).await;
    let before = app.revision().await;
    let problem = app
        .as_admin()
        .patch(
            &format!("{NETWORKS}/{id}"),
            "\"1\"",
            json!({"dissolved_on": "2010"}),
        )
        .await
        .problem("guard-failed");
    assert_eq!(
        (&problem["membership"], &problem["errors"][0]["pointer"]),
        (&json!(late), &json!("/dissolved_on"))
    );
    // Nothing of it stays, not even the end of the first one.
    assert_eq!(app.revision().await, before);
    let body = app
        .get(&format!("/api/v1/memberships/{early}"))
        .await
        .expect(200)
        .json();
    assert_eq!(body["status"], "member");
}

#[actix_web::test]
async fn members_are_listed_as_they_were_on_any_day() {
    let app = TestApp::new().await;
    let id = network(&app, "Niemen", json!({})).await;
    let other = network(&app, "Other", json!({})).await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "LT").await);
    member(&app, &other, &a, json!({"admitted_on": "1990"})).await;
    let first = member(&app, &id, &a, json!({"admitted_on": "1997"})).await;
    member(
        &app,
        &id,
        &b,
        json!({"applied_on": "2001-05", "admitted_on": "2002-01-01"}),
    )
    .await;
    let suspend =
        json!({"action": "suspend", "effective_on": "2010-03-01", "reason_code": "budget"});
    app.as_admin()
        .post(&format!("/api/v1/memberships/{first}/events"), suspend)
        .await
        .expect(201);
    let path = format!("{NETWORKS}/{id}/members");
    for (query, expected) in [
        ("", vec![("a", "suspended"), ("b", "member")]),
        ("status=member", vec![("b", "member")]),
        (
            "status=member,suspended",
            vec![("a", "suspended"), ("b", "member")],
        ),
        ("as_of=1996-12-31", vec![]),
        ("as_of=1997-06-01", vec![("a", "member")]),
        ("as_of=1997-06-01&match=certain", vec![]),
        ("as_of=1998-01-01&match=certain", vec![("a", "member")]),
        ("as_of=2001-06-01", vec![("a", "member"), ("b", "applied")]),
        ("as_of=2001-06-01&status=applied", vec![("b", "applied")]),
        ("as_of=2009-01-01&status=suspended", vec![]),
        (
            "as_of=2010-03-01&status=suspended",
            vec![("a", "suspended")],
        ),
    ] {
        let page = app
            .get(&format!("{path}?sort=created_at&{query}"))
            .await
            .expect(200)
            .json();
        let found: Vec<_> = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                (
                    row["partner"]["name"].as_str().unwrap(),
                    row["status"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{query}");
    }
    app.get(&format!("{path}?partner=x"))
        .await
        .problem("unknown-parameter");
    for query in ["as_of=2001", "match=likely", "status=gone", "include=names"] {
        app.get(&format!("{path}?{query}"))
            .await
            .problem("malformed-request");
    }
    app.get(&format!("{NETWORKS}/net_0000000000/members"))
        .await
        .problem("not-found");
    app.get(&format!("{NETWORKS}/ptn_0000000000"))
        .await
        .problem("not-found");
}

#[actix_web::test]
async fn each_filter_and_order_does_what_it_says() {
    let app = TestApp::new().await;
    let seat = city(&app, "Kaunas", "LT").await;
    network(&app, "Łyna", json!({"kind": "city_network"})).await;
    network(&app, "Niemen", json!({"seat_partner_id": seat, "identifiers": [{"scheme": "wikidata", "value": "Q761"}],
        "names": [{"value": "Niemen", "types": ["display"]}, {"value": "Нёман", "lang": "be", "types": ["endonym"]}]})).await;
    app.clock.advance(chrono::TimeDelta::days(1));
    network(&app, "Bug", json!({"kind": "egtc"})).await;
    for (query, expected) in [
        ("", vec!["Bug", "Łyna", "Niemen"]),
        ("sort=-name", vec!["Niemen", "Łyna", "Bug"]),
        ("sort=-created_at,-name", vec!["Bug", "Niemen", "Łyna"]),
        ("sort=updated_at,name", vec!["Łyna", "Niemen", "Bug"]),
        ("kind=egtc,city_network", vec!["Bug", "Łyna"]),
        ("country=LT,PL", vec!["Niemen"]),
        ("country=PL", vec![]),
        ("identifier=wikidata:Q761", vec!["Niemen"]),
        ("identifier=wikidata:Q762", vec![]),
        ("updated_since=2026-11-25", vec!["Bug"]),
        ("q=lyna", vec!["Łyna"]),
        ("q=%D0%BD%D1%91%D0%BC%D0%B0%D0%BD", vec!["Niemen"]),
        ("q=%25", vec![]),
    ] {
        let page = app
            .get(&format!("{NETWORKS}?{query}"))
            .await
            .expect(200)
            .json();
        assert_eq!(names(&page), expected, "{query}");
    }
    let sparse = app
        .get(&format!("{NETWORKS}?fields=name&limit=1"))
        .await
        .expect(200)
        .json();
    assert_eq!(sparse["data"], json!([{"name": "Bug"}]));
    for query in [
        "kind=club",
        "sort=seat",
        "include=events",
        "identifier=Q1",
        "limit=0",
    ] {
        app.get(&format!("{NETWORKS}?{query}"))
            .await
            .problem("malformed-request");
    }
    app.get(&format!("{NETWORKS}?seat=x"))
        .await
        .problem("unknown-parameter");
}

#[actix_web::test]
async fn an_editor_edits_networks_recorded_or_seated_at_the_own_office() {
    let app = TestApp::new().await;
    let (own, foreign) = (
        city(&app, "own", "PL").await,
        city(&app, "foreign", "PL").await,
    );
    let editor = app.as_editor_of(&own);
    let recorded = editor
        .post(NETWORKS, json!({"kind": "egtc", "name": "recorded"}))
        .await
        .expect(201)
        .id();
    let seated = network(&app, "seated", json!({"seat_partner_id": own})).await;
    let other = network(&app, "other", json!({"seat_partner_id": foreign})).await;
    for id in [&recorded, &seated] {
        editor
            .patch(
                &format!("{NETWORKS}/{id}"),
                "\"1\"",
                json!({"legal_form": "union"}),
            )
            .await
            .expect(200);
    }
    // Rights come before rules and before the version.
    editor
        .patch(
            &format!("{NETWORKS}/{other}"),
            "\"9\"",
            json!({"kind": "x"}),
        )
        .await
        .problem("forbidden");
    editor
        .delete(&format!("{NETWORKS}/{other}"), "\"9\"")
        .await
        .problem("forbidden");
    editor
        .delete(&format!("{NETWORKS}/{recorded}"), "\"2\"")
        .await
        .expect(204);
}

#[actix_web::test]
async fn a_renamed_network_or_seat_changes_what_shows_it() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let seat = city(&app, "Seat", "PL").await;
    let id = network(&app, "Old", json!({"seat_partner_id": seat})).await;
    let heir = network(&app, "Before", json!({"successor_id": id})).await;
    let membership = member(&app, &id, &seat, json!({"admitted_on": "1997"})).await;
    let activity = admin
        .post(
            "/api/v1/activities",
            json!({"kind": "meeting", "title": {"en": "x"}, "network_id": id}),
        )
        .await
        .expect(201)
        .id();
    let paths = [
        format!("{NETWORKS}/{heir}"),
        format!("/api/v1/memberships/{membership}"),
        format!("/api/v1/activities/{activity}"),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(app.get(path).await.expect(200).etag());
    }
    admin
        .patch(&format!("{NETWORKS}/{id}"), "\"1\"", json!({"name": "New"}))
        .await
        .expect(200);
    for (path, before) in paths.iter().zip(before) {
        let after = app.get(path).await.expect(200);
        assert_ne!(after.etag(), before, "{path}");
        assert!(after.text().contains("New"), "{after}");
        assert_eq!(after.json()["version"], 1);
    }
    let before = app
        .get(&format!("{NETWORKS}/{id}"))
        .await
        .expect(200)
        .etag();
    admin
        .patch(
            &format!("/api/v1/partners/{seat}"),
            "\"1\"",
            json!({"name": "Moved"}),
        )
        .await
        .expect(200);
    let after = app.get(&format!("{NETWORKS}/{id}")).await.expect(200);
    assert_ne!(after.etag(), before);
    assert_eq!(after.json()["seat"]["name"], "Moved");
    assert_eq!(
        names(&app.get(&format!("{NETWORKS}?q=new")).await.json()),
        ["New"]
    );
}

#[actix_web::test]
async fn a_hundred_networks_and_members_take_no_more_statements_than_one() {
    let app = TestApp::without_caches().await;
    let hub = network(&app, "Hub", json!({})).await;
    for n in 0..12 {
        let partner = city(&app, &format!("City {n}"), "PL").await;
        let more = json!({"seat_partner_id": partner, "successor_id": hub});
        network(&app, &format!("Network {n}"), more).await;
        member(
            &app,
            &hub,
            &partner,
            json!({"admitted_on": "1997", "via_partner_id": Value::Null}),
        )
        .await;
    }
    for path in [
        format!("{NETWORKS}?include=sources,citations&lang=pl&count=true&limit="),
        format!(
            "{NETWORKS}/{hub}/members?include=events,sources,citations&as_of=2020-01-01&lang=pl&count=true&limit="
        ),
        "/api/v1/memberships?include=events,sources,citations&status=member&lang=pl&limit="
            .to_owned(),
    ] {
        let cost = async |limit: u32| {
            app.get(&format!("{path}{limit}")).await.expect(200);
            let before = app.app.db.statements();
            app.get(&format!("{path}{limit}")).await.expect(200);
            app.app.db.statements() - before
        };
        let (one, hundred) = (cost(1).await, cost(100).await);
        assert!(
            hundred <= one,
            "{path}: {one} statements for 1 row, {hundred} for 100"
        );
    }
}
