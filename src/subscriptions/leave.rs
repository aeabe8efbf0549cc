//! Leaving: the address is erased, and with it what was on its way.

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use super::requests::unknown_token;
use super::store::{self, Holder};
use super::topic::Topic;
use crate::access::token;
use crate::db::DbConn;
use crate::html::lang::Lang;
use crate::http::problem::Problem;
use crate::jobs::mail;

/// What became of somebody who left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Nothing is sent any more, and the address is erased.
    Everything,
    /// The rest is sent as before.
    Some,
}

/// Whoever holds this token follows this topic no longer, and is erased when nothing is left, or when no topic is
/// named; nothing happens to who left before. 422 when the token is nobody's.
pub fn leave(
    conn: &mut DbConn,
    token: &str,
    topic: Option<&Topic>,
    now: DateTime<Utc>,
) -> Result<Left, Problem> {
    let hash = token::hash(token);
    match (store::holder(conn, &hash, now)?, topic) {
        (Holder::Asks(_), None) => {
            // Confirmed by nobody, and now it never will be.
            store::drop_request(conn, &hash)?;
            store::keep_token(conn, None, &hash, now)?;
        }
        (Holder::Subscribes(subscriber), topic) => {
            if let Some(topic) = topic
                && store::unfollow(conn, subscriber, topic)?
            {
                return Ok(Left::Some);
            }
            if let Some(email) = store::erase(conn, subscriber)? {
                mail::take_back(conn, &email, now)?;
            }
        }
        (Holder::Left, _) => {}
        (Holder::Asks(_), Some(_)) | (Holder::Nobody, _) => return Err(unknown_token()),
    }
    Ok(Left::Everything)
}

/// The language of the mails to whom this token was sent; none when it is nobody's.
pub fn language_of(
    conn: &mut DbConn,
    token: &str,
    now: DateTime<Utc>,
) -> QueryResult<Option<Lang>> {
    let code = match store::holder(conn, &token::hash(token), now)? {
        Holder::Asks(asked) => Some(asked.lang),
        Holder::Subscribes(subscriber) => store::language(conn, subscriber)?,
        Holder::Left | Holder::Nobody => None,
    };
    Ok(code.and_then(|code| code.parse().ok()))
}
