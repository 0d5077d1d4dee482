//! Roman numerals in capitals.

const VALUES: [(&str, u64); 13] = [
    ("M", 1_000),
    ("CM", 900),
    ("D", 500),
    ("CD", 400),
    ("C", 100),
    ("XC", 90),
    ("L", 50),
    ("XL", 40),
    ("X", 10),
    ("IX", 9),
    ("V", 5),
    ("IV", 4),
    ("I", 1),
];

/// The value of a numeral in its one right spelling; `None` for anything else (`IIII`, `IC`, `Vi`).
pub(crate) fn roman_value(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut value = 0;
    for (sign, worth) in VALUES {
        while let Some(shorter) = rest.strip_prefix(sign) {
            rest = shorter;
            value += worth;
        }
    }
    (rest.is_empty() && (1..4_000).contains(&value) && spelled(value) == text).then_some(value)
}

fn spelled(mut value: u64) -> String {
    let mut text = String::new();
    for (sign, worth) in VALUES {
        while value >= worth {
            text.push_str(sign);
            value -= worth;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::roman_value;

    #[test]
    fn only_the_right_spelling_counts() {
        assert_eq!(roman_value("XII"), Some(12));
        assert_eq!(roman_value("XIX"), Some(19));
        assert_eq!(roman_value("MDCCLXXI"), Some(1771));
        for wrong in ["", "IIII", "VV", "IXI", "IC", "xii", "XIIe", "MIXED"] {
            assert_eq!(roman_value(wrong), None, "{wrong}");
        }
    }
}
