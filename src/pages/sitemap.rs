//! What search engines are told: which pages there are (sitemaps.org), and what need not be read.
//!
//! Records are listed by runs of their internal keys, so that a list costs the same wherever it lies and
//! nobody counts records to say how many lists there are.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDateTime;
use diesel::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::app::App;
use crate::changes;
use crate::db::DbConn;
use crate::db::condition::{Condition, published, rows};
use crate::html::ABOUT;
use crate::html::lang::Lang;
use crate::http::extract::ReadRequest;
use crate::http::problem::{HttpResult, Problem};
use crate::http::respond::{self, Validator};
use crate::kinds::COLLECTIONS;

/// Internal keys of one list. A record has a page in each language, and a list may name 50,000.
const KEYS: i64 = 10_000;

/// A file of this kind with these entries.
fn document(kind: &str, entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <{kind} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{entries}</{kind}>\n"
    )
}

/// What robots need not read: data for programs, and what is no page of its own.
#[get("/robots.txt")]
pub async fn robots(app: web::Data<App>) -> HttpResponse {
    let base = app.config.link_base();
    let text = format!(
        "User-agent: *\nDisallow: /api/\nDisallow: /embed/\nDisallow: /r/\nSitemap: {base}/sitemap.xml\n"
    );
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(text)
}

/// The lists there are.
#[get("/sitemap.xml")]
pub async fn list_parts(app: web::Data<App>, request: ReadRequest) -> HttpResult {
    let base = app.config.link_base();
    answer(&app, request, move |conn| {
        let mut all = String::new();
        let mut list = |name: &str| {
            let place = format!("<loc>{base}/sitemaps/{name}.xml</loc>");
            all.push_str(&format!("<sitemap>{place}</sitemap>\n"));
        };
        list("pages");
        for (collection, id) in highest(conn)? {
            for part in 1..=parts(id) {
                list(&format!("{collection}-{part}"));
            }
        }
        Ok(Some(document("sitemapindex", &all)))
    })
    .await
}

/// A list of pages.
#[get("/sitemaps/{part}.xml")]
pub async fn list_pages(
    app: web::Data<App>,
    request: ReadRequest,
    part: web::Path<String>,
) -> HttpResult {
    let base = app.config.link_base();
    answer(&app, request, move |conn| {
        let mut all = String::new();
        let mut list = |path: &str, changed: &str| {
            for lang in Lang::ALL {
                let place = format!("<loc>{base}/{lang}/{path}</loc>");
                all.push_str(&format!("<url>{place}{changed}</url>\n"));
            }
        };
        if *part == "pages" {
            for path in ["", "partners", "agreements", "networks", "activities"] {
                list(path, "");
            }
            for topic in ABOUT {
                list(&format!("about/{topic}"), "");
            }
        } else {
            let Some((collection, part)) = named(&part) else {
                return Ok(None);
            };
            let mut known = highest(conn)?.into_iter();
            let known = known.find(|(known, _)| known == collection);
            if part > parts(known.and_then(|(_, id)| id)) {
                return Ok(None);
            }
            for (id, updated_at) in listed(conn, collection, part)? {
                let changed = format!("<lastmod>{}</lastmod>", updated_at.date());
                list(&format!("{collection}/{id}"), &changed);
            }
        }
        Ok(Some(document("urlset", &all)))
    })
    .await
}

/// The collection and the number, from 1, of a list of this name: `partners-1`.
fn named(part: &str) -> Option<(&'static str, i64)> {
    let (collection, number) = part.rsplit_once('-')?;
    let collection = COLLECTIONS.into_iter().find(|known| *known == collection)?;
    let number: i64 = number.parse().ok()?;
    let fits = (1..1_000_000_000_000).contains(&number);
    fits.then_some((collection, number))
}

/// How many lists there are up to this internal key.
fn parts(highest: Option<i64>) -> i64 {
    highest.map_or(0, |id| (id + KEYS - 1) / KEYS)
}

/// The highest internal key of each collection.
fn highest(conn: &mut DbConn) -> QueryResult<Vec<(String, Option<i64>)>> {
    let each = COLLECTIONS.map(|table| {
        format!("SELECT '{table}' AS collection, (SELECT MAX({table}.id) FROM {table}) AS id")
    });
    let statement = Condition::new(each.join(" UNION ALL "));
    rows::<(Text, Nullable<BigInt>), _>(conn, statement)
}

/// The published records of a list.
fn listed(conn: &mut DbConn, table: &str, part: i64) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    let sql = format!(
        "SELECT {table}.public_id, {table}.updated_at FROM {table} \
         WHERE {} AND {table}.id > ? AND {table}.id <= ? ORDER BY {table}.id",
        published(table)
    );
    let (before, last) = ((part - 1) * KEYS, part * KEYS);
    rows::<(Text, Timestamp), _>(conn, Condition::of(&sql, [before.into(), last.into()]))
}

/// Answers with this XML; 304 to who holds it, 404 when there is none.
async fn answer(
    app: &App,
    request: ReadRequest,
    make: impl FnOnce(&mut DbConn) -> QueryResult<Option<String>> + Send + 'static,
) -> HttpResult {
    let asked = request.clone();
    let (made, validator) = app
        .db
        .read(move |conn| -> Result<_, Problem> {
            let validator = Validator::revision(changes::public_revision(conn)?);
            if respond::is_settled(&asked, &validator) {
                return Ok((None, validator));
            }
            let made = make(conn)?.ok_or_else(|| Problem::not_found("list"))?;
            Ok((Some(made), validator))
        })
        .await?;
    let body = || Ok(web::Bytes::from(made.unwrap_or_default()));
    let mut response = respond::conditional(&request, &validator, body)?;
    let xml = header::HeaderValue::from_static("application/xml; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, xml);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_named_by_collection_and_number() {
        assert_eq!(named("partners-1"), Some(("partners", 1)));
        for name in [
            "partners",
            "partners-0",
            "partners--1",
            "users-1",
            "agreements-x",
            "sources-9999999999999",
        ] {
            assert_eq!(named(name), None, "{name}");
        }
    }
}
