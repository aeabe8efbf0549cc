//! The bytes of a document on their way in: counted, digested and looked at while they are written.

use actix_multipart::{Field, MultipartError};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use futures_util::FutureExt;
use futures_util::stream::{Fuse, StreamExt};
use sha2::{Digest, Sha256};
use strum::VariantArray as _;

use super::file_name;
use super::media::{Media, Sniffer};
use super::rules::Sent;
use super::store::Held;
use crate::core::ids::PublicId;
use crate::files::{Files, Upload};
use crate::http::code::Code;
use crate::http::extract::body::late;
use crate::http::problem::Problem;
use crate::http::wire::came_late;

/// Most bytes of a document: 20 MiB.
pub const MAX_FILE: u64 = 20 * 1024 * 1024;

/// Most bytes that are looked at together, but for the last of them.
const GATHERED: usize = 32 * 1024;

/// What the bytes of this document are called where they are kept: made from the id alone.
pub fn key(id: &PublicId) -> String {
    let id = id.as_str();
    let random = id.split_once('_').map_or(id, |(_, random)| random);
    let folder: String = random.chars().take(2).collect();
    format!("{folder}/{id}")
}

/// Reads a file field to its end, and into the place of document `id` when `files` is given: there it is written but
/// for the last part.
///
/// 413 once it is too large, 415 when it is none of the known types or not what it is said to be.
pub async fn receive(
    field: &mut Field,
    files: Option<&Files>,
    id: &PublicId,
) -> Result<(Sent, Option<Box<Upload>>), Problem> {
    let said = FileHeaders::of(field);
    let mut upload = files.map(|files| files.upload(&key(id))).transpose()?;
    let (mut size, mut digest, mut sniffer) = (0_u64, Sha256::new(), Sniffer::default());
    // A field must not be asked again once it has ended.
    let mut field = field.fuse();
    while let Some(chunk) = gathered(&mut field).await? {
        size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if size > MAX_FILE {
            return Err(too_large());
        }
        digest.update(&chunk);
        if !sniffer.feed(&chunk) {
            return Err(not_known(
                sniffer.finish().err().unwrap_or("of no known type"),
            ));
        }
        if let Some(upload) = &mut upload {
            upload.put(chunk).await?;
        }
    }
    if size == 0 {
        return Ok((Sent::Empty, None));
    }
    let media = sniffer.finish().map_err(not_known)?;
    said.agrees(media)?;
    let mut sha256 = String::new();
    for byte in digest.finalize() {
        sha256.push_str(&format!("{byte:02x}"));
    }
    let held = Held {
        media_type: Some(media.essence().to_owned()),
        size: i64::try_from(size).ok(),
        sha256: Some(sha256),
        file_name: said.name,
    };
    Ok((Sent::File(held), upload.map(Box::new)))
}

/// The next bytes of a field, as many as have come: what looks like the beginning of a boundary is handed
/// over by itself, and looking at each of millions of them would keep a thread busy.
async fn gathered(field: &mut Fuse<&mut Field>) -> Result<Option<Bytes>, Problem> {
    let mut bytes = BytesMut::new();
    let mut next = field.next().await;
    while let Some(chunk) = next {
        bytes.extend_from_slice(&chunk.map_err(|error| broken(&error))?);
        next = match bytes.len() {
            0..GATHERED => field.next().now_or_never().flatten(),
            _ => None,
        };
    }
    Ok((!bytes.is_empty()).then(|| bytes.freeze()))
}

/// 413.
pub fn too_large() -> Problem {
    let most = MAX_FILE / 1024 / 1024;
    Problem::new(Code::PayloadTooLarge).detail(format!("a document may have at most {most} MiB"))
}

/// What a form that can't be read any further is answered with.
pub fn broken(error: &MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => too_large(),
        MultipartError::Payload(error) if came_late(error) => late(),
        MultipartError::Payload(_) | MultipartError::Incomplete => {
            Problem::malformed("the body did not arrive whole")
        }
        _ => Problem::malformed("the body is not multipart/form-data as RFC 7578 wants it"),
    }
}

fn refused(detail: String) -> Problem {
    let all = Media::VARIANTS.iter();
    let allowed: Vec<&str> = all.map(|media| media.essence()).collect();
    let text = allowed.join(", ");
    Problem::new(Code::UnsupportedMediaType)
        .detail(format!("{detail}; a document is one of {text}"))
        .member("allowed", allowed)
}

fn not_known(found: &str) -> Problem {
    refused(format!("the content of the file is {found}"))
}

/// What is said of a file beside its bytes.
struct FileHeaders {
    name: Option<String>,
    /// The media type without parameters, and its `charset`.
    media: Option<(String, Option<String>)>,
}

impl FileHeaders {
    fn of(field: &Field) -> Self {
        let disposition = field.content_disposition();
        let name = disposition
            .and_then(|d| {
                d.get_filename_ext()
                    .and_then(|name| String::from_utf8(name.value.clone()).ok())
                    .or_else(|| d.get_filename().map(str::to_owned))
            })
            .and_then(|name| file_name::cleaned(&name));
        let media = field
            .headers()
            .get(header::CONTENT_TYPE)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
        let media = media.map(|media| {
            let mut parts = media.split(';').map(str::trim);
            let essence = parts.next().unwrap_or_default().to_owned();
            let charset = parts
                .find_map(|part| part.strip_prefix("charset="))
                .map(|charset| charset.trim_matches('"').to_owned());
            (essence, charset)
        });
        // What senders write who do not know.
        let known = |(essence, _): &(String, _)| essence != "application/octet-stream";
        Self {
            name,
            media: media.filter(known),
        }
    }

    /// 415 when something else was said than what the bytes are.
    fn agrees(&self, media: Media) -> Result<(), Problem> {
        let is = media.essence();
        if let Some((essence, charset)) = &self.media {
            if Media::of_essence(essence) != Some(media) {
                let said: String = essence.chars().take(100).collect();
                return Err(refused(format!(
                    "the file is said to be {said}, but its content is {is}"
                )));
            }
            let utf8 = |charset: &String| matches!(charset.as_str(), "utf-8" | "utf8" | "us-ascii");
            if media == Media::Text && !charset.as_ref().is_none_or(utf8) {
                return Err(refused("text must be said to be in UTF-8".to_owned()));
            }
        }
        if let Some(ending) = self.name.as_deref().and_then(file_name::ending)
            && !media.endings().contains(&ending.as_str())
        {
            return Err(refused(format!(
                "the name of the file ends in .{ending}, but its content is {is}"
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_from_the_id() {
        let id: PublicId = "doc_8x3k0q2m7t".parse().unwrap();
        assert_eq!(key(&id), "8x/doc_8x3k0q2m7t");
    }
}
