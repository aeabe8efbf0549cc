//! From the groups that a token names to what its bearer may do.

use serde_json::{Map, Value};

use crate::config::OidcConfig;
use crate::config::oidc::role_of;
use crate::core::author::Author;

/// What a token's groups may do, each thing once, in the order of the groups.
pub(super) fn granted(config: &OidcConfig, payload: &Map<String, Value>) -> Vec<Author> {
    let mut grants: Vec<Author> = Vec::new();
    for group in groups(payload, &config.oidc_roles_claim) {
        let mapped = config.oidc_roles.iter().filter(|rule| rule.group == group);
        let own = config.oidc_trust_roles.then(|| role_of(group).ok());
        for grant in mapped.map(|rule| rule.grants.clone()).chain(own.flatten()) {
            if !grants.contains(&grant) {
                grants.push(grant);
            }
        }
    }
    grants
}

/// The texts of the claim: a list, or one alone. A claim of the whole name goes before the path its
/// dots would make, because names of claims may be addresses.
fn groups<'a>(payload: &'a Map<String, Value>, claim: &str) -> Vec<&'a str> {
    let found = payload.get(claim).or_else(|| {
        let mut steps = claim.split('.');
        let first = payload.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    });
    match found {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn granted(claim: &str, rules: &[&str], trust: bool, payload: Value) -> Vec<String> {
        let config = OidcConfig {
            oidc_roles_claim: claim.to_owned(),
            oidc_roles: rules.iter().map(|rule| rule.parse().unwrap()).collect(),
            oidc_trust_roles: trust,
            ..OidcConfig::default()
        };
        let payload = payload.as_object().unwrap().clone();
        let grants = super::granted(&config, &payload);
        grants.iter().map(ToString::to_string).collect()
    }

    const EDITOR: &str = "editor@ptn_8x3k0q2m7t";

    #[test]
    fn groups_are_mapped_each_thing_once() {
        let rules = ["bkm=editor@ptn_8x3k0q2m7t", "hq=registrar", "all=registrar"];
        let payload = json!({"twincity_roles": ["bkm", "hq", "all", "else", 7]});
        assert_eq!(
            granted("twincity_roles", &rules, false, payload),
            [EDITOR, "registrar"]
        );
        let one = json!({"twincity_roles": "hq"});
        assert_eq!(granted("twincity_roles", &rules, false, one), ["registrar"]);
    }

    #[test]
    fn a_group_called_like_a_role_opens_nothing_unless_said_so() {
        let payload = || json!({"r": ["admin", EDITOR, "editor", "Admin"]});
        assert_eq!(granted("r", &[], false, payload()), [""; 0]);
        assert_eq!(granted("r", &["admin=admin"], false, payload()), ["admin"]);
        assert_eq!(granted("r", &[], true, payload()), ["admin", EDITOR]);
    }

    #[test]
    fn dots_lead_into_objects_and_names_with_dots_go_first() {
        let rules = ["x=registrar"];
        let nested = json!({"realm_access": {"roles": ["x"]}});
        assert_eq!(
            granted("realm_access.roles", &rules, false, nested),
            ["registrar"]
        );
        let address = json!({"https://city.example/roles": ["x"]});
        assert_eq!(
            granted("https://city.example/roles", &rules, false, address),
            ["registrar"]
        );
        let others = json!({"realm_access": ["x"], "roles": {"x": true}});
        assert_eq!(
            granted("realm_access.roles", &rules, false, others.clone()),
            [""; 0]
        );
        assert_eq!(granted("roles", &rules, false, others), [""; 0]);
    }
}
