//! Which status holds on which days, for questions about another day than today.

use chrono::NaiveDate;

use super::Event;
use crate::core::edtf::Edtf;

/// Stands for "it has always been so".
pub const ALWAYS: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Stands for "it never ends".
pub const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// A stretch of days with one status.
///
/// A day that is not known moves an end as late and a beginning as early as it may lie; the certain
/// days are those on which the status holds however the dates are read. There are none when
/// `certain_to` is not after `certain_from`.
#[derive(Debug, Clone, PartialEq, Eq, diesel::Queryable)]
pub struct StatusPeriod<S> {
    /// The status.
    pub status: S,
    /// The date of the event that brought it.
    pub since: Edtf,
    /// The first day on which it holds, [`ALWAYS`] when the past is open.
    pub from_on: NaiveDate,
    /// The first day on which it certainly holds.
    pub certain_from: NaiveDate,
    /// The first day on which it holds no longer, [`NEVER`] for the last period.
    pub to_on: NaiveDate,
    /// The first day on which the next status may hold already, [`NEVER`] for the last period.
    pub certain_to: NaiveDate,
}

/// An event that brings another status.
pub(super) struct Change<'a, S> {
    status: S,
    since: &'a Edtf,
    /// The first day on which it may have happened, after those before it.
    pub(super) possible_from: NaiveDate,
    /// The first day by which it has certainly happened.
    certain_from: NaiveDate,
    /// The first day on which it counts.
    pub(super) counts_from: NaiveDate,
}

impl<'a, S> Change<'a, S> {
    /// `first` is the first day on which the change before it may have happened.
    pub(super) fn new<A>(
        status: S,
        event: &'a Event<A, S>,
        beginning: bool,
        first: NaiveDate,
    ) -> Self {
        let possible_from = event.first_day().max(first);
        let certain_from = event.last_day().unwrap_or(NEVER);
        let counts_from = if beginning {
            possible_from
        } else {
            certain_from
        };
        Self {
            status,
            since: &event.effective_on,
            possible_from,
            certain_from,
            counts_from,
        }
    }
}

/// The periods made by these changes, which are in the order of the fold and each bring another
/// status than the one before.
///
/// On a day the last change that counts decides. So a change holds from the day it counts until
/// any later one counts, and never if a later one counts as early. It holds certainly from its last
/// possible day until the first on which the next one may have happened, whether or not that one
/// ever counts. Seen from the end, that is one pass.
pub(super) fn periods<S: Copy>(changes: &[Change<'_, S>]) -> Vec<StatusPeriod<S>> {
    let mut periods: Vec<StatusPeriod<S>> = Vec::new();
    let (mut to_on, mut certain_to) = (NEVER, NEVER);
    for change in changes.iter().rev() {
        if change.counts_from < to_on {
            periods.push(StatusPeriod {
                status: change.status,
                since: change.since.clone(),
                from_on: change.counts_from,
                certain_from: change.certain_from,
                to_on,
                certain_to,
            });
            to_on = change.counts_from;
        }
        certain_to = change.possible_from;
    }
    periods.reverse();
    periods
}
