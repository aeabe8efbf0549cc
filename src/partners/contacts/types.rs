//! Contacts in JSON.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::changes::Meta;
use crate::core::ids::PublicId;
use crate::core::issue::Checked;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::partner::ContactVisibility;

/// What a contact is recorded with, and what a patch changes. At least one of `email`, `phone` and
/// `url`.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit": "International relations office", "email": "twinning@example.org", "phone": "+48 85 869 60 00", "languages": ["pl", "en"], "verified_on": "2026-11-24"}))]
pub struct ContactIn {
    /// The office, as it calls itself.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 200,
        example = "International relations office"
    )]
    pub unit: Option<String>,
    /// Its e-mail address; that of an office unless the contact is personal.
    #[schema(min_length = 3, max_length = 254, example = "twinning@example.org")]
    pub email: Option<String>,
    /// Its telephone number with the country's code; kept without blanks.
    #[schema(max_length = 40, example = "+48 85 869 60 00")]
    pub phone: Option<String>,
    /// Its page or form.
    #[schema(pattern = "^https?://", max_length = 2000)]
    pub url: Option<String>,
    /// The languages (BCP 47) in which one may write.
    #[schema(value_type = Option<Vec<LanguageTag>>, max_items = 20)]
    pub languages: Option<Vec<Checked<LanguageTag>>>,
    /// Whether it is the address of a person instead of an office; without it, no.
    pub is_personal: Option<bool>,
    /// Who may see it; without it, everyone, and a personal one the own office only. A personal
    /// contact is never public.
    pub visibility: Option<Checked<ContactVisibility>>,
    /// The day on which somebody last made sure that it is right.
    #[schema(value_type = Option<NaiveDate>, example = "2026-11-24")]
    pub verified_on: Option<String>,
    /// The person; of personal contacts only.
    #[schema(min_length = 1, max_length = 200)]
    pub person_name: Option<String>,
    /// The day on which the person agreed; needed by personal contacts, and of these only.
    #[schema(value_type = Option<NaiveDate>, example = "2026-11-24")]
    pub consent_given_on: Option<String>,
    /// How the person agreed; of personal contacts only.
    #[schema(min_length = 1, max_length = 500)]
    pub consent_note: Option<String>,
    /// The last day for which the consent holds: at most two years after it was given, and without
    /// it one year. Of personal contacts only.
    #[schema(value_type = Option<NaiveDate>, example = "2027-11-24")]
    pub expires_on: Option<String>,
}

/// Whom to write to at a partner.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactView {
    /// Its id.
    #[schema(example = "con_8x3k0q2m7t")]
    pub id: PublicId,
    /// The partner.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub partner_id: PublicId,
    /// The office, as it calls itself.
    #[schema(example = "International relations office")]
    pub unit: String,
    /// Its e-mail address.
    #[schema(example = "twinning@example.org")]
    pub email: Option<String>,
    /// Its telephone number with the country's code (E.164).
    #[schema(example = "+48858696000")]
    pub phone: Option<String>,
    /// Its page or form.
    pub url: Option<String>,
    /// The languages (BCP 47) in which one may write.
    pub languages: Vec<LanguageTag>,
    /// Whether it is the address of a person instead of an office.
    pub is_personal: bool,
    /// Who may see it.
    pub visibility: ContactVisibility,
    /// The day on which somebody last made sure that it is right.
    pub verified_on: Option<NaiveDate>,
    /// The person.
    pub person_name: Option<String>,
    /// The day on which the person agreed.
    pub consent_given_on: Option<NaiveDate>,
    /// How the person agreed.
    pub consent_note: Option<String>,
    /// The last day for which the consent holds.
    pub expires_on: Option<NaiveDate>,
    /// Curation and authorship.
    #[serde(flatten)]
    pub meta: Meta,
}
