//! The page of a search.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::ask::Ask;
use crate::app::App;
use crate::explore::search::read::found;
use crate::explore::search::types::SearchHit;
use crate::http::page::Page;
use crate::http::problem::Problem;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    /// What was asked for, as it was typed.
    q: String,
    hits: Option<Page<SearchHit>>,
}

/// Records of all kinds by any of their names.
#[get("/{lang:en|pl}/search")]
pub async fn search_page(app: web::Data<App>, ask: Ask) -> Result<HttpResponse, Problem> {
    ask.answer(&app, "search.html", |reader, ask| {
        // Longer than any name: the beginning finds as much.
        let q: String = ask
            .parameter("q")
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect();
        let mut asked = vec![("q", q.as_str()), ("limit", "50"), ("count", "true")];
        asked.extend(ask.parameter("cursor").map(|cursor| ("cursor", cursor)));
        let hits = if q.is_empty() {
            None
        } else {
            let query = reader.query("search", &asked, false)?;
            Some(found(reader.conn, reader.index, &query)?)
        };
        Ok(Shown { q, hits })
    })
    .await
}
