//! Many at once: nothing is lost, and numbers have no gaps.

use std::sync::Arc;

use serde_json::json;
use twincity::agreements::store;
use twincity::changes::Ctx;
use twincity::core::ids::PublicId;
use twincity::http::problem::Problem;

use super::agreement;
use crate::support::TestApp;

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
                                let rev = twincity::changes::upcoming(conn)?;
                                if !store::raise_version(conn, &ctx, &seen, rev)? {
                                    return Ok(false);
                                }
                                let row = store::find(conn, &id)?.unwrap();
                                store::log(
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
