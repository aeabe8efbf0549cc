//! Partnerships in other formats than JSON.

use diesel::QueryResult;

use super::types::PartnershipView;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Object, Represent, Shape};
use crate::partners::represent::named;

impl Represent for PartnershipView {
    const COLUMNS: &'static [Column] = &[
        Column::at("counterpart_id", "counterpart.id"),
        Column::at("counterpart_name", "counterpart.name"),
        Column::at("counterpart_kind", "counterpart.kind"),
        Column::at("counterpart_country", "counterpart.country"),
        Column::of("status"),
        Column::of("status_since"),
        Column::of("since"),
        Column::at("since_earliest", "since_range.earliest"),
        Column::at("since_latest", "since_range.latest"),
        Column::of("relationship"),
        Column::of("reciprocity"),
        Column::of("distance_km"),
        Column::of("longest_gap_days"),
        Column::of("last_activity_on"),
        Column::each("agreement_ids", "agreements", "id"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.counterpart.id
    }

    fn name(&self, _: Option<&LanguageTag>) -> Option<String> {
        Some(self.counterpart.name.clone())
    }

    fn shapes(_: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>> {
        let shape = |view: &Self| {
            Shape::between([
                (view.own.id.to_string(), view.own.place),
                (view.counterpart.id.to_string(), view.place),
            ])
        };
        Ok(views.iter().map(shape).collect())
    }

    fn describe(&self, graph: &mut Graph) {
        let other = self.counterpart.id.as_str();
        let mut node = Node::new(
            graph.part(&self.own.id, &format!("with-{other}")),
            &["org:OrganizationalCollaboration", "schema:Organization"],
        )
        .says("org:hasMember", graph.thing(&self.own.id))
        .says("org:hasMember", named(graph, &self.counterpart))
        .says("dct:type", graph.code(self.relationship))
        .says("adms:status", graph.code(self.status))
        .date("schema:foundingDate", Some(&self.since));
        if self.status.is_terminal() {
            node = node.date("schema:dissolutionDate", self.status_since.as_ref());
        }
        let papers = self.agreements.iter();
        let papers: Vec<Object> = papers.map(|paper| graph.thing(&paper.id)).collect();
        graph.add(node.all("dct:hasPart", papers));
    }
}
