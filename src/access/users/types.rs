//! Users in JSON.

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::store::{self, NewUser, UserRow};
use crate::access::organisations;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::{Checked, Issues};
use crate::core::vocabulary::record::Role;
use crate::db::DbConn;
use crate::html::lang::Lang;
use crate::http::validate;

/// A role in an office, as it is sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeRoleIn {
    /// The office: its partner's id.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub organisation_id: String,
    /// `editor` or `approver`.
    #[schema(value_type = Role, example = "editor")]
    pub role: Checked<Role>,
}

/// A user as it is sent.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserIn {
    /// The address to log in with and to write to.
    #[schema(example = "office@example.org", max_length = 254)]
    pub email: Option<String>,
    /// What the person, or the post, is called.
    #[schema(
        example = "International relations office",
        min_length = 1,
        max_length = 200
    )]
    pub name: Option<String>,
    /// The language of mail: `en` or `pl`.
    #[schema(example = "en")]
    pub lang: Option<String>,
    /// The first password; only when the user is made. Without one an invitation goes out.
    #[schema(min_length = 12, max_length = 200)]
    pub password: Option<String>,
    /// `registrar` or `admin`.
    #[schema(value_type = Option<Role>, inline = false)]
    pub registry_role: Option<Checked<Role>>,
    /// The roles in offices.
    pub roles: Option<Vec<OfficeRoleIn>>,
    /// False locks the user out.
    pub active: Option<bool>,
}

/// A role in an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeRole {
    /// The office: its partner's id.
    #[schema(example = "ptn_8x3k0q2m7t")]
    pub organisation_id: PublicId,
    /// `editor` or `approver`.
    #[schema(example = "editor")]
    pub role: Role,
}

/// A user.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserView {
    /// The id.
    #[schema(example = "usr_8x3k0q2m7t")]
    pub id: PublicId,
    /// The address.
    #[schema(example = "office@example.org")]
    pub email: Option<String>,
    /// What the person, or the post, is called.
    #[schema(example = "International relations office")]
    pub name: String,
    /// The language of mail.
    #[schema(example = "en")]
    pub lang: String,
    /// The role for the registry as a whole.
    #[schema(inline = false)]
    pub registry_role: Option<Role>,
    /// The roles in offices.
    pub roles: Vec<OfficeRole>,
    /// Whether the user may log in.
    pub active: bool,
    /// Whether a password is set: not yet, while the invitation is open.
    pub has_password: bool,
    /// Whether the user comes from the city's identity provider.
    pub single_sign_on: bool,
    /// Its version, from 1; the ETag.
    #[schema(minimum = 1, example = 1)]
    pub version: i32,
    /// When it was made.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub updated_at: DateTime<Utc>,
}

/// These users as callers see them.
pub fn views(conn: &mut DbConn, rows: Vec<UserRow>) -> QueryResult<Vec<UserView>> {
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let all = store::roles(conn, &keys)?;
    Ok(rows
        .into_iter()
        .map(|row| UserView {
            roles: all
                .iter()
                .filter(|(user, _, _)| *user == row.id)
                .map(|(_, office, role)| OfficeRole {
                    organisation_id: office.clone(),
                    role: *role,
                })
                .collect(),
            id: row.public_id,
            email: row.email,
            name: row.name,
            lang: row.lang,
            registry_role: row.registry_role,
            active: row.active,
            has_password: row.password.is_some(),
            single_sign_on: row.oidc_issuer.is_some(),
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
        .collect())
}

/// The names of the offices a user belongs to.
pub fn offices(conn: &mut DbConn, user: &UserRow) -> QueryResult<Vec<String>> {
    let all = organisations::store::all(conn)?;
    let roles = store::roles(conn, &[user.id])?;
    let of = |id: &PublicId| all.iter().find(|office| office.view.id == *id);
    let own = roles.iter().filter_map(|(_, office, _)| of(office));
    Ok(own.map(|office| office.view.name.clone()).collect())
}

/// An address in the form users are found by: wide and other compatible letters as the usual ones, in
/// lower case.
pub fn canonical_email(given: &str) -> String {
    given.trim().nfkc().collect::<String>().to_lowercase()
}

/// Whether a character of an address can't be mistaken for another: ASCII and the letters of languages
/// written in Latin script. A Cyrillic `а` would give one address to two users, as readers see it.
fn is_plain(c: char) -> bool {
    c.is_ascii_graphic()
        || matches!(c, '\u{df}'..='\u{f6}' | '\u{f8}'..='\u{130}' | '\u{132}'..='\u{137}'
            | '\u{139}'..='\u{148}' | '\u{14a}'..='\u{17e}' | '\u{219}' | '\u{21b}')
}

/// An address in lower case, as users are found by it.
pub fn email(at: &str, given: &str, issues: &mut Issues) -> Option<String> {
    let text = canonical_email(given);
    if !text.chars().all(is_plain) {
        issues.add(
            at,
            "invalid_email",
            "must be written in Latin letters, without hidden characters; a domain in others as xn--…",
        );
        return None;
    }
    if !validate::is_email(&text) {
        let rule = "must be an address of mail such as office@example.org";
        issues.add(at, "invalid_email", rule);
        return None;
    }
    Some(text)
}

/// The language of mail.
pub fn lang(at: &str, given: Option<String>, issues: &mut Issues) -> String {
    let lang = given.unwrap_or_else(|| Lang::default().to_string());
    if lang.parse::<Lang>().is_err() {
        issues.add(at, "unknown_code", "must be en or pl");
    }
    lang
}

/// Checks every field; what is wrong goes to `issues`. Those from an identity provider may have no address.
pub fn check(
    conn: &mut DbConn,
    input: UserIn,
    may_lack_email: bool,
    issues: &mut Issues,
) -> QueryResult<Option<NewUser>> {
    let email = match input.email {
        None if may_lack_email => Some(None),
        given => issues
            .require("/email", given)
            .map(|given| email("/email", &given, issues)),
    };
    let name = validate::required_text("/name", input.name, 200, issues);
    let lang = lang("/lang", input.lang, issues);
    let registry_role = issues.take("/registry_role", input.registry_role);
    if registry_role.is_some_and(|role| role < Role::Registrar) {
        issues.add(
            "/registry_role",
            "unknown_code",
            "must be registrar or admin; editors and approvers belong to an office, in roles",
        );
    }
    let mut roles: Vec<(i64, Role)> = Vec::new();
    for (index, given) in input.roles.unwrap_or_default().into_iter().enumerate() {
        let role = issues.take(&format!("/roles/{index}/role"), Some(given.role));
        if role.is_some_and(|role| role > Role::Approver) {
            issues.add(
                format!("/roles/{index}/role"),
                "unknown_code",
                "must be editor or approver; registrar and admin are a registry_role",
            );
        }
        let at = format!("/roles/{index}/organisation_id");
        let id = validate::id(&at, Some(given.organisation_id), Kind::Partner, issues);
        let Some(id) = id else { continue };
        match (organisations::store::find(conn, &id)?, role) {
            (Some(office), Some(_)) if roles.iter().any(|(known, _)| *known == office.id) => {
                issues.add(at, "repeated", "one role in an office is enough");
            }
            (Some(office), role) => roles.extend(role.map(|role| (office.id, role))),
            (None, _) => {
                let rule = format!("the partner {id} has no office");
                issues.add(at, "unknown_reference", rule);
            }
        }
    }
    Ok(email.zip(name).map(|(email, name)| NewUser {
        email,
        name,
        lang,
        registry_role,
        roles: Some(roles),
        active: input.active.unwrap_or(true),
    }))
}
