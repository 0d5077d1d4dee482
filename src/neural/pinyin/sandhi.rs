//! Tone sandhi: how tones change beside one another in a word.
//!
//! The rules of Standard Chinese: 不 before a fourth tone and 一 before one rise, 一 before the others falls (but not as a
//! number or an ordinal); of two third tones together the first rises. Doubled verbs and particles are neutral by
//! their readings already.

use super::ipa::Syllable;

/// One character of a word with its reading.
pub(super) struct Sounded {
    pub character: char,
    pub syllable: Syllable,
}

const NUMBERS: &str = "零〇一二三四五六七八九十百千万亿两";

/// Changes the tones of the words of a phrase (a stretch without punctuation).
pub(super) fn apply(words: &mut [Vec<Sounded>]) {
    let lengths: Vec<usize> = words.iter().map(Vec::len).collect();
    let mut all: Vec<&mut Sounded> = words.iter_mut().flatten().collect();
    one_and_not(&mut all);
    let mut from = 0;
    for length in lengths {
        thirds(&mut all[from..from + length]);
        from += length;
    }
}

fn one_and_not(all: &mut [&mut Sounded]) {
    for at in 0..all.len() {
        let before = at.checked_sub(1).map(|i| all[i].character);
        let Some((next, character)) = all.get(at + 1).map(|n| (n.syllable.tone, n.character)) else { continue };
        match all[at].character {
            '不' if next == 4 => all[at].syllable.tone = 2,
            '一' => {
                let counted = before.is_some_and(|c| NUMBERS.contains(c) || c == '第');
                let power = "百千万亿".contains(character);
                let digit = NUMBERS.contains(character) && !power;
                // 十一点: inside a number 一 keeps its tone; 一百 and 一座 change it.
                let keeps = digit || character == '月' || (counted && !power);
                if !keeps {
                    all[at].syllable.tone = if next == 4 { 2 } else { 4 };
                }
            }
            _ => {}
        }
    }
}

/// Of third tones in a row within one word all but the last rise.
fn thirds(word: &mut [&mut Sounded]) {
    for at in 1..word.len() {
        if word[at - 1].syllable.tone == 3 && word[at].syllable.tone == 3 {
            word[at - 1].syllable.tone = 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tones(words: &[&[(char, u8)]]) -> Vec<u8> {
        let sounded = |(character, tone): &(char, u8)| Sounded {
            character: *character,
            syllable: Syllable { letters: "a".to_owned(), tone: *tone },
        };
        let mut words: Vec<Vec<Sounded>> = words.iter().map(|word| word.iter().map(sounded).collect()).collect();
        apply(&mut words);
        words.iter().flatten().map(|s| s.syllable.tone).collect()
    }

    #[test]
    fn tones_give_way_to_their_neighbours() {
        assert_eq!(tones(&[&[('不', 4), ('对', 4)]]), [2, 4]);
        assert_eq!(tones(&[&[('不', 4), ('好', 3)]]), [4, 3]);
        assert_eq!(tones(&[&[('一', 1), ('座', 4)]]), [2, 4]);
        assert_eq!(tones(&[&[('一', 1)], &[('天', 1)]]), [4, 1]);
        assert_eq!(tones(&[&[('十', 2), ('一', 1)], &[('月', 4)]]), [2, 1, 4]);
        assert_eq!(tones(&[&[('第', 4), ('一', 1)], &[('座', 4)]]), [4, 1, 4]);
        assert_eq!(tones(&[&[('一', 1)], &[('七', 1), ('七', 1), ('一', 1)], &[('年', 2)]]), [1, 1, 1, 1, 2]);
        assert_eq!(tones(&[&[('你', 3), ('好', 3)]]), [2, 3]);
        assert_eq!(tones(&[&[('我', 3)], &[('想', 3)]]), [3, 3]);
    }
}
