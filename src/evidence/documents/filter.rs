//! Filters and sort keys of documents.

use serde::Deserialize;
use utoipa::IntoParams;

use super::visibility::DocumentVisibility;
use crate::core::vocabulary::evidence::{DocumentAccess, DocumentKind};
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::keyset::{SortKey, Sorting};
use crate::http::extract::params::{HexDigest, Id, List, Parsed, Since};
use crate::http::problem::Problem;
use crate::records::{Filter, Show};

/// Filters of documents.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DocumentFilter {
    /// Belonging to these agreements, or to an event of one of them, separated by commas.
    #[param(value_type = Option<String>, example = "agr_8x3k0q2m7t")]
    pub agreement: Option<List<Id>>,
    /// Belonging to these memberships, or to an event of one of them, separated by commas.
    #[param(value_type = Option<String>, example = "mbr_8x3k0q2m7t")]
    pub membership: Option<List<Id>>,
    /// Belonging to these activities, separated by commas.
    #[param(value_type = Option<String>, example = "act_8x3k0q2m7t")]
    pub activity: Option<List<Id>>,
    /// Belonging to these events, separated by commas.
    #[param(value_type = Option<String>, example = "evt_8x3k0q2m7t")]
    pub event: Option<List<Id>>,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "agreement_text,annex")]
    pub kind: Option<List<DocumentKind>>,
    /// Who may see them, separated by commas.
    #[param(value_type = Option<String>, example = "public")]
    pub access: Option<List<DocumentAccess>>,
    /// The SHA-256 of the bytes, in hexadecimal.
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    pub sha256: Option<Parsed<HexDigest>>,
    /// Also drafts, or only drafts, of the caller's own office: states separated by commas. Without
    /// it only what is published.
    #[param(value_type = Option<String>, example = "published")]
    pub record_state: Option<List<RecordState>>,
    /// Changed at this time or later (RFC 3339): those with a new version, not those that show something
    /// else of other records (the feed tells of these).
    #[param(value_type = Option<String>, example = "2026-01-01T00:00:00Z")]
    pub updated_since: Option<Parsed<Since>>,
}

/// What documents can be sorted by.
pub const SORTING: Sorting = Sorting {
    table: "documents",
    keys: &[
        SortKey::time("created_at", "documents.created_at"),
        SortKey::time("updated_at", "documents.updated_at"),
        SortKey::text("title", "documents.sort_key"),
    ],
    default: "-created_at",
};

impl Filter for DocumentFilter {
    fn condition(&self, conn: &mut DbConn, show: &Show<'_>) -> Result<Condition, Problem> {
        let visibility = DocumentVisibility::of(conn, show.viewer)?;
        let driven = self.agreement.is_some()
            || self.membership.is_some()
            || self.activity.is_some()
            || self.event.is_some()
            || self.sha256.is_some();
        let mut c = show
            .viewer
            .states("documents", self.record_state.as_ref(), driven)
            .sql(" AND ")
            .then(visibility.condition());
        for (ids, column, table) in [
            (&self.agreement, "agreement_id", "agreements"),
            (&self.membership, "membership_id", "memberships"),
            (&self.activity, "activity_id", "activities"),
            (&self.event, "event_id", "lifecycle_events"),
        ] {
            let named = format!("documents.{column} IN (SELECT x.id FROM {table} x");
            let before = format!(" AND {named} WHERE x.public_id IN ");
            c = c.then(List::within(ids.as_ref(), &before, ")"));
        }
        c = c
            .then(List::condition(self.kind.as_ref(), "documents.kind"))
            .then(List::condition(self.access.as_ref(), "documents.access"));
        if let Some(Parsed(digest)) = &self.sha256 {
            c = c.sql(" AND documents.sha256 = ").text(&*digest.0);
        }
        Ok(c.then(Since::condition(self.updated_since.as_ref(), "documents")))
    }
}
