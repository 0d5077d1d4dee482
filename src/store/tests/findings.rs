//! Findings, waivers and approval: what blocks, what mends, and what comes back.

use super::*;
use crate::domain::{Author, ContentHash, Finding, FindingId, FindingKind, Sentence, Span, Text, TextState};

const SOURCES: [&str; 3] = ["Tháp có 2 tầng.", "Xây năm 1285.", "Cao 20 m."];
const TARGETS: [&str; 3] = ["The tower has 2 storeys.", "Built in 1258.", "It is 20 m high."];

fn translation(stop: StopId, targets: &[&str]) -> NewText {
    NewText {
        stop,
        language: Language::EN,
        title: "Towers".into(),
        author: Author::Machine { engine: "bergamot vi-en".into(), route: vec![Language::VI, Language::EN] },
        state: TextState::Draft,
        made_from: Some(ContentHash::of(b"the Vietnamese text")),
        sentences: NewText::sentences_of(vec![targets.iter().map(|&one| one.to_owned()).collect()]),
    }
}

fn wrong_year() -> Finding {
    let span = |text: &str, start| Some(Span { text: text.into(), start, end: start + 4 });
    Finding {
        kind: FindingKind::Year,
        source: span("1285", 8),
        target: span("1258", 9),
        accepted: Vec::new(),
        message: "the year 1285 came out as 1258".into(),
    }
}

fn lost_title() -> Finding {
    Finding {
        kind: FindingKind::Name,
        source: None,
        target: None,
        accepted: Vec::new(),
        message: "`Tháp Đôi` is missing".into(),
    }
}

async fn text(bench: &Bench, stop: StopId) -> (Text, Vec<Sentence>) {
    bench.store.text(stop, Language::EN).await.unwrap().unwrap()
}

/// What a checker that knows only the wrong year would say of the text as it is.
async fn check_all(bench: &Bench, stop: StopId) {
    let (text, sentences) = text(bench, stop).await;
    let check = |sentence: &Sentence| NewCheck {
        sentence: Some(sentence.id),
        source_language: Language::VI,
        source: SOURCES[sentence.ordinal as usize].into(),
        target: sentence.content.clone(),
        rules: ContentHash::of(b"rules 1"),
        noted: Vec::new(),
        findings: if sentence.content.contains("1258") { vec![wrong_year()] } else { Vec::new() },
    };
    let checks: Vec<NewCheck> = sentences.iter().map(check).collect();
    bench.store.put_checks(text.id, &checks).await.unwrap();
}

async fn stop_with_finding(bench: &Bench) -> StopId {
    let stop = bench.stop().await;
    bench.store.put_text(&translation(stop, &TARGETS)).await.unwrap();
    check_all(bench, stop).await;
    stop
}

async fn listed(bench: &Bench) -> Vec<(FindingId, Option<u32>, bool)> {
    let found = bench.store.findings(None).await.unwrap();
    found.into_iter().map(|one| (one.id, one.ordinal, one.waiver.is_some())).collect()
}

#[tokio::test]
async fn a_finding_stands_with_its_place_until_its_sentence_is_mended() {
    let bench = Bench::new().await;
    let stop = stop_with_finding(&bench).await;
    let found = bench.store.findings(Some(&slug("thap-doi-1"))).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].ordinal, found[0].place().as_str()), (Some(1), "sentence 2"));
    assert_eq!((found[0].source.as_str(), found[0].target.as_str()), (SOURCES[1], TARGETS[1]));
    assert_eq!((&found[0].finding, found[0].found_at, &found[0].waiver), (&wrong_year(), START, &None));
    assert!(bench.store.findings(Some(&slug("elsewhere"))).await.unwrap().is_empty());

    let moved = [TARGETS[1], TARGETS[0], TARGETS[2]];
    bench.store.put_text(&translation(stop, &moved)).await.unwrap();
    assert_eq!(listed(&bench).await, [(found[0].id, Some(0), false)], "it moves with its sentence");
    bench.store.put_text(&translation(stop, &[TARGETS[0], "Built in 1285.", TARGETS[2]])).await.unwrap();
    assert_eq!(listed(&bench).await, [], "mended");
}

#[tokio::test]
async fn a_waiver_is_for_the_very_same_finding_and_holds_when_it_comes_back() {
    let bench = Bench::new().await;
    let stop = stop_with_finding(&bench).await;
    let id = listed(&bench).await[0].0;
    for (by, reason) in [(" ", "as on the stele"), ("An", "")] {
        let refused = bench.store.waive(id, by, reason).await;
        assert!(matches!(refused, Err(StoreError::BadWaiver { .. })));
    }
    bench.store.waive(id, "An", "the stele itself says 1258").await.unwrap();
    bench.clock.advance_millis(5);
    bench.store.waive(id, "Bình", "too late").await.unwrap();
    let found = bench.store.findings(None).await.unwrap();
    let waiver = Waiver { by: "An".into(), reason: "the stele itself says 1258".into(), at: START };
    assert_eq!(found[0].waiver.as_ref(), Some(&waiver), "the first one stands");

    check_all(&bench, stop).await;
    assert_eq!(listed(&bench).await, [(id, Some(1), true)], "found again, it keeps number and waiver");
    bench.store.put_text(&translation(stop, &[TARGETS[0], "Built in 1285.", TARGETS[2]])).await.unwrap();
    bench.store.put_text(&translation(stop, &TARGETS)).await.unwrap();
    check_all(&bench, stop).await;
    assert!(listed(&bench).await[0].2, "the same words with the same finding are waived still");
    bench.store.put_text(&translation(stop, &[TARGETS[0], "It was built in 1258.", TARGETS[2]])).await.unwrap();
    check_all(&bench, stop).await;
    let (other, _, waived) = listed(&bench).await[0];
    assert!(!waived && other != id, "other words need a waiver of their own");
    let gone = bench.store.waive(id, "An", "again").await;
    assert!(matches!(gone, Err(StoreError::Gone { what: "finding", .. })));
}

#[tokio::test]
async fn nothing_is_approved_over_an_open_finding_or_unchecked() {
    let bench = Bench::new().await;
    let stop = stop_with_finding(&bench).await;
    let approve = async || bench.store.approve(stop, Language::EN, "An").await;
    let refused = approve().await.unwrap_err().to_string();
    for part in ["`thap-doi-1` in en", "sentence 2", "the year 1285 came out as 1258", "findings waive"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    let approved = NewText { state: TextState::Approved, ..translation(stop, &TARGETS) };
    let written = bench.store.put_text(&approved).await;
    assert!(matches!(written, Err(StoreError::OpenFindings { more: 0, .. })), "not by writing it so either");
    assert_eq!(text(&bench, stop).await.0.state, TextState::Draft);

    bench
        .store
        .put_text(&translation(stop, &["The tower has two storeys.", "Built in 1285.", TARGETS[2]]))
        .await
        .unwrap();
    let unchecked = approve().await.unwrap_err();
    assert!(matches!(&unchecked, StoreError::Unchecked { place, .. } if place == "sentence 1"), "{unchecked}");
    check_all(&bench, stop).await;
    assert!(matches!(bench.store.approve(stop, Language::EN, " ").await, Err(StoreError::Nameless)));
    assert_eq!(bench.store.approve(stop, Language::FR, "An").await.unwrap(), None);
    assert_eq!(approve().await.unwrap(), Some(Remembered { added: 3, ..Remembered::default() }));
    assert_eq!(approve().await.unwrap(), Some(Remembered { unchanged: 3, ..Remembered::default() }));
    let (head, _) = text(&bench, stop).await;
    assert_eq!(
        (head.state, bench.store.approver(head.id).await.unwrap().as_deref()),
        (TextState::Approved, Some("An"))
    );
}

#[tokio::test]
async fn what_is_approved_is_what_the_memory_says_from_then_on() {
    let bench = Bench::new().await;
    let stop = stop_with_finding(&bench).await;
    bench.store.waive(listed(&bench).await[0].0, "An", "as the stele says").await.unwrap();
    let persons = NewSegment {
        from: Language::VI,
        to: Language::EN,
        source: SOURCES[2].into(),
        target: TARGETS[2].into(),
        context: Context::default(),
        author: Author::Person { name: "Chi".into() },
        state: TextState::Draft,
        approved_by: None,
        origin: Origin::File { name: "chi.xlf".into() },
        made_at: None,
        changed_at: None,
    };
    bench.store.remember(&[persons]).await.unwrap();
    bench.store.approve(stop, Language::EN, "An").await.unwrap();
    let context = Context::at(&SOURCES, 1);
    let found = bench.store.said_by_people(SOURCES[1], Language::VI, Language::EN, &context).await.unwrap().unwrap();
    assert_eq!((found.score, found.segment.target.as_str()), (101, TARGETS[1]));
    assert_eq!((found.segment.approved_by.as_deref(), found.segment.state), (Some("An"), TextState::Approved));
    assert_eq!(found.segment.origin, Origin::Stop { stop: slug("thap-doi-1"), ordinal: Some(1) });
    let context = Context::at(&SOURCES, 2);
    let found = bench.store.said_by_people(SOURCES[2], Language::VI, Language::EN, &context).await.unwrap().unwrap();
    assert_eq!(found.segment.author, Author::Person { name: "Chi".into() }, "a person's words stay theirs");

    let again = bench.store.put_text(&translation(stop, &TARGETS)).await.unwrap();
    assert_eq!(again, TextChange::Unchanged, "a machine that comes to the same words leaves them approved");
    let mut newer = translation(stop, &TARGETS);
    newer.made_from = Some(ContentHash::of(b"another text"));
    bench.store.put_text(&newer).await.unwrap();
    let (head, _) = text(&bench, stop).await;
    assert_eq!((head.state, bench.store.approver(head.id).await.unwrap()), (TextState::Draft, None));
}

#[tokio::test]
async fn titles_are_checked_too_and_a_check_never_lands_on_other_words() {
    let bench = Bench::new().await;
    let stop = stop_with_finding(&bench).await;
    let (head, sentences) = text(&bench, stop).await;
    let check = |sentence, target: &str| NewCheck {
        sentence,
        source_language: Language::VI,
        source: "Tháp Đôi".into(),
        target: target.into(),
        rules: ContentHash::of(b"rules 1"),
        noted: vec![lost_title()],
        findings: vec![lost_title()],
    };
    bench
        .store
        .put_checks(head.id, &[check(None, "Towers"), check(Some(sentences[0].id), "Other words.")])
        .await
        .unwrap();
    let found = bench.store.findings_of(head.id).await.unwrap();
    let places: Vec<_> = found.iter().map(|one| one.place()).collect();
    assert_eq!(places, ["the title", "sentence 2"]);
    let checks = bench.store.checks_of(head.id).await.unwrap();
    let title = checks.iter().find(|check| check.sentence.is_none()).unwrap();
    assert_eq!((title.target.as_str(), &title.noted), ("Towers", &vec![lost_title()]));
    assert_eq!(checks.len(), 4);

    let retitled = NewText { title: "The Twin Towers".into(), ..translation(stop, &TARGETS) };
    bench.store.put_text(&retitled).await.unwrap();
    assert_eq!(bench.store.findings_of(head.id).await.unwrap().len(), 1, "the title's went with the title");
    let own = NewText {
        author: Author::Person { name: "An".into() },
        state: TextState::Approved,
        made_from: None,
        ..translation(stop, &TARGETS)
    };
    bench.store.put_text(&own).await.unwrap();
    assert_eq!(bench.store.findings(None).await.unwrap(), [], "a text of its own is compared with nothing");
}

#[tokio::test]
async fn a_damaged_finding_is_named() {
    let bench = Bench::new().await;
    stop_with_finding(&bench).await;
    bench.damage("UPDATE findings SET finding = '[]'").await;
    let error = bench.store.findings(None).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "findings", column: "finding", .. }), "{error}");
}
