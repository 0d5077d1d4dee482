//! Distances on the ground.

use serde::{Deserialize, Serialize};

/// A point in WGS 84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Degrees {
    pub latitude: f64,
    pub longitude: f64,
}

impl Degrees {
    /// Whether there is such a point.
    #[must_use]
    pub fn is_on_earth(self) -> bool {
        (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude)
    }
}

/// Between two points, as the crow flies (haversine, on a sphere: half a percent off at worst).
#[must_use]
pub fn metres(one: Degrees, other: Degrees) -> f64 {
    const RADIUS: f64 = 6_371_009.0;
    let (a, b) = (one.latitude.to_radians(), other.latitude.to_radians());
    let (rise, run) = (b - a, (other.longitude - one.longitude).to_radians());
    let h = (rise / 2.0).sin().powi(2) + a.cos() * b.cos() * (run / 2.0).sin().powi(2);
    2.0 * RADIUS * h.sqrt().min(1.0).asin()
}
