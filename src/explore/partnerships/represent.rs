//! Partnerships in other formats than JSON.

use diesel::QueryResult;

use super::types::PartnershipView;
use crate::columns;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Object, Represent, Shape};
use crate::partners::represent::named;

impl Represent for PartnershipView {
    const COLUMNS: &'static [Column] = columns![
        [counterpart_id at "counterpart.id"], [counterpart_name at "counterpart.name"],
        [counterpart_kind at "counterpart.kind"], [counterpart_country at "counterpart.country"],
        status, status_since, since, [since_earliest at "since_range.earliest"],
        [since_latest at "since_range.latest"], relationship, reciprocity, distance_km,
        longest_gap_days, last_activity_on, [agreement_ids each "agreements" "id"],
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
