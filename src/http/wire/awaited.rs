//! Callers who hang up: what they asked is not worked on for longer than a moment.
//!
//! A connection that was closed looks like one whose caller has only said that everything is asked and
//! still reads: what comes of either is the end of what is sent. The moment is for the second, and it
//! begins with each request, since the end may come along with it, before anything is worked on.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::middleware::Next;
use actix_web::rt::time::sleep;

use super::Conn;
use crate::http::middleware::Passed;
use crate::http::problem::Problem;

/// For how long a request is worked on whose caller sends nothing more: several times what any should
/// take, and so little that whoever comes next does not notice those that have gone.
const MOMENT: Duration = Duration::from_millis(250);

/// Drops what is worked on for a caller who has hung up: its reads leave the queue, or end.
pub async fn while_awaited<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    let conn = req.conn_data::<Arc<Conn>>().cloned();
    let is_safe = req.method().is_safe();
    let mut answer = pin!(next.call(req));
    let mut moment = None;
    poll_fn(|cx| {
        if let Poll::Ready(answer) = answer.as_mut().poll(cx) {
            return Poll::Ready(answer);
        }
        // Whoever reads the connection does so in this task, before the request goes on.
        let Some(conn) = conn.as_ref().filter(|conn| conn.has_hung_up()) else {
            return Poll::Pending;
        };
        let moment = moment.get_or_insert_with(|| Box::pin(sleep(MOMENT)));
        moment.as_mut().poll(cx).map(|()| {
            if !is_safe {
                // What became of a write is not known: as with a line that broke, there is no answer.
                conn.end();
            }
            Err(late().into())
        })
    })
    .await
}

fn late() -> Problem {
    let detail = format!(
        "the connection was closed for sending before this was answered; such a request is worked on \
         for {} milliseconds: keep the connection open, or come back later",
        MOMENT.as_millis()
    );
    Problem::unavailable(&detail, 1)
}
