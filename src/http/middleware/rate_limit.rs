//! How many requests one address may make in a minute (draft-ietf-httpapi-ratelimit-headers).

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter as Governor};

use super::Passed;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// Addresses kept before those that have been quiet are forgotten.
const FORGET_BEYOND: usize = 10_000;

type Limiter =
    Governor<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// So many requests of a kind a minute from one address.
#[derive(Clone)]
struct Policy {
    /// What headers call it.
    name: &'static str,
    /// What it counts, in a sentence.
    counts: &'static str,
    limit: u32,
    limiter: Arc<Limiter>,
}

/// The requests each address has left; `None` when there is no limit.
#[derive(Clone, Default)]
pub struct RateLimiter {
    all: Option<Policy>,
    exports: Option<Policy>,
    trusted_proxies: Vec<IpAddr>,
}

/// What a policy tells of an address: the policy itself, and what is left.
pub(super) type Told = [(&'static str, String); 2];

impl RateLimiter {
    /// At most this many requests a minute from one address, and this many of them for whole lists in
    /// another format than JSON; 0 for no limit. What the trusted proxies say of their callers' addresses
    /// is believed.
    pub fn per_minute(all: u32, exports: u32, trusted_proxies: Vec<IpAddr>) -> Self {
        Self {
            all: Policy::new("address", "requests", all),
            exports: Policy::new("export", "answers in other formats than JSON", exports),
            trusted_proxies,
        }
    }

    /// Counts an answer in another format than JSON; 429 when there have been too many.
    pub(super) fn export(&self, req: &HttpRequest) -> Result<Option<Told>, Problem> {
        let address = address_of(req, &self.trusted_proxies);
        match self.exports.as_ref().zip(address) {
            Some((policy, address)) => policy.count(address).map(Some),
            None => Ok(None),
        }
    }
}

impl Policy {
    fn new(name: &'static str, counts: &'static str, limit: u32) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(limit)?);
        let limiter = Governor::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Some(Self {
            name,
            counts,
            limit,
            limiter: Arc::new(limiter),
        })
    }

    /// Counts a request of this address: 429 with `Retry-After` when it has used up what it may.
    fn count(&self, address: IpAddr) -> Result<Told, Problem> {
        if self.limiter.len() > FORGET_BEYOND {
            self.limiter.retain_recent();
        }
        let Self { name, limit, .. } = self;
        let policy = format!("\"{name}\";q={limit};w=60");
        let not_until = match self.limiter.check_key(&address) {
            Ok(state) => {
                let left = format!("\"{name}\";r={};t=60", state.remaining_burst_capacity());
                return Ok([("ratelimit-policy", policy), ("ratelimit", left)]);
            }
            Err(not_until) => not_until,
        };
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        let seconds = wait.max(Duration::from_secs(1)).as_secs().to_string();
        Err(Problem::new(Code::TooManyRequests)
            .detail(format!(
                "at most {limit} {} a minute from one address",
                self.counts
            ))
            .header(header::RETRY_AFTER, &seconds)
            .header(HeaderName::from_static("ratelimit-policy"), &policy)
            .header(
                HeaderName::from_static("ratelimit"),
                &format!("\"{name}\";r=0;t={seconds}"),
            ))
    }
}

/// Tells the caller beside what others tell.
pub(super) fn tell(headers: &mut HeaderMap, told: Told) {
    for (name, value) in told {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(HeaderName::from_static(name), value);
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

/// Counts a request of its caller's address, where that is done.
pub(super) fn counted(req: &ServiceRequest) -> Option<Result<Told, Problem>> {
    let policies = req.app_data::<Data<RateLimiter>>()?;
    let policy = policies
        .all
        .as_ref()
        .filter(|_| !belongs_to_a_page(req.path()))?;
    let address = address_of(req.request(), &policies.trusted_proxies)?;
    Some(policy.count(address))
}

/// 429 with `Retry-After` for an address that has used up its requests.
pub async fn rate_limit<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed {
    match counted(&req) {
        Some(Err(problem)) => Ok(req.error_response(problem)),
        Some(Ok(told)) => {
            let mut res = next.call(req).await?;
            tell(res.headers_mut(), told);
            Ok(res.map_into_boxed_body())
        }
        None => Ok(next.call(req).await?.map_into_boxed_body()),
    }
}

/// Whether an address is of what pages load by themselves: whoever is told to wait can read that, too.
fn belongs_to_a_page(path: &str) -> bool {
    path.starts_with("/assets/") || path == "/preferences.css"
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
