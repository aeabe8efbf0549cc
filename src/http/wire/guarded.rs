//! A connection that ends when its caller keeps it open for nothing.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use actix_web::rt::time::{Instant, Sleep, sleep};
use actix_web::web::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::timeout;

use super::{Conn, Connections, Place};
use crate::http::code::Code;
use crate::http::middleware::RequestId;
use crate::http::problem::Problem;

/// For how many milliseconds nothing may go either way while nothing is worked on.
const QUIET: u64 = 30_000;

/// Bytes a second that an answer is taken with at the least, once its reader has had [`QUIET`].
const LEAST_RATE: u64 = 8 * 1024;

/// How long a caller who is refused may go on sending: closed at once, the answer would be lost.
const LEAVE: Duration = Duration::from_secs(2);

/// How soon it is looked again whether there is a place for a new connection.
const AGAIN: Duration = Duration::from_millis(20);

/// How far whoever reads the answers is behind the least rate.
#[derive(Debug, Default)]
struct Reader {
    behind: Duration,
    /// Since when nothing could be sent.
    waiting: Option<Instant>,
}

impl Reader {
    /// Some bytes have been taken.
    fn took(&mut self, bytes: usize, now: impl FnOnce() -> Instant) {
        if let Some(since) = self.waiting.take() {
            self.behind += now().saturating_duration_since(since);
        }
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let earned = Duration::from_millis(bytes.saturating_mul(1000) / LEAST_RATE);
        // What was taken fast is no credit for later.
        self.behind = self.behind.saturating_sub(earned);
    }

    /// Nothing is taken; how much longer that may be so.
    fn waits(&mut self, now: Instant) -> Duration {
        let since = *self.waiting.get_or_insert(now);
        let behind = self.behind + now.saturating_duration_since(since);
        Duration::from_millis(QUIET).saturating_sub(behind)
    }
}

/// Longest address that the framework reads, in bytes.
const LONGEST_ADDRESS: usize = 65_534;

/// A socket with its place among the others.
#[derive(Debug)]
pub struct Guarded {
    /// There until it is dropped.
    io: Option<TcpStream>,
    place: Option<Place>,
    conn: Arc<Conn>,
    timer: Option<Pin<Box<Sleep>>>,
    reader: Reader,
    /// What is sent instead of an empty answer of the framework, as far as it has not gone yet.
    instead: Bytes,
    /// Whether something was sent instead.
    refused: bool,
    /// Bytes received since the last answer.
    received: usize,
}

impl Guarded {
    /// The socket in its place, as soon as there is one: those that made room are being closed still.
    /// Told 503 and closed when that takes too long.
    pub async fn admit(connections: &Connections, io: TcpStream) -> Option<Self> {
        let peer = io.peer_addr().ok();
        let end = Instant::now() + LEAVE;
        loop {
            if let Some(place) = connections.admit(peer) {
                // An answer that is sent in pieces must not wait for the caller to acknowledge the first.
                if let Err(error) = io.set_nodelay(true) {
                    tracing::debug!(%error, "a connection may send late");
                }
                return Some(Self {
                    io: Some(io),
                    conn: Arc::clone(place.conn()),
                    place: Some(place),
                    timer: None,
                    reader: Reader::default(),
                    instead: Bytes::new(),
                    refused: false,
                    received: 0,
                });
            }
            if Instant::now() >= end {
                break;
            }
            sleep(AGAIN).await;
        }
        let problem = Problem::new(Code::Unavailable)
            .detail("too many connections are open; come back later");
        // Whoever does not take it at once does without.
        drop(io.try_write(&bare(&problem)));
        None
    }

    /// The connection, for the parts that look after it.
    pub fn conn(&self) -> &Arc<Conn> {
        &self.conn
    }

    fn io(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let io = self.io.as_mut().map(Pin::new);
        io.ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn poll_alive(&self, cx: &Context<'_>) -> io::Result<()> {
        match self.conn().poll_ended(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Pending => Ok(()),
        }
    }

    /// Whether nothing has gone either way for too long, or an answer is taken too slowly. Wakes the task
    /// when that may be so.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        loop {
            let now = self.conn.now();
            let mut left = Duration::from_millis(self.conn.patience(QUIET, now));
            if self.reader.waiting.is_some() {
                left = left.min(self.reader.waits(Instant::now()));
            } else if let Some(head) = self.conn.head_left(now) {
                left = left.min(Duration::from_millis(head));
            }
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let end = Instant::now() + left;
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(left)));
            // One that ends too early is set again when it does.
            if timer.deadline() > end {
                timer.as_mut().reset(end);
            }
            if timer.as_mut().poll(cx).is_pending() {
                return Ok(());
            }
            timer.as_mut().reset(end);
        }
    }

    fn poll_instead(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.instead.is_empty() {
            let instead = self.instead.clone();
            let written = ready!(self.io()?.poll_write(cx, &instead))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.instead.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.poll_alive(cx)?;
        let before = buf.filled().len();
        match this.io()?.poll_read(cx, buf) {
            Poll::Pending => {
                this.poll_patience(cx)?;
                Poll::Pending
            }
            // Taken for the end of what is asked, behind what came before it, it would still be worked for.
            Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
                Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
            }
            done @ Poll::Ready(_) => {
                if buf.filled().len() > before {
                    this.received += buf.filled().len() - before;
                    this.conn().hear();
                } else if matches!(done, Poll::Ready(Ok(()))) {
                    this.conn().hang_up();
                }
                done
            }
        }
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.poll_alive(cx)?;
        ready!(this.poll_instead(cx))?;
        if let Some(problem) = instead_of(buf, std::mem::take(&mut this.received)) {
            this.instead = problem;
            this.refused = true;
            if let Poll::Ready(failed @ Err(_)) = this.poll_instead(cx) {
                failed?;
            }
            return Poll::Ready(Ok(buf.len()));
        }
        match this.io()?.poll_write(cx, buf) {
            Poll::Pending => {
                this.reader.waits(Instant::now());
                this.poll_patience(cx)?;
                Poll::Pending
            }
            done @ Poll::Ready(_) => {
                if let Poll::Ready(Ok(bytes)) = &done {
                    this.reader.took(*bytes, Instant::now);
                }
                this.conn().tell();
                done
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_instead(cx))?;
        this.io()?.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_instead(cx))?;
        this.io()?.poll_shutdown(cx)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let Some(io) = self.io.take().filter(|_| self.refused) else {
            return;
        };
        let (place, rest) = (self.place.take(), std::mem::take(&mut self.instead));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                drop(timeout(LEAVE, said_goodbye(io, rest)).await);
                drop(place);
            });
        }
    }
}

/// Sends the rest, and takes what still comes until the caller is done.
async fn said_goodbye(mut io: TcpStream, rest: Bytes) -> io::Result<()> {
    io.write_all(&rest).await?;
    io.shutdown().await?;
    let mut nothing = vec![0; 16 * 1024];
    while io.read(&mut nothing).await? > 0 {}
    Ok(())
}

/// What is sent instead of this, when it is the framework's empty answer to bytes that are no request:
/// those never reach the application, whose errors all have a body.
fn instead_of(answer: &[u8], received: usize) -> Option<Bytes> {
    let mut status = std::str::from_utf8(answer.get(9..12)?).ok()?;
    // The framework gives up an address of this length without saying why.
    if status == "400" && received > LONGEST_ADDRESS {
        status = "414";
    }
    let problem = match status {
        "400" => Problem::malformed(
            "this can't be read as HTTP: addresses and headers are ASCII without control characters, \
             everything else in an address percent-encoded",
        ),
        "408" => Problem::new(Code::RequestTimeout)
            .detail("the head of the request did not come in time"),
        "414" => Problem::new(Code::UriTooLong).detail("the address is too long"),
        "431" => Problem::new(Code::HeadersTooLarge).detail("the head of the request is too large"),
        _ => return None,
    };
    let head = std::str::from_utf8(answer.strip_suffix(b"\r\n\r\n")?).ok()?;
    let empty = |line: &str| line.eq_ignore_ascii_case("content-length: 0");
    (head.starts_with("HTTP/1.") && head.lines().any(empty) && !head.contains("\r\n\r\n"))
        .then(|| bare(&problem))
}

/// The whole answer as bytes, for what no request can be made out of; with its line in the log.
fn bare(problem: &Problem) -> Bytes {
    let status = problem.code().status();
    let request_id = RequestId::made().0;
    tracing::info!(
        status = status.as_u16(),
        request_id,
        "a request could not be read"
    );
    let body = serde_json::to_string(&problem.body("", Some(&request_id))).unwrap_or_default();
    Bytes::from(format!(
        "HTTP/1.1 {} {}\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\
         connection: close\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n\
         x-request-id: {request_id}\r\ndate: {}\r\n\r\n{body}",
        status.as_str(),
        status.canonical_reason().unwrap_or_default(),
        body.len(),
        httpdate::fmt_http_date(std::time::SystemTime::now()),
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::Ordering;

    use futures_util::FutureExt;

    use super::super::{Inner, Limits};
    use super::*;

    #[test]
    fn an_answer_is_taken_in_time_or_its_reader_is_let_go() {
        let second = Duration::from_secs(1);
        let mut now = Instant::now();
        // A byte every second keeps nothing open for longer than taking none.
        let mut reader = Reader::default();
        let mut taken = 0;
        while !reader.waits(now).is_zero() {
            now += second;
            reader.took(1, || now);
            taken += 1;
        }
        assert_eq!(taken, QUIET / 1000);
        // The least rate is enough for ever, in small steps and in large ones.
        for seconds in [1, 20] {
            let mut reader = Reader::default();
            for _ in 0..1000 {
                assert!(!reader.waits(now).is_zero());
                now += second * seconds;
                let bytes = LEAST_RATE * u64::from(seconds);
                reader.took(usize::try_from(bytes).unwrap(), || now);
            }
        }
        // Nobody gains time by having been fast.
        let mut reader = Reader::default();
        reader.took(1_000_000_000, || now);
        assert_eq!(reader.waits(now), Duration::from_millis(QUIET));
    }

    /// A connection on which these bytes have been sent and read.
    async fn connected(connections: &Connections, sent: &[u8]) -> (Guarded, TcpStream) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut caller = TcpStream::connect(address).await.unwrap();
        let (io, _) = listener.accept().await.unwrap();
        let mut guarded = Guarded::admit(connections, io).await.unwrap();
        caller.write_all(sent).await.unwrap();
        guarded.read_exact(&mut vec![0; sent.len()]).await.unwrap();
        (guarded, caller)
    }

    #[actix_web::test]
    async fn a_caller_who_hangs_up_is_known_and_one_who_breaks_off_is_not_read() {
        let connections = Connections::new(Limits::new(0, Vec::new()));
        for breaks_off in [false, true] {
            let (mut guarded, caller) = connected(&connections, b"GET").await;
            assert!(!guarded.conn().has_hung_up());
            if breaks_off {
                caller.set_zero_linger().unwrap();
            }
            drop(caller);
            let ended = guarded
                .read(&mut [0; 3])
                .await
                .map_err(|error| error.kind());
            let expected = if breaks_off {
                Err(io::ErrorKind::ConnectionAborted)
            } else {
                Ok(0)
            };
            assert_eq!(ended, expected);
            assert_eq!(guarded.conn().has_hung_up(), !breaks_off);
        }
    }

    #[actix_web::test]
    async fn the_head_of_a_later_request_that_does_not_come_is_not_waited_for() {
        let begun = std::time::Instant::now().checked_sub(Duration::from_mins(1));
        let connections = Connections(Arc::new(Inner {
            limits: Limits::new(0, Vec::new()),
            since: begun.unwrap(),
            open: Mutex::default(),
        }));
        let (mut guarded, _caller) = connected(&connections, b"GET").await;
        for (since, ended) in [(1, true), (guarded.conn().now(), false)] {
            guarded.conn().head.store(since, Ordering::Relaxed);
            let read = guarded.read(&mut [0; 1]).now_or_never();
            assert_eq!(read.is_some_and(|read| read.is_err()), ended);
        }
    }

    #[test]
    fn only_an_empty_answer_to_no_request_is_replaced() {
        for (answer, replaced) in [
            (
                "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                true,
            ),
            (
                "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
                true,
            ),
            (
                "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}",
                false,
            ),
            (
                "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n",
                false,
            ),
            (
                "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n",
                false,
            ),
            ("HTTP/1.1 4", false),
            ("", false),
        ] {
            let instead = instead_of(answer.as_bytes(), 100);
            assert_eq!(instead.is_some(), replaced, "{answer}");
        }
        let empty = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
        let long = instead_of(empty, 70_000).unwrap();
        assert!(long.starts_with(b"HTTP/1.1 414 "), "{long:?}");
    }
}
