//! Numbers in words and digits of the languages written with spaces: `hai nghìn`, `quatre-vingt-dix`, `1,5 tỷ`,
//! `zweitausendfünfhundert`.

use super::super::compounds;
use super::super::rational::Rational;
use super::super::sentence::{Place, Sentence, is_letter};
use super::super::words::{NumberWord, Piece, Words};
use super::digits::{digits, in_code};
use super::sum::Sum;
use super::{Form, Number, Weight, approximate, five};
use crate::domain::Language;

enum Item {
    Digits {
        value: Rational,
        other: Option<Rational>,
        plain: bool,
        count: usize,
    },
    Word(NumberWord),
    /// `zweieinhalb`: so many and a half.
    Mixed(i64),
    Half,
    /// `không trăm`: an empty hundred.
    Nothing,
}

struct Reader<'a> {
    sentence: &'a Sentence,
    words: &'a Words,
    from: usize,
    sum: Sum,
    end: usize,
    pieces: usize,
    ordinal: bool,
    optional: bool,
    other: Option<Rational>,
    form: Form,
    multiplied: bool,
}

pub(super) fn number(sentence: &Sentence, words: &Words, at: usize) -> Option<Number> {
    if !sentence.is_edge(at) {
        return None;
    }
    if let Some(few) = approximate::few(sentence, words, at) {
        return Some(few);
    }
    let reader = Reader {
        sentence,
        words,
        from: at,
        sum: Sum::new(1_000),
        end: at,
        pieces: 0,
        ordinal: false,
        optional: false,
        other: None,
        form: Form::Words,
        multiplied: false,
    };
    reader.read().or_else(|| {
        let (value, end) =
            compounds::opening(sentence, words, at).or_else(|| five::perhaps_five(sentence, at).map(|end| (5, end)))?;
        Some(Number {
            place: Place { from: at, to: end },
            end,
            value: Rational::whole(value),
            other: None,
            about: None,
            form: Form::Words,
            ordinal: false,
            weight: Weight::Optional,
        })
    })
}

impl Reader<'_> {
    fn read(mut self) -> Option<Number> {
        let mut next = self.from;
        while self.pieces < 40 {
            let Some((item, end)) = self.item(next) else { break };
            if !self.take(item, next, end) {
                break;
            }
            next = self.gap(self.end);
            if next == self.end && !self.sentence.is_edge(next) {
                break;
            }
        }
        self.decimals();
        let value = self.sum.value().filter(|_| self.pieces > 0)?;
        let weight = self.weight(value);
        let place = Place { from: self.from, to: self.end };
        let (other, form, ordinal) = (self.other, self.form, self.ordinal);
        Some(Number { place, end: self.end, value, other, about: None, form, ordinal, weight })
    }

    /// Past one space or hyphen between two parts.
    fn gap(&self, end: usize) -> usize {
        match (self.sentence.at(end), self.sentence.at(end + 1)) {
            (Some(' '), _) => end + 1,
            (Some('-'), Some(next)) if is_letter(next) => end + 1,
            _ => end,
        }
    }

    fn item(&self, at: usize) -> Option<(Item, usize)> {
        if let Some(found) = digits(self.sentence, at) {
            let item = Item::Digits { value: found.value, other: found.other, plain: found.plain, count: found.count };
            return Some((item, found.end));
        }
        if let Some(((), end)) = self
            .words
            .halves
            .starting(self.sentence, at)
            .filter(|_| self.sum.is_empty() || (self.pieces == 1 && self.optional))
        {
            // Half of what: only before a scale is it part of a number.
            if self.scale_at(self.gap(end)).is_some() {
                return Some((Item::Half, end));
            }
        }
        if let Some((value, end)) = compounds::and_half(self.sentence, self.words, at) {
            return Some((Item::Mixed(value), end));
        }
        let whole = self.words.numbers.starting(self.sentence, at);
        let empty = whole.is_some_and(|(word, end)| {
            word.piece == Piece::Add(0) && !self.sum.is_empty() && self.scale_at(self.gap(end)) == Some(100)
        });
        if let (true, Some((_, end))) = (empty, whole) {
            let hundred = self.gap(end);
            return self.words.numbers.starting(self.sentence, hundred).map(|(_, end)| (Item::Nothing, end));
        }
        whole.filter(|(word, end)| self.allowed(*word, at, *end)).map(|(word, end)| (Item::Word(word), end)).or_else(
            || {
                let (value, ordinal, end) = compounds::compound(self.sentence, self.words, at)?;
                let word = NumberWord { piece: Piece::Add(value), ordinal, optional: false };
                (self.sum.is_empty() || self.multiplied).then_some((Item::Word(word), end))
            },
        )
    }

    fn scale_at(&self, at: usize) -> Option<i64> {
        match self.words.numbers.starting(self.sentence, at)?.0.piece {
            Piece::Times(scale) => Some(scale),
            _ => None,
        }
    }

    /// Vietnamese words that are numbers only in company.
    fn allowed(&self, word: NumberWord, at: usize, end: usize) -> bool {
        if self.sentence.language != Language::VI {
            return true;
        }
        let text = self.sentence.text(at, end);
        let next = self.scale_at(self.gap(end));
        match text.as_str() {
            "năm" => {
                let (holds, scaled) = (!self.sum.is_empty(), next.is_some());
                five::is_five(self.sentence, self.words, at, end, holds, scaled)
            }
            "không" => next == Some(100),
            "mốt" | "lăm" | "nhăm" => !self.sum.is_empty(),
            "tư" => {
                let before = self.sentence.text(self.from.saturating_sub(6), self.from);
                !self.sum.is_empty() || ["thứ ", "tháng ", "phần "].iter().any(|word| before.ends_with(word))
            }
            "mươi" | "chục" | "tỷ" | "tỉ" | "tr" => !self.sum.is_empty(),
            _ => word.piece != Piece::AndHalf || !self.sum.is_empty(),
        }
    }

    fn take(&mut self, item: Item, at: usize, end: usize) -> bool {
        let french = self.sentence.language == Language::FR;
        let taken = match item {
            Item::Digits { value, other, plain, count } => {
                let first = self.sum.is_empty();
                let taken = (first || self.multiplied) && self.sum.digits(value);
                if taken && first {
                    self.other = other;
                    self.form = Form::Digits { plain, count };
                }
                taken
            }
            Item::Nothing => true,
            Item::Mixed(value) => {
                let mixed = Rational::whole(value).plus(Rational::HALF);
                self.sum.is_empty() && mixed.is_some_and(|mixed| self.sum.digits(mixed))
            }
            Item::Half => {
                // `un demi-million`, `eine halbe Million`: the article says nothing more.
                self.sum = Sum::new(1_000);
                self.optional = false;
                self.sum.digits(Rational::HALF)
            }
            Item::Word(word) => match word.piece {
                _ if word.optional && !self.sum.is_empty() && word.piece != Piece::Add(1) => false,
                // `cent premières années`: a hundred and what they are
                Piece::Add(1 | 2)
                    if word.ordinal
                        && !self.sum.is_empty()
                        && matches!(self.sentence.language.tag(), "fr" | "es" | "pt" | "it") =>
                {
                    false
                }
                // `in 1990 a museum`
                Piece::Add(_) if matches!(self.form, Form::Digits { .. }) && !self.multiplied => false,
                Piece::Add(value) => self.sum.add(value, french),
                Piece::OneAndHalf => {
                    Rational::new(3, 2).is_some_and(|value| self.sum.is_empty() && self.sum.digits(value))
                }
                Piece::Times(factor) => {
                    let taken = self.sum.times(factor);
                    self.multiplied |= taken && factor >= 1_000;
                    // `a dozen` may be `chục` or `十数`, ten or so.
                    if taken && factor == 12 && self.sum.value() == Some(Rational::whole(12)) {
                        self.other = Some(Rational::whole(10));
                    }
                    if let (true, Form::Digits { count, .. }) = (taken, self.form) {
                        self.form = Form::Digits { plain: false, count };
                        self.other = None;
                    }
                    taken
                }
                Piece::AndHalf => {
                    let taken = !self.sum.is_empty();
                    if taken {
                        self.sum.half_more();
                        // `một rưỡi`, `2 triệu rưỡi`; what follows is another number.
                        self.end = end;
                        self.scale_after_half();
                    }
                    return false;
                }
                Piece::And => return self.linked(at, end),
                Piece::Point => return false,
            },
        };
        if taken {
            if let Item::Word(word) = item {
                self.ordinal = word.ordinal;
                self.optional = word.optional && self.pieces == 0;
                if word.ordinal {
                    self.end = end;
                    self.pieces += 1;
                    self.ones_of_ordinal();
                    return false;
                }
            }
            self.end = end;
            self.pieces += 1;
            let held = self.sum.value().and_then(Rational::as_whole).unwrap_or_default();
            if self.pieces == 1 && compounds::names_century(self.sentence, held, at) {
                return false;
            }
        }
        taken
    }

    /// `décimo terceiro`, `vigésimo quinto`: both words are ordinals.
    fn ones_of_ordinal(&mut self) {
        let tens = self.sum.value().and_then(Rational::as_whole).is_some_and(|held| held >= 10 && held % 10 == 0);
        if !tens || !matches!(self.sentence.language.tag(), "pt" | "es" | "it") {
            return;
        }
        if let Some((word, end)) = self.words.numbers.starting(self.sentence, self.gap(self.end))
            && let (true, Piece::Add(ones @ 1..10)) = (word.ordinal, word.piece)
            && self.sum.add(ones, false)
        {
            self.end = end;
            self.pieces += 1;
        }
    }

    /// `one and a half million`, `un million et demi`.
    fn scale_after_half(&mut self) {
        let next = self.gap(self.end);
        let Some((word, end)) = self.words.numbers.starting(self.sentence, next) else { return };
        if let Piece::Times(factor) = word.piece
            && factor >= 1_000
            && self.sum.times(factor)
        {
            self.end = end;
        }
    }

    /// `and` joins what may follow, and nothing else.
    fn linked(&mut self, _at: usize, end: usize) -> bool {
        let next = self.gap(end);
        let held = self.sum.value().and_then(Rational::as_whole).unwrap_or(0);
        let english = self.sentence.language == Language::EN;
        if held == 0 || (english && held < 100) || matches!(self.form, Form::Digits { .. }) {
            return false;
        }
        let Some((Item::Word(word), word_end)) = self.item(next) else { return false };
        let fits = match word.piece {
            Piece::Add(value) => value < 100 || held % 1_000 == 0,
            Piece::Times(factor) => factor == 100 && held % 1_000 == 0 && !english,
            _ => false,
        };
        fits && self.take(Item::Word(word), next, word_end)
    }

    /// `ba phẩy năm`, `three point five`: decimals in words.
    fn decimals(&mut self) {
        let next = self.gap(self.end);
        let point = self.words.numbers.starting(self.sentence, next);
        let Some((_, end)) = point.filter(|(word, _)| word.piece == Piece::Point) else { return };
        if self.pieces == 0 || self.form != Form::Words {
            return;
        }
        let (mut at, mut decimals) = (self.gap(end), String::new());
        let mut last = end;
        while decimals.len() < 6 {
            let Some((word, end)) = self.words.numbers.starting(self.sentence, at) else { break };
            let Piece::Add(value @ 0..100) = word.piece else { break };
            decimals.push_str(&value.to_string());
            last = end;
            at = self.gap(end);
        }
        let Some(whole) = self.sum.value().and_then(Rational::as_whole).filter(|_| !decimals.is_empty()) else {
            return;
        };
        if let Some(value) = Rational::decimal(&whole.to_string(), &decimals) {
            self.sum = Sum::of(value);
            self.end = last;
            self.pieces += 2;
        }
    }

    fn weight(&self, value: Rational) -> Weight {
        if matches!(self.form, Form::Digits { .. }) {
            return if in_code(self.sentence, self.from) { Weight::Optional } else { Weight::Strong };
        }
        let capital = self.sentence.written[self.from].is_uppercase() && !opens_sentence(self.sentence, self.from);
        // `trăm năm`, `a few dozen`: a scale that nothing multiplies.
        let vague = matches!(self.sentence.language.tag(), "vi" | "en");
        let bare_scale = self.pieces == 1 && vague && self.scale_at(self.from).is_some();
        let text = |from: usize, to: usize| self.sentence.text(from, to);
        let after = self.sentence.skip(self.end);
        let following = text(after, self.sentence.word_end(after));
        // `Một là …, hai là …` lists; `năm tháng` is time that goes by.
        let listed = self.sentence.language == Language::VI
            && (following == "là" || (following == "tháng" && text(self.from, self.end) == "năm"));
        let small = value.as_whole().is_some_and(|value| value <= 12);
        let next = self.sentence.written.get(self.sentence.skip(self.end));
        // `Hai Bà Trưng`, `Three Heroes`: part of a name. German writes every noun large.
        let in_name = self.sentence.language != Language::DE
            && self.sentence.written[self.from].is_uppercase()
            && next.is_some_and(|c| c.is_uppercase());
        match () {
            () if self.optional || bare_scale || listed || ((capital || in_name) && small) => Weight::Optional,
            () if small => Weight::Normal,
            () => Weight::Strong,
        }
    }
}

/// Whether a capital here says no more than that a sentence begins.
fn opens_sentence(sentence: &Sentence, at: usize) -> bool {
    sentence.before(sentence.skip_back(at)).is_none_or(|c| !is_letter(c) && !c.is_ascii_digit() && c != ',')
}
