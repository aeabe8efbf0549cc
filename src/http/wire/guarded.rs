//! A connection that ends when its caller keeps it open for nothing.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::rt::net::TcpStream;
use actix_web::rt::time::{Instant, Sleep, sleep};
use actix_web::web::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Conn, Connections, Place};
use crate::http::code::Code;
use crate::http::middleware::RequestId;
use crate::http::problem::Problem;

/// For how long nothing may go either way while nothing is worked on.
const QUIET: Duration = Duration::from_secs(30);

/// A socket with its place among the others.
#[derive(Debug)]
pub struct Guarded {
    io: TcpStream,
    place: Place,
    timer: Option<Pin<Box<Sleep>>>,
    /// What is sent instead of an empty answer of the framework, as far as it has not gone yet.
    instead: Bytes,
}

impl Guarded {
    /// The socket in its place; told 503 and closed when there is none for it.
    pub fn admit(connections: &Connections, io: TcpStream) -> Option<Self> {
        if let Some(place) = connections.admit(io.peer_addr().ok()) {
            return Some(Self {
                io,
                place,
                timer: None,
                instead: Bytes::new(),
            });
        }
        let problem = Problem::new(Code::Unavailable)
            .detail("too many connections are open; come back later");
        // Whoever does not take it at once does without.
        drop(io.try_write(&bare(&problem, StatusCode::SERVICE_UNAVAILABLE)));
        None
    }

    /// The connection, for the parts that look after it.
    pub fn conn(&self) -> &Arc<Conn> {
        self.place.conn()
    }

    fn poll_alive(&self, cx: &Context<'_>) -> io::Result<()> {
        match self.conn().poll_ended(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Pending => Ok(()),
        }
    }

    /// Whether nothing has gone either way for too long. Wakes the task when that may be so.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let conn = Arc::clone(self.conn());
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(QUIET)));
        while timer.as_mut().poll(cx).is_ready() {
            let quiet = Duration::from_millis(conn.quiet());
            let left = if conn.is_working() {
                QUIET
            } else {
                QUIET.saturating_sub(quiet)
            };
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            timer.as_mut().reset(Instant::now() + left);
        }
        Ok(())
    }

    fn poll_instead(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.instead.is_empty() {
            let written = ready!(Pin::new(&mut self.io).poll_write(cx, &self.instead))?;
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
        match Pin::new(&mut this.io).poll_read(cx, buf) {
            Poll::Pending => {
                this.poll_patience(cx)?;
                Poll::Pending
            }
            done @ Poll::Ready(_) => {
                if buf.filled().len() > before {
                    this.conn().touch();
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
        if let Some(problem) = instead_of(buf) {
            this.instead = problem;
            if let Poll::Ready(failed @ Err(_)) = this.poll_instead(cx) {
                failed?;
            }
            return Poll::Ready(Ok(buf.len()));
        }
        match Pin::new(&mut this.io).poll_write(cx, buf) {
            Poll::Pending => {
                this.poll_patience(cx)?;
                Poll::Pending
            }
            done @ Poll::Ready(_) => {
                this.conn().touch();
                done
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_instead(cx))?;
        Pin::new(&mut this.io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_instead(cx))?;
        Pin::new(&mut this.io).poll_shutdown(cx)
    }
}

/// What is sent instead of this, when it is the framework's empty answer to bytes that are no request:
/// those never reach the application, whose errors all have a body.
fn instead_of(answer: &[u8]) -> Option<Bytes> {
    let status = std::str::from_utf8(answer.get(9..12)?).ok()?;
    let (status, problem) = match status {
        "400" => (
            StatusCode::BAD_REQUEST,
            Problem::new(Code::MalformedRequest).detail(
                "this is no HTTP request: an address is ASCII, everything else in it percent-encoded",
            ),
        ),
        "408" => (
            StatusCode::REQUEST_TIMEOUT,
            Problem::new(Code::RequestTimeout).detail("the head of the request did not come in time"),
        ),
        "414" => (
            StatusCode::URI_TOO_LONG,
            Problem::new(Code::UriTooLong).detail("the address is too long"),
        ),
        "431" => (
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Problem::new(Code::HeadersTooLarge).detail("the head of the request is too large"),
        ),
        _ => return None,
    };
    let head = std::str::from_utf8(answer.strip_suffix(b"\r\n\r\n")?).ok()?;
    let empty = |line: &str| line.eq_ignore_ascii_case("content-length: 0");
    (head.starts_with("HTTP/1.") && head.lines().any(empty) && !head.contains("\r\n\r\n"))
        .then(|| bare(&problem, status))
}

/// The whole answer as bytes, for what no request can be made out of; with its line in the log.
fn bare(problem: &Problem, status: StatusCode) -> Bytes {
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
    use super::*;

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
            let instead = instead_of(answer.as_bytes());
            assert_eq!(instead.is_some(), replaced, "{answer}");
        }
    }
}
