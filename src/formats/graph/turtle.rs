//! Linked data as Turtle (RDF 1.1).

use std::io::{self, Write};

use oxrdf::vocab::rdf;
use oxrdf::{Literal, NamedNode, Term, TripleRef};
use oxttl::TurtleSerializer;
use oxttl::turtle::WriterTurtleSerializer;

use super::{Node, Object, PREFIXES, whole};

/// A graph on its way.
pub struct Turtle<W: Write> {
    out: WriterTurtleSerializer<W>,
}

impl<W: Write> Turtle<W> {
    /// Nothing so far.
    pub fn new(out: W) -> io::Result<Self> {
        let mut serializer = TurtleSerializer::new();
        for (prefix, base) in PREFIXES {
            serializer = serializer
                .with_prefix(*prefix, *base)
                .map_err(io::Error::other)?;
        }
        Ok(Self {
            out: serializer.for_writer(out),
        })
    }

    /// Adds things.
    pub fn add(&mut self, nodes: &[Node]) -> io::Result<()> {
        for node in nodes {
            let subject = name(&node.id)?;
            for kind in &node.kinds {
                let kind = term(kind)?;
                let triple = TripleRef::new(subject.as_ref(), rdf::TYPE, kind.as_ref());
                self.out.serialize_triple(triple)?;
            }
            for (predicate, object) in &node.says {
                let (predicate, object) = (term(predicate)?, written(object)?);
                let triple = TripleRef::new(subject.as_ref(), predicate.as_ref(), object.as_ref());
                self.out.serialize_triple(triple)?;
            }
        }
        Ok(())
    }

    /// The end; what it was written to.
    pub fn finish(self) -> io::Result<W> {
        self.out.finish()
    }
}

fn name(iri: &str) -> io::Result<NamedNode> {
    NamedNode::new(iri).map_err(io::Error::other)
}

fn term(term: super::Term) -> io::Result<NamedNode> {
    let whole = whole(term).ok_or_else(|| io::Error::other(format!("no vocabulary for {term}")))?;
    name(&whole)
}

fn written(object: &Object) -> io::Result<Term> {
    Ok(match object {
        Object::Thing(iri) => name(iri)?.into(),
        Object::Text(text) => Literal::new_simple_literal(text).into(),
        // As JSON has it: the checked one would be written in small letters.
        Object::In(text, lang) => {
            Literal::new_language_tagged_literal_unchecked(text, lang.as_str()).into()
        }
        Object::Value(text, datatype) => Literal::new_typed_literal(text, term(datatype)?).into(),
    })
}
