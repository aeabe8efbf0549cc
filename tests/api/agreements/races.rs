//! Many at once: nothing is lost, and numbers have no gaps.

use std::sync::Arc;

use futures_util::future::join;
use serde_json::{Value, json};
use twincity::agreements::record::Agreement;
use twincity::agreements::store;
use twincity::changes::Ctx;
use twincity::core::ids::PublicId;
use twincity::http::problem::Problem;

use super::{AGREEMENTS, agreement};
use crate::support::{Answer, Caller, TestApp};

const WRITERS: usize = 8;
const EACH: usize = 25;

#[actix_web::test]
async fn concurrent_writers_lose_no_update_and_leave_no_gap() {
    let app = TestApp::new().await;
    let id: PublicId = agreement(&app, json!({"signed_on": "1992"}))
        .await
        .parse()
        .unwrap();
    let before = app.revision().await;
    let threads: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (db, id, now) = (app.app.db.clone(), id.clone(), app.app.now());
            std::thread::spawn(move || {
                let mut overtaken = 0;
                for _ in 0..EACH {
                    loop {
                        let id = id.clone();
                        let ctx = Ctx::system(twincity::core::vocabulary::record::Role::Admin, now);
                        // Read in one transaction, write in another: the version says who was faster.
                        let seen = Arc::new(
                            db.read_blocking(|conn| -> Result<_, Problem> {
                                Ok(store::find(conn, &id)?.unwrap())
                            })
                            .unwrap(),
                        );
                        let written = db
                            .write_blocking(move |conn| -> Result<bool, Problem> {
                                let rev = twincity::changes::next_revision(conn)?;
                                let Some(row) = store::raise_version(conn, &ctx, &seen, rev)?
                                else {
                                    return Ok(false);
                                };
                                twincity::records::log::<Agreement>(
                                    conn,
                                    &ctx,
                                    twincity::core::vocabulary::record::ChangeOp::Updated,
                                    None,
                                    &row,
                                    None,
                                )?;
                                Ok(true)
                            })
                            .unwrap();
                        if written {
                            break;
                        }
                        overtaken += 1;
                    }
                }
                overtaken
            })
        })
        .collect();
    let overtaken: usize = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .sum();
    let done = i64::try_from(WRITERS * EACH).unwrap();
    let body = app
        .get(&format!("/api/v1/agreements/{id}"))
        .await
        .expect(200)
        .json();
    assert_eq!(body["version"], done + 1, "{overtaken} were overtaken");
    assert_eq!(app.revision().await, before + done);
    let mut after = before;
    loop {
        let page = app
            .get(&format!("/api/v1/changes?after={after}&limit=100"))
            .await
            .expect(200)
            .json();
        let rows = page["data"].as_array().unwrap().clone();
        if rows.is_empty() {
            break;
        }
        for row in rows {
            after += 1;
            assert_eq!(row["seq"], after);
        }
    }
    assert_eq!(after, before + done);
}

/// Rounds in which two people write at once; each of them then has one edit recorded.
const ROUNDS: usize = 50;

/// Somebody counts one further in the text of the agreement that was read.
async fn count_on(person: &Caller<'_>, path: &str, read: &Answer) -> Answer {
    let body = read.json();
    let seen: usize = body["purpose"]["en"].as_str().unwrap().parse().unwrap();
    let next = json!({"purpose": {"en": (seen + 1).to_string()}});
    person.patch(path, &read.etag(), next).await
}

#[actix_web::test]
async fn two_people_who_edit_one_agreement_a_hundred_times_lose_nothing() {
    let app = TestApp::new().await;
    let id = agreement(&app, json!({"signed_on": "1992", "purpose": {"en": "0"}})).await;
    let path = format!("{AGREEMENTS}/{id}");
    let people = [app.as_registrar(), app.as_admin()];
    let before = app.revision().await;
    for round in 0..ROUNDS {
        let [one, other] = &people;
        let (mine, theirs) = join(one.get(&path), other.get(&path)).await;
        let (first, second) =
            join(count_on(one, &path, &mine), count_on(other, &path, &theirs)).await;
        let (late, won, refused) = match (first.status(), second.status()) {
            (200, 412) => (other, first, second),
            (412, 200) => (one, second, first),
            statuses => panic!("round {round}: {statuses:?}"),
        };
        // The refusal says how to go on: what there is now, and which tag to send.
        let etag = won.etag();
        assert_eq!(refused.header("etag"), Some(etag.as_str()));
        let problem = refused.problem("precondition-failed");
        assert_eq!(
            (&problem["version"], &problem["etag"]),
            (&won.json()["version"], &Value::from(etag.as_str()))
        );
        let again = late.get(&path).await.expect(200);
        assert_eq!(again.etag(), etag);
        count_on(late, &path, &again).await.expect(200);
    }
    let done = 2 * ROUNDS;
    let last = app.get(&path).await.expect(200).json();
    assert_eq!(last["purpose"]["en"], done.to_string());
    assert_eq!(last["version"], done + 1);
    assert_eq!(app.revision().await, before + i64::try_from(done).unwrap());
    // Each edit is in the history, in its order.
    for version in [2, done / 2, done + 1] {
        let then = app.get(&format!("{path}/history?version={version}")).await;
        let then = then.expect(200).json();
        assert_eq!(then["record"]["purpose"]["en"], (version - 1).to_string());
    }
}
