//! Settings of single sign-on: whose tokens are believed, and what they open.

use std::net::IpAddr;
use std::str::FromStr;

use actix_web::http::Uri;
use clap::Args;

use crate::core::author::Author;
use crate::core::parse_error::ParseError;
use crate::core::vocabulary::record::Role;

/// Whose tokens are believed (`OpenID` Connect), and which groups of theirs may do what.
#[derive(Debug, Clone, Args)]
pub struct OidcConfig {
    /// Identity provider whose tokens are believed, exactly as its tokens write it in `iss`
    #[arg(long, env = "TWINCITY_OIDC_ISSUER", value_parser = issuer)]
    pub oidc_issuer: Option<String>,

    /// What tokens meant for this registry carry in `aud`; needed with the issuer
    #[arg(long, env = "TWINCITY_OIDC_AUDIENCE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub oidc_audience: Option<String>,

    /// Where the issuer's keys are [default: as its /.well-known/openid-configuration says]
    #[arg(long, env = "TWINCITY_OIDC_JWKS_URL", value_parser = address)]
    pub oidc_jwks_url: Option<String>,

    /// Claim that holds the groups or roles of a person; dots lead into objects
    #[arg(long, env = "TWINCITY_OIDC_ROLES_CLAIM", default_value = "twincity_roles", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub oidc_roles_claim: String,

    /// What groups may do, separated by commas: `GROUP=editor@ptn_…`, `GROUP=registrar`
    #[arg(long, env = "TWINCITY_OIDC_ROLES", value_delimiter = ',')]
    pub oidc_roles: Vec<RoleRule>,

    /// Also believe groups that are called like roles (`registrar`, `editor@ptn_…`) without a mapping
    #[arg(long, env = "TWINCITY_OIDC_TRUST_ROLES")]
    pub oidc_trust_roles: bool,
}

impl Default for OidcConfig {
    fn default() -> Self {
        super::defaults()
    }
}

impl OidcConfig {
    /// Issuer and audience, when tokens are believed at all; refuses settings that don't go together.
    pub fn believed(&self) -> Result<Option<(&str, &str)>, ParseError> {
        let refused = |message: &str| Err(ParseError::new("incomplete", message));
        match (&self.oidc_issuer, &self.oidc_audience) {
            (Some(issuer), Some(audience)) => {
                if self.oidc_roles.is_empty() && !self.oidc_trust_roles {
                    return refused(
                        "TWINCITY_OIDC_ISSUER needs TWINCITY_OIDC_ROLES (or TWINCITY_OIDC_TRUST_ROLES), or nobody could do anything",
                    );
                }
                Ok(Some((issuer, audience)))
            }
            (Some(_), None) => refused("TWINCITY_OIDC_ISSUER needs TWINCITY_OIDC_AUDIENCE"),
            (None, None) if self.oidc_jwks_url.is_none() && self.oidc_roles.is_empty() => Ok(None),
            (None, _) => refused(
                "TWINCITY_OIDC_AUDIENCE, TWINCITY_OIDC_JWKS_URL and TWINCITY_OIDC_ROLES need TWINCITY_OIDC_ISSUER",
            ),
        }
    }
}

/// What the members of a group may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    /// The group, as the claim writes it.
    pub group: String,
    /// The role, and the office it is for.
    pub grants: Author,
}

impl FromStr for RoleRule {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // A role holds no `=`, a group may.
        let (group, role) = text
            .rsplit_once('=')
            .map(|(group, role)| (group.trim(), role.trim()))
            .filter(|(group, _)| !group.is_empty())
            .ok_or_else(|| {
                ParseError::new(
                    "shape",
                    "must be GROUP=ROLE, such as partnerships=editor@ptn_8x3k0q2m7t",
                )
            })?;
        Ok(Self {
            group: group.to_owned(),
            grants: role_of(role)?,
        })
    }
}

/// A role as settings and tokens write it: `registrar`, `admin`, `editor@ptn_…`, `approver@ptn_…`.
pub fn role_of(text: &str) -> Result<Author, ParseError> {
    text.parse::<Author>()
        .ok()
        .filter(|author| match author.role() {
            Role::Editor | Role::Approver => author.organisation().is_some(),
            Role::Registrar | Role::Admin => author.organisation().is_none(),
        })
        .ok_or_else(|| {
            ParseError::new(
                "unknown_role",
                "a role is registrar, admin, editor@ptn_… or approver@ptn_… with the id of the office's partner",
            )
        })
}

/// The name of an issuer is an address without a query (`OpenID` Connect Discovery, section 3).
fn issuer(text: &str) -> Result<String, String> {
    let text = address(text)?;
    if text.contains('?') {
        return Err("must be an address without a query".to_owned());
    }
    Ok(text)
}

fn address(text: &str) -> Result<String, String> {
    let text = text.trim();
    if is_trustworthy(text) {
        Ok(text.to_owned())
    } else {
        Err("must be an https address without user or fragment (http is allowed on the loopback address only)".to_owned())
    }
}

/// Whether what comes from this address can't be changed on its way: https, or this machine.
pub fn is_trustworthy(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let Some(host) = uri.host().filter(|host| !host.is_empty()) else {
        return false;
    };
    !address.contains(['@', '#'])
        && match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_loopback(host),
            _ => false,
        }
}

/// Whether this host is the machine itself.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_reached_by_https_or_on_this_machine() {
        for (address, right) in [
            ("https://id.example.org/realms/city", true),
            ("https://id.example.org", true),
            ("http://127.0.0.1:8180/realms/city", true),
            ("http://localhost:8180", true),
            ("http://[::1]:8180", true),
            ("http://id.example.org", false),
            ("http://127.0.0.1.example.org", false),
            ("https://user@id.example.org", false),
            ("https://id.example.org/?realm=city", false),
            ("https://id.example.org/#city", false),
            ("file:///etc/passwd", false),
            ("id.example.org", false),
            ("", false),
        ] {
            assert_eq!(issuer(address).is_ok(), right, "{address}");
        }
    }

    #[test]
    fn a_mapping_names_a_group_and_a_whole_role() {
        let rule: RoleRule = "/Urząd=BKM = editor@ptn_8x3k0q2m7t".parse().unwrap();
        assert_eq!(rule.group, "/Urząd=BKM");
        assert_eq!(rule.grants.as_str(), "editor@ptn_8x3k0q2m7t");
        for wrong in [
            "registrar",
            "=registrar",
            "group=",
            "group=editor",
            "group=king",
            "group=registrar@ptn_8x3k0q2m7t",
            "group=editor@agr_8x3k0q2m7t",
        ] {
            assert!(wrong.parse::<RoleRule>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn settings_that_do_not_go_together_are_refused() {
        let (issuer, audience) = (
            Some("https://id.example.org".to_owned()),
            Some("x".to_owned()),
        );
        let with =
            |oidc_issuer: &Option<String>, oidc_audience: &Option<String>, trust| OidcConfig {
                oidc_issuer: oidc_issuer.clone(),
                oidc_audience: oidc_audience.clone(),
                oidc_trust_roles: trust,
                ..OidcConfig::default()
            };
        assert_eq!(with(&None, &None, false).believed(), Ok(None));
        let both = with(&issuer, &audience, true);
        assert_eq!(both.believed(), Ok(Some(("https://id.example.org", "x"))));
        assert!(with(&issuer, &None, true).believed().is_err());
        assert!(with(&None, &audience, true).believed().is_err());
        assert!(with(&issuer, &audience, false).believed().is_err());
    }
}
