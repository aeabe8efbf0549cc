//! Activities in other formats than JSON.

use super::types::ActivityView;
use crate::core::ids::PublicId;
use crate::formats::{Column, Represent};

impl Represent for ActivityView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::of("kind"),
        Column::text("title"),
        Column::of("starts_on"),
        Column::of("ends_on"),
        Column::of("mode"),
        Column::at("place", "place.text"),
        Column::at("place_id", "place.partner.id"),
        Column::at("place_name", "place.partner.name"),
        Column::each("participant_ids", "participants", "partner.id"),
        Column::each("participant_names", "participants", "partner.name"),
        Column::of("participant_count"),
        Column::all("fields"),
        Column::all("agreement_ids"),
        Column::at("network_id", "network.id"),
        Column::at("network_name", "network.name"),
        Column::of("programme"),
        Column::of("grant_ref"),
        Column::of("outcome"),
        Column::of("status"),
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }
}
