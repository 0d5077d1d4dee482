//! Every reader of bytes and texts that come from outside, under a name: what `scripts/fuzz` feeds with made-up input, and
//! what a test feeds with the samples of `tests/fuzz/corpus`, where everything that once went wrong stays for ever.
//!
//! Only in tests and under `--cfg fuzzing`. Invariant: whatever a target is fed, it neither panics nor hangs nor takes
//! memory far beyond its input, and what a reader took, its writer gives back.

#![expect(clippy::expect_used, reason = "to panic is how a target says that it found something")]

use std::path::Path;

use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderValue, Method};

use crate::audio::mark::{self, Container};
use crate::audio::{Captions, decode, wav};
use crate::domain::bundle::{Delta, Secret, SignedManifest, Trust};
use crate::domain::screen::{LocalTime, Plan, ScreenCode};
use crate::domain::{ContentHash, Ground, Language, Listener, Slug, StopCode};
use crate::labels::{Distance, Level, Paper};
use crate::models::Manifest;
use crate::text::exchange::{tbx, tmx, tsv, xliff};
use crate::text::hearing::{Heard, Meant, judge};
use crate::text::{Lexicon, NameReader, facts, narration, split_sentences, spoken};
use crate::web::files::ranges;
use crate::web::languages;
use crate::{kiosk, models, neural, pipeline, web};

/// Feeds one reader.
pub type Target = fn(&[u8]);

/// All of them by name: the folders of the corpus.
pub const TARGETS: [(&str, Target); 27] = [
    ("sound-head", decode::read_hostile),
    ("wav", wav_file),
    ("sound-tags", sound_tags),
    ("captions", captions),
    ("lexicon", pipeline::ingest::hostile::lexicon),
    ("words", pipeline::ingest::hostile::words),
    ("front-matter", pipeline::ingest::hostile::front_matter),
    ("glossary", glossary),
    ("tmx", translation_memory),
    ("xliff", translators_file),
    ("tbx", term_base),
    ("recorded-lines", recorded_lines),
    ("narration", narration_typed),
    ("sentences", sentences),
    ("spoken", spoken_words),
    ("facts", facts_of_a_pair),
    ("hearing", hearing),
    ("syllables", syllables),
    ("ground", ground),
    ("bundle", bundle),
    ("delta", delta),
    ("codes", codes),
    ("range-header", range_header),
    ("language-header", language_header),
    ("multipart", web::read_hostile_form),
    ("manifest", model_manifest),
    ("weights", weights),
];

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The first byte chooses a language, the others are the text.
fn in_a_language(bytes: &[u8]) -> Option<(Language, String)> {
    let (first, rest) = bytes.split_first()?;
    let languages: Vec<Language> = Language::all().collect();
    Some((languages[usize::from(*first) % languages.len()], text_of(rest)))
}

fn wav_file(bytes: &[u8]) {
    if let Ok(sound) = wav::read(bytes) {
        assert!(sound.samples.len() <= bytes.len(), "more samples than bytes");
    }
}

fn sound_tags(bytes: &[u8]) {
    for container in [Container::Wav, Container::Mp3, Container::Opus] {
        let _ = mark::read(bytes, container);
    }
}

fn captions(bytes: &[u8]) {
    if let Ok(captions) = Captions::parse(&text_of(bytes)) {
        let written = captions.write().expect("what was read can be written");
        assert_eq!(Captions::parse(&written).expect("what was written can be read"), captions);
    }
}

fn glossary(bytes: &[u8]) {
    if let Ok(entries) = tsv::read(&text_of(bytes)) {
        let written = tsv::write(&entries).expect("what was read can be written");
        assert_eq!(tsv::read(&written).expect("what was written can be read"), entries);
    }
}

fn translation_memory(bytes: &[u8]) {
    let mut units = Vec::new();
    if tmx::read(bytes, |unit| units.push(unit)).is_ok()
        && let Ok(written) = tmx::write(&units)
    {
        let mut again = Vec::new();
        tmx::read(written.as_bytes(), |unit| again.push(unit)).expect("what was written can be read");
        assert_eq!(again.len(), units.len());
    }
}

fn translators_file(bytes: &[u8]) {
    if let Ok(document) = xliff::read(bytes)
        && let Ok(written) = xliff::write(&document)
    {
        xliff::read(written.as_bytes()).expect("what was written can be read");
    }
}

fn term_base(bytes: &[u8]) {
    if let Ok((entries, _)) = tbx::read(bytes)
        && let Ok(written) = tbx::write(&entries)
    {
        tbx::read(written.as_bytes()).expect("what was written can be read");
    }
}

fn recorded_lines(bytes: &[u8]) {
    if let Ok(lines) = pipeline::recordings::read_lines(&text_of(bytes)) {
        assert!(lines.iter().all(|line| line.start < line.end), "a line ends before it begins");
    }
}

fn narration_typed(bytes: &[u8]) {
    let Some((language, text)) = in_a_language(bytes) else { return };
    if let Ok(paragraphs) = narration::read_narration(&text, language) {
        assert!(paragraphs.iter().flatten().all(|sentence| !sentence.trim().is_empty()), "an empty sentence");
    }
}

fn sentences(bytes: &[u8]) {
    let Some((language, text)) = in_a_language(bytes) else { return };
    let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let joined = split_sentences(&text, language).concat();
    assert_eq!(squeezed(&joined), squeezed(&text), "something is lost or added");
}

fn spoken_words(bytes: &[u8]) {
    let Some((language, text)) = in_a_language(bytes) else { return };
    let said = spoken(&text, language, &Lexicon::new(&[], language), &NameReader::new(language, &[]));
    let _ = said.written();
}

/// The two texts stand to either side of a zero.
fn facts_of_a_pair(bytes: &[u8]) {
    let Some((language, texts)) = in_a_language(bytes) else { return };
    let (source, target) = texts.split_once('\0').unwrap_or((&texts, &texts));
    let _ = facts::compare(source, Language::VI, target, language, &[]);
    let itself = facts::compare(source, language, source, language, &[]);
    assert!(itself.is_empty(), "a text differs from itself: {itself:?}");
}

fn hearing(bytes: &[u8]) {
    let Some((language, texts)) = in_a_language(bytes) else { return };
    let (meant, heard) = texts.split_once('\0').unwrap_or((&texts, &texts));
    let short = |text: &str| text.chars().take(300).collect::<String>();
    let (meant, heard) = (short(meant), short(heard));
    let listener = || Listener { engine: "whisper".into(), model: "whisper-base".into(), rules: String::new() };
    let meant = Meant { language, written: &meant, spoken: &meant, names: &[] };
    let sound = Heard { text: &heard, speech: Some(3.0), ..Heard::default() };
    assert_eq!(judge(&meant, &sound, listener(), None), judge(&meant, &sound, listener(), None));
}

fn syllables(bytes: &[u8]) {
    let text = text_of(bytes);
    crate::text::read_hostile_syllables(&text);
}

fn ground(bytes: &[u8]) {
    let _ = Ground::from_geojson(&text_of(bytes));
}

/// Trusts a key that signed none of it: only what is read before and beside the signature counts.
fn bundle(bytes: &[u8]) {
    let Ok(signed) = SignedManifest::parse(bytes) else { return };
    let trust = Trust(Secret::from_seed(&[7; 32]).public());
    assert!(signed.verify(&trust).is_err(), "an unsigned manifest is taken");
    let _ = (signed.to_bytes(), signed.tag());
}

fn delta(bytes: &[u8]) {
    let mut halves = bytes.splitn(2, |byte| *byte == 0);
    let (Some(held), Some(change)) = (halves.next(), halves.next()) else { return };
    if let (Ok(held), Ok(change)) = (SignedManifest::parse(held), serde_json::from_slice::<Delta>(change)) {
        let _ = change.apply(&held);
    }
}

fn codes(bytes: &[u8]) {
    let text = text_of(bytes);
    let same = |again: Option<String>| assert!(again.is_none_or(|again| again.eq_ignore_ascii_case(text.trim())));
    same(text.parse::<Slug>().ok().map(|slug| slug.to_string()));
    same(text.parse::<StopCode>().ok().map(|code| code.to_string()));
    same(text.parse::<ContentHash>().ok().map(|hash| hash.to_string()));
    let _ = (text.parse::<ScreenCode>(), text.parse::<LocalTime>(), text.parse::<Level>(), text.parse::<Paper>());
    let _ = (text.parse::<Distance>(), serde_json::from_str::<Plan>(&text));
}

/// The values of the headers, one a line.
fn range_header(bytes: &[u8]) {
    const LENGTH: u64 = 1_000;
    let mut headers = HeaderMap::new();
    for (name, line) in [RANGE, IF_RANGE, IF_NONE_MATCH, IF_MATCH].into_iter().zip(bytes.split(|byte| *byte == b'\n')) {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        headers.append(name, value);
    }
    if let ranges::Plan::Part { first, last } = ranges::plan(&Method::GET, &headers, "tag", LENGTH) {
        assert!(first <= last && last < LENGTH, "a part that is not there: {first} to {last}");
    }
    kiosk::player::read_hostile_range(&text_of(bytes));
}

fn language_header(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for (name, line) in [ACCEPT_LANGUAGE, COOKIE].into_iter().zip(bytes.split(|byte| *byte == b'\n')) {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        headers.append(name, value);
    }
    let there = [Language::VI, Language::EN];
    let chosen = languages::choose(None, &headers, &there, Language::VI);
    assert!(chosen.is_some_and(|chosen| there.contains(&chosen)), "a language that is not there");
}

fn model_manifest(bytes: &[u8]) {
    let _ = Manifest::parse("fuzzed.toml", &text_of(bytes));
}

/// The first byte chooses the reader.
fn weights(bytes: &[u8]) {
    let Some((which, rest)) = bytes.split_first() else { return };
    let path = Path::new("fuzzed");
    match which % 5 {
        0 => neural::whisper::read_hostile(rest),
        1 => neural::marian::hostile::read(path, rest),
        2 => neural::silero::read_hostile(rest),
        3 => neural::seq2seq::read_hostile(rest),
        _ => models::read_hostile(rest),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Places at which each sample is cut, besides being fed whole.
    const CUTS: usize = 24;

    #[test]
    fn every_sample_of_the_corpus_is_read_whole_cut_and_with_a_byte_changed() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
        for (name, target) in TARGETS {
            let folder = corpus.join(name);
            let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let mut samples = 0;
            for entry in entries {
                let bytes = fs::read(entry.unwrap().path()).unwrap();
                target(&bytes);
                for cut in 0..CUTS.min(bytes.len()) {
                    let at = bytes.len() * cut / CUTS;
                    target(&bytes[..at]);
                    let mut changed = bytes.clone();
                    changed[at] = changed[at].wrapping_add(0x81);
                    target(&changed);
                }
                samples += 1;
            }
            assert!(samples > 0, "{name}: no sample");
        }
    }

    #[test]
    fn every_folder_of_the_corpus_has_its_target() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
        for entry in fs::read_dir(corpus).unwrap() {
            let folder = entry.unwrap().file_name().into_string().unwrap();
            assert!(TARGETS.iter().any(|(name, _)| *name == folder), "{folder}");
        }
    }
}
