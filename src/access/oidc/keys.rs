//! The issuer's public keys (RFC 7517), and which algorithms each is for.

use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::TokenError;
use super::token::Header;

/// Most keys that are read of a set: a real one has a handful.
const MOST: usize = 100;

/// A public key for signatures.
#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    public: DecodingKey,
}

/// The keys of an issuer.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys(Vec<Key>);

impl Keys {
    /// Reads a JWK set. Keys that are not for signatures, or of a kind that is not known here, are
    /// passed over, as RFC 7517 section 5 asks for; nothing when it is no set at all.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(body).ok()?;
        let keys = set.keys.into_iter().take(MOST);
        Some(Self(
            keys.filter_map(|key| Key::read(&serde_json::from_value(key).ok()?))
                .collect(),
        ))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The key that a token with this header must be signed with, and how.
    pub(super) fn find(&self, header: &Header) -> Result<(DecodingKey, Algorithm), TokenError> {
        let fits = |key: &&Key| match &header.kid {
            Some(id) => key.id.as_ref() == Some(id),
            // Without a name only an only key can be meant.
            None => self.0.len() == 1,
        };
        let fitting: Vec<&Key> = self.0.iter().filter(fits).collect();
        if fitting.is_empty() {
            return Err(TokenError::UnknownKey);
        }
        fitting
            .into_iter()
            .find_map(|key| Some((key.public.clone(), key.algorithm(&header.alg)?)))
            .ok_or(TokenError::Algorithm)
    }
}

impl Key {
    fn read(jwk: &Jwk) -> Option<Self> {
        let common = &jwk.common;
        let signs = common
            .public_key_use
            .as_ref()
            .is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
            && common
                .key_operations
                .as_ref()
                .is_none_or(|all| all.contains(&KeyOperations::Verify));
        if !signs {
            return None;
        }
        // A secret (`oct`) is never among them: whoever can read the set could sign with it.
        let possible: &[Algorithm] = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => &[Algorithm::RS256, Algorithm::PS256],
            AlgorithmParameters::EllipticCurve(point) if point.curve == EllipticCurve::P256 => {
                &[Algorithm::ES256]
            }
            AlgorithmParameters::OctetKeyPair(point) if point.curve == EllipticCurve::Ed25519 => {
                &[Algorithm::EdDSA]
            }
            _ => &[],
        };
        let meant = |one: &Algorithm| {
            let named = common.key_algorithm;
            named.is_none_or(|only| only == KeyAlgorithm::from(*one))
        };
        let algorithms: Vec<Algorithm> = possible.iter().copied().filter(meant).collect();
        if algorithms.is_empty() {
            return None;
        }
        Some(Self {
            id: common.key_id.clone(),
            algorithms,
            public: DecodingKey::from_jwk(jwk).ok()?,
        })
    }

    fn algorithm(&self, name: &str) -> Option<Algorithm> {
        let named = name.parse::<Algorithm>().ok()?;
        self.algorithms.iter().copied().find(|one| *one == named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const N: &str = "sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_7svlJJQ4H9_NxsiIoLwAEk7-Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF_RJLqHpM2kgWFLU7-VTdL1VbC2tejvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw3vRw";

    fn set(keys: Value) -> Keys {
        Keys::read(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    fn header(alg: &str, kid: Option<&str>) -> Header {
        Header {
            alg: alg.to_owned(),
            kid: kid.map(str::to_owned),
            typ: None,
            crit: None,
        }
    }

    fn rsa(more: Value) -> Value {
        let mut key = json!({"kty": "RSA", "n": N, "e": "AQAB"});
        key.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        key
    }

    #[test]
    fn only_keys_for_signatures_are_kept() {
        let keys = set(json!([
            rsa(json!({"kid": "a"})),
            rsa(json!({"kid": "b", "use": "enc"})),
            rsa(json!({"kid": "c", "key_ops": ["encrypt"]})),
            rsa(json!({"kid": "d", "alg": "RSA-OAEP"})),
            rsa(json!({"kid": "e", "alg": "RS512"})),
            {"kty": "oct", "kid": "f", "k": "c2VjcmV0"},
            {"kty": "EC", "kid": "g", "crv": "P-384", "x": "AA", "y": "AA"},
            {"kty": "XYZ"},
            7,
        ]));
        assert_eq!(keys.len(), 1);
        assert!(keys.find(&header("RS256", Some("a"))).is_ok());
        assert!(Keys::read(b"[]").is_none());
    }

    #[test]
    fn the_key_says_which_algorithm_it_is_for() {
        let keys = set(json!([
            rsa(json!({"kid": "any"})),
            rsa(json!({"kid": "one", "alg": "PS256"}))
        ]));
        for (alg, kid, right) in [
            ("RS256", "any", true),
            ("PS256", "any", true),
            ("PS256", "one", true),
            ("RS256", "one", false),
            ("RS384", "any", false),
            ("ES256", "any", false),
            ("HS256", "any", false),
            ("none", "any", false),
            ("rs256", "any", false),
        ] {
            let found = keys.find(&header(alg, Some(kid)));
            assert_eq!(found.is_ok(), right, "{alg} {kid}");
            if let Err(refusal) = found {
                assert_eq!(refusal, TokenError::Algorithm);
            }
        }
    }

    #[test]
    fn a_token_without_a_key_id_needs_an_only_key() {
        let one = set(json!([rsa(json!({"kid": "a"}))]));
        assert!(one.find(&header("RS256", None)).is_ok());
        assert_eq!(
            one.find(&header("RS256", Some("b"))).err().unwrap(),
            TokenError::UnknownKey
        );
        let two = set(json!([rsa(json!({"kid": "a"})), rsa(json!({"kid": "b"}))]));
        assert_eq!(
            two.find(&header("RS256", None)).err().unwrap(),
            TokenError::UnknownKey
        );
    }
}
