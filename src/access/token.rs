//! The secrets of sessions, keys and links that set a password.

use crate::core::digest;

/// SHA-256 of a token. A fast hash is right here: the token is 256 random bits and can't be guessed,
/// unlike a password.
pub fn hash(token: &str) -> String {
    digest::sha256(token.as_bytes())
}

/// A new token with this prefix: 256 random bits in base64.
pub fn new(prefix: &str) -> String {
    use base64::Engine;
    let bytes: [u8; 32] = rand::random();
    format!(
        "{prefix}{}",
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    )
}
