//! Values of query parameters.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use serde::de::{self, Deserialize, Deserializer};

use crate::core::edtf::Edtf;
use crate::core::geo::Point;
use crate::core::ids::PublicId;
use crate::core::parse_error::ParseError;
use crate::core::text::fits;
use crate::db::condition::{Condition, Value};
use crate::http::code::Code;
use crate::http::problem::Problem;
use crate::http::validate;

/// `a,b,c`: one of these, each once however often it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<'de, T: FromStr<Err = ParseError> + PartialEq> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut given = HashSet::new();
        let mut values: Vec<T> = Vec::new();
        for part in text.split(',').filter(|part| given.insert(*part)) {
            let value = part.parse().map_err(de::Error::custom)?;
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Ok(Self(values))
    }
}

impl<T> List<T> {
    /// 400 when the parameter of this name has more values than are looked for at once.
    pub fn check_length(list: Option<&Self>, parameter: &str, most: usize) -> Result<(), Problem> {
        if list.is_none_or(|list| list.0.len() <= most) {
            return Ok(());
        }
        let rule = format!("must be {most} values at most");
        Err(Problem::new(Code::MalformedRequest).parameter(parameter, "length", rule))
    }
}

impl<T: fmt::Display> List<T> {
    /// ` AND …` for the rows whose column holds one of these; nothing when they are not asked for.
    pub fn condition(list: Option<&Self>, column: &str) -> Condition {
        Self::within(list, &format!(" AND {column} IN "), "")
    }

    /// These as they stand in a condition, between what it begins and ends with; nothing when they are not asked
    /// for.
    pub fn within(list: Option<&Self>, before: &str, after: &str) -> Condition {
        list.map_or_else(Condition::default, |list| {
            Condition::new(before).texts(&list.0).sql(after)
        })
    }
}

/// One value with rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed<T>(pub T);

impl<'de, T: FromStr<Err = ParseError>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

/// Refuses a value of which the rule does not hold.
fn holds(holds: bool, code: &'static str, rule: &str) -> Result<(), ParseError> {
    holds
        .then_some(())
        .ok_or_else(|| ParseError::new(code, rule))
}

/// Text of a filter: what is asked for must say something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(pub String);

impl FromStr for Words {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let rule = "must be text of 1 to 200 characters";
        holds(fits(text, 200), "length", rule).map(|()| Self(text.to_owned()))
    }
}

/// A public id of any kind, as a filter names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id(pub PublicId);

impl FromStr for Id {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.trim().parse().map(Self)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A moment (RFC 3339), or a day, which begins at midnight UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since(pub DateTime<Utc>);

impl Since {
    /// ` AND …` for the rows of this table that changed since then; nothing when it is not asked for.
    pub fn condition(since: Option<&Parsed<Self>>, table: &str) -> Condition {
        since.map_or_else(Condition::default, |Parsed(since)| {
            Condition::new(format!(" AND {table}.updated_at >= "))
                .bind(Value::Time(since.0.naive_utc()))
        })
    }
}

/// A moment (RFC 3339), or a day, which lasts until midnight UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until(pub DateTime<Utc>);

/// A moment, or what `day` makes of a day.
fn moment(
    text: &str,
    day: fn(NaiveDate) -> Option<NaiveDateTime>,
) -> Result<DateTime<Utc>, ParseError> {
    // A `+` of an offset that was not escaped arrives as a blank.
    DateTime::parse_from_rfc3339(&text.replace(' ', "+"))
        .ok()
        .map(|at| at.with_timezone(&Utc))
        .or_else(|| day(text.parse().ok()?).map(|at| at.and_utc()))
        .filter(|at| (1..=9999).contains(&at.year()))
        .ok_or_else(|| {
            ParseError::new(
                "invalid_time",
                "must be a time of RFC 3339, such as 2026-01-01T00:00:00Z, or a day",
            )
        })
}

impl FromStr for Since {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        moment(text, |day| day.and_hms_opt(0, 0, 0)).map(Self)
    }
}

impl FromStr for Until {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        moment(text, |day| day.and_hms_micro_opt(23, 59, 59, 999_999)).map(Self)
    }
}

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

impl FromStr for Day {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Some(text)
            .filter(|text| text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit()))
            .and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            // There is no year 0000.
            .filter(|day| day.year() > 0)
            .map(Self)
            .ok_or_else(|| ParseError::new("invalid_day", "must be a day, such as 2021-06-01"))
    }
}

/// How a date that is not known to the day is read: `possible` or `certain`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Match {
    /// A record matches when it may.
    #[default]
    Possible,
    /// A record matches when it must.
    Certain,
}

impl Match {
    /// Whether a record must match however its dates are read.
    pub fn is_certain(self) -> bool {
        self == Self::Certain
    }
}

impl FromStr for Match {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "possible" => Ok(Self::Possible),
            "certain" => Ok(Self::Certain),
            _ => Err(ParseError::new(
                "unknown_code",
                "match is possible or certain",
            )),
        }
    }
}

/// 400 when a pair of bounds leaves no day between them: the first begins after the second ends.
pub fn in_order(
    (from_name, from): (&str, Option<&Parsed<Edtf>>),
    (to_name, to): (&str, Option<&Parsed<Edtf>>),
) -> Result<(), Problem> {
    let bounds = from
        .and_then(|from| from.0.earliest())
        .zip(to.and_then(|to| to.0.latest()));
    match bounds {
        Some((first, last)) if first > last => {
            let rule = format!("must not end before {from_name} begins");
            let problem = format!("{to_name} ends before {from_name} begins");
            Err(Problem::malformed(problem).parameter(to_name, "range", rule))
        }
        _ => Ok(()),
    }
}

fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let all: Vec<f64> = text
        .split(',')
        .map(|part| part.trim().parse::<f64>().ok().filter(|n| n.is_finite()))
        .collect::<Option<_>>()?;
    all.try_into().ok()
}

/// A box of degrees: west, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bbox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Bbox {
    /// The places inside, on these columns. A box whose west is greater than its east crosses the
    /// date line.
    pub fn condition(&self, latitude: &str, longitude: &str) -> Condition {
        let crosses = self.west > self.east;
        let between = if crosses { "OR" } else { "AND" };
        let sql = format!(
            "({latitude} >= ? AND {latitude} <= ? AND ({longitude} >= ? {between} {longitude} <= ?))"
        );
        let bounds = [self.south, self.north, self.west, self.east];
        Condition::of(&sql, bounds.map(|degrees| Value::Real(degrees).into()))
    }
}

impl FromStr for Bbox {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        numbers::<4>(text)
            .map(|[west, south, east, north]| Self {
                west,
                south,
                east,
                north,
            })
            .filter(|b| {
                (-180.0..=180.0).contains(&b.west)
                    && (-180.0..=180.0).contains(&b.east)
                    && (-90.0..=90.0).contains(&b.south)
                    && (-90.0..=90.0).contains(&b.north)
                    && b.south <= b.north
            })
            .ok_or_else(|| {
                ParseError::new(
                    "invalid_bbox",
                    "must be west,south,east,north in degrees, the south (-90 to 90) not north of the north, such as \
                     22.9,53.0,23.4,53.3",
                )
            })
    }
}

/// A circle: latitude, longitude, kilometres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    centre: Point,
    km: f64,
}

impl Near {
    /// Whether the place is inside.
    pub fn reaches(&self, latitude: f64, longitude: f64) -> bool {
        self.centre.distance_km(&Point {
            latitude,
            longitude,
        }) <= self.km
    }

    /// The smallest box around it.
    pub fn bbox(&self) -> Bbox {
        const KM_PER_DEGREE: f64 = 111.0;
        let (latitude, longitude) = (self.centre.latitude, self.centre.longitude);
        let up = self.km / KM_PER_DEGREE;
        let (south, north) = ((latitude - up).max(-90.0), (latitude + up).min(90.0));
        let shrink = south.abs().max(north.abs()).to_radians().cos();
        let side = up / shrink;
        // Round a pole, or half-way round the world, every longitude is inside.
        if !side.is_finite() || side >= 180.0 || shrink <= 0.0 {
            return Bbox {
                west: -180.0,
                south,
                east: 180.0,
                north,
            };
        }
        let turn = |degrees: f64| match degrees {
            west if west < -180.0 => west + 360.0,
            east if east > 180.0 => east - 360.0,
            degrees => degrees,
        };
        Bbox {
            west: turn(longitude - side),
            south,
            east: turn(longitude + side),
            north,
        }
    }
}

impl FromStr for Near {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        numbers::<3>(text)
            .filter(|[_, _, km]| (0.0..=20_100.0).contains(km))
            .and_then(|[latitude, longitude, km]| {
                Point::new(latitude, longitude)
                    .ok()
                    .map(|centre| Self { centre, km })
            })
            .ok_or_else(|| {
                ParseError::new(
                    "invalid_near",
                    "must be latitude (-90 to 90),longitude (-180 to 180),kilometres (0 to 20100), such as \
                     53.13,23.16,50",
                )
            })
    }
}

/// An absolute web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(pub String);

impl FromStr for Address {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let rule = "must be an absolute http or https address";
        holds(validate::is_url(text), "invalid_url", rule).map(|()| Self(text.to_owned()))
    }
}

/// A SHA-256 in lowercase hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HexDigest(pub String);

impl FromStr for HexDigest {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        let is_digest = text.len() == 64 && text.chars().all(hex);
        let rule = "must be 64 digits of lowercase hexadecimal";
        holds(is_digest, "invalid_sha256", rule).map(|()| Self(text.to_owned()))
    }
}

/// The number of a change, or 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seq(pub i64);

impl FromStr for Seq {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse()
            .ok()
            .filter(|seq| *seq >= 0)
            .map(Self)
            .ok_or_else(|| ParseError::new("range", "must be a whole number of at least 0"))
    }
}
