//! The records of a partner, its changes, and what these records are called.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::schema::{
    activities, activity_participants, agreement_parties, agreements, memberships,
};
use crate::formats::Represent;
use crate::http::listing::Listed;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::partners::record::Partner;
use crate::partners::store::PartnerRow;
use crate::records::{Readable, Row as _, Show};

/// The partner itself, and what it takes part in: whatever was public once.
pub fn records(conn: &mut DbConn, partner: &PartnerRow) -> QueryResult<Vec<PublicId>> {
    use {activity_participants as y, agreement_parties as p, memberships as m};
    let mut ids = vec![partner.public_id.clone()];
    let agreements = p::table.inner_join(agreements::table);
    let agreements = agreements.filter(p::partner_id.eq(partner.id));
    let agreements = agreements.select(agreements::public_id);
    ids.extend(agreements.load::<PublicId>(conn)?);
    let memberships = m::table.filter(m::partner_id.eq(partner.id));
    ids.extend(memberships.select(m::public_id).load::<PublicId>(conn)?);
    let activities = y::table.inner_join(activities::table);
    let activities = activities.filter(y::partner_id.eq(partner.id));
    let activities = activities.select(activities::public_id);
    ids.extend(activities.load::<PublicId>(conn)?);
    Ok(ids)
}

/// What a feed says of a kind of records, once it is known what is said.
type Names = Box<dyn FnOnce(&mut DbConn, &Show<'_>) -> Result<Vec<(PublicId, String)>, Problem>>;

/// The records that a feed tells of, as they are; those that were withdrawn as well, for the feed says so.
#[derive(Default)]
pub struct Told {
    /// What stands for each of them, kind by kind in the order of their keys.
    pub tags: Vec<(i64, String)>,
    names: Vec<Names>,
}

impl Told {
    /// Reads these records.
    pub fn read(conn: &mut DbConn, ids: &BTreeSet<&PublicId>) -> QueryResult<Self> {
        let mut told = Self::default();
        told.add::<Partner>(conn, ids)?;
        told.add::<Agreement>(conn, ids)?;
        told.add::<Membership>(conn, ids)?;
        told.add::<Activity>(conn, ids)?;
        Ok(told)
    }

    /// Those of this kind that are no drafts.
    fn add<R: Readable>(
        &mut self,
        conn: &mut DbConn,
        ids: &BTreeSet<&PublicId>,
    ) -> QueryResult<()> {
        let ids = ids.iter().filter(|id| id.kind() == R::KIND);
        let ids: Vec<PublicId> = ids.copied().cloned().collect();
        let mut rows = R::Row::by_ids(conn, &ids)?;
        rows.retain(|row| row.state() != RecordState::Draft);
        rows.sort_unstable_by_key(Listed::id);
        let tags = rows.iter().map(|row| (row.id(), row.etag()));
        self.tags.extend(tags);
        if !rows.is_empty() {
            self.names.push(Box::new(|conn, show| {
                let views = R::views(conn, rows, show)?;
                let name = |view: &R::View| Some((view.public_id().clone(), view.name(show.lang)?));
                Ok(views.iter().filter_map(name).collect())
            }));
        }
        Ok(())
    }

    /// What they are called.
    pub fn names(
        self,
        conn: &mut DbConn,
        show: &Show<'_>,
    ) -> Result<HashMap<PublicId, String>, Problem> {
        let mut all = HashMap::new();
        for names in self.names {
            all.extend(names(conn, show)?);
        }
        Ok(all)
    }
}
