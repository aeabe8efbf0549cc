//! Pages about the registry itself: how accessible it is, who runs it, what it keeps of its readers.

use actix_web::{get, web};

use super::{Content, PageRequest};
use crate::app::App;
use crate::html;
use crate::http::problem::{HttpResult, Problem};

/// A page about the registry, from its settings or its theme.
#[get("/{lang:en|pl}/about/{topic}")]
pub async fn about_page(
    app: web::Data<App>,
    ask: PageRequest,
    path: web::Path<(String, String)>,
) -> HttpResult {
    let topic = html::ABOUT.into_iter().find(|topic| *topic == path.1);
    let topic = topic.ok_or_else(|| Problem::not_found("page"))?;
    let content = Content::default()
        .with("topic", topic)
        .with("site", &app.config.site);
    ask.answer(&app, "about.html", move |_, _| Ok(content))
        .await
}
