//! The page of a partner.

use std::mem::take;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::alternates::Alternates;
use super::as_of;
use super::evidence::About;
use super::numbered::{Pages, first};
use super::page_request::PageRequest;
use super::reader::Reader;
use super::ties::{Endings, Ties, Which, endings, ties};
use crate::activities::record::Activity;
use crate::activities::types::ActivityView;
use crate::agreements::record::Agreement;
use crate::agreements::types::AgreementView;
use crate::app::App;
use crate::core::ids::PublicId;
use crate::http::format::Format;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::types::MembershipView;
use crate::partners::record::Partner;
use crate::partners::relations::{self, RelationView};
use crate::partners::store as partners;
use crate::partners::types::PartnerView;
use crate::records::{Readable as _, Record as _};

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    partner: PartnerView,
    #[serde(flatten)]
    about: About,
    ties: Ties,
    /// What alone is shown, if it is not everything.
    only: Option<Part>,
    #[serde(flatten)]
    arranged: Arranged,
    /// Whether it has more names than are shown.
    more_names: bool,
    endings: Endings,
    relations: Vec<RelationView>,
    hosted: Vec<PartnerView>,
    letters: Vec<AgreementView>,
    memberships: Option<Page<MembershipView>>,
    /// Those of which it is only possible that they stood so on the day that is asked about.
    possible: Vec<PublicId>,
    /// Whether it was not there yet on that day.
    not_yet: bool,
    activities: Option<Page<ActivityView>>,
    /// Where the page of memberships, or of activities, stands among the others, where it shows nothing else.
    pages: Option<Pages>,
}

/// How its ties are arranged.
#[derive(Debug, Serialize)]
struct Arranged {
    /// Whether it stands on as few pages as can be, to be printed.
    whole: bool,
    nearest_first: bool,
}

/// A part of the page that has pages of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Ended,
    Networks,
    Activities,
    Names,
}

impl Part {
    fn asked(ask: &PageRequest) -> Option<Self> {
        match ask.parameter("show")? {
            "ended" => Some(Self::Ended),
            "networks" => Some(Self::Networks),
            "activities" => Some(Self::Activities),
            "names" => Some(Self::Names),
            _ => None,
        }
    }
}

/// Memberships, and activities, on the page of everything, and on one of nothing else.
const SOME: &str = "10";
const MANY: &str = "60";
/// And on the first page to print.
const MOST: &str = "30";
/// About how many bytes each of them is on a page.
const MEMBERSHIP: usize = 450;
const ACTIVITY: usize = 260;
/// And a name, besides itself, a letter of intent, or another partner, on each page to print.
const NAME: usize = 110;
const LINE: usize = 250;
/// Names on the page of everything.
const NAMES: usize = 30;

/// A partner: who it is, its ties and where they lead, and where all this is from.
#[get("/{lang:en|pl}/partners/{id}")]
pub async fn partner_page(
    app: web::Data<App>,
    ask: PageRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    ask.record::<Partner, _>(&app, &path.1, read).await
}

fn read(reader: &mut Reader<'_>, ask: &PageRequest, id: &PublicId) -> Result<Shown, Problem> {
    let mut partner = reader.item::<Partner>(id, &["citations", "sources", "contacts"])?;
    let row = partners::find(reader.conn, id)?.ok_or_else(|| Problem::not_found("partner"))?;
    let day = reader.as_of;
    let not_yet = day.is_some_and(|day| as_of::partner(&mut partner, day));
    let only = Part::asked(ask);
    let whole = ask.parameter("show") == Some("all");
    let more_names = !whole && only != Some(Part::Names) && partner.names.len() > NAMES;
    if more_names {
        partner.names.truncate(NAMES);
    }
    // Nothing is near to who has no place.
    let nearest_first = ask.parameter("sort") == Some("near") && partner.latitude.is_some();
    // Lists of networks and activities are not cut by numbers.
    let first = match only {
        None | Some(Part::Ended) => first(ask)?,
        Some(_) => 1,
    };
    let query = reader.query("relations", &[("limit", "100")], false)?;
    let mut relations = relations::page(reader.conn, row.id, &query)?.data;
    let hosted = [("host", id.as_str()), ("limit", "100")];
    let mut hosted = reader.list::<Partner>(&hosted, &[], false)?.data;
    if let Some(day) = day {
        relations.retain(|relation| as_of::were_related(relation, day));
        hosted.retain(|other| as_of::had_been_founded(other, day));
        for other in &mut hosted {
            as_of::partner(other, day);
        }
    }
    let (mut memberships, mut activities) = beside(reader, ask, id, only)?;
    let letters = letters(reader, &hosted, only)?;
    let names = partner.names.iter().map(|name| NAME + name.value.len());
    let always = names.sum::<usize>() + LINE * (hosted.len() + relations.len() + letters.len());
    let always = whole.then_some(always);
    let ties = match which(only, always, memberships.as_ref(), activities.as_ref()) {
        Some(which) => ties(reader, &row, which, nearest_first, first)?,
        None => Ties::default(),
    };
    if whole && ties.first > 1 {
        // They stand on the first page to print, and have been read to know where it ends.
        (memberships, activities) = (None, None);
    }
    let members = memberships.iter().flat_map(|list| &list.data);
    let members: Vec<PublicId> = members.map(|member| member.id.clone()).collect();
    let mut about = About::of::<Partner>(reader, &mut partner, |view| take(&mut view.evidence))?;
    about.along = along(about.along, id.as_str());
    let endings = endings(reader, &ties)?;
    Ok(Shown {
        not_yet,
        possible: reader.possible(SubjectKind::Memberships, &members)?,
        about,
        ties,
        only,
        arranged: Arranged {
            whole,
            nearest_first,
        },
        more_names,
        endings,
        relations,
        letters,
        hosted,
        pages: match only {
            Some(Part::Networks) => memberships.as_ref().map(|list| Pages::of_page(ask, list)),
            Some(Part::Activities) => activities.as_ref().map(|list| Pages::of_page(ask, list)),
            _ => None,
        },
        memberships,
        activities,
        partner,
    })
}

/// A page of its memberships, and one of its activities; neither where only another part is shown.
type Lists = (Option<Page<MembershipView>>, Option<Page<ActivityView>>);

fn beside(
    reader: &mut Reader<'_>,
    ask: &PageRequest,
    id: &PublicId,
    only: Option<Part>,
) -> Result<Lists, Problem> {
    let most = if ask.parameter("show") == Some("all") {
        MOST
    } else {
        SOME
    };
    // What is asked of the list of a part, if it is shown.
    let listed = |part: Part| {
        let mut asked = vec![("partner", id.as_str())];
        match only {
            None => asked.push(("limit", most)),
            Some(only) if only == part => {
                asked.push(("limit", MANY));
                asked.extend(ask.parameter("cursor").map(|cursor| ("cursor", cursor)));
            }
            Some(_) => return None,
        }
        Some(asked)
    };
    let memberships = match listed(Part::Networks) {
        None => None,
        Some(asked) => Some(reader.list::<Membership>(&asked, &["events"], true)?),
    };
    let day = reader.as_of.map(|day| day.to_string());
    let activities = match listed(Part::Activities) {
        None => None,
        Some(mut asked) => {
            // What began later had not happened on that day.
            asked.extend(day.as_deref().map(|day| ("to", day)));
            Some(reader.list::<Activity>(&asked, &[], false)?)
        }
    };
    Ok((memberships, activities))
}

/// Which of its ties are shown, if any are, beside these lists; on pages to print, each of which has `always` bytes
/// besides.
fn which(
    only: Option<Part>,
    always: Option<usize>,
    memberships: Option<&Page<MembershipView>>,
    activities: Option<&Page<ActivityView>>,
) -> Option<Which> {
    match (only, always) {
        (None, Some(always)) => Some(Which::Whole {
            always,
            besides: MEMBERSHIP * memberships.map_or(0, |list| list.data.len())
                + ACTIVITY * activities.map_or(0, |list| list.data.len()),
        }),
        (None, None) => Some(Which::All),
        (Some(Part::Ended), _) => Some(Which::Ended),
        (Some(_), _) => None,
    }
}

/// And its ties and agreements, what changes of them, and their anniversaries, in other formats.
fn along(along: Alternates, id: &str) -> Alternates {
    let of_it = [("partner", id)];
    let ties = format!("partners/{id}/partnerships");
    let feed = format!("partners/{id}/changes.atom");
    let calendar = "calendar/anniversaries.ics";
    let (agreements, formats) = (Agreement::COLLECTION, Agreement::FORMATS);
    along
        .list_of_the_day("partnerships", &ties, Format::RECORDS, &[])
        .list_of_the_day(agreements, agreements, formats, &of_it)
        .list("changes", &feed, &[Format::Atom], &[])
        .list("anniversaries", calendar, &[Format::Calendar], &of_it)
}

/// The letters of intent of what the partner hosts, such as its universities; on the page of everything.
fn letters(
    reader: &mut Reader<'_>,
    hosted: &[PartnerView],
    only: Option<Part>,
) -> Result<Vec<AgreementView>, Problem> {
    if hosted.is_empty() || only.is_some() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = hosted.iter().map(|partner| partner.id.as_str()).collect();
    let ids = ids.join(",");
    let letters = [
        ("partner", ids.as_str()),
        ("instrument", "letter_of_intent"),
        ("limit", "50"),
    ];
    Ok(reader.list::<Agreement>(&letters, &[], true)?.data)
}
