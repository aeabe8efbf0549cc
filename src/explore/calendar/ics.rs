//! Days as a calendar (RFC 5545).
//!
//! The same agreement on the same day of the same year is the same event, whenever and by whom it is asked
//! for: its UID is made of them, and its stamp is the time at which the record last changed.

use icalendar::{Calendar, Class, Component, Event, EventLike, Property};

use super::store::Row;
use super::types::{Anniversary, Occasion};
use crate::core::edtf::Edtf;
use crate::html::lang::Lang;
use crate::html::{self, Argument};

/// The calendar of these days, each with its agreement. `left_out` is how many anniversaries
/// have no day and are not in it.
pub fn calendar(
    base: &str,
    lang: Lang,
    name: Option<&str>,
    days: &[(Anniversary, &Row)],
    left_out: Option<usize>,
) -> String {
    let title = match name {
        Some(name) => html::say(lang, "calendar-of", &[("name", Argument::from(name))]),
        None => html::say(lang, "calendar-of-all", &[]),
    };
    let left_out = left_out.and_then(|count| i64::try_from(count).ok());
    let mut about = html::say(lang, "calendar-about", &[]);
    if let Some(count) = left_out.filter(|count| *count > 0) {
        about.push(' ');
        let count = [("count", Argument::from(count))];
        about.push_str(&html::say(lang, "calendar-left-out", &count));
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
    for (day, row) in days {
        calendar.push(event(base, lang, day, row));
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

fn event(base: &str, lang: Lang, day: &Anniversary, row: &Row) -> Event {
    let agreement = &day.agreement;
    let text = |date: &Option<Edtf>| date.as_ref().map(ToString::to_string).unwrap_or_default();
    let (kind, what, about, date) = match day.occasion {
        Occasion::Signature => {
            let years = Argument::from(day.years.unwrap_or_default());
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
    let (date, status) = (Argument::from(&date), Argument::from(&status));
    let sentence = html::say(lang, about, &[("date", date), ("status", status)]);
    let url = format!("{base}/r/{}", agreement.id);
    let year = day.on.format("%Y");
    let mut event = Event::new();
    event
        .uid(&format!("{}-{year}-{kind}@twincity", agreement.id))
        .timestamp(row.updated_at.and_utc())
        .last_modified(row.updated_at.and_utc())
        .sequence(u32::try_from(row.version - 1).unwrap_or_default())
        .starts(day.on)
        .summary(&format!("{}: {what}", agreement.title))
        .description(&format!("{sentence}\n{url}"))
        .url(&url)
        .class(Class::Public)
        // A day to remember takes nobody's time.
        .append_property(Property::new("TRANSP", "TRANSPARENT"));
    event
}
