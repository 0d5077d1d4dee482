//! The words of recording one's own voice on a page.

use crate::web::views::strings::words;

words! {
    /// The words of it.
    Strings: heading, lead, whole_heading, whole_lead, speaker, file, send, hand_in, start, stop, again, listen, level,
    kept, refused, sending, failed, name, take_back, take_back_hint, done_spoken, done_taken_back
}
