//! What must hold of a subscription that is asked for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::topic::{Frequency, Topic};
use super::types::SubscriptionIn;
use crate::access::users::types as users;
use crate::changes::records;
use crate::core::ids::Kind;
use crate::core::issue::Issues;
use crate::db::DbConn;
use crate::http::problem::Problem;

/// Most topics of one subscriber.
pub(super) const MAX_TOPICS: usize = 50;

/// A subscription that was asked for, every rule checked; what the job that goes on with it carries.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    pub email: String,
    pub lang: String,
    pub topics: BTreeSet<Topic>,
    pub frequency: Frequency,
}

/// Checks what was sent. Of the address nothing is asked but its form: every one is answered alike.
pub(super) fn checked(conn: &mut DbConn, input: SubscriptionIn) -> Result<Asked, Problem> {
    let mut issues = Issues::default();
    let email = issues
        .require("/email", input.email)
        .and_then(|given| users::email("/email", &given, &mut issues));
    let lang = users::lang("/lang", input.lang, &mut issues);
    let frequency = issues.take("/frequency", input.frequency);
    let given = issues.require("/topics", input.topics).unwrap_or_default();
    let mut topics = BTreeSet::new();
    for (index, text) in given.iter().take(MAX_TOPICS).enumerate() {
        let at = format!("/topics/{index}");
        let Some(topic) = issues.check(&at, text.parse::<Topic>()) else {
            continue;
        };
        if is_there(conn, &topic)? {
            topics.insert(topic);
        } else {
            issues.add(at, "unknown_reference", format!("there is no {topic}"));
        }
    }
    if given.len() > MAX_TOPICS || given.is_empty() && issues.is_empty() {
        let rule = format!("must be 1 to {MAX_TOPICS} topics");
        issues.add("/topics", "length", rule);
    }
    let email = issues.finish(email)?;
    Ok(Asked {
        email,
        lang,
        topics,
        frequency: frequency.unwrap_or_default(),
    })
}

/// Whether everybody may see what the topic is about.
pub(super) fn is_there(conn: &mut DbConn, topic: &Topic) -> Result<bool, Problem> {
    let (kind, id) = match topic {
        Topic::Partner(id) => (Kind::Partner, id),
        Topic::Network(id) => (Kind::Network, id),
        Topic::NewAgreements | Topic::Country(_) | Topic::Field(_) => return Ok(true),
    };
    Ok(records::published(conn, kind, Some(id.as_str()))?.is_some())
}
