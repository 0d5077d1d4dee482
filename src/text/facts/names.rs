//! Protected names: a glossary term of the source must come back in one of its accepted renderings.
//!
//! Terms are found longest first and never overlap. A rendering may be inflected (`Куинёна`, `Cham-Türmes`,
//! `Torres de Bánh Ít`), and a Vietnamese name may stand without its marks. Where one form belongs to several entries,
//! a rendering of any of them will do. Russian and Korean may write a name without a rendering in their own letters.

use std::collections::HashMap;
use std::ops::Range;

use super::sentence::{Place, Sentence, is_unspaced};
use super::transcription;
use crate::domain::{Finding, FindingKind, GlossaryEntry, Language};
use crate::text::vietnamese::plain_letters;

/// What became of the names: where they stand, in characters of the texts, and which are missing.
pub(super) struct Named {
    pub findings: Vec<Finding>,
    pub in_source: Vec<Range<usize>>,
    pub in_target: Vec<Range<usize>>,
}

/// A form of a term as it is looked for in the source.
struct Form<'a> {
    chars: Vec<char>,
    entries: Vec<&'a GlossaryEntry>,
}

pub(super) fn compare(source: &Sentence, target: &Sentence, glossary: &[GlossaryEntry]) -> Named {
    let mut named = Named { findings: Vec::new(), in_source: Vec::new(), in_target: Vec::new() };
    if glossary.is_empty() {
        return named;
    }
    let text = Folded::of(target);
    let mut known: HashMap<String, Option<Vec<Range<usize>>>> = HashMap::new();
    for (place, form) in occurrences(source, &forms(glossary, source.language)) {
        let span = source.span(place);
        let key: String = form.chars.iter().collect();
        let first = !known.contains_key(&key);
        let found = known.entry(key).or_insert_with(|| found_in(&text, target, form));
        named.in_source.push(span.start..span.end);
        match found {
            Some(places) if first => named.in_target.append(&mut places.clone()),
            None if first => {
                let message = missing(form, target.language);
                named.findings.push(Finding { kind: FindingKind::Name, source: Some(span), target: None, message });
            }
            _ => {}
        }
    }
    named.in_target.sort_by_key(|range| (range.start, range.end));
    named.in_target.dedup_by(|later, earlier| {
        let overlaps = later.start < earlier.end;
        earlier.end = if overlaps { earlier.end.max(later.end) } else { earlier.end };
        overlaps
    });
    named
}

fn missing(form: &Form<'_>, language: Language) -> String {
    let wanted: Vec<&str> =
        form.entries.iter().flat_map(|entry| accepted(entry, language)).map(String::as_str).collect();
    format!("the name `{}` is not rendered as {}", form.chars.iter().collect::<String>(), wanted.join(" or "))
}

/// The forms that stand for an entry in a language: its renderings, or the term as it is.
fn accepted(entry: &GlossaryEntry, language: Language) -> Vec<&String> {
    match entry.renderings.get(&language).filter(|list| !list.is_empty()) {
        Some(list) if language != Language::VI => list.iter().collect(),
        other => std::iter::once(&entry.term).chain(&entry.forms).chain(other.into_iter().flatten()).collect(),
    }
}

/// By first character, the longest first.
fn forms(glossary: &[GlossaryEntry], language: Language) -> HashMap<char, Vec<Form<'_>>> {
    let mut all: HashMap<String, Vec<&GlossaryEntry>> = HashMap::new();
    for entry in glossary {
        for form in accepted(entry, language) {
            let entries = all.entry(form.clone()).or_default();
            if !entries.iter().any(|other| std::ptr::eq(*other, entry)) {
                entries.push(entry);
            }
        }
    }
    let mut by_first: HashMap<char, Vec<Form<'_>>> = HashMap::new();
    for (form, entries) in all {
        let chars: Vec<char> = Sentence::new(&form, language).written;
        let Some(first) = chars.first().and_then(|c| c.to_lowercase().next()) else { continue };
        by_first.entry(first).or_default().push(Form { chars, entries });
    }
    for list in by_first.values_mut() {
        list.sort_by(|a, b| b.chars.len().cmp(&a.chars.len()).then_with(|| a.chars.cmp(&b.chars)));
    }
    by_first
}

fn occurrences<'a, 'f>(source: &Sentence, forms: &'f HashMap<char, Vec<Form<'a>>>) -> Vec<(Place, &'f Form<'a>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = source.at(at) {
        let here = forms.get(&first).filter(|_| source.is_edge(at)).and_then(|list| {
            list.iter().find_map(|form| {
                let end = at + form.chars.len();
                let same = source.written.get(at..end).is_some_and(|written| spelled_alike(written, &form.chars));
                let end = if same && source.language != Language::VI { plural_end(source, end) } else { end };
                (same && source.is_edge(end)).then_some((Place { from: at, to: end }, form))
            })
        });
        match here {
            Some((place, form)) => {
                at = place.to;
                found.push((place, form));
            }
            None => at += 1,
        }
    }
    found
}

/// The same letters; a capital of the form must be one, a small letter may stand large where a sentence begins.
fn spelled_alike(written: &[char], form: &[char]) -> bool {
    written
        .iter()
        .zip(form)
        .enumerate()
        .all(|(place, (a, b))| a == b || (place == 0 && b.is_lowercase() && a.to_lowercase().eq(b.to_lowercase())))
}

/// Past an `s` of the plural.
fn plural_end(source: &Sentence, end: usize) -> usize {
    if source.at(end) == Some('s') && source.is_edge(end + 1) { end + 1 } else { end }
}

/// A text without capitals and marks, every character knowing its place.
struct Folded {
    chars: Vec<char>,
    places: Vec<usize>,
}

impl Folded {
    fn of(sentence: &Sentence) -> Self {
        let (mut chars, mut places) = (Vec::new(), Vec::new());
        for (place, c) in sentence.chars.iter().enumerate() {
            for folded in fold(*c).chars() {
                chars.push(folded);
                places.push(place);
            }
        }
        places.push(sentence.chars.len());
        Self { chars, places }
    }
}

fn fold(c: char) -> String {
    if c.is_ascii() || is_unspaced(c) { c.to_string() } else { plain_letters(&c.to_string()).to_lowercase() }
}

/// Where any accepted rendering stands; `None` where none does.
fn found_in(text: &Folded, target: &Sentence, form: &Form<'_>) -> Option<Vec<Range<usize>>> {
    let mut places = Vec::new();
    for rendering in form.entries.iter().flat_map(|entry| accepted(entry, target.language)) {
        let wanted: Vec<char> = Sentence::new(rendering, target.language)
            .chars
            .iter()
            .flat_map(|c| fold(*c).chars().collect::<Vec<_>>())
            .collect();
        places.extend(all_of(text, target, &wanted));
    }
    if places.is_empty() && matches!(target.language.tag(), "ru" | "ko") {
        // Without a rendering of its own, a name may be written in the letters of the language.
        let unrendered = form.entries.iter().filter(|entry| !entry.renderings.contains_key(&target.language));
        let spelled = unrendered.flat_map(|entry| std::iter::once(&entry.term).chain(&entry.forms));
        let found = spelled.filter_map(|name| transcription::of_vietnamese(name));
        places.extend(found.filter_map(|skeleton| transcription::find(&skeleton, &target.written)).map(|range| {
            let span = target.span(Place { from: range.start, to: range.end });
            span.start..span.end
        }));
    }
    if places.is_empty() { None } else { Some(places) }
}

/// Letters that an ending may have.
fn longest_ending(language: Language) -> usize {
    match language.tag() {
        "ru" => 3,
        "vi" => 0,
        _ => 2,
    }
}

fn all_of(text: &Folded, target: &Sentence, wanted: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(first) = wanted.first() else { return found };
    for start in (0..text.chars.len()).filter(|start| text.chars[*start] == *first) {
        let from = text.places[start];
        if !target.is_edge(from) {
            continue;
        }
        let Some(end) = fits(text, start, wanted) else { continue };
        let to = text.places[end];
        let full = target.word_end(to);
        let spaced = !target.before(to).is_some_and(is_unspaced);
        if target.is_edge(to)
            || (spaced && full - to <= longest_ending(target.language))
            || (spaced && target.at(to).is_some_and(is_unspaced))
        {
            let to = if spaced && !target.is_edge(to) { full } else { to };
            let span = target.span(Place { from, to });
            found.push(span.start..span.end);
        }
    }
    found
}

/// The end of the wanted words from here, common words of them in the plural or another case.
fn fits(text: &Folded, start: usize, wanted: &[char]) -> Option<usize> {
    let mut at = start;
    let mut word = 0;
    for (place, c) in wanted.iter().enumerate() {
        if text.chars.get(at) == Some(c) {
            (at, word) = (at + 1, if c.is_alphabetic() { word + 1 } else { 0 });
            continue;
        }
        // `Torre de` where `Torres de` was wanted and the other way round.
        let ends = *c == ' ' && word > 3;
        let rest = text.chars[at..].iter().take(3).take_while(|c| c.is_alphabetic()).count();
        if ends && (1..3).contains(&rest) && text.chars.get(at + rest) == Some(&' ') {
            (at, word) = (at + rest + 1, 0);
            continue;
        }
        let last_letter = word > 3 && wanted.get(place + 1).is_none_or(|c| !c.is_alphabetic()) && c.is_alphabetic();
        if last_letter && text.chars.get(at).is_none_or(|c| !c.is_alphabetic()) {
            word = 0;
            continue;
        }
        return None;
    }
    Some(at)
}
