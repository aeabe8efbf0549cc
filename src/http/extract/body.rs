//! JSON bodies: size, media type, syntax and shape. Rules about values come later, in the rooms.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::{Method, header};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::strict_json::{GIVEN_TWICE, Strict};
use crate::core::digest;
use crate::core::text::did_you_mean;
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::http::wire::came_late;

/// Most bytes of a JSON body: 2 MiB.
pub const MAX_BODY: usize = 2 * 1024 * 1024;

/// Most records in one bulk request.
pub const MAX_BULK: usize = 500;

/// Levels of a JSON body: more than any record has.
const MAX_DEPTH: usize = 32;

/// Most objects and arrays of a JSON body.
const MAX_GROUPS: usize = 15_000;

/// Most values of a JSON body.
const MAX_VALUES: usize = 100_000;

/// Most members of one object: a map makes room for twice as many as it has.
const MAX_MEMBERS: usize = 1_000;

/// A body as it was received. What is wrong with it is told when it is read, not when it arrives, so
/// that rights are checked first.
#[derive(Debug)]
pub struct JsonBody(Result<Bytes, Fault>);

/// Why a body can't be read.
#[derive(Debug, Clone)]
enum Fault {
    /// Its `Content-Type` is none of these.
    Media(&'static [&'static str]),
    TooLarge,
    Late,
    Broken,
}

impl Fault {
    fn problem(&self) -> Problem {
        match self {
            Self::Media(allowed) => Problem::new(Code::UnsupportedMediaType)
                .detail(format!("the Content-Type must be {}", allowed.join(" or ")))
                .header(header::ACCEPT, &allowed.join(", ")),
            Self::TooLarge => Problem::new(Code::PayloadTooLarge)
                .detail(format!("a body may have at most {MAX_BODY} bytes")),
            Self::Late => late(),
            Self::Broken => Problem::malformed("the body did not arrive whole"),
        }
    }
}

/// 408 for a body that came too slowly.
pub fn late() -> Problem {
    Problem::new(Code::RequestTimeout).detail("the body came too slowly; send the request again")
}

/// One record, or an array of them.
#[derive(Debug)]
pub enum OneOrMany<T> {
    /// A JSON object.
    One(T),
    /// A JSON array: all or nothing.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The same of what `f` makes of each; the first problem, if there is one.
    pub fn try_map<U>(
        self,
        mut f: impl FnMut(T) -> Result<U, Problem>,
    ) -> Result<OneOrMany<U>, Problem> {
        Ok(match self {
            Self::One(item) => OneOrMany::One(f(item)?),
            Self::Many(items) => {
                OneOrMany::Many(items.into_iter().map(f).collect::<Result<_, _>>()?)
            }
        })
    }
}

impl JsonBody {
    /// SHA-256 of the bytes: what an idempotency key is bound to.
    pub fn hash(&self) -> String {
        digest::sha256(self.0.as_deref().unwrap_or_default())
    }

    /// The body as any JSON.
    pub fn value(&self) -> Result<Value, Problem> {
        let bytes = self.0.as_deref().map_err(Fault::problem)?;
        bounded(bytes)?;
        let Strict(value) = serde_json::from_slice(bytes).map_err(|error| {
            let twice = error.is_data().then(|| given_twice(bytes)).flatten();
            twice.unwrap_or_else(|| not_json(&error))
        })?;
        if let Some(at) = nul(&value) {
            let rule = "must not contain the character U+0000";
            let problem = Problem::malformed(format!("text {rule}"));
            return Err(problem.field(&at, "nul_character", rule));
        }
        Ok(value)
    }

    /// The body as a `T`; 400 with the place when its shape is another one.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        shaped(self.value()?, "")
    }

    /// The body as one `T` or an array of at most [`MAX_BULK`].
    pub fn one_or_many<T: DeserializeOwned>(&self) -> Result<OneOrMany<T>, Problem> {
        one_or_many(self.value()?)
    }
}

/// A JSON value as one `T` or an array of at most [`MAX_BULK`].
pub fn one_or_many<T: DeserializeOwned>(value: Value) -> Result<OneOrMany<T>, Problem> {
    let Value::Array(items) = value else {
        return Ok(OneOrMany::One(shaped(value, "")?));
    };
    if items.is_empty() || items.len() > MAX_BULK {
        let rule = format!("an array must hold from 1 to {MAX_BULK} records");
        return Err(Problem::new(Code::ValidationFailed).field("", "length", rule));
    }
    let mut read = Vec::with_capacity(items.len());
    let mut failed: Option<Problem> = None;
    for (index, item) in items.into_iter().enumerate() {
        match shaped(item, &format!("/{index}")) {
            Ok(item) => read.push(item),
            Err(problem) => {
                failed = Some(match failed {
                    None => problem,
                    Some(first) => first.also(&problem),
                });
            }
        }
    }
    failed.map_or(Ok(OneOrMany::Many(read)), Err)
}

/// Reads a JSON value as a `T`; 400 with the place, below `prefix`, when its shape is another one.
pub fn shaped<T: DeserializeOwned>(value: Value, prefix: &str) -> Result<T, Problem> {
    // Serde would take the items of an array for the members of an object, in their order.
    if !value.is_object() {
        return Err(wrong_type(prefix, "must be an object"));
    }
    serde_path_to_error::deserialize::<_, T>(value).map_err(|error| {
        let mut pointer = pointer(prefix, error.path());
        let message = error.inner().to_string();
        let Some((field, allowed)) = unknown_field(&message) else {
            return wrong_type(&pointer, type_rule(&message));
        };
        // The place reported is the unknown member itself or its parent, by the format's whim.
        let place = format!("/{}", escape(field));
        if !pointer.ends_with(&place) {
            pointer.push_str(&place);
        }
        let allowed = allowed.join(", ") + &hint(field, &allowed);
        unknown_member(&pointer, &allowed)
    })
}

/// 400 for a member that is not there, with the names that are allowed.
pub fn unknown_member(pointer: &str, allowed: &str) -> Problem {
    let rule = format!("unknown field; allowed are {allowed}");
    Problem::malformed("the body has an unknown field").field(pointer, "unknown_field", rule)
}

fn wrong_type(pointer: &str, rule: impl Into<String>) -> Problem {
    Problem::malformed("a value has the wrong JSON type").field(pointer, "wrong_type", rule)
}

/// The place in a body as a JSON Pointer, below `prefix`.
fn pointer(prefix: &str, path: &serde_path_to_error::Path) -> String {
    let mut pointer = prefix.to_owned();
    for segment in path {
        use serde_path_to_error::Segment;
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// The problem of a body in which an object has a member twice, with its place.
fn given_twice(bytes: &[u8]) -> Option<Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let error = serde_path_to_error::deserialize::<_, Strict>(&mut reader).err()?;
    let message = error.inner().to_string();
    let name = message.strip_prefix(GIVEN_TWICE)?;
    // Behind the name stands where it is in the text.
    let name = name.rsplit_once(" at line ").map_or(name, |(name, _)| name);
    // The place reported is the object that has it.
    let at = format!("{}/{}", pointer("", error.path()), escape(name));
    let problem = Problem::malformed("an object of the body has a member twice");
    Some(problem.field(&at, "repeated", "must be given once"))
}

/// What type a value must have, of serde's "invalid type: string "x", expected a map".
fn type_rule(message: &str) -> String {
    let expected = message.rsplit_once(", expected ").map(|(_, wanted)| wanted);
    let rule = match expected {
        Some("a map") => "must be an object",
        Some(wanted) if wanted.starts_with("struct ") => "must be an object",
        Some("a sequence") => "must be an array",
        Some("a string") => "must be text",
        Some("a boolean") => "must be true or false",
        Some("i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize") => {
            "must be a whole number in its range"
        }
        Some("f32" | "f64") => "must be a number",
        _ => return message.to_owned(),
    };
    rule.to_owned()
}

/// The field and the allowed ones of serde's "unknown field `x`, expected one of `a`, `b`".
pub(super) fn unknown_field(message: &str) -> Option<(&str, Vec<&str>)> {
    let message = message.strip_prefix("unknown field ")?;
    let mut quoted = message.split('`').skip(1).step_by(2);
    let field = quoted.next()?;
    Some((field, quoted.collect()))
}

/// The end of a sentence that asks whether one of the allowed names was meant.
pub(super) fn hint(name: &str, allowed: &[&str]) -> String {
    did_you_mean(name, allowed.iter().copied())
        .map(|name| format!("; did you mean \"{name}\"?"))
        .unwrap_or_default()
}

/// A name as a step of a JSON pointer (RFC 6901).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Where the first text with a NUL character is: one engine can't store it.
fn nul(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(at, item)| Some(format!("/{at}{}", nul(item)?)))
        }
        Value::Object(members) => members.iter().find_map(|(name, item)| {
            if name.contains('\0') {
                return Some(String::new());
            }
            let rest = nul(item)?;
            Some(format!("/{}{rest}", escape(name)))
        }),
        _ => None,
    }
}

/// Refuses bytes that would take many times their size once they are read: each object or array takes
/// hundreds of bytes, however short it is written.
fn bounded(bytes: &[u8]) -> Result<(), Problem> {
    let refused = |rule: String| Err(Problem::malformed(rule));
    let (mut depth, mut groups, mut values) = (0_usize, 0_usize, 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    // Of the objects that are open, on each level.
    let mut members = [0_usize; MAX_DEPTH + 1];
    for byte in bytes {
        if in_text {
            in_text = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => {
                depth += 1;
                groups += 1;
                if let Some(count) = members.get_mut(depth) {
                    *count = 0;
                }
            }
            b':' => {
                if let Some(count) = members.get_mut(depth) {
                    *count += 1;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return refused(format!(
                "the body is nested more than {MAX_DEPTH} levels deep"
            ));
        }
        if members.get(depth).is_some_and(|count| *count > MAX_MEMBERS) {
            return refused(format!(
                "an object of the body has more than {MAX_MEMBERS} members"
            ));
        }
        if groups > MAX_GROUPS || values > MAX_VALUES {
            return refused(format!(
                "the body holds more than {MAX_GROUPS} objects and arrays, or more than {MAX_VALUES} values"
            ));
        }
    }
    Ok(())
}

fn not_json(error: &serde_json::Error) -> Problem {
    let what = if error.is_eof() {
        "it ends too early"
    } else {
        "unexpected character or value"
    };
    let (line, column) = (error.line(), error.column());
    Problem::malformed(format!(
        "the body is not JSON: {what} at line {line}, column {column}"
    ))
}

impl FromRequest for JsonBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let allowed: &'static [&'static str] = if req.method() == Method::PATCH {
            &["application/merge-patch+json", "application/json"]
        } else {
            &["application/json"]
        };
        let media = req.content_type().to_ascii_lowercase();
        let bytes = allowed
            .contains(&media.as_str())
            .then(|| Bytes::from_request(req, payload));
        Box::pin(async move {
            let Some(bytes) = bytes else {
                return Ok(Self(Err(Fault::Media(allowed))));
            };
            let fault = |error: actix_web::Error| match error.as_error::<PayloadError>() {
                Some(PayloadError::Overflow) => Fault::TooLarge,
                Some(error) if came_late(error) => Fault::Late,
                _ => Fault::Broken,
            };
            Ok(Self(bytes.await.map_err(fault)))
        })
    }
}

/// Documents the body of a POST that takes one record or an array of them.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum OneOrManySchema<T> {
    /// One record.
    One(T),
    /// From 1 to 500 records: all or nothing, errors per index.
    Many(Vec<T>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Party {
        role: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Parties {
        parties: Vec<Party>,
    }

    #[test]
    fn an_unknown_field_is_named_with_the_allowed_ones_and_a_suggestion() {
        let parties = json!([{"role": "host"}, {"rôle": "host"}]);
        let problem = one_or_many::<Party>(parties).unwrap_err();
        let error = &problem.errors()[0];
        assert_eq!(error.pointer.as_deref(), Some("/1/rôle"));
        assert!(
            error
                .message
                .contains("allowed are role; did you mean \"role\"?"),
            "{}",
            error.message
        );
    }

    #[test]
    fn a_body_is_bounded_before_it_is_read() {
        let object = |members| format!("{{{}}}", vec!["\"a\":1"; members].join(","));
        for (body, good) in [
            ("[[{\"a\":[1,2,{}]}]]".to_owned(), true),
            ("[".repeat(100_000), false),
            ("{\"a\":".repeat(33), false),
            (format!("[{}1]", "1,".repeat(100_001)), false),
            (format!("[{}1]", "{},".repeat(15_000)), false),
            (object(1_000), true),
            (object(1_001), false),
            (
                format!("[{},{{\"a\":{}}}]", object(1_000), object(999)),
                true,
            ),
            // What stands in a text is no structure.
            (
                format!("{{\"{}\":\"{}\"}}", ":".repeat(1_001), ":".repeat(1_001)),
                true,
            ),
            (format!("{{\"a\":\"\\\"{}\"}}", "[,{".repeat(100_000)), true),
        ] {
            assert_eq!(bounded(body.as_bytes()).is_ok(), good, "{}", body.len());
        }
    }

    #[test]
    fn a_nul_character_is_found_where_it_is() {
        for (value, place) in [
            (json!({"a/b": [1, "x\u{0}"]}), Some("/a~1b/1")),
            (json!({"a": {"b\u{0}": 1}}), Some("/a")),
            (json!({"a": [null, true, "b"]}), None),
        ] {
            assert_eq!(nul(&value).as_deref(), place);
        }
    }

    #[test]
    fn a_wrong_type_is_found_in_depth() {
        let body = json!({"parties": [{"role": 3}]});
        let problem = shaped::<Parties>(body, "").unwrap_err();
        assert_eq!(
            problem.errors()[0].pointer.as_deref(),
            Some("/parties/0/role")
        );
        assert_eq!(problem.code(), Code::MalformedRequest);
    }
}
