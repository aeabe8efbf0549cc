//! A puzzle instead of a picture to read: a few moments of a computer's work, and nobody else is asked.
//!
//! It is that of Hashcash: find a text so that the SHA-256 of `challenge:text` begins with a number
//! of zero bits. A challenge is a time and something at random, so that nothing has to be kept of it;
//! each solution is taken once.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::app::App;
use crate::core::ids::{Kind, PublicId};
use crate::http::extract::Query;
use crate::http::extract::query::NoParams;

/// Zero bits: about a quarter of a million tries, below a second in a browser.
pub const BITS: u32 = 18;

/// How long a challenge is taken.
const LASTS: TimeDelta = TimeDelta::hours(1);

/// How far a challenge may lie in the future: clocks differ.
const AHEAD: TimeDelta = TimeDelta::minutes(2);

/// Longest text that solves a puzzle.
const MAX_TEXT: usize = 64;

/// A puzzle.
#[derive(Debug, Serialize, ToSchema)]
pub struct PuzzleView {
    /// What to put before the text, with a colon.
    #[schema(example = "2026-11-24T12:00:00Z.8x3k0q2m7t")]
    pub challenge: String,
    /// With how many zero bits the SHA-256 of `challenge:text` has to begin.
    #[schema(example = 18, minimum = 0, maximum = 32)]
    pub bits: u32,
    /// Until when a solution is taken.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub expires_at: DateTime<Utc>,
}

/// Get a puzzle
///
/// Who sends many suggestions solves one for each: find a text so that the SHA-256 of
/// `challenge:text` begins with `bits` zero bits, and send `challenge:text` as `proof`.
#[utoipa::path(tag = "suggestions", extensions(("x-state" = json!("live"))),
    responses((status = 200, description = "A puzzle", body = PuzzleView)))]
#[get("/api/v1/suggestions/puzzle")]
pub async fn get_puzzle(app: web::Data<App>, _: Query<NoParams>) -> HttpResponse {
    let now = app.now();
    let random = PublicId::random(Kind::Suggestion);
    let random = random.as_str().rsplit('_').next().unwrap_or_default();
    let time = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(PuzzleView {
            challenge: format!("{time}.{random}"),
            bits: BITS,
            expires_at: now + LASTS,
        })
}

/// Whether this solves a puzzle of these days.
pub fn is_solved(proof: &str, now: DateTime<Utc>) -> bool {
    let Some((time, rest)) = proof.split_once('.') else {
        return false;
    };
    let Ok(time) = time.parse::<DateTime<Utc>>() else {
        return false;
    };
    rest.len() <= MAX_TEXT
        && rest.contains(':')
        && time <= now + AHEAD
        && now < time + LASTS
        && leading_zeros(proof) >= BITS
}

fn leading_zeros(text: &str) -> u32 {
    let mut zeros = 0;
    for byte in Sha256::digest(text.as_bytes()) {
        zeros += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    zeros
}

/// Solves a puzzle, as a client would.
pub fn solve(challenge: &str) -> String {
    (0..u64::MAX)
        .map(|n| format!("{challenge}:{n}"))
        .find(|text| leading_zeros(text) >= BITS)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_puzzle_is_solved_for_an_hour() {
        let now: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
        let proof = solve("2026-11-24T12:00:00Z.8x3k0q2m7t");
        assert!(is_solved(&proof, now));
        assert!(!is_solved(&proof, now + TimeDelta::hours(1)));
        assert!(!is_solved(&proof, now - TimeDelta::minutes(3)));
        assert!(!is_solved("2026-11-24T12:00:00Z.8x3k0q2m7t:1", now));
        assert!(!is_solved("", now));
    }
}
