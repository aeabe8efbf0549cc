//! Connections: how many there may be, and what becomes of those that never finish.
//!
//! A connection costs a file of the process, whether anything is ever asked on it or not. So a new one
//! always gets its place: where all are taken, the one that has been silent longest makes room, among
//! those that nothing is being worked on for.

mod awaited;
mod bodies;
mod guarded;
mod pieces;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use futures_util::task::AtomicWaker;

pub use awaited::while_awaited;
pub use bodies::{bodies, came_late};
pub use guarded::Guarded;
pub use pieces::in_pieces;

/// Connections where the process may have so many files that it doesn't matter.
const MOST: usize = 4096;

/// For how many milliseconds the head of a request may come. Of a connection's first the framework keeps the
/// time; of all others nobody does.
pub const HEAD: u64 = 5_000;

/// Stands for the time since when a head comes, while that time is not kept here: to the end of the first
/// request, and while what a later one asks is worked on.
const UNTIMED: u64 = u64::MAX;

/// How many connections there may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// In all.
    pub all: usize,
    /// Of one peer address; 0 for no limit.
    pub per_address: usize,
    /// Addresses that many callers share: the proxies in front of the registry. So is the machine's own.
    pub shared: Vec<IpAddr>,
}

impl Limits {
    /// With three quarters of the files this process may have; the rest is for the database, documents
    /// and connections that are being closed.
    pub fn new(per_address: u32, shared: Vec<IpAddr>) -> Self {
        Self {
            all: places(files()),
            per_address: usize::try_from(per_address).unwrap_or(usize::MAX),
            shared: shared.iter().map(IpAddr::to_canonical).collect(),
        }
    }

    /// Connections that may be open while others are still being closed for them.
    pub fn with_leaving(&self) -> usize {
        self.all + (self.all / 12).max(1)
    }
}

fn places(files: u64) -> usize {
    usize::try_from(files / 4 * 3).map_or(MOST, |places| places.clamp(8, MOST))
}

/// Files this process may have open at once.
#[cfg(unix)]
fn files() -> u64 {
    use rustix::process::{Resource, getrlimit};
    // No limit at all is told as none.
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(not(unix))]
fn files() -> u64 {
    1024
}

/// The connections of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Connections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: Limits,
    since: Instant,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    all: HashMap<u64, Arc<Conn>>,
}

/// One connection, as the parts that look after it see it.
#[derive(Debug)]
pub struct Conn {
    since: Instant,
    /// Whose it is, where that is counted.
    address: Option<IpAddr>,
    /// When bytes last went either way, in milliseconds since the process began to count.
    touched: AtomicU64,
    /// Whether the registry is at work on what was asked on it.
    working: AtomicBool,
    /// When it is to go unless something new is asked on it, on the same clock; 0 for not at all.
    leave: AtomicU64,
    /// Since when the head of a request comes, on the same clock; 0 while none does.
    head: AtomicU64,
    /// Whether its caller sends nothing more: has hung up, or has only said that everything is asked.
    hung_up: AtomicBool,
    /// Whether it has to go.
    ended: AtomicBool,
    waker: AtomicWaker,
}

impl Conn {
    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Notes that bytes went either way; when.
    fn touch(&self) -> u64 {
        let now = self.now();
        self.touched.store(now, Ordering::Relaxed);
        now
    }

    /// For how many milliseconds nothing has happened.
    fn quiet(&self, now: u64) -> u64 {
        now.saturating_sub(self.touched.load(Ordering::Relaxed))
    }

    /// Notes that bytes came, which are the beginning of a head unless a request is there already.
    fn hear(&self) {
        let since = self.touch().max(1);
        // What is there already stays.
        let _known = self
            .head
            .compare_exchange(0, since, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Notes that bytes of an answer went: what came meanwhile waits for its end.
    fn tell(&self) {
        let now = self.touch();
        if !matches!(self.head.load(Ordering::Relaxed), 0 | UNTIMED) {
            self.head.store(now.max(1), Ordering::Relaxed);
        }
    }

    /// For how many milliseconds the rest of a head may still come, where one does.
    fn head_left(&self, now: u64) -> Option<u64> {
        let since = self.head.load(Ordering::Relaxed);
        // What still comes of a body that nobody reads has its own time.
        let comes = !matches!(since, 0 | UNTIMED) && self.leave.load(Ordering::Relaxed) == 0;
        comes.then(|| since.saturating_add(HEAD).saturating_sub(now))
    }

    /// Notes whether the registry is at work for it, or waits for its caller.
    pub fn work(&self, working: bool) {
        self.working.store(working, Ordering::Relaxed);
        self.touch();
    }

    /// Lets it go in so many milliseconds, unless something new is asked on it: what still comes is of no
    /// use.
    fn leave_in(&self, milliseconds: u64) {
        self.leave.store(
            self.now().saturating_add(milliseconds).max(1),
            Ordering::Relaxed,
        );
        // It sets its timer anew.
        self.waker.wake();
    }

    /// For how many milliseconds it may stay as it is, when nothing may go either way for `quiet`.
    fn patience(&self, quiet: u64, now: u64) -> u64 {
        if self.is_working() {
            return quiet;
        }
        let left = quiet.saturating_sub(self.quiet(now));
        match self.leave.load(Ordering::Relaxed) {
            0 => left,
            leave => left.min(leave.saturating_sub(now)),
        }
    }

    /// Notes that its caller sends nothing more.
    fn hang_up(&self) {
        self.hung_up.store(true, Ordering::Relaxed);
    }

    /// Whether its caller sends nothing more.
    pub fn has_hung_up(&self) -> bool {
        self.hung_up.load(Ordering::Relaxed)
    }

    fn is_working(&self) -> bool {
        self.working.load(Ordering::Relaxed)
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Ready when the connection has to go; wakes the task then.
    fn poll_ended(&self, cx: &Context<'_>) -> Poll<()> {
        self.waker.register(cx.waker());
        if self.has_ended() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

/// A connection's place among the others: given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    inner: Arc<Inner>,
    id: u64,
    conn: Arc<Conn>,
}

impl Place {
    /// The connection.
    pub fn conn(&self) -> &Arc<Conn> {
        &self.conn
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let open = self.inner.open.lock();
        open.unwrap_or_else(PoisonError::into_inner)
            .all
            .remove(&self.id);
    }
}

impl Connections {
    /// None yet.
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner {
            limits,
            since: Instant::now(),
            open: Mutex::default(),
        }))
    }

    /// What there may be.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// A place for a new connection of this peer. Where there is none, the quietest makes room; `None`
    /// when work is going on for all of them.
    pub fn admit(&self, peer: Option<SocketAddr>) -> Option<Place> {
        let limits = &self.0.limits;
        let address = peer.map(|peer| peer.ip().to_canonical()).filter(|ip| {
            limits.per_address > 0 && !ip.is_loopback() && !limits.shared.contains(ip)
        });
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all.len() >= limits.with_leaving() {
            return None;
        }
        let there = |conn: &&Arc<Conn>| !conn.has_ended();
        let of_address = |conn: &&Arc<Conn>| conn.address == address;
        if address.is_some()
            && open.all.values().filter(there).filter(of_address).count() >= limits.per_address
        {
            quietest(open.all.values().filter(of_address))?.end();
        }
        if open.all.values().filter(there).count() >= limits.all {
            quietest(open.all.values())?.end();
        }
        let conn = Arc::new(Conn {
            since: self.0.since,
            address,
            touched: AtomicU64::new(0),
            working: AtomicBool::new(false),
            leave: AtomicU64::new(0),
            head: AtomicU64::new(UNTIMED),
            hung_up: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        });
        conn.touch();
        let id = open.next;
        open.next += 1;
        open.all.insert(id, Arc::clone(&conn));
        Some(Place {
            inner: Arc::clone(&self.0),
            id,
            conn,
        })
    }

    /// Ends those that nothing is worked on for and that have been quiet for so many milliseconds.
    pub fn end_quiet(&self, milliseconds: u64) {
        let open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        for conn in open.all.values() {
            if !conn.is_working() && conn.quiet(conn.now()) >= milliseconds {
                conn.end();
            }
        }
    }
}

/// The connection that has been quiet longest, of those that nothing is being worked on for.
fn quietest<'a>(all: impl Iterator<Item = &'a Arc<Conn>>) -> Option<&'a Arc<Conn>> {
    all.filter(|conn| !conn.is_working() && !conn.has_ended())
        .min_by_key(|conn| conn.touched.load(Ordering::Relaxed))
}

/// Tells a connection that the registry works on a request of its, until this is let go.
pub struct AtWork(Option<Arc<Conn>>);

impl AtWork {
    /// Begins the work on a request of this connection.
    pub fn on(conn: Option<Arc<Conn>>) -> Self {
        if let Some(conn) = &conn {
            conn.leave.store(0, Ordering::Relaxed);
            conn.head.store(UNTIMED, Ordering::Relaxed);
            conn.work(true);
        }
        Self(conn)
    }

    /// Whether its caller sends nothing more.
    pub fn has_hung_up(&self) -> bool {
        self.0.as_ref().is_some_and(|conn| conn.has_hung_up())
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        if let Some(conn) = &self.0 {
            conn.head.store(0, Ordering::Relaxed);
            conn.work(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(all: usize, per_address: usize) -> Connections {
        Connections::new(Limits {
            all,
            per_address,
            shared: vec![IpAddr::from([192, 0, 2, 1])],
        })
    }

    fn peer(last: u8) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, last], 40_000))
    }

    /// Makes it look as if it had been quiet for longer than those made later.
    fn aged(place: Place, at: u64) -> Place {
        place.conn.touched.store(at, Ordering::Relaxed);
        place
    }

    #[test]
    fn one_address_has_so_many_and_its_quietest_makes_room() {
        let connections = limits(100, 2);
        let first = aged(connections.admit(Some(peer(9))).unwrap(), 1);
        let second = aged(connections.admit(Some(peer(9))).unwrap(), 2);
        let other = aged(connections.admit(Some(peer(8))).unwrap(), 0);
        let third = connections.admit(Some(peer(9))).unwrap();
        assert!(first.conn.has_ended());
        for open in [&second, &other, &third] {
            assert!(!open.conn.has_ended());
        }
        // What is worked on stays, and then there is no place.
        second.conn.work(true);
        third.conn.work(true);
        assert!(connections.admit(Some(peer(9))).is_none());
        assert!(connections.admit(Some(peer(7))).is_some());
    }

    #[test]
    fn proxies_and_the_machine_itself_are_counted_in_all_only() {
        let connections = limits(24, 1);
        let mut places = Vec::new();
        for round in 0..12 {
            for address in [peer(1), SocketAddr::from(([127, 0, 0, 1], 1))] {
                places.push(aged(connections.admit(Some(address)).unwrap(), round));
            }
        }
        assert!(places.iter().all(|place| !place.conn.has_ended()));
        let last = connections.admit(Some(peer(1))).unwrap();
        let ended = places.iter().filter(|place| place.conn.has_ended()).count();
        assert_eq!((ended, last.conn.has_ended()), (1, false));
        // Those that are being closed have files still: beyond that many nobody is let in.
        let _more = connections.admit(Some(peer(1))).unwrap();
        assert!(connections.admit(Some(peer(1))).is_none());
        places.clear();
        assert!(connections.admit(Some(peer(1))).is_some());
    }

    #[test]
    fn the_files_of_the_process_bound_the_connections() {
        for (files, all) in [(1024, 768), (256, 192), (4, 8), (u64::MAX, MOST)] {
            assert_eq!(places(files), all, "{files}");
        }
        let limits = limits(768, 64);
        assert!(limits.limits().with_leaving() < 1024 - 128);
    }

    #[test]
    fn what_is_of_no_use_any_more_is_let_go_soon() {
        let connections = limits(24, 0);
        let place = connections.admit(Some(peer(9))).unwrap();
        let patience = || place.conn.patience(30_000, place.conn.now());
        assert!(patience() > 25_000);
        place.conn.leave_in(2000);
        assert!(patience() <= 2000);
        place.conn.work(true);
        assert_eq!(patience(), 30_000);
    }

    #[test]
    fn the_head_of_every_later_request_has_its_time() {
        let connections = limits(24, 0);
        let place = connections.admit(Some(peer(9))).unwrap();
        let conn = place.conn();
        conn.hear();
        assert_eq!(conn.head_left(conn.now()), None);
        drop(AtWork::on(Some(Arc::clone(conn))));
        for _ in 0..2 {
            conn.hear();
            // The clock begins at 1.
            let in_time = 1..=HEAD + 1;
            assert!(in_time.contains(&conn.head_left(conn.now()).unwrap()));
            // Bytes that trickle gain nothing.
            conn.head.store(1, Ordering::Relaxed);
            conn.hear();
            assert_eq!(conn.head.load(Ordering::Relaxed), 1);
            // What waits behind an answer waits for its end.
            conn.head.store(UNTIMED - 1, Ordering::Relaxed);
            conn.tell();
            assert!(in_time.contains(&conn.head_left(conn.now()).unwrap()));
            let working = AtWork::on(Some(Arc::clone(conn)));
            // These are of a body.
            conn.hear();
            conn.tell();
            assert_eq!(conn.head_left(conn.now()), None);
            drop(working);
            assert_eq!(conn.head_left(conn.now()), None);
        }
        conn.hear();
        conn.leave_in(10_000);
        assert_eq!(conn.head_left(conn.now()), None);
    }

    #[test]
    fn stopping_ends_what_nothing_is_worked_on_for() {
        let connections = limits(24, 0);
        let (idle, busy) = (
            connections.admit(Some(peer(9))).unwrap(),
            connections.admit(Some(peer(9))).unwrap(),
        );
        busy.conn.work(true);
        connections.end_quiet(0);
        assert!(idle.conn.has_ended() && !busy.conn.has_ended());
    }
}
