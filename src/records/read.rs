//! Reading records of any kind: a page of them, and one.

use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use diesel::QueryResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::{Record, Row, apply, fragments};
use crate::app::App;
use crate::cache::Caches;
use crate::changes::{self, Meta, persons};
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::http::extract::params::{Parsed, Words};
use crate::http::extract::query::NoParams;
use crate::http::extract::{ItemQuery, ListQuery, ReadRequest, Viewer, path_id};
use crate::http::listing::{Found, Listed as _, Listing, is_settled};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Rendered, Validator};

/// How records are to be shown.
#[derive(Debug)]
pub struct Show<'a> {
    /// To whom.
    pub viewer: &'a Viewer,
    /// The language of names.
    pub lang: Option<&'a LanguageTag>,
    /// What is embedded.
    pub includes: &'a [String],
    /// Today.
    pub today: NaiveDate,
    /// Whether it is the item: with names of persons, and what else lists leave out.
    pub item: bool,
    /// The day whose status is shown.
    pub as_of: Option<NaiveDate>,
}

impl Show<'_> {
    /// Whether this is to be embedded.
    pub fn wants(&self, include: &str) -> bool {
        self.includes.iter().any(|wanted| wanted == include)
    }
}

/// How records of a kind are listed and shown.
pub trait Readable: Record {
    /// A record as callers see it.
    type View: Serialize + ToSchema + Send + 'static;
    /// The filters of its lists.
    type Filter: DeserializeOwned + Send + 'static;
    /// What can be embedded in it.
    const INCLUDES: &'static [&'static str] = &[];
    /// Whether everybody in particular who may see a record sees the same of it for as long as its
    /// version and revision are the same, so that it may be kept.
    const IS_SHARED: bool = true;
    /// What lists can be sorted by.
    const SORTING: &'static Sorting;

    /// Text that names are searched for; without `sort`, the best match comes first.
    fn words(_: &Self::Filter) -> Option<&Parsed<Words>> {
        None
    }

    /// The order without `sort`.
    fn order(_: &Self::Filter) -> &'static Sorting {
        Self::SORTING
    }

    /// The day whose status lists show.
    fn as_of(_: &Self::Filter) -> Option<NaiveDate> {
        None
    }

    /// 400 for bounds that nothing can lie between.
    fn check(_: &Self::Filter) -> Result<(), Problem> {
        Ok(())
    }

    /// The rows that a filter lets through and the viewer may see, apart from what names are searched for.
    fn condition(
        conn: &mut DbConn,
        filter: &Self::Filter,
        show: &Show<'_>,
    ) -> Result<Condition, Problem>;

    /// These records as callers see them, in their order: a constant number of queries.
    fn views(
        conn: &mut DbConn,
        rows: Vec<Self::Row>,
        show: &Show<'_>,
    ) -> Result<Vec<Self::View>, Problem>;

    /// What a view carries beside its own fields.
    fn meta(view: &mut Self::View) -> &mut Meta;

    /// What identifies the item, alone or with what is embedded.
    fn validator(row: &Self::Row, embeds: bool) -> Validator;

    /// Whether the item shows parts of other records that not everybody may see.
    fn shows_hidden(_: &Viewer, embeds: bool) -> bool {
        embeds
    }
}

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

/// What only this kind's lists do.
pub struct Listed<R: Readable> {
    /// What else is asked of the listing.
    pub listing: Box<Ask<R>>,
    /// Reads the rows of these keys, in any order.
    pub load: Box<Load<R>>,
}

type Ask<R> =
    dyn for<'q> FnOnce(Listing<'q>, &<R as Readable>::Filter, &Show<'_>) -> Listing<'q> + Send;

type Load<R> = dyn FnOnce(&mut DbConn, &[i64]) -> QueryResult<Vec<<R as Record>::Row>> + Send;

impl<R: Readable> Default for Listed<R> {
    fn default() -> Self {
        Self {
            listing: Box::new(|listing, _, _| listing),
            load: Box::new(R::Row::by_keys),
        }
    }
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
            let hits = match R::words(&query.filter) {
                Some(Parsed(words)) => Some(index.search(conn, &[R::ENTITY], &words.0)?),
                None => None,
            };
            let show = Show {
                viewer: &viewer,
                lang: query.params.lang(),
                includes: &includes,
                today,
                item: false,
                as_of: R::as_of(&query.filter),
            };
            let condition = R::condition(conn, &query.filter, &show)?;
            let order = match &query.params.sort {
                Some(_) => R::SORTING,
                None => R::order(&query.filter),
            };
            let listing = Listing::new(order, &query, condition, hits);
            let listing = (listed.listing)(listing, &query.filter, &show);
            let fields = query.params.fields.as_deref();
            let fragments = fragments::of::<R>(&caches, &show, fields)
                .filter(|_| query.params.sort.is_some() || order.default == R::SORTING.default);
            let page = match fragments {
                Some(fragments) => {
                    fragments::page::<R>(conn, listing, listed.load, &show, fragments)?
                }
                None => {
                    let found = listing.page(conn, listed.load)?;
                    Rendered::new(&page::<R>(conn, found, &show)?, fields)?
                }
            };
            Ok((Some(page), revision))
        })
        .await?;
    respond::list_rendered::<R::View>(&request, revision, fields.as_deref(), page)
}

/// What was found, as callers see it.
pub fn page<R: Readable>(
    conn: &mut DbConn,
    found: Found<R::Row>,
    show: &Show<'_>,
) -> Result<Page<R::View>, Problem> {
    Ok(Page {
        data: R::views(conn, found.rows, show)?,
        page: found.page,
        total: found.total,
    })
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
    let today = app.today();
    let fields = query.params.fields.clone();
    let asked = request.clone();
    let caches = Arc::clone(&app.caches);
    let (item, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let show = Show {
                viewer: &viewer,
                lang: query.params.lang(),
                includes: &includes,
                today,
                item: true,
                as_of: None,
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

/// One record and what identifies it, without a view when the answer needs none: 404 when the viewer
/// may not see it, 410 when it is withdrawn.
pub fn shown<R: Readable>(
    conn: &mut DbConn,
    request: &ReadRequest,
    row: R::Row,
    show: &Show<'_>,
) -> Result<(Option<R::View>, Validator), Problem> {
    R::must_see(conn, show.viewer, &row)?;
    let embeds = !show.includes.is_empty();
    let seen = changes::embedded(conn, show.viewer, R::shows_hidden(show.viewer, embeds))?;
    let validator = R::validator(&row, embeds).beside(seen);
    if respond::is_settled(request, &validator) {
        return Ok((None, validator));
    }
    let id = row.public_id().clone();
    let view = R::views(conn, vec![row], show)?.pop();
    let mut view = view.ok_or_else(|| Problem::not_found(R::NAME))?;
    persons::name_authors(conn, show.viewer, &id, R::meta(&mut view))?;
    Ok((Some(view), validator))
}
