//! A map of places, drawn by the house itself: north up, with one scale, links at its pins, and no network.
//!
//! It is a plain picture with links that works without a script; with one it is moved and looked at closer. What lies
//! around the places is cut to three times the picture, so that there is something to move to.

use crate::domain::{Ground, Language, Place};
use crate::web::views::words::{Said, distance};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 440.0;
/// Room around the outermost pins.
const MARGIN: f64 = 56.0;
/// How far beyond the picture the land is drawn, in pictures.
const BEYOND: f64 = 1.0;
/// Points nearer to each other than this many units are one.
const FINE: f64 = 0.8;
/// Metres in a degree of latitude.
const DEGREE: f64 = 111_200.0;

/// A place to be shown.
pub struct Spot<'a> {
    pub place: &'a Place,
    pub href: String,
    /// What stands at the pin: a code, a number.
    pub mark: String,
    pub name: Said,
}

pub struct Pin {
    pub x: f64,
    pub y: f64,
    pub href: String,
    pub mark: String,
    pub name: Said,
    /// Where its mark stands: an offset, and which end of it is there.
    pub dx: f64,
    pub dy: f64,
    pub anchor: &'static str,
}

pub struct Label {
    pub x: f64,
    pub y: f64,
    pub name: Said,
    /// Where its name stands: an offset, and which end of it is there.
    pub dx: f64,
    pub anchor: &'static str,
}

/// A map as it is drawn. Degrees of its corner and of a unit let a script tell where somebody points.
pub struct Map {
    pub width: f64,
    pub height: f64,
    pub west: f64,
    pub north: f64,
    pub longitude: f64,
    pub latitude: f64,
    /// Kinds and paths, in the order they are drawn.
    pub shapes: Vec<(&'static str, String)>,
    pub towns: Vec<Label>,
    pub pins: Vec<Pin>,
    /// The points of the way through the pins.
    pub way: Option<String>,
    pub bar: f64,
    pub bar_label: String,
    pub attribution: String,
}

/// How a map is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether a line leads through the pins in their order.
    pub way: bool,
    /// It shows no less than so many metres.
    pub least: f64,
}

/// From degrees to units of the picture.
struct Scale {
    west: f64,
    north: f64,
    longitude: f64,
    latitude: f64,
}

impl Scale {
    /// Fits these places in; `None` where there are none.
    fn of(places: impl Iterator<Item = [f64; 2]>, least: f64) -> Option<Self> {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for place in places {
            for axis in 0..2 {
                low[axis] = low[axis].min(place[axis]);
                high[axis] = high[axis].max(place[axis]);
            }
        }
        if low[0] > high[0] {
            return None;
        }
        let middle = [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0];
        let shrink = middle[1].to_radians().cos().max(0.01);
        let (room_x, room_y) = (WIDTH - 2.0 * MARGIN, HEIGHT - 2.0 * MARGIN);
        let across = (high[0] - low[0]) * shrink / room_x;
        let down = (high[1] - low[1]) / room_y;
        // Degrees of latitude a unit.
        let latitude = across.max(down).max(least / DEGREE / HEIGHT);
        let longitude = latitude / shrink;
        Some(Self {
            west: middle[0] - longitude * WIDTH / 2.0,
            north: middle[1] + latitude * HEIGHT / 2.0,
            longitude,
            latitude,
        })
    }

    fn at(&self, [longitude, latitude]: [f64; 2]) -> [f64; 2] {
        [(longitude - self.west) / self.longitude, (self.north - latitude) / self.latitude]
    }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Draws the places on the ground; `None` where there is neither a place nor a ground.
#[must_use]
pub fn draw(ground: Option<&Ground>, spots: Vec<Spot<'_>>, look: Look, lang: Language) -> Option<Map> {
    let places = spots.iter().map(|spot| [spot.place.longitude, spot.place.latitude]);
    let towns = || ground.into_iter().flat_map(|ground| ground.towns.iter().map(|town| town.at));
    let scale = Scale::of(places, look.least).or_else(|| Scale::of(towns(), look.least))?;
    let points: Vec<[f64; 2]> =
        spots.iter().map(|spot| scale.at([spot.place.longitude, spot.place.latitude])).collect();
    let way = look
        .way
        .then(|| points.iter().map(|[x, y]| format!("{},{}", tenth(*x), tenth(*y))).collect::<Vec<_>>().join(" "));
    let inside = |[x, y]: [f64; 2]| (0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y);
    let label = |town: &crate::domain::Town| {
        let at = scale.at(town.at);
        // At the right edge the name stands to the left of its town.
        let (dx, anchor) = if at[0] > WIDTH * 0.8 { (-6.0, "end") } else { (6.0, "start") };
        let name = Said::name(&town.names, lang);
        inside(at).then(|| Label { x: tenth(at[0]), y: tenth(at[1]), name, dx, anchor })
    };
    let (bar, bar_label) = bar(&scale, lang);
    let shapes = ground.map(|ground| shapes(ground, &scale)).unwrap_or_default();
    let towns: Vec<Label> = ground.into_iter().flat_map(|ground| ground.towns.iter().filter_map(label)).collect();
    // Whoever made what is shown is named beside it; where nothing of theirs is, nobody is.
    let shown = ground.filter(|_| !shapes.is_empty() || !towns.is_empty());
    let attribution = shown.map(|ground| ground.attribution.clone()).unwrap_or_default();
    Some(Map {
        width: WIDTH,
        height: HEIGHT,
        west: scale.west,
        north: scale.north,
        longitude: scale.longitude,
        latitude: scale.latitude,
        shapes,
        towns,
        pins: pins(spots, &points),
        way,
        bar,
        bar_label,
        attribution,
    })
}

/// A length that is easily read, at most a third of the picture.
fn bar(scale: &Scale, lang: Language) -> (f64, String) {
    let metres_a_unit = scale.latitude * DEGREE;
    let most = WIDTH / 4.0 * metres_a_unit;
    let mut metres = 10_f64;
    for step in [2.0, 2.5, 2.0].into_iter().cycle() {
        if metres * step > most || metres > 1e7 {
            break;
        }
        metres *= step;
    }
    (tenth(metres / metres_a_unit), distance(metres.round() as u32, lang))
}

/// The shapes that come near the picture, each as one path.
fn shapes(ground: &Ground, scale: &Scale) -> Vec<(&'static str, String)> {
    let path = |shape: &crate::domain::Shape| {
        let closed = shape.lie.is_area();
        let mut path = String::new();
        for line in &shape.lines {
            let line: Vec<[f64; 2]> = line.iter().map(|position| scale.at(*position)).collect();
            for part in if closed { vec![cut_area(line)] } else { cut_line(&line) } {
                write_path(&mut path, &part, closed);
            }
        }
        (!path.is_empty()).then_some((shape.lie.word(), path))
    };
    ground.shapes.iter().filter_map(path).collect()
}

fn write_path(path: &mut String, points: &[[f64; 2]], closed: bool) {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for point in points {
        let near = |last: &[f64; 2]| (last[0] - point[0]).abs() < FINE && (last[1] - point[1]).abs() < FINE;
        if !kept.last().is_some_and(near) {
            kept.push(*point);
        }
    }
    if kept.len() < if closed { 3 } else { 2 } {
        return;
    }
    for (n, [x, y]) in kept.iter().enumerate() {
        path.push(if n == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{} {}", tenth(*x), tenth(*y)));
    }
    if closed {
        path.push('Z');
    }
}

/// The frame that land is drawn in: low and high for both axes.
const FRAME: [[f64; 2]; 2] = [[-BEYOND * WIDTH, (1.0 + BEYOND) * WIDTH], [-BEYOND * HEIGHT, (1.0 + BEYOND) * HEIGHT]];

/// A ring cut to the frame, side by side (Sutherland and Hodgman).
fn cut_area(mut ring: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    for (axis, [low, high]) in FRAME.into_iter().enumerate() {
        for (limit, above) in [(low, true), (high, false)] {
            let inside = |point: &[f64; 2]| if above { point[axis] >= limit } else { point[axis] <= limit };
            let mut cut = Vec::with_capacity(ring.len());
            for (n, point) in ring.iter().enumerate() {
                let before = &ring[if n == 0 { ring.len() - 1 } else { n - 1 }];
                if inside(point) != inside(before) {
                    let part = (limit - before[axis]) / (point[axis] - before[axis]);
                    let mut on = [before[0] + (point[0] - before[0]) * part, before[1] + (point[1] - before[1]) * part];
                    on[axis] = limit;
                    cut.push(on);
                }
                if inside(point) {
                    cut.push(*point);
                }
            }
            ring = cut;
        }
    }
    ring
}

/// The stretches of a line that come into the frame, with one point beyond it at either end.
fn cut_line(line: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
    let inside = |point: &[f64; 2]| FRAME.iter().zip(point).all(|([low, high], value)| (low..=high).contains(&value));
    let mut parts: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut open = false;
    for pair in line.windows(2) {
        if !inside(&pair[0]) && !inside(&pair[1]) {
            open = false;
            continue;
        }
        match parts.last_mut().filter(|_| open) {
            Some(part) => part.push(pair[1]),
            None => parts.push(pair.to_vec()),
        }
        open = true;
    }
    parts
}

/// Pins with their marks where there is room for them: right, left, above or below.
fn pins(spots: Vec<Spot<'_>>, points: &[[f64; 2]]) -> Vec<Pin> {
    let mut taken: Vec<[f64; 4]> = points.iter().map(|[x, y]| [x - 7.0, y - 7.0, x + 7.0, y + 7.0]).collect();
    let meets = |a: &[f64; 4], b: &[f64; 4]| a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
    let mut pins = Vec::new();
    for (spot, [x, y]) in spots.into_iter().zip(points) {
        let width = 9.0 * spot.mark.chars().count() as f64;
        let sides = [
            (11.0, 5.0, "start", [x + 10.0, y - 8.0, x + 12.0 + width, y + 8.0]),
            (-11.0, 5.0, "end", [x - 12.0 - width, y - 8.0, x - 10.0, y + 8.0]),
            (0.0, -12.0, "middle", [x - width / 2.0, y - 26.0, x + width / 2.0, y - 10.0]),
            (0.0, 22.0, "middle", [x - width / 2.0, y + 10.0, x + width / 2.0, y + 26.0]),
        ];
        let free = sides.iter().find(|(.., room)| !taken.iter().any(|other| meets(other, room)));
        let (dx, dy, anchor, room) = *free.unwrap_or(&sides[0]);
        taken.push(room);
        let (x, y) = (tenth(*x), tenth(*y));
        pins.push(Pin { x, y, href: spot.href, mark: spot.mark, name: spot.name, dx, dy, anchor });
    }
    pins
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(longitude: f64, latitude: f64) -> Place {
        Place { latitude, longitude, address: String::new() }
    }

    fn map(places: &[Place], least: f64) -> Option<Map> {
        let spot = |place| Spot { place, href: String::new(), mark: "TD1".to_owned(), name: Said::own("") };
        draw(None, places.iter().map(spot).collect(), Look { way: true, least }, Language::VI)
    }

    #[test]
    fn north_is_up_and_a_click_can_be_read_back() {
        let places = [place(109.0, 13.8), place(109.2, 13.9)];
        let map = map(&places, 200.0).unwrap();
        assert!(map.pins[1].y < map.pins[0].y && map.pins[1].x > map.pins[0].x);
        for (pin, place) in map.pins.iter().zip(&places) {
            let longitude = map.west + pin.x * map.longitude;
            let latitude = map.north - pin.y * map.latitude;
            assert!((longitude - place.longitude).abs() < 1e-3 && (latitude - place.latitude).abs() < 1e-3);
        }
        assert!(map.bar > 40.0 && map.bar <= WIDTH / 4.0 && map.bar_label.ends_with("km"), "{}", map.bar_label);
        assert!(super::draw(None, Vec::new(), Look { way: false, least: 1.0 }, Language::VI).is_none());
    }

    #[test]
    fn a_ring_that_is_larger_than_the_picture_fills_it() {
        let ring = vec![[-9e3, -9e3], [9e3, -9e3], [9e3, 9e3], [-9e3, 9e3]];
        let mut path = String::new();
        write_path(&mut path, &cut_area(ring), true);
        assert_eq!(path.matches('L').count() + 1, 4);
        assert!(path.starts_with('M') && path.ends_with('Z'));
    }

    proptest! {
        #[test]
        fn every_place_is_in_the_picture(places in prop::collection::vec((-179.0..179.0f64, -84.0..84.0f64), 1..12)) {
            let places: Vec<Place> = places.into_iter().map(|(x, y)| place(x, y)).collect();
            for pin in map(&places, 300.0).unwrap().pins {
                prop_assert!((0.0..=WIDTH).contains(&pin.x) && (0.0..=HEIGHT).contains(&pin.y));
            }
        }

        #[test]
        fn what_is_cut_lies_in_the_frame(points in prop::collection::vec((-5e3..5e3f64, -5e3..5e3f64), 3..12)) {
            let ring: Vec<[f64; 2]> = points.into_iter().map(|(x, y)| [x, y]).collect();
            for point in cut_area(ring) {
                for axis in 0..2 {
                    prop_assert!(point[axis] >= FRAME[axis][0] - 1e-6 && point[axis] <= FRAME[axis][1] + 1e-6);
                }
            }
        }
    }
}
