//! What can be wrong with an entry, field by field.

use std::fmt;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    Missing,
    /// More characters than this.
    Long(usize),
    /// More of them than this.
    Many(usize),
    Slug,
    Code,
    /// Somebody has this slug or code already.
    Taken(String),
    Number,
    Latitude,
    Longitude,
    /// A period that ends before it begins.
    Backward,
    Language,
    /// No relic of this name in the site.
    Relic,
    /// No such site.
    Site,
    /// No stop has this code.
    Stop,
    /// The stop is another site's.
    Elsewhere,
    /// It is there already.
    Twice,
    /// A sign that no word holds.
    Word,
    /// Not from 0 to 100.
    Hundredth,
    /// A character nobody sees.
    Unseen,
}

/// A flaw and the field it is in, as forms name it: `name.vi`, `place.latitude`, `source.0.year`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub field: String,
    pub flaw: Flaw,
}

impl Fault {
    #[must_use]
    pub fn new(field: impl Into<String>, flaw: Flaw) -> Self {
        Self { field: field.into(), flaw }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.field)?;
        match &self.flaw {
            Flaw::Missing => f.write_str("is needed"),
            Flaw::Long(limit) => write!(f, "is too long: at most {limit} characters"),
            Flaw::Many(limit) => write!(f, "has too many entries: at most {limit}"),
            Flaw::Slug => f.write_str("takes small letters a-z, digits and single hyphens, at most 80: `thap-doi`"),
            Flaw::Code => f.write_str("takes 2 to 12 capitals A-Z and digits: `TD1`"),
            Flaw::Taken(holder) => write!(f, "is that of `{holder}` already: choose another one"),
            Flaw::Number => f.write_str("is no number"),
            Flaw::Latitude => f.write_str("lies from -90 to 90 degrees"),
            Flaw::Longitude => f.write_str("lies from -180 to 180 degrees"),
            Flaw::Backward => f.write_str("ends before it begins"),
            Flaw::Language => f.write_str("is in a language that is not known here"),
            Flaw::Relic => f.write_str("is no relic of this site"),
            Flaw::Site => f.write_str("is no site of this collection"),
            Flaw::Stop => f.write_str("is no stop of this collection"),
            Flaw::Elsewhere => f.write_str("is a stop of another site than the tour keeps to"),
            Flaw::Twice => f.write_str("is there already"),
            Flaw::Hundredth => f.write_str("lies from 0 to 100"),
            Flaw::Word => f.write_str("holds a comma, slash, question mark or hash sign"),
            Flaw::Unseen => f.write_str("holds a character that nobody can see: type it anew"),
        }
    }
}
