//! Networks in JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reference::NetworkRef;
use crate::changes::Meta;
use crate::core::edtf::{DateRange, Edtf};
use crate::core::identifier::Identifier;
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::language::Translations;
use crate::core::vocabulary::network::NetworkKind;
use crate::core::vocabulary::record::RecordState;
use crate::core::warning::Warning;
use crate::evidence::citations::SourceRefIn;
use crate::evidence::include::Evidence;
use crate::partners::PartnerRef;
use crate::partners::identifiers::IdentifierIn;
use crate::partners::names::{Name, NameIn};

/// What a network is recorded with, and what a patch changes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "euroregion", "name": "Niemen Euroregion", "founded_on": "1997-06-06", "website": "https://niemen.org.pl"}))]
pub struct NetworkIn {
    /// What sort of network it is.
    #[schema(value_type = NetworkKind, required = true)]
    pub kind: Option<Checked<NetworkKind>>,
    /// The name that is shown; makes or changes the entry of type `display` in `names`.
    #[schema(
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "Niemen Euroregion",
        required = true
    )]
    pub name: Option<String>,
    /// Every name it is known by, in all languages and scripts; all are searched.
    #[schema(max_items = 100)]
    pub names: Option<Vec<NameIn>>,
    /// When it was founded.
    pub founded_on: Option<Checked<Edtf>>,
    /// When it was dissolved. Its live memberships end with it, on the same day.
    pub dissolved_on: Option<Checked<Edtf>>,
    /// What it is in law.
    #[schema(min_length = 1, max_length = 200, example = "association")]
    pub legal_form: Option<String>,
    /// The partner that houses its secretariat.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub seat_partner_id: Option<String>,
    /// Its website.
    #[schema(
        pattern = "^https?://",
        max_length = 2000,
        example = "https://niemen.org.pl"
    )]
    pub website: Option<String>,
    /// The network that took its place.
    #[schema(example = "net_8x3k0q2m7t")]
    pub successor_id: Option<String>,
    /// The classes of membership it knows, each once.
    #[schema(max_items = 50, example = json!(["full", "associated", "observer"]))]
    pub membership_classes: Option<Vec<String>>,
    /// What it is, by language (BCP 47), at most 2,000 characters each.
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"en": "A euroregion of Poland, Lithuania and Belarus"}))]
    pub description: Option<BTreeMap<String, String>>,
    /// What other registers call it; unique among published records.
    #[schema(max_items = 50)]
    pub identifiers: Option<Vec<IdentifierIn>>,
    /// Where the facts are from; without any, the entry itself counts as the source.
    #[schema(max_items = 100)]
    pub sources: Option<Vec<SourceRefIn>>,
    /// `draft` for one that only the own office sees, and `published`, which is the default.
    pub record_state: Option<Checked<RecordState>>,
}

/// An association of partners.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NetworkView {
    /// Its id.
    #[schema(example = "net_8x3k0q2m7t")]
    pub id: PublicId,
    /// What sort of network it is.
    pub kind: NetworkKind,
    /// Its name, in the language asked for where it has one.
    #[schema(example = "Niemen Euroregion")]
    pub name: String,
    /// Every name it is known by.
    pub names: Vec<Name>,
    /// When it was founded.
    pub founded_on: Option<Edtf>,
    /// The days that can mean.
    pub founded_on_range: Option<DateRange>,
    /// When it was dissolved.
    pub dissolved_on: Option<Edtf>,
    /// The days that can mean.
    pub dissolved_on_range: Option<DateRange>,
    /// What it is in law.
    #[schema(example = "association")]
    pub legal_form: Option<String>,
    /// The partner that houses its secretariat.
    pub seat: Option<PartnerRef>,
    /// Its website.
    pub website: Option<String>,
    /// The network that took its place.
    pub successor: Option<NetworkRef>,
    /// The classes of membership it knows.
    #[schema(example = json!(["full", "observer"]))]
    pub membership_classes: Vec<String>,
    /// What it is, by language (BCP 47).
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "A euroregion of Poland, Lithuania and Belarus"}))]
    pub description: Translations,
    /// What other registers call it.
    pub identifiers: Vec<Identifier>,
    /// What is odd about it and allowed all the same: names that could not be recorded today.
    pub warnings: Option<Vec<Warning>>,
    /// Curation and authorship.
    #[serde(flatten)]
    pub meta: Meta,
    /// Sources and citations, when asked for.
    #[serde(flatten)]
    pub evidence: Evidence,
}
