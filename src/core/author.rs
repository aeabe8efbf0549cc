//! Who made a record or a change: in public the role and the office, never the person.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use strum::VariantArray;
use utoipa::ToSchema;

use super::ids::{Kind, PublicId};
use super::parse_error::ParseError;
use super::vocabulary::Code;
use super::vocabulary::record::Role;

/// Who made a record or a change: the role and, where it belongs to one, the office.
#[serde_with::skip_serializing_none]
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, ToSchema, diesel::AsExpression, diesel::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Author {
    /// As it is kept: `editor@ptn_…` or `registrar`.
    #[serde(skip)]
    text: String,
    /// The role.
    #[schema(inline = false)]
    role: Role,
    /// The office, as the id of its partner.
    #[schema(example = "ptn_8x3k0q2m7t")]
    organisation: Option<PublicId>,
}

impl Author {
    /// Someone in this role, for this office.
    pub fn new(role: Role, organisation: Option<PublicId>) -> Self {
        let text = match &organisation {
            Some(organisation) => format!("{role}@{organisation}"),
            None => role.code().to_owned(),
        };
        Self {
            text,
            role,
            organisation,
        }
    }

    /// Every author these offices can have, as they are stored.
    pub fn all_of<'a>(offices: impl IntoIterator<Item = &'a PublicId>) -> Vec<String> {
        offices
            .into_iter()
            .flat_map(|office| {
                Role::VARIANTS
                    .iter()
                    .map(move |role| format!("{role}@{office}"))
            })
            .collect()
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The office, as the id of its partner.
    pub fn organisation(&self) -> Option<&PublicId> {
        self.organisation.as_ref()
    }
}

impl FromStr for Author {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (role, organisation) = match text.split_once('@') {
            Some((role, id)) => (role, Some(PublicId::of_kind(id, Kind::Partner)?)),
            None => (text, None),
        };
        Ok(Self::new(role.parse()?, organisation))
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_comes_back_from_its_text() {
        for text in ["admin", "editor@ptn_8x3k0q2m7t"] {
            assert_eq!(text.parse::<Author>().unwrap().to_string(), text);
        }
        assert!("editor@agr_8x3k0q2m7t".parse::<Author>().is_err());
        assert!("nobody".parse::<Author>().is_err());
    }
}
