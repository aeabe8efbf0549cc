//! Partners are founded and dissolved, and what is said of them lies within.

use chrono::TimeDelta;
use serde_json::{Value, json};
use twincity::service::daily;

use crate::agreements::{AGREEMENTS, city};
use crate::networks::network;
use crate::support::TestApp;

const PARTNERS: &str = "/api/v1/partners";
const MEMBERSHIPS: &str = "/api/v1/memberships";

async fn partner(app: &TestApp, name: &str, more: Value) -> String {
    let mut body = json!({"kind": "municipality", "name": name, "country": "PL"});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    app.as_registrar()
        .post(PARTNERS, body)
        .await
        .expect(201)
        .id()
}

async fn read(app: &TestApp, path: &str) -> Value {
    app.get(path).await.expect(200).json()
}

fn codes(record: &Value, member: &str) -> Vec<String> {
    let all = record[member].as_array().cloned().unwrap_or_default();
    all.iter()
        .map(|one| one["code"].as_str().or(one.as_str()).unwrap().to_owned())
        .collect()
}

fn protocol(a: &str, b: &str, signed_on: &str) -> Value {
    json!({"instrument": "protocol", "signed_on": signed_on,
        "parties": [{"partner_id": a}, {"partner_id": b}]})
}

#[actix_web::test]
async fn a_partner_whose_end_has_passed_is_dissolved_by_the_write_or_by_the_day() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let past = partner(&app, "Past", json!({"dissolved_on": "2009"})).await;
    let past = format!("{PARTNERS}/{past}");
    assert_eq!(read(&app, &past).await["existence"], "dissolved");
    registrar
        .post(
            PARTNERS,
            json!({"kind": "municipality", "name": "X", "country": "PL",
            "dissolved_on": "2009", "existence": "active"}),
        )
        .await
        .problem("validation-failed");
    for patch in [
        json!({"existence": "active"}),
        json!({"dissolved_on": "2030"}),
    ] {
        registrar
            .patch(&past, "*", patch)
            .await
            .problem("validation-failed");
    }
    // Clearing the date leaves the partner dissolved; saying both at once is consistent.
    registrar
        .patch(&past, "*", json!({"dissolved_on": null}))
        .await
        .expect(200);
    assert_eq!(read(&app, &past).await["existence"], "dissolved");
    registrar
        .patch(
            &past,
            "*",
            json!({"dissolved_on": "2030", "existence": "active"}),
        )
        .await
        .expect(200);
    let again = registrar
        .patch(&past, "*", json!({"dissolved_on": "2010"}))
        .await
        .expect(200);
    assert_eq!(again.json()["existence"], "dissolved");

    let soon = partner(&app, "Soon", json!({"dissolved_on": "2026-11-30"})).await;
    let soon = format!("{PARTNERS}/{soon}");
    app.clock.advance(TimeDelta::days(6));
    daily::run_once(&app.app, "test").await.unwrap().unwrap();
    assert_eq!(read(&app, &soon).await["existence"], "active");
    app.clock.advance(TimeDelta::days(1));
    let reports = daily::run_once(&app.app, "test").await.unwrap().unwrap();
    assert_eq!(reports.iter().map(|report| report.done).sum::<usize>(), 1);
    let now = read(&app, &soon).await;
    assert_eq!(
        (&now["existence"], &now["version"]),
        (&json!("dissolved"), &json!(2))
    );
    let history = read(&app, &format!("{soon}/history")).await;
    assert_eq!(history["data"].as_array().unwrap().len(), 2);
    // One that was withdrawn meanwhile is dissolved when it is restored.
    let later = partner(&app, "Later", json!({"dissolved_on": "2026-12-05"})).await;
    let path = format!("{PARTNERS}/{later}");
    registrar.delete(&path, "*").await.expect(204);
    app.clock.advance(TimeDelta::days(30));
    registrar
        .post(&format!("{path}/restore"), json!({}))
        .await
        .expect(200);
    assert_eq!(read(&app, &path).await["existence"], "dissolved");
}

#[actix_web::test]
async fn nobody_signs_after_its_end() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let other = city(&app, "Other", "DE").await;
    let gone = partner(&app, "Gone", json!({"dissolved_on": "2009"})).await;
    let at = registrar
        .post(AGREEMENTS, protocol(&gone, &other, "2020"))
        .await
        .pointers("validation-failed");
    assert_eq!(at, ["/signed_on"]);
    // Its own signature counts, else its accession, else the agreement's.
    let mut own = protocol(&gone, &other, "2020");
    own["parties"][0]["signed_on"] = json!("2008");
    registrar.post(AGREEMENTS, own.clone()).await.expect(201);
    own["parties"][0]["signed_on"] = json!("2010");
    own["instrument"] = json!("convention");
    let at = registrar
        .post(AGREEMENTS, own)
        .await
        .pointers("validation-failed");
    assert_eq!(at, ["/parties/0/signed_on"]);
    let possible = registrar
        .post(AGREEMENTS, {
            let mut body = protocol(&gone, &other, "2009");
            body["instrument"] = json!("joint_declaration");
            body
        })
        .await
        .expect(201)
        .json();
    assert_eq!(codes(&possible, "warnings"), ["maybe_after_dissolution"]);
    // By events: signing, acceding, taking somebody's place.
    let mut proposed = protocol(&gone, &other, "2009");
    proposed.as_object_mut().unwrap().remove("signed_on");
    proposed["instrument"] = json!("exchange_of_letters");
    let proposed = registrar.post(AGREEMENTS, proposed).await.expect(201).id();
    let problem = registrar
        .post(
            &format!("{AGREEMENTS}/{proposed}/events"),
            json!({"action": "sign", "effective_on": "2015"}),
        )
        .await
        .problem("guard-failed");
    assert_eq!(problem["errors"][0]["code"], "after_dissolution");
    let third = city(&app, "Third", "FR").await;
    let open = registrar
        .post(AGREEMENTS, protocol(&other, &third, "1990"))
        .await
        .expect(201)
        .id();
    for event in [
        json!({"action": "accede", "effective_on": "2015", "party": gone}),
        json!({"action": "succeed_party", "effective_on": "2015", "party": third, "successor_id": gone}),
    ] {
        let events = format!("{AGREEMENTS}/{open}/events");
        registrar
            .post(&events, event.clone())
            .await
            .problem("guard-failed");
        let mut in_time = event;
        in_time["effective_on"] = json!("2005");
        registrar
            .post(&format!("{events}?dry_run=true"), in_time)
            .await
            .expect(200);
    }
    // PATCH of the date of a signature.
    let early = registrar
        .post(AGREEMENTS, {
            let mut body = protocol(&gone, &other, "1995");
            body["instrument"] = json!("memorandum_of_understanding");
            body
        })
        .await
        .expect(201)
        .id();
    let at = registrar
        .patch(
            &format!("{AGREEMENTS}/{early}"),
            "*",
            json!({"signed_on": "2015"}),
        )
        .await
        .pointers("validation-failed");
    assert_eq!(at, ["/signed_on"]);
}

#[actix_web::test]
async fn a_dissolution_learnt_later_and_a_founding_are_flagged() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let (a, b) = (city(&app, "A", "PL").await, city(&app, "B", "DE").await);
    let id = registrar
        .post(AGREEMENTS, protocol(&a, &b, "2020"))
        .await
        .expect(201)
        .id();
    let path = format!("{AGREEMENTS}/{id}");
    let flag = async |name: &str| {
        codes(&read(&app, &path).await, "quality_flags").contains(&name.to_owned())
    };
    assert!(!flag("after_dissolution").await);
    let partner_path = format!("{PARTNERS}/{a}");
    registrar
        .patch(&partner_path, "*", json!({"dissolved_on": "2009"}))
        .await
        .expect(200);
    assert!(flag("after_dissolution").await);
    assert_eq!(
        codes(&read(&app, &path).await, "warnings"),
        ["after_dissolution"]
    );
    // What is so already stands in nobody's way.
    registrar
        .patch(&path, "*", json!({"signed_at": "Kraków"}))
        .await
        .expect(200);
    assert!(flag("after_dissolution").await);
    registrar
        .patch(&partner_path, "*", json!({"dissolved_on": null}))
        .await
        .expect(200);
    assert!(!flag("after_dissolution").await);

    let young = partner(&app, "Young", json!({"founded_on": "2000"})).await;
    let old = registrar
        .post(AGREEMENTS, protocol(&young, &b, "1500"))
        .await
        .expect(201)
        .json();
    assert_eq!(codes(&old, "warnings"), ["before_founding"]);
    assert!(codes(&old, "quality_flags").contains(&"before_founding".to_owned()));
    // A successor that took a place by event stands for its predecessor.
    let many = registrar
        .post(
            AGREEMENTS,
            json!({"instrument": "convention", "signed_on": "1991",
            "parties": [{"partner_id": a}, {"partner_id": b}]}),
        )
        .await
        .expect(201)
        .id();
    registrar
        .post(
            &format!("{AGREEMENTS}/{many}/events"),
            json!({"action": "succeed_party",
            "effective_on": "2005", "party": a, "successor_id": young}),
        )
        .await
        .expect(201);
    let many = read(&app, &format!("{AGREEMENTS}/{many}")).await;
    assert!(many["warnings"].is_null(), "{many}");
    assert!(!codes(&many, "quality_flags").contains(&"before_founding".to_owned()));
    let vocabulary = read(&app, "/api/v1/vocabularies/quality_flag").await;
    for code in ["before_founding", "after_dissolution"] {
        let found = vocabulary["codes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["code"] == code);
        assert!(found.unwrap()["label"]["pl"].is_string());
    }
}

#[actix_web::test]
async fn memberships_activities_and_seats_lie_within_lives_too() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let gone = partner(&app, "Gone", json!({"dissolved_on": "2009"})).await;
    let alive = city(&app, "Alive", "PL").await;
    let over = network(
        &app,
        "Over",
        json!({"founded_on": "1990", "dissolved_on": "2000"}),
    )
    .await;
    let open = network(&app, "Open", json!({"founded_on": "1990"})).await;
    for (partner, net, on, at) in [
        (&gone, &open, "2015", "/admitted_on"),
        (&alive, &over, "2005", "/admitted_on"),
    ] {
        let found = registrar
            .post(
                MEMBERSHIPS,
                json!({"partner_id": partner, "network_id": net, "admitted_on": on,
                "ended_on": "2020", "initial_status": "ended"}),
            )
            .await
            .pointers("validation-failed");
        assert_eq!(found[0], at);
    }
    let early = registrar
        .post(
            MEMBERSHIPS,
            json!({"partner_id": alive, "network_id": open, "admitted_on": "1980"}),
        )
        .await
        .expect(201)
        .json();
    assert_eq!(codes(&early, "warnings"), ["before_founding"]);
    let asked = registrar
        .post(
            MEMBERSHIPS,
            json!({"partner_id": gone, "network_id": open, "applied_on": "2008"}),
        )
        .await
        .expect(201)
        .id();
    let problem = registrar
        .post(
            &format!("{MEMBERSHIPS}/{asked}/events"),
            json!({"action": "admit", "effective_on": "2015"}),
        )
        .await
        .problem("guard-failed");
    assert_eq!(problem["errors"][0]["code"], "after_dissolution");
    registrar
        .post(
            &format!("{MEMBERSHIPS}/{asked}/events"),
            json!({"action": "admit", "effective_on": "2009"}),
        )
        .await
        .expect(201);
    let visit = json!({"kind": "meeting", "title": {"en": "A meeting"}, "starts_on": "2015",
        "participants": [{"partner_id": alive}, {"partner_id": gone}]});
    let at = registrar
        .post("/api/v1/activities", visit.clone())
        .await
        .pointers("validation-failed");
    assert_eq!(at, ["/participants/1/partner_id"]);
    let mut before = visit;
    before["starts_on"] = json!("2008");
    let held = registrar
        .post("/api/v1/activities", before)
        .await
        .expect(201)
        .id();
    let at = registrar
        .patch(
            &format!("/api/v1/activities/{held}"),
            "*",
            json!({"starts_on": "2012"}),
        )
        .await
        .pointers("validation-failed");
    assert_eq!(at, ["/participants/1/partner_id"]);
    let at = registrar
        .post(
            "/api/v1/networks",
            json!({"kind": "city_network", "name": "New",
            "founded_on": "2015", "seat_partner_id": gone}),
        )
        .await
        .pointers("validation-failed");
    assert_eq!(at, ["/seat_partner_id"]);
}

#[actix_web::test]
async fn memberships_of_one_partner_and_network_do_not_overlap() {
    let app = TestApp::new().await;
    let registrar = app.as_registrar();
    let (partner, net) = (
        city(&app, "A", "PL").await,
        network(&app, "N", json!({})).await,
    );
    let body = |from: &str, to: Option<&str>| {
        let mut body = json!({"partner_id": partner, "network_id": net, "admitted_on": from});
        if let Some(to) = to {
            body["ended_on"] = json!(to);
            body["initial_status"] = json!("ended");
        }
        body
    };
    let first = registrar
        .post(MEMBERSHIPS, body("1997", Some("2005")))
        .await
        .expect(201)
        .id();
    for (from, to) in [
        ("2000", Some("2010")),
        ("1990", Some("2010")),
        ("2003-05", None),
    ] {
        let problem = registrar
            .post(MEMBERSHIPS, body(from, to))
            .await
            .problem("duplicate-agreement");
        assert_eq!(problem["duplicate_of"], json!(first), "{from}");
    }
    // In the same year it is possible, and odd; in another section it is another membership.
    let again = registrar
        .post(MEMBERSHIPS, body("2005", None))
        .await
        .expect(201)
        .json();
    assert_eq!(codes(&again, "warnings"), ["maybe_overlapping_membership"]);
    let mut section = body("2000", Some("2010"));
    section["section"] = json!("PL");
    let section = registrar.post(MEMBERSHIPS, section).await.expect(201).id();
    registrar
        .patch(
            &format!("{MEMBERSHIPS}/{section}"),
            "*",
            json!({"section": null}),
        )
        .await
        .problem("duplicate-agreement");
    // By PATCH, and by undoing a withdrawal.
    let path = format!("{MEMBERSHIPS}/{}", again["id"].as_str().unwrap());
    registrar
        .patch(&path, "*", json!({"admitted_on": "2001"}))
        .await
        .problem("duplicate-agreement");
    registrar
        .patch(&path, "*", json!({"admitted_on": "2006"}))
        .await
        .expect(200);
    let first = format!("{MEMBERSHIPS}/{first}");
    registrar.delete(&first, "*").await.expect(204);
    registrar
        .patch(&path, "*", json!({"admitted_on": "2001"}))
        .await
        .expect(200);
    registrar
        .post(&format!("{first}/restore"), json!({}))
        .await
        .problem("duplicate-agreement");
}

#[actix_web::test]
async fn what_is_wrong_with_a_part_is_told_at_its_place_whatever_else_is_wrong() {
    let app = TestApp::new().await;
    let gone = partner(&app, "Gone", json!({"dissolved_on": "2009"})).await;
    let (here, there) = (
        city(&app, "Here", "PL").await,
        city(&app, "There", "DE").await,
    );
    let registrar = app.as_registrar();
    let later = registrar.post(AGREEMENTS, protocol(&here, &there, "2021"));
    let later = later.await.expect(201).id();
    let earlier = registrar.post(AGREEMENTS, protocol(&here, &there, "2001"));
    let earlier = earlier.await.expect(201).id();
    let wrong = json!({
        "instrument": "convention", "signed_on": "2008",
        "parties": [
            {"partner_id": "nonsense"}, {"partner_id": "ptn_0000000000"},
            {"partner_id": gone, "signed_on": "2015"}, {"partner_id": here},
        ],
        "sources": [{"source_id": "nonsense"}, {"source_id": "src_0000000000"}],
        "supersedes": ["agr_0000000000", later],
    });
    let at = registrar
        .post(AGREEMENTS, wrong.clone())
        .await
        .pointers("validation-failed");
    let parts = [
        "/parties/0/partner_id",
        "/parties/1/partner_id",
        "/parties/2/signed_on",
        "/sources/0/source_id",
        "/sources/1/source_id",
    ];
    assert_eq!(at, [&parts[..], &["/supersedes/0"]].concat());
    // Those of a list whose place nobody knows any more are asked about when what is before them is right.
    for (supersedes, wrong) in [
        (json!(["nonsense", earlier, later]), &["/supersedes/0"][..]),
        (
            json!(["agr_0000000000", earlier, later]),
            &["/supersedes/0"],
        ),
        (json!([later]), &["/supersedes/0"]),
        (
            json!([later, "nonsense"]),
            &["/supersedes/0", "/supersedes/1"],
        ),
        (json!([later, later]), &["/supersedes/0", "/supersedes/1"]),
        (
            json!([later, "agr_0000000000"]),
            &["/supersedes/0", "/supersedes/1"],
        ),
    ] {
        let mut listed = protocol(&here, &there, "2008");
        listed["supersedes"] = supersedes.clone();
        let at = registrar.post(AGREEMENTS, listed).await;
        assert_eq!(at.pointers("validation-failed"), wrong, "{supersedes}");
    }
}
