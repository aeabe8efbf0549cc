//! Reading records of any kind: a page of them, and one.

use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};

use super::listed::Listed;
use super::readable::{Readable, Show, page, shown};
use super::{apply, export, fragments, views};
use crate::app::App;
use crate::cache::Caches;
use crate::changes;
use crate::core::ids::PublicId;
use crate::db::DbConn;
use crate::formats::Asked;
use crate::http::extract::query::NoParams;
use crate::http::extract::{ItemQuery, ListQuery, ReadRequest, Viewer, path_id};
use crate::http::format::Format;
use crate::http::listing::is_settled;
use crate::http::problem::Problem;
use crate::http::respond::{self, Rendered, Validator};

/// `GET /{collection}`.
pub async fn list<R: Readable>(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<R::Filter>,
) -> Result<HttpResponse, Problem> {
    let listed = Listed::<R>::default();
    list_as::<R>(&app, request, viewer, query, listed).await
}

/// A list of this kind with what only it does.
pub async fn list_as<R: Readable>(
    app: &App,
    request: ReadRequest,
    viewer: Viewer,
    query: ListQuery<R::Filter>,
    listed: Listed<R>,
) -> Result<HttpResponse, Problem> {
    let includes = respond::includes(query.params.include.as_deref(), R::INCLUDES)?;
    R::check(&query.filter)?;
    if request.format != Format::Json {
        let asked = Asked::list(listed.collection, &query.params);
        return export::list(app, &request, asked, query, includes, listed).await;
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
            if is_settled(&asked, revision, &query, Some(R::SORTING))? {
                return Ok((None, revision));
            }
            let show = Show {
                as_of: R::as_of(&query.filter),
                ..Show::list(&viewer, query.params.lang(), &includes, today)
            };
            let (listing, order) = views::listing::<R>(conn, &index, &query, &show)?;
            let listing = (listed.listing)(listing, &query.filter, &show);
            let fields = query.params.fields.as_deref();
            let fragments = fragments::of::<R>(&caches, &show, fields)
                .filter(|_| query.params.sort.is_some() || order.default == R::SORTING.default);
            let page = if let Some(fragments) = fragments {
                fragments::page::<R>(conn, listing, listed.load, &show, fragments)?
            } else {
                let found = listing.page(conn, listed.load)?;
                Rendered::new(&page::<R>(conn, found, &show)?, fields)?
            };
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_rendered::<R::View>(&request, revision, fields.as_deref(), page)
}

/// `GET /{collection}/{id}`.
pub async fn item<R: Readable>(
    app: web::Data<App>,
    request: ReadRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: ItemQuery<NoParams>,
) -> Result<HttpResponse, Problem> {
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
