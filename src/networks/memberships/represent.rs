//! Memberships in other formats than JSON.

use diesel::QueryResult;

use super::types::MembershipView;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Represent, Shape};
use crate::partners::represent::{named, places};

impl Represent for MembershipView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::at("partner_id", "partner.id"),
        Column::at("partner_name", "partner.name"),
        Column::at("partner_country", "partner.country"),
        Column::at("network_id", "network.id"),
        Column::at("network_name", "network.name"),
        Column::of("class"),
        Column::of("section"),
        Column::at("via_partner_id", "via_partner.id"),
        Column::of("status"),
        Column::of("status_since"),
        Column::of("applied_on"),
        Column::of("admitted_on"),
        Column::of("ended_on"),
        Column::each("offices", "offices", "office"),
        Column::all("quality_flags"),
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }

    fn name(&self, _: Option<&LanguageTag>) -> Option<String> {
        Some(format!("{} – {}", self.partner.name, self.network.name))
    }

    fn shapes(conn: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>> {
        let places = places(conn, views.iter().map(|view| &view.partner.id))?;
        let shape = |view: &Self| Shape::at(places.get(&view.partner.id).copied());
        Ok(views.iter().map(shape).collect())
    }

    fn describe(&self, graph: &mut Graph) {
        let mut node = Node::new(graph.name_of(&self.id), &["org:Membership"])
            .says("org:member", named(graph, &self.partner))
            .says(
                "org:organization",
                graph.named(&self.network.id, &self.network.name),
            )
            .maybe("schema:roleName", self.class.as_ref())
            .says("adms:status", graph.code(self.status))
            .date("schema:startDate", self.admitted_on.as_ref())
            .date("schema:endDate", self.ended_on.as_ref());
        if let Some(via) = &self.via_partner {
            node = node.says("dct:relation", named(graph, via));
        }
        graph.add(node);
        let sources = self.evidence.told(graph);
        graph.record("memberships", &self.id, &self.meta, sources);
    }
}
