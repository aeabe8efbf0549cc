//! The issuer's keys in memory: when they are asked for again, and what holds when the issuer does
//! not answer.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::TokenError;
use super::fetch::Fetcher;
use super::keys::Keys;
use super::token::Header;
use crate::core::parse_error::ParseError;

/// How long keys are believed before the issuer is asked again.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// How long keys work when the issuer does not answer: a key that it took back must end some day.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// How often the issuer is asked while keys are known: tokens with made-up keys can't flood it.
const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// How often the issuer is asked while no keys are known.
const IMPATIENT: TimeDelta = TimeDelta::seconds(5);

/// Keys, and when they were asked for.
#[derive(Debug)]
struct Known {
    keys: Keys,
    at: DateTime<Utc>,
}

/// When the issuer was last asked. Whoever holds it is the only one who asks.
type Asked = Option<DateTime<Utc>>;

#[derive(Debug, Clone)]
pub(super) struct Source {
    fetcher: Fetcher,
    known: Arc<RwLock<Option<Arc<Known>>>>,
    asked: Arc<Mutex<Asked>>,
}

/// Whether both times lie within this span, in whatever order: of two requests the earlier may be
/// served later, and a clock that was set back far makes everything old.
fn within(span: TimeDelta, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now.signed_duration_since(since).abs() < span
}

impl Source {
    pub(super) fn new(issuer: &str, jwks_url: Option<&str>) -> Result<Self, ParseError> {
        Ok(Self {
            fetcher: Fetcher::new(issuer, jwks_url)?,
            known: Arc::default(),
            asked: Arc::default(),
        })
    }

    fn known(&self, now: DateTime<Utc>) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.clone().filter(|known| within(KEPT, known.at, now))
    }

    /// The key that a token with this header must be signed with, and how.
    pub(super) async fn key(
        &self,
        header: &Header,
        now: DateTime<Utc>,
    ) -> Result<(DecodingKey, Algorithm), TokenError> {
        let Some(known) = self.known(now) else {
            self.ask(Arc::clone(&self.asked).lock_owned().await, IMPATIENT, now)
                .await;
            let known = self.known(now).ok_or(TokenError::Unavailable)?;
            return known.keys.find(header);
        };
        let found = known.keys.find(header);
        match found {
            Err(TokenError::UnknownKey) => {
                // It may be newer than what is known: whoever asks at the moment is waited for.
                self.ask(Arc::clone(&self.asked).lock_owned().await, PAUSE, now)
                    .await;
            }
            _ if within(FRESH, known.at, now) => return found,
            _ => match Arc::clone(&self.asked).try_lock_owned() {
                Ok(asked) => self.ask(asked, PAUSE, now).await,
                // Somebody asks already; meanwhile what is known holds.
                Err(_) => return found,
            },
        }
        let known = self.known(now).ok_or(TokenError::Unavailable)?;
        known.keys.find(header)
    }

    /// Asks the issuer, unless that was done within `pause`.
    async fn ask(&self, mut asked: OwnedMutexGuard<Asked>, pause: TimeDelta, now: DateTime<Utc>) {
        if asked.is_some_and(|last| within(pause, last, now)) {
            return;
        }
        *asked = Some(now);
        let (fetcher, known) = (self.fetcher.clone(), Arc::clone(&self.known));
        // A task of its own: a caller who hangs up would otherwise leave the others without keys.
        let asking = tokio::spawn(async move {
            match fetcher.keys().await {
                Ok(keys) => {
                    tracing::debug!(keys = keys.len(), "the identity provider's keys were read");
                    let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
                    *known = Some(Arc::new(Known { keys, at: now }));
                }
                Err(error) => {
                    tracing::warn!(%error, "the identity provider's keys can't be read");
                }
            }
            drop(asked);
        });
        if let Err(error) = asking.await {
            tracing::error!(%error, "asking for the identity provider's keys broke off");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_far_makes_keys_old() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let minute = TimeDelta::minutes(1);
        assert!(within(FRESH, now, now));
        assert!(within(FRESH, now, now + minute));
        assert!(within(FRESH, now + minute, now));
        assert!(!within(FRESH, now, now + FRESH));
        assert!(!within(FRESH, now + FRESH, now));
    }
}
