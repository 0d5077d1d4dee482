//! Planted faults, and the rate of false alarms on translations of people.

use std::path::Path;

use proptest::prelude::*;

use super::*;

fn kinds(source: &str, from: &str, target: &str, to: &str) -> Vec<FindingKind> {
    check(source, from.parse().unwrap(), target, to.parse().unwrap()).iter().map(|finding| finding.kind).collect()
}

#[test]
fn a_vietnamese_title_between_two_other_languages_stays() {
    let said = "The old gazetteer Đại Nam nhất thống chí says that its sides resemble wings.";
    assert_eq!(kinds(said, "en", "O velho livro Đại Nam nhất thống chí diz que seus lados parecem asas.", "pt"), []);
    let left = "O velho livro says that its sides resemble asas and its roof a fairy.";
    assert_eq!(kinds(said, "en", left, "pt"), [FindingKind::Untranslated]);
}

#[test]
fn planted_faults_are_found() {
    use FindingKind::{Empty, Length, Repeated, Script, SentenceCount, SourceLeft, Untranslated};
    let source = "Bốn ngọn tháp Chăm còn lại trên một quả đồi nhìn xuống hai nhánh sông Côn.";
    for (kind, target) in [
        (Empty, " "),
        (Empty, "…"),
        (Length, "Four."),
        (Repeated, "Four Cham towers on a hill on a hill on a hill on a hill above two arms of the river."),
        (Untranslated, "Bốn ngọn tháp Chăm còn lại trên một quả đồi above two arms of the Côn River."),
        (Script, "Four Cham towers survive on a hill above two 河流 of the Côn River."),
        (Script, "Four Cham tоwers survive on a hill above two arms of the Côn River."),
        (SourceLeft, "Four Cham towers còn lại trên a hill above two arms của the Côn River."),
    ] {
        assert!(kinds(source, "vi", target, "en").contains(&kind), "{kind:?}: {target}");
    }
    assert_eq!(kinds("Chào mừng 🏛️ 🇻🇳!", "vi", "Welcome 🏛 🇻🇳!", "en"), []);
    assert_eq!(kinds("Chào mừng 🏛️ quý khách!", "vi", "Welcome to our museum!", "en"), [FindingKind::Symbol]);
    assert_eq!(kinds("★ Gọi ☎ 0256", "vi", "Call 0256", "en"), []);
    let two = "Tháp cao hai mươi mét. Người Pháp gọi đây là Tháp Bạc vì màu của nó.";
    assert!(kinds(two, "vi", "The tower is twenty metres high.", "en").contains(&SentenceCount));
    assert!(kinds("塔は高い。", "ja", "The 塔 is tall.", "en").contains(&SourceLeft));
}

#[test]
fn names_and_quotations_are_no_faults() {
    for (source, from, target, to) in [
        ("Bảo tàng Quang Trung", "vi", "Bảo tàng Quang Trung", "en"),
        ("Tên chữ Hán là Thập Tháp (十塔).", "vi", "Its name in Chinese characters is Thập Tháp (十塔).", "en"),
        ("Tháp Bánh Ít rất đẹp.", "vi", "Башни Bánh Ít очень красивы.", "ru"),
        ("Rất, rất, rất đẹp.", "vi", "Very, very, very beautiful.", "en"),
    ] {
        assert_eq!(kinds(source, from, target, to), [], "{target}");
    }
}

/// Translations of people raise few alarms; prints the rate of each language.
#[test]
fn ntrex_raises_few_alarms() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/ntrex-dev");
    let lines = |name: &str| {
        std::fs::read_to_string(folder.join(name)).map(|t| t.lines().map(str::to_owned).collect::<Vec<_>>())
    };
    let Ok(english) = lines("eng-US.txt") else {
        println!("skipped: there is no {}", folder.display());
        return;
    };
    let mut worst: f64 = 0.0;
    for (tag, name) in [
        ("vi", "vie"),
        ("pt", "por"),
        ("fr", "fra"),
        ("es", "spa"),
        ("de", "deu"),
        ("ru", "rus"),
        ("zh", "zho-CN"),
        ("ja", "jpn"),
        ("ko", "kor"),
    ] {
        let other = lines(&format!("{name}.txt")).unwrap();
        for back in [false, true] {
            let alarms: Vec<_> = english
                .iter()
                .zip(&other)
                .filter_map(|(en, other)| {
                    let found = if back { kinds(other, tag, en, "en") } else { kinds(en, "en", other, tag) };
                    (!found.is_empty()).then_some((found, if back { en } else { other }))
                })
                .collect();
            let rate = alarms.len() as f64 / english.len() as f64;
            println!("{tag} {} {:.2} %", if back { "to en" } else { "from en" }, rate * 100.0);
            if std::env::var_os("SHOW").is_some() {
                alarms.iter().for_each(|(kinds, text)| println!("    {kinds:?} {text}"));
            }
            worst = worst.max(rate);
        }
    }
    assert!(worst <= 0.02, "{worst}");
}

proptest! {
    #[test]
    fn any_text_is_checked(a in "\\PC{0,60}", b in "\\PC{0,60}", x in 0..11_usize, y in 0..11_usize) {
        let (from, to) = (Language::all().nth(x).unwrap(), Language::all().nth(y).unwrap());
        for finding in check(&a, from, &b, to) {
            for (span, text) in [(finding.source, &a), (finding.target, &b)] {
                if let Some(span) = span {
                    let quoted: String = text.chars().skip(span.start).take(span.end - span.start).collect();
                    prop_assert_eq!(quoted, span.text);
                }
            }
        }
    }
}
