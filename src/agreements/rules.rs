//! What must hold of an agreement's own fields. Pure: what needs other records is checked in `write`.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dates::Dates;
use super::parties::{self, NewParty};
use super::types::{AgreementIn, Registration, RegistrationIn, Warning};
use crate::core::duration::CalendarDuration;
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::language::{LanguageTag, Translations};
use crate::core::vocabulary::agreement::{
    ActivityLevel, DurationKind, EntryIntoForce, FieldOfCooperation, InstrumentType,
    RelationshipType, Renewal, Scope, StatusBasis,
};
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::Json;
use crate::db::schema::agreements;
use crate::http::validate;

/// Longest title in one language.
const MAX_TITLE: usize = 300;
/// Longest purpose in one language.
const MAX_PURPOSE: usize = 4000;
/// Most references, registrations and languages.
const MAX_LIST: usize = 50;

/// What an agreement says by itself, as it is sent and stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Content {
    pub(crate) title: Json<Translations>,
    pub(crate) instrument: InstrumentType,
    pub(crate) scope: Scope,
    pub(crate) fields: Json<Vec<FieldOfCooperation>>,
    pub(crate) status_basis: StatusBasis,
    pub(crate) activity_level: ActivityLevel,
    #[diesel(embed)]
    pub(crate) dates: Dates,
    pub(crate) signed_at: Option<String>,
    pub(crate) entry_into_force: EntryIntoForce,
    pub(crate) duration: DurationKind,
    pub(crate) valid_until: Option<Edtf>,
    pub(crate) term: Option<CalendarDuration>,
    pub(crate) renewal: Option<Renewal>,
    pub(crate) renewal_period: Option<CalendarDuration>,
    pub(crate) notice_period: Option<CalendarDuration>,
    pub(crate) languages: Json<Vec<LanguageTag>>,
    pub(crate) purpose: Json<Translations>,
    pub(crate) registrations: Json<Vec<Registration>>,
    pub(crate) last_confirmed_on: Option<NaiveDate>,
}

/// An agreement whose own values are right.
#[derive(Debug, Clone)]
pub struct NewAgreement {
    pub(crate) content: Content,
    pub(crate) relationship: Option<RelationshipType>,
    pub(crate) parties: Vec<NewParty>,
    pub(crate) supersedes: Vec<PublicId>,
    pub(crate) arose_from: Option<PublicId>,
    pub(crate) parent: Option<PublicId>,
    pub(crate) allow_duplicate: Option<String>,
}

/// Checks every field that can be checked by itself; what is wrong goes to `issues`.
pub fn check(input: AgreementIn, issues: &mut Issues) -> NewAgreement {
    validate::record_state("/record_state", input.record_state, issues);
    let relationship = issues.take("/relationship", input.relationship);
    let instrument = issues.take_required("/instrument", input.instrument);
    let title = validate::translations("/title", input.title, MAX_TITLE, issues);
    let scope = issues.take("/scope", input.scope).unwrap_or_default();
    let fields = validate::codes("/fields", input.fields, (MAX_LIST, "field"), issues);
    let tags = (MAX_LIST, "language");
    // Of very many faults the first are told: the members are checked in this order.
    let parties = parties::check(input.parties, issues);
    let content = Content {
        title: Json(title),
        scope,
        fields: Json(fields),
        status_basis: issues
            .take("/status_basis", input.status_basis)
            .unwrap_or_default(),
        activity_level: issues
            .take("/activity_level", input.activity_level)
            .unwrap_or_default(),
        dates: Dates {
            proposed_on: issues.take("/proposed_on", input.proposed_on),
            approved_on: issues.take("/approved_on", input.approved_on),
            signed_on: issues.take("/signed_on", input.signed_on),
            in_force_on: issues.take("/in_force_on", input.in_force_on),
        },
        signed_at: validate::text("/signed_at", input.signed_at, 200, issues),
        entry_into_force: issues
            .take("/entry_into_force", input.entry_into_force)
            .unwrap_or_default(),
        duration: issues.take("/duration", input.duration).unwrap_or_default(),
        valid_until: issues.take("/valid_until", input.valid_until),
        term: issues.take("/term", input.term),
        renewal: issues.take("/renewal", input.renewal),
        renewal_period: issues.take("/renewal_period", input.renewal_period),
        notice_period: issues.take("/notice_period", input.notice_period),
        languages: Json(validate::codes("/languages", input.languages, tags, issues)),
        purpose: Json(validate::translations(
            "/purpose",
            input.purpose,
            MAX_PURPOSE,
            issues,
        )),
        registrations: Json(validate::list(
            "/registrations",
            input.registrations,
            MAX_LIST,
            issues,
            registration,
        )),
        last_confirmed_on: validate::day("/last_confirmed_on", input.last_confirmed_on, issues),
        // Without one the agreement is refused: everything else that is wrong is told beside it.
        instrument: instrument.unwrap_or(InstrumentType::Unspecified),
    };
    let new = NewAgreement {
        content,
        relationship,
        parties,
        supersedes: validate::agreements("/supersedes", input.supersedes, MAX_LIST, issues),
        arose_from: reference("/arose_from", input.arose_from, issues),
        parent: reference("/parent_id", input.parent_id, issues),
        allow_duplicate: validate::text("/allow_duplicate", input.allow_duplicate, 500, issues),
    };
    together(&new, issues);
    new
}

/// Rules between fields.
fn together(new: &NewAgreement, issues: &mut Issues) {
    if new.content.scope == Scope::Thematic && new.content.fields.is_empty() {
        let rule = "a thematic agreement names at least one field";
        issues.add("/fields", "required", rule);
    }
    if new.content.duration == DurationKind::FixedTerm
        && new.content.valid_until.is_none()
        && new.content.term.is_none()
    {
        let rule = "a fixed term needs valid_until or term";
        issues.add("/valid_until", "required", rule);
    }
    for party in &new.parties {
        let joined = party
            .acceded_on
            .as_ref()
            .or(new.content.dates.signed_on.as_ref());
        if let (Some(left), Some(joined)) = (&party.withdrew_on, joined)
            && left.certainly_before(joined)
        {
            let rule = format!("{left} is certainly before it could be a party, {joined}");
            let at = format!("{}/withdrew_on", party.at);
            issues.add(at, "out_of_order", rule);
        }
    }
    let steps = new.content.dates.known();
    let mut known: Vec<(&str, &Edtf)> = steps.map(|(step, date)| (step.pointer(), date)).collect();
    known.extend(
        new.content
            .valid_until
            .iter()
            .map(|date| ("/valid_until", date)),
    );
    for (index, (at, date)) in known.iter().enumerate() {
        let mut earlier = known.iter().take(index);
        if let Some((other, before)) = earlier.find(|(_, before)| date.certainly_before(before)) {
            let other = other.trim_start_matches('/');
            let rule = format!("{date} is certainly before {other}, {before}");
            issues.add(*at, "out_of_order", rule);
        }
    }
}

/// What kind of tie it is when nobody says so, and that a twinning rests on a paper.
pub fn relationship(
    given: Option<RelationshipType>,
    instrument: InstrumentType,
    kinds: &[PartnerKind],
    issues: &mut Issues,
) -> RelationshipType {
    let institutional = !kinds.is_empty() && kinds.iter().all(|kind| kind.is_institution());
    let usual = if institutional {
        RelationshipType::Institutional
    } else {
        RelationshipType::Twinning
    };
    let relationship = given.unwrap_or(usual);
    if relationship == RelationshipType::Twinning && instrument == InstrumentType::None {
        let rule = "a twinning rests on a paper: give unspecified when nobody has described it, or another \
                    relationship";
        issues.add("/instrument", "twinning_without_paper", rule);
    }
    relationship
}

fn reference(at: &str, given: Option<String>, issues: &mut Issues) -> Option<PublicId> {
    validate::id(at, given, Kind::Agreement, issues)
}

fn registration(at: &str, input: RegistrationIn, issues: &mut Issues) -> Option<Registration> {
    let p = |name: &str| format!("{at}/{name}");
    let authority = validate::required_text(&p("authority"), input.authority, 200, issues);
    let number = validate::text(&p("number"), input.number, 100, issues);
    let date = issues.take(&p("date"), input.date);
    Some(Registration {
        authority: authority?,
        number,
        date,
    })
}

pub use crate::core::title::of_parties as usual_title;

/// The merely odd (I12): told, never refused. Each party is given by its internal key, with what sort of body
/// it is and the key of its host.
pub fn warnings(
    relationship: RelationshipType,
    duration: DurationKind,
    parties: &[(i64, PartnerKind, Option<i64>)],
) -> Vec<Warning> {
    let mut all = Vec::new();
    let mut note = |code, rule: &str| {
        let message = rule.to_owned();
        all.push(Warning { code, message });
    };
    if relationship == RelationshipType::Twinning && duration == DurationKind::FixedTerm {
        let rule = "a twinning is a lasting tie; this one has a fixed term";
        note("twinning_with_fixed_term", rule);
    }
    if relationship == RelationshipType::Friendship && duration == DurationKind::Indefinite {
        let rule = "a friendship is as a rule for a fixed term; this one has none";
        note("friendship_without_term", rule);
    }
    let is_party = |host: i64| parties.iter().any(|(key, ..)| *key == host);
    let beside = |(_, kind, host): &(i64, PartnerKind, Option<i64>)| {
        *kind == PartnerKind::CityDistrict && host.is_some_and(is_party)
    };
    if parties.iter().any(beside) {
        let rule = "a district is party beside its own city";
        note("district_beside_its_city", rule);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_made_from_parties_and_year() {
        let signed: Edtf = "1992?".parse().unwrap();
        assert_eq!(
            usual_title(&["Białystok", "Eindhoven"], Some(&signed)),
            "Białystok – Eindhoven (1992)"
        );
        assert_eq!(
            usual_title(&["Białystok", "Kaunas"], None),
            "Białystok – Kaunas"
        );
    }

    #[test]
    fn fields_languages_and_what_it_supersedes_are_named_once() {
        let mut issues = Issues::default();
        let older = "agr_0000000001".to_owned();
        let polish: LanguageTag = "pl".parse().unwrap();
        let input = AgreementIn {
            instrument: Some(InstrumentType::Unspecified.into()),
            languages: Some(vec![polish.clone().into(), polish.into()]),
            fields: Some(vec![
                FieldOfCooperation::Youth.into(),
                FieldOfCooperation::Youth.into(),
            ]),
            supersedes: Some(vec![older.clone(), older]),
            ..AgreementIn::default()
        };
        check(input, &mut issues);
        let found = issues.into_vec();
        let repeated = found.iter().filter(|issue| issue.code == "repeated");
        assert_eq!(
            repeated.map(|issue| &issue.pointer).collect::<Vec<_>>(),
            ["/fields/1", "/languages/1", "/supersedes/1"]
        );
    }

    #[test]
    fn a_tie_of_institutions_is_institutional_unless_somebody_says_otherwise() {
        let mut issues = Issues::default();
        let universities = [PartnerKind::University, PartnerKind::University];
        let paper = InstrumentType::LetterOfIntent;
        assert_eq!(
            relationship(None, paper, &universities, &mut issues),
            RelationshipType::Institutional
        );
        let mixed = [PartnerKind::University, PartnerKind::Municipality];
        assert_eq!(
            relationship(None, paper, &mixed, &mut issues),
            RelationshipType::Twinning
        );
        assert!(issues.is_empty());
        relationship(None, InstrumentType::None, &mixed, &mut issues);
        assert_eq!(issues.into_vec()[0].code, "twinning_without_paper");
    }

    #[test]
    fn a_district_beside_its_own_city_is_odd() {
        let parties = [
            (1, PartnerKind::Municipality, None),
            (2, PartnerKind::CityDistrict, Some(1)),
        ];
        let found = warnings(
            RelationshipType::Cooperation,
            DurationKind::Unknown,
            &parties,
        );
        assert_eq!(found[0].code, "district_beside_its_city");
    }
}
