//! How a command fails: one line, and an exit code.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::db;
use crate::http::problem::Problem;

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub enum CliError {
    /// An option or a setting is wrong: exit code 2.
    Usage(String),
    /// Something failed: exit code 1.
    Failed(String),
    /// Not a failure of ours: help, the version, or clap's own words.
    Clap(Box<clap::Error>),
}

impl CliError {
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(super) fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }

    /// Says it on standard error.
    pub(super) fn report(self) -> ExitCode {
        let (text, code) = match self {
            Self::Usage(text) => (text, 2),
            Self::Failed(text) => (text, 1),
            Self::Clap(error) => {
                // Nobody may be listening any more; the exit code still tells.
                drop(error.print());
                return if error.use_stderr() {
                    ExitCode::from(2)
                } else {
                    ExitCode::SUCCESS
                };
            }
        };
        let text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        drop(writeln!(std::io::stderr(), "error: {text}"));
        ExitCode::from(code)
    }
}

/// One line for a wrong option. The value itself is not repeated: it may hold a password.
impl From<clap::Error> for CliError {
    fn from(error: clap::Error) -> Self {
        match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Self::Clap(Box::new(error)),
            ErrorKind::ValueValidation => {
                let option = match error.get(ContextKind::InvalidArg) {
                    Some(ContextValue::String(option)) => option.clone(),
                    _ => "an option".to_owned(),
                };
                let why = error.source().map_or_else(
                    || "the value is not allowed".to_owned(),
                    ToString::to_string,
                );
                Self::usage(format!("{option}: {why}"))
            }
            _ => {
                if let Some(ContextValue::Strings(allowed)) = error.get(ContextKind::ValidValue)
                    && let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg)
                    && !allowed.is_empty()
                {
                    return Self::usage(format!("{option}: must be one of {}", allowed.join(", ")));
                }
                let text = error.render().to_string();
                let first = text.lines().next().unwrap_or_default();
                Self::usage(first.strip_prefix("error: ").unwrap_or(first))
            }
        }
    }
}

impl From<db::Error> for CliError {
    fn from(error: db::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<diesel::result::Error> for CliError {
    fn from(error: diesel::result::Error) -> Self {
        Self::failed(format!("a query failed: {error}"))
    }
}

impl From<Problem> for CliError {
    fn from(problem: Problem) -> Self {
        Self::failed(problem.to_string())
    }
}
