//! For whom a request is answered: what of the registry this caller may see.
//!
//! Who the caller is has been found out before any handler runs; here is only what follows from it
//! for reading.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::core::author::Author;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::record::{RecordState, Role};
use crate::db::condition::{Condition, texts};
use crate::http::extract::List;
use crate::http::problem::Problem;

/// A reader: nobody in particular, or someone with these roles.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    grants: Vec<Author>,
}

impl Viewer {
    /// Someone with these roles.
    pub fn new(grants: Vec<Author>) -> Self {
        Self { grants }
    }

    /// The roles.
    pub fn grants(&self) -> &[Author] {
        &self.grants
    }

    /// Whether this is a member of any office, or of the registry.
    pub fn is_staff(&self) -> bool {
        !self.grants.is_empty()
    }

    /// Whether nothing is hidden from the viewer.
    pub fn sees_everything(&self) -> bool {
        self.grants
            .iter()
            .any(|grant| matches!(grant.role(), Role::Registrar | Role::Admin))
    }

    /// The offices the viewer belongs to.
    pub fn offices(&self) -> impl Iterator<Item = &PublicId> {
        self.grants.iter().filter_map(Author::organisation)
    }

    /// Whether the viewer belongs to this office, or sees everything.
    pub fn is_of(&self, office: Option<&PublicId>) -> bool {
        self.sees_everything()
            || office.is_some_and(|office| self.offices().any(|own| own == office))
    }

    /// Whether the viewer may see the drafts, and the persons behind the changes, of this author.
    pub fn is_colleague_of(&self, author: &Author) -> bool {
        self.is_of(author.organisation())
    }

    /// 404 when the record is a draft of another office, as when there is none of its kind.
    pub fn must_see(
        &self,
        kind: Kind,
        state: RecordState,
        created_by: &Author,
    ) -> Result<(), Problem> {
        if state == RecordState::Draft && !self.is_colleague_of(created_by) {
            return Err(Problem::not_found(kind.as_str()));
        }
        Ok(())
    }

    /// What [`Viewer::must_see`] is for the rows of a table with the columns of a record.
    pub fn condition(&self, table: &str) -> Condition {
        if self.sees_everything() {
            return Condition::new("1 = 1");
        }
        let hidden = format!("{table}.record_state <> 'draft'");
        let offices: Vec<&PublicId> = self.offices().collect();
        if offices.is_empty() {
            return Condition::new(hidden);
        }
        let sql = format!("({hidden} OR {table}.created_by IN ?)");
        Condition::of(&sql, [texts(Author::all_of(offices))])
    }

    /// The rows in the states a list asks for, as far as the viewer may see them: what is published,
    /// unless drafts are asked for.
    ///
    /// Where a filter that picks few rows leads to them (`driven`) the state is only looked at, never looked up: without
    /// statistics an engine can't know that nearly every row is published, and takes `record_state = …` for a fine way
    /// in. Otherwise it is one: an index that begins with the state, in the list's own order, is walked until the page
    /// is full.
    pub fn states(
        &self,
        table: &str,
        asked: Option<&List<RecordState>>,
        driven: bool,
    ) -> Condition {
        // Nobody in particular sees no draft: asked for or not, they are not looked for.
        let drafts = self.is_staff();
        let shown = |state: &RecordState| match state {
            RecordState::Published => true,
            RecordState::Draft => drafts,
            RecordState::Withdrawn | RecordState::Merged => false,
        };
        let asked_for = asked.map_or(&[RecordState::Published][..], |asked| &asked.0);
        let listed: Vec<RecordState> = asked_for.iter().copied().filter(shown).collect();
        let states = match listed.as_slice() {
            [one] => Condition::new(format!("{table}.record_state = ")).text(one.code()),
            many => Condition::new(format!("{table}.record_state IN ")).texts(many),
        };
        let states = if driven {
            Condition::of("(?) IS TRUE", [states.into()])
        } else {
            states
        };
        if asked.is_none() {
            return states;
        }
        states.sql(" AND ").then(self.condition(table))
    }

    /// The changes the viewer may read, by who may read them.
    pub fn audience(&self) -> Option<Vec<String>> {
        (!self.sees_everything()).then(|| self.offices().map(ToString::to_string).collect())
    }
}

impl FromRequest for Viewer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = req.extensions();
        ready(Ok(extensions.get::<Self>().cloned().unwrap_or_default()))
    }
}
