//! The sources of a record, numbered, with what each says; and which of them speak of which field.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::facts::{correctable, fact};
use super::{Content, Reader};
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::vocabulary::evidence::Stance;
use crate::db::json;
use crate::evidence::include::Evidence as Embedded;
use crate::evidence::sources::SourceView;
use crate::formats::{Represent as _, linked_data};
use crate::http::problem::Problem;
use crate::records::Readable;

/// What a source says of a field, or of the whole record.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize)]
struct Statement {
    /// The field; empty for the whole record.
    pointer: String,
    stance: Stance,
    observed_on: Option<Edtf>,
    stated_value: Option<String>,
    quote: Option<String>,
}

/// A source with the number it is referred to by.
#[derive(Debug, Serialize)]
struct Cited {
    number: usize,
    source: SourceView,
    statements: Vec<Statement>,
}

/// A source that speaks of a field.
#[derive(Debug, Serialize)]
struct Reference {
    number: usize,
    /// Whether it says otherwise than the record.
    against: bool,
}

/// The sources of a record, and what of it can be corrected.
#[derive(Debug, Serialize)]
struct Evidence {
    target: PublicId,
    correctable: &'static [&'static str],
    /// Each once.
    sources: Vec<Cited>,
    /// The sources that speak of each fact, by the name under which the page tells it.
    fields: BTreeMap<String, Vec<Reference>>,
    /// Whether any of them contradicts the record.
    disputed: bool,
}

impl Content {
    /// The page of this record as it shows it: with where it is from, of what was embedded in it, who keeps it, and it
    /// in other formats. In those, records are as they are today.
    pub fn record<R: Readable>(
        reader: &mut Reader<'_>,
        mut view: R::View,
        embedded: fn(&mut R::View) -> Embedded,
    ) -> Result<Self, Problem> {
        let mut content = Self::new(reader);
        // Nothing on the page of today, which says it all.
        let then = reader.as_of.map(|_| json::shown(&view)).transpose()?;
        let mut of = "record-today";
        if then.is_none() {
            content = content.with("linked_data", linked_data(&view, &reader.origin)?);
            of = "record";
        }
        let path = format!("{}/{}", R::COLLECTION, view.public_id());
        let cited = embedded(&mut view);
        Ok(content
            .list(of, &path, R::FORMATS, &[])
            .with("evidence", evidence(view.public_id(), then.as_ref(), cited))
            .with("offices", reader.offices((R::META)(&mut view))?)
            .with(R::NAME, view))
    }
}

/// What is known of today only, and told of no other day.
const TODAY_ONLY: &[&str] = &["activity_level", "contacts", "population", "seeking"];

/// Whether the page of that day tells this.
fn is_told(then: &Value, pointer: &str) -> bool {
    let fact = fact(pointer);
    let known = |value: &Value| match value {
        Value::Null => false,
        Value::Array(all) => !all.is_empty(),
        _ => true,
    };
    let is_plan = pointer.starts_with("/pending_termination");
    if is_plan && !then.get("pending_termination").is_some_and(known) {
        return false;
    }
    fact.is_empty() || (!TODAY_ONLY.contains(&fact) && then.get(fact).is_some_and(known))
}

/// The evidence of this record. `then` is what its page says of a day of the past: sources tell nothing of facts
/// that are not shown of that day.
fn evidence(target: &PublicId, then: Option<&Value>, embedded: Embedded) -> Evidence {
    let mut all = Evidence {
        target: target.clone(),
        correctable: correctable(target.kind()),
        sources: Vec::new(),
        fields: BTreeMap::new(),
        disputed: false,
    };
    let cited = embedded.citations.unwrap_or_default();
    let shown = cited
        .into_iter()
        .filter(|citation| then.is_none_or(|then| is_told(then, &citation.pointer)));
    for citation in shown {
        let mut sources = all.sources.iter();
        let known = sources.position(|cited| cited.source.id == citation.source.id);
        let at = known.unwrap_or(all.sources.len());
        let number = at + 1;
        if known.is_none() {
            all.sources.push(Cited {
                number,
                source: citation.source,
                statements: Vec::new(),
            });
        }
        let against = citation.stance == Stance::Contradicts;
        let fact = fact(&citation.pointer).to_owned();
        let references = all.fields.entry(fact).or_default();
        match references.iter_mut().find(|known| known.number == number) {
            Some(known) => known.against |= against,
            None => references.push(Reference { number, against }),
        }
        all.disputed |= against;
        if let Some(cited) = all.sources.get_mut(at) {
            cited.statements.push(Statement {
                pointer: citation.pointer,
                stance: citation.stance,
                observed_on: citation.observed_on,
                stated_value: citation.stated_value,
                quote: citation.quote,
            });
        }
    }
    all
}
