//! A sentence and its translation compared fact by fact.
//!
//! What agrees is matched first, the likeliest pairs before the others; what one side says once more in another unit is
//! no difference. What is left over is paired by kind and place: both spans where
//! something was changed, one where something was dropped or added. Invariant: each fact is looked at against a bounded
//! number of the other side's, the nearest ones, so a long text costs no more a word than a short one.

use std::ops::Range;

use super::equal::{agree, amount, kind, same_clock};
use super::names;
use super::numbers::Weight;
use super::rational::Rational;
use super::reader;
use super::sentence::Sentence;
use super::shares;
use super::units::Dimension;
use super::value::{Fact, Value};
use crate::domain::{Finding, FindingKind, GlossaryEntry, Language, Span};

/// Facts of the other side that one is compared with, to either side of its own place.
const REACH: usize = 60;

/// What the translation says otherwise than the source: numbers, dates and the like, and protected names.
#[must_use]
pub fn compare(
    source: &str,
    source_language: Language,
    target: &str,
    target_language: Language,
    glossary: &[GlossaryEntry],
) -> Vec<Finding> {
    let (source, target) = (Sentence::new(source, source_language), Sentence::new(target, target_language));
    let named = names::compare(&source, &target, glossary);
    let outside = |facts: Vec<Fact>, masks: &[Range<usize>]| -> Vec<Fact> {
        facts.into_iter().filter(|fact| !inside(&fact.span, masks)).collect()
    };
    let mut match_up = MatchUp::new(
        outside(reader::facts(&source), &named.in_source),
        outside(reader::facts(&target), &named.in_target),
    );
    match_up.run();
    let mut findings = match_up.findings();
    findings.extend(named.findings);
    findings.sort_by_key(|finding| {
        let place = |span: &Option<Span>| span.as_ref().map_or(usize::MAX, |span| span.start);
        (place(&finding.source), place(&finding.target))
    });
    findings
}

/// `masks` in order and apart.
fn inside(span: &Span, masks: &[Range<usize>]) -> bool {
    let after = masks.partition_point(|mask| mask.start <= span.start);
    after.checked_sub(1).is_some_and(|place| span.end <= masks[place].end)
}

struct Side {
    facts: Vec<Fact>,
    matched: Vec<bool>,
    /// Said elsewhere on this side and matched there, so that it may be left out here.
    again: Vec<bool>,
}

impl Side {
    fn new(facts: Vec<Fact>) -> Self {
        let (matched, again) = (vec![false; facts.len()], vec![false; facts.len()]);
        Self { facts, matched, again }
    }

    fn knows_half_of_day(&self) -> bool {
        self.facts.iter().any(|fact| matches!(fact.value, Value::Time { half_known: true, .. }))
    }

    fn optional(&self, place: usize) -> bool {
        self.facts[place].weight == Weight::Optional || self.again[place]
    }
}

struct MatchUp {
    source: Side,
    target: Side,
}

/// The places of the other side near to one.
fn near(place: usize, count: usize, others: usize) -> Range<usize> {
    let there = place * others / count.max(1);
    there.saturating_sub(REACH)..others.min(there + REACH)
}

impl MatchUp {
    fn new(source: Vec<Fact>, target: Vec<Fact>) -> Self {
        Self { source: Side::new(source), target: Side::new(target) }
    }

    fn run(&mut self) {
        let exact = |a: &Fact, b: &Fact| a.value == b.value || (kind(&a.value) == kind(&b.value) && agree(a, b));
        // Word for word before what is only worth the same, and sure facts first, so that no article takes the place of
        // a number.
        self.pass(true, &|a: &Fact, b: &Fact| a.value == b.value);
        self.pass(true, &exact);
        self.pass(true, &agree);
        self.pass(false, &exact);
        self.pass(false, &agree);
        if self.source.knows_half_of_day() && self.target.knows_half_of_day() {
            self.pass(true, &|a: &Fact, b: &Fact| same_clock(&a.value, &b.value));
        }
        let named = self.named_on_both_sides();
        self.pass(false, &|a: &Fact, b: &Fact| without_unit(a, b, &named));
        self.pass(true, &degrees_told);
        self.shares();
        self.repeated();
    }

    /// `nine out of ten` for `chín phần mười`.
    fn shares(&mut self) {
        fn told_in_two(one: &mut Side, other: &mut Side) {
            let open = |side: &Side| (0..side.facts.len()).filter(|place| !side.matched[*place]).collect::<Vec<_>>();
            for place in open(one).into_iter().take(REACH) {
                let free: Vec<usize> = open(other).into_iter().take(REACH).collect();
                if let Some((first, second)) = shares::of_two(&one.facts[place], &other.facts, &free) {
                    one.matched[place] = true;
                    other.matched[first] = true;
                    other.matched[second] = true;
                }
            }
        }
        told_in_two(&mut self.source, &mut self.target);
        told_in_two(&mut self.target, &mut self.source);
    }

    /// The currencies and units that both sides name.
    fn named_on_both_sides(&self) -> Vec<&'static str> {
        let matched = self.source.facts.iter().zip(&self.source.matched).filter(|(_, matched)| **matched);
        let mut named: Vec<&'static str> = matched.filter_map(|(fact, _)| unit_name(&fact.value)).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    fn pass(&mut self, sure: bool, equal: &dyn Fn(&Fact, &Fact) -> bool) {
        let (mine, theirs) = (self.source.facts.len(), self.target.facts.len());
        for place in 0..mine {
            if self.source.matched[place] {
                continue;
            }
            let fits = |other: &usize| {
                !self.target.matched[*other]
                    && !(sure && (self.source.optional(place) || self.target.optional(*other)))
                    && equal(&self.source.facts[place], &self.target.facts[*other])
            };
            if let Some(other) = near(place, mine, theirs).find(fits) {
                self.source.matched[place] = true;
                self.target.matched[other] = true;
            }
        }
    }

    /// What is said once more in another way or unit (`20 m (66 feet)`) was said on the other side; what is said twice
    /// in the same way is to be said twice there.
    fn repeated(&mut self) {
        let once_more = |mine: &Side, theirs: &Side| -> Vec<usize> {
            let said = |place: &usize| {
                let fact = &mine.facts[*place];
                near(*place, mine.facts.len(), theirs.facts.len()).any(|other| {
                    theirs.matched[other]
                        && agree(fact, &theirs.facts[other])
                        && fact.value != theirs.facts[other].value
                        && !counts(fact, &theirs.facts[other])
                })
            };
            (0..mine.facts.len()).filter(|place| !mine.matched[*place]).filter(said).collect()
        };
        let (again, twice) = (once_more(&self.source, &self.target), once_more(&self.target, &self.source));
        for place in again {
            self.source.again[place] = true;
        }
        for place in twice {
            self.target.again[place] = true;
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let left = |side: &Side| (0..side.facts.len()).filter(|place| !side.matched[*place]).collect::<Vec<_>>();
        let (mut mine, mut theirs) = (left(&self.source), left(&self.target));
        // What is likest finds its counterpart first.
        mine.sort_by_cached_key(|place| {
            let best = theirs.iter().take(REACH).filter_map(|other| self.likeness(*place, *other)).max();
            (self.source.optional(*place), std::cmp::Reverse(best))
        });
        let mut findings = Vec::new();
        let mut alone = Vec::new();
        for place in mine {
            let fact = &self.source.facts[place];
            let best = theirs
                .iter()
                .take(REACH)
                .enumerate()
                .filter_map(|(index, other)| Some((self.likeness(place, *other)?, index)))
                .max_by_key(|(likeness, index)| (*likeness, std::cmp::Reverse(*index)));
            match best {
                Some((_, index)) => findings.push(changed(fact, &self.target.facts[theirs.remove(index)])),
                None if !self.source.optional(place) && !weak(fact) => alone.push(fact),
                None => {}
            }
        }
        findings.extend(alone.into_iter().map(|fact| lone(fact, true)));
        let added = theirs.iter().filter(|place| !self.target.optional(**place) && !weak(&self.target.facts[**place]));
        findings.extend(added.map(|place| lone(&self.target.facts[*place], false)));
        findings
    }

    /// How likely one left-over fact became the other; `None` where they have nothing to do with each other.
    fn likeness(&self, source: usize, target: usize) -> Option<u8> {
        let (a, b) = (&self.source.facts[source], &self.target.facts[target]);
        let (left, right) = (self.source.optional(source), self.target.optional(target));
        let vague = matches!((&a.value, &b.value), (Value::Vague(2..), Value::Vague(2..)));

        let plain = matches!((&a.value, &b.value), (Value::Number(_), Value::Number(_)));
        let same_class =
            plain || kind(&a.value) == kind(&b.value) && (self.source.again[source] || self.target.again[target]);
        if !vague && ((left && right) || ((left || right) && !same_class)) {
            return None;
        }
        // An article is no witness against a number that is none itself.
        if !vague && (left || right) && (weak(a) || weak(b)) {
            return None;
        }
        let same_kind = a.readings().any(|x| b.readings().any(|y| kind(x) == kind(y)));
        let sure = !left && !right;
        let same_amount = amount(&a.value).is_some() && amount(&a.value) == amount(&b.value);
        if !same_kind && !sure {
            return None;
        }
        let same_unit = match (&a.value, &b.value) {
            (Value::Quantity { unit: a, .. }, Value::Quantity { unit: b, .. }) => a.dimension == b.dimension,
            (Value::Number(_), Value::Number(_)) => true,
            _ => false,
        };
        Some(8 * u8::from(same_kind) + 4 * u8::from(same_amount) + 2 * u8::from(sure) + u8::from(same_unit))
    }
}

/// A small number in words that may be dropped or added without a change of sense (`both hands`, `hai bên`, `两国`): it
/// tells only where another number stands in its place.
fn weak(fact: &Fact) -> bool {
    let small = matches!(fact.value, Value::Number(value) if value == Rational::ONE || value == Rational::whole(2));
    small && fact.weight == Weight::Normal
}

/// A count and a length of time are two things, be they as many: `ba ngày` and `trois nuits`.
fn counts(fact: &Fact, other: &Fact) -> bool {
    matches!((&fact.value, &other.value), (Value::Number(_), Value::Quantity { .. })) && fact.weight == Weight::Normal
}

fn unit_name(value: &Value) -> Option<&'static str> {
    match value {
        Value::Money { currency, .. } => Some(currency),
        Value::Quantity { unit, .. } => Some(unit.name),
        _ => None,
    }
}

/// `6 dollars for adults and 2.50 for children`, `sixty metres, sometimes a hundred`: an amount may leave out the unit
/// that both sides name elsewhere.
fn without_unit(a: &Fact, b: &Fact, known: &[&str]) -> bool {
    let plain = |fact: &Fact| matches!(fact.value, Value::Number(_));
    let (measured, number) = if plain(b) { (a, b) } else { (b, a) };
    let unit = unit_name(&measured.value).filter(|unit| known.contains(unit));
    plain(number) && unit.is_some() && amount(&measured.value) == amount(&number.value)
}

/// `nồng độ 50` and `a strength of 50 per cent`: the translation says what the degrees are of.
fn degrees_told(source: &Fact, target: &Fact) -> bool {
    match (&source.value, &target.value) {
        (Value::Number(number), Value::Quantity { value, unit }) => {
            number == value && matches!(unit.dimension, Dimension::Share | Dimension::Angle | Dimension::Temperature)
        }
        _ => false,
    }
}

fn changed(source: &Fact, target: &Fact) -> Finding {
    let (from, to) = (&source.span.text, &target.span.text);
    let measured = |fact: &Fact| matches!(fact.value, Value::Quantity { .. });
    let same_amount = amount(&source.value).is_some() && amount(&source.value) == amount(&target.value);
    let of_number = kind(&source.value) == FindingKind::Number && kind(&target.value) == FindingKind::Number;
    if same_amount && of_number && (measured(source) || measured(target)) {
        let message = format!("`{from}` became `{to}`: the same number in another unit");
        return Finding {
            kind: FindingKind::Unit,
            source: Some(source.span.clone()),
            target: Some(target.span.clone()),
            accepted: Vec::new(),
            message,
        };
    }
    // An article or the like is no better a witness than the fact it stands against.
    let kind = if source.weight == Weight::Optional { kind(&target.value) } else { kind(&source.value) };
    let message = format!("`{from}` became `{to}`");
    Finding {
        kind,
        source: Some(source.span.clone()),
        target: Some(target.span.clone()),
        accepted: Vec::new(),
        message,
    }
}

fn lone(fact: &Fact, dropped: bool) -> Finding {
    let span = Some(fact.span.clone());
    let text = &fact.span.text;
    if dropped {
        let message = format!("`{text}` is missing from the translation");
        Finding { kind: kind(&fact.value), source: span, target: None, accepted: Vec::new(), message }
    } else {
        let message = format!("`{text}` stands only in the translation");
        Finding { kind: kind(&fact.value), source: None, target: span, accepted: Vec::new(), message }
    }
}
