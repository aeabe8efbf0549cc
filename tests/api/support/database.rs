//! A database of its own for every test.

mod leases;

use std::sync::OnceLock;

pub use leases::Lease;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use tempfile::TempDir;
use twincity::db::{Db, Options, ReadLimits, migrations};

/// A database that is gone when this is dropped.
pub enum TestDatabase {
    /// A file in a folder of its own.
    Sqlite { folder: TempDir },
    /// A schema of its own; a leased one is kept for the next test, others are dropped.
    Postgres {
        server: String,
        schema: String,
        lease: Option<Lease>,
    },
}

/// The server of `TEST_DATABASE_URL`, if the tests are to run on `PostgreSQL`.
pub fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// A folder that is gone when this is dropped, in memory where there is a place for it.
pub fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let builder = || tempfile::Builder::new().prefix("twincity-").to_owned();
    let there = if memory.is_dir() {
        builder().tempdir_in(memory).ok()
    } else {
        None
    };
    there.unwrap_or_else(|| builder().tempdir().unwrap())
}

impl TestDatabase {
    /// An empty database of this schema.
    pub fn new() -> Self {
        match server() {
            None => {
                let folder = folder();
                std::fs::write(folder.path().join("db"), template()).unwrap();
                Self::Sqlite { folder }
            }
            Some(server) => leases::take(server),
        }
    }

    /// A database without any table.
    pub fn unmigrated() -> Self {
        match server() {
            None => Self::Sqlite { folder: folder() },
            Some(server) => {
                let schema = format!("test_{:016x}", rand::random::<u64>());
                execute(&server, &format!("CREATE SCHEMA {schema}"));
                Self::Postgres {
                    server,
                    schema,
                    lease: None,
                }
            }
        }
    }

    /// What it is called.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite { folder } => format!("sqlite:{}", folder.path().join("db").display()),
            Self::Postgres { server, schema, .. } => {
                let separator = if server.contains('?') { '&' } else { '?' };
                // What a test has committed need not survive the machine.
                let options = format!("-csearch_path%3D{schema}%20-csynchronous_commit%3Doff");
                format!("{server}{separator}options={options}")
            }
        }
    }

    /// Runs statements of the `PostgreSQL` schema.
    pub fn execute(&self, statements: &str) {
        let mut conn = PgConnection::establish(&self.url()).unwrap();
        conn.batch_execute(statements).unwrap();
    }

    /// A small pool on it.
    pub fn open(&self) -> Db {
        // On the server engine one is for writes, and a slow machine reads ahead with another.
        self.pool(3, ReadLimits::default())
    }

    /// The same with these limits of reads, and as few connections as can be.
    pub fn reading(&self, reads: ReadLimits) -> Db {
        self.pool(2, reads)
    }

    fn pool(&self, pool: u32, reads: ReadLimits) -> Db {
        let options = Options {
            url: self.url().parse().unwrap(),
            pool,
            write_queue: 64,
            reads,
        };
        Db::open(&options).unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Postgres {
            server,
            schema,
            lease: None,
        } = self
        {
            execute(server, &format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

fn execute(server: &str, statement: &str) {
    let mut conn = PgConnection::establish(server).expect("TEST_DATABASE_URL must answer");
    conn.batch_execute("SET client_min_messages = warning")
        .unwrap();
    conn.batch_execute(statement).unwrap();
}

/// A migrated file, made once a process: copying it is faster than migrating.
fn template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let database = TestDatabase::Sqlite { folder: folder() };
        let db = database.open();
        migrations::up(&db).unwrap();
        let TestDatabase::Sqlite { folder } = &database else {
            panic!("made above")
        };
        let copy = folder.path().join("copy");
        db.backup(copy.to_str().unwrap(), false).unwrap();
        std::fs::read(copy).unwrap()
    })
}
