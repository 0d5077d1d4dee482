//! Numbers in Japanese change their sound with what follows: 三百 is さんびゃく, 八世紀 はっせいき, 四時 よじ.
//!
//! The rules are those of the school grammars; counters not named follow their first sound.

use super::words::Word;

/// Number and counter said in a way of their own.
const WHOLE: [(&str, &str, &str, &str); 20] = [
    ("三", "百", "サン", "ビャク"),
    ("六", "百", "ロッ", "ピャク"),
    ("八", "百", "ハッ", "ピャク"),
    ("三", "千", "サン", "ゼン"),
    ("八", "千", "ハッ", "セン"),
    ("四", "年", "ヨ", "ネン"),
    ("四", "時", "ヨ", "ジ"),
    ("七", "時", "シチ", "ジ"),
    ("九", "時", "ク", "ジ"),
    ("四", "人", "ヨ", "ニン"),
    ("四", "月", "シ", "ガツ"),
    ("七", "月", "シチ", "ガツ"),
    ("九", "月", "ク", "ガツ"),
    ("四", "日", "ヨッ", "カ"),
    ("三", "階", "サン", "ガイ"),
    ("三", "軒", "サン", "ゲン"),
    ("三", "本", "サン", "ボン"),
    ("三", "匹", "サン", "ビキ"),
    ("三", "杯", "サン", "バイ"),
    ("三", "分", "サン", "プン"),
];

/// Puts the right sound on every number before its counter, and on every digit before its power of ten; the two become
/// one word where they changed each other.
pub(super) fn speak(words: &mut Vec<Word>) {
    for at in 1..words.len() {
        let (before, after) = words.split_at_mut(at);
        let (Some(number), Some(counter)) = (before.last_mut(), after.first_mut()) else { continue };
        let counts =
            counter.class == "名詞" && (counter.kind == "接尾" || matches!(counter.surface.as_str(), "百" | "千"));
        if number.kind != "数" || !counts {
            continue;
        }
        let whole = WHOLE.iter().find(|(n, c, _, _)| *n == number.surface && *c == counter.surface);
        if let Some((_, _, said, counted)) = whole {
            number.kana = (*said).to_owned();
            counter.kana = (*counted).to_owned();
        } else if !shorten(number, counter) {
            continue;
        }
        // The counter may itself be the number of the next counter: it keeps what that looks at.
        counter.kana = format!("{}{}", number.kana, counter.kana);
        number.kana.clear();
        number.surface.clear();
    }
    words.retain(|word| !word.surface.is_empty());
}

/// 一, 六, 八, 十 and 百 end in a held consonant before k, s, t and h; the h becomes p. Whether they did.
fn shorten(number: &mut Word, counter: &mut Word) -> bool {
    let Some(first) = counter.kana.chars().next() else { return false };
    let foreign = counter.surface.chars().all(super::words::is_kana);
    let k = "カキクケコ".contains(first);
    let s_t = "サシスセソタチツテト".contains(first);
    let h = "ハヒフヘホ".contains(first) && !foreign;
    let held = match number.surface.as_str() {
        "一" | "八" => s_t || h || (k && !foreign),
        "六" | "百" => h || k,
        "十" => s_t || h || k,
        _ => false,
    };
    if !held {
        return false;
    }
    // イチ, ロク, ハチ, ヒャク, ジュー: the last kana is what is held.
    number.kana.pop();
    number.kana.push('ッ');
    if h {
        counter.kana = counter.kana.replacen(first, &pop(first).to_string(), 1);
    }
    true
}

fn pop(c: char) -> char {
    match c {
        'ハ' => 'パ',
        'ヒ' => 'ピ',
        'フ' => 'プ',
        'ヘ' => 'ペ',
        'ホ' => 'ポ',
        other => other,
    }
}
