//! Settings: every option also as an environment variable, nothing needed to start.

mod mail;
pub mod oidc;
mod site;

use std::net::{IpAddr, SocketAddr};
use std::num::NonZero;
use std::time::Duration;

use actix_web::http::Uri;
use clap::{Args, Command};

pub use mail::{MailConfig, SmtpUrl};

use crate::db::{self, DatabaseUrl};
use crate::files::Location;

pub use oidc::OidcConfig;
pub use site::{Accessibility, SiteConfig};

/// Where the records are.
#[derive(Debug, Clone, Args)]
pub struct DatabaseConfig {
    /// The database: `sqlite:PATH` (created when absent) or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(
        long,
        env = "TWINCITY_DATABASE_URL",
        default_value = "sqlite:twincity.db",
        hide_env_values = true,
        global = true
    )]
    pub database_url: DatabaseUrl,

    /// Connections kept for reads (on PostgreSQL for writes too)
    #[arg(long, env = "TWINCITY_DATABASE_POOL", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=200), global = true)]
    pub database_pool: u32,

    /// Writes that may wait at once on SQLite before callers are told to come back
    #[arg(long, env = "TWINCITY_WRITE_QUEUE", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=100_000), global = true)]
    pub write_queue: u32,

    /// Seconds that one read of a request may work before it is ended
    #[arg(long, env = "TWINCITY_READ_TIMEOUT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600), global = true)]
    pub read_timeout: u32,

    /// Seconds that the read for a whole list in another format than JSON may work
    #[arg(long, env = "TWINCITY_EXPORT_TIMEOUT", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3600), global = true)]
    pub export_timeout: u32,

    /// Reads that may wait for their turn before callers are told to come back
    #[arg(long, env = "TWINCITY_READ_QUEUE", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000), global = true)]
    pub read_queue: u32,
}

impl DatabaseConfig {
    /// What the database room needs to know.
    pub fn options(&self) -> db::Options {
        db::Options {
            url: self.database_url.clone(),
            pool: self.database_pool,
            write_queue: usize::try_from(self.write_queue).unwrap_or(usize::MAX),
            reads: db::ReadLimits {
                time: Duration::from_secs(u64::from(self.read_timeout)),
                export: Duration::from_secs(u64::from(self.export_timeout)),
                waiting: usize::try_from(self.read_queue).unwrap_or(usize::MAX),
            },
        }
    }
}

/// How the registry is served.
#[derive(Debug, Clone, Args)]
pub struct ServeConfig {
    /// Address and port to listen on
    #[arg(long, env = "TWINCITY_BIND", default_value = "127.0.0.1:8080", value_parser = listener)]
    pub bind: SocketAddr,

    /// Threads that answer requests [default: number of cores]
    #[arg(long, env = "TWINCITY_WORKERS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,

    /// Where the registry is reached from outside, such as `https://registry.example.org`
    #[arg(long, env = "TWINCITY_PUBLIC_URL", value_parser = origin)]
    pub public_url: Option<String>,

    /// Origins of browser applications that may write, separated by commas (reading is open to all)
    #[arg(long, env = "TWINCITY_CORS_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub cors_origins: Vec<String>,

    /// Requests a minute from one address; 0 for no limit
    #[arg(long, env = "TWINCITY_RATE_LIMIT", default_value_t = 0)]
    pub rate_limit: u32,

    /// Whole lists in other formats than JSON a minute to one address; 0 for no limit
    #[arg(long, env = "TWINCITY_EXPORT_RATE_LIMIT", default_value_t = 0)]
    pub export_rate_limit: u32,

    /// Connections that one address may have open; 0 for no limit. Trusted proxies and this machine are
    /// excepted
    #[arg(long, env = "TWINCITY_CONNECTIONS_PER_ADDRESS", default_value_t = 64)]
    pub connections_per_address: u32,

    /// Megabytes of memory for whole answers to anonymous reads; 0 keeps none
    #[arg(long, env = "TWINCITY_RESPONSE_CACHE_MB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(0..=65_536))]
    pub response_cache_mb: u32,

    /// Megabytes of memory for single records as they are shown to everybody; 0 keeps none
    #[arg(long, env = "TWINCITY_FRAGMENT_CACHE_MB", default_value_t = 128, value_parser = clap::value_parser!(u32).range(0..=65_536))]
    pub fragment_cache_mb: u32,

    /// Seconds for which nothing of a request's body may come before it is given up
    #[arg(long, env = "TWINCITY_BODY_TIMEOUT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub body_timeout: u32,

    /// Addresses of proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "TWINCITY_TRUSTED_PROXIES", value_delimiter = ',', value_parser = proxy)]
    pub trusted_proxies: Vec<IpAddr>,

    /// Who runs the registry, and how its pages look.
    #[command(flatten)]
    pub site: SiteConfig,
    /// How mails leave.
    #[command(flatten)]
    pub mail: MailConfig,
    /// Single sign-on
    #[command(flatten)]
    pub oidc: OidcConfig,
    /// Where the bytes of documents are kept: a folder, or `s3://BUCKET/PREFIX` with the `AWS_*`
    /// variables [default: `documents` beside the SQLite file, or in the current folder]
    #[arg(long, env = "TWINCITY_DOCUMENTS")]
    pub documents: Option<Location>,

    /// Address of an S3 service other than Amazon's, such as `http://127.0.0.1:9000`
    #[arg(long, env = "TWINCITY_S3_ENDPOINT", value_parser = origin)]
    pub s3_endpoint: Option<String>,
}

impl ServeConfig {
    /// What links in mails begin with: where the registry is reached from outside, as far as it knows.
    pub fn link_base(&self) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.bind))
    }

    /// Threads that answer requests.
    pub fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        self.workers.map_or_else(cores, usize::from)
    }
}

/// Where to listen.
pub fn listener(text: &str) -> Result<SocketAddr, String> {
    let listener = text.trim().parse();
    listener.map_err(|_refused| {
        "must be an address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned()
    })
}

fn proxy(text: &str) -> Result<IpAddr, String> {
    let proxy = text.trim().parse();
    proxy.map_err(|_refused| {
        "must be addresses such as 10.0.0.5, comma between: no names and no networks".to_owned()
    })
}

/// Scheme, host and port of an address, as browsers write an origin: nothing behind it.
fn origin(text: &str) -> Result<String, String> {
    let text = text.trim();
    text.parse::<Uri>()
        .ok()
        .filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")))
        .filter(|uri| uri.host().is_some_and(|host| !host.is_empty()) && !text.contains('@'))
        .filter(|uri| uri.path() == "/" && uri.query().is_none() && !text.ends_with('/'))
        .map(|_| text.to_ascii_lowercase())
        .ok_or_else(|| {
            "must be an origin such as https://registry.example.org, without a path".to_owned()
        })
}

/// Settings as without any option or variable: what each says in its place.
fn defaults<C: Args>() -> C {
    let command = C::augment_args(Command::new("twincity"));
    let command = command.mut_args(|arg| arg.env(None::<&'static str>));
    let matches = command.get_matches_from(["twincity"]);
    C::from_arg_matches(&matches).unwrap_or_else(|wrong| wrong.exit())
}

impl Default for ServeConfig {
    fn default() -> Self {
        defaults()
    }
}

/// How the log is written.
#[derive(Debug, Clone, Args)]
pub struct LogConfig {
    /// What is logged, such as info or twincity=debug,warn
    #[arg(long, env = "TWINCITY_LOG", default_value = "info", global = true)]
    pub log: String,

    /// Form of the log
    #[arg(
        long,
        env = "TWINCITY_LOG_FORMAT",
        default_value = "text",
        value_enum,
        global = true
    )]
    pub log_format: LogFormat,
}

/// Lines for people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// One line of text an event.
    Text,
    /// One JSON object an event.
    Json,
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for (text, right) in [
            ("https://registry.example.org", true),
            ("http://127.0.0.1:8080", true),
            ("https://registry.example.org/", false),
            ("https://registry.example.org/api", false),
            ("https://user:secret@registry.example.org", false),
            ("registry.example.org", false),
            ("ftp://registry.example.org", false),
            ("*", false),
        ] {
            assert_eq!(origin(text).is_ok(), right, "{text}");
        }
    }
}
