//! Bodies: never packed, and never slower than a line that works.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::rt::time::{Instant, Sleep, sleep};
use actix_web::web::{Bytes, Data};
use futures_util::Stream;

use super::Conn;
use crate::app::App;
use crate::http::code::Code;
use crate::http::middleware::Passed;
use crate::http::problem::Problem;

/// Bytes a second that a body comes with at the least, once it has had its pause.
const LEAST_RATE: u64 = 8 * 1024;

/// Milliseconds after which a connection is closed whose body came too slowly, and one whose body nobody
/// reads.
const LEAVE_LATE: u64 = 1000;
const LEAVE_UNREAD: u64 = 10_000;

/// 415 for bodies that would have to be unpacked, before anything of them is read, and a time limit for
/// all others.
pub async fn bodies<B: MessageBody + 'static>(mut req: ServiceRequest, next: Next<B>) -> Passed {
    if is_packed(&req) {
        // A few bytes may unpack into more than there is memory, so that no limit of size would hold.
        let problem = Problem::new(Code::UnsupportedMediaType)
            .detail("send the body as it is, without Content-Encoding")
            .header(header::ACCEPT_ENCODING, "identity");
        return Ok(req.error_response(problem));
    }
    if !matches!(&*req.parts_mut().1, Payload::None) {
        let pause = req
            .app_data::<Data<App>>()
            .map_or(10, |app| app.config.body_timeout);
        let timed = Timed {
            conn: req.conn_data::<Arc<Conn>>().cloned(),
            inner: req.take_payload(),
            pause: Duration::from_secs(u64::from(pause)),
            come: 0,
            waited: Duration::ZERO,
            over: false,
            waiting: None,
        };
        req.set_payload(Payload::Stream {
            payload: Box::pin(timed),
        });
    }
    Ok(next.call(req).await?.map_into_boxed_body())
}

fn is_packed(req: &ServiceRequest) -> bool {
    req.headers()
        .get_all(header::CONTENT_ENCODING)
        .any(|value| {
            !value
                .as_bytes()
                .split(|byte| *byte == b',')
                .map(<[u8]>::trim_ascii)
                .all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case(b"identity"))
        })
}

/// Whether a body was given up because it came too slowly.
pub fn came_late(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(error) if error.kind() == io::ErrorKind::TimedOut)
}

/// A body that has to come in time. Only the time that the registry waits for its caller counts.
struct Timed {
    inner: Payload,
    conn: Option<Arc<Conn>>,
    /// For how long nothing may come.
    pause: Duration,
    come: u64,
    waited: Duration,
    /// Whether it came to its end, or is known not to.
    over: bool,
    /// Since when nothing has come, and when that is over.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Timed {
    fn work(&self, working: bool) {
        if let Some(conn) = &self.conn {
            conn.work(working);
        }
    }

    /// How much longer the caller may take for the next bytes.
    fn patience(&self) -> Duration {
        let earned = Duration::from_millis(self.come.saturating_mul(1000) / LEAST_RATE);
        (self.pause + earned)
            .saturating_sub(self.waited)
            .min(self.pause)
    }
}

impl Stream for Timed {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        match Pin::new(&mut this.inner).poll_next(cx) {
            Poll::Ready(next) => {
                if let Some((since, _)) = this.waiting.take() {
                    this.waited += since.elapsed();
                    this.work(true);
                }
                if let Some(Ok(bytes)) = &next {
                    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    this.come = this.come.saturating_add(length);
                } else {
                    this.over = true;
                }
                Poll::Ready(next)
            }
            Poll::Pending => {
                if this.waiting.is_none() {
                    this.work(false);
                    this.waiting = Some((Instant::now(), Box::pin(sleep(this.patience()))));
                }
                let over = this
                    .waiting
                    .as_mut()
                    .is_some_and(|(_, over)| over.as_mut().poll(cx).is_ready());
                if !over {
                    return Poll::Pending;
                }
                this.waiting = None;
                this.over = true;
                this.work(true);
                if let Some(conn) = &this.conn {
                    conn.leave_in(LEAVE_LATE);
                }
                let late = io::Error::from(io::ErrorKind::TimedOut);
                Poll::Ready(Some(Err(PayloadError::Io(late))))
            }
        }
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        // Answered before it was read: the framework would take what still comes for ever.
        if let Some(conn) = self.conn.as_ref().filter(|_| !self.over) {
            conn.leave_in(LEAVE_UNREAD);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timed(come: u64, waited: u64) -> Timed {
        Timed {
            inner: Payload::None,
            conn: None,
            pause: Duration::from_secs(10),
            come,
            waited: Duration::from_secs(waited),
            over: false,
            waiting: None,
        }
    }

    #[test]
    fn a_body_may_pause_and_has_to_keep_the_least_rate() {
        for (come, waited, left) in [
            (0, 0, 10),
            (1, 9, 1),
            // A byte a second earns nothing.
            (10, 10, 0),
            // 80 KiB are ten seconds, and no pause is longer than another.
            (80 * 1024, 15, 5),
            (8 * 1024 * 1024, 15, 10),
        ] {
            let patience = timed(come, waited).patience();
            assert_eq!(patience.as_millis() / 1000, left, "{come} {waited}");
        }
    }
}
