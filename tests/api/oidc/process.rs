//! An issuer that is a process of its own, as it is in a city.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use twincity::access::oidc::Verifier;
use twincity::config::OidcConfig;

use super::issuer::{AUDIENCE, Issuer};
use super::signer::Signer;
use super::{grants, verify};

/// Set for the process that is to be the issuer.
const ASKED: &str = "TWINCITY_TEST_ISSUER";
const THIS: &str = "oidc::process::tokens_of_another_process_are_believed_on_what_it_publishes";

/// The issuer: says where it is, with a token, and serves until nobody listens any more.
#[expect(clippy::print_stdout, reason = "how the other process hears of it")]
fn be_the_issuer() {
    let key = Signer::rsa("k");
    let issuer = Issuer::start(&[&key]);
    println!("\nissuer {} {}", issuer.url, key.token(&issuer.claims()));
}

#[actix_web::test]
async fn tokens_of_another_process_are_believed_on_what_it_publishes() {
    if std::env::var_os(ASKED).is_some() {
        be_the_issuer();
        let (tell, told) = tokio::sync::oneshot::channel();
        std::thread::spawn(|| tell.send(std::io::stdin().read_to_end(&mut Vec::new())));
        told.await.unwrap().unwrap();
        return;
    }
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", THIS, "--nocapture", "--test-threads=1"])
        .env(ASKED, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open to the end: the other process writes into it once more.
    let mut lines = BufReader::new(other.stdout.take().unwrap()).lines();
    let said = lines
        .by_ref()
        .map(Result::unwrap)
        .find(|line| line.starts_with("issuer "))
        .expect("the other process says where it is");
    let words: Vec<&str> = said.split(' ').collect();
    let config = OidcConfig {
        oidc_issuer: Some(words[1].to_owned()),
        oidc_audience: Some(AUDIENCE.to_owned()),
        oidc_roles: vec!["office=registrar".parse().unwrap()],
        ..OidcConfig::default()
    };
    let verifier = Verifier::new(&config).unwrap().unwrap();
    let claims = verify(&verifier, words[2]).await;
    drop(other.stdin.take());
    assert!(other.wait().unwrap().success());
    assert_eq!(grants(&claims.unwrap()), ["registrar"]);
}
