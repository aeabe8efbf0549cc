//! `GET /exports/links`: the table that `twincity export links.csv` writes.

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::links::{self, Link};
use crate::app::App;
use crate::changes;
use crate::formats::{self, Asked};
use crate::http::extract::params::{Id, Parsed};
use crate::http::extract::query::fits_mark;
use crate::http::extract::{Query, ReadRequest};
use crate::http::problem::Problem;

/// Which links, and how.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LinksParams {
    /// Only links of agreements of this partner.
    #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
    pub partner: Option<Parsed<Id>>,
    /// Media type by name, instead of `Accept`.
    #[param(example = "csv")]
    pub format: Option<String>,
    /// Begin CSV with a mark (BOM), by which spreadsheets know that it is UTF-8; of CSV only.
    pub bom: Option<bool>,
}

/// Export links
///
/// A row for each two parties of an agreement, in the columns that `twincity import` reads: imported again, it
/// changes nothing. What bound nobody yet is not in it.
#[utoipa::path(tag = "explore", extensions(("x-formats" = json!("csv xlsx ndjson"))), params(LinksParams),
    responses((status = 200, description = "The links", content_type = "text/csv", body = String)))]
#[get("/api/v1/exports/links")]
pub async fn export_links(
    app: web::Data<App>,
    request: ReadRequest,
    query: Query<LinksParams>,
) -> Result<HttpResponse, Problem> {
    let Query(LinksParams { partner, bom, .. }) = query;
    fits_mark(request.format, bom)?;
    let partner = partner.map(|Parsed(Id(id))| id);
    let asked = Asked {
        collection: "links",
        of: partner.as_ref().map(ToString::to_string),
        lang: None,
        bom: bom.unwrap_or(false),
        fields: None,
    };
    let today = app.today();
    formats::list::<Link, _>(
        &app,
        &request,
        asked,
        |conn| Ok((changes::public_revision(conn)?, ())),
        move |conn, writer, ()| {
            let mut after = 0;
            while let Some((rows, last)) = links::read(conn, partner.as_ref(), after, today)? {
                let rows: Vec<Link> = rows.into_iter().filter_map(Link::of).collect();
                writer.add(conn, &rows)?;
                after = last;
            }
            Ok(())
        },
    )
    .await
}
