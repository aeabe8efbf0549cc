//! The handler of the feed.

use std::collections::BTreeSet;

use actix_web::{get, web};

use super::feed::{About, feed};
use super::store;
use crate::app::App;
use crate::changes;
use crate::changes::feed::newest_of;
use crate::core::author::Author;
use crate::core::digest::sha256;
use crate::core::ids::{Kind, PublicId};
use crate::explore::{answer, in_words, words_in};
use crate::html;
use crate::http::code::Code;
use crate::http::extract::query::NoParams;
use crate::http::extract::{LangParams, LangQuery, ReadRequest, Viewer, path_id};
use crate::http::format::Format;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::partners::record::Partner;
use crate::records::{self, Show};

/// Changes in a feed.
const MOST: i64 = 50;

/// Follow what changes about a partner
///
/// The 50 newest public changes of a partner, its agreements, memberships and activities, as an Atom feed
/// (RFC 4287): what was done, to what, when, why and by which office, never by whom. The `ETag` is drawn
/// from the changes and what their records show: changes elsewhere don't move it.
#[utoipa::path(tag = "explore", extensions(("x-formats" = json!("atom"))),
    params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), LangParams),
    responses((status = 200, description = "The feed", content_type = "application/atom+xml", body = String), crate::http::openapi::Merged))]
#[get("/api/v1/partners/{id}/changes.atom")]
pub async fn get_partner_feed(
    app: web::Data<App>,
    request: ReadRequest,
    path: web::Path<String>,
    query: LangQuery<NoParams>,
) -> HttpResult {
    let id = path_id(Kind::Partner, "partner", &path)?;
    let base = app.config.link_base();
    let today = app.today();
    let tag = query.lang;
    let lang = words_in(tag.as_ref());
    let place = match request.query.as_str() {
        "" => request.path.clone(),
        query => format!("{}?{query}", request.path),
    };
    let answer = answer(&app, &request, Format::Atom, move |conn, request| {
        let viewer = Viewer::default();
        let row = records::visible::<Partner>(conn, &viewer, &id)?;
        let revision = changes::public_revision(conn)?;
        let records = store::records(conn, &row)?;
        let changes = newest_of(conn, &records, MOST)?;
        let actors = changes.iter().filter_map(|change| change.actor.as_ref());
        let offices = actors.filter_map(Author::organisation);
        let subjects = changes.iter().filter_map(|change| change.id.as_ref());
        let told: BTreeSet<&PublicId> = subjects.chain(offices).chain([&id]).collect();
        let records = store::Told::read(conn, &told)?;
        // Of what is told alone: what happens elsewhere gives nobody a reason to fetch it again.
        let entries: Vec<i64> = changes.iter().map(|change| change.seq).collect();
        let around = (&base, &place, html::digest(), &tag);
        let drawn_from = format!("{entries:?} {:?} {around:?}", records.tags);
        let drawn_from = sha256(drawn_from.as_bytes());
        let validator = Validator::fixed(format!("\"{drawn_from}\""));
        if respond::is_settled(request, &validator) {
            return Ok((None, validator, revision));
        }
        let show = Show::list(&viewer, tag.as_ref(), &[], today);
        let names = records.names(conn, &show)?;
        let about = About {
            base: &base,
            path: &place,
            lang,
            partner: &id,
            name: names.get(&id).map_or(row.name.as_str(), String::as_str),
            updated_at: row.updated_at.and_utc(),
        };
        let bytes = feed(&about, &changes, &names).write_to(Vec::new());
        let bytes = bytes.map_err(|error| {
            tracing::error!(%error, "a feed can't be written");
            Problem::new(Code::Internal)
        })?;
        Ok((Some(bytes.into()), validator, revision))
    });
    Ok(in_words(answer.await?, lang))
}
