//! The command line: one file a command.
//!
//! What a command is asked for goes to standard output, everything else to standard error. The exit
//! code is 0 for success, 1 for a failure and 2 for a wrong option or setting.

mod backup;
pub mod demo;
mod error;
mod export;
mod healthcheck;
mod import;
mod key;
mod log;
mod migrate;
mod openapi;
mod serve;
mod user;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{DatabaseConfig, LogConfig};
use crate::db::{DatabaseUrl, Db, migrations};
use crate::service::feed;
pub use error::CliError;

/// The twin-city partnership registry
#[derive(Debug, Parser)]
#[command(
    name = "twincity",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    log: LogConfig,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Apply pending migrations, then serve
    Serve(Box<serve::Serve>),
    /// Apply, revert or list migrations
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Print the OpenAPI document
    Openapi,
    /// Ask the local server whether it is ready
    Healthcheck(healthcheck::Healthcheck),
    /// Create, list and revoke API keys
    #[command(subcommand)]
    Key(key::Key),
    /// Add, list and disable users
    #[command(subcommand)]
    User(user::User),
    /// Import links from a CSV file
    Import(import::Import),
    /// Write the published records, or the links, into files
    Export(export::Export),
    /// Write a consistent copy of the database while it is in use
    Backup(backup::Backup),
}

/// Reads the command line and the environment, and does what they say.
pub fn run() -> ExitCode {
    let done = Cli::try_parse().map_err(CliError::from).and_then(|cli| {
        log::start(&cli.log)?;
        private_files();
        feed::install();
        match cli.command {
            Command::Serve(command) => command.run(&cli.database),
            Command::Migrate(command) => command.run(&cli.database),
            Command::Openapi => openapi::run(),
            Command::Healthcheck(command) => command.run(),
            Command::Key(command) => command.run(&cli.database),
            Command::User(command) => command.run(&cli.database),
            Command::Import(command) => command.run(&cli.database),
            Command::Export(command) => command.run(&cli.database),
            Command::Backup(command) => command.run(&cli.database),
        }
    });
    log::flush();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Whatever this process writes from now on is for its owner alone: the database, documents, mails,
/// backups, exports and lists of faults.
fn private_files() {
    #[cfg(unix)]
    {
        use rustix::fs::Mode;
        let others = Mode::RWXG | Mode::RWXO;
        let before = rustix::process::umask(others);
        rustix::process::umask(before | others);
    }
}

/// Writes a line of what was asked for.
fn line(text: &str) -> Result<(), CliError> {
    // What was logged before stands in front of it where both go to one place.
    log::flush();
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        // Whoever reads has seen enough, such as `head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => {
            result.map_err(|error| CliError::failed(format!("can't write the output: {error}")))
        }
    }
}

/// Opens a database that is there: opening would make an empty one under a mistyped name.
fn open_there(config: &DatabaseConfig) -> Result<Db, CliError> {
    if let DatabaseUrl::Sqlite(path) = &config.database_url
        && !std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0)
    {
        return Err(CliError::failed(format!(
            "there is no database {}; `twincity serve` and `twincity migrate up` make one",
            config.database_url
        )));
    }
    Ok(Db::open(&config.options())?)
}

/// Opens a database that is there and whose schema is that of this binary.
fn open_migrated(config: &DatabaseConfig) -> Result<Db, CliError> {
    let db = open_there(config)?;
    if migrations::status(&db)?
        .iter()
        .any(|migration| !migration.applied)
    {
        return Err(CliError::failed(format!(
            "{} is not migrated; run `twincity migrate up` or `twincity serve` first",
            config.database_url
        )));
    }
    Ok(db)
}
