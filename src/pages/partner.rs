//! The page of a partner.

use std::mem::take;

use serde::Serialize;
use strum::EnumString;

use super::as_of;
use super::numbered::{Pages, first};
use super::ties::{Ties, Which, endings, ties};
use super::{Activity, Agreement, Content, Membership, PageRequest, Partner, Reader};
use crate::activities::types::ActivityView;
use crate::agreements::types::AgreementView;
use crate::core::ids::PublicId;
use crate::http::format::Format;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;
use crate::networks::memberships::types::MembershipView;
use crate::partners::relations::{self, RelationView};
use crate::partners::store as partners;
use crate::partners::types::PartnerView;
use crate::records::{Readable as _, Record as _};

/// A part of the page that has pages of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
enum Part {
    Ended,
    Networks,
    Activities,
    Names,
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
pub fn read(reader: &mut Reader<'_>, ask: &PageRequest, id: &PublicId) -> Result<Content, Problem> {
    let mut partner = reader.item::<Partner>(id, &["citations", "sources", "contacts"])?;
    let row = partners::find(reader.conn, id)?.ok_or_else(|| Problem::not_found("partner"))?;
    let not_yet = reader
        .as_of
        .is_some_and(|day| as_of::partner(&mut partner, day));
    let show = ask.parameter("show");
    let only = show.and_then(|part| part.parse().ok());
    let whole = show == Some("all");
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
    let (relations, hosted) = related(reader, id, row.id)?;
    let most = if whole { MOST } else { SOME };
    let (mut memberships, mut activities) = beside(reader, ask, id, only, most)?;
    let letters = letters(reader, &hosted, only)?;
    let names = partner.names.iter().map(|name| NAME + name.value.len());
    let always = names.sum::<usize>() + LINE * (hosted.len() + relations.len() + letters.len());
    let lists = (memberships.as_ref(), activities.as_ref());
    let which = match only {
        None if whole => Some(Which::Whole {
            always,
            besides: MEMBERSHIP * lists.0.map_or(0, |list| list.data.len())
                + ACTIVITY * lists.1.map_or(0, |list| list.data.len()),
        }),
        None => Some(Which::All),
        Some(Part::Ended) => Some(Which::Ended),
        Some(_) => None,
    };
    let ties = match which {
        Some(which) => ties(reader, &row, which, nearest_first, first)?,
        None => Ties::default(),
    };
    if whole && ties.first > 1 {
        // They stand on the first page to print, and have been read to know where it ends.
        (memberships, activities) = (None, None);
    }
    let members = memberships.iter().flat_map(|list| &list.data);
    let members: Vec<PublicId> = members.map(|member| member.id.clone()).collect();
    let possible = reader.possible(SubjectKind::Memberships, &members)?;
    let endings = endings(reader, &ties)?;
    let pages = match only {
        Some(Part::Networks) => memberships.as_ref().map(|list| Pages::of_page(ask, list)),
        Some(Part::Activities) => activities.as_ref().map(|list| Pages::of_page(ask, list)),
        _ => None,
    };
    let content = Content::record::<Partner>(reader, partner, |view| take(&mut view.evidence))?;
    Ok(along(content, id.as_str())
        // Whether it was not there yet on the day that is asked about.
        .with("not_yet", not_yet)
        // Those of which it is only possible that they stood so on that day.
        .with("possible", possible)
        .with("ties", ties)
        // What alone is shown, if it is not everything.
        .with("only", only)
        // Whether it stands on as few pages as can be, to be printed.
        .with("whole", whole)
        .with("nearest_first", nearest_first)
        // Whether it has more names than are shown.
        .with("more_names", more_names)
        .with("endings", endings)
        .with("relations", relations)
        .with("letters", letters)
        .with("hosted", hosted)
        // Where the page of memberships, or of activities, stands among the others, where it shows nothing else.
        .with("pages", pages)
        .with("memberships", memberships)
        .with("activities", activities))
}

/// Its relations, and whom it hosts, as far as they may have been on the day that is asked about.
fn related(
    reader: &mut Reader<'_>,
    id: &PublicId,
    key: i64,
) -> Result<(Vec<RelationView>, Vec<PartnerView>), Problem> {
    let query = reader.query("relations", &[("limit", "100")], false)?;
    let mut relations = relations::page(reader.conn, key, &query)?.data;
    let hosted = [("host", id.as_str()), ("limit", "100")];
    let mut hosted = reader.list::<Partner>(&hosted, &[], false)?.data;
    if let Some(day) = reader.as_of {
        relations.retain(|relation| as_of::may_have_been(relation.since.as_ref(), day));
        hosted.retain(|other| as_of::may_have_been(other.founded_on.as_ref(), day));
        for other in &mut hosted {
            as_of::partner(other, day);
        }
    }
    Ok((relations, hosted))
}

/// A page of its memberships, and one of its activities; neither where only another part is shown.
type Lists = (Option<Page<MembershipView>>, Option<Page<ActivityView>>);

fn beside(
    reader: &mut Reader<'_>,
    ask: &PageRequest,
    id: &PublicId,
    only: Option<Part>,
    most: &str,
) -> Result<Lists, Problem> {
    // What is asked of the list of a part, if it is shown.
    let listed = |part: Part| {
        let mut asked = vec![("partner", id.as_str())];
        match only {
            None => asked.push(("limit", most)),
            Some(only) if only == part => {
                asked.push(("limit", MANY));
                asked.extend(ask.cursor());
            }
            Some(_) => return None,
        }
        Some(asked)
    };
    let memberships = listed(Part::Networks)
        .map(|asked| reader.list::<Membership>(&asked, &["events"], true))
        .transpose()?;
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

/// And its ties and agreements, what changes of them, and their anniversaries, in other formats.
fn along(content: Content, id: &str) -> Content {
    let of_it = [("partner", id)];
    let ties = format!("partners/{id}/partnerships");
    let feed = format!("partners/{id}/changes.atom");
    let calendar = "calendar/anniversaries.ics";
    let (agreements, formats) = (Agreement::COLLECTION, Agreement::FORMATS);
    content
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
