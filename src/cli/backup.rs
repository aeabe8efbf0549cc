//! `twincity backup FILE`.

use std::path::PathBuf;

use clap::Args;

use super::{CliError, line, open_there};
use crate::config::DatabaseConfig;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; it must not be there yet
    file: PathBuf,

    /// Take along who is told of changes by mail; without it their addresses, which are erased when they
    /// leave, are in no backup
    #[arg(long)]
    subscribers: bool,
}

impl Backup {
    pub(super) fn run(self, config: &DatabaseConfig) -> Result<(), CliError> {
        if config.database_url.is_postgres() {
            return Err(CliError::failed(
                "PostgreSQL has its own tool for this: pg_dump --format=custom",
            ));
        }
        // Looked at first: what is there already is not written over.
        let db = open_there(config)?;
        let file = self.file.display();
        if self.file.exists() {
            return Err(CliError::failed(format!("{file} is already there")));
        }
        let path = self
            .file
            .to_str()
            .ok_or_else(|| CliError::usage("the file's name must be UTF-8"))?;
        db.backup(path, self.subscribers)?;
        line(&format!("wrote {file}"))
    }
}
