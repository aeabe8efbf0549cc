//! Activities in other formats than JSON.

use diesel::QueryResult;

use super::types::ActivityView;
use crate::columns;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::title;
use crate::core::vocabulary::activity::{ActivityStatus, ParticipantRole};
use crate::db::DbConn;
use crate::formats::{Column, Graph, Node, Object, Represent, Shape};
use crate::partners::PartnerRef;
use crate::partners::represent::{at_partners, named};

impl Represent for ActivityView {
    const COLUMNS: &'static [Column] = columns![
        id, kind, [text title], starts_on, ends_on, mode, [place at "place.text"],
        [place_id at "place.partner.id"], [place_name at "place.partner.name"],
        [participant_ids each "participants" "partner.id"],
        [participant_names each "participants" "partner.name"], participant_count, [all fields],
        [all agreement_ids], [network_id at "network.id"], [network_name at "network.name"],
        programme, grant_ref, outcome, status, version, created_at, updated_at,
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }

    fn name(&self, lang: Option<&LanguageTag>) -> Option<String> {
        title::in_language(&self.title, lang).map(str::to_owned)
    }

    fn shapes(conn: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>> {
        at_partners(conn, views, |view| Some(&view.held_at()?.id))
    }

    fn describe(&self, graph: &mut Graph) {
        let mut node = Node::new(graph.name_of(&self.id), &["schema:Event"])
            .translations("schema:name", &self.title)
            .translations("skos:prefLabel", &self.title)
            .says("dct:type", graph.code(self.kind))
            .says("adms:status", graph.code(self.status))
            .says("schema:eventStatus", event_status(self.status))
            .date("schema:startDate", self.starts_on.as_ref())
            .date("schema:endDate", self.ends_on.as_ref());
        if let Some(partner) = self.held_at() {
            node = node.says("schema:location", named(graph, partner));
        } else if let Some(text) = self.place.as_ref().and_then(|place| place.text.as_ref()) {
            node = node.text("schema:location", text);
        }
        for field in &self.fields {
            node = node.says("dct:subject", graph.code(*field));
        }
        for participant in &self.participants {
            let term = match participant.role {
                ParticipantRole::Host | ParticipantRole::Organiser => "schema:organizer",
                ParticipantRole::Speaker => "schema:performer",
                ParticipantRole::Participant
                | ParticipantRole::Representative
                | ParticipantRole::Observer => "schema:attendee",
            };
            node = node.says(term, named(graph, &participant.partner));
        }
        let agreements = self.agreement_ids.iter().map(|id| graph.thing(id));
        let agreements: Vec<Object> = agreements.collect();
        node = node.all("dct:relation", agreements);
        if let Some(network) = &self.network {
            node = node.says("dct:relation", graph.named(&network.id, &network.name));
        }
        let sources = self.evidence.told(graph);
        graph
            .add(node)
            .record("activities", &self.id, &self.meta, sources);
    }
}

/// Whether an event is as it was planned, in the words of schema.org; one that was held was.
fn event_status(status: ActivityStatus) -> Object {
    let name = match status {
        ActivityStatus::Planned | ActivityStatus::Held => "EventScheduled",
        ActivityStatus::Cancelled => "EventCancelled",
        ActivityStatus::Postponed => "EventPostponed",
    };
    Object::Thing(format!("https://schema.org/{name}"))
}

impl ActivityView {
    /// The partner where it is.
    fn held_at(&self) -> Option<&PartnerRef> {
        self.place.as_ref()?.partner.as_ref()
    }
}
