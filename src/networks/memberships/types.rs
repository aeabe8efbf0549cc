//! Memberships and their events in JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::changes::Meta;
use crate::core::author::Author;
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::vocabulary::lifecycle::{
    DecidingBody, MembershipAction, MembershipStatus, ReasonCode,
};
use crate::core::vocabulary::record::{QualityFlag, RecordState};
use crate::core::warning::Warning;
use crate::evidence::citations::SourceRefIn;
use crate::evidence::documents::DocumentView;
use crate::evidence::include::Evidence;
use crate::evidence::sources::{SourceIn, SourceView};
use crate::lifecycle::{LegalAct, LegalActIn};
use crate::networks::NetworkRef;
use crate::partners::PartnerRef;

/// What a membership is recorded with, and what a patch changes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"partner_id": "ptn_8x3k0q2m7t", "network_id": "net_8x3k0q2m7t", "class": "full", "admitted_on": "1997-06-06"}))]
pub struct MembershipIn {
    /// The member.
    #[schema(required = true, nullable = false, example = "ptn_8x3k0q2m7t")]
    pub partner_id: Option<String>,
    /// The network.
    #[schema(required = true, nullable = false, example = "net_8x3k0q2m7t")]
    pub network_id: Option<String>,
    /// The class of membership; `observer` makes an observer of whoever is admitted.
    #[schema(min_length = 1, max_length = 100, example = "full")]
    pub class: Option<String>,
    /// The part of the network, such as the national side of a euroregion.
    #[schema(min_length = 1, max_length = 100, example = "PL")]
    pub section: Option<String>,
    /// The partner through which it is a member, such as an association of communes.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub via_partner_id: Option<String>,
    /// When the partner asked to join.
    pub applied_on: Option<Checked<Edtf>>,
    /// When it was admitted.
    pub admitted_on: Option<Checked<Edtf>>,
    /// When the membership ended.
    pub ended_on: Option<Checked<Edtf>>,
    /// Offices the member holds or held in the network.
    #[schema(max_items = 100)]
    pub offices: Option<Vec<OfficeIn>>,
    /// The status it is entered with; needed when neither `admitted_on` nor `applied_on` says it.
    /// Only when it is recorded.
    pub initial_status: Option<Checked<MembershipStatus>>,
    /// Its whole past, oldest first, instead of `initial_status`: the first event is `register` or
    /// `apply`, and each names its source. Only when it is recorded.
    #[schema(max_items = 100)]
    pub events: Option<Vec<EventIn>>,
    /// Where the facts are from; without any, the sources of its events or the entry itself.
    #[schema(max_items = 100)]
    pub sources: Option<Vec<SourceRefIn>>,
    /// `draft` for one that only the own office sees, and `published`, which is the default.
    pub record_state: Option<Checked<RecordState>>,
}

/// An office held in a network, as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeIn {
    /// The office, as the network calls it.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "vice-president"
    )]
    pub office: Option<String>,
    /// Who holds it; shown on the membership itself and nowhere else.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Since when.
    pub since: Option<Checked<Edtf>>,
    /// Until when.
    pub until: Option<Checked<Edtf>>,
}

/// An office held in a network.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Office {
    /// The office, as the network calls it.
    #[schema(example = "vice-president")]
    pub office: String,
    /// Who holds it; on the membership itself only.
    pub name: Option<String>,
    /// Since when.
    pub since: Option<Edtf>,
    /// Until when.
    pub until: Option<Edtf>,
}

/// An event in the life of a membership, as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "suspend", "effective_on": "2022-03-01", "reason_code": "armed_aggression", "deciding_body": "network_body"}))]
#[schema(as = MembershipEventIn)]
pub struct EventIn {
    /// What happened.
    #[schema(value_type = MembershipAction, required = true)]
    pub action: Option<Checked<MembershipAction>>,
    /// When it took effect.
    #[schema(value_type = Edtf, required = true)]
    pub effective_on: Option<Checked<Edtf>>,
    /// The status it leads to: of `register`, and of a `correct` that puts the status right.
    pub to_status: Option<Checked<MembershipStatus>>,
    /// The partner whose decision it was.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub actor_partner_id: Option<String>,
    /// Who decided.
    pub deciding_body: Option<Checked<DecidingBody>>,
    /// The class from then on: of `change_class`, `admit`, `apply`, `register` and what corrects them.
    #[schema(min_length = 1, max_length = 100, example = "associated")]
    pub class: Option<String>,
    /// Why; needed by `suspend`, `withdraw`, `exclude` and `refuse`.
    pub reason_code: Option<Checked<ReasonCode>>,
    /// Why, in words; needed by `correct`.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason_text: Option<String>,
    /// Whether there is a paper; without it, there is.
    pub formal: Option<bool>,
    /// Where it happened.
    #[schema(min_length = 1, max_length = 300, example = "Augustów")]
    pub place: Option<String>,
    /// The legal act it rests on.
    pub legal_act: Option<LegalActIn>,
    /// Its document: one that is recorded.
    #[schema(example = "doc_8x3k0q2m7t")]
    pub document_id: Option<String>,
    /// A source already there; or describe one in `source`.
    #[schema(example = "src_8x3k0q2m7t")]
    pub source_id: Option<String>,
    /// Where it is written.
    pub source: Option<SourceIn>,
    /// What else there is to say; needed by `note`.
    #[schema(min_length = 1, max_length = 4000)]
    pub note: Option<String>,
    /// The event that was wrong; of `correct`.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub corrects_event_id: Option<String>,
}

/// What is known of an event beside its step, as it is stored.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The internal key of the partner whose decision it was.
    pub actor: Option<i64>,
    /// Who decided.
    pub deciding_body: Option<DecidingBody>,
    /// The class from then on.
    pub class: Option<String>,
    /// Why.
    pub reason_code: Option<ReasonCode>,
    /// Why, in words.
    pub reason_text: Option<String>,
    /// Without it, formal.
    pub formal: Option<bool>,
    /// Where it happened.
    pub place: Option<String>,
    /// The legal act it rests on.
    pub legal_act: Option<LegalAct>,
    /// What else there is to say.
    pub note: Option<String>,
    /// Its document.
    pub document: Option<PublicId>,
}

/// An event in the life of a membership.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = MembershipEvent)]
pub struct EventView {
    /// Its id.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub id: PublicId,
    /// What happened.
    pub action: MembershipAction,
    /// The status it met; none at the beginning.
    pub from_status: Option<MembershipStatus>,
    /// The status after it.
    pub to_status: MembershipStatus,
    /// When it took effect.
    pub effective_on: Edtf,
    /// The days that can mean.
    pub effective_on_range: DateRange,
    /// When the registry learnt of it.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: Author,
    /// The partner whose decision it was.
    pub actor_partner: Option<PartnerRef>,
    /// Who decided.
    pub deciding_body: Option<DecidingBody>,
    /// The class from then on.
    pub class: Option<String>,
    /// Why.
    pub reason_code: Option<ReasonCode>,
    /// Why, in words.
    pub reason_text: Option<String>,
    /// Whether there is a paper.
    pub formal: bool,
    /// Where it happened.
    pub place: Option<String>,
    /// The legal act it rests on.
    pub legal_act: Option<LegalAct>,
    /// Its document, where the caller may see it.
    #[schema(example = "doc_8x3k0q2m7t")]
    pub document_id: Option<PublicId>,
    /// Where it is written.
    pub source: Option<SourceView>,
    /// What else there is to say.
    pub note: Option<String>,
    /// The event that it puts right.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub corrects_event_id: Option<PublicId>,
    /// The later event that put it right; it stays in the list and counts no longer.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub corrected_by: Option<PublicId>,
}

/// A partner's place in a network.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MembershipView {
    /// Its id.
    #[schema(example = "mbr_8x3k0q2m7t")]
    pub id: PublicId,
    /// The member.
    pub partner: PartnerRef,
    /// The network.
    pub network: NetworkRef,
    /// The class of membership.
    #[schema(example = "full")]
    pub class: Option<String>,
    /// The part of the network.
    #[schema(example = "PL")]
    pub section: Option<String>,
    /// The partner through which it is a member.
    pub via_partner: Option<PartnerRef>,
    /// Its status, the fold of its events; in a list with `as_of`, the one of that day.
    pub status: MembershipStatus,
    /// The date of the event that brought this status.
    pub status_since: Edtf,
    /// The days that can mean.
    pub status_since_range: DateRange,
    /// What may happen to it now; on the membership itself only.
    #[schema(example = json!(["suspend", "withdraw"]))]
    pub allowed: Option<Vec<MembershipAction>>,
    /// What is odd about it (on the item only).
    pub warnings: Option<Vec<Warning>>,
    /// When the partner asked to join.
    pub applied_on: Option<Edtf>,
    /// The days that can mean.
    pub applied_on_range: Option<DateRange>,
    /// When it was admitted.
    pub admitted_on: Option<Edtf>,
    /// The days that can mean.
    pub admitted_on_range: Option<DateRange>,
    /// When the membership ended.
    pub ended_on: Option<Edtf>,
    /// The days that can mean.
    pub ended_on_range: Option<DateRange>,
    /// Offices held in the network; the names of those who hold them only on the membership itself.
    pub offices: Vec<Office>,
    /// What is doubtful about the record, when anything is.
    pub quality_flags: Option<Vec<QualityFlag>>,
    /// Its events, oldest first, with `include=events`.
    pub events: Option<Vec<EventView>>,
    /// Its documents, in their newest versions, that the caller may see; with `include=documents`.
    pub documents: Option<Vec<DocumentView>>,
    /// Curation and authorship.
    #[serde(flatten)]
    pub meta: Meta,
    /// Sources and citations, when asked for.
    #[serde(flatten)]
    pub evidence: Evidence,
}
