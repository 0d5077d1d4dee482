//! Numbers in Han characters, as Chinese and as Japanese say them.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Digit by digit, as Chinese reads a year: 1771 is `一七七一`.
pub(crate) fn digits(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| DIGITS[digit as usize])).collect()
}

fn four(n: u64, chinese: bool) -> String {
    let mut words = String::new();
    let mut gap = false;
    for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = n / unit % 10;
        if digit == 0 {
            gap = !words.is_empty();
            continue;
        }
        if chinese && gap {
            words.push('零');
        }
        gap = false;
        let silent = digit == 1 && unit > 1 && !chinese;
        if chinese && digit == 2 && unit == 1_000 {
            words.push('两');
        } else if !silent {
            words.push(DIGITS[digit as usize]);
        }
        words.push_str(name);
    }
    words
}

fn in_myriads(n: u64, chinese: bool) -> String {
    if n == 0 {
        return DIGITS[0].to_string();
    }
    let units = if chinese {
        [(100_000_000, "亿"), (10_000, "万"), (1, "")]
    } else {
        [(100_000_000, "億"), (10_000, "万"), (1, "")]
    };
    let mut words = String::new();
    for (unit, name) in units {
        let value = n / unit % 10_000;
        if value == 0 {
            continue;
        }
        if chinese && !words.is_empty() && value < 1_000 {
            words.push('零');
        }
        words.push_str(&if chinese && value == 2 && unit > 1 { "两".to_owned() } else { four(value, chinese) });
        words.push_str(name);
    }
    words
}

pub(crate) fn chinese(n: u64) -> String {
    let words = in_myriads(n, true);
    // 十二, not 一十二.
    words.strip_prefix("一十").map_or(words.clone(), |rest| format!("十{rest}"))
}

pub(crate) fn japanese(n: u64) -> String {
    in_myriads(n, false)
}
