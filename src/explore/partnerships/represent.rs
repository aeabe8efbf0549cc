//! Partnerships in other formats than JSON.

use super::types::PartnershipView;
use crate::core::ids::PublicId;
use crate::formats::{Column, Represent};

impl Represent for PartnershipView {
    const COLUMNS: &'static [Column] = &[
        Column::at("counterpart_id", "counterpart.id"),
        Column::at("counterpart_name", "counterpart.name"),
        Column::at("counterpart_kind", "counterpart.kind"),
        Column::at("counterpart_country", "counterpart.country"),
        Column::of("status"),
        Column::of("status_since"),
        Column::of("since"),
        Column::at("since_earliest", "since_range.earliest"),
        Column::at("since_latest", "since_range.latest"),
        Column::of("relationship"),
        Column::of("reciprocity"),
        Column::of("distance_km"),
        Column::of("longest_gap_days"),
        Column::of("last_activity_on"),
        Column::each("agreement_ids", "agreements", "id"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.counterpart.id
    }
}
