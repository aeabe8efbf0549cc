//! Days as a calendar (RFC 5545).
//!
//! The same agreement on the same day of the same year is the same event, whenever and by whom it is asked
//! for: its UID is made of them, and its stamp is the time at which the record last changed.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Class, Component, Event, EventLike, Property};

use super::types::{Anniversary, Occasion};
use crate::core::edtf::Edtf;
use crate::html::lang::Lang;
use crate::html::{self, Argument};

/// What an event is stamped with.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// When the record last changed.
    pub updated_at: DateTime<Utc>,
    /// Its version.
    pub version: i32,
}

/// The calendar of these days, each with the stamp of its agreement. `left_out` is how many anniversaries
/// have no day and are not in it.
pub fn calendar(
    base: &str,
    lang: Lang,
    name: Option<&str>,
    days: &[(Anniversary, Stamp)],
    left_out: Option<usize>,
) -> String {
    let title = match name {
        Some(name) => html::say(lang, "calendar-of", &[("name", Argument::Text(name))]),
        None => html::say(lang, "calendar-of-all", &[]),
    };
    let left_out = left_out.and_then(|count| i64::try_from(count).ok());
    let mut about = html::say(lang, "calendar-about", &[]);
    if let Some(count) = left_out.filter(|count| *count > 0) {
        about.push(' ');
        about.push_str(&html::say(
            lang,
            "calendar-left-out",
            &[("count", Argument::Number(count))],
        ));
    }
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//twincity//anniversaries//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .name(&title)
        .description(&about);
    if let Some(count) = left_out {
        calendar.append_property(("X-TWINCITY-LEFT-OUT", count.to_string().as_str()));
    }
    for (day, stamp) in days {
        calendar.push(event(base, lang, day, *stamp));
    }
    let calendar = calendar.to_string();
    if days.is_empty() {
        // A calendar holds something (RFC 5545, 3.6): one without days says which time it goes by.
        return calendar.replace("END:VCALENDAR", &format!("{UTC}END:VCALENDAR"));
    }
    calendar
}

/// The time that the calendar goes by.
const UTC: &str = "BEGIN:VTIMEZONE\r\nTZID:Etc/UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
    TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nTZNAME:UTC\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

fn event(base: &str, lang: Lang, day: &Anniversary, stamp: Stamp) -> Event {
    let agreement = &day.agreement;
    let text = |date: &Option<Edtf>| date.as_ref().map(ToString::to_string).unwrap_or_default();
    let (kind, what, about, date) = match day.occasion {
        Occasion::Signature => {
            let years = Argument::Number(day.years.unwrap_or_default().into());
            let years = html::say(lang, "period-years", &[("count", years)]);
            let signed = html::when(lang, &text(&agreement.signed_on));
            ("signature", years, "calendar-signed", signed)
        }
        Occasion::EndOfTerm => {
            let what = html::say(lang, "calendar-end", &[]);
            let ends = html::until(lang, &text(&agreement.valid_until));
            ("end", what, "calendar-valid-until", ends)
        }
        Occasion::Termination => {
            let what = html::say(lang, "calendar-termination", &[]);
            let ends = html::when(lang, &text(&agreement.terminates_on));
            ("termination", what, "calendar-terminates", ends)
        }
    };
    let status = html::label_or_code(lang, "legal_status", agreement.status.into());
    let sentence = html::say(
        lang,
        about,
        &[
            ("date", Argument::Text(&date)),
            ("status", Argument::Text(&status)),
        ],
    );
    let url = format!("{base}/r/{}", agreement.id);
    let mut event = Event::new();
    event
        .uid(&format!(
            "{}-{}-{kind}@twincity",
            agreement.id,
            day.on.format("%Y")
        ))
        .timestamp(stamp.updated_at)
        .last_modified(stamp.updated_at)
        .sequence(u32::try_from(stamp.version - 1).unwrap_or_default())
        .starts(day.on)
        .summary(&format!("{}: {what}", agreement.title))
        .description(&format!("{sentence}\n{url}"))
        .url(&url)
        .class(Class::Public)
        // A day to remember takes nobody's time.
        .append_property(Property::new("TRANSP", "TRANSPARENT"));
    event
}
