//! What the judge says of clips whose faults are known, from texts alone.

use super::*;
use crate::domain::{HearingKind, Verdict};

fn listener(model: &str) -> Listener {
    Listener { engine: "whisper".into(), model: model.into(), rules: RULES.into() }
}

fn heard(language: Language, written: &str, spoken: &str, names: &[GlossaryEntry], text: &str) -> Hearing {
    let meant = Meant { language, written, spoken, names };
    judge(&meant, &Heard { text, ..Heard::default() }, listener("whisper-base"), None)
}

fn kinds(hearing: &Hearing) -> Vec<HearingKind> {
    hearing.findings.iter().map(|finding| finding.kind).collect()
}

fn name(term: &str) -> GlossaryEntry {
    GlossaryEntry { term: term.into(), forms: Vec::new(), renderings: Default::default(), note: None }
}

#[test]
fn what_sounds_and_counts_the_same_passes() {
    let cases = [
        (Language::EN, "It has 12 towers.", "It has twelve towers.", "It has 12 towers."),
        (Language::EN, "It has 12 towers.", "It has twelve towers.", "It has twelve towers"),
        (Language::PT, "São 12 torres.", "São doze torres.", "são 12 torres"),
        (Language::EN, "The colour is grey.", "The colour is grey.", "The color is gray."),
        (Language::EN, "Wait a while here.", "Wait a while here.", "Wait awhile here."),
        (Language::JA, "塔が12あります。", "塔が十二あります。", "塔が12あります"),
        (Language::ZH, "這座塔很高。", "這座塔很高。", "这座塔很高"),
        (Language::IT, "È del XII secolo.", "È del dodicesimo secolo.", "È del 12 secolo."),
        (Language::FR, "Le cœur de l'œuvre.", "Le cœur de l'œuvre.", "le coeur de l oeuvre"),
    ];
    for (language, written, spoken, text) in cases {
        let hearing = heard(language, written, spoken, &[], text);
        assert_eq!(hearing.verdict, Verdict::Pass, "{language} {text}: {:?}", hearing.findings);
    }
}

#[test]
fn faults_are_named_by_their_kind() {
    let text = "The northern tower is larger. Its roof has three storeys of brick. Go around it slowly.";
    let cases = [
        ("", HearingKind::Silence),
        ("Thanks for watching, see you in the next video!", HearingKind::Unintelligible),
        ("The northern tower is larger. Go around it slowly.", HearingKind::Dropped),
        ("The northern tower is larger. Its roof has five storeys of brick. Go around it slowly.", HearingKind::Fact),
        ("The northern is larger. Its roof has three storeys of brick. Go around it slowly.", HearingKind::Missing),
        (
            "The northern tower is larger. Its roof has three storeys of brick of brick of brick. Go around it slowly.",
            HearingKind::Repeated,
        ),
        (
            "The northern tower is larger. Its roof has three storeys of marble. Go around it slowly.",
            HearingKind::Changed,
        ),
    ];
    for (said, kind) in cases {
        let hearing = heard(Language::EN, text, text, &[], said);
        assert_eq!((hearing.verdict, kinds(&hearing)), (Verdict::Hold, vec![kind]), "{said}: {:?}", hearing.findings);
    }
}

#[test]
fn a_name_ill_spelled_is_the_name_and_another_name_is_not() {
    let names = ["Tây Sơn", "Tháp Đôi", "Bánh Ít"].map(name);
    let text = "The house of Tây Sơn stands near Tháp Đôi today.";
    for said in ["The house of Tay Son stands near Tap Doi today.", "The house of Thai Sun stands near Thap Doy today."]
    {
        let hearing = heard(Language::EN, text, text, &names, said);
        assert_eq!(hearing.verdict, Verdict::Pass, "{said}: {:?}", hearing.findings);
    }
    let hearing = heard(Language::EN, text, text, &names, "The house of Tay Son stands near Ban It today.");
    assert_eq!(kinds(&hearing), [HearingKind::Name], "{:?}", hearing.findings);
    assert_eq!(hearing.findings[0].expected, "Tháp Đôi");
}

#[test]
fn another_name_is_told_by_its_sound_where_it_is_spelled_with_other_signs() {
    let reading = |sign: char| match sign {
        '兴' => "ɕiŋ",
        '盛' => "ʂəŋ",
        '清' => "tɕiŋ",
        '军' | '君' => "tɕyn",
        _ => "a",
    };
    let sounds = |words: &str| Some(words.chars().map(reading).collect::<String>());
    let text = "这里叫兴盛塔。";
    let said = Heard { text: "这里叫清君塔", ..Heard::default() };
    let judged = |names: &[GlossaryEntry]| {
        judge(
            &Meant { language: Language::ZH, written: text, spoken: text, names },
            &said,
            listener("whisper-base"),
            Some(&sounds),
        )
    };
    assert_eq!(judged(&[name("兴盛")]).verdict, Verdict::Pass, "alike enough, where there is no other name");
    let hearing = judged(&[name("兴盛"), name("清军")]);
    assert_eq!((hearing.verdict, kinds(&hearing)), (Verdict::Hold, vec![HearingKind::Name]), "{:?}", hearing.findings);
}

#[test]
fn a_chinese_numeral_heard_as_another_is_held() {
    let text = "这两种颜色很高贵。";
    let hearing = heard(Language::ZH, text, text, &[], "这五种颜色很高贵");
    assert_eq!((hearing.verdict, kinds(&hearing)), (Verdict::Hold, vec![HearingKind::Fact]), "{:?}", hearing.findings);
    let hearing = heard(Language::ZH, text, text, &[], "这二种颜色很高贵");
    assert_eq!(hearing.verdict, Verdict::Pass, "{:?}", hearing.findings);
}

#[test]
fn a_model_that_was_not_measured_judges_nothing_but_silence() {
    let meant = Meant { language: Language::EN, written: "One tower.", spoken: "One tower.", names: &[] };
    let with = |text, model| judge(&meant, &Heard { text, ..Heard::default() }, listener(model), None).verdict;
    assert_eq!(with("One tower.", "whisper-unknown"), Verdict::NotJudged);
    assert_eq!(with("Something else entirely, quite long.", "whisper-unknown"), Verdict::NotJudged);
    assert_eq!(with("", "whisper-unknown"), Verdict::Hold);
    let silent = Heard { text: "Thank you.", speech: Some(0.0), ..Heard::default() };
    assert_eq!(judge(&meant, &silent, listener("whisper-unknown"), None).verdict, Verdict::Hold);
}

#[test]
fn another_language_is_told_by_the_detector() {
    let meant = Meant { language: Language::PT, written: "Uma torre.", spoken: "Uma torre.", names: &[] };
    let sound = Heard { text: "Uma torre.", language: Some(("es", 0.95)), ..Heard::default() };
    let hearing = judge(&meant, &sound, listener("whisper-base"), None);
    assert_eq!((hearing.verdict, kinds(&hearing)), (Verdict::Hold, vec![HearingKind::Language]));
    let unsure = Heard { language: Some(("es", 0.5)), ..sound };
    assert_eq!(judge(&meant, &unsure, listener("whisper-base"), None).verdict, Verdict::Pass);
}

#[test]
fn findings_say_when() {
    let word = |text, start: u64, end: u64| Word {
        text,
        start: Milliseconds(start),
        end: Milliseconds(end),
        probability: 1.0,
    };
    let words = [word("The", 0, 100), word("tower", 100, 500), word("is", 900, 1000), word("marble.", 1000, 1500)];
    let spoken = "The tower nearby is brick.";
    let meant = Meant { language: Language::EN, written: spoken, spoken, names: &[] };
    let sound = Heard { text: "The tower is marble.", words: &words, duration: Milliseconds(1600), ..Heard::default() };
    let found = judge(&meant, &sound, listener("whisper-base"), None).findings;
    let places: Vec<_> = found.iter().map(|finding| (finding.expected.as_str(), finding.at)).collect();
    let at = |from, to| Some([Milliseconds(from), Milliseconds(to)]);
    assert_eq!(places, [("nearby", at(500, 900)), ("brick", at(1000, 1500))]);
}

proptest::proptest! {
    /// Any two texts are judged, and a text never differs from itself.
    #[test]
    fn whatever_is_heard_is_judged(text in "[a-zA-Z0-9 ,.'塔二なサàđ%-]{0,60}", said in "[a-zA-Z0-9 ,.'塔二なサàđ%-]{0,60}") {
        for language in Language::all() {
            let names = [name("Sà")];
            let other = heard(language, &text, &text, &names, &said);
            proptest::prop_assert!(other.cer >= 0.0 && other.wer.is_none_or(|wer| wer >= 0.0));
            let same = heard(language, &text, &text, &names, &text);
            proptest::prop_assert_eq!(same.cer, 0.0);
            proptest::prop_assert!(same.findings.is_empty() || text.chars().all(|c| !c.is_alphanumeric()), "{:?}", same.findings);
        }
    }
}
