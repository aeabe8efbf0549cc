//! Lists that are read whole, ordered by the names that a page shows, and cut into pages by their numbers.

use serde::Serialize;

use super::page_request::PageRequest;
use crate::core::ids::PublicId;
use crate::html::collation;
use crate::html::lang::Lang;
use crate::http::page::{Page, PageInfo, bad_cursor};
use crate::http::problem::Problem;

/// What a page shows of a list.
#[derive(Debug, Serialize)]
pub struct Part<T> {
    /// What stands on it.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: usize,
    /// The number of the first on it, and of the last.
    pub first: usize,
    /// Where there is none, one less than that of the first.
    pub last: usize,
    /// The numbers that the pages before and behind begin with.
    pub prev: Option<usize>,
    /// Likewise.
    pub next: Option<usize>,
}

impl<T> Part<T> {
    /// So many of a list from a number on; 400 when the list does not go that far.
    pub fn of(list: Vec<T>, first: usize, most: usize) -> Result<Self, Problem> {
        let total = list.len();
        if first > total.max(1) {
            return Err(bad_cursor());
        }
        let before = first.saturating_sub(1);
        let rows: Vec<T> = list.into_iter().skip(before).take(most).collect();
        let last = before + rows.len();
        Ok(Self {
            rows,
            total,
            first,
            last,
            prev: (before > 0).then(|| first.saturating_sub(most).max(1)),
            next: (last < total).then_some(last + 1),
        })
    }
}

impl<T> Part<T> {
    /// As a page of so many at most.
    pub fn page(self, limit: usize) -> Page<T> {
        let cursor = |first: Option<usize>| first.map(|first| first.to_string());
        Page {
            data: self.rows,
            page: PageInfo {
                limit: u32::try_from(limit).unwrap_or(u32::MAX),
                next: cursor(self.next),
                prev: cursor(self.prev),
            },
            total: i64::try_from(self.total).ok(),
        }
    }

    /// The same part of a list with something else on it.
    pub fn with<U>(self, rows: Vec<U>) -> Part<U> {
        Part {
            rows,
            total: self.total,
            first: self.first,
            last: self.last,
            prev: self.prev,
            next: self.next,
        }
    }
}

/// The number of the first that a page is to show; 400 when it is none.
pub fn first(ask: &PageRequest) -> Result<usize, Problem> {
    ask.parameter("cursor").map_or(Ok(1), number)
}

fn number(text: &str) -> Result<usize, Problem> {
    text.parse()
        .ok()
        .filter(|first| *first > 0)
        .ok_or_else(bad_cursor)
}

/// Orders a list by the names that readers of this language see; what is called alike stands by its id.
pub fn by_name<T>(lang: Lang, list: &mut [T], of: impl Fn(&T) -> (&str, &PublicId)) {
    list.sort_by_cached_key(|one| {
        let (name, id) = of(one);
        (collation::key(lang, name), id.clone())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_none_lies_beyond_the_end() {
        let part = |first| Part::of((1..=7).collect(), first, 3).ok();
        let told = |first| part(first).map(|part| (part.rows, part.last, part.prev, part.next));
        assert_eq!(told(1), Some((vec![1, 2, 3], 3, None, Some(4))));
        assert_eq!(told(4), Some((vec![4, 5, 6], 6, Some(1), Some(7))));
        assert_eq!(told(7), Some((vec![7], 7, Some(4), None)));
        assert_eq!(told(3), Some((vec![3, 4, 5], 5, Some(1), Some(6))));
        assert!(part(8).is_none());
        let none = Part::of(Vec::<u8>::new(), 1, 3).unwrap();
        assert_eq!(
            (none.total, none.last, none.prev, none.next),
            (0, 0, None, None)
        );
        assert!(number("0").is_err() && number("x").is_err() && number("-1").is_err());
        assert_eq!(number("25").ok(), Some(25));
    }
}
