//! The agreements a calendar tells of.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::types::CalendarAgreement;
use super::window::Window;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::language::{LanguageTag, Translations};
use crate::core::title;
use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::{Condition, Given, published, texts};
use crate::db::schema::{agreement_links, agreement_parties, agreements};
use crate::db::{DbConn, Json, columns_of};
use crate::partners::reference;

/// Statuses in which there is something to celebrate.
const HELD: &[LegalStatus] = {
    use LegalStatus::{InForce, Signed, Suspended};
    &[Signed, InForce, Suspended]
};

/// Parties that are none (any more).
const GONE: &[ParticipationStatus] = &[
    ParticipationStatus::Invited,
    ParticipationStatus::Withdrawn,
    ParticipationStatus::Excluded,
    ParticipationStatus::Succeeded,
];

/// Rows that are looked up together.
const CHUNK: usize = 500;

/// How often one agreement may have taken the place of another that had done so.
const LONGEST_CHAIN: usize = 20;

/// An agreement as far as days follow from it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agreements)]
pub struct Row {
    pub id: i64,
    pub public_id: PublicId,
    title: Json<Translations>,
    pub status: LegalStatus,
    pub signed_on: Option<Edtf>,
    pub valid_until: Option<Edtf>,
    #[diesel(column_name = pending_effective_on)]
    pub terminates_on: Option<Edtf>,
    pub updated_at: NaiveDateTime,
    pub version: i32,
    pub rev: i64,
}

impl Row {
    /// Whether it holds itself.
    pub fn is_held(&self) -> bool {
        HELD.contains(&self.status)
    }
}

/// The agreements that may have a day in the window: those that hold, and those in whose place one that
/// holds has come. Of a partner all of them are given, whatever is known of their days.
pub fn rows(
    conn: &mut DbConn,
    partner: Option<&PublicId>,
    window: Window,
) -> QueryResult<Vec<Row>> {
    let mut rows = load(conn, partner.map_or_else(|| signed_in(window), of_partner))?;
    if partner.is_none() {
        for ending in ending_in(window) {
            rows.extend(load(conn, ending)?);
        }
        rows.sort_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
    }
    let replaced = rows.iter();
    let replaced = replaced.filter(|row| row.status == LegalStatus::Superseded);
    let replaced: Vec<i64> = replaced.map(|row| row.id).collect();
    let carried_on = carried_on(conn, &replaced)?;
    rows.retain(|row| row.status != LegalStatus::Superseded || carried_on.contains(&row.id));
    Ok(rows)
}

fn load(conn: &mut DbConn, condition: Condition) -> QueryResult<Vec<Row>> {
    agreements::table
        .filter(condition)
        .select(columns_of::<Row>())
        .load(conn)
}

fn statuses() -> impl Iterator<Item = &'static LegalStatus> {
    HELD.iter().chain(&[LegalStatus::Superseded])
}

/// All of a partner's.
fn of_partner(partner: &PublicId) -> Condition {
    let sql = format!(
        "{} AND agreements.status IN ? AND agreements.id IN (SELECT p.agreement_id \
         FROM agreement_parties p WHERE p.partner_id IN ? AND p.participation NOT IN ?)",
        published("agreements")
    );
    let partner = reference::standing_for([partner]);
    Condition::of(&sql, [texts(statuses()), partner.into(), texts(GONE)])
}

/// Those signed on these days of any year, by the index `agreements_day`, which knows whole days: what else
/// is asked is put so that no other index can be thought better, whatever is known of them.
fn signed_in(window: Window) -> Condition {
    let sql = format!(
        "{} AND LENGTH(agreements.signed_on) = 10 AND (agreements.status IN ?) IS TRUE \
         AND SUBSTR(agreements.signed_on, 6, 5) IN ?",
        published("agreements")
    );
    Condition::of(&sql, [texts(statuses()), texts(window.days_of_year())])
}

/// Those whose terms end on these days, by the index `agreements_ending`, and those that end on them by a notice, by
/// `agreements_terminating`.
fn ending_in(window: Window) -> [Condition; 2] {
    let Window { from, to } = window;
    let between = |column: &str, [from, to]: [Given; 2]| {
        let sql = format!(
            "agreements.record_state = 'published' AND {column} >= ? AND {column} <= ? \
             AND (agreements.status IN ?) IS TRUE"
        );
        Condition::of(&sql, [from, to, texts(HELD)])
    };
    let as_text = [from, to].map(|day| day.to_string().into());
    [
        between("agreements.valid_until_earliest", [from.into(), to.into()]),
        between("agreements.pending_effective_on", as_text),
    ]
}

/// Those of these agreements whose tie goes on: what has come in their place, at last, holds.
fn carried_on(conn: &mut DbConn, replaced: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut found = HashSet::new();
    // Each with the one it began with.
    let mut open: Vec<(i64, i64)> = replaced.iter().map(|id| (*id, *id)).collect();
    for _ in 0..LONGEST_CHAIN {
        let mut next = Vec::new();
        for chunk in open.chunks(CHUNK) {
            let older: Vec<i64> = chunk.iter().map(|(_, at)| *at).collect();
            let links: Vec<(i64, i64, LegalStatus)> = agreement_links::table
                .inner_join(agreements::table.on(agreements::id.eq(agreement_links::from_id)))
                .filter(agreement_links::to_id.eq_any(&older))
                .filter(agreements::record_state.eq(RecordState::Published))
                .select((agreement_links::to_id, agreements::id, agreements::status))
                .load(conn)?;
            for (begun, at) in chunk {
                for (_, newer, status) in links.iter().filter(|(older, ..)| older == at) {
                    if HELD.contains(status) {
                        found.insert(*begun);
                    } else if *status == LegalStatus::Superseded {
                        next.push((*begun, *newer));
                    }
                }
            }
        }
        next.retain(|(begun, _)| !found.contains(begun));
        if next.is_empty() {
            break;
        }
        open = next;
    }
    Ok(found)
}

/// These agreements as a calendar shows them, by their keys.
pub fn shown(
    conn: &mut DbConn,
    rows: &[&Row],
    lang: Option<&LanguageTag>,
) -> QueryResult<HashMap<i64, CalendarAgreement>> {
    use agreement_parties as p;
    let mut shown = HashMap::new();
    for chunk in rows.chunks(CHUNK) {
        let keys: Vec<i64> = chunk.iter().map(|row| row.id).collect();
        let parties: Vec<(i64, i64)> = p::table
            .filter(p::agreement_id.eq_any(&keys))
            .order((p::agreement_id, p::position))
            .select((p::agreement_id, p::partner_id))
            .load(conn)?;
        let partners = reference::by_keys(conn, parties.iter().map(|(_, key)| *key), lang)?;
        for row in chunk {
            let parties = parties.iter().filter(|(agreement, _)| *agreement == row.id);
            let parties: Vec<_> = parties
                .filter_map(|(_, key)| partners.get(key).cloned())
                .collect();
            let title = title::in_language(&row.title, lang).map(str::to_owned);
            let names = || parties.iter().map(|party| &party.name).collect::<Vec<_>>();
            let agreement = CalendarAgreement {
                id: row.public_id.clone(),
                title: title.unwrap_or_else(|| title::of_parties(&names(), row.signed_on.as_ref())),
                status: row.status,
                signed_on: row.signed_on.clone(),
                valid_until: row.valid_until.clone(),
                terminates_on: row.terminates_on.clone(),
                parties,
            };
            shown.insert(row.id, agreement);
        }
    }
    Ok(shown)
}
