//! Records of any kind, for pages that name some of each.

use std::collections::HashMap;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{Activity, Agreement, Membership, Network, Partner, Reader, Source};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::Entity;
use crate::formats::Represent as _;
use crate::http::problem::Problem;
use crate::records::Readable;

/// A record, and of which kind it is.
#[derive(Debug, Serialize)]
pub struct Subject {
    entity: Entity,
    view: Value,
}

/// Those of these records that everybody may see.
pub fn subjects(
    reader: &mut Reader<'_>,
    ids: &[PublicId],
) -> Result<HashMap<PublicId, Subject>, Problem> {
    let mut all = HashMap::new();
    add::<Partner>(reader, ids, &mut all)?;
    add::<Agreement>(reader, ids, &mut all)?;
    add::<Network>(reader, ids, &mut all)?;
    add::<Membership>(reader, ids, &mut all)?;
    add::<Activity>(reader, ids, &mut all)?;
    add::<Source>(reader, ids, &mut all)?;
    Ok(all)
}

fn add<R: Readable>(
    reader: &mut Reader<'_>,
    ids: &[PublicId],
    all: &mut HashMap<PublicId, Subject>,
) -> Result<(), Problem> {
    let ids = ids.iter().filter(|id| id.kind() == R::KIND);
    for view in reader.visible::<R>(&ids.cloned().collect::<Vec<_>>(), &[])? {
        let subject = Subject {
            entity: R::ENTITY,
            view: Value::from(Serde(&view)),
        };
        all.insert(view.public_id().clone(), subject);
    }
    Ok(())
}
