//! The partners of a city for its own site: a small page that others may frame, without cookies and scripts.

use actix_web::{get, web};

use super::numbered;
use super::ties::{Which, endings, ties};
use super::{Content, PageRequest, Partner};
use crate::app::App;
use crate::core::ids::Kind;
use crate::http::extract::path_id;
use crate::http::problem::{HttpResult, Problem};
use crate::partners::store as partners;

/// The live ties of a partner, on a map and in a list that leads to their pages.
#[get("/embed/partners/{id}")]
pub async fn embedded_partner(
    app: web::Data<App>,
    ask: PageRequest,
    id: web::Path<String>,
) -> HttpResult {
    let id = path_id(Kind::Partner, "partner", &id)?;
    ask.answer(&app, "embed.html", move |reader, ask| {
        let partner = reader.item::<Partner>(&id, &[])?;
        let row = partners::find(reader.conn, &id)?.ok_or_else(|| Problem::not_found("partner"))?;
        let ties = ties(reader, &row, Which::Live, false, numbered::first(ask)?)?;
        Ok(Content::default()
            .with("endings", endings(reader, &ties)?)
            .with("partner", partner)
            .with("ties", ties))
    })
    .await
}
