//! Whom the tokens of the last moment name, so that one who sends many requests is not looked up for each.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::Actor;

/// How long somebody is known without being looked up: a key or a session that another process ends is
/// refused no later. What this process ends is refused at once.
const FOR: Duration = Duration::from_millis(200);

/// Most that are known at once; whoever comes then is looked up, and so is everybody after a write.
const MOST: usize = 1_000;

/// Whom tokens name, by the hashes of the tokens.
#[derive(Debug, Default)]
pub struct Recent(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    /// How many writes there had been before they were looked up.
    writes: u64,
    actors: HashMap<String, Known>,
}

#[derive(Debug)]
struct Known {
    actor: Actor,
    since: Instant,
    /// The time by the registry's clock.
    now: DateTime<Utc>,
}

impl Recent {
    /// Whom this token named a moment ago, if nothing was written since.
    pub fn get(&self, hash: &str, writes: u64, now: DateTime<Utc>) -> Option<Actor> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.actors.get(hash).filter(|_| held.writes == writes)?;
        let age = (now - known.now).to_std().ok()?;
        let good = known.since.elapsed() < FOR && age < FOR;
        good.then(|| known.actor.clone())
    }

    /// Keeps whom this token names, looked up after so many writes.
    pub fn keep(&self, hash: String, writes: u64, actor: Actor, now: DateTime<Utc>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.writes > writes {
            return;
        }
        if held.writes < writes || held.actors.len() >= MOST {
            held.actors.clear();
        }
        held.writes = writes;
        let since = Instant::now();
        held.actors.insert(hash, Known { actor, since, now });
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
