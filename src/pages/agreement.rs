//! The page of an agreement.

use std::mem::take;

use super::as_of;
use super::{Agreement, Content, PageRequest, Reader};
use crate::agreements::links;
use crate::agreements::types::AgreementView;
use crate::core::ids::PublicId;
use crate::http::problem::Problem;
use crate::lifecycle::SubjectKind;

/// Papers that replaced one another and are looked for.
const LONGEST_CHAIN: usize = 40;

/// An agreement: what it says, its past in sentences, and where all this is from.
pub fn read(reader: &mut Reader<'_>, _: &PageRequest, id: &PublicId) -> Result<Content, Problem> {
    let includes = ["events", "citations", "sources", "documents", "activities"];
    let mut agreement = reader.item::<Agreement>(id, &includes)?;
    let day = reader.as_of;
    let events = agreement.events.iter().flatten();
    let sources = events.filter_map(|event| event.source_id.clone()).collect();
    let this = agreement.id.clone();
    let mut one = |id: &Option<PublicId>| -> Result<Option<AgreementView>, Problem> {
        Ok(reader.visible::<Agreement>(id.as_slice(), &[])?.pop())
    };
    let arose_from = one(&agreement.arose_from)?;
    let annex_of = one(&agreement.parent_id)?;
    let hanging = links::hanging_on(reader.conn, &this)?;
    let mut those = |ids: &[PublicId]| reader.visible::<Agreement>(ids, &[]);
    let (mut annexes, mut outcomes) = (those(&hanging.annexes)?, those(&hanging.outcomes)?);
    let mut chain = chain(reader, &agreement)?;
    for papers in [&mut annexes, &mut outcomes, &mut chain] {
        papers.retain(|paper| day.is_none_or(|day| as_of::had_begun(paper, day)));
    }
    if chain.len() == 1 {
        chain.clear();
    }
    let later = day
        .map(|day| as_of::agreement(&mut agreement, day))
        .unwrap_or_default();
    let possible = reader.possible(SubjectKind::Agreements, std::slice::from_ref(id))?;
    let event_sources = reader.sources(sources)?;
    let content = Content::record::<Agreement>(reader, agreement, |view| take(&mut view.evidence))?;
    Ok(content
        // It, when it is only possible that it stood so on the day that is asked about.
        .with("possible", possible)
        .with("not_yet", later.not_yet)
        .with("later", later.later)
        // The sources of its events, by their ids.
        .with("event_sources", event_sources)
        // The papers that replaced one another, the oldest first, this one among them; empty when it is alone.
        .with("chain", chain)
        // The agreement it came out of, and the one it is an annex of.
        .with("arose_from", arose_from)
        .with("annex_of", annex_of)
        // Its annexes, and what came out of it.
        .with("annexes", annexes)
        .with("outcomes", outcomes))
}

/// Papers that replaced one another, from either side of this one.
fn chain(
    reader: &mut Reader<'_>,
    agreement: &AgreementView,
) -> Result<Vec<AgreementView>, Problem> {
    let mut all: Vec<AgreementView> = Vec::new();
    let next = |of: &AgreementView| -> Vec<PublicId> {
        let beside = of.supersedes.iter().chain(&of.superseded_by);
        beside.cloned().collect()
    };
    let mut waiting = next(agreement);
    if waiting.is_empty() {
        return Ok(all);
    }
    waiting.push(agreement.id.clone());
    while !waiting.is_empty() && all.len() < LONGEST_CHAIN {
        let found = reader.visible::<Agreement>(&waiting, &[])?;
        waiting = found.iter().flat_map(next).collect();
        all.extend(found);
        waiting.retain(|id| all.iter().all(|known| known.id != *id));
        waiting.sort_unstable();
        waiting.dedup();
    }
    // What replaced another stands behind it, also where nobody knows when it was signed.
    let depth = |of: &AgreementView| {
        let mut seen: Vec<&PublicId> = Vec::new();
        let mut open: Vec<&PublicId> = of.supersedes.iter().collect();
        while let Some(id) = open.pop() {
            if !seen.contains(&id) {
                seen.push(id);
                let earlier = all.iter().find(|known| known.id == *id);
                open.extend(earlier.iter().flat_map(|known| &known.supersedes));
            }
        }
        seen.len()
    };
    let depths: Vec<usize> = all.iter().map(depth).collect();
    let mut sorted: Vec<(usize, AgreementView)> = depths.into_iter().zip(all).collect();
    sorted.sort_by_key(|(depth, _)| *depth);
    Ok(sorted.into_iter().map(|(_, paper)| paper).collect())
}
