//! Answering a list: read as one state of the registry, and not at all when the caller holds it already.

use actix_web::http::header;
use serde::Serialize;
use utoipa::ToSchema;

use super::is_settled;
use crate::app::App;
use crate::db::keyset::Sorting;
use crate::db::{self, DbConn};
use crate::http::extract::{ListQuery, ReadRequest};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond;

/// At which change a list stands, and what it is of.
pub type Opened<T> = Result<(i64, T), Problem>;

/// Answers a list with nothing embedded that `sorting` puts in order, if it has more than one.
///
/// `open` says at which change it stands and what it is of, or why the caller may not know; `read` is its
/// page.
pub async fn answer<F, T, V>(
    app: &App,
    request: &ReadRequest,
    query: ListQuery<F>,
    sorting: Option<&'static Sorting>,
    open: impl FnOnce(&mut DbConn) -> Opened<T> + Send + 'static,
    read: impl FnOnce(&mut DbConn, &ListQuery<F>, T) -> Result<Page<V>, Problem> + Send + 'static,
) -> HttpResult
where
    F: Send + 'static,
    V: Serialize + ToSchema + Send + 'static,
{
    respond::includes(query.params.include.as_deref(), &[])?;
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let (revision, of) = open(conn)?;
            if is_settled(&asked, revision, &query, sorting)? {
                return Ok((None, revision));
            }
            Ok((Some(read(conn, &query, of)?), revision))
        })
        .await?;
    respond::list(request, revision, fields.as_deref(), page.as_ref())
}

/// Answers a list of what changes without a change of the registry, in one order and with nothing embedded: it
/// has no validator.
pub async fn answer_live<F, V>(
    app: &App,
    request: &ReadRequest,
    query: ListQuery<F>,
    read: impl FnOnce(&mut DbConn, &ListQuery<F>) -> Result<Page<V>, Problem> + Send + 'static,
) -> HttpResult
where
    F: Send + 'static,
    V: Serialize + ToSchema + Send + 'static,
{
    respond::includes(query.params.include.as_deref(), &[])?;
    let fields = query.params.fields.clone();
    let work = move |conn: &mut DbConn| -> Result<_, Problem> {
        Ok((read(conn, &query)?, db::revision(conn)?))
    };
    let (page, revision) = app.db.read(work).await?;
    let mut response = respond::list(request, revision, fields.as_deref(), Some(&page))?;
    response.headers_mut().remove(header::ETAG);
    Ok(response)
}

/// A list of the whole registry, at its last change, for [`answer`].
pub fn of_all(conn: &mut DbConn) -> Opened<()> {
    Ok((db::revision(conn)?, ()))
}
