//! Recording an event: needs, fold, guards, then what it changes.

use std::collections::HashMap;

use diesel::prelude::*;

use super::apply;
use super::check::{self, Around, Said};
use super::follow;
use super::types::{Details, EventIn};
use crate::agreements::lifecycle::{self, MACHINE, guards, guards::GuardFailure};
use crate::agreements::parties;
use crate::agreements::store::{self, AgreementRow};
use crate::agreements::types::Warning;
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::lifecycle::{Event, Folded, fold};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::db::{DbConn, json};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle::store::EventRow;
use crate::lifecycle::{self as recorded, NewEvent, Subject};

/// An agreement's machine events.
pub type Step = Event<EventAction, LegalStatus>;
/// An agreement's fold.
pub type Fold = Folded<EventAction, LegalStatus>;

/// An event that was recorded.
#[derive(Debug)]
pub struct Recorded {
    /// The row.
    pub row: EventRow,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

/// Records one event of an agreement inside a write transaction: 422 for what it lacks and for
/// conditions that fail, 409 when the lifecycle does not allow it.
pub fn record(
    conn: &mut DbConn,
    ctx: &Ctx,
    agreement: &AgreementRow,
    input: EventIn,
    around: Around<'_>,
) -> Result<Recorded, Problem> {
    let said = check::said(conn, ctx, input, around)?;
    append(conn, ctx, agreement, said, around.at)
}

/// [`record`] for an event whose fields are right already.
pub fn append(
    conn: &mut DbConn,
    ctx: &Ctx,
    agreement: &AgreementRow,
    mut said: Said,
    at: &str,
) -> Result<Recorded, Problem> {
    let rows = recorded::of_subject(conn, Subject::Agreement(agreement.id))?;
    let mut steps = steps(&rows)?;
    let corrects = corrected(&rows, &said, at)?;
    let wrong = corrects
        .map(|row| json::value::<Details>(&row.details))
        .transpose()?;
    if let (Some(row), Some(wrong)) = (corrects, &wrong) {
        said.details = std::mem::take(&mut said.details).kept_from(wrong.clone());
        said.source = said.source.or(row.source_id);
    }
    let acts_as = corrects
        .and_then(|row| acting(&rows).get(&row.id).copied())
        .unwrap_or(said.action);
    let before = if steps.is_empty() {
        None
    } else {
        Some(folded(&steps, ctx, &rows, at)?)
    };
    // The row has no key yet: one that no other event has stands for it.
    let stand_in = i64::MAX;
    let from = before.as_ref().map(|fold| fold.status);
    let stated = stated(agreement, &said, from);
    steps.push(Step {
        id: stand_in,
        action: said.action,
        effective_on: lifecycle::stands_on(
            acts_as,
            &said.effective_on,
            said.details.notice_given_on.as_ref(),
        )
        .clone(),
        recorded_on: ctx.today(),
        to: stated,
        corrects: corrects.map(|row| row.id),
    });
    let after = folded(&steps, ctx, &rows, at)?;
    let warnings = guarded(conn, ctx, agreement, (&said, acts_as), before.as_ref(), at)?;
    let entry = after.entry(stand_in);
    let met = entry.and_then(|entry| entry.from);
    let to = entry.and_then(|entry| entry.to).unwrap_or(after.status);
    let details = json::text(&said.details)?;
    let row = recorded::insert(
        conn,
        ctx,
        &NewEvent {
            subject: Subject::Agreement(agreement.id),
            action: said.action.code(),
            from_status: met.map(LegalStatus::code),
            to_status: to.code(),
            stated_status: stated.map(LegalStatus::code),
            effective_on: &said.effective_on,
            corrects_id: corrects.map(|row| row.id),
            source_id: said.source,
            details,
        },
    )?;
    apply::apply(conn, agreement, (&said, acts_as), wrong.as_ref(), to)?;
    follow::follow(conn, ctx, agreement.id)?;
    Ok(Recorded { row, warnings })
}

/// The machine's view of stored events.
pub fn steps(rows: &[EventRow]) -> QueryResult<Vec<Step>> {
    let acts = acting(rows);
    rows.iter()
        .map(|row| {
            let mut step: Step = row.event()?;
            let details: Details = json::value(&row.details)?;
            step.effective_on = lifecycle::stands_on(
                acts.get(&row.id).copied().unwrap_or(step.action),
                &step.effective_on,
                details.notice_given_on.as_ref(),
            )
            .clone();
            Ok(step)
        })
        .collect()
}

/// What each event acts as: a correction as the event it stands for.
fn acting(rows: &[EventRow]) -> HashMap<i64, EventAction> {
    let mut acts: HashMap<i64, EventAction> = HashMap::new();
    for row in rows {
        let own = EventAction::parse(&row.action).unwrap_or(EventAction::Note);
        let of = row.corrects_id.and_then(|id| acts.get(&id).copied());
        acts.insert(row.id, of.unwrap_or(own));
    }
    acts
}

fn folded(steps: &[Step], ctx: &Ctx, rows: &[EventRow], at: &str) -> Result<Fold, Problem> {
    fold(&MACHINE, steps, ctx.today()).map_err(|illegal| {
        recorded::illegal(&illegal, at, |id| {
            rows.iter()
                .find(|row| row.id == id)
                .map(|row| row.public_id.clone())
        })
    })
}

/// The event a correction puts right: one of this agreement.
fn corrected<'a>(
    rows: &'a [EventRow],
    said: &Said,
    at: &str,
) -> Result<Option<&'a EventRow>, Problem> {
    let Some(id) = &said.corrects else {
        return Ok(None);
    };
    rows.iter()
        .find(|row| row.public_id == *id)
        .map(Some)
        .ok_or_else(|| {
            Problem::new(Code::ValidationFailed).field(
                &format!("{at}/corrects_event_id"),
                "unknown_reference",
                format!("this agreement has no event {id}"),
            )
        })
}

/// The status the event itself names: where the table leaves it open, decided now and kept.
fn stated(agreement: &AgreementRow, said: &Said, from: Option<LegalStatus>) -> Option<LegalStatus> {
    match said.action {
        EventAction::Register | EventAction::Correct => said.to_status,
        EventAction::Sign => Some(lifecycle::target(
            said.action,
            from.unwrap_or(LegalStatus::Proposed),
            agreement.entry_into_force,
            None,
        )),
        _ => None,
    }
}

/// The conditions that depend on more than the status: 422 with every one that fails; warnings.
fn guarded(
    conn: &mut DbConn,
    ctx: &Ctx,
    agreement: &AgreementRow,
    (said, acts_as): (&Said, EventAction),
    before: Option<&Fold>,
    at: &str,
) -> Result<Vec<Warning>, Problem> {
    let today = ctx.today();
    let mut failures: Vec<GuardFailure> = Vec::new();
    let details = &said.details;
    failures.extend(guards::not_in_the_future(acts_as, &said.effective_on, today).err());
    match said.action {
        EventAction::EnterIntoForce => failures.extend(
            guards::enter_into_force(&said.effective_on, agreement.signed_on.as_ref()).err(),
        ),
        EventAction::Renew => failures.extend(
            guards::renew(agreement.valid_until.as_ref(), details.valid_until.as_ref())
                .and_then(|()| {
                    guards::renew(agreement.signed_on.as_ref(), details.valid_until.as_ref())
                })
                .err(),
        ),
        EventAction::Expire => failures.extend(
            guards::expire(
                agreement.valid_until.as_ref(),
                agreement.renewal,
                said.source.is_some() || said.sourced,
                today,
            )
            .err(),
        ),
        EventAction::GiveNotice => {
            if let Some(given) = &details.notice_given_on {
                failures.extend(guards::give_notice(given, &said.effective_on, today));
            }
        }
        EventAction::WithdrawNotice => {
            let standing = before.and_then(lifecycle::pending_notice).is_some();
            if !standing {
                failures.push(GuardFailure::new(
                    "/action",
                    "no_notice",
                    "no notice stands that could be taken back",
                ));
            }
        }
        EventAction::Accede
        | EventAction::WithdrawParty
        | EventAction::ExcludeParty
        | EventAction::SucceedParty => failures.extend(party_change(conn, agreement, said)?),
        EventAction::Supersede => failures.extend(successor(conn, agreement, said)?),
        _ => {}
    }
    if !failures.is_empty() {
        let problem = Problem::new(Code::GuardFailed)
            .detail("the action is possible in this status, but a condition is not met");
        return Err(failures.into_iter().fold(problem, |problem, failure| {
            problem.field(
                &format!("{at}{}", failure.pointer),
                failure.code,
                failure.message,
            )
        }));
    }
    let short = guards::short_notice(
        details.mode,
        agreement.notice_period.as_ref(),
        details
            .notice_given_on
            .as_ref()
            .or(agreement.pending_notice_given_on.as_ref()),
        &said.effective_on,
        today,
    );
    Ok(short
        .filter(|_| said.action == EventAction::Terminate)
        .map(|message| Warning {
            code: "short_notice",
            message,
        })
        .into_iter()
        .collect())
}

fn party_change(
    conn: &mut DbConn,
    agreement: &AgreementRow,
    said: &Said,
) -> QueryResult<Vec<GuardFailure>> {
    let rows = parties::rows(conn, &[agreement.id])?;
    let live: Vec<i64> = rows
        .iter()
        .filter(|party| party.participation.is_live())
        .map(|party| party.partner_id)
        .collect();
    let change = match said.action {
        EventAction::Accede => guards::PartyChange::Joins,
        EventAction::SucceedParty => guards::PartyChange::Succeeded {
            by_a_party: said
                .details
                .successor
                .is_some_and(|successor| live.contains(&successor)),
        },
        _ => guards::PartyChange::Leaves,
    };
    let is_live = said
        .details
        .party
        .is_some_and(|party| live.contains(&party));
    Ok(guards::parties(change, is_live, live.len()))
}

/// Whether the later agreement stood on the day it took over, and for the same parties.
fn successor(
    conn: &mut DbConn,
    agreement: &AgreementRow,
    said: &Said,
) -> QueryResult<Vec<GuardFailure>> {
    let Some(newer) = said.superseded_by else {
        return Ok(Vec::new());
    };
    if newer == agreement.id {
        return Ok(vec![GuardFailure::new(
            "/superseded_by",
            "same_agreement",
            "an agreement can't take its own place",
        )]);
    }
    if crate::agreements::links::leads_to(
        conn,
        crate::agreements::links::Link::Supersedes,
        agreement.id,
        newer,
    )? {
        return Ok(vec![GuardFailure::new(
            "/superseded_by",
            "cycle",
            "that agreement stands in whose place this one came",
        )]);
    }
    let status = status_on(conn, newer, said)?;
    let shared = shared_parties(conn, agreement.id, newer)?;
    Ok(guards::supersede(status, shared))
}

/// The later agreement's status on the day it took over, else today's.
fn status_on(conn: &mut DbConn, newer: i64, said: &Said) -> QueryResult<LegalStatus> {
    let row = store::by_key(conn, newer)?;
    let Some(day) = said.effective_on.latest() else {
        return Ok(row.status);
    };
    let then = recorded::status_at(conn, recorded::Of::Agreements, &[newer], day)?;
    Ok(then
        .get(&newer)
        .and_then(|(status, _)| LegalStatus::parse(status).ok())
        .filter(|status| matches!(status, LegalStatus::Signed | LegalStatus::InForce))
        .unwrap_or(row.status))
}

/// How many parties both agreements have, a successor counting for the body it came from.
fn shared_parties(conn: &mut DbConn, older: i64, newer: i64) -> QueryResult<usize> {
    use crate::core::vocabulary::partner::RelationType;
    use crate::db::schema::partner_relations as r;
    let partners = |conn: &mut DbConn, agreement: i64| -> QueryResult<Vec<i64>> {
        Ok(parties::rows(conn, &[agreement])?
            .into_iter()
            .map(|row| row.partner_id)
            .collect())
    };
    let (older, newer) = (partners(conn, older)?, partners(conn, newer)?);
    let mut shared = 0;
    for party in older {
        let (mut line, mut open) = (vec![party], vec![party]);
        while !open.is_empty() {
            let next: Vec<i64> = r::table
                .filter(r::from_id.eq_any(&open))
                .filter(r::type_.eq(RelationType::Successor))
                .select(r::to_id)
                .load(conn)?;
            open = next.into_iter().filter(|key| !line.contains(key)).collect();
            line.extend(&open);
        }
        shared += usize::from(newer.iter().any(|key| line.contains(key)));
    }
    Ok(shared)
}

/// The public ids of these rows by key.
pub fn ids(rows: &[EventRow]) -> HashMap<i64, PublicId> {
    rows.iter()
        .map(|row| (row.id, row.public_id.clone()))
        .collect()
}
