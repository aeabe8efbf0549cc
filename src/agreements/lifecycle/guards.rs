//! Conditions of the lifecycle that depend on more than the status.
//!
//! Each is asked with the facts it needs and answers with the field at fault. Dates are compared
//! with three answers, and only what is certainly wrong is refused.

use chrono::NaiveDate;

use crate::core::duration::CalendarDuration;
use crate::core::edtf::{Certainty, Edtf};
use crate::core::ids::PublicId;
use crate::core::issue::FieldIssue;
use crate::core::vocabulary::agreement::Renewal;
use crate::core::vocabulary::lifecycle::EventAction::{self, GiveNotice};
use crate::core::vocabulary::lifecycle::TerminationMode;

/// The fewest parties an agreement can have.
pub const FEWEST: usize = 2;

/// Something that a record says of a party and that could not have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misstated {
    /// The partner, by internal key.
    pub partner: i64,
    /// What is wrong, at the member of the party.
    pub failure: FieldIssue,
}

impl Misstated {
    /// Whether the same of the same party was wrong before.
    pub fn is_like(&self, other: &Self) -> bool {
        self.partner == other.partner && self.failure.is_like(&other.failure)
    }
}

/// What a guard answers.
pub type Checked = Result<(), FieldIssue>;

fn ensure(
    holds: bool,
    (pointer, code): (&'static str, &'static str),
    message: impl FnOnce() -> String,
) -> Checked {
    if holds {
        return Ok(());
    }
    Err(FieldIssue::new(pointer, code, message()))
}

fn failures<const N: usize>(checked: [Checked; N]) -> Vec<FieldIssue> {
    checked.into_iter().filter_map(Result::err).collect()
}

/// Whether every day it may mean is still to come.
fn is_ahead(date: &Edtf, today: NaiveDate) -> bool {
    date.earliest() > Some(today)
}

/// What has not happened yet can't be recorded, but for an end that is planned.
pub fn not_in_the_future(action: EventAction, effective_on: &Edtf, today: NaiveDate) -> Checked {
    let planned = action == GiveNotice || super::MACHINE.may_be_pending.contains(&action);
    let holds = planned || !is_ahead(effective_on, today);
    ensure(holds, ("/effective_on", "in_the_future"), || {
        format!("{action} is recorded once it has happened; {effective_on} is still to come")
    })
}

/// An agreement doesn't enter into force before it is signed.
pub fn enter_into_force(effective_on: &Edtf, signed_on: Option<&Edtf>) -> Checked {
    let Some(signed_on) = signed_on else {
        return Ok(());
    };
    let holds = !effective_on.certainly_before(signed_on);
    ensure(holds, ("/effective_on", "before_signature"), || {
        format!("an agreement enters into force when or after it is signed, here {signed_on}")
    })
}

/// A renewal moves the end of the term to a later day; `new` is none when the term becomes
/// indefinite.
pub fn renew(old: Option<&Edtf>, new: Option<&Edtf>) -> Checked {
    let (Some(old), Some(new)) = (old, new) else {
        return Ok(());
    };
    let later = old.before(new) != Certainty::No;
    ensure(later, ("/valid_until", "not_later"), || {
        format!("a renewal ends later than the term it renews, which ended {old}")
    })
}

/// A renewed term doesn't end before it begins.
pub fn renewed_from(effective_on: &Edtf, until: Option<&Edtf>) -> Checked {
    let reversed = until.is_some_and(|until| until.certainly_before(effective_on));
    ensure(!reversed, ("/valid_until", "before_renewal"), || {
        format!("the renewed term ends when or after it begins, here {effective_on}")
    })
}

/// A term is over when its last day has certainly passed, and not before it; or when a source says so.
pub fn expire(
    on: &Edtf,
    valid_until: Option<&Edtf>,
    renewal: Option<Renewal>,
    has_source: bool,
    today: NaiveDate,
) -> Checked {
    let ends = renewal != Some(Renewal::Tacit);
    ensure(ends, ("/action", "renews_tacitly"), || {
        "an agreement that renews itself tacitly doesn't expire; it is terminated".to_owned()
    })?;
    let Some(end) = valid_until else {
        return ensure(has_source, ("/source_id", "required"), || {
            "the end of the term is not known, so a source has to say that it is over".to_owned()
        });
    };
    let passed = end.certainly_passed_on(today);
    ensure(passed, ("/action", "not_over"), || {
        format!("the term has not certainly passed: the agreement is valid until {end}")
    })?;
    let over = !on.certainly_before(end);
    ensure(over, ("/effective_on", "not_over"), || {
        format!("the term is not over on {on}: the agreement is valid until {end}")
    })
}

/// A notice has been given already, and not after the end it announces.
pub fn give_notice(
    notice_given_on: &Edtf,
    effective_on: &Edtf,
    today: NaiveDate,
) -> Vec<FieldIssue> {
    let given = !is_ahead(notice_given_on, today);
    let given = ensure(given, ("/notice_given_on", "in_the_future"), || {
        "a notice is recorded once it has been given".to_owned()
    });
    let in_order = !effective_on.certainly_before(notice_given_on);
    let in_order = ensure(in_order, ("/effective_on", "before_notice"), || {
        format!("the planned end is not before the notice, here {notice_given_on}")
    });
    failures([given, in_order])
}

/// What an event does to the parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyChange {
    /// One joins.
    Joins,
    /// One leaves or is excluded.
    Leaves,
    /// Another body takes its place.
    Succeeded,
}

/// Only a live party leaves, only another one joins, and two remain; `live` counts the live parties
/// before the change.
pub fn parties(change: PartyChange, is_live: bool, live: usize) -> Vec<FieldIssue> {
    let remaining = match change {
        PartyChange::Joins => live.saturating_add(1),
        PartyChange::Succeeded => live,
        PartyChange::Leaves => live.saturating_sub(1),
    };
    let fits = if change == PartyChange::Joins {
        ensure(!is_live, ("/party", "already_a_party"), || {
            "this partner is a party already".to_owned()
        })
    } else {
        ensure(is_live, ("/party", "not_a_party"), || {
            "this partner is not one of the live parties".to_owned()
        })
    };
    failures([fits, remain("/party", remaining)])
}

/// Two live parties remain.
pub fn remain(pointer: &'static str, remaining: usize) -> Checked {
    ensure(remaining >= FEWEST, (pointer, "too_few_parties"), || {
        format!("{FEWEST} live parties must remain; where fewer do, the agreement is terminated")
    })
}

/// Nobody joins or leaves what is not signed yet, or has ended.
pub fn joined_or_left(pointer: &'static str, on: &Edtf, could: bool) -> Checked {
    ensure(could, (pointer, "not_in_force"), || {
        format!(
            "a party joins and leaves what is signed, in force or suspended, which the agreement was \
             not on {on}"
        )
    })
}

/// What takes the place of an agreement was signed no earlier, as far as both dates are known.
pub fn signed_in_turn(
    pointer: &'static str,
    newer: Option<&Edtf>,
    older: Option<&Edtf>,
) -> Checked {
    let (Some(newer), Some(older)) = (newer, older) else {
        return Ok(());
    };
    let in_turn = !newer.certainly_before(older);
    ensure(in_turn, (pointer, "out_of_order"), || {
        format!("what takes the place of an agreement signed {older} was signed later, not {newer}")
    })
}

/// Another agreement has taken the place already: a line of agreements has no branches.
pub fn taken_already(pointer: &'static str, by: &PublicId) -> FieldIssue {
    let rule = format!(
        "one agreement takes the place of another, and {by} has taken that of this one: the newer one replaces \
         {by}, or {by} is changed first"
    );
    FieldIssue::new(pointer, "already_superseded", rule)
}

/// What takes the place of an agreement stands itself by then, between the same parties or their
/// successors.
pub fn supersede(stood: bool, shared_parties: usize) -> Vec<FieldIssue> {
    let stands = ensure(stood, ("/superseded_by", "successor_not_signed"), || {
        "the later agreement must be signed or in force when it takes the place".to_owned()
    });
    let enough = shared_parties >= FEWEST;
    let shared = ensure(enough, ("/superseded_by", "too_few_shared_parties"), || {
        format!(
            "the later agreement must share {FEWEST} parties, or their successors, with this one"
        )
    });
    failures([stands, shared])
}

/// A warning when a denunciation certainly leaves less time than the notice period.
///
/// A notice of which nothing is known counts as given today.
pub fn short_notice(
    mode: Option<TerminationMode>,
    notice_period: Option<&CalendarDuration>,
    notice_given_on: Option<&Edtf>,
    effective_on: &Edtf,
    today: NaiveDate,
) -> Option<String> {
    let period = notice_period.filter(|_| mode == Some(TerminationMode::Denunciation))?;
    let given = notice_given_on.map_or(Some(today), Edtf::earliest)?;
    // A period that reaches beyond the calendar can't be kept by any end that can be written.
    let kept = period
        .after(given)
        .is_some_and(|over| effective_on.latest().is_none_or(|end| end >= over));
    let since = notice_given_on.map_or_else(|| today.to_string(), ToString::to_string);
    (!kept).then(|| {
        format!(
            "the notice period is {period}; from {since} to {effective_on} is less, and no earlier \
             notice is recorded"
        )
    })
}
