//! Where facts are from: sources, citations that say which source states what of which field, and
//! documents, the papers themselves.

pub mod citations;
pub mod dependents;
pub mod documents;
pub mod include;
pub mod sources;

use crate::http::routes::Routes;
use crate::records;

/// Routes of this room.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(records::routes::<sources::record::Source>())
        .service(records::creation::<sources::record::Source>())
        .service(records::routes::<documents::record::Document>())
        .service(documents::create::create_document)
        .service(documents::content::get_document_content)
        .service(documents::read::list_document_history)
        .service(citations::read::list_citations)
        .service(citations::write::create_citation)
        .service(citations::read::get_citation)
        .service(citations::write::update_citation)
        .service(citations::write::delete_citation);
}
