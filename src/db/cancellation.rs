//! Ends, on the server engine, what is read for a caller who has gone, or for too long in many statements. The
//! embedded engine asks by itself (see [`super::progress`]).
//!
//! The server is told on a connection of its own which of its processes shall end its statement. That
//! must never hit what the same connection runs next: while the word goes out, the read it is meant for
//! can't end, for it has to take the same lock to do so. Whatever arrives after its last statement finds
//! the process waiting for the next one, where the server ignores it; should it come later still, it
//! hits the rollback, and the pool throws the connection away.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::manager::Manager;
use super::own_connection::OwnConnection;
use super::{Error, dialect};

/// How soon a read that goes on is told again: it was between two statements.
const AGAIN: Duration = Duration::from_millis(50);

/// Where a read is.
#[derive(Debug, Clone, Copy)]
enum State {
    /// It has no connection yet.
    Before,
    /// This process of the server works for it.
    On(i32),
    Over,
}

type Shared = Arc<Mutex<State>>;

fn set(state: &Shared, to: State) {
    *state.lock().unwrap_or_else(PoisonError::into_inner) = to;
}

/// The thread that tells the server; it ends when this is dropped.
pub(super) struct Canceller {
    told: Sender<Shared>,
}

/// A read as whoever waits for it has it: dropped before the read is over, it ends the read.
pub(super) struct Awaited {
    told: Sender<Shared>,
    state: Shared,
}

/// The same read as the thread has it that reads: over when it is dropped, however that comes about.
pub(super) struct Reading(Shared);

impl Canceller {
    /// Starts the thread; it connects when there is somebody to tell.
    pub(super) fn start(manager: Manager) -> Result<Self, Error> {
        let (told, tells) = channel();
        super::thread("twincity-cancel", move || {
            run(OwnConnection::new(manager), &tells);
        })?;
        Ok(Self { told })
    }

    /// A read that begins.
    pub(super) fn watch(&self) -> (Awaited, Reading) {
        let state = Arc::new(Mutex::new(State::Before));
        let awaited = Awaited {
            told: self.told.clone(),
            state: Arc::clone(&state),
        };
        (awaited, Reading(state))
    }
}

impl Reading {
    /// Notes which process of the server works for it from now on.
    pub(super) fn on(&self, process: i32) {
        set(&self.0, State::On(process));
    }

    /// Notes that it sends nothing more.
    pub(super) fn over(&self) {
        set(&self.0, State::Over);
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.over();
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        let state = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(state, State::Over) {
            // The thread has gone when the process stops.
            drop(self.told.send(Arc::clone(&self.state)));
        }
    }
}

fn run(mut connection: OwnConnection, told: &Receiver<Shared>) {
    let mut running: Vec<Shared> = Vec::new();
    loop {
        let next = if running.is_empty() {
            told.recv().map_err(RecvTimeoutError::from)
        } else {
            told.recv_timeout(AGAIN)
        };
        match next {
            Ok(read) => running.push(read),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        running.extend(told.try_iter());
        running.retain(|read| match end(&mut connection, read) {
            Ok(goes_on) => goes_on,
            Err(error) => {
                // It ends by its time, and the next word gets a new connection.
                tracing::warn!(%error, "a read whose caller has gone could not be ended");
                false
            }
        });
    }
}

/// Ends what the read has running; whether it may go on all the same.
fn end(connection: &mut OwnConnection, read: &Shared) -> Result<bool, Error> {
    connection.ask(|conn| {
        // Held until the server has passed it on.
        let state = read.lock().unwrap_or_else(PoisonError::into_inner);
        match *state {
            State::Before => Ok(true),
            State::On(process) => {
                dialect::end_statement(conn, process)?;
                Ok(true)
            }
            State::Over => Ok(false),
        }
    })
}
