//! What is done for subscribers beside requests: noting changes, and writing to those who are due.
//!
//! Each step is one write transaction that goes on from where the one before it stopped; on several instances
//! they follow one another, so that nothing is told twice.

use std::future::Future;
use std::time::Duration;

use diesel::prelude::*;
use tokio::time::sleep;

use super::topic::Frequency;
use super::{mails, news, store};
use crate::app::App;
use crate::db::DbConn;
use crate::db::schema::{registry_meta, subscribers};
use crate::find_row;
use crate::http::problem::Problem;

/// How often it is looked whether there is anything to do.
const LOOK: Duration = Duration::from_secs(5);

/// Does what there is to do; how many subscribers were looked at.
pub async fn run_once(app: &App) -> Result<usize, Problem> {
    let now = app.now();
    if !is_behind(app).await? {
        return Ok(0);
    }
    let note = move |conn: &mut DbConn| Ok(news::note(conn, now)?);
    while app.db.write::<_, Problem>(note).await? {}
    let mut all = 0;
    for frequency in [Frequency::AtOnce, Frequency::Weekly] {
        let write = move |conn: &mut DbConn| Ok(mails::write(conn, frequency, now)?);
        loop {
            match app.db.write::<_, Problem>(write).await? {
                0 => break,
                written => all += written,
            }
        }
    }
    Ok(all)
}

/// Whether there is anything to do: a read, so that nobody who writes waits for it.
async fn is_behind(app: &App) -> Result<bool, Problem> {
    let now = app.now().naive_utc();
    app.db
        .read(move |conn| {
            let (seq, followed): (i64, i64) = registry_meta::table
                .select((registry_meta::seq, registry_meta::followed_seq))
                .first(conn)?;
            if seq > followed && store::anybody_follows(conn)? {
                return Ok(true);
            }
            let due = subscribers::due_at.le(now);
            let at_once: Option<i64> = find_row!(subscribers, conn, due => subscribers::id)?;
            let due = subscribers::weekly_at.le(now);
            let weekly: Option<i64> = find_row!(subscribers, conn, due => subscribers::id)?;
            Ok(at_once.or(weekly).is_some())
        })
        .await
}

/// Looks again and again until `stop` is done.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    let work = async {
        loop {
            if let Err(problem) = run_once(&app).await {
                tracing::warn!(%problem, "subscribers could not be told");
            }
            sleep(LOOK).await;
        }
    };
    tokio::select! {
        // Every transaction is whole: the next start goes on where this one ends.
        () = stop => {}
        () = work => {}
    }
}
