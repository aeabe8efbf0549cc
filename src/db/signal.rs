//! Whether a write leaves work behind that somebody should look for once it is committed.
//!
//! A closure gets a connection and nothing else, so that it says so through its own thread: it runs
//! on one from beginning to end.

use std::cell::Cell;

use super::{DbConn, Error, around};

thread_local! {
    static LEFT: Cell<bool> = const { Cell::new(false) };
}

/// Says, inside a write, that it leaves work for later: after the commit [`super::Db::work`] is told.
pub fn leave_work() {
    LEFT.set(true);
}

/// `f` with what is done around every write, and whether it left work behind.
pub(super) fn watched<T, E: From<Error>>(
    f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
) -> impl FnOnce(&mut DbConn) -> Result<(T, bool), E> + Send + 'static {
    move |conn| {
        // What a closure before this one left on the thread, and was undone, is not this one's.
        LEFT.set(false);
        let value = around::within(conn, f)?;
        Ok((value, LEFT.take()))
    }
}
