//! What ties are computed from: a fixed number of statements, however many agreements there are.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::compute::{AsOf, Lines, Links, Paper, PaperRow, Papers, Party, PartyRow};
use crate::agreements::earlier_stays::{earlier_stays, move_days, participations_on};
use crate::agreements::overlap::has_left;
use crate::agreements::parties;
use crate::core::country::Country;
use crate::core::edtf::Edtf;
use crate::core::geo::Point;
use crate::core::ids::PublicId;
use crate::core::state_machine::StatusPeriod;
use crate::core::vocabulary::lifecycle::{LegalStatus, ParticipationStatus};
use crate::core::vocabulary::partner::{Existence, PartnerKind};
use crate::db::condition::{self, Condition, grouped, ids_sql, published};
use crate::db::schema::{agreement_links, agreement_parties, agreements, partners, status_periods};
use crate::db::{DbConn, columns_of};
use crate::partners::PartnerRef;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = partners)]
struct PartnerRow {
    id: i64,
    public_id: PublicId,
    name: String,
    sort_key: String,
    kind: PartnerKind,
    country: Country,
    existence: Existence,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// A party of any of the agreements.
#[derive(Debug, Clone)]
pub(super) struct Counterpart {
    pub(super) partner: PartnerRef,
    pub(super) sort_key: String,
    pub(super) place: Option<Point>,
    /// Its internal key, when it is no more: others may stand in its place today.
    pub(super) dissolved: Option<i64>,
}

/// What the ties of one partner are computed from.
#[derive(Debug, Default)]
pub(super) struct Material {
    pub(super) papers: Papers,
    pub(super) links: Links,
    pub(super) lines: Lines,
    pub(super) counterparts: HashMap<i64, Counterpart>,
}

/// The published agreements of a partner and of the bodies it came out of, and those these took the
/// place of.
pub(super) fn material(
    conn: &mut DbConn,
    partner: i64,
    asked: Option<AsOf>,
) -> QueryResult<Material> {
    let mut found = Material {
        lines: lines(conn, [partner])?,
        ..Material::default()
    };
    let before = found.lines.values().flatten().copied();
    let own = ids_sql(before.chain([partner]));
    // From the few agreements of the partner to those they replaced, whatever an engine thinks.
    let chain = Condition::new(format!(
        "WITH RECURSIVE chain(id) AS (\
         SELECT p.agreement_id FROM agreement_parties p WHERE p.partner_id IN {own} \
         UNION SELECT l.to_id FROM chain c CROSS JOIN agreement_links l WHERE l.from_id = c.id) \
         SELECT id FROM chain"
    ));
    let keys = condition::rows::<BigInt, i64>(conn, chain)?.into_iter();
    let (keys, published) = (ids_sql(keys), published("agreements"));
    let of_partner = Condition::new(format!("agreements.id IN {keys} AND {published}"));
    let rows: Vec<(PaperRow, PartyRow, PartnerRow)> = agreements::table
        .inner_join(agreement_parties::table.inner_join(partners::table))
        .filter(of_partner)
        .select((
            columns_of::<PaperRow>(),
            columns_of::<PartyRow>(),
            columns_of::<PartnerRow>(),
        ))
        .load(conn)?;
    for (row, party, partner) in rows {
        let paper = found.papers.entry(row.id).or_insert_with(|| Paper {
            row,
            parties: BTreeMap::new(),
            periods: Vec::new(),
        });
        let party = Party {
            row: party,
            days: None,
            earlier: Vec::new(),
            predecessors: Vec::new(),
        };
        let key = partner.id;
        paper.parties.insert(key, party);
        let counterpart = || counterpart(partner);
        found.counterparts.entry(key).or_insert_with(counterpart);
    }
    moves(conn, &mut found.papers)?;
    if let Some(asked) = asked {
        days_of_moves(conn, &mut found.papers)?;
        stand_then(conn, &mut found.papers, asked)?;
    }
    let others = found.counterparts.keys().copied().collect::<Vec<_>>();
    for (partner, before) in lines(conn, others)? {
        found.lines.entry(partner).or_default().extend(before);
    }
    let keys: Vec<i64> = found.papers.keys().copied().collect();
    periods(conn, &keys, &mut found.papers)?;
    found.links = links(conn, &keys)?;
    Ok(found)
}

/// Which agreements took the place of these, and of which these did.
fn links(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Links> {
    use agreement_links as l;
    let rows: Vec<(i64, i64)> = l::table
        .filter(l::from_id.eq_any(keys).or(l::to_id.eq_any(keys)))
        .select((l::from_id, l::to_id))
        .load(conn)?;
    Ok(grouped(rows).into_iter().collect())
}

/// Notes who came in whose place, and who had been a party before.
fn moves(conn: &mut DbConn, papers: &mut Papers) -> QueryResult<()> {
    let joined_later = with_party(papers, |party| party.row.acceded_on.is_some());
    let earlier = earlier_stays(conn, &joined_later)?;
    note(papers, earlier, |party, stays| party.earlier = stays);
    let before = parties::predecessors(conn, &joined_later)?;
    note(papers, before, |party, before| party.predecessors = before);
    Ok(())
}

/// Notes on which days those joined and left of whom that is not known to the day.
fn days_of_moves(conn: &mut DbConn, papers: &mut Papers) -> QueryResult<()> {
    let is_vague = |date: &Edtf| date.exact_day().is_none();
    let moved = |party: &Party| {
        let mut dates = party.row.acceded_on.iter().chain(&party.row.withdrew_on);
        dates.any(is_vague)
    };
    let days = move_days(conn, &with_party(papers, moved))?;
    note(papers, days, |party, days| party.days = Some(days));
    Ok(())
}

/// Lets those who are only asked to join today stand where they stood on the day: a correction may have taken
/// the status of their agreement back since.
fn stand_then(conn: &mut DbConn, papers: &mut Papers, asked: AsOf) -> QueryResult<()> {
    let invited = |party: &Party| party.row.participation == ParticipationStatus::Invited;
    let keys = with_party(papers, invited);
    let early = asked.matching.is_certain();
    let stood = participations_on(conn, &keys, asked.day, early)?;
    note(papers, stood, |party, participation| {
        if invited(party) && !has_left(participation) {
            party.row.participation = participation;
        }
    });
    Ok(())
}

/// The agreements of which this holds for one of the parties.
fn with_party(papers: &Papers, holds: impl Fn(&Party) -> bool) -> Vec<i64> {
    let papers = papers.iter();
    let found = papers.filter(|(_, paper)| paper.parties.values().any(&holds));
    found.map(|(key, _)| *key).collect()
}

/// Notes what was found of parties, by agreement and partner.
fn note<T>(papers: &mut Papers, found: HashMap<(i64, i64), T>, of: impl Fn(&mut Party, T)) {
    for ((agreement, partner), found) in found {
        let paper = papers.get_mut(&agreement);
        if let Some(party) = paper.and_then(|paper| paper.parties.get_mut(&partner)) {
            of(party, found);
        }
    }
}

/// The bodies that these partners came out of, and those that these came out of: one query.
fn lines(conn: &mut DbConn, of: impl IntoIterator<Item = i64>) -> QueryResult<Lines> {
    // CROSS JOIN keeps SQLite from beginning with the table of all relations.
    let statement = Condition::new(format!(
        "WITH RECURSIVE line(came, was) AS (SELECT r.to_id, r.from_id FROM partner_relations r \
         WHERE r.to_id IN {} AND r.type = 'successor' \
         UNION SELECT r.to_id, r.from_id FROM line l CROSS JOIN partner_relations r \
         WHERE r.to_id = l.was AND r.type = 'successor') \
         SELECT l.came AS came, l.was AS was FROM line l",
        ids_sql(of.into_iter())
    ));
    let mut all = Lines::new();
    for (came, was) in condition::rows::<(BigInt, BigInt), (i64, i64)>(conn, statement)? {
        all.entry(came).or_default().insert(was);
    }
    Ok(all)
}

fn counterpart(row: PartnerRow) -> Counterpart {
    Counterpart {
        dissolved: (row.existence == Existence::Dissolved).then_some(row.id),
        partner: PartnerRef {
            id: row.public_id,
            name: row.name,
            name_lang: None,
            kind: row.kind,
            country: row.country,
        },
        sort_key: row.sort_key,
        place: Point::kept(row.latitude, row.longitude),
    }
}

fn periods(conn: &mut DbConn, keys: &[i64], papers: &mut Papers) -> QueryResult<()> {
    use status_periods as t;
    let rows: Vec<(Option<i64>, StatusPeriod<LegalStatus>)> = t::table
        .filter(t::agreement_id.eq_any(keys))
        .order((t::agreement_id, t::from_on, t::id))
        .select((
            t::agreement_id,
            (
                t::status,
                t::since,
                t::from_on,
                t::certain_from,
                t::to_on,
                t::certain_to,
            ),
        ))
        .load(conn)?;
    for (agreement, period) in rows {
        if let Some(paper) = agreement.and_then(|key| papers.get_mut(&key)) {
            paper.periods.push(period);
        }
    }
    Ok(())
}

/// The last activity a partner took part in with each other one, up to a day if one is given.
pub(super) fn last_activities(
    conn: &mut DbConn,
    partner: i64,
    day: Option<NaiveDate>,
) -> QueryResult<HashMap<i64, Edtf>> {
    let mut statement = Condition::new(
        "SELECT o.partner_id AS partner_id, a.starts_on AS starts_on \
         FROM activity_participants m JOIN activities a ON a.id = m.activity_id \
         JOIN activity_participants o ON o.activity_id = a.id AND o.partner_id <> m.partner_id \
         WHERE a.status = 'held' AND a.starts_on IS NOT NULL AND m.partner_id = ",
    )
    .integer(partner)
    .sql(format!(" AND {}", published("a")));
    if let Some(day) = day {
        statement = statement
            .sql(" AND (a.starts_earliest IS NULL OR a.starts_earliest <= ")
            .day(day)
            .sql(")");
    }
    let mut found: HashMap<i64, Edtf> = HashMap::new();
    for (partner, starts_on) in condition::rows::<(BigInt, Text), (i64, Edtf)>(conn, statement)? {
        let when = |date: &Edtf| (date.earliest().or(date.latest()), date.latest());
        let later = found
            .get(&partner)
            .is_none_or(|known| when(known) < when(&starts_on));
        if later {
            found.insert(partner, starts_on);
        }
    }
    Ok(found)
}
