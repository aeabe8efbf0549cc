//! What must hold of a contact. Pure.

use chrono::{Months, NaiveDate};
use diesel::prelude::*;

use super::types::ContactIn;
use crate::core::issue::Issues;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::partner::ContactVisibility;
use crate::db::Json;
use crate::db::schema::contacts;
use crate::http::validate;

/// Longest name of an office or a person.
const MAX_NAME: usize = 200;
/// Longest note on a consent.
const MAX_NOTE: usize = 500;
/// Most languages.
const MAX_LANGUAGES: usize = 20;
/// How long a consent holds when nobody says.
const USUAL_CONSENT: Months = Months::new(12);
/// How long a consent holds at most: who stays in the registry longer is asked again.
const LONGEST_CONSENT: Months = Months::new(24);
/// After this time a contact that nobody verified again may be wrong.
const FRESH: Months = Months::new(12);

/// A contact whose values are right.
#[derive(Debug, Clone, Insertable, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = contacts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NewContact {
    pub(crate) unit: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) languages: Json<Vec<LanguageTag>>,
    pub(crate) visibility: ContactVisibility,
    pub(crate) verified_on: Option<NaiveDate>,
    pub(crate) is_personal: bool,
    #[diesel(embed)]
    pub(crate) personal: Personal,
}

/// What a personal contact has beside the others.
#[derive(Debug, Clone, Default, Insertable, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = contacts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Personal {
    pub(crate) person_name: Option<String>,
    pub(crate) consent_given_on: Option<NaiveDate>,
    pub(crate) consent_note: Option<String>,
    pub(crate) expires_on: Option<NaiveDate>,
}

/// Whether a contact was last verified, or else recorded, twelve months ago or earlier.
pub fn is_stale(verified_on: Option<NaiveDate>, recorded_on: NaiveDate, today: NaiveDate) -> bool {
    let known_good = verified_on.unwrap_or(recorded_on);
    known_good
        .checked_add_months(FRESH)
        .is_some_and(|until| until <= today)
}

/// Whether a consent that holds up to this day has ended.
pub fn has_expired(expires_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    expires_on.is_some_and(|last| last < today)
}

fn past_day(
    at: &str,
    given: Option<String>,
    today: NaiveDate,
    issues: &mut Issues,
) -> Option<NaiveDate> {
    let day = validate::day(at, given, issues)?;
    if day > today {
        issues.add(at, "in_the_future", "must not be after today");
        return None;
    }
    Some(day)
}

/// E.164: a plus, the country's code and the number, 7 to 15 digits in all; blanks, dots, hyphens and
/// parentheses that people put between them are left out.
fn phone(given: Option<String>, issues: &mut Issues) -> Option<String> {
    let given = given?;
    let number: String = given
        .trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '.' | '-' | '(' | ')' | '/'))
        .collect();
    let is_number = number.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.chars().all(|c| c.is_ascii_digit())
            && !digits.starts_with('0')
    });
    if is_number {
        return Some(number);
    }
    let rule =
        "must be a number with + and the country's code, 7 to 15 digits, such as +48 85 869 60 00";
    issues.add("/phone", "invalid_phone", rule);
    None
}

/// Checks every field; what is wrong goes to `issues`.
pub fn check(mut input: ContactIn, today: NaiveDate, issues: &mut Issues) -> Option<NewContact> {
    let personal = input.is_personal.unwrap_or(false);
    let consent = consent(&mut input, personal, today, issues);
    let visibility = issues.take("/visibility", input.visibility);
    if personal && visibility == Some(ContactVisibility::Public) {
        let rule = "a personal contact is internal or registered, never public";
        issues.add("/visibility", "personal", rule);
    }
    if input.email.is_none() && input.phone.is_none() && input.url.is_none() {
        let rule = "at least one of email, phone and url must be given";
        issues.add("", "unreachable", rule);
    }
    let unit = validate::required_name("/unit", input.unit, MAX_NAME, issues);
    let usual = if personal {
        ContactVisibility::Internal
    } else {
        ContactVisibility::Public
    };
    Some(NewContact {
        email: validate::email("/email", input.email, issues),
        phone: phone(input.phone, issues),
        url: validate::url("/url", input.url, issues),
        languages: Json(validate::codes(
            "/languages",
            input.languages,
            (MAX_LANGUAGES, "language"),
            issues,
        )),
        visibility: visibility.unwrap_or(usual),
        verified_on: past_day("/verified_on", input.verified_on, today, issues),
        is_personal: personal,
        personal: consent.unwrap_or_default(),
        unit: unit?,
    })
}

/// What a personal contact rests on; a functional one must not have any of it.
fn consent(
    input: &mut ContactIn,
    personal: bool,
    today: NaiveDate,
    issues: &mut Issues,
) -> Option<Personal> {
    let (name, note) = (input.person_name.take(), input.consent_note.take());
    let (given, until) = (input.consent_given_on.take(), input.expires_on.take());
    if !personal {
        for (at, there) in [
            ("/person_name", name.is_some()),
            ("/consent_given_on", given.is_some()),
            ("/consent_note", note.is_some()),
            ("/expires_on", until.is_some()),
        ] {
            if there {
                let rule = "belongs to a contact with is_personal only";
                issues.add(at, "only_personal", rule);
            }
        }
        return None;
    }
    let person_name = validate::text("/person_name", name, MAX_NAME, issues);
    let consent_note = validate::prose("/consent_note", note, MAX_NOTE, issues);
    if given.is_none() {
        issues.missing("/consent_given_on");
    }
    let said_until = until.is_some();
    let until = validate::day("/expires_on", until, issues);
    let given = past_day("/consent_given_on", given, today, issues)?;
    if said_until && until.is_none() {
        return None;
    }
    let expires_on = match until {
        Some(until) => until,
        None => given.checked_add_months(USUAL_CONSENT)?,
    };
    let latest = given.checked_add_months(LONGEST_CONSENT)?;
    if expires_on < given {
        let rule = "must not be before the consent was given";
        issues.add("/expires_on", "reversed", rule);
    } else if expires_on > latest {
        let rule = format!("must be at most two years after the consent: {latest}");
        issues.add("/expires_on", "too_late", rule);
    } else if expires_on < today {
        let rule = "has passed: the person must agree again";
        issues.add("/expires_on", "expired", rule);
    }
    Some(Personal {
        person_name,
        consent_given_on: Some(given),
        consent_note,
        expires_on: Some(expires_on),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2026-11-24".parse().unwrap()
    }

    fn checked(input: serde_json::Value) -> Result<NewContact, Vec<String>> {
        let mut issues = Issues::default();
        let new = check(serde_json::from_value(input).unwrap(), today(), &mut issues);
        let issues = issues.into_vec().into_iter();
        let faults: Vec<String> = issues
            .map(|i| format!("{} {}", i.pointer, i.code))
            .collect();
        if faults.is_empty() {
            Ok(new.unwrap())
        } else {
            Err(faults)
        }
    }

    fn faults(mut more: serde_json::Value) -> Vec<String> {
        let members = more.as_object_mut().unwrap();
        members.entry("unit").or_insert_with(|| "Office".into());
        members
            .entry("url")
            .or_insert_with(|| "https://example.org".into());
        checked(more).err().unwrap_or_default()
    }

    #[test]
    fn addresses_have_their_form() {
        for (email, good) in [
            ("office@example.org", true),
            ("büro@münchen.example", true),
            ("office@localhost", false),
            ("Office <office@example.org>", false),
            ("office@[127.0.0.1]", false),
            ("a@example.org, b@example.org", false),
            ("", false),
        ] {
            let faults = faults(serde_json::json!({ "email": email }));
            assert_eq!(faults.is_empty(), good, "{email}: {faults:?}");
        }
        for (phone, kept) in [
            ("+48 85 869 60 00", Some("+48858696000")),
            ("+1 (555) 010-9999", Some("+15550109999")),
            ("85 869 60 00", None),
            ("+0 123 456 789", None),
            ("+48 12", None),
            ("+48 85 869 60 00 ext. 7", None),
            ("+1234567890123456", None),
        ] {
            let new = checked(serde_json::json!({"unit": "Office", "phone": phone}));
            assert_eq!(
                new.ok().and_then(|new| new.phone).as_deref(),
                kept,
                "{phone}"
            );
        }
    }

    #[test]
    fn somebody_must_be_reachable() {
        assert_eq!(
            checked(serde_json::json!({"unit": "Office"})).unwrap_err(),
            [" unreachable"]
        );
        assert_eq!(
            checked(serde_json::json!({})).unwrap_err(),
            [" unreachable", "/unit required"]
        );
    }

    #[test]
    fn a_person_agrees_and_is_never_public() {
        let person = |more: serde_json::Value| {
            let mut body = serde_json::json!({"is_personal": true});
            body.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            faults(body)
        };
        assert_eq!(
            person(serde_json::json!({"visibility": "public"})),
            ["/consent_given_on required", "/visibility personal"]
        );
        for (given, until, fault) in [
            ("2026-11-24", "2028-11-24", None),
            ("2026-11-24", "2028-11-25", Some("/expires_on too_late")),
            ("2026-11-24", "2026-11-23", Some("/expires_on reversed")),
            ("2025-01-01", "2026-11-23", Some("/expires_on expired")),
            (
                "2026-11-25",
                "2027-01-01",
                Some("/consent_given_on in_the_future"),
            ),
            (
                "2026-11",
                "2027-01-01",
                Some("/consent_given_on invalid_day"),
            ),
            ("2026-11-24", "soon", Some("/expires_on invalid_day")),
        ] {
            let body = serde_json::json!({"consent_given_on": given, "expires_on": until});
            let found = person(body);
            assert_eq!(found.first().map(String::as_str), fault, "{given} {until}");
        }
        assert_eq!(
            person(serde_json::json!({"consent_given_on": "2025-11-23"})),
            ["/expires_on expired"]
        );
        assert_eq!(
            faults(serde_json::json!({"person_name": "Jane Example", "expires_on": "2027-01-01"})),
            ["/expires_on only_personal", "/person_name only_personal"]
        );
    }

    #[test]
    fn a_consent_holds_for_a_year_and_is_internal_when_nobody_says() {
        let new = checked(serde_json::json!({
            "unit": "Office", "email": "a@example.org", "is_personal": true,
            "consent_given_on": "2026-02-28",
        }))
        .unwrap();
        assert_eq!(new.visibility, ContactVisibility::Internal);
        assert_eq!(new.personal.expires_on.unwrap().to_string(), "2027-02-28");
    }

    #[test]
    fn a_contact_is_stale_after_twelve_months() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (verified, recorded, stale) in [
            (Some("2025-11-24"), "2020-01-01", true),
            (Some("2025-11-25"), "2020-01-01", false),
            (None, "2025-11-24", true),
            (None, "2026-01-01", false),
        ] {
            assert_eq!(
                is_stale(verified.map(day), day(recorded), today()),
                stale,
                "{verified:?} {recorded}"
            );
        }
        assert!(!has_expired(Some(today()), today()));
        assert!(has_expired(Some(day("2026-11-23")), today()));
        assert!(!has_expired(None, today()));
    }
}
