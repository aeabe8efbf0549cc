//! A partner as other records show it.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::names::{self, Name};
use crate::changes::records;
use crate::core::country::Country;
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::language::LanguageTag;
use crate::core::life::Life;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::lifecycle::MembershipStatus;
use crate::core::vocabulary::partner::{Existence, PartnerKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::{Condition, published, texts};
use crate::db::prepared::Prepare as _;
use crate::db::schema::partners;

/// A partner inside another record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartnerRef {
    /// Its id.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub id: PublicId,
    /// Its name, in the language asked for where it has one.
    #[schema(example = "Białystok")]
    pub name: String,
    /// The language of that name, if a language was asked for and it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "pl")]
    pub name_lang: Option<LanguageTag>,
    /// What sort of body it is.
    #[schema(example = "municipality")]
    pub kind: PartnerKind,
    /// Its country.
    pub country: Country,
}

impl PartnerRef {
    /// One that is called by its own name.
    pub fn new(id: PublicId, name: String, kind: PartnerKind, country: Country) -> Self {
        Self {
            id,
            name,
            name_lang: None,
            kind,
            country,
        }
    }

    /// Calls it, of these names of its, by that in the language if there is one, and says in which language it is
    /// called.
    fn name_in(&mut self, lang: &LanguageTag, names: Option<&Vec<Name>>) {
        let names = names.map_or(&[][..], Vec::as_slice);
        if let Some(name) = names::in_language(names, lang) {
            name.clone_into(&mut self.name);
        }
        // A name may be the same in several languages; then it is not a foreign one.
        let same = names.iter().filter(|name| name.value == self.name);
        let tags = same.filter_map(|name| name.lang.as_ref());
        self.name_lang = tags
            .min_by_key(|tag| tag.primary() != lang.primary())
            .cloned();
    }
}

/// These partners by their internal keys: one query, and one more when a language is asked for.
pub fn by_keys(
    conn: &mut DbConn,
    keys: impl IntoIterator<Item = i64>,
    lang: Option<&LanguageTag>,
) -> QueryResult<HashMap<i64, PartnerRef>> {
    use partners as p;
    let keys: BTreeSet<i64> = keys.into_iter().collect();
    type Row = (i64, PublicId, String, PartnerKind, Country);
    let rows: Vec<Row> = p::table
        .filter(p::id.eq_any(&keys))
        .select((p::id, p::public_id, p::name, p::kind, p::country))
        .load(conn)?;
    let mut found: HashMap<i64, PartnerRef> = rows
        .into_iter()
        .map(|(key, id, name, kind, country)| (key, PartnerRef::new(id, name, kind, country)))
        .collect();
    if let Some(lang) = lang {
        translate(conn, found.values_mut(), lang)?;
    }
    Ok(found)
}

/// Shows these partners by their names in this language, where they have one.
pub fn translate<'p>(
    conn: &mut DbConn,
    partners: impl IntoIterator<Item = &'p mut PartnerRef>,
    lang: &LanguageTag,
) -> QueryResult<()> {
    let partners: Vec<&mut PartnerRef> = partners.into_iter().collect();
    let ids: Vec<PublicId> = partners.iter().map(|partner| partner.id.clone()).collect();
    let all = names::of_records(conn, &ids)?;
    for partner in partners {
        partner.name_in(lang, all.get(&partner.id));
    }
    Ok(())
}

/// A published partner that a body names by its id.
#[derive(Debug, Clone)]
pub struct Known {
    /// The internal key.
    pub key: i64,
    /// As other records show it.
    pub partner: PartnerRef,
    /// The internal key of its host.
    pub host: Option<i64>,
    /// Whether it is there today.
    pub existence: Existence,
    /// From when to when it was there, as far as that is known.
    pub life: Life,
}

/// The internal keys of the partners of these ids; what is wrong with them is told elsewhere.
pub fn keys_of<'a>(
    conn: &mut DbConn,
    ids: impl IntoIterator<Item = &'a str>,
) -> QueryResult<Vec<i64>> {
    partners::table
        .filter(partners::public_id.eq_any(ids.into_iter().collect::<Vec<_>>()))
        .select(partners::id)
        .load(conn)
}

/// As SQL, the internal keys of the partners of these ids; of one that was merged, the key of the one
/// it leads to.
pub fn standing_for<T: ToString>(ids: impl IntoIterator<Item = T>) -> Condition {
    let sql = "(SELECT COALESCE(o.merged_into, o.id) FROM partners o WHERE o.public_id IN ?)";
    Condition::of(sql, [texts(ids)])
}

/// As SQL, the internal keys of the partners that are in any of these networks today: those with a live
/// membership that is more than asked for.
pub fn members_of<T: ToString>(networks: impl IntoIterator<Item = T>) -> Condition {
    let held = MembershipStatus::all()
        .iter()
        .filter(|status| status.is_live() && !status.is_asked_for());
    // A cross join: from the few networks to their members, whatever an engine thinks.
    let sql = format!(
        "(SELECT m.partner_id FROM networks n CROSS JOIN memberships m WHERE m.network_id = n.id \
         AND n.public_id IN ? AND {} AND m.status IN ?)",
        published("m")
    );
    Condition::of(&sql, [texts(networks), texts(held)])
}

/// The published partner of this id, if one is given; one that is not there is noted at `at`.
pub fn resolve(
    conn: &mut DbConn,
    at: &str,
    id: Option<&PublicId>,
    issues: &mut Issues,
) -> QueryResult<Option<Known>> {
    match id {
        Some(id) => resolve_or_held(conn, at, id, &[], issues),
        None => Ok(None),
    }
}

/// [`resolve`], where one of the partners a record already `held` (internal keys) may meanwhile have
/// been withdrawn: what was recorded of it stays.
pub fn resolve_or_held(
    conn: &mut DbConn,
    at: &str,
    id: &PublicId,
    held: &[i64],
    issues: &mut Issues,
) -> QueryResult<Option<Known>> {
    use partners as p;
    type Refers = (i64, String, PartnerKind, Country, Option<i64>);
    type Row = (Refers, Existence, Life, RecordState);
    let row: Option<Row> = p::table
        .filter(p::public_id.eq(id))
        .select((
            (p::id, p::name, p::kind, p::country, p::host_id),
            p::existence,
            (p::founded_on, p::dissolved_on),
            p::record_state,
        ))
        .prepared()
        .get_result(conn)
        .optional()?;
    let there =
        |(refers, .., state): &Row| *state == RecordState::Published || held.contains(&refers.0);
    let Some((refers, existence, life, _)) = row.filter(there) else {
        records::absent(conn, at, id, issues)?;
        return Ok(None);
    };
    let (key, name, kind, country, host) = refers;
    Ok(Some(Known {
        key,
        partner: PartnerRef::new(id.clone(), name, kind, country),
        host,
        existence,
        life,
    }))
}
