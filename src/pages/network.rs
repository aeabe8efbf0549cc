//! The page of a network.

use std::collections::HashMap;
use std::mem::take;

use serde::Serialize;
use strum::EnumString;

use super::as_of;
use super::numbered::{self, Part};
use super::{Content, Membership, Network, PageRequest, Partner, Reader};
use crate::core::geo::Point;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::html::map::{self, Map, Place, State};
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;
use crate::networks::memberships::store::MembershipRow;
use crate::networks::memberships::types::MembershipView;
use crate::partners::reference;
use crate::records::Readable as _;

/// Of whom a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
enum Which {
    Members,
    /// Who has asked to become one, or is still to agree.
    Applicants,
    Former,
    /// Who asked to become one, and of whom no admission is recorded.
    Refused,
}

impl Which {
    /// Whether a membership of this status may be one of these.
    fn may_have(self, status: MembershipStatus) -> bool {
        match self {
            Self::Members => status.is_live() && !status.is_asked_for(),
            Self::Applicants => status.is_asked_for(),
            Self::Former | Self::Refused => !status.is_live(),
        }
    }

    /// Whether one of such a status is among these.
    fn has(self, row: &MembershipRow) -> bool {
        let refused = || row.facts.applied_on.is_some() && row.facts.admitted_on.is_none();
        match self {
            Self::Members | Self::Applicants => true,
            Self::Former => !refused(),
            Self::Refused => refused(),
        }
    }
}

/// Some of those who are no members.
#[derive(Debug, Serialize)]
struct Beside {
    which: Which,
    list: Part<MembershipView>,
}

/// Members on a page.
const LIMIT: usize = 60;

/// Those who are none, beside the members.
const SOME: usize = 10;

/// A network, its members and those that it had.
pub fn read(reader: &mut Reader<'_>, ask: &PageRequest, id: &PublicId) -> Result<Content, Problem> {
    let mut network = reader.item::<Network>(id, &["citations", "sources"])?;
    if let Some(day) = reader.as_of {
        as_of::network(&mut network, day);
    }
    let which = ask.parameter("show").and_then(|which| which.parse().ok());
    let which = which.unwrap_or(Which::Members);
    let first = numbered::first(ask)?;
    let members = listed(reader, id, which, first, LIMIT)?;
    let mut beside_members = Vec::new();
    if which == Which::Members && first == 1 {
        for which in [Which::Applicants, Which::Former, Which::Refused] {
            let list = listed(reader, id, which, 1, SOME)?;
            beside_members.extend((!list.rows.is_empty()).then_some(Beside { which, list }));
        }
    }
    let beside = beside_members.iter().map(|beside| &beside.list);
    let all = [&members].into_iter().chain(beside);
    let all = all.flat_map(|list| &list.rows);
    let ids: Vec<PublicId> = all.map(|member| member.id.clone()).collect();
    let possible = reader.possible(SubjectKind::Memberships, &ids)?;
    let map = drawn(reader, &members.rows, first)?;
    let path = format!("networks/{id}/members");
    let content = Content::record::<Network>(reader, network, |view| take(&mut view.evidence))?;
    Ok(content
        .list_of_the_day("members", &path, Membership::FORMATS, &[])
        .with("members", members)
        // Those of whom it is only possible that they stood so on the day that is asked about.
        .with("possible", possible)
        // Who they are.
        .with("which", which)
        // Some of the others, beside those who are members.
        .with("beside_members", beside_members)
        .with("map", map))
}

/// So many of these members from a number on, by the names that are shown.
fn listed(
    reader: &mut Reader<'_>,
    network: &PublicId,
    which: Which,
    first: usize,
    most: usize,
) -> Result<Part<MembershipView>, Problem> {
    let fitting = MembershipStatus::all()
        .iter()
        .filter(|status| which.may_have(**status));
    let codes: Vec<&str> = fitting.map(|status| status.code()).collect();
    let codes = codes.join(",");
    let asked = [("network", network.as_str()), ("status", codes.as_str())];
    let mut rows = reader.rows::<Membership>(&asked)?;
    rows.retain(|row| which.has(row));
    let keys = rows.iter().map(|row| row.sides.partner_id);
    let called = reference::by_keys(reader.conn, keys, reader.tag.as_ref())?;
    let named = rows.into_iter().filter_map(|row| {
        let partner = called.get(&row.sides.partner_id)?;
        Some((partner.name.as_str(), row.public_id))
    });
    let mut all: Vec<(&str, PublicId)> = named.collect();
    // Who became a member a second time stands there twice, and in one order.
    numbered::by_name(reader.lang, &mut all, |(name, id)| (name, id));
    let all = all.into_iter().map(|(_, id)| id).collect();
    let part: Part<PublicId> = Part::of(all, first, most)?;
    // Whether somebody is a member again, the events say.
    let mut members = reader.visible::<Membership>(&part.rows, &["events"])?;
    members.sort_by_key(|member| part.rows.iter().position(|id| *id == member.id));
    if let Some(day) = reader.as_of {
        for member in &mut members {
            as_of::membership(member, day);
        }
    }
    Ok(part.with(members))
}

/// The map of the members.
fn drawn(
    reader: &mut Reader<'_>,
    members: &[MembershipView],
    first: usize,
) -> Result<Option<Map>, Problem> {
    let ids: Vec<PublicId> = members.iter().map(|m| m.partner.id.clone()).collect();
    let partners = reader.visible::<Partner>(&ids, &[])?.into_iter();
    let points: HashMap<PublicId, Point> = partners
        .filter_map(|partner| {
            Some((
                partner.id,
                Point::kept(partner.latitude, partner.longitude)?,
            ))
        })
        .collect();
    let place = |(number, member): (usize, &MembershipView)| {
        Some(Place {
            number,
            name: member.partner.name.clone(),
            point: *points.get(&member.partner.id)?,
            state: match member.status {
                MembershipStatus::Suspended => State::Suspended,
                status if !status.is_live() => State::Past,
                status if status.is_asked_for() => State::Planned,
                _ => State::Live,
            },
        })
    };
    let places: Vec<Place> = (first..).zip(members).filter_map(place).collect();
    Ok(map::around(None, &places))
}
