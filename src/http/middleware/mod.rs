//! What happens to every request, one concern a file. `server.rs` sets the order.

mod access_log;
mod compression;
mod cors;
mod envelope;
mod head;
mod keep_answers;
mod negotiation;
mod problems;
mod rate_limit;
mod request_id;
mod security;

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;

pub use compression::{remove_mark, skip_small_bodies};
pub use cors::cors;
pub use envelope::envelope;
pub use head::head;
pub use keep_answers::keep_answers;
pub use negotiation::negotiation;
pub use problems::{SaysItself, problems};
pub use rate_limit::{RateLimiter, address_of, rate_limit};
pub use request_id::RequestId;

/// What a layer answers with.
pub type Passed<B = BoxBody> = Result<ServiceResponse<B>, Error>;
