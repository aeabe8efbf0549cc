//! Who sees which contacts of a partner.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::core::vocabulary::partner::ContactVisibility;
use crate::db::DbConn;
use crate::db::schema::partners;
use crate::http::extract::Viewer;

/// What somebody sees of the contacts of some partners.
#[derive(Debug, Clone)]
pub struct ContactVisibilityScope {
    staff: bool,
    everything: bool,
    /// The partners (internal keys) that are the viewer's own, or hosted by it.
    own: HashSet<i64>,
}

impl ContactVisibilityScope {
    /// Whether a contact of this visibility, of this partner (internal key), is seen.
    pub fn sees(&self, visibility: ContactVisibility, partner: i64) -> bool {
        match visibility {
            ContactVisibility::Public => true,
            ContactVisibility::Registered => self.staff,
            ContactVisibility::Internal => self.everything || self.own.contains(&partner),
        }
    }

    /// The visibilities of those contacts of this partner that are seen.
    pub fn of(&self, partner: i64) -> Vec<ContactVisibility> {
        use crate::core::vocabulary::Code as _;
        let all = ContactVisibility::all().iter().copied();
        all.filter(|visibility| self.sees(*visibility, partner))
            .collect()
    }
}

/// What this viewer sees of the contacts of these partners.
///
/// Public ones are for everyone, registered
/// ones for whoever is known, internal ones for the office of the partner or of its host, for
/// registrars and administrators.
pub fn contact_scope(
    conn: &mut DbConn,
    viewer: &Viewer,
    those: &[i64],
) -> QueryResult<ContactVisibilityScope> {
    use partners as p;
    let everything = viewer.sees_everything();
    let offices: Vec<_> = viewer.offices().collect();
    let own: Vec<i64> = if everything || offices.is_empty() {
        Vec::new()
    } else {
        let offices: Vec<i64> = p::table
            .filter(p::public_id.eq_any(offices))
            .select(p::id)
            .load(conn)?;
        p::table
            .filter(p::id.eq_any(those))
            .filter(p::id.eq_any(&offices).or(p::host_id.eq_any(&offices)))
            .select(p::id)
            .load(conn)?
    };
    Ok(ContactVisibilityScope {
        staff: viewer.is_staff(),
        everything,
        own: own.into_iter().collect(),
    })
}
