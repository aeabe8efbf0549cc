//! `multipart/form-data` that carries a document: its fields in any order, its file as it comes.

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::Payload;
use futures_util::StreamExt;
use serde_json::{Map, Value, json};

use super::owner;
use super::paced::{Pace, Paced};
use super::rules::Sent;
use super::types::DocumentIn;
use super::upload::{self, MAX_FILE};
use crate::access::Write;
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::files::Upload;
use crate::http::code::Code;
use crate::http::extract::body::shaped;
use crate::http::problem::Problem;

/// Most bytes of a field that is no file.
const MAX_FIELD: usize = 16 * 1024;

/// Most bytes of everything beside the file.
const MAX_REST: u64 = 256 * 1024;

/// Reads the form to its end: what is said of the document, its file, and what is written of that. The rights to
/// what it names are checked before the file is read, where that is named in front of the file.
pub async fn read(
    write: &Write,
    (ctx, id): (&Ctx, &PublicId),
    request: &HttpRequest,
    payload: Payload,
) -> Result<(DocumentIn, Sent, Option<Box<Upload>>), Problem> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > MAX_FILE + MAX_REST) {
        return Err(upload::too_large());
    }
    // A body without an announced length has a limit too, wherever in it the bytes are.
    let mut come = 0_u64;
    let pace = Pace::default();
    let limited = Paced::new(payload, pace.clone()).map(move |chunk| {
        let chunk = chunk?;
        come = come.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if come > MAX_FILE + MAX_REST {
            return Err(PayloadError::Overflow);
        }
        Ok(chunk)
    });
    let mut form = Multipart::new(request.headers(), limited);
    let (mut said, mut sent, mut upload) = (Map::new(), Sent::Nothing, None);
    loop {
        pace.head();
        let Some(field) = form.next().await else {
            break;
        };
        if pace.is_used_up() {
            return Err(Problem::new(Code::PayloadTooLarge)
                .detail("the head of a part of the form is too long"));
        }
        pace.content();
        let mut field = field.map_err(|error| upload::broken(&error))?;
        let name = field.name().unwrap_or_default().to_owned();
        if said.contains_key(&name) || (name == "file" && !matches!(sent, Sent::Nothing)) {
            let problem = Problem::malformed("a field of the form is given more than once");
            return Err(problem.field(&format!("/{name}"), "repeated", "give it once"));
        }
        if name == "file" {
            may_attach(write, ctx, shaped(Value::Object(said.clone()), "")?).await?;
            let files = (!write.request.dry_run).then_some(&write.app.files);
            (sent, upload) = upload::receive(&mut field, files, id).await?;
        } else if let Some(value) = text(&name, &mut field).await? {
            said.insert(name, value);
        }
    }
    Ok((shaped(Value::Object(said), "")?, sent, upload))
}

/// 403 when what is named so far belongs to others. Any other fault is told with those of the fields
/// that are still to come.
async fn may_attach(write: &Write, ctx: &Ctx, input: DocumentIn) -> Result<(), Problem> {
    let mut ctx = ctx.clone();
    write
        .app
        .db
        .read(move |conn| -> Result<(), Problem> {
            owner::resolve(conn, &mut ctx, &input, &mut Issues::default()).map(|_| ())
        })
        .await
}

/// The value of a field that is no file; nothing when it is empty, as fields are that were left blank.
async fn text(name: &str, field: &mut Field) -> Result<Option<Value>, Problem> {
    // Refused by its name, if no field has it.
    shaped::<DocumentIn>(json!({ name: null }), "")?;
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| upload::broken(&error))?);
        if bytes.len() > MAX_FIELD {
            return Err(Problem::new(Code::PayloadTooLarge).detail(format!(
                "the field \"{name}\" may have at most {MAX_FIELD} bytes"
            )));
        }
    }
    let refused = |code: &str, rule: &str| {
        let problem = Problem::malformed("a field of the form can't be read");
        problem.field(&format!("/{name}"), code, rule)
    };
    let text = String::from_utf8(bytes)
        .map_err(|_not_utf8| refused("not_utf8", "must be text in UTF-8"))?;
    if text.contains('\0') {
        let rule = "must not contain the character U+0000";
        return Err(refused("nul_character", rule));
    }
    if text.is_empty() {
        return Ok(None);
    }
    if name == "authentic" {
        return match text.as_str() {
            "true" => Ok(Some(Value::Bool(true))),
            "false" => Ok(Some(Value::Bool(false))),
            _ => Err(refused("wrong_type", "must be true or false")),
        };
    }
    Ok(Some(Value::String(text)))
}
