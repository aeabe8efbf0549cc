//! The ties of a partner: live ones first, ended ones with what ended them; on a map and along time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::numbered::{self, Part};
use super::{Agreement, Reader};
use crate::agreements::events::types::EventView;
use crate::agreements::types::PendingTermination;
use crate::core::edtf::Edtf;
use crate::core::geo::Point;
use crate::core::ids::PublicId;
use crate::core::vocabulary::lifecycle::{EventAction, LegalStatus};
use crate::evidence::sources::SourceView;
use crate::explore::partnerships::read::{PartnershipFilter, Partnerships};
use crate::explore::partnerships::types::{PartnershipAgreement, PartnershipView};
use crate::html::map::{self, Map, Place, State, whole_km};
use crate::html::timeline::{Earlier, Span, Timeline, Turned, timeline};
use crate::http::problem::Problem;
use crate::partners::store::PartnerRow;

/// Ties on a page. With the [`FEW`] it stays below 60 KB, also when much is known of each.
const LIMIT: usize = 24;

/// Ended ties below the live ones; there is a page of their own for more.
const FEW: usize = 5;

/// What ties, live and ended ones, may weigh on a page to print, in bytes: with all else it stays below 60 KB.
const SHEET: usize = 40 * 1024;

/// A tie with its number on the page.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize)]
pub struct Tie {
    number: usize,
    #[serde(flatten)]
    partnership: PartnershipView,
    #[serde(flatten)]
    known: Known,
    /// When it began last, and the times at which it held before.
    began: Edtf,
    earlier: Vec<Earlier>,
    /// Whether it came to nothing: it was proposed, and never agreed.
    attempt: bool,
    /// Whether it does not hold yet.
    planned: bool,
    /// Kilometres, as one would say them.
    km: Option<i64>,
    /// The event that brought its status.
    turn: Option<EventView>,
    /// Where that is written.
    turn_source: Option<SourceView>,
    /// Whether it is not certain that it held on the day that is asked about.
    possible: bool,
}

impl Tie {
    /// With its number, and the event that brought its status.
    fn new(number: usize, mut tie: PartnershipView, turn: Option<EventView>) -> Self {
        // What ended without a date did so by the day on which that was recorded.
        let turned = turn.as_ref().map(|turn| turn.recorded_at.date_naive());
        let papers = || tie.agreements.iter().map(|paper| paper.recorded_on);
        let known = |date: &Edtf| {
            papers()
                .chain(turned)
                .all(|day| *date != Edtf::no_later_than(day))
        };
        let planned = is_planned(tie.status);
        let mut earlier = std::mem::take(&mut tie.spells);
        let attempt = tie.status.is_terminal() && earlier.is_empty();
        let holds_now = !planned || tie.status == LegalStatus::Signed;
        let now = if holds_now { earlier.pop() } else { None };
        let began = match &now {
            // What a predecessor began counts for the tie as long as it went on.
            Some(now) if !earlier.is_empty() => now.since.clone(),
            None if !earlier.is_empty() => tie.status_since.as_ref().unwrap_or(&tie.since).clone(),
            _ => tie.since.clone(),
        };
        Tie {
            planned,
            attempt,
            earlier: earlier
                .into_iter()
                .map(|spell| Earlier {
                    since: Some(spell.since).filter(known),
                    until: spell.until.filter(known),
                })
                .collect(),
            possible: !tie.certain,
            number,
            known: Known {
                since_known: known(&began),
                turned_known: tie.status_since.as_ref().is_some_and(known),
            },
            began,
            km: tie.distance_km.map(whole_km),
            partnership: tie,
            turn,
            turn_source: None,
        }
    }

    /// The tie along time; none of what came to nothing.
    fn span(&self) -> Option<Span> {
        if self.attempt {
            return None;
        }
        let on = self.partnership.status_since.clone();
        let on = on.filter(|_| self.known.turned_known);
        let mut earlier = self.earlier.clone();
        let (began, turned) = if self.planned && on.is_none() {
            // Nobody knows since when it is planned: what was before is all there is to draw.
            let Earlier { since, until } = earlier.pop()?;
            (since, Turned::Ended(until))
        } else {
            let turned = match self.partnership.status {
                LegalStatus::Suspended => Turned::Suspended(on),
                status if status.is_terminal() => Turned::Ended(on),
                _ if self.planned => Turned::Planned,
                _ => Turned::Not,
            };
            (self.known.since_known.then(|| self.began.clone()), turned)
        };
        Some(Span {
            number: self.number,
            name: self.partnership.counterpart.name.clone(),
            began,
            turned,
            earlier,
        })
    }
}

/// Whether anybody knows when it began, and when it was suspended or ended: that it was so by the day on which
/// it was recorded says neither.
#[derive(Debug, Clone, Copy, Serialize)]
struct Known {
    since_known: bool,
    turned_known: bool,
}

/// The ties of a partner.
#[derive(Debug, Default, Serialize)]
pub struct Ties {
    live: Vec<Tie>,
    ended: Vec<Tie>,
    /// The numbers that the pages before and behind begin with.
    prev: Option<usize>,
    next: Option<usize>,
    /// How many there are of the live ones, or of the ended ones where only these are shown.
    total: usize,
    /// The numbers of the first and the last of them on this page.
    pub first: usize,
    last: usize,
    /// Of how many of the live ones it is not certain that they held on the day that is asked about.
    possible: usize,
    /// How many of them do not hold yet.
    planned: usize,
    /// How many have ended, where no other is there to be shown, or some of them are.
    total_ended: Option<usize>,
    /// Whether there are more ended ones than are shown.
    more_ended: bool,
    map: Option<Map>,
    /// Those without a place, and what they are called.
    unplaced: Vec<(usize, String)>,
    timeline: Option<Timeline>,
}

/// Which of them a page shows, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Live ones, and on the first page ended ones too.
    All,
    /// The same, live ones and then ended ones, on as few pages as stay small, to be printed.
    Whole {
        /// How many bytes each of them has besides.
        always: usize,
        /// And the first of them.
        besides: usize,
    },
    /// Ended ones only.
    Ended,
    /// Live ones only.
    Live,
}

/// About how many bytes a page to print needs for a tie: in its list, on the map and beside that.
fn weight(tie: &PartnershipView) -> usize {
    let papers = tie.agreements.iter().map(|paper| {
        let titles = paper.title.iter().flat_map(|titles| titles.values());
        180 + titles.map(String::len).max().unwrap_or_default()
    });
    // Why it does not hold, and where that is written.
    let turned = match tie.status {
        LegalStatus::InForce => 0,
        _ => 1200,
    };
    let today = tie.counterpart_today.as_ref().map_or(0, Vec::len);
    520 + 5 * tie.counterpart.name.len()
        + papers.sum::<usize>()
        + turned
        + 200 * today
        + 80 * tie.spells.len()
}

/// Whether it is agreed or asked for, and holds from a later day on.
fn is_planned(status: LegalStatus) -> bool {
    !status.is_terminal() && !status.is_live()
}

/// The ties of this partner, from this number on.
pub fn ties(
    reader: &mut Reader<'_>,
    partner: &PartnerRow,
    which: Which,
    nearest_first: bool,
    first: usize,
) -> Result<Ties, Problem> {
    let sort: &[(&str, &str)] = if nearest_first {
        &[("sort", "distance")]
    } else {
        &[]
    };
    let mut query = reader.query::<PartnershipFilter>("partnerships", sort, true)?;
    // They are put together in memory as it is: only whoever knows what all are called in the language of the
    // page can order them so, and cut the list then.
    query.params.limit = Some(u32::MAX);
    let all = Partnerships::load(reader.conn, partner, &query.filter)?;
    let views = all.page(reader.conn, &query)?.data;
    let (mut over, mut live): (Vec<_>, Vec<_>) =
        views.into_iter().partition(|tie| tie.status.is_terminal());
    if !nearest_first {
        by_shown_name(reader, &mut live);
    }
    by_shown_name(reader, &mut over);
    let (all_live, all_over) = (live.len(), over.len());
    let (main, mut few) = match which {
        Which::Ended => (Part::of(over, first, LIMIT)?, Vec::new()),
        Which::All | Which::Live => (Part::of(live, first, LIMIT)?, over),
        Which::Whole { always, besides } => {
            live.append(&mut over);
            let most = SHEET.saturating_sub(always);
            let part = Part::of_weight(live, first, most, besides, weight)?;
            (part, Vec::new())
        }
    };
    let count_ended = match which {
        Which::All | Which::Whole { .. } => first == 1,
        Which::Live => main.rows.is_empty(),
        Which::Ended => false,
    };
    let total_ended = count_ended.then_some(all_over);
    let shows_few = which == Which::All && first == 1;
    few.truncate(if shows_few { FEW } else { 0 });
    let more_ended = which == Which::All && total_ended.is_some_and(|total| total > few.len());
    let live_here = |tie: &&PartnershipView| !tie.status.is_terminal();
    let live_here = main.rows.iter().filter(live_here).count();
    let shown = main.rows.into_iter().chain(few).collect();
    let whole = matches!(which, Which::Whole { .. });
    let (first, last, total) = if whole {
        let last = (main.first + live_here).saturating_sub(1);
        (main.first, last, all_live)
    } else {
        (first, main.last, main.total)
    };
    let mut ties = turns(reader, shown, first)?;
    let (map, unplaced) = drawn(partner, &ties);
    let spans: Vec<Span> = ties.iter().filter_map(Tie::span).collect();
    let ended = ties.split_off(live_here);
    Ok(Ties {
        possible: all.count(|status, certain| !status.is_terminal() && !certain),
        planned: all.count(|status, _| is_planned(status)),
        live: ties,
        ended,
        prev: main.prev,
        next: main.next,
        total,
        first,
        last,
        total_ended,
        more_ended,
        map,
        unplaced,
        // On paper it is as long as the list, whose dates it shows.
        timeline: timeline(&spans, reader.day()).filter(|_| !whole),
    })
}

/// When agreements are to end, as far as that is decided, by their ids.
pub type Endings = BTreeMap<String, PendingTermination>;

/// The ends of the live ties, of which a notice or a decision was known on the day.
pub fn endings(reader: &mut Reader<'_>, ties: &Ties) -> Result<Endings, Problem> {
    let papers = ties.live.iter().flat_map(|tie| &tie.partnership.agreements);
    let ids: BTreeSet<&PublicId> = papers.map(|paper| &paper.id).collect();
    let ids: Vec<PublicId> = ids.into_iter().cloned().collect();
    let ending = reader.visible::<Agreement>(&ids, &[])?;
    let planned = ending
        .into_iter()
        .filter_map(|agreement| Some((agreement.id.to_string(), agreement.pending_termination?)));
    Ok(planned.collect())
}

fn by_shown_name(reader: &Reader<'_>, ties: &mut [PartnershipView]) {
    numbered::by_name(reader.lang, ties, |tie| {
        (&tie.counterpart.name, &tie.counterpart.id)
    });
}

/// Numbers the ties, and looks up what brought those that are not simply in force to where they are.
fn turns(
    reader: &mut Reader<'_>,
    ties: Vec<PartnershipView>,
    first: usize,
) -> Result<Vec<Tie>, Problem> {
    let turned: Vec<PublicId> = ties.iter().filter_map(turning).cloned().collect();
    let papers = reader.visible::<Agreement>(&turned, &["events"])?;
    let events: HashMap<PublicId, Vec<EventView>> = papers
        .into_iter()
        .map(|paper| (paper.id, paper.events.unwrap_or_default()))
        .collect();
    // One event ends the ties of several.
    let turn = |tie: &PartnershipView| {
        let events = events.get(turning(tie)?)?;
        let turn = events.iter().find(|event| {
            (event.to_status == tie.status || is_leaving(event, tie))
                && event.corrected_by.is_none()
                && Some(&event.effective_on) == tie.status_since.as_ref()
        })?;
        Some(EventView {
            reason_text: first_reason(events, turn),
            ..turn.clone()
        })
    };
    let mut numbered: Vec<Tie> = (first..)
        .zip(ties)
        .map(|(number, tie)| {
            let turn = turn(&tie);
            Tie::new(number, tie, turn)
        })
        .collect();
    let written = numbered
        .iter()
        .filter_map(|tie| tie.turn.as_ref()?.source_id.clone());
    let sources = reader.sources(written.collect())?;
    for tie in &mut numbered {
        let source = tie.turn.as_ref().and_then(|turn| turn.source_id.as_ref());
        tie.turn_source = source.and_then(|id| sources.get(id.as_str())).cloned();
    }
    Ok(numbered)
}

/// Why what an event tells of was done: a correction says why it corrects.
fn first_reason(events: &[EventView], event: &EventView) -> Option<String> {
    let mut first = event;
    while let Some(corrected) = &first.corrects_event_id
        && let Some(earlier) = events.iter().find(|event| event.id == *corrected)
    {
        first = earlier;
    }
    first.reason_text.clone()
}

/// Whether a tie ended because one of the two left the agreement.
fn is_leaving(event: &EventView, tie: &PartnershipView) -> bool {
    use EventAction::{ExcludeParty, SucceedParty, WithdrawParty};
    let party = event.party.as_ref().map(|party| &party.id);
    tie.status.is_terminal()
        && matches!(event.action, ExcludeParty | SucceedParty | WithdrawParty)
        && party.is_some_and(|party| *party == tie.counterpart.id || *party == tie.own.id)
}

/// The agreement whose event brought the tie to its status, unless that is simply in force; the last one where
/// it goes on without one of the two.
fn turning(tie: &PartnershipView) -> Option<&PublicId> {
    if tie.status == LegalStatus::InForce {
        return None;
    }
    let brought = tie.agreements.iter().rev().find(|paper| {
        paper.status == tie.status && Some(&paper.status_since) == tie.status_since.as_ref()
    });
    // A paper that goes on though the tie has ended is one that somebody left.
    let left = || {
        let goes_on = |paper: &&PartnershipAgreement| !paper.status.is_terminal();
        let left = tie.agreements.iter().rev().find(goes_on);
        left.filter(|_| tie.status.is_terminal())
    };
    brought.or_else(left).map(|paper| &paper.id)
}

/// Ties without a place: their numbers and names.
type Unplaced = Vec<(usize, String)>;

/// The map of the ties, and those without a place.
fn drawn(partner: &PartnerRow, ties: &[Tie]) -> (Option<Map>, Unplaced) {
    let mut places = Vec::new();
    let mut unplaced = Vec::new();
    for tie in ties {
        let name = tie.partnership.counterpart.name.clone();
        match tie.partnership.place {
            Some(point) => places.push(Place {
                number: tie.number,
                name,
                point,
                state: match tie.partnership.status {
                    LegalStatus::Suspended => State::Suspended,
                    status if status.is_terminal() => State::Past,
                    _ if tie.planned => State::Planned,
                    _ => State::Live,
                },
            }),
            None => unplaced.push((tie.number, name)),
        }
    }
    let here = Point::kept(partner.latitude, partner.longitude);
    (map::around(here, &places), unplaced)
}
