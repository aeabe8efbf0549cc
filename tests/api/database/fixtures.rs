//! Databases that earlier releases wrote open, migrate, and show all they hold.

use std::collections::BTreeSet;

use serde_json::Value;
use twincity::db::migrations;

use crate::support::fixture::{Fixture, RELEASES};
use crate::support::{Caller, TestApp};

/// All records of a list, page by page.
async fn all(caller: &Caller<'_>, list: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let separator = if list.contains('?') { '&' } else { '?' };
    let mut next = Some(format!("/api/v1/{list}{separator}limit=20"));
    while let Some(path) = next {
        let page = caller.get(&path).await.expect(200).json();
        rows.extend(page["data"].as_array().unwrap().iter().cloned());
        next = page["page"]["next"]
            .as_str()
            .map(|cursor| format!("/api/v1/{list}{separator}limit=20&cursor={cursor}"));
    }
    rows
}

/// What stands below a record of each collection.
fn below(collection: &str) -> &'static [&'static str] {
    match collection {
        "partners" => &[
            "history",
            "citations",
            "partnerships",
            "relations",
            "contacts",
        ],
        "agreements" | "memberships" => &["history", "citations", "events"],
        "networks" => &["history", "citations", "members"],
        "documents" => &["history", "content"],
        "sources" => &["history"],
        _ => &["history", "citations"],
    }
}

/// The status that is left when the events are read in their order.
fn folded(events: &[Value]) -> Option<&str> {
    events
        .iter()
        .rfind(|event| event["corrected_by"].is_null() && event["pending"] != true)
        .and_then(|event| event["to_status"].as_str())
}

#[test]
fn every_release_with_a_fixture_is_behind_this_one_by_whole_migrations_only() {
    for release in RELEASES {
        let database = Fixture::of(release).database();
        let db = database.open();
        let before = migrations::status(&db).unwrap();
        assert!(before.iter().any(|one| one.applied), "{release}");
        let pending: Vec<_> = before.iter().filter(|one| !one.applied).collect();
        let applied = migrations::up(&db).unwrap();
        assert_eq!(applied.len(), pending.len(), "{release}: {applied:?}");
        assert!(
            migrations::status(&db)
                .unwrap()
                .iter()
                .all(|one| one.applied)
        );
    }
}

#[actix_web::test]
async fn every_record_of_an_earlier_release_is_still_counted_read_and_followed() {
    for release in RELEASES {
        let fixture = Fixture::of(release);
        let app = fixture.app().await;
        let admin = app.as_admin();
        for (who, caller) in [("public", app.anonymous()), ("admin", admin.clone())] {
            for (collection, state, total) in fixture.totals(who) {
                let list = match who {
                    "admin" => format!("{collection}?record_state={state}"),
                    _ => collection.to_owned(),
                };
                let rows = all(&caller, &list).await;
                assert_eq!(
                    i64::try_from(rows.len()).unwrap(),
                    total,
                    "{release}: {who} sees another number of {list}"
                );
                if collection == "letters-of-intent" {
                    continue;
                }
                for row in &rows {
                    let path = format!("/api/v1/{collection}/{}", row["id"].as_str().unwrap());
                    let read = caller.get(&path).await.expect(200).json();
                    assert_eq!(read["version"], row["version"], "{path}");
                    for part in below(collection) {
                        if *part == "content" && read["content_url"].is_null() {
                            continue;
                        }
                        caller.get(&format!("{path}/{part}")).await.expect(200);
                    }
                }
            }
        }
    }
}

#[actix_web::test]
async fn the_examples_of_an_earlier_release_are_where_they_were() {
    for release in RELEASES {
        let fixture = Fixture::of(release);
        let app = fixture.app().await;
        let admin = app.as_admin();
        for (name, id) in fixture.examples() {
            let collection = match id.split('_').next().unwrap() {
                "ptn" => "partners",
                "agr" => "agreements",
                "net" => "networks",
                "mbr" => "memberships",
                "act" => "activities",
                "src" => "sources",
                "doc" => "documents",
                "cit" => "citations",
                "sug" => "suggestions",
                "usr" => "users",
                other => panic!("{other}"),
            };
            let answer = admin.get(&format!("/api/v1/{collection}/{id}")).await;
            let expected = match name {
                withdrawn if withdrawn.starts_with("withdrawn") => 410,
                "Fixture C, recorded twice" => 301,
                _ => 200,
            };
            assert_eq!(answer.status(), expected, "{name}: {answer}");
        }
    }
}

#[actix_web::test]
async fn the_status_of_every_tie_of_an_earlier_release_is_the_fold_of_its_events() {
    for release in RELEASES {
        let app = Fixture::of(release).app().await;
        for collection in ["agreements", "memberships"] {
            for row in all(&app.anonymous(), collection).await {
                let id = row["id"].as_str().unwrap();
                let events = all(&app.anonymous(), &format!("{collection}/{id}/events")).await;
                assert_eq!(
                    folded(&events),
                    row["status"].as_str(),
                    "{release}: {id} {events:#?}"
                );
                // What was true on a day can be asked of each.
                for day in ["1989-06-15", "2003-07-01", "2022-03-15"] {
                    for certainty in ["possible", "certain"] {
                        let path = format!("{collection}?as_of={day}&match={certainty}&limit=1");
                        app.get(&format!("/api/v1/{path}")).await.expect(200);
                    }
                }
            }
        }
    }
}

/// The numbers of the feed from its beginning.
async fn numbers(app: &TestApp) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut after = 0;
    loop {
        let path = format!("/api/v1/changes?after={after}&limit=100");
        let page = app.as_admin().get(&path).await.expect(200).json();
        let rows = page["data"].as_array().unwrap();
        let Some(last) = rows.last() else {
            return numbers;
        };
        numbers.extend(rows.iter().map(|row| row["seq"].as_i64().unwrap()));
        after = last["seq"].as_i64().unwrap();
    }
}

#[actix_web::test]
async fn the_feed_of_an_earlier_release_goes_on_where_it_ended() {
    for release in RELEASES {
        let fixture = Fixture::of(release);
        let app = fixture.app().await;
        let told = numbers(&app).await;
        let revision = app.revision().await;
        assert!(revision >= fixture.revision(), "{release}");
        assert_eq!(told, (1..=revision).collect::<Vec<_>>(), "{release}");
        // A write takes the next number.
        let partner = fixture.id("Fixture D");
        let path = format!("/api/v1/partners/{partner}");
        let etag = app.get(&path).await.expect(200).etag();
        app.as_registrar()
            .patch(
                &path,
                &etag,
                serde_json::json!({"website": "https://example.org"}),
            )
            .await
            .expect(200);
        assert!(app.revision().await > revision);
        let known: BTreeSet<i64> = numbers(&app).await.into_iter().collect();
        assert_eq!(known.len(), usize::try_from(app.revision().await).unwrap());
    }
}
