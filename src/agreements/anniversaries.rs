//! Agreements in force that were signed in this month of an earlier year. A date that names no month has no
//! anniversary in any.

use chrono::{Datelike, NaiveDate};
use diesel::QueryResult;
use diesel::sql_types::Text;

use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::db::condition::{Condition, rows};

/// The years that are celebrated, and come first.
const ROUND: [i32; 18] = [
    150, 140, 130, 125, 120, 110, 100, 90, 80, 75, 70, 60, 50, 40, 30, 25, 20, 10,
];

/// An agreement and for how many years it has been signed in this month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anniversary {
    /// The agreement.
    pub agreement: PublicId,
    /// Years since its signature.
    pub years: i32,
}

impl Anniversary {
    /// Whether the number of years is one that is celebrated.
    pub fn is_round(&self) -> bool {
        ROUND.contains(&self.years)
    }
}

/// The anniversaries of the month of this day, at most so many: round ones first, then the oldest first.
///
/// Each round year is a run of an index, and so are all years together: what it costs follows from `most`,
/// not from how many agreements there are.
pub fn of_month(conn: &mut DbConn, today: NaiveDate, most: u32) -> QueryResult<Vec<Anniversary>> {
    let (year, month) = (today.year(), today.month());
    // A range of days (`[…`) lies in no month.
    let in_month = format!(
        "SELECT * FROM (SELECT agreements.public_id, agreements.signed_on FROM agreements \
         WHERE agreements.record_state = 'published' AND agreements.status = 'in_force' \
         AND SUBSTR(agreements.signed_on, 6, 2) = ? AND SUBSTR(agreements.signed_on, 1, 1) <> '[' \
         AND agreements.signed_asc >= ? AND agreements.signed_asc < ? \
         ORDER BY agreements.signed_asc LIMIT {most}) run"
    );
    let run = |from: String, below: String| {
        let month = format!("{month:02}");
        Condition::of(&in_month, [month.into(), from.into(), below.into()])
    };
    let round = ROUND.iter().map(|years| year - years).map(|year| {
        run(
            format!("{year:04}-{month:02}"),
            format!("{year:04}-{:02}", month + 1),
        )
    });
    let all = run("0001".to_owned(), format!("{year:04}"));
    let statement = round.fold(all, |all, run| all.sql(" UNION ALL ").then(run));
    let mut found: Vec<Anniversary> = rows::<(Text, Text), (PublicId, Edtf)>(conn, statement)?
        .into_iter()
        .filter_map(|(agreement, signed_on)| {
            let years = year - signed_on.year()?;
            Some(Anniversary { agreement, years })
        })
        .collect();
    found.sort_by(|a, b| {
        let key = |of: &Anniversary| (!of.is_round(), -of.years);
        (key(a), &a.agreement).cmp(&(key(b), &b.agreement))
    });
    found.dedup();
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}
