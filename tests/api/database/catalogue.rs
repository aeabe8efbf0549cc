//! What a database says of its own tables, in the words of `schema.rs`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use twincity::db::DbConn;
use twincity::db::dialect::{Engine, engine};

/// A column as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// As in `schema.rs`, such as `Nullable<Text>`.
    pub kind: String,
}

impl Column {
    /// Whether a row can do without a value.
    pub fn is_optional(&self) -> bool {
        self.kind.starts_with("Nullable")
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    required: i64,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    index_name: Option<String>,
}

/// The registry's tables, by name.
pub fn tables(conn: &mut DbConn) -> Vec<String> {
    let statement = match engine(conn) {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
             AND name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() \
             AND left(tablename, 2) <> '__' ORDER BY tablename::text COLLATE \"C\""
        }
    };
    let rows: Vec<Name> = diesel::sql_query(statement).load(conn).unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

/// The columns of a table in their order.
pub fn columns(conn: &mut DbConn, table: &str) -> Vec<Column> {
    let statement = match engine(conn) {
        // A key spelt INTEGER PRIMARY KEY is never null, whatever the catalogue says.
        Engine::Sqlite => format!(
            "SELECT name, type AS kind, CAST(\"notnull\" OR pk AS BIGINT) AS required \
             FROM pragma_table_info('{table}') ORDER BY cid"
        ),
        Engine::Postgres => format!(
            "SELECT column_name::text AS name, data_type::text AS kind, \
             (CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END)::bigint AS required \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             AND table_name = '{table}' ORDER BY ordinal_position"
        ),
    };
    let is_sqlite = engine(conn) == Engine::Sqlite;
    let rows: Vec<Found> = diesel::sql_query(statement).load(conn).unwrap();
    rows.into_iter()
        .map(|row| {
            let kind = match row.kind.to_ascii_lowercase().as_str() {
                "integer" if is_sqlite && row.name == "id" => "BigInt",
                "integer" => "Integer",
                "bigint" => "BigInt",
                "boolean" => "Bool",
                "double" | "double precision" => "Double",
                "text" => "Text",
                "date" => "Date",
                "timestamp" | "timestamp without time zone" => "Timestamp",
                other => panic!(
                    "{table}.{} has the type {other}, which is not portable",
                    row.name
                ),
            };
            let kind = if row.required == 1 {
                kind.to_owned()
            } else {
                format!("Nullable<{kind}>")
            };
            Column {
                name: row.name,
                kind,
            }
        })
        .collect()
}

/// Columns with a foreign key, and whether an index begins with them: of all rows, or of those that refer to
/// something.
pub fn references(conn: &mut DbConn) -> Vec<(String, bool)> {
    let statement = match engine(conn) {
        Engine::Sqlite => {
            "SELECT t.name AS table_name, f.\"from\" AS column_name, (SELECT l.name FROM pragma_index_list(t.name) l \
             JOIN pragma_index_info(l.name) i ON i.seqno = 0 AND i.name = f.\"from\" \
             LEFT JOIN sqlite_schema s ON s.name = l.name \
             WHERE l.partial = 0 OR s.sql LIKE '% WHERE ' || f.\"from\" || ' IS NOT NULL' LIMIT 1) AS index_name \
             FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"
        }
        Engine::Postgres => {
            "SELECT c.conrelid::regclass::text AS table_name, a.attname::text AS column_name, \
             (SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = c.conrelid \
              AND i.indkey[0] = c.conkey[1] AND COALESCE(pg_get_expr(i.indpred, i.indrelid) \
              = '(' || a.attname || ' IS NOT NULL)', TRUE) LIMIT 1) AS index_name \
             FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] \
             WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace"
        }
    };
    let rows: Vec<Reference> = diesel::sql_query(statement).load(conn).unwrap();
    rows.into_iter()
        .map(|row| {
            (
                format!("{}.{}", row.table_name, row.column_name),
                row.index_name.is_some(),
            )
        })
        .collect()
}

/// Inserts a row: the values given, and something in every other column that needs a value.
pub fn insert(conn: &mut DbConn, table: &str, given: &[(&str, &str)]) -> QueryResult<()> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static UNIQUE: AtomicU64 = AtomicU64::new(1);
    let mut names: Vec<String> = Vec::new();
    let mut values: Vec<String> = Vec::new();
    for column in columns(conn, table) {
        let given = given.iter().find(|(name, _)| *name == column.name);
        let value = match given {
            Some((_, value)) => (*value).to_owned(),
            None if column.is_optional() || column.name == "id" => continue,
            None => match column.kind.as_str() {
                "Text" => format!("'x{}'", UNIQUE.fetch_add(1, Ordering::Relaxed)),
                "Bool" => "TRUE".to_owned(),
                "Date" => "'2026-11-24'".to_owned(),
                "Timestamp" => "'2026-11-24 12:00:00'".to_owned(),
                _ => "1".to_owned(),
            },
        };
        names.push(column.name);
        values.push(value);
    }
    let (names, values) = (names.join(", "), values.join(", "));
    diesel::sql_query(format!("INSERT INTO {table} ({names}) VALUES ({values})"))
        .execute(conn)
        .map(drop)
}
