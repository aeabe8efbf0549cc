//! Answers in pieces: a connection copies what it is about to send, and of an answer that nobody takes
//! that has to be little.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;

/// Bytes of a piece.
const PIECE: usize = 32 * 1024;

/// Hands a large answer to the connection piece by piece.
pub fn in_pieces<B: MessageBody + 'static>(body: B) -> BoxBody {
    let large = |bytes| usize::try_from(bytes).is_ok_and(|bytes| bytes > PIECE);
    match body.size() {
        BodySize::Sized(bytes) if large(bytes) => match body.try_into_bytes() {
            Ok(bytes) => BoxBody::new(Pieces(bytes)),
            Err(body) => body.boxed(),
        },
        _ => body.boxed(),
    }
}

/// What is left of an answer; the pieces share its memory.
struct Pieces(Bytes);

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(u64::try_from(self.0.len()).unwrap_or(u64::MAX))
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let length = self.0.len().min(PIECE);
        let piece = self.0.split_to(length);
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;

    #[actix_web::test]
    async fn an_answer_stays_whole_and_what_is_small_stays_as_it_is() {
        for length in [0, 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7] {
            let bytes: Bytes = (0..=250).cycle().take(length).collect();
            let body = in_pieces(bytes.clone());
            assert_eq!(body.size(), bytes.size());
            assert_eq!(to_bytes(body).await.unwrap(), bytes, "{length}");
        }
        assert_eq!(in_pieces(()).size(), ().size());
        assert_eq!(in_pieces(BoxBody::new(())).size(), ().size());
    }
}
