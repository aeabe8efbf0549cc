//! `twincity openapi`.

use super::{CliError, line};
use crate::access::permissions;
use crate::http::openapi;
use crate::server;

/// Prints the document exactly as it is served and committed.
pub(super) fn run() -> Result<(), CliError> {
    line(openapi::text(&server::document(), permissions::rights).trim_end())
}
