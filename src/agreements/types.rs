//! Agreements in JSON.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events::types::{EventIn, EventView};
use super::parties::{Party, PartyIn};
use crate::changes::Meta;
use crate::core::duration::CalendarDuration;
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::language::{LanguageTag, Translations};
use crate::core::vocabulary::agreement::{
    ActivityLevel, DurationKind, EntryIntoForce, FieldOfCooperation, InstrumentType, Reciprocity,
    RelationshipType, Renewal, Scope, StatusBasis,
};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::{QualityFlag, RecordState};
use crate::evidence::citations::SourceRefIn;
use crate::evidence::documents::DocumentView;
use crate::evidence::include::Evidence;

/// What an agreement is recorded with, and what a patch changes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"instrument": "partnership_agreement", "parties": [{"partner_id": "ptn_8x3k0q2m7t"}, {"partner_id": "ptn_4e7w1z9b5c"}], "signed_on": "1992", "sources": [{"kind": "party_website", "title": "Foreign cooperation"}]}))]
pub struct AgreementIn {
    /// Its title by language (BCP 47); made from the parties and the year when absent.
    #[schema(example = json!({"en": "Białystok – Eindhoven (1992)"}))]
    pub title: Option<BTreeMap<String, String>>,
    /// What kind of tie it makes; `twinning`, or `institutional` when every party is an institution.
    pub relationship: Option<Checked<RelationshipType>>,
    /// What sort of paper it is.
    #[schema(value_type = InstrumentType, required = true)]
    pub instrument: Option<Checked<InstrumentType>>,
    /// About everything or about named fields; `general` when absent.
    pub scope: Option<Checked<Scope>>,
    /// The fields it names; at least one when thematic.
    pub fields: Option<Vec<Checked<FieldOfCooperation>>>,
    /// The parties, each partner once.
    #[schema(required = true, nullable = false, min_items = 2, max_items = 50)]
    pub parties: Option<Vec<PartyIn>>,
    /// How well the status is known; `presumed` when absent.
    pub status_basis: Option<Checked<StatusBasis>>,
    /// How much life there is in it; `unknown` when absent.
    pub activity_level: Option<Checked<ActivityLevel>>,
    /// When it was proposed.
    pub proposed_on: Option<Checked<Edtf>>,
    /// When it was approved.
    pub approved_on: Option<Checked<Edtf>>,
    /// When it was signed.
    pub signed_on: Option<Checked<Edtf>>,
    /// When it came into force.
    pub in_force_on: Option<Checked<Edtf>>,
    /// Where it was signed.
    #[schema(min_length = 1, max_length = 200, example = "Białystok")]
    pub signed_at: Option<String>,
    /// What brings it into force; `on_signature` when absent.
    pub entry_into_force: Option<Checked<EntryIntoForce>>,
    /// For how long it is concluded; `fixed_term` needs `valid_until` or `term`.
    pub duration: Option<Checked<DurationKind>>,
    /// Until when it holds.
    pub valid_until: Option<Checked<Edtf>>,
    /// Its term (ISO 8601 duration), where the end is not known as a date.
    #[schema(value_type = Option<CalendarDuration>, example = "P5Y")]
    pub term: Option<Checked<CalendarDuration>>,
    /// How a term is renewed.
    pub renewal: Option<Checked<Renewal>>,
    /// By how much (ISO 8601 duration).
    #[schema(value_type = Option<CalendarDuration>, example = "P5Y")]
    pub renewal_period: Option<Checked<CalendarDuration>>,
    /// How long before its end a party has to say so (ISO 8601 duration).
    #[schema(value_type = Option<CalendarDuration>, example = "P6M")]
    pub notice_period: Option<Checked<CalendarDuration>>,
    /// The languages of its authentic texts (BCP 47).
    #[schema(value_type = Option<Vec<LanguageTag>>, max_items = 50)]
    pub languages: Option<Vec<Checked<LanguageTag>>>,
    /// What it is for, by language (BCP 47).
    #[schema(example = json!({"en": "Exchange of experience"}))]
    pub purpose: Option<BTreeMap<String, String>>,
    /// The earlier agreements in whose place it stands.
    #[schema(max_items = 50, example = json!(["agr_8x3k0q2m7t"]))]
    pub supersedes: Option<Vec<String>>,
    /// The letter of intent, or another agreement, it came out of.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub arose_from: Option<String>,
    /// The agreement it is an annex of.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub parent_id: Option<String>,
    /// Its entries in public registers.
    #[schema(max_items = 50)]
    pub registrations: Option<Vec<RegistrationIn>>,
    /// The day on which a party last confirmed it.
    #[schema(value_type = Option<NaiveDate>, example = "2026-01-15")]
    pub last_confirmed_on: Option<String>,
    /// Its status when it is recorded; follows from the dates when absent.
    pub initial_status: Option<Checked<LegalStatus>>,
    /// Its whole past, oldest first, beginning with `register`; checked like events one by one.
    #[schema(max_items = 200)]
    pub events: Option<Vec<EventIn>>,
    /// Where the facts are from; without any, the entry itself counts as the source.
    #[schema(max_items = 100)]
    pub sources: Option<Vec<SourceRefIn>>,
    /// Why it is recorded although one of the same parties and instrument is there already.
    #[schema(min_length = 1, max_length = 500)]
    pub allow_duplicate: Option<String>,
    /// `draft` for one that only the own office sees, and `published`, which is the default.
    pub record_state: Option<Checked<RecordState>>,
}

/// An entry in a public register, as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationIn {
    /// Who keeps the register.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "Ministry of Foreign Affairs"
    )]
    pub authority: Option<String>,
    /// The number there.
    #[schema(min_length = 1, max_length = 100)]
    pub number: Option<String>,
    /// When it was entered.
    pub date: Option<Checked<Edtf>>,
}

/// An entry in a public register.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Registration {
    /// Who keeps the register.
    pub authority: String,
    /// The number there.
    pub number: Option<String>,
    /// When it was entered.
    pub date: Option<Edtf>,
}

/// A notice that an agreement is to end.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PendingTermination {
    /// When the notice was given.
    pub notice_given_on: Option<Edtf>,
    /// When the agreement is to end.
    pub effective_on: Edtf,
}

pub use crate::core::warning::Warning;

/// A paper between partners, or a tie without one.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgreementView {
    /// Its id.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub id: PublicId,
    /// Its title by language (BCP 47).
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "Białystok – Eindhoven (1992)"}))]
    pub title: Translations,
    /// What kind of tie it makes.
    pub relationship: RelationshipType,
    /// What sort of paper it is.
    pub instrument: InstrumentType,
    /// About everything or about named fields.
    pub scope: Scope,
    /// The fields it names.
    pub fields: Vec<FieldOfCooperation>,
    /// The parties.
    pub parties: Vec<Party>,
    /// Its legal status: the fold of its events. With `as_of`, the one on that day.
    pub status: LegalStatus,
    /// Since when.
    pub status_since: Edtf,
    /// The days that can mean.
    pub status_since_range: DateRange,
    /// How well the status is known.
    pub status_basis: StatusBasis,
    /// How much life there is in it.
    pub activity_level: ActivityLevel,
    /// The notice that stands, if any.
    pub pending_termination: Option<PendingTermination>,
    /// What may be recorded now (on the item only); `note` and `correct` are always possible.
    pub allowed: Option<Vec<EventAction>>,
    /// When it was proposed.
    pub proposed_on: Option<Edtf>,
    /// The days that can mean.
    pub proposed_on_range: Option<DateRange>,
    /// When it was approved.
    pub approved_on: Option<Edtf>,
    /// The days that can mean.
    pub approved_on_range: Option<DateRange>,
    /// When it was signed.
    pub signed_on: Option<Edtf>,
    /// The days that can mean.
    pub signed_on_range: Option<DateRange>,
    /// When it came into force.
    pub in_force_on: Option<Edtf>,
    /// The days that can mean.
    pub in_force_on_range: Option<DateRange>,
    /// Where it was signed.
    pub signed_at: Option<String>,
    /// What brings it into force.
    pub entry_into_force: EntryIntoForce,
    /// For how long it is concluded.
    pub duration: DurationKind,
    /// Until when it holds.
    pub valid_until: Option<Edtf>,
    /// The days that can mean.
    pub valid_until_range: Option<DateRange>,
    /// Its term.
    pub term: Option<CalendarDuration>,
    /// How a term is renewed.
    pub renewal: Option<Renewal>,
    /// By how much.
    pub renewal_period: Option<CalendarDuration>,
    /// How long before its end a party has to say so.
    pub notice_period: Option<CalendarDuration>,
    /// The languages of its authentic texts.
    pub languages: Vec<LanguageTag>,
    /// What it is for, by language (BCP 47).
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "Exchange of experience"}))]
    pub purpose: Translations,
    /// The earlier agreements in whose place it stands.
    pub supersedes: Vec<PublicId>,
    /// The later agreement that stands in its place.
    pub superseded_by: Option<PublicId>,
    /// The agreement it came out of.
    pub arose_from: Option<PublicId>,
    /// The agreement it is an annex of.
    pub parent_id: Option<PublicId>,
    /// Its entries in public registers.
    pub registrations: Vec<Registration>,
    /// The day on which a party last confirmed it.
    pub last_confirmed_on: Option<NaiveDate>,
    /// Whether all parties are in one country.
    pub domestic: bool,
    /// Whether the parties say the same of it.
    pub reciprocity: Reciprocity,
    /// What could be better about the record.
    pub quality_flags: Vec<QualityFlag>,
    /// What is odd about it.
    pub warnings: Option<Vec<Warning>>,
    /// Its events in the order of the fold; with `include=events`.
    pub events: Option<Vec<EventView>>,
    /// Activities held under it; with `include=activities`.
    pub activities: Option<Vec<ActivityBrief>>,
    /// Its documents, in their newest versions, that the caller may see; with `include=documents`.
    #[schema(value_type = Option<Vec<Object>>)]
    pub documents: Option<Vec<DocumentView>>,
    /// Curation and authorship.
    #[serde(flatten)]
    pub meta: Meta,
    /// Sources and citations, when asked for.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// An activity as an agreement shows it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActivityBrief {
    /// Its id.
    #[schema(example = "act_8x3k0q2m7t")]
    pub id: PublicId,
    /// What sort of activity it is.
    pub kind: crate::core::vocabulary::activity::ActivityKind,
    /// Its title by language (BCP 47).
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "A visit"}))]
    pub title: Translations,
    /// When it begins.
    pub starts_on: Option<Edtf>,
    /// Whether it happened.
    pub status: crate::core::vocabulary::activity::ActivityStatus,
}
