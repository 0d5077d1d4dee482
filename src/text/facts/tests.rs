//! What single expressions are read as, and what must hold for any text.

use proptest::prelude::*;

use super::*;
use crate::text::numerals;

fn values(text: &str, tag: &str) -> Vec<Value> {
    read(text, tag.parse().unwrap()).into_iter().map(|fact| fact.value).collect()
}

fn number(value: i64) -> Value {
    Value::Number(Rational::whole(value))
}

#[test]
fn numbers_in_words_are_read_in_every_language() {
    for (value, tag, text) in [
        (25, "vi", "hai mươi lăm tháp"),
        (10_000, "vi", "một vạn quân"),
        (2_500, "vi", "hai nghìn rưỡi"),
        (200_000, "vi", "hai mươi vạn"),
        (1_500_000, "vi", "1,5 triệu"),
        (500_000, "en", "half a million"),
        (1_771, "en", "one thousand seven hundred and seventy-one"),
        (97, "fr", "quatre-vingt-dix-sept"),
        (21, "de", "einundzwanzig"),
        (2_577, "de", "zweitausendfünfhundertsiebenundsiebzig"),
        (1_771, "it", "millesettecentosettantuno"),
        (1_771, "ru", "тысяча семьсот семьдесят один"),
        (540, "pt", "quinhentos e quarenta"),
        (900_000, "es", "novecientos mil"),
        (320, "zh", "三百二十座塔"),
        (35_000, "ja", "3万5000人"),
        (15_000, "ko", "1만 5천 명"),
        (25, "ko", "스물다섯 명"),
    ] {
        assert_eq!(values(text, tag).first(), Some(&number(value)), "{text}");
    }
}

#[test]
fn parts_behind_a_unit_belong_to_it() {
    let metres = |tag: &str, text: &str| match values(text, tag).as_slice() {
        [Value::Quantity { value, unit }] => (value.as_f64(), unit.name),
        other => panic!("{text}: {other:?}"),
    };
    for (value, unit, tag, text) in [
        (1.5, "t", "vi", "nặng một tấn rưỡi"),
        (1.2, "m", "vi", "cao một mét hai, dày"),
        (2.5, "m", "pt", "dois metros e meio"),
        (2.5, "m", "de", "zweieinhalb Meter"),
        (1.5, "t", "es", "tonelada y media"),
        (1.45, "m", "it", "alta 1 metro e 45."),
        (5.5, "ft", "en", "5 feet 6 inches"),
        (5.5, "h", "zh", "五个半小时"),
    ] {
        assert_eq!(metres(tag, text), (value, unit), "{text}");
    }
}

#[test]
fn what_is_said_twice_comes_back_twice() {
    let (source, all) =
        ("Hai tháp có 12 tượng, mỗi bên thêm 12 bia.", "The towers have 12 statues and 12 more steles.");
    let findings = |target: &str| compare(source, Language::VI, target, Language::EN, &[]).len();
    assert_eq!(findings(&format!("The two {}", &all[4..])), 0);
    assert_eq!(findings("The two towers have 12 statues and more steles on either side."), 1);
    let measured = compare("Cao 20 m.", Language::VI, "It is 20 m (66 feet) high.", Language::EN, &[]);
    assert_eq!(measured, []);
}

#[test]
fn separators_are_those_of_the_language() {
    let value = Rational::new(12_345, 10).unwrap();
    for (tag, text) in
        [("vi", "1.234,5"), ("en", "1,234.5"), ("fr", "1 234,5"), ("ru", "1\u{a0}234,5"), ("zh", "1,234.5")]
    {
        assert_eq!(values(text, tag), [Value::Number(value)], "{text}");
    }
    assert_ne!(values("1.234", "en"), values("1.234", "vi"));
}

#[test]
fn words_that_only_look_like_numbers_raise_nothing() {
    for (source, from, target, to) in [
        ("Một ngôi làng bên sông.", "vi", "The village by the river.", "en"),
        ("Năm nay lễ hội rất vui.", "vi", "This year the festival is very merry.", "en"),
        ("Wait a second; one may enter.", "en", "Đợi một chút; có thể vào.", "vi"),
        ("Un homme et une femme.", "fr", "A man and a woman.", "en"),
        ("Hai bên đường có cây.", "vi", "There are trees along the road.", "en"),
        ("Tây Sơn Tam Kiệt", "vi", "The Three Heroes of Tây Sơn", "en"),
    ] {
        let findings = compare(source, from.parse().unwrap(), target, to.parse().unwrap(), &[]);
        assert!(findings.is_empty(), "{source}: {findings:?}");
    }
}

/// How many findings a pair has.
fn findings(source: (&str, &str), target: (&str, &str)) -> usize {
    compare(source.1, source.0.parse().unwrap(), target.1, target.0.parse().unwrap(), &[]).len()
}

#[test]
fn days_of_the_week_are_compared() {
    assert_eq!(values("đóng cửa thứ Hai", "vi"), [Value::Weekday(1)]);
    assert_eq!(values("con thứ ba trong nhà", "vi"), [number(3)]);
    assert_eq!(values("每周三次", "zh"), [number(3)]);
    let source = ("vi", "Mở cửa các ngày, trừ sáng thứ Năm.");
    for (tag, right, wrong) in [
        ("en", "Open daily except Thursday morning.", "Open daily except Friday morning."),
        ("pt", "Aberto todos os dias, exceto quinta de manhã.", "Aberto todos os dias, exceto terça-feira de manhã."),
        ("zh", "除周四上午外每天开放。", "除周五上午外每天开放。"),
        ("de", "Täglich außer Donnerstagmorgen geöffnet.", "Täglich außer Dienstagmorgen geöffnet."),
    ] {
        assert_eq!((findings(source, (tag, right)), findings(source, (tag, wrong))), (0, 1), "{tag}");
    }
}

#[test]
fn storeys_may_be_counted_from_the_ground_or_above_it() {
    let source = ("vi", "Tầng hai bày tượng.");
    for (tag, target, expected) in [
        ("en", "The first floor shows statues.", 0),
        ("en", "The second floor shows statues.", 0),
        ("en", "The fourth floor shows statues.", 1),
        ("ja", "2階には像が並ぶ。", 0),
        ("ja", "5階には像が並ぶ。", 1),
    ] {
        assert_eq!(findings(source, (tag, target)), expected, "{target}");
    }
    // A count of storeys is no storey.
    assert_eq!(findings(("vi", "Tháp có ba tầng."), ("en", "The tower has two storeys.")), 1);
}

#[test]
fn guesses_are_written_in_each_language_in_its_own_way() {
    for (source, tag, target) in [
        ("Mỗi đêm hai ba trăm người xem.", "en", "Two or three hundred people watch every night."),
        ("Mỗi đêm hai ba trăm người xem.", "zh", "每晚有两三百人观看。"),
        ("Phải năm sáu người khiêng.", "ko", "대여섯 명이 메야 한다."),
        ("Phải năm sáu người khiêng.", "ja", "五、六人で担ぐ。"),
        ("Có vài chục nhà.", "de", "Es gibt ein paar Dutzend Häuser."),
        ("Chín phần mười là thợ dệt.", "pt", "Nove em cada dez são tecelões."),
        ("Nửa thế kỷ đã qua.", "ru", "Прошло полвека."),
        ("Cuối những năm 1990.", "de", "Ende der Neunzigerjahre."),
    ] {
        assert_eq!(findings(("vi", source), (tag, target)), 0, "{target}");
    }
    for (source, tag, target) in [
        ("Mỗi đêm hai ba trăm người xem.", "en", "Four or five hundred people watch every night."),
        ("Phải năm sáu người khiêng.", "ko", "일고여덟 명이 메야 한다."),
        ("Chín phần mười là thợ dệt.", "pt", "Sete em cada dez são tecelões."),
        ("Cuối những năm 1990.", "de", "Ende der Siebzigerjahre."),
        ("Cuối những năm 1890.", "en", "At the end of the 90s."),
    ] {
        assert_ne!(findings(("vi", source), (tag, target)), 0, "{target}");
    }
}

/// A line of millions of facts is read and compared in time that grows with its length.
#[test]
fn a_long_line_is_compared_in_one_go() {
    let source = "Năm 1771 có 3 tháp cao 20 m. ".repeat(20_000);
    let target = "In 1771 there were 3 towers 20 m high. ".repeat(20_000);
    assert!(compare(&source, Language::VI, &target, Language::EN, &[]).is_empty());
    assert!(!read(&"9".repeat(100_000), Language::EN).iter().any(|fact| fact.span.text.is_empty()));
}

/// Pieces of sentences that the readers look for, and anything else.
fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "năm ",
        "tháng ",
        "thế kỷ ",
        "thứ ",
        "Hai ",
        "vài ",
        "tầng ",
        "or ",
        "周三",
        "五六",
        "대여섯 ",
        "полгода ",
        "thirties ",
        "XII",
        "XIIe ",
        " siècle",
        "12",
        "1.234,5",
        " m",
        "° ",
        "′ ",
        "N ",
        "ba ",
        "mươi ",
        "lăm ",
        "rưỡi ",
        "half ",
        "a ",
        "million ",
        "th ",
        "century ",
        "pm ",
        ":",
        "30",
        "/",
        "-",
        "–",
        "三",
        "百",
        "万",
        "年",
        "月",
        "世紀",
        "세 ",
        "만 ",
        "년 ",
        " до н. э.",
        "двадцать ",
        "zwölf",
        "und",
        "zwanzig",
        "€",
        "$",
        "tỷ ",
        "đồng ",
        " Uhr",
        "h",
        "mùng ",
        "Giêng ",
        "January ",
        "quatre-vingt",
        "-",
        "dix ",
        "et demi ",
        "½",
        "분의 ",
        "分之",
        "半",
        "初",
        "BC",
        "(",
        ", ",
    ]);
    prop::collection::vec(prop_oneof![3 => words.prop_map(str::to_owned), 1 => "\\PC{0,4}"], 0..14)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn spans_quote_the_text(text in pieces(), place in 0..11_usize) {
        let language = Language::all().nth(place).unwrap();
        let chars: Vec<char> = text.chars().collect();
        for fact in read(&text, language) {
            prop_assert!(fact.span.start < fact.span.end && fact.span.end <= chars.len());
            prop_assert_eq!(chars[fact.span.start..fact.span.end].iter().collect::<String>(), fact.span.text);
        }
    }

    #[test]
    fn a_text_says_the_same_as_itself(text in pieces(), place in 0..11_usize) {
        let language = Language::all().nth(place).unwrap();
        prop_assert_eq!(compare(&text, language, &text, language, &[]), []);
    }

    #[test]
    fn any_two_texts_are_compared(a in pieces(), b in pieces(), x in 0..11_usize, y in 0..11_usize) {
        let (from, to) = (Language::all().nth(x).unwrap(), Language::all().nth(y).unwrap());
        for finding in compare(&a, from, &b, to, &[]) {
            prop_assert!(finding.source.is_some() || finding.target.is_some());
        }
    }

    #[test]
    fn what_the_speller_writes_is_read_back(n in prop_oneof![0..100_u64, 0..10_000_u64, 0..900_000_000_u64]) {
        for tag in ["vi", "en", "fr", "es", "it", "pt", "zh", "ja"] {
            let language: Language = tag.parse().unwrap();
            let words = numerals::cardinal(n, numerals::Form::PLAIN, language).unwrap();
            // `năm` alone is a year, and a single Han numeral a part of some word.
            if n == 0 || (n == 5 && tag == "vi") || (n < 10 && matches!(tag, "zh" | "ja")) {
                continue;
            }
            let facts = read(&words, language);
            prop_assert_eq!(facts.len(), 1, "{} {}: {:?}", n, words, facts);
            let value = i64::try_from(n).unwrap();
            let says = facts[0].readings().any(|reading| match reading {
                Value::Number(read) => *read == Rational::whole(value),
                Value::Year(read) | Value::Vague(read) => *read == value,
                _ => false,
            });
            prop_assert!(says, "{} {}: {:?}", n, words, facts);
        }
    }
}
