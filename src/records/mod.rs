//! What every kind of record can do, once: a room says in [`Record`] what is its own.
//!
//! This room knows no partner and no agreement. The list of kinds is [`crate::kinds::KINDS`].

mod any;
mod apply;
mod create;
mod export;
mod filter;
mod fragments;
pub mod list_options;
pub mod read;
mod readable;
mod routes;
mod row;
pub mod views;
mod write;

use diesel::QueryResult;
use serde_json::Value;

use crate::changes::{self, Change, Ctx};
use crate::core::ids::Kind;
use crate::core::vocabulary::record::{ChangeOp, Entity, KeyScope};
use crate::db::{DbConn, json};
use crate::http::extract::Viewer;
use crate::http::listing::Listed;
use crate::http::problem::Problem;

pub use any::AnyRecord;
pub use apply::{listed, seen, visible};
pub use create::{Creatable, Named, Wanted, agreed, create_as};
pub use read::parts;
pub use readable::{Filter, Readable, Show};
pub use routes::{CreationRoute, RecordRoutes, Routed, creation, routes};
pub use row::{Columns, Row, Stamp};
pub use write::{editable, step};

/// A kind of record: what it is called, and how it is kept.
pub trait Record: 'static {
    /// What the log calls it.
    const ENTITY: Entity;
    /// What its ids name.
    const KIND: Kind = Self::ENTITY.kind();
    /// What one is called: `agreement`.
    const NAME: &'static str;
    /// Its collection in addresses: `agreements`.
    const COLLECTION: &'static str = match Self::KIND.collection() {
        Some(collection) => collection,
        None => Self::NAME,
    };
    /// What a limited key needs to write it.
    const SCOPE: KeyScope;
    /// Its row.
    type Row: Row;

    /// 404 when `viewer` may not see it, 410 with the reason when it is withdrawn.
    fn must_see(conn: &mut DbConn, viewer: &Viewer, row: &Self::Row) -> Result<(), Problem> {
        row.head().must_be_seen(conn, viewer, row.public_id())
    }

    /// The record as the log of changes keeps it: as lists show it to everybody.
    fn logged(conn: &mut DbConn, row: &Self::Row) -> QueryResult<Value>
    where
        Self: Readable,
    {
        let everybody = Viewer::default();
        let show = Show::plain(&everybody);
        json::only(&Self::views(conn, vec![row.clone()], &show)?)
    }

    /// The record as its item shows it to whoever writes.
    fn item(conn: &mut DbConn, _: &Ctx, row: &Self::Row) -> Result<Value, Problem>
    where
        Self: Readable,
    {
        let everybody = Viewer::default();
        let show = Show {
            item: true,
            ..Show::plain(&everybody)
        };
        Ok(json::only(&Self::views(conn, vec![row.clone()], &show)?)?)
    }

    /// Gives what shows the record a new representation at revision `rev`.
    fn mark_dependents_changed(_: &mut DbConn, _row: &Self::Row, _rev: i64) -> QueryResult<()> {
        Ok(())
    }
}

/// A kind of record with this row, which a key of this scope may write; what it does otherwise than others stands
/// in braces.
#[macro_export]
macro_rules! record {
    (
        $(#[$about:meta])*
        $kind:ident: $name:literal, $scope:ident => $row:ty $({ $($own:tt)+ })?
    ) => {
        $(#[$about])*
        #[derive(Debug)]
        pub struct $kind;

        impl $crate::records::Record for $kind {
            const ENTITY: $crate::core::vocabulary::record::Entity =
                $crate::core::vocabulary::record::Entity::$kind;
            const NAME: &'static str = $name;
            const SCOPE: $crate::core::vocabulary::record::KeyScope =
                $crate::core::vocabulary::record::KeyScope::$scope;
            type Row = $row;
            $($($own)+)?
        }
    };
}

/// Logs a change of a record, and gives what shows it a new representation; the record as the log
/// keeps it.
pub fn log<R: Readable>(
    conn: &mut DbConn,
    ctx: &Ctx,
    op: ChangeOp,
    before: Option<&Value>,
    row: &R::Row,
    reason: Option<&str>,
) -> QueryResult<Value> {
    let after = R::logged(conn, row)?;
    let rev = append::<R>(conn, ctx, op, (before, &after), row, reason)?;
    if op != ChangeOp::Created {
        R::mark_dependents_changed(conn, row, rev)?;
    }
    Ok(after)
}

/// Appends a change of a record to the log, as it was before and as it now is; its revision.
pub fn append<R: Record>(
    conn: &mut DbConn,
    ctx: &Ctx,
    op: ChangeOp,
    (before, after): (Option<&Value>, &Value),
    row: &R::Row,
    reason: Option<&str>,
) -> QueryResult<i64> {
    let version = (row.public_id(), row.version());
    let change = Change::of(R::ENTITY, version, before, after);
    changes::record(conn, ctx, &change.with_op(op, reason))
}

/// What is done to records of a kind. Who may do it, and whether that has to wait, is asked before; all
/// of this happens inside the write transaction.
pub trait Editable: Readable {
    /// The partner among whose records the patch would put this one: its office has to agree.
    fn new_holder(
        _: &mut DbConn,
        _: &Ctx,
        _: &Self::Row,
        _patch: &Value,
    ) -> Result<Option<i64>, Problem> {
        Ok(None)
    }

    /// Applies a merge patch (RFC 7396) to what a caller may set, checks every rule and logs the change.
    fn change(
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &Self::Row,
        patch: &Value,
    ) -> Result<Self::Row, Problem>;

    /// What must hold, or end, before it is withdrawn.
    fn before_withdraw(_: &mut DbConn, _: &Ctx, _: &Self::Row) -> Result<(), Problem> {
        Ok(())
    }

    /// What goes with it, before the withdrawal is logged; `row` is as it was.
    fn after_withdraw(_: &mut DbConn, _: &Ctx, _row: &Self::Row) -> Result<(), Problem> {
        Ok(())
    }

    /// What must hold before it comes back: what guards a new record guards this one.
    fn before_restore(_: &mut DbConn, _: &Ctx, _: &Self::Row) -> Result<(), Problem> {
        Ok(())
    }

    /// What comes back with it, before the restoration is logged; `row` is as it was.
    fn after_restore(_: &mut DbConn, _: &Ctx, _row: &Self::Row) -> Result<(), Problem> {
        Ok(())
    }
}
