//! Activities in JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::changes::Meta;
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::language::Translations;
use crate::core::vocabulary::activity::{
    ActivityKind, ActivityMode, ActivityStatus, ParticipantRole,
};
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::core::vocabulary::record::RecordState;
use crate::core::warning::Warning;
use crate::evidence::citations::SourceRefIn;
use crate::evidence::documents::DocumentView;
use crate::evidence::include::Evidence;
use crate::networks::NetworkRef;
use crate::partners::PartnerRef;

/// What an activity is recorded with, and what a patch changes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "official_visit", "title": {"en": "Visit of a delegation from Eindhoven"}, "starts_on": "2009-06", "participants": [{"partner_id": "ptn_8x3k0q2m7t", "role": "host"}]}))]
pub struct ActivityIn {
    /// What sort of activity it is.
    #[schema(value_type = ActivityKind, required = true)]
    pub kind: Option<Checked<ActivityKind>>,
    /// Its title, by language (BCP 47), at most 300 characters each; at least one.
    #[schema(value_type = BTreeMap<String, String>, required = true, nullable = false, example = json!({"en": "Visit of a delegation from Eindhoven"}))]
    pub title: Option<BTreeMap<String, String>>,
    /// When it begins.
    pub starts_on: Option<Checked<Edtf>>,
    /// When it ends.
    pub ends_on: Option<Checked<Edtf>>,
    /// How people meet; without it, in person.
    pub mode: Option<Checked<ActivityMode>>,
    /// Where it is.
    pub place: Option<PlaceIn>,
    /// Who takes part.
    #[schema(max_items = 500)]
    pub participants: Option<Vec<ParticipantIn>>,
    /// How many people take part.
    #[schema(minimum = 0, maximum = 10_000_000, example = 25)]
    pub participant_count: Option<i64>,
    /// What it is about.
    pub fields: Option<Vec<Checked<FieldOfCooperation>>>,
    /// The agreements it belongs to.
    #[schema(max_items = 100, example = json!(["agr_8x3k0q2m7t"]))]
    pub agreement_ids: Option<Vec<String>>,
    /// The network it belongs to.
    #[schema(example = "net_8x3k0q2m7t")]
    pub network_id: Option<String>,
    /// The programme that pays for it.
    #[schema(min_length = 1, max_length = 300, example = "Interreg")]
    pub programme: Option<String>,
    /// The number of the grant.
    #[schema(min_length = 1, max_length = 300)]
    pub grant_ref: Option<String>,
    /// What came of it.
    #[schema(min_length = 1, max_length = 4000)]
    pub outcome: Option<String>,
    /// Whether it happened; without it, `held` once it has certainly begun, else `planned`.
    pub status: Option<Checked<ActivityStatus>>,
    /// Where the facts are from; without any, the entry itself counts as the source.
    #[schema(max_items = 100)]
    pub sources: Option<Vec<SourceRefIn>>,
    /// `draft` for one that only the own office sees, and `published`, which is the default.
    pub record_state: Option<Checked<RecordState>>,
}

/// Where an activity is, as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceIn {
    /// In words.
    #[schema(min_length = 1, max_length = 300, example = "Tbilisi")]
    pub text: Option<String>,
    /// The partner where it is.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub partner_id: Option<String>,
}

/// Where an activity is.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ActivityPlace)]
pub struct Place {
    /// In words.
    #[schema(example = "Tbilisi")]
    pub text: Option<String>,
    /// The partner where it is.
    pub partner: Option<PartnerRef>,
}

/// Someone who takes part, as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParticipantIn {
    /// The partner that takes part.
    #[schema(required = true, nullable = false, example = "ptn_8x3k0q2m7t")]
    pub partner_id: Option<String>,
    /// What it does; without it, it takes part.
    pub role: Option<Checked<ParticipantRole>>,
    /// The office that represents it.
    #[schema(min_length = 1, max_length = 300, example = "mayor")]
    pub office: Option<String>,
    /// Who represents it; shown on the activity itself and nowhere else.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
}

/// Someone who takes part.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Participant {
    /// The partner that takes part.
    pub partner: PartnerRef,
    /// What it does.
    pub role: ParticipantRole,
    /// The office that represents it.
    #[schema(example = "mayor")]
    pub office: Option<String>,
    /// Who represents it; on the activity itself only.
    pub name: Option<String>,
}

/// Something partners do together.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActivityView {
    /// Its id.
    #[schema(example = "act_8x3k0q2m7t")]
    pub id: PublicId,
    /// What sort of activity it is.
    pub kind: ActivityKind,
    /// Its title, by language (BCP 47).
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "Visit of a delegation from Eindhoven"}))]
    pub title: Translations,
    /// When it begins.
    pub starts_on: Option<Edtf>,
    /// The days that can mean.
    pub starts_on_range: Option<DateRange>,
    /// When it ends.
    pub ends_on: Option<Edtf>,
    /// The days that can mean.
    pub ends_on_range: Option<DateRange>,
    /// How people meet.
    pub mode: ActivityMode,
    /// Where it is.
    pub place: Option<Place>,
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// How many people take part.
    #[schema(example = 25)]
    pub participant_count: Option<i64>,
    /// What it is about.
    pub fields: Vec<FieldOfCooperation>,
    /// The agreements it belongs to.
    #[schema(example = json!(["agr_8x3k0q2m7t"]))]
    pub agreement_ids: Vec<PublicId>,
    /// The network it belongs to.
    pub network: Option<NetworkRef>,
    /// The programme that pays for it.
    #[schema(example = "Interreg")]
    pub programme: Option<String>,
    /// The number of the grant.
    pub grant_ref: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// Whether it happened.
    pub status: ActivityStatus,
    /// What is odd about it and allowed all the same, such as a participant that no longer existed.
    pub warnings: Option<Vec<Warning>>,
    /// Its documents, in their newest versions, that the caller may see; with `include=documents`.
    pub documents: Option<Vec<DocumentView>>,
    /// Curation and authorship.
    #[serde(flatten)]
    pub meta: Meta,
    /// Sources and citations, when asked for.
    #[serde(flatten)]
    pub evidence: Evidence,
}
