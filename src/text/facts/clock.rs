//! Times of day: `7:30 tối`, `7.30 pm`, `19h30`, `19 Uhr 30`, `午後7時30分`, `half past seven`.

use super::numbers::{Form, Weight};
use super::rational::Rational;
use super::reader::Reader;
use super::sentence::{Place, is_unspaced};
use super::units;
use super::value::Value;
use super::words::Group;

#[derive(Clone, Copy, PartialEq)]
enum HalfDay {
    Morning,
    Noon,
    Evening,
    Night,
}

const HALVES: [(Group, HalfDay); 4] = [
    (Group::Morning, HalfDay::Morning),
    (Group::Evening, HalfDay::Evening),
    (Group::Night, HalfDay::Night),
    (Group::Noon, HalfDay::Noon),
];

struct Clock {
    hour: i64,
    minute: i64,
    indices: Vec<usize>,
    place: Place,
    /// Only an hour with its word: it may be a length of time.
    bare: bool,
}

impl Reader<'_> {
    pub(super) fn times(&mut self) {
        for index in 0..self.numbers.len() {
            if !self.free(index) {
                continue;
            }
            let Some(clock) =
                self.with_colon(index).or_else(|| self.to_the_hour(index)).or_else(|| self.with_word(index))
            else {
                continue;
            };
            self.tell(clock);
        }
    }

    fn tell(&mut self, mut clock: Clock) {
        let half = self.half_of_day(&mut clock.place);
        if half.is_none() && clock.bare && self.spelled_hour_is_length(&clock) {
            return;
        }
        let hour = match half {
            Some(HalfDay::Morning) if clock.hour == 12 => 0,
            Some(HalfDay::Evening) if clock.hour < 12 => clock.hour + 12,
            Some(HalfDay::Night) if clock.hour == 12 => 0,
            Some(HalfDay::Night) if (6..12).contains(&clock.hour) => clock.hour + 12,
            Some(HalfDay::Noon) if clock.hour < 6 => clock.hour + 12,
            _ => clock.hour,
        };
        let half_known = half.is_some() || clock.hour > 12 || clock.hour == 0;
        let value = Value::Time { minutes: (hour % 24) * 60 + clock.minute, half_known };
        let mut others = Vec::new();
        if let (None, Some(unit)) = (half, units::unit("h")) {
            let hours = Rational::new(i128::from(clock.hour * 60 + clock.minute), 60);
            others.extend(hours.map(|value| Value::Quantity { value, unit }));
        }
        let optional = clock.bare && self.numbers[clock.indices[0]].weight == Weight::Optional;
        let weight = if optional { Weight::Optional } else { Weight::Strong };
        self.claim(&clock.indices, clock.place, value, others, weight);
    }

    /// `ba giờ`, `3 hours`: without a half of the day the measures read it, unless the language names the hour so.
    fn spelled_hour_is_length(&self, clock: &Clock) -> bool {
        let text = self.sentence.text(clock.place.from, clock.place.to);
        let clock_word = ["uhr", "o'clock", "時", "时", "點", "点", "시", "giờ", "h"];
        let named = clock_word.iter().any(|word| text.ends_with(word));
        let counted = ["heures", "horas", "час"].iter().any(|word| text.contains(word)) || text.starts_with("ore");
        !named && !counted
    }

    fn hour(&self, index: usize) -> Option<i64> {
        self.numbers[index].within(0, 24).filter(|_| self.numbers[index].form != Form::Roman)
    }

    fn minutes(&self, index: usize) -> Option<i64> {
        let two = matches!(self.numbers[index].form, Form::Digits { plain: true, count: 2 });
        self.numbers[index].within(0, 59).filter(|_| two)
    }

    /// `7:30`, `7:30:15`; with a point beside a word of time: `7.30 pm`, `19.30 Uhr`.
    fn with_colon(&self, index: usize) -> Option<Clock> {
        let first = &self.numbers[index];
        let from = first.place.from;
        if let Some(next) = self.number_at(first.place.to + 1)
            && self.sentence.at(first.place.to) == Some(':')
            && self.numbers[next].place.from == first.place.to + 1
        {
            let (hour, minute) = (self.hour(index)?, self.minutes(next)?);
            let mut indices = vec![index, next];
            let mut to = self.numbers[next].place.to;
            if let Some(seconds) = self.number_at(to + 1).filter(|_| self.sentence.at(to) == Some(':')) {
                indices.push(seconds);
                to = self.numbers[seconds].place.to;
            }
            if let Some(((), end)) = self.hour_word(to) {
                to = end;
            }
            return Some(Clock { hour, minute, indices, place: Place { from, to }, bare: false });
        }
        // The digits hold the point themselves.
        let text = self.sentence.text(from, first.place.to);
        let (hour, minute) = text.split_once(['.', ','])?;
        let (hour, minute): (i64, i64) = (hour.parse().ok()?, Some(minute).filter(|m| m.len() == 2)?.parse().ok()?);
        let to = first.place.to;
        let named = self.hour_word(to).map(|((), end)| end).or_else(|| {
            let ore =
                self.sentence.text(self.sentence.skip_back(from).saturating_sub(4), self.sentence.skip_back(from));
            (ore.trim_start() == "ore").then_some(to)
        });
        let told = named.or_else(|| {
            let mut place = Place { from, to };
            self.half_of_day(&mut place).map(|_| to)
        })?;
        let kinds = !self.sentence.at(self.sentence.skip(to)).is_some_and(|c| c == 'm' && named.is_some());
        (hour <= 24 && minute < 60 && kinds).then_some(Clock {
            hour,
            minute,
            indices: vec![index],
            place: Place { from, to: told },
            bare: false,
        })
    }

    fn hour_word(&self, at: usize) -> Option<((), usize)> {
        let ((), end) = self.sentence.phrase(at, self.words.group(Group::Hour))?;
        // `時間`, `시간`, `小時` are lengths.
        let length = self.sentence.at(end).is_some_and(|c| matches!(c, '間' | '间' | '간' | '代'));
        // Korean `두 시위`: two protests.
        let other_word = self.sentence.language.tag() == "ko"
            && self.sentence.before(end) == Some('시')
            && self.sentence.at(end).is_some_and(|c| is_unspaced(c) && !"에부까경쯤반의가는정이를와과로면".contains(c));
        (!length && !other_word).then_some(((), end))
    }

    /// `7 giờ 30`, `19h30`, `19 Uhr`, `7時半`.
    fn with_word(&self, index: usize) -> Option<Clock> {
        let first = &self.numbers[index];
        let Some(hour) = self.hour(index) else { return self.spanish_half(index) };
        let mut from = first.place.from;
        let mut end = match self.hour_word(first.end) {
            Some(((), end)) => end,
            None => {
                // `7 pm`; Italian `ore 19`, `alle ore 19`; Romance `a las siete y media`.
                let mut place = Place { from, to: first.place.to };
                let named = self.half_of_day(&mut place).is_some() && self.is_an_hour_of_the_day(from);
                let ore = self.between(self.sentence.skip_back(from).saturating_sub(4), from);
                let italian = ore == "ore" && self.sentence.language.tag() == "it";
                if !named && !italian {
                    return self.spanish_half(index);
                }
                if ore == "ore" {
                    from = self.sentence.skip_back(from) - 3;
                }
                if self.clock_half(first.place.to).is_some() {
                    return self.spanish_half(index);
                }
                let small =
                    matches!(first.form, Form::Digits { plain: true, .. }) || self.sentence.language.tag() != "vi";
                if !small || hour == 0 {
                    return None;
                }
                first.place.to
            }
        };
        let (mut minute, mut indices, mut bare) = (0, vec![index], true);
        if let Some(after) = self.clock_half(end) {
            (minute, end, bare) = (30, after, false);
        } else if let Some(next) = self.number_at(end).filter(|next| self.numbers[*next].within(0, 59).is_some()) {
            let number = &self.numbers[next];
            let word = self.sentence.phrase(number.place.to, self.words.group(Group::Minute)).map(|(_, end)| end);
            let glued = number.place.from == end && self.minutes(next).is_some();
            let pair = self.minutes(next).is_some() && !self.followed_by_unit(number.place.to);
            if word.is_some() || glued || (pair && number.place.from <= end + 1) {
                minute = number.whole().unwrap_or_default();
                end = word.unwrap_or(number.place.to);
                indices.push(next);
                bare = false;
            }
        }
        Some(Clock { hour, minute, indices, place: Place { from, to: end }, bare })
    }

    fn followed_by_unit(&self, at: usize) -> bool {
        self.sentence.phrase(at, &self.words.units).is_some()
    }

    fn clock_half(&self, at: usize) -> Option<usize> {
        self.sentence.phrase(at, self.words.group(Group::ClockHalf)).map(|(_, end)| end)
    }

    /// `las siete y media`, `às sete e meia`, `le sette e mezza`: the number reader has taken it for 7 1/2.
    fn spanish_half(&self, index: usize) -> Option<Clock> {
        let number = &self.numbers[index];
        let doubled = number.value.times(Rational::whole(2))?.as_whole()?;
        let from = number.place.from;
        let article = self.between(self.sentence.skip_back(from).saturating_sub(5), from);
        let last = article.rsplit(' ').next().unwrap_or_default();
        let named = matches!(last, "las" | "às" | "as" | "le" | "alle" | "dalle");
        (doubled % 2 == 1 && (1..=25).contains(&doubled) && named).then(|| Clock {
            hour: doubled / 2,
            minute: 30,
            indices: vec![index],
            place: number.place,
            bare: false,
        })
    }

    /// `half past seven`, `quarter to eight`, `halb acht`, `полвосьмого`.
    fn to_the_hour(&self, index: usize) -> Option<Clock> {
        let number = &self.numbers[index];
        let hour = self.hour(index).filter(|hour| (1..=12).contains(hour))?;
        let from = number.place.from;
        if let Some(((), start)) = self.sentence.phrase_before(from, self.words.group(Group::HalfTo))
            && self.names_an_hour(index)
        {
            let place = Place { from: start, to: number.end };
            return Some(Clock { hour: (hour + 11) % 12, minute: 30, indices: vec![index], place, bare: false });
        }
        if self.sentence.language.tag() != "en" {
            return None;
        }
        for (words, minute, back) in [("half past", 30, 0), ("quarter past", 15, 0), ("quarter to", 45, 1)] {
            let before = self.sentence.skip_back(from);
            let length = words.chars().count();
            if before >= length && self.sentence.text(before - length, before) == words {
                let place = Place { from: before - length, to: number.end };
                let mut indices = vec![index];
                indices.extend(
                    (0..index)
                        .rev()
                        .take(1)
                        .filter(|i| self.free(*i) && self.numbers[*i].place.from >= before - length),
                );
                return Some(Clock { hour: (hour + 12 - back) % 12, minute, indices, place, bare: false });
            }
        }
        None
    }

    /// Russian `три дня` are three days, and `в три дня` is three in the afternoon.
    fn is_an_hour_of_the_day(&self, from: usize) -> bool {
        let before = self.sentence.skip_back(from);
        let word = self.sentence.text(self.sentence.word_start(before), before);
        let prepositions = ["в", "во", "с", "со", "до", "к", "ко", "около", "после", "на"];
        self.sentence.language.tag() != "ru" || prepositions.contains(&word.as_str())
    }

    /// `половины пятого` is half past four, `половины пятого века` half of a century.
    fn names_an_hour(&self, index: usize) -> bool {
        let number = &self.numbers[index];
        let of_time = [Group::Century, Group::YearAfter, Group::Month, Group::Lunar, Group::Day];
        let other = of_time.iter().any(|group| self.sentence.phrase(number.end, self.words.group(*group)).is_some());
        !other && (self.sentence.language.tag() != "ru" || (number.ordinal && number.form == Form::Words))
    }

    /// Which half of the day is named beside a time; the place grows to hold the word.
    fn half_of_day(&self, place: &mut Place) -> Option<HalfDay> {
        let mut behind = self.sentence.skip(place.to);
        let link = ["de", "giờ", "uhr", "h", "heures", "horas", "часов", "часа", "buổi", "ore"];
        for _ in 0..2 {
            for (group, half) in HALVES {
                if let Some(((), end)) = self.words.group(group).starting(self.sentence, behind) {
                    place.to = end;
                    return Some(half);
                }
            }
            let end = self.sentence.word_end(behind);
            if end == behind || !link.contains(&self.sentence.text(behind, end).as_str()) {
                break;
            }
            behind = self.sentence.skip(end);
        }
        for (group, half) in HALVES {
            if let Some(((), from)) = self.sentence.phrase_before(place.from, self.words.group(group))
                && matches!(self.sentence.language.tag(), "zh" | "ja" | "ko")
            {
                place.from = from;
                return Some(half);
            }
        }
        None
    }
}
