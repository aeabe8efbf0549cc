//! The number of the last change while a write runs: read once when it begins, counted in memory, and stored once
//! when it ends, however many changes it makes and however often it asks for the next number: on the server engine each
//! of these would be a way there and back.
//!
//! Where nothing is done around writes, the row in the database counts at once.

use std::cell::Cell;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Timestamp};

use crate::db::prepared::Prepare as _;
use crate::db::schema::registry_meta;
use crate::db::{self, Backend, DbConn, Error};

/// How far the changes have come.
#[derive(Debug, Clone, Copy, Queryable, QueryId)]
struct Counter {
    /// The number of the last change.
    seq: i64,
    /// That of the last that everyone may read.
    public_seq: i64,
    /// When the last one was made.
    last_at: Option<NaiveDateTime>,
}

/// The counter of the write that runs on this thread.
#[derive(Debug, Clone, Copy)]
struct Running {
    counter: Counter,
    /// As it was before the write.
    before: Counter,
}

thread_local! {
    static RUNNING: Cell<Option<Running>> = const { Cell::new(None) };
}

/// Makes a counter the registry's. Every write does, and diesel prepares an UPDATE of its own anew each time: this
/// one stays prepared.
impl QueryFragment<Backend> for Counter {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("UPDATE registry_meta SET seq = ");
        out.push_bind_param::<BigInt, _>(&self.seq)?;
        out.push_sql(", public_seq = ");
        out.push_bind_param::<BigInt, _>(&self.public_seq)?;
        out.push_sql(", last_at = ");
        out.push_bind_param::<diesel::sql_types::Nullable<Timestamp>, _>(&self.last_at)?;
        out.push_sql(" WHERE id = 1");
        Ok(())
    }
}

impl RunQueryDsl<DbConn> for Counter {}

impl Counter {
    fn read(conn: &mut DbConn) -> QueryResult<Self> {
        use registry_meta as r;
        r::table
            .select((r::seq, r::public_seq, r::last_at))
            .prepared()
            .get_result(conn)
    }

    /// Counts one more change.
    fn count(&mut self, at: NaiveDateTime, public: bool) -> i64 {
        self.seq += 1;
        self.last_at = Some(at);
        if public {
            self.public_seq = self.seq;
        }
        self.seq
    }
}

/// Begins to count for the write that now runs on this thread: nobody else writes.
pub(super) fn begin(conn: &mut DbConn) -> QueryResult<()> {
    let counter = Counter::read(conn)?;
    let before = counter;
    RUNNING.set(Some(Running { counter, before }));
    Ok(())
}

/// Stores what was counted; nothing more is counted by this write.
pub(super) fn end(conn: &mut DbConn) -> QueryResult<()> {
    match RUNNING.take() {
        Some(Running { counter, before }) if counter.seq > before.seq => {
            counter.execute(conn).map(drop)
        }
        _ => Ok(()),
    }
}

/// The time no change of the write that runs on this thread may be before: that of the last change before it.
pub(super) fn not_before() -> Option<NaiveDateTime> {
    RUNNING.get().and_then(|running| running.before.last_at)
}

/// The number the next change will have. Nothing else writes while a write transaction runs.
pub fn next_revision(conn: &mut DbConn) -> QueryResult<i64> {
    match RUNNING.get() {
        Some(running) => Ok(running.counter.seq + 1),
        None => Ok(db::revision(conn)? + 1),
    }
}

/// Takes the next number for a change made at this time, and which everyone may read or not.
pub(super) fn take(conn: &mut DbConn, at: NaiveDateTime, public: bool) -> QueryResult<i64> {
    if let Some(mut running) = RUNNING.get() {
        let seq = running.counter.count(at, public);
        RUNNING.set(Some(running));
        return Ok(seq);
    }
    let mut counter = Counter::read(conn)?;
    let seq = counter.count(at, public);
    counter.execute(conn)?;
    Ok(seq)
}

/// Runs a part of a write so that its failure undoes only that part, its numbers too.
pub fn savepoint<T, E: From<Error>>(
    conn: &mut DbConn,
    f: impl FnOnce(&mut DbConn) -> Result<T, E>,
) -> Result<T, E> {
    let before = RUNNING.get();
    let result = db::savepoint(conn, f);
    if result.is_err() {
        RUNNING.set(before);
    }
    result
}
