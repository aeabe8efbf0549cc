//! Contacts: whom to write to at a partner.
//!
//! Most are offices. A contact of a person is there by that person's consent, for a while and never
//! for everyone; when the consent ends, so does all that the registry holds of the person.

pub mod expiry;
pub mod read;
pub mod rules;
pub mod store;
pub mod types;
pub mod visibility;
pub mod write;

pub use expiry::{retire, stale};
pub use types::{ContactIn, ContactView};
