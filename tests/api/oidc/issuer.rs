//! An identity provider that answers on a port of this machine.

use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::header;
use actix_web::{App, HttpResponse, HttpServer, rt, web};
use serde_json::{Value, json};
use twincity::access::oidc::Verifier;
use twincity::config::OidcConfig;

use super::signer::Signer;

pub const AUDIENCE: &str = "twincity";
const CONFIGURATION: &str = "/realms/city/.well-known/openid-configuration";
const CERTS: &str = "/realms/city/certs";

/// What it answers, and how often it was asked.
#[derive(Default)]
struct Said {
    keys: Vec<Value>,
    configuration: Value,
    /// Instead of the keys.
    instead: Option<Instead>,
    asked: (usize, usize),
}

/// How an issuer can fail to give its keys.
#[derive(Clone)]
pub enum Instead {
    /// With this status.
    Status(u16),
    /// By sending elsewhere.
    Redirect(String),
    /// With these bytes.
    Bytes(String),
}

pub struct Issuer {
    pub url: String,
    said: Arc<Mutex<Said>>,
    server: ServerHandle,
}

async fn configuration(said: web::Data<Mutex<Said>>) -> HttpResponse {
    let mut said = said.lock().unwrap();
    said.asked.0 += 1;
    HttpResponse::Ok().json(&said.configuration)
}

async fn certs(said: web::Data<Mutex<Said>>) -> HttpResponse {
    let mut said = said.lock().unwrap();
    said.asked.1 += 1;
    match &said.instead {
        None => HttpResponse::Ok().json(json!({"keys": said.keys})),
        Some(Instead::Status(status)) => {
            HttpResponse::build((*status).try_into().unwrap()).finish()
        }
        Some(Instead::Redirect(to)) => HttpResponse::Found()
            .insert_header((header::LOCATION, to.as_str()))
            .finish(),
        Some(Instead::Bytes(bytes)) => HttpResponse::Ok().body(bytes.clone()),
    }
}

async fn moved(said: web::Data<Mutex<Said>>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"keys": said.lock().unwrap().keys}))
}

impl Issuer {
    /// Starts one that publishes these keys.
    pub fn start(keys: &[&Signer]) -> Self {
        let said = web::Data::new(Mutex::new(Said::default()));
        let shared = said.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route(CONFIGURATION, web::get().to(configuration))
                .route(CERTS, web::get().to(certs))
                .route("/moved", web::get().to(moved))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        rt::spawn(server);
        let issuer = Self {
            url: format!("http://{address}/realms/city"),
            said: said.into_inner(),
            server: handle,
        };
        issuer.configure(json!({
            "issuer": issuer.url, "jwks_uri": format!("http://{address}{CERTS}"),
        }));
        issuer.publish(keys);
        issuer
    }

    /// Publishes these keys from now on.
    pub fn publish(&self, keys: &[&Signer]) {
        self.publish_jwks(keys.iter().map(|key| key.jwk()).collect());
    }

    pub fn publish_jwks(&self, keys: Vec<Value>) {
        self.said.lock().unwrap().keys = keys;
    }

    /// Says this of itself from now on.
    pub fn configure(&self, configuration: Value) {
        self.said.lock().unwrap().configuration = configuration;
    }

    /// Answers so instead of giving its keys, or gives them again.
    pub fn answer(&self, instead: Option<Instead>) {
        self.said.lock().unwrap().instead = instead;
    }

    /// How often its configuration and its keys were asked for.
    pub fn asked(&self) -> (usize, usize) {
        self.said.lock().unwrap().asked
    }

    /// Where its keys are.
    pub fn certs(&self) -> String {
        self.url.replace("/realms/city", CERTS)
    }

    /// Stops: connections are refused from now on.
    pub async fn stop(&self) {
        self.server.stop(false).await;
    }

    /// Settings that believe it.
    pub fn config(&self) -> OidcConfig {
        OidcConfig {
            oidc_issuer: Some(self.url.clone()),
            oidc_audience: Some(AUDIENCE.to_owned()),
            oidc_roles: vec!["office=editor@ptn_8x3k0q2m7t".parse().unwrap()],
            ..OidcConfig::default()
        }
    }

    /// A registry that believes it.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(&self.config()).unwrap().unwrap()
    }

    /// What a good token of it says at the start of every test.
    pub fn claims(&self) -> Value {
        let now = crate::support::start_of_time().timestamp();
        json!({
            "iss": self.url, "aud": AUDIENCE, "sub": "f81d4fae", "exp": now + 300, "iat": now,
            "nbf": now, "email": "jane@city.example", "email_verified": true, "name": "Jane Q. Example",
            "twincity_roles": ["office", "canteen"],
        })
    }

    /// [`Self::claims`] with these members instead; null removes one.
    pub fn claims_with(&self, more: Value) -> Value {
        let mut claims = self.claims();
        json_patch::merge(&mut claims, &more);
        claims
    }
}
