//! Events of agreements in JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::agreements::types::Warning;
use crate::core::author::Author;
use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::vocabulary::agreement::{DurationKind, PartyRole};
use crate::core::vocabulary::lifecycle::{
    DecidingBody, EventAction, LegalStatus, ReasonCode, TerminationMode,
};
use crate::evidence::sources::SourceIn;
use crate::lifecycle::{LegalAct, LegalActIn};
use crate::partners::PartnerRef;

/// A step in the life of an agreement, as it is sent. Besides its date each action needs other
/// fields; what is missing is told field by field.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "suspend", "effective_on": "2020-08~", "reason_code": "human_rights", "deciding_body": "executive"}))]
pub struct EventIn {
    /// What happened.
    #[schema(value_type = EventAction, required = true)]
    pub action: Option<Checked<EventAction>>,
    /// When it was true; for `give_notice` the planned end.
    #[schema(value_type = Edtf, required = true)]
    pub effective_on: Option<Checked<Edtf>>,
    /// The party that acted.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub actor_partner_id: Option<String>,
    /// Who decided it.
    pub deciding_body: Option<Checked<DecidingBody>>,
    /// Why, as a code.
    pub reason_code: Option<Checked<ReasonCode>>,
    /// Why, in words.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason_text: Option<String>,
    /// How it was ended.
    pub mode: Option<Checked<TerminationMode>>,
    /// Whether it was done on paper; true when absent.
    pub formal: Option<bool>,
    /// Where it happened.
    #[schema(min_length = 1, max_length = 300)]
    pub place: Option<String>,
    /// The partner that joins, leaves or is succeeded.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub party: Option<String>,
    /// What a partner that joins is to the agreement.
    pub role: Option<Checked<PartyRole>>,
    /// The partner that takes the place of a party.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub successor_id: Option<String>,
    /// The act it rests on.
    pub legal_act: Option<LegalActIn>,
    /// Its document: one that is recorded.
    #[schema(example = "doc_8x3k0q2m7t")]
    pub document_id: Option<String>,
    /// Where it is written.
    #[schema(example = "src_8x3k0q2m7t")]
    pub source_id: Option<String>,
    /// Where it is written, described here.
    pub source: Option<SourceIn>,
    /// What else there is to say.
    #[schema(min_length = 1, max_length = 4000)]
    pub note: Option<String>,
    /// When the notice was given.
    pub notice_given_on: Option<Checked<Edtf>>,
    /// The new end of the term, of a renewal.
    pub valid_until: Option<Checked<Edtf>>,
    /// `indefinite` when a renewal ends the term for good.
    pub duration: Option<Checked<DurationKind>>,
    /// The agreement that took its place.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub superseded_by: Option<String>,
    /// The event that was wrong.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub corrects_event_id: Option<String>,
    /// The status that `register` finds or `correct` sets.
    pub to_status: Option<Checked<LegalStatus>>,
}

/// What an event says beside its action, dates and statuses, as it is stored.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    pub(crate) actor: Option<i64>,
    pub(crate) deciding_body: Option<DecidingBody>,
    pub(crate) reason_code: Option<ReasonCode>,
    pub(crate) reason_text: Option<String>,
    pub(crate) mode: Option<TerminationMode>,
    pub(crate) formal: Option<bool>,
    pub(crate) place: Option<String>,
    pub(crate) party: Option<i64>,
    pub(crate) role: Option<PartyRole>,
    pub(crate) successor: Option<i64>,
    pub(crate) legal_act: Option<LegalAct>,
    pub(crate) note: Option<String>,
    pub(crate) notice_given_on: Option<Edtf>,
    pub(crate) valid_until: Option<Edtf>,
    pub(crate) duration: Option<DurationKind>,
    pub(crate) superseded_by: Option<PublicId>,
    pub(crate) document: Option<PublicId>,
    /// Whether neither it nor the record that it came with names a source: an expiry then rests on the end
    /// of the term.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unsourced: bool,
}

impl Details {
    /// What a correction does not say again, it keeps of the event it stands for.
    pub(crate) fn kept_from(self, corrected: Self) -> Self {
        // A term is one thing: a renewal that is put right to be indefinite has no last day.
        let new_term = self.valid_until.is_some() || self.duration.is_some();
        let (valid_until, duration) = if new_term {
            (self.valid_until, self.duration)
        } else {
            (corrected.valid_until, corrected.duration)
        };
        Self {
            actor: self.actor.or(corrected.actor),
            deciding_body: self.deciding_body.or(corrected.deciding_body),
            reason_code: self.reason_code.or(corrected.reason_code),
            reason_text: self.reason_text.or(corrected.reason_text),
            mode: self.mode.or(corrected.mode),
            formal: self.formal.or(corrected.formal),
            place: self.place.or(corrected.place),
            party: self.party.or(corrected.party),
            role: self.role.or(corrected.role),
            successor: self.successor.or(corrected.successor),
            legal_act: self.legal_act.or(corrected.legal_act),
            note: self.note.or(corrected.note),
            notice_given_on: self.notice_given_on.or(corrected.notice_given_on),
            valid_until,
            duration,
            superseded_by: self.superseded_by.or(corrected.superseded_by),
            document: self.document.or(corrected.document),
            unsourced: corrected.unsourced,
        }
    }
}

/// A step in the life of an agreement.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Its id.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub id: PublicId,
    /// What happened.
    pub action: EventAction,
    /// The status before it; none for the first event and for one that was corrected.
    pub from_status: Option<LegalStatus>,
    /// The status after it.
    pub to_status: LegalStatus,
    /// When it was true; for `give_notice` the planned end.
    pub effective_on: Edtf,
    /// The days that can mean.
    pub effective_on_range: DateRange,
    /// When the registry learnt of it.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: Author,
    /// Whether it waits for a day that has not come.
    pub pending: bool,
    /// The party that acted.
    pub actor_partner: Option<PartnerRef>,
    /// Who decided it.
    pub deciding_body: Option<DecidingBody>,
    /// Why, as a code.
    pub reason_code: Option<ReasonCode>,
    /// Why, in words.
    pub reason_text: Option<String>,
    /// How it was ended.
    pub mode: Option<TerminationMode>,
    /// Whether it was done on paper.
    pub formal: bool,
    /// Where it happened.
    pub place: Option<String>,
    /// The partner that joined, left or was succeeded.
    pub party: Option<PartnerRef>,
    /// What the partner that joined is to the agreement.
    pub role: Option<PartyRole>,
    /// The partner that took the place of a party.
    pub successor: Option<PartnerRef>,
    /// The act it rests on.
    pub legal_act: Option<LegalAct>,
    /// Its document, where the caller may see it.
    #[schema(example = "doc_8x3k0q2m7t")]
    pub document_id: Option<PublicId>,
    /// Where it is written.
    #[schema(example = "src_8x3k0q2m7t")]
    pub source_id: Option<PublicId>,
    /// What else there is to say.
    pub note: Option<String>,
    /// When the notice was given.
    pub notice_given_on: Option<Edtf>,
    /// The new end of the term.
    pub valid_until: Option<Edtf>,
    /// `indefinite` when the term was ended for good.
    pub duration: Option<DurationKind>,
    /// The agreement that took its place.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub superseded_by: Option<PublicId>,
    /// The event it puts right.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub corrects_event_id: Option<PublicId>,
    /// The later event that put it right: it stays and counts no longer.
    #[schema(example = "evt_8x3k0q2m7t")]
    pub corrected_by: Option<PublicId>,
    /// What is odd about it; told when it is recorded.
    pub warnings: Option<Vec<Warning>>,
}
