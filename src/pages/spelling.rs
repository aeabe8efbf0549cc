//! Addresses of pages that are spelt otherwise than they stand: with a slash at the end, in capitals, with the code of
//! a country in small letters, or with a day where the page knows of today only. They lead to the right spelling.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::core::country::Country;
use crate::html::lang::Lang;
use crate::html::query_part;

/// Lists that a country narrows down.
const BY_COUNTRY: [&str; 2] = ["partners", "agreements"];

/// Pages that show how things stood on a day; those of records begin like this.
const OF_A_DAY: [&str; 6] = [
    "partners/",
    "agreements",
    "networks/",
    "memberships/",
    "activities/",
    "sources/",
];

/// The way to the right spelling of an address; none when it is spelt right, or is that of no page in a language.
pub fn redirect(path: &str, query: &str) -> Option<HttpResponse> {
    respelt(path, query).map(moved)
}

/// Leads to the address at which a page has always been.
pub fn moved(location: String) -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .finish()
}

fn respelt(path: &str, query: &str) -> Option<String> {
    // No page has an escape in its address, and whoever writes them in capitals would be sent round and round.
    if path.contains('%') {
        return None;
    }
    let plain = path.strip_prefix('/')?.to_ascii_lowercase();
    let plain = plain.trim_end_matches('/');
    let (lang, rest) = plain.split_once('/').unwrap_or((plain, ""));
    lang.parse::<Lang>().ok()?;
    let right = if rest.is_empty() && path.ends_with('/') {
        format!("/{lang}/")
    } else {
        format!("/{plain}")
    };
    let other_query = respelt_query(
        query,
        BY_COUNTRY.contains(&rest),
        !OF_A_DAY.iter().any(|begin| rest.starts_with(begin)),
    );
    if right == path && other_query.is_none() {
        return None;
    }
    let query = other_query.as_deref().unwrap_or(query);
    Some(right + &query_part(query))
}

/// The query of a page that a country narrows down with its code in capitals, and of one of today without a day; none
/// where it is spelt right.
fn respelt_query(query: &str, by_country: bool, of_today: bool) -> Option<String> {
    let all = || form_urlencoded::parse(query.as_bytes());
    let has_day = of_today && all().any(|(name, day)| name == "as_of" && !day.is_empty());
    let mut changed = has_day;
    let mut respelt = form_urlencoded::Serializer::new(String::new());
    for (name, value) in all().filter(|(name, _)| !has_day || name != "as_of") {
        let code = value.to_ascii_uppercase();
        if by_country && name == "country" && code != value && code.parse::<Country>().is_ok() {
            changed = true;
            respelt.append_pair(&name, &code);
        } else {
            respelt.append_pair(&name, &value);
        }
    }
    changed.then(|| respelt.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_their_right_spelling() {
        for (path, query, expected) in [
            ("/en/partners/", "", Some("/en/partners")),
            ("/EN/partners", "", Some("/en/partners")),
            ("/PL/Partners/", "cursor=61", Some("/pl/partners?cursor=61")),
            ("/EN", "", Some("/en")),
            ("/Pl/", "", Some("/pl/")),
            (
                "/pl/partners",
                "country=pl",
                Some("/pl/partners?country=PL"),
            ),
            (
                "/en/agreements",
                "status=in_force&country=Lt",
                Some("/en/agreements?status=in_force&country=LT"),
            ),
            // Lists of today show no other day as if it were theirs.
            ("/en/partners", "as_of=2021-06-01", Some("/en/partners")),
            (
                "/pl/partners",
                "country=pl&as_of=2021-06-01&cursor=61",
                Some("/pl/partners?country=PL&cursor=61"),
            ),
            ("/en/", "as_of=2021-06-01", Some("/en/")),
            ("/en/search", "q=a+b&as_of=1990", Some("/en/search?q=a+b")),
            ("/en/", "as_of=", None),
            ("/en/networks", "as_of=2021-06-01", Some("/en/networks")),
            ("/en/activities", "as_of=2021-06-01", Some("/en/activities")),
            ("/en/agreements", "as_of=2021-06-01", None),
            ("/en/partners/ptn_8x3k0q2m7t", "as_of=2021-06-01", None),
            ("/en/partners", "country=xx", None),
            ("/en/partners", "country=PL", None),
            ("/en/search", "q=a&country=pl", None),
            ("/en/", "", None),
            ("/en", "", None),
            ("/api/v1/partners/", "", None),
            ("//en/partners/", "", None),
            ("/assets/", "", None),
            ("/en/%C5%81%C3%B3D%C5%BA/", "", None),
        ] {
            let led = respelt(path, query);
            assert_eq!(led.as_deref(), expected, "{path}?{query}");
        }
    }
}
