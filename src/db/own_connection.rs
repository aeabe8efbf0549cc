//! A connection for a thread that asks the database beside requests.

use super::manager::Manager;
use super::{DbConn, Error};

/// Made when it is first needed, and anew after an error.
pub(super) struct OwnConnection {
    manager: Manager,
    connection: Option<DbConn>,
}

impl OwnConnection {
    pub(super) fn new(manager: Manager) -> Self {
        Self {
            manager,
            connection: None,
        }
    }

    /// What `f` is answered on it.
    pub(super) fn ask<T>(
        &mut self,
        f: impl FnOnce(&mut DbConn) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => self.connection.insert(self.manager.connect()?),
        };
        let answer = f(connection);
        if answer.is_err() {
            self.connection = None;
        }
        answer
    }
}
