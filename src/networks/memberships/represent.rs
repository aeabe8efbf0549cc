//! Memberships in other formats than JSON.

use super::types::MembershipView;
use crate::core::ids::PublicId;
use crate::formats::{Column, Represent};

impl Represent for MembershipView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::at("partner_id", "partner.id"),
        Column::at("partner_name", "partner.name"),
        Column::at("partner_country", "partner.country"),
        Column::at("network_id", "network.id"),
        Column::at("network_name", "network.name"),
        Column::of("class"),
        Column::of("section"),
        Column::at("via_partner_id", "via_partner.id"),
        Column::of("status"),
        Column::of("status_since"),
        Column::of("applied_on"),
        Column::of("admitted_on"),
        Column::of("ended_on"),
        Column::each("offices", "offices", "office"),
        Column::all("quality_flags"),
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }
}
