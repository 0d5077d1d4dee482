//! Vietnamese numbers: `mốt` and `lăm` behind tens, `lẻ` for an empty ten, `không trăm` for an empty hundred.

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const REIGNS: [&str; 10] = ["nhất", "nhị", "tam", "tứ", "ngũ", "lục", "thất", "bát", "cửu", "thập"];

fn group(n: u64, leading: bool, words: &mut Vec<&'static str>) {
    let (hundreds, rest) = super::parts(n, 100);
    let (tens, ones) = super::parts(rest, 10);
    if !leading || hundreds > 0 {
        words.extend([DIGITS[hundreds as usize], "trăm"]);
    }
    let after_hundred = !leading || hundreds > 0;
    match tens {
        0 if ones > 0 && after_hundred => words.push("lẻ"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([DIGITS[tens as usize], "mươi"]),
    }
    match ones {
        0 => {}
        1 if tens > 1 => words.push("mốt"),
        5 if tens > 0 => words.push("lăm"),
        _ => words.push(DIGITS[ones as usize]),
    }
}

pub(super) fn cardinal(n: u64) -> String {
    if n == 0 {
        return DIGITS[0].to_owned();
    }
    let mut words = Vec::new();
    let mut leading = true;
    for (unit, name) in [(1_000_000_000, "tỷ"), (1_000_000, "triệu"), (1_000, "nghìn"), (1, "")] {
        let value = n / unit % 1_000;
        if value == 0 {
            continue;
        }
        group(value, leading, &mut words);
        if !name.is_empty() {
            words.push(name);
        }
        leading = false;
    }
    words.join(" ")
}

pub(super) fn after_thu(n: u64) -> String {
    match n {
        1 => "nhất".to_owned(),
        4 => "tư".to_owned(),
        _ => cardinal(n),
    }
}

pub(super) fn reign(n: u64) -> String {
    match REIGNS.get((n as usize).wrapping_sub(1)) {
        Some(word) => format!("đệ {word}"),
        None => format!("thứ {}", cardinal(n)),
    }
}
