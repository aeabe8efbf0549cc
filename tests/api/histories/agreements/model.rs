//! The lifecycle of an agreement, written from its description alone.

use crate::histories::dates::{Date, Day};
use crate::histories::order::{Event, Machine, Said, State};

pub const STATUSES: [&str; 9] = [
    "proposed",
    "approved",
    "signed",
    "in_force",
    "suspended",
    "expired",
    "terminated",
    "superseded",
    "abandoned",
];

/// What an agreement says of itself, and no event.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Whether its signature puts it into force: not when the day for that is known and still to come.
    pub on_signature: bool,
    pub tacit: bool,
    pub until: Option<Date>,
    pub indefinite: bool,
    /// Its first parties are the partners below this number.
    pub parties: usize,
    pub today: Day,
}

/// Where a partner stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub partner: usize,
    pub participation: &'static str,
    pub acceded_on: Option<Date>,
    pub withdrew_on: Option<Date>,
}

impl Seat {
    fn is_live(&self) -> bool {
        ["signatory", "party", "acceded"].contains(&self.participation)
    }
}

#[derive(Debug, Clone)]
pub struct Standing {
    pub status: &'static str,
    pub since: Date,
    pub seats: Vec<Seat>,
    pub duration: &'static str,
    pub until: Option<Date>,
    /// When notice was given, and the end it announces.
    pub notice: Option<(Date, Date)>,
}

impl Standing {
    pub fn seat(&self, partner: usize) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.partner == partner)
    }

    pub fn is_live(&self) -> bool {
        ["in_force", "suspended"].contains(&self.status)
    }

    /// The parties that it was made by follow its status.
    fn place(&mut self) {
        let stands = match self.status {
            "proposed" | "approved" | "abandoned" => "invited",
            "signed" => "signatory",
            _ => "party",
        };
        for seat in &mut self.seats {
            let rises = match seat.participation {
                "invited" => stands != "invited",
                "signatory" => stands == "party",
                _ => false,
            };
            if rises {
                seat.participation = stands;
            }
        }
    }

    fn join(&mut self, partner: usize, on: &Date) {
        self.seats.retain(|seat| seat.partner != partner);
        self.seats.push(Seat {
            partner,
            participation: "acceded",
            acceded_on: Some(on.clone()),
            withdrew_on: None,
        });
    }

    fn leave(&mut self, partner: usize, participation: &'static str, on: &Date) {
        for seat in self.seats.iter_mut().filter(|seat| seat.partner == partner) {
            seat.participation = participation;
            seat.withdrew_on = Some(on.clone());
        }
    }
}

impl State for Standing {
    fn status(&self) -> &'static str {
        self.status
    }

    fn since(&self) -> &Date {
        &self.since
    }
}

impl Paper {
    fn next(&self, action: &str, status: &'static str) -> Option<&'static str> {
        let live = ["in_force", "suspended"].contains(&status);
        let next = match (action, status) {
            ("approve", "proposed") => "approved",
            ("sign", "proposed" | "approved") if self.on_signature => "in_force",
            ("sign", "proposed" | "approved") => "signed",
            ("enter_into_force", "signed") | ("renew", "expired") => "in_force",
            ("suspend", "in_force") => "suspended",
            ("resume", "suspended") => "in_force",
            ("terminate", _) if live => "terminated",
            ("expire", _) if live => "expired",
            ("supersede", _) if live || status == "expired" => "superseded",
            ("abandon", "proposed" | "approved" | "signed") => "abandoned",
            ("note", _) => status,
            (
                "renew" | "amend" | "accede" | "withdraw_party" | "exclude_party" | "succeed_party"
                | "give_notice" | "withdraw_notice",
                _,
            ) if live => status,
            _ => return None,
        };
        Some(next)
    }

    fn register(&self, event: &Event) -> Standing {
        let mut standing = Standing {
            status: event.said.to.unwrap(),
            since: event.on.clone(),
            seats: Vec::new(),
            duration: match (&self.until, self.indefinite) {
                (Some(_), _) => "fixed_term",
                (None, true) => "indefinite",
                (None, false) => "unknown",
            },
            until: self.until.clone(),
            notice: None,
        };
        for partner in 0..self.parties {
            standing.seats.push(Seat {
                partner,
                participation: "invited",
                acceded_on: None,
                withdrew_on: None,
            });
        }
        standing.place();
        standing
    }

    /// Whether the conditions beyond the status hold.
    fn holds(&self, before: &Standing, event: &Event) -> bool {
        let live = |partner: Option<usize>| {
            let seat = partner.and_then(|partner| before.seat(partner));
            seat.is_some_and(Seat::is_live)
        };
        let count = before.seats.iter().filter(|seat| seat.is_live()).count();
        let Said {
            party,
            successor,
            until,
            end,
            stands,
            sourced,
            ..
        } = &event.said;
        match event.action {
            "accede" => !live(*party),
            "withdraw_party" | "exclude_party" => live(*party) && count > 2,
            "succeed_party" => live(*party) && !live(*successor) && party != successor,
            "renew" => match (&before.until, until) {
                (Some(old), Some(Some(new))) => {
                    !matches!((new.last, old.first), (Some(new), Some(old)) if new <= old)
                }
                _ => true,
            },
            "give_notice" => !end.as_ref().unwrap().certainly_before(&event.on),
            "withdraw_notice" => before.notice.is_some(),
            "expire" if self.tacit => false,
            "expire" => match &before.until {
                Some(end) => {
                    end.last.is_some_and(|last| last < self.today)
                        && !event.on.certainly_before(end)
                }
                None => *sourced,
            },
            "supersede" => !event.on.certainly_before(stands.as_ref().unwrap()),
            _ => true,
        }
    }
}

impl Machine for Paper {
    type State = Standing;

    fn step(&self, before: Option<&Standing>, event: &Event) -> Option<(Standing, bool)> {
        let Some(before) = before else {
            return (event.action == "register").then(|| (self.register(event), true));
        };
        if event.action == "register" {
            return None;
        }
        let mut after = before.clone();
        after.status = match (event.said.to, event.action) {
            (Some(stated), "sign") if !event.overruled => {
                self.next("sign", before.status)?;
                stated
            }
            (Some(stated), _) => stated,
            (None, action) => self.next(action, before.status)?,
        };
        if after.status != before.status {
            after.since = event.on.clone();
        }
        // A status that is stated places anew who neither joined nor left.
        if event.overruled && after.status != "abandoned" {
            let moved = |seat: &Seat| seat.acceded_on.is_some() || seat.withdrew_on.is_some();
            for seat in after.seats.iter_mut().filter(|seat| !moved(seat)) {
                seat.participation = "invited";
            }
        }
        after.place();
        if !after.is_live() {
            after.notice = None;
        }
        let live = |after: &Standing| after.seats.iter().filter(|seat| seat.is_live()).count();
        // Of what is said never to have been nothing but the status counts.
        if event.overruled {
            let holds = !after.is_live() || live(&after) >= 2;
            return Some((after, holds));
        }
        let on = &event.on;
        match (event.action, event.said.party, event.said.successor) {
            ("accede", Some(party), _) => after.join(party, on),
            ("withdraw_party", Some(party), _) => after.leave(party, "withdrawn", on),
            ("exclude_party", Some(party), _) => after.leave(party, "excluded", on),
            ("succeed_party", Some(party), Some(successor)) => {
                after.leave(party, "succeeded", on);
                after.join(successor, on);
            }
            ("renew", _, _) => {
                after.until = event.said.until.clone().flatten();
                after.duration = if after.until.is_some() {
                    "fixed_term"
                } else {
                    "indefinite"
                };
            }
            ("give_notice", _, _) => {
                after.notice = event.said.end.clone().map(|end| (on.clone(), end));
            }
            ("withdraw_notice", _, _) => after.notice = None,
            _ => {}
        }
        let holds = self.holds(before, event) && (!after.is_live() || live(&after) >= 2);
        Some((after, holds))
    }
}

/// The first steps that follow from the dates of a paper and the status it is said to have.
pub fn birth(
    paper: &Paper,
    dates: [Option<Date>; 4],
    stated: Option<&'static str>,
) -> Option<Vec<Event>> {
    let today = paper.today;
    let rank = |status: &str| match status {
        "proposed" => 0,
        "approved" => 1,
        "signed" => 2,
        "in_force" => 3,
        _ => 4,
    };
    for (index, later) in dates.iter().enumerate() {
        for earlier in dates.iter().take(index).flatten() {
            if later
                .as_ref()
                .is_some_and(|later| later.certainly_before(earlier))
            {
                return None;
            }
        }
    }
    let [proposed, approved, signed, in_force] = dates;
    if [&proposed, &approved, &signed]
        .into_iter()
        .flatten()
        .any(|date| date.certainly_after(today))
    {
        return None;
    }
    let ahead = in_force
        .as_ref()
        .is_some_and(|date| date.certainly_after(today));
    let binds =
        paper.on_signature && in_force.is_none() && !matches!(stated, Some("signed" | "abandoned"));
    let by_signature = if binds { "in_force" } else { "signed" };
    let come = in_force.filter(|_| !ahead);
    let mut steps: Vec<(&'static str, Date)> = Vec::new();
    for (status, date) in [
        ("proposed", proposed),
        ("approved", approved),
        (by_signature, signed),
        ("in_force", come),
    ] {
        steps.extend(date.map(|date| (status, date)));
    }
    let reached = steps.last().map(|(status, _)| *status);
    let furthest = if ahead {
        "signed"
    } else {
        reached.unwrap_or("proposed")
    };
    let target = stated.unwrap_or(furthest);
    let reaches = if target == "abandoned" {
        2
    } else {
        rank(target)
    };
    if reached.is_some_and(|reached| rank(reached) > reaches)
        || (ahead && matches!(target, "in_force" | "suspended" | "expired" | "terminated"))
        || target == "superseded"
    {
        return None;
    }
    let some_day = Date::new(&format!("[..{today}]"));
    let needs_force = ["suspended", "expired", "terminated"].contains(&target);
    if let Some(reached) = reached.filter(|reached| needs_force && rank(reached) < 3) {
        if rank(reached) < 2 && !paper.on_signature {
            steps.push(("signed", some_day.clone()));
        }
        steps.push(("in_force", some_day.clone()));
    }
    if target == "in_force"
        && reached.is_some_and(|reached| rank(reached) < 2)
        && !paper.on_signature
    {
        steps.push(("signed", some_day.clone()));
    }
    if steps.last().is_none_or(|(status, _)| *status != target) {
        steps.push((target, some_day));
    }
    let mut events: Vec<Event> = Vec::new();
    let mut at = None;
    for (status, on) in steps {
        let action = match (at, status) {
            (None, _) => "register",
            (_, "approved") => "approve",
            (_, "signed") => "sign",
            (Some("signed"), "in_force") => "enter_into_force",
            (_, "in_force") => "sign",
            (_, "suspended") => "suspend",
            (_, "expired") => "expire",
            (_, "terminated") => "terminate",
            _ => "abandon",
        };
        let states = ["register", "sign"].contains(&action);
        events.push(Event {
            id: String::new(),
            action,
            on,
            recorded: today,
            begins: states || ["approve", "enter_into_force"].contains(&action),
            overruled: false,
            // At birth the further steps do without what they need otherwise.
            said: Said {
                to: states.then_some(status),
                sourced: true,
                ..Said::default()
            },
        });
        at = Some(status);
    }
    Some(events)
}
