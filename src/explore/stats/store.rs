//! The statement that counts: each record is looked at once, in an index that has what it is counted by.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryResult, QueryableByName};

use super::types::{AgreementStats, Count, DecadeCount, KindStats, PartnerStats, Stats, Totals};
use crate::agreements::presence;
use crate::core::country::Country;
use crate::core::vocabulary::Code;
use crate::core::vocabulary::activity::ActivityKind;
use crate::core::vocabulary::agreement::{InstrumentType, RelationshipType};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::network::NetworkKind;
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::DbConn;
use crate::db::condition::{Condition, published, query};

/// How many records there are of one combination of codes.
#[derive(QueryableByName)]
struct Group {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = Nullable<Text>)]
    first: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    second: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    third: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    fourth: Option<String>,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many records there are of one code of one dimension.
pub(super) struct Row {
    pub(super) dimension: &'static str,
    pub(super) code: Option<String>,
    pub(super) n: i64,
}

/// What the codes of a group are, by what is counted.
const DIMENSIONS: &[(&str, &[&str])] = &[
    ("partners", &["partner_country", "partner_kind"]),
    ("listing", &["agreement_country"]),
    (
        "agreements",
        &["status", "relationship", "instrument", "decade"],
    ),
    ("networks", &["network_kind"]),
    ("activities", &["activity_kind"]),
    ("memberships", &["memberships"]),
    ("sources", &["sources"]),
];

/// The groups along each of their dimensions.
fn along(groups: Vec<Group>) -> Vec<Row> {
    let mut rows = Vec::new();
    for group in groups {
        let names = DIMENSIONS.iter().find(|(what, _)| *what == group.what);
        let names = names.map(|(_, names)| *names).unwrap_or_default();
        let codes = [group.first, group.second, group.third, group.fourth];
        for (dimension, code) in names.iter().copied().zip(codes) {
            let n = group.n;
            rows.push(Row { dimension, code, n });
        }
    }
    rows
}

/// Which records are counted.
struct Scope<'a> {
    countries: Option<&'a [Country]>,
    day: Option<NaiveDate>,
    /// By agreement (internal key) the countries it is listed with that were not there on the day.
    absent: HashSet<(i64, Country)>,
}

impl Scope<'_> {
    /// ` FROM … WHERE …` of published rows; `there` says how a row is tied to partners in the
    /// countries asked for, as the beginning of a condition that a list of countries ends. That leads
    /// to the rows, else all published ones are counted.
    fn published(&self, from: &str, alias: &str, there: &str) -> Condition {
        match self.countries {
            None => Condition::new(format!(
                " FROM {from} WHERE {alias}.record_state = 'published'"
            )),
            Some(countries) => {
                let opened = there.matches('(').count() - there.matches(')').count();
                Condition::new(format!(
                    " FROM {from} WHERE {} AND {there}",
                    published(alias)
                ))
                .texts(countries)
                .sql(")".repeat(opened))
            }
        }
    }

    /// What they are counted by stands in one index, country by country.
    fn partners(&self) -> Condition {
        let all = Condition::new(" FROM partners p WHERE p.record_state = 'published'");
        match self.countries {
            None => all,
            Some(countries) => all.sql(" AND p.country IN ").texts(countries),
        }
    }

    fn through(&self, from: &str, alias: &str, link: &str, column: &str) -> Condition {
        let there = format!(
            "{alias}.id IN (SELECT k.{column} FROM partners q CROSS JOIN {link} k \
             WHERE k.partner_id = q.id AND q.country IN "
        );
        self.published(from, alias, &there)
    }

    /// ` AND …`: the period `t` holds on the day asked about.
    fn held(&self, rows: Condition) -> Condition {
        match self.day {
            None => rows,
            Some(day) => rows
                .sql(" AND t.from_on <= ")
                .day(day)
                .sql(" AND t.to_on > ")
                .day(day),
        }
    }

    /// `WITH …`: the agreements of the countries asked for, found once for all that is counted of them, with
    /// the status of the day.
    fn chosen(&self, countries: &[Country]) -> Condition {
        let listed = format!("agreement_listing k WHERE TRUE{}", self.present("k"));
        let with = Condition::new("WITH chosen AS MATERIALIZED (SELECT ");
        let rows = match self.day {
            None => with
                .sql(format!(
                    "DISTINCT k.agreement_id FROM {listed} AND k.country IN "
                ))
                .texts(countries),
            Some(_) => self.held(
                with.sql(format!(
                    "t.agreement_id, t.status FROM status_periods t \
                     WHERE t.agreement_id IN (SELECT k.agreement_id FROM {listed} AND k.country IN "
                ))
                .texts(countries)
                .sql(")"),
            ),
        };
        rows.sql(") ")
    }

    /// ` FROM … WHERE …` of what is published of agreements: of rows `alias` of this table, which name theirs in
    /// `column`, each with the status of the day as `t.status`.
    fn of_agreements(&self, table: &str, alias: &str, column: &str) -> Condition {
        match (self.countries, self.day) {
            (Some(_), _) => Condition::new(format!(
                " FROM chosen t CROSS JOIN {table} {alias} WHERE {alias}.{column} = t.agreement_id AND {}",
                published(alias)
            )),
            (None, None) => Condition::new(format!(
                " FROM {table} {alias} WHERE {alias}.record_state = 'published'"
            )),
            (None, Some(_)) => self.held(Condition::new(format!(
                " FROM {table} {alias} JOIN status_periods t ON t.agreement_id = {alias}.{column} \
                 WHERE {alias}.record_state = 'published'"
            ))),
        }
    }

    /// Agreements by what they are. The stored status is today's, another day's is in the periods.
    fn agreements(&self) -> Condition {
        // The first three digits of the year: the two engines agree on how a day is written.
        const DECADE: &str = "SUBSTR(CAST(a.signed_earliest AS TEXT), 1, 3)";
        let status = if self.day.is_some() {
            "t.status"
        } else {
            "a.status"
        };
        let codes = [status, "a.relationship", "a.instrument", DECADE];
        grouped(
            "agreements",
            &codes,
            self.of_agreements("agreements", "a", "id"),
        )
    }

    /// Agreements by country, each once for each of its countries: their listing has all it takes.
    fn listing(&self) -> Condition {
        let rows = self.of_agreements("agreement_listing", "l", "agreement_id");
        grouped("listing", &["l.country"], rows.sql(self.present("l")))
    }

    /// ` AND …`: the country of this listing was there on the day.
    fn present(&self, listing: &str) -> String {
        if self.absent.is_empty() {
            return String::new();
        }
        let absent = self.absent.iter();
        let pairs: Vec<String> = absent
            .map(|(agreement, country)| format!("({agreement}, '{country}')"))
            .collect();
        format!(
            " AND ({listing}.agreement_id, {listing}.country) NOT IN (VALUES {})",
            pairs.join(", ")
        )
    }

    fn statement(&self) -> Condition {
        let networks = self.through("networks n", "n", "memberships", "network_id");
        let activities = self.through("activities v", "v", "activity_participants", "activity_id");
        let memberships = self.through("memberships m", "m", "memberships", "id");
        let mut branches = vec![
            grouped("partners", &["p.country", "p.kind"], self.partners()),
            self.listing(),
            self.agreements(),
            grouped("networks", &["n.kind"], networks),
            grouped("activities", &["v.kind"], activities),
            grouped("memberships", &["m.record_state"], memberships),
        ];
        if self.countries.is_none() {
            let sources = self.published("sources s", "s", "");
            branches.push(grouped("sources", &["s.record_state"], sources));
        }
        let chosen = self.countries.map(|countries| self.chosen(countries));
        let mut statement = chosen.unwrap_or_default();
        for (index, branch) in branches.into_iter().enumerate() {
            statement = statement
                .sql(if index == 0 { "" } else { " UNION ALL " })
                .then(branch);
        }
        statement
    }
}

fn grouped(what: &str, codes: &[&str], rows: Condition) -> Condition {
    let names = ["first", "second", "third", "fourth"];
    let columns: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(index, name)| match codes.get(index) {
            Some(code) => format!("{code} AS {name}"),
            None => format!("CAST(NULL AS TEXT) AS {name}"),
        })
        .collect();
    Condition::new(format!(
        "SELECT '{what}' AS what, {}, COUNT(*) AS n",
        columns.join(", ")
    ))
    .then(rows)
    .sql(format!(" GROUP BY {}", codes.join(", ")))
}

/// Counts what is published, of these countries and with the statuses of this day.
pub fn count(
    conn: &mut DbConn,
    countries: Option<Vec<Country>>,
    day: Option<NaiveDate>,
) -> QueryResult<Stats> {
    let absent = match day {
        Some(day) => presence::absent_countries(conn, day)?,
        None => HashSet::new(),
    };
    let scope = Scope {
        countries: countries.as_deref(),
        day,
        absent,
    };
    let counted = Counted::new(along(query(conn, scope.statement())?));
    let (by_decade, decade_unknown) = counted.decades("decade");
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

/// How many records there are of each code of each dimension.
pub(super) struct Counted(Vec<Row>);

impl Counted {
    /// The sums of these rows, in any order and with a code as often as it comes.
    pub(super) fn new(rows: Vec<Row>) -> Self {
        let mut sums: BTreeMap<(&'static str, Option<String>), i64> = BTreeMap::new();
        for Row { dimension, code, n } in rows {
            *sums.entry((dimension, code)).or_default() += n;
        }
        let row = |((dimension, code), n)| Row { dimension, code, n };
        Self(sums.into_iter().map(row).collect())
    }

    fn of<'a>(&'a self, dimension: &'a str) -> impl Iterator<Item = &'a Row> {
        self.0.iter().filter(move |row| row.dimension == dimension)
    }

    pub(super) fn total(&self, dimension: &str) -> i64 {
        self.of(dimension).map(|row| row.n).sum()
    }

    /// The most first, then by code.
    pub(super) fn countries(&self, dimension: &str) -> Vec<Count> {
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
    pub(super) fn codes<C: Code>(&self, dimension: &str) -> Vec<Count> {
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
    pub(super) fn decades(&self, dimension: &str) -> (Vec<DecadeCount>, i64) {
        let (mut known, mut unknown) = (Vec::new(), 0);
        for row in self.of(dimension) {
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

    fn counted(rows: &[(&'static str, Option<&str>, i64)]) -> Counted {
        Counted(
            rows.iter()
                .map(|(dimension, code, n)| Row {
                    dimension,
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
        let (known, unknown) = counted(&rows).decades("decade");
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
