//! Statements whose text is the same at each use: built once a thread.
//!
//! A connection to either engine finds what it has prepared by the type of a statement, and builds the text
//! twice all the same: of an INSERT with forty columns that costs more than carrying it out.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use diesel::connection::LoadConnection;
use diesel::pg::PgQueryBuilder;
use diesel::query_builder::{AstPass, Query, QueryBuilder as _, QueryFragment, QueryId};
use diesel::sql_types::Integer;
use diesel::sqlite::Sqlite;
use diesel::sqlite::query_builder::SqliteQueryBuilder;
use diesel::{QueryResult, RunQueryDsl};

use super::{Backend, DbConn, MultiBackend};

type Builder = <Backend as diesel::backend::Backend>::QueryBuilder;

thread_local! {
    static TEXTS: RefCell<HashMap<(TypeId, bool), Rc<str>>> = RefCell::default();
}

/// A statement that stays prepared, and whose text does, too.
#[derive(Debug, Clone, Copy)]
pub struct Prepared<Q>(Q);

/// What can be prepared.
pub trait Prepare: Sized + QueryId {
    /// The same statement, whole, with its text kept. It does not compile where diesel does not know that the
    /// text is always the same: `IN` lists, every `UPDATE`, columns that are left out when they have no value.
    fn prepared(self) -> Prepared<Self> {
        const {
            assert!(
                Self::HAS_STATIC_QUERY_ID,
                "the text of this statement may differ"
            );
        };
        Prepared(self)
    }
}

impl<Q: QueryId> Prepare for Q {}

impl<Q: QueryId> QueryId for Prepared<Q> {
    type QueryId = Q::QueryId;

    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<DbConn> for Prepared<Q> {}

impl<Q: QueryFragment<Backend> + QueryFragment<Sqlite> + QueryId> Prepared<Q> {
    /// Carries out what gives no rows.
    ///
    /// As a read of none: [`RunQueryDsl::execute`] hands on a reference, for which diesel builds the text
    /// anew in each pass over the statement. The embedded engine is given the statement itself: each value
    /// would else be boxed for either engine and unpacked again, which is a tenth of an import.
    pub fn execute(self, conn: &mut DbConn) -> QueryResult<()> {
        match conn {
            DbConn::Sqlite(conn) => of_no_rows(LoadConnection::load(conn, Rowless(self))?),
            DbConn::Postgres(_) => of_no_rows(LoadConnection::load(conn, Rowless(self))?),
        }
    }
}

fn of_no_rows<R>(mut rows: impl Iterator<Item = QueryResult<R>>) -> QueryResult<()> {
    rows.next().map_or(Ok(()), |row| row.map(drop))
}

/// A statement that gives no rows.
#[derive(Debug)]
struct Rowless<Q>(Prepared<Q>);

impl<Q: QueryId> QueryId for Rowless<Q> {
    type QueryId = Q::QueryId;

    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q> Query for Rowless<Q> {
    type SqlType = Integer;
}

impl<Q: QueryFragment<Backend> + QueryId> QueryFragment<Backend> for Rowless<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn to_sql(&self, out: &mut Builder, backend: &Backend) -> QueryResult<()> {
        self.0.to_sql(out, backend)
    }

    fn is_safe_to_cache_prepared(&self, backend: &Backend) -> QueryResult<bool> {
        self.0.is_safe_to_cache_prepared(backend)
    }
}

/// Here the text is built when it is prepared and not again.
impl<Q: QueryFragment<Sqlite> + QueryId> QueryFragment<Sqlite> for Rowless<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, backend: &Sqlite) -> QueryResult<bool> {
        Ok(Q::HAS_STATIC_QUERY_ID || self.0.0.is_safe_to_cache_prepared(backend)?)
    }
}

impl<Q: QueryFragment<Backend> + QueryId> QueryFragment<Backend> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn to_sql(&self, out: &mut Builder, backend: &Backend) -> QueryResult<()> {
        let Some(statement) = Q::query_id() else {
            return self.0.to_sql(out, backend);
        };
        let key = (statement, matches!(backend, MultiBackend::Sqlite(_)));
        let known = TEXTS.with_borrow(|texts| texts.get(&key).cloned());
        if let Some(text) = known {
            out.push_sql(&text);
            return Ok(());
        }
        let mut alone = match backend {
            MultiBackend::Sqlite(_) => Builder::Sqlite(SqliteQueryBuilder::default()),
            MultiBackend::Postgres(_) => Builder::Postgres(PgQueryBuilder::default()),
        };
        self.0.to_sql(&mut alone, backend)?;
        let text: Rc<str> = alone.finish().into();
        out.push_sql(&text);
        TEXTS.with_borrow_mut(|texts| texts.insert(key, text));
        Ok(())
    }

    fn is_safe_to_cache_prepared(&self, backend: &Backend) -> QueryResult<bool> {
        match Q::query_id() {
            Some(_) => Ok(true),
            None => self.0.is_safe_to_cache_prepared(backend),
        }
    }
}
