//! The database URL: which engine, and where.

use std::fmt;
use std::str::FromStr;

use crate::core::parse_error::ParseError;

/// `sqlite:PATH` or `postgres://…`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file; it is created when absent.
    Sqlite(String),
    /// A libpq connection URI, which may hold a password.
    Postgres(String),
}

impl DatabaseUrl {
    /// Whether the server engine is meant.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

impl FromStr for DatabaseUrl {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        if s.starts_with("postgres://") || s.starts_with("postgresql://") {
            return Ok(Self::Postgres(s.to_owned()));
        }
        let path = s.strip_prefix("sqlite:");
        let path = path.map(|path| path.strip_prefix("//").unwrap_or(path));
        match path {
            Some(path) if !path.is_empty() && !path.contains(":memory:") => {
                Ok(Self::Sqlite(path.to_owned()))
            }
            _ => Err(ParseError::new(
                "invalid_database_url",
                "the database URL must be sqlite:PATH or postgres://USER@HOST/DATABASE",
            )),
        }
    }
}

/// Without the user and the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{path}"),
            Self::Postgres(url) => {
                let place = url.rsplit_once('@').map_or_else(
                    || url.split_once("://").map_or("", |(_, rest)| rest),
                    |(_, place)| place,
                );
                let place = place.split_once('?').map_or(place, |(place, _)| place);
                write!(f, "postgres://{place}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let url: DatabaseUrl = "postgres://registry:s3cret@db.example/twincity?password=x"
            .parse()
            .unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://db.example/twincity postgres://db.example/twincity"
        );
    }

    #[test]
    fn other_schemes_are_refused_with_the_allowed_ones() {
        let error = "mysql://x".parse::<DatabaseUrl>().unwrap_err();
        assert!(error.message.contains("sqlite:PATH"));
        assert!("sqlite::memory:".parse::<DatabaseUrl>().is_err());
    }
}
