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
use actix_web::web::Bytes;

use crate::app::App;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::html::lang::Lang;
use crate::http::extract::ReadRequest;
use crate::http::format::Format;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::http::routes::Routes;

/// The language of the words of what is no page.
fn words_in(tag: Option<&LanguageTag>) -> Lang {
    tag.map_or(Lang::En, |tag| Lang::preferred(tag.as_str()))
}

/// What an answer consists of: its bytes, unless the caller needs none, what identifies it, and the revision it is of.
type Answered = Result<(Option<Bytes>, Validator, i64), Problem>;

/// Answers with what `read` makes of one state of the registry: no bytes where it is settled without.
async fn answer(
    app: &App,
    request: &ReadRequest,
    format: Format,
    read: impl FnOnce(&mut DbConn, &ReadRequest) -> Answered + Send + 'static,
) -> HttpResult {
    let asked = request.clone();
    let (body, validator, revision) = app.db.read(move |conn| read(conn, &asked)).await?;
    let body = || Ok(body.unwrap_or_default());
    let answer = respond::conditional_in(format, request, &validator, body)?;
    Ok(respond::at_revision(answer, revision))
}

/// Says in which language the words of an answer are.
fn in_words(mut answer: HttpResponse, lang: Lang) -> HttpResponse {
    let code = header::HeaderValue::from_static(lang.code());
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, code);
    answer
}

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(search::search)
        .service(vocabularies::list_vocabularies)
        .service(vocabularies::get_vocabulary)
        .service(stats::read::get_stats)
        .service(attention::get_attention)
        .service(partnerships::read::list_partnerships)
        .service(news::read::get_partner_feed)
        .service(calendar::read::list_anniversaries)
        .service(calendar::read::get_calendar);
}
