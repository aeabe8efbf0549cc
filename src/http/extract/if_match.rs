//! `If-Match`: which version of a record the caller has read (RFC 9110, 13.1.1).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};

use crate::http::code::Code;
use crate::http::problem::Problem;

/// The versions the caller is content to overwrite.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfMatch(Option<Versions>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Versions {
    Any,
    These(Vec<i32>),
}

impl IfMatch {
    /// Reads the header's value. Tags that name no version, weak ones among them, match nothing.
    fn parse(value: &str) -> Self {
        if value.trim() == "*" {
            return Self(Some(Versions::Any));
        }
        let versions = value
            .split(',')
            .filter_map(|tag| {
                let tag = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
                tag.split('-').next()?.parse().ok()
            })
            .collect();
        Self(Some(Versions::These(versions)))
    }

    /// 428 without the header, 412 when `version` is not among those named.
    pub fn require(&self, version: i32, etag: &str) -> Result<(), Problem> {
        if self.0.is_none() {
            return Err(Problem::new(Code::PreconditionRequired).detail(format!(
                "send If-Match with the ETag of the version you read; the current one is {etag}"
            )));
        }
        self.check(version, etag)
    }

    /// 412 when the header was sent and `version` is not among those named.
    pub fn check(&self, version: i32, etag: &str) -> Result<(), Problem> {
        match &self.0 {
            Some(Versions::These(versions)) if !versions.contains(&version) => {
                Err(Problem::new(Code::PreconditionFailed)
                    .detail(format!(
                        "the record is at version {version}; read it again and repeat the change with If-Match: {etag}"
                    ))
                    .member("version", version)
                    .member("etag", etag)
                    .header(header::ETAG, etag))
            }
            _ => Ok(()),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = req
            .headers()
            .get(header::IF_MATCH)
            .map(|v| v.to_str().unwrap_or_default());
        ready(Ok(value.map_or_else(Self::default, Self::parse)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_of_a_tag_is_compared() {
        for (header, version, matches) in [
            ("\"3\"", 3, true),
            ("\"3-812\"", 3, true),
            ("\"2\", \"3\"", 3, true),
            ("*", 3, true),
            ("\"4\"", 3, false),
            ("W/\"3\"", 3, false),
            ("3", 3, false),
        ] {
            assert_eq!(
                IfMatch::parse(header).check(version, "\"3\"").is_ok(),
                matches,
                "{header}"
            );
        }
        assert_eq!(
            IfMatch::default().require(1, "\"1\"").unwrap_err().code(),
            Code::PreconditionRequired
        );
    }
}
