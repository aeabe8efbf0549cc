//! How a reader likes pages: contrast and size of text.
//!
//! They are kept in a cookie and answered as a style sheet of a few lines. Pages are the same for all
//! readers, so that caches may keep them.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;

use super::forms;
use crate::core::digest::sha256;
use crate::http::problem::HttpResult;

/// The cookie's name.
const COOKIE: &str = "look";

/// What the contrast can be; the first needs no style.
const CONTRASTS: [&str; 2] = ["normal", "high"];

/// How large text can be; the first needs no style.
const SIZES: [&str; 3] = ["normal", "large", "largest"];

/// What the sheet says of a high contrast: the same values as `page.css` has for `prefers-contrast`. Paper
/// stays white.
const HIGH_CONTRAST: &str = "@media screen{:root:root{color-scheme:dark;--back:#000;--text:#fff;--soft:#fff;--line:#fff;--link:#ff0;\
    --seen:#ff0;--panel:#000;--accent:#ff0;--on-accent:#000;--live:#0f0;--ended:#fff;--warn:#000;--sea:#000}}";

/// Where a reader is led when the form does not say.
const HOME: &str = "/";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    contrast: &'static str,
    text: &'static str,
}

impl Look {
    const PLAIN: Self = Self {
        contrast: "normal",
        text: "normal",
    };

    /// The same with another contrast and another size, each if it is one.
    fn with(self, contrast: &str, text: &str) -> Self {
        let known =
            |all: &[&'static str], wanted: &str| all.iter().copied().find(|one| *one == wanted);
        Self {
            contrast: known(&CONTRASTS, contrast).unwrap_or(self.contrast),
            text: known(&SIZES, text).unwrap_or(self.text),
        }
    }

    fn of(request: &HttpRequest) -> Self {
        let cookies = request.headers().get_all(header::COOKIE);
        let value = cookies
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='));
        let (contrast, text) = value.and_then(|v| v.split_once('.')).unwrap_or_default();
        Self::PLAIN.with(contrast, text)
    }

    fn sheet(self) -> String {
        let size = match self.text {
            "large" => "html{font-size:125%}",
            "largest" => "html{font-size:150%}",
            _ => "",
        };
        let is_high = self.contrast == "high";
        let contrast = if is_high { HIGH_CONTRAST } else { "" };
        // What is chosen is said beside the button, in the page's own words.
        let chosen = [("contrast", self.contrast), ("text", self.text)].map(|(name, value)| {
            format!(
                "button[name={name}][value={value}]{{outline:2px solid;outline-offset:2px}}\
                 button[name={name}][value={value}] i::after{{content:\" (\" attr(data-chosen) \")\"}}"
            )
        });
        format!("{contrast}{size}{}", chosen.concat())
    }
}

/// The reader's own style sheet.
#[get("/preferences.css")]
pub async fn get_preferences(request: HttpRequest) -> HttpResponse {
    let sheet = Look::of(&request).sheet();
    let digest: String = sha256(sheet.as_bytes()).chars().take(12).collect();
    let tag = format!("\"{digest}\"");
    let held = request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains(&digest));
    let mut response = if held {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Cookie, Accept-Encoding"));
    if held {
        return response.finish();
    }
    response
        .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
        .body(sheet)
}

/// What the buttons send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    contrast: String,
    text: String,
    /// The page the buttons are on.
    back: String,
}

/// Keeps what the reader likes, and leads back.
#[post("/preferences")]
pub async fn prefer(request: HttpRequest, wanted: web::Form<Wanted>) -> HttpResult {
    forms::must_be_ours(&request)?;
    let Look { contrast, text } = Look::of(&request).with(&wanted.contrast, &wanted.text);
    let cookie =
        format!("{COOKIE}={contrast}.{text}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    let back = Some(wanted.back.as_str()).filter(|back| forms::is_here(back));
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, back.unwrap_or(HOME)))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header((header::SET_COOKIE, cookie))
        .finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_changes_its_half_of_the_look() {
        let look = Look::PLAIN.with("high", "largest");
        assert!(look.sheet().contains("--back:#000") && look.sheet().contains("150%"));
        assert_eq!(look.with("</style>", "huge"), look);
        let normal = look.with("normal", "");
        assert!(!normal.sheet().contains("--back") && normal.sheet().contains("150%"));
    }
}
