//! Counts in JSON.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::country::Country;

/// How many records have this code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Count {
    /// A code of the vocabulary that is counted by, or a country.
    #[schema(example = "in_force")]
    pub code: String,
    /// How many records have it.
    #[schema(example = 12, minimum = 0)]
    pub count: i64,
}

/// How many agreements were signed in a decade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DecadeCount {
    /// The first year of the decade.
    #[schema(example = 1990)]
    pub decade: i32,
    /// How many agreements were signed in it.
    #[schema(example = 7, minimum = 0)]
    pub count: i64,
}

/// How many records of each collection are counted.
#[serde_with::skip_serializing_none]
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Totals {
    /// Partners.
    #[schema(example = 60, minimum = 0)]
    pub partners: i64,
    /// Agreements.
    #[schema(example = 48, minimum = 0)]
    pub agreements: i64,
    /// Networks.
    #[schema(example = 9, minimum = 0)]
    pub networks: i64,
    /// Memberships, past ones included.
    #[schema(example = 11, minimum = 0)]
    pub memberships: i64,
    /// Activities.
    #[schema(example = 20, minimum = 0)]
    pub activities: i64,
    /// Sources; absent when only some countries are counted, for a source has no country.
    #[schema(example = 35, minimum = 0)]
    pub sources: Option<i64>,
}

/// Counts of partners.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartnerStats {
    /// By country, the most first.
    pub by_country: Vec<Count>,
    /// By kind.
    pub by_kind: Vec<Count>,
}

/// Counts of agreements.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgreementStats {
    /// By country of a party, the most first. An agreement counts once for each of its countries.
    pub by_country: Vec<Count>,
    /// By legal status: today's, or that of the day asked about.
    pub by_status: Vec<Count>,
    /// By kind of tie.
    pub by_relationship: Vec<Count>,
    /// By sort of paper.
    pub by_instrument: Vec<Count>,
    /// By decade of the signature, the oldest first. A date that is not known to the day counts
    /// with its earliest one.
    pub by_decade: Vec<DecadeCount>,
    /// Agreements without a signature, or with one whose earliest day is not known.
    #[schema(example = 3, minimum = 0)]
    pub decade_unknown: i64,
}

/// Counts of networks or of activities.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct KindStats {
    /// By kind.
    pub by_kind: Vec<Count>,
}

/// How many published records there are, by what matters about them. Codes nothing has are left out.
#[serde_with::skip_serializing_none]
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stats {
    /// The day the statuses are those of; absent for today.
    #[schema(example = "2019-01-01")]
    pub as_of: Option<NaiveDate>,
    /// The countries that are counted; absent for all.
    pub countries: Option<Vec<Country>>,
    /// How many there are of each collection.
    pub totals: Totals,
    /// Partners.
    pub partners: PartnerStats,
    /// Agreements.
    pub agreements: AgreementStats,
    /// Networks.
    pub networks: KindStats,
    /// Activities.
    pub activities: KindStats,
}
