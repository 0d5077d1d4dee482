//! Coordinates as people type and paste them: `13.7859`, `13,7859`, `13°47'09"N`, and both numbers at once.

/// One coordinate in degrees.
#[must_use]
pub fn one(text: &str) -> Option<f64> {
    let text = text.trim().replace('\u{2212}', "-");
    let (sign, text) = match text.chars().last()?.to_ascii_uppercase() {
        'N' | 'E' => (1.0, text[..text.len() - 1].trim()),
        'S' | 'W' => (-1.0, text[..text.len() - 1].trim()),
        _ => (1.0, text.as_str()),
    };
    let parts: Vec<&str> = text
        .split(['\u{b0}', '\u{ba}', '\'', '"', '\u{2032}', '\u{2033}', '\u{2019}', '\u{201d}', ' '])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let number = |part: &str| part.replace(',', ".").parse::<f64>().ok().filter(|value| value.is_finite());
    let value = match parts.as_slice() {
        [degrees] => number(degrees)?,
        [degrees, rest @ ..] if rest.len() <= 2 => {
            let whole = number(degrees)?;
            let mut part = 0.0;
            for (text, size) in rest.iter().zip([60.0, 3600.0]) {
                let value = number(text).filter(|value| (0.0..60.0).contains(value))?;
                part += value / size;
            }
            if degrees.starts_with('-') { whole - part } else { whole + part }
        }
        _ => return None,
    };
    Some(sign * value)
}

/// Latitude and longitude pasted together: `13.7859, 109.2108`.
#[must_use]
pub fn pair(text: &str) -> Option<(f64, f64)> {
    let (first, second) = text.split_once(", ").or_else(|| text.split_once(';')).or_else(|| {
        // A comma without a space parts two numbers only where both have points.
        text.split_once(',').filter(|(first, second)| first.contains('.') && second.contains('.'))
    })?;
    Some((one(first)?, one(second)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_read_as_people_write_them() {
        for (text, value) in [
            ("13.7859", 13.7859),
            (" 13,7859 ", 13.7859),
            ("\u{2212}13.5", -13.5),
            ("13\u{b0}47'09\"N", 13.785_833),
            ("13\u{b0} 47.5\u{2032} S", -13.791_667),
            ("109\u{b0}12\u{2032}38,9\u{2033}E", 109.210_806),
            ("109 12 38.9", 109.210_806),
        ] {
            let read = one(text).unwrap_or_else(|| panic!("{text}"));
            assert!((read - value).abs() < 1e-5, "{text}: {read}");
        }
        for bad in ["", "N", "x", "13\u{b0}99'", "1 2 3 4", "13.7, 109.2", "inf"] {
            assert_eq!(one(bad), None, "{bad}");
        }
        assert_eq!(pair("13.7859, 109.2108"), Some((13.7859, 109.2108)));
        assert_eq!(pair("13.7859,109.2108"), Some((13.7859, 109.2108)));
        assert_eq!(pair("13\u{b0}30'N; 109\u{b0}30'E"), Some((13.5, 109.5)));
        assert_eq!(pair("13,7859"), None);
    }
}
