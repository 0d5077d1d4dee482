//! Two lists of units laid side by side, and the stretches in which they differ.
//!
//! A weighted Levenshtein alignment: units that look alike are paired rather than units that stand at the same place, so
//! that a word misheard faces the word that was meant. Costs are whole numbers, so the outcome never depends on rounding.

use std::ops::Range;

use super::units::Unit;

/// Cost of a unit that only one side has.
const ALONE: u32 = 80;
/// Cost of a pair that differs, least and most.
const PAIR: Range<u32> = 30..130;

/// One step of the alignment: a unit of either side, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub meant: Option<usize>,
    pub heard: Option<usize>,
    /// Both are there and have the same key.
    pub same: bool,
}

/// A stretch in which nothing agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub meant: Range<usize>,
    pub heard: Range<usize>,
}

/// The steps from the first unit to the last.
pub fn align(meant: &[Unit], heard: &[Unit]) -> Vec<Step> {
    let width = heard.len() + 1;
    let mut costs: Vec<u32> = (0..width as u32).map(|column| column * ALONE).collect();
    let mut ways = vec![Way::Heard; width * (meant.len() + 1)];
    for (row, unit) in meant.iter().enumerate() {
        let mut line = Vec::with_capacity(width);
        line.push((row as u32 + 1) * ALONE);
        ways[(row + 1) * width] = Way::Meant;
        for (column, other) in heard.iter().enumerate() {
            let both = costs[column] + pair_cost(&unit.key, &other.key);
            let (only_meant, only_heard) = (costs[column + 1] + ALONE, line[column] + ALONE);
            let best = both.min(only_meant).min(only_heard);
            ways[(row + 1) * width + column + 1] = match best {
                cost if cost == both => Way::Both,
                cost if cost == only_meant => Way::Meant,
                _ => Way::Heard,
            };
            line.push(best);
        }
        costs = line;
    }
    trace(meant, heard, &ways)
}

#[derive(Clone, Copy)]
enum Way {
    Both,
    Meant,
    Heard,
}

fn trace(meant: &[Unit], heard: &[Unit], ways: &[Way]) -> Vec<Step> {
    let width = heard.len() + 1;
    let (mut row, mut column) = (meant.len(), heard.len());
    let mut steps = Vec::with_capacity(row.max(column));
    while row > 0 || column > 0 {
        let way = ways[row * width + column];
        let takes_meant = !matches!(way, Way::Heard);
        let takes_heard = !matches!(way, Way::Meant);
        row -= usize::from(takes_meant);
        column -= usize::from(takes_heard);
        let (left, right) = (takes_meant.then_some(row), takes_heard.then_some(column));
        let same = left.zip(right).is_some_and(|(left, right)| meant[left].key == heard[right].key);
        steps.push(Step { meant: left, heard: right, same });
    }
    steps.reverse();
    steps
}

fn pair_cost(one: &str, other: &str) -> u32 {
    if one == other {
        return 0;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let longest = one.len().max(other.len()).max(1) as u32;
    PAIR.start + (PAIR.end - PAIR.start) * edits(&one, &other) / longest
}

/// Levenshtein's distance.
pub fn edits<T: PartialEq>(one: &[T], other: &[T]) -> u32 {
    let mut costs: Vec<u32> = (0..=other.len() as u32).collect();
    for (row, left) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut costs[0], row as u32 + 1);
        for (column, right) in other.iter().enumerate() {
            let both = diagonal + u32::from(left != right);
            diagonal = costs[column + 1];
            costs[column + 1] = both.min(diagonal + 1).min(costs[column] + 1);
        }
    }
    costs[other.len()]
}

/// The stretches in which the sides differ, in order. Units that are settled on their side count as agreeing.
pub fn stretches(steps: &[Step], settled: &Settled) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let (mut meant, mut heard) = (0, 0);
    let mut open = false;
    for step in steps {
        let left = step.meant.filter(|at| !step.same && !settled.meant[*at]);
        let right = step.heard.filter(|at| !step.same && !settled.heard[*at]);
        if left.is_none() && right.is_none() {
            open = false;
        } else {
            if !open {
                found.push(Stretch { meant: meant..meant, heard: heard..heard });
                open = true;
            }
            if let Some(stretch) = found.last_mut() {
                widen(&mut stretch.meant, left);
                widen(&mut stretch.heard, right);
            }
        }
        meant = step.meant.map_or(meant, |at| at + 1);
        heard = step.heard.map_or(heard, |at| at + 1);
    }
    found
}

fn widen(range: &mut Range<usize>, at: Option<usize>) {
    if let Some(at) = at {
        *range = if range.start == range.end { at..at + 1 } else { range.start..at + 1 };
    }
}

/// Units that are accounted for, on either side.
#[derive(Clone, Debug)]
pub struct Settled {
    pub meant: Vec<bool>,
    pub heard: Vec<bool>,
}

impl Settled {
    pub fn none(meant: usize, heard: usize) -> Self {
        Self { meant: vec![false; meant], heard: vec![false; heard] }
    }
}

#[cfg(test)]
mod tests {
    use super::super::units::cut;
    use super::*;
    use crate::domain::Language;
    use proptest::prelude::*;

    fn differing(one: &str, other: &str) -> Vec<(String, String)> {
        let (one, other) = (cut(one, Language::EN), cut(other, Language::EN));
        let words = |units: &[Unit]| units.iter().map(|unit| unit.key.clone()).collect::<Vec<_>>().join(" ");
        stretches(&align(&one, &other), &Settled::none(one.len(), other.len()))
            .into_iter()
            .map(|stretch| (words(&one[stretch.meant]), words(&other[stretch.heard])))
            .collect()
    }

    #[test]
    fn a_misheard_word_faces_the_word_that_was_meant() {
        assert_eq!(
            differing("the old garudas stand here", "the garudos stand here"),
            [("old garudas".to_owned(), "garudos".to_owned())]
        );
        assert_eq!(differing("wait a while here", "wait awhile here"), [("a while".into(), "awhile".into())]);
        assert_eq!(differing("a b c", "a c"), [("b".into(), String::new())]);
        assert_eq!(differing("", "x"), [(String::new(), "x".into())]);
        assert!(differing("Same words.", "same, words").is_empty());
    }

    proptest! {
        #[test]
        fn every_unit_stands_in_one_step(one in "[abc ]{0,20}", other in "[abc ]{0,20}") {
            let (one, other) = (cut(&one, Language::EN), cut(&other, Language::EN));
            let steps = align(&one, &other);
            let meant: Vec<usize> = steps.iter().filter_map(|step| step.meant).collect();
            let heard: Vec<usize> = steps.iter().filter_map(|step| step.heard).collect();
            prop_assert_eq!(meant, (0..one.len()).collect::<Vec<_>>());
            prop_assert_eq!(heard, (0..other.len()).collect::<Vec<_>>());
        }
    }
}
