//! The row of a record: what is the same in the tables of all kinds.

use diesel::QueryResult;

use super::Standing;
use crate::changes::Ctx;
use crate::changes::records::Head;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::listing::{Key, Listed};

/// A row with the columns of a record, written by [`record_row!`](crate::record_row).
pub trait Row: Listed + Sized + Clone + Send + 'static {
    /// The row of this id, in whatever state.
    fn find(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<Self>>;

    /// Where the row of this id stands, without reading it.
    fn stamp(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<(RecordState, Key)>>;

    /// The rows of these internal keys, in any order.
    fn by_keys(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<Self>>;

    /// Where it stands.
    fn standing(&self) -> Standing;

    /// Where it stands for readers.
    fn head(&self) -> Head;

    /// Withdraws it as it was read; `false` when somebody was faster.
    fn withdraw(&self, conn: &mut DbConn, ctx: &Ctx, reason: Option<&str>) -> QueryResult<bool>;

    /// Undoes its withdrawal: it stands in the state of the context; `false` when somebody was faster.
    fn restore(&self, conn: &mut DbConn, ctx: &Ctx) -> QueryResult<bool>;
}

/// The queries that are the same for all kinds, as functions of the room's store, and [`Row`] by them.
#[macro_export]
macro_rules! record_row {
    ($table:ident => $row:ident) => {
        /// The record of this id, whatever its state.
        pub fn find(
            conn: &mut $crate::db::DbConn,
            id: &$crate::core::ids::PublicId,
        ) -> diesel::QueryResult<Option<$row>> {
            use $crate::db::prepared::Prepare as _;
            $table::table
                .filter($table::public_id.eq(id))
                .select($row::as_select())
                .prepared()
                .get_result(conn)
                .optional()
        }

        /// The records of these internal keys.
        pub fn by_keys(
            conn: &mut $crate::db::DbConn,
            keys: &[i64],
        ) -> diesel::QueryResult<Vec<$row>> {
            $table::table
                .filter($table::id.eq_any(keys))
                .select($row::as_select())
                .load(conn)
        }

        /// The records of these ids.
        pub fn by_ids(
            conn: &mut $crate::db::DbConn,
            ids: &[$crate::core::ids::PublicId],
        ) -> diesel::QueryResult<Vec<$row>> {
            $table::table
                .filter($table::public_id.eq_any(ids))
                .select($row::as_select())
                .load(conn)
        }

        impl $crate::records::Row for $row {
            fn find(
                conn: &mut $crate::db::DbConn,
                id: &$crate::core::ids::PublicId,
            ) -> diesel::QueryResult<Option<Self>> {
                find(conn, id)
            }

            fn stamp(
                conn: &mut $crate::db::DbConn,
                id: &$crate::core::ids::PublicId,
            ) -> diesel::QueryResult<
                Option<(
                    $crate::core::vocabulary::record::RecordState,
                    $crate::http::listing::Key,
                )>,
            > {
                use $crate::db::prepared::Prepare as _;
                let found = $table::table
                    .filter($table::public_id.eq(id))
                    .select((
                        $table::record_state,
                        $table::id,
                        $table::version,
                        $table::rev,
                    ))
                    .prepared()
                    .get_result(conn)
                    .optional()?;
                Ok(found.map(|(state, id, version, rev)| {
                    (state, $crate::http::listing::Key { id, version, rev })
                }))
            }

            fn by_keys(
                conn: &mut $crate::db::DbConn,
                keys: &[i64],
            ) -> diesel::QueryResult<Vec<Self>> {
                by_keys(conn, keys)
            }

            fn standing(&self) -> $crate::records::Standing {
                $crate::records::Standing {
                    version: self.version,
                    state: self.record_state,
                    etag: self.etag(),
                }
            }

            fn head(&self) -> $crate::changes::records::Head {
                $crate::changes::records::Head {
                    id: self.id,
                    state: self.record_state,
                    version: self.version,
                    created_by: self.created_by.clone(),
                    withdrawn_reason: self.withdrawn_reason.clone(),
                }
            }

            fn withdraw(
                &self,
                conn: &mut $crate::db::DbConn,
                ctx: &$crate::changes::Ctx,
                reason: Option<&str>,
            ) -> diesel::QueryResult<bool> {
                let ctx = ctx.with_state($crate::core::vocabulary::record::RecordState::Withdrawn);
                let changed = diesel::update($table::table)
                    .filter($table::id.eq(self.id))
                    .filter($table::version.eq(self.version))
                    .set((
                        $table::withdrawn_reason.eq(reason),
                        $crate::updated!($table, self, ctx),
                    ))
                    .execute(conn)?;
                Ok(changed == 1)
            }

            fn restore(
                &self,
                conn: &mut $crate::db::DbConn,
                ctx: &$crate::changes::Ctx,
            ) -> diesel::QueryResult<bool> {
                let withdrawn = $crate::core::vocabulary::record::RecordState::Withdrawn;
                let changed = diesel::update($table::table)
                    .filter($table::id.eq(self.id))
                    .filter($table::version.eq(self.version))
                    .filter($table::record_state.eq(withdrawn))
                    .set((
                        $table::withdrawn_reason.eq(None::<&str>),
                        $crate::updated!($table, self, ctx),
                    ))
                    .execute(conn)?;
                Ok(changed == 1)
            }
        }
    };
}
