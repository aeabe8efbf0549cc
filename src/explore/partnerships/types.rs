//! Partnerships in JSON.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::core::edtf::{DateRange, Edtf};
use crate::core::geo::Point;
use crate::core::ids::PublicId;
use crate::core::language::Translations;
use crate::core::vocabulary::agreement::{InstrumentType, Reciprocity, RelationshipType};
use crate::core::vocabulary::lifecycle::LegalStatus;
use crate::partners::PartnerRef;

/// A time at which something bound two partners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spell {
    /// When it began.
    pub since: Edtf,
    /// When it ended; none while it lasts.
    pub until: Option<Edtf>,
}

/// An agreement that belongs to a partnership.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PartnershipAgreement {
    /// Its id.
    #[schema(example = "agr_8x3k0q2m7t")]
    pub id: PublicId,
    /// Its title by language (BCP 47).
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>, example = json!({"en": "Białystok – Hrodna (2018)"}))]
    pub title: Option<Translations>,
    /// What sort of paper it is.
    pub instrument: InstrumentType,
    /// What kind of tie it makes.
    pub relationship: RelationshipType,
    /// Its legal status: today's, or that of the day asked about.
    pub status: LegalStatus,
    /// Since when.
    pub status_since: Edtf,
    /// When it was signed.
    pub signed_on: Option<Edtf>,
    /// The days that can mean.
    pub signed_on_range: Option<DateRange>,
    /// The day on which it was recorded: for pages.
    #[serde(skip)]
    #[schema(ignore)]
    pub recorded_on: NaiveDate,
}

/// The partner whose partnerships are shown.
#[derive(Debug, Clone)]
pub struct Own {
    /// Its id.
    pub id: PublicId,
    /// Where it is.
    pub place: Option<Point>,
}

/// The relationship of a partner with another one, computed from their agreements.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct PartnershipView {
    /// The other partner.
    pub counterpart: PartnerRef,
    /// The bodies that stand in its place today, once it is dissolved and has successors.
    pub counterpart_today: Option<Vec<PartnerRef>>,
    /// Where the other partner is: for maps.
    #[serde(skip)]
    #[schema(ignore)]
    pub place: Option<Point>,
    /// The partner whose partnership it is: for maps and graphs.
    #[serde(skip)]
    #[schema(ignore)]
    pub own: Own,
    /// Where the tie stands: the strongest status among its agreements (in force, suspended,
    /// signed, approved, proposed), or that of the one that ended last.
    #[schema(example = "in_force")]
    pub status: LegalStatus,
    /// Since when; absent when nobody knows.
    pub status_since: Option<Edtf>,
    /// When the first agreement of the two began, renewed and replaced ones included.
    pub since: Edtf,
    /// The days that can mean.
    pub since_range: DateRange,
    /// The closest kind of tie among the agreements that give it its status.
    #[schema(example = "twinning")]
    pub relationship: RelationshipType,
    /// Whether the two say the same of their tie.
    pub reciprocity: Reciprocity,
    /// Kilometres between them, when both places are known.
    #[schema(example = 79.4, minimum = 0)]
    pub distance_km: Option<f64>,
    /// Days of the longest time without any agreement between the end of one and the beginning of
    /// the next; absent when there was none or the days are not known.
    #[schema(example = 420, minimum = 1)]
    pub longest_gap_days: Option<i64>,
    /// Whether it is so however the dates are read: for pages.
    #[serde(skip)]
    #[schema(ignore)]
    pub certain: bool,
    /// The times at which something bound them: for pages.
    #[serde(skip)]
    #[schema(ignore)]
    pub spells: Vec<Spell>,
    /// When the last activity began that both took part in.
    pub last_activity_on: Option<Edtf>,
    /// Their agreements, the oldest first. One of three or more parties counts for each two of
    /// them; one that was replaced when a party gave way to its successor belongs to the successor
    /// too.
    pub agreements: Vec<PartnershipAgreement>,
}
