//! What is done for subscribers beside requests: noting changes, and writing to those who are due.
//!
//! Each step is one write transaction that goes on from where the one before it stopped; on several instances
//! they follow one another, so that nothing is told twice.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use diesel::prelude::*;
use tokio::time::sleep;

use super::topic::Frequency;
use super::{mails, news, store};
use crate::app::App;
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
    while app
        .db
        .write(move |conn| -> Result<_, Problem> { Ok(news::note(conn, now)?) })
        .await?
    {}
    let mut all = 0;
    for frequency in [Frequency::AtOnce, Frequency::Weekly] {
        loop {
            let written = app
                .db
                .write(move |conn| -> Result<_, Problem> {
                    Ok(mails::write(conn, frequency, now)?)
                })
                .await?;
            all += written;
            if written == 0 {
                break;
            }
        }
    }
    Ok(all)
}

/// Whether there is anything to do: a read, so that nobody who writes waits for it.
async fn is_behind(app: &App) -> Result<bool, Problem> {
    let now = app.now().naive_utc();
    app.db
        .read(move |conn| -> Result<_, Problem> {
            let (seq, followed): (i64, i64) = registry_meta::table
                .select((registry_meta::seq, registry_meta::followed_seq))
                .first(conn)?;
            if seq > followed && store::anybody_follows(conn)? {
                return Ok(true);
            }
            let at_once: Option<i64> =
                find_row!(subscribers, conn, subscribers::due_at.le(now) => subscribers::id)?;
            let weekly: Option<i64> =
                find_row!(subscribers, conn, subscribers::weekly_at.le(now) => subscribers::id)?;
            Ok(at_once.or(weekly).is_some())
        })
        .await
}

/// Looks again and again until `stop` is done.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            // Every transaction is whole: the next start goes on where this one ends.
            () = &mut stop => return,
            done = run_once(&app) => {
                if let Err(problem) = done {
                    tracing::warn!(%problem, "subscribers could not be told");
                }
            }
        }
        tokio::select! {
            () = &mut stop => return,
            () = sleep(LOOK) => {}
        }
    }
}
