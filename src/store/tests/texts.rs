//! Texts and their sentences.

use std::collections::HashMap;

use super::*;
use crate::domain::{Author, ContentHash, Sentence, TextState};

fn by_person() -> Author {
    Author::Person { name: "Ban biên tập".into() }
}

fn by_machine() -> Author {
    Author::Machine { engine: "bergamot".into(), route: vec![Language::EN, Language::PT] }
}

fn text(stop: StopId, author: Author, paragraphs: &[&[&str]]) -> NewText {
    NewText {
        stop,
        language: Language::PT,
        title: "Torres".into(),
        author,
        state: TextState::Approved,
        made_from: None,
        sentences: NewText::sentences_of(
            paragraphs.iter().map(|sentences| sentences.iter().map(|&s| s.to_owned()).collect()).collect(),
        ),
    }
}

async fn sentences(bench: &Bench, stop: StopId) -> Vec<Sentence> {
    bench.store.text(stop, Language::PT).await.unwrap().unwrap().1
}

#[tokio::test]
async fn sentences_that_stay_keep_their_rows_wherever_they_move() {
    let bench = Bench::new().await;
    let stop = bench.stop().await;
    let first = text(stop, by_person(), &[&["a", "b"], &["c", "a"]]);
    assert_eq!(bench.store.put_text(&first).await.unwrap(), TextChange::Created);
    assert_eq!(bench.store.put_text(&first).await.unwrap(), TextChange::Unchanged);
    let before: HashMap<_, _> =
        sentences(&bench, stop).await.into_iter().map(|s| (s.id, (s.paragraph, s.content))).collect();
    assert_eq!(before.len(), 4);

    bench.clock.advance_millis(5);
    let second = text(stop, by_person(), &[&["c"], &["new"], &["b", "a"]]);
    let change = bench.store.put_text(&second).await.unwrap();
    assert_eq!(change, TextChange::Changed { kept: 3, added: 1, removed: 1 });
    let after = sentences(&bench, stop).await;
    let laid_out: Vec<_> = after.iter().map(|s| (s.ordinal, s.paragraph, s.content.as_str())).collect();
    assert_eq!(laid_out, [(0, 0, "c"), (1, 1, "new"), (2, 2, "b"), (3, 2, "a")]);
    for sentence in after.iter().filter(|s| s.content != "new") {
        assert_eq!(before[&sentence.id].1, sentence.content);
    }
    let (head, _) = bench.store.text(stop, Language::PT).await.unwrap().unwrap();
    assert_eq!(head.changed_at, START.plus_millis(5));
}

#[tokio::test]
async fn a_machine_never_replaces_a_person_but_a_person_replaces_a_machine() {
    let bench = Bench::new().await;
    let stop = bench.stop().await;
    let machine = text(stop, by_machine(), &[&["by machine"]]);
    assert_eq!(bench.store.put_text(&machine).await.unwrap(), TextChange::Created);
    let newer = text(stop, by_machine(), &[&["by a newer machine"]]);
    assert_eq!(bench.store.put_text(&newer).await.unwrap(), TextChange::Changed { kept: 0, added: 1, removed: 1 });
    let person = text(stop, by_person(), &[&["by a newer machine"]]);
    assert_eq!(bench.store.put_text(&person).await.unwrap(), TextChange::Changed { kept: 1, added: 0, removed: 0 });
    assert_eq!(bench.store.put_text(&machine).await.unwrap(), TextChange::KeptPersons);
    let (head, said) = bench.store.text(stop, Language::PT).await.unwrap().unwrap();
    assert_eq!((head.author, said[0].content.as_str()), (by_person(), "by a newer machine"));
}

#[tokio::test]
async fn texts_that_say_nothing_are_refused() {
    let bench = Bench::new().await;
    let stop = bench.stop().await;
    let mut untitled = text(stop, by_person(), &[&["a"]]);
    untitled.title = " ".into();
    let mut falling = text(stop, by_person(), &[&["a"], &["b"]]);
    falling.sentences[0].paragraph = 7;
    for bad in [untitled, falling, text(stop, by_person(), &[]), text(stop, by_person(), &[&["a", ""]])] {
        let error = bench.store.put_text(&bad).await.unwrap_err();
        assert!(matches!(error, StoreError::BadText { .. }), "{error}");
    }
    assert_eq!(bench.store.text(stop, Language::PT).await.unwrap(), None);
    let nowhere = text(StopId(99), by_person(), &[&["a"]]);
    assert!(matches!(bench.store.put_text(&nowhere).await, Err(StoreError::Missing { .. })));
}

#[tokio::test]
async fn gaps_between_sentences_are_told() {
    let bench = Bench::new().await;
    let stop = bench.stop().await;
    bench.store.put_text(&text(stop, by_person(), &[&["a", "b", "c"]])).await.unwrap();
    bench.damage("DELETE FROM sentences WHERE ordinal = 1").await;
    let error = bench.store.text(stop, Language::PT).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "sentences", column: "ordinal", .. }), "{error}");
}

#[tokio::test]
async fn languages_come_in_the_order_of_the_picker() {
    let bench = Bench::new().await;
    let stop = bench.stop().await;
    for language in [Language::ZH, Language::EN, Language::VI] {
        let mut new = text(stop, by_person(), &[&["a"]]);
        new.language = language;
        bench.store.put_text(&new).await.unwrap();
    }
    assert_eq!(bench.store.languages_of(stop).await.unwrap(), [Language::VI, Language::EN, Language::ZH]);
}

#[test]
fn the_hash_of_a_text_sees_every_word_and_every_paragraph() {
    let hash = |title, sentences: &[(u32, &'static str)]| -> ContentHash {
        text_hash(Language::VI, title, sentences.iter().copied())
    };
    let one = hash("t", &[(0, "a"), (0, "b")]);
    assert_eq!(one, hash("t", &[(0, "a"), (0, "b")]));
    for other in [
        hash("u", &[(0, "a"), (0, "b")]),
        hash("t", &[(0, "a"), (1, "b")]),
        hash("t", &[(0, "ab")]),
        text_hash(Language::EN, "t", [(0, "a"), (0, "b")]),
    ] {
        assert_ne!(one, other);
    }
}
