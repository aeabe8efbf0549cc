//! Changing and withdrawing a membership without an event.

use serde_json::{Value, json};

use super::{MEMBERSHIPS, body, event, events, membership, read};
use crate::agreements::city;
use crate::support::TestApp;

#[actix_web::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = membership(
        &app,
        json!({"admitted_on": "1997", "class": "full", "section": "PL",
        "offices": [{"office": "president", "name": "Jane Q. Example"}]}),
    )
    .await;
    let path = format!("{MEMBERSHIPS}/{id}");
    let via = city(&app, "Association", "PL").await;
    let bare = actix_web::test::TestRequest::patch()
        .uri(&path)
        .set_json(json!({}));
    admin.send(bare).await.problem("precondition-required");
    assert_eq!(
        admin
            .patch(&path, "\"9\"", json!({}))
            .await
            .problem("precondition-failed")["version"],
        1
    );
    let changed = admin
        .patch(
            &path,
            "\"1\"",
            json!({"via_partner_id": via, "class": "associated"}),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &changed["via_partner"]["name"],
            &changed["class"],
            &changed["version"]
        ),
        (&json!("Association"), &json!("associated"), &json!(2))
    );
    assert_eq!(
        (
            &changed["section"],
            &changed["admitted_on"],
            &changed["status"]
        ),
        (&json!("PL"), &json!("1997"), &json!("member"))
    );
    assert_eq!(changed["offices"][0]["name"], "Jane Q. Example");
    let changed = admin
        .patch(&path, "\"2\"", json!({"via_partner_id": null, "class": null, "section": null, "offices": null, "applied_on": "1996"}))
        .await
        .expect(200)
        .json();
    for member in ["via_partner", "class", "section"] {
        assert_eq!(changed.get(member), None, "{member}");
    }
    assert_eq!(
        (&changed["offices"], &changed["applied_on"]),
        (&json!([]), &json!("1996"))
    );
    for wrong in [
        json!({"status": "ended"}),
        json!({"events": []}),
        json!({"initial_status": "ended"}),
        json!({"sources": []}),
        json!({"version": 1}),
    ] {
        admin
            .patch(&path, "\"3\"", wrong)
            .await
            .problem("malformed-request");
    }
    let (partner, network) = (
        city(&app, "x", "PL").await,
        crate::networks::network(&app, "x", json!({})).await,
    );
    for (wrong, expected) in [
        (
            json!({"partner_id": partner, "network_id": network}),
            vec!["/network_id", "/partner_id"],
        ),
        (json!({"partner_id": null}), vec!["/partner_id"]),
        (json!({"ended_on": "2005"}), vec!["/ended_on"]),
        (json!({"class": "observer"}), vec!["/class"]),
        (json!({"applied_on": "1998"}), vec!["/admitted_on"]),
        (json!({"admitted_on": "2027"}), vec!["/admitted_on"]),
    ] {
        assert_eq!(
            admin
                .patch(&path, "\"3\"", wrong.clone())
                .await
                .pointers("validation-failed"),
            expected,
            "{wrong}"
        );
    }
    assert_eq!(read(&app, &id).await["version"], 3);
    let applied = membership(&app, json!({"applied_on": "1997"})).await;
    let pointers = admin
        .patch(
            &format!("{MEMBERSHIPS}/{applied}"),
            "\"1\"",
            json!({"admitted_on": "1998"}),
        )
        .await;
    assert_eq!(pointers.pointers("validation-failed"), ["/admitted_on"]);
}

#[actix_web::test]
async fn changing_dates_moves_their_events_by_corrections() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    for dates in [
        // Each beyond where the next one stood, in both directions.
        json!({"applied_on": "2006", "admitted_on": "2008-01", "ended_on": "2010-05-05"}),
        json!({"applied_on": "1986", "admitted_on": "1987", "ended_on": "1990"}),
        json!({"applied_on": "1996-05", "admitted_on": "1997-06-06", "ended_on": "2005-01"}),
    ] {
        let id = membership(
            &app,
            json!({"applied_on": "1996", "admitted_on": "1997", "ended_on": "2005"}),
        )
        .await;
        let path = format!("{MEMBERSHIPS}/{id}");
        let before = app.revision().await;
        admin.patch(&path, "\"1\"", dates.clone()).await.expect(200);
        assert_eq!(app.revision().await, before + 1);
        let shown = read(&app, &id).await;
        for member in ["applied_on", "admitted_on", "ended_on"] {
            assert_eq!(shown[member], dates[member], "{member}");
        }
        assert_eq!(
            (&shown["status"], &shown["status_since"]),
            (&json!("ended"), &dates["ended_on"])
        );
        let all = events(&app, &id).await;
        let counting: Vec<_> = all
            .iter()
            .filter(|event| event.get("corrected_by").is_none())
            .map(|event| event["effective_on"].clone())
            .collect();
        assert_eq!(
            (all.len(), Value::from(counting)),
            (
                6,
                json!([dates["applied_on"], dates["admitted_on"], dates["ended_on"]])
            )
        );
    }
    let id = membership(&app, json!({"initial_status": "member"})).await;
    admin
        .patch(
            &format!("{MEMBERSHIPS}/{id}"),
            "\"1\"",
            json!({"admitted_on": "1997"}),
        )
        .await
        .expect(200);
    let then = app
        .get(&format!("{MEMBERSHIPS}?as_of=1996-01-01&status=member"))
        .await
        .expect(200)
        .json();
    assert_eq!(then["data"], json!([]));
    assert_eq!(read(&app, &id).await["status_since"], "1997");
}

#[actix_web::test]
async fn no_date_is_said_otherwise_than_the_events_tell_it() {
    let app = TestApp::new().await;
    let member = json!({"action": "register", "to_status": "member", "effective_on": "1997"});
    let lapse = json!({"action": "lapse", "effective_on": "2010"});
    let past = |more: Value| {
        let mut past = json!({"events": [member, lapse],
            "sources": [{"kind": "network_directory", "title": "Members"}]});
        let more = more.as_object().unwrap().clone();
        past.as_object_mut().unwrap().extend(more);
        past
    };
    for (more, at) in [
        (json!({"applied_on": "1999"}), "/applied_on"),
        (json!({"admitted_on": "2003"}), "/admitted_on"),
        (json!({"ended_on": "2005"}), "/ended_on"),
    ] {
        let right = body(&app, past(more.clone())).await;
        let refused = app.as_registrar().post(MEMBERSHIPS, right).await;
        assert_eq!(refused.pointers("validation-failed"), [at], "{more}");
        let id = membership(&app, past(json!({}))).await;
        let path = format!("{MEMBERSHIPS}/{id}");
        let refused = app.as_registrar().patch(&path, "\"1\"", more.clone()).await;
        if at == "/ended_on" {
            // The event that brought it moves.
            assert_eq!(refused.expect(200).json()["status_since"], "2005");
        } else {
            assert_eq!(refused.pointers("validation-failed"), [at], "{more}");
        }
    }
    let fits = json!({"applied_on": "1996", "admitted_on": "1997-06-06", "ended_on": "2010-05"});
    let id = membership(&app, past(fits)).await;
    assert_eq!(read(&app, &id).await["admitted_on"], "1997-06-06");
}

#[actix_web::test]
async fn an_event_is_asked_about_the_dates_that_are_said() {
    let app = TestApp::new().await;
    let sourced = |events: Value, more: Value| {
        let mut past = json!({"events": events,
            "sources": [{"kind": "network_directory", "title": "Members"}]});
        let more = more.as_object().unwrap().clone();
        past.as_object_mut().unwrap().extend(more);
        past
    };
    let member = json!({"action": "register", "to_status": "member", "effective_on": "1997"});
    let lapse = json!({"action": "lapse", "effective_on": "2010"});
    let past = sourced(json!([member, lapse]), json!({"applied_on": "1996"}));
    let id = membership(&app, past).await;
    let first = events(&app, &id).await[0]["id"].clone();
    let correct = |on: &str| {
        json!({"action": "correct", "effective_on": on, "corrects_event_id": first,
            "reason_text": "the day was wrong"})
    };
    let refused = event(&app, &id, correct("1990")).await;
    assert_eq!(refused.pointers("guard-failed"), ["/effective_on"]);
    event(&app, &id, correct("1996-06")).await.expect(201);
    // An observer is admitted when it changes class; a withdrawal that was declared takes effect later.
    let observer = json!({"action": "register", "to_status": "observer", "effective_on": "1990"});
    let full = json!({"action": "change_class", "effective_on": "2005", "class": "full"});
    let leaves = json!({"action": "withdraw", "effective_on": "2010-06", "reason_code": "budget"});
    let found = json!({"action": "register", "to_status": "suspended", "class": "observer", "effective_on": "2004"});
    let resumed = json!({"action": "resume", "effective_on": "2004-06"});
    for past in [
        sourced(json!([observer, full]), json!({"admitted_on": "2005"})),
        // Who is found as an observer may have been admitted before anything that is told.
        sourced(
            json!([found, resumed, full]),
            json!({"admitted_on": "1995"}),
        ),
        sourced(json!([member, leaves]), json!({"ended_on": "2010-12-31"})),
    ] {
        membership(&app, past).await;
    }
    // Nothing else that ends it does so later.
    let late = sourced(json!([member, lapse]), json!({"ended_on": "2024"}));
    let late = body(&app, late).await;
    let refused = app.as_registrar().post(MEMBERSHIPS, late).await;
    assert_eq!(refused.pointers("validation-failed"), ["/ended_on"]);
}

#[actix_web::test]
async fn the_day_of_admission_follows_the_event_that_brought_it() {
    let app = TestApp::new().await;
    let member = json!({"action": "register", "to_status": "member", "effective_on": "1997"});
    let observer = json!({"action": "register", "to_status": "observer", "effective_on": "1990"});
    let full = json!({"action": "change_class", "effective_on": "2005", "class": "full"});
    let rises = json!([observer, full]);
    let joins = json!([member]);
    for (past, admitted, correction, then) in [
        (
            &rises,
            "2005",
            json!({"effective_on": "2006"}),
            Some("2006"),
        ),
        (
            &rises,
            "2005",
            json!({"effective_on": "2005", "to_status": "observer"}),
            None,
        ),
        (
            &joins,
            "1997-06-06",
            json!({"effective_on": "1998"}),
            Some("1998"),
        ),
        // A better known day stays as long as it fits.
        (
            &joins,
            "1997-06-06",
            json!({"effective_on": "1997-06"}),
            Some("1997-06-06"),
        ),
    ] {
        let past = json!({"events": past, "admitted_on": admitted,
            "sources": [{"kind": "network_directory", "title": "Members"}]});
        let id = membership(&app, past).await;
        let last = events(&app, &id).await.pop().unwrap();
        let mut body = json!({"action": "correct", "corrects_event_id": last["id"],
            "reason_text": "the day was wrong"});
        let more = correction.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        event(&app, &id, body).await.expect(201);
        let now = read(&app, &id).await;
        assert_eq!(now["admitted_on"].as_str(), then, "{correction}");
    }
}

#[actix_web::test]
async fn a_class_may_be_put_right_as_long_as_the_status_stays() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let id = membership(&app, json!({"admitted_on": "1997", "class": "full"})).await;
    let wrong = json!({"action": "change_class", "effective_on": "2001", "class": "observer"});
    let wrong = event(&app, &id, wrong).await.expect(201).id();
    let never = json!({"action": "correct", "effective_on": "2001", "to_status": "member", "corrects_event_id": wrong, "reason_text": "misread"});
    event(&app, &id, never).await.expect(201);
    let path = format!("{MEMBERSHIPS}/{id}");
    let changed = admin
        .patch(&path, "\"3\"", json!({"class": "full"}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&changed["class"], &changed["status"]),
        (&json!("full"), &json!("member"))
    );
    // An observer of no class stays one through a patch of something else.
    let source = json!({"kind": "press", "title": "x"});
    let past = json!({"events": [{"action": "register", "to_status": "observer", "effective_on": "2001", "source": source}]});
    let id = membership(&app, past).await;
    let path = format!("{MEMBERSHIPS}/{id}");
    admin
        .patch(&path, "\"1\"", json!({"section": "PL"}))
        .await
        .expect(200);
    assert_eq!(
        admin
            .patch(&path, "\"2\"", json!({"class": "full"}))
            .await
            .pointers("validation-failed"),
        ["/class"]
    );
}

#[actix_web::test]
async fn a_withdrawn_membership_is_no_longer_in_the_way() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let right = body(&app, json!({"admitted_on": "1997"})).await;
    let id = admin
        .post(MEMBERSHIPS, right.clone())
        .await
        .expect(201)
        .id();
    let path = format!("{MEMBERSHIPS}/{id}");
    admin.delete(&path, "\"1\"").await.expect(204);
    app.get(&format!("{path}/events"))
        .await
        .problem("withdrawn");
    event(
        &app,
        &id,
        json!({"action": "lapse", "effective_on": "2001"}),
    )
    .await
    .problem("withdrawn");
    for list in [
        MEMBERSHIPS.to_owned(),
        format!("{MEMBERSHIPS}?as_of=2001-01-01"),
        format!(
            "/api/v1/networks/{}/members",
            right["network_id"].as_str().unwrap()
        ),
    ] {
        assert_eq!(
            app.get(&list).await.expect(200).json()["data"],
            json!([]),
            "{list}"
        );
    }
    admin
        .delete(
            &format!("/api/v1/networks/{}", right["network_id"].as_str().unwrap()),
            "\"1\"",
        )
        .await
        .expect(204);
    app.get(&format!("{MEMBERSHIPS}/mbr_0000000000/events"))
        .await
        .problem("not-found");
}

#[actix_web::test]
async fn the_name_of_who_holds_an_office_is_on_the_item_only() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let office =
        |name: &str| json!({"offices": [{"office": "president", "name": name, "since": "2001"}]});
    let mut more = office("Jane Q. Example");
    more["admitted_on"] = json!("1997");
    let id = membership(&app, more.clone()).await;
    let path = format!("{MEMBERSHIPS}/{id}");
    let shown = read(&app, &id).await;
    assert_eq!(shown["offices"][0]["name"], "Jane Q. Example");
    admin
        .patch(&path, "\"1\"", office("Jane R. Example"))
        .await
        .expect(200);
    event(
        &app,
        &id,
        json!({"action": "suspend", "effective_on": "2010", "reason_code": "budget"}),
    )
    .await
    .expect(201);
    assert_eq!(
        read(&app, &id).await["offices"][0]["name"],
        "Jane R. Example"
    );
    let gone = membership(&app, more).await;
    admin
        .delete(&format!("{MEMBERSHIPS}/{gone}"), "\"1\"")
        .await
        .expect(204);
    let (network, partner) = (
        shown["network"]["id"].as_str().unwrap(),
        shown["partner"]["id"].as_str().unwrap(),
    );
    for path in [
        MEMBERSHIPS.to_owned(),
        format!("{MEMBERSHIPS}?include=events,sources,citations&as_of=2020-01-01"),
        format!("/api/v1/networks/{network}/members"),
        format!("/api/v1/networks/{network}/members?as_of=2005-01-01"),
        format!("{path}/history"),
        format!("{path}/events"),
        format!("{MEMBERSHIPS}/{gone}"),
        "/api/v1/changes".to_owned(),
        "/api/v1/search?q=jane".to_owned(),
        format!("/api/v1/partners/{partner}/partnerships"),
    ] {
        let answer = app.get(&path).await;
        assert!(!answer.text().contains("Jane"), "{answer}");
    }
    let listed = app.get(MEMBERSHIPS).await.expect(200).json();
    assert_eq!(
        listed["data"][0]["offices"],
        json!([{"office": "president", "since": "2001"}])
    );
    assert_eq!(listed["data"][0].get("allowed"), None);
}

#[actix_web::test]
async fn an_editor_edits_the_memberships_of_the_own_office() {
    let app = TestApp::new().await;
    let right = body(&app, json!({"admitted_on": "1997"})).await;
    let own = right["partner_id"].as_str().unwrap();
    let editor = app.as_editor_of(own);
    let made = editor
        .post(MEMBERSHIPS, right.clone())
        .await
        .expect(201)
        .id();
    let foreign = city(&app, "foreign", "PL").await;
    let mut wrong = right.clone();
    wrong["partner_id"] = json!(foreign);
    editor
        .post(MEMBERSHIPS, wrong.clone())
        .await
        .problem("forbidden");
    // Rights come before rules.
    wrong["network_id"] = json!("x");
    editor.post(MEMBERSHIPS, wrong).await.problem("forbidden");
    let school = json!({"kind": "school", "name": "School", "country": "PL", "host_id": own});
    let school = app
        .as_admin()
        .post("/api/v1/partners", school)
        .await
        .expect(201)
        .id();
    let mut hosted = right.clone();
    hosted["partner_id"] = json!(school);
    editor.post(MEMBERSHIPS, hosted).await.expect(201);
    editor
        .patch(
            &format!("{MEMBERSHIPS}/{made}"),
            "\"1\"",
            json!({"class": "full"}),
        )
        .await
        .expect(200);
    let other = membership(&app, json!({"admitted_on": "1997"})).await;
    editor
        .patch(
            &format!("{MEMBERSHIPS}/{other}"),
            "\"9\"",
            json!({"class": ""}),
        )
        .await
        .problem("forbidden");
    editor
        .delete(&format!("{MEMBERSHIPS}/{other}"), "\"9\"")
        .await
        .problem("forbidden");
    editor
        .delete(&format!("{MEMBERSHIPS}/{made}"), "\"2\"")
        .await
        .expect(204);
    app.anonymous()
        .post(MEMBERSHIPS, right)
        .await
        .problem("unauthenticated");
}
