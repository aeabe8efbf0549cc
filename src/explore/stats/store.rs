//! The statement that counts.

use std::cmp::Reverse;

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryResult, QueryableByName};

use super::types::{AgreementStats, Count, DecadeCount, KindStats, PartnerStats, Stats, Totals};
use crate::core::country::Country;
use crate::core::vocabulary::Code;
use crate::core::vocabulary::activity::ActivityKind;
use crate::core::vocabulary::agreement::{InstrumentType, RelationshipType};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::network::NetworkKind;
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::DbConn;
use crate::db::condition::{Condition, query};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    dimension: String,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Which records are counted.
struct Scope<'a> {
    countries: Option<&'a [Country]>,
    day: Option<NaiveDate>,
}

impl Scope<'_> {
    /// ` FROM … WHERE …` of published rows; `there` says how a row is tied to partners in the
    /// countries asked for, as the beginning of a condition that a list of countries ends.
    fn published(&self, from: &str, alias: &str, there: &str) -> Condition {
        let rows = Condition::new(format!(
            " FROM {from} WHERE {alias}.record_state = 'published'"
        ));
        match self.countries {
            None => rows,
            Some(countries) => {
                let closing = ")".repeat(there.matches('(').count());
                rows.sql(format!(" AND {there}"))
                    .texts(countries)
                    .sql(closing)
            }
        }
    }

    fn partners(&self) -> Condition {
        self.published("partners p", "p", "p.country IN ")
    }

    fn through(&self, from: &str, alias: &str, link: &str, column: &str) -> Condition {
        let there = format!(
            "{alias}.id IN (SELECT k.{column} FROM {link} k JOIN partners q ON q.id = k.partner_id \
             WHERE q.country IN "
        );
        self.published(from, alias, &there)
    }

    fn agreements(&self, join: &str) -> Condition {
        let there = "a.id IN (SELECT k.agreement_id FROM agreement_listing k WHERE k.country IN ";
        let rows = self.published(&format!("agreements a{join}"), "a", there);
        match self.day {
            None => rows,
            Some(day) => rows
                .sql(
                    " AND a.id IN (SELECT s.agreement_id FROM status_periods s WHERE s.from_on <= ",
                )
                .day(day)
                .sql(" AND s.to_on > ")
                .day(day)
                .sql(")"),
        }
    }

    /// Agreements by status: the stored one is today's, another day's is in the periods.
    fn statuses(&self) -> Condition {
        match self.day {
            None => grouped("status", "a.status", self.agreements("")),
            Some(day) => {
                let rows = self
                    .agreements(" JOIN status_periods t ON t.agreement_id = a.id")
                    .sql(" AND t.from_on <= ")
                    .day(day)
                    .sql(" AND t.to_on > ")
                    .day(day);
                grouped("status", "t.status", rows)
            }
        }
    }

    fn statement(&self) -> Condition {
        // The first three digits of the year: the two engines agree on how a day is written.
        let decade = "SUBSTR(CAST(a.signed_earliest AS TEXT), 1, 3)";
        let listed = " JOIN agreement_listing l ON l.agreement_id = a.id";
        let networks = self.through("networks n", "n", "memberships", "network_id");
        let activities = self.through("activities v", "v", "activity_participants", "activity_id");
        let memberships = self.through("memberships m", "m", "memberships", "id");
        let mut branches = vec![
            grouped("partner_country", "p.country", self.partners()),
            grouped("partner_kind", "p.kind", self.partners()),
            grouped("agreement_country", "l.country", self.agreements(listed)),
            self.statuses(),
            grouped("relationship", "a.relationship", self.agreements("")),
            grouped("instrument", "a.instrument", self.agreements("")),
            grouped("decade", decade, self.agreements("")),
            grouped("network_kind", "n.kind", networks),
            grouped("activity_kind", "v.kind", activities),
            grouped("memberships", "m.record_state", memberships),
        ];
        if self.countries.is_none() {
            let sources = self.published("sources s", "s", "");
            branches.push(grouped("sources", "s.record_state", sources));
        }
        let mut statement = Condition::default();
        for (index, branch) in branches.into_iter().enumerate() {
            statement = statement
                .sql(if index == 0 { "" } else { " UNION ALL " })
                .then(branch);
        }
        statement
    }
}

fn grouped(dimension: &str, code: &str, rows: Condition) -> Condition {
    Condition::new(format!(
        "SELECT '{dimension}' AS dimension, {code} AS code, COUNT(*) AS n"
    ))
    .then(rows)
    .sql(format!(" GROUP BY {code}"))
}

/// Counts what is published, of these countries and with the statuses of this day.
pub(super) fn count(
    conn: &mut DbConn,
    countries: Option<Vec<Country>>,
    day: Option<NaiveDate>,
) -> QueryResult<Stats> {
    let scope = Scope {
        countries: countries.as_deref(),
        day,
    };
    let counted = Counted(query(conn, scope.statement())?);
    let (by_decade, decade_unknown) = counted.decades();
    Ok(Stats {
        as_of: day,
        totals: Totals {
            partners: counted.total("partner_kind"),
            agreements: counted.total("status"),
            networks: counted.total("network_kind"),
            memberships: counted.total("memberships"),
            activities: counted.total("activity_kind"),
            sources: countries.is_none().then(|| counted.total("sources")),
        },
        partners: PartnerStats {
            by_country: counted.countries("partner_country"),
            by_kind: counted.codes::<PartnerKind>("partner_kind"),
        },
        agreements: AgreementStats {
            by_country: counted.countries("agreement_country"),
            by_status: counted.codes::<LegalStatus>("status"),
            by_relationship: counted.codes::<RelationshipType>("relationship"),
            by_instrument: counted.codes::<InstrumentType>("instrument"),
            by_decade,
            decade_unknown,
        },
        networks: KindStats {
            by_kind: counted.codes::<NetworkKind>("network_kind"),
        },
        activities: KindStats {
            by_kind: counted.codes::<ActivityKind>("activity_kind"),
        },
        countries,
    })
}

/// The rows of the statement.
struct Counted(Vec<Row>);

impl Counted {
    fn of<'a>(&'a self, dimension: &'a str) -> impl Iterator<Item = &'a Row> {
        self.0.iter().filter(move |row| row.dimension == dimension)
    }

    fn total(&self, dimension: &str) -> i64 {
        self.of(dimension).map(|row| row.n).sum()
    }

    /// The most first, then by code.
    fn countries(&self, dimension: &str) -> Vec<Count> {
        let mut all: Vec<Count> = self
            .of(dimension)
            .filter_map(|row| {
                Some(Count {
                    code: row.code.clone()?,
                    count: row.n,
                })
            })
            .collect();
        all.sort_by(|a, b| (Reverse(a.count), &a.code).cmp(&(Reverse(b.count), &b.code)));
        all
    }

    /// In the order of the vocabulary.
    fn codes<C: Code>(&self, dimension: &str) -> Vec<Count> {
        C::all()
            .iter()
            .filter_map(|code| {
                let code = code.code();
                let row = self
                    .of(dimension)
                    .find(|row| row.code.as_deref() == Some(code))?;
                Some(Count {
                    code: code.to_owned(),
                    count: row.n,
                })
            })
            .collect()
    }

    /// The oldest first, and how many have none.
    fn decades(&self) -> (Vec<DecadeCount>, i64) {
        let (mut known, mut unknown) = (Vec::new(), 0);
        for row in self.of("decade") {
            match row
                .code
                .as_deref()
                .and_then(|code| code.parse::<i32>().ok())
            {
                Some(decade) => known.push(DecadeCount {
                    decade: decade * 10,
                    count: row.n,
                }),
                None => unknown += row.n,
            }
        }
        known.sort_by_key(|count| count.decade);
        (known, unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(rows: &[(&str, Option<&str>, i64)]) -> Counted {
        Counted(
            rows.iter()
                .map(|(dimension, code, n)| Row {
                    dimension: (*dimension).to_owned(),
                    code: code.map(str::to_owned),
                    n: *n,
                })
                .collect(),
        )
    }

    #[test]
    fn decades_are_in_order_and_what_has_none_is_told_apart() {
        let rows = [
            ("decade", Some("201"), 2),
            ("decade", None, 3),
            ("decade", Some("199"), 5),
        ];
        let (known, unknown) = counted(&rows).decades();
        let known: Vec<(i32, i64)> = known.iter().map(|c| (c.decade, c.count)).collect();
        assert_eq!((known, unknown), (vec![(1990, 5), (2010, 2)], 3));
    }

    #[test]
    fn countries_come_by_number_and_codes_as_the_vocabulary_lists_them() {
        let all = counted(&[
            ("c", Some("BY"), 1),
            ("c", Some("PL"), 7),
            ("c", Some("AZ"), 1),
            ("status", Some("terminated"), 9),
            ("status", Some("in_force"), 1),
        ]);
        let codes = |counts: Vec<Count>| counts.into_iter().map(|c| c.code).collect::<Vec<_>>();
        assert_eq!(codes(all.countries("c")), ["PL", "AZ", "BY"]);
        assert_eq!(
            codes(all.codes::<LegalStatus>("status")),
            ["in_force", "terminated"]
        );
        assert_eq!(all.total("status"), 10);
    }
}
