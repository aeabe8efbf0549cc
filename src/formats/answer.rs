//! Answers in other formats than JSON: their headers, and the way from the read to the caller.

use actix_web::body::{self, BodyStream};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use utoipa::ToSchema;

use super::asked::Asked;
use super::spool::{Begun, Spool, spool};
use super::{Represent, Writer};
use crate::app::App;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::ReadRequest;
use crate::http::format::Format;
use crate::http::problem::Problem;
use crate::http::respond::{Fields, Validator, is_held, settled};

/// A whole list of records shown as `V`.
///
/// `look` reads the number of the last change everybody may know of, and whatever stands in the way of an
/// answer; what else it gives is handed to `write`, which reads the records, in one transaction of its
/// own. That comes later: what is sent is never older than its `ETag` says.
pub async fn list<V, C>(
    app: &App,
    request: &ReadRequest,
    asked: Asked,
    look: impl FnOnce(&mut DbConn) -> Result<(i64, C), Problem> + Send + 'static,
    write: impl FnOnce(&mut DbConn, &mut Writer<&mut Spool>, C) -> Result<(), Problem> + Send + 'static,
) -> Result<HttpResponse, Problem>
where
    V: Represent + ToSchema,
    C: Send + 'static,
{
    let fields = Fields::parse::<V>(asked.fields.as_deref())?;
    let (revision, context) = app.db.read(look).await?;
    let format = request.format;
    let validator = Validator::revision(revision).in_format(format.name());
    let now = app.now();
    let name = match &asked.of {
        Some(of) => format!("{}-{of}-{}", asked.collection, now.date_naive()),
        None => format!("{}-{}", asked.collection, now.date_naive()),
    };
    let mut response = settled(request, &validator);
    response.insert_header((
        HeaderName::from_static("registry-revision"),
        revision.to_string(),
    ));
    if is_held(request, &validator) {
        return Ok(response.finish());
    }
    described(&mut response, format, &name, asked.lang.as_ref());
    if request.head_only {
        return Ok(response.body(body::None::new()));
    }
    let base = app.config.link_base();
    let (spool, begins) = spool();
    let export = app.db.export(
        spool,
        move |conn, spool| {
            let mut writer = Writer::new::<V>(spool, format, &asked, fields, (&base, now))?;
            write(conn, &mut writer, context)?;
            writer.finish().map(drop)
        },
        Spool::end,
    );
    let guard = export.await?;
    // Whoever writes has gone without a word only when it has panicked.
    let begun = begins.await.map_err(|_gone| Problem::new(Code::Internal))?;
    Ok(match begun? {
        Begun::Whole(bytes) => response.body(bytes),
        Begun::Growing(growing) => response.body(BodyStream::new(growing.pieces(guard))),
    })
}

/// One record; `read` gives what identifies it, and the record unless the answer needs none.
pub async fn item<V: Represent + ToSchema>(
    app: &App,
    request: &ReadRequest,
    asked: Asked,
    read: impl FnOnce(&mut DbConn, &ReadRequest) -> Result<(Validator, Option<V>), Problem>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::parse::<V>(asked.fields.as_deref())?;
    let format = request.format;
    let now = app.now();
    let name = asked
        .of
        .clone()
        .unwrap_or_else(|| asked.collection.to_owned());
    let lang = asked.lang.clone();
    let base = app.config.link_base();
    let asking = request.clone();
    let read = move |conn: &mut DbConn| -> Result<_, Problem> {
        let (validator, view) = read(conn, &asking)?;
        let Some(view) = view else {
            return Ok((validator, None));
        };
        let mut writer = Writer::new::<V>(Vec::new(), format, &asked, fields, (&base, now))?;
        writer.add(conn, &[view])?;
        Ok((validator, Some(Bytes::from(writer.finish()?))))
    };
    let (validator, bytes) = app.db.read(read).await?;
    let mut response = settled(request, &validator);
    if is_held(request, &validator) {
        return Ok(response.finish());
    }
    described(&mut response, format, &name, lang.as_ref());
    Ok(match bytes {
        Some(bytes) => response.body(bytes),
        None => response.body(body::None::new()),
    })
}

/// What is said of the bytes, when there are any and when there are none.
fn described(
    response: &mut HttpResponseBuilder,
    format: Format,
    name: &str,
    lang: Option<&LanguageTag>,
) {
    // Names are made of words of the program, ids and days: nothing in them has to be escaped.
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.name());
    response
        .insert_header((header::CONTENT_TYPE, format.content_type()))
        .insert_header((header::CONTENT_DISPOSITION, disposition));
    if let Some(lang) = lang {
        response.insert_header((header::CONTENT_LANGUAGE, lang.as_str()));
    }
    if format.is_packed() {
        let as_it_is = HeaderValue::from_static("identity");
        response.insert_header((header::CONTENT_ENCODING, as_it_is));
    }
}
