//! The row of a record: what is the same in the tables of all kinds.

use diesel::QueryResult;

use crate::changes::Ctx;
use crate::changes::records::Head;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::listing::{Key, Listed};
use crate::http::respond::Validator;

/// Where a row stands, and enough to know whether what is kept of it is good.
pub type Stamp = (RecordState, Key);

/// A row with the columns of a record, written by [`record_row!`](crate::record_row).
pub trait Row: Listed + Sized + Clone + Send + 'static {
    /// The row of this id, in whatever state.
    fn find(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<Self>>;

    /// Where the row of this id stands, without reading it.
    fn stamp(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<Stamp>>;

    /// The rows of these internal keys, in any order.
    fn by_keys(conn: &mut DbConn, keys: &[i64]) -> QueryResult<Vec<Self>>;

    /// The rows of these ids, in any order.
    fn by_ids(conn: &mut DbConn, ids: &[PublicId]) -> QueryResult<Vec<Self>>;

    /// How often it was changed; 1 when it was created.
    fn version(&self) -> i32;

    /// Draft, published, withdrawn or merged.
    fn state(&self) -> RecordState;

    /// The strong validator of the item (RFC 9110).
    fn etag(&self) -> String {
        self.validator(false).etag
    }

    /// Where it stands for readers.
    fn head(&self) -> Head;

    /// What identifies the item, alone or with what is embedded.
    fn validator(&self, embeds: bool) -> Validator;

    /// Puts it, as it was read, into the state of the context, with the reason of its withdrawal; `false` when
    /// somebody was faster.
    fn change_state(&self, conn: &mut DbConn, ctx: &Ctx, reason: Option<&str>)
    -> QueryResult<bool>;
}

/// What only the rows of one kind say.
pub trait Columns {
    /// Its value for a sort key other than the times that all records have.
    fn own_sort_value(&self, key: &str, descending: bool) -> String;

    /// Whether its item shows what other records say, so that it changes without a version.
    fn shows_others(&self) -> bool {
        true
    }
}

/// The row of a kind of record, with its own columns behind those that all records have.
///
/// The queries that are the same for all kinds are functions of the room's store, and [`Row`] by them; the
/// room adds its [`Columns`].
#[macro_export]
macro_rules! record_row {
    (
        $(#[$about:meta])*
        $table:ident => $row:ident { $($(#[$column_about:meta])* $column:ident: $type:ty,)+ }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, diesel::Queryable, diesel::Selectable)]
        #[diesel(table_name = $table)]
        pub struct $row {
            pub(crate) id: i64,
            pub(crate) public_id: $crate::core::ids::PublicId,
            pub(crate) record_state: $crate::core::vocabulary::record::RecordState,
            pub(crate) version: i32,
            pub(crate) rev: i64,
            pub(crate) created_at: chrono::NaiveDateTime,
            pub(crate) updated_at: chrono::NaiveDateTime,
            pub(crate) created_by: $crate::core::author::Author,
            pub(crate) updated_by: $crate::core::author::Author,
            pub(crate) withdrawn_reason: Option<String>,
            $($(#[$column_about])* pub(crate) $column: $type,)+
        }

        impl $row {
            /// The strong validator of the item.
            pub fn etag(&self) -> String {
                $crate::records::Row::etag(self)
            }
        }

        impl $crate::http::listing::Listed for $row {
            fn id(&self) -> i64 {
                self.id
            }

            fn public_id(&self) -> &$crate::core::ids::PublicId {
                &self.public_id
            }

            fn sort_value(&self, key: &str, descending: bool) -> String {
                match key {
                    "created_at" => $crate::db::keyset::time(self.created_at),
                    "updated_at" => $crate::db::keyset::time(self.updated_at),
                    _ => $crate::records::Columns::own_sort_value(self, key, descending),
                }
            }
        }

        /// The record of this id, whatever its state.
        pub fn find(
            conn: &mut $crate::db::DbConn,
            id: &$crate::core::ids::PublicId,
        ) -> diesel::QueryResult<Option<$row>> {
            use $crate::db::prepared::Prepare as _;
            $table::table
                .filter($table::public_id.eq(id))
                .select($crate::db::columns_of::<$row>())
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
                .select($crate::db::columns_of::<$row>())
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
            ) -> diesel::QueryResult<Option<$crate::records::Stamp>> {
                use $crate::db::prepared::Prepare as _;
                $table::table
                    .filter($table::public_id.eq(id))
                    .select((
                        $table::record_state,
                        ($table::id, $table::version, $table::rev),
                    ))
                    .prepared()
                    .get_result(conn)
                    .optional()
            }

            fn by_keys(
                conn: &mut $crate::db::DbConn,
                keys: &[i64],
            ) -> diesel::QueryResult<Vec<Self>> {
                by_keys(conn, keys)
            }

            fn by_ids(
                conn: &mut $crate::db::DbConn,
                ids: &[$crate::core::ids::PublicId],
            ) -> diesel::QueryResult<Vec<Self>> {
                $table::table
                    .filter($table::public_id.eq_any(ids))
                    .select($crate::db::columns_of::<$row>())
                    .load(conn)
            }

            fn version(&self) -> i32 {
                self.version
            }

            fn state(&self) -> $crate::core::vocabulary::record::RecordState {
                self.record_state
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

            fn validator(&self, embeds: bool) -> $crate::http::respond::Validator {
                use $crate::http::respond::Validator;
                let at = self.updated_at.and_utc();
                if embeds || $crate::records::Columns::shows_others(self) {
                    Validator::version_rev(self.version, self.rev, at)
                } else {
                    Validator::version(self.version, at)
                }
            }

            fn change_state(
                &self,
                conn: &mut $crate::db::DbConn,
                ctx: &$crate::changes::Ctx,
                reason: Option<&str>,
            ) -> diesel::QueryResult<bool> {
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
        }
    };
}

/// Inserts the row of a new record, with these values beside the columns that all records have.
#[macro_export]
macro_rules! insert_row {
    ($table:ident => $row:ident, $conn:expr, $ctx:expr, $id:expr, $values:expr) => {{
        use $crate::db::prepared::Prepare as _;
        diesel::insert_into($table::table)
            .values(($crate::inserted!($table, $id, $ctx), $values))
            .prepared()
            .execute($conn)?;
        // `RETURNING` costs SQLite a table of its own, which is more than finding the row.
        find($conn, $id)?.ok_or(diesel::NotFound)
    }};
}

/// The row of a record that was just inserted, made of what was stored: `find` reads forty columns back, which is a
/// twentieth of recording an agreement.
#[macro_export]
macro_rules! stored_row {
    ($table:ident => $row:ident, $conn:expr, $ctx:expr, $id:expr, { $($own:tt)+ }) => {{
        use $crate::db::prepared::Prepare as _;
        let id = $table::table
            .filter($table::public_id.eq(&$id))
            .select($table::id)
            .prepared()
            .get_result($conn)?;
        $row {
            id,
            public_id: $id,
            record_state: $ctx.state,
            version: 1,
            created_at: $ctx.at(),
            updated_at: $ctx.at(),
            created_by: $ctx.author.clone(),
            updated_by: $ctx.author.clone(),
            withdrawn_reason: None,
            $($own)+
        }
    }};
}

/// Changes the row of a record as it was read, with its version; `None` when somebody was faster.
#[macro_export]
macro_rules! update_row {
    ($table:ident => $row:ident, $conn:expr, $ctx:expr, $before:expr, $values:expr) => {
        $crate::change_row!($table => $row, $conn, $before, ($crate::updated!($table, $before, $ctx), $values))
    };
}
