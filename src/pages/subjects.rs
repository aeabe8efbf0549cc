//! Records of any kind, for pages that name some of each.

use std::collections::HashMap;

use serde::Serialize;

use super::reader::Reader;
use crate::activities::record::Activity;
use crate::activities::store as activities;
use crate::activities::types::ActivityView;
use crate::agreements::record::Agreement;
use crate::agreements::store as agreements;
use crate::agreements::types::AgreementView;
use crate::core::ids::{Kind, PublicId};
use crate::evidence::sources::SourceView;
use crate::evidence::sources::record::Source;
use crate::evidence::sources::store as sources;
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

/// A record.
#[derive(Debug, Serialize)]
#[serde(tag = "entity", content = "view", rename_all = "snake_case")]
pub enum Subject {
    /// A partner.
    Partner(Box<PartnerView>),
    /// An agreement.
    Agreement(Box<AgreementView>),
    /// A network.
    Network(Box<NetworkView>),
    /// A membership.
    Membership(Box<MembershipView>),
    /// An activity.
    Activity(Box<ActivityView>),
    /// A source.
    Source(Box<SourceView>),
}

/// Those of these records that everybody may see.
pub fn subjects(
    reader: &mut Reader<'_>,
    ids: &[PublicId],
) -> Result<HashMap<PublicId, Subject>, Problem> {
    let of = |kind: Kind| -> Vec<PublicId> {
        ids.iter().filter(|id| id.kind() == kind).cloned().collect()
    };
    let mut all = HashMap::new();
    for view in reader.those::<Partner>(&of(Kind::Partner), &[], partners::by_ids)? {
        all.insert(view.id.clone(), Subject::Partner(Box::new(view)));
    }
    for view in reader.those::<Agreement>(&of(Kind::Agreement), &[], agreements::by_ids)? {
        all.insert(view.id.clone(), Subject::Agreement(Box::new(view)));
    }
    for view in reader.those::<Network>(&of(Kind::Network), &[], networks::by_ids)? {
        all.insert(view.id.clone(), Subject::Network(Box::new(view)));
    }
    for view in reader.those::<Membership>(&of(Kind::Membership), &[], memberships::by_ids)? {
        all.insert(view.id.clone(), Subject::Membership(Box::new(view)));
    }
    for view in reader.those::<Activity>(&of(Kind::Activity), &[], activities::by_ids)? {
        all.insert(view.id.clone(), Subject::Activity(Box::new(view)));
    }
    for view in reader.those::<Source>(&of(Kind::Source), &[], sources::by_ids)? {
        all.insert(view.id.clone(), Subject::Source(Box::new(view)));
    }
    Ok(all)
}
