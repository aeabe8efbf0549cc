//! Records of any kind, for pages that name some of each.

use std::collections::HashMap;

use serde::Serialize;

use super::reader::Reader;
use crate::activities::record::Activity;
use crate::activities::types::ActivityView;
use crate::agreements::record::Agreement;
use crate::agreements::types::AgreementView;
use crate::core::ids::PublicId;
use crate::evidence::sources::SourceView;
use crate::evidence::sources::record::Source;
use crate::formats::Represent as _;
use crate::http::problem::Problem;
use crate::networks::memberships::record::Membership;
use crate::networks::memberships::types::MembershipView;
use crate::networks::record::Network;
use crate::networks::types::NetworkView;
use crate::partners::record::Partner;
use crate::partners::types::PartnerView;
use crate::records::Readable;

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
    let mut all = HashMap::new();
    add::<Partner>(reader, ids, &mut all, Subject::Partner)?;
    add::<Agreement>(reader, ids, &mut all, Subject::Agreement)?;
    add::<Network>(reader, ids, &mut all, Subject::Network)?;
    add::<Membership>(reader, ids, &mut all, Subject::Membership)?;
    add::<Activity>(reader, ids, &mut all, Subject::Activity)?;
    add::<Source>(reader, ids, &mut all, Subject::Source)?;
    Ok(all)
}

fn add<R: Readable>(
    reader: &mut Reader<'_>,
    ids: &[PublicId],
    all: &mut HashMap<PublicId, Subject>,
    subject: fn(Box<R::View>) -> Subject,
) -> Result<(), Problem> {
    let ids = ids.iter().filter(|id| id.kind() == R::KIND);
    for view in reader.visible::<R>(&ids.cloned().collect::<Vec<_>>(), &[])? {
        all.insert(view.public_id().clone(), subject(Box::new(view)));
    }
    Ok(())
}
