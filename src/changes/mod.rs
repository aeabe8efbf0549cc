//! The change log: audit trail, history of every record and public feed at once.
//!
//! Each write of a record appends exactly one change with the next number, inside its own
//! transaction; the number of the last change is the registry's revision.

pub mod feed;
pub mod history;
mod log;
pub mod meta;
pub mod records;
mod types;

use utoipa_actix_web::service_config::ServiceConfig;

pub use log::{Change, record, revision, upcoming};
pub use meta::Meta;
pub use types::{ChangeView, HistoryEntry};

use chrono::{DateTime, NaiveDate, Utc};

use crate::core::author::Author;
use crate::core::ids::PublicId;

/// Routes of this room.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(feed::list_changes)
        .service(feed::list_history);
}

/// Who writes, when, and under which request: made before the transaction begins.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The role and office.
    pub author: Author,
    /// The key it was done with; none on the command line.
    pub key: Option<PublicId>,
    /// The time of the write.
    pub now: DateTime<Utc>,
    /// The request's id.
    pub request_id: Option<String>,
}

impl Ctx {
    /// The day of the write, in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }
}
