//! What is asked of a page, and how it is answered.

use std::future::{Ready, ready};
use std::str::FromStr;
use std::sync::Arc;

use actix_web::body;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;

use super::reader::Reader;
use crate::app::App;
use crate::changes;
use crate::core::digest::sha256;
use crate::core::ids::PublicId;
use crate::core::parse_error::ParseError;
use crate::html::lang::Lang;
use crate::html::{self, Frame, Place};
use crate::http::code::Code;
use crate::http::extract::params::Day;
use crate::http::extract::{ReadRequest, path_id};
use crate::http::problem::Problem;
use crate::http::respond::{Shared, Validator};
use crate::records::Record;

/// A request for a page.
#[derive(Debug)]
pub struct PageRequest {
    request: ReadRequest,
    lang: Lang,
    frame: Frame,
    parameters: Vec<(String, String)>,
}

impl PageRequest {
    /// A parameter that says something.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The same, read as what it stands for; 400 when it can't be.
    pub fn parsed<T: FromStr<Err = ParseError>>(&self, name: &str) -> Result<Option<T>, Problem> {
        let read = |text: &str| {
            text.parse().map_err(|invalid: ParseError| {
                Problem::new(Code::MalformedRequest)
                    .detail(invalid.message.clone())
                    .parameter(name, invalid.code, invalid.message)
            })
        };
        self.parameter(name).map(read).transpose()
    }

    /// Answers with the page of a record, which has its name: [`answer`](Self::answer) with the id in its address.
    pub async fn record<R: Record, P: Serialize + Send + 'static>(
        self,
        app: &App,
        path: &str,
        read: impl FnOnce(&mut Reader<'_>, &Self, &PublicId) -> Result<P, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let id = path_id(R::KIND, R::NAME, path)?;
        let template = format!("{}.html", R::NAME);
        self.answer(app, &template, move |reader, ask| read(reader, ask, &id))
            .await
    }

    /// Answers with the page that `template` makes of what `read` gives, which runs inside of one
    /// transaction; 304 to who holds it.
    pub async fn answer<P: Serialize + Send + 'static>(
        self,
        app: &App,
        template: &str,
        read: impl FnOnce(&mut Reader<'_>, &Self) -> Result<P, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let as_of = self.parsed("as_of")?.map(|Day(day)| day);
        if as_of.is_some_and(|day| day > app.today()) {
            let rule = "nobody knows yet how things will stand after today";
            return Err(Problem::new(Code::MalformedRequest).detail(rule).parameter(
                "as_of",
                "future_day",
                rule,
            ));
        }
        let path = self.request.path.trim_start_matches('/');
        let (_, path) = path.split_once('/').unwrap_or_default();
        let place = Place {
            lang: self.lang,
            path: path.to_owned(),
            query: self.request.query.clone(),
            as_of,
            // Search engines know the first page of a list.
            listed: self.parameter("cursor").is_none(),
            base: app.config.public_url.clone().unwrap_or_default(),
        };
        let head_only = self.request.head_only;
        let frame = self.frame;
        let today = app.today();
        let index = Arc::clone(&app.index);
        let origin = app.config.link_base();
        let address = sha256(place_of(&self.request).as_bytes());
        let (page, tag) = app
            .db
            .read(move |conn| -> Result<_, Problem> {
                let revision = changes::public_revision(conn)?;
                let address: String = address.chars().take(8).collect();
                let tag = format!("W/\"{revision}-{today}-{}-{address}\"", html::digest());
                if self.request.holds(&tag, None) {
                    return Ok((None, tag));
                }
                let mut reader = Reader::new(conn, &index, self.lang, today, as_of, &origin);
                Ok((Some(read(&mut reader, &self)?), tag))
            })
            .await?;
        let kept = tag.clone();
        let mut response = match page {
            None => HttpResponse::NotModified(),
            Some(_) => HttpResponse::Ok(),
        };
        frame
            .headers(&mut response)
            .insert_header((header::ETAG, tag))
            .insert_header((header::CACHE_CONTROL, "public, no-cache"));
        let Some(page) = page else {
            return Ok(response.finish());
        };
        if head_only {
            // It was read, to know that it is there; its length would have to be made.
            return Ok(response.body(body::None::new()));
        }
        let mut response = response.body(html::page_in(frame, template, &place, page)?);
        let validator = Some(Validator::fixed(kept));
        response.extensions_mut().insert(Shared { validator });
        Ok(response)
    }
}

/// The language that an address names.
fn named(req: &HttpRequest) -> Option<Lang> {
    let code = req.match_info().get("lang")?;
    code.parse().ok()
}

/// Path and query.
fn place_of(request: &ReadRequest) -> String {
    format!("{}?{}", request.path, request.query)
}

impl FromRequest for PageRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let lang = named(req);
        let request = ReadRequest::from_request(req, payload).into_inner();
        ready(request.map(|request| {
            let parameters: Vec<(String, String)> =
                form_urlencoded::parse(request.query.as_bytes())
                    .into_owned()
                    .collect();
            let asked = parameters.iter().find(|(name, _)| name == "lang");
            let asked = asked.and_then(|(_, code)| code.parse().ok());
            Self {
                lang: lang.or(asked).unwrap_or_default(),
                frame: Frame::of(&request.path),
                parameters,
                request,
            }
        }))
    }
}

/// The language and the parameters of a page that is one reader's own.
#[derive(Debug)]
pub struct Link {
    /// The language.
    pub lang: Lang,
    parameters: Vec<(String, String)>,
}

impl Link {
    /// A parameter; empty when it is not there.
    pub fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

impl FromRequest for Link {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = form_urlencoded::parse(req.query_string().as_bytes());
        let parameters: Vec<(String, String)> = query.into_owned().collect();
        if parameters.iter().any(|(_, value)| value.contains('\0')) {
            return ready(Err(Problem::new(Code::MalformedRequest)));
        }
        ready(Ok(Self {
            lang: named(req).unwrap_or_default(),
            parameters,
        }))
    }
}

/// The language that whoever sends this likes best.
pub fn preferred(headers: &header::HeaderMap) -> Lang {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    Lang::preferred(
        accepted
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default(),
    )
}
