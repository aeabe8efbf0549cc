//! What is done once a day.

use chrono::TimeDelta;
use diesel::prelude::*;
use futures_util::future::join;
use serde_json::{Value, json};
use twincity::db::schema::{idempotency_keys, jobs, leases};
use twincity::http::problem::Problem;
use twincity::service::daily::{self, Report};

use crate::agreements::{AGREEMENTS, agreement, city};
use crate::networks::network;
use crate::support::TestApp;

/// Today's work; how many records were changed and left, all steps together, if it was done now.
async fn work(app: &TestApp) -> Option<(usize, usize)> {
    let reports = daily::run_once(&app.app, "test").await.unwrap()?;
    Some(counted(&reports))
}

fn counted(reports: &[Report]) -> (usize, usize) {
    assert!(reports.iter().all(|report| !report.failed), "{reports:?}");
    let done = reports.iter().map(|report| report.done).sum();
    (done, reports.iter().map(|report| report.left).sum())
}

async fn read(app: &TestApp, id: &str) -> Value {
    app.get(&format!("{AGREEMENTS}/{id}"))
        .await
        .expect(200)
        .json()
}

fn flags(agreement: &Value) -> Vec<&str> {
    let flags = agreement["quality_flags"].as_array().unwrap();
    flags.iter().map(|flag| flag.as_str().unwrap()).collect()
}

async fn last_event(app: &TestApp, path: &str) -> Value {
    let events = app.get(&format!("{path}/events")).await.expect(200).json();
    events["data"].as_array().unwrap().last().unwrap().clone()
}

#[actix_web::test]
async fn an_agreement_whose_term_has_passed_expires_by_an_event_of_the_registrar() {
    let app = TestApp::new().await;
    let term = json!({"signed_on": "1992", "duration": "fixed_term", "valid_until": "2026-11-30"});
    let id = agreement(&app, term).await;
    assert_eq!(work(&app).await, Some((0, 0)));
    app.clock.advance(TimeDelta::days(6));
    assert_eq!(
        work(&app).await,
        Some((0, 0)),
        "its last day is 30 November"
    );
    assert_eq!(read(&app, &id).await["status"], "in_force");
    app.clock.advance(TimeDelta::days(1));
    let before = app.revision().await;
    assert_eq!(work(&app).await, Some((1, 0)));
    let now = read(&app, &id).await;
    assert_eq!(now["status"], "expired");
    assert_eq!(
        (&now["status_since"], &now["version"]),
        (&json!("2026-12-01"), &json!(2))
    );
    assert_eq!(now["updated_by"], json!({"role": "registrar"}));
    assert!(!flags(&now).contains(&"expired_but_listed"));
    let event = last_event(&app, &format!("{AGREEMENTS}/{id}")).await;
    assert_eq!(
        (
            &event["action"],
            &event["effective_on"],
            &event["recorded_by"]
        ),
        (
            &json!("expire"),
            &json!("2026-12-01"),
            &json!({"role": "registrar"})
        )
    );
    assert_eq!(app.revision().await, before + 1);
    let change = app
        .get(&format!("/api/v1/changes?after={before}"))
        .await
        .expect(200)
        .json();
    assert_eq!(change["data"][0]["op"], "event");
    assert_eq!(change["data"][0]["reason"], "the term has passed");
    let on_the_last_day = app
        .get(&format!("{AGREEMENTS}?as_of=2026-11-30"))
        .await
        .expect(200)
        .json();
    assert_eq!(on_the_last_day["data"][0]["status"], "in_force");
}

#[actix_web::test]
async fn an_end_known_to_the_month_is_over_when_the_month_is() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992", "valid_until": "2026-11"})).await;
    assert_eq!(work(&app).await, Some((0, 0)));
    app.clock.advance(TimeDelta::days(7));
    assert_eq!(work(&app).await, Some((1, 0)));
    let now = read(&app, &id).await;
    assert_eq!(
        (&now["status"], &now["status_since"]),
        (&json!("expired"), &json!("2026-11"))
    );
}

#[actix_web::test]
async fn what_renews_itself_tacitly_or_has_no_known_end_does_not_expire() {
    let app = TestApp::new().await;
    let tacit = json!({"signed_on": "1992", "valid_until": "2020", "renewal": "tacit"});
    let tacit = agreement(&app, tacit).await;
    let open = agreement(
        &app,
        json!({"signed_on": "1993", "valid_until": "[2015..]"}),
    )
    .await;
    assert_eq!(work(&app).await, Some((0, 0)));
    for id in [tacit, open] {
        let now = read(&app, &id).await;
        assert_eq!(
            (&now["status"], &now["version"]),
            (&json!("in_force"), &json!(1))
        );
    }
}

#[actix_web::test]
async fn an_agreement_whose_events_go_on_after_its_term_waits_for_a_person() {
    let app = TestApp::new().await;
    let id = agreement(
        &app,
        json!({"signed_on": "1992", "valid_until": "2026-11-30"}),
    )
    .await;
    app.clock.advance(TimeDelta::days(20));
    app.as_registrar()
        .post(
            &format!("{AGREEMENTS}/{id}/events"),
            json!({"action": "amend", "effective_on": "2026-12-10", "note": "a new annex"}),
        )
        .await
        .expect(201);
    assert_eq!(work(&app).await, Some((0, 1)));
    let now = read(&app, &id).await;
    assert_eq!(
        (&now["status"], &now["version"]),
        (&json!("in_force"), &json!(2))
    );
    assert!(flags(&now).contains(&"expired_but_listed"));
}

#[actix_web::test]
async fn an_end_recorded_ahead_takes_effect_on_its_day() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992"})).await;
    let end = json!({"action": "terminate", "effective_on": "2026-12-31", "mode": "mutual_consent", "reason_code": "budget"});
    app.as_registrar()
        .post(&format!("{AGREEMENTS}/{id}/events"), end)
        .await
        .expect(201);
    assert_eq!(work(&app).await, Some((0, 0)));
    app.clock.advance(TimeDelta::days(37));
    assert_eq!(work(&app).await, Some((1, 0)));
    assert_eq!(read(&app, &id).await["status"], "terminated");
}

#[actix_web::test]
async fn memberships_end_when_the_last_day_of_their_network_has_passed() {
    let app = TestApp::new().await;
    let network = network(&app, "Niemen", json!({"dissolved_on": "2026-11-30"})).await;
    let partner = city(&app, "Suwałki", "PL").await;
    let made = app
        .as_registrar()
        .post(
            "/api/v1/memberships",
            json!({"partner_id": partner, "network_id": network, "admitted_on": "1997"}),
        )
        .await
        .expect(201);
    let path = format!("/api/v1/memberships/{}", made.id());
    assert_eq!(work(&app).await, Some((0, 0)));
    app.clock.advance(TimeDelta::days(6));
    assert_eq!(work(&app).await, Some((0, 0)));
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(work(&app).await, Some((1, 0)));
    let now = app.get(&path).await.expect(200).json();
    assert_eq!(
        (&now["status"], &now["ended_on"], &now["version"]),
        (&json!("ended"), &json!("2026-11-30"), &json!(2))
    );
    let event = last_event(&app, &path).await;
    assert_eq!(
        (&event["action"], &event["recorded_by"]),
        (&json!("end"), &json!({"role": "registrar"}))
    );
}

#[actix_web::test]
async fn a_flag_that_comes_with_the_day_changes_what_is_shown_and_not_the_version() {
    let app = TestApp::new().await;
    let id = agreement(
        &app,
        json!({"signed_on": "1992", "last_confirmed_on": "2023-11-24"}),
    )
    .await;
    let path = format!("{AGREEMENTS}/{id}");
    assert_eq!(work(&app).await, Some((0, 0)));
    let (item, list) = (
        app.get(&path).await.expect(200),
        app.get(AGREEMENTS).await.expect(200),
    );
    assert!(!flags(&item.json()).contains(&"unconfirmed_3y"));
    let revision = app.revision().await;
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(work(&app).await, Some((1, 0)));
    let held = |etag: String| app.anonymous().header("If-None-Match", &etag);
    let item = held(item.etag()).get(&path).await.expect(200);
    assert!(flags(&item.json()).contains(&"unconfirmed_3y"));
    assert_eq!(item.json()["version"], 1);
    let list = held(list.etag()).get(AGREEMENTS).await.expect(200);
    assert!(flags(&list.json()["data"][0]).contains(&"unconfirmed_3y"));
    assert_eq!(app.revision().await, revision + 1, "the feed tells of it");
    held(item.etag()).get(&path).await.expect(304);
    held(list.etag()).get(AGREEMENTS).await.expect(304);
    // Who has seen the record as it is now may change it.
    app.as_registrar()
        .patch(
            &path,
            &item.etag(),
            json!({"last_confirmed_on": "2026-11-25"}),
        )
        .await
        .expect(200);
    assert!(!flags(&read(&app, &id).await).contains(&"unconfirmed_3y"));
}

#[actix_web::test]
async fn the_work_of_a_day_is_done_once_and_the_next_day_again() {
    let app = TestApp::new().await;
    agreement(&app, json!({"signed_on": "1992", "valid_until": "2020"})).await;
    assert_eq!(work(&app).await, Some((1, 0)));
    assert_eq!(work(&app).await, None);
    let again = daily::run_once(&app.another_instance(), "another")
        .await
        .unwrap();
    assert_eq!(again, None);
    app.clock.advance(TimeDelta::hours(12));
    assert_eq!(work(&app).await, Some((0, 0)), "it is midnight");
    assert_eq!(work(&app).await, None);
}

#[actix_web::test]
async fn two_instances_at_once_do_it_once() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992", "valid_until": "2020"})).await;
    let other = app.another_instance();
    let (one, two) = join(
        daily::run_once(&app.app, "one"),
        daily::run_once(&other, "two"),
    )
    .await;
    let done: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(done.len(), 1);
    assert_eq!(counted(&done[0]), (1, 0));
    assert_eq!(read(&app, &id).await["version"], 2);
}

#[actix_web::test]
async fn an_instance_that_is_gone_is_followed_by_another_after_its_time() {
    let app = TestApp::new().await;
    let (now, soon) = (app.app.now(), app.app.now() + TimeDelta::minutes(10));
    app.write(move |conn| -> Result<_, Problem> {
        let row = (
            leases::name.eq(daily::LEASE),
            leases::holder.eq("gone"),
            leases::until.eq(soon.naive_utc()),
        );
        Ok(diesel::insert_into(leases::table)
            .values(row)
            .execute(conn)?)
    })
    .unwrap();
    assert!(now < soon);
    assert_eq!(work(&app).await, None);
    app.clock.advance(TimeDelta::minutes(10));
    assert_eq!(work(&app).await, Some((0, 0)));
}

#[actix_web::test]
async fn more_records_than_one_transaction_takes_are_all_done() {
    let app = TestApp::new().await;
    let mut body = Vec::new();
    let (a, b) = (city(&app, "A", "PL").await, city(&app, "B", "NL").await);
    for number in 0..501 {
        let year = 1400 + number;
        body.push(json!({"instrument": "memorandum_of_understanding", "signed_on": year.to_string(),
            "valid_until": (year + 1).to_string(), "parties": [{"partner_id": a}, {"partner_id": b}]}));
    }
    let last = body.split_off(500);
    for part in [body, last] {
        app.as_registrar()
            .post(AGREEMENTS, Value::from(part))
            .await
            .expect(201);
    }
    assert_eq!(work(&app).await, Some((501, 0)));
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(work(&app).await, Some((0, 0)));
}

#[actix_web::test]
async fn answers_and_jobs_are_forgotten_when_their_time_has_passed() {
    let app = TestApp::new().await;
    app.as_admin()
        .header("Idempotency-Key", "k-1")
        .post("/api/v1/sources", json!({"kind": "press", "title": "a"}))
        .await
        .expect(201);
    let now = app.app.now();
    app.write(move |conn| -> Result<_, Problem> {
        for (done, failed) in [(Some(now), None), (None, Some(now)), (None, None)] {
            diesel::insert_into(jobs::table)
                .values((
                    jobs::kind.eq("test"),
                    jobs::payload.eq("{}"),
                    jobs::run_at.eq(now.naive_utc()),
                    jobs::attempts.eq(1),
                    jobs::done_at.eq(done.map(|at| at.naive_utc())),
                    jobs::failed_at.eq(failed.map(|at| at.naive_utc())),
                    jobs::created_at.eq(now.naive_utc()),
                ))
                .execute(conn)?;
        }
        Ok(())
    })
    .unwrap();
    let left = |app: &TestApp| {
        app.write(|conn| -> Result<(i64, i64), Problem> {
            let answers = idempotency_keys::table.count().get_result(conn)?;
            Ok((answers, jobs::table.count().get_result(conn)?))
        })
        .unwrap()
    };
    work(&app).await;
    assert_eq!(left(&app), (1, 3));
    app.clock.advance(TimeDelta::days(2));
    assert_eq!(work(&app).await, Some((1, 0)));
    assert_eq!(left(&app), (0, 3));
    app.clock.advance(TimeDelta::days(6));
    assert_eq!(work(&app).await, Some((2, 0)), "what still waits stays");
    assert_eq!(left(&app), (0, 1));
}

#[actix_web::test]
async fn bytes_that_belong_to_no_document_are_removed_after_a_day() {
    use crate::evidence::documents::{filed, kept};

    let app = TestApp::new().await;
    let held = filed(&app.as_registrar(), &[]).await;
    let held = held["id"].as_str().unwrap().to_owned();
    let orphan = app.documents.path().join("8x").join("doc_8x3k0q2m7t");
    let other = app.documents.path().join("notes.txt");
    std::fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    std::fs::write(&orphan, b"%PDF-1.7").unwrap();
    std::fs::write(&other, b"mine").unwrap();
    // As old as an upload that may still be under way, then older than any.
    let swept = async |days: i64| {
        app.clock.advance(TimeDelta::days(days));
        let reports = daily::run_once(&app.app, "test").await.unwrap().unwrap();
        let report = reports
            .into_iter()
            .find(|report| report.what.starts_with("bytes"))
            .unwrap();
        assert!(!report.failed);
        report.done
    };
    let written: chrono::DateTime<chrono::Utc> = std::fs::metadata(&orphan)
        .unwrap()
        .modified()
        .unwrap()
        .into();
    let ahead = (written - app.app.now()).num_days();
    assert_eq!(swept(ahead.max(0)).await, 0);
    assert_eq!(swept(3).await, 1);
    assert!(!orphan.exists() && other.exists());
    assert_eq!(
        kept(&app)
            .iter()
            .filter(|name| name.contains(&held))
            .count(),
        1
    );
}

#[actix_web::test]
async fn it_is_looked_how_the_tables_are_filled() {
    let app = TestApp::new().await;
    if crate::support::database::server().is_some() {
        // The server does so by itself.
        return;
    }
    let looked = async |revision: i64| {
        let statement = format!("UPDATE registry_meta SET seq = {revision}");
        app.write(|conn| -> Result<usize, Problem> {
            Ok(diesel::sql_query(statement).execute(conn)?)
        })
        .unwrap();
        app.clock.advance(TimeDelta::days(1));
        assert!(work(&app).await.is_some());
        let known = "UPDATE sqlite_stat1 SET stat = stat WHERE tbl = 'agreements'";
        app.write(move |conn| -> Result<usize, Problem> {
            Ok(diesel::sql_query(known).execute(conn)?)
        })
        .is_ok_and(|rows| rows > 0)
    };
    agreement(&app, json!({})).await;
    // Of tables with a row or two no index is worth its while: that must not be kept until they have many.
    assert!(!looked(100).await);
    assert!(looked(20_000).await);
    assert!(!looked(19_999).await);
}
