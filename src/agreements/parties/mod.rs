//! The parties of agreements.

mod check;
mod store;
mod view;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::edtf::{DateRange, Edtf};
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::vocabulary::agreement::{Acknowledgement, PartyRole};
use crate::core::vocabulary::lifecycle::ParticipationStatus;
use crate::partners::PartnerRef;

pub use check::{check, resolve};
pub use store::{PartyRow, Predecessors, add, join, keys, predecessors, rows, said_after, store};
pub use view::{of_agreements, party_view, reciprocity};

/// A party as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"partner_id": "ptn_8x3k0q2m7t"}))]
pub struct PartyIn {
    /// The partner.
    #[schema(required = true, nullable = false, example = "ptn_8x3k0q2m7t")]
    pub partner_id: Option<String>,
    /// What it is to the agreement; `partner` when absent.
    pub role: Option<Checked<PartyRole>>,
    /// Where it stands; follows from the agreement's status when absent.
    pub participation: Option<Checked<ParticipationStatus>>,
    /// When it signed.
    pub signed_on: Option<Checked<Edtf>>,
    /// When it joined.
    pub acceded_on: Option<Checked<Edtf>>,
    /// When it left.
    pub withdrew_on: Option<Checked<Edtf>>,
    /// What it was called in the paper.
    #[schema(min_length = 1, max_length = 200)]
    pub name_at_signing: Option<String>,
    /// What it says of the agreement itself; `unknown` when absent.
    pub acknowledgement: Option<Checked<Acknowledgement>>,
    /// Who signed for it.
    #[schema(max_items = 20)]
    pub signatories: Option<Vec<SignatoryIn>>,
}

/// A signatory as it is sent.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatoryIn {
    /// The office, as printed.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "President of the City"
    )]
    pub office: Option<String>,
    /// The person.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// In what capacity, where that differs from the office.
    #[schema(min_length = 1, max_length = 200)]
    pub signed_as: Option<String>,
}

/// Who signed for a party. The person's name and capacity are shown on the agreement itself only.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signatory {
    /// The office, as printed.
    #[schema(example = "President of the City")]
    pub office: String,
    /// The person.
    pub name: Option<String>,
    /// In what capacity.
    pub signed_as: Option<String>,
}

/// A party of an agreement.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Party {
    /// The partner's internal key.
    #[serde(skip)]
    #[schema(ignore)]
    pub key: i64,
    /// The internal key of the partner's host.
    #[serde(skip)]
    #[schema(ignore)]
    pub host: Option<i64>,
    /// The partner.
    pub partner: PartnerRef,
    /// The bodies that stand in its place today, once it is dissolved and has successors.
    pub partner_today: Option<Vec<PartnerRef>>,
    /// What it is to the agreement.
    pub role: PartyRole,
    /// Where it stands.
    pub participation: ParticipationStatus,
    /// When it signed.
    pub signed_on: Option<Edtf>,
    /// The days that can mean.
    pub signed_on_range: Option<DateRange>,
    /// When it joined.
    pub acceded_on: Option<Edtf>,
    /// The days that can mean.
    pub acceded_on_range: Option<DateRange>,
    /// When it left.
    pub withdrew_on: Option<Edtf>,
    /// The days that can mean.
    pub withdrew_on_range: Option<DateRange>,
    /// What it was called in the paper.
    pub name_at_signing: Option<String>,
    /// What it says of the agreement itself.
    pub acknowledgement: Acknowledgement,
    /// Who signed for it.
    pub signatories: Option<Vec<Signatory>>,
}

/// A party whose values are right.
#[derive(Debug, Clone)]
pub struct NewParty {
    /// Where it stands in what was sent.
    pub(crate) at: String,
    pub(crate) partner: PublicId,
    pub(crate) role: PartyRole,
    pub(crate) participation: Option<ParticipationStatus>,
    pub(crate) signed_on: Option<Edtf>,
    pub(crate) acceded_on: Option<Edtf>,
    pub(crate) withdrew_on: Option<Edtf>,
    pub(crate) name_at_signing: Option<String>,
    pub(crate) acknowledgement: Acknowledgement,
    pub(crate) signatories: Vec<Signatory>,
}
