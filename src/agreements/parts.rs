//! One agreement as callers see it, put together from its row and what stands beside it.

use super::events::life::Life;
use super::events::types::EventView;
use super::lifecycle;
use super::lifespans;
use super::parties::{self, Party};
use super::rules::{self, KindAndHost, NewAgreement};
use super::store::{AgreementRow, Resolved};
use super::types::{ActivityBrief, AgreementView, PendingTermination};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::language::{LanguageTag, Translations};
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::evidence::documents::DocumentView;
use crate::evidence::include::Evidence;
use crate::lifecycle::lifespans::Lifespans;

/// All that an agreement shows on the day it is recorded, as long as its parties are those that were
/// sent and live.
#[derive(Debug)]
pub struct AtHand {
    pub(super) new: NewAgreement,
    pub(super) resolved: Resolved,
    pub(super) life: Life,
}

/// An agreement that was just recorded, as [`views`](super::view::views) shows it: in the shape of the
/// log, or of an item with names of persons and what may be recorded now.
pub fn created(row: &AgreementRow, at_hand: &AtHand, item: bool) -> AgreementView {
    let AtHand {
        new,
        resolved,
        life,
    } = at_hand;
    let seats = life.now.iter().flat_map(|now| &now.story.seats);
    let parties = new.parties.iter().zip(&resolved.parties).zip(seats);
    let parts = Parts {
        parties: parties
            .map(|((party, known), seat)| parties::party_view(party, known, seat, item))
            .collect(),
        kinds: resolved
            .parties
            .iter()
            .map(|known| KindAndHost {
                partner: known.key,
                kind: known.partner.kind,
                host: known.host,
            })
            .collect(),
        lives: resolved.lives.clone(),
        status: row.status,
        status_since: row.status_since.clone(),
        allowed: item.then(|| allowed(row, || life.allowed())),
        supersedes: new.supersedes.clone(),
        superseded_by: None,
        arose_from: new.arose_from.clone(),
        parent_id: new.parent.clone(),
        events: None,
        activities: None,
        documents: None,
        evidence: Evidence::default(),
    };
    view(row.clone(), parts, None)
}

/// What may be recorded now of an agreement: where its end is planned, what leaves that possible.
pub(super) fn allowed(
    row: &AgreementRow,
    planned: impl FnOnce() -> Vec<EventAction>,
) -> Vec<EventAction> {
    if row.pending_effective_on.is_some() {
        planned()
    } else {
        lifecycle::allowed(row.status)
    }
}

/// What an agreement shows beside its own row.
pub(super) struct Parts {
    pub(super) parties: Vec<Party>,
    pub(super) kinds: Vec<KindAndHost>,
    pub(super) lives: Lifespans,
    pub(super) status: LegalStatus,
    pub(super) status_since: Edtf,
    pub(super) allowed: Option<Vec<EventAction>>,
    pub(super) supersedes: Vec<PublicId>,
    pub(super) superseded_by: Option<PublicId>,
    pub(super) arose_from: Option<PublicId>,
    pub(super) parent_id: Option<PublicId>,
    pub(super) events: Option<Vec<EventView>>,
    pub(super) activities: Option<Vec<ActivityBrief>>,
    pub(super) documents: Option<Vec<DocumentView>>,
    pub(super) evidence: Evidence,
}

/// One agreement of these parts.
pub(super) fn view(row: AgreementRow, parts: Parts, lang: Option<&LanguageTag>) -> AgreementView {
    let mut warnings = rules::warnings(row.relationship, row.duration, &parts.kinds);
    let seats: Vec<(i64, &Party)> = parts
        .kinds
        .iter()
        .map(|known| known.partner)
        .zip(&parts.parties)
        .collect();
    warnings.extend(lifespans::warnings(
        &parts.lives,
        &seats,
        row.signed_on.as_ref(),
    ));
    let said = parts.parties.iter().map(|party| party.acknowledgement);
    let title = title(&row, &parts.parties, lang);
    let pending_termination = pending_termination(&row);
    AgreementView {
        relationship: row.relationship,
        instrument: row.instrument,
        scope: row.scope,
        fields: row.fields.0,
        status: parts.status,
        status_since_range: (&parts.status_since).into(),
        status_since: parts.status_since,
        status_basis: row.status_basis,
        activity_level: row.activity_level,
        title,
        pending_termination,
        allowed: parts.allowed,
        proposed_on_range: row.proposed_on.as_ref().map(Into::into),
        proposed_on: row.proposed_on,
        approved_on_range: row.approved_on.as_ref().map(Into::into),
        approved_on: row.approved_on,
        signed_on_range: row.signed_on.as_ref().map(Into::into),
        signed_on: row.signed_on,
        in_force_on_range: row.in_force_on.as_ref().map(Into::into),
        in_force_on: row.in_force_on,
        signed_at: row.signed_at,
        entry_into_force: row.entry_into_force,
        duration: row.duration,
        valid_until_range: row.valid_until.as_ref().map(Into::into),
        valid_until: row.valid_until,
        term: row.term,
        renewal: row.renewal,
        renewal_period: row.renewal_period,
        notice_period: row.notice_period,
        languages: row.languages.0,
        purpose: row.purpose.0,
        supersedes: parts.supersedes,
        superseded_by: parts.superseded_by,
        arose_from: parts.arose_from,
        parent_id: parts.parent_id,
        registrations: row.registrations.0,
        last_confirmed_on: row.last_confirmed_on,
        domestic: row.domestic,
        reciprocity: parties::reciprocity(said),
        quality_flags: row.quality_flags.0,
        warnings: (!warnings.is_empty()).then_some(warnings),
        events: parts.events,
        activities: parts.activities,
        documents: parts.documents,
        meta: crate::meta!(row),
        evidence: parts.evidence,
        parties: parts.parties,
        id: row.public_id,
    }
}

fn pending_termination(row: &AgreementRow) -> Option<PendingTermination> {
    row.pending_effective_on
        .clone()
        .map(|effective_on| PendingTermination {
            notice_given_on: row.pending_notice_given_on.clone(),
            effective_on,
        })
}

/// The title given, else one made from the parties and the year; in the language asked for first.
fn title(row: &AgreementRow, parties: &[Party], lang: Option<&LanguageTag>) -> Translations {
    if !row.title.is_empty() {
        return row.title.0.clone();
    }
    let names: Vec<&str> = parties
        .iter()
        .map(|party| party.partner.name.as_str())
        .collect();
    let made = rules::usual_title(&names, row.signed_on.as_ref());
    let tag = lang.cloned().or_else(|| "en".parse().ok());
    tag.map(|tag| (tag, made)).into_iter().collect()
}
