//! What is asked of a page, and how it is answered.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Resource, body, guard, web};

use super::{Content, Reader};
use crate::app::App;
use crate::changes;
use crate::core::digest::sha256;
use crate::core::ids::PublicId;
use crate::core::parse_error::ParseError;
use crate::html::forms::Sent;
use crate::html::lang::Lang;
use crate::html::{self, Frame, Place};
use crate::http::code::Code;
use crate::http::extract::params::Day;
use crate::http::extract::{ReadRequest, path_id};
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{Shared, Validator};
use crate::records::Record;

/// A request for a page.
#[derive(Debug)]
pub struct PageRequest {
    request: ReadRequest,
    lang: Lang,
    parameters: Sent,
}

impl PageRequest {
    /// A parameter that says something.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let value = self.parameters.get(name).trim();
        (!value.is_empty()).then_some(value)
    }

    /// Where the page begins, as lists are asked for it.
    pub fn cursor(&self) -> Option<(&'static str, &str)> {
        Some(("cursor", self.parameter("cursor")?))
    }

    /// A parameter read as what it stands for; 400 when it can't be.
    pub fn parsed<T: FromStr<Err = ParseError>>(&self, name: &str) -> Result<Option<T>, Problem> {
        let wrong = |ParseError { code, message }| {
            Problem::malformed(message.clone()).parameter(name, code, message)
        };
        let text = self.parameter(name);
        text.map(|text| text.parse().map_err(wrong)).transpose()
    }

    /// Answers with the page that `template` makes of what `read` gives, which runs inside of one
    /// transaction; 304 to who holds it.
    pub async fn answer(
        self,
        app: &App,
        template: &str,
        read: impl FnOnce(&mut Reader<'_>, &Self) -> Result<Content, Problem> + Send + 'static,
    ) -> HttpResult {
        let as_of = self.parsed("as_of")?.map(|Day(day)| day);
        if as_of.is_some_and(|day| day > app.today()) {
            let rule = "nobody knows yet how things will stand after today";
            return Err(Problem::malformed(rule).parameter("as_of", "future_day", rule));
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
        let frame = Frame::of(&self.request.path);
        let (today, all) = (app.today(), app.clone());
        let address = format!("{}?{}", self.request.path, self.request.query);
        let address = sha256(address.as_bytes());
        let (page, tag) = app
            .db
            .read(move |conn| -> Result<_, Problem> {
                let revision = changes::public_revision(conn)?;
                let tag = format!("W/\"{revision}-{today}-{}-{address:.8}\"", html::digest());
                if self.request.holds(&tag, None) {
                    return Ok((None, tag));
                }
                let mut reader = Reader::new(conn, &all, self.lang, today, as_of);
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

/// The route of the page at this address that `template` makes of what `read` gives.
pub fn page(
    path: &str,
    template: &'static str,
    read: fn(&mut Reader<'_>, &PageRequest) -> Result<Content, Problem>,
) -> Resource {
    let answer = move |app: web::Data<App>, ask: PageRequest| async move {
        ask.answer(&app, template, read).await
    };
    web::resource(path).guard(guard::Get()).to(answer)
}

/// The same of each record of a kind, which has the template of its name.
pub fn record_page<R: Record>(
    read: fn(&mut Reader<'_>, &PageRequest, &PublicId) -> Result<Content, Problem>,
) -> Resource {
    type Path = web::Path<(String, String)>;
    let answer = move |app: web::Data<App>, ask: PageRequest, path: Path| async move {
        let id = path_id(R::KIND, R::NAME, &path.1)?;
        let template = format!("{}.html", R::NAME);
        ask.answer(&app, &template, move |reader, ask| read(reader, ask, &id))
            .await
    };
    let path = format!("/{{lang:en|pl}}/{}/{{id}}", R::COLLECTION);
    web::resource(path).guard(guard::Get()).to(answer)
}

/// The language that an address names.
fn named(req: &HttpRequest) -> Option<Lang> {
    let code = req.match_info().get("lang")?;
    code.parse().ok()
}

impl FromRequest for PageRequest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = ReadRequest::of(req);
        let parameters = Sent::of(request.query.as_bytes());
        let lang = named(req).or_else(|| parameters.get("lang").parse().ok());
        ready(Ok(Self {
            lang: lang.unwrap_or_default(),
            parameters,
            request,
        }))
    }
}

/// The language and the parameters of a page that is one reader's own.
#[derive(Debug)]
pub struct Link {
    /// The language.
    pub lang: Lang,
    parameters: Sent,
}

impl Link {
    /// A parameter; empty when it is not there.
    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name)
    }
}

impl FromRequest for Link {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parameters = Sent::of(req.query_string().as_bytes());
        if parameters.has_nul() {
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
    let accepted = accepted.and_then(|value| value.to_str().ok());
    Lang::preferred(accepted.unwrap_or_default())
}
