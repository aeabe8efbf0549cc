//! Query parameters: unknown ones are refused by name, so that a misspelt filter never returns
//! everything.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::core::language::LanguageTag;
use crate::http::code::Code;
use crate::http::format::Format;
use crate::http::problem::Problem;

use super::body::{hint, unknown_field};
use super::params::Parsed;
use super::read::wanted;

/// Most records on a page.
pub const MAX_LIMIT: u32 = 100;

/// Records on a page when the caller does not say.
pub const DEFAULT_LIMIT: u32 = 50;

/// Parameters of every list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// Records on a page; formats other than JSON have no pages, and the whole list.
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// Where the page starts: `page.next` or `page.prev` of an answer to the same query.
    #[param(min_length = 1)]
    pub cursor: Option<String>,
    /// Also count all matching records (`total`).
    pub count: Option<bool>,
    /// Sort keys separated by commas, `-` in front for descending; missing values come last.
    #[param(min_length = 1, example = "name")]
    pub sort: Option<String>,
    /// Only these members of each record, separated by commas.
    #[param(min_length = 1, example = "id")]
    pub fields: Option<String>,
    /// Related records to embed, separated by commas.
    #[param(min_length = 1)]
    pub include: Option<String>,
    /// Language (BCP 47) in which names are shown where the record has one.
    #[param(value_type = Option<String>, example = "pl")]
    pub lang: Option<Parsed<LanguageTag>>,
    /// Media type by name, instead of `Accept`.
    #[param(example = "json", pattern = "^json$")]
    pub format: Option<String>,
    /// Begin CSV with a mark (BOM), by which spreadsheets know that it is UTF-8; of CSV only.
    pub bom: Option<bool>,
}

/// Parameters of every single record.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ItemParams {
    /// Only these members of the record, separated by commas.
    #[param(min_length = 1, example = "id")]
    pub fields: Option<String>,
    /// Related records to embed, separated by commas.
    #[param(min_length = 1)]
    pub include: Option<String>,
    /// Language (BCP 47) in which names are shown where the record has one.
    #[param(value_type = Option<String>, example = "pl")]
    pub lang: Option<Parsed<LanguageTag>>,
    /// Media type by name, instead of `Accept`.
    #[param(example = "json", pattern = "^json$")]
    pub format: Option<String>,
    /// Begin CSV with a mark (BOM), by which spreadsheets know that it is UTF-8; of CSV only.
    pub bom: Option<bool>,
}

/// The parameter of what is told in words, such as a feed or a calendar.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LangParams {
    /// Language (BCP 47) of names and titles where the record has one, and of the words, which are English or
    /// Polish.
    #[param(value_type = Option<String>, example = "pl")]
    pub lang: Option<Parsed<LanguageTag>>,
}

impl ListParams {
    const NAMES: &'static [&'static str] = &[
        "limit", "cursor", "count", "sort", "fields", "include", "lang", "format", "bom",
    ];

    /// Records on the page asked for.
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT)
    }

    /// Whether the total was asked for.
    pub fn counts(&self) -> bool {
        self.count.unwrap_or(false)
    }

    /// The language names are shown in.
    pub fn lang(&self) -> Option<&LanguageTag> {
        self.lang.as_ref().map(|lang| &lang.0)
    }
}

impl ItemParams {
    /// The language names are shown in.
    pub fn lang(&self) -> Option<&LanguageTag> {
        self.lang.as_ref().map(|lang| &lang.0)
    }
}

/// The parameters of an operation that has no others.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A list's own filters beside the parameters of every list.
#[derive(Debug)]
pub struct ListQuery<F> {
    /// Paging, sorting and shape.
    pub params: ListParams,
    /// What is asked for.
    pub filter: F,
    /// Path, filters and order in one text: what a cursor is bound to.
    pub fingerprint: String,
}

/// An item's own parameters beside those of every item.
#[derive(Debug)]
pub struct ItemQuery<F> {
    /// Shape and language.
    pub params: ItemParams,
    /// The operation's own parameters.
    pub own: F,
}

/// What is asked of something told in words.
#[derive(Debug)]
pub struct LangQuery<F> {
    /// The language.
    pub lang: Option<LanguageTag>,
    /// The operation's own parameters.
    pub own: F,
}

/// No parameters of its own.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

type Pairs = Vec<(String, String)>;

fn pairs(query: &str) -> Result<Pairs, Problem> {
    let pairs: Pairs = serde_urlencoded::from_str(query).map_err(unreadable)?;
    for (name, value) in &pairs {
        // What was no UTF-8 has become U+FFFD, and would find something else than was asked for.
        let wrong = ['\0', char::REPLACEMENT_CHARACTER];
        if name.contains(wrong) || value.contains(wrong) {
            let rule = "the query must be UTF-8 without the characters U+0000 and U+FFFD";
            return Err(Problem::malformed(rule));
        }
    }
    Ok(pairs)
}

fn unreadable<E>(_: E) -> Problem {
    Problem::malformed("the query can't be read")
}

/// Reads `pairs` as a `T`; `others` are parameters read elsewhere, named when one is unknown.
fn read<T: DeserializeOwned>(pairs: &Pairs, others: &[&str]) -> Result<T, Problem> {
    let text = serde_urlencoded::to_string(pairs).map_err(unreadable)?;
    let parts = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize::<_, T>(parts).map_err(|error| {
        let message = error.inner().to_string();
        let path = error.path().to_string();
        if let Some((name, mut allowed)) = unknown_field(&message) {
            allowed.extend(others);
            allowed.sort_unstable();
            let hint = hint(name, &allowed);
            let allowed = match allowed.join(", ").as_str() {
                "" => format!("allowed are none{hint}"),
                names => format!("allowed are {names}{hint}"),
            };
            return Problem::new(Code::UnknownParameter)
                .detail(format!("there is no parameter \"{name}\" here{hint}"))
                .parameter(name, "unknown_parameter", allowed);
        }
        if let Some(name) = message.strip_prefix("duplicate field ") {
            let name = name.trim_matches('`');
            let rule = "give it once; where it takes several values, commas separate them";
            return Problem::malformed(format!("the parameter \"{name}\" is given more than once"))
                .parameter(name, "repeated", rule);
        }
        if let Some(name) = message.strip_prefix("missing field ") {
            let name = name.trim_matches('`');
            let problem = Problem::malformed(format!("the parameter \"{name}\" is required"));
            return problem.parameter(name, "required", "this parameter is required");
        }
        let message = plain(message);
        Problem::malformed(format!("the value of \"{path}\" is not allowed: {message}"))
            .parameter(&path, "invalid", message)
    })
}

/// The parameters of many operations, which are called `shared`, those of its own, and these as they were sent.
fn split<S: DeserializeOwned, F: DeserializeOwned>(
    query: &str,
    shared: &[&str],
) -> Result<(S, F, Pairs), Problem> {
    let (theirs, own): (Pairs, Pairs) = pairs(query)?
        .into_iter()
        .partition(|(name, _)| shared.contains(&name.as_str()));
    let filter = read(&own, shared)?;
    Ok((read(&theirs, &[])?, filter, own))
}

/// What a parser says of a number or a truth value, as a rule for whoever sends it.
fn plain(message: String) -> String {
    let rule = match message.as_str() {
        "provided string was not `true` or `false`" => "must be true or false",
        "invalid digit found in string"
        | "cannot parse integer from empty string"
        | "number too large to fit in target type"
        | "number too small to fit in target type" => "must be a whole number in its range",
        _ => return message,
    };
    rule.to_owned()
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = pairs(req.query_string());
        ready(pairs.and_then(|pairs| read(&pairs, &[])).map(Self))
    }
}

/// 400 for parameters that say nothing in this format.
fn fits(
    format: Format,
    (fields, include): (Option<&String>, Option<&String>),
    bom: Option<bool>,
) -> Result<(), Problem> {
    fits_mark(format, bom)?;
    if include.is_some() && !matches!(format, Format::Json | Format::Ndjson) {
        let why = "has no place for other records; it is for json and ndjson";
        return Err(not_in(format, "include", why));
    }
    if fields.is_some() && matches!(format, Format::JsonLd | Format::Turtle) {
        return Err(not_in(format, "fields", "has terms instead of members"));
    }
    Ok(())
}

/// 400 for a mark in front of what is no CSV.
pub fn fits_mark(format: Format, bom: Option<bool>) -> Result<(), Problem> {
    if bom.is_some() && format != Format::Csv {
        return Err(not_in(format, "bom", "needs no mark; it is for csv"));
    }
    Ok(())
}

fn not_in(format: Format, parameter: &str, why: &str) -> Problem {
    let name = format.name();
    let problem = Problem::malformed(format!("an answer as {name} takes no \"{parameter}\""));
    problem.parameter(parameter, "not_in_format", format!("{name} {why}"))
}

impl<F: DeserializeOwned> ListQuery<F> {
    /// What the list at `path` is asked by this query.
    pub fn of(path: &str, query: &str) -> Result<Self, Problem> {
        let (params, filter, own) = split::<ListParams, F>(query, ListParams::NAMES)?;
        if !(1..=MAX_LIMIT).contains(&params.limit()) {
            let rule = format!("must be from 1 to {MAX_LIMIT}");
            let problem = Problem::malformed(format!("limit {rule}"));
            return Err(problem.parameter("limit", "range", rule));
        }
        let one = |(name, value): &(String, String)| format!("{name}={value}");
        let mut canonical: Vec<String> = own.iter().map(one).collect();
        canonical.sort();
        let sort = params.sort.as_deref().unwrap_or_default();
        canonical.push(format!("sort={sort}"));
        let fingerprint = format!("{path}?{}", canonical.join("&"));
        Ok(Self {
            params,
            filter,
            fingerprint,
        })
    }
}

impl<F: DeserializeOwned> FromRequest for ListQuery<F> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let format = wanted(req);
        let asked = Self::of(req.path(), req.query_string()).and_then(|query| {
            let params = &query.params;
            if format != Format::Json && params.cursor.is_some() {
                let why = "has the whole list, and no pages; leave it out";
                return Err(not_in(format, "cursor", why));
            }
            let shape = (params.fields.as_ref(), params.include.as_ref());
            fits(format, shape, params.bom).map(|()| query)
        });
        ready(asked)
    }
}

impl<F: DeserializeOwned> FromRequest for ItemQuery<F> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        const SHARED: &[&str] = &["fields", "include", "lang", "format", "bom"];
        let format = wanted(req);
        let asked = split::<ItemParams, F>(req.query_string(), SHARED);
        ready(asked.and_then(|(params, own, _)| {
            let shape = (params.fields.as_ref(), params.include.as_ref());
            fits(format, shape, params.bom)?;
            Ok(Self { params, own })
        }))
    }
}

impl<F: DeserializeOwned> FromRequest for LangQuery<F> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = split::<LangParams, F>(req.query_string(), &["lang"]);
        ready(asked.map(|(LangParams { lang }, own, _)| {
            let lang = lang.map(|Parsed(lang)| lang);
            Self { lang, own }
        }))
    }
}
