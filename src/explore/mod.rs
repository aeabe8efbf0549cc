//! Read-only views across the rooms: search, vocabularies, statistics, computed partnerships, feeds and
//! calendars.

pub mod attention;
pub mod calendar;
pub mod news;
pub mod partnerships;
pub mod search;
pub mod stats;
pub mod vocabularies;

use crate::http::routes::Routes;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(search::read::search)
        .service(vocabularies::list_vocabularies)
        .service(vocabularies::get_vocabulary)
        .service(stats::read::get_stats)
        .service(attention::read::get_attention)
        .service(partnerships::read::list_partnerships)
        .service(news::read::get_partner_feed)
        .service(calendar::read::list_anniversaries)
        .service(calendar::read::get_calendar);
}
