//! Filters and sort keys of agreements.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use strum::VariantArray as _;
use utoipa::IntoParams;

use super::attention;
use crate::core::country::Country;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::agreement::{
    ActivityLevel, FieldOfCooperation, InstrumentType, RelationshipType, StatusBasis,
};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::core::vocabulary::partner::PartnerKind;
use crate::core::vocabulary::record::{Attention, QualityFlag, RecordState};
use crate::db::condition::{Condition, any_code};
use crate::db::keyset::{Runs, SortKey, Sorting};
use crate::http::extract::Viewer;
use crate::http::extract::params::{Day, Id, List, Match, Parsed, Since, Words, in_order};
use crate::http::problem::Problem;
use crate::lifecycle::{SubjectKind, periods};
use crate::partners::reference;
use crate::record_sorting;

/// Filters of agreements.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgreementFilter {
    /// Text in the title or in the names of the parties.
    #[param(value_type = Option<String>, min_length = 1, max_length = 200, example = "eindhoven")]
    pub q: Option<Parsed<Words>>,
    /// Any of these is a party; separated by commas.
    #[param(value_type = Option<String>, example = "ptn_8x3k0q2m7t")]
    pub partner: Option<List<Id>>,
    /// A party is in any of these countries, sixty at most; separated by commas.
    #[param(value_type = Option<String>, example = "NL")]
    pub country: Option<List<Country>>,
    /// There are parties in each of these countries, ten at most; separated by commas.
    #[param(value_type = Option<String>, example = "PL,NL")]
    pub countries: Option<List<Country>>,
    /// A party is of any of these kinds; separated by commas.
    #[param(value_type = Option<String>, example = "university")]
    pub institution_kind: Option<List<PartnerKind>>,
    /// Kinds of tie, separated by commas.
    #[param(value_type = Option<String>, example = "twinning")]
    pub relationship: Option<List<RelationshipType>>,
    /// Kinds of paper, separated by commas.
    #[param(value_type = Option<String>, example = "partnership_agreement")]
    pub instrument: Option<List<InstrumentType>>,
    /// Legal statuses, separated by commas; with `as_of`, on that day.
    #[param(value_type = Option<String>, example = "in_force")]
    pub status: Option<List<LegalStatus>>,
    /// How well the status is known; separated by commas.
    #[param(value_type = Option<String>, example = "presumed")]
    pub status_basis: Option<List<StatusBasis>>,
    /// How much life there is in it; separated by commas.
    #[param(value_type = Option<String>, example = "active")]
    pub activity_level: Option<List<ActivityLevel>>,
    /// It names any of these fields; separated by commas.
    #[param(value_type = Option<String>, example = "youth")]
    pub field: Option<List<FieldOfCooperation>>,
    /// All parties are in this network today: with a live membership as member (suspended or not) or
    /// observer; who has only applied, or has left, does not count.
    #[param(value_type = Option<String>, example = "net_8x3k0q2m7t")]
    pub network: Option<Parsed<Id>>,
    /// Also drafts, or only drafts, of the caller's own office: states separated by commas. Without
    /// it only what is published.
    #[param(value_type = Option<String>, example = "published")]
    pub record_state: Option<List<RecordState>>,
    /// Signed on this date or later (EDTF).
    #[param(value_type = Option<String>, example = "1990")]
    pub signed_from: Option<Parsed<Edtf>>,
    /// Signed on this date or earlier (EDTF).
    #[param(value_type = Option<String>, example = "1999-12")]
    pub signed_to: Option<Parsed<Edtf>>,
    /// Holds until this date or less long (EDTF).
    #[param(value_type = Option<String>, example = "2027-01-31")]
    pub valid_until_to: Option<Parsed<Edtf>>,
    /// As things stood on this day: only what had begun, with the status of that day. `partner`,
    /// `country`, `countries` and `institution_kind` then ask for who was a party on that day.
    #[param(value_type = Option<String>, example = "2021-06-01")]
    pub as_of: Option<Parsed<Day>>,
    /// Whether what dates leave open counts (`possible`, the default) or not (`certain`).
    #[param(value_type = Option<String>, example = "possible", pattern = "^(possible|certain)$")]
    pub r#match: Option<Parsed<Match>>,
    /// Whether every party is an institution.
    pub institutional: Option<bool>,
    /// Whether all parties are in one country.
    pub domestic: Option<bool>,
    /// It needs this attention today, as `/attention` counts it; with `match`, as far as dates say.
    /// What others have changed is seen from the side of `partner`.
    #[param(value_type = Option<String>, example = "expiring")]
    pub attention: Option<Parsed<Attention>>,
    /// It has any of these flaws; separated by commas.
    #[param(value_type = Option<String>, example = "year_only_date")]
    pub quality_flag: Option<List<QualityFlag>>,
    /// Changed at this time or later (RFC 3339): those with a new version, not those that show something
    /// else of other records (the feed tells of these).
    #[param(value_type = Option<String>, example = "2026-01-01T00:00:00Z")]
    pub updated_since: Option<Parsed<Since>>,
}

/// What agreements can be sorted by.
pub const SORTING: Sorting = record_sorting!(
    "agreements",
    "-created_at",
    [
        SortKey::date(
            "signed_on",
            "agreements.signed_asc",
            "agreements.signed_desc",
        ),
        SortKey::text("title", "agreements.sort_key"),
        // The name a reader of the list of partners would try.
        SortKey::text("name", "agreements.sort_key"),
        SortKey::text("status", "agreements.status"),
    ]
);

/// Most countries of which each has to be among the parties: each is looked for by itself.
const MOST_COUNTRIES: usize = 10;

/// More runs than this cost as much as looking at every row.
const MOST_RUNS: usize = 40;

impl AgreementFilter {
    /// 400 for bounds that no date can lie between, and for more countries than are looked for at once.
    pub fn check(&self) -> Result<(), Problem> {
        List::check_length(self.countries.as_ref(), "countries", MOST_COUNTRIES)?;
        List::check_length(self.country.as_ref(), "country", Country::MOST)?;
        let (from, to) = (self.signed_from.as_ref(), self.signed_to.as_ref());
        in_order(("signed_from", from), ("signed_to", to))
    }

    /// The day whose statuses a list is sorted by, when that is another than today's.
    pub fn sorted_as_of(&self, sort: Option<&str>) -> Option<NaiveDate> {
        let mut keys = sort?.split(',');
        let by_status = keys.any(|key| key.trim_start_matches('-') == "status");
        self.day().filter(|_| by_status)
    }

    /// The day that is asked about.
    pub fn day(&self) -> Option<NaiveDate> {
        self.as_of.as_ref().map(|Parsed(Day(day))| *day)
    }

    /// Whether only what is certain counts.
    pub fn certain(&self) -> bool {
        self.r#match.is_some_and(|Parsed(read)| read.is_certain())
    }

    /// What has to hold of a party `p`, as SQL: each of at least one.
    pub(super) fn asked_parties(&self) -> Vec<Condition> {
        let among = |set: Condition| Condition::new("p.partner_id IN ").then(set);
        let named = self.partner.iter();
        let named = named.map(|ids| among(reference::standing_for(&ids.0)));
        let of = "(SELECT q.id FROM partners q WHERE q.country IN ";
        let any = self.country.iter().map(|any| any.0.as_slice());
        let each = self.countries.iter().flat_map(|each| each.0.chunks(1));
        let countries = any.chain(each);
        let there = countries.map(|those| among(Condition::new(of).texts(those).sql(")")));
        // Most partners are of one kind, and few parties are looked at.
        let of = "EXISTS (SELECT 1 FROM partners q WHERE q.id = p.partner_id AND q.kind IN ";
        let kinds = self.institution_kind.iter();
        let kinds = kinds.map(|any| Condition::new(of).texts(&any.0).sql(")"));
        named.chain(there).chain(kinds).collect()
    }

    /// The rows the filter lets through, along the table that is kept for lists by country, when it asks for
    /// what that keeps.
    pub fn runs(&self, viewer: &Viewer, today: NaiveDate) -> Option<Runs> {
        let countries = &self.country.as_ref()?.0;
        if self.q.is_some() || self.as_of.is_some() || self.record_state.is_some() {
            return None;
        }
        let statuses = self.status.as_ref().map(|list| list.0.as_slice());
        let statuses = statuses.unwrap_or(LegalStatus::VARIANTS);
        let countries: BTreeSet<&Country> = countries.iter().collect();
        let statuses: BTreeSet<&LegalStatus> = statuses.iter().collect();
        if countries.len() * statuses.len() > MOST_RUNS {
            return None;
        }
        let rest = Self {
            country: None,
            status: None,
            ..self.clone()
        };
        let listed = "l.agreement_id = agreements.id AND l.country = ? \
                      AND l.record_state = 'published' AND l.status = ?";
        let run = |country: &Country, status: &LegalStatus| {
            Condition::of(listed, [country.as_str().into(), status.code().into()])
        };
        Some(Runs {
            from: "agreement_listing l CROSS JOIN agreements",
            row: "l.agreement_id",
            orders: &[
                ("signed_on", true, Some("l.signed_desc")),
                // Agreements are numbered as they are recorded.
                ("created_at", true, None),
                ("created_at", false, None),
            ],
            runs: countries
                .iter()
                .flat_map(|country| statuses.iter().map(|status| run(country, status)))
                .collect(),
            rest: rest.condition_of(viewer, today, true),
        })
    }

    /// The rows the filter lets through, apart from `q`.
    pub fn condition(&self, viewer: &Viewer, today: NaiveDate) -> Condition {
        let chosen = self.q.is_some()
            || self.partner.is_some()
            || self.country.is_some()
            || self.countries.is_some()
            || self.network.is_some();
        self.condition_of(viewer, today, chosen)
    }

    /// The same, where more than the kind of a party may have `chosen` few of the rows.
    fn condition_of(&self, viewer: &Viewer, today: NaiveDate, chosen: bool) -> Condition {
        let driven = chosen || self.institution_kind.is_some();
        let mut c = viewer.states("agreements", self.record_state.as_ref(), driven);
        c = self.parties(c, chosen);
        c = self.own(c);
        if let Some(Parsed(code)) = &self.attention {
            let own = self.partner.iter().flat_map(|list| &list.0);
            let own: Vec<&PublicId> = own.map(|id| &id.0).collect();
            let needs = attention::condition(*code, today, self.certain(), &own);
            c = c.sql(" AND (").then(needs).sql(")");
        }
        self.dates(c)
    }

    fn parties(&self, mut c: Condition, chosen: bool) -> Condition {
        let has_party = " AND agreements.id IN (SELECT p.agreement_id FROM agreement_parties p \
                         WHERE p.partner_id IN ";
        let listed =
            " AND agreements.id IN (SELECT l.agreement_id FROM agreement_listing l WHERE l.country";
        if let Some(partners) = &self.partner {
            let partners = reference::standing_for(&partners.0);
            c = c.sql(has_party).then(partners).sql(")");
        }
        if let Some(countries) = &self.country {
            c = c.sql(format!("{listed} IN ")).texts(&countries.0);
            if let (Some(statuses), None, None) = (&self.status, &self.as_of, &self.record_state) {
                c = c
                    .sql(" AND l.record_state = 'published' AND l.status IN ")
                    .texts(&statuses.0);
            }
            c = c.sql(")");
        }
        for country in self.countries.iter().flat_map(|list| &list.0) {
            let country = country.as_str();
            c = c.sql(format!("{listed} = ")).text(country).sql(")");
        }
        // Most partners are of one kind: of what is chosen already each agreement is looked at.
        let of_kind = if chosen {
            " AND EXISTS (SELECT 1 FROM agreement_parties p CROSS JOIN partners q \
             WHERE p.agreement_id = agreements.id AND q.id = p.partner_id AND q.kind IN "
        } else {
            " AND agreements.id IN (SELECT p.agreement_id FROM partners q \
             CROSS JOIN agreement_parties p WHERE p.partner_id = q.id AND q.kind IN "
        };
        c = c.then(List::within(self.institution_kind.as_ref(), of_kind, ")"));
        if let Some(Parsed(network)) = &self.network {
            let members = reference::members_of([network]);
            let has_other = ") AND NOT EXISTS (SELECT 1 FROM agreement_parties p \
                             WHERE p.agreement_id = agreements.id AND p.partner_id NOT IN ";
            c = c.sql(has_party).then(members.clone());
            c = c.sql(has_other).then(members).sql(")");
        }
        for (column, asked) in [
            ("institutional", self.institutional),
            ("domestic", self.domestic),
        ] {
            if let Some(asked) = asked {
                let truth = if asked { "TRUE" } else { "FALSE" };
                c = c.sql(format!(" AND agreements.{column} = {truth}"));
            }
        }
        c
    }

    fn own(&self, mut c: Condition) -> Condition {
        let tie = List::condition(self.relationship.as_ref(), "agreements.relationship");
        let paper = List::condition(self.instrument.as_ref(), "agreements.instrument");
        let basis = List::condition(self.status_basis.as_ref(), "agreements.status_basis");
        let level = List::condition(self.activity_level.as_ref(), "agreements.activity_level");
        c = c.then(tie).then(paper).then(basis).then(level);
        if let Some(list) = &self.field {
            c = c.sql(any_code("agreements.fields", &list.0));
        }
        if let Some(list) = &self.quality_flag {
            c = c.sql(any_code("agreements.quality_flags", &list.0));
        }
        let (of, statuses) = (SubjectKind::Agreements, self.status.as_ref());
        c.then(periods::of_status(of, statuses, self.day(), self.certain()))
    }

    fn dates(&self, mut c: Condition) -> Condition {
        if self.signed_from.is_some() || self.signed_to.is_some() {
            c = c.sql(" AND agreements.signed_on IS NOT NULL");
        }
        let (first, last) = attention::bounds("signed", self.certain());
        if let Some(from) = self.signed_from.as_ref().and_then(|date| date.0.earliest()) {
            c = c.sql(format!(" AND {first} >= ")).day(from);
        }
        if let Some(to) = self.signed_to.as_ref().and_then(|date| date.0.latest()) {
            c = c.sql(format!(" AND {last} <= ")).day(to);
        }
        if let Some(Parsed(until)) = &self.valid_until_to {
            c = c.sql(" AND agreements.valid_until IS NOT NULL");
            let (_, last) = attention::bounds("valid_until", self.certain());
            if let Some(until) = until.latest() {
                c = c.sql(format!(" AND {last} <= ")).day(until);
            }
        }
        c.then(Since::condition(self.updated_since.as_ref(), "agreements"))
    }
}
