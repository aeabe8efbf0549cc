//! Agreements in other formats than JSON.

use diesel::QueryResult;

use super::parties::Party;
use super::types::AgreementView;
use crate::columns;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::title;
use crate::core::vocabulary::lifecycle::ParticipationStatus;
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Object, Represent, Shape};
use crate::partners::represent::{named, places};

impl Represent for AgreementView {
    const COLUMNS: &'static [Column] = columns![
        id, [text title], relationship, instrument, scope, [all fields],
        [party_ids each "parties" "partner.id"], [party_names each "parties" "partner.name"],
        [party_countries each "parties" "partner.country"],
        [party_participations each "parties" "participation"], status, status_since, status_basis,
        activity_level, proposed_on, approved_on, signed_on,
        [signed_on_earliest at "signed_on_range.earliest"],
        [signed_on_latest at "signed_on_range.latest"], in_force_on, signed_at, entry_into_force,
        duration, valid_until, term, renewal, renewal_period, notice_period,
        [pending_termination_on at "pending_termination.effective_on"], [all languages],
        [text purpose], [all supersedes], superseded_by, arose_from, parent_id, last_confirmed_on,
        domestic, reciprocity, [all quality_flags], version, created_at, updated_at,
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
        let sources = self.evidence.told(graph);
        graph
            .add(node)
            .record("agreements", &self.id, &self.meta, sources);
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
