//! One agreement as callers see it, put together from its row and what stands beside it.

use super::events::life::Life;
use super::lifespans;
use super::parties::{self, Party, PartyRow};
use super::rules::{self, NewAgreement};
use super::store::{AgreementRow, Resolved};
use super::types::{AgreementView, PendingTermination};
use crate::core::language::{LanguageTag, Translations};
use crate::evidence::include::Evidence;
use crate::lifecycle::lifespans::Lifespans;
use crate::partners::reference::Known;

/// All that an agreement shows on the day it is recorded, as long as its parties are those that were
/// sent and live.
#[derive(Debug)]
pub struct AtHand {
    pub(super) new: NewAgreement,
    pub(super) resolved: Resolved,
    pub(super) parties: Vec<PartyRow>,
    pub(super) life: Life,
}

/// An agreement that was just recorded, as [`super::view`] shows it: in the shape of the
/// log, or of an item with names of persons and what may be recorded now.
pub fn created(row: &AgreementRow, at_hand: &AtHand, item: bool) -> AgreementView {
    let (new, resolved) = (&at_hand.new, &at_hand.resolved);
    let parties = at_hand.parties.iter().zip(&resolved.parties);
    let party = |(row, known): (&PartyRow, &Known)| {
        parties::party_view(row.clone(), known.partner.clone(), known.host, item)
    };
    let parties = parties.map(party).collect();
    AgreementView {
        allowed: item.then(|| at_hand.life.allowed()),
        supersedes: new.supersedes.clone(),
        arose_from: new.arose_from.clone(),
        parent_id: new.parent.clone(),
        ..view(row.clone(), parties, &resolved.lives, None)
    }
}

/// What an agreement shows of its own row and of its parties, who have these lives; nothing of what else names it,
/// or is named by it.
pub(super) fn view(
    row: AgreementRow,
    parties: Vec<Party>,
    lives: &Lifespans,
    lang: Option<&LanguageTag>,
) -> AgreementView {
    let kinds = parties.iter();
    let kinds = kinds.map(|party| (party.key, party.partner.kind, party.host));
    let mut warnings = rules::warnings(
        row.relationship,
        row.content.duration,
        &kinds.collect::<Vec<_>>(),
    );
    warnings.extend(lifespans::warnings(
        lives,
        &parties,
        row.content.dates.signed_on.as_ref(),
    ));
    let said = parties.iter().map(|party| party.acknowledgement);
    let title = title(&row, &parties, lang);
    let content = row.content;
    let dates = content.dates;
    let notice_given_on = row.pending_notice_given_on;
    let pending_termination = row
        .pending_effective_on
        .map(|effective_on| PendingTermination {
            notice_given_on,
            effective_on,
        });
    AgreementView {
        relationship: row.relationship,
        instrument: content.instrument,
        scope: content.scope,
        fields: content.fields.0,
        status: row.status,
        status_since_range: (&row.status_since).into(),
        status_since: row.status_since,
        status_basis: content.status_basis,
        activity_level: content.activity_level,
        title,
        pending_termination,
        allowed: None,
        proposed_on_range: dates.proposed_on.as_ref().map(Into::into),
        proposed_on: dates.proposed_on,
        approved_on_range: dates.approved_on.as_ref().map(Into::into),
        approved_on: dates.approved_on,
        signed_on_range: dates.signed_on.as_ref().map(Into::into),
        signed_on: dates.signed_on,
        in_force_on_range: dates.in_force_on.as_ref().map(Into::into),
        in_force_on: dates.in_force_on,
        signed_at: content.signed_at,
        entry_into_force: content.entry_into_force,
        duration: content.duration,
        valid_until_range: content.valid_until.as_ref().map(Into::into),
        valid_until: content.valid_until,
        term: content.term,
        renewal: content.renewal,
        renewal_period: content.renewal_period,
        notice_period: content.notice_period,
        languages: content.languages.0,
        purpose: content.purpose.0,
        supersedes: Vec::new(),
        superseded_by: None,
        arose_from: None,
        parent_id: None,
        registrations: content.registrations.0,
        last_confirmed_on: content.last_confirmed_on,
        domestic: row.domestic,
        reciprocity: parties::reciprocity(said),
        quality_flags: row.quality_flags.0,
        warnings: (!warnings.is_empty()).then_some(warnings),
        events: None,
        activities: None,
        documents: None,
        meta: crate::meta!(row),
        evidence: Evidence::default(),
        parties,
        id: row.public_id,
    }
}

/// The title given, else one made from the parties and the year; in the language asked for first.
fn title(row: &AgreementRow, parties: &[Party], lang: Option<&LanguageTag>) -> Translations {
    if !row.content.title.is_empty() {
        return row.content.title.0.clone();
    }
    let names = parties.iter().map(|party| &party.partner.name);
    let made = rules::usual_title(
        &names.collect::<Vec<_>>(),
        row.content.dates.signed_on.as_ref(),
    );
    let tag = lang.cloned().or_else(|| "en".parse().ok());
    tag.map(|tag| (tag, made)).into_iter().collect()
}
