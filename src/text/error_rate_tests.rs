//! Tables and properties of the error rates.

use super::*;
use proptest::prelude::*;

fn words(reference: &str, heard: &str) -> Difference {
    Comparison::by(Unit::Word).compare(reference, heard)
}

#[test]
fn words_are_counted_by_alignment() {
    // reference, heard, substitutions, deletions, insertions, longest divergent run
    let table = [
        ("the twin towers", "the twin towers", 0, 0, 0, 0),
        ("The twin towers.", "the Twin, towers", 0, 0, 0, 0),
        ("the twin towers", "the twin tower", 1, 0, 0, 1),
        ("the twin towers", "the towers", 0, 1, 0, 1),
        ("the twin towers", "the twin brick towers", 0, 0, 1, 1),
        ("a b c d e f", "a x y z e f", 3, 0, 0, 3),
        ("a b c d e f", "a x c y e f", 2, 0, 0, 1),
        ("a b", "b a", 0, 1, 1, 1),
        ("don’t stop", "don't stop", 0, 0, 0, 0),
        ("well-known", "well known", 0, 0, 0, 0),
        ("tháp Đôi", "tha\u{301}p đôi", 0, 0, 0, 0),
        ("İstanbul", "i\u{307}stanbul", 0, 0, 0, 0),
        ("", "", 0, 0, 0, 0),
        ("", "a b", 0, 0, 2, 2),
        ("a b", "", 0, 2, 0, 2),
    ];
    for (reference, heard, substitutions, deletions, insertions, run) in table {
        let found = words(reference, heard);
        let counted = (found.substitutions, found.deletions, found.insertions, found.longest_divergent_run);
        assert_eq!(counted, (substitutions, deletions, insertions, run), "{reference} | {heard}");
    }
    assert_eq!(words("a b c d", "a x c").rate(), 0.5);
    assert_eq!((words("", "").rate(), words("", "a").rate(), words("a", "a b c").rate()), (0.0, 1.0, 2.0));
}

#[test]
fn characters_ignore_spaces_and_punctuation() {
    let rate = |reference: &str, heard: &str| Comparison::by(Unit::Character).compare(reference, heard).rate();
    assert_eq!(rate("双塔建于十二世纪。", "双塔 建于十二世纪"), 0.0);
    assert_eq!(rate("双塔建于", "双踏建于"), 0.25);
}

#[test]
fn a_normaliser_makes_numbers_equal() {
    let spell = |text: &str| text.replace("12th", "twelfth");
    let plain = Comparison::by(Unit::Word);
    assert_eq!(plain.compare("the twelfth century", "the 12th century").errors(), 1);
    assert_eq!(plain.after(&spell).compare("the twelfth century", "the 12th century").errors(), 0);
}

#[test]
fn names_are_left_out_on_both_sides() {
    let names = ["Dương Long".to_owned(), "Dương".to_owned(), "Quy Nhơn".to_owned(), "…".to_owned()];
    // reference, heard, errors, counted, longest divergent run
    let table = [
        ("The towers of Dương Long stand", "the towers of Zung Long stand", 0, 4, 0),
        ("The towers of Dương Long stand", "the towers of stand", 0, 4, 0),
        ("The towers of Dương Long stand", "the towers of you and long stand", 0, 4, 0),
        ("The towers of Dương Long stand", "the towers of a b c d e f stand", 2, 4, 2),
        ("The towers of Dương Long stand", "a tower of Dương Long stands", 3, 4, 2),
        ("Dương Long, Quy Nhơn", "Long Queen Yon", 0, 0, 0),
        ("the city is here", "the city Quy Nhơn is here", 0, 4, 0),
        ("the old red city", "the Quy Nhơn city", 2, 4, 2),
        ("a Dương Long b", "x Dương Long y", 2, 2, 2),
    ];
    for (reference, heard, errors, counted, run) in table {
        let found = Comparison::by(Unit::Word).without(&names).compare(reference, heard);
        let figures = (found.errors(), found.counted, found.longest_divergent_run);
        assert_eq!(figures, (errors, counted, run), "{reference} | {heard}: {:?}", found.steps);
    }
}

/// Levenshtein distance by its recursive definition, slow and plain.
fn distance(a: &[String], b: &[String]) -> usize {
    match (a, b) {
        ([], rest) | (rest, []) => rest.len(),
        ([x, a_rest @ ..], [y, b_rest @ ..]) if x == y => distance(a_rest, b_rest),
        ([_, a_rest @ ..], [_, b_rest @ ..]) => {
            1 + distance(a_rest, b_rest).min(distance(a_rest, b)).min(distance(a, b_rest))
        }
    }
}

proptest! {
    #[test]
    fn a_text_differs_from_itself_by_nothing(text in "\\PC{0,60}") {
        for unit in [Unit::Word, Unit::Character] {
            let found = Comparison::by(unit).compare(&text, &text);
            prop_assert_eq!((found.errors(), found.longest_divergent_run), (0, 0));
        }
    }

    #[test]
    fn sides_change_places_and_bounds_hold(a in "[abc ]{0,14}", b in "[abc ]{0,14}") {
        let (there, back) = (words(&a, &b), words(&b, &a));
        prop_assert_eq!(there.substitutions, back.substitutions);
        prop_assert_eq!((there.deletions, there.insertions), (back.insertions, back.deletions));
        let (meant, heard) = (there.reference.len(), there.heard.len());
        prop_assert!(there.errors() <= meant.max(heard) && there.errors() >= meant.abs_diff(heard));
        prop_assert!(there.longest_divergent_run <= there.errors());
        prop_assert_eq!(there.errors(), distance(&there.reference, &there.heard));
    }

    #[test]
    fn the_steps_use_every_unit_once_in_order(a in "[abc ]{0,30}", b in "[abc ]{0,30}") {
        let found = words(&a, &b);
        let mut reference = Vec::new();
        let mut heard = Vec::new();
        for step in &found.steps {
            match *step {
                Step::Match { reference: r, heard: h } => {
                    prop_assert_eq!(&found.reference[r], &found.heard[h]);
                    reference.push(r);
                    heard.push(h);
                }
                Step::Substitution { reference: r, heard: h } => {
                    prop_assert_ne!(&found.reference[r], &found.heard[h]);
                    reference.push(r);
                    heard.push(h);
                }
                Step::Deletion { reference: r } => reference.push(r),
                Step::Insertion { heard: h } => heard.push(h),
            }
        }
        prop_assert_eq!(reference, (0..found.reference.len()).collect::<Vec<_>>());
        prop_assert_eq!(heard, (0..found.heard.len()).collect::<Vec<_>>());
    }

    #[test]
    fn leaving_names_out_never_adds_errors(a in "[abc ]{0,30}", b in "[abc ]{0,30}", name in "[abc]( [abc])?") {
        let names = [name];
        let found = Comparison::by(Unit::Word).without(&names).compare(&a, &b);
        prop_assert!(found.errors() <= words(&a, &b).errors());
    }
}
