//! The first page, and the way to it.

use std::cmp::Reverse;
use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::Datelike;
use serde::Serialize;

use super::news::news;
use super::page_request::preferred;
use super::short::lead;
use super::spelling;
use super::{
    Activity, Agreement, Content, Membership, Network, PageRequest, Partner, Reader, Source,
};
use crate::agreements::anniversaries::of_month;
use crate::agreements::types::AgreementView;
use crate::core::ids::PublicId;
use crate::explore::stats::glance;
use crate::explore::stats::types::{Count, DecadeCount};
use crate::html;
use crate::html::collation;
use crate::html::lang::Lang;
use crate::html::map::circles;
use crate::http::format::Format;
use crate::http::problem::Problem;

/// Anniversaries and changes that are shown.
const ANNIVERSARIES: u32 = 10;
const CHANGES: usize = 8;

/// Decades that are shown, one below the other.
const DECADES: i32 = 15;

/// How many agreements were signed in a decade, or before one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Decade {
    /// The first year of the decade.
    decade: i32,
    /// Whether all that is older is counted, and nothing of the decade itself.
    before: bool,
    count: i64,
}

/// The decades without a gap, so that a glance along them is one along time; of more than fit, the older ones are
/// one.
fn decades(counted: &[DecadeCount]) -> Vec<Decade> {
    let (Some(oldest), Some(newest)) = (counted.first(), counted.last()) else {
        return Vec::new();
    };
    let all_fit = newest.decade - oldest.decade < 10 * DECADES;
    let first = if all_fit {
        oldest.decade
    } else {
        newest.decade - 10 * (DECADES - 2)
    };
    let older = counted.iter().filter(|one| one.decade < first);
    let before = (!all_fit).then(|| Decade {
        decade: first,
        before: true,
        count: older.map(|one| one.count).sum(),
    });
    let shown = (first..=newest.decade).step_by(10).map(|decade| {
        let known = counted.iter().find(|one| one.decade == decade);
        Decade {
            decade,
            before: false,
            count: known.map_or(0, |one| one.count),
        }
    });
    before.into_iter().chain(shown).collect()
}

/// An agreement that was signed so many years ago.
#[derive(Debug, Serialize)]
struct Celebrated {
    years: i32,
    round: bool,
    agreement: AgreementView,
}

/// Leads to the first page in the reader's language.
#[get("/")]
pub async fn front_door(request: HttpRequest) -> HttpResponse {
    let lang = preferred(request.headers());
    lead(
        HttpResponse::Found(),
        format!("/{lang}/"),
        "Accept-Language",
    )
}

/// Leads from a language without its slash to the first page in it.
#[get("/{lang:en|pl}")]
pub async fn bare_language(lang: web::Path<String>) -> HttpResponse {
    spelling::moved(format!("/{lang}/"))
}

/// What this is, a search, and how many there are of what.
pub fn read(reader: &mut Reader<'_>, ask: &PageRequest) -> Result<Content, Problem> {
    let mut stats = glance(reader.conn, &reader.app.tally)?;
    // Equal numbers in the order of the names that are shown.
    stats.by_country.sort_by_cached_key(|of| {
        let name = html::country(reader.lang, &of.code);
        (Reverse(of.count), collation::key(reader.lang, &name))
    });
    let counts = stats.by_country.iter();
    let counts = counts.map(|count| (count.code.clone(), count.count));
    Ok(along(reader)
        .with("circles", circles(&counts.collect::<Vec<_>>()))
        // How the countries are ordered, unless the largest come first.
        .with(
            "sort",
            sorted(&mut stats.by_country, ask.parameter("sort"), reader.lang),
        )
        .with("news", news(reader, CHANGES)?)
        .with("anniversaries", anniversaries(reader)?)
        // The month, from 1.
        .with("month", reader.today.month())
        .with("decades", decades(&stats.by_decade))
        .with("stats", stats))
}

/// Orders the countries, of which the largest come first, as the reader asks; the order, unless it is that one.
fn sorted(countries: &mut [Count], asked: Option<&str>, lang: Lang) -> Option<&'static str> {
    const ORDERS: [&str; 3] = ["country", "-country", "partners"];
    let order = ORDERS.into_iter().find(|order| asked == Some(*order))?;
    if order == "partners" {
        countries.reverse();
    } else {
        countries.sort_by_cached_key(|of| collation::key(lang, &html::country(lang, &of.code)));
    }
    if order == "-country" {
        countries.reverse();
    }
    Some(order)
}

/// All that the registry has, in other formats.
fn along(reader: &Reader<'_>) -> Content {
    let calendar = "calendar/anniversaries.ics";
    Content::new(reader)
        .all::<Partner>(&[])
        .all::<Agreement>(&[])
        .all::<Network>(&[])
        .all::<Membership>(&[])
        .all::<Activity>(&[])
        .all::<Source>(&[])
        .list("anniversaries", calendar, &[Format::Calendar], &[])
}

/// The anniversaries of this month, of what is known to have been signed in it.
fn anniversaries(reader: &mut Reader<'_>) -> Result<Vec<Celebrated>, Problem> {
    // Enough that some may be left out.
    let found = of_month(reader.conn, reader.today, 3 * ANNIVERSARIES)?;
    let ids: Vec<PublicId> = found.iter().map(|one| one.agreement.clone()).collect();
    let views = reader.visible::<Agreement>(&ids, &[])?.into_iter();
    let mut views: HashMap<PublicId, AgreementView> =
        views.map(|view| (view.id.clone(), view)).collect();
    let celebrated = found.into_iter().filter_map(|one| {
        Some(Celebrated {
            years: one.years,
            round: one.is_round(),
            agreement: views.remove(&one.agreement).filter(is_certain)?,
        })
    });
    let most = usize::try_from(ANNIVERSARIES).unwrap_or(usize::MAX);
    Ok(celebrated.take(most).collect())
}

/// Whether the date of its signature is neither about right nor doubtful.
fn is_certain(agreement: &AgreementView) -> bool {
    let date = agreement.signed_on.as_ref();
    date.is_some_and(|date| !date.as_str().ends_with(['~', '?', '%']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(decades: &[(i32, i64)]) -> Vec<(i32, bool, i64)> {
        let counted: Vec<DecadeCount> = decades
            .iter()
            .map(|(decade, count)| DecadeCount {
                decade: *decade,
                count: *count,
            })
            .collect();
        let rows = super::decades(&counted);
        rows.iter()
            .map(|row| (row.decade, row.before, row.count))
            .collect()
    }

    #[test]
    fn decades_without_agreements_are_rows_too() {
        assert_eq!(counted(&[]), []);
        assert_eq!(counted(&[(1990, 3)]), [(1990, false, 3)]);
        assert_eq!(
            counted(&[(1960, 1), (1990, 3)]),
            [
                (1960, false, 1),
                (1970, false, 0),
                (1980, false, 0),
                (1990, false, 3)
            ]
        );
    }

    #[test]
    fn what_is_older_than_the_rows_reach_is_one_row() {
        let rows = counted(&[(830, 1), (1860, 2), (1880, 4), (1890, 8), (2020, 5)]);
        assert_eq!(rows.len(), 15);
        assert_eq!(rows[0], (1890, true, 7));
        assert_eq!(rows[1], (1890, false, 8));
        assert_eq!(rows[14], (2020, false, 5));
        // As many as there is room for are all told by themselves.
        let rows = counted(&[(1880, 4), (2020, 5)]);
        assert_eq!((rows.len(), rows[0]), (15, (1880, false, 4)));
    }
}
