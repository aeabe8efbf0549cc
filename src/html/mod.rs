//! Pages for people: their templates and texts, the files they load, how readers like them, maps and timelines.
//!
//! This room knows no partner: what a page is about, rooms on the right read and hand to [`page_in`].

pub mod assets;
mod checks;
pub mod collation;
mod engine;
pub mod forms;
pub mod lang;
pub mod map;
pub mod preferences;
mod templates;
mod texts;
mod theme;
pub mod timeline;

use std::path::Path;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::NaiveDate;
use fluent_bundle::FluentArgs;
/// A text in a message, or a number, which may decide on the form of a word.
pub use fluent_bundle::FluentValue as Argument;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::app::App;
use crate::config::SiteConfig;
use crate::http::code::Code;
use crate::http::middleware::SaysItself;
use crate::http::problem::{HttpResult, Problem};
pub use engine::{cited_key, digest, field, member};
use lang::Lang;
pub use texts::{country, label, moment, says, until, when};
pub use theme::Fault;
use theme::Theme;

/// A page loads files of this registry and sends forms to it, and nothing else; nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page in a frame of another site loads files of this registry, sends nothing, and anybody may frame it:
/// also a page from a disk, which `frame-ancestors *` would leave out.
const FRAMED_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'";

/// Whether a page stands by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// By itself: with search, preferences and all that every page has.
    None,
    /// In a frame on another site.
    Foreign,
}

impl Frame {
    /// What a page at this address stands in.
    pub fn of(path: &str) -> Self {
        if path.starts_with("/embed/") {
            Self::Foreign
        } else {
            Self::None
        }
    }

    /// The template that is round every page.
    fn layout(self) -> &'static str {
        match self {
            Self::None => "base.html",
            Self::Foreign => "frame.html",
        }
    }

    /// The headers of a page.
    pub fn headers(self, response: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
        let policy = match self {
            Self::None => POLICY,
            Self::Foreign => FRAMED_POLICY,
        };
        response
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            // To other sites nothing is told; without it browsers would not say where a form is from.
            .insert_header((header::REFERRER_POLICY, "same-origin"))
            .insert_header((header::VARY, "Accept-Encoding"))
    }
}

/// The pages about the registry itself.
pub const ABOUT: [&str; 3] = ["accessibility", "imprint", "privacy"];

/// Where a page is, and how it is read.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The language.
    pub lang: Lang,
    /// Its address behind the language: `partners/ptn_8x3k0q2m7t`.
    pub path: String,
    /// Its query as it was sent.
    pub query: String,
    /// The day it shows, if that is not today.
    pub as_of: Option<NaiveDate>,
    /// Whether search engines may list it.
    pub listed: bool,
    /// What addresses begin with when they must be whole; empty when the registry does not know.
    pub base: String,
}

/// The same page in a language.
#[derive(Debug, Serialize)]
struct Translation {
    code: &'static str,
    name: &'static str,
    href: String,
    current: bool,
}

/// What every page shows round its own part.
#[derive(Serialize)]
struct Values<P> {
    layout: &'static str,
    languages: Vec<Translation>,
    /// Address and query.
    here: String,
    /// What addresses begin with when they must be whole.
    base: String,
    /// Where this page is known to search engines; none for what is no page.
    canonical: Option<String>,
    listed: bool,
    as_of: Option<NaiveDate>,
    /// What links carry on so that they show the same day.
    keep: String,
    #[serde(flatten)]
    page: P,
}

impl Place {
    /// A page of one reader's own, which is in no search engine.
    pub fn own(app: &App, lang: Lang, path: &str, parameters: &[(&str, &str)]) -> Self {
        let mut query = form_urlencoded::Serializer::new(String::new());
        Self {
            lang,
            path: path.to_owned(),
            query: query.extend_pairs(parameters).finish(),
            base: app.config.public_url.clone().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The part of the query that makes it another page: what a list is of.
    fn chosen(&self) -> String {
        let by: &[&str] = match self.path.as_str() {
            "partners" => &["country"],
            "agreements" => &["status", "country"],
            _ => &[],
        };
        let asked: Vec<_> = form_urlencoded::parse(self.query.as_bytes()).collect();
        let mut query = form_urlencoded::Serializer::new(String::new());
        for by in by {
            let chosen = asked
                .iter()
                .find(|(name, value)| name == by && !value.is_empty());
            query.extend_pairs(chosen);
        }
        query_part(&query.finish())
    }

    fn values<P: Serialize>(&self, frame: Frame, page: P) -> Values<P> {
        let query = query_part(&self.query);
        let at = |lang: Lang| format!("/{lang}/{}", self.path);
        let here = at(self.lang);
        let translation = |lang: Lang| Translation {
            code: lang.code(),
            name: lang.own_name(),
            href: format!("{}{query}", at(lang)),
            current: lang == self.lang,
        };
        let day = self.as_of.map(|day| format!("?as_of={day}"));
        Values {
            layout: frame.layout(),
            languages: Lang::ALL.into_iter().map(translation).collect(),
            canonical: self
                .listed
                .then(|| format!("{}{here}{}", self.base, self.chosen())),
            here: format!("{here}{query}"),
            base: self.base.clone(),
            listed: self.listed && self.as_of.is_none(),
            as_of: self.as_of,
            keep: day.unwrap_or_default(),
            page,
        }
    }
}

/// The page that a template makes of what it is about, for what it stands in.
pub fn page_in<P: Serialize>(
    frame: Frame,
    template: &str,
    place: &Place,
    page: P,
) -> Result<String, Problem> {
    let values = Value::from(Serde(place.values(frame, page)));
    engine::render(place.lang, template, values).map_err(|error| {
        tracing::error!(error = %format!("{error:#}"), template, "a page can't be made");
        Problem::new(Code::Internal)
    })
}

/// The end of an address that has this query.
pub fn query_part(query: &str) -> String {
    match query {
        "" => String::new(),
        query => format!("?{query}"),
    }
}

/// Makes pages look as this folder says, with these settings, before any is made; or says what is wrong with it.
pub fn install(folder: &Path, site: &SiteConfig) -> Result<(), Fault> {
    let theme = Theme::read(folder)?;
    theme.check_colours(assets::style_sheet())?;
    texts::check(&theme)?;
    templates::check(&theme)?;
    // To see whether there is a filter one has to try it, and it may say something as pages do.
    theme::set(theme)?;
    checks::check(theme::current())?;
    render_each_template(site)
}

/// Makes the pages that need no record, in each language.
fn render_each_template(site: &SiteConfig) -> Result<(), Fault> {
    let sample = serde_json::json!({
        "status": 404, "message": "not-found", "reason": null, "known": null, "detail": null, "wait": null,
        "request_id": null, "parameter": null, "back": null,
    });
    for lang in Lang::ALL {
        try_page(lang, "problem.html", &sample)?;
        for topic in ABOUT {
            let page = serde_json::json!({ "topic": topic, "site": site });
            try_page(lang, "about.html", &page)?;
        }
    }
    Ok(())
}

fn try_page(lang: Lang, template: &str, page: &serde_json::Value) -> Result<(), Fault> {
    let place = Place {
        lang,
        ..Place::default()
    };
    let values = Value::from(Serde(place.values(Frame::None, page)));
    let Err(error) = engine::render(lang, template, values) else {
        return Ok(());
    };
    // The fault of a template that is included stands behind that of the one that includes it.
    let mut at = &error;
    while let Some(inner) = std::error::Error::source(at).and_then(|inner| inner.downcast_ref()) {
        at = inner;
    }
    let file = format!("templates/{}", at.name().unwrap_or(template));
    let line = at.line().unwrap_or(1);
    let detail = at.detail().unwrap_or("can't be shown");
    Err(Fault::of(&file, format!("line {line}: {detail}")))
}

/// A page of one reader's own, with what was typed or what a link carried: kept nowhere.
pub fn own_page<P: Serialize>(
    status: StatusCode,
    template: &str,
    place: &Place,
    shown: P,
) -> HttpResult {
    let mut response = HttpResponse::build(status);
    Frame::None
        .headers(&mut response)
        .insert_header((header::CACHE_CONTROL, "no-store"));
    let mut response = response.body(page_in(Frame::None, template, place, shown)?);
    response.extensions_mut().insert(SaysItself);
    Ok(response)
}

/// Whether the field that a pointer leads to has a name for people.
pub fn names(lang: Lang, pointer: &str) -> bool {
    says(lang, &engine::field_key(pointer))
}

/// The message of this key with these values, as plain text: for what is no page. The key itself when there
/// is no such message.
pub fn say(lang: Lang, key: &str, values: &[(&'static str, Argument<'_>)]) -> String {
    let args: FluentArgs<'_> = values.iter().cloned().collect();
    texts::message(lang, key, Some(&args)).unwrap_or_else(|| key.to_owned())
}

/// When to come back, to whom an answer says so in seconds.
pub fn come_back(lang: Lang, seconds: u64) -> String {
    let (unit, count) = match seconds {
        0..=90 => ("wait-seconds", seconds),
        91..=5400 => ("wait-minutes", seconds.div_ceil(60)),
        _ => ("wait-hours", seconds.div_ceil(3600)),
    };
    let count = Argument::from(i64::try_from(count).unwrap_or(i64::MAX));
    say(lang, unit, &[("count", count)])
}

/// [`label`]; of a code that has none the code itself.
pub fn label_or_code(lang: Lang, vocabulary: &str, code: &str) -> String {
    label(lang, vocabulary, code).unwrap_or(code).to_owned()
}
