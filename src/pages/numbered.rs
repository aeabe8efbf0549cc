//! Pages of lists by their numbers: of those that stand in memory as a whole, and how all say where they stand.

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

    /// As many of a list from a number on as weigh so much at most, where what stands in front of the first of all
    /// weighs `before`; 400 when the list does not go that far.
    pub fn of_weight(
        list: Vec<T>,
        first: usize,
        most: usize,
        before: usize,
        weight: impl Fn(&T) -> usize,
    ) -> Result<Self, Problem> {
        let begins = begins(&list, most, before, weight);
        let upto = begins.partition_point(|begin| *begin <= first);
        let (at, next) = (upto.saturating_sub(1), begins.get(upto).copied());
        // Who asks for a number within a page sees that page.
        let begin = begins.get(at).copied().unwrap_or(1);
        let total = list.len();
        if first > total.max(1) {
            return Err(bad_cursor());
        }
        let last = next.map_or(total, |next| next - 1);
        let rows = list.into_iter().skip(begin - 1).take(last + 1 - begin);
        Ok(Self {
            rows: rows.collect(),
            total,
            first: begin,
            last,
            prev: at.checked_sub(1).and_then(|at| begins.get(at)).copied(),
            next,
        })
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

/// The numbers that pages begin with which weigh so much at most, each with one at least.
fn begins<T>(list: &[T], most: usize, before: usize, weight: impl Fn(&T) -> usize) -> Vec<usize> {
    let (mut all, mut sum) = (vec![1], before);
    for (at, one) in list.iter().enumerate() {
        let weighs = weight(one);
        if sum + weighs > most && at > 0 {
            all.push(at + 1);
            sum = 0;
        }
        sum += weighs;
    }
    all
}

/// Where a page stands in its list, and the ways to the others: what each is asked for by.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pages {
    /// The numbers of the first and the last on it, where they are known.
    from: Option<usize>,
    to: usize,
    /// How many there are in all, where that is known.
    pub total: Option<i64>,
    /// Whether others stand before these.
    behind: bool,
    prev: Option<String>,
    next: Option<String>,
    /// That of the last page, where it can be asked for.
    last: Option<String>,
}

impl Pages {
    /// Of a list of which each page begins with a number.
    pub fn of_part<T>(part: &Part<T>, most: usize) -> Self {
        let at = |first: usize| format!("cursor={first}");
        let last = part.total.saturating_sub(1) / most * most + 1;
        Self {
            from: Some(part.first),
            to: part.last,
            total: i64::try_from(part.total).ok(),
            behind: part.first > 1,
            prev: part.prev.map(at),
            next: part.next.map(at),
            last: (part.last < part.total).then(|| at(last)),
        }
    }

    /// Of a list that is read from a record on, which has this page. The addresses say which number that has.
    pub fn of_page<T>(ask: &PageRequest, page: &Page<T>) -> Self {
        // No list is longer than that: what is made up can be written as a number all the same.
        let from = ask.parameter("from");
        let first = from.and_then(|from| from.parse::<u32>().ok());
        let first = ask.parameter("cursor").map_or(Some(1), |_| first);
        let first = first.and_then(|first| usize::try_from(first).ok());
        Self::from_number(first, page.data.len(), &page.page, page.total)
    }

    /// Of a page of so many records, the first of which has this number.
    pub fn from_number(
        first: Option<usize>,
        shown: usize,
        page: &PageInfo,
        total: Option<i64>,
    ) -> Self {
        let most = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let last = |first: usize| first.saturating_add(shown) - 1;
        // Who makes up a number, or comes back to a list that has changed, is told none that can't be.
        let fits = |first: &usize| {
            let total = total.and_then(|total| usize::try_from(total).ok());
            *first > 0 && total.is_none_or(|total| last(*first) <= total)
        };
        let first = first.filter(|_| shown > 0).filter(fits);
        let at = |cursor: &String, first: Option<usize>| match first {
            Some(first) => format!("cursor={cursor}&from={first}"),
            None => format!("cursor={cursor}"),
        };
        let before = first.map(|first| first.saturating_sub(most).max(1));
        Self {
            from: first,
            to: first.map_or(0, last),
            total,
            behind: page.prev.is_some(),
            prev: page.prev.as_ref().map(|cursor| at(cursor, before)),
            next: page
                .next
                .as_ref()
                .map(|cursor| at(cursor, first.map(|first| last(first) + 1))),
            last: None,
        }
    }
}

/// The number of the first that a page is to show; 400 when it is none.
pub fn first(ask: &PageRequest) -> Result<usize, Problem> {
    ask.parameter("cursor").map_or(Ok(1), number)
}

fn number(text: &str) -> Result<usize, Problem> {
    let first = text.parse().ok().filter(|first| *first > 0);
    first.ok_or_else(bad_cursor)
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
    fn pages_say_where_they_stand_and_lead_to_the_others() {
        let part = Part::of((1..=7).collect::<Vec<u8>>(), 4, 3).unwrap();
        let pages = Pages::of_part(&part, 3);
        assert_eq!((pages.from, pages.to, pages.total), (Some(4), 6, Some(7)));
        assert!(pages.behind);
        let links = [&pages.prev, &pages.next, &pages.last];
        let links = links.map(|link| link.as_deref().unwrap());
        assert_eq!(links, ["cursor=1", "cursor=7", "cursor=7"]);
        let part = Part::of((1..=6).collect::<Vec<u8>>(), 4, 3).unwrap();
        let pages = Pages::of_part(&part, 3);
        assert_eq!((pages.next, pages.last), (None, None));
        let page = PageInfo {
            limit: 3,
            next: Some("n".to_owned()),
            prev: Some("p".to_owned()),
        };
        for (first, total, told, prev, next) in [
            (
                Some(4),
                Some(9),
                Some(4),
                "cursor=p&from=1",
                "cursor=n&from=7",
            ),
            (Some(2), None, Some(2), "cursor=p&from=1", "cursor=n&from=5"),
            (Some(8), Some(9), None, "cursor=p", "cursor=n"),
            (Some(0), None, None, "cursor=p", "cursor=n"),
            (Some(usize::MAX), Some(9), None, "cursor=p", "cursor=n"),
            (None, Some(9), None, "cursor=p", "cursor=n"),
        ] {
            let pages = Pages::from_number(first, 3, &page, total);
            assert_eq!(pages.from, told);
            assert_eq!(
                (pages.prev.as_deref(), pages.next.as_deref()),
                (Some(prev), Some(next))
            );
        }
    }

    #[test]
    fn pages_of_a_weight_follow_each_other() {
        let list = || vec![3, 3, 3, 9, 1, 1];
        let part = |first| Part::of_weight(list(), first, 6, 2, |weight| *weight).ok();
        let told = |first| part(first).map(|part| (part.rows, part.first, part.prev, part.next));
        assert_eq!(told(1), Some((vec![3], 1, None, Some(2))));
        assert_eq!(told(2), Some((vec![3, 3], 2, Some(1), Some(4))));
        assert_eq!(told(3), told(2));
        assert_eq!(told(4), Some((vec![9], 4, Some(2), Some(5))));
        assert_eq!(told(6), Some((vec![1, 1], 5, Some(4), None)));
        assert_eq!(told(7), None);
        let none = Part::of_weight(Vec::<usize>::new(), 1, 6, 2, |weight| *weight).unwrap();
        assert_eq!(
            (none.total, none.first, none.last, none.next),
            (0, 1, 0, None)
        );
    }

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
