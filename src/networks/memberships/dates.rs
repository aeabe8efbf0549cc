//! The dates that a membership says by itself, and the events that bring them.

use super::fold::Life;
use crate::core::edtf::Edtf;
use crate::core::issue::FieldIssue;
use crate::core::state_machine::Entry;
use crate::core::vocabulary::lifecycle::{MembershipAction as Do, MembershipStatus as Is};
use crate::http::problem::Problem;

/// Whether an event of this kind brings a date.
pub(super) type Brought = fn(&Entry<Do, Is>) -> bool;

/// What brings each of [`Facts::dates`](crate::networks::lifecycle::story::Facts::dates).
pub(super) const BROUGHT: [Brought; 3] = [application, admission, end];

fn application(entry: &Entry<Do, Is>) -> bool {
    entry.acts_as == Do::Apply || (entry.acts_as == Do::Register && entry.to == Some(Is::Applied))
}

fn admission(entry: &Entry<Do, Is>) -> bool {
    let held = matches!(entry.to, Some(Is::Member | Is::Observer));
    // Who only observed is admitted by it.
    let rises = (entry.from, entry.to) == (Some(Is::Observer), Some(Is::Member));
    match entry.acts_as {
        Do::Admit => true,
        Do::Register => held,
        Do::ChangeClass => rises,
        _ => false,
    }
}

fn end(entry: &Entry<Do, Is>) -> bool {
    entry.from != entry.to && entry.to.is_some_and(|to| !to.is_live())
}

/// The event that brought the date, or that may have happened on the new one when none was known.
pub(super) fn event_of(
    life: &Life,
    old: Option<&Edtf>,
    new: &Edtf,
    brought: Brought,
) -> Result<Option<i64>, Problem> {
    let counting = life.story()?.folded.entries.iter();
    let counting = counting.filter(|entry| entry.corrected_by.is_none() && brought(entry));
    let mut ids = counting.map(|entry| entry.id);
    Ok(ids.find(|id| {
        life.date_of(*id).is_some_and(|on| match old {
            Some(old) => on == old,
            None => on.overlaps(new) && on != new,
        })
    }))
}

/// What is said of the membership's dates and can't be, however they are read: another day than that of the
/// events that brought them or, where none tells of it, one after all began. Who has declared to leave ends on
/// that day or later.
pub(super) fn contradicted(life: &Life) -> Result<Vec<FieldIssue>, Problem> {
    let story = life.story()?;
    let counting = || {
        let entries = story.folded.entries.iter();
        let counting = entries.filter(|entry| entry.to.is_some());
        counting.filter_map(|entry| Some((entry, life.date_of(entry.id)?)))
    };
    let mut all = Vec::new();
    for ((at, date), brought) in life.said.dates().into_iter().zip(BROUGHT) {
        let Some(date) = date else { continue };
        // A correction that names a status says that its event never was; what ended so has ended.
        let mut days = counting()
            .filter(|(entry, _)| brought(entry) && (!entry.sets || at == "/ended_on"))
            .peekable();
        let told = if days.peek().is_some() {
            days.all(|(entry, on)| match entry.acts_as {
                Do::Withdraw => date.certainly_before(on),
                // Who observes now may have been admitted before.
                Do::ChangeClass => date.certainly_after(on),
                _ => !on.overlaps(date),
            })
            .then_some("tell of it on another day than")
        } else {
            let first = counting().next();
            let begun = first.filter(|(_, on)| date.certainly_after(on));
            begun.map(|_| "begin before")
        };
        all.extend(told.map(|told| {
            let rule = format!("its events {told} {date}: correct them, or leave the date out");
            FieldIssue::new(at, "contradiction", rule)
        }));
    }
    Ok(all)
}

/// What of it was not so `before`, however much better the dates are known.
pub(super) fn newly_contradicted(
    life: &Life,
    before: &[FieldIssue],
) -> Result<Vec<FieldIssue>, Problem> {
    let known = |issue: &FieldIssue| before.iter().any(|was| was.pointer == issue.pointer);
    let mut all = contradicted(life)?;
    all.retain(|issue| !known(issue));
    Ok(all)
}
