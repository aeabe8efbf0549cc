//! Lists and items in other formats than JSON: whole, and as nobody in particular may see them.

use std::sync::Arc;

use actix_web::HttpResponse;

use super::listed::Listed;
use super::readable::{Readable, Show};
use super::{Row as _, apply, views};
use crate::app::App;
use crate::changes;
use crate::core::ids::PublicId;
use crate::formats::{self, Asked};
use crate::http::extract::{ItemParams, ListQuery, ReadRequest, Viewer};
use crate::http::format::Format;
use crate::http::page::order;
use crate::http::problem::Problem;
use crate::http::respond;

/// A whole list.
pub(super) async fn list<R: Readable>(
    app: &App,
    request: &ReadRequest,
    asked: Asked,
    query: ListQuery<R::Filter>,
    includes: Vec<String>,
    listed: Listed<R>,
) -> Result<HttpResponse, Problem> {
    let includes = embedded::<R>(request.format, includes);
    let today = app.today();
    let index = Arc::clone(&app.index);
    formats::list::<R::View, _>(
        app,
        request,
        asked,
        move |conn| {
            order(R::SORTING, query.params.sort.as_deref())?;
            Ok((changes::public_revision(conn)?, (query, listed)))
        },
        move |conn, writer, (query, listed)| {
            let viewer = Viewer::default();
            let show = Show {
                as_of: R::as_of(&query.filter),
                ..Show::list(&viewer, query.params.lang(), &includes, today)
            };
            let (listing, _) = views::listing::<R>(conn, &index, &query, &show)?;
            let listing = (listed.listing)(listing, &query.filter, &show);
            listing.whole(conn, &listed.load, |conn, rows| {
                let views = R::views(conn, rows, &show)?;
                writer.add(conn, &views)
            })
        },
    )
    .await
}

/// One record. It is shown as lists show it: an item of JSON names persons.
pub async fn item<R: Readable>(
    app: &App,
    request: &ReadRequest,
    id: PublicId,
    params: &ItemParams,
    includes: Vec<String>,
) -> Result<HttpResponse, Problem> {
    let includes = embedded::<R>(request.format, includes);
    let today = app.today();
    let asked = Asked::item(R::COLLECTION, &id, params);
    let lang = asked.lang.clone();
    let format = request.format;
    formats::item::<R::View>(app, request, asked, move |conn, request| {
        let viewer = Viewer::default();
        let show = Show::list(&viewer, lang.as_ref(), &includes, today);
        let row = apply::find::<R>(conn, &id)?;
        R::must_see(conn, &viewer, &row)?;
        let embeds = !includes.is_empty();
        let seen = changes::embedded(conn, &viewer, R::shows_hidden(&viewer, embeds))?;
        let validator = row.validator(embeds).beside(seen);
        let validator = validator.in_format(format.name());
        if respond::is_settled(request, &validator) {
            return Ok((validator, None));
        }
        let view = R::views(conn, vec![row], &show)?.pop();
        let view = view.ok_or_else(|| Problem::not_found(R::NAME))?;
        Ok((validator, Some(view)))
    })
    .await
}

/// What is embedded: a graph says where facts are from, whether it is asked or not.
pub fn embedded<R: Readable>(format: Format, asked: Vec<String>) -> Vec<String> {
    match format {
        Format::JsonLd | Format::Turtle if R::INCLUDES.contains(&"sources") => {
            vec!["sources".to_owned()]
        }
        _ => asked,
    }
}
