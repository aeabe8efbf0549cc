//! Names in memory: every name of every published record, folded, for `q=` and `/search`.
//!
//! Neither engine folds Unicode as the registry needs it, and neither finds substrings fast without
//! an extension; one buffer of folded names does both in microseconds, the same on both. It follows
//! the change log: a search first brings it up to the revision its own transaction sees.

mod buffer;
mod forms;
mod literal;
mod load;
mod order;
mod tally;
mod ties;

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use diesel::QueryResult;
use diesel::prelude::*;

pub use buffer::{Entry, Hit};
pub use forms::Match;
pub use order::{Named, Order};
pub use tally::{Group, Tally};

use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::Entity;
use crate::db::schema::changes;
use crate::db::{DbConn, revision};
use buffer::Buffer;
use ties::Ties;

/// More changed records than this since the last search: reading everything anew is cheaper.
const REBUILD_BEYOND: i64 = 2_000;

/// Ids bound into one statement.
const CHUNK: usize = 500;

/// The kinds of records that have names, in the order in which readers are told of them.
pub const NAMED: [Entity; 5] = [
    Entity::Partner,
    Entity::Agreement,
    Entity::Network,
    Entity::Activity,
    Entity::Source,
];

/// The kinds whose lists stand by the names that readers see.
const ORDERED: [Kind; 2] = [Kind::Partner, Kind::Network];

/// The names of this registry, each collection by itself and from the first search in it: who looks for a
/// partner reads no titles of agreements, and what nobody looks for takes no memory.
#[derive(Debug)]
pub struct Index {
    names: [(Entity, RwLock<At<Buffer>>); 5],
    /// Who is in which agreement.
    ties: RwLock<At<Ties>>,
    /// Records of these kinds by their names in each language.
    orders: [(Kind, RwLock<At<Order>>); 2],
}

/// What is in memory, and the revision it is of.
#[derive(Debug, Default)]
struct At<T> {
    revision: Option<i64>,
    held: T,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            names: NAMED.map(|entity| (entity, RwLock::default())),
            ties: RwLock::default(),
            orders: ORDERED.map(|kind| (kind, RwLock::default())),
        }
    }
}

impl Index {
    /// Every record of these collections one of whose names holds `q`, best first: exact, prefix, word,
    /// substring; then territorial partners, institutions, and what else carries the name of one; the larger
    /// population, the name.
    pub fn search(&self, conn: &mut DbConn, kinds: &[Entity], q: &str) -> QueryResult<Vec<Hit>> {
        let mut hits = Vec::new();
        for (entity, ..) in &self.names {
            if kinds.contains(entity) {
                hits.append(&mut self.names(conn, *entity)?.held.search(q));
            }
        }
        if kinds.contains(&Entity::Agreement) {
            let partners = self.names(conn, Entity::Partner)?;
            let found = self.ties(conn)?.held.search(&partners.held, q);
            add_to_titled(&mut hits, found);
        }
        hits.sort_by(|a, b| (&a.rank, &a.record).cmp(&(&b.rank, &b.record)));
        Ok(hits)
    }

    /// The internal keys of the same records of one collection, in any order: to rank thousands costs more than to
    /// find them.
    pub fn keys(&self, conn: &mut DbConn, of: Entity, q: &str) -> QueryResult<Vec<i64>> {
        let mut keys = self.names(conn, of)?.held.keys(q);
        if of == Entity::Agreement {
            let partners = self.names(conn, Entity::Partner)?;
            keys.append(&mut self.ties(conn)?.held.keys(&partners.held, q));
            keys.sort_unstable();
            keys.dedup();
        }
        Ok(keys)
    }

    /// Reads ahead the names of partners, which most searches are for, and who is in which agreement, so that
    /// the first search does not wait for them.
    pub fn warm(&self, conn: &mut DbConn) -> QueryResult<()> {
        drop(self.names(conn, Entity::Partner)?);
        drop(self.ties(conn)?);
        Ok(())
    }

    /// What `look` makes of the order of records of this kind. `named` reads all that are published, or those of these
    /// ids: what they are called in which language is not known here.
    pub fn in_order<T>(
        &self,
        conn: &mut DbConn,
        kind: Kind,
        named: impl Fn(&mut DbConn, Option<&[PublicId]>) -> QueryResult<Vec<Named>>,
        look: impl FnOnce(&Order) -> T,
    ) -> QueryResult<T> {
        let found = self.orders.iter().find(|(known, _)| *known == kind);
        let (_, order) = found.ok_or(diesel::NotFound)?;
        let read = |conn: &mut DbConn, records: Option<&[PublicId]>, order: &mut Order| {
            order.add(named(conn, records)?);
            Ok(())
        };
        Ok(look(&refreshed(conn, order, Some(kind), read)?.held))
    }

    /// The names of a collection, as the transaction sees them.
    fn names(&self, conn: &mut DbConn, of: Entity) -> QueryResult<RwLockReadGuard<'_, At<Buffer>>> {
        let found = self.names.iter().find(|(entity, _)| *entity == of);
        let (_, names) = found.ok_or(diesel::NotFound)?;
        let kind = of.kind();
        refreshed(conn, names, Some(kind), |conn, records, buffer| {
            buffer.add(load::entries(conn, kind, records)?);
            Ok(())
        })
    }

    /// Who is in which agreement, as the transaction sees it.
    fn ties(&self, conn: &mut DbConn) -> QueryResult<RwLockReadGuard<'_, At<Ties>>> {
        let read =
            |conn: &mut DbConn, some: Option<&[PublicId]>, ties: &mut Ties| ties.read(conn, some);
        refreshed(conn, &self.ties, Some(Kind::Agreement), read)
    }
}

/// Adds agreements that were found by their parties to those that were by their titles, each once.
fn add_to_titled(hits: &mut Vec<Hit>, found: Vec<Hit>) {
    let titled = hits.iter().filter(|hit| hit.entity == Entity::Agreement);
    let titled: HashMap<i64, Match> = titled.map(|hit| (hit.id, hit.matched)).collect();
    let better = |hit: &Hit| titled.get(&hit.id).is_none_or(|title| hit.matched < *title);
    let found: Vec<Hit> = found.into_iter().filter(better).collect();
    if !titled.is_empty() {
        let better: HashSet<i64> = found.iter().map(|hit| hit.id).collect();
        hits.retain(|hit| hit.entity != Entity::Agreement || !better.contains(&hit.id));
    }
    hits.extend(found);
}

/// What is in memory of records, and follows them.
trait Held: Default {
    /// Forgets these records.
    fn forget(&mut self, changed: &[PublicId]);
}

/// What is in memory, brought up to the revision that the transaction sees: `read` takes in what has changed since
/// of records of this kind, or of all kinds, or without that everything anew.
fn refreshed<'m, T: Held>(
    conn: &mut DbConn,
    held: &'m RwLock<At<T>>,
    kind: Option<Kind>,
    read: impl Fn(&mut DbConn, Option<&[PublicId]>, &mut T) -> QueryResult<()>,
) -> QueryResult<RwLockReadGuard<'m, At<T>>> {
    let now = revision(conn)?;
    let known = held.read().unwrap_or_else(PoisonError::into_inner);
    if known.revision.is_some_and(|known| known >= now) {
        return Ok(known);
    }
    drop(known);
    let mut at = held.write().unwrap_or_else(PoisonError::into_inner);
    if at.revision.is_none_or(|known| known < now) {
        let changed = match at.revision {
            Some(known) if now - known <= REBUILD_BEYOND => Some(changed(conn, known, now)?),
            _ => None,
        };
        // Half of it would be worse than nothing.
        at.revision = None;
        if let Some(mut changed) = changed {
            changed.retain(|id| kind.is_none_or(|kind| id.kind() == kind));
            if !changed.is_empty() {
                at.held.forget(&changed);
            }
            for some in changed.chunks(CHUNK) {
                read(conn, Some(some), &mut at.held)?;
            }
        } else {
            at.held = T::default();
            read(conn, None, &mut at.held)?;
        }
        at.revision = Some(now);
    }
    Ok(RwLockWriteGuard::downgrade(at))
}

/// The records that were changed behind the one revision, up to the other.
fn changed(conn: &mut DbConn, known: i64, now: i64) -> QueryResult<Vec<PublicId>> {
    let records: Vec<String> = changes::table
        .filter(changes::seq.gt(known))
        .filter(changes::seq.le(now))
        .select(changes::record)
        .distinct()
        .load(conn)?;
    // A newer version beside this one may have recorded kinds that this one doesn't know.
    let ids = records.iter().filter_map(|record| record.parse().ok());
    Ok(ids.collect())
}
