//! A registry of a few thousand made-up records, written straight into the tables: for what shows only
//! when there are many.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use twincity::db::condition::{Condition, execute};
use twincity::db::dialect::{Engine, engine};
use twincity::http::problem::Problem;

use super::TestApp;

/// How many records there are of each kind.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Partners; agreements are half as many again, everything else a part of it.
    pub partners: usize,
}

const META: &str = "version, created_at, updated_at, created_by, updated_by";
const COUNTRIES: [&str; 12] = [
    "PL", "DE", "FR", "NL", "LT", "BY", "UA", "IT", "GB", "US", "CN", "FI",
];

/// The public id of the record of this number; `kind` is the prefix.
pub fn id(kind: &str, number: usize) -> String {
    format!("{kind}_{number:010}")
}

/// A time that differs from row to row.
fn time(number: usize) -> String {
    format!(
        "'2026-{:02}-{:02} {:02}:{:02}:00'",
        1 + number % 10,
        1 + number / 10 % 28,
        number / 280 % 24,
        number % 60
    )
}

fn meta(number: usize) -> String {
    let time = time(number);
    format!("1, {time}, {time}, 'admin', 'admin'")
}

/// A number that jumps about, the same each time.
fn mixed(number: usize, below: usize) -> usize {
    (number * 7919 + number / 3 * 104_729) % below
}

struct Rows(Vec<String>);

impl Rows {
    fn add(&mut self, table: &str, columns: &str, rows: impl Iterator<Item = String>) {
        let rows: Vec<String> = rows.collect();
        for chunk in rows.chunks(400) {
            let mut statement = format!("INSERT INTO {table} ({columns}) VALUES ");
            for (index, row) in chunk.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                write!(statement, "{comma}({row})").unwrap();
            }
            self.0.push(statement);
        }
    }
}

/// Fills the registry, which must be empty.
pub fn fill(app: &TestApp, size: Size) {
    let statements = statements(size);
    app.write(move |conn| -> Result<(), Problem> {
        for statement in &statements {
            execute(conn, Condition::new(statement.as_str()))?;
        }
        // What is recorded next goes on behind these keys; SQLite looks for the last one by itself.
        if engine(conn) == Engine::Postgres {
            let keyed = statements.iter().filter_map(|statement| {
                let (table, columns) = statement.strip_prefix("INSERT INTO ")?.split_once(' ')?;
                columns.starts_with("(id,").then_some(table)
            });
            for table in keyed.collect::<BTreeSet<_>>() {
                let next = format!("ALTER TABLE {table} ALTER COLUMN id RESTART WITH 1000000");
                execute(conn, Condition::new(next))?;
            }
        }
        Ok(())
    })
    .unwrap();
}

#[expect(clippy::too_many_lines, reason = "a table after the other")]
fn statements(size: Size) -> Vec<String> {
    let partners = size.partners;
    let agreements = partners * 3 / 2;
    let (some, few) = (partners / 4, partners / 50 + 2);
    let mut rows = Rows(Vec::new());
    let all = |n: usize| 1..=n;
    let country = |n: usize| COUNTRIES[mixed(n, COUNTRIES.len())];
    let other = |n: usize| 1 + mixed(n, partners);
    rows.add(
        "partners",
        &format!("id, public_id, record_state, {META}, kind, name, sort_key, country, subdivision, latitude, longitude, population, existence, description, seeking, host_id"),
        all(partners).map(|n| {
            let kind = match n % 20 {
                0 => "university",
                1 => "county",
                _ => "municipality",
            };
            let existence = if n % 40 == 7 { "dissolved" } else { "active" };
            let seeking = if n % 50 == 3 { "'{\"fields\":[\"youth\"],\"countries\":[]}'" } else { "NULL" };
            let host = if n % 20 == 0 { (n - 1).to_string() } else { "NULL".to_owned() };
            format!(
                "{n}, '{}', 'published', {}, '{kind}', 'Place {n}', 'place {:06}', '{}', 'PL-20', {}.5, {}.5, {}, '{existence}', '{{}}', {seeking}, {host}",
                id("ptn", n), meta(n), mixed(n, 1_000_000), country(n), mixed(n, 80), mixed(n, 160), n * 10,
            )
        }),
    );
    rows.add(
        "names",
        "record, position, value, types",
        all(partners).map(|n| format!("'{}', 0, 'Place {n}', '[\"display\"]'", id("ptn", n))),
    );
    rows.add(
        "identifiers",
        "record, position, scheme, value, active",
        all(partners).map(|n| format!("'{}', 0, 'wikidata', 'Q{n}', TRUE", id("ptn", n))),
    );
    rows.add(
        "partner_relations",
        "id, public_id, from_id, to_id, type, created_at, created_by",
        all(partners)
            .filter(|n| n % 40 == 7 && *n < partners)
            .map(|n| {
                format!(
                    "{n}, '{}', {n}, {}, 'successor', {}, 'admin'",
                    id("rel", n),
                    n + 1,
                    time(n)
                )
            }),
    );
    rows.add(
        "contacts",
        &format!("id, public_id, record_state, {META}, partner_id, unit, sort_key, languages, is_personal, visibility"),
        all(some).map(|n| format!("{n}, '{}', 'published', {}, {n}, 'Office', 'office', '[]', FALSE, 'public'", id("con", n), meta(n))),
    );
    rows.add(
        "sources",
        &format!("id, public_id, record_state, {META}, kind, title, sort_key, url"),
        all(some).map(|n| format!("{n}, '{}', 'published', {}, 'press', 'Source {n}', 'source {:06}', 'https://example.org/{n}'", id("src", n), meta(n), mixed(n, 1_000_000))),
    );
    rows.add(
        "agreements",
        &format!("id, public_id, record_state, {META}, rev, title, sort_key, relationship, instrument, scope, fields, status, status_since, status_basis, activity_level, signed_on, signed_earliest, signed_latest, signed_asc, signed_desc, entry_into_force, duration, languages, purpose, registrations, domestic, institutional, party_key, quality_flags"),
        all(agreements).map(|n| {
            let year = 1950 + mixed(n, 70);
            // Of some the day is known.
            let (signed, first, last) = if n % 4 == 1 {
                let day = format!("{year}-{:02}-{:02}", 1 + mixed(n, 12), 1 + n % 28);
                (day.clone(), day.clone(), day)
            } else {
                let year = year.to_string();
                (year.clone(), format!("{year}-01-01"), format!("{year}-12-31"))
            };
            let instrument = if n % 30 == 0 { "letter_of_intent" } else { "partnership_agreement" };
            let status = if n % 9 == 0 { "terminated" } else { "in_force" };
            format!(
                "{n}, '{}', 'published', {}, {n}, '{{}}', 'place {:06}', 'twinning', '{instrument}', 'general', '[\"youth\"]', '{status}', '{year}', 'presumed', 'unknown', '{signed}', '{first}', '{last}', '{first}', '{first}', 'on_signature', 'unknown', '[]', '{{}}', '[]', FALSE, FALSE, 'key {n}', '[\"year_only_date\"]'",
                id("agr", n), meta(n), mixed(n, 1_000_000),
            )
        }),
    );
    let parties = |n: usize| {
        let first = 1 + n % partners;
        let second = other(n);
        [
            first,
            if second == first {
                1 + first % partners
            } else {
                second
            },
        ]
    };
    rows.add(
        "agreement_parties",
        "agreement_id, position, partner_id, role, participation, acknowledgement, signatories",
        all(agreements).flat_map(|n| {
            parties(n)
                .into_iter()
                .enumerate()
                .map(move |(position, partner)| {
                    format!("{n}, {position}, {partner}, 'partner', 'party', 'acknowledged', '[]'")
                })
        }),
    );
    rows.add(
        "agreement_listing",
        "agreement_id, country, record_state, status, signed_desc",
        all(agreements).flat_map(|n| {
            let [a, b] = parties(n).map(country);
            let both = if a == b { vec![a] } else { vec![a, b] };
            both.into_iter().map(move |country| {
                let year = 1950 + mixed(n, 70);
                let first = if n % 4 == 1 {
                    format!("{year}-{:02}-{:02}", 1 + mixed(n, 12), 1 + n % 28)
                } else {
                    format!("{year}-01-01")
                };
                let status = if n % 9 == 0 { "terminated" } else { "in_force" };
                format!("{n}, '{country}', 'published', '{status}', '{first}'")
            })
        }),
    );
    rows.add(
        "agreement_links",
        "from_id, to_id",
        all(agreements)
            .filter(|n| n % 30 == 1 && *n > 1)
            .map(|n| format!("{n}, {}", n - 1)),
    );
    rows.add(
        "networks",
        &format!("id, public_id, record_state, {META}, rev, kind, name, sort_key, seat_partner_id, membership_classes, description"),
        all(few).map(|n| format!("{n}, '{}', 'published', {}, {n}, 'city_network', 'Network {n}', 'network {n:04}', {n}, '[]', '{{}}'", id("net", n), meta(n))),
    );
    rows.add(
        "memberships",
        &format!("id, public_id, record_state, {META}, rev, partner_id, network_id, section, status, status_since, live, admitted_on, admitted_asc, admitted_desc, offices"),
        all(some).map(|n| {
            let (status, live) = if n % 5 == 0 { ("withdrawn", "FALSE") } else { ("member", "TRUE") };
            format!("{n}, '{}', 'published', {}, {n}, {n}, {}, '', '{status}', '2001', {live}, '2001', '2001-01-01', '2001-01-01', '[]'", id("mbr", n), meta(n), 1 + n % few)
        }),
    );
    let events = agreements + some;
    rows.add(
        "lifecycle_events",
        "id, public_id, agreement_id, membership_id, action, to_status, stated_status, effective_on, recorded_at, recorded_by, details",
        all(events).map(|n| {
            let (of, status) = if n <= agreements {
                (format!("{n}, NULL"), "in_force")
            } else {
                (format!("NULL, {}", n - agreements), "member")
            };
            format!("{n}, '{}', {of}, 'register', '{status}', '{status}', '1990', {}, 'admin', '{{}}'", id("evt", n), time(n))
        }),
    );
    rows.add(
        "status_periods",
        "agreement_id, membership_id, status, since, from_on, certain_from, to_on, certain_to",
        all(events).map(|n| {
            let (of, status) = if n <= agreements {
                (format!("{n}, NULL"), "in_force")
            } else {
                (format!("NULL, {}", n - agreements), "member")
            };
            format!(
                "{of}, '{status}', '1990', '1990-01-01', '1990-12-31', '9999-12-31', '9999-12-31'"
            )
        }),
    );
    rows.add(
        "activities",
        &format!("id, public_id, record_state, {META}, rev, kind, title, sort_key, starts_on, starts_earliest, starts_latest, starts_asc, starts_desc, mode, fields, network_id, place_partner_id, status"),
        all(some).map(|n| {
            let year = 1990 + mixed(n, 35);
            format!("{n}, '{}', 'published', {}, {n}, 'official_visit', '{{\"en\":\"Visit {n}\"}}', 'visit {n:06}', '{year}', '{year}-01-01', '{year}-12-31', '{year}-01-01', '{year}-01-01', 'in_person', '[\"youth\"]', {}, {n}, 'held'", id("act", n), meta(n), 1 + n % few)
        }),
    );
    rows.add(
        "activity_participants",
        "activity_id, position, partner_id, role",
        all(some).flat_map(|n| {
            parties(n)
                .into_iter()
                .enumerate()
                .map(move |(position, partner)| {
                    format!("{n}, {position}, {partner}, 'participant'")
                })
        }),
    );
    rows.add(
        "activity_agreements",
        "activity_id, agreement_id",
        all(some).map(|n| format!("{n}, {n}")),
    );
    rows.add(
        "citations",
        &format!("id, public_id, record, source_id, {META}, pointer, stance, rank"),
        all(agreements).map(|n| {
            format!(
                "{n}, '{}', '{}', {}, {}, '/signed_on', 'states', 'normal'",
                id("cit", n),
                id("agr", n),
                1 + n % some,
                meta(n)
            )
        }),
    );
    rows.add(
        "documents",
        &format!("id, public_id, record_state, {META}, rev, kind, sort_key, authentic, access, external_url, sha256, agreement_id, membership_id, activity_id, event_id, replaces_id, series"),
        all(some).map(|n| {
            let of = match n % 4 {
                0 => format!("{n}, NULL, NULL, {n}"),
                1 => format!("NULL, {n}, NULL, NULL"),
                2 => format!("NULL, NULL, {n}, NULL"),
                _ => format!("{n}, NULL, NULL, NULL"),
            };
            let replaces = if n % 2 == 0 { (n - 1).to_string() } else { "NULL".to_owned() };
            format!("{n}, '{}', 'published', {}, {n}, 'agreement_text', 'paper {n:06}', FALSE, 'public', 'https://example.org/{n}', '{n:064x}', {of}, {replaces}, '{}'", id("doc", n), meta(n), id("doc", n))
        }),
    );
    rows.add(
        "suggestions",
        "id, public_id, state, version, created_at, updated_at, operation, target, message, lang",
        all(some).map(|n| {
            format!(
                "{n}, '{}', 'open', 1, {1}, {1}, 'message', '{2}', 'a', 'en'",
                id("sug", n),
                time(n),
                id("agr", n)
            )
        }),
    );
    let kinds = [
        ("partner", "ptn", partners),
        ("agreement", "agr", agreements),
        ("source", "src", some),
    ];
    let changes: Vec<(&str, String)> = kinds
        .iter()
        .flat_map(|(entity, prefix, n)| all(*n).map(|n| (*entity, id(prefix, n))))
        .collect();
    rows.add(
        "changes",
        "seq, entity, record, op, version, actor, at, patch",
        changes.iter().enumerate().map(|(index, (entity, record))| {
            format!(
                "{}, '{entity}', '{record}', 'created', 1, 'admin', {}, '[{{\"op\":\"add\",\"path\":\"\",\"value\":{{\"version\":1}}}}]'",
                index + 1,
                time(index)
            )
        }),
    );
    rows.0
        .push(format!("UPDATE registry_meta SET seq = {}", changes.len()));
    rows.0
}
