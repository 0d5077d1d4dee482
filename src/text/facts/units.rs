//! Units of measure: what each measures, and how much of it.
//!
//! Factors are those of the SI brochure (9th edition) and NIST SP 811, appendix B. Days and what is shorter are counted
//! in seconds, months and what is longer in months: a year is no fixed number of days.

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    Length,
    Area,
    Volume,
    Mass,
    Speed,
    Temperature,
    Share,
    /// Seconds.
    Time,
    /// Months.
    Calendar,
    Angle,
    Power,
    /// A unit without a fixed size, compared by its name.
    Own,
}

/// One unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    pub name: &'static str,
    pub dimension: Dimension,
    /// In the base unit of the dimension.
    pub factor: f64,
    /// What is added after the factor (Fahrenheit).
    pub offset: f64,
}

const fn unit_of(name: &'static str, dimension: Dimension, factor: f64) -> Unit {
    Unit { name, dimension, factor, offset: 0.0 }
}

use Dimension::{Angle, Area, Calendar, Length, Mass, Own, Power, Share, Speed, Temperature, Time, Volume};

static UNITS: [Unit; 50] = [
    unit_of("mm", Length, 0.001),
    unit_of("cm", Length, 0.01),
    unit_of("dm", Length, 0.1),
    unit_of("m", Length, 1.0),
    unit_of("km", Length, 1000.0),
    unit_of("in", Length, 0.0254),
    unit_of("ft", Length, 0.3048),
    unit_of("yd", Length, 0.9144),
    unit_of("mi", Length, 1609.344),
    unit_of("nmi", Length, 1852.0),
    unit_of("mm2", Area, 1e-6),
    unit_of("cm2", Area, 1e-4),
    unit_of("m2", Area, 1.0),
    unit_of("km2", Area, 1e6),
    unit_of("ha", Area, 1e4),
    unit_of("acre", Area, 4046.856),
    unit_of("ft2", Area, 0.09290304),
    unit_of("mi2", Area, 2_589_988.11),
    unit_of("ml", Volume, 1e-6),
    unit_of("l", Volume, 1e-3),
    unit_of("m3", Volume, 1.0),
    unit_of("gal", Volume, 0.003785412),
    unit_of("g", Mass, 0.001),
    unit_of("kg", Mass, 1.0),
    unit_of("t", Mass, 1000.0),
    unit_of("quintal", Mass, 100.0),
    unit_of("lb", Mass, 0.45359237),
    unit_of("oz", Mass, 0.028349523),
    unit_of("kmh", Speed, 1.0),
    unit_of("mph", Speed, 1.609344),
    unit_of("C", Temperature, 1.0),
    Unit { name: "F", dimension: Temperature, factor: 5.0 / 9.0, offset: -160.0 / 9.0 },
    unit_of("%", Share, 1.0),
    unit_of("s", Time, 1.0),
    unit_of("min", Time, 60.0),
    unit_of("h", Time, 3600.0),
    unit_of("day", Time, 86_400.0),
    unit_of("week", Time, 604_800.0),
    unit_of("month", Calendar, 1.0),
    unit_of("year", Calendar, 12.0),
    unit_of("decade", Calendar, 120.0),
    unit_of("century", Calendar, 1200.0),
    unit_of("millennium", Calendar, 12_000.0),
    unit_of("deg", Angle, 1.0),
    unit_of("W", Power, 1.0),
    unit_of("kW", Power, 1000.0),
    unit_of("MW", Power, 1e6),
    unit_of("old-foot", Own, 1.0),
    unit_of("old-mile", Own, 1.0),
    unit_of("tael", Own, 1.0),
];

/// The unit of this name.
#[must_use]
pub fn unit(name: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.name == name)
}

impl Unit {
    /// The amount in the base unit.
    #[must_use]
    pub fn base(&self, value: f64) -> f64 {
        value * self.factor + self.offset
    }

    /// An amount of the base unit in this one.
    #[must_use]
    pub fn from_base(&self, base: f64) -> f64 {
        (base - self.offset) / self.factor
    }

    /// Whether two units measure the same thing.
    #[must_use]
    pub fn converts_to(&self, other: &Self) -> bool {
        self.dimension == other.dimension && (self.dimension != Own || self.name == other.name)
    }
}
