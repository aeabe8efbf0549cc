//! What names a partner, moved to another one: the tables of rooms further right are written here
//! because the two partners become one in a single step.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::partner::RelationType;
use crate::core::vocabulary::record::{ChangeOp, RecordState, Role};
use crate::db::condition::Condition;
use crate::db::schema::{
    activities, activity_participants, agreement_parties, agreements, api_keys, changes, citations,
    contacts, documents, lifecycle_events, memberships, networks, organisations, partner_relations,
    partners, sources, suggestions, user_roles,
};
use crate::db::{DbConn, columns_of};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::lifecycle;
use crate::lifecycle::live_days::{Held, LiveDays, held_by};
use crate::partners::relations::{self as relation, RelationRow};
use crate::partners::store::PartnerRow;
use crate::partners::{identifiers, names};
use crate::{find_row, versioned};

/// Lets each of these columns name the one where it named the other.
macro_rules! renamed {
    ($conn:expr, $from:expr => $to:expr; $($table:ident.$column:ident),+) => {$(
        diesel::update($table::table.filter($table::$column.eq($from)))
            .set($table::$column.eq($to))
            .execute($conn)?;
    )+};
}

/// Agreements that have both as parties.
fn of_both(from: i64, to: i64) -> Condition {
    let sql = "agreements.id IN (SELECT p.agreement_id FROM agreement_parties p \
               JOIN agreement_parties q ON q.agreement_id = p.agreement_id \
               WHERE p.partner_id = ? AND q.partner_id = ?)";
    Condition::of(sql, [from.into(), to.into()])
}

/// 409 while an agreement has both as parties, or both are members of one network and section on the
/// same days:
/// these are to be put right first, for only a person can say how.
pub(super) fn not_both(conn: &mut DbConn, from: i64, to: i64) -> Result<(), Problem> {
    let shared: Vec<PublicId> = agreements::table
        .filter(of_both(from, to))
        .filter(agreements::record_state.ne(RecordState::Withdrawn))
        .order(agreements::id)
        .select(agreements::public_id)
        .load(conn)?;
    let mut twice = overlapping(conn, from, to)?;
    twice.sort_unstable();
    twice.dedup();
    if shared.is_empty() && twice.is_empty() {
        return Ok(());
    }
    let mut problem = Problem::new(Code::InUse).detail(format!(
        "the two are parties of the same {} agreements and hold {} memberships of the same network \
         and section on the same days: end or withdraw one of each first",
        shared.len(),
        twice.len()
    ));
    for (name, all) in [("agreements", &shared), ("memberships", &twice)] {
        if !all.is_empty() {
            let ids: Vec<String> = all.iter().map(ToString::to_string).collect();
            problem = problem.member(name, ids);
        }
    }
    Err(problem)
}

/// The memberships of the two in one network and section that hold on the same days, both of each two.
fn overlapping(conn: &mut DbConn, from: i64, to: i64) -> QueryResult<Vec<PublicId>> {
    let held = held_by(conn, &[from, to])?;
    let days = LiveDays::of(conn, held.iter().map(|one| one.key))?;
    let mut twice = Vec::new();
    for a in held.iter().filter(|one| one.partner == from) {
        let beside = |other: &&Held| other.partner == to && other.place == a.place;
        for b in held.iter().filter(beside) {
            if days.meet(a.key, b.key) == Some(true) || (a.live && b.live) {
                twice.extend([a.id.clone(), b.id.clone()]);
            }
        }
    }
    Ok(twice)
}

/// Moves everything that names `row` to `into`.
pub(super) fn move_all(
    conn: &mut DbConn,
    ctx: &Ctx,
    row: &PartnerRow,
    into: &PartnerRow,
) -> Result<(), Problem> {
    relations(conn, ctx, row.id, into.id)?;
    parties(conn, row, into)?;
    lifecycle::store::move_partner(conn, row.id, into.id)?;
    places(conn, row.id, into.id)?;
    participants(conn, row.id, into.id)?;
    words(conn, ctx.today(), row, into)?;
    diesel::update(citations::table.filter(citations::record.eq(&row.public_id)))
        .set((
            citations::record.eq(&into.public_id),
            versioned!(citations, citations::version, ctx),
        ))
        .execute(conn)?;
    office(conn, row, into)?;
    Ok(())
}

/// Relations: those that would then say nothing, or what another one says already, are removed; 422 when a
/// succession would lead in a circle.
fn relations(conn: &mut DbConn, ctx: &Ctx, from: i64, to: i64) -> Result<(), Problem> {
    use partner_relations as r;
    let rows: Vec<RelationRow> = r::table
        .filter(r::from_id.eq(from).or(r::to_id.eq(from)))
        .order(r::id)
        .select(columns_of::<RelationRow>())
        .load(conn)?;
    for row in rows {
        let moved = |end: i64| if end == from { to } else { end };
        let (earlier, later) = (moved(row.from_id), moved(row.to_id));
        let known = relation::recorded(conn, earlier, later, row.type_)?;
        if earlier == later || known.is_some() {
            diesel::delete(r::table.find(row.id)).execute(conn)?;
            relation::log(conn, ctx, ChangeOp::Withdrawn, row, None)?;
        } else {
            diesel::update(r::table.find(row.id))
                .set((r::from_id.eq(earlier), r::to_id.eq(later)))
                .execute(conn)?;
        }
    }
    let next: Vec<i64> = r::table
        .filter(r::from_id.eq(to))
        .filter(r::type_.eq(RelationType::Successor))
        .select(r::to_id)
        .load(conn)?;
    for successor in next {
        if relation::leads_to(conn, successor, to)? {
            return Err(Problem::new(Code::ValidationFailed).field(
                "/into",
                "cycle",
                "one of the two came out of the other, through a third",
            ));
        }
    }
    Ok(())
}

/// The office of the one becomes that of the other: its keys, its members, its drafts and what waits
/// for a decision.
fn office(conn: &mut DbConn, row: &PartnerRow, into: &PartnerRow) -> QueryResult<()> {
    let (from, to) = (&row.public_id, &into.public_id);
    renamed!(conn, from => to; api_keys.organisation, suggestions.office, documents.office);
    diesel::update(suggestions::table.filter(suggestions::target.eq(from)))
        .set((
            suggestions::target.eq(to),
            // Its version was one of the other partner.
            suggestions::base_version.eq(None::<i32>),
        ))
        .execute(conn)?;
    renamed!(conn, from.as_str() => to.as_str(); changes.audience);
    for role in [Role::Editor, Role::Approver, Role::Registrar, Role::Admin] {
        let of = |office: &PublicId| Author::new(role, Some(office.clone()));
        let (from, to) = (of(from), of(to));
        drafts(conn, &from, &to)?;
        renamed!(conn, &from => &to; suggestions.proposed_by, lifecycle_events.recorded_by);
    }
    let find = |conn: &mut DbConn, key: i64| -> QueryResult<Option<i64>> {
        find_row!(organisations, conn, organisations::partner_id.eq(key) => organisations::id)
    };
    let Some(old) = find(conn, row.id)? else {
        return Ok(());
    };
    let Some(new) = find(conn, into.id)? else {
        renamed!(conn, row.id => into.id; organisations.partner_id);
        return Ok(());
    };
    use user_roles as r;
    let held = "EXISTS (SELECT 1 FROM user_roles o WHERE o.user_id = user_roles.user_id \
                AND o.role = user_roles.role AND o.organisation_id = ?)";
    let held = Condition::of(held, [new.into()]);
    diesel::delete(r::table.filter(r::organisation_id.eq(old)).filter(held)).execute(conn)?;
    renamed!(conn, old => new; r.organisation_id);
    diesel::delete(organisations::table.find(old))
        .execute(conn)
        .map(|_| ())
}

/// A draft belongs to the office that began it.
fn drafts(conn: &mut DbConn, from: &Author, to: &Author) -> QueryResult<()> {
    macro_rules! of {
        ($($table:ident),+) => {$(
            diesel::update($table::table)
                .filter($table::record_state.eq(RecordState::Draft))
                .filter($table::created_by.eq(from))
                .set($table::created_by.eq(to))
                .execute(conn)?;
        )+};
    }
    of!(
        partners,
        agreements,
        networks,
        memberships,
        activities,
        sources,
        documents
    );
    Ok(())
}

/// Parties keep the name the paper has. A withdrawn agreement in which both are parties keeps both.
fn parties(conn: &mut DbConn, row: &PartnerRow, into: &PartnerRow) -> QueryResult<()> {
    use agreement_parties as p;
    let both: Vec<i64> = agreements::table
        .filter(of_both(row.id, into.id))
        .select(agreements::id)
        .load(conn)?;
    let moving = || {
        p::table
            .filter(p::partner_id.eq(row.id))
            .filter(p::agreement_id.ne_all(&both))
    };
    if row.name != into.name {
        diesel::update(moving().filter(p::name_at_signing.is_null()))
            .set(p::name_at_signing.eq(Some(&row.name)))
            .execute(conn)?;
    }
    diesel::update(moving())
        .set(p::partner_id.eq(into.id))
        .execute(conn)
        .map(|_| ())
}

/// Memberships, seats, places and what it hosts; and what was merged into it before (I4).
fn places(conn: &mut DbConn, from: i64, to: i64) -> QueryResult<()> {
    use memberships as m;
    renamed!(conn, from => to;
        m.partner_id,
        m.via_partner_id,
        networks.seat_partner_id,
        activities.place_partner_id,
        partners.host_id,
        partners.merged_into);
    // A partner is no member through itself.
    diesel::update(m::table.filter(m::partner_id.eq(to).and(m::via_partner_id.eq(to))))
        .set(m::via_partner_id.eq(None::<i64>))
        .execute(conn)?;
    // The address of a contact is below that of its partner.
    diesel::update(contacts::table.filter(contacts::partner_id.eq(from)))
        .set((
            contacts::partner_id.eq(to),
            contacts::version.eq(contacts::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// One row of a participant that both were, in the same role and with the same words, stays.
fn participants(conn: &mut DbConn, from: i64, to: i64) -> QueryResult<()> {
    use activity_participants as p;
    let twice = "EXISTS (SELECT 1 FROM activity_participants o \
                 WHERE o.activity_id = activity_participants.activity_id \
                 AND o.role = activity_participants.role \
                 AND COALESCE(o.office, '') = COALESCE(activity_participants.office, '') \
                 AND COALESCE(o.name, '') = COALESCE(activity_participants.name, '') \
                 AND o.partner_id = ?)";
    let twice = Condition::of(twice, [to.into()]);
    diesel::delete(p::table.filter(p::partner_id.eq(from)).filter(twice)).execute(conn)?;
    renamed!(conn, from => to; p.partner_id);
    Ok(())
}

/// Names and identifiers: 409 when the partner that stays would guard a code of a place that another
/// one has taken over.
fn words(
    conn: &mut DbConn,
    today: NaiveDate,
    row: &PartnerRow,
    into: &PartnerRow,
) -> Result<(), Problem> {
    let ids = [row.public_id.clone(), into.public_id.clone()];
    let mut named = names::of_records(conn, &ids)?;
    let mut of = |id: &PublicId| named.remove(id).unwrap_or_default();
    let all = super::joined(of(&into.public_id), of(&row.public_id));
    names::store(conn, &row.public_id, &[])?;
    names::store(conn, &into.public_id, &all)?;
    let mut known = identifiers::of_records(conn, &ids)?;
    let mut all = known.remove(&into.public_id).unwrap_or_default();
    for identifier in known.remove(&row.public_id).unwrap_or_default() {
        if !all.contains(&identifier) {
            all.push(identifier);
        }
    }
    let none = row.guard(RecordState::Merged, today);
    identifiers::store(conn, &row.public_id, &[], none)?;
    let guard = into.guard(RecordState::Published, today);
    identifiers::not_taken(conn, Some(&into.public_id), guard, today, &all)?;
    identifiers::store(conn, &into.public_id, &all, guard)?;
    Ok(())
}
