//! Names in memory: every name of every published record, folded, for `q=` and `/search`.
//!
//! Neither engine folds Unicode as the registry needs it, and neither finds substrings fast without
//! an extension; one buffer of folded names does both in microseconds, the same on both. It follows
//! the change log: a search first brings it up to the revision its own transaction sees.

mod buffer;
mod forms;
mod literal;
mod load;

use std::sync::{PoisonError, RwLock};

use diesel::QueryResult;
use diesel::prelude::*;

pub use buffer::{Entry, Hit};
pub use forms::Match;

use crate::core::vocabulary::record::Entity;
use crate::db::DbConn;
use crate::db::schema::{changes, registry_meta};
use buffer::Buffer;

/// More changed records than this since the last search: reading everything anew is cheaper.
const REBUILD_BEYOND: i64 = 2_000;

/// The names of this registry.
#[derive(Debug, Default)]
pub struct Index(RwLock<State>);

#[derive(Debug, Default)]
struct State {
    revision: Option<i64>,
    names: Buffer,
}

impl Index {
    /// Every record of these kinds one of whose names holds `q`, best first: exact, prefix, word,
    /// substring; then territorial partners, institutions, and what else carries the name of one; the larger
    /// population, the name.
    pub fn search(&self, conn: &mut DbConn, kinds: &[Entity], q: &str) -> QueryResult<Vec<Hit>> {
        self.refresh(conn)?;
        let state = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Ok(state.names.search(kinds, q))
    }

    /// Reads the names ahead, so that the first search does not wait for them.
    pub fn warm(&self, conn: &mut DbConn) -> QueryResult<()> {
        self.refresh(conn)
    }

    fn refresh(&self, conn: &mut DbConn) -> QueryResult<()> {
        let now: i64 = registry_meta::table
            .select(registry_meta::seq)
            .first(conn)?;
        let known = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .revision;
        if known.is_some_and(|known| known >= now) {
            return Ok(());
        }
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match state.revision {
            Some(known) if known >= now => return Ok(()),
            Some(known) if now - known <= REBUILD_BEYOND => {
                let changed: Vec<String> = changes::table
                    .filter(changes::seq.gt(known))
                    .filter(changes::seq.le(now))
                    .select(changes::record)
                    .distinct()
                    .load(conn)?;
                let changed = load::with_dependents(conn, changed)?;
                let entries = load::some(conn, &changed)?;
                state.names.replace(&changed, entries);
            }
            _ => state.names = Buffer::new(load::all(conn)?),
        }
        state.revision = Some(now);
        Ok(())
    }
}
