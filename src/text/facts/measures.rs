//! Measures and money: `cao khoảng 20 m`, `66-foot`, `1,5 tỷ đồng`, `VND 1.5 billion`, `15–20 m`.

use super::numbers::{Form, Weight};
use super::rational::Rational;
use super::reader::Reader;
use super::sentence::{Place, is_letter};
use super::units;
use super::value::Value;
use super::words::Group;

/// Words for two units: a `kilo` of Japanese and Korean is a kilometre or a kilogram, a `thước` a metre or the old cubit.
const TWO_UNITS: [(&str, [&str; 2]); 3] =
    [("キロ", ["km", "kg"]), ("킬로", ["km", "kg"]), ("thước", ["m", "old-foot"])];
/// Signs between the sides of a thing, whose unit the second side may leave out.
const BY: [&str; 10] = ["x", "×", "х", "by", "per", "por", "sur", "mal", "на", "乘"];

impl Reader<'_> {
    pub(super) fn money(&mut self) {
        for index in 0..self.numbers.len() {
            if !self.free(index)
                || matches!(self.numbers[index].form, Form::Roman | Form::Vague)
                || self.numbers[index].ordinal
            {
                continue;
            }
            let number = &self.numbers[index];
            let behind = self.of(number.end).and_then(|at| self.sentence.phrase(at, &self.words.money));
            // Korean `동` is đồng, and `동안` a while.
            let behind = behind
                .filter(|(_, end)| self.sentence.text(end - 1, (end + 1).min(self.sentence.chars.len())) != "동안");
            let before = self.sentence.phrase_before(number.place.from, &self.words.money);
            // Signs stand on either side; words only behind.
            let sign =
                |from: usize| !self.sentence.chars[from].is_alphabetic() || self.sentence.written[from].is_uppercase();
            let (currency, place) = match (behind, before.filter(|(_, from)| sign(*from))) {
                (Some((currency, end)), _) => (currency, Place { from: number.place.from, to: end }),
                (None, Some((currency, from))) => (currency, Place { from, to: number.end }),
                (None, None) => continue,
            };
            let weight = if number.weight == Weight::Optional { Weight::Optional } else { Weight::Strong };
            let mut others: Vec<Value> =
                number.other.map(|amount| Value::Money { amount, currency }).into_iter().collect();
            // `livres`, `ポンド`: pounds of either kind.
            if behind.is_some()
                && let Some(unit) = self.unit_behind(number.place.to, index).and_then(|(name, _)| units::unit(name))
            {
                others.push(Value::Quantity { value: number.value, unit });
            }
            let (amount, place) = self.short_scale(number.value, number.end, place);
            let value = Value::Money { amount, currency };
            self.claim(&[index], place, value, others, weight);
            self.share_with_range(index, Value::Money { amount: Rational::ONE, currency });
        }
    }

    /// `£125m`, `$2bn`, `200k`: a scale in short behind the amount.
    fn short_scale(&self, amount: Rational, end: usize, place: Place) -> (Rational, Place) {
        if end != place.to {
            return (amount, place);
        }
        let to = self.sentence.word_end(end);
        let scale = match self.sentence.text(end, to).as_str() {
            "k" => 1_000,
            "m" | "mn" => 1_000_000,
            "bn" | "b" => 1_000_000_000,
            _ => return (amount, place),
        };
        match amount.times(Rational::whole(scale)) {
            Some(amount) => (amount, Place { from: place.from, to }),
            None => (amount, place),
        }
    }

    /// Past `of` and `de` behind a number: `2 millions de dollars`.
    fn of(&self, end: usize) -> Option<usize> {
        let at = self.sentence.skip(end + usize::from(self.sentence.at(end) == Some('-')));
        let word_end = self.sentence.word_end(at);
        let word = self.sentence.text(at, word_end);
        let link = matches!(word.as_str(), "of" | "de" | "di" | "d" | "hơn" | "trên");
        let more = self.words.group(Group::More).starting(self.sentence, at);
        let at = match (link, more) {
            (true, _) => word_end + usize::from(self.sentence.at(word_end) == Some('\'')),
            (false, Some((_, end))) if matches!(self.sentence.language.tag(), "zh" | "ja" | "ko") => end,
            _ => at,
        };
        Some(at)
    }

    pub(super) fn measures(&mut self) {
        for index in 0..self.numbers.len() {
            if self.free(index) {
                self.percent_before(index);
            }
            if self.free(index) {
                self.tenths(index);
            }
        }
        // From the right, so that `12 x 8 m` and `15–20 m` find their unit read.
        for index in (0..self.numbers.len()).rev() {
            if self.free(index) && !matches!(self.numbers[index].form, Form::Roman) {
                self.measure(index);
            }
        }
    }

    /// `百分之三十`.
    fn percent_before(&mut self, index: usize) {
        let number = &self.numbers[index];
        let Some(from) = number.place.from.checked_sub(3) else { return };
        if self.sentence.text(from, from + 3) != "百分之" {
            return;
        }
        let Some(unit) = units::unit("%") else { return };
        let (place, value) = (Place { from, to: number.end }, number.value);
        // The hundred in front was read as a number of its own.
        let hundred = index.checked_sub(1).filter(|before| self.numbers[*before].place.from >= from);
        let indices: Vec<usize> = hundred.into_iter().chain([index]).collect();
        self.claim(&indices, place, Value::Quantity { value, unit }, Vec::new(), Weight::Strong);
    }

    /// `4割`, `四成`, `4할`: tenths, which others give in percent.
    fn tenths(&mut self, index: usize) {
        let number = &self.numbers[index];
        let end = number.place.to;
        let next = self.sentence.at(end + 1);
        let named = match (self.sentence.language.tag(), self.sentence.at(end)) {
            ("ja", Some('割')) => !next.is_some_and(|c| matches!(c, 'り' | 'れ' | 'っ' | 'く' | 'る')),
            ("ko", Some('할')) if number.form != Form::Han => {
                next.is_none_or(|c| !c.is_alphabetic() || "이가을를의은는에로".contains(c))
            }
            ("zh", Some('成')) => !next.is_some_and(|c| "立为功员果长分语都熟本就了".contains(c)),
            _ => false,
        };
        let tenths = number.within(1, 10).filter(|_| named).and_then(|tenths| Some((tenths, units::unit("%")?)));
        let Some((tenths, unit)) = tenths else { return };
        let place = Place { from: number.place.from, to: end + 1 };
        let value = Value::Quantity { value: Rational::whole(tenths * 10), unit };
        self.claim(&[index], place, value, Vec::new(), Weight::Strong);
    }

    /// `32 cm by 18`: the second side may mean the unit of the first.
    fn side_without_unit(&mut self, end: usize, like: &'static units::Unit) {
        let from = self.sentence.skip(end);
        let Some(sign) = BY.iter().find(|sign| {
            let to = from + sign.chars().count();
            self.sentence.chars.get(from..to).is_some_and(|chars| chars.iter().copied().eq(sign.chars()))
        }) else {
            return;
        };
        let Some(next) = self.number_at(from + sign.chars().count()) else { return };
        let number = &self.numbers[next];
        if matches!(number.form, Form::Digits { .. }) && self.unit_behind(number.place.to, next).is_none() {
            let (place, value) = (Place { from: number.place.from, to: number.end }, number.value);
            let measure = Value::Quantity { value, unit: like };
            self.claim(&[next], place, Value::Number(value), vec![measure], Weight::Strong);
        }
    }

    fn measure(&mut self, index: usize) {
        let number = &self.numbers[index];
        if number.ordinal && number.end > number.place.to {
            return;
        }
        let unit = self.unit_behind(number.place.to, index);
        let Some((name, end)) = unit else { return };
        let Some(unit) = units::unit(name) else { return };
        // `second` days and `third` years are no lengths.
        if number.ordinal || number.form == Form::Vague {
            return;
        }
        let unit = self.speed(number.place.from, unit);
        let single = number.value == Rational::ONE && !matches!(number.form, Form::Digits { .. });
        let weight = if single || number.weight == Weight::Optional {
            Weight::Optional
        } else {
            number.weight.max(Weight::Normal)
        };
        let negative = self.is_below_zero(number.place.from);
        let (from, value) =
            if negative { (number.place.from - 1, number.value.negative()) } else { (number.place.from, number.value) };
        let mut others: Vec<Value> = number.other.map(|value| Value::Quantity { value, unit }).into_iter().collect();
        let name = TWO_UNITS.iter().find(|(name, _)| {
            end.checked_sub(name.chars().count()).is_some_and(|from| self.sentence.text(from, end) == *name)
        });
        let meant = name.into_iter().flat_map(|(_, units)| units).filter_map(|name| units::unit(name));
        others.extend(meant.map(|unit| Value::Quantity { value, unit }));
        self.claim(&[index], Place { from, to: end }, Value::Quantity { value, unit }, others, weight);
        self.share_with_range(index, Value::Quantity { value, unit });
        self.side_without_unit(end, unit);
    }

    /// `時速85マイル`, `每小时 12 英里`: the hour stands in front.
    fn speed(&self, from: usize, unit: &'static units::Unit) -> &'static units::Unit {
        let before = self.sentence.phrase_before(from, self.words.group(Group::PerHour)).is_some();
        let name = match unit.name {
            "km" => "kmh",
            "mi" => "mph",
            _ => return unit,
        };
        units::unit(name).filter(|_| before).unwrap_or(unit)
    }

    fn is_below_zero(&self, from: usize) -> bool {
        let minus = self.sentence.before(from).is_some_and(|c| matches!(c, '-' | '–'));
        minus
            && from >= 1
            && (from == 1 || matches!(self.sentence.before(from - 1), Some(' ' | '(')))
            && !(from >= 2
                && self.sentence.before(self.sentence.skip_back(from - 1)).is_some_and(|c| c.is_ascii_digit()))
    }

    pub(super) fn unit_behind(&self, to: usize, index: usize) -> Option<(&'static str, usize)> {
        let hyphen = usize::from(self.sentence.at(to) == Some('-'));
        let mut at = self.sentence.skip(to + hyphen);
        if hyphen > 0 && self.sentence.at(to + 1) == Some(' ') {
            return None;
        }
        if let Some((_, end)) = self.words.group(Group::More).starting(self.sentence, at)
            && matches!(self.sentence.language.tag(), "zh" | "ja" | "ko")
        {
            at = end;
        }
        let found = self.words.units.starting(self.sentence, at).or_else(|| {
            let after = self.of(to).filter(|after| *after != at)?;
            self.sentence
                .phrase(after, &self.words.units)
                .filter(|_| matches!(self.sentence.language.tag(), "fr" | "es" | "pt" | "it"))
        })?;
        self.fits(index, found.0, at, found.1).then_some(found)
    }

    /// Words that are units and something else too.
    fn fits(&self, index: usize, unit: &str, from: usize, to: usize) -> bool {
        let text = self.sentence.text(from, to);
        let next = self.sentence.skip(to);
        let number = &self.numbers[index];
        let digits = matches!(number.form, Form::Digits { .. });
        let sure_number = digits || number.value > Rational::whole(9);
        match (self.sentence.language.tag(), text.as_str()) {
            // `12 năm 1788`: the year begins there.
            ("vi", "năm") => {
                self.number_at(next).and_then(|i| self.numbers[i].whole()).is_none_or(|value| value <= 31)
            }
            ("vi", "tháng") => self.number_at(next).is_none(),
            // `một vạn bộ binh`: foot soldiers, no feet.
            ("vi", "bộ") => sure_number && !self.sentence.at(next).is_some_and(is_letter),
            // `một tiếng rưỡi` is a time, `một tiếng nói` a language.
            ("vi", "tiếng") => {
                let behind = self.sentence.text(next, self.sentence.word_end(next));
                sure_number || matches!(behind.as_str(), "rưỡi" | "rưởi")
            }
            ("vi", "thước" | "lý" | "cân" | "hôm" | "độ" | "phân" | "niên") => {
                sure_number || text == "thước" || text == "độ"
            }
            ("en", "second" | "sec") => false,
            ("en", "in" | "in." | "c" | "s") => false,
            ("en", "foot") => {
                let behind = self.sentence.text(next, self.sentence.word_end(next));
                !matches!(behind.as_str(), "soldiers" | "troops" | "men" | "guards" | "regiments" | "bridges" | "paths")
            }
            ("en", "pound" | "pounds" | "feet" | "yards") => true,
            (_, "m" | "l" | "g" | "h" | "t" | "°" | "с" | "г" | "м" | "л" | "т" | "ч" | "s." | "min") => {
                digits && !(unit == "deg" && self.sentence.at(to).is_some_and(char::is_alphabetic))
            }
            ("zh" | "ja", "里" | "尺" | "两" | "両" | "年" | "日" | "月" | "周" | "週" | "度" | "分" | "秒" | "天") =>
            {
                let times = matches!(text.as_str(), "度" | "周");
                if times { sure_number } else { number.weight != Weight::Optional || digits || unit == "year" }
            }
            ("ko", "동" | "리" | "척" | "자" | "날" | "해" | "달" | "주" | "세" | "분" | "초" | "도") => {
                number.weight != Weight::Optional
            }
            ("es" | "pt" | "it" | "fr", "o" | "a") => false,
            ("es", "pie" | "segundo") | ("pt", "pé" | "segundo") | ("it", "secondo" | "piede") => digits,
            _ => true,
        }
    }

    /// `15–20 m`, `12 x 8 m`, `from 1 to 2 billion dong`: the unit stands for the number before too.
    fn share_with_range(&mut self, index: usize, like: Value) {
        let mut last = index;
        for _ in 0..3 {
            let Some(before) = last.checked_sub(1).filter(|before| self.free(*before)) else { return };
            let (number, next) = (&self.numbers[before], &self.numbers[last]);
            let at = self.sentence.skip(number.end);
            let range = self.words.group(Group::Range).starting(self.sentence, at);
            let Some(((), end)) =
                range.filter(|(_, end)| self.sentence.skip(*end) >= next.place.from.saturating_sub(7))
            else {
                return;
            };
            // One more word may stand between: `dài 12 và rộng 8 m`.
            let rest = self.between(end, next.place.from);
            if end > next.place.from
                || rest.contains(' ')
                || number.ordinal
                || number.form == Form::Vague
                || number.form == Form::Roman
            {
                return;
            }
            let (value, number_value) = (number.value, Value::Number(number.value));
            let place = Place { from: number.place.from, to: number.end };
            let scaled =
                self.scale_of(last).filter(|_| matches!(number.form, Form::Digits { plain: true, .. } | Form::Words));
            let with = |value| match like {
                Value::Money { currency, .. } => Value::Money { amount: value, currency },
                Value::Quantity { unit, .. } => Value::Quantity { value, unit },
                other => other,
            };
            let mut others = vec![number_value];
            others.extend(scaled.and_then(|scale| value.times(scale)).map(with));
            let weight = number.weight;
            self.claim(&[before], place, with(value), others, weight);
            last = before;
        }
    }

    /// The scale that a number ends with: `2` of `1-2 triệu`.
    fn scale_of(&self, index: usize) -> Option<Rational> {
        let value = self.numbers[index].whole()?;
        let plain = matches!(self.numbers[index].form, Form::Digits { plain: true, .. });
        [1_000_000_000_i64, 1_000_000, 10_000, 1_000, 100]
            .into_iter()
            .find(|scale| !plain && value >= *scale && value % scale == 0)
            .map(Rational::whole)
    }
}
