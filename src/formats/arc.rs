//! The shortest way between two places, as lines on a map that ends at 180 degrees.

use crate::core::geo::{EARTH_RADIUS_KM, Point};

/// Kilometres between two points of a way, at most: nearer than one can see on a map of a continent.
const STEP_KM: f64 = 150.0;

/// A direction from the middle of the Earth.
#[derive(Debug, Clone, Copy)]
struct Vector {
    x: f64,
    y: f64,
    z: f64,
}

impl From<Point> for Vector {
    fn from(point: Point) -> Self {
        let (north, east) = (point.latitude.to_radians(), point.longitude.to_radians());
        Self {
            x: north.cos() * east.cos(),
            y: north.cos() * east.sin(),
            z: north.sin(),
        }
    }
}

impl Vector {
    fn point(self) -> Point {
        Point {
            latitude: self.z.atan2(self.x.hypot(self.y)).to_degrees(),
            longitude: self.y.atan2(self.x).to_degrees(),
        }
    }

    fn cross(self, other: Self) -> Self {
        Self {
            x: self.y * other.z - self.z * other.y,
            y: self.z * other.x - self.x * other.z,
            z: self.x * other.y - self.y * other.x,
        }
    }

    /// The angle between the two.
    fn angle(self, other: Self) -> f64 {
        let across = self.cross(other);
        let sine = across.x.hypot(across.y).hypot(across.z);
        sine.atan2(self.x * other.x + self.y * other.y + self.z * other.z)
    }

    /// So much of this and so much of the other one.
    fn mixed(self, own: f64, other: Self, its: f64) -> Self {
        Self {
            x: own * self.x + its * other.x,
            y: own * self.y + its * other.y,
            z: own * self.z + its * other.z,
        }
    }
}

/// The great circle from one place to the other (RFC 7946, 3.1.9): one line, or several where it is cut
/// at 180 degrees. Between places on opposite sides of the Earth any way is the shortest; the one over
/// the North Pole is taken. None when the places are the same.
pub fn way(from: Point, to: Point) -> Vec<Vec<Point>> {
    let angle = Vector::from(from).angle(to.into());
    if angle * EARTH_RADIUS_KM < 0.001 {
        return Vec::new();
    }
    if angle > std::f64::consts::PI - 1e-6 && from.latitude.abs() < 89.0 {
        let pole = |longitude| Point {
            latitude: 90.0,
            longitude,
        };
        let mut lines = cut(&between(from, pole(from.longitude)));
        lines.extend(cut(&between(pole(to.longitude), to)));
        return lines;
    }
    cut(&between(from, to))
}

/// Points along the way, the two places themselves first and last.
fn between(from: Point, to: Point) -> Vec<Point> {
    let (start, end) = (Vector::from(from), Vector::from(to));
    let angle = start.angle(end);
    let mut points = vec![from];
    let mut gone = STEP_KM / EARTH_RADIUS_KM;
    while gone < angle {
        // Shoemake's formula; the angle is neither 0 nor half a turn here.
        let (near, far) = ((angle - gone).sin() / angle.sin(), gone.sin() / angle.sin());
        points.push(start.mixed(near, end, far).point());
        gone += STEP_KM / EARTH_RADIUS_KM;
    }
    points.push(to);
    points
}

/// The line in parts, none of which leads across 180 degrees.
fn cut(points: &[Point]) -> Vec<Vec<Point>> {
    let mut lines: Vec<Vec<Point>> = Vec::new();
    let mut line: Vec<Point> = Vec::new();
    for next in points {
        let mut next = *next;
        let Some(last) = line.last().copied() else {
            line.push(next);
            continue;
        };
        let crosses = |next: Point| (next.longitude - last.longitude).abs() > 180.0;
        // What lies on the edge lies on both sides of it.
        if crosses(next) && is_on_edge(next) {
            next.longitude = 180.0_f64.copysign(last.longitude);
        }
        if crosses(next) {
            let latitude = if is_on_edge(last) {
                last.latitude
            } else {
                crossing(last, next)
            };
            let edge = |longitude: f64| Point {
                latitude,
                longitude: 180.0_f64.copysign(longitude),
            };
            if !is_on_edge(last) {
                line.push(edge(last.longitude));
            }
            lines.push(std::mem::take(&mut line));
            line.push(edge(next.longitude));
        }
        line.push(next);
    }
    lines.push(line);
    // A place on the edge from which the way leads to the other side is none.
    lines.retain(|line| line.len() > 1);
    lines
}

fn is_on_edge(point: Point) -> bool {
    point.longitude.abs() > 180.0 - 1e-9
}

/// The latitude at which the great circle through two points crosses 180 degrees.
fn crossing(a: Point, b: Point) -> f64 {
    let across = Vector::from(a).cross(b.into());
    // The plane of the way meets the plane of that meridian in this direction, or the opposite one.
    let (x, z) = (-across.z, across.x);
    let z = if x > 0.0 { -z } else { z };
    z.atan2(x.abs()).to_degrees()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(latitude: f64, longitude: f64) -> Point {
        Point::new(latitude, longitude).unwrap()
    }

    #[test]
    fn a_way_bends_to_the_north_and_ends_at_its_places() {
        let (bialystok, milwaukee) = (at(53.1325, 23.1688), at(43.0389, -87.9065));
        let lines = way(bialystok, milwaukee);
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!((line[0], line[line.len() - 1]), (bialystok, milwaukee));
        let highest = line.iter().map(|point| point.latitude).fold(0.0, f64::max);
        assert!((60.0..66.0).contains(&highest), "{highest}");
        assert!(way(bialystok, bialystok).is_empty());
    }

    #[test]
    fn a_way_across_180_degrees_is_cut_there() {
        let (vladivostok, tacoma) = (at(43.1155, 131.8855), at(47.2529, -122.4443));
        for (from, to, sides) in [
            (vladivostok, tacoma, [180.0, -180.0]),
            (tacoma, vladivostok, [-180.0, 180.0]),
        ] {
            let lines = way(from, to);
            assert_eq!(lines.len(), 2);
            let (end, start) = (lines[0].last().unwrap(), lines[1][0]);
            for (side, longitude) in sides.iter().zip([end.longitude, start.longitude]) {
                assert!((side - longitude).abs() < f64::EPSILON);
            }
            assert!((end.latitude - start.latitude).abs() < 1e-9);
            assert!((58.0..60.0).contains(&end.latitude), "{end:?}");
        }
    }

    #[test]
    fn a_place_on_the_edge_belongs_to_either_side() {
        for (from, to, lines) in [
            (at(0.0, 180.0), at(0.0, -179.0), 1),
            (at(0.0, -179.0), at(0.0, 180.0), 1),
            (at(0.0, 180.0), at(10.0, -180.0), 1),
            (at(0.0, 179.5), at(0.0, -179.5), 2),
        ] {
            let way = way(from, to);
            assert_eq!(way.len(), lines, "{from:?} {to:?} {way:?}");
        }
    }

    #[test]
    fn opposite_places_are_joined_over_the_pole() {
        let lines = way(at(10.0, 20.0), at(-10.0, -160.0));
        let points: Vec<&Point> = lines.iter().flatten().collect();
        assert!(points.iter().any(|point| point.latitude > 89.9));
        assert!(points.iter().all(|point| point.latitude.is_finite()));
    }

    proptest! {
        #[test]
        fn no_part_leads_across_the_edge_and_all_of_it_is_the_shortest_way(
            a in (-89.0..89.0, -180.0..=180.0), b in (-89.0..89.0, -180.0..=180.0)
        ) {
            let (a, b) = (at(a.0, a.1), at(b.0, b.1));
            let direct = a.distance_km(&b);
            prop_assume!(direct > 1.0 && direct < 19_900.0);
            let lines = way(a, b);
            prop_assert!(!lines.is_empty() && lines.len() <= 2);
            let mut walked = 0.0;
            for line in &lines {
                prop_assert!(line.len() > 1);
                for pair in line.windows(2) {
                    prop_assert!(Point::new(pair[1].latitude, pair[1].longitude).is_ok());
                    prop_assert!((pair[1].longitude - pair[0].longitude).abs() <= 180.0);
                    walked += pair[0].distance_km(&pair[1]);
                }
            }
            prop_assert!((walked - direct).abs() < direct * 1e-6 + 0.01, "{walked} {direct}");
        }
    }
}
