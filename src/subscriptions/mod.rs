//! Subscriptions: whoever asks is told of changes by mail.
//!
//! An address is asked for, confirmed by a link (double opt-in), told of what it follows ([`Topic`]) at once or
//! once a week, and erased when its owner leaves. Nobody else ever learns who is subscribed.
//!
//! Two things happen apart from requests (`worker`): [`news`] notes of each public change which followed topics
//! it is about, and [`mails`] writes to those who are due. Both go by the number of the change, so that a
//! change is told once, and neither reads more than changes, or a mail, hold.

mod expiry;
mod leave;
mod mails;
mod news;
pub mod page;
mod requests;
mod rules;
mod store;
mod subjects;
mod told;
mod topic;
mod types;
pub mod words;
pub mod worker;
mod write;

use crate::http::routes::Routes;

pub use expiry::forget;
pub use leave::{Left, leave};
pub use requests::{confirm, handle};
pub use topic::{Frequency, Topic};
pub use types::SubscriptionIn;
pub use write::ask;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(write::create_subscription)
        .service(write::confirm_subscription)
        .service(write::show_unsubscribe)
        .service(write::unsubscribe);
}
