//! A time of day that the test says.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use twincity::core::clock::Clock;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock that stands at `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the clock to `now`, forwards or backwards.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.lock() = now;
    }

    /// Moves the clock by `step`; a step beyond the representable range is ignored.
    pub fn advance(&self, step: TimeDelta) {
        let mut now = self.lock();
        if let Some(later) = now.checked_add_signed(step) {
            *now = later;
        }
    }

    // A moment is whole even if a thread panicked while holding it.
    fn lock(&self) -> MutexGuard<'_, DateTime<Utc>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.lock()
    }
}

#[test]
fn a_fixed_clock_moves_only_when_told() {
    let start: DateTime<Utc> = "2024-02-28T23:30:00Z".parse().unwrap();
    let clock = FixedClock::new(start);
    assert_eq!((clock.now(), clock.now()), (start, start));
    clock.advance(TimeDelta::hours(1));
    assert_eq!(clock.today().to_string(), "2024-02-29");
    clock.set(start);
    assert_eq!(clock.now(), start);
    clock.advance(TimeDelta::MAX);
    assert_eq!(clock.now(), start);
}
