//! Whom the tokens of the last moment name, so that one who sends many requests is not looked up for each.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;

use super::Actor;

/// How long somebody is known without being looked up: a key or a session that another process ends is
/// refused no later. What this process ends is refused at once.
const FOR: Duration = Duration::from_millis(200);

/// Most that are known at once; after a write everybody is looked up.
const MOST: usize = 1_000;

/// Whom tokens name, by the hashes of the tokens.
#[derive(Debug)]
pub struct Recent(Cache<String, Known>);

impl Default for Recent {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

#[derive(Debug, Clone)]
struct Known {
    actor: Actor,
    /// How many writes there had been before they were looked up.
    writes: u64,
    since: Instant,
    /// The time by the registry's clock.
    now: DateTime<Utc>,
}

impl Recent {
    /// Whom this token named a moment ago, if nothing was written since.
    pub fn get(&self, hash: &str, writes: u64, now: DateTime<Utc>) -> Option<Actor> {
        let known = self.0.get(hash)?;
        let age = (now - known.now).to_std().ok()?;
        let good = known.writes == writes && known.since.elapsed() < FOR && age < FOR;
        good.then_some(known.actor)
    }

    /// Keeps whom this token names, looked up after so many writes.
    pub fn keep(&self, hash: String, writes: u64, actor: Actor, now: DateTime<Utc>) {
        let known = Known {
            actor,
            writes,
            since: Instant::now(),
            now,
        };
        self.0.insert(hash, known);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::core::author::Author;
    use crate::core::vocabulary::record::Role;

    #[test]
    fn somebody_is_known_for_a_moment_and_until_the_next_write() {
        let recent = Recent::default();
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let later = |millis| now + TimeDelta::milliseconds(millis);
        let somebody = Actor {
            grants: vec![Author::new(Role::Admin, None)],
            person: None,
            key: None,
            session: None,
            scopes: None,
        };
        assert!(recent.get("a", 1, now).is_none());
        recent.keep("a".to_owned(), 1, somebody.clone(), now);
        assert!(recent.get("a", 1, later(100)).is_some());
        assert!(recent.get("b", 1, now).is_none());
        assert!(recent.get("a", 1, later(200)).is_none());
        assert!(recent.get("a", 2, now).is_none());
        // What was looked up before a write is not kept after it.
        recent.keep("b".to_owned(), 2, somebody.clone(), now);
        recent.keep("a".to_owned(), 1, somebody, now);
        assert!(recent.get("a", 2, now).is_none() && recent.get("b", 2, now).is_some());
        std::thread::sleep(FOR);
        assert!(recent.get("b", 2, now).is_none());
    }
}
