//! How the pool opens and checks a connection.

use diesel::r2d2::ManageConnection;
use diesel::{Connection, ConnectionError, PgConnection, RunQueryDsl, SqliteConnection};

use super::query_count::Counter;
use super::{DatabaseUrl, DbConn, Error, dialect};

/// Opens connections of the engine the URL names; diesel's own would try each engine in turn.
#[derive(Debug)]
pub(super) struct Manager {
    url: DatabaseUrl,
    counter: Counter,
}

impl Manager {
    pub(super) fn new(url: DatabaseUrl, counter: Counter) -> Self {
        Self { url, counter }
    }
}

impl Manager {
    /// A connection that is set up and counted; the error names the database, never a password.
    pub(super) fn connect(&self) -> Result<DbConn, Error> {
        ManageConnection::connect(self)
            .map_err(|error| Error::Unavailable(format!("{}: {error}", self.url)))
    }

    /// [`connect`](Self::connect) for the connection that writes.
    pub(super) fn connect_writer(&self) -> Result<DbConn, Error> {
        let mut conn = self.connect()?;
        dialect::set_up_writer(&mut conn)?;
        Ok(conn)
    }
}

impl ManageConnection for Manager {
    type Connection = DbConn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<DbConn, Self::Error> {
        let connected = match &self.url {
            DatabaseUrl::Sqlite(path) => SqliteConnection::establish(path).map(DbConn::Sqlite),
            DatabaseUrl::Postgres(url) => PgConnection::establish(url).map(DbConn::Postgres),
        };
        let mut conn = connected.map_err(|error| match error {
            ConnectionError::BadConnection(text) => diesel::r2d2::Error::ConnectionError(
                ConnectionError::BadConnection(text.trim().to_owned()),
            ),
            other => diesel::r2d2::Error::ConnectionError(other),
        })?;
        dialect::set_up(&mut conn).map_err(diesel::r2d2::Error::QueryError)?;
        conn.set_instrumentation(self.counter.clone());
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut DbConn) -> Result<(), Self::Error> {
        diesel::sql_query("SELECT 1")
            .execute(conn)
            .map(|_| ())
            .map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut DbConn) -> bool {
        use diesel::connection::{TransactionManager, TransactionManagerStatus};
        type Tm = <DbConn as Connection>::TransactionManager;
        // A connection handed back inside a transaction would leak that state to the next caller.
        !matches!(
            Tm::transaction_manager_status_mut(conn),
            TransactionManagerStatus::Valid(status) if status.transaction_depth().is_none()
        )
    }
}
