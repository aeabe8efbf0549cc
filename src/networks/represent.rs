//! Networks in other formats than JSON.

use diesel::QueryResult;

use super::types::NetworkView;
use crate::columns;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Represent, Shape};
use crate::partners::names::labelled;
use crate::partners::represent::{at_partners, named};

impl Represent for NetworkView {
    const COLUMNS: &'static [Column] = columns![
        id, kind, name, other_names, founded_on, dissolved_on, legal_form, [seat_id at "seat.id"],
        [seat_name at "seat.name"], website, [successor_id at "successor.id"],
        [all membership_classes], [text description], [identifier wikidata], identifiers, version,
        created_at, updated_at,
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }

    fn name(&self, _: Option<&LanguageTag>) -> Option<String> {
        Some(self.name.clone())
    }

    fn shapes(conn: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>> {
        at_partners(conn, views, |view| view.seat.as_ref().map(|seat| &seat.id))
    }

    fn describe(&self, graph: &mut Graph) {
        let kinds = ["org:Organization", "schema:Organization"];
        let body = Node::new(graph.name_of(&self.id), &kinds);
        let mut node = labelled(body, &self.name, &self.names)
            .says("dct:type", graph.code(self.kind))
            .translations("schema:description", &self.description)
            .link("schema:url", self.website.as_ref())
            .date("schema:foundingDate", self.founded_on.as_ref())
            .date("schema:dissolutionDate", self.dissolved_on.as_ref())
            .identifiers(&self.identifiers);
        if let Some(seat) = &self.seat {
            node = node.says("schema:location", named(graph, seat));
        }
        if let Some(successor) = &self.successor {
            node = node.says(
                "dct:isReplacedBy",
                graph.named(&successor.id, &successor.name),
            );
        }
        let sources = self.evidence.told(graph);
        graph
            .add(node)
            .record("networks", &self.id, &self.meta, sources);
    }
}
