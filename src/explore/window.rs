//! Pages of rows that are computed and not stored: the cursors of every list, over memory.

use std::cmp::Ordering;

use crate::db::keyset::Position;
use crate::http::extract::ListParams;
use crate::http::page::{Cursor, Slice, bad_cursor, slice};
use crate::http::problem::Problem;

/// The order of a list: for each of its keys, whether it descends.
#[derive(Debug, Clone)]
pub(super) struct Directions(pub(super) Vec<bool>);

impl Directions {
    /// Which of two rows comes first; their ids decide last, in the direction of the last key.
    fn compare(&self, a: &Position, b: &Position) -> Ordering {
        let turned = |order: Ordering, descending: bool| {
            if descending { order.reverse() } else { order }
        };
        let last = self.0.last().copied().unwrap_or(false);
        a.values
            .iter()
            .zip(&b.values)
            .zip(&self.0)
            .map(|((a, b), descending)| turned(a.cmp(b), *descending))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| turned(a.id.cmp(&b.id), last))
    }
}

/// The page of these rows that is asked for, and how many there are when that is asked for too.
pub(super) fn window<R>(
    rows: Vec<R>,
    directions: &Directions,
    params: &ListParams,
    fingerprint: &str,
    position: impl Fn(&R) -> Position,
) -> Result<(Slice<R>, Option<i64>), Problem> {
    let cursor = Cursor::decode(params.cursor.as_deref(), fingerprint)?;
    if cursor
        .as_ref()
        .is_some_and(|c| c.position.values.len() != directions.0.len())
    {
        return Err(bad_cursor());
    }
    let total = params
        .counts()
        .then(|| i64::try_from(rows.len()).unwrap_or(i64::MAX));
    let mut rows: Vec<(Position, R)> = rows.into_iter().map(|row| (position(&row), row)).collect();
    rows.sort_by(|(a, _), (b, _)| directions.compare(a, b));
    if let Some(cursor) = &cursor {
        let wanted = if cursor.backwards {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        rows.retain(|(place, _)| directions.compare(place, &cursor.position) == wanted);
        if cursor.backwards {
            rows.reverse();
        }
    }
    // One more than the page holds tells whether there is another.
    rows.truncate(
        usize::try_from(params.limit())
            .unwrap_or(usize::MAX)
            .saturating_add(1),
    );
    let cut = slice(
        rows,
        params.limit(),
        fingerprint,
        cursor.as_ref(),
        |(place, _)| place.clone(),
    );
    let rows = cut.rows.into_iter().map(|(_, row)| row).collect();
    Ok((
        Slice {
            rows,
            page: cut.page,
        },
        total,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (&'static str, &'static str);

    fn page(directions: &[bool], cursor: Option<String>) -> (Vec<&'static str>, Slice<Row>) {
        let rows = vec![("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("b", "5")];
        let params = ListParams {
            limit: Some(2),
            cursor,
            count: Some(true),
            ..ListParams::default()
        };
        let directions = Directions(directions.to_vec());
        let (found, total) = window(rows, &directions, &params, "q", |(value, id)| Position {
            values: vec![(*value).to_owned()],
            id: (*id).to_owned(),
        })
        .unwrap();
        assert_eq!(total, Some(5));
        (found.rows.iter().map(|(_, id)| *id).collect(), found)
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
        let none = Directions(Vec::new());
        let refused = window(vec!["a"], &none, &params, "q", |row| Position {
            values: Vec::new(),
            id: (*row).to_owned(),
        });
        assert!(refused.is_err());
    }
}
