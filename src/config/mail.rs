//! How mails leave.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncSmtpTransport, Tokio1Executor};

use crate::db::DatabaseUrl;

/// The folder of mails when nobody says so.
const FOLDER: &str = "mail";

/// How mails leave: to a server, or into a folder.
#[derive(Debug, Clone, Args)]
pub struct MailConfig {
    /// The mail server: `smtp://USER:PASSWORD@HOST:PORT?tls=required`, or `smtps://…`; without it mails
    /// are written into a folder
    #[arg(
        id = "smtp_url",
        long = "smtp-url",
        env = "TWINCITY_SMTP_URL",
        hide_env_values = true
    )]
    pub smtp: Option<SmtpUrl>,

    /// Whom mails are from
    #[arg(id = "mail_from", long = "mail-from", env = "TWINCITY_MAIL_FROM", default_value = "twincity <twincity@localhost>", value_parser = mailbox)]
    pub from: Mailbox,

    /// The folder that mails are written into while there is no mail server [default: mail, beside the
    /// database]
    #[arg(id = "mail_dir", long = "mail-dir", env = "TWINCITY_MAIL_DIR")]
    pub folder: Option<PathBuf>,
}

impl MailConfig {
    /// The folder that mails are written into.
    pub fn folder(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| PathBuf::from(FOLDER))
    }

    /// Puts the folder beside the database, unless it was named.
    pub fn beside(&mut self, database: &DatabaseUrl) {
        if let (None, DatabaseUrl::Sqlite(file)) = (&self.folder, database) {
            self.folder = Path::new(file).parent().map(|beside| beside.join(FOLDER));
        }
    }
}

impl Default for MailConfig {
    fn default() -> Self {
        super::defaults()
    }
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse::<Mailbox>().map_err(|_refused| {
        "must be an address, or a name and an address in angle brackets".to_owned()
    })
}

/// The mail server's address, with whatever it takes to log in there: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// The connections to it, to be set up.
    pub fn transport(&self) -> Result<AsyncSmtpTransportBuilder, String> {
        // What the library says may repeat the address.
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&self.0).map_err(|_refused| {
            "must be smtp://USER:PASSWORD@HOST:PORT, with ?tls=required where the server has STARTTLS, \
             or smtps://USER:PASSWORD@HOST:PORT"
                .to_owned()
        })
    }
}

impl FromStr for SmtpUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Self(text.trim().to_owned());
        url.transport().map(|_| url)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_no_message_and_no_debug_output() {
        let url: SmtpUrl = "smtp://u:s3cret@mail.example:587?tls=required"
            .parse()
            .unwrap();
        assert_eq!(format!("{url:?}"), "SmtpUrl(…)");
        for wrong in [
            "smtp://u:s3cret@mail.example?tls=s3cret",
            "http://u:s3cret@mail.example",
            "smtp://u:s3cret@",
            "s3cret",
            "smtp://u:s3cret@mail.example:99999",
        ] {
            let error = wrong.parse::<SmtpUrl>().unwrap_err();
            assert!(
                error.contains("smtps://") && !error.contains("s3cret"),
                "{error}"
            );
        }
    }

    #[test]
    fn mails_lie_beside_the_database() {
        let folder = |database: &str| {
            let mut config = MailConfig::default();
            config.beside(&database.parse().unwrap());
            config.folder()
        };
        assert_eq!(folder("sqlite:/var/lib/x/db"), Path::new("/var/lib/x/mail"));
        assert_eq!(folder("sqlite:twincity.db"), Path::new("mail"));
        assert_eq!(folder("postgres://db.example/x"), Path::new("mail"));
    }
}
