//! What a kind of record says of its lists and items, and how they come about of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::QueryResult;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::{Record, Row as _};
use crate::changes::{self, Meta, persons};
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::Sorting;
use crate::formats::Represent;
use crate::http::extract::params::{Parsed, Words};
use crate::http::extract::{ReadRequest, Viewer};
use crate::http::format::Format;
use crate::http::listing::Listed as _;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};

/// How records are to be shown.
#[derive(Debug)]
pub struct Show<'a> {
    /// To whom.
    pub viewer: &'a Viewer,
    /// The language of names.
    pub lang: Option<&'a LanguageTag>,
    /// What is embedded.
    pub includes: &'a [String],
    /// Today.
    pub today: NaiveDate,
    /// Whether it is the item: with names of persons, and what else lists leave out.
    pub item: bool,
    /// The day whose status is shown.
    pub as_of: Option<NaiveDate>,
}

impl<'a> Show<'a> {
    /// As lists show them now.
    pub fn list(
        viewer: &'a Viewer,
        lang: Option<&'a LanguageTag>,
        includes: &'a [String],
        today: NaiveDate,
    ) -> Self {
        Self {
            viewer,
            lang,
            includes,
            today,
            item: false,
            as_of: None,
        }
    }

    /// As lists show them with nothing embedded, which is the same on every day.
    pub fn plain(viewer: &'a Viewer) -> Self {
        Self::list(viewer, None, &[], NaiveDate::default())
    }

    /// Whether this is to be embedded.
    pub fn wants(&self, include: &str) -> bool {
        self.includes.iter().any(|wanted| wanted == include)
    }

    /// What is embedded in records, by their internal keys; read when it is wanted.
    pub fn embedded<T>(
        &self,
        include: &str,
        read: impl FnOnce() -> QueryResult<HashMap<i64, Vec<T>>>,
    ) -> QueryResult<Embedded<T>> {
        let read = self.wants(include).then(read);
        read.transpose().map(Embedded)
    }
}

/// What is embedded in records, if it is.
#[derive(Debug)]
pub struct Embedded<T>(Option<HashMap<i64, Vec<T>>>);

impl<T> Embedded<T> {
    /// All of it that belongs to the record of this internal key.
    pub fn of(&mut self, key: i64) -> Option<Vec<T>> {
        let all = self.0.as_mut()?;
        Some(all.remove(&key).unwrap_or_default())
    }
}

/// What a list of a kind can be asked for.
pub trait Filter: DeserializeOwned + Send + 'static {
    /// Text that names are searched for; without `sort`, the best match comes first.
    fn words(&self) -> Option<&Parsed<Words>> {
        None
    }

    /// The order without `sort`, where it is not that of the kind.
    fn order(&self) -> Option<&'static Sorting> {
        None
    }

    /// The day whose status is shown.
    fn as_of(&self) -> Option<NaiveDate> {
        None
    }

    /// 400 for bounds that nothing can lie between.
    fn check(&self) -> Result<(), Problem> {
        Ok(())
    }

    /// The rows that are let through and the viewer may see, apart from what names are searched for.
    fn condition(&self, conn: &mut DbConn, show: &Show<'_>) -> Result<Condition, Problem>;
}

/// How records of a kind are listed and shown.
pub trait Readable: Record {
    /// A record as callers see it, in JSON and in other formats.
    type View: Represent + ToSchema + Send + 'static;
    /// The filters of its lists.
    type Filter: Filter;
    /// What can be embedded in it.
    const INCLUDES: &'static [&'static str] = &[];
    /// In which formats it can be had.
    const FORMATS: &'static [Format] = Format::RECORDS;
    /// Whether everybody who may see a record sees the same of it for as long as its
    /// version and revision are the same, so that it may be kept.
    const IS_SHARED: bool = true;
    /// What lists can be sorted by.
    const SORTING: &'static Sorting;
    /// What a view carries beside its own fields.
    const META: fn(&mut Self::View) -> &mut Meta;

    /// These records as callers see them, in their order: a constant number of queries.
    fn views(
        conn: &mut DbConn,
        rows: Vec<Self::Row>,
        show: &Show<'_>,
    ) -> QueryResult<Vec<Self::View>>;

    /// Whether the item shows parts of other records that not everybody may see.
    fn shows_hidden(_: &Viewer, embeds: bool) -> bool {
        embeds
    }
}

/// One record and what identifies it, without a view when the answer needs none: 404 when the viewer
/// may not see it, 410 when it is withdrawn.
pub fn shown<R: Readable>(
    conn: &mut DbConn,
    request: &ReadRequest,
    row: R::Row,
    show: &Show<'_>,
) -> Result<(Option<R::View>, Validator), Problem> {
    R::must_see(conn, show.viewer, &row)?;
    let embeds = !show.includes.is_empty();
    let seen = changes::embedded(conn, show.viewer, R::shows_hidden(show.viewer, embeds))?;
    let mut validator = row.validator(embeds).beside(seen);
    if request.format != Format::Json {
        validator = validator.in_format(request.format.name());
    }
    if respond::is_settled(request, &validator) {
        return Ok((None, validator));
    }
    let id = row.public_id().clone();
    let view = R::views(conn, vec![row], show)?.pop();
    let mut view = view.ok_or_else(|| Problem::not_found(R::NAME))?;
    persons::name_authors(conn, show.viewer, &id, (R::META)(&mut view))?;
    Ok((Some(view), validator))
}
