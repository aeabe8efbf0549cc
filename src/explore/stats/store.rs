//! The statement that counts what is not counted in memory: each record is looked at once, in an index that has
//! what it is counted by, or by way of the countries or of the day asked about.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::iter::repeat;

use chrono::NaiveDate;
use diesel::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text};

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
use crate::db::condition::{Condition, published, rows};
use crate::index::{self, Tally};

/// The codes of a combination.
type Codes<C> = (C, C, C, C);

/// What is counted, one combination of codes, and how many records there are of it.
type Group = (String, Codes<Option<String>>, i64);

/// How a [`Group`] is read.
type GroupColumns = (Text, Codes<Nullable<Text>>, BigInt);

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

/// Which records are counted.
struct Scope<'a> {
    countries: Option<&'a [Country]>,
    day: Option<NaiveDate>,
    /// By agreement (internal key) the countries it is listed with that were not there on the day.
    absent: HashSet<(i64, Country)>,
}

impl Scope<'_> {
    /// Whether everything is counted as it stands today, so that partners and agreements are counted in memory.
    fn is_all(&self) -> bool {
        self.countries.is_none() && self.day.is_none()
    }

    /// What they are counted by stands in one index, country by country.
    fn partners(&self) -> Condition {
        let all = published_of("partners", "p");
        match self.countries {
            None => all,
            Some(countries) => all.sql(" AND p.country IN ").texts(countries),
        }
    }

    /// ` FROM … WHERE …` of published rows: with countries those that `link`, which names them in `column`, ties to
    /// partners there. The partners lead to the rows.
    fn through(&self, table: &str, alias: &str, link: &str, column: &str) -> Condition {
        match self.countries {
            None => published_of(table, alias),
            Some(countries) => Condition::new(format!(
                " FROM {table} {alias} WHERE {} AND {alias}.id IN (SELECT k.{column} FROM partners q \
                 CROSS JOIN {link} k WHERE k.partner_id = q.id AND q.country IN ",
                published(alias)
            ))
            .texts(countries)
            .sql(")"),
        }
    }

    /// ` AND …`: the period `t` holds on the day asked about.
    fn held(&self, rows: Condition) -> Condition {
        match self.day {
            None => rows,
            Some(day) => {
                let held = " AND t.from_on <= ? AND t.to_on > ?";
                rows.then(Condition::of(held, [day.into(), day.into()]))
            }
        }
    }

    /// `WITH …`: the agreements of the countries asked for, found once for all that is counted of them, with
    /// the status of the day.
    fn chosen(&self, countries: &[Country]) -> Condition {
        let listed = format!("agreement_listing k WHERE TRUE{}", self.present("k"));
        let with = Condition::new("WITH chosen AS MATERIALIZED (SELECT ");
        let theirs = Condition::new(format!("k.agreement_id FROM {listed} AND k.country IN "));
        let theirs = theirs.texts(countries);
        let of_day =
            "t.agreement_id, t.status FROM status_periods t WHERE t.agreement_id IN (SELECT ";
        let rows = match self.day {
            None => with.sql("DISTINCT ").then(theirs),
            Some(_) => self.held(with.sql(of_day).then(theirs).sql(")")),
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
            (None, None) => published_of(table, alias),
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
        let rows = self.of_agreements("agreements", "a", "id");
        grouped("agreements", &codes, rows)
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
        let networks = self.through("networks", "n", "memberships", "network_id");
        let activities = self.through("activities", "v", "activity_participants", "activity_id");
        let memberships = self.through("memberships", "m", "memberships", "id");
        let mut branches = vec![
            self.listing(),
            grouped("networks", &["n.kind"], networks),
            grouped("activities", &["v.kind"], activities),
            grouped("memberships", &["m.record_state"], memberships),
        ];
        if !self.is_all() {
            branches.push(grouped(
                "partners",
                &["p.country", "p.kind"],
                self.partners(),
            ));
            branches.push(self.agreements());
        }
        if self.countries.is_none() {
            let sources = published_of("sources", "s");
            branches.push(grouped("sources", &["s.record_state"], sources));
        }
        let chosen = self.countries.map(|countries| self.chosen(countries));
        let branches = branches.into_iter();
        let all = branches.reduce(|all, branch| all.sql(" UNION ALL ").then(branch));
        chosen.unwrap_or_default().then(all.unwrap_or_default())
    }
}

/// ` FROM … WHERE …` of all published rows of this table.
fn published_of(table: &str, alias: &str) -> Condition {
    Condition::new(format!(
        " FROM {table} {alias} WHERE {alias}.record_state = 'published'"
    ))
}

fn grouped(what: &str, codes: &[&str], rows: Condition) -> Condition {
    let nulls = repeat("CAST(NULL AS TEXT)");
    let columns: Vec<&str> = codes.iter().copied().chain(nulls).take(4).collect();
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
    tally: &Tally,
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
    let mut counted = if scope.is_all() {
        tallied(conn, tally)?
    } else {
        Counted::default()
    };
    let groups = rows::<GroupColumns, Group>(conn, scope.statement())?;
    for (what, (first, second, third, fourth), n) in groups {
        let names = DIMENSIONS.iter().find(|(known, _)| *known == what);
        let names = names.map(|(_, names)| *names).unwrap_or_default();
        for (dimension, code) in names.iter().copied().zip([first, second, third, fourth]) {
            counted.add(dimension, code, n);
        }
    }
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

/// How many published partners, agreements and networks there are of each code.
pub(super) fn tallied(conn: &mut DbConn, tally: &Tally) -> QueryResult<Counted> {
    fn code<C: Code>(code: Option<C>) -> Option<String> {
        code.map(|code| code.code().to_owned())
    }
    let mut counted = Counted::default();
    for (group, n) in tally.groups(conn)? {
        let mut add = |dimension, code: Option<String>| counted.add(dimension, code, n);
        match group {
            index::Group::Partner { country, kind } => {
                add("partner_country", Some(country.to_string()));
                add("partner_kind", code(kind));
            }
            index::Group::Agreement {
                status,
                relationship,
                instrument,
                decade,
                listed,
            } => {
                add("status", code(status));
                add("relationship", code(relationship));
                add("instrument", code(instrument));
                add("decade", decade.map(|decade| decade.to_string()));
                add("listed", listed.map(|decade| decade.to_string()));
            }
            index::Group::Network => add("networks", None),
        }
    }
    Ok(counted)
}

/// How many records there are of each code of each dimension.
#[derive(Default)]
pub(super) struct Counted(BTreeMap<(&'static str, Option<String>), i64>);

impl Counted {
    /// So many more of this code.
    pub(super) fn add(&mut self, dimension: &'static str, code: Option<String>, n: i64) {
        *self.0.entry((dimension, code)).or_default() += n;
    }

    fn of(&self, dimension: &str) -> impl Iterator<Item = (Option<&str>, i64)> {
        let all = self.0.iter().filter(move |((of, _), _)| *of == dimension);
        all.map(|((_, code), n)| (code.as_deref(), *n))
    }

    pub(super) fn total(&self, dimension: &str) -> i64 {
        self.of(dimension).map(|(_, n)| n).sum()
    }

    fn counts(&self, dimension: &str) -> Vec<Count> {
        let count = |(code, count): (Option<&str>, i64)| {
            let code = code?.to_owned();
            Some(Count { code, count })
        };
        self.of(dimension).filter_map(count).collect()
    }

    /// The most first, then by code.
    pub(super) fn countries(&self, dimension: &str) -> Vec<Count> {
        let mut all = self.counts(dimension);
        all.sort_by_key(|one| Reverse(one.count));
        all
    }

    /// In the order of the vocabulary.
    pub(super) fn codes<C: Code>(&self, dimension: &str) -> Vec<Count> {
        let place = |one: &Count| C::all().iter().position(|code| code.code() == one.code);
        let mut all = self.counts(dimension);
        // A newer version beside this one may have recorded codes that this one doesn't know.
        all.retain(|one| place(one).is_some());
        all.sort_by_key(place);
        all
    }

    /// The oldest first, and how many have none.
    pub(super) fn decades(&self, dimension: &str) -> (Vec<DecadeCount>, i64) {
        let (mut known, mut unknown) = (Vec::new(), 0);
        for (code, count) in self.of(dimension) {
            match code.and_then(|code| code.parse::<i32>().ok()) {
                Some(decade) => known.push(DecadeCount {
                    decade: decade * 10,
                    count,
                }),
                None => unknown += count,
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
        let mut counted = Counted::default();
        for (dimension, code, n) in rows {
            counted.add(dimension, code.map(str::to_owned), *n);
        }
        counted
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
