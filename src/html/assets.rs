//! Files that pages load, built into the program. Their addresses carry a digest of their bytes: a browser may
//! keep them for ever, and a new release has new addresses.

use std::io::Write;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::theme::{self, OwnFile, Theme};
use crate::core::digest::sha256;
use crate::http::problem::{HttpResult, Problem};

/// A file as it is served.
struct Asset {
    /// What templates call it: `page.css`.
    name: &'static str,
    /// Where it is: `page.3f2a9c1b7d60.css`.
    file: String,
    media: &'static str,
    bytes: Bytes,
    /// The same, packed once.
    packed: Bytes,
}

macro_rules! files {
    ($($name:literal: $media:literal),+ $(,)?) => {
        &[$(($name, $media, include_bytes!(concat!("assets/", $name)))),+]
    };
}

/// Every file by the name templates call it by.
const FILES: &[(&str, &str, &[u8])] = files! {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "world.svg": "image/svg+xml",
    "icon.svg": "image/svg+xml",
    "record.mjs": "text/javascript; charset=utf-8",
    "suggest.mjs": "text/javascript; charset=utf-8",
};

/// What a picture may do when it is opened by itself.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let theme = theme::current();
    let built_in = FILES.iter().filter(|(name, ..)| !theme.has(name));
    let built_in = built_in.map(|&(name, media, bytes)| OwnFile {
        name,
        media,
        bytes: Bytes::from_static(bytes),
    });
    let all = built_in.chain(theme.files.iter().cloned());
    all.map(|OwnFile { name, media, bytes }| Asset {
        name,
        file: fingerprinted(name, &bytes),
        media,
        packed: packed(&bytes).unwrap_or_default().into(),
        bytes,
    })
    .collect()
});

/// The style sheet of all pages, as it is written.
pub fn style_sheet() -> &'static str {
    include_str!("assets/page.css")
}

fn fingerprinted(name: &str, bytes: &[u8]) -> String {
    let digest: String = sha256(bytes).chars().take(12).collect();
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{digest}.{ending}"),
        None => format!("{name}.{digest}"),
    }
}

fn packed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Where the file of this name is.
pub fn address(name: &str) -> Option<String> {
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    Some(format!("/assets/{}", asset.file))
}

/// Whether there is a file of this name, ours or the theme's.
pub fn has(theme: &Theme, name: &str) -> bool {
    theme.has(name) || FILES.iter().any(|(known, ..)| *known == name)
}

/// A digest of all files: pages that refer to others are other pages.
pub fn digest() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| {
        let all: Vec<&str> = ASSETS.iter().map(|asset| asset.file.as_str()).collect();
        sha256(all.join(" ").as_bytes()).chars().take(12).collect()
    });
    &DIGEST
}

/// A file by its address.
#[get("/assets/{file}")]
pub async fn get_asset(request: HttpRequest, file: web::Path<String>) -> HttpResult {
    let asset = ASSETS.iter().find(|asset| asset.file == *file);
    let asset = asset.ok_or_else(|| Problem::not_found("file"))?;
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|accepted| accepted.to_str().ok());
    let accepted = accepted.unwrap_or_default();
    let unpacks = accepted.contains("gzip") && !accepted.contains("gzip;q=0");
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, asset.media))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"));
    if asset.media == "image/svg+xml" {
        response.insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    }
    if unpacks && !asset.packed.is_empty() {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
        return Ok(response.body(asset.packed.clone()));
    }
    Ok(response.body(asset.bytes.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_stays_small() {
        let css = ASSETS
            .iter()
            .find(|asset| asset.name == "page.css")
            .unwrap();
        assert!(css.bytes.len() <= 25 * 1024, "{}", css.bytes.len());
    }

    #[test]
    fn scripts_stay_small() {
        let scripts = ASSETS
            .iter()
            .filter(|asset| asset.media.starts_with("text/javascript"));
        let all: usize = scripts.map(|asset| asset.bytes.len()).sum();
        assert!(all <= 15 * 1024, "{all}");
    }

    #[test]
    fn addresses_follow_from_the_bytes() {
        assert_eq!(fingerprinted("a.css", b"x"), "a.LXEWQrcmsEQB.css");
        assert_ne!(fingerprinted("a.css", b"x"), fingerprinted("a.css", b"y"));
        assert!(address("page.css").unwrap().starts_with("/assets/page."));
        assert_eq!(address("nothing.css"), None);
    }
}
