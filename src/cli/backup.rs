//! `twincity backup FILE`.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, line};
use crate::config::DatabaseConfig;
use crate::db::{DatabaseUrl, Db};

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; it must not be there yet
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(self, config: &DatabaseConfig) -> Result<(), Failure> {
        match &config.database_url {
            DatabaseUrl::Postgres(_) => {
                return Err(Failure::failed(
                    "PostgreSQL has its own tool for this: pg_dump --format=custom",
                ));
            }
            // Opening would make an empty database, and a backup of that.
            DatabaseUrl::Sqlite(path) if !std::path::Path::new(path).exists() => {
                return Err(Failure::failed(format!(
                    "there is no database {}",
                    config.database_url
                )));
            }
            DatabaseUrl::Sqlite(_) => {}
        }
        let file = self.file.display();
        if self.file.exists() {
            return Err(Failure::failed(format!("{file} is already there")));
        }
        let path = self
            .file
            .to_str()
            .ok_or_else(|| Failure::usage("the file's name must be UTF-8"))?;
        Db::open(&config.options())?.backup(path)?;
        line(&format!("wrote {file}"))
    }
}
