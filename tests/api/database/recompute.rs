//! What an earlier release has stored of the lives of its records is computed anew, once.

use actix_web::web;
use serde_json::{Value, json};
use twincity::db::condition::{Condition, execute};
use twincity::http::problem::Problem;
use twincity::service::recompute;

use crate::agreements::city;
use crate::networks::network;
use crate::support::TestApp;
use crate::support::fixture::{Fixture, RELEASES};

/// Computes anew what is left to; what was told of it.
async fn anew(app: &TestApp) -> Vec<String> {
    let db = app.app.db.clone();
    let now = Fixture::day_after();
    web::block(move || {
        let mut told = Vec::new();
        recompute::run(
            &db,
            now,
            |text| -> Result<(), twincity::http::problem::Problem> {
                told.push(text.to_owned());
                Ok(())
            },
        )
        .map(|()| told)
    })
    .await
    .unwrap()
    .unwrap()
}

async fn agreement(app: &TestApp, fixture: &Fixture, name: &str) -> Value {
    let path = format!("/api/v1/agreements/{}", fixture.id(name));
    app.get(&path).await.expect(200).json()
}

fn in_doubt(record: &Value) -> bool {
    let flags = record["quality_flags"].as_array();
    flags.is_some_and(|flags| flags.contains(&json!("history_in_doubt")))
}

#[actix_web::test]
async fn histories_of_an_earlier_release_are_computed_anew_once_and_lose_nothing() {
    for release in RELEASES {
        let fixture = Fixture::of(release);
        let app = fixture.app().await;
        let told = anew(&app).await;
        assert!(
            told.iter().any(|text| text.contains("agreements")),
            "{told:?}"
        );
        assert!(
            told.iter().any(|text| text.contains("memberships")),
            "{told:?}"
        );

        // What is impossible in today's order keeps the one it had, and says so.
        let doubtful = agreement(&app, &fixture, "resumed before it was suspended").await;
        assert_eq!(
            (&doubtful["status"], in_doubt(&doubtful)),
            (&json!("in_force"), true)
        );
        let path = format!(
            "/api/v1/memberships/{}",
            fixture.id("membership resumed before it was suspended")
        );
        assert!(in_doubt(&app.get(&path).await.expect(200).json()));
        for name in ["joined 2005, left 2001", "one party from 2003 to 2005"] {
            assert!(in_doubt(&agreement(&app, &fixture, name).await), "{name}");
        }
        let orderly = agreement(&app, &fixture, "orderly").await;
        assert_eq!(
            (&orderly["version"], in_doubt(&orderly)),
            (&json!(4), false)
        );

        // What is only derived makes no version: the log says that it is shown otherwise.
        let path = format!(
            "/api/v1/agreements/{}/history",
            doubtful["id"].as_str().unwrap()
        );
        let history = app.get(&path).await.expect(200).json();
        let (last, before) = (&history["data"][0], &history["data"][1]);
        assert_eq!(last["op"], "refreshed", "{last}");
        assert_eq!(last["version"], before["version"], "{last}");

        // Terms, notices and parties are what the events in their order make of them.
        let endless = agreement(
            &app,
            &fixture,
            "indefinite since 2010, renewed late to 2005",
        )
        .await;
        assert_eq!(
            (&endless["duration"], &endless["valid_until"]),
            (&json!("indefinite"), &Value::Null)
        );
        let mistaken = agreement(&app, &fixture, "a notice that never was").await;
        assert_eq!(mistaken["pending_termination"], Value::Null);
        let never = agreement(&app, &fixture, "a renewal that never was").await;
        assert_ne!(never["valid_until"], "2040");
        let proposal = agreement(
            &app,
            &fixture,
            "registered as signed, corrected to proposed",
        )
        .await;
        for party in proposal["parties"].as_array().unwrap() {
            assert_eq!(party["participation"], "invited");
        }
        let vague = fixture.id("suspended and resumed in vague years");
        let page = app
            .get("/api/v1/agreements?as_of=2020-03-01&match=certain&limit=100")
            .await
            .expect(200)
            .json();
        let rows = page["data"].as_array().unwrap();
        assert!(rows.iter().all(|row| row["id"] != vague));

        // It is done once: another start changes nothing.
        let before = app.get("/api/v1/changes?limit=1").await.expect(200);
        assert!(anew(&app).await.is_empty());
        let after = app.get("/api/v1/changes?limit=1").await.expect(200);
        let revision = "registry-revision";
        assert_eq!(before.header(revision), after.header(revision));
    }
}

#[actix_web::test]
async fn names_that_could_not_be_recorded_today_are_kept_and_flagged() {
    let app = TestApp::new().await;
    let city = city(&app, "Białystok", "PL").await;
    let net = network(&app, "Niemen", json!({})).await;
    // As an earlier release took them.
    for (record, name) in [(&city, "=HYPERLINK(1)"), (&net, "12")] {
        let statement = format!("UPDATE names SET value = '{name}' WHERE record = '{record}'");
        app.write(move |conn| -> Result<(), Problem> {
            execute(conn, Condition::new(statement))?;
            Ok(())
        })
        .unwrap();
    }
    for path in ["partners", "networks"] {
        let page = app.get(&format!("/api/v1/{path}")).await.expect(200).json();
        let shown = &page["data"][0];
        assert_eq!(shown["warnings"][0]["code"], "name_in_doubt", "{shown}");
        assert!(shown["names"][0]["value"].is_string());
    }
    let registrar = app.as_registrar();
    let path = format!("/api/v1/partners/{city}");
    let tag = registrar.get(&path).await.etag();
    let named = registrar
        .patch(&path, &tag, json!({"name": "Białystok"}))
        .await;
    assert_eq!(named.expect(200).json()["warnings"], Value::Null);
}
