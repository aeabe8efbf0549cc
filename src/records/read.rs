//! Reading records of any kind: a page of them, and one.

use std::sync::Arc;

use actix_web::web;
use actix_web::web::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::list_options::ListOptions;
use super::readable::{Filter, Readable, Show, shown};
use super::{Record, apply, export, fragments, views};
use crate::app::App;
use crate::cache::Caches;
use crate::changes;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::db::keyset::Sorting;
use crate::http::extract::query::NoParams;
use crate::http::extract::{ItemQuery, ListQuery, Read, ReadRequest, Viewer, path_id};
use crate::http::format::Format;
use crate::http::listing::{self, Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Rendered, Validator};

/// `GET /{collection}`.
pub async fn list<R: Readable>(
    (app, request, viewer): Read,
    query: ListQuery<R::Filter>,
) -> HttpResult {
    let options = ListOptions::<R>::default();
    list_as(&app, request, viewer, query, options).await
}

/// A list of this kind with what only it does.
pub async fn list_as<R: Readable, F: Filter>(
    app: &App,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<F>,
    options: ListOptions<R, F>,
) -> HttpResult {
    let includes = respond::includes(query.params.include.as_deref(), R::INCLUDES)?;
    query.filter.check()?;
    if request.format != Format::Json {
        return export::list(app, &request, query, includes, options).await;
    }
    let fields = query.params.fields.clone();
    let today = app.today();
    let index = Arc::clone(&app.index);
    let caches = Arc::clone(&app.caches);
    let asked = request.clone();
    let (page, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let revision = changes::seen(conn, &viewer)?;
            let among = (options.among)(conn, &viewer)?;
            if is_settled(&asked, revision, &query, Some(R::SORTING))? {
                return Ok((None, revision));
            }
            let show = Show {
                as_of: query.filter.as_of(),
                ..Show::list(&viewer, query.params.lang(), &includes, today)
            };
            let (listing, order) = views::listing::<R>(conn, &index, &query, &show)?;
            let listing = among.into_iter().fold(listing, Listing::among);
            let listing = (options.listing)(listing, &query.filter, &show);
            let fields = query.params.fields.as_deref();
            let fragments = fragments::of::<R>(&caches, &show, fields)
                .filter(|_| query.params.sort.is_some() || order.default == R::SORTING.default);
            let page = if let Some(fragments) = fragments {
                fragments::page::<R>(conn, listing, options.load, &show, fragments)?
            } else {
                let found = listing.page(conn, options.load)?;
                Rendered::new(&found.shown(|rows| R::views(conn, rows, &show))?, fields)?
            };
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_rendered::<R::View>(&request, revision, fields.as_deref(), page)
}

/// `GET /{collection}/{id}`.
pub async fn item<R: Readable>(
    (app, request, viewer): Read,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> HttpResult {
    let includes = respond::includes(query.params.include.as_deref(), R::INCLUDES)?;
    let id = path_id(R::KIND, R::NAME, &path)?;
    if request.format != Format::Json {
        return export::item::<R>(&app, &request, id, &query.params, includes).await;
    }
    let today = app.today();
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let caches = Arc::clone(&app.caches);
    let (item, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let show = Show {
                item: true,
                ..Show::list(&viewer, query.params.lang(), &includes, today)
            };
            rendered::<R>(
                conn,
                &caches,
                &asked,
                (&id, query.params.fields.as_deref()),
                &show,
            )
        })
        .await?;
    respond::item_rendered::<R::View>(&request, &validator, fields.as_deref(), item)
}

/// `GET /{collection}/{id}/…`: a list of parts of a record, for who may see that: 404, or 410 when it is withdrawn.
/// Without `sorting` it has one order.
pub async fn parts<R: Record, F: Send + 'static, V: Serialize + ToSchema + Send + 'static>(
    app: &App,
    request: &ReadRequest,
    viewer: Viewer,
    path: &str,
    query: ListQuery<F>,
    sorting: Option<&'static Sorting>,
    page: impl FnOnce(&mut DbConn, &ListQuery<F>, (R::Row, Viewer)) -> Result<Page<V>, Problem>
    + Send
    + 'static,
) -> HttpResult {
    // Told before what is wrong with the id.
    respond::includes(query.params.include.as_deref(), &[])?;
    let id = path_id(R::KIND, R::NAME, path)?;
    let open = apply::seen::<R>(viewer, id);
    listing::answer(app, request, query, sorting, open, page).await
}

/// One record as its item shows it, with what identifies it; without its bytes when the answer needs
/// none.
pub fn rendered<R: Readable>(
    conn: &mut DbConn,
    caches: &Caches,
    request: &ReadRequest,
    (id, fields): (&PublicId, Option<&str>),
    show: &Show<'_>,
) -> Result<(Option<Bytes>, Validator), Problem> {
    if let Some(fragments) = fragments::of::<R>(caches, show, fields) {
        return fragments::item::<R>(conn, fragments, request, id, show);
    }
    let row = apply::find::<R>(conn, id)?;
    let (view, validator) = shown::<R>(conn, request, row, show)?;
    let bytes = view.map(|view| respond::bytes(&view, fields)).transpose()?;
    Ok((bytes, validator))
}
