//! What partners do together.

use serde_json::{Value, json};

use crate::agreements::{agreement, city};
use crate::networks::network;
use crate::support::TestApp;

const ACTIVITIES: &str = "/api/v1/activities";

/// An activity with these further members.
async fn activity(app: &TestApp, more: Value) -> String {
    let mut body = json!({"kind": "meeting", "title": {"en": "A meeting"}});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    app.as_registrar()
        .post(ACTIVITIES, body)
        .await
        .expect(201)
        .id()
}

fn titles(page: &Value) -> Vec<&str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["title"]["en"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn an_activity_is_recorded_with_everything_and_comes_back_the_same() {
    let app = TestApp::new().await;
    let (a, b) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Tbilisi", "GE").await,
    );
    let paper = agreement(&app, json!({"signed_on": "1992"})).await;
    let net = network(&app, "Niemen", json!({})).await;
    let body = json!({
        "kind": "economic_mission", "title": {"en": "Mission", "pl": "Misja"},
        "starts_on": "2009-06", "ends_on": "2009", "mode": "hybrid",
        "place": {"text": "Town hall", "partner_id": b},
        "participants": [{"partner_id": a, "role": "organiser", "office": "mayor", "name": "Jane Q. Example"},
                         {"partner_id": b}],
        "participant_count": 25, "fields": ["economy_trade", "tourism"], "agreement_ids": [paper],
        "network_id": net, "programme": "Interreg", "grant_ref": "PL-1", "outcome": "A letter\nof intent",
        "sources": [{"kind": "press", "title": "Paper"}],
    });
    let made = app.as_registrar().post(ACTIVITIES, body).await.expect(201);
    let location = made.header("location").unwrap().to_owned();
    let read = app.get(&location).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
    let body = read.json();
    let (first, second) = (
        json!({"id": a, "name": "Białystok", "kind": "municipality", "country": "PL"}),
        json!({"id": b, "name": "Tbilisi", "kind": "municipality", "country": "GE"}),
    );
    for (member, expected) in [
        ("kind", json!("economic_mission")),
        ("title", json!({"en": "Mission", "pl": "Misja"})),
        ("starts_on", json!("2009-06")),
        (
            "starts_on_range",
            json!({"earliest": "2009-06-01", "latest": "2009-06-30"}),
        ),
        ("ends_on", json!("2009")),
        (
            "ends_on_range",
            json!({"earliest": "2009-01-01", "latest": "2009-12-31"}),
        ),
        ("mode", json!("hybrid")),
        ("place", json!({"text": "Town hall", "partner": second})),
        (
            "participants",
            json!([
            {"partner": first, "role": "organiser", "office": "mayor", "name": "Jane Q. Example"},
            {"partner": second, "role": "participant"}]),
        ),
        ("participant_count", json!(25)),
        ("fields", json!(["economy_trade", "tourism"])),
        ("agreement_ids", json!([paper])),
        (
            "network",
            json!({"id": net, "name": "Niemen", "kind": "euroregion"}),
        ),
        ("programme", json!("Interreg")),
        ("grant_ref", json!("PL-1")),
        ("outcome", json!("A letter\nof intent")),
        ("status", json!("held")),
        ("version", json!(1)),
    ] {
        assert_eq!(body[member], expected, "{member}");
    }
    let shown = app
        .get(&format!("{location}?include=sources,citations"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &shown["sources"][0]["title"],
            &shown["citations"][0]["pointer"]
        ),
        (&json!("Paper"), &json!(""))
    );
}

#[actix_web::test]
async fn what_is_left_out_is_taken_for_the_usual() {
    let app = TestApp::new().await;
    for (more, status) in [
        (json!({}), "planned"),
        (json!({"starts_on": "2009"}), "held"),
        (json!({"starts_on": "2026-11-23"}), "held"),
        (json!({"starts_on": "2026"}), "planned"),
        (json!({"starts_on": "2027-03"}), "planned"),
        (json!({"starts_on": "[2009..]"}), "planned"),
        (
            json!({"starts_on": "2009", "status": "cancelled"}),
            "cancelled",
        ),
        (
            json!({"starts_on": "2027", "status": "postponed"}),
            "postponed",
        ),
    ] {
        let id = activity(&app, more.clone()).await;
        let body = app
            .get(&format!("{ACTIVITIES}/{id}"))
            .await
            .expect(200)
            .json();
        assert_eq!(
            (&body["status"], &body["mode"]),
            (&json!(status), &json!("in_person")),
            "{more}"
        );
        assert_eq!(
            (
                &body["participants"],
                &body["agreement_ids"],
                body.get("place")
            ),
            (&json!([]), &json!([]), None)
        );
    }
}

#[actix_web::test]
async fn what_is_wrong_with_an_activity_is_told_at_its_places() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    assert_eq!(
        admin
            .post(ACTIVITIES, json!({}))
            .await
            .pointers("validation-failed"),
        ["/kind", "/title"]
    );
    let pointers = admin
        .post(ACTIVITIES, json!({
            "kind": "party", "title": {"en": "x".repeat(301)}, "starts_on": "2010-13", "mode": "far",
            "place": {"text": " ", "partner_id": "x"},
            "participants": [{}, {"partner_id": "net_0000000000", "role": "guest", "office": ""}],
            "participant_count": -1, "fields": ["youth", "yuoth"], "agreement_ids": ["x"], "network_id": "ptn_0000000000",
            "programme": "", "grant_ref": "x".repeat(301), "outcome": "x".repeat(4001), "status": "done", "record_state": "withdrawn",
        }))
        .await
        .pointers("validation-failed");
    assert_eq!(
        pointers,
        [
            "/agreement_ids/0",
            "/fields/1",
            "/grant_ref",
            "/kind",
            "/mode",
            "/network_id",
            "/outcome",
            "/participant_count",
            "/participants/0/partner_id",
            "/participants/1/office",
            "/participants/1/partner_id",
            "/participants/1/role",
            "/place/partner_id",
            "/place/text",
            "/programme",
            "/record_state",
            "/starts_on",
            "/status",
            "/title/en",
        ]
    );
    let body = |more: Value| {
        let mut body = json!({"kind": "fair", "title": {"en": "x"}});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let (absent, paper) = ("ptn_0000000000", agreement(&app, json!({})).await);
    for (more, expected) in [
        (
            json!({"starts_on": "2010", "ends_on": "2009"}),
            vec!["/ends_on"],
        ),
        (
            json!({"agreement_ids": [paper, paper]}),
            vec!["/agreement_ids/1"],
        ),
        (
            json!({"place": {"partner_id": absent}, "participants": [{"partner_id": absent}],
                   "agreement_ids": ["agr_0000000000"], "network_id": "net_0000000000"}),
            vec![
                "/agreement_ids/0",
                "/network_id",
                "/participants/0/partner_id",
                "/place/partner_id",
            ],
        ),
    ] {
        assert_eq!(
            admin
                .post(ACTIVITIES, body(more.clone()))
                .await
                .pointers("validation-failed"),
            expected,
            "{more}"
        );
    }
    admin
        .post(
            ACTIVITIES,
            body(json!({"starts_on": "2010-06", "ends_on": "2010"})),
        )
        .await
        .expect(201);
    for more in [
        json!({"where": "x"}),
        json!({"place": "x"}),
        json!({"place": {"town": "x"}}),
        json!({"participant_count": "5"}),
    ] {
        admin
            .post(ACTIVITIES, body(more))
            .await
            .problem("malformed-request");
    }
}

#[actix_web::test]
async fn who_was_dissolved_is_told_where_it_stands_whoever_else_is_unknown() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let gone =
        json!({"kind": "municipality", "name": "Gone", "country": "PL", "dissolved_on": "2009"});
    let gone = registrar.post("/api/v1/partners", gone).await;
    let (gone, there) = (gone.expect(201).id(), city(&app, "There", "DE").await);
    let participants = ["ptn_0000000000", gone.as_str(), there.as_str()]
        .map(|partner| json!({ "partner_id": partner }));
    let held = json!({"kind": "fair", "title": {"en": "A fair"}, "starts_on": "2015",
                      "participants": participants});
    let problem = registrar
        .post(ACTIVITIES, held)
        .await
        .problem("validation-failed");
    let told = problem["errors"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> = told
        .iter()
        .map(|error| (&error["pointer"], &error["code"]))
        .collect();
    assert_eq!(
        told,
        [
            (
                &json!("/participants/0/partner_id"),
                &json!("unknown_reference")
            ),
            (
                &json!("/participants/1/partner_id"),
                &json!("after_dissolution")
            ),
        ]
    );
}

#[actix_web::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let partner = city(&app, "a", "PL").await;
    let net = network(&app, "Niemen", json!({})).await;
    let paper = agreement(&app, json!({})).await;
    let id = activity(&app, json!({
        "starts_on": "2009", "network_id": net, "agreement_ids": [paper], "place": {"text": "Hall", "partner_id": partner},
        "participants": [{"partner_id": partner, "name": "Jane Q. Example"}]})).await;
    let path = format!("{ACTIVITIES}/{id}");
    let before = app.get(&path).await.expect(200).json();
    let bare = actix_web::test::TestRequest::patch()
        .uri(&path)
        .set_json(json!({}));
    admin.send(bare).await.problem("precondition-required");
    admin
        .patch(&path, "\"9\"", json!({}))
        .await
        .problem("precondition-failed");
    let changed = admin
        .patch(&path, "\"1\"", json!({"outcome": "done"}))
        .await
        .expect(200)
        .json();
    for member in [
        "starts_on",
        "network",
        "agreement_ids",
        "place",
        "participants",
        "status",
        "title",
    ] {
        assert_eq!(changed[member], before[member], "{member}");
    }
    assert_eq!(
        (&changed["version"], &changed["outcome"]),
        (&json!(2), &json!("done"))
    );
    let changed = admin
        .patch(&path, "\"2\"", json!({"place": {"text": null}, "network_id": null, "agreement_ids": [], "starts_on": "2030", "status": null, "participants": null}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &changed["place"]["partner"]["name"],
            changed["place"].get("text")
        ),
        (&json!("a"), None)
    );
    assert_eq!(
        (
            changed.get("network"),
            &changed["agreement_ids"],
            &changed["participants"]
        ),
        (None, &json!([]), &json!([]))
    );
    assert_eq!(
        (&changed["status"], &changed["version"]),
        (&json!("planned"), &json!(3))
    );
    let changed = admin
        .patch(&path, "\"3\"", json!({"place": null}))
        .await
        .expect(200)
        .json();
    assert_eq!(changed.get("place"), None);
    for body in [
        json!({"sources": []}),
        json!({"version": 5}),
        json!({"network": {}}),
    ] {
        admin
            .patch(&path, "\"4\"", body)
            .await
            .problem("malformed-request");
    }
    assert_eq!(
        admin
            .patch(&path, "\"4\"", json!({"title": null}))
            .await
            .pointers("validation-failed"),
        ["/title"]
    );
}

#[actix_web::test]
async fn a_withdrawn_activity_is_found_no_more() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = activity(&app, json!({"starts_on": "2009"})).await;
    let found = async || -> usize {
        let page = app.get(&format!("{ACTIVITIES}?q=meeting")).await;
        page.expect(200).json()["data"].as_array().unwrap().len()
    };
    assert_eq!(found().await, 1);
    admin
        .delete(&format!("{ACTIVITIES}/{id}"), "\"1\"")
        .await
        .expect(204);
    assert_eq!(found().await, 0);
}

#[actix_web::test]
async fn a_participants_name_is_on_the_item_only() {
    let app = TestApp::new().await;
    let partner = city(&app, "a", "PL").await;
    let id = activity(
        &app,
        json!({"starts_on": "2009", "participants": [
        {"partner_id": partner, "office": "mayor", "name": "Jane Q. Example"}]}),
    )
    .await;
    let path = format!("{ACTIVITIES}/{id}");
    assert!(
        app.get(&path)
            .await
            .expect(200)
            .text()
            .contains("Jane Q. Example")
    );
    let body = json!({"participants": [{"partner_id": partner, "office": "mayor", "name": "Jane R. Example"}]});
    app.as_admin().patch(&path, "\"1\"", body).await.expect(200);
    assert!(
        app.get(&path)
            .await
            .expect(200)
            .text()
            .contains("Jane R. Example")
    );
    app.as_admin().delete(&path, "\"2\"").await.expect(204);
    activity(&app, json!({"participants": [{"partner_id": partner, "office": "mayor", "name": "Jane S. Example"}]})).await;
    for path in [
        ACTIVITIES.to_owned(),
        format!("{ACTIVITIES}?include=sources,citations"),
        format!("{path}/history"),
        "/api/v1/changes".to_owned(),
        "/api/v1/search?q=jane".to_owned(),
        format!("/api/v1/partners/{partner}/partnerships"),
    ] {
        let answer = app.get(&path).await;
        assert!(!answer.text().contains("Jane"), "{answer}");
    }
}

#[actix_web::test]
async fn each_filter_lets_through_what_it_says() {
    let app = TestApp::new().await;
    let (a, b, place) = (
        city(&app, "a", "PL").await,
        city(&app, "b", "NL").await,
        city(&app, "c", "GE").await,
    );
    let net = network(&app, "Niemen", json!({})).await;
    let paper = agreement(&app, json!({})).await;
    let titled = |title: &str, more: Value| {
        let mut body = json!({"title": {"en": title}});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    activity(
        &app,
        titled(
            "one",
            json!({"starts_on": "2009", "kind": "fair", "fields": ["youth"], "network_id": net,
        "participants": [{"partner_id": a}, {"partner_id": b}]}),
        ),
    )
    .await;
    activity(&app, titled("two", json!({"starts_on": "2012-06-25", "agreement_ids": [paper], "place": {"partner_id": place},
        "participants": [{"partner_id": a}], "fields": ["sport", "youth"]}))).await;
    app.clock.advance(chrono::TimeDelta::days(1));
    activity(&app, titled("żaden", json!({"status": "cancelled"}))).await;
    for (query, expected) in [
        (format!("partner={a}"), vec!["two", "one"]),
        (format!("partner={b},{place}"), vec!["one"]),
        ("kind=fair,training".to_owned(), vec!["one"]),
        ("status=held".to_owned(), vec!["two", "one"]),
        ("status=cancelled,planned".to_owned(), vec!["żaden"]),
        ("field=youth".to_owned(), vec!["two", "one"]),
        ("field=sport".to_owned(), vec!["two"]),
        (format!("agreement={paper}"), vec!["two"]),
        (format!("network={net}"), vec!["one"]),
        ("network=net_0000000000".to_owned(), vec![]),
        ("country=GE".to_owned(), vec!["two"]),
        ("country=NL".to_owned(), vec!["one"]),
        ("country=PL,NL".to_owned(), vec!["two", "one"]),
        ("updated_since=2026-11-25".to_owned(), vec!["żaden"]),
        ("q=zaden".to_owned(), vec!["żaden"]),
        ("from=2009-06-01".to_owned(), vec!["two", "one"]),
        ("from=2009-06-01&match=certain".to_owned(), vec!["two"]),
        ("from=2010".to_owned(), vec!["two"]),
        ("to=2009-06".to_owned(), vec!["one"]),
        ("to=2009-06&match=certain".to_owned(), vec![]),
        ("to=2009&match=certain".to_owned(), vec!["one"]),
        ("from=2012-06-25&to=2012-06-25".to_owned(), vec!["two"]),
        ("from=2013".to_owned(), vec![]),
    ] {
        let page = app
            .get(&format!("{ACTIVITIES}?{query}"))
            .await
            .expect(200)
            .json();
        assert_eq!(titles(&page), expected, "{query}");
    }
    for query in [
        "kind=party",
        "from=199",
        "status=done",
        "field=x",
        "sort=title",
        "include=events",
        "partner=x",
    ] {
        app.get(&format!("{ACTIVITIES}?{query}"))
            .await
            .problem("malformed-request");
    }
    app.get(&format!("{ACTIVITIES}?starts_from=2009"))
        .await
        .problem("unknown-parameter");
}

#[actix_web::test]
async fn missing_dates_come_last_in_both_directions() {
    let app = TestApp::new().await;
    for starts in [json!("1992"), Value::Null, json!("1992-06"), json!("2001")] {
        activity(&app, json!({"starts_on": starts})).await;
    }
    for (sort, expected) in [
        (
            "starts_on",
            [Some("1992"), Some("1992-06"), Some("2001"), None],
        ),
        (
            "-starts_on",
            [Some("2001"), Some("1992-06"), Some("1992"), None],
        ),
    ] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = app
                .get(&format!("{ACTIVITIES}?sort={sort}&limit=1{cursor}"))
                .await
                .expect(200)
                .json();
            seen.push(page["data"][0]["starts_on"].as_str().map(str::to_owned));
            let Some(next) = page["page"]["next"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, expected.map(|date| date.map(str::to_owned)), "{sort}");
    }
}

#[actix_web::test]
async fn an_editor_records_only_what_the_own_office_takes_part_in() {
    let app = TestApp::new().await;
    let (own, foreign) = (
        city(&app, "own", "PL").await,
        city(&app, "foreign", "NL").await,
    );
    let school = json!({"kind": "school", "name": "School", "country": "PL", "host_id": own});
    let school = app
        .as_admin()
        .post("/api/v1/partners", school)
        .await
        .expect(201)
        .id();
    let editor = app.as_editor_of(&own);
    let body = |partner: &str| json!({"kind": "fair", "title": {"en": "x"}, "participants": [{"partner_id": partner}]});
    let made = editor.post(ACTIVITIES, body(&own)).await.expect(201).id();
    editor.post(ACTIVITIES, body(&school)).await.expect(201);
    editor
        .post(ACTIVITIES, body(&foreign))
        .await
        .problem("forbidden");
    editor
        .post(ACTIVITIES, json!({"kind": "fair", "title": {"en": "x"}}))
        .await
        .problem("forbidden");
    let mut wrong = body(&foreign);
    wrong["kind"] = json!("party");
    editor.post(ACTIVITIES, wrong).await.problem("forbidden");
    let other = app
        .as_admin()
        .post(ACTIVITIES, body(&foreign))
        .await
        .expect(201)
        .id();
    editor
        .patch(
            &format!("{ACTIVITIES}/{made}"),
            "\"1\"",
            json!({"outcome": "x"}),
        )
        .await
        .expect(200);
    editor
        .patch(
            &format!("{ACTIVITIES}/{other}"),
            "\"9\"",
            json!({"kind": "x"}),
        )
        .await
        .problem("forbidden");
    editor
        .delete(&format!("{ACTIVITIES}/{other}"), "\"1\"")
        .await
        .problem("forbidden");
    app.anonymous()
        .post(ACTIVITIES, body(&own))
        .await
        .problem("unauthenticated");
}

#[actix_web::test]
async fn a_renamed_partner_changes_what_shows_it() {
    let app = TestApp::new().await;
    let (guest, place) = (
        city(&app, "Guest", "PL").await,
        city(&app, "Place", "PL").await,
    );
    let id = activity(
        &app,
        json!({"place": {"partner_id": place}, "participants": [{"partner_id": guest}]}),
    )
    .await;
    let path = format!("{ACTIVITIES}/{id}");
    for (partner, name) in [(&guest, "Visitor"), (&place, "Venue")] {
        let before = app.get(&path).await.expect(200).etag();
        let of = format!("/api/v1/partners/{partner}");
        app.as_admin()
            .patch(&of, "\"1\"", json!({"name": name}))
            .await
            .expect(200);
        let after = app.get(&path).await.expect(200);
        assert_ne!(after.etag(), before);
        assert!(after.text().contains(name), "{after}");
    }
}

#[actix_web::test]
async fn a_hundred_activities_take_no_more_statements_than_one() {
    let app = TestApp::without_caches().await;
    let paper = agreement(&app, json!({})).await;
    for n in 0..12 {
        let partner = city(&app, &format!("City {n}"), "PL").await;
        let net = network(&app, &format!("Network {n}"), json!({})).await;
        activity(
            &app,
            json!({"starts_on": "2009", "network_id": net, "agreement_ids": [paper],
            "place": {"partner_id": partner}, "participants": [{"partner_id": partner}]}),
        )
        .await;
    }
    let path =
        format!("{ACTIVITIES}?include=sources,citations&lang=pl&count=true&from=2000&limit=");
    let cost = async |limit: u32| {
        app.get(&format!("{path}{limit}")).await.expect(200);
        let before = app.app.db.statements();
        app.get(&format!("{path}{limit}")).await.expect(200);
        app.app.db.statements() - before
    };
    let (one, hundred) = (cost(1).await, cost(100).await);
    assert!(
        hundred <= one,
        "{one} statements for 1 row, {hundred} for 100"
    );
}
