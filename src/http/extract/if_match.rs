//! `If-Match`: which version of a record the caller has read (RFC 9110, 13.1.1).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};

use super::tags::Tags;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// The versions the caller is content to overwrite.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfMatch(Option<Versions>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Versions {
    Any,
    These {
        versions: Vec<i32>,
        /// Whether a weak tag was among those sent.
        weak: bool,
    },
}

/// The version that a tag of ours names: `3`, `3-812`, or `3-812-900` with what only some may see; of
/// another format than JSON `3-812.csv`.
fn version(tag: &str) -> Option<i32> {
    let tag = tag.split_once('.').map_or(tag, |(tag, _)| tag);
    let mut numbers = tag.splitn(3, '-');
    let version = numbers.next()?.parse().ok()?;
    numbers
        .all(|number| number.parse::<u64>().is_ok())
        .then_some(version)
}

impl IfMatch {
    /// What the tags say. Those that name no version, weak ones among them, match nothing.
    fn of(tags: Tags) -> Self {
        Self(Some(match tags {
            Tags::Any => Versions::Any,
            Tags::These(tags) => Versions::These {
                versions: tags
                    .iter()
                    .filter(|tag| !tag.weak)
                    .filter_map(|tag| version(&tag.text))
                    .collect(),
                weak: tags.iter().any(|tag| tag.weak),
            },
        }))
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
            Some(Versions::These { versions, weak }) if !versions.contains(&version) => {
                let why = if *weak {
                    "If-Match compares strongly, and a weak tag (W/) never matches; "
                } else {
                    ""
                };
                Err(Problem::new(Code::PreconditionFailed)
                    .detail(format!(
                        "{why}the record is at version {version}; read it again and repeat the change with If-Match: {etag}"
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
        ready(match Tags::of(req, &header::IF_MATCH) {
            None => Ok(Self::default()),
            Some(Ok(tags)) => Ok(Self::of(tags)),
            Some(Err(())) => Err(Problem::new(Code::MalformedRequest).detail(
                "If-Match must be the ETag that was read, with its quotes, several of them, or *",
            )),
        })
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
            ("W/\"4\", \"3\"", 3, true),
            ("\"3-812-gzip\"", 3, true),
            ("\"3;br\"", 3, true),
            ("\"3-812.csv\"", 3, true),
            ("\"3-x\"", 3, false),
            ("\"\"", 3, false),
        ] {
            assert_eq!(
                IfMatch::of(Tags::parse(header.as_bytes()).unwrap())
                    .check(version, "\"3\"")
                    .is_ok(),
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
