//! How far a text that was heard lies from the text that was meant: word and character error rates by alignment.
//!
//! The rate is substitutions, deletions and insertions over the units of the reference (Levenshtein distance, as NIST's
//! sclite and jiwer count it), so it can exceed 1. Before that both sides are put in NFC and lower case and lose their
//! punctuation. Whether `12` and `twelve` are the same is for the caller to say, by a normaliser of its own.
//!
//! Time and memory grow with the product of the two lengths: compare sentences or narrations, not books.

use unicode_normalization::UnicodeNormalization;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// What stands between spaces; a hyphen or dash separates, an apostrophe does not.
    Word,
    /// Letters and digits, without spaces: for Japanese and Chinese, and for short texts.
    Character,
}

/// One step of the alignment; the numbers are places in the lists of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Match { reference: usize, heard: usize },
    Substitution { reference: usize, heard: usize },
    Deletion { reference: usize },
    Insertion { heard: usize },
}

/// How to compare.
#[derive(Clone, Copy)]
pub struct Comparison<'a> {
    unit: Unit,
    normaliser: Option<&'a dyn Fn(&str) -> String>,
    protected: &'a [String],
}

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub reference: Vec<String>,
    pub heard: Vec<String>,
    /// From the first unit to the last. Among alignments of the same distance, one with the most matches.
    pub steps: Vec<Step>,
    pub substitutions: usize,
    pub deletions: usize,
    pub insertions: usize,
    /// Units of the reference that count: all but those of protected names.
    pub counted: usize,
    /// Units in the longest stretch without a match, on the side where it is longer; protected names are passed over.
    pub longest_divergent_run: usize,
}

impl Difference {
    #[must_use]
    pub fn errors(&self) -> usize {
        self.substitutions + self.deletions + self.insertions
    }

    /// Errors over the units that count. Where none count, 0 without errors and 1 with any.
    #[must_use]
    pub fn rate(&self) -> f64 {
        match self.counted {
            0 => f64::from(u8::from(self.errors() > 0)),
            counted => self.errors() as f64 / counted as f64,
        }
    }
}

impl<'a> Comparison<'a> {
    #[must_use]
    pub fn by(unit: Unit) -> Self {
        Self { unit, normaliser: None, protected: &[] }
    }

    /// `normaliser` is applied to both texts first: to spell numbers out, to fold spellings that are as good.
    #[must_use]
    pub fn after(self, normaliser: &'a dyn Fn(&str) -> String) -> Self {
        Self { normaliser: Some(normaliser), ..self }
    }

    /// Leaves these names (of one word or more) out on both sides. Where a name was meant, whatever was heard in its
    /// place is left out with it, up to twice as many units as the name has; where a name was heard, it is no error.
    #[must_use]
    pub fn without(self, names: &'a [String]) -> Self {
        Self { protected: names, ..self }
    }

    #[must_use]
    pub fn compare(&self, reference: &str, heard: &str) -> Difference {
        let (reference, heard) = (self.units(reference), self.units(heard));
        let mut names: Vec<Vec<String>> = self.protected.iter().map(|name| self.units(name)).collect();
        names.retain(|name| !name.is_empty());
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let steps = align(&reference, &heard);
        let masks = (occurrences(&reference, &names), occurrences(&heard, &names));
        count(reference, heard, steps, &masks)
    }

    fn units(&self, text: &str) -> Vec<String> {
        let text = self.normaliser.map_or_else(|| text.to_owned(), |normalise| normalise(text));
        let plain = plain(&text);
        match self.unit {
            Unit::Word => plain.split_whitespace().map(str::to_owned).collect(),
            Unit::Character => plain.chars().filter(|c| !c.is_whitespace()).map(String::from).collect(),
        }
    }
}

/// NFC, lower case, without punctuation: apostrophes vanish, everything else that is no letter, digit or mark of a
/// letter separates.
fn plain(text: &str) -> String {
    // Lower case may come out decomposed, so it goes first; the second pass composes.
    let lower = text.nfc().collect::<String>().to_lowercase();
    let mut plain = String::with_capacity(lower.len());
    for c in lower.nfc() {
        if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
            plain.push(c);
        } else if !matches!(c, '\'' | '’' | 'ʼ') {
            plain.push(' ');
        }
    }
    plain
}

/// One edit outweighs any number of ties; among alignments with as few edits, fewer substitutions mean more matches.
const EDIT: u64 = 1 << 32;
const SUBSTITUTION: u64 = EDIT + 1;

#[derive(Clone, Copy)]
enum From {
    Diagonal,
    Above,
    Left,
}

fn align(reference: &[String], heard: &[String]) -> Vec<Step> {
    let width = heard.len() + 1;
    let mut from = vec![From::Left; width * (reference.len() + 1)];
    let mut above: Vec<u64> = (0..width as u64).map(|column| column * EDIT).collect();
    for (row, meant) in reference.iter().enumerate() {
        let mut line = Vec::with_capacity(width);
        line.push((row as u64 + 1) * EDIT);
        from[(row + 1) * width] = From::Above;
        for (column, word) in heard.iter().enumerate() {
            let diagonal = above[column] + if meant == word { 0 } else { SUBSTITUTION };
            let (deletion, insertion) = (above[column + 1] + EDIT, line[column] + EDIT);
            let (cost, way) = if diagonal <= deletion.min(insertion) {
                (diagonal, From::Diagonal)
            } else if deletion <= insertion {
                (deletion, From::Above)
            } else {
                (insertion, From::Left)
            };
            line.push(cost);
            from[(row + 1) * width + column + 1] = way;
        }
        above = line;
    }
    let (mut row, mut column) = (reference.len(), heard.len());
    let mut steps = Vec::with_capacity(row.max(column));
    while row > 0 || column > 0 {
        match from[row * width + column] {
            From::Diagonal => {
                (row, column) = (row - 1, column - 1);
                let same = reference[row] == heard[column];
                let (reference, heard) = (row, column);
                steps.push(if same {
                    Step::Match { reference, heard }
                } else {
                    Step::Substitution { reference, heard }
                });
            }
            From::Above => {
                row -= 1;
                steps.push(Step::Deletion { reference: row });
            }
            From::Left => {
                column -= 1;
                steps.push(Step::Insertion { heard: column });
            }
        }
    }
    steps.reverse();
    steps
}

/// Which units belong to a name; where two names begin at the same unit, the longer one. `names` by falling length.
fn occurrences(units: &[String], names: &[Vec<String>]) -> Vec<bool> {
    let mut mask = vec![false; units.len()];
    let mut at = 0;
    while at < units.len() {
        match names.iter().find(|name| units[at..].starts_with(name)) {
            Some(name) => {
                mask[at..at + name.len()].fill(true);
                at += name.len();
            }
            None => at += 1,
        }
    }
    mask
}

fn count(reference: Vec<String>, heard: Vec<String>, steps: Vec<Step>, masks: &(Vec<bool>, Vec<bool>)) -> Difference {
    let counted = masks.0.iter().filter(|masked| !**masked).count();
    let (mut substitutions, mut deletions, mut insertions) = (0, 0, 0);
    let (mut run, mut longest) = ((0_usize, 0_usize), 0);
    for (step, counts) in steps.iter().zip(counting(&steps, masks)) {
        if !counts {
            continue;
        }
        match *step {
            Step::Match { .. } => run = (0, 0),
            // What was heard is a name and left out, so nothing stands for the word that was meant.
            Step::Substitution { heard, .. } if masks.1[heard] => {
                deletions += 1;
                run.0 += 1;
            }
            Step::Substitution { .. } => {
                substitutions += 1;
                run = (run.0 + 1, run.1 + 1);
            }
            Step::Deletion { .. } => {
                deletions += 1;
                run.0 += 1;
            }
            Step::Insertion { .. } => {
                insertions += 1;
                run.1 += 1;
            }
        }
        longest = longest.max(run.0).max(run.1);
    }
    let longest_divergent_run = longest;
    Difference { reference, heard, steps, substitutions, deletions, insertions, counted, longest_divergent_run }
}

/// Which steps count. Insertions next to a name's units are the name misheard, as many as the name has units.
fn counting(steps: &[Step], (meant, heard_names): &(Vec<bool>, Vec<bool>)) -> Vec<bool> {
    let inserted = |step: &Step| matches!(step, Step::Insertion { .. });
    let meant_a_name = |step: &Step| match *step {
        Step::Match { reference, .. } | Step::Deletion { reference } | Step::Substitution { reference, .. } => {
            meant[reference]
        }
        Step::Insertion { .. } => false,
    };
    let heard_a_name = |step: &Step| matches!(*step, Step::Insertion { heard } if heard_names[heard]);
    let mut counts: Vec<bool> = steps.iter().map(|step| !meant_a_name(step) && !heard_a_name(step)).collect();
    let mut at = 0;
    while at < steps.len() {
        let length = steps[at..].iter().take_while(|step| meant_a_name(step) || inserted(step)).count();
        let mut free = steps[at..at + length].iter().filter(|step| meant_a_name(step)).count();
        for counts in counts[at..at + length].iter_mut().filter(|counts| **counts) {
            if free > 0 {
                *counts = false;
                free -= 1;
            }
        }
        at += length.max(1);
    }
    counts
}

#[cfg(test)]
#[path = "error_rate_tests.rs"]
mod tests;
