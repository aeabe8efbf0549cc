//! The newest changes of what everybody may see, in words.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::reader::Reader;
use crate::activities::record::Activity;
use crate::activities::store as activities;
use crate::activities::types::ActivityView;
use crate::agreements::record::Agreement;
use crate::agreements::store as agreements;
use crate::agreements::types::AgreementView;
use crate::changes::ChangeView;
use crate::changes::feed::newest;
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::record::ChangeOp;
use crate::html;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::store as memberships;
use crate::networks::memberships::types::MembershipView;
use crate::networks::record::Network;
use crate::networks::store as networks;
use crate::networks::types::NetworkView;
use crate::partners::record::Partner;
use crate::partners::store as partners;
use crate::partners::types::PartnerView;

/// Changes that are looked at for the lines of a page.
const LOOKED_AT: i64 = 80;

/// What changed.
#[derive(Debug, Serialize)]
#[serde(tag = "entity", content = "view", rename_all = "snake_case")]
enum Subject {
    Partner(Box<PartnerView>),
    Agreement(Box<AgreementView>),
    Network(Box<NetworkView>),
    Membership(Box<MembershipView>),
    Activity(Box<ActivityView>),
}

/// A record with its newest change.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize)]
pub struct News {
    #[serde(serialize_with = "crate::core::clock::time")]
    at: DateTime<Utc>,
    /// What was done.
    op: ChangeOp,
    /// The status it brought.
    status: Option<String>,
    /// Pointers to the fields that it changed.
    fields: Vec<String>,
    subject: Subject,
}

/// The records that changed last, each once with what was done to it.
pub fn news(reader: &mut Reader<'_>, most: usize) -> Result<Vec<News>, Problem> {
    let mut told: Vec<ChangeView> = Vec::new();
    for change in newest(reader.conn, LOOKED_AT)? {
        let words = !matches!(
            change.op,
            ChangeOp::Refreshed | ChangeOp::Redacted | ChangeOp::Withdrawn | ChangeOp::Merged
        );
        if words && told.iter().all(|known| known.id != change.id) {
            told.push(change);
        }
    }
    let mut subjects = subjects(reader, &told)?;
    let mut lines: Vec<News> = Vec::new();
    for change in told {
        let at = subjects
            .iter()
            .position(|(id, _)| Some(id) == change.id.as_ref());
        if let Some(at) = at.filter(|_| lines.len() < most) {
            let (_, subject) = subjects.swap_remove(at);
            lines.push(line(reader, change, subject));
        }
    }
    Ok(lines)
}

/// The records of these changes that can be seen.
fn subjects(
    reader: &mut Reader<'_>,
    changes: &[ChangeView],
) -> Result<Vec<(PublicId, Subject)>, Problem> {
    let of = |kind: Kind| -> Vec<PublicId> {
        let ids = changes.iter().filter_map(|change| change.id.clone());
        ids.filter(|id| id.kind() == kind).collect()
    };
    let mut all = Vec::new();
    for view in reader.those::<Partner>(&of(Kind::Partner), &[], partners::by_ids)? {
        all.push((view.id.clone(), Subject::Partner(Box::new(view))));
    }
    for view in reader.those::<Agreement>(&of(Kind::Agreement), &[], agreements::by_ids)? {
        all.push((view.id.clone(), Subject::Agreement(Box::new(view))));
    }
    for view in reader.those::<Network>(&of(Kind::Network), &[], networks::by_ids)? {
        all.push((view.id.clone(), Subject::Network(Box::new(view))));
    }
    for view in reader.those::<Membership>(&of(Kind::Membership), &[], memberships::by_ids)? {
        all.push((view.id.clone(), Subject::Membership(Box::new(view))));
    }
    for view in reader.those::<Activity>(&of(Kind::Activity), &[], activities::by_ids)? {
        all.push((view.id.clone(), Subject::Activity(Box::new(view))));
    }
    Ok(all)
}

fn line(reader: &Reader<'_>, change: ChangeView, subject: Subject) -> News {
    let steps = change.patch.as_ref().and_then(Value::as_array);
    let mut fields: Vec<String> = Vec::new();
    let mut status = None;
    for step in steps.into_iter().flatten() {
        let pointer = step.get("path").and_then(Value::as_str);
        let Some(name) = pointer.and_then(|pointer| pointer.split('/').nth(1)) else {
            continue;
        };
        if name == "status" {
            let value = step.get("value").and_then(Value::as_str);
            status = value.map(str::to_owned);
        }
        let field = format!("/{name}");
        // What has no name among fields follows from those that have.
        if name != "status" && html::names(reader.lang, &field) && !fields.contains(&field) {
            fields.push(field);
        }
    }
    let created = change.op == ChangeOp::Created;
    News {
        at: change.at,
        op: change.op,
        status: status.filter(|_| !created),
        fields: if created { Vec::new() } else { fields },
        subject,
    }
}
