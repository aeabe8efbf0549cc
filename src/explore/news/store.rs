//! The records of a partner, its changes, and what these records are called.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::activities::record::Activity;
use crate::activities::store::ActivityRow;
use crate::agreements::record::Agreement;
use crate::agreements::store::AgreementRow;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::schema::{
    activities, activity_participants, agreement_parties, agreements, memberships,
};
use crate::formats::Represent;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::store::MembershipRow;
use crate::partners::record::Partner;
use crate::partners::store::PartnerRow;
use crate::records::{Readable, Record, Row, Show};

/// The partner itself, and what it takes part in: whatever was public once.
pub fn records(conn: &mut DbConn, partner: &PartnerRow) -> QueryResult<Vec<PublicId>> {
    let mut ids = vec![partner.public_id.clone()];
    ids.extend::<Vec<PublicId>>(
        agreement_parties::table
            .inner_join(agreements::table)
            .filter(agreement_parties::partner_id.eq(partner.id))
            .select(agreements::public_id)
            .load(conn)?,
    );
    ids.extend::<Vec<PublicId>>(
        memberships::table
            .filter(memberships::partner_id.eq(partner.id))
            .select(memberships::public_id)
            .load(conn)?,
    );
    ids.extend::<Vec<PublicId>>(
        activity_participants::table
            .inner_join(activities::table)
            .filter(activity_participants::partner_id.eq(partner.id))
            .select(activities::public_id)
            .load(conn)?,
    );
    Ok(ids)
}

/// The records that a feed tells of, as they are; those that were withdrawn as well, for the feed says so.
pub struct Told {
    partners: Vec<PartnerRow>,
    agreements: Vec<AgreementRow>,
    memberships: Vec<MembershipRow>,
    activities: Vec<ActivityRow>,
}

impl Told {
    /// Reads these records.
    pub fn read(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Self> {
        Ok(Self {
            partners: rows::<Partner>(conn, ids)?,
            agreements: rows::<Agreement>(conn, ids)?,
            memberships: rows::<Membership>(conn, ids)?,
            activities: rows::<Activity>(conn, ids)?,
        })
    }

    /// What stands for each of them, in the order of their keys.
    pub fn tags(&self) -> Vec<(i64, String)> {
        fn of<R: Row>(rows: &[R]) -> impl Iterator<Item = (i64, String)> {
            let mut tags: Vec<_> = rows
                .iter()
                .map(|row| (row.id(), row.standing().etag))
                .collect();
            tags.sort_unstable();
            tags.into_iter()
        }
        of(&self.partners)
            .chain(of(&self.agreements))
            .chain(of(&self.memberships))
            .chain(of(&self.activities))
            .collect()
    }

    /// What they are called.
    pub fn names(
        self,
        conn: &mut DbConn,
        show: &Show<'_>,
    ) -> Result<HashMap<PublicId, String>, Problem> {
        let mut names = HashMap::new();
        name::<Partner>(conn, self.partners, show, &mut names)?;
        name::<Agreement>(conn, self.agreements, show, &mut names)?;
        name::<Membership>(conn, self.memberships, show, &mut names)?;
        name::<Activity>(conn, self.activities, show, &mut names)?;
        Ok(names)
    }
}

/// Those of this kind that are no drafts.
fn rows<R: Record>(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<R::Row>> {
    let ids = ids.iter().filter(|id| id.kind() == R::KIND);
    let mut rows = R::Row::by_ids(conn, &ids.cloned().collect::<Vec<_>>())?;
    rows.retain(|row| row.standing().state != RecordState::Draft);
    Ok(rows)
}

fn name<R: Readable>(
    conn: &mut DbConn,
    rows: Vec<R::Row>,
    show: &Show<'_>,
    names: &mut HashMap<PublicId, String>,
) -> Result<(), Problem> {
    if rows.is_empty() {
        return Ok(());
    }
    for view in R::views(conn, rows, show)? {
        if let Some(name) = view.name(show.lang) {
            names.insert(view.public_id().clone(), name);
        }
    }
    Ok(())
}
