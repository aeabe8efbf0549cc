//! Agreements in other formats than JSON.

use super::types::AgreementView;
use crate::core::ids::PublicId;
use crate::formats::{Column, Represent};

impl Represent for AgreementView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::text("title"),
        Column::of("relationship"),
        Column::of("instrument"),
        Column::of("scope"),
        Column::all("fields"),
        Column::each("party_ids", "parties", "partner.id"),
        Column::each("party_names", "parties", "partner.name"),
        Column::each("party_countries", "parties", "partner.country"),
        Column::each("party_participations", "parties", "participation"),
        Column::of("status"),
        Column::of("status_since"),
        Column::of("status_basis"),
        Column::of("activity_level"),
        Column::of("proposed_on"),
        Column::of("approved_on"),
        Column::of("signed_on"),
        Column::at("signed_on_earliest", "signed_on_range.earliest"),
        Column::at("signed_on_latest", "signed_on_range.latest"),
        Column::of("in_force_on"),
        Column::of("signed_at"),
        Column::of("entry_into_force"),
        Column::of("duration"),
        Column::of("valid_until"),
        Column::of("term"),
        Column::of("renewal"),
        Column::of("renewal_period"),
        Column::of("notice_period"),
        Column::at("pending_termination_on", "pending_termination.effective_on"),
        Column::all("languages"),
        Column::text("purpose"),
        Column::all("supersedes"),
        Column::of("superseded_by"),
        Column::of("arose_from"),
        Column::of("parent_id"),
        Column::of("last_confirmed_on"),
        Column::of("domestic"),
        Column::of("reciprocity"),
        Column::all("quality_flags"),
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }
}
