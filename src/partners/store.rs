//! Rows of partners.

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::identifiers::Guard;
use super::merge::Merged;
use super::names::Name;
use super::reference::PartnerRef;
use super::rules::NewPartner;
use super::types::{PartnerView, Seeking};
use super::{identifiers, names, reference};
use crate::changes::{self, Ctx};
use crate::core::country::{Country, Subdivision};
use crate::core::edtf::Edtf;
use crate::core::identifier::Identifier;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::{LanguageTag, Translations};
use crate::core::text;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::partner::{Existence, PartnerKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::condition::{Condition, ids_sql, published};
use crate::db::schema::{activity_participants, agreement_parties, memberships, partners};
use crate::db::{DbConn, Json};
use crate::evidence::include::{self, Evidence};
use crate::http::extract::params::Near;
use crate::records::{Columns, Show};
use crate::{insert_row, record_row, update_row};

record_row! {
    /// A partner as it is stored.
    partners => PartnerRow {
        kind: PartnerKind,
        name: String,
        sort_key: String,
        country: Country,
        subdivision: Option<Subdivision>,
        host_id: Option<i64>,
        latitude: Option<f64>,
        longitude: Option<f64>,
        population: Option<i64>,
        population_year: Option<i32>,
        website: Option<String>,
        existence: Existence,
        founded_on: Option<Edtf>,
        dissolved_on: Option<Edtf>,
        description: Json<Translations>,
        seeking: Option<Json<Seeking>>,
        merged_into: Option<i64>,
    }
}

impl PartnerRow {
    /// Which of its identifiers guard in this state.
    pub(in crate::partners) fn guard(&self, state: RecordState, today: NaiveDate) -> Guard {
        let dissolved_on = self.dissolved_on.as_ref();
        Guard::of(
            state,
            identifiers::is_dissolved(self.existence, dissolved_on, today),
        )
    }
}

impl Columns for PartnerRow {
    fn own_sort_value(&self, key: &str, descending: bool) -> String {
        match key {
            "population" => match (self.population, descending) {
                (Some(population), _) => population.to_string(),
                (None, true) => "-1".to_owned(),
                (None, false) => i64::MAX.to_string(),
            },
            "country" => self.country.as_str().to_owned(),
            "existence" => self.existence.code().to_owned(),
            _ => self.sort_key.clone(),
        }
    }

    fn shows_others(&self) -> bool {
        // One with a host shows its name, and the tag of a draft stands for what is published along with it.
        self.host_id.is_some() || self.record_state == RecordState::Draft
    }
}

/// What is stored of a partner whose values are right.
macro_rules! columns {
    ($conn:expr, $new:expr, $host:expr) => {
        (
            $new,
            partners::sort_key.eq(text::sort_key(&$new.name)),
            partners::host_id.eq($host),
            partners::rev.eq(changes::next_revision($conn)?),
        )
    };
}

/// Records a partner with its names and identifiers.
pub fn insert(
    conn: &mut DbConn,
    ctx: &Ctx,
    new: &NewPartner,
    host: Option<i64>,
) -> QueryResult<PartnerRow> {
    let id = PublicId::next(Kind::Partner);
    let columns = columns!(conn, new, host);
    let row = insert_row!(partners => PartnerRow, conn, ctx, &id, columns)?;
    names::add(conn, &id, &new.names)?;
    let guard = row.guard(ctx.state, ctx.today());
    identifiers::add(conn, &id, &new.identifiers, guard)?;
    Ok(row)
}

/// Changes the partner as it was read; `None` when somebody was faster.
pub fn update(
    conn: &mut DbConn,
    ctx: &Ctx,
    before: &PartnerRow,
    new: &NewPartner,
    host: Option<i64>,
) -> QueryResult<Option<PartnerRow>> {
    let columns = columns!(conn, new, host);
    let row = update_row!(partners => PartnerRow, conn, ctx, before, columns)?;
    if let Some(row) = &row {
        names::store(conn, &row.public_id, &new.names)?;
        let guard = row.guard(ctx.state, ctx.today());
        identifiers::store(conn, &row.public_id, &new.identifiers, guard)?;
    }
    Ok(row)
}

/// Makes a partner `dissolved`, without a version: for whoever writes one beside it.
pub fn dissolve(conn: &mut DbConn, key: i64) -> QueryResult<()> {
    diesel::update(partners::table.find(key))
        .set(partners::existence.eq(Existence::Dissolved))
        .execute(conn)
        .map(drop)
}

/// Whether the partner takes part in any agreement, membership or activity.
pub fn takes_part(conn: &mut DbConn, partner: i64) -> QueryResult<bool> {
    macro_rules! names_it {
        ($table:ident) => {
            exists($table::table.filter($table::partner_id.eq(partner)))
        };
    }
    let anywhere = names_it!(agreement_parties)
        .or(names_it!(memberships))
        .or(names_it!(activity_participants));
    diesel::select(anywhere).get_result(conn)
}

/// These partners as callers see them: a constant number of queries for any number of rows.
pub fn views(
    conn: &mut DbConn,
    rows: Vec<PartnerRow>,
    show: &Show<'_>,
) -> QueryResult<Vec<PartnerView>> {
    let lang = show.lang;
    let ids: Vec<PublicId> = rows.iter().map(|row| row.public_id.clone()).collect();
    let mut all_names = names::of_records(conn, &ids)?;
    let mut all_identifiers = identifiers::of_records(conn, &ids)?;
    let hosts = reference::by_keys(conn, rows.iter().filter_map(|row| row.host_id), lang)?;
    let mut evidence = include::evidence(conn, show.includes, &ids)?;
    let views = rows.into_iter().map(|row| PartnerView {
        host: row.host_id.and_then(|host| hosts.get(&host).cloned()),
        evidence: evidence.remove(&row.public_id).unwrap_or_default(),
        ..view(
            all_names.remove(&row.public_id).unwrap_or_default(),
            all_identifiers.remove(&row.public_id).unwrap_or_default(),
            row,
            lang,
        )
    });
    Ok(views.collect())
}

/// A partner that was just recorded: what it shows is at hand and not read again.
pub fn created(row: &PartnerRow, new: &NewPartner, host: Option<PartnerRef>) -> PartnerView {
    let (names, identifiers) = (new.names.clone(), new.identifiers.clone());
    PartnerView {
        host,
        ..view(names, identifiers, row.clone(), None)
    }
}

/// A partner with its names and identifiers, and nothing of other records.
fn view(
    names: Vec<Name>,
    identifiers: Vec<Identifier>,
    row: PartnerRow,
    lang: Option<&LanguageTag>,
) -> PartnerView {
    let shown = lang.and_then(|lang| names::in_language(&names, lang));
    PartnerView {
        name: shown.unwrap_or(&row.name).to_owned(),
        kind: row.kind,
        country: row.country,
        host: None,
        latitude: row.latitude,
        longitude: row.longitude,
        population: row.population,
        population_year: row.population_year,
        existence: row.existence,
        founded_on_range: row.founded_on.as_ref().map(Into::into),
        founded_on: row.founded_on.clone(),
        dissolved_on_range: row.dissolved_on.as_ref().map(Into::into),
        dissolved_on: row.dissolved_on.clone(),
        description: row.description.0,
        identifiers,
        seeking: row.seeking.map(|seeking| seeking.0),
        contacts: None,
        warnings: names::warnings(&names),
        meta: crate::meta!(row),
        merged: Merged::default(),
        evidence: Evidence::default(),
        names,
        subdivision: row.subdivision,
        website: row.website,
        id: row.public_id,
    }
}

/// The published partners within a distance, as a list of keys for a statement.
pub fn within(conn: &mut DbConn, near: &Near) -> QueryResult<String> {
    let in_box = Condition::new(published("partners"))
        .sql(" AND ")
        .then(near.bbox().condition("latitude", "longitude"));
    let places: Vec<(i64, Option<f64>, Option<f64>)> = partners::table
        .filter(in_box)
        .select((partners::id, partners::latitude, partners::longitude))
        .load(conn)?;
    let reached = places.into_iter().filter_map(|(key, latitude, longitude)| {
        let reached = near.reaches(latitude?, longitude?);
        reached.then_some(key)
    });
    Ok(ids_sql(reached))
}
