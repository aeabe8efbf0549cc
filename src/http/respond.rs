//! Answers to reads: validators, caching headers, sparse fields and links.

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder, body};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::code::Code;
use super::extract::ReadRequest;
use super::format::Format;
use super::page::{Page, PageInfo};
use super::problem::{HttpResult, Problem};
pub use crate::cache::Validator;

/// The registry as a list shows it.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// The number of the last change that the reader may know of.
    pub revision: i64,
    /// The day it is shown from, where the same address begins on another one tomorrow.
    pub from: Option<NaiveDate>,
}

impl From<i64> for State {
    fn from(revision: i64) -> Self {
        Self {
            revision,
            from: None,
        }
    }
}

impl State {
    /// What a list is compared by.
    pub fn validator(self) -> Validator {
        match self.from {
            None => Validator::revision(self.revision),
            Some(day) => Validator::fixed(format!("W/\"{}-{day}\"", self.revision)),
        }
    }
}

fn cache_control(request: &ReadRequest) -> &'static str {
    // Kept by whoever likes, but asked about each time: 304 is cheap and no answer is ever stale.
    if request.private {
        "private, no-cache"
    } else {
        "public, no-cache"
    }
}

/// Whether the caller says that it holds this already.
pub fn is_held(request: &ReadRequest, validator: &Validator) -> bool {
    request.holds(
        &validator.etag,
        validator.modified.filter(|_| validator.dated),
    )
}

/// Whether the answer needs no body: the caller holds it already (304), or wants its headers only.
///
/// Handlers ask this as soon as they know the validator and that the caller may read what it is of,
/// and then leave the work: [`list`] and [`item_rendered`] answer without it.
pub fn is_settled(request: &ReadRequest, validator: &Validator) -> bool {
    request.head_only || is_held(request, validator)
}

/// An answer that everybody gets alike for as long as the registry and the day are the same: it may be
/// kept.
#[derive(Debug, Clone)]
pub struct Shared {
    /// What callers may hold it by; `None` for one that is always sent as a whole.
    pub validator: Option<Validator>,
}

/// An answer with what identifies it: 304 when the caller holds it already, else 200.
pub fn settled(request: &ReadRequest, validator: &Validator) -> HttpResponseBuilder {
    let mut response = if is_held(request, validator) {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response.insert_header((header::ETAG, validator.etag.clone()));
    response.insert_header((header::CACHE_CONTROL, cache_control(request)));
    if let Some(modified) = validator.modified {
        response.insert_header((
            header::LAST_MODIFIED,
            httpdate::fmt_http_date(modified.into()),
        ));
    }
    response
}

/// 200 with `body`, 304 when the caller holds it already, or for HEAD no more than the headers.
pub fn conditional(
    request: &ReadRequest,
    validator: &Validator,
    body: impl FnOnce() -> Result<Bytes, Problem>,
) -> HttpResult {
    conditional_in(Format::Json, request, validator, body)
}

/// [`conditional`] for an address that answers in this format alone.
pub fn conditional_in(
    format: Format,
    request: &ReadRequest,
    validator: &Validator,
    body: impl FnOnce() -> Result<Bytes, Problem>,
) -> HttpResult {
    let mut response = settled(request, validator);
    if is_held(request, validator) {
        return Ok(response.finish());
    }
    if request.head_only {
        // Its length is known to nobody: it would have to be made.
        return Ok(response
            .content_type(format.content_type())
            .body(body::None::new()));
    }
    let mut response = response.content_type(format.content_type()).body(body()?);
    if request.is_shared {
        let validator = request.is_conditional.then(|| validator.clone());
        response.extensions_mut().insert(Shared { validator });
    }
    Ok(response)
}

/// The bytes of a view, as JSON.
pub fn to_bytes<T: Serialize>(view: &T) -> Result<Bytes, Problem> {
    let bytes = serde_json::to_vec(view).map_err(|error| unwritable(&error))?;
    Ok(bytes.into())
}

/// The JSON of a view.
pub fn to_value<T: Serialize>(view: &T) -> Result<Value, Problem> {
    serde_json::to_value(view).map_err(|error| unwritable(&error))
}

/// 500 for a view that can't be written: a fault of the program.
fn unwritable(error: &serde_json::Error) -> Problem {
    tracing::error!(%error, "a view could not be written as JSON");
    Problem::new(Code::Internal)
}

/// One record, with only the members `fields` names.
pub fn item<T: Serialize + ToSchema>(
    request: &ReadRequest,
    validator: &Validator,
    fields: Option<&str>,
    view: &T,
) -> HttpResult {
    let keep = Fields::parse::<T>(fields)?;
    conditional(request, validator, || keep.bytes(view))
}

/// An answer that was settled without being read has no body; to need one is a fault of the program.
fn unread() -> Problem {
    tracing::error!("an answer that needs a body was not read");
    Problem::new(Code::Internal)
}

/// One page, with only the members `fields` names in each record, and `Link` headers; or its headers without
/// links to other pages when nothing was read because [`is_settled`] said so.
pub fn list<T: Serialize + ToSchema>(
    request: &ReadRequest,
    state: impl Into<State>,
    fields: Option<&str>,
    page: Option<&Page<T>>,
) -> HttpResult {
    let keep = Fields::parse::<T>(fields)?;
    let info = page.map(|page| &page.page);
    list_of_bytes(request, state, info, || keep.page(page.ok_or_else(unread)?))
}

/// A page that was written already.
#[derive(Debug)]
pub struct Rendered {
    /// Its JSON.
    pub body: Bytes,
    /// Where it stands among the others.
    pub page: PageInfo,
}

impl Rendered {
    /// A page, with only the members `fields` names in each record.
    pub fn new<T: Serialize + ToSchema>(
        page: &Page<T>,
        fields: Option<&str>,
    ) -> Result<Self, Problem> {
        let keep = Fields::parse::<T>(fields)?;
        Ok(Self {
            body: keep.page(page)?,
            page: page.page.clone(),
        })
    }
}

/// A page of records that were written before.
pub fn joined<'r>(
    records: impl Iterator<Item = &'r Bytes> + Clone,
    page: PageInfo,
    total: Option<i64>,
) -> Result<Rendered, Problem> {
    let around = to_bytes(&Page {
        data: Vec::<()>::new(),
        page: page.clone(),
        total,
    })?;
    // `{"data":[` and what follows it.
    let (before, behind) = around.split_at_checked(HEAD.len()).unwrap_or_default();
    let length = records
        .clone()
        .map(|record| record.len() + 1)
        .sum::<usize>()
        + around.len();
    let mut body = Vec::with_capacity(length);
    body.extend_from_slice(before);
    for (at, record) in records.enumerate() {
        if at > 0 {
            body.push(b',');
        }
        body.extend_from_slice(record);
    }
    body.extend_from_slice(behind);
    Ok(Rendered {
        body: body.into(),
        page,
    })
}

/// How every page begins.
const HEAD: &str = "{\"data\":[";

/// [`list`] of a page of `T` that was written already.
pub fn list_rendered<T: ToSchema>(
    request: &ReadRequest,
    state: impl Into<State>,
    fields: Option<&str>,
    page: Option<Rendered>,
) -> HttpResult {
    Fields::parse::<T>(fields)?;
    let (body, page) = page.map(|page| (page.body, page.page)).unzip();
    list_of_bytes(request, state, page.as_ref(), || body.ok_or_else(unread))
}

/// [`item`] of a `T` that was written already, or its headers when nothing was read because [`is_settled`] said
/// so.
pub fn item_rendered<T: ToSchema>(
    request: &ReadRequest,
    validator: &Validator,
    fields: Option<&str>,
    body: Option<Bytes>,
) -> HttpResult {
    Fields::parse::<T>(fields)?;
    conditional(request, validator, || body.ok_or_else(unread))
}

/// One record, with only the members `fields` names.
pub fn bytes<T: Serialize + ToSchema>(view: &T, fields: Option<&str>) -> Result<Bytes, Problem> {
    Fields::parse::<T>(fields)?.bytes(view)
}

/// One page whose bytes `body` gives, with `Link` headers when it was read.
fn list_of_bytes(
    request: &ReadRequest,
    state: impl Into<State>,
    page: Option<&PageInfo>,
    body: impl FnOnce() -> Result<Bytes, Problem>,
) -> HttpResult {
    let state = state.into();
    let mut response = conditional(request, &state.validator(), body)?;
    let links = page.map(|page| links(request, page));
    if let Some(links) = links
        && let Ok(value) = header::HeaderValue::from_str(&links)
    {
        response.headers_mut().insert(header::LINK, value);
    }
    Ok(at_revision(response, state.revision))
}

/// Says of which revision of the registry an answer is.
pub fn at_revision(mut response: HttpResponse, revision: i64) -> HttpResponse {
    let name = header::HeaderName::from_static("registry-revision");
    response.headers_mut().insert(name, revision.into());
    response
}

/// `first`, `prev` and `next` of this query (RFC 8288).
fn links(request: &ReadRequest, page: &PageInfo) -> String {
    let others: Vec<(String, String)> =
        serde_urlencoded::from_str(&request.query).unwrap_or_default();
    let link = |relation: &str, cursor: Option<&str>| {
        let kept = others.iter().filter(|(name, _)| name != "cursor");
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs: Vec<_> = kept
            .chain(cursor.map(|cursor| ("cursor", cursor)))
            .collect();
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("<{}{mark}{query}>; rel=\"{relation}\"", request.path)
    };
    let mut links = vec![link("first", None)];
    for (relation, cursor) in [("prev", &page.prev), ("next", &page.next)] {
        links.extend(cursor.as_deref().map(|cursor| link(relation, Some(cursor))));
    }
    links.join(", ")
}

/// The members of a record a caller wants.
#[derive(Debug)]
pub struct Fields(Option<Vec<String>>);

impl Fields {
    /// Reads `id,name`; 400 names the members there are.
    pub fn parse<T: ToSchema>(fields: Option<&str>) -> Result<Self, Problem> {
        let Some(fields) = fields else {
            return Ok(Self(None));
        };
        let allowed = member_names::<T>();
        let parameter = ("fields", "unknown_field");
        let wanted = known_names(fields, &allowed, parameter, |unknown| {
            format!("there is no member \"{unknown}\"")
        })?;
        Ok(Self(Some(wanted)))
    }

    fn page<T: Serialize>(&self, page: &Page<T>) -> Result<Bytes, Problem> {
        if self.0.is_none() {
            return to_bytes(page);
        }
        let data = page.data.iter().map(|view| self.apply(view));
        to_bytes(&Page {
            data: data.collect::<Result<Vec<_>, _>>()?,
            page: page.page.clone(),
            total: page.total,
        })
    }

    fn bytes<T: Serialize>(&self, view: &T) -> Result<Bytes, Problem> {
        match &self.0 {
            None => to_bytes(view),
            Some(_) => to_bytes(&self.apply(view)?),
        }
    }

    fn apply<T: Serialize>(&self, view: &T) -> Result<Value, Problem> {
        Ok(self.of(to_value(view)?))
    }

    /// A record with only these members.
    pub fn of(&self, mut record: Value) -> Value {
        if let Value::Object(members) = &mut record {
            members.retain(|name, _| self.has(name));
        }
        record
    }

    /// Whether this member is wanted.
    pub fn has(&self, member: &str) -> bool {
        let wanted = self.0.as_ref();
        wanted.is_none_or(|wanted| wanted.iter().any(|wanted| wanted == member))
    }
}

/// The names of a record's members, those of flattened parts included.
pub fn member_names<T: ToSchema>() -> Vec<String> {
    fn walk(schema: &RefOr<Schema>, known: &[(String, RefOr<Schema>)], names: &mut Vec<String>) {
        match schema {
            RefOr::T(Schema::Object(object)) => names.extend(object.properties.keys().cloned()),
            RefOr::T(Schema::AllOf(all)) => {
                for part in &all.items {
                    walk(part, known, names);
                }
            }
            RefOr::Ref(reference) => {
                let name = reference
                    .ref_location
                    .rsplit('/')
                    .next()
                    .unwrap_or_default();
                if let Some((_, schema)) = known.iter().find(|(known, _)| known == name) {
                    walk(schema, known, names);
                }
            }
            RefOr::T(_) => {}
        }
    }
    let mut known = Vec::new();
    T::schemas(&mut known);
    let mut names = Vec::new();
    walk(&T::schema(), &known, &mut names);
    names
}

/// Which related records a caller wants embedded; 400 names the allowed ones.
pub fn includes(include: Option<&str>, allowed: &[&str]) -> Result<Vec<String>, Problem> {
    let Some(include) = include else {
        return Ok(Vec::new());
    };
    known_names(
        include,
        allowed,
        ("include", "unknown_include"),
        |unknown| format!("can't include \"{unknown}\" here"),
    )
}

/// The names in a list with commas; 400 names the allowed ones.
fn known_names(
    list: &str,
    allowed: &[impl AsRef<str>],
    (parameter, code): (&str, &str),
    refused: impl FnOnce(&str) -> String,
) -> Result<Vec<String>, Problem> {
    let allowed: Vec<&str> = allowed.iter().map(AsRef::as_ref).collect();
    let wanted: Vec<&str> = list.split(',').map(str::trim).collect();
    if let Some(unknown) = wanted.iter().find(|name| !allowed.contains(name)) {
        let allowed = match allowed.as_slice() {
            [] => "none".to_owned(),
            allowed => allowed.join(", "),
        };
        let message = format!("allowed are {allowed}");
        return Err(Problem::malformed(refused(unknown)).parameter(parameter, code, message));
    }
    Ok(wanted.into_iter().map(str::to_owned).collect())
}
