//! How the registry's value types are kept: all of them as text, once for both engines.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;

use crate::core::author::Author;
use crate::core::country::{Country, Subdivision};
use crate::core::edtf::Edtf;
use crate::core::identifier::Scheme;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::period::Period;
use crate::core::vocabulary::{Code, every_vocabulary};

/// The list of columns for `.returning(…)`; stands in for `as_returning()`, which a connection to
/// either engine can't use.
pub fn returning<R: diesel::Selectable<super::Backend>>() -> R::SelectExpression {
    R::construct_selection()
}

macro_rules! kept_as_text {
    ($($type:ty => $text:expr),+ $(,)?) => {$(
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
                Ok(String::from_sql(raw)?.parse::<$type>()?)
            }
        }
    )+};
}

kept_as_text! {
    Period => Period::as_str,
    PublicId => PublicId::as_str,
    Subdivision => Subdivision::as_str,
    LanguageTag => LanguageTag::as_str,
    Author => Author::as_str,
}

impl<DB: Backend> ToSql<Text, DB> for Edtf
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        <str as ToSql<Text, DB>>::to_sql(self.as_str(), out)
    }
}

impl<DB: Backend> FromSql<Text, DB> for Edtf
where
    String: FromSql<Text, DB>,
{
    fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::stored(&String::from_sql(raw)?)?)
    }
}

macro_rules! kept_as_code {
    ($($type:ty => $code:expr),+ $(,)?) => {$(
        impl<DB: Backend> ToSql<Text, DB> for $type
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                let code: fn(&$type) -> &'static str = $code;
                <str as ToSql<Text, DB>>::to_sql(code(self), out)
            }
        }

        impl<DB: Backend> FromSql<Text, DB> for $type
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(String::from_sql(raw)?.parse::<$type>()?)
            }
        }
    )+};
}

kept_as_code! {
    Country => |country| country.as_str(),
    Scheme => |scheme| (*scheme).code(),
}

macro_rules! vocabularies_kept_as_code {
    ($($type:ty),+ $(,)?) => { kept_as_code! { $($type => |code| Code::code(*code)),+ } };
}
every_vocabulary!(vocabularies_kept_as_code);
