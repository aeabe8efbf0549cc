//! Being told of changes by mail, with a real conversation with a mail server.

mod leaving;
mod news;
mod opting_in;
mod pages;

use actix_web::test::TestRequest;
use diesel::prelude::*;
use serde_json::{Value, json};
use twincity::db::schema::{
    jobs, subscribers, subscription_requests, subscription_tokens, subscription_topics,
};
use twincity::http::problem::Problem;
use twincity::subscriptions::worker;

use crate::notify::server::MailServer;
use crate::notify::{Message, parsed, work};
use crate::support::{Answer, TestApp};

const SUBSCRIPTIONS: &str = "/api/v1/subscriptions";
const READER: &str = "reader@example.org";

/// A registry with its mail server.
struct Post {
    server: MailServer,
    app: TestApp,
    /// Messages that were looked at.
    seen: usize,
}

impl Post {
    async fn new() -> Self {
        let server = MailServer::start();
        let app = server.registry("").await;
        Self {
            server,
            app,
            seen: 0,
        }
    }

    /// Asks for a subscription.
    async fn ask(&self, email: &str, topics: &[&str], more: Value) -> Answer {
        let mut body = json!({"email": email, "topics": topics});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.app.anonymous().post(SUBSCRIPTIONS, body).await
    }

    /// Does all jobs that are due; the messages that have come since.
    async fn mails(&mut self) -> Vec<(String, Message)> {
        while work(&self.app).await > 0 {}
        let received = self.server.received();
        let new = received[self.seen..]
            .iter()
            .map(|(to, message)| {
                assert_eq!(to.len(), 1, "nobody sees another's address");
                (to[0].clone(), parsed(message))
            })
            .collect();
        self.seen = received.len();
        new
    }

    /// Tells subscribers what is new; the messages that have come since.
    async fn news(&mut self) -> Vec<(String, Message)> {
        worker::run_once(&self.app.app).await.unwrap();
        self.mails().await
    }

    /// What comes of changes that are a minute old.
    async fn told(&mut self) -> Vec<(String, Message)> {
        assert!(self.news().await.is_empty(), "what comes meanwhile waits");
        self.app.clock.advance(chrono::TimeDelta::minutes(1));
        self.news().await
    }

    /// Follows these topics, confirmed.
    async fn follow(&mut self, email: &str, topics: &[&str], more: Value) {
        self.ask(email, topics, more).await.expect(202);
        let mails = self.mails().await;
        assert_eq!(mails.len(), 1);
        self.confirm(&token(&mails[0].1)).await.expect(204);
    }

    async fn confirm(&self, token: &str) -> Answer {
        let path = format!("{SUBSCRIPTIONS}/confirm");
        let body = json!({"token": token});
        self.app.anonymous().post(&path, body).await
    }

    /// Presses the one button of a program of mail.
    async fn one_click(&self, message: &Message) -> Answer {
        let address = &message.headers["List-Unsubscribe"];
        let address = address.trim_matches(['<', '>']);
        let path = address.strip_prefix("https://registry.example").unwrap();
        let form = [("List-Unsubscribe", "One-Click")];
        self.app
            .send(TestRequest::post().uri(path).set_form(form))
            .await
    }

    /// The addresses that are kept anywhere.
    fn addresses(&self) -> Vec<String> {
        self.app
            .write(|conn| -> Result<_, Problem> {
                let mut all: Vec<String> =
                    subscribers::table.select(subscribers::email).load(conn)?;
                all.extend(
                    subscription_requests::table
                        .select(subscription_requests::email)
                        .load::<String>(conn)?,
                );
                all.extend(
                    jobs::table
                        .filter(jobs::payload.like("%@%"))
                        .select(jobs::payload)
                        .load::<String>(conn)?,
                );
                Ok(all)
            })
            .unwrap()
    }

    /// How many topics are followed, and how many tokens are kept.
    fn rows(&self) -> (i64, i64) {
        self.app
            .write(|conn| -> Result<_, Problem> {
                Ok((
                    subscription_topics::table.count().get_result(conn)?,
                    subscription_tokens::table.count().get_result(conn)?,
                ))
            })
            .unwrap()
    }
}

/// The links of a message.
fn links(message: &Message) -> Vec<String> {
    let text = message.text.replace("\r\n", "\n");
    text.split_whitespace()
        .filter_map(|word| word.strip_prefix("https://registry.example"))
        .map(str::to_owned)
        .collect()
}

/// The token of the message's link.
fn token(message: &Message) -> String {
    let links = links(message);
    let link = links.iter().find(|link| link.contains("token=")).unwrap();
    link.split_once("token=").unwrap().1.to_owned()
}
