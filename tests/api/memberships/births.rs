//! What a membership is when it is recorded.

use serde_json::{Value, json};

use super::{MEMBERSHIPS, body, events, membership, read};
use crate::agreements::city;
use crate::networks::network;
use crate::support::TestApp;

#[actix_web::test]
async fn a_membership_is_recorded_with_everything_and_comes_back_the_same() {
    let app = TestApp::new().await;
    let via = city(&app, "Association", "PL").await;
    let body = body(&app, json!({
        "class": "full", "section": "PL", "via_partner_id": via, "applied_on": "1996", "admitted_on": "1997-06-06",
        "offices": [{"office": "vice-president", "name": "Jane Q. Example", "since": "2001", "until": "2004"}],
        "sources": [{"kind": "network_directory", "title": "Members"}],
    })).await;
    let made = app
        .as_registrar()
        .post(MEMBERSHIPS, body.clone())
        .await
        .expect(201);
    let location = made.header("location").unwrap().to_owned();
    assert_eq!(location, format!("{MEMBERSHIPS}/{}", made.id()));
    let answer = app.get(&location).await.expect(200);
    assert_eq!((answer.json(), answer.etag()), (made.json(), made.etag()));
    let shown = answer.json();
    for (member, expected) in [
        (
            "partner",
            json!({"id": body["partner_id"], "name": "Suwałki", "kind": "municipality", "country": "PL"}),
        ),
        (
            "network",
            json!({"id": body["network_id"], "name": "Niemen", "kind": "euroregion"}),
        ),
        (
            "via_partner",
            json!({"id": via, "name": "Association", "kind": "municipality", "country": "PL"}),
        ),
        ("class", json!("full")),
        ("section", json!("PL")),
        ("status", json!("member")),
        ("status_since", json!("1997-06-06")),
        ("applied_on", json!("1996")),
        (
            "applied_on_range",
            json!({"earliest": "1996-01-01", "latest": "1996-12-31"}),
        ),
        ("admitted_on", json!("1997-06-06")),
        (
            "offices",
            json!([{"office": "vice-president", "name": "Jane Q. Example", "since": "2001", "until": "2004"}]),
        ),
        (
            "allowed",
            json!([
                "suspend",
                "change_class",
                "withdraw",
                "exclude",
                "lapse",
                "end"
            ]),
        ),
        ("version", json!(1)),
    ] {
        assert_eq!(shown[member], expected, "{member}");
    }
    let shown = app
        .get(&format!("{location}?include=events,sources,citations"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &shown["sources"][0]["title"],
            &shown["citations"][0]["pointer"]
        ),
        (&json!("Members"), &json!(""))
    );
    assert_eq!(
        (&shown["events"][0]["action"], &shown["events"][1]["action"]),
        (&json!("register"), &json!("admit"))
    );
    let history = app
        .get(&format!("{location}/history"))
        .await
        .expect(200)
        .json();
    assert_eq!(history["data"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn the_status_follows_from_what_is_given() {
    let app = TestApp::new().await;
    let today = "[..2026-11-24]";
    for (more, status, since, actions) in [
        (
            json!({"admitted_on": "1997"}),
            "member",
            "1997",
            vec!["register"],
        ),
        (
            json!({"admitted_on": "1997", "class": "observer"}),
            "observer",
            "1997",
            vec!["register"],
        ),
        (
            json!({"admitted_on": "1997", "initial_status": "observer"}),
            "observer",
            "1997",
            vec!["register"],
        ),
        (
            json!({"applied_on": "1996"}),
            "applied",
            "1996",
            vec!["register"],
        ),
        (
            json!({"applied_on": "1996", "admitted_on": "1997"}),
            "member",
            "1997",
            vec!["register", "admit"],
        ),
        (
            json!({"admitted_on": "1997", "ended_on": "2005"}),
            "ended",
            "2005",
            vec!["register", "end"],
        ),
        (
            json!({"admitted_on": "1997", "ended_on": "2005", "initial_status": "lapsed"}),
            "lapsed",
            "2005",
            vec!["register", "lapse"],
        ),
        (
            json!({"admitted_on": "1997", "initial_status": "excluded"}),
            "excluded",
            today,
            vec!["register", "exclude"],
        ),
        (
            json!({"initial_status": "member"}),
            "member",
            today,
            vec!["register"],
        ),
        (
            json!({"initial_status": "consent_pending"}),
            "consent_pending",
            today,
            vec!["register"],
        ),
        (
            json!({"initial_status": "suspended"}),
            "suspended",
            today,
            vec!["register"],
        ),
        (
            json!({"initial_status": "withdrawn", "ended_on": "2005"}),
            "withdrawn",
            "2005",
            vec!["register"],
        ),
    ] {
        let id = membership(&app, more.clone()).await;
        let shown = read(&app, &id).await;
        assert_eq!(
            (&shown["status"], &shown["status_since"], &shown["version"]),
            (&json!(status), &json!(since), &json!(1)),
            "{more}"
        );
        let events = events(&app, &id).await;
        let found: Vec<_> = events
            .iter()
            .map(|event| event["action"].as_str().unwrap())
            .collect();
        assert_eq!(found, actions, "{more}");
        let asked = status == "observer" && more.get("class").is_none();
        if asked {
            assert_eq!(shown["class"], "observer");
        }
        for member in ["applied_on", "admitted_on", "ended_on"] {
            if let Some(given) = more.get(member) {
                assert_eq!(&shown[member], given, "{more}");
            }
        }
    }
}

#[actix_web::test]
async fn what_is_wrong_with_a_membership_is_told_at_its_places() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    assert_eq!(
        admin
            .post(MEMBERSHIPS, json!({}))
            .await
            .pointers("validation-failed"),
        ["/initial_status", "/network_id", "/partner_id"]
    );
    let right = body(&app, json!({})).await;
    let partner = right["partner_id"].clone();
    for (more, expected) in [
        (json!({}), vec!["/initial_status"]),
        (json!({"initial_status": "gone"}), vec!["/initial_status"]),
        (
            json!({"partner_id": "net_0000000000", "network_id": "x"}),
            vec!["/initial_status", "/network_id", "/partner_id"],
        ),
        (
            json!({"partner_id": "ptn_0000000000", "network_id": "net_0000000000", "via_partner_id": "ptn_0000000001", "applied_on": "1990"}),
            vec!["/network_id", "/partner_id", "/via_partner_id"],
        ),
        (
            json!({"admitted_on": "1997", "via_partner_id": partner}),
            vec!["/via_partner_id"],
        ),
        (json!({"admitted_on": "199"}), vec!["/admitted_on"]),
        (
            json!({"applied_on": "1998", "admitted_on": "1997"}),
            vec!["/admitted_on"],
        ),
        (
            json!({"admitted_on": "1998", "ended_on": "1997"}),
            vec!["/ended_on"],
        ),
        (json!({"admitted_on": "2027"}), vec!["/admitted_on"]),
        (
            json!({"admitted_on": "1997", "ended_on": "2027-01"}),
            vec!["/ended_on"],
        ),
        (
            json!({"admitted_on": "1997", "initial_status": "suspended"}),
            vec!["/initial_status"],
        ),
        (
            json!({"applied_on": "1997", "initial_status": "member"}),
            vec!["/initial_status"],
        ),
        (
            json!({"initial_status": "member", "ended_on": "2001"}),
            vec!["/ended_on"],
        ),
        (
            json!({"admitted_on": "1997", "class": "", "section": "x".repeat(101), "record_state": "withdrawn",
                   "offices": [{"name": ""}, {"office": "x", "since": "2001", "until": "2000"}]}),
            vec![
                "/class",
                "/offices/0/name",
                "/offices/0/office",
                "/offices/1/until",
                "/record_state",
                "/section",
            ],
        ),
    ] {
        let mut body = right.clone();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        assert_eq!(
            admin
                .post(MEMBERSHIPS, body)
                .await
                .pointers("validation-failed"),
            expected,
            "{more}"
        );
    }
    for more in [
        json!({"status": "member"}),
        json!({"offices": [{"office": "x", "person": "y"}]}),
        json!({"class": 1}),
    ] {
        let mut body = right.clone();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        admin
            .post(MEMBERSHIPS, body)
            .await
            .problem("malformed-request");
    }
    let made = app.get(MEMBERSHIPS).await.expect(200).json();
    assert_eq!(made["data"], json!([]));
}

#[actix_web::test]
async fn a_whole_past_is_replayed_and_checked() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let source = json!({"kind": "resolution", "title": "Resolution"});
    let past = |events: Value| json!({"events": events});
    let told = past(json!([
        {"action": "apply", "effective_on": "2001-01", "source": source, "class": "associated"},
        {"action": "resolve", "effective_on": "2001-03", "source": source,
         "legal_act": {"kind": "council_resolution", "number": "1/01", "vote": {"for": 20, "against": 1}}},
        {"action": "admit", "effective_on": "2001-05-10", "source": source, "place": "Augustów"},
        {"action": "suspend", "effective_on": "2010", "source": source, "reason_code": "budget", "deciding_body": "network_body"},
        {"action": "withdraw", "effective_on": "2012", "source": source, "reason_code": "not_stated"},
    ]));
    let id = membership(&app, told).await;
    let shown = read(&app, &id).await;
    for (member, expected) in [
        ("status", json!("withdrawn")),
        ("status_since", json!("2012")),
        ("applied_on", json!("2001-01")),
        ("admitted_on", json!("2001-05-10")),
        ("ended_on", json!("2012")),
        ("class", json!("associated")),
        ("version", json!(1)),
    ] {
        assert_eq!(shown[member], expected, "{member}");
    }
    let events = events(&app, &id).await;
    let steps: Vec<_> = events
        .iter()
        .map(|event| {
            (
                event["from_status"].as_str(),
                event["to_status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        steps,
        [
            (None, "applied"),
            (Some("applied"), "consent_pending"),
            (Some("consent_pending"), "member"),
            (Some("member"), "suspended"),
            (Some("suspended"), "withdrawn")
        ]
    );
    assert_eq!(
        events[1]["legal_act"]["vote"],
        json!({"for": 20, "against": 1})
    );
    assert_eq!(
        (&events[2]["place"], &events[2]["source"]["title"]),
        (&json!("Augustów"), &json!("Resolution"))
    );
    // The sources of the events are those of the record.
    let shown = app
        .get(&format!("{MEMBERSHIPS}/{id}?include=sources"))
        .await
        .expect(200)
        .json();
    assert_eq!(shown["sources"].as_array().unwrap().len(), 1);
    assert!(
        shown["sources"]
            .as_array()
            .unwrap()
            .iter()
            .all(|source| source["kind"] == "resolution")
    );
    let right = body(&app, json!({})).await;
    let register = json!({"action": "register", "to_status": "member", "effective_on": "2001", "source": source});
    for (more, expected) in [
        (
            past(json!([{"action": "apply", "effective_on": "2001"}])),
            vec!["/events/0/source_id"],
        ),
        (past(json!([])), vec!["/events"]),
        (
            past(json!([{"action": "register", "effective_on": "2001", "source": source}])),
            vec!["/events/0/to_status"],
        ),
        (
            past(
                json!([register, {"action": "withdraw", "effective_on": "2027", "source": source}]),
            ),
            vec!["/events/1/reason_code"],
        ),
        (
            past(
                json!([register, {"action": "note", "effective_on": "2005", "note": "x", "source_id": "src_0000000000"}]),
            ),
            vec!["/events/1/source_id"],
        ),
        (
            json!({"initial_status": "member", "events": [register]}),
            vec!["/initial_status"],
        ),
        (
            json!({"ended_on": "2005", "events": [register]}),
            vec!["/ended_on"],
        ),
        (
            json!({"admitted_on": "2005", "events": [{"action": "apply", "effective_on": "2001", "source": source}]}),
            vec!["/admitted_on"],
        ),
        (
            past(
                json!([register, {"action": "correct", "effective_on": "2001", "corrects_event_id": "evt_0000000000", "reason_text": "x", "source": source}]),
            ),
            vec!["/events/1/action", "/events/1/corrects_event_id"],
        ),
    ] {
        let mut body = right.clone();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        assert_eq!(
            admin
                .post(MEMBERSHIPS, body)
                .await
                .pointers("validation-failed"),
            expected,
            "{more}"
        );
    }
    let before = app.revision().await;
    for (events, allowed) in [
        (
            json!([{"action": "admit", "effective_on": "2001", "source": source}]),
            json!([]),
        ),
        (
            json!([register, {"action": "resolve", "effective_on": "2002", "source": source}]),
            json!([
                "suspend",
                "change_class",
                "withdraw",
                "exclude",
                "lapse",
                "end"
            ]),
        ),
        (
            json!([register, {"action": "lapse", "effective_on": "2002", "source": source}, {"action": "resume", "effective_on": "2003", "source": source}]),
            json!([]),
        ),
    ] {
        let mut body = right.clone();
        body["events"] = events;
        assert_eq!(
            admin
                .post(MEMBERSHIPS, body)
                .await
                .problem("illegal-transition")["allowed"],
            allowed
        );
    }
    assert_eq!(app.revision().await, before);
}

#[actix_web::test]
async fn there_is_one_live_membership_a_partner_network_and_section() {
    let app = TestApp::new().await;
    let admin = app.as_admin();
    let right = body(&app, json!({"admitted_on": "1997"})).await;
    let first = admin
        .post(MEMBERSHIPS, right.clone())
        .await
        .expect(201)
        .id();
    let mut again = right.clone();
    again["admitted_on"] = json!("2005");
    let problem = admin.post(MEMBERSHIPS, again.clone()).await;
    assert_eq!(problem.status(), 409);
    assert_eq!(
        problem.problem("duplicate-agreement")["duplicate_of"],
        first.as_str()
    );
    // Another section, an ended one and another network stand beside it.
    let mut section = right.clone();
    section["section"] = json!("LT");
    let section = admin.post(MEMBERSHIPS, section).await.expect(201).id();
    let moved = admin
        .patch(
            &format!("{MEMBERSHIPS}/{section}"),
            "\"1\"",
            json!({"section": null}),
        )
        .await;
    assert_eq!(
        moved.problem("duplicate-agreement")["duplicate_of"],
        first.as_str()
    );
    let mut over = right.clone();
    over["admitted_on"] = json!("1993");
    over["ended_on"] = json!("1995");
    let over = admin.post(MEMBERSHIPS, over).await.expect(201).id();
    let mut elsewhere = right.clone();
    elsewhere["network_id"] = json!(network(&app, "Other", json!({})).await);
    admin.post(MEMBERSHIPS, elsewhere).await.expect(201);
    // Joining again is a new membership.
    let leave = json!({"action": "withdraw", "effective_on": "2001", "reason_code": "other"});
    admin
        .post(&format!("{MEMBERSHIPS}/{first}/events"), leave)
        .await
        .expect(201);
    let second = admin
        .post(MEMBERSHIPS, again.clone())
        .await
        .expect(201)
        .id();
    assert_eq!(
        app.get(&format!(
            "{MEMBERSHIPS}?count=true&network={}&partner={}",
            right["network_id"].as_str().unwrap(),
            right["partner_id"].as_str().unwrap()
        ))
        .await
        .expect(200)
        .json()["total"],
        4
    );
    // An end that is taken back would make two of them.
    let end = super::events(&app, &over).await.pop().unwrap();
    let back = json!({"action": "correct", "effective_on": "1999", "to_status": "member", "corrects_event_id": end["id"], "reason_text": "x"});
    let problem = admin
        .post(&format!("{MEMBERSHIPS}/{over}/events"), back)
        .await;
    assert_eq!(
        problem.problem("duplicate-agreement")["duplicate_of"],
        second.as_str()
    );
    // A withdrawn record guards nothing.
    admin
        .delete(&format!("{MEMBERSHIPS}/{second}"), "\"1\"")
        .await
        .expect(204);
    admin.post(MEMBERSHIPS, again).await.expect(201);
}

#[actix_web::test]
async fn a_pasted_past_rests_on_the_sources_of_the_record() {
    let app = TestApp::new().await;
    let past = json!([
        {"action": "register", "to_status": "applied", "effective_on": "1996"},
        {"action": "admit", "effective_on": "1997"},
        {"action": "note", "effective_on": "1998", "note": "The council was told."},
    ]);
    let bare = body(&app, json!({"events": past})).await;
    let at = app
        .as_registrar()
        .post(MEMBERSHIPS, bare)
        .await
        .pointers("validation-failed");
    assert_eq!(
        at,
        [
            "/events/0/source_id",
            "/events/1/source_id",
            "/events/2/source_id"
        ]
    );
    let sources = json!([{"kind": "network_directory", "title": "Members"}]);
    let id = membership(&app, json!({"events": past, "sources": sources})).await;
    assert_eq!(read(&app, &id).await["status"], "member");
    assert_eq!(events(&app, &id).await.len(), 3);
}

#[actix_web::test]
async fn what_is_still_to_come_is_refused_alike_for_memberships_and_agreements() {
    let app = TestApp::new().await;
    let id = membership(&app, json!({"admitted_on": "1997"})).await;
    let lapse = json!({"action": "lapse", "effective_on": "2027"});
    let membership = super::event(&app, &id, lapse).await.problem("guard-failed");
    let agreement = crate::agreements::agreement(&app, json!({"signed_on": "1992"})).await;
    let suspend = json!({"action": "suspend", "effective_on": "2027",
        "reason_code": "inactivity", "deciding_body": "council"});
    let agreement = app
        .as_registrar()
        .post(&format!("/api/v1/agreements/{agreement}/events"), suspend)
        .await
        .problem("guard-failed");
    for problem in [&membership, &agreement] {
        assert_eq!(problem["errors"][0]["pointer"], "/effective_on");
        assert_eq!(problem["errors"][0]["code"], "in_the_future");
    }
    let admitted = body(&app, json!({"admitted_on": "2027"})).await;
    let problem = app
        .as_registrar()
        .post(MEMBERSHIPS, admitted)
        .await
        .problem("validation-failed");
    assert_eq!(problem["errors"][0]["code"], "in_the_future");
    super::event(
        &app,
        &id,
        json!({"action": "lapse", "effective_on": "2026"}),
    )
    .await
    .expect(201);
}
