//! How the registry's value types are kept: all of them as text, once for both engines.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;

use crate::core::country::Country;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::core::period::Period;

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
    Edtf => Edtf::as_str,
    Period => Period::as_str,
    PublicId => PublicId::as_str,
    Country => Country::as_str,
}
