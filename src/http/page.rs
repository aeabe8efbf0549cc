//! Pages of lists: the envelope, cursors and `Link` headers (RFC 8288).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;
use crate::core::digest::sha256;
use crate::db::keyset::{Order, Position, Sorting};

/// Where the page stands among the others.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PageInfo {
    /// Most records on a page of this query.
    #[schema(example = 50)]
    pub limit: u32,
    /// The value to send as `cursor=` for the next page, null on the last.
    pub next: Option<String>,
    /// The value to send as `cursor=` for the page before, null on the first.
    pub prev: Option<String>,
}

/// A page of records.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The records.
    pub data: Vec<T>,
    /// Where to go on.
    pub page: PageInfo,
    /// How many records match in all, when `count=true` asked for it.
    #[schema(minimum = 0)]
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// The page of what these rows are shown as.
    pub fn shown<V, E>(self, show: impl FnOnce(Vec<T>) -> Result<Vec<V>, E>) -> Result<Page<V>, E> {
        Ok(Page {
            data: show(self.data)?,
            page: self.page,
            total: self.total,
        })
    }

    /// The page of what each of these rows is shown as.
    pub fn map<V>(self, show: impl FnMut(T) -> V) -> Page<V> {
        Page {
            data: self.data.into_iter().map(show).collect(),
            page: self.page,
            total: self.total,
        }
    }
}

/// Where a page starts and which way it reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "q")]
    query: String,
    #[serde(rename = "p")]
    /// The row the page lies behind, or before.
    pub position: Position,
    #[serde(rename = "b", default)]
    /// Whether the page lies before the position.
    pub backwards: bool,
}

impl Cursor {
    /// A cursor bound to the query of this fingerprint.
    pub fn new(fingerprint: &str, position: Position, backwards: bool) -> Self {
        Self {
            query: digest(fingerprint),
            position,
            backwards,
        }
    }

    /// The text callers send back. Opaque: its form may change at any time.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a caller's cursor; 400 when it was not given for this query.
    pub fn decode(text: Option<&str>, fingerprint: &str) -> Result<Option<Self>, Problem> {
        let Some(text) = text else { return Ok(None) };
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok())
            .filter(|cursor| cursor.query == digest(fingerprint))
            .filter(|cursor| is_plain(&cursor.position))
            .map(Some)
            .ok_or_else(bad_cursor)
    }
}

/// Whether a row could stand there: no text that is kept has control characters, but for the one that
/// separates the parts of a sort key; one engine can't even be asked for NUL.
fn is_plain(position: &Position) -> bool {
    let plain = |text: &String| !text.contains(|c: char| c.is_control() && c != '\u{1}');
    position.values.iter().all(plain) && plain(&position.id)
}

/// 400 for a cursor of another query, or of none.
pub fn bad_cursor() -> Problem {
    let message = "must be page.next or page.prev of an answer to the same query";
    Problem::malformed("the cursor was not given for this query; start again without it").parameter(
        "cursor",
        "bad_cursor",
        message,
    )
}

fn digest(text: &str) -> String {
    // Twelve characters tell two queries of one caller apart.
    sha256(text.as_bytes()).chars().take(12).collect()
}

/// The order a list is asked for; 400 names the keys it can be sorted by.
pub fn order(sorting: &Sorting, sort: Option<&str>) -> Result<Order, Problem> {
    sorting.parse(sort).map_err(|part| {
        let allowed: Vec<&str> = sorting.keys.iter().map(|key| key.name).collect();
        let allowed = allowed.join(", ");
        let message = format!("allowed are {allowed}, each once, with - in front for descending");
        Problem::malformed(format!("can't sort by \"{part}\"")).parameter(
            "sort",
            "unknown_sort_key",
            message,
        )
    })
}

/// Cuts a page out of `rows`, which hold one row more than `limit` when there are more, and which
/// run backwards when the cursor does. It does not say how many there are in all.
pub fn slice<R>(
    mut rows: Vec<R>,
    limit: u32,
    fingerprint: &str,
    cursor: Option<&Cursor>,
    position: impl Fn(&R) -> Position,
) -> Page<R> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let backwards = cursor.is_some_and(|cursor| cursor.backwards);
    if backwards {
        rows.reverse();
    }
    let (has_next, has_prev) = match (cursor, backwards) {
        (None, _) => (more, false),
        (Some(_), false) => (more, !rows.is_empty()),
        (Some(_), true) => (!rows.is_empty(), more),
    };
    let at = |row: Option<&R>, backwards: bool| {
        row.map(|row| Cursor::new(fingerprint, position(row), backwards).encode())
    };
    let next = has_next.then(|| at(rows.last(), false)).flatten();
    let prev = has_prev.then(|| at(rows.first(), true)).flatten();
    Page {
        page: PageInfo { limit, next, prev },
        data: rows,
        total: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "rows are handed over by reference"
    )]
    fn position(n: &u32) -> Position {
        Position {
            values: vec![n.to_string()],
            id: n.to_string(),
        }
    }

    #[test]
    fn a_cursor_fits_its_query_and_no_other() {
        let cursor = Cursor::new("/a?x=1", position(&7), false);
        assert_eq!(
            Cursor::decode(Some(&cursor.encode()), "/a?x=1").unwrap(),
            Some(cursor.clone())
        );
        assert!(Cursor::decode(Some(&cursor.encode()), "/a?x=2").is_err());
        assert!(Cursor::decode(Some("!"), "/a?x=1").is_err());
        for wrong in ["a\0", "a\nb", "\u{7f}", "\u{85}"] {
            for (value, id) in [(wrong, "x"), ("x", wrong)] {
                let position = Position {
                    values: vec![value.to_owned()],
                    id: id.to_owned(),
                };
                let forged = Cursor::new("/a", position, false).encode();
                assert!(Cursor::decode(Some(&forged), "/a").is_err(), "{wrong:?}");
            }
        }
    }

    #[test]
    fn the_first_page_has_no_page_before_it_and_the_last_none_behind() {
        let first = slice(vec![1, 2, 3], 2, "q", None, position);
        assert_eq!(
            (first.data.as_slice(), first.page.prev.is_none()),
            ([1, 2].as_slice(), true)
        );
        let behind = Cursor::decode(first.page.next.as_deref(), "q")
            .unwrap()
            .unwrap();
        let last = slice(vec![3], 2, "q", Some(&behind), position);
        assert!(last.page.next.is_none() && last.page.prev.is_some());
        let before = Cursor::decode(last.page.prev.as_deref(), "q")
            .unwrap()
            .unwrap();
        let back = slice(vec![2, 1], 2, "q", Some(&before), position);
        assert_eq!(
            (back.data.as_slice(), back.page.prev),
            ([1, 2].as_slice(), None)
        );
    }
}
