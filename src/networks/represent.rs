//! Networks in other formats than JSON.

use diesel::QueryResult;

use super::types::NetworkView;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Represent, Shape};
use crate::partners::names::labels;
use crate::partners::represent::{named, places};

impl Represent for NetworkView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::of("kind"),
        Column::of("name"),
        Column::OTHER_NAMES,
        Column::of("founded_on"),
        Column::of("dissolved_on"),
        Column::of("legal_form"),
        Column::at("seat_id", "seat.id"),
        Column::at("seat_name", "seat.name"),
        Column::of("website"),
        Column::at("successor_id", "successor.id"),
        Column::all("membership_classes"),
        Column::text("description"),
        Column::identifier("wikidata"),
        Column::IDENTIFIERS,
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }

    fn name(&self, _: Option<&LanguageTag>) -> Option<String> {
        Some(self.name.clone())
    }

    fn shapes(conn: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>> {
        let seat = |view: &Self| view.seat.as_ref().map(|seat| seat.id.clone());
        let seats: Vec<PublicId> = views.iter().filter_map(seat).collect();
        let places = places(conn, &seats)?;
        let shape = |view: &Self| Shape::at(seat(view).and_then(|seat| places.get(&seat).copied()));
        Ok(views.iter().map(shape).collect())
    }

    fn describe(&self, graph: &mut Graph) {
        let (shown, others) = labels(&self.names);
        let name = graph.name_of(&self.id);
        let mut node = Node::new(name, &["org:Organization", "schema:Organization"])
            .text("schema:name", &self.name)
            .all("skos:prefLabel", shown)
            .all("skos:altLabel", others)
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
        graph.add(node);
        let sources = self.evidence.told(graph);
        graph.record("networks", &self.id, &self.meta, sources);
    }
}
