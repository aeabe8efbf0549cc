//! Pages of lists that are put together in memory: the cursors of every list.

use std::borrow::Borrow;
use std::cmp::Ordering;

use super::one_order;
use crate::db::keyset::Position;
use crate::http::extract::{ListParams, ListQuery};
use crate::http::page::{Cursor, Page, bad_cursor, slice};
use crate::http::problem::Problem;
use crate::index::Hit;

/// A page of rows that stand in their order. `place` finds a cursor's position among them: how many rows
/// stand before it, and how many before the first behind it.
fn page<R>(
    mut all: Vec<R>,
    params: &ListParams,
    fingerprint: &str,
    place: impl FnOnce(&[R], &Position) -> Option<(usize, usize)>,
    position: impl Fn(&R) -> Position,
) -> Result<Page<R>, Problem> {
    let total = params
        .counts()
        .then(|| i64::try_from(all.len()).unwrap_or(i64::MAX));
    let cursor = Cursor::decode(params.cursor.as_deref(), fingerprint)?;
    if let Some(cursor) = &cursor {
        let (before, behind) = place(&all, &cursor.position).ok_or_else(bad_cursor)?;
        if cursor.backwards {
            all.truncate(before);
            all.reverse();
        } else {
            all.drain(..behind);
        }
    }
    // One more than the page holds tells whether there is another.
    let wanted = usize::try_from(params.limit()).unwrap_or(usize::MAX);
    all.truncate(wanted.saturating_add(1));
    let page = slice(all, params.limit(), fingerprint, cursor.as_ref(), position);
    Ok(Page { total, ..page })
}

/// A page of a list in the order of `all`; `id` names a row in a cursor. 400 when `sort=` asks for another
/// order.
pub fn page_of<R, F>(
    all: Vec<R>,
    query: &ListQuery<F>,
    id: impl Fn(&R) -> String,
) -> Result<Page<R>, Problem> {
    if query.params.sort.is_some() {
        return Err(one_order("this list has one order"));
    }
    let place = |all: &[R], sought: &Position| around(all, &id, &sought.id);
    page(all, &query.params, &query.fingerprint, place, |row| {
        Position {
            values: Vec::new(),
            id: id(row),
        }
    })
}

/// How many rows stand before the one of a cursor, and with it. One that has left the list since, such
/// as a suggestion that was accepted, still has its place when rows are named by rising numbers.
fn around<R>(all: &[R], id: impl Fn(&R) -> String, sought: &str) -> Option<(usize, usize)> {
    if let Some(at) = all.iter().position(|row| id(row) == sought) {
        return Some((at, at + 1));
    }
    let sought: i64 = sought.parse().ok()?;
    let keys: Option<Vec<i64>> = all.iter().map(|row| id(row).parse().ok()).collect();
    let at = keys?.partition_point(|key| *key < sought);
    Some((at, at))
}

/// Where a cursor stands among hits: how many stand before it, and how many with it.
fn place_of_hit(all: &[impl Borrow<Hit>], cursor: &Position) -> Option<(usize, usize)> {
    let (rank, record) = (cursor.values.first()?, cursor.id.as_str());
    let compare = |hit: &Hit| {
        let by_rank = hit.rank.to_string().cmp(rank);
        by_rank.then_with(|| (*hit.record).cmp(record))
    };
    Some((
        all.partition_point(|hit| compare(hit.borrow()).is_lt()),
        all.partition_point(|hit| compare(hit.borrow()).is_le()),
    ))
}

/// The hits on the side of a cursor that its page lies on, and whether that is before it.
pub(super) fn beside<'h>(
    hits: &'h [Hit],
    cursor: Option<&Cursor>,
) -> Result<(&'h [Hit], bool), Problem> {
    let Some(cursor) = cursor else {
        return Ok((hits, false));
    };
    let (before, behind) = place_of_hit(hits, &cursor.position).ok_or_else(bad_cursor)?;
    let side = if cursor.backwards {
        hits.get(..before)
    } else {
        hits.get(behind..)
    };
    Ok((side.unwrap_or_default(), cursor.backwards))
}

/// A page of what the index found, which stands best first.
pub fn page_of_hits<'h>(
    hits: Vec<&'h Hit>,
    params: &ListParams,
    fingerprint: &str,
) -> Result<Page<&'h Hit>, Problem> {
    page(hits, params, fingerprint, place_of_hit, |hit| Position {
        values: vec![hit.rank.to_string()],
        id: hit.record.to_string(),
    })
}

/// A page of rows in the order of their positions, whose values descend where `descending` says so.
pub fn page_sorted<R>(
    rows: Vec<R>,
    descending: &[bool],
    params: &ListParams,
    fingerprint: &str,
    position: impl Fn(&R) -> Position,
) -> Result<Page<R>, Problem> {
    let compare = |a: &Position, b: &Position| compare(a, b, descending);
    let mut rows: Vec<(Position, R)> = rows.into_iter().map(|row| (position(&row), row)).collect();
    rows.sort_by(|(a, _), (b, _)| compare(a, b));
    let place = |all: &[(Position, R)], at: &Position| {
        (at.values.len() == descending.len()).then(|| {
            (
                all.partition_point(|(row, _)| compare(row, at).is_lt()),
                all.partition_point(|(row, _)| compare(row, at).is_le()),
            )
        })
    };
    let page = page(rows, params, fingerprint, place, |(at, _)| at.clone())?;
    Ok(page.map(|(_, row)| row))
}

/// Which of two rows comes first; their ids decide last, in the direction of the last key.
fn compare(a: &Position, b: &Position, descending: &[bool]) -> Ordering {
    let turned = |order: Ordering, descending: bool| {
        if descending { order.reverse() } else { order }
    };
    let last = descending.last().copied().unwrap_or(false);
    let values = a.values.iter().zip(&b.values).zip(descending);
    values
        .map(|((a, b), descending)| turned(a.cmp(b), *descending))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| turned(a.id.cmp(&b.id), last))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (&'static str, &'static str);

    fn page(directions: &[bool], cursor: Option<String>) -> (Vec<&'static str>, Page<Row>) {
        let rows = vec![("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("b", "5")];
        let params = ListParams {
            limit: Some(2),
            cursor,
            count: Some(true),
            ..ListParams::default()
        };
        let found = page_sorted(rows, directions, &params, "q", |(value, id)| Position {
            values: vec![(*value).to_owned()],
            id: (*id).to_owned(),
        })
        .unwrap();
        assert_eq!(found.total, Some(5));
        (found.data.iter().map(|(_, id)| *id).collect(), found)
    }

    #[test]
    fn pages_follow_each_other_there_and_back() {
        let (ids, first) = page(&[false], None);
        assert_eq!((ids, first.page.prev.is_none()), (vec!["1", "3"], true));
        let (ids, second) = page(&[false], first.page.next);
        assert_eq!(ids, ["2", "5"]);
        let (ids, last) = page(&[false], second.page.next);
        assert_eq!((ids, last.page.next.is_none()), (vec!["4"], true));
        let (ids, back) = page(&[false], last.page.prev);
        assert_eq!(ids, ["2", "5"]);
        let (ids, start) = page(&[false], back.page.prev);
        assert_eq!((ids, start.page.prev.is_none()), (vec!["1", "3"], true));
    }

    #[test]
    fn a_descending_key_turns_the_ids_too() {
        assert_eq!(page(&[true], None).0, ["4", "5"]);
    }

    #[test]
    fn a_cursor_of_another_order_is_refused() {
        let (_, first) = page(&[false], None);
        let params = ListParams {
            cursor: first.page.next,
            ..ListParams::default()
        };
        let refused = page_sorted(vec!["a"], &[], &params, "q", |row| Position {
            values: Vec::new(),
            id: (*row).to_owned(),
        });
        assert!(refused.is_err());
    }
}
