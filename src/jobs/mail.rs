//! Mails to be sent: what other rooms know of them. Texts and sending are in `notify`.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::db::DbConn;

/// The kind of job that sends a mail.
pub const KIND: &str = "mail";

/// What a mail is about, and the parameters of its text, of which `office` and `note` may be absent.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, VariantArray, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Template {
    /// Somebody may have an account: `name`, `token`, `expires`, and `office` if it is for one.
    Invitation,
    /// Somebody asked for a new password: `token`, `expires`.
    PasswordReset,
    /// A password was changed.
    PasswordChanged,
    /// A suggestion has come in, to whoever made it: the record's `title`, and `note`.
    SuggestionReceived,
    /// It was accepted: the record's `title`, and `note`.
    SuggestionAccepted,
    /// It was rejected: the record's `title`, and `note`.
    SuggestionRejected,
    /// Something waits for a decision, to whoever may decide: what it is (`title`), the suggestion's
    /// `id`, and `note`.
    ReviewRequested,
    /// Somebody asked for a subscription: `token`, `topics` in words, one a line, `expires`.
    SubscriptionConfirm,
    /// What is new of what a subscriber follows, at once: `token` to leave, `count`, `topics`, `items`.
    SubscriptionNews,
    /// The same of a week.
    SubscriptionDigest,
    /// A suggestion waits for its sender to say that the address is theirs: `token`, `expires`.
    SuggestionConfirm,
}

impl Template {
    /// Its name.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The parameters it can't do without.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Invitation => &["name", "token", "expires"],
            Self::PasswordReset | Self::SuggestionConfirm => &["token", "expires"],
            Self::PasswordChanged => &[],
            Self::SuggestionReceived | Self::SuggestionAccepted | Self::SuggestionRejected => {
                &["title"]
            }
            Self::ReviewRequested => &["title", "id"],
            Self::SubscriptionConfirm => &["token", "topics", "expires"],
            Self::SubscriptionNews | Self::SubscriptionDigest => &["token", "topics", "count"],
        }
    }

    /// Whether whoever is subscribed gets it: its `token` lets the reader leave (RFC 8058).
    pub fn is_of_subscriptions(self) -> bool {
        matches!(
            self,
            Self::SubscriptionConfirm | Self::SubscriptionNews | Self::SubscriptionDigest
        )
    }
}

/// One of several things that a mail tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it is about.
    pub title: String,
    /// What happened, in the reader's language.
    pub what: String,
    /// Where it is found: a path of the registry.
    pub path: String,
}

/// A mail to be sent. It may hold tokens, names and addresses: none of it is shown or logged, and it is
/// blanked once it was sent.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mail {
    /// What it is about.
    pub template: Template,
    /// The address it goes to.
    pub to: String,
    /// The language of whoever reads it; English for those that have no texts.
    pub lang: String,
    /// What the text says: see [`Template`]. `expires` is a time in RFC 3339.
    pub params: BTreeMap<String, String>,
    /// What it tells, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

impl Mail {
    /// A mail without parameters yet.
    pub fn new(template: Template, to: impl Into<String>, lang: impl Into<String>) -> Self {
        Self {
            template,
            to: to.into(),
            lang: lang.into(),
            params: BTreeMap::new(),
            items: Vec::new(),
        }
    }

    /// With this parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// With the time at which its link ends.
    #[must_use]
    pub fn expiring(self, at: DateTime<Utc>) -> Self {
        self.with("expires", at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// Leaves the mail to be sent once the caller's write transaction commits.
pub fn push(conn: &mut DbConn, mail: &Mail, now: DateTime<Utc>) -> QueryResult<()> {
    // Left here, where whoever forgot it can see it, and not when it is sent.
    let mut needed = mail.template.needs().iter();
    if let Some(absent) = needed.find(|name| !mail.params.contains_key(**name)) {
        let error = format!("a mail of {} needs {absent}", mail.template.code());
        return Err(diesel::result::Error::SerializationError(error.into()));
    }
    super::push(conn, KIND, mail, now)
}

/// Takes back the mails of subscriptions to this address that wait to be sent: nothing is sent to whoever has left.
pub fn take_back(conn: &mut DbConn, to: &str, now: DateTime<Utc>) -> QueryResult<()> {
    super::store::take_back(conn, KIND, to, now, |payload| {
        serde_json::from_str::<Mail>(payload)
            .is_ok_and(|mail| mail.to == to && mail.template.is_of_subscriptions())
    })
}
