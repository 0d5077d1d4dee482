//! What staff write of sites, relics and stops, the same for pages and for programs: read, checked, kept.
//!
//! Invariants: what is kept has passed `Entry::faults`; a change names the state it was made on by its tag, and is not
//! kept where that is not the present one any more.

mod bulk;
mod caption;
mod degrees;
mod entry;
mod faults;
mod form;
mod keeping;
mod plan;
mod search;
mod term;
mod tour;
mod tour_form;

pub use bulk::{BulkDeed, BulkOutcome, change_all, word_of};
pub use caption::{CaptionEntry, caption_cells, read_caption};
pub use entry::{Entry, Kind};
pub use faults::{Fault, Flaw};
pub use form::{CODE, Cell, cells, read};
pub use keeping::{Outcome, keep_relic, keep_site, keep_stop, keep_tour, tag, tag_of_site, tag_of_stop};
pub use plan::{PlanEntry, read_plan};
pub use search::{Found, search};
pub use term::{TermEntry, read_term, term_cells};
pub use tour::{Around, TourEntry};
pub use tour_form::{read_tour, tour_cells};
