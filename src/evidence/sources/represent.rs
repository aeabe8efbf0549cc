//! Sources in other formats than JSON.

use super::types::SourceView;
use crate::core::ids::PublicId;
use crate::formats::{Column, Represent};

impl Represent for SourceView {
    const COLUMNS: &'static [Column] = &[
        Column::of("id"),
        Column::of("kind"),
        Column::of("title"),
        Column::of("url"),
        Column::of("archived_url"),
        Column::of("publisher"),
        Column::of("author_body"),
        Column::of("published_on"),
        Column::of("modified_on"),
        Column::of("retrieved_on"),
        Column::of("language"),
        Column::of("licence"),
        Column::of("reliability"),
        Column::of("version"),
        Column::of("created_at"),
        Column::of("updated_at"),
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }
}
