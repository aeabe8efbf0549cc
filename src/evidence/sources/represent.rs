//! Sources in other formats than JSON.

use super::types::SourceView;
use crate::columns;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::formats::{Column, Graph, Node, Represent};

impl Represent for SourceView {
    const COLUMNS: &'static [Column] = columns![
        id,
        kind,
        title,
        url,
        archived_url,
        publisher,
        author_body,
        published_on,
        modified_on,
        retrieved_on,
        language,
        licence,
        reliability,
        version,
        created_at,
        updated_at,
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }

    fn name(&self, _: Option<&LanguageTag>) -> Option<String> {
        Some(self.title.clone())
    }

    fn describe(&self, graph: &mut Graph) {
        let language = self.language.as_ref().map(ToString::to_string);
        let mut node = Node::new(
            graph.name_of(&self.id),
            &["prov:Entity", "schema:CreativeWork"],
        )
        .text("schema:name", &self.title)
        .says("dct:type", graph.code(self.kind))
        .link("schema:url", self.url.as_ref())
        .link("schema:archivedAt", self.archived_url.as_ref())
        .maybe("schema:publisher", self.publisher.as_ref())
        .maybe("schema:author", self.author_body.as_ref())
        .date("schema:datePublished", self.published_on.as_ref())
        .date("schema:dateModified", self.modified_on.as_ref())
        .maybe("schema:inLanguage", language.as_ref())
        .maybe("schema:license", self.licence.as_ref());
        if let Some(reliability) = self.reliability {
            node = node.says("dct:type", graph.code(reliability));
        }
        graph.add(node);
        graph.record("sources", &self.id, &self.meta, Vec::new());
    }
}
