//! Read-only views across the rooms: search, vocabularies, statistics, computed partnerships, feeds and
//! calendars.

pub mod attention;
pub mod calendar;
pub mod news;
pub mod partnerships;
pub mod search;
pub mod stats;
pub mod vocabularies;

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::core::language::LanguageTag;
use crate::html::lang::Lang;
use crate::http::respond;
use crate::http::routes::Routes;

/// The language of the words of what is no page.
fn words_in(tag: Option<&LanguageTag>) -> Lang {
    tag.map_or(Lang::En, |tag| Lang::preferred(tag.as_str()))
}

/// Says in which language the words of an answer are, and of which revision it is.
fn in_words(answer: HttpResponse, lang: Lang, revision: i64) -> HttpResponse {
    let mut answer = respond::at_revision(answer, revision);
    let code = header::HeaderValue::from_static(lang.code());
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, code);
    answer
}

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
