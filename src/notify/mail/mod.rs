//! Mails: their texts ([`text`]), the same as HTML ([`html`]), how they leave ([`transport`]), and the job that sends one.

mod html;
pub mod text;
pub mod transport;

use std::rc::Rc;

use chrono::{DateTime, Utc};
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

use self::text::Texts;
use self::transport::Transport;
use crate::app::App;
use crate::config::ServeConfig;
use crate::jobs::mail::{KIND, Mail};
use crate::jobs::{Done, Handlers, Job, JobError};

/// Writes mails and sends them.
pub struct Mailer {
    texts: Texts,
    transport: Transport,
    from: Mailbox,
}

impl Mailer {
    /// As the settings say; an error when the texts are not what they should be.
    pub fn new(config: &ServeConfig) -> Result<Self, String> {
        Ok(Self {
            texts: Texts::new(config.link_base()).map_err(|error| error.to_string())?,
            transport: Transport::new(&config.mail)?,
            from: config.mail.from.clone(),
        })
    }

    /// Sends the mail of this job.
    async fn send(&self, app: &App, job: &Job) -> Done {
        let mail: Mail = job
            .payload()
            .map_err(|_repeats_it| JobError::Never("the job is not a mail".to_owned()))?;
        let ends = mail.params.get("expires");
        let ends = ends.and_then(|ends| ends.parse::<DateTime<Utc>>().ok());
        if ends.is_some_and(|ends| ends <= app.now()) {
            return Err(JobError::Never("its link has expired meanwhile".to_owned()));
        }
        let message = self.message(app, job, &mail)?;
        self.transport.send(message).await
    }

    fn message(&self, app: &App, job: &Job, mail: &Mail) -> Result<Message, JobError> {
        let never = |what: &str| JobError::Never(what.to_owned());
        // What these libraries say repeats the address, or what the text was to say.
        let to: Address = mail
            .to
            .parse()
            .map_err(|_repeats_it| never("the recipient is not an address"))?;
        let text = self
            .texts
            .write(mail)
            .map_err(|_repeats_it| never("the text could not be written"))?;
        let page = html::page(&text);
        let mut message = Message::builder();
        if let Some(address) = self.texts.unsubscribe(mail) {
            message = message
                .raw_header(header("List-Unsubscribe", &format!("<{address}>")))
                .raw_header(header(
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click",
                ));
        }
        message
            .from(self.from.clone())
            .to(Mailbox::new(None, of_ascii_host(to)))
            .subject(text.subject)
            .date(app.now().into())
            // The same at each try, so that a mail that came twice is known as one.
            .message_id(Some(format!(
                "<mail.{}.{}@{}>",
                job.id,
                job.created_at.and_utc().timestamp_millis(),
                self.from.email.domain()
            )))
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", text.lang.code()))
            .multipart(MultiPart::alternative_plain_html(text.body, page))
            .map_err(|_repeats_it| never("the message could not be put together"))
    }
}

/// The address with its host as the Domain Name System has it (RFC 5890): one in letters of a language, as people write
/// it and records keep it, is taken by few servers.
fn of_ascii_host(address: Address) -> Address {
    let url = reqwest::Url::parse(&format!("http://{}/", address.domain()));
    let host = url.ok().and_then(|url| url.host_str().map(str::to_owned));
    let known = host.and_then(|host| Address::new(address.user(), host).ok());
    known.unwrap_or(address)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// With the job that sends a mail.
pub fn handle(handlers: Handlers, mailer: Mailer) -> Handlers {
    let mailer = Rc::new(mailer);
    handlers.on(KIND, move |app, job| {
        let mailer = Rc::clone(&mailer);
        async move { mailer.send(&app, &job).await }
    })
}
