//! Numbers of Chinese, Japanese and Korean: `十二`, `三百二十`, `一七七一`, `3万5000`, `삼백`, `열두`.
//!
//! A single Han or Sino-Korean numeral is part of a word more often than a number, so it counts only before a counter,
//! a unit or the like.

use super::super::rational::Rational;
use super::super::sentence::{Place, Sentence};
use super::super::words::{Group, Piece, Words};
use super::digits::{digits, in_code};
use super::sum::Sum;
use super::{Form, Number, Weight, approximate};
use crate::domain::Language;

fn numeral(c: char, language: Language) -> Option<Piece> {
    use Piece::{Add, And, Times};
    if language == Language::KO {
        return Some(match c {
            '영' => Add(0),
            '일' => Add(1),
            '이' => Add(2),
            '삼' => Add(3),
            '사' => Add(4),
            '오' => Add(5),
            '육' | '륙' => Add(6),
            '칠' => Add(7),
            '팔' => Add(8),
            '구' => Add(9),
            '십' => Times(10),
            '백' => Times(100),
            '천' => Times(1_000),
            '만' => Times(10_000),
            '억' => Times(100_000_000),
            _ => return None,
        });
    }
    Some(match c {
        '〇' | '零' => Add(0),
        '一' | '壹' | '壱' => Add(1),
        '二' | '贰' | '弐' => Add(2),
        '两' | '兩' if language == Language::ZH => Add(2),
        '三' | '叁' | '参' if c != '参' => Add(3),
        '四' => Add(4),
        '五' => Add(5),
        '六' => Add(6),
        '七' => Add(7),
        '八' => Add(8),
        '九' => Add(9),
        '廿' => Add(20),
        '卅' => Add(30),
        '十' => Times(10),
        '百' => Times(100),
        '千' => Times(1_000),
        '万' | '萬' => Times(10_000),
        '亿' | '億' => Times(100_000_000),
        '兆' => Times(1_000_000_000_000),
        '又' => And,
        _ => return None,
    })
}

pub(super) fn number(sentence: &Sentence, words: &Words, at: usize) -> Option<Number> {
    let korean = sentence.language == Language::KO;
    let opens = !korean || !sentence.before(at).is_some_and(is_hangul);
    if opens
        && let Some(few) = approximate::few(sentence, words, at)
        && (few.value != Rational::ONE || counted(sentence, words, few.end))
    {
        return Some(few);
    }
    if sentence.at(at).is_some_and(|c| c.is_ascii_digit()) {
        return in_digits(sentence, at);
    }
    if !opens {
        return None;
    }
    either(sentence, words, at).or_else(|| native(sentence, words, at)).or_else(|| in_numerals(sentence, words, at))
}

/// How many numerals stand in a row from here on, where the row begins here.
pub(super) fn run(sentence: &Sentence, at: usize) -> usize {
    let is_numeral = |c: char| numeral(c, sentence.language).is_some();
    if sentence.before(at).is_some_and(is_numeral) {
        return 0;
    }
    sentence.chars[at..].iter().take_while(|c| is_numeral(**c)).count()
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7af}')
}

fn plain(place: Place, value: Rational, form: Form, weight: Weight) -> Number {
    Number { place, end: place.to, value, other: None, about: None, form, ordinal: false, weight }
}

/// Digits, perhaps with scales between them: `3万5000`, `1만 5천`, `2.5亿`.
fn in_digits(sentence: &Sentence, at: usize) -> Option<Number> {
    let first = digits(sentence, at)?;
    let mut sum = Sum::new(10_000);
    sum.digits(first.value);
    let mut end = first.end;
    let mut scaled = false;
    loop {
        let gap = if scaled { sentence.skip(end) } else { end };
        let mut here = gap;
        if scaled {
            let Some(more) = digits(sentence, here) else { break };
            if !sum.digits(more.value) {
                break;
            }
            here = more.end;
        }
        let mut any = false;
        // `1100 万`: a space before the scale.
        if sentence.at(here) == Some(' ')
            && matches!(sentence.at(here + 1).and_then(|c| numeral(c, sentence.language)), Some(Piece::Times(10_000..)))
        {
            here += 1;
        }
        // `3분의 2만`: only two thirds.
        let share = sentence.before(sentence.skip_back(at)) == Some('의') && sentence.at(here) == Some('만');
        if share && sentence.chars[..at].iter().rev().take(3).any(|c| *c == '분') {
            end = here + 1;
            break;
        }
        let more =
            usize::from(is_more(sentence, here) && matches!(sentence.at(here + 1), Some('万' | '萬' | '亿' | '만')));
        here += more;
        while let Some(Piece::Times(factor)) = sentence.at(here).and_then(|c| numeral(c, sentence.language)) {
            let word = sentence.language == Language::KO && factor < 10_000 && !any && !scaled && factor == 10;
            if word || !sum.times(factor) {
                break;
            }
            here += 1;
            any = true;
        }
        if !any && !scaled {
            break;
        }
        end = here;
        scaled = true;
        if !any {
            break;
        }
    }
    let form = Form::Digits { plain: first.plain && !scaled, count: first.count };
    // `1チーム`: one in digits is `each` as often as in words.
    let weight = match () {
        () if in_code(sentence, at) => Weight::Optional,
        () if first.plain && first.value == Rational::ONE && !scaled => Weight::Normal,
        () => Weight::Strong,
    };
    let place = Place { from: at, to: end };
    Some(Number { other: first.other.filter(|_| !scaled), ..plain(place, sum.value()?, form, weight) })
}

/// `대여섯 명`: five or six.
fn either(sentence: &Sentence, words: &Words, at: usize) -> Option<Number> {
    let (least, to) = words.either.starting(sentence, at)?;
    let weight = if counted(sentence, words, to) { Weight::Normal } else { Weight::Optional };
    Some(plain(Place { from: at, to }, Rational::whole(least), Form::Han, weight))
}

/// Words: `三つ` here, native Korean `열두` there.
fn native(sentence: &Sentence, words: &Words, at: usize) -> Option<Number> {
    // `ダース` inside a name in katakana.
    let katakana = |c: char| matches!(c, 'ァ'..='ヺ' | 'ー');
    if sentence.at(at).is_some_and(katakana) && sentence.before(at).is_some_and(katakana) {
        return None;
    }
    let (word, mut end) = words.numbers.starting(sentence, at)?;
    let Piece::Add(mut value) = word.piece else { return None };
    if sentence.language == Language::KO && value >= 10 && value % 10 == 0 {
        let next = if sentence.at(end) == Some(' ') { end + 1 } else { end };
        if let Some((ones, ones_end)) = words.numbers.starting(sentence, next)
            && let Piece::Add(more @ 1..10) = ones.piece
        {
            (value, end) = (value + more, ones_end);
        }
    }
    let place = Place { from: at, to: end };
    let mut weight = if word.optional { Weight::Optional } else { Weight::Normal };
    if sentence.language == Language::KO {
        // `두 개` and `열두` are numbers; `세` and `네` inside other words are not.
        let next = sentence.at(end);
        let short = end - at == 1;
        // `별 셋은`: the noun takes a particle.
        let noun = matches!(sentence.at(at), Some('둘' | '셋' | '넷'))
            && next.is_some_and(|c| "은이을의만도과중으".contains(c));
        if (short && !noun && next.is_some_and(|c| c != ' '))
            || (!noun && next.is_some_and(|c| is_hangul(c) && !counted(sentence, words, end)))
        {
            if short {
                return None;
            }
            weight = Weight::Optional;
        }
        let alone = sentence.before(at) == Some(' ') && sentence.at(at) != Some('네');
        if short && !alone && !counted(sentence, words, end) {
            weight = Weight::Optional;
        }
    }
    let weight = if weight == Weight::Normal && value > 12 { Weight::Strong } else { weight };
    Some(Number { ordinal: word.ordinal, ..plain(place, Rational::whole(value), Form::Han, weight) })
}

/// The numerals from here on and the end of each; `多` in `二十多万` says no more than that it is not exact.
fn numerals(sentence: &Sentence, at: usize) -> (Vec<Piece>, Vec<usize>) {
    let (mut run, mut ends) = (Vec::new(), Vec::new());
    let piece = |place: usize| sentence.at(place).and_then(|c| numeral(c, sentence.language));
    for place in at..at + 24 {
        match piece(place) {
            Some(found) => {
                run.push(found);
                ends.push(place + 1);
            }
            None if is_more(sentence, place)
                && matches!(piece(place + 1), Some(Piece::Times(_)))
                && !run.is_empty() => {}
            None => break,
        }
    }
    (run, ends)
}

fn is_more(sentence: &Sentence, at: usize) -> bool {
    sentence.at(at).is_some_and(|c| matches!(c, '多' | '余' | '餘' | '几' | '来' | '数' | '여'))
}

fn in_numerals(sentence: &Sentence, words: &Words, at: usize) -> Option<Number> {
    let language = sentence.language;
    let (run, ends) = numerals(sentence, at);
    let digits: Vec<i64> =
        run.iter().map_while(|p| if let Piece::Add(d @ 0..10) = p { Some(*d) } else { None }).collect();
    if run.is_empty() {
        return None;
    }
    // `一七七一`: digit by digit.
    if digits.len() == run.len() && digits.len() >= 2 {
        let value = digits.iter().fold(0_i64, |sum, digit| sum.saturating_mul(10).saturating_add(*digit));
        let weight = if digits.len() > 2 && language != Language::KO { Weight::Strong } else { Weight::Optional };
        let place = Place { from: at, to: at + digits.len() };
        let form = if weight == Weight::Strong { Form::Digits { plain: true, count: digits.len() } } else { Form::Han };
        return Some(plain(place, Rational::whole(value), form, weight));
    }
    let mut sum = Sum::new(10_000);
    let mut used = 0_usize;
    for piece in &run {
        let taken = match *piece {
            Piece::Add(0) if !sum.is_empty() => true,
            Piece::Add(digit) => sum.add(digit, false),
            Piece::Times(factor) => sum.times(factor),
            _ => false,
        };
        if !taken {
            break;
        }
        used += 1;
    }
    let end = *ends.get(used.checked_sub(1)?)?;
    let value = sum.value()?;
    let place = Place { from: at, to: end };
    let ordinal = sentence.phrase_before(at, words.group(Group::OrdinalBefore)).is_some();
    let counted = counted(sentence, words, end);
    // Korean `이 춤`: this.
    if language == Language::KO && used == 1 && sentence.at(at) == Some('이') && !counted {
        return None;
    }
    let one = value == Rational::ONE;
    let weight = match value.as_whole() {
        _ if used == 1 && matches!(run[0], Piece::Times(_)) => Weight::Optional,
        Some(_) if one => Weight::Optional,
        // `이 층` is this floor as well as two floors.
        Some(2..=12) if language == Language::KO && used == 1 && !sure_korean(sentence, end) => Weight::Optional,
        Some(2..=12) if counted || ordinal => Weight::Normal,
        Some(13..) if counted || (used > 2 && language != Language::KO) => Weight::Strong,
        _ => Weight::Optional,
    };
    Some(plain(place, value, Form::Han, weight))
}

/// Counters that make a number of a single Sino-Korean syllable written before them: `삼층`, `팔월`.
fn sure_korean(sentence: &Sentence, end: usize) -> bool {
    matches!(sentence.at(end), Some('층' | '월')) || sentence.chars.get(end..end + 2) == Some(&['세', '기'])
}

/// Whether something that is counted or measured follows.
fn counted(sentence: &Sentence, words: &Words, end: usize) -> bool {
    let mut at = sentence.skip(end);
    if let Some((_, more)) = words.group(Group::More).starting(sentence, at) {
        at = more;
    }
    [Group::Counter, Group::Century, Group::Year, Group::Month, Group::Decade, Group::OrdinalAfter]
        .iter()
        .any(|group| words.group(*group).starting(sentence, at).is_some())
        || words.units.starting(sentence, at).is_some()
        || words.money.starting(sentence, at).is_some()
}
