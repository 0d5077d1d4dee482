//! Searches over tables of scores, where the right result is known by trying everything.

use proptest::prelude::*;

use super::*;

fn settings(beams: usize) -> Settings {
    Settings {
        beams,
        length_penalty: 1.0,
        early: Early::No,
        no_repeat: 0,
        banned: Vec::new(),
        start: 0,
        end: 1,
        forced_first: None,
        forced_last: None,
    }
}

fn log_sum(scores: &[f32]) -> f32 {
    scores.iter().map(|score| score.exp()).sum::<f32>().ln()
}

/// Runs a search over a network whose scores depend on the last word alone.
fn run(settings: &Settings, most: usize, table: &[Vec<f32>]) -> (Vec<u32>, usize) {
    let mut search = Search::new(settings, most);
    for step in 1.. {
        let rows = search.rows();
        assert!(!rows.is_empty() && rows.len() <= settings.beams.max(1));
        let logits: Vec<f32> = rows.iter().flat_map(|row| table[row.word as usize].clone()).collect();
        if search.advance(settings, &logits, &mut |scores| log_sum(scores)) {
            return (search.result(settings), step);
        }
        assert!(step < most, "a search must end after {most} steps");
    }
    unreachable!("the loop ends only from within")
}

/// Words 0 (start), 1 (end), 2, 3, 4. Greedily 2 is followed by weak words; 3 leads to a sure end.
fn table() -> Vec<Vec<f32>> {
    let of = |shares: [f32; 5]| shares.iter().map(|share| share.ln()).collect::<Vec<f32>>();
    vec![
        of([1e-9, 1e-9, 0.6, 0.4, 1e-9]),
        of([0.2, 0.2, 0.2, 0.2, 0.2]),
        of([1e-9, 0.3, 0.05, 0.25, 0.4]),
        of([1e-9, 0.9, 0.05, 0.04, 0.01]),
        of([1e-9, 0.34, 0.33, 0.33, 1e-9]),
    ]
}

#[test]
fn greedy_takes_the_best_word_and_a_beam_the_best_sentence() {
    assert_eq!(run(&settings(1), 10, &table()).0, [2, 4]);
    assert_eq!(run(&settings(4), 10, &table()).0, [3]);
}

#[test]
fn banned_forced_and_repeated_words() {
    let banned = Settings { banned: vec![2, 4], ..settings(1) };
    assert_eq!(run(&banned, 10, &table()).0, [3]);
    let first = Settings { forced_first: Some(4), ..settings(4) };
    assert_eq!(run(&first, 10, &table()).0[0], 4);
    // Nothing but 2 can follow 2 here, so the search runs to its limit; a rule against pairs ends it.
    let mut loops = table();
    loops[0] = vec![-50.0, -60.0, 0.0, -50.0, -50.0];
    loops[2] = vec![-50.0, -2.0, 0.0, -50.0, -50.0];
    assert_eq!(run(&settings(1), 7, &loops), (vec![2; 7], 7));
    let once = Settings { no_repeat: 2, ..settings(1) };
    assert_eq!(run(&once, 7, &loops).0, [2, 2]);
    let last = Settings { forced_last: Some(1), ..settings(1) };
    assert_eq!(run(&last, 7, &loops), (vec![2; 6], 7));
    assert!(matches!(Rules::new(&Settings { forced_first: Some(4), ..last }, &[0], 1), Rules::Forced(1)));
}

#[test]
fn runs_of_words_are_found_with_the_start_among_them() {
    let of = |no_repeat, words: &[u32]| match Rules::new(&Settings { no_repeat, ..settings(1) }, words, 99) {
        Rules::Free { banned } => banned,
        Rules::Forced(word) => vec![word],
    };
    assert_eq!(of(1, &[0, 5, 6, 5]), [0, 5, 6]);
    assert_eq!(of(2, &[0, 5, 6, 5]), [6]);
    assert_eq!(of(3, &[7, 5, 6, 8, 5, 6]), [8]);
    assert_eq!(of(3, &[0]), [] as [u32; 0]);
}

#[test]
fn a_vocabulary_of_no_numbers_ends_the_search() {
    let nothing = vec![vec![f32::NAN; 5]; 5];
    assert_eq!(run(&settings(1), 10, &nothing).0, [] as [u32; 0]);
    assert_eq!(run(&settings(4), 10, &nothing).0, [] as [u32; 0]);
    let one = vec![vec![f32::NEG_INFINITY, f32::NEG_INFINITY, 0.0, f32::NEG_INFINITY, f32::NEG_INFINITY]; 5];
    assert_eq!(run(&settings(4), 6, &one).0, [2; 6]);
}

proptest! {
    /// A beam as wide as all there is finds the best of all sentences.
    #[test]
    fn a_beam_wide_enough_finds_the_best_sentence(numbers in prop::collection::vec(-3.0_f32..3.0, 25)) {
        let table: Vec<Vec<f32>> = numbers.chunks(5).map(<[f32]>::to_vec).collect();
        let most = 3;
        let wide = Settings { length_penalty: 0.0, early: Early::Never, ..settings(200) };
        let (found, _) = run(&wide, most, &table);
        let score = |words: &[u32]| {
            let mut last = 0;
            let all = words.iter().map(|word| {
                let row = &table[std::mem::replace(&mut last, *word as usize)];
                row[*word as usize] - log_sum(row)
            });
            all.sum::<f32>()
        };
        let mut best = f32::NEG_INFINITY;
        let mut open: Vec<Vec<u32>> = vec![Vec::new()];
        while let Some(words) = open.pop() {
            for word in 0..5 {
                let longer = [words.as_slice(), &[word]].concat();
                if word == 1 || longer.len() == most {
                    best = best.max(score(&longer));
                } else {
                    open.push(longer);
                }
            }
        }
        let ended = if found.len() < most { [found.as_slice(), &[1]].concat() } else { found };
        prop_assert!((score(&ended) - best).abs() < 1e-4, "{ended:?}: {} is not {best}", score(&ended));
    }

    /// Whatever the scores, a search ends in time and obeys its rules.
    #[test]
    fn every_search_ends_and_obeys(
        numbers in prop::collection::vec(prop_oneof![9 => -9.0_f32..9.0, 1 => Just(f32::NEG_INFINITY), 1 => Just(f32::NAN)], 64),
        beams in 1_usize..6, most in 1_usize..9, no_repeat in 0_usize..4, banned in prop::collection::vec(2_u32..8, 0..3),
    ) {
        let table: Vec<Vec<f32>> = numbers.chunks(8).map(<[f32]>::to_vec).collect();
        let settings = Settings { no_repeat, banned, ..settings(beams) };
        let (words, steps) = run(&settings, most, &table);
        prop_assert!(steps <= most && words.len() <= most);
        prop_assert!(words.iter().all(|word| !settings.banned.contains(word)));
        if no_repeat > 0 {
            let all = [&[0], words.as_slice()].concat();
            let mut runs: Vec<&[u32]> = all.windows(no_repeat).collect();
            let count = runs.len();
            runs.sort_unstable();
            runs.dedup();
            prop_assert_eq!(runs.len(), count, "{:?}", all);
        }
    }
}
