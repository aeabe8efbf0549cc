//! Who runs the registry, and how its pages look: what the pages about it say.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde::Serialize;

/// How far the pages keep the law of digital accessibility, as their operator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Accessibility {
    /// In everything.
    Full,
    /// In part.
    Partial,
    /// Not.
    None,
}

/// Who runs the registry, and how its pages look.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Args, Serialize)]
pub struct SiteConfig {
    /// A folder with the logo, colours, texts and templates of a city (docs/themes.md)
    #[arg(long, env = "TWINCITY_THEME")]
    #[serde(skip)]
    pub theme: Option<PathBuf>,

    /// Who runs the registry, such as the office of a city: for the imprint and the accessibility statement
    #[arg(long, env = "TWINCITY_OPERATOR")]
    pub operator: Option<String>,

    /// The postal address of who runs it
    #[arg(long, env = "TWINCITY_OPERATOR_ADDRESS")]
    pub operator_address: Option<String>,

    /// The e-mail address of who runs it
    #[arg(long, env = "TWINCITY_OPERATOR_EMAIL", value_parser = mail_address)]
    pub operator_email: Option<String>,

    /// The telephone number of who runs it
    #[arg(long, env = "TWINCITY_OPERATOR_PHONE")]
    pub operator_phone: Option<String>,

    /// The person or unit that answers for accessibility
    #[arg(long, env = "TWINCITY_ACCESSIBILITY_CONTACT")]
    pub accessibility_contact: Option<String>,

    /// How far the pages keep the law of digital accessibility, as their operator has found
    #[arg(long, env = "TWINCITY_ACCESSIBILITY")]
    pub accessibility: Option<Accessibility>,

    /// The day the accessibility statement was made
    #[arg(long, env = "TWINCITY_ACCESSIBILITY_STATED_ON", value_parser = day)]
    pub accessibility_stated_on: Option<NaiveDate>,

    /// The day the statement was last looked through
    #[arg(long, env = "TWINCITY_ACCESSIBILITY_REVIEWED_ON", value_parser = day)]
    pub accessibility_reviewed_on: Option<NaiveDate>,

    /// The day the pages were first published
    #[arg(long, env = "TWINCITY_SITE_PUBLISHED_ON", value_parser = day)]
    pub site_published_on: Option<NaiveDate>,

    /// The day of the last change of substance to the pages
    #[arg(long, env = "TWINCITY_SITE_CHANGED_ON", value_parser = day)]
    pub site_changed_on: Option<NaiveDate>,

    /// The address of a page on the accessibility of the operator's building
    #[arg(long, env = "TWINCITY_BUILDING_URL", value_parser = web_address)]
    pub building_url: Option<String>,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let day = text.trim().parse();
    day.map_err(|_refused| "must be a day, such as 2026-11-24".to_owned())
}

fn mail_address(text: &str) -> Result<String, String> {
    let text = text.trim();
    text.parse::<lettre::Address>()
        .map(|_| text.to_owned())
        .map_err(|_refused| "must be an e-mail address, such as office@example.org".to_owned())
}

/// An address that a page may link.
fn web_address(text: &str) -> Result<String, String> {
    let text = text.trim();
    ["https://", "http://"]
        .into_iter()
        .any(|start| text.len() > start.len() && text.starts_with(start))
        .then(|| text.to_owned())
        .ok_or_else(|| "must begin with https:// or http://".to_owned())
}
