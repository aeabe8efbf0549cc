//! Values of query parameters.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserialize as _;
use serde::de::{self, Deserializer, Visitor};

use crate::core::invalid::Invalid;

/// `a,b,c`: one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<'de, T: FromStr<Err = Invalid>> de::Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts<T>(PhantomData<T>);
        impl<T: FromStr<Err = Invalid>> Visitor<'_> for Parts<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values separated by commas")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                text.split(',').map(str::parse).collect::<Result<_, Invalid>>().map(List).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Parts(PhantomData))
    }
}

/// One value with rules of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T>(pub T);

impl<'de, T: FromStr<Err = Invalid>> de::Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

/// Text of a filter: what is asked for must say something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(pub String);

impl FromStr for Words {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 200 {
            return Err(Invalid::new("length", "must be text of 1 to 200 characters"));
        }
        Ok(Self(text.to_owned()))
    }
}
