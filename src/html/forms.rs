//! Forms: whether one was sent from a page of ours, what it says, and what is wrong with that, in the reader's
//! language.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use futures_util::future::{FutureExt, LocalBoxFuture};
use serde::Serialize;

use super::lang::Lang;
use super::{member, say, says};
use crate::http::code::Code;
use crate::http::problem::Problem;

/// What a form of one of our own pages says, or the query of an address.
#[derive(Debug)]
pub struct Sent(Vec<(String, String)>);

impl Sent {
    /// What is written so.
    pub fn of(written: &[u8]) -> Self {
        Self(form_urlencoded::parse(written).into_owned().collect())
    }

    /// Whether a value has a character that no text has.
    pub fn has_nul(&self) -> bool {
        self.0.iter().any(|(_, value)| value.contains('\0'))
    }

    /// A field as it was typed; empty when it was not there.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A field that says something.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.get(name).trim();
        (!value.is_empty()).then(|| value.to_owned())
    }
}

impl FromRequest for Sent {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media = req.content_type();
        let is_form = media.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let ours = must_be_ours(req);
        let body = Bytes::from_request(req, payload);
        async move {
            ours?;
            if !is_form {
                return Err(Problem::new(Code::UnsupportedMediaType).detail("send a form"));
            }
            let body = body.await;
            let body = body.map_err(|_broken| Problem::new(Code::MalformedRequest))?;
            let sent = Self::of(&body);
            if sent.has_nul() {
                let rule = "a form must not contain the character U+0000";
                return Err(Problem::malformed(rule));
            }
            Ok(sent)
        }
        .boxed_local()
    }
}

/// What is wrong with a field of a form, or with the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The field; empty for the whole.
    pub field: String,
    /// What is wrong, in the reader's language.
    pub message: String,
}

impl Fault {
    /// With the message of this key.
    pub fn new(lang: Lang, field: &str, key: &str) -> Self {
        Self {
            field: field.to_owned(),
            message: say(lang, key, &[]),
        }
    }
}

/// How a form that something is wrong with is answered: as the API answers the same.
#[derive(Debug)]
pub struct FormError {
    status: StatusCode,
    /// Seconds after which it may be sent again.
    wait: Option<u64>,
}

impl FormError {
    /// The page of the form with what is wrong with it, as this answer.
    pub fn with(&self, mut page: HttpResponse) -> HttpResponse {
        *page.status_mut() = self.status;
        if let Some(wait) = self.wait {
            let headers = page.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        page
    }
}

/// What of a problem is for whoever filled in a form of these fields, in its order, to put right, or to send again later; the
/// problem itself when it is none of theirs.
pub fn faults(
    lang: Lang,
    problem: Problem,
    fields: &[&str],
) -> Result<(FormError, Vec<Fault>), Problem> {
    let refusal = FormError {
        status: problem.code().status(),
        wait: problem.wait(),
    };
    let later = match problem.code() {
        Code::TooManyRequests => Some("fault-too-many"),
        Code::Unavailable => Some("fault-unavailable"),
        Code::ValidationFailed => None,
        _ => return Err(problem),
    };
    if let Some(later) = later {
        let mut fault = Fault::new(lang, "", later);
        if let Some(seconds) = refusal.wait {
            fault.message = format!("{} {}", fault.message, super::come_back(lang, seconds));
        }
        return Ok((refusal, vec![fault]));
    }
    let mut faults: Vec<Fault> = Vec::new();
    for error in problem.errors() {
        let pointer = error.pointer.as_deref().unwrap_or_default();
        let field = Some(member(pointer)).filter(|name| fields.contains(name));
        let key = format!("fault-{}", error.code.replace('_', "-"));
        let key = Some(key.as_str()).filter(|key| says(lang, key));
        let fault = Fault::new(
            lang,
            field.unwrap_or_default(),
            key.unwrap_or("fault-other"),
        );
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    // In the order in which the form has its fields.
    faults.sort_by_key(|fault| fields.iter().position(|field| *field == fault.field));
    Ok((refusal, faults))
}

/// 403 for a form of another site.
///
/// Browsers say in `Sec-Fetch-Site` where a request is from, or on plain HTTP only in `Origin`. Who says
/// neither is refused.
pub fn must_be_ours(request: &HttpRequest) -> Result<(), Problem> {
    let value = |name: &str| {
        let value = request.headers().get(name)?;
        value.to_str().ok()
    };
    let ours = match value("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => value("origin").is_some_and(|origin| {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == value(header::HOST.as_str())
        }),
    };
    if ours {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden).detail("this form was not sent from a page of this registry"))
}

/// Whether an address leads to a page of ours: a path, and none that a browser reads as another host.
pub fn is_here(address: &str) -> bool {
    let mut start = address.chars();
    start.next() == Some('/')
        && !matches!(start.next(), Some('/' | '\\'))
        && !address.contains(|c: char| c.is_control() || c == '\\')
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_form_of_another_site_is_refused() {
        for (headers, ours) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")][..], true),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://a.example"),
                ][..],
                false,
            ),
            (&[("sec-fetch-site", "same-site")][..], false),
            (&[("origin", "http://a.example")][..], true),
            (&[("origin", "http://b.example")][..], false),
            (&[("origin", "null")][..], false),
            (&[][..], false),
        ] {
            let mut request = TestRequest::post().insert_header(("host", "a.example"));
            for header in headers {
                request = request.insert_header(*header);
            }
            let request = request.to_http_request();
            assert_eq!(must_be_ours(&request).is_ok(), ours, "{headers:?}");
        }
    }

    #[test]
    fn only_paths_lead_back() {
        for (address, here) in [
            ("/en/partners/ptn_1?as_of=2021-06-01", true),
            ("/", true),
            ("", false),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("https://evil.example", false),
            ("/a\nb", false),
        ] {
            assert_eq!(is_here(address), here, "{address:?}");
        }
    }
}
