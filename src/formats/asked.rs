//! What is asked for, beside the format.

use crate::core::language::LanguageTag;
use crate::http::extract::{ItemParams, ListParams};

/// What is asked for, beside the format.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What the records are called together: the name of a sheet, and of a file with the day.
    pub collection: &'static str,
    /// The record, when it is one, or the one whose list it is.
    pub of: Option<String>,
    /// The language of names.
    pub lang: Option<LanguageTag>,
    /// Whether CSV begins with a mark (BOM).
    pub bom: bool,
    /// The members that are wanted.
    pub fields: Option<String>,
}

impl Asked {
    /// A list of this name.
    pub fn list(collection: &'static str, params: &ListParams) -> Self {
        Self {
            collection,
            of: None,
            lang: params.lang().cloned(),
            bom: params.bom.unwrap_or(false),
            fields: params.fields.clone(),
        }
    }

    /// The same of the record of this id.
    #[must_use]
    pub fn of(mut self, id: impl ToString) -> Self {
        self.of = Some(id.to_string());
        self
    }

    /// A record of the collection of this name.
    pub fn item(collection: &'static str, id: impl ToString, params: &ItemParams) -> Self {
        Self {
            collection,
            of: Some(id.to_string()),
            lang: params.lang().cloned(),
            bom: params.bom.unwrap_or(false),
            fields: params.fields.clone(),
        }
    }
}
