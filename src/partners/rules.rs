//! What must hold of a partner's own fields. Pure: what needs other records is checked in `write`.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::identifiers;
use super::names::{self, Name};
use super::types::{PartnerIn, Seeking, SeekingIn};
use crate::core::country::{Country, Subdivision};
use crate::core::edtf::Edtf;
use crate::core::geo::Point;
use crate::core::identifier::Identifier;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::language::Translations;
use crate::core::life::Life;
use crate::core::vocabulary::partner::{Existence, PartnerKind};
use crate::db::Json;
use crate::db::schema::partners;
use crate::evidence::citations::types::NewCitation;
use crate::http::validate;

/// Longest description in one language.
const MAX_DESCRIPTION: usize = 2000;
/// More people than this live nowhere.
const MAX_POPULATION: i64 = 10_000_000_000;
/// Most sources named at creation.
const MAX_SOURCES: usize = 100;
/// Most fields and most countries that are looked for: there are no more of either.
const MAX_CODES: usize = 300;

/// A partner whose own values are right.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = partners, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NewPartner {
    pub(crate) kind: PartnerKind,
    pub(crate) name: String,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) names: Vec<Name>,
    pub(crate) country: Country,
    pub(crate) subdivision: Option<Subdivision>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) host: Option<PublicId>,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
    pub(crate) population: Option<i64>,
    pub(crate) population_year: Option<i32>,
    pub(crate) website: Option<String>,
    pub(crate) existence: Existence,
    pub(crate) founded_on: Option<Edtf>,
    pub(crate) dissolved_on: Option<Edtf>,
    pub(crate) description: Json<Translations>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) identifiers: Vec<Identifier>,
    pub(crate) seeking: Option<Json<Seeking>>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) sources: Vec<NewCitation>,
}

/// The sources named at creation; what is wrong goes to `issues`.
pub fn sources(
    given: Option<Vec<crate::evidence::citations::SourceRefIn>>,
    issues: &mut Issues,
) -> Vec<NewCitation> {
    validate::list(
        "/sources",
        given,
        MAX_SOURCES,
        issues,
        |at, source, issues| source.check(at, issues),
    )
}

/// Both coordinates or none, each in its range.
pub fn point(latitude: Option<f64>, longitude: Option<f64>, issues: &mut Issues) -> Option<Point> {
    let lacks = match (latitude, longitude) {
        (None, None) => return None,
        (Some(latitude), Some(longitude)) => {
            let north = issues.check("/latitude", Point::new(latitude, 0.0));
            let east = issues.check("/longitude", Point::new(0.0, longitude));
            return north.zip(east).map(|(north, east)| Point {
                latitude: north.latitude,
                longitude: east.longitude,
            });
        }
        (None, Some(_)) => "/latitude",
        (Some(_), None) => "/longitude",
    };
    let rule = "latitude and longitude must be given together";
    issues.add(lacks, "both_or_none", rule);
    None
}

fn seeking(input: SeekingIn, issues: &mut Issues) -> Seeking {
    Seeking {
        fields: validate::codes(
            "/seeking/fields",
            input.fields,
            (MAX_CODES, "field"),
            issues,
        ),
        countries: validate::codes(
            "/seeking/countries",
            input.countries,
            (MAX_CODES, "country"),
            issues,
        ),
        note: validate::prose("/seeking/note", input.note, MAX_DESCRIPTION, issues),
    }
}

fn population(
    population: Option<i64>,
    year: Option<i64>,
    issues: &mut Issues,
) -> (Option<i64>, Option<i32>) {
    validate::count("/population", population, MAX_POPULATION, issues);
    validate::count("/population_year", year, 9999, issues);
    if year.is_some() && population.is_none() {
        let rule = "a year of population needs a population";
        issues.add("/population_year", "needs_population", rule);
    }
    (population, year.and_then(|year| i32::try_from(year).ok()))
}

/// From when to when a body existed, which it did not end before it began.
pub fn life(
    founded_on: Option<Checked<Edtf>>,
    dissolved_on: Option<Checked<Edtf>>,
    issues: &mut Issues,
) -> Life {
    let life = Life {
        founded_on: issues.take("/founded_on", founded_on),
        dissolved_on: issues.take("/dissolved_on", dissolved_on),
    };
    let (from, to) = (life.founded_on.as_ref(), life.dissolved_on.as_ref());
    names::reversed("/dissolved_on", from, to, issues);
    life
}

/// Checks every field that can be checked by itself; what is wrong goes to `issues`.
pub fn check(input: PartnerIn, issues: &mut Issues) -> NewPartner {
    validate::record_state("/record_state", input.record_state, issues);
    let kind = issues.take_required("/kind", input.kind);
    let (name, names) = names::check(input.name, input.names, issues);
    let country = issues.take_required("/country", input.country);
    let subdivision: Option<Subdivision> = issues.take("/subdivision", input.subdivision);
    if let (Some(subdivision), Some(country)) = (&subdivision, country)
        && subdivision.country() != country
    {
        let rule = format!("must begin with {country}-");
        issues.add("/subdivision", "other_country", rule);
    }
    let point = point(input.latitude, input.longitude, issues);
    let (population, population_year) = population(input.population, input.population_year, issues);
    let life = life(input.founded_on, input.dissolved_on, issues);
    NewPartner {
        name,
        names,
        subdivision,
        host: validate::id("/host_id", input.host_id, Kind::Partner, issues),
        latitude: point.map(|point| point.latitude),
        longitude: point.map(|point| point.longitude),
        population,
        population_year,
        website: validate::url("/website", input.website, issues),
        existence: issues
            .take("/existence", input.existence)
            .unwrap_or_default(),
        founded_on: life.founded_on,
        dissolved_on: life.dissolved_on,
        description: Json(validate::translations(
            "/description",
            input.description,
            MAX_DESCRIPTION,
            issues,
        )),
        identifiers: identifiers::check(input.identifiers, country, issues),
        seeking: input.seeking.map(|input| Json(seeking(input, issues))),
        sources: sources(input.sources, issues),
        // Without these the partner is refused: everything else that is wrong is told beside it.
        kind: kind.unwrap_or(PartnerKind::OtherInstitution),
        country: country.unwrap_or(Country::KOSOVO),
    }
}

/// Brings `existence` into step with the day of dissolution, so that the two never contradict.
///
/// `stated` is what whoever writes says of it, `before` what the record said.
pub fn existence(
    (stated, before): (Option<Existence>, Option<Existence>),
    dissolved_on: Option<&Edtf>,
    today: NaiveDate,
    issues: &mut Issues,
) -> Existence {
    let over = identifiers::is_over(dissolved_on, today);
    let ahead = dissolved_on
        .and_then(Edtf::earliest)
        .is_some_and(|day| day > today);
    let wrong = match stated {
        Some(Existence::Active) if over => Some((
            "/existence",
            "a partner whose dissolved_on has passed is dissolved; send dissolved_on null, too, if it is not",
        )),
        Some(Existence::Dissolved) if ahead => Some((
            "/existence",
            "a partner whose dissolved_on is still to come is not dissolved yet",
        )),
        None if ahead && before == Some(Existence::Dissolved) => Some((
            "/dissolved_on",
            "the partner is dissolved already; send existence active, too, if it is not",
        )),
        _ => None,
    };
    if let Some((at, rule)) = wrong {
        issues.add(at, "contradiction", rule);
    }
    if over {
        Existence::Dissolved
    } else {
        stated.or(before).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Existence::{Active, Dissolved};

    #[test]
    fn existence_and_the_day_of_dissolution_never_contradict() {
        let today: NaiveDate = "2026-11-24".parse().unwrap();
        for (stated, before, day, expected) in [
            (None, None, "2009", Ok(Dissolved)),
            (None, Some(Active), "2009", Ok(Dissolved)),
            (Some(Dissolved), None, "2009", Ok(Dissolved)),
            (Some(Active), Some(Dissolved), "2009", Err("/existence")),
            // The year is not over, and the last day is a day of its life.
            (None, Some(Active), "2026", Ok(Active)),
            (Some(Dissolved), Some(Active), "2026", Ok(Dissolved)),
            (None, Some(Active), "2026-11-24", Ok(Active)),
            (None, Some(Active), "2026-11-23", Ok(Dissolved)),
            (None, Some(Dissolved), "", Ok(Dissolved)),
            (Some(Active), Some(Dissolved), "", Ok(Active)),
            (Some(Dissolved), None, "2030", Err("/existence")),
            (None, Some(Dissolved), "2030", Err("/dissolved_on")),
            (Some(Active), Some(Dissolved), "2030", Ok(Active)),
        ] {
            let mut issues = Issues::default();
            let day: Option<Edtf> = day.parse().ok();
            let found = existence((stated, before), day.as_ref(), today, &mut issues);
            let found = match issues.into_vec().first() {
                Some(issue) => Err(issue.pointer.clone()),
                None => Ok(found),
            };
            assert_eq!(
                found,
                expected.map_err(str::to_owned),
                "{stated:?} {before:?} {day:?}"
            );
        }
    }
}
