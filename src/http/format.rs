//! The formats in which answers can be had: the one list of their names, media types and file endings.

use serde_json::Value;
use strum::VariantArray;
use utoipa::openapi::path::Operation;

/// A form in which an address can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
pub enum Format {
    /// JSON, what every address answers with.
    Json,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// A workbook (Office Open XML).
    Xlsx,
    /// One JSON object a line.
    Ndjson,
    /// Places and ways (RFC 7946).
    GeoJson,
    /// Linked data as JSON (JSON-LD 1.1).
    JsonLd,
    /// Linked data as Turtle (RDF 1.1).
    Turtle,
    /// A feed (RFC 4287).
    Atom,
    /// A calendar (RFC 5545).
    Calendar,
}

/// The media type of a workbook (ECMA-376).
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What is known of a format.
struct Form {
    /// In `format=`, and at the end of names of files.
    name: &'static str,
    media_type: &'static str,
    /// What is told beside the media type.
    parameters: &'static str,
    /// What else callers call it.
    also: &'static [&'static str],
    about: &'static str,
}

impl Format {
    /// Those of lists and items of records.
    pub const RECORDS: &'static [Self] = &[
        Self::Json,
        Self::Csv,
        Self::Xlsx,
        Self::Ndjson,
        Self::GeoJson,
        Self::JsonLd,
        Self::Turtle,
    ];

    /// That of everything else.
    pub const PLAIN: &'static [Self] = &[Self::Json];

    #[rustfmt::skip]
    fn form(self) -> Form {
        type Text = &'static str;
        fn form(name: Text, media_type: Text, parameters: Text, also: &'static [Text], about: Text) -> Form {
            Form { name, media_type, parameters, also, about }
        }
        match self {
            Self::Json => form("json", "application/json", "", &["application/problem+json"], "JSON, a page at a time"),
            Self::Csv => form("csv", "text/csv", "; charset=utf-8; header=present", &[], "a table as comma-separated values"),
            Self::Xlsx => form("xlsx", XLSX, "", &[], "a table as a workbook for spreadsheets"),
            Self::Ndjson => form("ndjson", "application/x-ndjson", "", &["application/ndjson", "application/jsonl"], "one JSON object a line"),
            Self::GeoJson => form("geojson", "application/geo+json", "", &[], "places and the ways between them, for maps"),
            Self::JsonLd => form("jsonld", "application/ld+json", "", &[], "linked data as JSON"),
            Self::Turtle => form("ttl", "text/turtle", "; charset=utf-8", &[], "linked data as Turtle"),
            Self::Atom => form("atom", "application/atom+xml", "; charset=utf-8", &[], "a feed of changes"),
            Self::Calendar => form("ics", "text/calendar", "; charset=utf-8", &[], "a calendar"),
        }
    }

    /// What it is called in `format=`, and how names of such files end, without the dot.
    pub fn name(self) -> &'static str {
        self.form().name
    }

    /// Its media type, as `Accept` names it.
    pub fn media_type(self) -> &'static str {
        self.form().media_type
    }

    /// Its media type, as `Content-Type` tells it.
    pub fn content_type(self) -> String {
        let form = self.form();
        format!("{}{}", form.media_type, form.parameters)
    }

    /// What it is, in English.
    pub fn about(self) -> &'static str {
        self.form().about
    }

    /// Whether an answer is packed already.
    pub fn is_packed(self) -> bool {
        self == Self::Xlsx
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::VARIANTS
            .iter()
            .copied()
            .find(|one| one.name() == name)
    }

    /// What an operation can be answered in: the names that its extension has, `records` for those of
    /// lists and items; JSON where it says nothing.
    pub fn of(operation: &Operation) -> Vec<Self> {
        let extensions = operation.extensions.as_ref();
        Self::said(extensions.and_then(|all| all.get(EXTENSION)))
    }

    /// The same of an operation's extension.
    pub fn said(extension: Option<&Value>) -> Vec<Self> {
        match extension.and_then(Value::as_str) {
            None => Self::PLAIN.to_vec(),
            Some("records") => Self::RECORDS.to_vec(),
            Some(names) => names.split(' ').filter_map(Self::named).collect(),
        }
    }

    /// The one of those offered that the values of `Accept` like best (RFC 9110, 12.5.1): by quality,
    /// then the one that is named most closely, then the one named first, then the one offered first.
    pub fn accepted(accept: &str, offered: &[Self]) -> Option<Self> {
        let ranges: Vec<Range<'_>> = accept.split(',').map(Range::read).collect();
        // How much each is liked: the quality, closeness and place of the range that names it most closely.
        let liked = offered.iter().filter_map(|format| {
            let ranges = ranges.iter().rev().enumerate();
            let covering = ranges.filter_map(|(at, range)| {
                let closeness = range.covers(*format)?;
                Some((closeness, at, range.quality))
            });
            let (closeness, at, quality) =
                covering.max_by_key(|(closeness, at, _)| (*closeness, *at))?;
            (quality > 0.0).then_some(((quality, closeness, at), *format))
        });
        // Of those liked the same, the first.
        let best = liked.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(_, format)| format)
    }
}

/// The extension by which an operation says what it can be answered in. It is not in the finished
/// document, which has the media types instead.
pub const EXTENSION: &str = "x-formats";

/// The names of these formats, as the extension has them.
pub fn names(formats: &[Format]) -> String {
    let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
    names.join(" ")
}

/// A range of media types.
struct Range<'a> {
    name: &'a str,
    quality: f32,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(1.0, |quality| quality.parse().unwrap_or(0.0));
        Self { name, quality }
    }

    /// How closely it names a format, if it does.
    fn covers(&self, format: Format) -> Option<u8> {
        let form = format.form();
        let names = [form.media_type]
            .into_iter()
            .chain(form.also.iter().copied());
        if names
            .clone()
            .any(|name| name.eq_ignore_ascii_case(self.name))
        {
            return Some(2);
        }
        let (kind, rest) = self.name.split_once('/').unwrap_or((self.name, ""));
        match (kind, rest) {
            ("*", "*") | ("", "") => Some(0),
            (kind, "*") => names
                .filter_map(|name| name.split_once('/'))
                .any(|(own, _)| own.eq_ignore_ascii_case(kind))
                .then_some(1),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_again() {
        for format in Format::VARIANTS {
            assert_eq!(Format::named(format.name()), Some(*format));
        }
        assert_eq!(Format::named("xml"), None);
        assert_eq!(Format::said(None), [Format::Json]);
        assert_eq!(
            Format::said(Some(&Value::from("csv atom"))),
            [Format::Csv, Format::Atom]
        );
    }

    #[test]
    fn the_most_specific_range_decides() {
        for (accept, expected) in [
            ("application/json", Some("json")),
            ("", Some("json")),
            ("text/html, */*;q=0.1", Some("json")),
            ("application/*", Some("json")),
            ("text/*", Some("csv")),
            ("text/csv", Some("csv")),
            ("application/json;q=0, */*", Some("csv")),
            ("APPLICATION/JSON; charset=utf-8", Some("json")),
            ("application/problem+json", Some("json")),
            (
                "application/ld+json, application/json;q=0.5",
                Some("jsonld"),
            ),
            ("application/json, application/ld+json", Some("json")),
            ("text/turtle, application/json", Some("ttl")),
            ("text/csv, */*", Some("csv")),
            ("*/*, text/turtle;q=0.5", Some("json")),
            ("application/jsonl", Some("ndjson")),
            ("text/html", None),
            ("text/csv;q=0", None),
            ("application/atom+xml", None),
        ] {
            let best = Format::accepted(accept, Format::RECORDS);
            assert_eq!(best.map(Format::name), expected, "{accept}");
        }
        let json_alone = Format::accepted("text/csv, */*;q=0.1", Format::PLAIN);
        assert_eq!(json_alone, Some(Format::Json));
    }
}
