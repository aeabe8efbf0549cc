//! What mails say, in the reader's language.
//!
//! A template is a file: its first line is the subject, an empty line follows, then the text. Templates
//! are plain text and built into the program; a parameter they name and do not get is an error.

use std::collections::BTreeMap;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use crate::html::{self, lang::Lang};
use crate::jobs::mail::{Item, Mail, Template};

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(
            (concat!("en/", $name), include_str!(concat!("templates/en/", $name, ".txt"))),
            (concat!("pl/", $name), include_str!(concat!("templates/pl/", $name, ".txt"))),
        )+]
    };
}

/// Every template by language and name.
const TEMPLATES: &[(&str, &str)] = templates![
    "invitation",
    "password_reset",
    "password_changed",
    "suggestion_received",
    "suggestion_accepted",
    "suggestion_rejected",
    "review_requested",
    "subscription_confirm",
    "subscription_news",
    "subscription_digest",
    "suggestion_confirm",
];

/// What several templates say alike.
const PARTS: &[(&str, &str)] = templates!["parts/changes"];

/// A mail's text.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub subject: String,
    /// The text, with newlines between its lines.
    pub body: String,
    /// The language it is in.
    pub lang: Lang,
}

/// Writes mails.
pub struct Texts {
    templates: Environment<'static>,
    /// What links begin with.
    base: String,
}

impl Texts {
    /// Links begin with `base`: scheme, host and port.
    pub fn new(base: String) -> Result<Self, Error> {
        let mut templates = Environment::new();
        // They may ask whether something is there.
        templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        // Plain text has nothing to escape.
        templates.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        for (name, source) in TEMPLATES.iter().chain(PARTS) {
            templates.add_template(name, source)?;
        }
        Ok(Self { templates, base })
    }

    /// The text of this mail.
    pub fn write(&self, mail: &Mail) -> Result<Text, Error> {
        let lang = Lang::preferred(&mail.lang);
        let name = format!("{lang}/{}", mail.template.code());
        let written = self
            .templates
            .get_template(&name)?
            .render(self.values(mail, lang))?;
        let (subject, body) = written
            .split_once("\n\n")
            .ok_or_else(|| Error::new(ErrorKind::BadSerialization, "a text without a subject"))?;
        Ok(Text {
            subject: one_line(subject),
            body: format!("{}\n", body.trim_end()),
            lang,
        })
    }

    /// Where programs of mail let the reader leave with one click, if the mail is one that can be left.
    pub fn unsubscribe(&self, mail: &Mail) -> Option<String> {
        let token = mail.params.get("token");
        let token = token.filter(|_| mail.template.is_of_subscriptions())?;
        Some(self.link("/api/v1/subscriptions/unsubscribe?token=", token))
    }

    /// The address of a path that ends with a value.
    fn link(&self, path: &str, last: &str) -> String {
        let last: String = form_urlencoded::byte_serialize(last.as_bytes()).collect();
        format!("{}{path}{last}", self.base)
    }

    /// What the template may name: what was sent along, and the links.
    fn values(&self, mail: &Mail, lang: Lang) -> Value {
        let mut all = BTreeMap::from([("public", self.base.clone())]);
        for (name, value) in &mail.params {
            let value = match name.as_str() {
                // A link may be used, but is no text of its own.
                "token" | "id" => continue,
                "note" | "topics" => lines(value),
                "expires" => html::moment(lang, &one_line(value)),
                _ => one_line(value),
            };
            all.insert(name, value);
        }
        let page = match mail.template {
            Template::Invitation => "/account/invitation",
            Template::PasswordReset => "/account/reset",
            Template::SubscriptionConfirm => &format!("/{lang}/subscriptions/confirm"),
            Template::SubscriptionNews | Template::SubscriptionDigest => {
                &format!("/{lang}/subscriptions/unsubscribe")
            }
            Template::SuggestionConfirm => &format!("/{lang}/suggest/confirm"),
            _ => "",
        };
        if let Some(token) = mail.params.get("token") {
            all.insert("link", self.link(&format!("{page}?token="), token));
        } else if let Some(id) = mail.params.get("id") {
            all.insert("link", self.link("/api/v1/suggestions/", id));
        }
        let items = mail.items.iter().map(|item| Item {
            title: one_line(&item.title),
            what: one_line(&item.what),
            path: one_line(&item.path),
        });
        let items = Value::from(Serde(items.collect::<Vec<_>>()));
        let all = all.into_iter().map(|(name, text)| (name, text.into()));
        Value::from_pairs(all.chain([("items", items)]))
    }
}

/// Without line breaks and other control characters: a name can't begin a line of its own.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if breaks(c) { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of a text that somebody wrote, without other control characters.
fn lines(text: &str) -> String {
    let lines: Vec<String> = text.trim().lines().map(one_line).collect();
    lines.join("\n")
}

fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
