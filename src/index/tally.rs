//! How many records there are of what, in memory: nobody counts all of them to say it. Like the names it
//! follows the change log, and takes some thirty bytes a record.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use chrono::{Datelike, NaiveDate};
use diesel::QueryResult;
use diesel::prelude::*;

use super::{REBUILD_BEYOND, changed};
use crate::core::country::Country;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::agreement::RelationshipType;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::condition::{Condition, published};
use crate::db::schema::{agreements, networks, partners};
use crate::db::{DbConn, revision};

/// Ids bound into one statement.
const CHUNK: usize = 500;

/// What a record is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// A partner.
    Partner {
        /// Its country.
        country: Country,
        /// Its kind.
        kind: PartnerKind,
    },
    /// An agreement.
    Agreement {
        /// Today's status.
        status: LegalStatus,
        /// The kind of tie.
        relationship: RelationshipType,
        /// The decade of the earliest day of its signature: 199 from 1990 on.
        decade: Option<i32>,
    },
    /// A network.
    Network,
}

/// How many published partners, agreements and networks there are of each group.
#[derive(Debug, Default)]
pub struct Tally(RwLock<State>);

#[derive(Debug, Default)]
struct State {
    revision: Option<i64>,
    counts: Counts,
}

/// As many groups as there are codes, however many records.
#[derive(Debug, Default)]
struct Counts {
    groups: Vec<(Group, i64)>,
    places: HashMap<Group, usize>,
    /// The place of the group of each record, by kind and the bits of its id.
    of: HashMap<Kind, HashMap<u64, u32>>,
}

impl Tally {
    /// The groups there are, each with the number of its records.
    pub fn groups(&self, conn: &mut DbConn) -> QueryResult<Vec<(Group, i64)>> {
        self.refresh(conn)?;
        let state = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let groups = state.counts.groups.iter();
        Ok(groups.filter(|(_, count)| *count > 0).copied().collect())
    }

    /// Brings the counts up to the revision that the transaction sees.
    pub fn refresh(&self, conn: &mut DbConn) -> QueryResult<()> {
        let now = revision(conn)?;
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
                let changed = changed(conn, known, now)?;
                for record in changed.iter().filter_map(|record| record.parse().ok()) {
                    state.counts.remove(&record);
                }
                for chunk in changed.chunks(CHUNK) {
                    load(conn, Some(chunk), &mut state.counts)?;
                }
            }
            _ => {
                state.counts = Counts::default();
                load(conn, None, &mut state.counts)?;
            }
        }
        state.revision = Some(now);
        Ok(())
    }
}

impl Counts {
    fn add(&mut self, record: &PublicId, group: Group) {
        let place = *self.places.entry(group).or_insert_with(|| {
            self.groups.push((group, 0));
            self.groups.len() - 1
        });
        if let Some((_, count)) = self.groups.get_mut(place) {
            *count += 1;
        }
        // There are far fewer groups than that.
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let of_kind = self.of.entry(record.kind()).or_default();
        of_kind.insert(record.bits(), place);
    }

    fn remove(&mut self, record: &PublicId) {
        let of_kind = self.of.get_mut(&record.kind());
        let place = of_kind.and_then(|of_kind| of_kind.remove(&record.bits()));
        let place = place.and_then(|place| usize::try_from(place).ok());
        if let Some((_, count)) = place.and_then(|place| self.groups.get_mut(place)) {
            *count -= 1;
        }
    }
}

/// Counts every published record, or those of these that are published and not counted.
fn load(conn: &mut DbConn, records: Option<&[String]>, counts: &mut Counts) -> QueryResult<()> {
    use {agreements as a, networks as n, partners as p};
    let mut query = p::table
        .filter(Condition::new(published("partners")))
        .select((p::public_id, p::country, p::kind))
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(p::public_id.eq_any(records));
    }
    for (record, country, kind) in query.load::<(PublicId, Country, PartnerKind)>(conn)? {
        counts.add(&record, Group::Partner { country, kind });
    }
    let mut query = a::table
        .filter(Condition::new(published("agreements")))
        .select((a::public_id, a::status, a::relationship, a::signed_earliest))
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(a::public_id.eq_any(records));
    }
    type Row = (PublicId, LegalStatus, RelationshipType, Option<NaiveDate>);
    for (record, status, relationship, signed) in query.load::<Row>(conn)? {
        let decade = signed.map(|day| day.year().div_euclid(10));
        counts.add(
            &record,
            Group::Agreement {
                status,
                relationship,
                decade,
            },
        );
    }
    let mut query = n::table
        .filter(Condition::new(published("networks")))
        .select(n::public_id)
        .into_boxed();
    if let Some(records) = records {
        query = query.filter(n::public_id.eq_any(records));
    }
    for record in query.load::<PublicId>(conn)? {
        counts.add(&record, Group::Network);
    }
    Ok(())
}
