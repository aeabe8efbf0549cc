//! A registry all of whose connections are in use.

use std::sync::{Arc, Barrier};
use std::thread::{JoinHandle, spawn};

use twincity::http::problem::Problem;

use super::TestApp;

/// All connections of a registry, held until this is given back.
#[must_use]
pub struct Held {
    done: Arc<Barrier>,
    threads: Vec<JoinHandle<()>>,
}

impl TestApp {
    /// Takes every connection, so that no other read can have one.
    pub fn hold_connections(&self) -> Held {
        let held = usize::try_from(self.app.db.connections()).unwrap();
        let barrier = || Arc::new(Barrier::new(held + 1));
        let (taken, done) = (barrier(), barrier());
        let hold = || {
            let (db, taken, done) = (self.app.db.clone(), Arc::clone(&taken), Arc::clone(&done));
            spawn(move || {
                db.read_blocking(|_| -> Result<(), Problem> {
                    taken.wait();
                    done.wait();
                    Ok(())
                })
                .unwrap();
            })
        };
        let threads = (0..held).map(|_| hold()).collect();
        taken.wait();
        Held { done, threads }
    }
}

impl Held {
    /// Gives them back.
    pub fn give_back(self) {
        self.done.wait();
        for thread in self.threads {
            thread.join().unwrap();
        }
    }
}
