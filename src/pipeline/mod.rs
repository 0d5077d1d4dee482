//! The flow of a guide, floor 4: ingest, translate, speak, publish, each a plain function over ports.
//!
//! `make` strings them together for one stop in one language; a person's recording goes before them all. Everything made
//! is kept under the key of what made it, sentence by sentence and at once, so a run that is cut off is taken up where it
//! stopped.

mod board;
pub mod bundles;
mod cast;
pub mod changes;
mod check;
mod ear;
mod engines;
mod error;
pub mod gtfs;
mod hear;
mod heard;
pub mod ingest;
pub mod listen;
mod make;
mod masked;
mod plan;
mod publish;
pub mod publishing;
mod reading;
mod recall;
pub mod recordings;
mod report;
pub mod review;
mod routes;
mod rules;
mod sheet;
mod speak;
pub mod studio;
mod terms;
mod translate;
mod workshop;

pub use board::{Board, Doing, Step};
pub use check::{Checker, Compared};
pub use ear::EnginesEar;
pub use engines::{Engines, Listeners};
pub use error::MakeError;
pub use hear::hear;
pub use heard::{Ear, HeardClip};
pub use make::make_guide;
pub use masked::{MaskedTranslation, translate_masked};
pub use plan::{PlannedGuide, Selection, plan};
pub use reading::Reading;
pub use report::{GuideReport, HeldBack, Outcome};
pub use rules::{Facts, Form};
pub use sheet::{Sheet, SheetError, SheetReport, SheetUnit, export_sheet, import_sheet};
pub use workshop::{Progress, Stage, Workshop};
