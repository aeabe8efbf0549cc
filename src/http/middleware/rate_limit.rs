//! How many requests one address may make in a minute (draft-ietf-httpapi-ratelimit-headers).

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter as Governor};

use crate::http::code::Code;
use crate::http::problem::Problem;

/// Addresses kept before those that have been quiet are forgotten.
const FORGET_BEYOND: usize = 10_000;

type Limiter =
    Governor<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// The requests each address has left; `None` when there is no limit.
#[derive(Clone, Default)]
pub struct RateLimiter {
    limit: Option<(u32, Arc<Limiter>)>,
    trusted_proxies: Vec<IpAddr>,
}

impl RateLimiter {
    /// At most this many requests a minute from one address; 0 for no limit. What the trusted
    /// proxies say of their callers' addresses is believed.
    pub fn per_minute(limit: u32, trusted_proxies: Vec<IpAddr>) -> Self {
        let limit = NonZeroU32::new(limit).map(|quota| {
            let limiter = Governor::keyed(Quota::per_minute(quota))
                .with_middleware::<StateInformationMiddleware>();
            (limit, Arc::new(limiter))
        });
        Self {
            limit,
            trusted_proxies,
        }
    }
}

/// The caller's address: the peer's, or what a trusted proxy says it is. Of IPv6 the network (/64),
/// all of whose addresses one host can take.
pub fn address_of(req: &HttpRequest, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = req.peer_addr()?.ip().to_canonical();
    let said = || {
        // The last address of the last line is the one the trusted proxy itself has seen; what its
        // caller wrote before that may be anything.
        let line = req.headers().get_all("x-forwarded-for").last()?;
        let last = line.as_bytes().rsplit(|byte| *byte == b',').next()?;
        forwarded(std::str::from_utf8(last).ok()?)
    };
    let address = if trusted.contains(&peer) {
        said().unwrap_or(peer)
    } else {
        peer
    };
    Some(match address {
        IpAddr::V6(address) => {
            let network = u128::from(address) & (u128::MAX << 64);
            IpAddr::V6(network.into())
        }
        v4 @ IpAddr::V4(_) => v4,
    })
}

/// An address as proxies write it: alone, with a port, or of IPv6 also in brackets.
fn forwarded(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare.parse().ok();
    let address = address.or_else(|| text.parse::<SocketAddr>().ok().map(|it| it.ip()));
    address.map(|it: IpAddr| it.to_canonical())
}

/// 429 with `Retry-After` for an address that has used up its requests.
pub async fn rate_limit<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let policies = req.app_data::<Data<RateLimiter>>().cloned();
    let limited = policies.as_ref().and_then(|policies| {
        let (limit, limiter) = policies.limit.as_ref()?;
        Some((
            limit,
            limiter,
            address_of(req.request(), &policies.trusted_proxies)?,
        ))
    });
    let Some((limit, limiter, address)) = limited else {
        return next
            .call(req)
            .await
            .map(ServiceResponse::map_into_boxed_body);
    };
    if limiter.len() > FORGET_BEYOND {
        limiter.retain_recent();
    }
    let policy = format!("\"address\";q={limit};w=60");
    match limiter.check_key(&address) {
        Ok(state) => {
            let mut res = next.call(req).await?;
            let left = format!("\"address\";r={};t=60", state.remaining_burst_capacity());
            for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    res.headers_mut()
                        .insert(HeaderName::from_static(name), value);
                }
            }
            Ok(res.map_into_boxed_body())
        }
        Err(not_until) => {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            let seconds = wait.max(Duration::from_secs(1)).as_secs().to_string();
            let problem = Problem::new(Code::TooManyRequests)
                .detail(format!(
                    "at most {limit} requests a minute from one address"
                ))
                .header(header::RETRY_AFTER, &seconds)
                .header(HeaderName::from_static("ratelimit-policy"), &policy)
                .header(
                    HeaderName::from_static("ratelimit"),
                    &format!("\"address\";r=0;t={seconds}"),
                );
            Ok(req.error_response(problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::forwarded;

    #[test]
    fn an_address_is_read_with_and_without_a_port() {
        for (text, address) in [
            ("1.2.3.4", Some("1.2.3.4")),
            (" 1.2.3.4:4444 ", Some("1.2.3.4")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[::1]:80", Some("::1")),
            ("[::ffff:1.2.3.4]:80", Some("1.2.3.4")),
            ("1.2.3.4:", None),
            ("1.2.3.4:99999", None),
            ("[1.2.3.4", None),
            ("unknown", None),
            ("", None),
        ] {
            let expected = address.map(|it| it.parse().unwrap());
            assert_eq!(forwarded(text), expected, "{text}");
        }
    }
}
