//! `twincity serve --demo`: the example that the README walks through.

use super::{CliError, line};
use crate::access::keys::store::{self as keys, NewKey};
use crate::app::App;
use crate::changes::{self, Ctx};
use crate::core::vocabulary::record::Role;
use crate::db::DbConn;
use crate::exchange::example;

/// Fills an empty database with the example and prints an admin key; leaves any other alone.
pub(super) fn start(app: &App) -> Result<(), CliError> {
    let read = |conn: &mut DbConn| -> Result<_, CliError> { Ok(changes::revision(conn)?) };
    if app.db.read_blocking(read)? > 0 {
        return line("the database holds records already: no example is loaded and no key is made");
    }
    load(app)?;
    let new = NewKey::new("demo".to_owned(), Role::Admin, None);
    let now = app.now();
    let (_, secret) = app.db.write_blocking(move |conn| -> Result<_, CliError> {
        Ok(keys::create(conn, &new, now)?)
    })?;
    line(&format!("demo admin key: {secret}"))
}

/// Loads the Białystok example into an empty database, whole or not at all.
pub fn load(app: &App) -> Result<(), CliError> {
    let ctx = Ctx::system(Role::Registrar, app.now());
    app.db
        .write_blocking(move |conn| example::load(conn, &ctx))
        .map_err(|problem| CliError::failed(format!("the example can't be loaded: {problem}")))
}
