//! The partners of the registry, as an import asks after them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::changes::Ctx;
use crate::core::country::Country;
use crate::core::geo::Point;
use crate::core::identifier::{Identifier, Scheme};
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::life::Life;
use crate::core::name;
use crate::core::vocabulary::partner::{Existence, PartnerKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::grouped;
use crate::db::schema::{identifiers, names, partners};
use crate::evidence::citations::types::{NewCitation, Which};
use crate::exchange::links::{End, KindSaid, key_with_part};
use crate::http::problem::{Problem, validated};
use crate::partners::identifiers::IdentifierIn;
use crate::partners::reference::{self, PartnerRef};
use crate::partners::types::PartnerIn;
use crate::partners::{rules, write};

/// A partner as the import knows it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// As agreements refer to it.
    pub(super) who: reference::Known,
    /// What tells it apart from namesakes.
    pub(super) end: End,
    /// Every name it is known by.
    pub(super) names: Vec<String>,
}

impl Known {
    /// Whether it is there today: codes of places belong to who lives.
    pub(super) fn lives(&self) -> bool {
        self.who.existence == Existence::Active
    }

    /// Its names as they are compared, each once.
    pub(super) fn name_keys(&self) -> Vec<String> {
        let country = self.who.partner.country;
        let keys = |name: &String| {
            let with_part = key_with_part(name, country);
            std::iter::once(name::key(name)).chain(with_part)
        };
        let mut keys: Vec<String> = self.names.iter().flat_map(keys).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Every published partner, by id, by identifier and by name and country.
#[derive(Debug, Default)]
pub(super) struct Partners {
    all: Vec<Known>,
    by_id: HashMap<PublicId, usize>,
    by_identifier: HashMap<Identifier, Vec<usize>>,
    by_name: HashMap<(String, Country), Vec<usize>>,
}

/// The id, the name, the kind and the country of a partner.
type Refers = (PublicId, String, PartnerKind, Country);

/// A partner as agreements refer to it.
fn who(
    key: i64,
    (id, name, kind, country): Refers,
    host: Option<i64>,
    existence: Existence,
    life: Life,
) -> reference::Known {
    reference::Known {
        key,
        partner: PartnerRef::new(id, name, kind, country),
        host,
        existence,
        life,
    }
}

impl Partners {
    /// Reads them once.
    pub(super) fn load(conn: &mut DbConn) -> QueryResult<Self> {
        let all: Vec<(PublicId, String)> = names::table
            .order((names::record, names::position))
            .select((names::record, names::value))
            .load(conn)?;
        let mut named = grouped(all);
        let all: Vec<(PublicId, Scheme, String)> = identifiers::table
            .order((identifiers::record, identifiers::position))
            .select((identifiers::record, identifiers::scheme, identifiers::value))
            .load(conn)?;
        let all = all.into_iter();
        let mut identified =
            grouped(all.map(|(record, scheme, value)| (record, Identifier { scheme, value })));
        use partners as p;
        type Place = (Option<f64>, Option<f64>);
        let rows: Vec<(i64, Refers, Option<i64>, Existence, Life, Place)> = p::table
            .filter(p::record_state.eq(RecordState::Published))
            .order(p::id)
            .select((
                p::id,
                (p::public_id, p::name, p::kind, p::country),
                p::host_id,
                p::existence,
                (p::founded_on, p::dissolved_on),
                (p::latitude, p::longitude),
            ))
            .load(conn)?;
        let mut known = Self::default();
        for (key, (id, name, kind, country), host, existence, life, (latitude, longitude)) in rows {
            let at = latitude.zip(longitude);
            let end = End {
                name: Some(name.clone()),
                full_name: None,
                is_beside: false,
                country: Some(country),
                country_sign: None,
                subdivision: None,
                kind,
                kind_said: KindSaid::Row,
                identifiers: identified.remove(&id).unwrap_or_default(),
                point: at.and_then(|(latitude, longitude)| Point::new(latitude, longitude).ok()),
                postcode: None,
            };
            known.add(Known {
                names: named.remove(&id).unwrap_or_default(),
                end,
                who: who(key, (id, name, kind, country), host, existence, life),
            });
        }
        Ok(known)
    }

    /// Adds a partner; its place in the list.
    pub(super) fn add(&mut self, partner: Known) -> usize {
        let index = self.all.len();
        self.by_id.insert(partner.who.partner.id.clone(), index);
        for identifier in &partner.end.identifiers {
            self.by_identifier
                .entry(identifier.clone())
                .or_default()
                .push(index);
        }
        for key in partner.name_keys() {
            let key = (key, partner.who.partner.country);
            self.by_name.entry(key).or_default().push(index);
        }
        self.all.push(partner);
        index
    }

    /// The partner at this place.
    pub(super) fn get(&self, index: usize) -> Option<&Known> {
        self.all.get(index)
    }

    /// Every partner, with its place.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &Known)> {
        self.all.iter().enumerate()
    }

    /// The place of the partner with this id.
    pub(super) fn with_id(&self, id: &PublicId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The places of those that carry this identifier: several when it was handed on.
    pub(super) fn with_identifier(&self, identifier: &Identifier) -> &[usize] {
        self.by_identifier
            .get(identifier)
            .map_or(&[], Vec::as_slice)
    }

    /// The places of those that have a name of this key in this country.
    pub(super) fn with_name(&self, key: &(String, Country)) -> &[usize] {
        self.by_name.get(key).map_or(&[], Vec::as_slice)
    }
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
        subdivision: end.subdivision.clone().map(Into::into),
        latitude: end.point.map(|point| point.latitude),
        longitude: end.point.map(|point| point.longitude),
        identifiers: Some(identifiers.collect()),
        ..PartnerIn::default()
    };
    let mut issues = Issues::default();
    let mut new = rules::check(input, &mut issues);
    validated(issues)?;
    new.sources = vec![NewCitation::by(Which::Found(source))];
    // Nobody published guards one of its identifiers, or the end would have been found.
    let (row, _) = write::insert_checked(conn, ctx, &new, None)?;
    let partner = (row.public_id, row.name, row.kind, row.country);
    let who = who(row.id, partner, None, row.existence, Life::default());
    Ok(Known {
        names: vec![who.partner.name.clone()],
        who,
        end: end.clone(),
    })
}
