//! How the registry's value types are kept: all of them as text, once for both engines.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;

use crate::core::author::Author;
use crate::core::country::{Country, Subdivision};
use crate::core::duration::CalendarDuration;
use crate::core::edtf::Edtf;
use crate::core::identifier::Scheme;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::{Code as _, every_vocabulary};

/// The columns of a row, to select or to return.
///
/// Stands in for diesel's `as_select()`: that leaves the backend to be found, and for each of the two of a
/// connection to either engine the compiler proves every column of every row anew, two seconds a statement.
pub fn columns_of<R: diesel::Selectable<super::Backend>>() -> R::SelectExpression {
    R::construct_selection()
}

macro_rules! kept_as_text {
    ($($type:ty => $text:expr, $read:expr;)+) => {$(
        impl<DB: Backend> ToSql<Text, DB> for $type
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                let text: fn(&'b $type) -> &'b str = $text;
                <str as ToSql<Text, DB>>::to_sql(text(self), out)
            }
        }

        impl<DB: Backend> FromSql<Text, DB> for $type
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let read: fn(&str) -> Result<$type, _> = $read;
                Ok(read(&String::from_sql(raw)?)?)
            }
        }
    )+};
}

kept_as_text! {
    CalendarDuration => CalendarDuration::as_str, str::parse;
    PublicId => PublicId::as_str, str::parse;
    Subdivision => Subdivision::as_str, str::parse;
    LanguageTag => LanguageTag::as_str, str::parse;
    Author => Author::as_str, str::parse;
    Edtf => Edtf::as_str, Edtf::stored;
    Country => |country| country.as_str(), str::parse;
    Scheme => |scheme| scheme.code(), str::parse;
}

macro_rules! vocabularies_kept_as_text {
    ($($type:ty),+ $(,)?) => { kept_as_text! { $($type => |code| code.code(), str::parse;)+ } };
}
every_vocabulary!(vocabularies_kept_as_text);
