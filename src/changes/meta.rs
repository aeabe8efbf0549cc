//! What every record carries beside its own fields.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;

/// A user, or a key that belongs to none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct Person {
    /// The id.
    #[schema(example = "usr_8x3k0q2m7t")]
    pub id: PublicId,
    /// What they are called.
    #[schema(example = "International relations office")]
    pub name: String,
}

/// Curation and authorship of a record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Meta {
    /// Where it stands in the care of the registry.
    #[schema(example = "published")]
    pub record_state: RecordState,
    /// Its version, from 1; part of the ETag.
    #[schema(example = 1, minimum = 1)]
    pub version: i32,
    /// When it was recorded.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub updated_at: DateTime<Utc>,
    /// Who recorded it.
    pub created_by: Author,
    /// Who last changed it.
    pub updated_by: Author,
    /// The person who recorded it: on the record itself, for its own office and registrars.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline = false)]
    pub created_by_person: Option<Person>,
    /// The person who last changed it: as above.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline = false)]
    pub updated_by_person: Option<Person>,
}

/// The columns every table of records has, read into a [`Meta`].
#[macro_export]
macro_rules! meta {
    ($row:expr) => {
        $crate::changes::Meta {
            record_state: $row.record_state,
            version: $row.version,
            created_at: $row.created_at.and_utc(),
            updated_at: $row.updated_at.and_utc(),
            created_by: $row.created_by.clone(),
            updated_by: $row.updated_by.clone(),
            created_by_person: None,
            updated_by_person: None,
        }
    };
}

/// The columns of [`Meta`] for a record that is being created.
#[macro_export]
macro_rules! inserted {
    ($table:ident, $id:expr, $ctx:expr) => {
        (
            $table::public_id.eq($id),
            $table::record_state.eq($ctx.state),
            $table::version.eq(1),
            $table::created_at.eq($ctx.at()),
            $table::updated_at.eq($ctx.at()),
            $table::created_by.eq(&$ctx.author),
            $table::updated_by.eq(&$ctx.author),
        )
    };
}

/// The columns of [`Meta`] for a record that is being changed.
#[macro_export]
macro_rules! updated {
    ($table:ident, $before:expr, $ctx:expr) => {
        (
            $table::record_state.eq($ctx.state),
            $crate::versioned!($table, $before.version, $ctx),
        )
    };
}

/// The columns of the version after this one, by whoever writes.
#[macro_export]
macro_rules! versioned {
    ($table:ident, $version:expr, $ctx:expr) => {
        (
            $table::version.eq($version + 1),
            $table::updated_at.eq($ctx.at()),
            $table::updated_by.eq(&$ctx.author),
        )
    };
}

/// Sets these columns of a row as it was read; `None` when somebody was faster.
// That it goes to this connection is said, not found: the compiler needs a second for each that it has to find.
#[macro_export]
macro_rules! change_row {
    ($table:ident => $row:ident, $conn:expr, $before:expr, $columns:expr) => {
        diesel::RunQueryDsl::<$crate::db::DbConn>::get_result::<$row>(
            diesel::update($table::table)
                .filter($table::id.eq($before.id))
                .filter($table::version.eq($before.version))
                .set($columns)
                .returning($crate::db::columns_of::<$row>()),
            $conn,
        )
        .optional()
    };
}

/// What is selected of the row of a table for which a condition holds, if there is one.
#[macro_export]
macro_rules! find_row {
    ($table:ident, $conn:expr, $condition:expr => $selected:expr) => {
        $table::table
            .filter($condition)
            .select($selected)
            .first($conn)
            .optional()
    };
}

/// Gives these rows of tables a new representation at a revision.
#[macro_export]
macro_rules! show_anew {
    ($conn:expr, $rev:expr; $($table:ident: $condition:expr),+ $(,)?) => {$(
        diesel::update($table::table.filter($condition))
            .set($table::rev.eq($rev))
            .execute($conn)?;
    )+};
}
