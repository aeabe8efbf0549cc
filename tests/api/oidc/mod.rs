//! Single sign-on against an identity provider that really answers.

mod attacks;
mod issuer;
mod process;
mod rotation;
mod signer;
mod signing_on;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use twincity::access::oidc::{Claims, TokenError, Verifier};
use twincity::config::OidcConfig;

use crate::support::start_of_time;
use issuer::Issuer;
use signer::Signer;

/// Whether a token is believed at the start of time.
async fn verify(verifier: &Verifier, token: &str) -> Result<Claims, TokenError> {
    verifier.verify(token, start_of_time()).await
}

fn later(seconds: i64) -> DateTime<Utc> {
    start_of_time() + TimeDelta::seconds(seconds)
}

fn grants(claims: &Claims) -> Vec<String> {
    claims.grants.iter().map(ToString::to_string).collect()
}

#[actix_web::test]
async fn a_token_of_the_issuer_says_who_its_bearer_is_and_what_they_may_do() {
    let (rsa, ec, ed) = (Signer::rsa("r"), Signer::ec("e"), Signer::ed("d"));
    let issuer = Issuer::start(&[&rsa, &ec, &ed]);
    let verifier = issuer.verifier();
    let expected = Claims {
        subject: "f81d4fae".to_owned(),
        issuer: issuer.url.clone(),
        email: Some("jane@city.example".to_owned()),
        name: Some("Jane Q. Example".to_owned()),
        grants: vec!["editor@ptn_8x3k0q2m7t".parse().unwrap()],
    };
    for key in [&rsa, &ec, &ed] {
        let claims = verify(&verifier, &key.token(&issuer.claims())).await;
        assert_eq!(claims.as_ref(), Ok(&expected), "{}", key.alg());
    }
    let pss = json!({"alg": "PS256", "typ": "at+jwt", "kid": "r"});
    let claims = verify(&verifier, &rsa.token_with(pss, &issuer.claims())).await;
    assert_eq!(claims, Ok(expected));
    assert_eq!(issuer.asked(), (1, 1), "keys are asked for once");
}

#[actix_web::test]
async fn claims_are_held_against_the_registrys_clock_with_a_minutes_leeway() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let verifier = issuer.verifier();
    let now = start_of_time().timestamp();
    for (more, expected) in [
        (json!({"exp": now - 59}), None),
        (json!({"exp": now - 60}), Some(TokenError::Expired)),
        (json!({"exp": null}), Some(TokenError::Claims)),
        (json!({"nbf": now + 60}), None),
        (json!({"nbf": now + 61}), Some(TokenError::NotYetValid)),
        (json!({"iat": now + 61}), Some(TokenError::NotYetValid)),
        (json!({"nbf": null, "iat": null}), None),
        (json!({"aud": ["account", issuer::AUDIENCE]}), None),
        (json!({"aud": ["account"]}), Some(TokenError::Audience)),
        (
            json!({"aud": "twincity-staging"}),
            Some(TokenError::Audience),
        ),
        (
            json!({"aud": null, "azp": issuer::AUDIENCE}),
            Some(TokenError::Audience),
        ),
        (
            json!({"aud": {"twincity": true}}),
            Some(TokenError::Audience),
        ),
        (json!({"iss": null}), Some(TokenError::Issuer)),
        (
            json!({"iss": ["https://id.example.org"]}),
            Some(TokenError::Issuer),
        ),
        (
            json!({"iss": "https://id.example.org"}),
            Some(TokenError::Issuer),
        ),
        (
            json!({"iss": format!("{}/", issuer.url)}),
            Some(TokenError::Issuer),
        ),
        (json!({"sub": null}), Some(TokenError::Claims)),
    ] {
        let token = key.token(&issuer.claims_with(more.clone()));
        assert_eq!(verify(&verifier, &token).await.err(), expected, "{more}");
    }
    let token = key.token(&issuer.claims());
    assert!(verifier.verify(&token, later(359)).await.is_ok());
    assert_eq!(
        verifier.verify(&token, later(360)).await,
        Err(TokenError::Expired)
    );
}

#[actix_web::test]
async fn groups_open_what_the_settings_say_and_unknown_ones_nothing() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let with = |config: OidcConfig| Verifier::new(&config).unwrap().unwrap();
    let granted = async |verifier: &Verifier, more: Value| {
        let token = key.token(&issuer.claims_with(more));
        grants(&verify(verifier, &token).await.unwrap())
    };

    let plain = issuer.verifier();
    let nobody = json!({"twincity_roles": ["canteen", "admin", "registrar"]});
    assert_eq!(granted(&plain, nobody).await, [""; 0]);
    assert_eq!(
        granted(&plain, json!({"twincity_roles": null})).await,
        [""; 0]
    );

    let nested = with(OidcConfig {
        oidc_roles_claim: "realm_access.roles".to_owned(),
        oidc_roles: ["a=registrar", "b=approver@ptn_8x3k0q2m7t"]
            .map(|rule| rule.parse().unwrap())
            .to_vec(),
        ..issuer.config()
    });
    let roles = json!({"realm_access": {"roles": ["b", "a", "b"]}});
    assert_eq!(
        granted(&nested, roles).await,
        ["approver@ptn_8x3k0q2m7t", "registrar"]
    );

    let trusting = with(OidcConfig {
        oidc_trust_roles: true,
        ..issuer.config()
    });
    let roles = json!({"twincity_roles": ["registrar", "editor", "office"]});
    assert_eq!(
        granted(&trusting, roles).await,
        ["registrar", "editor@ptn_8x3k0q2m7t"]
    );
}

#[actix_web::test]
async fn keys_are_read_from_the_address_of_the_settings_without_discovery() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    issuer.configure(json!({}));
    let config = OidcConfig {
        oidc_jwks_url: Some(issuer.certs()),
        ..issuer.config()
    };
    let verifier = Verifier::new(&config).unwrap().unwrap();
    assert!(
        verify(&verifier, &key.token(&issuer.claims()))
            .await
            .is_ok()
    );
    assert_eq!(issuer.asked(), (0, 1));
}

#[actix_web::test]
async fn an_address_that_was_not_verified_is_not_handed_on() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let token = key.token(&issuer.claims_with(json!({"email_verified": false})));
    let claims = verify(&issuer.verifier(), &token).await.unwrap();
    assert_eq!(claims.email, None);
}
