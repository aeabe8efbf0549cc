//! Removing bytes that belong to no document: those of an upload whose write failed, or whose server
//! went away in between.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;

use super::store;
use super::upload::key;
use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::http::problem::Problem;

/// How old bytes must be: younger ones may be those of an upload whose row is still to come.
const AGE: TimeDelta = TimeDelta::days(1);

/// How many are looked up at once.
const MANY: usize = 500;

/// Removes the bytes of documents that do not exist; how many there were. What is not called as the
/// registry calls its files is left alone.
pub async fn sweep(app: &App) -> Result<usize, Problem> {
    let before = app.now() - AGE;
    let mut swept = 0;
    let mut found = app.files.names()?.chunks(MANY);
    while let Some(some) = found.next().await {
        let mut old = Vec::new();
        for file in some {
            let (name, written) = file?;
            old.extend(document(&name, written, before));
        }
        let asked = old.clone();
        let there = app
            .db
            .read(move |conn| -> Result<_, Problem> { Ok(store::known(conn, &asked)?) })
            .await?;
        for id in old.into_iter().filter(|id| !there.contains(id)) {
            app.files.remove(&key(&id)).await?;
            tracing::info!(%id, "removed the bytes of a document that does not exist");
            swept += 1;
        }
    }
    Ok(swept)
}

/// The document whose bytes a file of this name holds, if it was written before this time.
fn document(name: &str, written: DateTime<Utc>, before: DateTime<Utc>) -> Option<PublicId> {
    let (_, id) = name.rsplit_once('/')?;
    let id = PublicId::of_kind(id, Kind::Document).ok()?;
    (key(&id) == name && written < before).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_files_of_the_registry_are_looked_at() {
        let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (old, now) = (time("2026-11-01T00:00:00Z"), time("2026-11-24T00:00:00Z"));
        let found = |name: &str, written| document(name, written, now).map(|id| id.to_string());
        assert_eq!(
            found("8x/doc_8x3k0q2m7t", old).as_deref(),
            Some("doc_8x3k0q2m7t")
        );
        assert_eq!(found("8x/doc_8x3k0q2m7t", now), None);
        for other in [
            "doc_8x3k0q2m7t",
            "zz/doc_8x3k0q2m7t",
            "8x/notes.txt",
            "readme",
        ] {
            assert_eq!(found(other, old), None, "{other}");
        }
    }
}
