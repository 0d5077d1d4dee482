//! Protected names: a name of the glossary in the source must come back in one of its accepted renderings.
//!
//! What is a name and what an accepted rendering of it, [`NameFinder`] says, as it does where names are masked. Where one
//! form belongs to several entries, a rendering of any of them will do. Russian and Korean may write a name without a
//! rendering in their own letters.

use std::collections::HashMap;
use std::ops::Range;

use super::sentence::{Place, Sentence};
use super::transcription;
use crate::domain::{Finding, FindingKind, GlossaryEntry, Span};
use crate::text::names::{NameFinder, accepted_forms};

/// What became of the names: where they stand, in characters of the texts, and which are missing.
pub(super) struct Named {
    pub findings: Vec<Finding>,
    pub in_source: Vec<Range<usize>>,
    pub in_target: Vec<Range<usize>>,
}

pub(super) fn compare(source: &Sentence, target: &Sentence, glossary: &[GlossaryEntry]) -> Named {
    let mut named = Named { findings: Vec::new(), in_source: Vec::new(), in_target: Vec::new() };
    if glossary.is_empty() {
        return named;
    }
    let names = NameFinder::in_source(glossary, source.language);
    let renderings = NameFinder::accepted(glossary, target.language);
    let mut known: HashMap<Vec<usize>, Vec<Range<usize>>> = HashMap::new();
    for name in names.find_in(&source.written, None) {
        let span = source.span(Place { from: name.span.start, to: name.span.end });
        named.in_source.push(span.start..span.end);
        let entries = names.entries_of(&name);
        if known.contains_key(&entries) {
            continue;
        }
        let places = rendered(&renderings, target, glossary, &entries);
        if places.is_empty() {
            named.findings.push(missing(span, target, glossary, &entries));
        }
        named.in_target.extend(places.iter().cloned());
        known.insert(entries, places);
    }
    named.in_target.sort_by_key(|range| (range.start, range.end));
    named.in_target.dedup_by(|later, earlier| {
        let overlaps = later.start < earlier.end;
        earlier.end = if overlaps { earlier.end.max(later.end) } else { earlier.end };
        overlaps
    });
    named
}

fn missing(span: Span, target: &Sentence, glossary: &[GlossaryEntry], entries: &[usize]) -> Finding {
    let wanted: Vec<&str> =
        entries.iter().flat_map(|entry| accepted_forms(&glossary[*entry], target.language)).collect();
    let message = format!("the name `{}` is not rendered as {}", span.text, wanted.join(" or "));
    let accepted = wanted.into_iter().map(str::to_owned).collect();
    Finding { kind: FindingKind::Name, source: Some(span), target: None, accepted, message }
}

/// Where any accepted rendering of any of the entries stands.
fn rendered(
    renderings: &NameFinder,
    target: &Sentence,
    glossary: &[GlossaryEntry],
    entries: &[usize],
) -> Vec<Range<usize>> {
    let quoted = |from: usize, to: usize| {
        let span = target.span(Place { from, to });
        span.start..span.end
    };
    let found = renderings.find_in(&target.written, Some(entries));
    let mut places: Vec<Range<usize>> = found.iter().map(|name| quoted(name.span.start, name.span.end)).collect();
    if places.is_empty() && matches!(target.language.tag(), "ru" | "ko") {
        // Without a rendering of its own, a name may be written in the letters of the language.
        let own = entries.iter().map(|entry| &glossary[*entry]);
        let unrendered = own.filter(|entry| !entry.renderings.contains_key(&target.language));
        let spelled = unrendered.flat_map(|entry| std::iter::once(&entry.term).chain(&entry.forms));
        let skeletons = spelled.filter_map(|name| transcription::of_vietnamese(name));
        places.extend(
            skeletons
                .filter_map(|skeleton| transcription::find(&skeleton, &target.written))
                .map(|range| quoted(range.start, range.end)),
        );
    }
    places
}
