//! Where the parties of an agreement stood on another day, and for how long it was to hold. Pure.

use chrono::NaiveDate;

use super::stays::first_day_to_leave;
use super::story::{Base, SaidOfParty, Story, Told, tell};
use crate::agreements::overlap::has_left;
use crate::core::edtf::Edtf;
use crate::core::vocabulary::lifecycle::EventAction as Do;

impl SaidOfParty {
    /// What of it was so on this day. When asked to be `early`, who may have left by then has.
    fn on(&self, day: NaiveDate, early: bool) -> Option<Self> {
        let days = self.days();
        let come = |by: Option<NaiveDate>| by.is_some_and(|by| by <= day);
        // Who has left had joined, however little is known of when.
        let left = self.has_left() && come(days.left_by);
        if self.acceded_on.is_some() && !come(days.joined_by) && !left {
            return None;
        }
        let mut said = self.clone();
        let may_be = |date: &Edtf| early && date.earliest().is_none_or(|first| first <= day);
        let gone = |date: &Edtf| come(days.left_by) || may_be(date);
        if said.withdrew_on.as_ref().is_some_and(|date| !gone(date)) {
            said.withdrew_on = None;
            said.participation = said.participation.filter(|stands| !has_left(*stands));
        }
        Some(said)
    }
}

/// What the events amount to on this day: only what had happened by then counts. When asked to be `early`, who
/// may have left by then has.
pub fn story_on(base: &Base, told: Vec<Told<'_>>, day: NaiveDate, early: bool) -> Story {
    let parties = base.parties.iter();
    // Nobody leaves what is not there yet.
    let first = first_day_to_leave(base, &told);
    let early_for_said = early && first.is_none_or(|first| first <= day);
    let then = Base {
        parties: parties
            .filter_map(|(partner, said)| Some((*partner, said.on(day, early_for_said)?)))
            .collect(),
        ..base.clone()
    };
    let mut by_then: Vec<Told<'_>> = Vec::new();
    for one in told.into_iter().rev() {
        let left = early && leaves(&one) && one.entry.possible_from <= day;
        // Who has left had joined, however little is known of when, and what was signed had been approved.
        let followed = || {
            let mut later = by_then.iter();
            later.any(|later| of_one_party(&one, later) || moves(&one) && moves(later))
        };
        if one.entry.counts_from <= day || left || followed() {
            by_then.push(one);
        }
    }
    by_then.reverse();
    tell(&then, &by_then, i64::MIN, day)
}

fn leaves(one: &Told<'_>) -> bool {
    let leaving = [Do::WithdrawParty, Do::ExcludeParty, Do::SucceedParty];
    one.entry.to.is_some() && !one.entry.sets && leaving.contains(&one.entry.acts_as)
}

/// Whether it takes the agreement to another status.
fn moves(one: &Told<'_>) -> bool {
    one.entry.to.is_some() && one.entry.from != one.entry.to
}

/// Whether both let the same partner join or leave.
fn of_one_party(one: &Told<'_>, other: &Told<'_>) -> bool {
    let comes_or_goes = |told: &Told<'_>| told.entry.acts_as == Do::Accede || leaves(told);
    let named = |told: &Told<'_>| [told.details.party, told.details.successor];
    let (own, others) = (named(one), named(other));
    let mut own = own.iter().filter(|partner| partner.is_some());
    comes_or_goes(one) && comes_or_goes(other) && own.any(|partner| others.contains(partner))
}
