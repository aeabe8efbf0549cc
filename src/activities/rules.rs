//! What must hold of an activity's own fields. Pure: what needs other records is checked in `write`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::types::{ActivityIn, ParticipantIn};
use crate::core::edtf::Edtf;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::language::Translations;
use crate::core::text;
use crate::core::vocabulary::activity::{
    ActivityKind, ActivityMode, ActivityStatus, ParticipantRole,
};
use crate::core::vocabulary::agreement::FieldOfCooperation;
use crate::db::Json;
use crate::db::schema::{activities, activity_participants};
use crate::evidence::citations::types::NewCitation;
use crate::http::listing::date_keys;
use crate::http::validate;
use crate::partners::names::reversed;
use crate::partners::rules::sources;

/// Longest title in one language, name of a place, an office, a programme or a grant.
const MAX_TITLE: usize = 300;
/// Longest name of a person.
const MAX_NAME: usize = 200;
/// Longest account of what came of it.
const MAX_OUTCOME: usize = 4000;
/// More people than this take part in nothing.
const MAX_COUNT: i64 = 10_000_000;
/// Most participants.
const MAX_PARTICIPANTS: usize = 500;
/// Most agreements.
const MAX_AGREEMENTS: usize = 100;
/// Most fields of cooperation.
const MAX_FIELDS: usize = 50;

/// The columns of an activity that are written and read alike.
#[derive(Debug, Clone, Insertable, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = activities, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ActivityColumns {
    pub(crate) kind: ActivityKind,
    pub(crate) title: Json<Translations>,
    pub(crate) starts_on: Option<Edtf>,
    /// What lists sort by, in either direction.
    pub(crate) starts_asc: String,
    pub(crate) starts_desc: String,
    pub(crate) ends_on: Option<Edtf>,
    pub(crate) mode: ActivityMode,
    pub(crate) place_text: Option<String>,
    /// An internal key, as is that of the network; both are found in `write`.
    pub(crate) place_partner_id: Option<i64>,
    pub(crate) participant_count: Option<i64>,
    pub(crate) fields: Json<Vec<FieldOfCooperation>>,
    pub(crate) network_id: Option<i64>,
    pub(crate) programme: Option<String>,
    pub(crate) grant_ref: Option<String>,
    pub(crate) outcome: Option<String>,
    pub(crate) status: ActivityStatus,
}

/// An activity whose own values are right.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = activities, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NewActivity {
    #[diesel(embed)]
    pub(crate) columns: ActivityColumns,
    pub(crate) sort_key: String,
    pub(crate) starts_earliest: Option<NaiveDate>,
    pub(crate) starts_latest: Option<NaiveDate>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) place_partner: Option<PublicId>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) participants: Vec<NewParticipant>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) agreements: Vec<PublicId>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) network: Option<PublicId>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) sources: Vec<NewCitation>,
}

/// A participant whose own values are right.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = activity_participants, treat_none_as_default_value = false)]
pub struct NewParticipant {
    #[diesel(skip_insertion)]
    pub(crate) partner: PublicId,
    pub(crate) role: ParticipantRole,
    pub(crate) office: Option<String>,
    pub(crate) name: Option<String>,
    /// Where its partner stands in the body.
    #[diesel(skip_insertion)]
    pub(crate) at: String,
}

/// The status when nobody states it: what has certainly begun was held.
pub fn status(starts_on: Option<&Edtf>, today: NaiveDate) -> ActivityStatus {
    if starts_on.is_some_and(|date| date.certainly_passed_on(today)) {
        ActivityStatus::Held
    } else {
        ActivityStatus::Planned
    }
}

fn participant(at: &str, input: ParticipantIn, issues: &mut Issues) -> Option<NewParticipant> {
    let p = |name: &str| format!("{at}/{name}");
    let at = p("partner_id");
    let partner = issues.require(&at, input.partner_id);
    let partner = validate::id(&at, partner, Kind::Partner, issues);
    let role = issues
        .take(&p("role"), input.role)
        .unwrap_or(ParticipantRole::Participant);
    let office = validate::text(&p("office"), input.office, MAX_TITLE, issues);
    let name = validate::text(&p("name"), input.name, MAX_NAME, issues);
    Some(NewParticipant {
        partner: partner?,
        role,
        office,
        name,
        at,
    })
}

/// Checks every field that can be checked by itself; what is wrong goes to `issues`.
pub fn check(input: ActivityIn, today: NaiveDate, issues: &mut Issues) -> NewActivity {
    validate::record_state("/record_state", input.record_state, issues);
    let kind = issues.take_required("/kind", input.kind);
    if input.title.as_ref().is_none_or(BTreeMap::is_empty) {
        issues.missing("/title");
    }
    let title = Json(validate::translations(
        "/title",
        input.title,
        MAX_TITLE,
        issues,
    ));
    let starts_on = issues.take("/starts_on", input.starts_on);
    let ends_on = issues.take("/ends_on", input.ends_on);
    reversed("/ends_on", starts_on.as_ref(), ends_on.as_ref(), issues);
    let place = input.place.unwrap_or_default();
    let place_partner = validate::id("/place/partner_id", place.partner_id, Kind::Partner, issues);
    let participant_count = input.participant_count;
    validate::count("/participant_count", participant_count, MAX_COUNT, issues);
    let network = validate::id("/network_id", input.network_id, Kind::Network, issues);
    let stated = issues.take("/status", input.status);
    let (starts_asc, starts_desc) = date_keys(starts_on.as_ref());
    let columns = ActivityColumns {
        starts_asc,
        starts_desc,
        mode: issues
            .take("/mode", input.mode)
            .unwrap_or(ActivityMode::InPerson),
        place_text: validate::text("/place/text", place.text, MAX_TITLE, issues),
        place_partner_id: None,
        participant_count,
        fields: Json(validate::codes(
            "/fields",
            input.fields,
            (MAX_FIELDS, "field"),
            issues,
        )),
        network_id: None,
        programme: validate::text("/programme", input.programme, MAX_TITLE, issues),
        grant_ref: validate::text("/grant_ref", input.grant_ref, MAX_TITLE, issues),
        outcome: validate::prose("/outcome", input.outcome, MAX_OUTCOME, issues),
        status: stated.unwrap_or_else(|| status(starts_on.as_ref(), today)),
        title,
        starts_on,
        ends_on,
        // Without one the activity is refused: everything else that is wrong is told beside it.
        kind: kind.unwrap_or(ActivityKind::Other),
    };
    NewActivity {
        sort_key: text::sort_key(columns.title.values().next().map_or("", String::as_str)),
        starts_earliest: columns.starts_on.as_ref().and_then(Edtf::earliest),
        starts_latest: columns.starts_on.as_ref().and_then(Edtf::latest),
        columns,
        place_partner,
        participants: validate::list(
            "/participants",
            input.participants,
            MAX_PARTICIPANTS,
            issues,
            participant,
        ),
        agreements: validate::agreements(
            "/agreement_ids",
            input.agreement_ids,
            MAX_AGREEMENTS,
            issues,
        ),
        network,
        sources: sources(input.sources, issues),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(input: ActivityIn) -> Vec<String> {
        let mut issues = Issues::default();
        check(input, "2026-11-24".parse().unwrap(), &mut issues);
        issues.pointers()
    }

    fn titled() -> ActivityIn {
        ActivityIn {
            kind: Some(ActivityKind::Meeting.into()),
            title: Some([("en".to_owned(), "A meeting".to_owned())].into()),
            ..ActivityIn::default()
        }
    }

    #[test]
    fn an_activity_needs_a_kind_and_a_title() {
        assert_eq!(pointers(ActivityIn::default()), ["/kind", "/title"]);
        assert!(pointers(titled()).is_empty());
        let title = Some([("english".to_owned(), " ".to_owned())].into());
        assert_eq!(
            pointers(ActivityIn { title, ..titled() }),
            ["/title/english"; 2]
        );
    }

    #[test]
    fn what_has_certainly_begun_was_held() {
        let today = "2026-11-24".parse().unwrap();
        for (date, held) in [
            ("2009", true),
            ("2026", false),
            ("2027", false),
            ("[2009..]", false),
        ] {
            let date: Edtf = date.parse().unwrap();
            assert_eq!(
                status(Some(&date), today) == ActivityStatus::Held,
                held,
                "{date}"
            );
        }
        assert_eq!(status(None, today), ActivityStatus::Planned);
    }

    #[test]
    fn participants_are_partners_and_counts_are_counts() {
        let participants = Some(vec![ParticipantIn::default()]);
        let participant_count = Some(-1);
        let found = pointers(ActivityIn {
            participants,
            participant_count,
            ..titled()
        });
        assert_eq!(found, ["/participant_count", "/participants/0/partner_id"]);
    }
}
