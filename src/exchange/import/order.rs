//! The order in which the rows of a file are recorded.

use std::cmp::Reverse;

use crate::core::edtf::Edtf;
use crate::core::vocabulary::Code;
use crate::exchange::links::LinkRow;

/// Days beyond which a date is as good as none.
const LONG: i64 = 4_000_000;

/// A key made of what the row says alone, so that the order of the file makes no difference.
///
/// Of the rows about one tie the one that says most comes first, for it is the one that is recorded:
/// what was signed, when it ended, then the more precise date. The others find what it recorded.
pub(super) fn of(row: &LinkRow, [a, b]: [usize; 2]) -> impl Ord + use<> {
    let text = |date: &Option<Edtf>| date.as_ref().map(|date| date.as_str().to_owned());
    let says_most = (
        row.instrument.is_none(),
        row.instrument.map(Code::code),
        row.ended_on.is_none(),
        vagueness(row.signed_on.as_ref()),
        text(&row.signed_on),
        vagueness(row.ended_on.as_ref()),
        text(&row.ended_on),
    );
    let rest = (
        Reverse(row.relationship_is_given),
        row.relationship.code(),
        row.end_reason.map(Code::code),
        Reverse(row.note.is_some()),
        row.note.clone(),
        row.source_title.clone(),
        row.source_url.clone(),
        a > b,
    );
    ((a.min(b), a.max(b)), says_most, rest, row.line)
}

/// How many days a date may mean.
pub(super) fn vagueness(date: Option<&Edtf>) -> i64 {
    let days = date.and_then(|date| Some((date.latest()? - date.earliest()?).num_days()));
    days.unwrap_or(LONG)
}
