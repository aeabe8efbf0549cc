//! Reads whose answer is handed on while it is made: whole lists.
//!
//! Each runs on a thread of its own, so that those of requests stay free for short reads; for the same
//! reason only half of the connections are ever used by them at once.

use std::thread;

use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::limit::{Caller, Limit};
use super::{Db, DbConn, Error, WAIT_FOR_CONNECTION};

/// Whole lists that may wait for their turn.
pub(super) const MOST_WAITING: usize = 32;

/// A read that runs; when this is dropped, nobody waits for it any more, and it ends.
pub struct Export {
    _caller: Caller,
    /// On the server engine, which counts the time of each statement by itself.
    awaited: Option<JoinHandle<()>>,
}

impl Drop for Export {
    fn drop(&mut self) {
        if let Some(awaited) = &self.awaited {
            awaited.abort();
        }
    }
}

impl Db {
    /// Runs `f` in one read transaction on a thread of its own; what it says is handed to `ended` with
    /// `state`, which it may use meanwhile.
    pub async fn export<T, E>(
        &self,
        mut state: T,
        f: impl FnOnce(&mut DbConn, &mut T) -> Result<(), E> + Send + 'static,
        ended: impl FnOnce(T, Result<(), E>) + Send + 'static,
    ) -> Result<Export, Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let place = self.exports.take(WAIT_FOR_CONNECTION).await?;
        let turn = self.turns.take(WAIT_FOR_CONNECTION).await?;
        let caller = Caller::default();
        let gone = caller.gone();
        let (awaited, reading) = self
            .canceller
            .as_ref()
            .map(|canceller| canceller.watch())
            .unzip();
        let db = self.clone();
        thread::Builder::new()
            .name("twincity-export".to_owned())
            .spawn(move || {
                let _places = (place, turn);
                let limit = Limit::begin(db.export_time, gone);
                let mut result = Ok(());
                let read = db.read_under(&limit, db.export_time, reading.as_ref(), |conn| {
                    result = f(conn, &mut state);
                    result.is_ok()
                });
                ended(state, read.map_err(E::from).and(result));
            })
            .map_err(|error| Error::Internal(format!("no thread for a whole list: {error}")))?;
        let time = self.export_time;
        Ok(Export {
            _caller: caller,
            awaited: awaited.map(|awaited| {
                tokio::spawn(async move {
                    sleep(time).await;
                    drop(awaited);
                })
            }),
        })
    }
}
