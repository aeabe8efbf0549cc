//! Linked data as JSON (JSON-LD 1.1), with its context in it.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Node, Object, PREFIXES};

/// A graph on its way.
pub struct JsonLd<W: Write> {
    out: W,
    nodes: u64,
}

impl<W: Write> JsonLd<W> {
    /// Nothing so far.
    pub fn new(mut out: W) -> io::Result<Self> {
        let prefixes: Map<String, Value> = PREFIXES
            .iter()
            .map(|(prefix, base)| ((*prefix).to_owned(), json!(base)))
            .collect();
        out.write_all(b"{\"@context\":")?;
        serde_json::to_writer(&mut out, &prefixes)?;
        out.write_all(b",\"@graph\":[")?;
        Ok(Self { out, nodes: 0 })
    }

    /// Adds things.
    pub fn add(&mut self, nodes: &[Node]) -> io::Result<()> {
        for node in nodes {
            self.out
                .write_all(if self.nodes == 0 { b"\n" } else { b",\n" })?;
            self.nodes += 1;
            serde_json::to_writer(&mut self.out, &written(node))?;
        }
        Ok(())
    }

    /// The end; what it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out)
    }
}

fn written(node: &Node) -> Value {
    let mut members = Map::new();
    members.insert("@id".to_owned(), json!(node.id));
    if !node.kinds.is_empty() {
        members.insert("@type".to_owned(), json!(node.kinds));
    }
    for (term, object) in &node.says {
        let value = match object {
            Object::Thing(id) => json!({ "@id": id }),
            Object::Text(text) => json!(text),
            Object::In(text, lang) => json!({ "@value": text, "@language": lang }),
            Object::Value(text, datatype) => json!({ "@value": text, "@type": datatype }),
        };
        match members.get_mut(*term) {
            None => {
                members.insert((*term).to_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
        }
    }
    Value::Object(members)
}
