//! Suggestions: the public's corrections, and edits that wait for a second pair of eyes.
//!
//! Anybody may propose a patch or say something in words; the office a record belongs to accepts or
//! rejects it. What editors of an office with `four_eyes` do arrives here too, from `access::review`:
//! another person lets it pass, and the change then names both.

mod apply;
mod decide;
mod mails;
pub mod proof_of_work;
mod read;
mod store;
pub mod submit;
mod types;
pub mod unconfirmed;

use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(proof_of_work::get_puzzle)
        .service(submit::create_suggestion)
        .service(read::list_suggestions)
        .service(read::get_suggestion)
        .service(decide::accept_suggestion)
        .service(decide::reject_suggestion);
}
