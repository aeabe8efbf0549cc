//! Entity tags as callers send them (RFC 9110, 8.8.3).

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, HeaderValue};

/// What proxies put behind a tag when they pack the answer, with what stands between.
const CODINGS: &[&str] = &["gzip", "br", "zstd", "deflate"];

/// The value of `If-Match` or `If-None-Match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tags {
    /// `*`.
    Any,
    /// These.
    These(Vec<Tag>),
}

/// One entity tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Whether it was sent as a weak one.
    pub weak: bool,
    /// What stands between the quotes, without the coding that a proxy has added.
    pub text: String,
}

impl Tags {
    /// The header's tags, of all of its lines; `Err` when it is none of what the standard allows.
    pub fn of(req: &HttpRequest, name: &HeaderName) -> Option<Result<Self, ()>> {
        let lines = req.headers().get_all(name);
        let lines: Vec<&[u8]> = lines.map(HeaderValue::as_bytes).collect();
        (!lines.is_empty()).then(|| Self::parse(&lines.join(&b","[..])).ok_or(()))
    }

    /// Reads a list of tags, or `*`.
    pub fn parse(value: &[u8]) -> Option<Self> {
        if value.trim_ascii() == b"*" {
            return Some(Self::Any);
        }
        let mut rest = value.trim_ascii();
        let mut tags = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(b",") {
                rest = after.trim_ascii_start();
                continue;
            }
            let opaque = rest.strip_prefix(b"W/");
            let (text, after) = quoted(opaque.unwrap_or(rest))?;
            tags.push(Tag {
                weak: opaque.is_some(),
                text: without_coding(&String::from_utf8_lossy(text)).to_owned(),
            });
            rest = after.trim_ascii_start();
            if !rest.is_empty() && !rest.starts_with(b",") {
                return None;
            }
        }
        (!tags.is_empty()).then_some(Self::These(tags))
    }
}

/// What stands between the quotes at the beginning, and what behind them.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = text.strip_prefix(b"\"")?;
    let end = inner.iter().position(|byte| *byte == b'"')?;
    let (text, rest) = inner.split_at_checked(end)?;
    let allowed = |byte: &u8| *byte == 0x21 || (0x23..=0x7e).contains(byte) || *byte >= 0x80;
    text.iter()
        .all(allowed)
        .then_some((text, rest.strip_prefix(b"\"")?))
}

/// The text of one of our own tags, without its `W/`, quotes and coding.
pub fn bare(etag: &str) -> &str {
    let etag = etag.strip_prefix("W/").unwrap_or(etag);
    without_coding(etag.trim_matches('"'))
}

fn without_coding(text: &str) -> &str {
    let bare = CODINGS.iter().find_map(|coding| {
        let bare = text.strip_suffix(coding)?;
        let bare = bare.strip_suffix(['-', ';', '+'])?;
        Some(bare.strip_suffix('-').unwrap_or(bare))
    });
    bare.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(value: &str) -> Option<String> {
        Tags::parse(value.as_bytes()).map(|tags| match tags {
            Tags::Any => "*".to_owned(),
            Tags::These(tags) => tags
                .iter()
                .map(|tag| format!("{}{}", if tag.weak { "~" } else { "" }, tag.text))
                .collect::<Vec<_>>()
                .join(" "),
        })
    }

    #[test]
    fn tags_are_read_as_the_standard_writes_them() {
        for (value, tags) in [
            ("\"1\"", Some("1")),
            (" \"1\" , W/\"2-3\",,\"a,b\" ", Some("1 ~2-3 a,b")),
            ("*", Some("*")),
            ("\"\"", Some("")),
            ("\"1-gzip\", \"1-7--gzip\"", Some("1 1-7")),
            ("W/\"12;br\", \"3-zstd\", \"4+gzip\"", Some("~12 3 4")),
            // Not ours, and no coding.
            ("\"-gzip2\", \"gzip\"", Some("-gzip2 gzip")),
            ("", None),
            (" , ", None),
            ("1", None),
            ("\"1", None),
            ("1\"", None),
            ("\"1\" \"2\"", None),
            ("w/\"1\"", None),
            ("W/ \"1\"", None),
            ("\"a b\"", None),
            ("*, \"1\"", None),
            ("\"1\"x", None),
        ] {
            assert_eq!(parsed(value).as_deref(), tags, "{value}");
        }
    }
}
