//! What several rows say of one tie, put together.

use super::order::vagueness;
use crate::core::edtf::Edtf;
use crate::exchange::links::{LinkRow, covers};
use crate::exchange::pairs::each_two;

/// The first of these rows about two partners, with what the others say beside it; none if any two of them may be
/// about two ties.
pub(super) fn of<'r>(rows: &[&'r LinkRow]) -> Option<LinkRow> {
    let (first, others) = rows
        .split_first()
        .filter(|(_, others)| !others.is_empty())?;
    // Rows that say the same stand beside each other.
    let mut different = rows.to_vec();
    different.dedup_by(|row, other| says(row) == says(other));
    let named = different.iter().any(|row| row.agreement_id.is_some());
    if named || each_two(&different).any(|(row, other)| contradict(row, other)) {
        return None;
    }
    let mut whole = (*first).clone();
    for row in others {
        whole.instrument = whole.instrument.or(row.instrument);
        if row.relationship_is_given {
            (whole.relationship, whole.relationship_is_given) = (row.relationship, true);
        }
        whole.end_reason = whole.end_reason.or(row.end_reason);
        if source(row) == source(first) && whole.note.is_none() {
            whole.note.clone_from(&row.note);
        }
    }
    let exact = |date: fn(&'r LinkRow) -> Option<&'r Edtf>| {
        let dates = rows.iter().filter_map(|row| date(row));
        dates
            .min_by_key(|date| (vagueness(Some(date)), date.as_str()))
            .cloned()
    };
    whole.signed_on = exact(|row| row.signed_on.as_ref());
    whole.ended_on = exact(|row| row.ended_on.as_ref());
    let ends = whole.ended_on.as_ref().zip(whole.signed_on.as_ref());
    let backwards = ends.is_some_and(|(ended, signed)| ended.certainly_before(signed));
    (!backwards).then_some(whole)
}

fn source(row: &LinkRow) -> (Option<&str>, Option<&str>) {
    (row.source_title.as_deref(), row.source_url.as_deref())
}

/// What a row says of a tie.
fn says(row: &LinkRow) -> impl PartialEq + use<'_> {
    (
        &row.agreement_id,
        row.instrument,
        row.relationship_is_given.then_some(row.relationship),
        &row.signed_on,
        &row.ended_on,
        row.end_reason,
    )
}

/// Whether two rows say different things of a tie, and not one of them the same less exactly.
fn contradict(a: &LinkRow, b: &LinkRow) -> bool {
    let dates = |a: &Option<Edtf>, b: &Option<Edtf>| {
        let both = a.as_ref().zip(b.as_ref());
        both.is_some_and(|(a, b)| !covers(a, b) && !covers(b, a))
    };
    let kinds = a.relationship_is_given && b.relationship_is_given;
    differ(a.instrument, b.instrument)
        || differ(a.end_reason, b.end_reason)
        || (kinds && a.relationship != b.relationship)
        || dates(&a.signed_on, &b.signed_on)
        || dates(&a.ended_on, &b.ended_on)
}

fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a != b)
}
