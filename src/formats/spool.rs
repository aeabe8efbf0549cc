//! An answer on its way from the thread that writes it to the caller who takes it.
//!
//! What is written goes into a file without a name once it is more than a piece: so whoever writes never
//! waits for a slow caller with a transaction open, and memory does not grow with the answer. What is
//! small is sent when it is whole; what is large is handed on while it is written, and when that fails
//! half-way the connection is broken off, by which the caller knows that something is missing.

use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::web::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::{oneshot, watch};

use crate::http::code::Code;
use crate::http::problem::Problem;

/// Bytes that are written and handed on together.
const PIECE: usize = 64 * 1024;

/// Where answers stand that are not taken yet.
#[derive(Debug)]
struct Disk {
    /// Bytes they have together.
    taken: AtomicU64,
    /// From how many bytes on no further one begins: whoever takes answers slowly must not fill the disk, on
    /// which the database may stand, too.
    most: u64,
}

static DISK: Disk = Disk {
    taken: AtomicU64::new(0),
    most: 4 * 1024 * 1024 * 1024,
};

/// What one answer has of it: given back when neither who writes it nor who takes it is there.
#[derive(Debug)]
struct Share {
    disk: &'static Disk,
    bytes: AtomicU64,
}

impl Share {
    fn take(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.disk.taken.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let bytes = self.bytes.load(Ordering::Relaxed);
        self.disk.taken.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// How far an answer is written.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    written: u64,
    /// Whether that is all of it.
    whole: bool,
}

/// What can be sent.
#[derive(Debug)]
pub enum Begun {
    /// All of it.
    Whole(Bytes),
    /// Its beginning.
    Growing(Growing),
}

/// An answer that is still written.
#[derive(Debug)]
pub struct Growing {
    file: File,
    _share: Arc<Share>,
    progress: watch::Receiver<Progress>,
}

/// Where an answer is written to.
#[derive(Debug)]
pub struct Spool {
    held: Vec<u8>,
    file: Option<File>,
    share: Arc<Share>,
    /// Whether there was no room for it.
    refused: bool,
    progress: watch::Sender<Progress>,
    /// Who waits for the beginning, until there is one.
    tell: Option<oneshot::Sender<Result<Begun, Problem>>>,
}

/// An empty answer, and who is told when it begins.
pub fn spool() -> (Spool, oneshot::Receiver<Result<Begun, Problem>>) {
    spool_on(&DISK)
}

fn spool_on(disk: &'static Disk) -> (Spool, oneshot::Receiver<Result<Begun, Problem>>) {
    let (tell, told) = oneshot::channel();
    let (progress, _) = watch::channel(Progress::default());
    let spool = Spool {
        held: Vec::with_capacity(PIECE),
        file: None,
        share: Arc::new(Share {
            disk,
            bytes: AtomicU64::new(0),
        }),
        refused: false,
        progress,
        tell: Some(tell),
    };
    (spool, told)
}

impl Spool {
    /// Moves what is held into the file.
    fn put(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(self.begin()?);
        }
        if let Some(file) = &mut self.file {
            file.write_all(&self.held)?;
        }
        let more = u64::try_from(self.held.len()).unwrap_or_default();
        self.held.clear();
        self.share.take(more);
        self.progress
            .send_modify(|progress| progress.written += more);
        if self.progress.is_closed() {
            // Nobody waits for the rest.
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(())
    }

    /// The file, of which whoever waits is told.
    fn begin(&mut self) -> io::Result<File> {
        let disk = self.share.disk;
        // Once refused, whatever is still written of it: a beginning is missing.
        self.refused |= disk.taken.load(Ordering::Relaxed) >= disk.most;
        if self.refused {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let named = tempfile::NamedTempFile::new()?;
        // Each handle has a place of its own in the file.
        let growing = Growing {
            file: named.reopen()?,
            _share: Arc::clone(&self.share),
            progress: self.progress.subscribe(),
        };
        if let Some(tell) = self.tell.take() {
            drop(tell.send(Ok(Begun::Growing(growing))));
        }
        // From here on the file has no name: it is gone when both have closed it.
        let (file, _) = named.into_parts();
        Ok(file)
    }

    /// The end: all is written, or nothing more will be.
    pub fn end(mut self, result: Result<(), Problem>) {
        let result = result.and_then(|()| {
            if self.file.is_none() {
                return Ok(());
            }
            self.put().map_err(|error| failed(&error))
        });
        // Whatever became of the error on its way: this is why.
        let result = result.map_err(|problem| if self.refused { no_room() } else { problem });
        match (result, self.tell.take()) {
            (Ok(()), Some(tell)) => {
                let whole = std::mem::take(&mut self.held);
                drop(tell.send(Ok(Begun::Whole(whole.into()))));
            }
            (Ok(()), None) => self.progress.send_modify(|progress| progress.whole = true),
            (Err(problem), Some(tell)) => drop(tell.send(Err(problem))),
            (Err(problem), None) if !self.progress.is_closed() => {
                tracing::error!(%problem, "an answer was broken off half-way");
            }
            // It was broken off because nobody waits for it.
            (Err(_), None) => {}
        }
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            self.put()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // Whoever formats flushes when it likes; pieces stay pieces.
        Ok(())
    }
}

impl Growing {
    /// The pieces, as they are written; `guard` is dropped with the last.
    pub fn pieces<G>(self, guard: G) -> impl Stream<Item = io::Result<Bytes>> {
        let state = (self, 0_u64, guard);
        stream::try_unfold(state, |(mut growing, sent, guard)| async move {
            let bytes = growing.piece(sent).await?;
            let sent = sent + u64::try_from(bytes.len()).unwrap_or_default();
            Ok((!bytes.is_empty()).then_some((bytes, (growing, sent, guard))))
        })
    }

    /// The piece behind so many bytes; empty at the end.
    async fn piece(&mut self, sent: u64) -> io::Result<Bytes> {
        loop {
            let Progress { written, whole } = *self.progress.borrow_and_update();
            if written > sent {
                let most = usize::try_from(written - sent).map_or(PIECE, |left| left.min(PIECE));
                let mut piece = vec![0; most];
                // What was written a moment ago is still in the system's memory: no wait for a disk.
                self.file.read_exact(&mut piece)?;
                return Ok(piece.into());
            }
            if whole {
                return Ok(Bytes::new());
            }
            // Whoever writes has gone without an end.
            self.progress
                .changed()
                .await
                .map_err(|_gone| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        }
    }
}

/// 503 while answers that are not taken have all the room there is for them.
fn no_room() -> Problem {
    Problem::unavailable("too many large answers are under way", 60)
}

/// 500 for an answer that can't be written, for want of space on the disk as a rule.
pub fn failed(error: &io::Error) -> Problem {
    if !matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe | io::ErrorKind::QuotaExceeded
    ) {
        tracing::error!(%error, "an answer can't be written");
    }
    Problem::new(Code::Internal)
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    #[actix_web::test]
    async fn what_is_small_comes_as_a_whole() {
        let (mut spool, told) = spool();
        spool.write_all(b"abc").unwrap();
        spool.end(Ok(()));
        assert!(matches!(told.await, Ok(Ok(Begun::Whole(bytes))) if bytes == "abc"));
    }

    #[actix_web::test]
    async fn what_is_large_comes_in_pieces_and_in_its_order() {
        let (mut spool, told) = spool();
        let bytes: Vec<u8> = (0..=250).cycle().take(3 * PIECE + 7).collect();
        let sent = bytes.clone();
        let writer = std::thread::spawn(move || {
            for part in sent.chunks(1000) {
                spool.write_all(part).unwrap();
            }
            spool.end(Ok(()));
        });
        let Ok(Ok(Begun::Growing(growing))) = told.await else {
            panic!("it is too large to be whole at once")
        };
        let pieces: Vec<Bytes> = growing.pieces(()).map(Result::unwrap).collect().await;
        writer.join().unwrap();
        assert_eq!(pieces.concat(), bytes);
    }

    #[actix_web::test]
    async fn what_fails_in_time_is_a_problem_and_later_breaks_off() {
        let fault = || Problem::not_found("list");
        let (mut early, told) = spool();
        early.write_all(b"abc").unwrap();
        early.end(Err(fault()));
        assert!(matches!(told.await, Ok(Err(_))));
        let (mut late, told) = spool();
        late.write_all(&vec![0; PIECE]).unwrap();
        late.end(Err(fault()));
        let Ok(Ok(Begun::Growing(growing))) = told.await else {
            panic!("it has begun")
        };
        let pieces: Vec<io::Result<Bytes>> = growing.pieces(()).collect().await;
        assert!(pieces.len() == 2 && pieces[1].is_err(), "{pieces:?}");
    }

    #[actix_web::test]
    async fn where_answers_that_are_not_taken_have_all_the_room_no_further_one_begins() {
        static SMALL: Disk = Disk {
            taken: AtomicU64::new(0),
            most: 1,
        };
        let large = || {
            let (mut spool, told) = spool_on(&SMALL);
            let written = spool.write_all(&vec![0; PIECE]);
            // What writes tables wraps the error of what it writes to.
            spool.end(written.map_err(|error| failed(&io::Error::other(error))));
            told
        };
        let Ok(Ok(Begun::Growing(first))) = large().await else {
            panic!("there is room for one")
        };
        let Ok(Err(refused)) = large().await else {
            panic!("there is none for another")
        };
        assert_eq!(refused.code(), Code::Unavailable);
        let (mut small, told) = spool_on(&SMALL);
        small.write_all(b"abc").unwrap();
        small.end(Ok(()));
        assert!(matches!(told.await, Ok(Ok(Begun::Whole(_)))));
        let (mut broken, told) = spool_on(&SMALL);
        assert!(broken.write_all(&vec![0; PIECE]).is_err());
        drop(first);
        // What writes tables tries again when it is dropped.
        let error = broken.write_all(b"abc").unwrap_err();
        broken.end(Err(failed(&error)));
        let Ok(Err(refused)) = told.await else {
            panic!("its beginning is lost")
        };
        assert_eq!(refused.code(), Code::Unavailable);
        assert!(matches!(large().await, Ok(Ok(Begun::Growing(_)))));
    }

    #[actix_web::test]
    async fn whoever_writes_is_told_that_nobody_waits() {
        let (mut spool, told) = spool();
        spool.write_all(&vec![0; PIECE]).unwrap();
        drop(told.await);
        assert!(spool.write_all(&vec![0; PIECE]).is_err());
    }
}
