//! The page of a network.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpResponse, get, web};
use serde::Serialize;

use super::along::Along;
use super::as_of;
use super::ask::Ask;
use super::evidence::{Evidence, evidence};
use super::reader::Reader;
use super::ties::{Start, point};
use crate::app::App;
use crate::core::geo::Point;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::html::map::{self, Map, Place};
use crate::http::extract::path_id;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::types::MembershipView;
use crate::networks::record::Network;
use crate::networks::types::NetworkView;
use crate::partners::record::Partner;
use crate::records::Readable as _;

/// What it shows.
#[derive(Debug, Serialize)]
struct Shown {
    network: NetworkView,
    evidence: Evidence,
    offices: BTreeMap<String, String>,
    #[serde(flatten)]
    along: Along,
    members: Page<MembershipView>,
    /// Those of whom it is only possible that they stood so on the day that is asked about.
    possible: Vec<PublicId>,
    /// Who they are.
    which: Which,
    /// Some of the others, beside those who are members.
    beside_members: Vec<Beside>,
    /// The numbers that this page and those beside it begin with.
    first: usize,
    prev_at: usize,
    next_at: usize,
    map: Option<Map>,
}

/// Of whom a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Which {
    Members,
    /// Who has asked to become one, or is still to agree.
    Applicants,
    Former,
}

impl Which {
    fn fits(self, status: MembershipStatus) -> bool {
        self == match status {
            status if status.is_asked_for() => Self::Applicants,
            status if status.is_live() => Self::Members,
            _ => Self::Former,
        }
    }
}

/// Some of those who are no members.
#[derive(Debug, Serialize)]
struct Beside {
    which: Which,
    list: Page<MembershipView>,
}

/// Members on a page.
const LIMIT: usize = 60;

/// A network, its members and those that it had.
#[get("/{lang:en|pl}/networks/{id}")]
pub async fn network_page(
    app: web::Data<App>,
    ask: Ask,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Network, "network", &path.1)?;
    ask.answer(&app, "network.html", move |reader, ask| {
        read(reader, ask, &id)
    })
    .await
}

fn read(reader: &mut Reader<'_>, ask: &Ask, id: &PublicId) -> Result<Shown, Problem> {
    let mut network = reader.item::<Network>(id, &["citations", "sources"])?;
    if let Some(day) = reader.as_of {
        as_of::network(&mut network, day);
    }
    let which = match ask.parameter("show") {
        Some("former") => Which::Former,
        Some("applicants") => Which::Applicants,
        _ => Which::Members,
    };
    let Start { cursor, at } = Start::asked(ask);
    let mut paged = |which: Which, limit: usize, cursor: Option<&str>| -> Result<_, Problem> {
        let limit = limit.to_string();
        let fitting = MembershipStatus::all()
            .iter()
            .filter(|status| which.fits(**status));
        let codes: Vec<&str> = fitting.map(|status| status.code()).collect();
        let codes = codes.join(",");
        let mut asked = vec![
            ("network", id.as_str()),
            ("status", codes.as_str()),
            ("limit", limit.as_str()),
            ("count", "true"),
        ];
        asked.extend(cursor.map(|cursor| ("cursor", cursor)));
        let mut list = reader.list::<Membership>(&asked, &[], true)?;
        if let Some(day) = reader.as_of {
            for member in &mut list.data {
                as_of::membership(member, day);
            }
        }
        Ok(list)
    };
    let members = paged(which, LIMIT, cursor)?;
    let mut beside_members = Vec::new();
    if which == Which::Members && cursor.is_none() {
        for which in [Which::Applicants, Which::Former] {
            let list = paged(which, 20, None)?;
            beside_members.extend((!list.data.is_empty()).then_some(Beside { which, list }));
        }
    }
    let beside = beside_members.iter().map(|beside| &beside.list);
    let all = [&members].into_iter().chain(beside);
    let ids: Vec<PublicId> = all
        .flat_map(|list| &list.data)
        .map(|member| member.id.clone())
        .collect();
    Ok(Shown {
        possible: reader.possible(SubjectKind::Memberships, &ids)?,
        along: Along::record::<Network>(reader, &network)?.list_of_the_day(
            "members",
            &format!("networks/{id}/members"),
            Membership::FORMATS,
            &[],
        ),
        evidence: evidence(id, std::mem::take(&mut network.evidence)),
        offices: reader.offices(&network.meta)?,
        map: drawn(reader, &members.data, at)?,
        first: at,
        prev_at: at.saturating_sub(LIMIT).max(1),
        next_at: at + members.data.len(),
        members,
        which,
        beside_members,
        network,
    })
}

/// The map of the members.
fn drawn(
    reader: &mut Reader<'_>,
    members: &[MembershipView],
    first: usize,
) -> Result<Option<Map>, Problem> {
    let ids: Vec<PublicId> = members.iter().map(|m| m.partner.id.clone()).collect();
    let points: HashMap<PublicId, Point> = reader
        .visible::<Partner>(&ids, &[])?
        .into_iter()
        .filter_map(|partner| Some((partner.id, point(partner.latitude, partner.longitude)?)))
        .collect();
    let places: Vec<Place> = members
        .iter()
        .enumerate()
        .filter_map(|(at, member)| {
            Some(Place {
                number: first + at,
                name: member.partner.name.clone(),
                point: *points.get(&member.partner.id)?,
            })
        })
        .collect();
    Ok(map::around(None, &places))
}
