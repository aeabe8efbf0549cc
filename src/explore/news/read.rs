//! The handler of the feed.

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::feed::{About, feed};
use super::store;
use crate::app::App;
use crate::changes;
use crate::changes::feed::newest_of;
use crate::core::author::Author;
use crate::core::digest::sha256;
use crate::core::ids::{Kind, PublicId};
use crate::core::language::LanguageTag;
use crate::html::lang::Lang;
use crate::http::code::Code;
use crate::http::extract::{Parsed, Query, ReadRequest, Viewer, path_id};
use crate::http::format::Format;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};
use crate::partners::store as partners;
use crate::records::Show;

/// Changes in a feed.
const MOST: i64 = 50;

/// How the feed is shown.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedParams {
    /// Language (BCP 47) of names where the record has one, and of the words, which are English or Polish.
    #[param(value_type = Option<String>, example = "pl")]
    pub lang: Option<Parsed<LanguageTag>>,
}

/// Follow what changes about a partner
///
/// The 50 newest public changes of a partner, its agreements, memberships and activities, as an Atom feed
/// (RFC 4287): what was done, to what, when, why and by which office, never by whom. The `ETag` is drawn
/// from the feed: changes elsewhere don't move it.
#[utoipa::path(tag = "explore", extensions(("x-formats" = json!("atom"))),
    params(("id" = String, Path, description = "The partner's id", example = "ptn_8x3k0q2m7t"), FeedParams),
    responses((status = 200, description = "The feed", content_type = "application/atom+xml", body = String), crate::http::openapi::Merged))]
#[get("/api/v1/partners/{id}/changes.atom")]
pub async fn get_partner_feed(
    app: web::Data<App>,
    request: ReadRequest,
    path: web::Path<String>,
    query: Query<FeedParams>,
) -> Result<HttpResponse, Problem> {
    let id = path_id(Kind::Partner, "partner", &path)?;
    let base = app.config.link_base();
    let today = app.today();
    let tag = query.0.lang.map(|Parsed(tag)| tag);
    let lang = tag
        .as_ref()
        .map_or(Lang::En, |tag| Lang::preferred(tag.as_str()));
    let place = match request.query.as_str() {
        "" => request.path.clone(),
        query => format!("{}?{query}", request.path),
    };
    let (feed, revision) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let viewer = Viewer::default();
            let row = partners::find(conn, &id)?.ok_or_else(|| Problem::not_found("partner"))?;
            crate::must_see!(conn, &viewer, row)?;
            let revision = changes::public_revision(conn)?;
            let records = store::records(conn, &row)?;
            let changes = newest_of(conn, &records, MOST)?;
            let mut told: Vec<PublicId> = Vec::new();
            let actors = changes.iter().filter_map(|change| change.actor.as_ref());
            let offices = actors.filter_map(Author::organisation);
            let subjects = changes.iter().filter_map(|change| change.id.as_ref());
            for id in subjects.chain(offices).chain([&id]) {
                if !told.contains(id) {
                    told.push(id.clone());
                }
            }
            let show = Show {
                viewer: &viewer,
                lang: tag.as_ref(),
                includes: &[],
                today,
                item: false,
                as_of: None,
            };
            let names = store::names(conn, &told, &show)?;
            let about = About {
                base: &base,
                path: &place,
                lang,
                partner: &id,
                name: names.get(&id).map_or(row.name.as_str(), String::as_str),
                updated_at: row.updated_at.and_utc(),
            };
            Ok((feed(&about, &changes, &names), revision))
        })
        .await?;
    let bytes = feed.write_to(Vec::new()).map_err(|error| {
        tracing::error!(%error, "a feed can't be written");
        Problem::new(Code::Internal)
    })?;
    // Of the content alone: what happens elsewhere gives nobody a reason to fetch it again.
    let validator = Validator::fixed(format!("\"{}\"", sha256(&bytes)));
    let answer = respond::conditional_in(Format::Atom, &request, &validator, || Ok(bytes.into()));
    let mut answer = answer?;
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(lang.code()),
    );
    if let Ok(revision) = HeaderValue::from_str(&revision.to_string()) {
        headers.insert(HeaderName::from_static("registry-revision"), revision);
    }
    Ok(answer)
}
