//! Reads for a page, in one transaction, by the functions that the API reads by.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

use super::{Partner, Source};
use crate::app::App;
use crate::changes::Meta;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::evidence::sources::SourceView;
use crate::html::lang::Lang;
use crate::http::extract::{ListQuery, Viewer};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::index::Index;
use crate::lifecycle::{SubjectKind, periods};
use crate::records::views;
use crate::records::{Filter as _, Readable, Row as _, Show};

/// A transaction in which a page is read, by nobody in particular.
pub struct Reader<'a> {
    /// The connection.
    pub conn: &'a mut DbConn,
    /// What stands beside the database: names and numbers in memory.
    pub app: &'a App,
    /// Today.
    pub today: NaiveDate,
    /// The day that is asked about, if it is not today.
    pub as_of: Option<NaiveDate>,
    /// The language of the page.
    pub lang: Lang,
    /// What addresses begin with that are known elsewhere.
    pub origin: String,
    /// Its tag.
    pub tag: Option<LanguageTag>,
    viewer: Viewer,
}

impl<'a> Reader<'a> {
    /// For a page in this language.
    pub fn new(
        conn: &'a mut DbConn,
        app: &'a App,
        lang: Lang,
        today: NaiveDate,
        as_of: Option<NaiveDate>,
    ) -> Self {
        Self {
            conn,
            app,
            today,
            as_of,
            lang,
            origin: app.config.link_base(),
            tag: lang.tag(),
            viewer: Viewer::default(),
        }
    }

    /// The day that is shown.
    pub fn day(&self) -> NaiveDate {
        self.as_of.unwrap_or(self.today)
    }

    /// What is asked of a list, in the language of the page and, with `on_the_day`, as things stood on
    /// the day that is asked about.
    pub fn query<F: DeserializeOwned>(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
        on_the_day: bool,
    ) -> Result<ListQuery<F>, Problem> {
        let day = self.as_of.filter(|_| on_the_day).map(|day| day.to_string());
        let all = parameters
            .iter()
            .copied()
            .chain([("lang", self.lang.code())])
            .chain(day.iter().map(|day| ("as_of", day.as_str())));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(all);
        ListQuery::of(path, &query.finish())
    }

    fn shown<T>(
        &mut self,
        includes: &[&str],
        item: bool,
        as_of: Option<NaiveDate>,
        read: impl FnOnce(&mut DbConn, &Index, &Show<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let includes: Vec<String> = includes.iter().map(ToString::to_string).collect();
        let show = Show {
            item,
            as_of,
            ..Show::list(&self.viewer, self.tag.as_ref(), &includes, self.today)
        };
        read(self.conn, &self.app.index, &show)
    }

    /// Those of these records of which it is only possible that they stood so on the day that is asked about.
    pub fn possible(
        &mut self,
        of: SubjectKind,
        ids: &[PublicId],
    ) -> Result<Vec<PublicId>, Problem> {
        match self.as_of {
            Some(day) => Ok(periods::uncertain(self.conn, of, ids, day)?),
            None => Ok(Vec::new()),
        }
    }

    /// One record.
    pub fn item<R: Readable>(
        &mut self,
        id: &PublicId,
        includes: &[&str],
    ) -> Result<R::View, Problem> {
        self.shown(includes, true, self.as_of, |conn, _, show| {
            views::item::<R>(conn, id, show)
        })
    }

    /// A page of records that fit these parameters; with `on_the_day`, as they were.
    pub fn list<R: Readable>(
        &mut self,
        parameters: &[(&str, &str)],
        includes: &[&str],
        on_the_day: bool,
    ) -> Result<Page<R::View>, Problem> {
        let query = self.query::<R::Filter>(R::COLLECTION, parameters, on_the_day)?;
        let as_of = query.filter.as_of();
        self.shown(includes, false, as_of, |conn, index, show| {
            views::page::<R>(conn, index, &query, show)
        })
    }

    /// The rows of all records that fit these parameters, as they were, in any order: of a list whose page is chosen
    /// by what is shown of it.
    pub fn rows<R: Readable>(
        &mut self,
        parameters: &[(&str, &str)],
    ) -> Result<Vec<R::Row>, Problem> {
        let query = self.query::<R::Filter>(R::COLLECTION, parameters, true)?;
        let as_of = query.filter.as_of();
        self.shown(&[], false, as_of, |conn, index, show| {
            query.filter.check()?;
            let (listing, _) = views::listing::<R>(conn, index, &query, show)?;
            let mut all = Vec::new();
            listing.whole(conn, R::Row::by_keys, |_, rows| {
                all.extend(rows);
                Ok(())
            })?;
            Ok(all)
        })
    }

    /// These records, as far as everybody may see them.
    pub fn visible<R: Readable>(
        &mut self,
        ids: &[PublicId],
        includes: &[&str],
    ) -> Result<Vec<R::View>, Problem> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.shown(includes, false, self.as_of, |conn, _, show| {
            views::visible::<R>(conn, ids, show)
        })
    }

    /// These sources by their ids.
    pub fn sources(&mut self, ids: Vec<PublicId>) -> Result<BTreeMap<String, SourceView>, Problem> {
        let found = self.visible::<Source>(&ids, &[])?.into_iter();
        Ok(found
            .map(|source| (source.id.to_string(), source))
            .collect())
    }

    /// The names of the offices that made and last changed a record, by their ids.
    pub fn offices(&mut self, meta: &Meta) -> Result<BTreeMap<String, String>, Problem> {
        let authors = [&meta.created_by, &meta.updated_by].into_iter();
        let offices = authors.filter_map(|author| author.organisation().cloned());
        let ids: Vec<PublicId> = offices.collect();
        let found = self.visible::<Partner>(&ids, &[])?.into_iter();
        let names = found.map(|partner| (partner.id.to_string(), partner.name));
        Ok(names.collect())
    }
}
