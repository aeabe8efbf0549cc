//! How long a read may work, whether anybody still waits for it, and how many may wait for their turn.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Error;

/// What bounds reads.
#[derive(Debug, Clone, Copy)]
pub struct ReadLimits {
    /// How long one may work, once it has its turn.
    pub time: Duration,
    /// How long one for a whole list may work.
    pub export: Duration,
    /// How many may wait for their turn; one more is told to come back.
    pub waiting: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            export: Duration::from_mins(2),
            waiting: 512,
        }
    }
}

/// One read: until when it may work, and whether its caller has gone.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    until: Instant,
    gone: Arc<AtomicBool>,
}

thread_local! {
    /// What limits the read that this thread runs.
    static RUNNING: RefCell<Option<Limit>> = const { RefCell::new(None) };
}

/// Whether the statement this thread runs has to end: never panics, for C code asks.
pub(super) fn must_end() -> bool {
    let asked = RUNNING.try_with(|running| {
        let running = running.try_borrow().ok()?;
        running.as_ref().map(Limit::is_over)
    });
    asked.ok().flatten().unwrap_or(false)
}

impl Limit {
    /// A read that begins now.
    pub(super) fn begin(time: Duration, gone: Arc<AtomicBool>) -> Self {
        let now = Instant::now();
        Self {
            until: now.checked_add(time).unwrap_or(now),
            gone,
        }
    }

    /// Whether it has worked for too long, or for nobody.
    pub(super) fn is_over(&self) -> bool {
        self.gone.load(Ordering::Relaxed) || Instant::now() >= self.until
    }

    /// Runs `f` under this limit.
    pub(super) fn during<T>(&self, f: impl FnOnce() -> T) -> T {
        /// Takes the limit off again, however `f` ends.
        struct Off;
        impl Drop for Off {
            fn drop(&mut self) {
                RUNNING.with_borrow_mut(|running| *running = None);
            }
        }
        RUNNING.with_borrow_mut(|running| *running = Some(self.clone()));
        let _off = Off;
        f()
    }
}

/// Whoever waits for a read. When this is dropped, because a connection was closed, the read ends too.
#[derive(Debug, Default)]
pub(super) struct Caller(Arc<AtomicBool>);

impl Caller {
    /// Whether it has gone, for the thread that reads.
    pub(super) fn gone(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whose turn it is to read: as many at once as there are connections, a bounded number behind them.
#[derive(Debug)]
pub(super) struct Turns {
    free: Arc<Semaphore>,
    /// Places for those who wait.
    places: Semaphore,
}

impl Turns {
    pub(super) fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(at_once.max(1))),
            places: Semaphore::new(waiting.min(Semaphore::MAX_PERMITS)),
        }
    }

    /// A turn, given back when it is dropped.
    pub(super) async fn take(&self, within: Duration) -> Result<OwnedSemaphorePermit, Error> {
        if let Ok(turn) = Arc::clone(&self.free).try_acquire_owned() {
            return Ok(turn);
        }
        let Ok(_place) = self.places.try_acquire() else {
            return Err(Error::ReadsWait);
        };
        match timeout(within, Arc::clone(&self.free).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Error::ReadsWait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_thread_that_reads_is_told_to_end() {
        let caller = Caller::default();
        let limit = Limit::begin(Duration::from_hours(1), caller.gone());
        assert!(!must_end());
        limit.during(|| {
            assert!(!must_end());
            drop(caller);
            assert!(must_end());
            let elsewhere = std::thread::spawn(must_end).join().unwrap();
            assert!(!elsewhere);
        });
        assert!(!must_end());
        let late = Limit::begin(Duration::ZERO, Arc::default());
        assert!(late.during(must_end));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn so_many_wait_and_one_more_is_turned_away() {
        let turns = Turns::new(1, 1);
        let first = turns.take(Duration::ZERO).await.unwrap();
        let second = turns.take(Duration::from_hours(1));
        let third = async {
            let refused = turns.take(Duration::from_hours(1)).await;
            drop(first);
            refused.is_err()
        };
        let (second, refused) = futures_util::future::join(second, third).await;
        assert!(refused && second.is_ok());
        assert_eq!(turns.places.available_permits(), 1);
    }
}
