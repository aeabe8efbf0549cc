//! `twincity migrate up|down|status`.

use clap::Subcommand;

use super::{CliError, line, open_there};
use crate::config::DatabaseConfig;
use crate::core::clock::{Clock as _, SystemClock};
use crate::db::{Db, migrations};
use crate::service::{feed, recompute};

#[derive(Debug, Subcommand)]
pub(super) enum Migrate {
    /// Apply every pending migration
    Up,
    /// Revert the newest migration, with the data that lives in it
    Down,
    /// List migrations, oldest first
    Status,
}

impl Migrate {
    pub(super) fn run(self, config: &DatabaseConfig) -> Result<(), CliError> {
        let db = match self {
            Self::Up => Db::open(&config.options())?,
            Self::Down | Self::Status => open_there(config)?,
        };
        match self {
            Self::Up => {
                let applied = migrations::up(&db)?;
                if applied.is_empty() {
                    line("nothing to apply")?;
                }
                applied
                    .iter()
                    .try_for_each(|name| line(&format!("applied {name}")))?;
                recompute::run(&db, SystemClock.now(), line)?;
                Ok(feed::catch_up(&db, SystemClock.now())?)
            }
            Self::Down => {
                let reverted = migrations::down(&db)?
                    .ok_or_else(|| CliError::failed("there is no migration to revert"))?;
                line(&format!("reverted {reverted}"))
            }
            Self::Status => migrations::status(&db)?.iter().try_for_each(|migration| {
                let state = if migration.applied {
                    "applied"
                } else {
                    "pending"
                };
                line(&format!("{state}  {}", migration.name))
            }),
        }
    }
}
