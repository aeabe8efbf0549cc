//! In which order the events of a log happened, as far as their dates tell.

use super::{Event, Illegal, Machine};
use crate::core::edtf::Edtf;

/// An event in its place.
pub(super) struct Slot<'a, A, S> {
    pub(super) event: &'a Event<A, S>,
    pub(super) acting: Acting<A, S>,
    pub(super) corrected_by: Option<i64>,
}

/// What an event does: its own action or, for a correction, that of the event it stands for.
#[derive(Clone, Copy)]
pub(super) struct Acting<A, S> {
    pub(super) action: A,
    pub(super) to: Option<S>,
    /// A correction that names a status: it sets it, whatever the table says of the action.
    pub(super) set: bool,
}

impl<A, S> Slot<'_, A, S> {
    /// Whether no later event has taken its place.
    pub(super) fn counts(&self) -> bool {
        self.corrected_by.is_none()
    }

    fn date(&self) -> &Edtf {
        &self.event.effective_on
    }
}

/// Puts the events in order, one after the other as they were recorded.
pub(super) fn in_order<'a, A: Copy + Eq, S: Copy + Eq>(
    machine: &Machine<A, S>,
    events: &'a [Event<A, S>],
) -> Result<Vec<Slot<'a, A, S>>, Illegal<A, S>> {
    let mut order: Vec<Slot<'a, A, S>> = Vec::with_capacity(events.len());
    for event in events {
        let (acting, at) = if event.action == machine.correct {
            let (acting, corrected) = correct(&mut order, event)?;
            let own = place_of(&order, corrected, &event.effective_on);
            (
                acting,
                own.unwrap_or_else(|| place(&order, &event.effective_on)),
            )
        } else {
            let (action, to) = (event.action, event.to);
            let acting = Acting {
                action,
                to,
                set: false,
            };
            (acting, place(&order, &event.effective_on))
        };
        let slot = Slot {
            event,
            acting,
            corrected_by: None,
        };
        // `at` never exceeds the length: it counts entries of this very list.
        order.insert(at.min(order.len()), slot);
    }
    Ok(order)
}

/// Marks the event that is put right; what the correction does, and where the other one stands.
fn correct<A: Copy, S: Copy>(
    order: &mut [Slot<'_, A, S>],
    event: &Event<A, S>,
) -> Result<(Acting<A, S>, usize), Illegal<A, S>> {
    let named = order
        .iter_mut()
        .enumerate()
        .find(|(_, slot)| Some(slot.event.id) == event.corrects);
    let Some((at, corrected)) = named else {
        return Err(Illegal::NothingToCorrect { event: event.id });
    };
    if let Some(corrected_by) = corrected.corrected_by {
        return Err(Illegal::AlreadyCorrected {
            event: event.id,
            corrected_by,
        });
    }
    corrected.corrected_by = Some(event.id);
    let acting = match event.to {
        None => corrected.acting,
        to => Acting {
            action: corrected.acting.action,
            to,
            set: true,
        },
    };
    Ok((acting, at))
}

/// A new event stands after the last one that is not certainly later than it.
///
/// An event that counts no longer holds no other back; it keeps its place among the dates.
fn place<A, S>(order: &[Slot<'_, A, S>], date: &Edtf) -> usize {
    let after = order
        .iter()
        .rposition(|slot| slot.counts() && !slot.date().certainly_after(date))
        .map_or(0, |index| index + 1);
    let passed = order
        .iter()
        .skip(after)
        .take_while(|slot| !slot.counts() && !slot.date().certainly_after(date))
        .count();
    after + passed
}

/// The place of the corrected event, when the date of the correction fits there.
///
/// The signature of "1992" put right as 25 June 1992 still comes before an entry into force of
/// "1992": whoever refines a date does not mean to change the order.
fn place_of<A, S>(order: &[Slot<'_, A, S>], corrected: usize, date: &Edtf) -> Option<usize> {
    let later = order.get(corrected)?.date().certainly_after(date);
    let at = if later { corrected } else { corrected + 1 };
    let (before, after) = order.split_at_checked(at)?;
    let fits = !before
        .iter()
        .any(|slot| slot.counts() && slot.date().certainly_after(date))
        && !after
            .iter()
            .any(|slot| slot.counts() && slot.date().certainly_before(date));
    fits.then_some(at)
}
