//! Whether a form was sent from one of our own pages.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::http::code::Code;
use crate::http::problem::Problem;

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
