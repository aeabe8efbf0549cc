//! Values with rules and no input or output: what every room of the registry speaks in.
//!
//! Each type here is parsed once, at the edge, and is right from then on: a date that is only as
//! precise as what is known, a country of ISO 3166-1, a language of BCP 47, an identifier whose
//! check digits were computed, a public id. A text that breaks a rule becomes an
//! [`parse_error::ParseError`] with a stable code and a sentence naming the rule. The vocabularies and the
//! lifecycle of agreements and memberships live here too, as data.
//!
//! Nothing in this module knows HTTP, SQL or the time of day; the last is asked of a
//! [`clock::Clock`]. The types carry diesel's derives so that they can be bound and loaded; how they
//! are written to a column is decided once, in the database module.

pub mod author;
pub mod clock;
pub mod country;
pub mod digest;
pub mod duration;
pub mod edtf;
pub mod geo;
pub mod identifier;
pub mod ids;
pub mod issue;
pub mod language;
pub mod life;
pub mod month;
pub mod name;
pub mod parse_error;
pub mod person;
pub mod serde_text;
pub mod state_machine;
pub mod text;
pub mod title;
pub mod vocabulary;
pub mod warning;
