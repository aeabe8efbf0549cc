//! Records as linked data: one model of what is said, written as JSON-LD and as Turtle.
//!
//! Things are called by their short addresses (`/r/{id}`), the records about them by those of the API.
//! Which vocabularies say what is in `docs/formats.md`.

mod jsonld;
mod turtle;

use std::collections::BTreeSet;
use std::io;

use chrono::{DateTime, Utc};
use oxrdf::NamedNode;

use super::Represent;
use super::spool::failed;
use crate::changes::Meta;
use crate::core::clock;
use crate::core::edtf::Edtf;
use crate::core::identifier::{Identifier, Scheme};
use crate::core::ids::PublicId;
use crate::core::language::{LanguageTag, Translations};
use crate::core::vocabulary::{self, Code};
use crate::http::problem::Problem;

pub use jsonld::JsonLd;
pub use turtle::Turtle;

/// A name of a vocabulary: its prefix and what it is called there.
pub type Term = &'static str;

/// The vocabularies and their prefixes.
pub const PREFIXES: &[(&str, &str)] = &[
    ("schema", "https://schema.org/"),
    ("org", "http://www.w3.org/ns/org#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("adms", "http://www.w3.org/ns/adms#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("edtf", "http://id.loc.gov/datatypes/edtf/"),
];

/// What is said of a thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// Another thing, by its name.
    Thing(String),
    /// A text.
    Text(String),
    /// A text in a language.
    In(String, LanguageTag),
    /// A value of a datatype.
    Value(String, Term),
}

/// A thing, and what is said of it.
#[derive(Debug, Clone)]
pub struct Node {
    id: String,
    kinds: Vec<Term>,
    says: Vec<(Term, Object)>,
}

/// What is to be said.
#[derive(Debug)]
pub struct Graph {
    base: String,
    nodes: Vec<Node>,
    /// The codes that were named, by their vocabularies; each is explained once, at the end.
    codes: BTreeSet<(&'static str, &'static str)>,
}

impl Graph {
    /// Nothing so far; `base` is where the registry is reached.
    pub fn new(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            nodes: Vec::new(),
            codes: BTreeSet::new(),
        }
    }

    /// The name of what a record is about.
    pub fn name_of(&self, id: &PublicId) -> String {
        format!("{}/r/{id}", self.base)
    }

    /// What a record is about, as something else says it.
    pub fn thing(&self, id: &PublicId) -> Object {
        Object::Thing(self.name_of(id))
    }

    /// What a record is about, of which nothing more is said here than its name.
    pub fn named(&mut self, id: &PublicId, name: &str) -> Object {
        let named = Node::new(self.name_of(id), &[]).text("schema:name", name);
        self.nodes.push(named);
        self.thing(id)
    }

    /// A thing that belongs to the one of this name, such as its place.
    pub fn part(&self, id: &PublicId, part: &str) -> String {
        format!("{}#{part}", self.name_of(id))
    }

    /// A code of a vocabulary.
    pub fn code<C: Code>(&mut self, code: C) -> Object {
        self.codes.insert((C::VOCABULARY, code.code()));
        Object::Thing(format!("{}#{}", self.scheme(C::VOCABULARY), code.code()))
    }

    fn scheme(&self, vocabulary: &str) -> String {
        format!("{}/api/v1/vocabularies/{vocabulary}", self.base)
    }

    /// Adds what was said of a thing.
    pub fn add(&mut self, node: Node) -> &mut Self {
        self.nodes.push(node);
        self
    }

    /// Adds the record itself, apart from what it is about: when it was made and last changed, by which
    /// office, and from which sources.
    pub fn record(&mut self, collection: &str, id: &PublicId, meta: &Meta, sources: Vec<Object>) {
        let name = format!("{}/api/v1/{collection}/{id}", self.base);
        let office = meta.updated_by.organisation();
        let record = Node::new(name, &["prov:Entity", "schema:DigitalDocument"])
            .says("schema:about", self.thing(id))
            .says(
                "schema:version",
                Object::Value(meta.version.to_string(), "xsd:integer"),
            )
            .says("schema:dateCreated", time(meta.created_at))
            .says("schema:dateModified", time(meta.updated_at))
            .all(
                "prov:wasAttributedTo",
                office.map(|office| self.thing(office)),
            )
            .all("prov:wasDerivedFrom", sources);
        self.nodes.push(record);
    }

    /// What is said of a record.
    pub fn of(&mut self, view: &impl Represent) -> Vec<Node> {
        view.describe(self);
        std::mem::take(&mut self.nodes)
    }

    /// The vocabularies whose codes were named, and these codes, with their labels.
    pub fn explained(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut last = None;
        for (name, code) in std::mem::take(&mut self.codes) {
            let Some(known) = vocabulary::vocabulary(name) else {
                continue;
            };
            let scheme = self.scheme(name);
            if last.replace(name) != Some(name) {
                let title = texts(&known.title);
                let node = Node::new(scheme.clone(), &["skos:ConceptScheme"]);
                nodes.push(node.all("skos:prefLabel", title));
            }
            let Some(known) = known.codes.iter().find(|known| known.code == code) else {
                continue;
            };
            let concept = Node::new(format!("{scheme}#{code}"), &["skos:Concept"])
                .says("skos:inScheme", Object::Thing(scheme))
                .text("skos:notation", code)
                .all("skos:prefLabel", texts(&known.label))
                .all("skos:definition", texts(&known.definition));
            nodes.push(concept);
        }
        nodes
    }
}

/// A record as JSON-LD, as its format has it; `base` is where the registry is reached.
pub fn linked_data(view: &impl Represent, base: &str) -> Result<String, Problem> {
    let mut graph = Graph::new(base);
    let written = JsonLd::new(Vec::new()).and_then(|mut out| {
        out.add(&graph.of(view))?;
        out.add(&graph.explained())?;
        out.finish()
    });
    let written = written.map_err(|error| failed(&error))?;
    String::from_utf8(written).map_err(|error| failed(&io::Error::other(error)))
}

/// Texts by language.
fn texts<'t>(all: impl IntoIterator<Item = (&'t String, &'t String)>) -> Vec<Object> {
    all.into_iter()
        .filter_map(|(lang, text)| Some(Object::In(text.clone(), lang.parse().ok()?)))
        .collect()
}

fn time(at: DateTime<Utc>) -> Object {
    Object::Value(clock::text(at), "xsd:dateTime")
}

impl Object {
    /// A date: a year, month or day as such, anything less certain as EDTF.
    pub fn date(date: &Edtf) -> Self {
        let text = date.as_str();
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let datatype = match text.split('-').collect::<Vec<_>>().as_slice() {
            [year] if digits(year) => "xsd:gYear",
            [year, month] if digits(year) && digits(month) => "xsd:gYearMonth",
            [year, month, day] if digits(year) && digits(month) && digits(day) => "xsd:date",
            _ => "edtf:EDTF",
        };
        Self::Value(text.to_owned(), datatype)
    }

    /// An address of the web; one that names nothing to a machine stays a value.
    pub fn address(url: &str) -> Self {
        if NamedNode::new(url).is_ok() {
            Self::Thing(url.to_owned())
        } else {
            Self::Value(url.to_owned(), "xsd:anyURI")
        }
    }

    /// A number of degrees.
    pub fn degrees(degrees: f64) -> Self {
        // Always with a point, as a decimal has it.
        Self::Value(format!("{degrees:?}"), "xsd:decimal")
    }

    /// What other registers call the same thing, where they give it an address.
    pub fn same(identifier: &Identifier) -> Option<Self> {
        let value = &identifier.value;
        Some(Self::Thing(match identifier.scheme {
            Scheme::Wikidata => format!("http://www.wikidata.org/entity/{value}"),
            Scheme::Geonames => format!("https://sws.geonames.org/{value}/"),
            Scheme::Ror => format!("https://ror.org/{value}"),
            Scheme::Isni => format!("https://isni.org/isni/{value}"),
            _ => return None,
        }))
    }
}

impl Node {
    /// A thing of these kinds.
    pub fn new(id: String, kinds: &[Term]) -> Self {
        Self {
            id,
            kinds: kinds.to_vec(),
            says: Vec::new(),
        }
    }

    /// Says this of it.
    #[must_use]
    pub fn says(mut self, term: Term, object: Object) -> Self {
        self.says.push((term, object));
        self
    }

    /// Says all of these.
    #[must_use]
    pub fn all(mut self, term: Term, objects: impl IntoIterator<Item = Object>) -> Self {
        self.says
            .extend(objects.into_iter().map(|object| (term, object)));
        self
    }

    /// Says a text.
    #[must_use]
    pub fn text(self, term: Term, text: impl Into<String>) -> Self {
        self.says(term, Object::Text(text.into()))
    }

    /// Says a text, if there is one.
    #[must_use]
    pub fn maybe(self, term: Term, text: Option<&String>) -> Self {
        self.all(term, text.map(|text| Object::Text(text.clone())))
    }

    /// Says texts by language.
    #[must_use]
    pub fn translations(self, term: Term, texts: &Translations) -> Self {
        let texts = texts.iter();
        self.all(
            term,
            texts.map(|(lang, text)| Object::In(text.clone(), lang.clone())),
        )
    }

    /// Says a date, if there is one.
    #[must_use]
    pub fn date(self, term: Term, date: Option<&Edtf>) -> Self {
        self.all(term, date.map(Object::date))
    }

    /// Says an address of the web, if there is one.
    #[must_use]
    pub fn link(self, term: Term, url: Option<&String>) -> Self {
        self.all(term, url.map(|url| Object::address(url)))
    }

    /// Says what other registers call it.
    #[must_use]
    pub fn identifiers(self, identifiers: &[Identifier]) -> Self {
        let codes = identifiers.iter().map(|one| Object::Text(one.to_string()));
        self.all("schema:identifier", codes)
            .all("owl:sameAs", identifiers.iter().filter_map(Object::same))
    }
}

/// The whole name of a term; none when its prefix is none of ours.
fn whole(term: Term) -> Option<String> {
    let (prefix, local) = term.split_once(':')?;
    let (_, base) = PREFIXES.iter().find(|(known, _)| *known == prefix)?;
    Some(format!("{base}{local}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::vocabulary::lifecycle::LegalStatus;

    #[test]
    fn dates_are_no_more_certain_than_they_were() {
        for (text, datatype) in [
            ("1992", "xsd:gYear"),
            ("1992-06", "xsd:gYearMonth"),
            ("1992-06-25", "xsd:date"),
            ("1992?", "edtf:EDTF"),
            ("199X", "edtf:EDTF"),
            ("1992-06-25~", "edtf:EDTF"),
            ("[..2022-02-28]", "edtf:EDTF"),
            ("[1997..2002]", "edtf:EDTF"),
        ] {
            let date: Edtf = text.parse().unwrap();
            assert_eq!(
                Object::date(&date),
                Object::Value(text.to_owned(), datatype)
            );
        }
        assert_eq!(
            Object::degrees(53.0),
            Object::Value("53.0".to_owned(), "xsd:decimal")
        );
        assert_eq!(
            Object::address("https://example.org/a b"),
            Object::Value("https://example.org/a b".to_owned(), "xsd:anyURI")
        );
    }

    #[test]
    fn a_code_is_explained_once() {
        let mut graph = Graph::new("https://example.org/");
        let code = graph.code(LegalStatus::InForce);
        assert_eq!(code, graph.code(LegalStatus::InForce));
        let nodes = graph.explained();
        assert_eq!(nodes.len(), 2, "the code and its vocabulary");
        assert_eq!(code, Object::Thing(nodes[1].id.clone()));
        assert!(graph.explained().is_empty());
        assert_eq!(whole("schema:name").unwrap(), "https://schema.org/name");
        assert_eq!(whole("foaf:name"), None);
    }
}
