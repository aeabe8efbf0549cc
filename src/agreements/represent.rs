//! Agreements in other formats than JSON.

use diesel::QueryResult;

use super::parties::Party;
use super::types::AgreementView;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::title;
use crate::core::vocabulary::lifecycle::ParticipationStatus;
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Object, Represent, Shape};
use crate::partners::represent::{named, places};

impl Represent for AgreementView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::text("title"),
        Column::of("relationship"),
        Column::of("instrument"),
        Column::of("scope"),
        Column::all("fields"),
        Column::each("party_ids", "parties", "partner.id"),
        Column::each("party_names", "parties", "partner.name"),
        Column::each("party_countries", "parties", "partner.country"),
        Column::each("party_participations", "parties", "participation"),
        Column::of("status"),
        Column::of("status_since"),
        Column::of("status_basis"),
        Column::of("activity_level"),
        Column::of("proposed_on"),
        Column::of("approved_on"),
        Column::of("signed_on"),
        Column::at("signed_on_earliest", "signed_on_range.earliest"),
        Column::at("signed_on_latest", "signed_on_range.latest"),
        Column::of("in_force_on"),
        Column::of("signed_at"),
        Column::of("entry_into_force"),
        Column::of("duration"),
        Column::of("valid_until"),
        Column::of("term"),
        Column::of("renewal"),
        Column::of("renewal_period"),
        Column::of("notice_period"),
        Column::at("pending_termination_on", "pending_termination.effective_on"),
        Column::all("languages"),
        Column::text("purpose"),
        Column::all("supersedes"),
        Column::of("superseded_by"),
        Column::of("arose_from"),
        Column::of("parent_id"),
        Column::of("last_confirmed_on"),
        Column::of("domestic"),
        Column::of("reciprocity"),
        Column::all("quality_flags"),
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }

    fn name(&self, lang: Option<&LanguageTag>) -> Option<String> {
        title::in_language(&self.title, lang).map(str::to_owned)
    }

    fn shapes(conn: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>> {
        let parties = views.iter().flat_map(Self::joined);
        let places = places(conn, parties.map(|party| &party.partner.id))?;
        let end = |party: &Party| {
            let id = &party.partner.id;
            (id.to_string(), places.get(id).copied())
        };
        let shape = |view: &Self| Shape::between(view.joined().map(end));
        Ok(views.iter().map(shape).collect())
    }

    fn describe(&self, graph: &mut Graph) {
        let mut node = Node::new(
            graph.name_of(&self.id),
            &["org:OrganizationalCollaboration", "schema:Organization"],
        )
        .translations("schema:name", &self.title)
        .translations("skos:prefLabel", &self.title)
        .translations("schema:description", &self.purpose)
        .says("dct:type", graph.code(self.instrument))
        .says("dct:type", graph.code(self.relationship))
        .says("adms:status", graph.code(self.status))
        .date("dct:issued", self.signed_on.as_ref())
        .date("schema:foundingDate", self.in_force_on.as_ref())
        .date("dct:valid", self.valid_until.as_ref());
        if self.status.is_terminal() {
            node = node.date("schema:dissolutionDate", Some(&self.status_since));
        }
        for field in &self.fields {
            node = node.says("dct:subject", graph.code(*field));
        }
        for party in self.joined() {
            node = node.says("org:hasMember", named(graph, &party.partner));
        }
        for (term, others) in [
            ("dct:replaces", self.supersedes.as_slice()),
            ("dct:isReplacedBy", self.superseded_by.as_slice()),
            ("prov:wasDerivedFrom", self.arose_from.as_slice()),
            ("dct:isPartOf", self.parent_id.as_slice()),
        ] {
            let others: Vec<Object> = others.iter().map(|id| graph.thing(id)).collect();
            node = node.all(term, others);
        }
        graph.add(node);
        let sources = self.evidence.told(graph);
        graph.record("agreements", &self.id, &self.meta, sources);
    }
}

impl AgreementView {
    /// Those who are or were its parties: not who was only invited.
    fn joined(&self) -> impl Iterator<Item = &Party> {
        let invited = ParticipationStatus::Invited;
        let parties = self.parties.iter();
        parties.filter(move |party| party.participation != invited)
    }
}
