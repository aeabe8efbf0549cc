//! The log: to standard error, for people or for machines.

mod lines;

use lines::Together;
pub(super) use lines::flush;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::CliError;
use crate::config::{LogConfig, LogFormat};

/// Starts the log of this process.
pub(super) fn start(config: &LogConfig) -> Result<(), CliError> {
    let filter = filter(&config.log).ok_or_else(|| {
        CliError::usage(
            "--log <LOG>: must be off, error, warn, info, debug or trace, or name parts of the program with such \
             a level, comma between: twincity=debug,warn",
        )
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Together::start());
    let started = match config.log_format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| CliError::failed(format!("the log can't be started: {error}")))?;
    // What led to a panic stands in front of it, also where it ends the process.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        flush();
        report(panic);
    }));
    Ok(())
}

/// What is logged. A word alone is a level: a mistyped one would be the name of a part that nobody has, and leave the
/// log empty.
fn filter(said: &str) -> Option<EnvFilter> {
    let is_plain = |part: &str| !part.contains(['=', '[']);
    let known = said
        .split(',')
        .map(str::trim)
        .filter(|part| is_plain(part) && !part.is_empty())
        .all(|level| level.parse::<LevelFilter>().is_ok());
    known.then(|| EnvFilter::try_new(said).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn a_word_alone_is_a_level() {
        for (said, right) in [
            ("info", true),
            ("WARN", true),
            ("off", true),
            ("twincity=debug,warn", true),
            ("info,twincity::http::middleware::access_log=warn", true),
            ("debgu", false),
            ("twincity=loud", false),
            ("info,debgu", false),
        ] {
            assert_eq!(filter(said).is_some(), right, "{said}");
        }
    }
}
