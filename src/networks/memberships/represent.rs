//! Memberships in other formats than JSON.

use diesel::QueryResult;

use super::types::MembershipView;
use crate::columns;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Represent, Shape};
use crate::partners::represent::{at_partners, named};

impl Represent for MembershipView {
    const COLUMNS: &'static [Column] = columns![
        id, [partner_id at "partner.id"], [partner_name at "partner.name"],
        [partner_country at "partner.country"], [network_id at "network.id"],
        [network_name at "network.name"], class, section, [via_partner_id at "via_partner.id"],
        status, status_since, applied_on, admitted_on, ended_on, [offices each "offices" "office"],
        [all quality_flags], version, created_at, updated_at,
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }

    fn name(&self, _: Option<&LanguageTag>) -> Option<String> {
        Some(format!("{} – {}", self.partner.name, self.network.name))
    }

    fn shapes(conn: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>> {
        at_partners(conn, views, |view| Some(&view.partner.id))
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
        let sources = self.evidence.told(graph);
        graph
            .add(node)
            .record("memberships", &self.id, &self.meta, sources);
    }
}
