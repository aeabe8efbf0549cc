//! Read-only views across the rooms: search, vocabularies, statistics and computed partnerships.

pub mod attention;
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
        .service(partnerships::read::list_partnerships);
}
