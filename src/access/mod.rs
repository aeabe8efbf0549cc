//! Who may do what: people, their offices, how they prove who they are, and the one table of rights.
//!
//! `authentication` stands before every handler: it finds out who the caller is (`identify`) and asks the
//! `permissions` of operations. What depends on whose a record is (`ownership`), handlers ask of `authorize`
//! as their first step inside the transaction; `review` keeps back what needs a second pair of eyes.

mod actor;
mod authentication;
mod authorize;
mod identify;
pub mod keys;
pub mod oidc;
pub mod organisations;
pub mod ownership;
pub mod passwords;
pub mod permissions;
mod recent;
pub mod review;
pub mod sessions;
pub mod token;
pub mod users;
mod write;

pub use actor::Actor;
pub use authentication::authenticate;
pub use authorize::{
    Creating, acts_for, decidable, has_office, has_to_ask, may_agree, may_approve, may_correct,
    may_create, may_decide, may_edit, must_hold, require_participation, still_may_edit,
};
pub use identify::Identities;
pub use passwords::{Hasher, Throttle};
pub use write::{JsonWrite, Write, Writing};

use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(sessions::create_session)
        .service(sessions::list_sessions)
        .service(sessions::get_current_session)
        .service(sessions::end_current_session)
        .service(sessions::end_session)
        .service(users::me::get_me)
        .service(users::me::update_me)
        .service(passwords::accept_invitation)
        .service(passwords::request_password_reset)
        .service(passwords::confirm_password_reset)
        .service(users::list_users)
        .service(users::create_user)
        .service(users::get_user)
        .service(users::update_user)
        .service(users::deactivate_user)
        .service(organisations::list_organisations)
        .service(organisations::create_organisation)
        .service(organisations::get_organisation)
        .service(organisations::update_organisation)
        .service(keys::list_api_keys)
        .service(keys::create_api_key)
        .service(keys::revoke_api_key);
}
