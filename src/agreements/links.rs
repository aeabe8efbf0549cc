//! How agreements hang together: what took the place of what, annexes, and what came out of what.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::core::ids::PublicId;
use crate::core::vocabulary::partner::RelationType;
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::{Condition, grouped, published};
use crate::db::prepared::Prepare as _;
use crate::db::schema::{agreement_links, agreements};
use crate::db::{DbConn, chain};
use crate::find_row;

/// Agreements that are looked at as hanging on one, of each sort.
const MOST_HANGING: i64 = 50;

/// The agreements that name one as what they belong to.
#[derive(Debug, Default)]
pub struct Hanging {
    /// Its annexes.
    pub annexes: Vec<PublicId>,
    /// What came out of it.
    pub outcomes: Vec<PublicId>,
}

/// The agreements that are annexes of this one, and those that came out of it, in the order of recording.
pub fn hanging_on(conn: &mut DbConn, id: &PublicId) -> QueryResult<Hanging> {
    use agreements as a;
    let Some(key) = key(conn, id)? else {
        return Ok(Hanging::default());
    };
    let all = || {
        a::table
            .order(a::id)
            .select(a::public_id)
            .limit(MOST_HANGING)
    };
    Ok(Hanging {
        annexes: all().filter(a::parent_id.eq(key)).load(conn)?,
        outcomes: all().filter(a::arose_from_id.eq(key)).load(conn)?,
    })
}

/// Which agreement leads to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The newer agreement to the one in whose place it stands.
    Supersedes,
    /// An annex to its parent.
    Parent,
    /// An agreement to the one it came out of.
    AroseFrom,
}

fn next(conn: &mut DbConn, link: Link, from: &[i64]) -> QueryResult<Vec<i64>> {
    let rows = agreements::table.filter(agreements::id.eq_any(from));
    match link {
        Link::Supersedes => agreement_links::table
            .filter(agreement_links::from_id.eq_any(from))
            .order(agreement_links::id)
            .select(agreement_links::to_id)
            .load(conn),
        Link::Parent => rows
            .filter(agreements::parent_id.is_not_null())
            .select(agreements::parent_id.assume_not_null())
            .load(conn),
        Link::AroseFrom => rows
            .filter(agreements::arose_from_id.is_not_null())
            .select(agreements::arose_from_id.assume_not_null())
            .load(conn),
    }
}

/// Whether following the links from `from` leads to `to`: then a link back would be a cycle (I3).
pub fn leads_to(conn: &mut DbConn, link: Link, from: i64, to: i64) -> QueryResult<bool> {
    chain::leads_to(conn, from, to, |conn, keys| next(conn, link, keys))
}

/// Replaces what an agreement supersedes.
pub fn store(conn: &mut DbConn, agreement: i64, supersedes: &[i64]) -> QueryResult<()> {
    diesel::delete(agreement_links::table.filter(agreement_links::from_id.eq(agreement)))
        .execute(conn)?;
    store_new(conn, agreement, supersedes)
}

/// [`store`] for a new agreement.
pub fn store_new(conn: &mut DbConn, agreement: i64, supersedes: &[i64]) -> QueryResult<()> {
    for older in supersedes {
        add(conn, agreement, *older)?;
    }
    Ok(())
}

/// Notes that `newer` stands in the place of `older`, once.
pub fn add(conn: &mut DbConn, newer: i64, older: i64) -> QueryResult<()> {
    let known: i64 = agreement_links::table
        .filter(agreement_links::from_id.eq(newer))
        .filter(agreement_links::to_id.eq(older))
        .count()
        .get_result(conn)?;
    if known == 0 {
        diesel::insert_into(agreement_links::table)
            .values((
                agreement_links::from_id.eq(newer),
                agreement_links::to_id.eq(older),
            ))
            .prepared()
            .execute(conn)?;
    }
    Ok(())
}

/// The internal key of the agreement of this id.
pub fn key(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<i64>> {
    find_row!(agreements, conn, agreements::public_id.eq(id) => agreements::id)
}

/// Forgets that `newer` stands in the place of `older`.
pub fn remove(conn: &mut DbConn, newer: i64, older: i64) -> QueryResult<()> {
    diesel::delete(
        agreement_links::table
            .filter(agreement_links::from_id.eq(newer))
            .filter(agreement_links::to_id.eq(older)),
    )
    .execute(conn)
    .map(drop)
}

/// Gives these agreements a new representation at revision `rev`.
pub fn touch(conn: &mut DbConn, keys: &[i64], rev: i64) -> QueryResult<()> {
    if keys.is_empty() {
        return Ok(());
    }
    diesel::update(agreements::table.filter(agreements::id.eq_any(keys)))
        .set(agreements::rev.eq(rev))
        .execute(conn)
        .map(|_| ())
}

/// [`touch`] of what an agreement that stands in this state names: while it is a draft, others are
/// shown as if it were not there.
pub fn mark_dependents_changed(
    conn: &mut DbConn,
    state: RecordState,
    keys: &[i64],
    rev: i64,
) -> QueryResult<()> {
    if state == RecordState::Draft {
        return Ok(());
    }
    touch(conn, keys, rev)
}

/// The published agreements that stand in the place of this one, as many as are looked at.
pub fn newer(conn: &mut DbConn, agreement: i64) -> QueryResult<Vec<i64>> {
    agreements::table
        .inner_join(agreement_links::table.on(agreement_links::from_id.eq(agreements::id)))
        .filter(agreement_links::to_id.eq(agreement))
        .filter(Condition::new(published("agreements")))
        .order(agreements::id)
        .select(agreements::id)
        .limit(MOST_HANGING)
        .load(conn)
}

/// The older agreements that this one stands in the place of, in the order in which it names them.
pub fn older(conn: &mut DbConn, agreement: i64) -> QueryResult<Vec<i64>> {
    next(conn, Link::Supersedes, &[agreement])
}

/// Every agreement this one names: what it supersedes, came out of or is an annex of.
pub fn held(conn: &mut DbConn, agreement: i64) -> QueryResult<Vec<i64>> {
    let mut all = Vec::new();
    for link in [Link::Supersedes, Link::Parent, Link::AroseFrom] {
        all.extend(next(conn, link, &[agreement])?);
    }
    Ok(all)
}

/// What agreements show of their links.
#[derive(Debug)]
pub struct Shown {
    /// By the newer agreement, what it supersedes.
    pub supersedes: HashMap<i64, Vec<PublicId>>,
    /// By the older agreement, what superseded it.
    pub superseded_by: HashMap<i64, PublicId>,
}

/// The links of these agreements in both directions.
pub fn of_agreements(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Shown> {
    let older: Vec<(i64, PublicId)> = agreement_links::table
        .inner_join(agreements::table.on(agreements::id.eq(agreement_links::to_id)))
        .filter(agreement_links::from_id.eq_any(keys))
        .order(agreement_links::id)
        .select((agreement_links::from_id, agreements::public_id))
        .load(conn)?;
    let newer: Vec<(i64, PublicId)> = agreement_links::table
        .inner_join(agreements::table.on(agreements::id.eq(agreement_links::from_id)))
        .filter(agreement_links::to_id.eq_any(keys))
        .filter(Condition::new(published("agreements")))
        // Of several the one recorded first: links are written anew with each change of the newer one.
        .order(agreements::id)
        .select((agreement_links::to_id, agreements::public_id))
        .load(conn)?;
    Ok(Shown {
        supersedes: grouped(older),
        superseded_by: newer.into_iter().rev().collect(),
    })
}

/// How many of the parties of an older agreement a newer one has, a successor counting for the body it
/// came from. All by internal keys: one query for each step of the lines of successors.
pub fn shared_parties(conn: &mut DbConn, older: &[i64], newer: &[i64]) -> QueryResult<usize> {
    use crate::db::schema::partner_relations as r;
    // How far each party has been followed, from where it began.
    let mut lines: Vec<(i64, i64)> = older.iter().map(|key| (*key, *key)).collect();
    let mut followed = 0;
    loop {
        let open = lines.iter().skip(followed);
        let open: Vec<(i64, i64)> = open
            .copied()
            .filter(|(_, at)| !newer.contains(at))
            .collect();
        if open.is_empty() {
            break;
        }
        let ends: Vec<i64> = open.iter().map(|(_, at)| *at).collect();
        let steps: Vec<(i64, i64)> = r::table
            .filter(r::from_id.eq_any(ends))
            .filter(r::type_.eq(RelationType::Successor))
            .select((r::from_id, r::to_id))
            .load(conn)?;
        followed = lines.len();
        for (first, at) in open {
            for (_, to) in steps.iter().filter(|(from, _)| *from == at) {
                if !lines.contains(&(first, *to)) {
                    lines.push((first, *to));
                }
            }
        }
    }
    let goes_on = |party: &&i64| {
        let mut lines = lines.iter();
        lines.any(|(first, at)| first == *party && newer.contains(at))
    };
    Ok(older.iter().filter(goes_on).count())
}
