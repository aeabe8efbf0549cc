//! Keys in JSON.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::{Key, NewKey};
use crate::access::{Actor, organisations};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::record::{KeyScope, Role};
use crate::db::DbConn;
use crate::http::validate;

/// A key as it is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyIn {
    /// What to call it in lists.
    #[schema(min_length = 1, max_length = 200, example = "nightly import")]
    pub name: Option<String>,
    /// The office it acts for; needed by editors and approvers.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub organisation_id: Option<String>,
    /// What it acts as; a role that its maker has.
    #[schema(value_type = Role, example = "editor")]
    pub role: Option<Checked<Role>>,
    /// What it is limited to; absent: whatever the role may do.
    #[schema(value_type = Option<Vec<KeyScope>>, example = json!(["agreements:write"]))]
    pub scopes: Option<Vec<Checked<KeyScope>>>,
    /// When it stops working.
    #[schema(example = "2027-11-24T00:00:00Z")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A new key.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyMade {
    /// What it is called in lists and in the log of changes.
    #[schema(example = "key_8x3k0q2m7t")]
    pub id: PublicId,
    /// What to send as `Authorization: Bearer`; not shown again.
    #[schema(example = "tck_9FvE0yTq3kQmX2nB7wZcR5sH1dLjPaUgKoVxYi8MeN4")]
    pub key: String,
    /// When it stops working.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key, without its secret.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// The id.
    #[schema(example = "key_8x3k0q2m7t")]
    pub id: PublicId,
    /// What it is called.
    #[schema(example = "nightly import")]
    pub name: String,
    /// What it acts as.
    #[schema(example = "editor")]
    pub role: Role,
    /// The office it acts for.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub organisation_id: Option<PublicId>,
    /// Who it acts as, if it belongs to a user.
    #[schema(example = "usr_8x3k0q2m7t")]
    pub user_id: Option<PublicId>,
    /// What it is limited to.
    pub scopes: Option<Vec<KeyScope>>,
    /// Whether it works now.
    pub valid: bool,
    /// When it was made.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
    /// When it stops working.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to the hour.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub last_used_at: Option<DateTime<Utc>>,
}

impl KeyView {
    pub(super) fn new(key: Key, now: DateTime<Utc>) -> Self {
        Self {
            valid: key.is_valid_at(now),
            scopes: key.scopes.map(|scopes| scopes.0),
            user_id: key.person.filter(|id| id.kind() == Kind::User),
            id: key.public_id,
            name: key.name,
            role: key.role,
            organisation_id: key.organisation,
            created_at: key.created_at.and_utc(),
            expires_at: key.expires_at.map(|time| time.and_utc()),
            revoked_at: key.revoked_at.map(|time| time.and_utc()),
            last_used_at: key.last_used_at.map(|time| time.and_utc()),
        }
    }
}

/// Checks every field; what is wrong goes to `issues`.
pub(super) fn check(
    conn: &mut DbConn,
    input: KeyIn,
    actor: &Actor,
    now: DateTime<Utc>,
    issues: &mut Issues,
) -> QueryResult<Option<NewKey>> {
    let name = validate::required_text("/name", input.name, 200, issues);
    let role = issues.take_required("/role", input.role);
    let organisation = input.organisation_id;
    let organisation = validate::id("/organisation_id", organisation, Kind::Partner, issues);
    if let Some(id) = &organisation
        && organisations::store::find(conn, id)?.is_none()
        && !actor.viewer().offices().any(|own| own == id)
    {
        let rule = format!("the partner {id} has no office");
        issues.add("/organisation_id", "unknown_reference", rule);
    }
    if organisation.is_none() && role.is_some_and(|role| role < Role::Registrar) {
        let rule = "editors and approvers act for an office";
        issues.add("/organisation_id", "required", rule);
    }
    let scopes = input.scopes.map(|given| {
        let most = given.len();
        validate::list("/scopes", Some(given), most, issues, |at, scope, issues| {
            issues.take(at, Some(scope))
        })
    });
    if input.expires_at.is_some_and(|end| end <= now) {
        issues.add("/expires_at", "past", "must be in the future");
    }
    Ok(name.zip(role).map(|(name, role)| NewKey {
        name,
        role,
        organisation,
        expires_at: input.expires_at,
        person: actor.person.clone(),
        scopes,
    }))
}
