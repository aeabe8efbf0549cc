//! Headers every answer carries.

use actix_web::http::header::{self, HeaderMap, HeaderValue};

/// `nosniff`, no framing, and explicit caching: what says nothing about it is not kept. What may be framed
/// says so in its content security policy.
pub(super) fn protect(headers: &mut HeaderMap) {
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let policy = headers.get(header::CONTENT_SECURITY_POLICY);
    let is_for_frames = policy
        .and_then(|policy| policy.to_str().ok())
        .is_some_and(|policy| policy.ends_with("form-action 'none'"));
    if !is_for_frames {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // A page says itself what it tells other sites and what it depends on, and said so first; everything
    // else has one value, instead of the parts each layer adds.
    let own = headers.get(header::VARY).and_then(|own| own.to_str().ok());
    let own = own.filter(|_| headers.contains_key(header::REFERRER_POLICY));
    // What the layer of cross-origin rules has added stands behind it.
    let own = own.and_then(|own| own.split(", Origin").next());
    let own = own.and_then(|own| HeaderValue::from_str(own).ok());
    headers.insert(
        header::VARY,
        own.unwrap_or(HeaderValue::from_static(
            "Accept, Accept-Encoding, Authorization, Origin",
        )),
    );
    if !headers.contains_key(header::REFERRER_POLICY) {
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
    }
}
