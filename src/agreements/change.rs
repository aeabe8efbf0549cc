//! Changing, withdrawing and restoring an agreement: everything but its status, which changes by events.

use chrono::NaiveDate;
use serde_json::Value;

use super::checks::{
    check_acknowledgements_are_own, may_take_their_place, not_ahead, not_duplicate, not_taken,
    resolve, signed_in_turn,
};
use super::dates::{Dated, reached};
use super::duplicates;
use super::events::life::Life;
use super::events::record;
use super::events::replaced::{Asked, Beside, Broken, restorable};
use super::events::required::CheckedEvent;
use super::events::status;
use super::lifecycle::story::{Base, Term};
use super::links;
use super::parties::{PartyRow, keys, said_after};
use super::record::Agreement;
use super::rules::{self, NewAgreement};
use super::store::{self, AgreementRow, Resolved};
use super::supersession;
use super::types::AgreementIn;
use crate::access;
use crate::changes::{self, Ctx, records as heads};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::lifecycle::EventAction;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::evidence::sources::record as source_record;
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::lifecycle::agreement_listing;
use crate::records::{self, Editable, Record as _};

impl Editable for Agreement {
    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &AgreementRow,
        patch: &Value,
    ) -> Result<AgreementRow, Problem> {
        let before = Self::logged(conn, row)?;
        let input = patched(Self::item(conn, ctx, row)?, row, patch)?;
        let mut issues = Issues::keeping(&before);
        let new = rules::check(input, &mut issues);
        let resolved = resolve(conn, &new, Some(row.id), &mut issues)?;
        let (life, parties) = Life::load(conn, ctx.today(), row)?;
        let stored = (parties.as_slice(), row.content.dates.signed_on.as_ref());
        super::lifespans::check(&new, &resolved, stored, &mut issues);
        dates_have_events(&life, &new, ctx.today(), &mut issues)?;
        let moves = |dated| new.content.dates.get(dated) != life.facts.dates.get(dated);
        if patch.get("parties").is_some()
            || Dated::all().any(|dated| dated != Dated::InForce && moves(dated))
            || new.content.last_confirmed_on != row.content.last_confirmed_on
        {
            not_ahead(&new, ctx, &mut issues);
        }
        let mut touched = links::older(conn, row.id)?;
        let parties_before: Vec<i64> = parties.iter().map(|party| party.partner_id).collect();
        let other_parties = resolved.party_key() != duplicates::party_key(parties_before.clone());
        let opens = row.record_state == RecordState::Draft && ctx.state == RecordState::Published;
        // What is asked between it and others depends on no other members.
        let asked = opens
            || resolved.supersedes != touched
            || other_parties
            || new.content.dates != life.facts.dates;
        if asked {
            let before = (touched.as_slice(), row.content.dates.signed_on.as_ref());
            signed_in_turn(conn, (&new, &resolved), before, &mut issues)?;
            // What a draft names others do not see.
            let held = if opens { &[] } else { touched.as_slice() };
            not_taken(conn, &resolved.supersedes, held, &mut issues)?;
            may_take_their_place(conn, ctx, &resolved, (&touched, &parties_before))?;
        }
        validated(issues)?;
        check_office_may_change_parties(conn, ctx, &parties, &new, &resolved)?;
        // What did not hold between it and others before, as far as they have seen it.
        let broken = if !asked {
            None
        } else if opens {
            Some((Vec::new(), Asked::Shown))
        } else {
            let broken = Beside::load(conn, ctx, row)?.broken(conn, &life)?;
            Some((broken, Asked::Change))
        };
        if other_parties
            || new.content.instrument != row.content.instrument
            || moves(Dated::Signed)
            || ctx.state != row.record_state
        {
            not_duplicate(conn, Some(row.id), &new, &resolved)?;
        }
        let mut dropped = touched.clone();
        dropped.retain(|key| !resolved.supersedes.contains(key));
        let why = "The agreement that took its place no longer says so.";
        supersession::release(conn, ctx, row, &dropped, why)?;
        touched.extend(&resolved.supersedes);
        let rev = changes::next_revision(conn)?;
        let base = base(ctx, (&life, &parties), row, &new, &resolved)?;
        let changed = store::update(conn, ctx, row, &new, &resolved, rev, &base)?
            .ok_or_else(Problem::overtaken)?;
        move_dates(conn, ctx, &life, &changed, &new)?;
        if term_changes(row, &new) {
            move_term(conn, ctx, &life, &changed, &new)?;
        }
        if opens {
            touched.extend(supersession::link_newer(conn, ctx, row)?);
        }
        settle(conn, ctx, (&new, &resolved), (&life, &parties), broken)?;
        agreement_listing::refresh(conn, &[row.id])?;
        links::mark_dependents_changed(conn, ctx.state, &touched, rev)?;
        source_record::publish_cited(conn, ctx, row.record_state, &row.public_id)?;
        let after = store::by_key(conn, row.id)?;
        let reason = new.allow_duplicate.as_deref();
        records::log::<Self>(conn, ctx, ChangeOp::Updated, Some(&before), &after, reason)?;
        Ok(after)
    }

    fn before_withdraw(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
        supersession::release_all(conn, ctx, row)
    }

    fn after_withdraw(conn: &mut DbConn, _: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
        agreement_listing::refresh(conn, &[row.id])?;
        let rev = changes::next_revision(conn)?;
        let older = links::older(conn, row.id)?;
        links::mark_dependents_changed(conn, row.record_state, &older, rev)?;
        Ok(links::touch(conn, &[row.id], rev)?)
    }

    fn before_restore(conn: &mut DbConn, _: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
        let mut issues = Issues::default();
        let parties = keys(conn, row.id)?;
        for (index, partner) in parties.iter().enumerate() {
            let at = format!("/parties/{index}/partner_id");
            heads::still_there(conn, &at, (Kind::Partner, *partner), &mut issues)?;
        }
        let (from, parent) = (row.arose_from_id, row.parent_id);
        heads::still_there(conn, "/arose_from", (Kind::Agreement, from), &mut issues)?;
        heads::still_there(conn, "/parent_id", (Kind::Agreement, parent), &mut issues)?;
        let older = links::older(conn, row.id)?;
        for (index, other) in older.iter().enumerate() {
            let at = format!("/supersedes/{index}");
            heads::still_there(conn, &at, (Kind::Agreement, *other), &mut issues)?;
        }
        not_taken(conn, &older, &[], &mut issues)?;
        validated(issues)?;
        let (key, signed_on) = (
            duplicates::party_key(parties),
            row.content.dates.signed_on.as_ref(),
        );
        match duplicates::find(conn, Some(row.id), &key, row.content.instrument, signed_on)? {
            Some(known) => Err(duplicates::problem(&known).detail(format!(
                "{known} has the same parties and instrument and may have been signed on the same day"
            ))),
            None => Ok(()),
        }
    }

    fn after_restore(conn: &mut DbConn, ctx: &Ctx, row: &AgreementRow) -> Result<(), Problem> {
        let older = links::older(conn, row.id)?;
        supersession::again(conn, ctx, row, &older)?;
        // Days have gone by since: an end that was planned may have come.
        status::store_status(conn, ctx, row.id)?;
        agreement_listing::refresh(conn, &[row.id])?;
        if ctx.state == RecordState::Published {
            restorable(conn, ctx, row.id)?;
        }
        let rev = changes::next_revision(conn)?;
        links::mark_dependents_changed(conn, ctx.state, &older, rev)?;
        Ok(links::touch(conn, &[row.id], rev)?)
    }
}

/// Lets what follows from the events follow the change; 422 for what it makes impossible in the agreement's own
/// history and, where that is asked, between it and others, and that was not so before.
fn settle(
    conn: &mut DbConn,
    ctx: &Ctx,
    (new, resolved): (&NewAgreement, &Resolved),
    (before, parties): (&Life, &[PartyRow]),
    asked: Option<(Vec<Broken>, Asked)>,
) -> Result<(), Problem> {
    let key = before.facts.key.unwrap_or_default();
    let stored = store::by_key(conn, key)?;
    let (now, rows) = Life::load(conn, ctx.today(), &stored)?;
    follow_events(&now, new, resolved, parties)?;
    status::unharmed(&now, before.now()?)?;
    if let Some((broken, asked)) = asked {
        Beside::load(conn, ctx, &stored)?.unbroken(conn, &now, &broken, asked)?;
    }
    status::store_life(conn, ctx, &stored, &rows, &now)
}

/// What the record says by itself after the change. A term that a renewal made is changed by
/// correcting that.
fn base(
    ctx: &Ctx,
    (life, parties): (&Life, &[PartyRow]),
    row: &AgreementRow,
    new: &NewAgreement,
    resolved: &Resolved,
) -> Result<Base, Problem> {
    let renewed = life.now()?.story.renewed_by.is_some();
    let term = if renewed || !term_changes(row, new) {
        life.base.term.clone()
    } else {
        Term {
            valid_until: new.content.valid_until.clone(),
            duration: new.content.duration,
        }
    };
    let before = (parties, &life.base);
    Ok(Base {
        parties: said_after(&new.parties, &resolved.parties, before, ctx.today()),
        term,
        signed_on: new.content.dates.signed_on.clone(),
        renewal: new.content.renewal,
    })
}

fn term_changes(row: &AgreementRow, new: &NewAgreement) -> bool {
    (&new.content.valid_until, new.content.duration)
        != (&row.content.valid_until, row.content.duration)
}

/// 403 when an office gives the agreement away, or speaks for another party: each side's word is its
/// own.
fn check_office_may_change_parties(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &[PartyRow],
    new: &NewAgreement,
    resolved: &Resolved,
) -> Result<(), Problem> {
    let between: Vec<i64> = resolved.parties.iter().map(|known| known.key).collect();
    access::require_participation(conn, ctx, &between)?;
    if ctx.state != RecordState::Draft {
        check_no_party_removed(conn, ctx, before, new, resolved)?;
    }
    check_acknowledgements_are_own(conn, ctx, new, resolved, |partner| {
        let said = before.iter().find(|row| row.partner_id == partner);
        said.map_or_else(Default::default, |row| row.acknowledgement)
    })
}

/// 403 when a party that has an office of its own is left out, or stands elsewhere than `before`, by an
/// office that doesn't speak for it.
fn check_no_party_removed(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &[PartyRow],
    new: &NewAgreement,
    resolved: &Resolved,
) -> Result<(), Problem> {
    for was in before {
        let mut now = resolved.parties.iter().zip(&new.parties);
        let stays = now.any(|(known, party)| {
            known.key == was.partner_id
                && party.participation.is_none_or(|it| it == was.participation)
        });
        if !stays
            && access::has_office(conn, was.partner_id)?
            && !access::acts_for(conn, ctx, was.partner_id)?
        {
            let rule = "a party with an office of its own joins and leaves by events, and not by an edit of \
                        another office";
            return Err(Problem::forbidden(rule));
        }
    }
    Ok(())
}

/// The agreement's input form with the patch applied.
fn patched(mut current: Value, row: &AgreementRow, patch: &Value) -> Result<AgreementIn, Problem> {
    if let Some(members) = current.as_object_mut() {
        // A title made from the parties is not one that was given.
        if row.content.title.is_empty() {
            members.remove("title");
        }
        // What this release shows and does not take, or takes at creation only.
        for name in ["events", "sources"] {
            members.remove(name);
        }
    }
    for party in patch::parts(&mut current, "parties") {
        patch::as_id(party, "partner", "partner_id");
        if let Some(party) = party.as_object_mut() {
            party.retain(|name, _| name != "partner_today" && !name.ends_with("_range"));
        }
    }
    let citations = "sources are changed through the record's citations";
    let events = "an event is recorded by POST to the agreement's events";
    for (at, instead) in [
        ("/sources", citations),
        ("/events", events),
        ("/initial_status", "the status changes by events"),
    ] {
        if patch.pointer(at).is_some() {
            return Err(Problem::malformed(instead).field(at, "unknown_field", instead));
        }
    }
    patch::patched(current, patch)
}

/// The event that a date of the agreement comes from: that of its step, or the one that registered the
/// agreement when it stands there.
fn event_of(life: &Life, dated: Dated, old: Option<&Edtf>) -> Option<PublicId> {
    let now = life.now.as_ref()?;
    let counting = now.fold.entries.iter().filter(|entry| entry.to.is_some());
    let own = counting
        .clone()
        .find(|entry| Some(entry.acts_as) == dated.action() && !entry.sets);
    let entry = own.or_else(|| {
        let mut opening = counting.filter(|entry| entry.acts_as == EventAction::Register);
        opening.find(|entry| {
            let on = life.event(entry.id).map(|one| &one.on);
            let come = entry.to.and_then(reached);
            let undated = on.is_some_and(|on| on.earliest().is_none());
            // An undated entry in force stands for the signature, or for the day when one is given.
            let step =
                come == Some(dated) || (dated == Dated::Signed && come == Some(Dated::InForce));
            (old.is_some() && on == old) || (old.is_none() && undated && step)
        })
    })?;
    life.public_id(entry.id)
}

/// Notes dates of steps that the agreement has not reached: an event records them, and fills the date.
fn dates_have_events(
    life: &Life,
    new: &NewAgreement,
    today: NaiveDate,
    issues: &mut Issues,
) -> Result<(), Problem> {
    let entries = &life.now()?.fold.entries;
    let come = entries.iter().filter_map(|entry| reached(entry.to?)).max();
    for (dated, date) in new.content.dates.known() {
        let old = life.facts.dates.get(dated);
        if Some(date) == old {
            continue;
        }
        if dated == Dated::InForce && date.earliest() > Some(today) {
            if event_of(life, dated, old).is_some() {
                let rule = "a step is recorded once it has happened";
                issues.add(dated.pointer(), "in_the_future", rule);
            }
        } else if Some(dated) > come
            && let Some(action) = dated.action()
        {
            let rule = format!("this is filled by an event: record the action {action}");
            issues.add(dated.pointer(), "by_event", rule);
        }
    }
    Ok(())
}

/// Moves the events whose dates were changed, each by an appended correction: the last one first among
/// those that move on, the first one first among those that move back, so that none overtakes another
/// on the way. A date that was taken away leaves "by today".
fn move_dates(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &Life,
    after: &AgreementRow,
    new: &NewAgreement,
) -> Result<(), Problem> {
    let changed = Dated::all().filter_map(|dated| {
        let (old, new) = (before.facts.dates.get(dated), new.content.dates.get(dated));
        (old != new).then_some((dated, old, new))
    });
    let first = |date: Option<&Edtf>| date.and_then(Edtf::earliest);
    let (on, back): (Vec<_>, Vec<_>) = changed.partition(|(_, old, new)| first(*new) > first(*old));
    let mut moved: Vec<PublicId> = Vec::new();
    let mut entered = None;
    for (dated, old, new) in on.into_iter().rev().chain(back) {
        let planned = new.is_some_and(|date| date.earliest() > Some(ctx.today()));
        if dated == Dated::InForce && !planned && event_of(before, dated, old).is_none() {
            entered = new;
        }
        // An event may stand for two steps of one day: it moves once.
        let event = event_of(before, dated, old);
        let Some(event) = event.filter(|event| !planned && !moved.contains(event)) else {
            continue;
        };
        let date = new.cloned();
        let date = date.unwrap_or_else(|| Edtf::no_later_than(ctx.today()));
        let stands = before.happened.iter();
        let mut stands = stands.filter(|one| one.public_id.as_ref() == Some(&event));
        if stands.any(|one| one.on == date) {
            continue;
        }
        let why = "The date of the agreement was changed.";
        let mut said = CheckedEvent::correction(event.clone(), date, why);
        said.member = Some(dated.pointer());
        record::move_event(conn, ctx, after, said)?;
        moved.push(event);
    }
    // Once the signature stands where it belongs.
    match entered {
        Some(date) => record::enter_later(conn, ctx, after, date),
        None => Ok(()),
    }
}

/// Lets a changed term be what the last renewal made it, by an appended correction of that.
fn move_term(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &Life,
    after: &AgreementRow,
    new: &NewAgreement,
) -> Result<(), Problem> {
    let renewal = before.now()?.story.renewed_by;
    let renewal = renewal.and_then(|id| before.event(id));
    let Some((event, renewal)) = renewal.and_then(|one| Some((one.public_id.clone()?, one))) else {
        return Ok(());
    };
    let why = "The term of the agreement was changed.";
    let mut said = CheckedEvent::correction(event, renewal.on.clone(), why);
    said.details
        .valid_until
        .clone_from(&new.content.valid_until);
    said.details.duration = Some(new.content.duration);
    said.member = Some("/valid_until");
    record::move_event(conn, ctx, after, said)
}

/// 422 for a party that is said to stand elsewhere than the events have left it, or is left out although
/// an event let it join.
fn follow_events(
    life: &Life,
    new: &NewAgreement,
    resolved: &Resolved,
    before: &[PartyRow],
) -> Result<(), Problem> {
    /// Whether this is said, is no more what was shown, and not what the events say.
    fn differs<T: PartialEq>(said: Option<&T>, was: Option<Option<&T>>, now: Option<&T>) -> bool {
        said.is_some() && was != Some(said) && said != now
    }
    let mut issues = Issues::default();
    for seat in &life.now()?.story.seats {
        let Some(event) = seat.moved_by else { continue };
        let by = life.public_id(event);
        let by = by.map_or_else(|| "an event".to_owned(), |id| format!("the event {id}"));
        let mut parties = new.parties.iter().zip(&resolved.parties);
        let Some((party, _)) = parties.find(|(_, known)| known.key == seat.partner) else {
            let rule = format!("a party follows from {by}: correct it");
            issues.add("/parties", "follows_events", rule);
            continue;
        };
        let was = before.iter().find(|row| row.partner_id == seat.partner);
        let stood = was.map(|was| Some(&was.participation));
        let stands = Some(&seat.participation);
        let joined = was.map(|was| was.acceded_on.as_ref());
        let joins = seat.acceded_on.as_ref();
        let left = was.map(|was| was.withdrew_on.as_ref());
        let leaves = seat.withdrew_on.as_ref();
        let (says_joined, says_left) = (party.acceded_on.as_ref(), party.withdrew_on.as_ref());
        let says = party.participation.as_ref();
        for (member, differs) in [
            ("participation", differs(says, stood, stands)),
            ("acceded_on", differs(says_joined, joined, joins)),
            ("withdrew_on", differs(says_left, left, leaves)),
        ] {
            if differs {
                let rule = format!("follows from {by}: correct it");
                let at = format!("{}/{member}", party.at);
                issues.add(at, "follows_events", rule);
            }
        }
    }
    validated(issues)
}
