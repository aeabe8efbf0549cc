//! Which partner of the registry an end of a link is.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::changes::Ctx;
use crate::core::country::Country;
use crate::core::geo::Point;
use crate::core::identifier::Identifier;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::text;
use crate::core::vocabulary::partner::PartnerKind;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::schema::{identifiers, names, partners};
use crate::evidence::citations::types::{NewCitation, Which};
use crate::exchange::links::End;
use crate::http::code::Code;
use crate::http::problem::{Problem, validated};
use crate::partners::identifiers::IdentifierIn;
use crate::partners::reference::{self, PartnerRef};
use crate::partners::types::PartnerIn;
use crate::partners::{rules, write};

/// The answer to "who is this?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// This partner, by its place in the list.
    One(usize),
    /// Nobody known.
    Nobody,
    /// More than one, and nothing says which: their ids.
    Several(Vec<String>),
    /// Its identifiers belong to different partners.
    Contradiction,
}

/// A partner as the import knows it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// As agreements refer to it.
    pub(super) who: reference::Known,
    /// What tells it apart from namesakes: what is recorded of it, and what rows of this file that
    /// matched it said besides.
    end: End,
}

/// Every published partner, by identifier and by name and country.
#[derive(Debug, Default)]
pub(super) struct Partners {
    all: Vec<Known>,
    by_id: HashMap<PublicId, usize>,
    by_identifier: HashMap<Identifier, usize>,
    by_name: HashMap<(String, Country), Vec<usize>>,
}

impl Partners {
    /// Reads them once.
    pub(super) fn load(conn: &mut DbConn) -> QueryResult<Self> {
        let mut named: HashMap<PublicId, Vec<String>> = HashMap::new();
        for (record, value) in names::table
            .select((names::record, names::value))
            .load::<(PublicId, String)>(conn)?
        {
            named.entry(record).or_default().push(folded(&value));
        }
        let mut identified: HashMap<PublicId, Vec<Identifier>> = HashMap::new();
        let rows = identifiers::table
            .filter(identifiers::active.eq(true))
            .select((identifiers::record, identifiers::scheme, identifiers::value))
            .load::<(PublicId, _, String)>(conn)?;
        for (record, scheme, value) in rows {
            identified
                .entry(record)
                .or_default()
                .push(Identifier { scheme, value });
        }
        type Row = (
            i64,
            PublicId,
            String,
            PartnerKind,
            Country,
            Option<i64>,
            Option<f64>,
            Option<f64>,
        );
        let rows: Vec<Row> = partners::table
            .filter(partners::record_state.eq(RecordState::Published))
            .order(partners::id)
            .select((
                partners::id,
                partners::public_id,
                partners::name,
                partners::kind,
                partners::country,
                partners::host_id,
                partners::latitude,
                partners::longitude,
            ))
            .load(conn)?;
        let mut known = Self::default();
        for (key, id, name, kind, country, host, latitude, longitude) in rows {
            let point = latitude
                .zip(longitude)
                .and_then(|(lat, lon)| Point::new(lat, lon).ok());
            let end = End {
                name: None,
                country: Some(country),
                kind,
                identifiers: identified.remove(&id).unwrap_or_default(),
                point,
            };
            let names = named.remove(&id).unwrap_or_default();
            let partner = PartnerRef {
                id,
                name,
                kind,
                country,
            };
            let who = reference::Known { key, partner, host };
            known.add(Known { who, end }, names);
        }
        Ok(known)
    }

    /// Adds a partner with its folded names; its place in the list.
    pub(super) fn add(&mut self, partner: Known, mut names: Vec<String>) -> usize {
        let index = self.all.len();
        self.by_id.insert(partner.who.partner.id.clone(), index);
        for identifier in &partner.end.identifiers {
            self.by_identifier.insert(identifier.clone(), index);
        }
        names.sort_unstable();
        names.dedup();
        for name in names {
            let key = (name, partner.who.partner.country);
            self.by_name.entry(key).or_default().push(index);
        }
        self.all.push(partner);
        index
    }

    /// The partner with this id.
    pub(super) fn with_id(&self, id: Option<&PublicId>) -> Option<Found> {
        self.by_id.get(id?).copied().map(Found::One)
    }

    /// Remembers what a row says of a partner that it matched and that the registry doesn't know:
    /// the next row with this identifier means the same partner, and one with another identifier, or
    /// from far away, means another. The record itself is left as it is.
    pub(super) fn learn(&mut self, index: usize, end: &End) {
        let Some(known) = self.all.get_mut(index) else {
            return;
        };
        for identifier in &end.identifiers {
            let has = |own: &Identifier| own.scheme == identifier.scheme;
            if !known.end.identifiers.iter().any(has) {
                known.end.identifiers.push(identifier.clone());
                self.by_identifier
                    .entry(identifier.clone())
                    .or_insert(index);
            }
        }
        known.end.point = known.end.point.or(end.point);
    }

    /// The partner at this place.
    pub(super) fn get(&self, index: usize) -> Option<&Known> {
        self.all.get(index)
    }

    /// By identifier, else by folded name and country, unless something tells them apart; of
    /// several the nearest.
    pub(super) fn find(&self, end: &End) -> Found {
        let mut by_identifier: Vec<usize> = end
            .identifiers
            .iter()
            .filter_map(|id| self.by_identifier.get(id).copied())
            .collect();
        by_identifier.sort_unstable();
        by_identifier.dedup();
        match by_identifier.as_slice() {
            [] => {}
            [one] => return Found::One(*one),
            _ => return Found::Contradiction,
        }
        let (Some(_), Some(country)) = (&end.name, end.country) else {
            return Found::Nobody;
        };
        let namesakes = self.by_name.get(&(end.folded_name(), country));
        let fitting: Vec<(usize, &Known)> = namesakes
            .into_iter()
            .flatten()
            .filter_map(|index| self.all.get(*index).map(|known| (*index, known)))
            .filter(|(_, known)| !known.end.differs(end))
            .collect();
        match fitting.as_slice() {
            [] => Found::Nobody,
            [(one, _)] => Found::One(*one),
            several => nearest(several, end),
        }
    }
}

/// The nearest of several, if places tell; else all of them.
fn nearest(several: &[(usize, &Known)], end: &End) -> Found {
    let distances = several.iter().filter_map(|(index, known)| {
        let (there, here) = known.end.point.zip(end.point)?;
        Some((here.distance_km(&there), *index))
    });
    match distances.min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, index)) => Found::One(index),
        None => Found::Several(
            several
                .iter()
                .map(|(_, known)| known.who.partner.id.to_string())
                .collect(),
        ),
    }
}

fn folded(name: &str) -> String {
    Some(text::fold(name))
        .filter(|folded| !folded.is_empty())
        .unwrap_or_else(|| text::nfc(name))
}

/// Records the partner an end describes, with the source of its row.
pub(super) fn create(
    conn: &mut DbConn,
    ctx: &Ctx,
    end: &End,
    source: i64,
) -> Result<Known, Problem> {
    let identifiers = end.identifiers.iter().map(|identifier| IdentifierIn {
        scheme: Some(identifier.scheme.into()),
        value: Some(identifier.value.clone()),
    });
    let input = PartnerIn {
        kind: Some(end.kind.into()),
        name: end.name.clone(),
        country: end.country.map(Into::into),
        latitude: end.point.map(|point| point.latitude),
        longitude: end.point.map(|point| point.longitude),
        identifiers: Some(identifiers.collect()),
        ..PartnerIn::default()
    };
    let mut issues = Issues::default();
    let new = rules::check(input, &mut issues);
    validated(issues)?;
    let mut new = new.ok_or_else(|| Problem::new(Code::Internal))?;
    new.sources = vec![NewCitation::by(Which::Found(source))];
    // Nobody published has one of its identifiers, or the end would have been found.
    let (row, _) = write::enter(conn, ctx, &new, None)?;
    let partner = PartnerRef {
        id: row.public_id,
        name: row.name,
        kind: row.kind,
        country: row.country,
    };
    let (key, host) = (row.id, None);
    Ok(Known {
        who: reference::Known { key, partner, host },
        end: end.clone(),
    })
}

#[cfg(test)]
mod tests;
