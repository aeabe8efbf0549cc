//! The body of a form, in small pieces while the head of a part is looked for: the library that reads
//! forms keeps all that has come until it has found the end of a head.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::error::PayloadError;
use actix_web::web::{Bytes, Payload};
use futures_util::Stream;

/// Most bytes in front of a part's content.
const MAX_HEAD: usize = 64 * 1024;

/// Bytes that are handed over at a time.
const PIECE: usize = 8 * 1024;

/// What is known of where in the form the reader is.
#[derive(Debug, Clone, Default)]
pub struct Pace(Rc<Cell<Option<usize>>>);

impl Pace {
    /// A head is looked for.
    pub fn head(&self) {
        self.0.set(Some(MAX_HEAD));
    }

    /// The content of a part is read, which has limits of its own.
    pub fn content(&self) {
        self.0.set(None);
    }

    /// Whether a head was too long.
    pub fn is_used_up(&self) -> bool {
        self.0.get() == Some(0)
    }
}

/// A body that keeps the pace.
pub struct Paced {
    inner: Payload,
    pace: Pace,
    held: Bytes,
    given: bool,
}

impl Paced {
    /// This body.
    pub fn new(inner: Payload, pace: Pace) -> Self {
        Self {
            inner,
            pace,
            held: Bytes::new(),
            given: false,
        }
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let left = this.pace.0.get();
        if left.is_some() && std::mem::take(&mut this.given) {
            // The reader looks at what it has before it gets more.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.held.is_empty() {
            match Pin::new(&mut this.inner).poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => this.held = bytes,
                other => return other,
            }
        }
        let Some(left) = left else {
            return Poll::Ready(Some(Ok(std::mem::take(&mut this.held))));
        };
        if left == 0 {
            return Poll::Ready(Some(Err(PayloadError::Overflow)));
        }
        let piece = this.held.split_to(this.held.len().min(PIECE).min(left));
        this.pace.0.set(Some(left - piece.len()));
        this.given = true;
        Poll::Ready(Some(Ok(piece)))
    }
}
