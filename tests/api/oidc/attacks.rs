//! Tokens that somebody made up.

use serde_json::json;
use twincity::access::oidc::TokenError;

use super::issuer::{Instead, Issuer};
use super::signer::{Signer, base64, hs256};
use super::verify;

#[actix_web::test]
async fn unsigned_tokens_open_nothing() {
    let key = Signer::rsa("k");
    let issuer = Issuer::start(&[&key]);
    let verifier = issuer.verifier();
    let claims = base64(issuer.claims().to_string());
    for alg in ["none", "None", "nOnE", ""] {
        let header = base64(json!({"alg": alg, "typ": "JWT", "kid": "k"}).to_string());
        for signature in ["", "AA"] {
            let token = format!("{header}.{claims}.{signature}");
            let refused = verify(&verifier, &token).await;
            assert_eq!(refused, Err(TokenError::Algorithm), "{alg}");
        }
    }
    let signed = key.token(&issuer.claims());
    let (unsigned, _) = signed.rsplit_once('.').unwrap();
    let refused = verify(&verifier, &format!("{unsigned}.")).await;
    assert_eq!(refused, Err(TokenError::Signature));
}

#[actix_web::test]
async fn a_public_key_is_no_secret_to_sign_with() {
    let (rsa, ed) = (Signer::rsa("r"), Signer::ed("e"));
    let issuer = Issuer::start(&[&rsa, &ed]);
    let verifier = issuer.verifier();
    for (key, member) in [(&rsa, "n"), (&ed, "x")] {
        let jwk = key.jwk();
        let public = jwk[member].as_str().unwrap();
        for secret in [public.as_bytes(), jwk.to_string().as_bytes()] {
            let header = json!({"alg": "HS256", "typ": "JWT", "kid": key.kid});
            let token = hs256(&header, &issuer.claims(), secret);
            assert_eq!(verify(&verifier, &token).await, Err(TokenError::Algorithm));
        }
    }
    // Not even when the issuer itself publishes a secret.
    let secret = b"0123456789abcdef0123456789abcdef";
    let issuer = Issuer::start(&[]);
    issuer.publish_jwks(vec![
        json!({"kty": "oct", "kid": "s", "alg": "HS256", "k": base64(secret)}),
    ]);
    let header = json!({"alg": "HS256", "typ": "JWT", "kid": "s"});
    let token = hs256(&header, &issuer.claims(), secret);
    assert_eq!(
        verify(&issuer.verifier(), &token).await,
        Err(TokenError::UnknownKey)
    );
}

#[actix_web::test]
async fn a_key_that_the_token_brings_along_is_not_looked_at() {
    let (key, forger) = (Signer::rsa("k"), Signer::rsa("k"));
    let issuer = Issuer::start(&[&key]);
    let lair = Issuer::start(&[&forger]);
    let verifier = issuer.verifier();
    for more in [
        json!({}),
        json!({"jwk": forger.jwk()}),
        json!({"jku": lair.certs()}),
        json!({"x5u": lair.certs()}),
        json!({"x5c": ["MIIB"]}),
    ] {
        let mut header = json!({"alg": "RS256", "typ": "JWT", "kid": "k"});
        json_patch::merge(&mut header, &more);
        let token = forger.token_with(header, &issuer.claims());
        assert_eq!(
            verify(&verifier, &token).await,
            Err(TokenError::Signature),
            "{more}"
        );
    }
    assert_eq!(lair.asked(), (0, 0), "nothing was fetched for a token");
}

#[actix_web::test]
async fn changed_parts_break_the_signature() {
    for key in [Signer::rsa("k"), Signer::ec("k"), Signer::ed("k")] {
        let issuer = Issuer::start(&[&key]);
        let verifier = issuer.verifier();
        let token = key.token(&issuer.claims());
        let parts: Vec<&str> = token.split('.').collect();
        let richer = base64(
            issuer
                .claims_with(json!({"twincity_roles": ["office", "hq"]}))
                .to_string(),
        );
        let header = base64(json!({"alg": key.alg(), "kid": "k"}).to_string());
        let (zeros, short) = (base64([0_u8; 64]), base64([1_u8; 8]));
        for forged in [
            format!("{}.{richer}.{}", parts[0], parts[2]),
            format!("{header}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.{zeros}", parts[0], parts[1]),
            format!("{}.{}.{short}", parts[0], parts[1]),
            format!("{}.{}.{}", parts[0], parts[1], parts[0]),
            format!("{token}="),
            format!("{token}\n"),
        ] {
            let refused = verify(&verifier, &forged).await;
            assert_eq!(
                refused,
                Err(TokenError::Signature),
                "{} {forged}",
                key.alg()
            );
        }
        assert!(verify(&verifier, &token).await.is_ok());
    }
}

#[actix_web::test]
async fn a_key_signs_only_in_the_way_it_is_for() {
    let key = Signer::rsa("k");
    let issuer = Issuer::start(&[]);
    let mut jwk = key.jwk();
    jwk["alg"] = json!("PS256");
    issuer.publish_jwks(vec![jwk]);
    let verifier = issuer.verifier();
    let refused = verify(&verifier, &key.token(&issuer.claims())).await;
    assert_eq!(refused, Err(TokenError::Algorithm));
    let pss = json!({"alg": "PS256", "kid": "k"});
    let token = key.token_with(pss, &issuer.claims());
    assert!(verify(&verifier, &token).await.is_ok());
    for alg in ["ES256", "EdDSA", "RS512", "HS256"] {
        let header = json!({"alg": alg, "kid": "k"});
        let token = key.token_with(header, &issuer.claims());
        assert_eq!(
            verify(&verifier, &token).await,
            Err(TokenError::Algorithm),
            "{alg}"
        );
    }
}

#[actix_web::test]
async fn a_key_id_is_a_name_and_nothing_else() {
    let (key, other) = (Signer::ec("k"), Signer::ec("other"));
    let issuer = Issuer::start(&[&key, &other]);
    let verifier = issuer.verifier();
    for kid in [
        "../../../../dev/null",
        "/dev/null",
        "k' OR '1'='1",
        "k\0",
        "K",
        "",
        "https://evil.example/certs",
        "|id",
    ] {
        let header = json!({"alg": "ES256", "kid": kid});
        let token = key.token_with(header, &issuer.claims());
        assert_eq!(
            verify(&verifier, &token).await,
            Err(TokenError::UnknownKey),
            "{kid}"
        );
    }
    // Without one, several keys could be meant.
    let token = key.token_with(json!({"alg": "ES256"}), &issuer.claims());
    assert_eq!(verify(&verifier, &token).await, Err(TokenError::UnknownKey));
    // The name of another key does not make its signature.
    let header = json!({"alg": "ES256", "kid": "other"});
    let token = key.token_with(header, &issuer.claims());
    assert_eq!(verify(&verifier, &token).await, Err(TokenError::Signature));
    let alone = Issuer::start(&[&key]);
    let token = key.token_with(json!({"alg": "ES256"}), &alone.claims());
    assert!(verify(&alone.verifier(), &token).await.is_ok());
}

#[actix_web::test]
async fn tokens_of_other_kinds_are_refused_before_any_key_is_asked_for() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let verifier = issuer.verifier();
    for (header, expected) in [
        (
            json!({"alg": "ES256", "kid": "k", "crit": ["exp"], "exp": 1}),
            TokenError::Critical,
        ),
        (
            json!({"alg": "ES256", "kid": "k", "crit": []}),
            TokenError::Critical,
        ),
        (
            json!({"alg": "ES256", "kid": "k", "typ": "logout+jwt"}),
            TokenError::Type,
        ),
        (
            json!({"alg": "ES256", "kid": "k", "typ": "dpop+jwt"}),
            TokenError::Type,
        ),
        (json!({"kid": "k"}), TokenError::Malformed),
    ] {
        let token = key.token_with(header.clone(), &issuer.claims());
        assert_eq!(verify(&verifier, &token).await, Err(expected), "{header}");
    }
    let long = key.token(&issuer.claims_with(json!({"pad": "x".repeat(16 * 1024)})));
    assert_eq!(verify(&verifier, &long).await, Err(TokenError::TooLong));
    assert_eq!(
        verify(&verifier, "a.b.c.d.e").await,
        Err(TokenError::Malformed)
    );
    assert_eq!(
        verify(&verifier, "tck_abc").await,
        Err(TokenError::Malformed)
    );
    assert_eq!(issuer.asked(), (0, 0));
}

#[actix_web::test]
async fn answers_that_are_not_the_issuers_are_not_read() {
    let key = Signer::ec("k");
    let token_of = |issuer: &Issuer| key.token(&issuer.claims());
    // A configuration of another issuer.
    let issuer = Issuer::start(&[&key]);
    issuer.configure(json!({"issuer": "https://id.example.org", "jwks_uri": issuer.certs()}));
    let refused = verify(&issuer.verifier(), &token_of(&issuer)).await;
    assert_eq!(refused, Err(TokenError::Unavailable));
    assert_eq!(issuer.asked(), (1, 0));
    // Keys on an address that anybody on the way could change.
    let issuer = Issuer::start(&[&key]);
    issuer.configure(json!({"issuer": issuer.url, "jwks_uri": "http://id.example.org/certs"}));
    let refused = verify(&issuer.verifier(), &token_of(&issuer)).await;
    assert_eq!(refused, Err(TokenError::Unavailable));
    // A redirection to another host, which is not asked, and one on the same.
    let (issuer, other) = (Issuer::start(&[&key]), Issuer::start(&[&key]));
    issuer.answer(Some(Instead::Redirect(other.certs())));
    let refused = verify(&issuer.verifier(), &token_of(&issuer)).await;
    assert_eq!(
        (refused, other.asked()),
        (Err(TokenError::Unavailable), (0, 0))
    );
    issuer.answer(Some(Instead::Redirect("/moved".to_owned())));
    assert!(verify(&issuer.verifier(), &token_of(&issuer)).await.is_ok());
    issuer.answer(Some(Instead::Redirect(issuer.certs())));
    let refused = verify(&issuer.verifier(), &token_of(&issuer)).await;
    assert_eq!(refused, Err(TokenError::Unavailable));
    // No keys, and more than anybody needs.
    for bytes in [
        "",
        "[]",
        "<html>",
        &format!("{{\"keys\":[]{}}}", " ".repeat(1024 * 1024)),
    ] {
        issuer.answer(Some(Instead::Bytes(bytes.to_owned())));
        let refused = verify(&issuer.verifier(), &token_of(&issuer)).await;
        assert_eq!(
            refused,
            Err(TokenError::Unavailable),
            "{} bytes",
            bytes.len()
        );
    }
}
