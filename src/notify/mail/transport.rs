//! How a mail leaves: to a server, or as a file into a folder.

use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use actix_web::web;
use lettre::transport::smtp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, FileTransport, Message, Tokio1Executor, Transport as _,
};

use crate::config::MailConfig;
use crate::jobs::{Done, JobError};
use crate::private;

/// How long the server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Where mails go.
pub enum Transport {
    /// To a server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// Into a folder, which is made when the first mail comes.
    Folder(PathBuf),
}

impl Transport {
    /// As the settings say.
    pub fn new(config: &MailConfig) -> Result<Self, String> {
        Ok(match &config.smtp {
            Some(url) => Self::Smtp(url.transport()?.timeout(Some(TIMEOUT)).build()),
            None => Self::Folder(config.folder()),
        })
    }

    /// Hands the message over.
    pub async fn send(&self, message: Message) -> Done {
        match self {
            Self::Smtp(server) => {
                let sent = server.send(message).await;
                sent.map(drop).map_err(|error| refused(&error))
            }
            Self::Folder(folder) => {
                let folder = folder.clone();
                let written = web::block(move || write(&folder, &message)).await;
                written.unwrap_or(false).then_some(()).ok_or_else(|| {
                    JobError::Later("the mail could not be written into its folder".to_owned())
                })
            }
        }
    }
}

/// What a refusal means. The server's own words are not kept: they repeat the address.
fn refused(error: &smtp::Error) -> JobError {
    let Some(code) = error.status() else {
        let what = if error.is_timeout() {
            "the mail server did not answer in time"
        } else if error.is_tls() {
            "no secure connection to the mail server"
        } else if error.is_client() {
            "the mail server can't do what is asked of it"
        } else if error.source().is_some() {
            "the mail server can't be reached"
        } else {
            "the mail server answered something that can't be understood"
        };
        return JobError::Later(what.to_owned());
    };
    let number = u16::from(code);
    // To be let in is a matter of our settings, which can be put right, and not of this mail.
    if error.is_permanent() && !matches!(number, 530 | 534 | 535 | 538) {
        JobError::Never(format!("the mail server refused it ({number})"))
    } else {
        JobError::Later(format!("the mail server put it off ({number})"))
    }
}

/// Writes the message as a file that is named after a random id; whether it could.
fn write(folder: &Path, message: &Message) -> bool {
    let made = std::fs::create_dir_all(folder).map_err(|error| error.to_string());
    let written = made.and_then(|()| {
        // Mails hold what lets somebody in.
        private::keep(folder, 0o700);
        let sent = FileTransport::new(folder).send(message);
        sent.map_err(|error| error.to_string())
    });
    if let Err(error) = &written {
        tracing::warn!(folder = %folder.display(), error, "a mail could not be written");
    }
    written.is_ok()
}
