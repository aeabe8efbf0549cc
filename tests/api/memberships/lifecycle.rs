//! Events of a membership: what is possible, what is missing, what follows.

use serde_json::{Value, json};

use super::{MEMBERSHIPS, event, events, membership, read};
use crate::networks::network;
use crate::support::TestApp;

const STATUSES: [&str; 9] = [
    "applied",
    "consent_pending",
    "member",
    "observer",
    "suspended",
    "withdrawn",
    "excluded",
    "lapsed",
    "ended",
];

/// Every action, from where it is possible, and where it leads a member of no class.
const ACTIONS: [(&str, &[usize], Option<&str>); 13] = [
    ("register", &[], None),
    ("apply", &[], None),
    ("resolve", &[0], Some("consent_pending")),
    ("admit", &[0, 1, 3], Some("member")),
    ("refuse", &[0, 1], Some("ended")),
    ("suspend", &[2, 3], Some("suspended")),
    ("resume", &[4], Some("member")),
    ("change_class", &[2, 3, 4], Some("member")),
    ("withdraw", &[0, 1, 2, 3, 4], Some("withdrawn")),
    ("exclude", &[0, 1, 2, 3, 4], Some("excluded")),
    ("lapse", &[0, 1, 2, 3, 4], Some("lapsed")),
    ("end", &[0, 1, 2, 3, 4], Some("ended")),
    ("note", &[0, 1, 2, 3, 4, 5, 6, 7, 8], None),
];

/// What the action needs, on this day.
fn doing(action: &str, on: &str) -> Value {
    let mut body = json!({"action": action, "effective_on": on});
    match action {
        "register" => body["to_status"] = json!("member"),
        "refuse" | "suspend" | "withdraw" | "exclude" => body["reason_code"] = json!("not_stated"),
        "change_class" => body["class"] = json!("full"),
        "note" => {
            body["note"] = json!("a visit");
            body["source"] = json!({"kind": "press", "title": "Paper"});
        }
        _ => {}
    }
    body
}

#[actix_web::test]
async fn every_action_from_every_status() {
    let app = TestApp::new().await;
    for (index, status) in STATUSES.iter().enumerate() {
        let id = membership(&app, json!({"initial_status": status})).await;
        let shown = read(&app, &id).await;
        let allowed: Vec<&str> = ACTIONS
            .iter()
            .filter(|(action, from, _)| from.contains(&index) && *action != "note")
            .map(|(action, ..)| *action)
            .collect();
        assert_eq!(shown["allowed"], json!(allowed), "{status}");
        for (action, from, to) in ACTIONS {
            let path = format!("{MEMBERSHIPS}/{id}/events?dry_run=true");
            let answer = app
                .as_registrar()
                .post(&path, doing(action, "2026-11-24"))
                .await;
            if from.contains(&index) {
                let made = answer.expect(200).json();
                let stays =
                    action == "note" || (action == "change_class" && *status == "suspended");
                let expected = if stays { status } else { to.unwrap() };
                assert_eq!(
                    (&made["from_status"], &made["to_status"]),
                    (&json!(status), &json!(expected)),
                    "{action} from {status}"
                );
            } else {
                let problem = answer.problem("illegal-transition");
                assert_eq!(
                    (&problem["allowed"], &problem["current_status"]),
                    (&json!(allowed), &json!(status)),
                    "{action} from {status}"
                );
            }
        }
        assert_eq!(read(&app, &id).await["version"], 1);
    }
}

#[actix_web::test]
async fn a_whole_life_step_by_step() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"applied_on": "2001-01"})).await;
    let act = json!({"kind": "council_resolution", "number": "1/01"});
    for (version, (body, status)) in (2..).zip([
        (json!({"action": "resolve", "effective_on": "2001-03", "legal_act": act}), "consent_pending"),
        (json!({"action": "admit", "effective_on": "2001-05-10", "class": "observer", "place": "Augustów"}), "observer"),
        (json!({"action": "admit", "effective_on": "2002"}), "member"),
        (json!({"action": "change_class", "effective_on": "2003", "class": "full"}), "member"),
        (json!({"action": "suspend", "effective_on": "2010", "reason_code": "budget", "deciding_body": "network_body"}), "suspended"),
        (json!({"action": "change_class", "effective_on": "2011", "class": "observer"}), "suspended"),
        (json!({"action": "resume", "effective_on": "2012"}), "observer"),
        (doing("note", "2013"), "observer"),
        (json!({"action": "exclude", "effective_on": "2014-06", "reason_code": "inactivity", "reason_text": "No fee was paid."}), "excluded"),
    ]) {
        let before = app.revision().await;
        let made = event(&app, &id, body.clone()).await.expect(201);
        assert_eq!(made.json()["to_status"], status, "{body}");
        let shown = app.get(&format!("{MEMBERSHIPS}/{id}")).await.expect(200);
        assert_eq!(made.etag(), shown.etag());
        let shown = shown.json();
        assert_eq!((&shown["status"], &shown["version"]), (&json!(status), &json!(version)), "{body}");
        // One change for each event.
        let changes = app.get(&format!("/api/v1/changes?after={before}")).await.expect(200).json();
        let changes = changes["data"].as_array().unwrap();
        let own: Vec<_> = changes.iter().filter(|change| change["id"] == id.as_str()).collect();
        assert_eq!((own.len(), &own[0]["op"]), (1, &json!("event")), "{changes:?}");
    }
    let shown = read(&app, &id).await;
    for (member, expected) in [
        ("applied_on", json!("2001-01")),
        ("admitted_on", json!("2001-05-10")),
        ("ended_on", json!("2014-06")),
        ("status_since", json!("2014-06")),
        ("class", json!("observer")),
        ("allowed", json!([])),
    ] {
        assert_eq!(shown[member], expected, "{member}");
    }
    let history = app
        .get(&format!("{MEMBERSHIPS}/{id}/history"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&history["data"][0]["op"], &history["data"][0]["reason"]),
        (&json!("event"), &json!("No fee was paid."))
    );
}

#[actix_web::test]
async fn what_an_action_needs_is_told_field_by_field() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"applied_on": "2001"})).await;
    for (body, expected) in [
        (json!({}), vec!["/action", "/effective_on"]),
        (
            json!({"action": "leave", "effective_on": "199"}),
            vec!["/action", "/effective_on"],
        ),
        (
            json!({"action": "suspend"}),
            vec!["/effective_on", "/reason_code"],
        ),
        (
            json!({"action": "withdraw", "effective_on": "2024"}),
            vec!["/reason_code"],
        ),
        (
            json!({"action": "exclude", "effective_on": "2024", "reason_code": "anger"}),
            vec!["/reason_code"],
        ),
        (
            json!({"action": "refuse", "effective_on": "2024"}),
            vec!["/reason_code"],
        ),
        (
            json!({"action": "change_class", "effective_on": "2024"}),
            vec!["/class"],
        ),
        (
            json!({"action": "note", "effective_on": "2024"}),
            vec!["/note", "/source_id"],
        ),
        (
            json!({"action": "correct", "effective_on": "2024"}),
            vec!["/corrects_event_id", "/reason_text"],
        ),
        (
            json!({"action": "register", "effective_on": "2024"}),
            vec!["/to_status"],
        ),
        (
            json!({"action": "lapse", "effective_on": "2024", "to_status": "ended", "class": "x", "corrects_event_id": "evt_0000000000"}),
            vec!["/class", "/corrects_event_id", "/to_status"],
        ),
        (
            json!({"action": "lapse", "effective_on": "2024", "actor_partner_id": "ptn_0000000000", "deciding_body": "king",
                "legal_act": {"vote": {"for": -1}}, "source_id": "src_0000000000", "document_id": "doc_0000000000", "note": ""}),
            vec![
                "/actor_partner_id",
                "/deciding_body",
                "/document_id",
                "/legal_act/kind",
                "/legal_act/vote/for",
                "/note",
                "/source_id",
            ],
        ),
        (
            json!({"action": "correct", "effective_on": "2024", "reason_text": "x", "corrects_event_id": "evt_0000000000"}),
            vec!["/corrects_event_id"],
        ),
        (
            json!({"action": "lapse", "effective_on": "2024", "source_id": "src_0000000000", "source": {"kind": "press", "title": "x"}}),
            vec!["/source_id"],
        ),
    ] {
        // What names nothing known is told once everything else is right.
        let mut pointers = event(&app, &id, body.clone())
            .await
            .pointers("validation-failed");
        pointers.dedup();
        assert_eq!(pointers, expected, "{body}");
    }
    event(
        &app,
        &id,
        json!({"action": "lapse", "effective_on": "2024", "nots": "x"}),
    )
    .await
    .problem("malformed-request");
    event(&app, "mbr_0000000000", doing("lapse", "2024"))
        .await
        .problem("not-found");
    let stale = app.as_admin().header("If-Match", "\"7\"");
    stale
        .post(
            &format!("{MEMBERSHIPS}/{id}/events"),
            doing("lapse", "2024"),
        )
        .await
        .problem("precondition-failed");
    assert_eq!(read(&app, &id).await["version"], 1);
}

#[actix_web::test]
async fn a_wrong_event_stays_and_counts_no_longer() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"applied_on": "1996", "admitted_on": "1997"})).await;
    let wrong = event(&app, &id, doing("withdraw", "2020"))
        .await
        .expect(201)
        .id();
    let correct = |of: &str, on: &str| json!({"action": "correct", "effective_on": on, "corrects_event_id": of, "reason_text": "misread"});
    let right = event(&app, &id, correct(&wrong, "2021-03"))
        .await
        .expect(201)
        .id();
    let shown = read(&app, &id).await;
    assert_eq!(
        (&shown["status"], &shown["status_since"], &shown["ended_on"]),
        (&json!("withdrawn"), &json!("2021-03"), &json!("2021-03"))
    );
    let all = events(&app, &id).await;
    assert_eq!(all.len(), 4);
    let marked = all
        .iter()
        .find(|event| event["id"] == wrong.as_str())
        .unwrap();
    assert_eq!(
        (&marked["corrected_by"], &marked["to_status"]),
        (&json!(right), &json!("withdrawn"))
    );
    let last = all.last().unwrap();
    assert_eq!(
        (
            &last["corrects_event_id"],
            &last["from_status"],
            &last["to_status"]
        ),
        (&json!(wrong), &json!("member"), &json!("withdrawn"))
    );
    let problem = event(&app, &id, correct(&wrong, "2022"))
        .await
        .problem("validation-failed");
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["corrected_by"]),
        (&json!("/corrects_event_id"), &json!(right))
    );
    // It never happened: the membership lives on, and has no end.
    let mut never = correct(&right, "2021-03");
    never["to_status"] = json!("member");
    event(&app, &id, never).await.expect(201);
    let shown = read(&app, &id).await;
    assert_eq!(
        (&shown["status"], shown.get("ended_on"), &shown["version"]),
        (&json!("member"), None, &json!(4))
    );
    // The admission never happened either.
    let admitted = events(&app, &id).await[1]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut never = correct(&admitted, "1997");
    never["to_status"] = json!("applied");
    event(&app, &id, never).await.expect(201);
    let foreign = membership(&app, json!({"admitted_on": "1997"})).await;
    assert_eq!(
        event(&app, &foreign, correct(&wrong, "2020"))
            .await
            .pointers("validation-failed"),
        ["/corrects_event_id"]
    );
}

#[actix_web::test]
async fn an_admission_that_never_was_leaves_no_date_behind() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"applied_on": "1996", "admitted_on": "1997"})).await;
    let admitted = events(&app, &id).await[1]["id"].clone();
    let body = json!({"action": "correct", "effective_on": "1997", "corrects_event_id": admitted, "reason_text": "misread"});
    let moved = json!({"effective_on": "1998-02"});
    let mut moving = body.clone();
    moving
        .as_object_mut()
        .unwrap()
        .extend(moved.as_object().unwrap().clone());
    let moved = event(&app, &id, moving).await.expect(201).id();
    assert_eq!(read(&app, &id).await["admitted_on"], "1998-02");
    let mut never = body;
    never["corrects_event_id"] = json!(moved);
    never["to_status"] = json!("applied");
    event(&app, &id, never).await.expect(201);
    let shown = read(&app, &id).await;
    assert_eq!(
        (
            &shown["status"],
            shown.get("admitted_on"),
            &shown["applied_on"]
        ),
        (&json!("applied"), None, &json!("1996"))
    );
}

#[actix_web::test]
async fn a_late_entry_stands_where_it_belongs_or_is_refused() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"admitted_on": "1997", "class": "full"})).await;
    event(&app, &id, doing("lapse", "2022")).await.expect(201);
    event(&app, &id, doing("suspend", "2020")).await.expect(201);
    let shown = read(&app, &id).await;
    assert_eq!(
        (&shown["status"], &shown["status_since"], &shown["ended_on"]),
        (&json!("lapsed"), &json!("2022"), &json!("2022"))
    );
    let actions: Vec<_> = events(&app, &id)
        .await
        .iter()
        .map(|event| event["action"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(actions, ["register", "suspend", "lapse"]);
    let then = app
        .get(&format!("{MEMBERSHIPS}?as_of=2021-06-01"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&then["data"][0]["status"], &then["data"][0]["status_since"]),
        (&json!("suspended"), &json!("2020"))
    );
    // Before the beginning nothing can happen, and what is recorded must still stand.
    event(&app, &id, doing("suspend", "1980"))
        .await
        .problem("illegal-transition");
    event(&app, &id, doing("withdraw", "2010"))
        .await
        .problem("illegal-transition");
    // Of two classes the later one counts, whichever was recorded first.
    let id = membership(&app, json!({"admitted_on": "1997"})).await;
    for (class, on) in [("full", "2005"), ("associated", "2001")] {
        let change = json!({"action": "change_class", "effective_on": on, "class": class});
        event(&app, &id, change).await.expect(201);
    }
    assert_eq!(read(&app, &id).await["class"], "full");
    // A class that was written down wrongly is put right.
    let change = json!({"action": "change_class", "effective_on": "2007", "class": "obsever"});
    let wrong = event(&app, &id, change).await.expect(201).id();
    let right = json!({"action": "correct", "effective_on": "2007", "corrects_event_id": wrong, "class": "observer",
        "reason_text": "a slip of the pen"});
    event(&app, &id, right).await.expect(201);
    let shown = read(&app, &id).await;
    assert_eq!(
        (&shown["class"], &shown["status"]),
        (&json!("observer"), &json!("observer"))
    );
}

#[actix_web::test]
async fn an_observer_is_what_the_class_says() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"admitted_on": "1997"})).await;
    for (body, status, class) in [
        (
            json!({"action": "change_class", "effective_on": "2001", "class": "observer"}),
            "observer",
            Some("observer"),
        ),
        (
            json!({"action": "suspend", "effective_on": "2002", "reason_code": "budget"}),
            "suspended",
            Some("observer"),
        ),
        (
            json!({"action": "resume", "effective_on": "2003"}),
            "observer",
            Some("observer"),
        ),
        (
            json!({"action": "admit", "effective_on": "2004"}),
            "member",
            None,
        ),
        (
            json!({"action": "change_class", "effective_on": "2005", "class": "full"}),
            "member",
            Some("full"),
        ),
    ] {
        event(&app, &id, body.clone()).await.expect(201);
        let shown = read(&app, &id).await;
        assert_eq!(
            (&shown["status"], shown.get("class").and_then(Value::as_str)),
            (&json!(status), class),
            "{body}"
        );
        assert_eq!(shown["admitted_on"], "1997");
    }
    let applied = membership(&app, json!({"applied_on": "2001", "class": "observer"})).await;
    assert_eq!(
        event(&app, &applied, doing("admit", "2002"))
            .await
            .expect(201)
            .json()["to_status"],
        "observer"
    );
}

#[actix_web::test]
async fn an_event_is_corrected_by_the_office_that_recorded_it() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"admitted_on": "1997"})).await;
    let partner = read(&app, &id).await["partner"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let editor = app.as_editor_of(&partner);
    let path = format!("{MEMBERSHIPS}/{id}/events");
    let theirs = event(&app, &id, doing("suspend", "2010"))
        .await
        .expect(201)
        .id();
    let own = editor
        .post(&path, doing("resume", "2012"))
        .await
        .expect(201);
    assert_eq!(
        own.json()["recorded_by"],
        json!({"role": "editor", "organisation": partner})
    );
    let correct = |of: &str, on: &str| json!({"action": "correct", "effective_on": on, "corrects_event_id": of, "reason_text": "x"});
    editor
        .post(&path, correct(&theirs, "2011"))
        .await
        .problem("forbidden");
    editor
        .post(&path, correct(&own.id(), "2013"))
        .await
        .expect(201);
    event(&app, &id, correct(&theirs, "2011")).await.expect(201);
    let other = membership(&app, json!({"admitted_on": "1997"})).await;
    let foreign = format!("{MEMBERSHIPS}/{other}/events");
    editor
        .post(&foreign, json!({"action": "suspend"}))
        .await
        .problem("forbidden");
    app.anonymous()
        .post(&foreign, doing("lapse", "2010"))
        .await
        .problem("unauthenticated");
}

#[actix_web::test]
async fn nobody_comes_back_to_a_dissolved_network() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"admitted_on": "1997"})).await;
    let network_id = read(&app, &id).await["network"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    network(&app, "Heir", json!({})).await;
    app.as_admin()
        .patch(
            &format!("/api/v1/networks/{network_id}"),
            "\"1\"",
            json!({"dissolved_on": "2010"}),
        )
        .await
        .expect(200);
    let end = events(&app, &id).await.pop().unwrap();
    assert_eq!(
        (&end["action"], &end["effective_on"]),
        (&json!("end"), &json!("2010"))
    );
    let back = json!({"action": "correct", "effective_on": "2010", "to_status": "member", "corrects_event_id": end["id"], "reason_text": "x"});
    event(&app, &id, back).await.problem("guard-failed");
    // How it ended may still be told otherwise.
    let left = json!({"action": "correct", "effective_on": "2009", "to_status": "withdrawn", "corrects_event_id": end["id"], "reason_text": "x"});
    event(&app, &id, left).await.expect(201);
    let shown = read(&app, &id).await;
    assert_eq!(
        (&shown["status"], &shown["ended_on"]),
        (&json!("withdrawn"), &json!("2009"))
    );
}

#[actix_web::test]
async fn a_membership_that_was_taken_up_again_ended_when_it_ended_last() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"applied_on": "1990"})).await;
    let correct = |of: &str, on: &str, to: &str| {
        json!({"action": "correct", "effective_on": on, "to_status": to,
        "corrects_event_id": of, "reason_text": "misread"})
    };
    let note = |on: &str| {
        json!({"action": "note", "effective_on": on, "note": "A letter.",
        "source": {"kind": "press", "title": "Paper"}})
    };
    let first = events(&app, &id).await[0]["id"].clone();
    let first = first.as_str().unwrap();
    event(&app, &id, correct(first, "1990", "withdrawn"))
        .await
        .expect(201);
    let mut notes = Vec::new();
    for on in ["1995", "2020"] {
        notes.push(event(&app, &id, note(on)).await.expect(201).id());
    }
    assert_eq!(read(&app, &id).await["ended_on"], "1990");
    event(&app, &id, correct(&notes[1], "2025?", "withdrawn"))
        .await
        .expect(201);
    event(&app, &id, correct(&notes[0], "1995", "consent_pending"))
        .await
        .expect(201);
    let shown = read(&app, &id).await;
    assert_eq!(
        (&shown["status"], &shown["ended_on"]),
        (&json!("withdrawn"), &json!("2025?"))
    );
}
