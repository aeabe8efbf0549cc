//! Who may see which document: one condition, asked of lists, items, contents and embedded documents
//! alike.

use std::collections::HashSet;

use diesel::prelude::*;

use super::store::{self, DocumentRow};
use crate::access::ownership::Offices;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::schema::documents;
use crate::http::extract::Viewer;

/// That a document belongs to a record that was withdrawn: it is seen by its own office from then on.
const OF_WITHDRAWN: &str = "(EXISTS (SELECT 1 FROM agreements x \
     WHERE x.id = documents.agreement_id AND x.record_state = 'withdrawn') \
     OR EXISTS (SELECT 1 FROM memberships x \
     WHERE x.id = documents.membership_id AND x.record_state = 'withdrawn') \
     OR EXISTS (SELECT 1 FROM activities x \
     WHERE x.id = documents.activity_id AND x.record_state = 'withdrawn'))";

/// What a viewer may see of documents; without a viewer, what everybody may.
#[derive(Debug, Clone, Default)]
pub struct DocumentVisibility {
    viewer: Viewer,
    /// The viewer's offices, with what they host.
    offices: Option<Offices>,
}

impl DocumentVisibility {
    /// What this viewer may see.
    pub fn of(conn: &mut DbConn, viewer: &Viewer) -> QueryResult<Self> {
        let offices: Vec<&PublicId> = viewer.offices().collect();
        let hosts = !offices.is_empty() && !viewer.sees_everything();
        let offices = hosts.then(|| Offices::of(conn, &offices)).transpose()?;
        Ok(Self {
            viewer: viewer.clone(),
            offices,
        })
    }

    /// The rows of `documents` that may be seen: by their access, and drafts by their own office.
    pub fn condition(&self) -> Condition {
        if self.viewer.sees_everything() {
            return Condition::new("(1 = 1)");
        }
        let there = format!("NOT {OF_WITHDRAWN}");
        let mut c = Condition::new(format!("((documents.access = 'public' AND {there}"));
        let offices: Vec<&PublicId> = self.viewer.offices().collect();
        if !offices.is_empty() {
            c = c.sql(" OR documents.office IN ").texts(offices);
        }
        if let Some(offices) = &self.offices {
            let own = offices.partners_sql();
            c = c.sql(format!(
                " OR (documents.access = 'parties' AND {there} AND (documents.agreement_id IN (SELECT \
                 x.agreement_id FROM agreement_parties x WHERE x.partner_id IN {own}) \
                 OR documents.membership_id IN (SELECT x.id FROM memberships x \
                 WHERE x.partner_id IN {own}) \
                 OR documents.activity_id IN (SELECT x.activity_id FROM activity_participants x \
                 WHERE x.partner_id IN {own})))"
            ));
        }
        c.sql(") AND ")
            .then(self.viewer.condition("documents"))
            .sql(")")
    }
}

/// Whether this document may be seen.
pub fn may_see(
    conn: &mut DbConn,
    visibility: &DocumentVisibility,
    row: &DocumentRow,
) -> QueryResult<bool> {
    let this = std::slice::from_ref(&row.public_id);
    Ok(!visible(conn, visibility, this)?.is_empty())
}

/// Those of these documents that may be seen.
pub fn visible(
    conn: &mut DbConn,
    visibility: &DocumentVisibility,
    ids: &[PublicId],
) -> QueryResult<HashSet<PublicId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<PublicId> = documents::table
        .filter(documents::public_id.eq_any(ids))
        .filter(visibility.condition())
        .select(documents::public_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// The document of this id, whatever its state, if it may be seen.
pub fn find(
    conn: &mut DbConn,
    visibility: &DocumentVisibility,
    id: &PublicId,
) -> QueryResult<Option<DocumentRow>> {
    match store::find(conn, id)? {
        Some(row) if may_see(conn, visibility, &row)? => Ok(Some(row)),
        _ => Ok(None),
    }
}
