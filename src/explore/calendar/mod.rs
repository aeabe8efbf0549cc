//! `GET /calendar/anniversaries`: when agreements were signed on this day, and when their terms end, as JSON
//! and as a calendar (RFC 5545).
//!
//! A day is told only where one is known. What is known by its month or year alone has no place in a
//! calendar; the answer as JSON lists it apart.

mod compute;
mod ics;
pub mod read;
mod store;
pub mod types;
mod window;
