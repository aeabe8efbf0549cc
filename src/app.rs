//! What handlers get: the one value that holds everything the registry runs on.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

use crate::cache::Caches;
use crate::config::ServeConfig;
use crate::core::clock::Clock;
use crate::db::Db;
use crate::files::{Files, Location};
use crate::index::{Index, Tally};

/// The running registry. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Settings.
    pub config: Arc<ServeConfig>,
    /// The database.
    pub db: Db,
    /// The time, so that tests can set it.
    pub clock: Arc<dyn Clock>,
    /// Names of records, folded, in memory.
    pub index: Arc<Index>,
    /// How many records there are of what, in memory.
    pub tally: Arc<Tally>,
    /// What is kept of answers.
    pub caches: Arc<Caches>,
    /// Where the bytes of documents are kept.
    pub files: Files,
    /// Idempotency keys whose requests are running.
    pub running: Running,
}

impl App {
    /// The time, in the milliseconds that both engines and JSON keep alike.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(3)
    }

    /// The day, in UTC.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// A registry on this database.
    pub fn new(config: ServeConfig, db: Db, clock: Arc<dyn Clock>) -> Self {
        let beside = db.file().and_then(Path::parent);
        let location = config
            .documents
            .clone()
            .unwrap_or_else(|| Location::Folder(beside.unwrap_or(Path::new("")).join("documents")));
        Self {
            caches: Arc::new(Caches::new(
                config.response_cache_mb,
                config.fragment_cache_mb,
            )),
            files: Files::new(location, config.s3_endpoint.clone()),
            config: Arc::new(config),
            db,
            clock,
            index: Arc::new(Index::default()),
            tally: Arc::new(Tally::default()),
            running: Running::default(),
        }
    }
}

/// The idempotency keys whose requests are running in this process.
#[derive(Debug, Clone, Default)]
pub struct Running(Arc<Mutex<HashSet<String>>>);

/// A running request's hold on its key: given back when the request ends, however it ends.
#[derive(Debug)]
pub struct Claim {
    running: Running,
    key: String,
}

impl Running {
    fn keys(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the key, unless another request has it.
    pub fn claim(&self, key: String) -> Option<Claim> {
        self.keys().insert(key.clone()).then(|| Claim {
            running: self.clone(),
            key,
        })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.running.keys().remove(&self.key);
    }
}
