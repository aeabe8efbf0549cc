//! `If-Match`: which version of a record the caller has read (RFC 9110, 13.1.1).

use actix_web::HttpRequest;
use actix_web::http::header;

use super::tags::{Tag, Tags};
use crate::http::code::Code;
use crate::http::problem::Problem;

/// The tags of the versions that the caller is content to overwrite.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfMatch(Option<Tags>);

/// The version that a tag of ours names, and the revision of what it shows: `3`, `3-812`, or `3-812-900` with what only some may see; of
/// another format than JSON `3-812.csv`.
fn version(tag: &str) -> Option<(i32, Option<u64>)> {
    let tag = tag.split_once('.').map_or(tag, |(tag, _)| tag);
    let mut numbers = tag.splitn(3, '-');
    let version = numbers.next()?.parse().ok()?;
    let rest: Option<Vec<u64>> = numbers.map(|number| number.parse().ok()).collect();
    Some((version, rest?.first().copied()))
}

/// The versions that tags name, each with the revision of what the record shows, where it was sent. Those that name
/// none, weak ones among them, match nothing.
fn versions(tags: &[Tag]) -> impl Iterator<Item = (i32, Option<u64>)> {
    let strong = tags.iter().filter(|tag| !tag.weak);
    strong.filter_map(|tag| version(&tag.text))
}

impl IfMatch {
    /// What this request says; 400 when that is none of what the standard allows.
    pub fn of(req: &HttpRequest) -> Result<Self, Problem> {
        let rule =
            "If-Match must be the ETag that was read, with its quotes, several of them, or *";
        let tags = Tags::of(req, &header::IF_MATCH).transpose();
        tags.map(Self).map_err(|()| Problem::malformed(rule))
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
        let Some(Tags::These(tags)) = &self.0 else {
            return Ok(());
        };
        if versions(tags).any(|(named, _)| named == version) {
            return Ok(());
        }
        let why = if tags.iter().any(|tag| tag.weak) {
            "If-Match compares strongly, and a weak tag (W/) never matches; "
        } else {
            ""
        };
        Err(failed(version, etag).detail(format!(
            "{why}the record is at version {version}; read it again and repeat the change with If-Match: {etag}"
        )))
    }

    /// [`check`](Self::check) of what its version alone identifies.
    pub fn check_version(&self, version: i32) -> Result<(), Problem> {
        self.check(version, &format!("\"{version}\""))
    }

    /// [`require`](Self::require) for a change that brings what the record shows along with it, such as the
    /// citations of a draft: 412, too, when a tag that was sent says that something else was looked at.
    pub fn require_as_shown(&self, version: i32, etag: &str) -> Result<(), Problem> {
        self.require(version, etag)?;
        let Some(Tags::These(tags)) = &self.0 else {
            return Ok(());
        };
        let shown = self::version(etag.trim_matches('"')).and_then(|(_, rev)| rev);
        let mut those = versions(tags).filter(|(named, _)| *named == version);
        if those.any(|(_, rev)| rev.is_none() || shown.is_none() || rev == shown) {
            return Ok(());
        }
        Err(failed(version, etag).detail(format!(
            "what is shown with the record, such as its citations, has changed since it was read; look at it \
             again and repeat the change with If-Match: {etag}"
        )))
    }
}

/// 412 with the tag that would do.
fn failed(version: i32, etag: &str) -> Problem {
    Problem::new(Code::PreconditionFailed)
        .member("version", version)
        .member("etag", etag)
        .header(header::ETAG, etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_is_compared_where_it_is_brought_along() {
        for (header, etag, matches) in [
            ("\"3-812\"", "\"3-812\"", true),
            ("\"3-812-900\"", "\"3-812\"", true),
            ("\"3-811\"", "\"3-812\"", false),
            ("\"3-811\", \"3-812\"", "\"3-812\"", true),
            ("\"3\"", "\"3-812\"", true),
            ("*", "\"3-812\"", true),
            ("\"3-811\"", "\"3\"", true),
            ("\"2-812\"", "\"3-812\"", false),
        ] {
            let sent = IfMatch(Tags::parse(header.as_bytes()));
            assert_eq!(sent.require_as_shown(3, etag).is_ok(), matches, "{header}");
        }
    }

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
                IfMatch(Tags::parse(header.as_bytes()))
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
