//! Anniversaries in JSON.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::http::page::PageInfo;
use crate::partners::PartnerRef;

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The anniversary of a signature.
    Signature,
    /// The last day of a term.
    EndOfTerm,
    /// The day on which it ends by a notice, or by a termination that is decided.
    Termination,
}

/// An agreement as a calendar shows it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarAgreement {
    /// Its id.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub id: PublicId,
    /// Its title, in the language asked for where it has one; made from the parties when it has none.
    #[schema(example = "Białystok – Eindhoven (1992)")]
    pub title: String,
    /// Its legal status today.
    pub status: LegalStatus,
    /// When it was signed.
    pub signed_on: Option<Edtf>,
    /// Until when it holds.
    pub valid_until: Option<Edtf>,
    /// When it ends by a notice that was given, or by a termination that is decided.
    pub terminates_on: Option<Edtf>,
    /// The parties.
    pub parties: Vec<PartnerRef>,
}

/// A day of an agreement.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Anniversary {
    /// The day. What was signed on 29 February is told on the 28th in years without one.
    #[schema(example = "2027-06-25")]
    pub on: NaiveDate,
    /// What it is.
    pub occasion: Occasion,
    /// Of an anniversary, years since the signature.
    #[schema(example = 35)]
    pub years: Option<i32>,
    /// The agreement.
    pub agreement: CalendarAgreement,
}

/// An anniversary of which no day is known.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UndatedAnniversary {
    /// The year it is in.
    #[schema(example = 2027)]
    pub year: i32,
    /// Years since the signature.
    #[schema(example = 35)]
    pub years: i32,
    /// The agreement; `signed_on` says as much of the day as is known.
    pub agreement: CalendarAgreement,
}

/// Anniversaries of signatures, and ends of terms.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct Anniversaries<T> {
    /// The first day that is looked at.
    #[schema(example = "2027-01-01")]
    pub from: NaiveDate,
    /// The last one.
    #[schema(example = "2027-12-31")]
    pub to: NaiveDate,
    /// The days, the earliest first.
    pub data: Vec<T>,
    /// Where to go on.
    pub page: PageInfo,
    /// How many days there are in all, when `count=true` asked for it.
    #[schema(minimum = 0)]
    pub total: Option<i64>,
    /// With `partner`, on the first page: anniversaries of agreements that are known by the year of their
    /// signature, or the month, and no day. They are in no calendar.
    pub undated: Option<Vec<UndatedAnniversary>>,
}
