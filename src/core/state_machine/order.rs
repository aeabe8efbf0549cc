//! In which order the events of a log happened, as far as their dates tell.

use super::{Event, Illegal, Machine};

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
}

/// By which rule a new event finds its place among those recorded before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Before the first event that is certainly later, else last: what is certain is never
    /// contradicted.
    Certain,
    /// After the last event that is not certainly later, by the dates alone: for histories that were
    /// accepted in this order, before the other one was the rule, and are impossible in it.
    Former,
}

impl Order {
    /// Whether the first event certainly happened after the second.
    fn after<A, S>(self, first: &Event<A, S>, second: &Event<A, S>) -> bool {
        match self {
            Self::Certain => first.certainly_after(second),
            Self::Former => first.effective_on.certainly_after(&second.effective_on),
        }
    }
}

/// Puts the events in order, one after the other as they were recorded.
pub(super) fn in_order<'a, A: Copy + Eq, S: Copy + Eq>(
    machine: &Machine<A, S>,
    events: &'a [Event<A, S>],
    rule: Order,
) -> Result<Vec<Slot<'a, A, S>>, Illegal<A, S>> {
    let mut order: Vec<Slot<'a, A, S>> = Vec::with_capacity(events.len());
    for event in events {
        let (acting, at) = if event.action == machine.correct {
            let (acting, corrected) = correct(&mut order, event)?;
            let own = place_of(&order, corrected, event, rule);
            (acting, own.unwrap_or_else(|| place(&order, event, rule)))
        } else {
            let acting = Acting {
                action: event.action,
                to: event.to,
                set: false,
            };
            (acting, place(&order, event, rule))
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
        return Err(Illegal::NothingToCorrect);
    };
    if let Some(corrected_by) = corrected.corrected_by {
        return Err(Illegal::AlreadyCorrected { corrected_by });
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

/// Where a new event stands.
///
/// An event that counts no longer holds no other back; it keeps its place among the dates.
fn place<A, S>(order: &[Slot<'_, A, S>], event: &Event<A, S>, rule: Order) -> usize {
    let later = |slot: &Slot<'_, A, S>| rule.after(slot.event, event);
    match rule {
        Order::Certain => {
            let before = order
                .iter()
                .position(|slot| slot.counts() && later(slot))
                .unwrap_or(order.len());
            let passed = order
                .iter()
                .take(before)
                .rev()
                .take_while(|slot| !slot.counts() && later(slot))
                .count();
            before - passed
        }
        Order::Former => {
            let after = order
                .iter()
                .rposition(|slot| slot.counts() && !later(slot))
                .map_or(0, |index| index + 1);
            let passed = order
                .iter()
                .skip(after)
                .take_while(|slot| !slot.counts() && !later(slot))
                .count();
            after + passed
        }
    }
}

/// The place of the corrected event, when the date of the correction fits there.
///
/// The signature of "1992" put right as 25 June 1992 still comes before an entry into force of
/// "1992": whoever refines a date does not mean to change the order.
fn place_of<A, S>(
    order: &[Slot<'_, A, S>],
    corrected: usize,
    event: &Event<A, S>,
    rule: Order,
) -> Option<usize> {
    let later = rule.after(order.get(corrected)?.event, event);
    let at = if later { corrected } else { corrected + 1 };
    let (before, after) = order.split_at_checked(at)?;
    let fits = !before
        .iter()
        .any(|slot| slot.counts() && rule.after(slot.event, event))
        && !after
            .iter()
            .any(|slot| slot.counts() && rule.after(event, slot.event));
    fits.then_some(at)
}
