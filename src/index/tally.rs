//! How many records there are of what, in memory: nobody counts all of them to say it. Like the names it
//! follows the change log, and takes some thirty bytes a record.

use std::collections::HashMap;
use std::sync::{RwLock, RwLockReadGuard};

use chrono::{Datelike, NaiveDate};
use diesel::QueryResult;
use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;

use super::{At, Held, refreshed};
use crate::core::country::Country;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::{InstrumentType, RelationshipType};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::DbConn;
use crate::db::schema::{agreements, networks, partners};
use crate::published_rows;

/// What a record is counted by. There is no code where a newer version beside this one has recorded one that this
/// one doesn't know: the record counts all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// A partner.
    Partner {
        /// Its country.
        country: Country,
        /// Its kind.
        kind: Option<PartnerKind>,
    },
    /// An agreement.
    Agreement {
        /// Today's status.
        status: Option<LegalStatus>,
        /// The kind of tie.
        relationship: Option<RelationshipType>,
        /// The kind of paper.
        instrument: Option<InstrumentType>,
        /// The decade of the earliest day of its signature: 199 from 1990 on.
        decade: Option<i32>,
        /// That of the day by which lists order it, which is the latest where nobody knows the earliest.
        listed: Option<i32>,
    },
    /// A network.
    Network,
}

/// How many published partners, agreements and networks there are of each group.
#[derive(Debug, Default)]
pub struct Tally(RwLock<At<Counts>>);

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
        let at = self.refreshed(conn)?;
        let groups = at.held.groups.iter();
        Ok(groups.filter(|(_, count)| *count > 0).copied().collect())
    }

    /// Brings the counts up to the revision that the transaction sees.
    pub fn refresh(&self, conn: &mut DbConn) -> QueryResult<()> {
        self.refreshed(conn).map(drop)
    }

    fn refreshed(&self, conn: &mut DbConn) -> QueryResult<RwLockReadGuard<'_, At<Counts>>> {
        refreshed(conn, &self.0, None, load)
    }
}

impl Held for Counts {
    fn forget(&mut self, changed: &[PublicId]) {
        for record in changed {
            let of_kind = self.of.get_mut(&record.kind());
            let place = of_kind.and_then(|of_kind| of_kind.remove(&record.bits()));
            let place = place.and_then(|place| usize::try_from(place).ok());
            if let Some((_, count)) = place.and_then(|place| self.groups.get_mut(place)) {
                *count -= 1;
            }
        }
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
}

/// Counts every published record, or those of these that are published and not counted.
fn load(conn: &mut DbConn, records: Option<&[PublicId]>, counts: &mut Counts) -> QueryResult<()> {
    use {agreements as a, partners as p};
    let query = published_rows!(partners, records, (p::public_id, p::country, p::kind));
    for row in query.load_iter::<(PublicId, Country, String), DefaultLoadingMode>(conn)? {
        let (record, country, kind) = row?;
        let kind = PartnerKind::parse(&kind).ok();
        counts.add(&record, Group::Partner { country, kind });
    }
    let signed = (a::signed_earliest, a::signed_desc);
    let codes = (a::status, a::relationship, a::instrument);
    let selected = (a::public_id, codes, signed);
    let query = published_rows!(agreements, records, selected);
    type Signed = (Option<NaiveDate>, String);
    type Row = (PublicId, (String, String, String), Signed);
    for row in query.load_iter::<Row, DefaultLoadingMode>(conn)? {
        let (record, (status, relationship, instrument), (signed, key)) = row?;
        let group = Group::Agreement {
            status: LegalStatus::parse(&status).ok(),
            relationship: RelationshipType::parse(&relationship).ok(),
            instrument: InstrumentType::parse(&instrument).ok(),
            decade: signed.map(|day| day.year().div_euclid(10)),
            listed: key.get(..3).and_then(|decade| decade.parse().ok()),
        };
        counts.add(&record, group);
    }
    let query = published_rows!(networks, records, networks::public_id);
    for record in query.load::<PublicId>(conn)? {
        counts.add(&record, Group::Network);
    }
    Ok(())
}
