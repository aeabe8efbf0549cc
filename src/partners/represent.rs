//! Partners in other formats than JSON.

use super::types::PartnerView;
use crate::core::ids::PublicId;
use crate::formats::{Column, Represent};

impl Represent for PartnerView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::of("kind"),
        Column::of("name"),
        Column::of("country"),
        Column::of("subdivision"),
        Column::at("host_id", "host.id"),
        Column::at("host_name", "host.name"),
        Column::of("latitude"),
        Column::of("longitude"),
        Column::of("population"),
        Column::of("population_year"),
        Column::of("website"),
        Column::of("existence"),
        Column::of("founded_on"),
        Column::of("dissolved_on"),
        Column::OTHER_NAMES,
        Column::text("description"),
        Column::identifier("wikidata"),
        Column::identifier("geonames"),
        Column::IDENTIFIERS,
        Column::each("seeking_fields", "seeking.fields", ""),
        Column::each("seeking_countries", "seeking.countries", ""),
        Column::at("seeking_note", "seeking.note"),
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }
}
