//! What a check found, in the language of who reads the page.
//!
//! Findings are kept as data and with a message in English; here they are told from the data, so that a curator reads
//! what is wrong, and with which words, in their own language.

use crate::domain::{Finding, FindingKind, HearingFinding, HearingKind};
use crate::web::views::strings::{fill, words};

words! {
    /// The words for what was found.
    Strings: number, unit, year, century, reign_year, date, time, money, coordinates, name, glossary, length, repeated,
    untranslated, script, source_left, sentence_count, symbol, empty, became, missing, added, accepted, heard_silence,
    heard_unintelligible, heard_language, heard_dropped, heard_repeated, heard_fact, heard_name, heard_missing,
    heard_added, heard_changed, heard_broken_off, instead, not_heard, only_heard
}

/// Of a translation: what kind of thing, and from what to what.
#[must_use]
pub fn finding(own: &Strings, found: &Finding) -> String {
    let quoted = |text: &str| [("text", format!("“{}”", shortened(text)))];
    let (source, target) = (found.source.as_ref(), found.target.as_ref());
    let what = match found.kind {
        // These stand for a whole sentence, or are clear from the marked stretch alone.
        FindingKind::Length | FindingKind::SentenceCount | FindingKind::Empty => kind(own, found.kind).to_owned(),
        of => match (source, target) {
            (Some(source), Some(target)) => {
                let (from, to) = (format!("“{}”", shortened(&source.text)), format!("“{}”", shortened(&target.text)));
                format!("{}: {}", kind(own, of), fill(&own.became, &[("from", &from), ("to", &to)]))
            }
            (Some(source), None) => {
                let [(key, text)] = quoted(&source.text);
                format!("{}: {}", kind(own, of), fill(&own.missing, &[(key, &text)]))
            }
            (None, Some(target)) => {
                let [(key, text)] = quoted(&target.text);
                format!("{}: {}", kind(own, of), fill(&own.added, &[(key, &text)]))
            }
            (None, None) => kind(own, of).to_owned(),
        },
    };
    if found.accepted.is_empty() {
        return what;
    }
    let forms: Vec<String> = found.accepted.iter().map(|form| format!("“{form}”")).collect();
    format!("{what} {}", fill(&own.accepted, &[("forms", &forms.join(", "))]))
}

/// Of a clip: what kind of thing, what should have been heard, and what was.
#[must_use]
pub fn hearing(own: &Strings, found: &HearingFinding) -> String {
    let kind = match found.kind {
        HearingKind::Silence => &own.heard_silence,
        HearingKind::Unintelligible => &own.heard_unintelligible,
        HearingKind::Language => &own.heard_language,
        HearingKind::Dropped => &own.heard_dropped,
        HearingKind::Repeated => &own.heard_repeated,
        HearingKind::Fact => &own.heard_fact,
        HearingKind::Name => &own.heard_name,
        HearingKind::Missing => &own.heard_missing,
        HearingKind::Added => &own.heard_added,
        HearingKind::Changed => &own.heard_changed,
        HearingKind::BrokenOff => &own.heard_broken_off,
    };
    // What concerns the whole clip is not quoted: the text and what was heard stand beside it.
    let whole = matches!(found.kind, HearingKind::Silence | HearingKind::Unintelligible | HearingKind::Language);
    let (expected, heard) = (found.expected.trim(), found.heard.trim());
    let (from, to) = (format!("“{}”", shortened(expected)), format!("“{}”", shortened(heard)));
    let what = match (expected.is_empty(), heard.is_empty()) {
        _ if whole => return kind.clone(),
        (true, true) => return kind.clone(),
        (false, false) => fill(&own.instead, &[("from", &from), ("to", &to)]),
        (false, true) => fill(&own.not_heard, &[("text", &from)]),
        (true, false) => fill(&own.only_heard, &[("text", &to)]),
    };
    format!("{kind}: {what}")
}

fn kind(own: &Strings, kind: FindingKind) -> &str {
    match kind {
        FindingKind::Number => &own.number,
        FindingKind::Unit => &own.unit,
        FindingKind::Year => &own.year,
        FindingKind::Century => &own.century,
        FindingKind::ReignYear => &own.reign_year,
        FindingKind::Date => &own.date,
        FindingKind::Time => &own.time,
        FindingKind::Money => &own.money,
        FindingKind::Coordinates => &own.coordinates,
        FindingKind::Name => &own.name,
        FindingKind::Glossary => &own.glossary,
        FindingKind::Length => &own.length,
        FindingKind::Repeated => &own.repeated,
        FindingKind::Untranslated => &own.untranslated,
        FindingKind::Script => &own.script,
        FindingKind::SourceLeft => &own.source_left,
        FindingKind::SentenceCount => &own.sentence_count,
        FindingKind::Symbol => &own.symbol,
        FindingKind::Empty => &own.empty,
    }
}

/// The first hundred letters: the whole stretch is marked in its sentence.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Language, Span};
    use crate::web::views::staff::words::Desk;

    fn span(text: &str) -> Option<Span> {
        Some(Span { text: text.to_owned(), start: 0, end: text.chars().count() })
    }

    #[test]
    fn a_finding_is_told_in_the_language_of_its_reader() {
        let desk = Desk::load().unwrap();
        let year = Finding {
            kind: FindingKind::Year,
            source: span("năm 1471"),
            target: span("1417"),
            accepted: Vec::new(),
            message: String::new(),
        };
        let own = |language| &desk.of(language).found;
        assert_eq!(finding(own(Language::EN), &year), "Year: “năm 1471” became “1417”.");
        assert_eq!(finding(own(Language::VI), &year), "Năm: “năm 1471” thành “1417”.");
        let name = Finding {
            kind: FindingKind::Name,
            source: span("Tháp Đôi"),
            target: None,
            accepted: vec!["Twin Towers".into()],
            message: String::new(),
        };
        let told = finding(own(Language::VI), &name);
        assert_eq!(told, "Tên riêng: bản dịch thiếu “Tháp Đôi”. Đúng ra là “Twin Towers”.");
    }

    #[test]
    fn a_clip_is_told_with_what_was_heard_instead() {
        let desk = Desk::load().unwrap();
        let mut fact = HearingFinding {
            kind: HearingKind::Fact,
            expected: "1471".into(),
            heard: "1417".into(),
            at: None,
            message: String::new(),
        };
        let own = |language| &desk.of(language).found;
        assert_eq!(hearing(own(Language::EN), &fact), "Number or date: “1417” was heard for “1471”.");
        assert_eq!(hearing(own(Language::VI), &fact), "Con số, ngày tháng: nghe thành “1417” thay vì “1471”.");
        fact.kind = HearingKind::Silence;
        assert_eq!(hearing(own(Language::EN), &fact), desk.of(Language::EN).found.heard_silence);
    }
}
