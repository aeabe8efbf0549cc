//! Maps as pictures made on the server: the outlines of `world.svg`, numbered markers over them.
//!
//! Everything is placed in hundredths of the picture, so that it grows with the page while markers and
//! numbers keep their size. The projection is Equal Earth (Šavrič, Patterson, Jenny 2018).

use std::cmp::Reverse;

use serde::Serialize;

use crate::core::geo::Point;

/// Width and height of `world.svg`.
const WORLD: (f64, f64) = (1000.0, 487.0);

/// Half of the width of the projection of a sphere of radius 1.
const HALF_WIDTH: f64 = 2.706_629_983_696_074_8;

/// Width by height of a map that shows a part of the world.
const ASPECT: f64 = 8.0 / 5.0;

/// Kilometres within which partners decide what a map shows; who is farther away is named beside it.
const NEAR: f64 = 3500.0;

/// Smallest distance of two markers in parts of the width: 28 px of the 288 that a narrow phone has. A finger needs
/// 24 (WCAG 2.5.8).
const APART: f64 = 28.0 / 288.0;

/// Smallest width that is shown, in units of `world.svg`: about 900 km in the middle latitudes.
const NARROWEST: f64 = 34.0;

/// How what stands at a place is shown: filled while it holds, hollow otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It holds.
    Live,
    /// It does not hold yet.
    Planned,
    /// It is suspended.
    Suspended,
    /// It has ended.
    Past,
}

/// What a map shows: a place with the number it has in the list beside it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Place {
    /// Its number in the list.
    pub number: usize,
    /// What it is called.
    pub name: String,
    /// Where it lies.
    #[serde(skip)]
    pub point: Point,
    /// How what stands there is shown.
    pub state: State,
}

/// A marker: one place, or the first of several that lie too close to it for markers of their own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Marker {
    /// Hundredths of the width.
    pub x: String,
    /// Hundredths of the height.
    pub y: String,
    /// What stands on it: `7`, `2–4` or `2+`.
    pub text: String,
    /// The number of the first place.
    pub first: usize,
    /// Whether nothing that it stands for holds.
    pub hollow: bool,
    /// All that it stands for.
    pub places: Vec<Place>,
}

/// A place outside of what is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outside {
    /// Its number in the list.
    pub number: usize,
    /// What it is called.
    pub name: String,
    /// Kilometres from the centre.
    pub km: i64,
    /// Which way: `n`, `ne`, `e` and so on.
    pub direction: &'static str,
}

/// A map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Map {
    /// Whether it shows the whole world, which has another shape.
    pub world: bool,
    /// Where the outlines begin and how large they are, in hundredths: x, y, width, height.
    pub outlines: [String; 4],
    /// Whom the map is about, if that is a place.
    pub here: Option<(String, String)>,
    /// Markers.
    pub markers: Vec<Marker>,
    /// Who lies outside.
    pub outside: Vec<Outside>,
}

/// Where a place lies on `world.svg`.
fn project(point: Point) -> (f64, f64) {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let m = 3_f64.sqrt() / 2.0;
    let theta = (m * point.latitude.to_radians().sin()).asin();
    let (t2, t6) = (theta.powi(2), theta.powi(6));
    let slope = A[0] + 3.0 * A[1] * t2 + t6 * (7.0 * A[2] + 9.0 * A[3] * t2);
    let x = point.longitude.to_radians() * theta.cos() / (m * slope);
    let y = theta * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2));
    let scale = WORLD.0 / 2.0 / HALF_WIDTH;
    (WORLD.0 / 2.0 + scale * x, WORLD.1 / 2.0 - scale * y)
}

/// The part of `world.svg` that is shown.
#[derive(Debug, Clone, Copy)]
struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

fn percent(part: f64) -> String {
    format!("{:.2}%", part * 100.0 + 0.0)
}

impl Frame {
    const WHOLE: Self = Self {
        x: 0.0,
        y: 0.0,
        width: WORLD.0,
        height: WORLD.1,
    };

    /// The smallest frame round these points, with room at its edges.
    fn around(points: &[(f64, f64)]) -> Option<Self> {
        let first = *points.first()?;
        let (mut low, mut high) = (first, first);
        for (x, y) in points {
            low = (low.0.min(*x), low.1.min(*y));
            high = (high.0.max(*x), high.1.max(*y));
        }
        let width = ((high.0 - low.0) * 1.25)
            .max((high.1 - low.1) * 1.25 * ASPECT)
            .max(NARROWEST);
        let height = width / ASPECT;
        // Not beyond the edges of the world, as far as it is large enough.
        let held = |middle: f64, size: f64, whole: f64| {
            (middle - size / 2.0).clamp(0.0_f64.min(whole - size), (whole - size).max(0.0))
        };
        Some(Self {
            x: held(f64::midpoint(low.0, high.0), width, WORLD.0),
            y: held(f64::midpoint(low.1, high.1), height, WORLD.1),
            width,
            height,
        })
    }

    /// Where a point is, in parts of the frame.
    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        ((x - self.x) / self.width, (y - self.y) / self.height)
    }

    fn outlines(&self) -> [String; 4] {
        [
            percent(-self.x / self.width),
            percent(-self.y / self.height),
            percent(WORLD.0 / self.width),
            percent(WORLD.1 / self.height),
        ]
    }
}

/// Places that share a marker, which stands at the first of them.
struct Cluster<'p> {
    at: (f64, f64),
    places: Vec<&'p Place>,
}

impl Cluster<'_> {
    fn marker(&self) -> Option<Marker> {
        let numbers: Vec<usize> = self.places.iter().map(|place| place.number).collect();
        let (first, last) = (*numbers.first()?, *numbers.last()?);
        let text = match numbers.len() {
            1 => first.to_string(),
            // More than three characters are wider than a marker.
            n if last == first + n - 1 && last < 10 => format!("{first}–{last}"),
            _ => format!("{first}+"),
        };
        Some(Marker {
            x: percent(self.at.0),
            y: percent(self.at.1),
            text,
            first,
            hollow: self.places.iter().all(|place| place.state != State::Live),
            places: self.places.iter().copied().cloned().collect(),
        })
    }
}

/// Puts a place whose marker would cover another on a narrow screen under that one, the nearest. A marker stays
/// where its first place lies: in the middle of all it would wander on with each, and take in what is far away.
fn clustered<'p>(
    places: impl Iterator<Item = (&'p Place, (f64, f64))>,
    aspect: f64,
) -> Vec<Cluster<'p>> {
    let mut clusters: Vec<Cluster<'p>> = Vec::new();
    for (place, at) in places {
        // In parts of the width.
        let distance = |(x, y): (f64, f64)| (x - at.0).hypot((y - at.1) / aspect);
        let nearest = clusters
            .iter_mut()
            .map(|cluster| (distance(cluster.at), cluster))
            .filter(|(distance, _)| *distance < APART)
            .min_by(|(one, _), (other, _)| one.total_cmp(other));
        match nearest {
            Some((_, cluster)) => cluster.places.push(place),
            None => clusters.push(Cluster {
                at,
                places: vec![place],
            }),
        }
    }
    clusters
}

/// The map of `places` seen from `centre`; none when there is nothing to show.
///
/// It shows the part of the world where most of them lie near the centre, and names the others; when
/// most lie far away, it shows the whole world. Without a centre it shows a part where all lie near one of them.
pub fn around(centre: Option<Point>, places: &[Place]) -> Option<Map> {
    if places.is_empty() {
        return None;
    }
    let near = |middle: Point| {
        let is_near = move |place: &&Place| middle.distance_km(&place.point) <= NEAR;
        places.iter().filter(is_near)
    };
    let near_of = |middle: Point| -> Vec<&Place> {
        // Who lies near across the edge of the world (180° east) is named beside the map.
        let here = |place: &&Place| across(middle, place.point) == 0.0;
        near(middle).filter(here).collect()
    };
    let part = if let Some(centre) = centre {
        (near(centre).count() * 2 >= places.len()).then(|| near_of(centre))
    } else {
        let mut middles = places.iter().map(|place| near_of(place.point));
        middles.find(|near| near.len() == places.len())
    };
    let world = part.is_none();
    let shown = part.unwrap_or_else(|| places.iter().collect());
    let frame = if world {
        Frame::WHOLE
    } else {
        let points = shown.iter().map(|place| place.point).chain(centre);
        Frame::around(&points.map(project).collect::<Vec<_>>())?
    };
    let beside = |place: &&Place| shown.iter().all(|shown| shown.number != place.number);
    let beside = places.iter().filter(beside);
    let outside = beside.filter_map(|place| Some(outside(centre?, place)));
    let aspect = if world { WORLD.0 / WORLD.1 } else { ASPECT };
    let placed = shown
        .iter()
        .map(|place| (*place, frame.place(project(place.point))));
    Some(Map {
        world,
        outlines: frame.outlines(),
        here: centre.map(|centre| {
            let (x, y) = frame.place(project(centre));
            (percent(x), percent(y))
        }),
        markers: clustered(placed, aspect)
            .iter()
            .filter_map(Cluster::marker)
            .collect(),
        outside: outside.collect(),
    })
}

/// What brings a point across the edge of the world to the side of another: nothing, or the width of the world
/// to one side.
fn across(from: Point, to: Point) -> f64 {
    match to.longitude - from.longitude {
        east if east > 180.0 => -WORLD.0,
        east if east < -180.0 => WORLD.0,
        _ => 0.0,
    }
}

fn outside(centre: Point, place: &Place) -> Outside {
    const WAYS: [&str; 8] = ["e", "se", "s", "sw", "w", "nw", "n", "ne"];
    let ((x0, y0), (x, y)) = (project(centre), project(place.point));
    let x = x + across(centre, place.point);
    let turns = (y - y0).atan2(x - x0) / std::f64::consts::TAU;
    let way = WAYS
        .iter()
        .enumerate()
        .min_by(|(a, _), (b, _)| away(*a, turns).total_cmp(&away(*b, turns)))
        .map_or("n", |(_, way)| *way);
    Outside {
        number: place.number,
        name: place.name.clone(),
        km: whole_km(centre.distance_km(&place.point)),
        direction: way,
    }
}

/// How far one of eight ways is from a turn, in turns.
fn away(way: usize, turns: f64) -> f64 {
    let of_way = f64::from(u8::try_from(way).unwrap_or_default()) / 8.0;
    let difference = (of_way - turns).rem_euclid(1.0);
    difference.min(1.0 - difference)
}

/// Kilometres as one would say them: tens, and hundreds when it is far.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "no two places are more than 20,040 km apart"
)]
pub fn whole_km(km: f64) -> i64 {
    let step = match km {
        ..10.0 => 1.0,
        10.0..1000.0 => 10.0,
        _ => 100.0,
    };
    ((km / step).round() * step) as i64
}

/// A circle on the map of the world, as large as a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Circle {
    /// Hundredths of the width.
    pub x: String,
    /// Hundredths of the height.
    pub y: String,
    /// Its radius in hundredths of the width.
    pub radius: String,
    /// The country.
    pub country: String,
    /// The number.
    pub count: i64,
}

/// Circles in the middle of countries whose areas are as these numbers: the largest first, so that the others lie
/// above it.
pub fn circles(counts: &[(String, i64)]) -> Vec<Circle> {
    let mut counts: Vec<&(String, i64)> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let largest = counts.first().map_or(1, |(_, count)| *count);
    counts
        .into_iter()
        .filter_map(|(country, count)| {
            let (x, y) = Frame::WHOLE.place(project(middle(country)?));
            Some(Circle {
                x: percent(x),
                y: percent(y),
                radius: percent(0.005 + 0.025 * share(*count, largest).sqrt()),
                country: country.clone(),
                count: *count,
            })
        })
        .collect()
}

/// A number as a part of the largest.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a picture has no need of the last digits"
)]
pub fn share(count: i64, largest: i64) -> f64 {
    count as f64 / largest.max(1) as f64
}

/// The middle of a country by its two-letter code.
fn middle(country: &str) -> Option<Point> {
    let alpha3 = match country {
        "XK" => "XKX",
        _ => rust_iso3166::from_alpha2(country)?.alpha3,
    };
    let mut rows = include_str!("../assets/countries.tsv").lines();
    let row = rows.find_map(|row| row.strip_prefix(alpha3))?;
    let mut cells = row.trim_start().split('\t');
    let latitude = cells.next()?.parse().ok()?;
    let longitude = cells.next()?.parse().ok()?;
    Point::new(latitude, longitude).ok()
}

#[cfg(test)]
mod tests;
