//! Asking the issuer for its keys.

use std::time::Duration;

use reqwest::{Client, Url, redirect};
use serde::Deserialize;

use super::keys::Keys;
use crate::config::oidc::{is_loopback, is_trustworthy};
use crate::core::parse_error::ParseError;

/// How long the issuer may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Longest answer that is read.
const LONGEST: usize = 1024 * 1024;

/// Most redirections that are followed, all on one host.
const REDIRECTIONS: usize = 3;

/// Why the keys could not be had, for the log.
pub(super) type FetchError = Box<dyn std::error::Error + Send + Sync>;

/// Where an issuer's keys are, and how they are got.
#[derive(Debug, Clone)]
pub(super) struct Fetcher {
    client: Client,
    issuer: String,
    jwks_url: Option<String>,
}

impl Fetcher {
    pub(super) fn new(issuer: &str, jwks_url: Option<&str>) -> Result<Self, ParseError> {
        let mut builder = Client::builder()
            .user_agent(concat!("twincity/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            .connect_timeout(PATIENCE)
            .redirect(redirect::Policy::custom(follow))
            .referer(false)
            // One request an hour: nothing is worth being kept open.
            .pool_max_idle_per_host(0);
        if [Some(issuer), jwks_url].into_iter().flatten().all(is_local) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            ParseError::new(
                "unavailable",
                format!("no connection can be made to TWINCITY_OIDC_ISSUER: {error}"),
            )
        })?;
        Ok(Self {
            client,
            issuer: issuer.to_owned(),
            jwks_url: jwks_url.map(str::to_owned),
        })
    }

    /// The keys the issuer publishes now.
    pub(super) async fn keys(&self) -> Result<Keys, FetchError> {
        let address = match &self.jwks_url {
            Some(address) => address.clone(),
            None => self.discover().await?,
        };
        let body = self.get(&address).await?;
        Keys::read(&body).ok_or("the answer has not the form of a JWK set".into())
    }

    /// Where the issuer's configuration says its keys are (`OpenID` Connect Discovery, section 4).
    async fn discover(&self) -> Result<String, FetchError> {
        #[derive(Deserialize)]
        struct Configuration {
            issuer: String,
            jwks_uri: String,
        }
        let base = self.issuer.trim_end_matches('/');
        let address = format!("{base}/.well-known/openid-configuration");
        let body = self.get(&address).await?;
        let said: Configuration = serde_json::from_slice(&body)
            .map_err(|_unreadable| "the answer has not the form of a configuration")?;
        if said.issuer != self.issuer {
            return Err("the configuration is that of another issuer".into());
        }
        // An issuer on the network can't send the registry to this machine's own services.
        if !is_trustworthy(&said.jwks_uri) || is_local(&said.jwks_uri) && !is_local(&self.issuer) {
            return Err("the address of the keys is neither https nor on this machine".into());
        }
        Ok(said.jwks_uri)
    }

    async fn get(&self, address: &str) -> Result<Vec<u8>, FetchError> {
        let mut response = self
            .client
            .get(address)
            .header(reqwest::header::ACCEPT, "application/json")
            .send()
            .await?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(format!("the answer has the status {status}").into());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LONGEST {
                return Err("the answer is longer than 1 MiB".into());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn is_local(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.host_str().is_some_and(is_loopback))
}

/// Follows a redirection on the same origin only.
fn follow(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let same = attempt
        .previous()
        .first()
        .is_some_and(|first| first.origin() == attempt.url().origin());
    if same && attempt.previous().len() <= REDIRECTIONS {
        attempt.follow()
    } else {
        attempt.error("the answer leads to another host, or in a circle")
    }
}
