//! Lists and maps that no query looks into are kept as JSON text, and so is what a record shows in the
//! change log.

use diesel::QueryResult;
use diesel::result::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The text to store.
pub fn text<T: Serialize + ?Sized>(value: &T) -> QueryResult<String> {
    serde_json::to_string(value).map_err(|e| Error::SerializationError(Box::new(e)))
}

/// What is shown of a record, to be kept. An error undoes the write: the change log never says of a
/// record that there is nothing.
pub fn shown<T: Serialize + ?Sized>(view: &T) -> QueryResult<Value> {
    serde_json::to_value(view).map_err(|e| Error::SerializationError(Box::new(e)))
}

/// [`shown`] of the only one of these views, which must be there.
pub fn only<T: Serialize>(views: &[T]) -> QueryResult<Value> {
    match views {
        [view] => shown(view),
        _ => Err(Error::SerializationError(
            format!("one record has {} views", views.len()).into(),
        )),
    }
}

/// The value stored as `text`.
pub fn value<T: DeserializeOwned>(text: &str) -> QueryResult<T> {
    serde_json::from_str(text).map_err(|e| Error::DeserializationError(Box::new(e)))
}
