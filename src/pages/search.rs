//! The page of a search.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::along::Along;
use super::ask::Ask;
use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::app::App;
use crate::evidence::sources::record::Source;
use crate::explore::search::read::found;
use crate::explore::search::types::SearchHit;
use crate::http::format::Format;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::networks::record::Network;
use crate::partners::record::Partner;
use crate::records::Readable;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    /// What was asked for, as it was typed.
    q: String,
    hits: Option<Page<SearchHit>>,
    #[serde(flatten)]
    along: Along,
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
        let mut along = Along::new(reader);
        if let Some(hits) = &hits {
            along = in_formats(along, &q, &hits.data);
        }
        Ok(Shown { q, hits, along })
    })
    .await
}

/// What was found, and of the kinds that are seen here all that the words find, in other formats.
fn in_formats(along: Along, q: &str, hits: &[SearchHit]) -> Along {
    let along = along.list("hits", "search", Format::PLAIN, &[("q", q)]);
    let along = of_kind::<Partner>(along, q, hits);
    let along = of_kind::<Agreement>(along, q, hits);
    let along = of_kind::<Network>(along, q, hits);
    let along = of_kind::<Activity>(along, q, hits);
    of_kind::<Source>(along, q, hits)
}

fn of_kind<R: Readable>(along: Along, q: &str, hits: &[SearchHit]) -> Along {
    if hits.iter().any(|hit| hit.entity == R::ENTITY) {
        along.all::<R>(&[("q", q)])
    } else {
        along
    }
}
