//! The languages a guide can be in: BCP 47 tags from one table.
//!
//! Invariant: a `Language` is always one of the table's, so every language that reaches the pipeline has a name to
//! show and rules to split and speak by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a language is written, as far as splitting, captions and fonts care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Words between spaces.
    Alphabetic,
    /// Han characters or kana without spaces between words.
    Ideographic,
}

#[derive(Debug)]
struct Entry {
    tag: &'static str,
    endonym: &'static str,
    vietnamese: &'static str,
    script: Script,
}

const fn entry(tag: &'static str, endonym: &'static str, vietnamese: &'static str, script: Script) -> Entry {
    Entry { tag, endonym, vietnamese, script }
}

static TABLE: [Entry; 11] = [
    entry("vi", "Tiếng Việt", "tiếng Việt", Script::Alphabetic),
    entry("en", "English", "tiếng Anh", Script::Alphabetic),
    entry("fr", "Français", "tiếng Pháp", Script::Alphabetic),
    entry("ja", "日本語", "tiếng Nhật", Script::Ideographic),
    entry("zh", "中文", "tiếng Trung", Script::Ideographic),
    entry("pt", "Português", "tiếng Bồ Đào Nha", Script::Alphabetic),
    entry("es", "Español", "tiếng Tây Ban Nha", Script::Alphabetic),
    entry("it", "Italiano", "tiếng Ý", Script::Alphabetic),
    entry("de", "Deutsch", "tiếng Đức", Script::Alphabetic),
    entry("ru", "Русский", "tiếng Nga", Script::Alphabetic),
    entry("ko", "한국어", "tiếng Hàn", Script::Alphabetic),
];

/// One language of the table, named by its BCP 47 tag.
#[derive(Clone, Copy)]
pub struct Language(&'static Entry);

/// A tag that names no language of the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown language `{0}`: use one of {list}", list = Language::all().map(Language::tag).collect::<Vec<_>>().join(", "))]
pub struct LanguageError(pub String);

impl Language {
    /// Vietnamese, the language most descriptions are written in.
    pub const VI: Self = Self(&TABLE[0]);
    pub const EN: Self = Self(&TABLE[1]);
    pub const FR: Self = Self(&TABLE[2]);
    pub const JA: Self = Self(&TABLE[3]);
    pub const ZH: Self = Self(&TABLE[4]);
    pub const PT: Self = Self(&TABLE[5]);
    pub const ES: Self = Self(&TABLE[6]);
    pub const IT: Self = Self(&TABLE[7]);
    pub const DE: Self = Self(&TABLE[8]);
    pub const RU: Self = Self(&TABLE[9]);
    pub const KO: Self = Self(&TABLE[10]);

    /// Every language, in the order a picker shows them.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(Self)
    }

    /// The BCP 47 tag: `vi`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.0.tag
    }

    /// The language's name in itself: `Tiếng Việt`.
    #[must_use]
    pub fn endonym(self) -> &'static str {
        self.0.endonym
    }

    /// The language's name in Vietnamese, for staff.
    #[must_use]
    pub fn vietnamese_name(self) -> &'static str {
        self.0.vietnamese
    }

    #[must_use]
    pub fn script(self) -> Script {
        self.0.script
    }

    /// RFC 4647 lookup: the range is shortened from its end until a tag of the table fits (`pt-BR` finds `pt`,
    /// `zh-Hant-TW` finds `zh`). `None` where nothing fits.
    #[must_use]
    pub fn lookup(range: &str) -> Option<Self> {
        let primary = range.split(['-', '_']).next()?;
        Self::all().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        Self::all().find(|l| l.tag() == text).ok_or_else(|| LanguageError(text.chars().take(40).collect()))
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.tag() == other.tag()
    }
}
impl Eq for Language {}
impl PartialOrd for Language {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Language {
    /// The order of the table, which is the order of the picker.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let place = |l: &Self| TABLE.iter().position(|e| e.tag == l.tag());
        place(self).cmp(&place(other))
    }
}
impl std::hash::Hash for Language {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.tag().hash(state);
    }
}
impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}
impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookup_shortens_a_range() {
        assert_eq!(Language::lookup("pt-BR"), Some(Language::PT));
        assert_eq!(Language::lookup("ZH-Hant-TW"), Some(Language::ZH));
        assert_eq!(Language::lookup("th"), None);
        assert_eq!(Language::lookup(""), None);
    }

    #[test]
    fn an_unknown_tag_is_named_with_the_way_out() {
        let error = "xx".parse::<Language>().unwrap_err().to_string();
        assert!(error.contains("`xx`") && error.contains("vi, en"), "{error}");
    }
}
