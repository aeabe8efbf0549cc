//! Changing an agreement: everything but its status, which changes by events.

use serde_json::Value;

use super::create::{not_ahead, not_duplicate, resolve};
use super::events::check::Said;
use super::events::follow;
use super::events::record;
use super::events::types::Details;
use super::lifecycle::MACHINE;
use super::lifecycle::birth::{self, Birth};
use super::links;
use super::parties::PartyRow;
use super::rules::{self, NewAgreement};
use super::store::{self, AgreementRow, Resolved};
use super::supersession;
use super::types::AgreementIn;
use crate::access;
use crate::changes::{self, Ctx};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::lifecycle::fold;
use crate::core::vocabulary::agreement::Acknowledgement;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::DbConn;
use crate::evidence::sources::store as source_store;
use crate::http::code::Code;
use crate::http::patch;
use crate::http::problem::{Problem, validated};
use crate::lifecycle::{Subject, of_subject};

/// Applies a merge patch to an agreement, with its change.
pub fn change(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &AgreementRow,
    patch: &Value,
) -> Result<AgreementRow, Problem> {
    let before = store::value(conn, row, false)?;
    let input = patched(store::value(conn, row, true)?, row, patch)?;
    let mut issues = Issues::keeping(&before);
    let new = rules::check(input, &mut issues);
    let Some(new) = new else {
        validated(issues)?;
        return Err(Problem::new(Code::Internal));
    };
    let resolved = resolve(conn, &new, Some(row.id), &mut issues)?;
    if new.signed_on != row.signed_on
        || new.approved_on != row.approved_on
        || new.proposed_on != row.proposed_on
        || new.last_confirmed_on != row.last_confirmed_on
    {
        not_ahead(&new, ctx, &mut issues);
    }
    validated(issues)?;
    own_word_only(conn, ctx, row.id, &new, &resolved)?;
    if resolved.party_key() != party_key(conn, row.id)?
        || new.instrument != row.instrument
        || new.signed_on != row.signed_on
        || ctx.state != row.record_state
    {
        not_duplicate(conn, Some(row.id), &new, &resolved)?;
    }
    let mut touched = links::older(conn, row.id)?;
    let dropped: Vec<i64> = touched
        .iter()
        .copied()
        .filter(|key| !resolved.supersedes.contains(key))
        .collect();
    let why = "The agreement that took its place no longer says so.";
    supersession::release(conn, ctx, row, &dropped, why)?;
    touched.extend(&resolved.supersedes);
    let rev = changes::upcoming(conn)?;
    let changed =
        store::update(conn, ctx, row, &new, &resolved, rev)?.ok_or_else(Problem::overtaken)?;
    move_dates(conn, ctx, row, &changed, &new)?;
    follow::follow(conn, ctx, row.id)?;
    if row.record_state == RecordState::Draft && ctx.state == RecordState::Published {
        touched.extend(supersession::link_newer(conn, ctx, row)?);
    }
    links::touch_others(conn, ctx.state, &touched, rev)?;
    source_store::publish_cited(conn, ctx, row.record_state, &row.public_id)?;
    let after = store::by_key(conn, row.id)?;
    let reason = new.allow_duplicate.as_deref();
    store::log(conn, ctx, ChangeOp::Updated, Some(&before), &after, reason)?;
    Ok(after)
}

/// 403 when an office gives the agreement away, or speaks for another party: each side's word is its
/// own.
fn own_word_only(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    new: &NewAgreement,
    resolved: &Resolved,
) -> Result<(), Problem> {
    let between: Vec<i64> = resolved.parties.iter().map(|known| known.key).collect();
    access::takes_part(conn, ctx, &between)?;
    let before = super::parties::rows(conn, &[key])?;
    if ctx.state != RecordState::Draft {
        nobody_put_out(conn, ctx, &before, new, resolved)?;
    }
    said_by_themselves(conn, ctx, new, resolved, |partner| {
        let said = before.iter().find(|row| row.partner_id == partner);
        said.map_or_else(Default::default, |row| row.acknowledgement)
    })
}

/// 403 when a party that has an office of its own is left out, or stands elsewhere than `before`, by an
/// office that doesn't speak for it.
fn nobody_put_out(
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
            && !access::speaks_for(conn, ctx, was.partner_id)?
        {
            return Err(Problem::new(Code::Forbidden).detail(
                "a party with an office of its own joins and leaves by events, and not by an edit of another office",
            ));
        }
    }
    Ok(())
}

/// 403 when a party is made to say something else of the agreement than `before` by an office that
/// doesn't speak for it.
pub(super) fn said_by_themselves(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewAgreement,
    resolved: &Resolved,
    before: impl Fn(i64) -> Acknowledgement,
) -> Result<(), Problem> {
    for (party, known) in new.parties.iter().zip(&resolved.parties) {
        if before(known.key) != party.acknowledgement && !access::speaks_for(conn, ctx, known.key)?
        {
            return Err(Problem::new(Code::Forbidden)
                .detail("what a party says of the agreement is for its own office to record"));
        }
    }
    Ok(())
}

fn party_key(conn: &mut DbConn, key: i64) -> Result<String, Problem> {
    let rows = super::parties::rows(conn, &[key])?;
    Ok(super::duplicates::party_key(
        rows.into_iter().map(|party| party.partner_id).collect(),
    ))
}

/// The agreement's input form with the patch applied.
fn patched(mut current: Value, row: &AgreementRow, patch: &Value) -> Result<AgreementIn, Problem> {
    if let Some(members) = current.as_object_mut() {
        // A title made from the parties is not one that was given.
        if row.title == "{}" {
            members.remove("title");
        }
        // What this release shows and does not take, or takes at creation only.
        for name in ["events", "sources"] {
            members.remove(name);
        }
        for party in members
            .get_mut("parties")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let id = party.pointer("/partner/id").cloned().unwrap_or_default();
            if let Some(party) = party.as_object_mut() {
                party.remove("partner");
                for range in ["signed_on_range", "acceded_on_range", "withdrew_on_range"] {
                    party.remove(range);
                }
                party.insert("partner_id".to_owned(), id);
            }
        }
    }
    for (name, instead) in [
        (
            "sources",
            "sources are changed through the record's citations",
        ),
        (
            "events",
            "an event is recorded by POST to the agreement's events",
        ),
        ("initial_status", "the status changes by events"),
    ] {
        if patch.get(name).is_some() {
            return Err(Problem::new(Code::MalformedRequest).detail(instead).field(
                &format!("/{name}"),
                "unknown_field",
                instead,
            ));
        }
    }
    patch::patched(current, patch)
}

/// Moves the events whose dates were changed, each by an appended correction.
fn move_dates(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &AgreementRow,
    after: &AgreementRow,
    new: &NewAgreement,
) -> Result<(), Problem> {
    let changes = [
        (EventAction::Approve, &before.approved_on, &new.approved_on),
        (EventAction::Sign, &before.signed_on, &new.signed_on),
        (
            EventAction::EnterIntoForce,
            &before.in_force_on,
            &new.in_force_on,
        ),
    ];
    for (action, old, date) in changes {
        let (Some(date), true) = (date, old != date) else {
            continue;
        };
        if let Some((id, _)) = counting(conn, ctx, after.id, action)? {
            correct(conn, ctx, after, id, date.clone(), None)?;
        }
    }
    let old = birth_of(before);
    let born = birth::birth_date(&birth_of(after), ctx.today());
    if dates(&old) == dates(&birth_of(after)) {
        return Ok(());
    }
    let Some((id, stands)) = counting(conn, ctx, after.id, EventAction::Register)? else {
        return Ok(());
    };
    // The first event follows the dates only while it stands where they put it.
    let followed = if dates(&old).iter().all(Option::is_none) {
        stands.0.earliest().is_none()
    } else {
        stands.0 == birth::birth_date(&old, ctx.today())
    };
    let ahead = born.earliest().is_some_and(|day| day > ctx.today());
    if followed && stands.0 != born && !ahead {
        correct(conn, ctx, after, id, born, stands.1)?;
    }
    Ok(())
}

fn birth_of(row: &AgreementRow) -> Birth<'_> {
    Birth {
        initial_status: None,
        entry_into_force: row.entry_into_force,
        proposed_on: row.proposed_on.as_ref(),
        approved_on: row.approved_on.as_ref(),
        signed_on: row.signed_on.as_ref(),
        in_force_on: row.in_force_on.as_ref(),
    }
}

fn dates<'a>(birth: &Birth<'a>) -> [Option<&'a Edtf>; 4] {
    [
        birth.proposed_on,
        birth.approved_on,
        birth.signed_on,
        birth.in_force_on,
    ]
}

type Stands = (Edtf, Option<LegalStatus>);

/// The event that counts as this action: its id, its date and the status it leads to.
fn counting(
    conn: &mut DbConn,
    ctx: &Ctx,
    key: i64,
    action: EventAction,
) -> Result<Option<(PublicId, Stands)>, Problem> {
    let rows = of_subject(conn, Subject::Agreement(key))?;
    let folded = fold(&MACHINE, &record::steps(&rows)?, ctx.today())
        .map_err(|_illegal| Problem::new(Code::Internal))?;
    let entry = folded
        .entries
        .iter()
        .find(|entry| entry.acts_as == action && entry.corrected_by.is_none());
    Ok(entry.and_then(|entry| {
        let row = rows.iter().find(|row| row.id == entry.id)?;
        Some((row.public_id.clone(), (row.effective_on.clone(), entry.to)))
    }))
}

fn correct(
    conn: &mut DbConn,
    ctx: &Ctx,
    agreement: &AgreementRow,
    event: PublicId,
    effective_on: Edtf,
    to_status: Option<LegalStatus>,
) -> Result<(), Problem> {
    let said = Said {
        action: EventAction::Correct,
        effective_on,
        details: Details {
            reason_text: Some("The date of the agreement was changed.".to_owned()),
            ..Details::default()
        },
        source: None,
        sourced: false,
        superseded_by: None,
        corrects: Some(event),
        to_status,
    };
    record::append(conn, ctx, agreement, said, "").map(|_| ())
}
