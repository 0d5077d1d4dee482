//! The shape of a language's words around numbers; `words_vi` and its neighbours fill it.

/// A unit of measure behind a number.
pub(super) struct Unit {
    pub signs: &'static [&'static str],
    pub one: &'static str,
    pub many: &'static str,
    pub feminine: bool,
}

/// When an abbreviation is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    BeforeNumber,
    BeforeCapital,
    AfterNumber,
}

pub(super) struct Abbreviation {
    pub written: &'static str,
    pub spoken: &'static str,
    pub when: When,
}

/// The words of one language.
pub(super) struct Words {
    /// Between the ends of a range.
    pub to: &'static str,
    /// The decimal separator.
    pub point: &'static str,
    pub minus: &'static str,
    /// Between the terms of a fraction such as 1/2 read plainly.
    pub over: &'static str,
    pub hours: &'static str,
    pub months: [&'static str; 12],
    pub units: &'static [Unit],
    pub abbreviations: &'static [Abbreviation],
    /// What century the Roman numeral beside it counts.
    pub century: &'static [&'static str],
    /// Words before which a Roman numeral is a plain number: parts, wars, congresses.
    pub counted: &'static [&'static str],
}

pub(super) const fn unit(signs: &'static [&'static str], one: &'static str, many: &'static str) -> Unit {
    Unit { signs, one, many, feminine: false }
}

pub(super) const fn unit_f(signs: &'static [&'static str], one: &'static str, many: &'static str) -> Unit {
    Unit { signs, one, many, feminine: true }
}

pub(super) const fn always(written: &'static str, spoken: &'static str) -> Abbreviation {
    Abbreviation { written, spoken, when: When::Always }
}

pub(super) const fn before_number(written: &'static str, spoken: &'static str) -> Abbreviation {
    Abbreviation { written, spoken, when: When::BeforeNumber }
}

pub(super) const fn before_capital(written: &'static str, spoken: &'static str) -> Abbreviation {
    Abbreviation { written, spoken, when: When::BeforeCapital }
}

pub(super) const fn after_number(written: &'static str, spoken: &'static str) -> Abbreviation {
    Abbreviation { written, spoken, when: When::AfterNumber }
}
