//! Names in memory: every name of every published record, folded, for `q=` and `/search`.
//!
//! Neither engine folds Unicode as the registry needs it, and neither finds substrings fast without
//! an extension; one buffer of folded names does both in microseconds, the same on both. It follows
//! the change log: a search first brings it up to the revision its own transaction sees.

mod buffer;
mod forms;
mod literal;
mod load;
mod tally;

use std::sync::{PoisonError, RwLock};

use diesel::QueryResult;
use diesel::prelude::*;

pub use buffer::{Entry, Hit};
pub use forms::Match;
pub use tally::{Group, Tally};

use crate::core::ids::Kind;
use crate::core::vocabulary::record::Entity;
use crate::db::schema::changes;
use crate::db::{DbConn, revision};
use buffer::Buffer;

/// More changed records than this since the last search: reading everything anew is cheaper.
const REBUILD_BEYOND: i64 = 2_000;

/// The collections whose records have names, with the kinds of their ids.
const NAMED: [(Entity, Kind); 5] = [
    (Entity::Partner, Kind::Partner),
    (Entity::Network, Kind::Network),
    (Entity::Agreement, Kind::Agreement),
    (Entity::Activity, Kind::Activity),
    (Entity::Source, Kind::Source),
];

/// The names of this registry, each collection by itself and from the first search in it: who looks for a
/// partner reads no titles of agreements, and what nobody looks for takes no memory.
#[derive(Debug)]
pub struct Index([(Entity, Kind, RwLock<Names>); 5]);

/// The names of a collection.
#[derive(Debug, Default)]
struct Names {
    revision: Option<i64>,
    buffer: Buffer,
}

impl Default for Index {
    fn default() -> Self {
        Self(NAMED.map(|(entity, kind)| (entity, kind, RwLock::default())))
    }
}

impl Index {
    /// Every record of these collections one of whose names holds `q`, best first: exact, prefix, word,
    /// substring; then territorial partners, institutions, and what else carries the name of one; the larger
    /// population, the name.
    pub fn search(&self, conn: &mut DbConn, kinds: &[Entity], q: &str) -> QueryResult<Vec<Hit>> {
        let mut hits = Vec::new();
        for (entity, kind, names) in &self.0 {
            if kinds.contains(entity) {
                refresh(conn, *kind, names)?;
                let names = names.read().unwrap_or_else(PoisonError::into_inner);
                hits.append(&mut names.buffer.search(q));
            }
        }
        hits.sort_by(|a, b| (&a.rank, &a.record).cmp(&(&b.rank, &b.record)));
        Ok(hits)
    }

    /// Reads the names of partners ahead, which most searches are for, so that the first does not wait for
    /// them.
    pub fn warm(&self, conn: &mut DbConn) -> QueryResult<()> {
        let partners = self.0.iter().find(|(of, ..)| *of == Entity::Partner);
        partners.map_or(Ok(()), |(_, kind, names)| refresh(conn, *kind, names))
    }
}

/// Brings the names of a collection up to the revision that the transaction sees.
fn refresh(conn: &mut DbConn, kind: Kind, names: &RwLock<Names>) -> QueryResult<()> {
    let now = revision(conn)?;
    let known = names
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .revision;
    if known.is_some_and(|known| known >= now) {
        return Ok(());
    }
    let mut names = names.write().unwrap_or_else(PoisonError::into_inner);
    match names.revision {
        Some(known) if known >= now => return Ok(()),
        Some(known) if now - known <= REBUILD_BEYOND => {
            let changed = changed(conn, known, now)?;
            let changed = load::named_by(conn, kind, changed)?;
            let entries = load::some(conn, kind, &changed)?;
            names.buffer.replace(&changed, entries);
        }
        _ => names.buffer = Buffer::new(load::all(conn, kind)?),
    }
    names.revision = Some(now);
    Ok(())
}

/// The records that were changed behind the one revision, up to the other.
fn changed(conn: &mut DbConn, known: i64, now: i64) -> QueryResult<Vec<String>> {
    changes::table
        .filter(changes::seq.gt(known))
        .filter(changes::seq.le(now))
        .select(changes::record)
        .distinct()
        .load(conn)
}
