//! Partners in JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::contacts::ContactView;
use super::identifiers::IdentifierIn;
use super::merge::Merged;
use super::names::{Name, NameIn};
use super::reference::PartnerRef;
use crate::changes::Meta;
use crate::core::country::{Country, Subdivision};
use crate::core::edtf::{DateRange, Edtf};
use crate::core::identifier::Identifier;
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::language::Translations;
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::core::vocabulary::partner::{Existence, PartnerKind};
use crate::core::vocabulary::record::RecordState;
use crate::core::warning::Warning;
use crate::evidence::citations::SourceRefIn;
use crate::evidence::include::Evidence;

/// What a partner is recorded with, and what a patch changes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "municipality", "name": "Białystok", "country": "PL", "subdivision": "PL-20", "latitude": 53.1325, "longitude": 23.1688, "identifiers": [{"scheme": "wikidata", "value": "Q761"}]}))]
pub struct PartnerIn {
    /// What sort of body it is.
    #[schema(value_type = PartnerKind, required = true)]
    pub kind: Option<Checked<PartnerKind>>,
    /// The name that is shown; makes or changes the entry of type `display` in `names`.
    #[schema(
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "Białystok",
        required = true
    )]
    pub name: Option<String>,
    /// Every name it is known by, in all languages and scripts; all are searched.
    #[schema(max_items = 100)]
    pub names: Option<Vec<NameIn>>,
    /// Its country (ISO 3166-1 alpha-2, `XK` for Kosovo).
    #[schema(value_type = Country, required = true)]
    pub country: Option<Checked<Country>>,
    /// Its first-level division or another one of ISO 3166-2, in the same country.
    pub subdivision: Option<Checked<Subdivision>>,
    /// The partner it is part of: a university's city, a district's city.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub host_id: Option<String>,
    /// Degrees north (WGS 84); only together with the longitude.
    #[schema(minimum = -90, maximum = 90, example = 53.1325)]
    pub latitude: Option<f64>,
    /// Degrees east (WGS 84); only together with the latitude.
    #[schema(minimum = -180, maximum = 180, example = 23.1688)]
    pub longitude: Option<f64>,
    /// Inhabitants.
    #[schema(minimum = 0, maximum = 10_000_000_000_i64, example = 294_242)]
    pub population: Option<i64>,
    /// The year of that number; only with a population.
    #[schema(minimum = 0, maximum = 9999, example = 2021)]
    pub population_year: Option<i64>,
    /// Its website.
    #[schema(
        pattern = "^https?://",
        max_length = 2000,
        example = "https://www.bialystok.pl"
    )]
    pub website: Option<String>,
    /// Whether it still exists.
    pub existence: Option<Checked<Existence>>,
    /// When it was founded.
    pub founded_on: Option<Checked<Edtf>>,
    /// When it was dissolved.
    pub dissolved_on: Option<Checked<Edtf>>,
    /// What it is, by language (BCP 47), at most 2,000 characters each.
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"en": "A city in north-eastern Poland"}))]
    pub description: Option<BTreeMap<String, String>>,
    /// What other registers call it; unique among published records.
    #[schema(max_items = 50)]
    pub identifiers: Option<Vec<IdentifierIn>>,
    /// What it looks for in a partner.
    pub seeking: Option<SeekingIn>,
    /// Where the facts are from; without any, the entry itself counts as the source.
    #[schema(max_items = 100)]
    pub sources: Option<Vec<SourceRefIn>>,
    /// `draft` for one that only the own office sees, and `published`, which is the default.
    pub record_state: Option<Checked<RecordState>>,
}

/// What a partner looks for, as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeekingIn {
    /// In which fields.
    pub fields: Option<Vec<Checked<FieldOfCooperation>>>,
    /// In which countries.
    pub countries: Option<Vec<Checked<Country>>>,
    /// In its own words.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

/// What a partner looks for in a partner.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Seeking {
    /// In which fields.
    pub fields: Vec<FieldOfCooperation>,
    /// In which countries.
    pub countries: Vec<Country>,
    /// In its own words.
    pub note: Option<String>,
}

/// A body that can be a party.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartnerView {
    /// Its id.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub id: PublicId,
    /// What sort of body it is.
    pub kind: PartnerKind,
    /// Its name, in the language asked for where it has one.
    #[schema(example = "Białystok")]
    pub name: String,
    /// Every name it is known by.
    pub names: Vec<Name>,
    /// Its country.
    pub country: Country,
    /// Its subdivision (ISO 3166-2).
    pub subdivision: Option<Subdivision>,
    /// The partner it is part of.
    pub host: Option<PartnerRef>,
    /// Degrees north (WGS 84).
    #[schema(example = 53.1325)]
    pub latitude: Option<f64>,
    /// Degrees east (WGS 84).
    #[schema(example = 23.1688)]
    pub longitude: Option<f64>,
    /// Inhabitants.
    #[schema(example = 294_242)]
    pub population: Option<i64>,
    /// The year of that number.
    #[schema(example = 2021)]
    pub population_year: Option<i32>,
    /// Its website.
    pub website: Option<String>,
    /// Whether it still exists.
    pub existence: Existence,
    /// When it was founded.
    pub founded_on: Option<Edtf>,
    /// The days that can mean.
    pub founded_on_range: Option<DateRange>,
    /// When it was dissolved.
    pub dissolved_on: Option<Edtf>,
    /// The days that can mean.
    pub dissolved_on_range: Option<DateRange>,
    /// What it is, by language (BCP 47).
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "A city in north-eastern Poland"}))]
    pub description: Translations,
    /// What other registers call it.
    pub identifiers: Vec<Identifier>,
    /// What it looks for in a partner.
    pub seeking: Option<Seeking>,
    /// Whom to write to, as far as the caller may see it; with `include=contacts`.
    pub contacts: Option<Vec<ContactView>>,
    /// What is odd about it and allowed all the same: names that could not be recorded today.
    pub warnings: Option<Vec<Warning>>,
    /// Curation and authorship.
    #[serde(flatten)]
    pub meta: Meta,
    /// Where it went, of a merged partner.
    #[serde(flatten)]
    pub merged: Merged,
    /// Sources and citations, when asked for.
    #[serde(flatten)]
    pub evidence: Evidence,
}
