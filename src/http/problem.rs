//! `application/problem+json` (RFC 9457), the body of every error.
//!
//! Handlers and stores return [`Problem`]; the address and the request id are added on the way out by
//! `middleware::problems`, which also rewrites the framework's own errors.

use std::fmt;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use diesel::result::Error as QueryError;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::code::Code;
use crate::core::ids::PublicId;
use crate::core::issue::{FieldIssue, Issues};
use crate::core::vocabulary::record::RecordState;
use crate::db;
use crate::db::constraints::{self, Rule};
use crate::files;

/// Most faults that one answer tells; the rest is counted.
const MAX_ERRORS: usize = 200;

/// Longest pointer or message of a fault, in characters: both may repeat what was sent.
const MAX_TEXT: usize = 1000;

/// A problem on its way to the caller. Boxed: it is the rare half of every `Result`.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

/// What a handler gives back.
pub type HttpResult = Result<HttpResponse, Problem>;

#[derive(Debug)]
struct Parts {
    code: Code,
    detail: Option<String>,
    errors: Vec<ErrorItem>,
    /// Faults beyond those that are told.
    untold: usize,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The merged partner that was asked for, and the one it leads to.
    leads_to: Option<(PublicId, PublicId)>,
}

/// One refused field or parameter.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ErrorItem {
    /// JSON pointer (RFC 6901) into the body.
    #[schema(example = "/signed_on")]
    pub pointer: Option<String>,
    /// Name of the query parameter, where the fault is there.
    #[schema(example = "status")]
    pub parameter: Option<String>,
    /// Stable code of the rule.
    #[schema(example = "invalid_edtf")]
    pub code: String,
    /// The rule and, where it helps, what is allowed.
    #[schema(example = "must be a year, a month or a day, such as 1992, 1992-06 or 1992-06-25")]
    pub message: String,
}

/// A problem as it is sent (RFC 9457). Some codes add members of their own, such as `allowed`,
/// `duplicate_of`, `version` or `etag`.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A page that explains the code, relative to this service.
    #[serde(rename = "type")]
    #[schema(example = "/problems/validation-failed")]
    pub kind: String,
    /// The same for every occurrence of the code.
    #[schema(example = "Fields break rules")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422, minimum = 400, maximum = 599)]
    pub status: u16,
    /// The stable code to switch on.
    #[schema(example = "validation-failed")]
    pub code: String,
    /// What happened this time.
    #[schema(example = "1 field breaks a rule")]
    pub detail: Option<String>,
    /// The path that was asked for.
    #[schema(example = "/api/v1/agreements")]
    pub instance: String,
    /// The id under which the log has this request.
    pub request_id: Option<String>,
    /// Every refused field or parameter.
    pub errors: Option<Vec<ErrorItem>>,
    /// Members that belong to the code.
    #[serde(flatten)]
    #[schema(ignore)]
    pub members: Map<String, Value>,
}

impl ErrorItem {
    /// A fault of the whole.
    fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: None,
            code: code.to_owned(),
            message: shortened(message.into()),
        }
    }
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: Code) -> Self {
        Self(Box::new(Parts {
            code,
            detail: None,
            errors: Vec::new(),
            untold: 0,
            members: Map::new(),
            headers: Vec::new(),
            leads_to: None,
        }))
    }

    /// With a sentence on what happened this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// With a member of its own.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Names the item of the same array, and not a record that is undone with it: these are the ids of those
    /// that were made before.
    #[must_use]
    pub fn of_item(mut self, made: &[Option<&str>]) -> Self {
        let named = self.0.members.get("duplicate_of").and_then(Value::as_str);
        let at = named.and_then(|id| made.iter().position(|made| *made == Some(id)));
        let Some((at, id)) = at.zip(named.map(str::to_owned)) else {
            return self;
        };
        self.0.detail = self
            .0
            .detail
            .map(|text| text.replace(&id, &format!("item {at}")));
        self.member("duplicate_of", format!("/{at}"))
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.push((name, value));
        }
        self
    }

    fn push(&mut self, error: ErrorItem) {
        if self.0.errors.len() < MAX_ERRORS {
            self.0.errors.push(error);
        } else {
            self.0.untold += 1;
        }
    }

    /// With a refused query parameter.
    #[must_use]
    pub fn parameter(mut self, name: &str, code: &str, message: impl Into<String>) -> Self {
        self.push(ErrorItem {
            parameter: Some(shortened(name.to_owned())),
            ..ErrorItem::new(code, message)
        });
        self
    }

    /// With a refused field.
    #[must_use]
    pub fn field(mut self, pointer: &str, code: &str, message: impl Into<String>) -> Self {
        self.push(ErrorItem {
            pointer: Some(shortened(pointer.to_owned())),
            ..ErrorItem::new(code, message)
        });
        self
    }

    /// With these refused fields.
    #[must_use]
    pub fn fields(mut self, issues: impl IntoIterator<Item = FieldIssue>) -> Self {
        for issue in issues {
            self = self.field(&issue.pointer, issue.code, issue.message);
        }
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Seconds after which the same may be asked again, where the answer says so.
    pub fn wait(&self) -> Option<u64> {
        let mut headers = self.0.headers.iter();
        let (_, seconds) = headers.find(|(name, _)| *name == header::RETRY_AFTER)?;
        seconds.to_str().ok()?.parse().ok()
    }

    /// The refused fields and parameters.
    pub fn errors(&self) -> &[ErrorItem] {
        &self.0.errors
    }

    /// Moves every pointer below `prefix`: the errors of one item of an array. A problem that is
    /// about the whole item becomes an error at its place.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        if self.0.errors.is_empty() {
            let (code, detail) = (self.0.code, self.0.detail.clone());
            let text = detail.unwrap_or_else(|| code.title().to_owned());
            self = self.field("", code.as_str(), text);
        }
        for error in &mut self.0.errors {
            let below = error.pointer.as_deref().unwrap_or_default();
            error.pointer = Some(format!("{prefix}{below}"));
        }
        self
    }

    /// With the refused fields of another problem of the same request.
    #[must_use]
    pub fn also(mut self, other: &Self) -> Self {
        for error in &other.0.errors {
            self.push(error.clone());
        }
        self.0.untold += other.0.untold;
        self
    }

    /// 400 for what can't be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Code::MalformedRequest).detail(detail)
    }

    /// 403 for who may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Code::Forbidden).detail(detail)
    }

    /// 422 for one field.
    pub fn invalid(at: &str, code: &'static str, rule: impl Into<String>) -> Self {
        let mut issues = Issues::default();
        issues.add(at, code, rule);
        Self::from(issues)
    }

    /// 503 with the seconds after which to come back.
    pub fn unavailable(detail: &str, seconds: u32) -> Self {
        Self::new(Code::Unavailable)
            .detail(detail)
            .header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// 404 for a record that is not there or may not be seen.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound).detail(format!("there is no such {what}"))
    }

    /// 412 for a write that was overtaken between reading and writing.
    pub fn overtaken() -> Self {
        Self::new(Code::PreconditionFailed)
            .detail("the record has changed meanwhile; read it again and repeat the change")
    }

    /// 409 for what can't be done with a draft.
    pub fn unless_draft(state: RecordState) -> Result<(), Self> {
        if state == RecordState::Draft {
            return Err(Self::new(Code::InUse).detail("publish the record first"));
        }
        Ok(())
    }

    /// 410 with the reason for a record that was withdrawn; 404 for one that is not published.
    pub fn unless_published(state: RecordState, reason: Option<&str>) -> Result<(), Self> {
        match state {
            RecordState::Published => Ok(()),
            RecordState::Withdrawn => {
                let problem = Self::new(Code::Withdrawn);
                Err(match reason {
                    Some(reason) => problem
                        .detail(format!("withdrawn: {reason}"))
                        .member("reason", reason),
                    None => problem.detail("withdrawn; no reason was given"),
                })
            }
            RecordState::Draft | RecordState::Merged => Err(Self::not_found("record")),
        }
    }

    /// 410 for a partner that was merged into another; a read is led there instead.
    pub fn merged(id: &PublicId, into: &PublicId) -> Self {
        let mut problem = Self::new(Code::Withdrawn)
            .detail(format!("{id} was merged into {into}"))
            .member("merged_into", into.as_str());
        problem.0.leads_to = Some((id.clone(), into.clone()));
        problem
    }

    /// The merged partner that was asked for, and the one it leads to.
    pub fn leads_to(&self) -> Option<(&PublicId, &PublicId)> {
        self.0.leads_to.as_ref().map(|(from, to)| (from, to))
    }

    /// The body, for a request to `instance`.
    pub fn body(&self, instance: &str, request_id: Option<&str>) -> ProblemBody {
        ProblemBody {
            kind: format!("/problems/{}", self.0.code.as_str()),
            title: self.0.code.title().to_owned(),
            status: self.0.code.status().as_u16(),
            code: self.0.code.as_str().to_owned(),
            detail: self.0.detail.clone().map(shortened),
            instance: instance.to_owned(),
            request_id: request_id.map(str::to_owned),
            errors: (!self.0.errors.is_empty()).then(|| self.told()),
            members: self.0.members.clone(),
        }
    }

    /// The faults, with a closing remark when there are more than are told.
    fn told(&self) -> Vec<ErrorItem> {
        let mut told = self.0.errors.clone();
        if self.0.untold > 0 {
            let rest = format!("and {} more faults, which are not told", self.0.untold);
            told.push(ErrorItem::new("more", rest));
        }
        told
    }

    /// The whole answer, for a request to `instance`.
    pub fn response(&self, instance: &str, request_id: Option<&str>) -> HttpResponse {
        let mut response = HttpResponse::build(self.0.code.status());
        for (name, value) in &self.0.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        if self.0.code == Code::Unauthenticated {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"twincity\""));
        }
        if self.0.code == Code::RequestTimeout {
            // What may still come of the body is not waited for.
            response.force_close();
        }
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        response.body(
            serde_json::to_string(&self.body(instance, request_id))
                .unwrap_or_else(|_| json!({"code": self.0.code.as_str()}).to_string()),
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.code.as_str())?;
        if let Some(detail) = &self.0.detail {
            write!(f, ": {detail}")?;
        }
        for error in &self.0.errors {
            let place = error.pointer.as_deref().or(error.parameter.as_deref());
            write!(f, "; {} {}", place.unwrap_or_default(), error.message)?;
        }
        Ok(())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> actix_web::http::StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.response("", None)
    }
}

/// A text that is not longer than an answer needs it.
fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// 422 with every field error, or `Ok` when there is none.
pub fn validated(issues: Issues) -> Result<(), Problem> {
    if issues.is_empty() {
        return Ok(());
    }
    Err(Problem::from(issues))
}

impl Issues {
    /// The value that was checked, or 422 with every field error.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Problem> {
        validated(self)?;
        value.ok_or_else(|| Problem::new(Code::Internal))
    }
}

impl From<Issues> for Problem {
    fn from(issues: Issues) -> Self {
        let untold = issues.untold();
        let issues = issues.into_vec();
        let detail = match issues.len() + untold {
            1 => "1 field breaks a rule".to_owned(),
            n => format!("{n} fields break rules"),
        };
        let mut problem = Self::new(Code::ValidationFailed)
            .detail(detail)
            .fields(issues);
        problem.0.untold += untold;
        problem
    }
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Unavailable(text) => {
                tracing::error!(error = %text, "the database is not available");
                Self::unavailable("the database is not available; nothing was changed", 5)
            }
            db::Error::Uncertain(text) => {
                tracing::error!(error = %text, "the database failed while it kept a write");
                let detail = "the database failed while it kept this; whether it did is not known: look before \
                    you send it again, or send it with the same Idempotency-Key";
                Self::unavailable(detail, 5)
            }
            db::Error::Busy => {
                Self::unavailable("too many writes are waiting; nothing was changed", 1)
            }
            db::Error::ReadsWait => {
                Self::unavailable("too many reads are waiting for their turn", 1)
            }
            db::Error::TooLong => {
                tracing::warn!("a read was ended: it took too long, or its caller has gone");
                let detail = "this read took longer than one may; ask for less, or again later";
                Self::unavailable(detail, 10)
            }
            db::Error::Query(error) => error.into(),
            db::Error::Internal(text) => {
                tracing::error!(error = %text, "internal error");
                Self::new(Code::Internal)
            }
        }
    }
}

impl From<files::Error> for Problem {
    fn from(error: files::Error) -> Self {
        match error {
            files::Error::Missing(name) => {
                tracing::error!(name, "the bytes of a document are missing");
                Self::new(Code::Internal)
            }
            files::Error::Unavailable(text) => {
                tracing::error!(error = %text, "the place of documents is not available");
                Self::unavailable("the place where documents are kept is not available", 5)
            }
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        if let QueryError::DatabaseError(kind, information) = &error
            && let Some(rule) = constraints::broken(kind, information.as_ref())
        {
            return broken_rule(rule);
        }
        if db::Error::was_ended(&error) {
            return db::Error::TooLong.into();
        }
        if db::Error::is_unavailable(&error) {
            return db::Error::Unavailable(error.to_string()).into();
        }
        // The text of a failed statement belongs into the log and nowhere else.
        tracing::error!(error = %error, "a query failed");
        Self::new(Code::Internal)
    }
}

#[rustfmt::skip]
fn broken_rule(rule: Rule) -> Problem {
    let (at, code, message) = match rule {
        Rule::IdentifierTaken => return Problem::new(Code::IdentifierTaken)
            .detail("another published record carries one of these identifiers"),
        Rule::MembershipExists => return Problem::new(Code::DuplicateAgreement)
            .detail("the partner already has a live membership of this network and section"),
        Rule::RelationExists => return Problem::new(Code::DuplicateAgreement)
            .detail("this relation is already recorded"),
        Rule::IdempotencyKey => return Problem::new(Code::IdempotencyInProgress),
        Rule::PartyTwice => ("/parties", "partner_twice", "a partner can be party only once"),
        Rule::Coordinates => ("/longitude", "both_or_none", "latitude and longitude must be given together"),
        Rule::PopulationYear => ("/population_year", "needs_population", "a year of population needs a population"),
        Rule::RelationToItself => ("/to_id", "same_partner", "a partner can't be related to itself"),
        Rule::LinkToItself => ("/supersedes", "same_agreement", "an agreement can't supersede itself"),
    };
    Problem::new(Code::ValidationFailed).field(at, code, message)
}
