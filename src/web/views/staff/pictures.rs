//! The pictures of a site, relic or stop: in their order, described for those who cannot see them.

use crate::web::views::strings::words;

words! {
    /// The words of pictures.
    Strings: alt_heading, alt_in, credit, licence, licence_hint
}
