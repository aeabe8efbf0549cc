//! `GET /documents/{id}/content`: the bytes as they were sent in, whole or a part of them.

use actix_web::body::SizedStream;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderName,
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::media::Media;
use super::range::{Wanted, wanted};
use super::record::Document;
use super::store::DocumentRow;
use super::upload;
use crate::app::App;
use crate::core::ids::Kind;
use crate::core::vocabulary::record::RecordState;
use crate::http::code::Code;
use crate::http::extract::{Query, ReadRequest, Viewer, path_id};
use crate::http::problem::{HttpResult, Problem};
use crate::records;

/// How the bytes are asked for.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContentParams {
    /// Let a browser show a PDF, PNG or JPEG instead of saving it.
    pub inline: Option<bool>,
}

/// Read the bytes of a document
///
/// Exactly as they were sent in, with their SHA-256 as `ETag`; one range at a time. A document that is
/// held elsewhere has none here: its `external_url` says where it is.
#[utoipa::path(tag = "documents", params(("id" = String, Path, description = "The document's id", example = "doc_8x3k0q2m7t"), ContentParams),
    responses(
        (status = 200, description = "All bytes, as the media type of the document", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "The bytes of the range asked for", content_type = "application/octet-stream", body = Vec<u8>)))]
#[get("/api/v1/documents/{id}/content")]
pub async fn get_document_content(
    app: web::Data<App>,
    request: ReadRequest,
    http: HttpRequest,
    viewer: Viewer,
    path: web::Path<String>,
    query: Query<ContentParams>,
) -> HttpResult {
    let id = path_id(Kind::Document, "document", &path)?;
    let row = app
        .db
        .read(move |conn| records::visible::<Document>(conn, &viewer, &id))
        .await?;
    let (Some(digest), Some(size)) = (&row.held.sha256, row.held.size) else {
        return Err(elsewhere(&row));
    };
    let etag = format!("\"sha256-{digest}\"");
    if request.holds(&etag, None) {
        let mut response = HttpResponse::NotModified();
        described(&mut response, &row, &request, &etag, *query);
        return Ok(response.finish());
    }
    let size = u64::try_from(size).unwrap_or_default();
    let part = range(&http, &etag).map_or(Wanted::All, |range| wanted(range, size));
    let (mut response, range) = match part {
        Wanted::All => (HttpResponse::Ok(), 0..size),
        Wanted::Part(range) => {
            let mut response = HttpResponse::PartialContent();
            let last = range.end.saturating_sub(1);
            let place = format!("bytes {}-{last}/{size}", range.start);
            response.insert_header((header::CONTENT_RANGE, place));
            (response, range)
        }
        Wanted::Nothing => {
            return Err(Problem::new(Code::RangeNotSatisfiable)
                .detail(format!("the document has {size} bytes"))
                .header(header::CONTENT_RANGE, &format!("bytes */{size}")));
        }
    };
    described(&mut response, &row, &request, &etag, *query);
    let length = range.end - range.start;
    let bytes = app.files.read(&upload::key(&row.public_id), range).await?;
    Ok(response.body(SizedStream::new(length, bytes)))
}

fn elsewhere(row: &DocumentRow) -> Problem {
    let problem = Problem::not_found("content");
    match &row.fields.external_url {
        Some(url) => problem
            .detail("the registry does not hold this document: its external_url says where it is")
            .member("external_url", url.as_str()),
        None => problem,
    }
}

/// The range asked for, unless it is of another representation (`If-Range`; a date never tells).
fn range<'a>(request: &'a HttpRequest, etag: &str) -> Option<&'a str> {
    let header = |name: HeaderName| request.headers().get(name);
    let range = header(header::RANGE)?.to_str().ok()?;
    match header(header::IF_RANGE) {
        Some(held) if held.as_bytes() != etag.as_bytes() => None,
        _ => Some(range),
    }
}

/// What is said of the bytes, the same for all of them, a part and none.
fn described(
    response: &mut actix_web::HttpResponseBuilder,
    row: &DocumentRow,
    request: &ReadRequest,
    etag: &str,
    params: ContentParams,
) {
    let media = row.held.media_type.as_deref().and_then(Media::of_essence);
    let public = row.fields.is_public() && row.record_state == RecordState::Published;
    let shared = public && !request.private;
    let shown = params.inline.unwrap_or(false) && media.is_some_and(Media::is_shown);
    let disposition = ContentDisposition {
        disposition: if shown {
            DispositionType::Inline
        } else {
            DispositionType::Attachment
        },
        // In this form alone: it has no quotes that a name could leave.
        parameters: vec![DispositionParam::FilenameExt(ExtendedValue {
            charset: Charset::Ext("UTF-8".to_owned()),
            language_tag: None,
            value: file_name(row, media).into_bytes(),
        })],
    };
    response.insert_header(disposition);
    let kind = media.map_or("application/octet-stream", Media::content_type);
    let kept_by = if shared { "public" } else { "private" };
    for (name, value) in [
        (header::ETAG, etag),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CONTENT_TYPE, kind),
        // Whatever a paper holds, a browser that opens it runs nothing of it in the registry's name.
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, &format!("{kept_by}, no-cache")),
        // The digest and the ranges are those of the bytes as they are.
        (header::CONTENT_ENCODING, "identity"),
    ] {
        response.insert_header((name, value));
    }
}

/// The name it came with, its ending said where it was not; else one made from its id.
fn file_name(row: &DocumentRow, media: Option<Media>) -> String {
    let ending = media.and_then(|media| media.endings().first().copied());
    let own = row.held.file_name.as_deref();
    let name = own.unwrap_or(row.public_id.as_str());
    match ending {
        Some(ending) if super::file_name::ending(name).is_none() => format!("{name}.{ending}"),
        _ => name.to_owned(),
    }
}
