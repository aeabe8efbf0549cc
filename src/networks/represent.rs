//! Networks in other formats than JSON.

use super::types::NetworkView;
use crate::core::ids::PublicId;
use crate::formats::{Column, Represent};

impl Represent for NetworkView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::of("kind"),
        Column::of("name"),
        Column::OTHER_NAMES,
        Column::of("founded_on"),
        Column::of("dissolved_on"),
        Column::of("legal_form"),
        Column::at("seat_id", "seat.id"),
        Column::at("seat_name", "seat.name"),
        Column::of("website"),
        Column::at("successor_id", "successor.id"),
        Column::all("membership_classes"),
        Column::text("description"),
        Column::identifier("wikidata"),
        Column::IDENTIFIERS,
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }
}
