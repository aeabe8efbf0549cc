//! Keys that change, and an issuer that does not answer.

use std::pin::pin;
use std::task::{Context, Waker};

use futures_util::future::join_all;
use twincity::access::oidc::TokenError;

use super::issuer::{Instead, Issuer};
use super::signer::Signer;
use super::{later, verify};

const HOUR: i64 = 3600;

#[actix_web::test]
async fn new_keys_work_without_a_restart_and_old_ones_no_longer() {
    let (old, new) = (Signer::rsa("2025"), Signer::ec("2026"));
    let issuer = Issuer::start(&[&old]);
    let verifier = issuer.verifier();
    let claims = issuer.claims_with(serde_json::json!({"exp": later(10 * HOUR).timestamp()}));
    let (with_old, with_new) = (old.token(&claims), new.token(&claims));
    assert!(verify(&verifier, &with_old).await.is_ok());
    issuer.publish(&[&new]);
    // Half a minute after the last time, the unknown key is asked for.
    assert_eq!(
        verifier.verify(&with_new, later(29)).await,
        Err(TokenError::UnknownKey)
    );
    assert!(verifier.verify(&with_old, later(29)).await.is_ok());
    assert!(verifier.verify(&with_new, later(30)).await.is_ok());
    assert_eq!(
        verifier.verify(&with_old, later(30)).await,
        Err(TokenError::UnknownKey)
    );
    assert_eq!(issuer.asked(), (2, 2));
}

#[actix_web::test]
async fn a_key_that_was_taken_back_ends_within_the_hour() {
    let (old, new) = (Signer::ec("2025"), Signer::ec("2026"));
    let issuer = Issuer::start(&[&old]);
    let verifier = issuer.verifier();
    let claims = issuer.claims_with(serde_json::json!({"exp": later(10 * HOUR).timestamp()}));
    let token = old.token(&claims);
    assert!(verify(&verifier, &token).await.is_ok());
    issuer.publish(&[&new]);
    assert!(verifier.verify(&token, later(HOUR - 1)).await.is_ok());
    assert_eq!(
        verifier.verify(&token, later(HOUR)).await,
        Err(TokenError::UnknownKey)
    );
}

#[actix_web::test]
async fn made_up_keys_do_not_flood_the_issuer() {
    let (key, stranger) = (Signer::ec("k"), Signer::ec("s"));
    let issuer = Issuer::start(&[&key]);
    let verifier = issuer.verifier();
    assert!(
        verify(&verifier, &key.token(&issuer.claims()))
            .await
            .is_ok()
    );
    for (second, asked) in [(0, 1), (10, 1), (29, 1), (30, 2), (31, 2), (59, 2), (60, 3)] {
        let tokens: Vec<String> = (0..5)
            .map(|n| {
                let header = serde_json::json!({"alg": "ES256", "kid": format!("{second}-{n}")});
                stranger.token_with(header, &issuer.claims())
            })
            .collect();
        let all = tokens
            .iter()
            .map(|token| verifier.verify(token, later(second)));
        for refused in join_all(all).await {
            assert_eq!(refused, Err(TokenError::UnknownKey));
        }
        assert_eq!(issuer.asked().1, asked, "after {second} s");
    }
}

#[actix_web::test]
async fn many_callers_at_once_ask_the_issuer_once() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let verifier = issuer.verifier();
    let token = key.token(&issuer.claims());
    let all = (0..50).map(|n| {
        let (verifier, token) = (verifier.clone(), token.clone());
        // Who came first need not be served first.
        async move { verifier.verify(&token, later(i64::from(n % 3))).await }
    });
    assert!(join_all(all).await.iter().all(Result::is_ok));
    assert_eq!(issuer.asked(), (1, 1));
}

#[actix_web::test]
async fn known_keys_work_for_a_day_while_the_issuer_is_down() {
    let (key, stranger) = (Signer::ec("k"), Signer::ec("s"));
    let issuer = Issuer::start(&[&key]);
    let verifier = issuer.verifier();
    let claims = issuer.claims_with(serde_json::json!({"exp": later(48 * HOUR).timestamp()}));
    let token = key.token(&claims);
    assert!(verify(&verifier, &token).await.is_ok());
    issuer.stop().await;
    for hours in [1, 2, 23] {
        assert!(verifier.verify(&token, later(hours * HOUR)).await.is_ok());
    }
    assert_eq!(
        verifier
            .verify(&stranger.token(&claims), later(23 * HOUR))
            .await,
        Err(TokenError::UnknownKey)
    );
    assert_eq!(
        verifier.verify(&token, later(24 * HOUR)).await,
        Err(TokenError::Unavailable)
    );
}

#[actix_web::test]
async fn an_issuer_that_comes_up_late_is_found() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    issuer.answer(Some(Instead::Status(503)));
    let verifier = issuer.verifier();
    let token = key.token(&issuer.claims());
    assert_eq!(
        verify(&verifier, &token).await,
        Err(TokenError::Unavailable)
    );
    issuer.answer(None);
    // It is not asked at once again.
    assert_eq!(
        verifier.verify(&token, later(4)).await,
        Err(TokenError::Unavailable)
    );
    assert_eq!(issuer.asked().1, 1);
    assert!(verifier.verify(&token, later(5)).await.is_ok());
    assert_eq!(issuer.asked().1, 2);
}

#[actix_web::test]
async fn a_caller_who_hangs_up_leaves_the_keys_to_the_others() {
    let key = Signer::ec("k");
    let issuer = Issuer::start(&[&key]);
    let verifier = issuer.verifier();
    let token = key.token(&issuer.claims());
    {
        let hanging = pin!(verifier.verify(&token, later(0)));
        // Far enough to have begun to ask.
        let mut context = Context::from_waker(Waker::noop());
        assert!(hanging.poll(&mut context).is_pending());
    }
    assert!(verify(&verifier, &token).await.is_ok());
    assert_eq!(issuer.asked(), (1, 1));
}
