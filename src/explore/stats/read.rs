//! The handler of the statistics.

use std::sync::Arc;

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::types::Stats;
use crate::app::App;
use crate::changes;
use crate::core::country::Country;
use crate::explore::answer;
use crate::http::extract::params::Day;
use crate::http::extract::{List, Parsed, Query, ReadRequest};
use crate::http::format::Format;
use crate::http::problem::HttpResult;
use crate::http::respond::{self, Validator};

/// What is counted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatsFilter {
    /// Only partners in these countries, sixty at most and separated by commas, and the agreements, networks,
    /// memberships and activities that any of them takes part in.
    #[param(value_type = Option<String>, example = "PL,LT")]
    pub country: Option<List<Country>>,
    /// Agreements with the status they had on this day, and of the countries whose parties were ones then;
    /// those that had not begun are left out.
    #[param(value_type = Option<String>, example = "2019-01-01")]
    pub as_of: Option<Parsed<Day>>,
    /// Media type by name, instead of `Accept`.
    #[param(example = "json", pattern = "^json$")]
    pub format: Option<String>,
}

/// Read statistics
///
/// How many published records there are: by country, status, decade of signature, kind of tie, sort
/// of paper and kind of body.
#[utoipa::path(tag = "explore", params(StatsFilter),
    responses((status = 200, description = "The counts", body = Stats)))]
#[get("/api/v1/stats")]
pub async fn get_stats(
    app: web::Data<App>,
    request: ReadRequest,
    query: Query<StatsFilter>,
) -> HttpResult {
    let Query(filter) = query;
    List::check_length(filter.country.as_ref(), "country", Country::MOST)?;
    let tally = Arc::clone(&app.tally);
    answer(&app, &request, Format::Json, move |conn, request| {
        let revision = changes::public_revision(conn)?;
        let validator = Validator::revision(revision);
        if respond::is_settled(request, &validator) {
            return Ok((None, validator, revision));
        }
        let countries = filter.country.map(|list| list.0);
        let day = filter.as_of.map(|Parsed(day)| day.0);
        let stats = store::count(conn, &tally, countries, day)?;
        Ok((Some(respond::to_bytes(&stats)?), validator, revision))
    })
    .await
}
