//! Contacts of persons: there by consent, and only as long as it holds.

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use serde_json::json;
use twincity::changes::Ctx;
use twincity::core::vocabulary::record::Role;
use twincity::db::Error;
use twincity::db::schema::{contacts, idempotency_keys, partners};
use twincity::partners::contacts as room;

use super::contacts::{at, office, person};
use crate::agreements::city;
use crate::support::TestApp;

fn retire(app: &TestApp) -> usize {
    let ctx = Ctx::system(Role::Registrar, app.app.now());
    app.write(move |conn| -> Result<_, Error> { Ok(room::retire(conn, &ctx, ctx.today(), 500)?) })
        .unwrap()
}

type Left = (
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// What the database holds of the persons of contacts.
fn left(app: &TestApp) -> Vec<Left> {
    app.app
        .db
        .read_blocking(|conn| -> Result<_, Error> {
            use contacts as c;
            Ok(c::table
                .select((c::person_name, c::email, c::phone, c::url, c::consent_note))
                .load(conn)?)
        })
        .unwrap()
}

#[actix_web::test]
async fn a_personal_contact_is_internal_and_holds_for_a_year_when_nobody_says() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let editor = app.as_editor_of(&partner);
    let made = editor
        .post(&at(&partner), person(json!({})))
        .await
        .expect(201);
    let body = made.json();
    assert_eq!(
        (
            &body["visibility"],
            &body["expires_on"],
            &body["person_name"]
        ),
        (
            &json!("internal"),
            &json!("2027-11-24"),
            &json!("Jane Q. Example")
        )
    );
    let path = made.header("location").unwrap().to_owned();
    app.get(&path).await.problem("not-found");
    // A new consent, for one year again.
    app.clock.advance(TimeDelta::days(30));
    let renewed = editor
        .patch(
            &path,
            "\"1\"",
            json!({"consent_given_on": "2026-12-24", "expires_on": null}),
        )
        .await
        .expect(200);
    assert_eq!(renewed.json()["expires_on"], "2027-12-24");
    // What belongs to the person goes when the contact becomes that of an office.
    let functional = json!({"is_personal": false, "visibility": "public"});
    assert_eq!(
        editor
            .patch(&path, "\"2\"", functional)
            .await
            .pointers("validation-failed"),
        [
            "/consent_given_on",
            "/consent_note",
            "/expires_on",
            "/person_name"
        ]
    );
}

#[actix_web::test]
async fn a_contact_whose_consent_has_ended_is_shown_no_more_and_then_emptied() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let editor = app.as_editor_of(&partner);
    let asked = editor.clone().header("Idempotency-Key", "once");
    app.clock.set("2026-12-24T23:30:00Z".parse().unwrap());
    let body = person(json!({"expires_on": "2026-12-24", "url": "https://example.org/jane"}));
    let made = asked.post(&at(&partner), body).await.expect(201);
    let path = made.header("location").unwrap().to_owned();
    editor
        .post(&at(&partner), office(json!({})))
        .await
        .expect(201);
    assert_eq!(retire(&app), 0);
    editor.get(&path).await.expect(200);

    app.clock.advance(TimeDelta::hours(1));
    let gone = editor.get(&path).await.problem("withdrawn");
    assert_eq!(gone["reason"], "the person's consent has ended");
    let list = editor.get(&at(&partner)).await.expect(200);
    assert_eq!(list.json()["data"].as_array().unwrap().len(), 1);
    let include = format!("/api/v1/partners/{partner}?include=contacts");
    let shown = editor.get(&include).await.expect(200);
    assert!(!shown.text().contains("Jane"), "{shown}");

    let before = app.revision().await;
    assert_eq!(retire(&app), 1);
    assert_eq!(app.revision().await, before + 1);
    assert_eq!(retire(&app), 0);
    let left = left(&app);
    assert!(left.contains(&(None, None, None, None, None)), "{left:?}");
    assert!(
        left.iter().any(|row| row.1.is_some()),
        "the office's own stays"
    );
    let gone = editor.get(&path).await.problem("withdrawn");
    assert_eq!(gone["reason"], "the person's consent has ended");
    let log = app
        .as_admin()
        .get("/api/v1/changes?entity=contact")
        .await
        .expect(200);
    let ops: Vec<_> = log.json()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["op"].clone())
        .collect();
    assert_eq!(ops, ["created", "created", "redacted"]);
    assert!(!log.text().contains("Jane"), "{log}");
    let kept = app
        .app
        .db
        .read_blocking(|conn| -> Result<i64, Error> {
            Ok(idempotency_keys::table.count().get_result(conn)?)
        })
        .unwrap();
    assert_eq!(kept, 0);
}

#[actix_web::test]
async fn withdrawing_a_personal_contact_empties_it_at_once() {
    let app = TestApp::new().await;
    let partner = city(&app, "Białystok", "PL").await;
    let editor = app.as_editor_of(&partner);
    let made = editor
        .post(&at(&partner), person(json!({})))
        .await
        .expect(201);
    let path = made.header("location").unwrap().to_owned();
    for reason in ["JANE+Q+EXAMPLE+left", "ask+jane.example%40example.org"] {
        editor
            .delete(&format!("{path}?reason={reason}"), "\"1\"")
            .await
            .problem("validation-failed");
    }
    editor
        .delete(&format!("{path}?reason=no+longer+in+office"), "\"1\"")
        .await
        .expect(204);
    assert_eq!(left(&app), [(None, None, None, None, None)]);
    let gone = editor.get(&path).await.problem("withdrawn");
    assert_eq!(gone["reason"], "no longer in office");
    app.get(&path).await.problem("not-found");
}

#[actix_web::test]
async fn contacts_that_nobody_verified_for_a_year_are_found() {
    let app = TestApp::new().await;
    let (partner, other) = (
        city(&app, "Białystok", "PL").await,
        city(&app, "Eindhoven", "NL").await,
    );
    let admin = app.as_admin();
    let mut ids = Vec::new();
    for (at_partner, verified) in [
        (&partner, json!("2025-11-24")),
        (&partner, json!("2025-11-25")),
        (&partner, json!(null)),
        (&other, json!("2020-01-01")),
    ] {
        let body = office(json!({"verified_on": verified}));
        ids.push(admin.post(&at(at_partner), body).await.expect(201).id());
    }
    let stale = |day: &str| {
        let (day, partner): (NaiveDate, String) = (day.parse().unwrap(), partner.clone());
        app.app
            .db
            .read_blocking(move |conn| -> Result<Vec<String>, Error> {
                let key: i64 = partners::table
                    .filter(partners::public_id.eq(partner))
                    .select(partners::id)
                    .first(conn)?;
                let found = room::stale(conn, Some(key), day)?;
                Ok(found.into_iter().map(|id| id.to_string()).collect())
            })
            .unwrap()
    };
    assert_eq!(stale("2026-11-24"), ids[..1]);
    assert_eq!(stale("2026-11-25"), ids[..2]);
    assert_eq!(stale("2027-11-24"), ids[..3]);
}
