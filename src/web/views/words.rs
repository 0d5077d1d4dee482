//! Words with the language they are in, and numbers as a page shows them.

use crate::domain::{Language, Milliseconds, Names, Period, SourceOfFacts};
use crate::web::views::strings::{Strings, fill};

/// Words on a page. `lang` is there where they are not in the page's own language (WCAG 3.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    pub lang: Option<&'static str>,
}

impl Said {
    /// Words in the page's own language.
    #[must_use]
    pub fn own(text: impl Into<String>) -> Self {
        Self { text: text.into(), lang: None }
    }

    #[must_use]
    pub fn of(text: impl Into<String>, language: Language, page: Language) -> Self {
        Self { text: text.into(), lang: (language != page).then(|| language.tag()) }
    }

    /// The name in the page's language, else in English, else in Vietnamese, else any; with the language it is in.
    #[must_use]
    pub fn name(names: &Names, page: Language) -> Self {
        let there = |language: Language| names.0.get_key_value(&language);
        let found = [page, Language::EN, Language::VI].into_iter().find_map(there).or_else(|| names.0.iter().next());
        found.map_or_else(|| Self::own(""), |(language, text)| Self::of(text, *language, page))
    }

    /// Words whose language nobody wrote down: taken for Vietnamese where they bear its letters.
    #[must_use]
    pub fn guessed(text: impl Into<String>, page: Language) -> Self {
        let text = text.into();
        let language = if is_vietnamese(&text) { Language::VI } else { page };
        Self::of(text, language, page)
    }
}

/// Whether a text bears letters that only Vietnamese has.
fn is_vietnamese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | 'ă' | 'Ă' | '\u{1ea0}'..='\u{1ef9}'))
}

/// `1:05`, as a player shows it.
#[must_use]
pub fn clock(length: Milliseconds) -> String {
    let seconds = length.0 / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Whole minutes, at least one.
#[must_use]
pub fn minutes(length: Milliseconds, words: &Strings) -> String {
    let minutes = ((length.0 + 30_000) / 60_000).max(1).to_string();
    fill(&words.minutes, &[("minutes", &minutes)])
}

/// Metres, or kilometres with one place, as the language writes them.
#[must_use]
pub fn distance(metres: u32, language: Language) -> String {
    if metres < 1_000 {
        return format!("{metres} m");
    }
    let tenths = (metres + 50) / 100;
    let point = [Language::EN, Language::ZH, Language::JA, Language::KO].contains(&language);
    let mark = if point { '.' } else { ',' };
    match tenths % 10 {
        0 => format!("{} km", tenths / 10),
        tenth => format!("{}{mark}{tenth} km", tenths / 10),
    }
}

/// Seconds with milliseconds, for the page's script.
#[must_use]
pub fn seconds(at: Milliseconds) -> String {
    format!("{}.{:03}", at.0 / 1000, at.0 % 1000)
}

/// A curator's own words where the page speaks their language (labels are written in Vietnamese), else the years.
#[must_use]
pub fn period(period: &Period, page: Language, words: &Strings) -> Said {
    if page == Language::VI && !period.label.trim().is_empty() {
        return Said::own(period.label.trim());
    }
    let year = |year: i32| {
        if year < 0 {
            fill(&words.before_common_era, &[("year", &year.unsigned_abs().to_string())])
        } else {
            year.to_string()
        }
    };
    let (from, to) = (year(period.from), year(period.to));
    Said::own(if from == to { from } else { format!("{from}–{to}") })
}

/// `Author, Title, Publisher, 1998`.
#[must_use]
pub fn source(source: &SourceOfFacts, page: Language) -> Said {
    let year = source.year.map(|year| year.to_string());
    let parts = [source.author.as_ref(), Some(&source.title), source.publisher.as_ref(), year.as_ref()];
    let parts: Vec<&str> =
        parts.into_iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    Said::guessed(parts.join(", "), page)
}

/// The beginning of a text for a share card: whole words, at most about `limit` characters.
#[must_use]
pub fn beginning(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let cut: String = text.chars().take(limit).collect();
    let whole = cut.rfind(char::is_whitespace).filter(|at| *at > cut.len() / 2).map_or(cut.as_str(), |at| &cut[..at]);
    format!("{}…", whole.trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::views::strings::Phrasebook;

    #[test]
    fn names_say_what_language_they_are_in() {
        let names = Names([(Language::VI, "Tháp Đôi".to_owned()), (Language::EN, "Twin Towers".to_owned())].into());
        assert_eq!(Said::name(&names, Language::VI), Said::own("Tháp Đôi"));
        assert_eq!(Said::name(&names, Language::JA), Said { text: "Twin Towers".to_owned(), lang: Some("en") });
        assert_eq!(Said::name(&Names::default(), Language::JA).text, "");
        assert_eq!(Said::guessed("Tháp Đôi, 1998", Language::EN).lang, Some("vi"));
        assert_eq!(Said::guessed("Le Cinquantenaire", Language::FR).lang, None);
    }

    #[test]
    fn times_and_years_read_as_people_write_them() {
        let book = Phrasebook::load().unwrap();
        let (vi, en) = (book.of(Language::VI), book.of(Language::EN));
        assert_eq!(clock(Milliseconds(65_999)), "1:05");
        assert_eq!(seconds(Milliseconds(1_042)), "1.042");
        assert_eq!(minutes(Milliseconds(95_000), en), "2 min");
        assert_eq!(minutes(Milliseconds(5_000), vi), "1 phút");
        assert_eq!((distance(950, Language::EN), distance(1_240, Language::VI)), ("950 m".into(), "1,2 km".into()));
        assert_eq!((distance(2_030, Language::EN), distance(1_960, Language::EN)), ("2 km".into(), "2 km".into()));
        let towers = Period { from: 1170, to: 1230, label: "cuối thế kỷ XII".to_owned() };
        assert_eq!(period(&towers, Language::VI, vi).text, "cuối thế kỷ XII");
        assert_eq!(period(&towers, Language::EN, en).text, "1170–1230");
        let old = Period { from: -200, to: -200, label: String::new() };
        assert_eq!(period(&old, Language::EN, en).text, "200 BCE");
    }

    #[test]
    fn a_beginning_ends_with_a_whole_word() {
        assert_eq!(beginning("Hai ngọn tháp", 40), "Hai ngọn tháp");
        assert_eq!(beginning("Hai ngọn tháp gạch của người Chăm", 21), "Hai ngọn tháp gạch…");
        assert_eq!(beginning("二つの塔が並んで立っています", 5), "二つの塔が…");
    }
}
