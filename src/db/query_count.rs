//! Counts SQL statements, so that a test can show that a page of 100 records takes no more of them
//! than a page of one, and keeps their texts for tests that look at how each is carried out.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// The instrumentation every connection carries; the connections of one database count together.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter(Arc<Sent>);

#[derive(Debug, Default)]
struct Sent {
    statements: AtomicU64,
    keeps: AtomicBool,
    kept: Mutex<Vec<String>>,
}

impl Counter {
    /// Statements sent to this database so far.
    pub(super) fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// The texts of the statements since this was last called; the first call gives none and begins to
    /// keep them.
    pub(super) fn texts(&self) -> Vec<String> {
        self.0.keeps.store(true, Ordering::Relaxed);
        std::mem::take(&mut *self.0.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.statements.fetch_add(1, Ordering::Relaxed);
            tracing::trace!(%query, "statement");
            if self.0.keeps.load(Ordering::Relaxed) {
                let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push(query.to_string());
            }
        }
    }
}
