//! Lists and items in other formats than JSON: whole, and as nobody in particular may see them.

use std::sync::Arc;

use super::list_options::ListOptions;
use super::readable::{Filter, Readable, Show, shown};
use super::{apply, views};
use crate::app::App;
use crate::changes;
use crate::core::ids::PublicId;
use crate::formats::{self, Asked};
use crate::http::extract::{ItemParams, ListQuery, ReadRequest, Viewer};
use crate::http::format::Format;
use crate::http::listing::Listing;
use crate::http::page::order;
use crate::http::problem::HttpResult;

/// A whole list.
pub(super) async fn list<R: Readable, F: Filter>(
    app: &App,
    request: &ReadRequest,
    query: ListQuery<F>,
    includes: Vec<String>,
    options: ListOptions<R, F>,
) -> HttpResult {
    let mut asked = Asked::list(options.collection, &query.params);
    asked.of = options.of.as_ref().map(ToString::to_string);
    let includes = embedded::<R>(request.format, includes);
    let today = app.today();
    let index = Arc::clone(&app.index);
    formats::list::<R::View, _>(
        app,
        request,
        asked,
        move |conn| {
            order(R::SORTING, query.params.sort.as_deref())?;
            let among = (options.among)(conn, &Viewer::default())?;
            let narrow = (among, options.listing, options.load);
            Ok((changes::public_revision(conn)?, (query, narrow)))
        },
        move |conn, writer, (query, (among, narrow, load))| {
            let viewer = Viewer::default();
            let show = Show {
                as_of: query.filter.as_of(),
                ..Show::list(&viewer, query.params.lang(), &includes, today)
            };
            let (listing, _) = views::listing::<R>(conn, &index, &query, &show)?;
            let listing = among.into_iter().fold(listing, Listing::among);
            let listing = narrow(listing, &query.filter, &show);
            listing.whole(conn, &load, |conn, rows| {
                let views = R::views(conn, rows, &show)?;
                writer.add(conn, &views)
            })
        },
    )
    .await
}

/// One record. It is shown as lists show it: an item of JSON names persons.
pub(super) async fn item<R: Readable>(
    app: &App,
    request: &ReadRequest,
    id: PublicId,
    params: &ItemParams,
    includes: Vec<String>,
) -> HttpResult {
    let includes = embedded::<R>(request.format, includes);
    let today = app.today();
    let asked = Asked::item(R::COLLECTION, &id, params);
    let lang = asked.lang.clone();
    formats::item::<R::View>(app, request, asked, move |conn, request| {
        let viewer = Viewer::default();
        let show = Show::list(&viewer, lang.as_ref(), &includes, today);
        let row = apply::find::<R>(conn, &id)?;
        let (view, validator) = shown::<R>(conn, request, row, &show)?;
        Ok((validator, view))
    })
    .await
}

/// What is embedded: a graph says where facts are from, whether it is asked or not.
fn embedded<R: Readable>(format: Format, asked: Vec<String>) -> Vec<String> {
    match format {
        Format::JsonLd | Format::Turtle if R::INCLUDES.contains(&"sources") => {
            vec!["sources".to_owned()]
        }
        _ => asked,
    }
}
