//! JSON merge patch (RFC 7396).

use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::code::Code;
use super::extract::body::{shaped, unknown_member};
use super::problem::Problem;
use super::respond::member_names;

/// Members of records that no patch changes: they are sent when a record is created.
pub const ONLY_AT_CREATION: [&str; 3] = ["sources", "events", "initial_status"];

/// 422 when the patch sets this member to null, which a record has to have.
pub fn not_null(patch: &Value, member: &str) -> Result<(), Problem> {
    if patch.get(member).is_some_and(Value::is_null) {
        let (problem, pointer) = (Problem::new(Code::ValidationFailed), format!("/{member}"));
        return Err(problem.field(&pointer, "required", "must not be null"));
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
    let Value::Object(members) = patch else {
        let problem = Problem::malformed("a merge patch must be a JSON object");
        return Err(problem.field("", "wrong_type", "must be an object"));
    };
    let names = member_names::<I>();
    if let Value::Object(members) = &mut current {
        members.retain(|name, _| names.contains(name));
    }
    // Null removes a member before its name could be found unknown.
    let mut given = members.keys();
    if let Some(unknown) = given.find(|name| !names.contains(name)) {
        let mut allowed: Vec<&str> = names.iter().map(String::as_str).collect();
        allowed.retain(|name| !ONLY_AT_CREATION.contains(name));
        return Err(unknown_member(&format!("/{unknown}"), &allowed.join(", ")));
    }
    json_patch::merge(&mut current, patch);
    shaped(current, "")
}
