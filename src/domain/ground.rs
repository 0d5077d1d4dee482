//! What lies beneath a map: coast, water, ways and towns of the land a collection is in, drawn from open data once and kept
//! with the collection, so that no map needs a network.
//!
//! It is read from `GeoJSON` (RFC 7946). Each feature says in `kind` what it is; whatever says nothing known is an error,
//! so that a misspelt word never passes for one left out.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Language, Names};

/// What a shape is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lie {
    Sea,
    Land,
    Lake,
    River,
    Road,
    Border,
    /// A town: a point with names.
    Place,
}

impl Lie {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sea => "sea",
            Self::Land => "land",
            Self::Lake => "lake",
            Self::River => "river",
            Self::Road => "road",
            Self::Border => "border",
            Self::Place => "town",
        }
    }

    /// Whether its lines are filled.
    #[must_use]
    pub fn is_area(self) -> bool {
        matches!(self, Self::Sea | Self::Land | Self::Lake)
    }
}

/// Longitude and latitude in WGS 84 degrees.
pub type Position = [f64; 2];

/// Lines or rings of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub lie: Lie,
    pub lines: Vec<Vec<Position>>,
}

/// A town on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Town {
    pub names: Names,
    pub at: Position,
}

/// All of it, in the order it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    /// Where it comes from and under what terms, as it must stand beside the map.
    pub attribution: String,
    pub shapes: Vec<Shape>,
    pub towns: Vec<Town>,
}

/// Why a file is no ground.
#[derive(Debug, thiserror::Error)]
pub enum GroundError {
    #[error("is no GeoJSON of the kind a map is drawn from: {0}")]
    Json(#[from] serde_json::Error),
    #[error("says nothing in `attribution`: whoever made the data must be named")]
    Nameless,
    #[error("has {0} positions: at most {MOST} can be drawn by a phone")]
    Large(usize),
    #[error("holds a position that is not on Earth, {0}, {1}: longitude comes first")]
    Nowhere(f64, f64),
    #[error("a feature of the kind `{0}` has a geometry that does not fit it")]
    Geometry(&'static str),
}

/// The most positions of a ground.
const MOST: usize = 60_000;

#[derive(Deserialize)]
struct Collection {
    #[serde(default)]
    attribution: String,
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    kind: Lie,
    #[serde(default)]
    names: BTreeMap<Language, String>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Point(Position),
    LineString(Vec<Position>),
    MultiLineString(Vec<Vec<Position>>),
    Polygon(Vec<Vec<Position>>),
    MultiPolygon(Vec<Vec<Vec<Position>>>),
}

impl Ground {
    /// # Errors
    /// What keeps the text from being drawn.
    pub fn from_geojson(text: &str) -> Result<Self, GroundError> {
        let read: Collection = serde_json::from_str(text)?;
        if read.attribution.trim().is_empty() {
            return Err(GroundError::Nameless);
        }
        let mut ground = Self { attribution: read.attribution.trim().to_owned(), ..Self::default() };
        for Feature { properties: Properties { kind, names }, geometry } in read.features {
            let lines = match (kind, geometry) {
                (Lie::Place, Geometry::Point(at)) => {
                    ground.towns.push(Town { names: Names(names), at });
                    continue;
                }
                (_, Geometry::LineString(line)) if !kind.is_area() => vec![line],
                (_, Geometry::MultiLineString(lines)) if !kind.is_area() => lines,
                (_, Geometry::Polygon(rings)) if kind.is_area() => rings,
                (_, Geometry::MultiPolygon(many)) if kind.is_area() => many.into_iter().flatten().collect(),
                _ => return Err(GroundError::Geometry(kind.word())),
            };
            ground.shapes.push(Shape { lie: kind, lines });
        }
        let positions = ground.shapes.iter().flat_map(|shape| shape.lines.iter().flatten());
        let all = positions.chain(ground.towns.iter().map(|town| &town.at));
        let mut count = 0;
        for [longitude, latitude] in all {
            count += 1;
            if !(-180.0..=180.0).contains(longitude) || !(-90.0..=90.0).contains(latitude) {
                return Err(GroundError::Nowhere(*longitude, *latitude));
            }
        }
        if count > MOST { Err(GroundError::Large(count)) } else { Ok(ground) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_is_read_and_what_cannot_be_drawn_is_named() {
        let with = |attribution: &str, kind: &str, geometry: &str| {
            format!(
                "{{\"type\":\"FeatureCollection\",\"attribution\":\"{attribution}\",\"features\":[{{\"type\":\"Feature\",\
                 \"properties\":{{\"kind\":\"{kind}\"}},\"geometry\":{geometry}}}]}}"
            )
        };
        let line = "{\"type\":\"LineString\",\"coordinates\":[[109.1,13.8],[109.2,13.9]]}";
        let ground = Ground::from_geojson(&with("Someone", "river", line)).unwrap();
        assert_eq!((ground.shapes[0].lie, ground.shapes[0].lines[0].len()), (Lie::River, 2));
        for (text, told) in [
            (with("", "river", line), "attribution"),
            (with("S", "rivver", line), "rivver"),
            (with("S", "sea", line), "`sea`"),
            (with("S", "place", "{\"type\":\"Point\",\"coordinates\":[13.8,109.2]}"), "longitude comes first"),
            ("[]".to_owned(), "GeoJSON"),
        ] {
            let error = Ground::from_geojson(&text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn the_ground_of_the_starter_collection_can_be_drawn() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("content/binh-dinh/map.geojson");
        let ground = Ground::from_geojson(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(ground.attribution.contains("LGPL") && ground.towns.len() >= 5);
        assert!(ground.shapes.iter().any(|shape| shape.lie == Lie::Sea && shape.lines[0].len() > 500));
    }
}
