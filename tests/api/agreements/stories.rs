//! Whole pasts, and what was true on a day.

use serde_json::{Value, json};

use super::{AGREEMENTS, city};
use crate::support::TestApp;

async fn grodno(app: &TestApp) -> (String, String, String) {
    let (a, b) = (
        city(app, "Białystok", "PL").await,
        city(app, "Grodno", "BY").await,
    );
    let admin = app.as_admin();
    let source = json!({"kind": "press", "title": "A paper"});
    let parties = json!([{"partner_id": a}, {"partner_id": b}]);
    let newer = admin
        .post(
            AGREEMENTS,
            json!({"instrument": "partnership_agreement", "signed_on": "2018-03-16", "parties": parties, "sources": [source],
                "events": [
                    {"action": "register", "effective_on": "2018-03-16", "to_status": "in_force"},
                    {"action": "suspend", "effective_on": "2020-08~", "reason_code": "human_rights", "deciding_body": "executive", "formal": false},
                    {"action": "terminate", "effective_on": "2022-03-03", "mode": "unilateral_without_notice", "reason_code": "armed_aggression"},
                ]}),
        )
        .await
        .expect(201)
        .id();
    let older = admin
        .post(
            AGREEMENTS,
            json!({"instrument": "cooperation_agreement", "signed_on": "2000-06", "parties": parties, "sources": [source],
                "events": [
                    {"action": "register", "effective_on": "2000-06", "to_status": "in_force"},
                    {"action": "supersede", "effective_on": "2018-03-16", "superseded_by": newer},
                ]}),
        )
        .await
        .expect(201)
        .id();
    (b, older, newer)
}

fn statuses(page: &Value) -> Vec<(&str, &str)> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["instrument"].as_str().unwrap(),
                row["status"].as_str().unwrap(),
            )
        })
        .collect()
}

#[actix_web::test]
async fn what_was_true_on_a_day_is_read_from_the_events() {
    let app = TestApp::new().await;
    let (grodno, older, newer) = grodno(&app).await;
    for (day, expected) in [
        ("1999-12-31", vec![]),
        ("2010-01-01", vec![("cooperation_agreement", "in_force")]),
        (
            "2019-01-01",
            vec![
                ("cooperation_agreement", "superseded"),
                ("partnership_agreement", "in_force"),
            ],
        ),
        (
            "2021-06-01",
            vec![
                ("cooperation_agreement", "superseded"),
                ("partnership_agreement", "suspended"),
            ],
        ),
        (
            "2023-01-01",
            vec![
                ("cooperation_agreement", "superseded"),
                ("partnership_agreement", "terminated"),
            ],
        ),
    ] {
        let page = app
            .get(&format!(
                "{AGREEMENTS}?partner={grodno}&as_of={day}&sort=signed_on"
            ))
            .await
            .expect(200)
            .json();
        assert_eq!(statuses(&page), expected, "{day}");
    }
    let then = app
        .get(&format!("{AGREEMENTS}?as_of=2021-06-01&status=suspended"))
        .await
        .expect(200)
        .json();
    assert_eq!(then["data"].as_array().unwrap().len(), 1);
    let now = app
        .get(&format!("{AGREEMENTS}/{older}"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&now["status"], &now["superseded_by"]),
        (&json!("superseded"), &json!(newer))
    );
    let now = app
        .get(&format!("{AGREEMENTS}/{newer}?include=events,sources"))
        .await
        .expect(200)
        .json();
    assert_eq!(now["supersedes"], json!([older]));
    assert_eq!(
        (
            now["events"].as_array().unwrap().len(),
            now["sources"].as_array().unwrap().len()
        ),
        (3, 1)
    );
    assert!(
        now["quality_flags"]
            .as_array()
            .unwrap()
            .contains(&json!("informal_act"))
    );
}

#[actix_web::test]
async fn possible_and_certain_differ_where_a_date_is_open() {
    let app = TestApp::new().await;
    super::agreement(&app, json!({"signed_on": "1992"})).await;
    for (query, expected) in [
        ("as_of=1992-06-01", 1),
        ("as_of=1992-06-01&match=certain", 0),
        ("as_of=1992-12-31&match=certain", 1),
        ("as_of=1991-12-31", 0),
        ("signed_from=1992-06&signed_to=1992-07", 1),
        ("signed_from=1992-06&signed_to=1992-07&match=certain", 0),
        ("signed_from=1992&signed_to=1992&match=certain", 1),
        ("signed_from=1993", 0),
        ("signed_to=1991", 0),
    ] {
        let page = app
            .get(&format!("{AGREEMENTS}?{query}"))
            .await
            .expect(200)
            .json();
        assert_eq!(page["data"].as_array().unwrap().len(), expected, "{query}");
    }
    app.get(&format!("{AGREEMENTS}?as_of=1992"))
        .await
        .problem("malformed-request");
    app.get(&format!("{AGREEMENTS}?match=perhaps"))
        .await
        .problem("malformed-request");
}

#[actix_web::test]
async fn a_past_that_can_not_have_been_is_refused_at_its_event() {
    let app = TestApp::new().await;
    let (a, b) = (city(&app, "a", "PL").await, city(&app, "b", "NL").await);
    let admin = app.as_admin();
    let post = async |events: Value, sources: Value| {
        admin
            .post(
                AGREEMENTS,
                json!({"instrument": "annex", "parties": [{"partner_id": a}, {"partner_id": b}], "events": events, "sources": sources}),
            )
            .await
    };
    let source = json!([{"kind": "press", "title": "A paper"}]);
    let register = json!({"action": "register", "effective_on": "2000", "to_status": "proposed"});
    let end = json!({"action": "resume", "effective_on": "2001"});
    let problem = post(json!([register, end]), source.clone())
        .await
        .problem("illegal-transition");
    assert!(
        problem["allowed"]
            .as_array()
            .unwrap()
            .contains(&json!("sign")),
        "{problem}"
    );
    let bare = json!({"action": "terminate", "effective_on": "2001"});
    let live = json!({"action": "register", "effective_on": "2000", "to_status": "in_force"});
    assert_eq!(
        post(json!([live, bare]), source.clone())
            .await
            .pointers("validation-failed"),
        ["/events/1/mode", "/events/1/reason_code"]
    );
    assert_eq!(
        post(json!([live]), json!([]))
            .await
            .pointers("validation-failed"),
        ["/sources"]
    );
    assert_eq!(
        post(json!([end]), source.clone())
            .await
            .pointers("validation-failed"),
        ["/events/0/action"]
    );
    assert_eq!(
        app.get(AGREEMENTS).await.expect(200).json()["data"],
        json!([])
    );
}
