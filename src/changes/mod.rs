//! The change log: audit trail, history of every record and public feed at once.
//!
//! Each write of a record appends exactly one change with the next number, inside its own
//! transaction, and one for each record that shows something else because of it ([`refresh`]); the
//! number of the last change is the registry's revision.

mod counter;
pub mod display_name;
pub mod feed;
pub mod history;
mod log;
pub mod meta;
pub mod persons;
pub mod records;
pub mod refresh;
mod ties;
mod types;
mod words;

pub use crate::db::{public_revision, revision};
pub use counter::{next_revision, savepoint};
pub use log::{Change, REGISTRY, embedded, hide_from_public, seen};
pub use meta::Meta;
pub use types::ChangeView;
pub use words::words;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound as _, Utc};

use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use diesel::QueryResult;
use serde_json::Value;

use crate::core::vocabulary::record::{ChangeOp, Entity, RecordState, Role};
use crate::db::DbConn;
use crate::http::extract::Viewer;
use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(feed::list_changes)
        .service(feed::list_history);
}

impl<'a> Change<'a> {
    /// That something was recorded as version `version`, or changed from what it was before.
    pub fn of(
        entity: Entity,
        (id, version): (&'a PublicId, i32),
        before: Option<&'a Value>,
        after: &'a Value,
    ) -> Self {
        let op = before.map_or(ChangeOp::Created, |_| ChangeOp::Updated);
        Self {
            entity,
            id,
            op,
            version,
            before,
            after,
            reason: None,
        }
    }

    /// That this was done, and why.
    #[must_use]
    pub fn with_op(self, op: ChangeOp, reason: Option<&'a str>) -> Self {
        Self { op, reason, ..self }
    }
}

/// Who writes, when, and under which request: made before the transaction begins.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The role and office the write is made in.
    pub author: Author,
    /// The person behind it, a user or a key; none on the command line.
    pub person: Option<PublicId>,
    /// The key it was done with; none on the command line and in sessions.
    pub key: Option<PublicId>,
    /// Who let it pass, when it needed a second pair of eyes.
    pub approval: Option<Approval>,
    /// The suggestion it carries out.
    pub suggestion: Option<PublicId>,
    /// Where the record that is written stands afterwards.
    pub state: RecordState,
    /// Whether the write has to wait for another person's consent.
    pub waits: bool,
    /// Whether nothing is to be kept.
    pub dry_run: bool,
    /// What the writer may see.
    pub viewer: Viewer,
    /// The time of the write.
    pub now: DateTime<Utc>,
    /// The request's id.
    pub request_id: Option<String>,
}

/// Who let a proposed change pass.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The role and office.
    pub author: Author,
    /// The person.
    pub person: Option<PublicId>,
}

impl Ctx {
    /// The registry itself, or whoever can open its database.
    pub fn system(role: Role, now: DateTime<Utc>) -> Self {
        let author = Author::new(role, None);
        Self {
            viewer: Viewer::new(vec![author.clone()]),
            author,
            person: None,
            key: None,
            approval: None,
            suggestion: None,
            state: RecordState::Published,
            waits: false,
            dry_run: false,
            now: now.trunc_subsecs(3),
            request_id: None,
        }
    }

    /// The same for a record that is to stand in this state.
    #[must_use]
    pub fn with_state(&self, state: RecordState) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    /// The same for a record that is being made: a draft when one was asked for, or when publishing
    /// needs another person's consent.
    #[must_use]
    pub fn for_creation(&self, asked: Option<&Checked<RecordState>>) -> Self {
        let draft = asked.is_some_and(|asked| matches!(asked.0, Ok(RecordState::Draft)));
        self.with_state(if draft || self.waits {
            RecordState::Draft
        } else {
            RecordState::Published
        })
    }

    /// The time of what is written: never before that of the change before it, whatever the clock of
    /// the instance that wrote that one said.
    pub fn at(&self) -> NaiveDateTime {
        let now = self.now.naive_utc();
        counter::not_before().map_or(now, |last| last.max(now))
    }

    /// The day of the write, in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }
}

/// Appends the change under the next number, which is returned.
///
/// Patches compose: those of a record, applied from the first to any other, give the record as it was
/// after that one. Whoever shows the record is looked at when the write is done.
pub fn record(conn: &mut DbConn, ctx: &Ctx, change: &Change<'_>) -> QueryResult<i64> {
    log::check(change)?;
    let known = match change.op {
        ChangeOp::Created => None,
        _ => history::logged(conn, change.id)?,
    };
    let was = known.as_ref().map(|known| &known.value);
    refresh::follow(conn, ctx, change, was)?;
    let logged = Change {
        before: was,
        ..*change
    };
    // Of a step nobody says what stood before it: the log knows.
    let change = match change.op {
        ChangeOp::Event => &logged,
        _ => change,
    };
    log::append(conn, ctx, change, known.as_ref())
}
