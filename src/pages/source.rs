//! The page of a source.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::ask::Ask;
use crate::app::App;
use crate::core::ids::Kind;
use crate::evidence::sources::SourceView;
use crate::evidence::sources::record::Source;
use crate::http::extract::path_id;
use crate::http::problem::Problem;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    source: SourceView,
    offices: BTreeMap<String, String>,
}

/// A source: what it is and where it is found.
#[get("/{lang:en|pl}/sources/{id}")]
pub async fn source_page(
    app: web::Data<App>,
    ask: Ask,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Source, "source", &path.1)?;
    ask.answer(&app, "source.html", move |reader, _| {
        let source = reader.item::<Source>(&id, &[])?;
        let offices = reader.offices(&source.meta)?;
        Ok(Shown { source, offices })
    })
    .await
}
