//! Migrated schemas of `PostgreSQL` that one test leaves to the next.
//!
//! Migrating a schema and dropping it take ten times as long as an ordinary test. So a schema is migrated
//! once, emptied before each further test, and given up after a number of them. The schemas belong to one
//! build of the tests; a lock that ends with its connection says that one is in use, and what another
//! build has left behind is dropped.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use twincity::db::migrations;

use super::TestDatabase;

/// How often a schema is used: what was deleted stays in its files.
const USES: i64 = 60;

/// The lock on a schema; it ends with the connection.
pub struct Lease(#[expect(dead_code, reason = "kept open for its lock")] PgConnection);

#[derive(QueryableByName)]
struct Yes {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct Uses {
    #[diesel(sql_type = BigInt)]
    uses: i64,
}

#[derive(QueryableByName)]
struct Schema {
    #[diesel(sql_type = Text)]
    schema: String,
}

/// A schema of this build that no test is using, empty but for what the migrations put into it.
pub fn take(server: String) -> TestDatabase {
    let mut conn = PgConnection::establish(&server).expect("TEST_DATABASE_URL must answer");
    conn.batch_execute("SET client_min_messages = warning; SET synchronous_commit = off")
        .unwrap();
    static TIDIED: OnceLock<()> = OnceLock::new();
    TIDIED.get_or_init(|| drop_those_of_other_builds(&mut conn));
    let schema = (0..1000)
        .map(|number| format!("{}{number}", prefix()))
        .find(|schema| lock(&mut conn, schema))
        .unwrap();
    let ready = reset(&mut conn, &schema);
    if !ready {
        conn.batch_execute(&format!(
            "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}"
        ))
        .unwrap();
    }
    let database = TestDatabase::Postgres {
        server,
        schema,
        lease: Some(Lease(conn)),
    };
    if !ready {
        migrations::up(&database.open()).unwrap();
        database.execute(KEEP);
    }
    database
}

/// What this build calls its schemas.
fn prefix() -> &'static str {
    static PREFIX: OnceLock<String> = OnceLock::new();
    PREFIX.get_or_init(|| {
        let build = std::env::current_exe().unwrap();
        let mut hash = DefaultHasher::new();
        build.hash(&mut hash);
        std::fs::metadata(&build)
            .unwrap()
            .modified()
            .unwrap()
            .hash(&mut hash);
        format!("lease_{:016x}_", hash.finish())
    })
}

fn lock(conn: &mut PgConnection, schema: &str) -> bool {
    sql_query("SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS yes")
        .bind::<Text, _>(schema)
        .get_result::<Yes>(conn)
        .unwrap()
        .yes
}

fn drop_those_of_other_builds(conn: &mut PgConnection) {
    let left: Vec<Schema> = sql_query(
        "SELECT nspname::text AS schema FROM pg_namespace WHERE nspname LIKE 'lease\\_%' ORDER BY 1",
    )
    .load(conn)
    .unwrap();
    for Schema { schema } in left {
        if !schema.starts_with(prefix()) && lock(conn, &schema) {
            conn.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"))
                .unwrap();
            sql_query("SELECT pg_advisory_unlock(hashtextextended($1, 0)) AS yes")
                .bind::<Text, _>(&schema)
                .execute(conn)
                .unwrap();
        }
    }
}

/// Remembers the rows that the migrations made, and counts the uses.
const KEEP: &str = "
DO $$
DECLARE t text; filled boolean;
BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND left(tablename, 2) <> '__' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', t) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE %I AS TABLE %I', '__kept_' || t, t);
        END IF;
    END LOOP;
    CREATE TABLE __uses AS SELECT 1::bigint AS uses;
END $$;
";

/// Empties every table without asking for foreign keys, puts back what the migrations made, and lets ids
/// begin anew. The lock waits for whoever still writes.
const EMPTY: &str = "
BEGIN;
SET LOCAL session_replication_role = replica;
LOCK TABLE registry_meta IN ACCESS EXCLUSIVE MODE;
DO $$
DECLARE t text; filled boolean;
BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND left(tablename, 2) <> '__' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', t) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM %I', t);
        END IF;
    END LOOP;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND left(tablename, 7) = '__kept_' LOOP
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', substr(t, 8), t);
    END LOOP;
    PERFORM setval(s.oid::regclass, 1, false) FROM pg_class s
        JOIN pg_namespace n ON n.oid = s.relnamespace
        WHERE s.relkind = 'S' AND n.nspname = current_schema();
    UPDATE __uses SET uses = uses + 1;
END $$;
COMMIT;
";

/// Whether the schema is there and has been emptied; one that was used often enough, or can't be emptied
/// by this user of the database, is made anew.
fn reset(conn: &mut PgConnection, schema: &str) -> bool {
    let complete = sql_query("SELECT to_regclass($1) IS NOT NULL AS yes")
        .bind::<Text, _>(format!("{schema}.__uses"))
        .get_result::<Yes>(conn)
        .unwrap()
        .yes;
    if !complete {
        return false;
    }
    conn.batch_execute(&format!("SET search_path = {schema}"))
        .unwrap();
    let used = sql_query("SELECT uses FROM __uses")
        .get_result::<Uses>(conn)
        .unwrap()
        .uses;
    if used >= USES {
        return false;
    }
    let emptied = conn.batch_execute(EMPTY);
    if emptied.is_err() {
        conn.batch_execute("ROLLBACK").unwrap();
    }
    emptied.is_ok()
}
