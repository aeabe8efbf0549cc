//! Where facts are from: sources, and citations that say which source states what of which field.

pub mod citations;
pub mod embed;
mod shown;
pub mod sources;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this room.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(sources::read::list_sources)
        .service(sources::write::create_source)
        .service(sources::read::get_source)
        .service(sources::write::update_source)
        .service(sources::write::withdraw_source)
        .service(citations::read::list_citations)
        .service(citations::write::create_citation)
        .service(citations::read::get_citation)
        .service(citations::write::update_citation)
        .service(citations::write::delete_citation);
}
