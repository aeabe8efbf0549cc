//! The records of a partner, its changes, and what these records are called.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::activities::record::Activity;
use crate::activities::store as activities_of;
use crate::agreements::record::Agreement;
use crate::agreements::store as agreements_of;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::schema::{
    activities, activity_participants, agreement_parties, agreements, memberships,
};
use crate::formats::Represent;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::store as memberships_of;
use crate::partners::record::Partner;
use crate::partners::store::{self as partners_of, PartnerRow};
use crate::records::{Readable, Record, Row as _, Show};

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

/// What these records are called; those that were withdrawn as well, for the feed says so.
pub fn names(
    conn: &mut DbConn,
    ids: &[PublicId],
    show: &Show<'_>,
) -> Result<HashMap<PublicId, String>, Problem> {
    let mut names = HashMap::new();
    of_kind::<Partner>(conn, ids, partners_of::by_ids, show, &mut names)?;
    of_kind::<Agreement>(conn, ids, agreements_of::by_ids, show, &mut names)?;
    of_kind::<Membership>(conn, ids, memberships_of::by_ids, show, &mut names)?;
    of_kind::<Activity>(conn, ids, activities_of::by_ids, show, &mut names)?;
    Ok(names)
}

/// Reads the rows of these ids.
type ByIds<R> = fn(&mut DbConn, &[PublicId]) -> QueryResult<Vec<<R as Record>::Row>>;

fn of_kind<R: Readable>(
    conn: &mut DbConn,
    ids: &[PublicId],
    load: ByIds<R>,
    show: &Show<'_>,
    names: &mut HashMap<PublicId, String>,
) -> Result<(), Problem> {
    let of_kind = |id: &&PublicId| id.kind() == R::KIND;
    let ids: Vec<PublicId> = ids.iter().filter(of_kind).cloned().collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut rows = load(conn, &ids)?;
    rows.retain(|row| row.standing().state != RecordState::Draft);
    for view in R::views(conn, rows, show)? {
        if let Some(name) = view.name(show.lang) {
            names.insert(view.public_id().clone(), name);
        }
    }
    Ok(())
}
