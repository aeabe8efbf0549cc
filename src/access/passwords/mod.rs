//! Passwords: how they are kept (argon2id), the links that set them, and how guessing is slowed.

pub mod letters;
mod throttle;
pub mod tokens;

use actix_web::{HttpRequest, HttpResponse, post, web};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use serde::Deserialize;
use std::sync::LazyLock;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::ToSchema;

pub use throttle::Throttle;
use tokens::Purpose;

use super::users;
use super::users::types::MAX_EMAIL;
use crate::app::App;
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::Role;
use crate::http::code::Code;
use crate::http::extract::{JsonBody, Viewer, WriteRequest};
use crate::http::problem::{Problem, validated};

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
    if !LENGTH.contains(&given.chars().count()) {
        issues.add(
            at,
            "length",
            format!(
                "must have {} to {} characters",
                LENGTH.start(),
                LENGTH.end()
            ),
        );
        return None;
    }
    if email.is_some_and(|email| email.eq_ignore_ascii_case(&given)) {
        issues.add(at, "guessable", "must not be the address");
        return None;
    }
    let first = given.chars().next();
    if given.chars().all(|c| Some(c) == first) {
        issues.add(at, "guessable", "must not be one character over and over");
        return None;
    }
    Some(given)
}

/// How many passwords are hashed at a time: each takes 19 MiB and a processor, and a thread that the
/// database needs, too.
static TURNS: Semaphore = Semaphore::const_new(2);

async fn turn() -> Result<SemaphorePermit<'static>, Problem> {
    TURNS
        .acquire()
        .await
        .map_err(|_closed| Problem::new(Code::Internal))
}

fn hashed(password: &str) -> Result<String, Problem> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            Problem::new(Code::Internal)
        })
}

/// [`hash`] for the command line, where nobody else waits.
pub fn hash_now(password: &str) -> Result<String, Problem> {
    hashed(password)
}

/// The argon2id hash of a password, as a PHC string with its salt and parameters.
pub async fn hash(password: String) -> Result<String, Problem> {
    let turn = turn().await?;
    web::block(move || {
        let _turn = turn;
        hashed(&password)
    })
    .await
    .map_err(|_cancelled| Problem::new(Code::Internal))?
}

/// What is compared when there is nothing to compare with, so that it takes as long.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hashed("nobody has this one").ok());

/// Whether this is the password; `false`, after the same time, when there is none.
pub async fn verify(password: String, kept: Option<String>) -> Result<bool, Problem> {
    let turn = turn().await?;
    web::block(move || {
        // Held to the end of the work, also when the caller has gone.
        let _turn = turn;
        let known = kept.is_some();
        let against = kept.or_else(|| NOBODYS.clone()).unwrap_or_default();
        let right = PasswordHash::new(&against).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        known && right
    })
    .await
    .map_err(|_cancelled| Problem::new(Code::Internal))
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
pub async fn accept_invitation(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    req: HttpRequest,
    request: WriteRequest,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    throttle.host(&app, &req, app.now())?;
    let input: PasswordIn = body.read()?;
    set(&app, &request, input, Purpose::Invitation).await?;
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
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let input: ResetIn = body.read()?;
    let now = app.now();
    let email = input.email.trim().to_lowercase();
    if email.len() > MAX_EMAIL {
        return Err(Problem::new(Code::ValidationFailed).field(
            "/email",
            "length",
            format!("must have at most {MAX_EMAIL} bytes"),
        ));
    }
    throttle.reset(&app, &req, &email, now)?;
    app.db
        .write(move |conn| -> Result<_, Problem> { Ok(letters::ask_for_reset(conn, &email, now)?) })
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Set a new password
///
/// The link works once, and for one hour. Every session of the user ends.
#[utoipa::path(tag = "access", request_body = PasswordIn,
    responses((status = 204, description = "The password is set: log in with it")))]
#[post("/api/v1/password-resets/confirm")]
pub async fn confirm_password_reset(
    app: web::Data<App>,
    throttle: web::Data<Throttle>,
    req: HttpRequest,
    request: WriteRequest,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    throttle.host(&app, &req, app.now())?;
    let input: PasswordIn = body.read()?;
    let email = set(&app, &request, input, Purpose::PasswordReset).await?;
    // Whoever reads the mails of this address need not wait for guesses of others.
    if let Some(email) = email {
        throttle.succeeded(&email);
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Sets the password of whoever the token was sent to; their address.
pub async fn set(
    app: &App,
    request: &WriteRequest,
    input: PasswordIn,
    purpose: Purpose,
) -> Result<Option<String>, Problem> {
    let now = app.now();
    let mut issues = Issues::default();
    let password = check("/password", Some(input.password), None, &mut issues);
    validated(issues)?;
    let password = password.ok_or_else(|| Problem::new(Code::Internal))?;
    let token = super::identify::hash(&input.token);
    // Hashing is costly: only for a token that would be taken.
    let sought = token.clone();
    app.db
        .read(move |conn| tokens::usable(conn, &sought, purpose, now).map(drop))
        .await?;
    let hash = hash(password).await?;
    let request_id = request.request_id.clone();
    app.db
        .write(move |conn| -> Result<Option<String>, Problem> {
            let user = tokens::spend(conn, &token, purpose, now)?;
            let author = users::store::grants(conn, &user)?
                .into_iter()
                .next()
                .unwrap_or_else(|| Author::new(Role::Editor, None));
            let ctx = Ctx {
                viewer: Viewer::new(vec![author.clone()]),
                author,
                person: Some(user.public_id.clone()),
                request_id,
                ..Ctx::system(Role::Editor, now)
            };
            let after = users::store::set_password(conn, &ctx, &user, &hash, None)?;
            if user.password.is_some() {
                letters::changed(conn, &ctx, &after)?;
            }
            Ok(after.email)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_password_is_kept_as_argon2id_with_a_salt_of_its_own() {
        let [one, other] = [
            hash("correct horse battery".to_owned()).await.unwrap(),
            hash("correct horse battery".to_owned()).await.unwrap(),
        ];
        assert!(one.starts_with("$argon2id$v=19$"), "{one}");
        assert_ne!(one, other);
        assert!(
            verify("correct horse battery".to_owned(), Some(one.clone()))
                .await
                .unwrap()
        );
        assert!(
            !verify("correct horse buttery".to_owned(), Some(one))
                .await
                .unwrap()
        );
        assert!(
            !verify("nobody has this one".to_owned(), None)
                .await
                .unwrap()
        );
    }
}
