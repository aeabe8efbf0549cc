//! What a page shows, in other formats: as files to take along, and as linked data in the page itself.

use chrono::NaiveDate;
use serde::Serialize;

use super::reader::Reader;
use crate::formats::{Represent as _, linked_data};
use crate::html::lang::Lang;
use crate::http::format::Format;
use crate::http::problem::Problem;
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

/// The same as the page in other formats: each is a link that is seen, and one in the head of the page.
#[derive(Debug, Serialize)]
pub struct Alternates {
    #[serde(skip)]
    lang: Lang,
    /// The day that the page shows.
    shown_on: NaiveDate,
    #[serde(skip)]
    day: Option<NaiveDate>,
    /// What addresses begin with that are used elsewhere.
    origin: String,
    along: Vec<Files>,
    /// The record as linked data, in JSON; none on pages of lists and of another day.
    linked_data: Option<String>,
}

impl Alternates {
    /// Nothing yet of a page.
    pub fn new(reader: &Reader<'_>) -> Self {
        Self {
            lang: reader.lang,
            shown_on: reader.day(),
            day: reader.as_of,
            origin: reader.origin.clone(),
            along: Vec::new(),
            linked_data: None,
        }
    }

    /// A record, with its sources embedded. In other formats records are as they are today.
    pub fn record<R: Readable>(reader: &Reader<'_>, view: &R::View) -> Result<Self, Problem> {
        let mut along = Self::new(reader);
        let mut of = "record-today";
        if reader.as_of.is_none() {
            along.linked_data = Some(linked_data(view, &reader.origin)?);
            of = "record";
        }
        let path = format!("{}/{}", R::COLLECTION, view.public_id());
        Ok(along.list(of, &path, R::FORMATS, &[]))
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
