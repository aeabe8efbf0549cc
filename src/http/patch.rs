//! JSON merge patch (RFC 7396).

use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::code::Code;
use super::extract::body::shaped;
use super::problem::Problem;
use super::respond::member_names;

/// Members of records that no patch changes: they are sent when a record is created.
pub const ONLY_AT_CREATION: [&str; 3] = ["sources", "events", "initial_status"];

/// 422 when the patch sets this member to null, which a record has to have.
pub fn not_null(patch: &Value, member: &str) -> Result<(), Problem> {
    if patch.get(member).is_some_and(Value::is_null) {
        return Err(Problem::new(Code::ValidationFailed).field(
            &format!("/{member}"),
            "required",
            "must not be null",
        ));
    }
    Ok(())
}

/// What a record, or a part of it, shows of another under `from` becomes its id under `to`, as it is sent.
pub fn as_id(shown: &mut Value, from: &str, to: &str) {
    if let Some(members) = shown.as_object_mut() {
        let id = members
            .remove(from)
            .and_then(|reference| reference.get("id").cloned());
        members.insert(to.to_owned(), id.unwrap_or_default());
    }
}

/// The parts that a record shows under this name.
pub fn parts<'a>(shown: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    let parts = shown.get_mut(name).and_then(Value::as_array_mut);
    parts.into_iter().flatten()
}

/// The record's input form with the patch applied: members set to null disappear, objects are
/// merged, everything else is replaced.
///
/// `current` holds the record as it would be sent; members the input form lacks are left out of it,
/// so that a record as callers read it may be given. 400 when the patch is not an object or names an
/// unknown member.
pub fn patched<I: DeserializeOwned + ToSchema>(
    mut current: Value,
    patch: &Value,
) -> Result<I, Problem> {
    if !patch.is_object() {
        return Err(Problem::new(Code::MalformedRequest)
            .detail("a merge patch must be a JSON object")
            .field("", "wrong_type", "must be an object"));
    }
    let names = member_names::<I>();
    if let Value::Object(members) = &mut current {
        members.retain(|name, _| names.contains(name));
    }
    for name in patch
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
    {
        // Null removes a member before its name could be found unknown.
        if !names.contains(name) {
            let allowed: Vec<&str> = names
                .iter()
                .map(String::as_str)
                .filter(|name| !ONLY_AT_CREATION.contains(name))
                .collect();
            let allowed = allowed.join(", ");
            return Err(Problem::new(Code::MalformedRequest)
                .detail("the body has an unknown field")
                .field(
                    &format!("/{name}"),
                    "unknown_field",
                    format!("unknown field; allowed are {allowed}"),
                ));
        }
    }
    json_patch::merge(&mut current, patch);
    shaped(current, "")
}
