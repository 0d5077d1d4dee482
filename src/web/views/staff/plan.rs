//! A plan of a site: its stops by latitude and longitude, north up, without a map beneath.

use crate::domain::Stop;

/// A stop on the plan, in units of its view box.
pub struct Mark {
    pub x: f64,
    pub y: f64,
    pub code: String,
}

/// The side of the plan, and the room left around its marks.
const SIDE: f64 = 400.0;
const MARGIN: f64 = 40.0;

/// Lays the stops that have a place out on a square, north up, with one scale for both directions: a degree of longitude
/// is shorter than one of latitude by the cosine of the latitude.
#[must_use]
pub fn marks<'a>(stops: impl Iterator<Item = &'a Stop>) -> Vec<Mark> {
    let placed: Vec<(&Stop, f64, f64)> = stops
        .filter_map(|stop| {
            let place = stop.place.as_ref()?;
            Some((stop, place.longitude * place.latitude.to_radians().cos(), place.latitude))
        })
        .collect();
    let range = |value: fn(&(&Stop, f64, f64)) -> f64| {
        placed.iter().map(value).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let (west, east) = range(|(_, x, _)| *x);
    let (south, north) = range(|(_, _, y)| *y);
    let span = (east - west).max(north - south);
    let scale = if span > 0.0 { (SIDE - 2.0 * MARGIN) / span } else { 0.0 };
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    let mark = |(stop, x, y): &(&Stop, f64, f64)| Mark {
        x: tenth(SIDE / 2.0 + (x - (west + east) / 2.0) * scale),
        y: tenth(SIDE / 2.0 - (y - (south + north) / 2.0) * scale),
        code: stop.code.to_string(),
    };
    placed.iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Names, Place as Spot, SiteId, StopId};

    fn stop(code: &str, place: Option<(f64, f64)>) -> Stop {
        Stop {
            id: StopId(1),
            site: SiteId(1),
            relic: None,
            slug: "a".parse().unwrap(),
            code: code.parse().unwrap(),
            names: Names::default(),
            kind: String::new(),
            period: None,
            place: place.map(|(latitude, longitude)| Spot { latitude, longitude, address: String::new() }),
            themes: Vec::new(),
            sources: Vec::new(),
            cover: None,
            position: 0,
        }
    }

    #[test]
    fn north_is_up_and_everything_fits() {
        let stops = [stop("SW", Some((13.0, 109.0))), stop("NE", Some((13.1, 109.05))), stop("NO", None)];
        let marks = marks(stops.iter());
        assert_eq!(marks.len(), 2);
        assert!(marks[1].y < marks[0].y && marks[1].x > marks[0].x);
        assert_eq!((marks[0].y, marks[1].y), (SIDE - MARGIN, MARGIN));
        let one = super::marks([stop("A1", Some((1.0, 2.0)))].iter());
        assert_eq!((one[0].x, one[0].y), (SIDE / 2.0, SIDE / 2.0));
    }
}
