//! Pages about the registry itself: how accessible it is, who runs it, what it keeps of its readers.

use actix_web::{get, web};
use serde::Serialize;

use super::page_request::PageRequest;
use crate::app::App;
use crate::config::SiteConfig;
use crate::html;
use crate::http::problem::{HttpResult, Problem};

/// What they show.
#[derive(Debug, Serialize)]
struct Shown {
    topic: &'static str,
    site: SiteConfig,
}

/// A page about the registry, from its settings or its theme.
#[get("/{lang:en|pl}/about/{topic}")]
pub async fn about_page(
    app: web::Data<App>,
    ask: PageRequest,
    path: web::Path<(String, String)>,
) -> HttpResult {
    let topic = html::ABOUT.into_iter().find(|topic| *topic == path.1);
    let topic = topic.ok_or_else(|| Problem::not_found("page"))?;
    let site = app.config.site.clone();
    ask.answer(&app, "about.html", move |_, _| Ok(Shown { topic, site }))
        .await
}
