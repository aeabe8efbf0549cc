//! What a page shows: values by the names that its template knows them by, and the same in other formats, as files to
//! take along and as linked data in the page itself.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::reader::Reader;
use crate::html::lang::Lang;
use crate::http::format::Format;
use crate::records::Readable;

/// A file.
#[derive(Debug, Serialize)]
struct File {
    href: String,
    /// The name of its format.
    format: &'static str,
    media_type: &'static str,
}

/// Files of the same.
#[derive(Debug, Serialize)]
struct Files {
    /// The end of the key of the message that says what is in them.
    of: &'static str,
    files: Vec<File>,
}

/// What a page shows.
#[derive(Debug, Default, Serialize)]
pub struct Content {
    #[serde(skip)]
    lang: Lang,
    #[serde(skip)]
    day: Option<NaiveDate>,
    /// The same in other formats: each is a link that is seen, and one in the head of the page.
    along: Vec<Files>,
    #[serde(flatten)]
    values: BTreeMap<&'static str, Value>,
}

impl Content {
    /// Nothing yet of a page of the registry.
    pub fn new(reader: &Reader<'_>) -> Self {
        let nothing = Self {
            lang: reader.lang,
            day: reader.as_of,
            ..Self::default()
        };
        nothing
            // The day that the page shows.
            .with("shown_on", reader.day())
            // What addresses begin with that are used elsewhere.
            .with("origin", &reader.origin)
    }

    /// And this value, by the name that the template knows it by.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.values.insert(name, Value::from(Serde(value)));
        self
    }

    /// And a list in these formats, which the parameters narrow down.
    #[must_use]
    pub fn list(
        mut self,
        of: &'static str,
        path: &str,
        formats: &[Format],
        parameters: &[(&str, &str)],
    ) -> Self {
        let file = |format: &Format| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(parameters);
            // JSON is what an address answers with unless it is asked otherwise, or is for one format alone.
            if Format::RECORDS.contains(format) && *format != Format::Json {
                query.append_pair("format", format.name());
            }
            let query = query.append_pair("lang", self.lang.code()).finish();
            File {
                href: format!("/api/v1/{path}?{query}"),
                format: format.name(),
                media_type: format.media_type(),
            }
        };
        // People look for tables and maps; JSON is for programs.
        let (for_programs, others): (Vec<_>, Vec<_>) =
            formats.iter().partition(|format| **format == Format::Json);
        let files = others.into_iter().chain(for_programs).map(file).collect();
        self.along.push(Files { of, files });
        self
    }

    /// And all records of a kind that these parameters let through.
    #[must_use]
    pub fn all<R: Readable>(self, parameters: &[(&str, &str)]) -> Self {
        self.list(R::COLLECTION, R::COLLECTION, R::FORMATS, parameters)
    }

    /// And a list of what stood on the day of the page.
    #[must_use]
    pub fn list_of_the_day(
        self,
        of: &'static str,
        path: &str,
        formats: &[Format],
        parameters: &[(&str, &str)],
    ) -> Self {
        let day = self.day.map(|day| day.to_string());
        let mut all = parameters.to_vec();
        all.extend(day.iter().map(|day| ("as_of", day.as_str())));
        self.list(of, path, formats, &all)
    }
}
