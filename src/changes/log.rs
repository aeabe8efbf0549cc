//! Appending to the log.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use serde_json::Value;

use super::{Ctx, history};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, Entity};
use crate::db::schema::{changes, registry_meta};
use crate::db::{Backend, DbConn};

/// What happened to a record.
#[derive(Debug)]
pub struct Change<'a> {
    /// Its collection.
    pub entity: Entity,
    /// The record.
    pub id: &'a PublicId,
    /// What was done.
    pub op: ChangeOp,
    /// The record's version after it.
    pub version: i32,
    /// The record as it was; nothing when it was created. The patch is made against what the log
    /// says it was: what a record shows of others may have changed since.
    pub before: Option<&'a Value>,
    /// The record as it is, without names of persons.
    pub after: &'a Value,
    /// Why, in the words of whoever did it.
    pub reason: Option<&'a str>,
}

/// The registry's revision: the number of the last change.
pub fn revision(conn: &mut DbConn) -> QueryResult<i64> {
    registry_meta::table.select(registry_meta::seq).first(conn)
}

/// The number the next change will have. Nothing else writes while a write transaction runs.
pub fn upcoming(conn: &mut DbConn) -> QueryResult<i64> {
    Ok(revision(conn)? + 1)
}

/// Takes the next number. Every write does, and diesel prepares an UPDATE of its own anew each time:
/// this one stays prepared.
#[derive(Debug, Clone, Copy, QueryId)]
struct TakeNumber;

impl QueryFragment<Backend> for TakeNumber {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("UPDATE registry_meta SET seq = seq + 1 RETURNING seq");
        Ok(())
    }
}

impl Query for TakeNumber {
    type SqlType = BigInt;
}

impl RunQueryDsl<DbConn> for TakeNumber {}

/// Appends the change under the next number, which is returned. Patches compose: those of a record,
/// applied from the first to any other, give the record as it was after that one.
pub fn record(conn: &mut DbConn, ctx: &Ctx, change: &Change<'_>) -> QueryResult<i64> {
    let seq: i64 = TakeNumber.get_result(conn)?;
    let known = match change.before {
        Some(_) => history::logged(conn, change.id)?,
        None => None,
    };
    let patch = match &known {
        Some(known) => json_patch::diff(known, change.after),
        None => history::whole(change.after),
    };
    diesel::insert_into(changes::table)
        .values((
            changes::seq.eq(seq),
            changes::entity.eq(change.entity),
            changes::record.eq(change.id),
            changes::op.eq(change.op),
            changes::version.eq(change.version),
            changes::actor.eq(&ctx.author),
            changes::actor_key.eq(&ctx.key),
            changes::at.eq(ctx.now.naive_utc()),
            changes::patch.eq(history::text(&patch)?),
            changes::reason.eq(change.reason),
            changes::request_id.eq(&ctx.request_id),
        ))
        .execute(conn)?;
    Ok(seq)
}
