//! Passwords: how they are kept (argon2id), the links that set them, and how guessing is slowed.

pub mod mails;
mod throttle;
pub mod tokens;

use actix_web::{HttpRequest, HttpResponse, post, web};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, Params};
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Semaphore;
use utoipa::ToSchema;

pub use throttle::Throttle;
use tokens::Purpose;

use super::{Actor, users};
use crate::app::App;
use crate::core::issue::Issues;
use crate::http::code::Code;
use crate::http::extract::query::NoParams;
use crate::http::extract::{JsonBody, Query, WriteRequest};
use crate::http::problem::{HttpResult, Problem};
use crate::http::validate;

/// Shortest and longest password, in characters. Length is what makes guessing hard (NIST SP
/// 800-63B); what it is made of is not asked.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=200;

/// The password as it may be set; what is wrong goes to `issues`.
pub fn check(
    at: &str,
    given: Option<String>,
    email: Option<&str>,
    issues: &mut Issues,
) -> Option<String> {
    let given = given?;
    let first = given.chars().next();
    if !LENGTH.contains(&given.chars().count()) {
        let (least, most) = (LENGTH.start(), LENGTH.end());
        issues.add(
            at,
            "length",
            format!("must have {least} to {most} characters"),
        );
    } else if email.is_some_and(|email| email.eq_ignore_ascii_case(&given)) {
        issues.add(at, "guessable", "must not be the address");
    } else if given.chars().all(|c| Some(c) == first) {
        issues.add(at, "guessable", "must not be one character over and over");
    } else {
        return Some(given);
    }
    None
}

/// How many passwords are hashed at a time: each takes 19 MiB and a processor, and a thread that the
/// database needs, too.
const AT_ONCE: usize = 2;

/// How many more may wait for their turn.
const WAITING: usize = 32;

/// Hashes passwords, a few at a time. One for all workers.
#[derive(Debug)]
pub struct Hasher {
    turns: Arc<Semaphore>,
    /// Those that are being hashed or wait for it.
    asked: Arc<Semaphore>,
    done: Arc<AtomicU64>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            asked: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            done: Arc::default(),
        }
    }
}

impl Hasher {
    /// How often a password was hashed, to be kept or to be compared.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Does one piece of hashing when it is its turn; 503 when too many wait already.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let asked = Arc::clone(&self.asked).try_acquire_owned();
        let full = "too many passwords are being checked; nothing was changed";
        let asked = asked.map_err(|_full| Problem::unavailable(full, 1))?;
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_closed| Problem::new(Code::Internal))?;
        let done = Arc::clone(&self.done);
        web::block(move || {
            // Held to the end of the work, also when the caller has gone.
            let _held = (asked, turn);
            done.fetch_add(1, Ordering::Relaxed);
            work()
        })
        .await
        .map_err(|_cancelled| Problem::new(Code::Internal))
    }

    /// The argon2id hash of a password, as a PHC string with its salt and parameters.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.run(move || hash_now(&password)).await?
    }

    /// Whether this is the password; `false`, after the same time, when there is none.
    pub async fn verify(&self, password: String, kept: Option<String>) -> Result<bool, Problem> {
        self.run(move || {
            let known = kept.is_some();
            let against = kept.unwrap_or_else(nobodys);
            // Longer ones can't be right, and are not worth more time.
            let password: String = password.chars().take(LENGTH.end() + 1).collect();
            let right = PasswordHash::new(&against).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            });
            known && right
        })
        .await
    }
}

/// [`Hasher::hash`] for the command line, where nobody else waits.
pub fn hash_now(password: &str) -> Result<String, Problem> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            Problem::new(Code::Internal)
        })
}

/// What is compared when there is nothing to compare with, so that it takes as long: a hash of the
/// usual cost, which is that of no password.
fn nobodys() -> String {
    let cost = Params::default();
    format!(
        "$argon2id$v=19$m={},t={},p={}$bm9ib2R5cyBzYWx0ISE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        cost.m_cost(),
        cost.t_cost(),
        cost.p_cost()
    )
}

/// The token of an invitation or a reset, and the new password.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordIn {
    /// The token of the link.
    #[schema(example = "tct_9FvE0yTq3kQmX2nB7wZcR5sH1dLjPaUgKoVxYi8MeN4")]
    pub token: String,
    /// The new password.
    #[schema(
        min_length = 12,
        max_length = 200,
        example = "correct horse battery staple"
    )]
    pub password: String,
}

/// Whose password is to be reset.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetIn {
    /// The address.
    #[schema(example = "office@example.org")]
    pub email: String,
}

/// Accept an invitation
///
/// Sets the first password. The link works once, and for seven days.
#[utoipa::path(tag = "access", request_body = PasswordIn,
    responses((status = 204, description = "The password is set: log in with it")))]
#[post("/api/v1/invitations/accept")]
pub async fn accept_invitation(by: ByLink, _: Query<NoParams>, body: JsonBody) -> HttpResult {
    set(&by, || body.read(), Purpose::Invitation).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask for a new password
///
/// If there is an active user with this address, a mail with a link goes out. The answer is the same
/// when there is none.
#[utoipa::path(tag = "access", request_body = ResetIn,
    responses((status = 202, description = "If the address is known, a mail is on its way")))]
#[post("/api/v1/password-resets")]
pub async fn request_password_reset(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    req: HttpRequest,
    _: Query<NoParams>,
    body: JsonBody,
) -> HttpResult {
    let input: ResetIn = body.read()?;
    let now = app.now();
    let email = users::types::canonical_email(&input.email);
    if email.len() > validate::MAX_EMAIL {
        let rule = format!("must have at most {} bytes", validate::MAX_EMAIL);
        return Err(Problem::new(Code::ValidationFailed).field("/email", "length", rule));
    }
    throttle.reset(&app, &req, &email)?;
    app.db
        .write::<_, Problem>(move |conn| Ok(mails::ask_for_reset(conn, &email, now)?))
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Set a new password
///
/// The link works once, and for one hour. Every session of the user ends.
#[utoipa::path(tag = "access", request_body = PasswordIn,
    responses((status = 204, description = "The password is set: log in with it")))]
#[post("/api/v1/password-resets/confirm")]
pub async fn confirm_password_reset(by: ByLink, _: Query<NoParams>, body: JsonBody) -> HttpResult {
    set(&by, || body.read(), Purpose::PasswordReset).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What is taken of a request that sets a password by the token of a link.
pub type ByLink = (
    web::Data<App>,
    web::Data<Throttle>,
    web::Data<Hasher>,
    HttpRequest,
    WriteRequest,
);

/// Sets the password of whoever the token was sent to. 429 before anything is read when the host has tried too often.
pub async fn set(
    (app, throttle, hasher, req, request): &ByLink,
    input: impl FnOnce() -> Result<PasswordIn, Problem>,
    purpose: Purpose,
) -> Result<(), Problem> {
    throttle.host(app, req)?;
    let (input, now) = (input()?, app.now());
    let mut issues = Issues::default();
    let password = check("/password", Some(input.password), None, &mut issues);
    let password = issues.finish(password)?;
    let token = super::token::hash(&input.token);
    // Hashing is costly: only for a token that would be taken.
    let sought = token.clone();
    app.db
        .read(move |conn| tokens::usable(conn, &sought, purpose, now).map(drop))
        .await?;
    let hash = hasher.hash(password).await?;
    let request = request.clone();
    let email = app
        .db
        .write::<_, Problem>(move |conn| {
            let user = tokens::spend(conn, &token, purpose, now)?;
            let actor = Actor {
                grants: users::store::grants(conn, &user)?,
                person: Some(user.public_id.clone()),
                ..Actor::default()
            };
            let ctx = actor.ctx(now, &request);
            let after = users::store::set_password(conn, &ctx, &user, &hash, None)?;
            if user.password.is_some() {
                mails::changed(conn, &ctx, &after)?;
            }
            Ok(after.email)
        })
        .await?;
    // Whoever reads the mails of this address need not wait for guesses of others.
    if let Some(email) = email.filter(|_| purpose == Purpose::PasswordReset) {
        throttle.succeeded(&email);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_password_is_kept_as_argon2id_with_a_salt_of_its_own() {
        let hasher = Hasher::default();
        let right = || "correct horse battery".to_owned();
        let one = hasher.hash(right()).await.unwrap();
        let other = hasher.hash(right()).await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$"), "{one}");
        assert_ne!(one, other);
        assert!(hasher.verify(right(), Some(one.clone())).await.unwrap());
        let wrong = "correct horse buttery".to_owned();
        assert!(!hasher.verify(wrong, Some(one.clone())).await.unwrap());
        assert!(!hasher.verify(right(), None).await.unwrap());
        assert_eq!(hasher.done(), 5);
        // Nobody's costs what everybody's does.
        let cost = |hash: &str| hash.rsplitn(3, '$').last().unwrap().to_owned();
        assert_eq!(cost(&nobodys()), cost(&one));
        let parsed = nobodys();
        let parsed = PasswordHash::new(&parsed).unwrap();
        assert_eq!(parsed.hash.unwrap().as_bytes().len(), 32);
    }

    #[actix_web::test]
    async fn those_who_wait_to_be_hashed_are_bounded() {
        let hasher = Hasher::default();
        let _turns = Arc::clone(&hasher.turns)
            .acquire_many_owned(2)
            .await
            .unwrap();
        let full = u32::try_from(AT_ONCE + WAITING).unwrap();
        let asked = Arc::clone(&hasher.asked)
            .acquire_many_owned(full)
            .await
            .unwrap();
        let refused = hasher.verify("x".to_owned(), None).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unavailable);
        assert_eq!(hasher.done(), 0);
        drop(asked);
    }
}
