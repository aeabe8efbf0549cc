//! What the events of an agreement make of its parties, its term and its notice, in the order of the
//! fold. Pure.
//!
//! The status is folded by [`crate::core::state_machine`]; this goes along its entries once more with what
//! each event says. Conditions are asked on the way, of every event in its place: a late one may be
//! what makes a later one impossible.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::guards::{self, FEWEST, Misstated, PartyChange};
use crate::agreements::events::types::Details;
use crate::agreements::overlap::{EarlierStay, MoveDays, has_left};
use crate::agreements::participation;
use crate::core::edtf::Edtf;
use crate::core::issue::FieldIssue;
use crate::core::state_machine::Entry;
use crate::core::vocabulary::agreement::{DurationKind, PartyRole, Renewal};
use crate::core::vocabulary::lifecycle::{EventAction as Do, LegalStatus, ParticipationStatus};

/// What the record says of a party by itself, whatever the events make of it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidOfParty {
    /// Where it stands, when that is said.
    pub participation: Option<ParticipationStatus>,
    /// When it joined.
    pub acceded_on: Option<Edtf>,
    /// The day on which that was said.
    pub acceded_stated_on: Option<NaiveDate>,
    /// When it left.
    pub withdrew_on: Option<Edtf>,
    /// The day on which that was said.
    pub withdrew_stated_on: Option<NaiveDate>,
    /// Whether it is there because of an event alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_event: bool,
}

impl SaidOfParty {
    /// It with this as the day on which its dates were said, of those of which no other one is known.
    #[must_use]
    pub fn stated_by(self, day: NaiveDate) -> Self {
        let stated = |date: &Option<Edtf>, known: Option<NaiveDate>| {
            date.as_ref().map(|_| known.unwrap_or(day))
        };
        Self {
            acceded_stated_on: stated(&self.acceded_on, self.acceded_stated_on),
            withdrew_stated_on: stated(&self.withdrew_on, self.withdrew_stated_on),
            ..self
        }
    }

    /// By when it had joined and left: what is said as having happened had by the day on which it was said.
    pub(super) fn days(&self) -> MoveDays {
        let by = |date: &Option<Edtf>, stated: Option<NaiveDate>| {
            let date = date.as_ref()?;
            stated.map_or_else(|| date.latest(), |stated| date.last_day(stated))
        };
        MoveDays {
            joined_by: by(&self.acceded_on, self.acceded_stated_on),
            left_from: None,
            left_by: by(&self.withdrew_on, self.withdrew_stated_on),
        }
    }

    /// Whether it is said to have left, or to have been left behind.
    pub(super) fn has_left(&self) -> bool {
        self.participation.is_some_and(has_left)
    }
}

/// How long an agreement holds.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its last day.
    pub valid_until: Option<Edtf>,
    /// What kind of term it is.
    pub duration: DurationKind,
}

/// What the record says by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base {
    /// Its parties by internal key, in their order.
    pub parties: Vec<(i64, SaidOfParty)>,
    /// Its term.
    pub term: Term,
    /// When it was signed.
    pub signed_on: Option<Edtf>,
    /// What happens at the end of its term.
    pub renewal: Option<Renewal>,
}

/// An event in its place, with what it says.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What the fold says of it.
    pub entry: &'a Entry<Do, LegalStatus>,
    /// Its own date.
    pub on: &'a Edtf,
    /// The rest.
    pub details: &'a Details,
}

/// Where a party stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The partner, by internal key.
    pub partner: i64,
    /// Where it stands.
    pub participation: ParticipationStatus,
    /// When it joined.
    pub acceded_on: Option<Edtf>,
    /// When it left.
    pub withdrew_on: Option<Edtf>,
    /// What it was before, when it left and came back.
    pub earlier: Vec<EarlierStay>,
    /// What an event that brought it says it is to the agreement.
    pub role: Option<PartyRole>,
    /// What the record says of it by itself.
    pub said: SaidOfParty,
    /// The last event that let it join or leave.
    pub moved_by: Option<i64>,
    /// On which days it joined and left.
    pub days: MoveDays,
}

/// A condition that does not hold, and the event that can't stand for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The event.
    pub event: i64,
    /// What it lacks.
    pub failure: FieldIssue,
    /// What the record says of parties that are missed, where that is why.
    pub said: Vec<Misstated>,
    /// Whether it is none of the day of the event, but of today.
    pub of_today: bool,
}

/// What all events amount to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The parties, those that joined later behind the others.
    pub seats: Vec<Seat>,
    /// The term.
    pub term: Term,
    /// The renewal that made it so.
    pub renewed_by: Option<i64>,
    /// The event whose notice stands.
    pub notice: Option<i64>,
    /// The termination that is planned: of another day, if it was recorded by then.
    pub planned: Option<i64>,
    /// What does not hold on the way.
    pub faults: Vec<Fault>,
    /// The event whose notice stood when the one asked about came.
    pub notice_met: Option<i64>,
}

/// Goes along the events, which are in the order of the fold, as of `today`.
pub fn tell(base: &Base, told: &[Told<'_>], asked: i64, today: NaiveDate) -> Story {
    let seats = base.parties.iter().filter(|(_, said)| !said.by_event);
    let renews = |one: &&Told<'_>| {
        one.entry.acts_as == Do::Renew && one.entry.to.is_some() && !one.entry.sets
    };
    let seats = seats.map(|(partner, said)| Seat::new(*partner, said.clone()));
    let pending = told.iter().find(|one| one.entry.pending);
    let mut teller = Teller {
        story: Story {
            seats: seats.collect(),
            term: base.term.clone(),
            renewed_by: None,
            notice: None,
            planned: pending.map(|one| one.entry.id),
            faults: Vec::new(),
            notice_met: None,
        },
        base,
        today,
        renewals: told.iter().filter(renews).count(),
        notice: None,
        last: None,
    };
    for one in told {
        if one.entry.id == asked {
            teller.story.notice_met = teller.notice;
        }
        teller.take(*one);
    }
    teller.require_two_live_today();
    teller.story
}

impl Seat {
    fn new(partner: i64, said: SaidOfParty) -> Self {
        Self {
            partner,
            participation: said.participation.unwrap_or(ParticipationStatus::Invited),
            acceded_on: said.acceded_on.clone(),
            withdrew_on: said.withdrew_on.clone(),
            earlier: Vec::new(),
            role: None,
            days: said.days(),
            said,
            moved_by: None,
        }
    }

    /// Whether it is said to have left, and no event says more.
    fn is_said_to_have_left(&self) -> bool {
        self.moved_by.is_none() && self.said.has_left()
    }

    /// Whether it is said to have joined when this date had certainly passed.
    fn joins_after(&self, on: &Edtf) -> bool {
        let joined = self.said.acceded_on.as_ref();
        self.moved_by.is_none() && joined.is_some_and(|joined| joined.certainly_after(on))
    }

    /// Whether it may have been a party on this date: one that is said to have left was one before.
    fn may_be_live_on(&self, on: &Edtf) -> bool {
        let left = self.said.withdrew_on.as_ref();
        let left_before = left.is_some_and(|left| left.certainly_before(on));
        let stands = self.participation.is_live() || (self.is_said_to_have_left() && !left_before);
        stands && !self.joins_after(on)
    }

    /// What is said of it that lets it be missed among the live parties on this date, or today.
    fn missed(&self, on: Option<&Edtf>) -> Option<Misstated> {
        let missed = |pointer, rule: &str| Misstated {
            partner: self.partner,
            failure: FieldIssue::new(pointer, "too_few_parties", rule),
        };
        if on.is_some_and(|on| self.joins_after(on)) {
            let rule = "an agreement is in force between at least two parties, and this one joined later: \
                        who only signed later than the others is said to by the party's signed_on";
            return Some(missed("/acceded_on", rule));
        }
        let left = self.is_said_to_have_left() && on.is_none_or(|on| !self.may_be_live_on(on));
        left.then(|| {
            let rule = "two live parties must remain; where fewer do, the agreement is terminated";
            match self.said.withdrew_on {
                Some(_) => missed("/withdrew_on", rule),
                None => missed("/participation", rule),
            }
        })
    }

    /// Whether it is a party, or is said to have left when this date had certainly passed.
    fn is_taken_on(&self, on: &Edtf) -> bool {
        let left = self.said.withdrew_on.as_ref();
        let leaves_after = left.is_some_and(|left| left.certainly_after(on));
        self.participation.is_live() || (self.is_said_to_have_left() && leaves_after)
    }
}

struct Teller<'a> {
    /// So far, and its notice without what is still to come.
    story: Story,
    base: &'a Base,
    today: NaiveDate,
    /// How many renewals are still to come.
    renewals: usize,
    /// The event whose notice stands, with what is still to come.
    notice: Option<i64>,
    /// The last event that has come, and the status after it.
    last: Option<(i64, LegalStatus)>,
}

impl Teller<'_> {
    fn take(&mut self, one: Told<'_>) {
        let Some(to) = one.entry.to else {
            return;
        };
        let first = one.entry.from.is_none();
        // Who had signed what was abandoned afterwards is no more than that, and no less.
        if first || (one.entry.sets && to != LegalStatus::Abandoned) {
            self.stand_as_usual(to);
        } else if one.entry.from != Some(to) {
            self.advance(to);
        }
        // A correction that names a status says that the event it stands for never was.
        if !one.entry.sets {
            self.act(one);
        }
        if !to.is_live() {
            self.notice = None;
        }
        if !one.entry.pending {
            self.story.notice = self.notice;
            self.last = Some((one.entry.id, to));
        }
        self.require_two_live_parties(one, to);
    }

    /// Everybody who neither joined nor left by an event stands where parties of such an agreement do.
    fn stand_as_usual(&mut self, status: LegalStatus) {
        let seats = self.story.seats.iter_mut();
        for seat in seats.filter(|seat| seat.moved_by.is_none()) {
            seat.participation = participation::initial(seat.said.participation, status);
        }
    }

    fn advance(&mut self, to: LegalStatus) {
        for seat in &mut self.story.seats {
            seat.participation = participation::advanced(seat.participation, to);
        }
    }

    fn act(&mut self, one: Told<'_>) {
        let details = one.details;
        match one.entry.acts_as {
            Do::Renew => self.renew(one),
            Do::Accede => {
                self.may_change(one, PartyChange::Joins);
                self.join(one, details.party, details.role);
            }
            Do::WithdrawParty => self.leave(one, ParticipationStatus::Withdrawn),
            Do::ExcludeParty => self.leave(one, ParticipationStatus::Excluded),
            Do::SucceedParty => self.succeed(one),
            Do::Expire => {
                let end = self.story.term.valid_until.as_ref();
                // How a term that was renewed afterwards was to end, the record says no longer.
                let renewal = self.base.renewal.filter(|_| self.renewals == 0);
                let sourced = !details.unsourced;
                let over = guards::expire(one.on, end, renewal, sourced, self.today);
                self.note(one, over.err());
            }
            Do::GiveNotice => self.notice = Some(one.entry.id),
            Do::WithdrawNotice => {
                let rule = "no notice stands that could be taken back";
                let failure = FieldIssue::new("/action", "no_notice", rule);
                let none = self.notice.take().is_none();
                self.note(one, none.then_some(failure));
            }
            _ => {}
        }
    }

    fn note(&mut self, one: Told<'_>, failures: impl IntoIterator<Item = FieldIssue>) {
        let event = one.entry.id;
        let failures = failures.into_iter();
        self.story.faults.extend(failures.map(|failure| Fault {
            event,
            failure,
            said: Vec::new(),
            of_today: false,
        }));
    }

    fn renew(&mut self, one: Told<'_>) {
        let until = one.details.valid_until.as_ref();
        let old = self.story.term.valid_until.as_ref();
        let later = guards::renew(old, until)
            .and_then(|()| guards::renew(self.base.signed_on.as_ref(), until))
            .and_then(|()| guards::renewed_from(one.on, until));
        self.note(one, later.err());
        let given = one.details.duration;
        let usual = until.map(|_| DurationKind::FixedTerm);
        self.story.term = Term {
            valid_until: until.cloned(),
            duration: given.or(usual).unwrap_or(self.story.term.duration),
        };
        self.story.renewed_by = Some(one.entry.id);
        self.renewals = self.renewals.saturating_sub(1);
    }

    fn seat(&self, partner: Option<i64>) -> Option<&Seat> {
        self.story
            .seats
            .iter()
            .find(|seat| Some(seat.partner) == partner)
    }

    /// How many may have been parties on this date.
    fn may_be_live_on(&self, on: &Edtf) -> usize {
        let seats = self.story.seats.iter();
        seats.filter(|seat| seat.may_be_live_on(on)).count()
    }

    fn may_change(&mut self, one: Told<'_>, change: PartyChange) {
        let live = self.may_be_live_on(one.on);
        let seat = self.seat(one.details.party);
        let is_live = seat.is_some_and(|seat| match change {
            PartyChange::Joins => seat.is_taken_on(one.on),
            PartyChange::Leaves | PartyChange::Succeeded => {
                seat.participation.is_live() && !seat.joins_after(one.on)
            }
        });
        let failures = guards::parties(change, is_live, live);
        self.note(one, failures);
    }

    fn leave(&mut self, one: Told<'_>, as_what: ParticipationStatus) {
        self.may_change(one, PartyChange::Leaves);
        self.left(one, as_what);
    }

    fn left(&mut self, one: Told<'_>, as_what: ParticipationStatus) {
        let party = one.details.party;
        let mut seats = self.story.seats.iter_mut();
        let seat = seats.find(|seat| Some(seat.partner) == party);
        if let Some(seat) = seat.filter(|seat| seat.participation.is_live()) {
            seat.participation = as_what;
            seat.withdrew_on = Some(one.on.clone());
            seat.moved_by = Some(one.entry.id);
            seat.days.left_from = Some(one.entry.possible_from);
            seat.days.left_by = Some(one.entry.counts_from);
        }
    }

    /// A party becomes a live one: again, when it was one before.
    fn join(&mut self, one: Told<'_>, partner: Option<i64>, role: Option<PartyRole>) {
        let Some(partner) = partner else { return };
        let mut seats = self.story.seats.iter();
        let known = seats.position(|seat| seat.partner == partner);
        let at = known.unwrap_or_else(|| {
            let by_event = SaidOfParty {
                by_event: true,
                ..SaidOfParty::default()
            };
            let mut seat = Seat::new(partner, by_event);
            seat.role = role;
            self.story.seats.push(seat);
            self.story.seats.len() - 1
        });
        let seat = self.story.seats.get_mut(at);
        let Some(seat) = seat.filter(|seat| !seat.participation.is_live()) else {
            return;
        };
        let before = EarlierStay {
            participation: seat.participation,
            acceded_on: seat.acceded_on.replace(one.on.clone()),
            withdrew_on: seat.withdrew_on.take(),
            days: std::mem::take(&mut seat.days),
        };
        seat.days.joined_by = Some(one.entry.counts_from);
        if has_left(before.participation) {
            seat.earlier.push(before);
        }
        seat.participation = ParticipationStatus::Acceded;
        seat.moved_by = Some(one.entry.id);
    }

    fn succeed(&mut self, one: Told<'_>) {
        let successor = one.details.successor;
        self.may_change(one, PartyChange::Succeeded);
        let seat = self.seat(successor);
        if seat.is_some_and(|seat| seat.is_taken_on(one.on)) {
            let rule =
                "this partner is a party already: record how the other one left by withdraw_party";
            let failure = FieldIssue::new("/successor_id", "already_a_party", rule);
            self.note(one, Some(failure));
        }
        self.left(one, ParticipationStatus::Succeeded);
        self.join(one, successor, one.details.role);
    }

    /// I1 along the way: what is only said, and without a day, is no evidence against it.
    fn require_two_live_parties(&mut self, one: Told<'_>, status: LegalStatus) {
        if status.is_live() && self.may_be_live_on(one.on) < FEWEST {
            self.too_few(one.entry.id, Some(one.on));
        }
    }

    /// I1 today.
    fn require_two_live_today(&mut self) {
        let live = |seat: &&Seat| seat.participation.is_live();
        if let Some((event, status)) = self.last
            && status.is_live()
            && self.story.seats.iter().filter(live).count() < FEWEST
        {
            self.too_few(event, None);
        }
    }

    /// `on` is the date of the event; none of today.
    fn too_few(&mut self, event: i64, on: Option<&Edtf>) {
        if self.story.faults.iter().any(|fault| fault.event == event) {
            return;
        }
        let rule = "an agreement that is in force or suspended has at least two live parties";
        let seats = self.story.seats.iter();
        self.story.faults.push(Fault {
            event,
            failure: FieldIssue::new("/parties", "too_few_parties", rule),
            said: seats.filter_map(|seat| seat.missed(on)).collect(),
            of_today: on.is_none(),
        });
    }
}
