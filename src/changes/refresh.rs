//! What a record shows of others changes without a write of its own: the one place that tells the feed.
//!
//! While a write runs, whatever may be shown otherwise afterwards is noted here: by the log itself, from
//! [`TIES`], and by rooms with [`mark`]. At the end of the write, inside its transaction, each noted
//! record is shown once and compared with what the log says of it. Where they differ, one entry
//! `refreshed` brings the log into step. So whoever follows the feed has what lists show.
//!
//! This room stands on the left of all rooms of nouns: they are registered here with [`install`].

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;

use super::log::{self, Change};
use super::records::in_table_of;
use super::ties::{CITED, PARTIES, TIES, settable};
use super::{Ctx, counter, history, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::{ChangeOp, Entity, RecordState, Role};
use crate::db::condition::{Condition, rows};
use crate::db::schema::{
    activities, agreements, changes, documents, memberships, networks, partners, registry_meta,
    sources,
};
use crate::db::{self, DbConn};

/// A record as lists show it to whoever may see it, without `lang`, `fields`, `include` and `as_of`.
#[derive(Debug)]
pub struct Shown {
    /// The record.
    pub id: PublicId,
    /// Its version.
    pub version: i32,
    /// Where it stands; of a part such as a citation, where the record stands that it belongs to.
    pub state: RecordState,
    /// What lists show; null when they do not show it.
    pub value: Value,
}

impl Shown {
    /// A record of which lists show this view.
    pub fn of(
        id: PublicId,
        version: i32,
        state: RecordState,
        view: &impl serde::Serialize,
    ) -> QueryResult<Self> {
        let value = db::json::shown(view)?;
        Ok(Self {
            id,
            version,
            state,
            value,
        })
    }
}

/// Shows those of these records that there are.
pub type Show = fn(&mut DbConn, &[PublicId]) -> QueryResult<Vec<Shown>>;

/// How the records of a kind are shown.
#[derive(Debug)]
pub struct Kindred {
    /// What the log calls them.
    pub entity: Entity,
    /// Shows those of these records that there are.
    pub show: Show,
}

static KINDS: OnceLock<&'static [Kindred]> = OnceLock::new();

/// Registers how the records of all kinds are shown, once for the process: from then on every write
/// tells the feed what it changed beside its own records.
pub fn install(kinds: &'static [Kindred]) {
    // Registered again, they are the same.
    KINDS.get_or_init(|| kinds);
    db::hook_writes(db::WriteHooks { begin, end });
}

/// What the write that runs on this thread has noted.
#[derive(Default)]
struct Running {
    marks: BTreeSet<PublicId>,
    /// Who writes.
    ctx: Option<Ctx>,
}

thread_local! {
    /// A write runs on one thread from beginning to end. What is noted by a part of it that was undone
    /// does no harm: nothing differs.
    static RUNNING: RefCell<Running> = RefCell::default();
}

/// Notes that this record may be shown otherwise when the write is done.
pub fn mark(id: &PublicId) {
    RUNNING.with_borrow_mut(|running| {
        running.marks.insert(id.clone());
    });
}

/// [`mark`] by a write that may log nothing else, such as the daily work.
pub fn mark_by(ctx: &Ctx, id: &PublicId) {
    written_by(ctx);
    mark(id);
}

/// Notes who writes.
fn written_by(ctx: &Ctx) {
    RUNNING.with_borrow_mut(|running| {
        running.ctx.get_or_insert_with(|| ctx.clone());
    });
}

fn mark_found(conn: &mut DbConn, statement: &str, id: &PublicId) -> QueryResult<()> {
    let (before, after) = statement.split_once('$').unwrap_or((statement, ""));
    let condition = Condition::new(before).text(id.as_str()).sql(after);
    for found in rows::<Text, PublicId>(conn, condition)? {
        mark(&found);
    }
    Ok(())
}

/// Notes whoever shows a record of this kind, before it is moved out of their sight.
pub fn mark_shown_by(conn: &mut DbConn, entity: Entity, id: &PublicId) -> QueryResult<()> {
    for tie in TIES.iter().filter(|tie| tie.entity == entity) {
        for statement in tie.shown_by {
            mark_found(conn, statement, id)?;
        }
    }
    mark_found(conn, CITED, id)
}

/// Notes whoever shows this partner, or what stands in its place today.
pub fn mark_parties(conn: &mut DbConn, partner: &PublicId) -> QueryResult<()> {
    mark_found(conn, PARTIES, partner)
}

fn member<'a>(value: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    value?.get(name)
}

/// Notes whoever shows the record of this change.
pub(super) fn follow(
    conn: &mut DbConn,
    ctx: &Ctx,
    change: &Change<'_>,
    was: Option<&Value>,
) -> QueryResult<()> {
    if matches!(change.op, ChangeOp::Refreshed) {
        return Ok(());
    }
    written_by(ctx);
    let (was, is) = (was.or(change.before), Some(change.after));
    let differs = |name: &str| member(was, name) != member(is, name);
    for tie in TIES.iter().filter(|tie| tie.entity == change.entity) {
        if !tie.members.iter().any(|name| differs(name)) {
            continue;
        }
        for name in tie.named {
            for value in [was, is] {
                for id in ids(member(value, name)) {
                    mark(&id);
                }
            }
        }
        // Nobody shows a new record but another membership that it overlaps.
        if was.is_some() || tie.entity == Entity::Membership {
            for statement in tie.shown_by {
                mark_found(conn, statement, change.id)?;
            }
        }
    }
    if was.is_some() && differs("record_state") {
        mark_found(conn, CITED, change.id)?;
        for paper in records::papers(conn, change.id)? {
            mark(&paper);
        }
    }
    Ok(())
}

fn ids(member: Option<&Value>) -> Vec<PublicId> {
    let all = match member {
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    all.iter()
        .filter_map(|id| id.as_str()?.parse().ok())
        .collect()
}

fn begin(conn: &mut DbConn) -> QueryResult<()> {
    // What a write before this one left on the thread, and was undone, is not this one's.
    RUNNING.set(Running::default());
    counter::begin(conn)
}

/// How many records are shown together.
const TOGETHER: usize = 200;

fn end(conn: &mut DbConn) -> QueryResult<()> {
    tell_marked(conn)?;
    counter::end(conn)
}

/// Shows what was noted, and tells what differs: at the end of a write, or before it changes what the log says.
pub fn tell_marked(conn: &mut DbConn) -> QueryResult<()> {
    let marks = RUNNING.with_borrow_mut(|running| std::mem::take(&mut running.marks));
    let Some(kinds) = KINDS.get().filter(|_| !marks.is_empty()) else {
        return Ok(());
    };
    let ctx = RUNNING.with_borrow(|running| running.ctx.clone());
    let ctx = ctx.unwrap_or_else(|| {
        let at = counter::not_before().unwrap_or_default();
        Ctx::system(Role::Registrar, at.and_utc())
    });
    for kindred in *kinds {
        let of_kind: Vec<PublicId> = marks
            .iter()
            .filter(|id| id.kind() == kindred.entity.kind())
            .cloned()
            .collect();
        for together in of_kind.chunks(TOGETHER) {
            for shown in (kindred.show)(conn, together)? {
                tell(conn, &ctx, kindred, shown)?;
            }
        }
    }
    Ok(())
}

/// Writes the entry of one record, when the log says something else of it.
fn tell(conn: &mut DbConn, ctx: &Ctx, kindred: &Kindred, mut shown: Shown) -> QueryResult<()> {
    let Some(logged) = history::logged(conn, &shown.id)? else {
        return Ok(());
    };
    // What nobody else was told of has nothing to be taken back.
    if logged.hidden && shown.value.is_null() {
        return Ok(());
    }
    let entity = kindred.entity;
    let part = match entity {
        Entity::Citation => true,
        Entity::Contact | Entity::Document => records::is_open(&shown.value),
        _ => false,
    };
    let opened = logged.hidden && shown.state == RecordState::Published && part;
    if logged.value == shown.value && !opened {
        return Ok(());
    }
    let ctx = ctx.with_state(shown.state);
    if settable(entity, &logged.value) != settable(entity, &shown.value) {
        raise(conn, &ctx, &shown.id)?;
        if let Some(again) = (kindred.show)(conn, std::slice::from_ref(&shown.id))?.pop() {
            shown = again;
        }
    }
    let version = logged.value.get("version").and_then(Value::as_i64);
    let written = version.is_some_and(|version| version < i64::from(shown.version));
    let (id, before) = (&shown.id, Some(&logged.value));
    let change = Change {
        op: if written && !shown.value.is_null() {
            ChangeOp::Updated
        } else {
            ChangeOp::Refreshed
        },
        ..Change::of(entity, (id, shown.version), before, &shown.value)
    };
    let rev = log::append(conn, &ctx, &change, Some(&logged))?;
    shows_since(conn, &shown.id, rev)
}

/// Gives the record a new version, by whoever wrote the other one.
fn raise(conn: &mut DbConn, ctx: &Ctx, id: &PublicId) -> QueryResult<()> {
    macro_rules! raise {
        ($table:ident) => {
            diesel::update($table::table.filter($table::public_id.eq(id)))
                .set(crate::versioned!($table, $table::version, ctx))
                .execute(conn)
                .map(|_| ())
        };
    }
    in_table_of!(id.kind(), raise, else Ok(()))
}

/// Notes that the record is shown otherwise from this revision on.
pub fn shows_since(conn: &mut DbConn, id: &PublicId, rev: i64) -> QueryResult<()> {
    macro_rules! since {
        ($table:ident) => {{
            crate::show_anew!(conn, rev; $table: $table::public_id.eq(id));
        }};
    }
    in_table_of!(id.kind(), since, else {});
    Ok(())
}

/// How many records are compared in one transaction when a database is opened by a new release.
const BATCH: i64 = 500;

/// Compares the log with what records show, once for a database; `progress` is told how many it compared.
///
/// Of records that an older release let show something else, the log then says so too, and whoever follows
/// the feed can go on.
pub fn reconcile(db: &db::Db, ctx: &Ctx, mut progress: impl FnMut(usize)) -> Result<(), db::Error> {
    let done: bool = db.read_blocking(|conn| -> Result<_, db::Error> {
        Ok(registry_meta::table
            .select(registry_meta::reconciled)
            .first(conn)?)
    })?;
    if done {
        return Ok(());
    }
    let mut compared = 0;
    let mut behind = String::new();
    loop {
        let (after, by) = (behind.clone(), ctx.clone());
        let next: Vec<String> = db.write_blocking(move |conn| -> Result<_, db::Error> {
            let created = changes::op.eq(ChangeOp::Created);
            let next: Vec<PublicId> = changes::table
                .filter(changes::record.gt(&after))
                .filter(created.or(changes::op.eq(ChangeOp::Published)))
                .select(changes::record)
                .distinct()
                .order(changes::record)
                .limit(BATCH)
                .load(conn)?;
            for id in &next {
                mark_by(&by, id);
            }
            Ok(next.iter().map(ToString::to_string).collect())
        })?;
        compared += next.len();
        let Some(last) = next.last() else { break };
        behind.clone_from(last);
        progress(compared);
    }
    db.write_blocking(|conn| -> Result<_, db::Error> {
        diesel::update(registry_meta::table)
            .set(registry_meta::reconciled.eq(true))
            .execute(conn)?;
        Ok(())
    })
}
