//! What an earlier release has stored of the lives of its records is computed anew, once.

use actix_web::web;
use serde_json::{Value, json};
use twincity::service::recompute;

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
