//! A record as the log knows it: its patches applied one after the other.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use json_patch::Patch;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::types::ChangeView;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{ChangeOp, RecordState};
use crate::db::schema::changes;
use crate::db::{Backend, DbConn, json};
use crate::http::code::Code;
use crate::http::extract::params::{Parsed, Until};
use crate::http::extract::{ListParams, ReadRequest, Viewer};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Validator};

/// Which state of a record is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    /// The one at this time.
    At(DateTime<Utc>),
    /// The one of this version.
    Version(i32),
}

/// Which state of the record is asked for, instead of its changes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryFilter {
    /// The record as it stood at this time (RFC 3339), or at the end of this day in UTC.
    #[param(value_type = Option<String>)]
    pub at: Option<Parsed<Until>>,
    /// The record as it stood at this version; not together with `at`.
    #[param(minimum = 1)]
    pub version: Option<i32>,
}

impl HistoryFilter {
    /// The state asked for, if one is: then nothing is paged.
    pub(super) fn moment(&self, params: &ListParams) -> Result<Option<Moment>, Problem> {
        let refused = |name: &str, message: &str| {
            Err(Problem::malformed(message).parameter(name, "not_together", message))
        };
        let moment = match (self.at, self.version) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                return refused("version", "ask for a time or for a version, not for both");
            }
            (None, Some(version)) if version < 1 => {
                let problem = Problem::malformed("versions are numbered from 1");
                return Err(problem.parameter("version", "range", "must be 1 or more"));
            }
            (Some(until), None) => Moment::At(until.0.0),
            (None, Some(version)) => Moment::Version(version),
        };
        let paging = [
            ("limit", params.limit.is_some()),
            ("cursor", params.cursor.is_some()),
            ("count", params.count.is_some()),
            ("sort", params.sort.is_some()),
        ];
        match paging.iter().find(|(_, given)| *given) {
            Some((name, _)) => refused(name, "one state of a record is no list"),
            None => Ok(Some(moment)),
        }
    }
}

/// A record as it stood: at a time, or at a version.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordAt {
    /// The record.
    #[schema(example = "src_8x3k0q2m7t")]
    pub id: PublicId,
    /// Its version then.
    #[schema(example = 2, minimum = 1)]
    pub version: i32,
    /// When it came to be so: when it got this version, or when what it shows of others last changed.
    #[serde(serialize_with = "crate::core::clock::time")]
    pub at: DateTime<Utc>,
    /// The number of the change that made it so.
    #[schema(example = 4711, minimum = 1)]
    pub seq: i64,
    /// The record itself, as lists show it: without names of natural persons.
    #[schema(value_type = Object, example = json!({"id": "src_8x3k0q2m7t", "kind": "press", "title": "An article"}))]
    pub record: Value,
}

/// What a history answers: its changes, or with `at` or `version` the record as it stood.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum HistoryAnswer {
    /// The record's changes.
    Changes(Page<ChangeView>),
    /// The record as it stood.
    Record(RecordAt),
}

/// How the text of a patch begins that makes a record out of nothing.
const WHOLE: &str = r#"[{"op":"add","path":"","value":"#;

/// The text of the patch that makes a record out of nothing.
pub(super) fn whole(record: &Value) -> QueryResult<String> {
    Ok(format!("{WHOLE}{}}}]", json::text(record)?))
}

/// What these patches make, applied in this order; nothing when one does not fit what stands before
/// it.
pub fn fold<'a>(patches: impl IntoIterator<Item = &'a str>) -> Option<Value> {
    patches.into_iter().try_fold(Value::Null, applied)
}

/// After how many patches the log keeps the record as a whole again, so that the thousandth change
/// costs what the tenth does.
pub(super) const STEPS: usize = 16;

/// What the log says of a record.
#[derive(Debug)]
pub(super) struct Logged {
    /// The record, as its last change left it.
    pub value: Value,
    /// Whether that change is for an office only.
    pub hidden: bool,
    /// How many patches stand behind the last whole record.
    pub since: usize,
}

/// The record as the log leaves it; nothing when the log does not know it. A patch is made against
/// this and not against what the record shows at the moment: a record shows parts of others, such as
/// the names of its parties, which change without a change of its own.
pub(super) fn logged(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<Logged>> {
    logged_before(conn, id, i64::MAX)
}

/// The same as it was before this change.
fn logged_before(conn: &mut DbConn, id: &PublicId, seq: i64) -> QueryResult<Option<Logged>> {
    type Row = (String, Option<String>, Option<String>);
    let newest_first = |conn: &mut DbConn, most: i64| -> QueryResult<Vec<Row>> {
        changes::table
            .filter(changes::record.eq(id))
            .filter(changes::seq.lt(seq))
            .order(changes::seq.desc())
            .limit(most)
            .select((changes::patch, changes::whole, changes::audience))
            .load(conn)
    };
    let from = |rows: &[Row]| {
        rows.iter()
            .position(|(patch, whole, _)| whole.is_some() || patch.starts_with(WHOLE))
    };
    let most = i64::try_from(STEPS).unwrap_or(i64::MAX);
    let mut rows = newest_first(conn, most.saturating_add(1))?;
    let mut start = from(&rows);
    if start.is_none() {
        // A log of a release that kept no whole records, or one that a name was taken out of.
        rows = newest_first(conn, i64::MAX)?;
        start = from(&rows);
    }
    let Some(hidden) = rows.first().map(|(.., audience)| audience.is_some()) else {
        return Ok(None);
    };
    let since = start.unwrap_or_default();
    let oldest_first = rows.iter().take(since.saturating_add(1)).rev();
    let mut value = Value::Null;
    for (patch, whole, _) in oldest_first {
        let applied = match whole {
            Some(whole) if value.is_null() => json::value(whole).ok(),
            _ => applied(value, patch),
        };
        let Some(applied) = applied else {
            tracing::warn!(%id, "the logged changes of a record do not fit together");
            return Ok(None);
        };
        value = applied;
    }
    Ok(Some(Logged {
        value,
        hidden,
        since,
    }))
}

/// The record with this patch; nothing when it does not fit.
fn applied(mut record: Value, patch: &str) -> Option<Value> {
    let patch: Patch = serde_json::from_str(patch).ok()?;
    json_patch::patch_unsafe(&mut record, &patch).ok()?;
    Some(record)
}

/// What the log said of a record before this change; nothing when there was nothing.
pub fn before(conn: &mut DbConn, id: &PublicId, seq: i64) -> QueryResult<Option<Value>> {
    Ok(logged_before(conn, id, seq)?.map(|logged| logged.value))
}

/// What these changes of a record make; nothing when they do not fit together.
fn made_by(
    conn: &mut DbConn,
    these: changes::BoxedQuery<'_, Backend>,
) -> QueryResult<Option<Value>> {
    let patches = these.order(changes::seq).select(changes::patch);
    let patches: Vec<String> = patches.load(conn)?;
    Ok(fold(patches.iter().map(String::as_str)))
}

/// The state in which a record stood before this version; nothing when the log does not know.
pub fn state_before(
    conn: &mut DbConn,
    id: &PublicId,
    version: i32,
) -> QueryResult<Option<RecordState>> {
    let before = changes::table.filter(changes::record.eq(id));
    let before = before.filter(changes::version.lt(version));
    let record = made_by(conn, before.into_boxed())?;
    Ok(record.as_ref().and_then(state_of))
}

/// The state that a record shows.
pub(super) fn state_of(record: &Value) -> Option<RecordState> {
    record.get("record_state")?.as_str()?.parse().ok()
}

/// The changes of a record that this viewer may read. What was a draft is told as a whole when it is
/// published, so those of everybody compose too.
fn visible<'a>(viewer: &Viewer, id: &'a PublicId) -> changes::BoxedQuery<'a, Backend> {
    use changes as c;
    let all = c::table.filter(c::record.eq(id)).into_boxed();
    match viewer.audience() {
        None => all,
        Some(audience) => all.filter(c::audience.is_null().or(c::audience.eq_any(audience))),
    }
}

/// The record as it stood and what identifies it, without the record when the answer needs none; 404 when
/// it was not there yet for this viewer, or has no such version.
pub(super) fn find(
    conn: &mut DbConn,
    request: &ReadRequest,
    viewer: &Viewer,
    id: &PublicId,
    moment: Moment,
) -> Result<(Option<RecordAt>, Validator), Problem> {
    let all = visible(viewer, id);
    let (until, absent) = match moment {
        Moment::At(time) => (
            all.filter(changes::at.le(time.naive_utc())),
            "the record was not there yet at that time",
        ),
        Moment::Version(version) => (
            all.filter(changes::version.eq(version)),
            "the record has no such version",
        ),
    };
    let latest: Option<(i64, i32, NaiveDateTime)> = until
        .order(changes::seq.desc())
        .select((changes::seq, changes::version, changes::at))
        .first(conn)
        .optional()?;
    let (seq, version, at) = latest.ok_or_else(|| Problem::new(Code::NotFound).detail(absent))?;
    // Who may read fewer of its changes gets another record, and so does everybody once a name was taken
    // out of them.
    let steps: i64 = visible(viewer, id)
        .filter(changes::seq.le(seq).or(changes::op.eq(ChangeOp::Redacted)))
        .count()
        .get_result(conn)?;
    let validator = Validator::fixed(format!("\"{version}-{seq}-{steps}\""));
    if respond::is_settled(request, &validator) {
        return Ok((None, validator));
    }
    let until = visible(viewer, id).filter(changes::seq.le(seq));
    let record = made_by(conn, until)?.ok_or_else(|| {
        tracing::error!(%id, seq, "the logged changes of a record do not fit together");
        Problem::new(Code::Internal)
    })?;
    let found = RecordAt {
        id: id.clone(),
        version,
        at: at.and_utc(),
        seq,
        record,
    };
    Ok((Some(found), validator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn the_first_patch_adds_the_whole_record() {
        let record = json!({"id": "src_8x3k0q2m7t", "version": 1});
        let text = whole(&record).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&text).unwrap(),
            json!([{"op": "add", "path": "", "value": record}])
        );
        assert_eq!(fold([text.as_str()]), Some(record));
    }

    #[test]
    fn a_patch_that_does_not_fit_is_found() {
        let first = r#"[{"op":"add","path":"","value":{"parties":[]}}]"#;
        let second = r#"[{"op":"replace","path":"/parties/0/name","value":"x"}]"#;
        assert_eq!(fold([first, second]), None);
        assert_eq!(fold([first, "{}"]), None);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..4_i32).prop_map(Value::from),
            "[a/~0ł]{0,3}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c/~]{0,2}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn patches_made_against_the_fold_compose(states in prop::collection::vec(any_json(), 1..6)) {
            let mut patches: Vec<String> = Vec::new();
            for state in &states {
                let known = fold(patches.iter().map(String::as_str)).unwrap();
                let patch = if patches.is_empty() {
                    whole(state)
                } else {
                    json::text(&json_patch::diff(&known, state))
                };
                patches.push(patch.unwrap());
                let now = fold(patches.iter().map(String::as_str));
                prop_assert_eq!(now.as_ref(), Some(state));
            }
        }
    }
}
