//! JSON merge patch (RFC 7396).

use serde_json::Value;

use super::code::Code;
use super::extract::JsonBody;
use super::problem::Problem;

/// The record's own input form with the patch applied: members set to null disappear, objects are
/// merged, everything else is replaced. 400 when the patch is not an object.
pub fn merged(mut current: Value, body: &JsonBody) -> Result<Value, Problem> {
    let patch = body.value()?;
    if !patch.is_object() {
        return Err(Problem::new(Code::MalformedRequest)
            .detail("a merge patch must be a JSON object")
            .field("", "wrong_type", "must be an object"));
    }
    json_patch::merge(&mut current, &patch);
    Ok(current)
}
