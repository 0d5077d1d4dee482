//! Abbreviations per language: what a point behind a word means.
//!
//! Three lists: words whose point never ends a sentence, words whose point does not end one before a number, and words
//! whose point ends one where a capital follows. Words are written without their last point.

use crate::domain::Language;

/// What a point behind a word means, given that a capital letter or a digit follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dot {
    Abbreviates,
    AbbreviatesBeforeNumber,
    MayEnd,
}

pub(super) struct Rules {
    never: &'static [&'static str],
    before_number: &'static [&'static str],
    may_end: &'static [&'static str],
    /// Words before a Roman numeral of one letter, which is then no initial: `thế kỷ X.`
    before_roman: &'static [&'static str],
}

pub(super) const GERMAN_AFTER_ORDINAL: &[&str] = &[
    "Jahrhundert",
    "Jahrhunderts",
    "Jahrhunderte",
    "Jahrhunderten",
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
    "Jh",
    "Jhd",
    "König",
    "Kaiser",
    "Tag",
    "Jahr",
];

static VI: Rules = Rules {
    never: &[
        "TP", "Tp", "tp", "TX", "Tx", "TT", "ThS", "Ths", "TS", "Ts", "TSKH", "GS", "Gs", "PGS", "PGS.TS", "GS.TS",
        "BS", "KS", "KTS", "NSND", "NSƯT", "NGND", "NGƯT", "NNC", "NXB", "Nxb", "LS", "St", "Mr", "Mrs", "Ms", "Dr",
        "Th", "Đ/c", "đ/c", "Tr", "tr.CN", "VD", "Vd", "vd", "x",
    ],
    before_number: &["tr", "No", "no", "số", "t", "q", "h", "kh", "khoảng", "c", "s", "đ", "Đ"],
    may_end: &["v.v", "TCN", "SCN"],
    before_roman: &["kỷ", "thứ", "kỉ", "hoàng", "đế", "chương", "phần"],
};

static EN: Rules = Rules {
    never: &[
        "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Sts", "Mt", "Messrs", "Rev", "Fr", "Hon", "Gen", "Col", "Lt", "Capt",
        "Sgt", "Gov", "Pres", "Sen", "Rep", "vs", "e.g", "i.e", "cf", "viz", "ca", "approx", "Ph.D", "Ft", "Ave", "Rd",
        "TP", "ThS",
    ],
    before_number: &[
        "No", "Nos", "no", "nos", "vol", "Vol", "p", "pp", "fig", "Fig", "figs", "art", "ch", "c", "b", "d", "r", "fl",
        "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "cca", "est",
    ],
    may_end: &["etc", "a.m", "p.m", "A.D", "B.C", "B.C.E", "C.E", "al", "Jr", "Sr", "Inc", "Ltd", "Co"],
    before_roman: &["century", "King", "Queen", "Emperor", "Part", "Book", "Chapter"],
};

static FR: Rules = Rules {
    never: &[
        "M", "MM", "Mme", "Mmes", "Mlle", "Mlles", "Me", "Mgr", "Dr", "Pr", "Prof", "St", "Ste", "cf", "Cf", "av",
        "apr", "env", "p.ex", "c.-à-d", "vs", "Cie",
    ],
    before_number: &["n", "no", "p", "pp", "t", "vol", "chap", "art", "fig", "v", "ca", "c", "éd"],
    may_end: &["etc", "J.-C", "J-C", "E.C"],
    before_roman: &["siècle", "roi", "empereur", "chapitre", "tome", "livre"],
};

static PT: Rules = Rules {
    never: &[
        "Sr", "Sra", "Srs", "Sras", "Srta", "Dr", "Dra", "Drs", "Prof", "Profa", "Eng", "Arq", "D", "Dom", "S", "Sto",
        "Sta", "St", "a", "d", "Exmo", "Exma", "Ilmo", "V.Exa", "p.ex", "cf", "Cf", "ca", "Av", "R", "Pe", "Gen",
        "Cel", "Cap", "Gov",
    ],
    before_number: &[
        "n", "nº", "n.º", "N.º", "nos", "p", "pp", "pág", "págs", "vol", "art", "cap", "fig", "c", "séc", "Séc",
        "séculos", "km",
    ],
    may_end: &["etc", "a.C", "d.C", "Jr", "Ltda", "Cia"],
    before_roman: &["século", "séculos", "rei", "imperador", "capítulo", "parte"],
};

static ES: Rules = Rules {
    never: &[
        "Sr", "Sra", "Sres", "Srta", "Dr", "Dra", "Prof", "D", "Dña", "Da", "S", "Sto", "Sta", "St", "a", "d", "Ud",
        "Uds", "Vd", "p.ej", "ej", "cf", "Cf", "Av", "Avda", "Gral", "Cap", "Lic", "Ing", "Arq", "ca",
    ],
    before_number: &[
        "n", "nº", "n.º", "núm", "No", "p", "pp", "pág", "págs", "vol", "art", "cap", "fig", "c", "s", "ss", "h",
    ],
    may_end: &["etc", "a.C", "d.C", "a.m", "p.m", "Cía", "EE.UU", "UU"],
    before_roman: &["siglo", "siglos", "rey", "emperador", "capítulo", "parte"],
};

static IT: Rules = Rules {
    never: &[
        "a", "d", "Sig", "sig", "Sigg", "Dott", "dott", "Dr", "Prof", "prof", "Ing", "Arch", "Avv", "On", "Mons", "S",
        "Ss", "St", "cfr", "Cfr", "es", "ecc.mo", "Gen", "Col", "Cap", "ca",
    ],
    before_number: &["n", "nn", "p", "pp", "pag", "pagg", "vol", "art", "cap", "fig", "c", "sec", "secc"],
    may_end: &["ecc", "a.C", "d.C", "etc"],
    before_roman: &["secolo", "re", "imperatore", "capitolo", "parte"],
};

static DE: Rules = Rules {
    never: &[
        "Hr", "Hrn", "Fr", "Frl", "Dr", "Prof", "Dipl", "Ing", "St", "z.B", "d.h", "u.a", "bzw", "ca", "vgl", "Vgl",
        "sog", "evtl", "ggf", "inkl", "Str", "gest", "geb", "resp", "v", "z", "d", "u", "n", "i",
    ],
    before_number: &[
        "Nr", "S", "Bd", "Abb", "Kap", "Art", "um", "ab", "bis", "Jan", "Feb", "Aug", "Sept", "Okt", "Nov", "Dez",
    ],
    may_end: &["usw", "etc", "Chr", "Jh", "Jhd", "v.Chr", "n.Chr", "Co"],
    before_roman: &["Jahrhundert", "König", "Kaiser", "Teil", "Kapitel"],
};

static RU: Rules = Rules {
    never: &[
        "т", "д", "н", "э", "им", "ул", "пр", "проф", "акад", "св", "см", "напр", "ср", "о", "оз", "р", "пос", "обл",
        "тыс", "рис",
    ],
    before_number: &["с", "стр", "гл", "ок", "№", "кв"],
    may_end: &["г", "гг", "в", "вв", "др", "пр", "т.д", "т.п", "н.э", "м", "км"],
    before_roman: &["век", "века", "веке", "король", "император"],
};

/// Chinese, Japanese and Korean: what abbreviations there are come from English.
static OTHERS: Rules = Rules {
    never: &["Mr", "Mrs", "Ms", "Dr", "Prof", "St"],
    before_number: &["No", "p", "pp", "vol", "Vol"],
    may_end: &[],
    before_roman: &[],
};

impl Rules {
    pub(super) fn of(language: Language) -> &'static Self {
        match language.tag() {
            "vi" => &VI,
            "en" => &EN,
            "fr" => &FR,
            "pt" => &PT,
            "es" => &ES,
            "it" => &IT,
            "de" => &DE,
            "ru" => &RU,
            _ => &OTHERS,
        }
    }

    /// What the point behind `word` means; `earlier` is the word before it.
    pub(super) fn dot(&self, word: &str, earlier: Option<&str>) -> Dot {
        let listed = |list: &[&str]| list.contains(&word);
        let mut letters = word.chars();
        let single = match (letters.next(), letters.next()) {
            (Some(letter), None) => Some(letter),
            _ => None,
        };
        if listed(self.may_end) {
            // `г. Хюэ` is a town, `1775 г.` a year.
            let measured =
                earlier.is_some_and(|e| e.ends_with(|c: char| c.is_ascii_digit() || "IVXLCDM".contains(c) || c == '.'));
            return if single.is_some() && !measured { Dot::Abbreviates } else { Dot::MayEnd };
        }
        // `a. C.`, `d. C.`, `n. Chr.`: an era may end a sentence, an initial not.
        if word == "C" && earlier.is_some_and(|e| matches!(e, "a." | "d." | "(a." | "(d.")) {
            return Dot::MayEnd;
        }
        if single.is_some_and(|letter| "IVX".contains(letter)) && earlier.is_some_and(|e| self.names_a_number(e)) {
            return Dot::MayEnd;
        }
        if listed(self.never) || single.is_some_and(|letter| letter.is_uppercase() && !listed(self.before_number)) {
            return Dot::Abbreviates;
        }
        if listed(self.before_number) {
            return Dot::AbbreviatesBeforeNumber;
        }
        // `P.G.S`, `U.S`: letters with points between them.
        let initials = word.contains('.') && word.split('.').all(|part| part.chars().count() == 1);
        if initials { Dot::Abbreviates } else { Dot::MayEnd }
    }

    /// A Roman numeral follows these words, or a ruler's name: `thế kỷ X`, `Indravarman V`.
    fn names_a_number(&self, word: &str) -> bool {
        let name =
            word.chars().count() > 2 && word.chars().next().is_some_and(char::is_uppercase) && !word.ends_with('.');
        name || self.before_roman.contains(&word)
    }
}
