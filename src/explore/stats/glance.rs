//! How many records there are, without looking at any of them: they are counted in memory.

use diesel::QueryResult;
use serde::Serialize;

use super::store::tallied;
use super::types::{Count, DecadeCount};
use crate::core::vocabulary::agreement::RelationshipType;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::DbConn;
use crate::index::Tally;

/// The counts that a first page tells; the same as in [`super::types::Stats`].
#[derive(Debug, Serialize)]
pub struct Glance {
    /// Partners.
    pub partners: i64,
    /// Agreements.
    pub agreements: i64,
    /// Networks.
    pub networks: i64,
    /// Partners by country, the most first.
    pub by_country: Vec<Count>,
    /// Partners by kind.
    pub by_kind: Vec<Count>,
    /// Agreements by today's status.
    pub by_status: Vec<Count>,
    /// Agreements by kind of tie.
    pub by_relationship: Vec<Count>,
    /// Agreements by decade of the signature, the oldest first.
    pub by_decade: Vec<DecadeCount>,
    /// Agreements without a signature, or with one whose earliest day is not known.
    pub decade_unknown: i64,
    /// Agreements by the decade in which they stand in lists that signatures order.
    #[serde(skip)]
    pub listed: Vec<DecadeCount>,
    /// Those that stand behind all others there.
    #[serde(skip)]
    pub undated: i64,
}

/// The counts of what is published.
pub fn glance(conn: &mut DbConn, tally: &Tally) -> QueryResult<Glance> {
    let counted = tallied(conn, tally)?;
    let (by_decade, decade_unknown) = counted.decades("decade");
    let (listed, undated) = counted.decades("listed");
    Ok(Glance {
        partners: counted.total("partner_kind"),
        agreements: counted.total("status"),
        networks: counted.total("networks"),
        by_country: counted.countries("partner_country"),
        by_kind: counted.codes::<PartnerKind>("partner_kind"),
        by_status: counted.codes::<LegalStatus>("status"),
        by_relationship: counted.codes::<RelationshipType>("relationship"),
        by_decade,
        decade_unknown,
        listed,
        undated,
    })
}
