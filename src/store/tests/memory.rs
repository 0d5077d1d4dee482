//! The translation memory: who wins a place, what a search finds, and that its index finds all a scan would.

use super::*;
use crate::domain::{Author, TextState};
use crate::text::similarity::{score, tokens};

fn person(name: &str) -> Author {
    Author::Person { name: name.into() }
}

fn machine(engine: &str) -> Author {
    Author::Machine { engine: engine.into(), route: vec![Language::VI, Language::EN] }
}

fn segment(source: &str, target: &str, author: Author, state: TextState) -> NewSegment {
    NewSegment {
        from: Language::VI,
        to: Language::EN,
        source: source.into(),
        target: target.into(),
        context: Context::default(),
        author,
        state,
        approved_by: None,
        origin: Origin::File { name: "old.tmx".into() },
        made_at: None,
        changed_at: None,
    }
}

fn in_context(mut segment: NewSegment, previous: Option<&str>, next: Option<&str>) -> NewSegment {
    segment.context = Context { previous: previous.map(Into::into), next: next.map(Into::into) };
    segment
}

async fn said(store: &Store, source: &str, context: &Context) -> Option<(u8, String)> {
    let found = store.said_by_people(source, Language::VI, Language::EN, context).await.unwrap();
    found.map(|found| (found.score, found.segment.target))
}

async fn found(store: &Store, source: &str, at_least: u8) -> Vec<(u8, String)> {
    let pair = (Language::VI, Language::EN);
    let found = store.matches(source, pair, &Context::default(), at_least, 50).await.unwrap();
    found.into_iter().map(|found| (found.score, found.segment.target)).collect()
}

use TextState::{Approved, Draft};

#[tokio::test]
async fn a_person_wins_for_ever_and_a_later_person_wins_over_an_earlier() {
    let bench = Bench::new().await;
    let store = &bench.store;
    let give = async |target: &str, author, state| {
        bench.clock.advance_millis(10);
        store.remember(&[segment("Hai ngọn tháp.", target, author, state)]).await.unwrap()
    };
    let one = Remembered::default();
    let machine = || machine("bergamot");
    assert_eq!(give("Two peak towers.", machine(), Draft).await, Remembered { added: 1, ..one });
    assert_eq!(said(store, "Hai ngọn tháp.", &Context::default()).await, None, "an unread one is nobody's word");
    assert_eq!(give("Two tops.", machine(), Draft).await, Remembered { replaced: 1, ..one });
    assert_eq!(give("Two tops.", machine(), Approved).await, Remembered { replaced: 1, ..one });
    assert_eq!(give("Two bad tops.", machine(), Draft).await, Remembered { outranked: 1, ..one });
    assert_eq!(give("Two towers.", person("An"), Draft).await, Remembered { replaced: 1, ..one });
    assert_eq!(give("Two bad tops.", machine(), Approved).await, Remembered { outranked: 1, ..one });
    assert_eq!(give("The two towers.", person("Bình"), Approved).await, Remembered { replaced: 1, ..one });
    assert_eq!(give("The two towers.", person("Bình"), Approved).await, Remembered { unchanged: 1, ..one });
    assert_eq!(said(store, "Hai ngọn tháp.", &Context::default()).await, Some((100, "The two towers.".into())));

    let mut earlier = segment("Hai ngọn tháp.", "A pair of towers.", person("Chi"), Approved);
    earlier.changed_at = Some(Timestamp(START.0 - 1));
    for _ in 0..2 {
        let counts = store.remember(std::slice::from_ref(&earlier)).await.unwrap();
        assert_eq!(counts, Remembered { outranked: 1, ..one }, "an edit that arrives late is none the later");
    }
    let history = store.history("Hai ngọn tháp.", Language::VI, Language::EN).await.unwrap();
    let targets: Vec<_> = history.iter().map(|one| (one.target.as_str(), one.current)).collect();
    let expected =
        [("The two towers.", true), ("Two towers.", false), ("Two tops.", false), ("A pair of towers.", false)];
    assert_eq!(targets, expected, "all that people said is kept, each once");
    assert_eq!(store.segments(None, None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_context_makes_101_and_persons_go_before_machines_whatever_the_context() {
    let bench = Bench::new().await;
    let at_start = in_context(segment("Tháp cao.", "The tower is high.", person("An"), Approved), None, Some("Nó cổ."));
    let inside = in_context(
        segment("Tháp cao.", "It is tall.", machine("bergamot"), Approved),
        Some("Đây là tháp."),
        Some("Nó cổ."),
    );
    bench.store.remember(&[at_start, inside]).await.unwrap();
    let context = |previous: Option<&str>, next: Option<&str>| Context {
        previous: previous.map(Into::into),
        next: next.map(Into::into),
    };
    let here = context(None, Some("Nó cổ."));
    assert_eq!(said(&bench.store, " Tháp cao. ", &here).await, Some((101, "The tower is high.".into())));
    let there = context(Some("Đây là tháp."), Some("Nó cổ."));
    assert_eq!(said(&bench.store, "Tháp cao.", &there).await, Some((100, "The tower is high.".into())));
    let both = bench.store.matches("Tháp cao.", (Language::VI, Language::EN), &there, 100, 9).await.unwrap();
    let both: Vec<_> = both.iter().map(|one| (one.score, one.segment.target.as_str())).collect();
    assert_eq!(both, [(101, "It is tall."), (100, "The tower is high.")], "a reviewer sees the better fit first");
    assert_eq!(
        said(&bench.store, "Tháp cao.", &Context::default()).await.unwrap().0,
        100,
        "no context is no match of it"
    );
    let only = bench.store.matches("Tháp cao.", (Language::VI, Language::EN), &there, 101, 9).await.unwrap();
    assert_eq!(only.len(), 1);
    let alone = Context::at(&["Tháp cao."], 0);
    assert!(!alone.is_known());
    assert_eq!(Context::at(&["a", "b", "c"], 1), context(Some("a"), Some("c")));
}

#[tokio::test]
async fn sentences_are_kept_composed_and_found_however_they_are_typed() {
    let bench = Bench::new().await;
    let decomposed = "Tha\u{301}p \u{110}o\u{302}i o\u{31b}\u{309} Quy Nho\u{31b}n.";
    bench.store.remember(&[segment(decomposed, "Twin Towers in Quy Nhon.", person("An"), Approved)]).await.unwrap();
    for typed in [decomposed, "Tháp Đôi ở Quy Nhơn."] {
        assert!(said(&bench.store, typed, &Context::default()).await.is_some(), "{typed}");
    }
    assert_eq!(bench.store.segments(None, None).await.unwrap()[0].source, "Tháp Đôi ở Quy Nhơn.");
    assert_eq!(found(&bench.store, "tháp đôi ở Quy Nhơn", 75).await[0].0, 99);
    assert_eq!(found(&bench.store, "Tháp Đôi ở Bình Định.", 60).await[0].0, 60);
    assert_eq!(found(&bench.store, "Tháp Đôi ở Bình Định.", 61).await, []);
}

#[tokio::test]
async fn chinese_and_japanese_are_compared_by_characters() {
    let bench = Bench::new().await;
    let chinese = NewSegment {
        from: Language::ZH,
        ..segment("这座塔高二十米。", "The tower is 20 m high.", person("An"), Draft)
    };
    let japanese = NewSegment {
        from: Language::JA,
        ..segment("塔の高さは二十メートルです。", "It is 20 m.", person("An"), Draft)
    };
    bench.store.remember(&[chinese, japanese]).await.unwrap();
    let like = async |source: &str, from| {
        let found = bench.store.matches(source, (from, Language::EN), &Context::default(), 75, 9).await.unwrap();
        found.into_iter().map(|found| found.score).collect::<Vec<_>>()
    };
    assert_eq!(like("这座塔高三十米。", Language::ZH).await, [85]);
    assert_eq!(like("塔の高さは三十メートルです。", Language::JA).await, [92]);
    assert_eq!(like("塔の高さは三十メートルです。", Language::ZH).await, [0_u8; 0], "languages are kept apart");
}

#[tokio::test]
async fn pairs_of_languages_are_kept_apart_and_share_their_sources() {
    let bench = Bench::new().await;
    let french = NewSegment { to: Language::FR, ..segment("Tháp cao.", "La tour est haute.", person("An"), Draft) };
    bench.store.remember(&[segment("Tháp cao.", "The tower is high.", person("An"), Draft), french]).await.unwrap();
    assert_eq!(found(&bench.store, "Tháp cao.", 50).await, [(100, "The tower is high.".to_owned())]);
    let of = async |from, to| bench.store.segments(from, to).await.unwrap().len();
    assert_eq!((of(None, None).await, of(Some(Language::VI), Some(Language::FR)).await), (2, 1));
    assert_eq!((of(Some(Language::EN), None).await, of(None, Some(Language::EN)).await), (0, 1));
    let sources: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM memory_sources").fetch_one(&bench.store.readers).await.unwrap();
    assert_eq!(sources, 1);
}

#[tokio::test]
async fn segments_that_say_nothing_are_refused_and_none_of_their_list_is_kept() {
    let bench = Bench::new().await;
    let good = segment("a", "b", person("An"), Draft);
    for bad in [
        segment(" ", "b", person("An"), Draft),
        segment("a", "\u{a0}", person("An"), Draft),
        NewSegment { to: Language::VI, ..good.clone() },
    ] {
        let error = bench.store.remember(&[good.clone(), bad]).await.unwrap_err();
        assert!(matches!(error, StoreError::BadSegment { .. }), "{error}");
    }
    assert_eq!(bench.store.segments(None, None).await.unwrap(), []);
}

#[tokio::test]
async fn a_damaged_segment_is_named() {
    let bench = Bench::new().await;
    bench.store.remember(&[segment("a", "b", person("An"), Draft)]).await.unwrap();
    bench.damage("UPDATE memory_segments SET author = '{}'").await;
    let error = bench.store.segments(None, None).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "memory_segments", column: "author", .. }), "{error}");
}

/// Numbers that look random and are the same every time (a linear congruential generator, Knuth's constants).
pub(super) struct Dice(pub u64);

impl Dice {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// A sentence of words that are as unequally common as those of a language.
pub(super) fn babble(dice: &mut Dice, vocabulary: usize, between: &str) -> String {
    let length = 1 + dice.below(18);
    let words: Vec<String> = (0..length)
        .map(|_| {
            let rare = dice.below(vocabulary) + 1;
            let rank = dice.below(rare);
            if between.is_empty() {
                char::from_u32(0x4e00 + rank as u32).unwrap().to_string()
            } else {
                format!("t{}", rank * 7919 % vocabulary)
            }
        })
        .collect();
    words.join(between)
}

/// `sentence` with a few words changed, lost or doubled.
fn altered(dice: &mut Dice, sentence: &str, vocabulary: usize) -> String {
    let mut words: Vec<String> = sentence.split(' ').map(str::to_owned).collect();
    for _ in 0..dice.below(4) {
        let at = dice.below(words.len());
        match dice.below(3) {
            0 => words[at] = format!("t{}", dice.below(vocabulary)),
            1 => words.insert(at, words[at].clone()),
            _ if words.len() > 1 => drop(words.remove(at)),
            _ => words[at] = words[at].to_uppercase(),
        }
    }
    words.join(" ")
}

#[tokio::test]
async fn the_index_finds_exactly_what_a_scan_of_everything_finds() {
    for (between, vocabulary) in [(" ", 300), ("", 60)] {
        let bench = Bench::new().await;
        let mut dice = Dice(20_261);
        let mut sources: Vec<String> = Vec::new();
        while sources.len() < 2_000 {
            let fresh = babble(&mut dice, vocabulary, between);
            let like = match sources.len() {
                0 => fresh.clone(),
                known => sources[dice.below(known)].clone(),
            };
            let source =
                if dice.below(2) == 0 || between.is_empty() { fresh } else { altered(&mut dice, &like, vocabulary) };
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        let segments: Vec<NewSegment> =
            sources.iter().map(|source| segment(source, source, machine("babble"), Draft)).collect();
        bench.store.remember(&segments).await.unwrap();
        let tokens_of: Vec<Vec<String>> = sources.iter().map(|source| tokens(source)).collect();
        let (mut compared, mut fuzzy) = (0, 0);
        for at in (0..sources.len()).step_by(31) {
            let query = if between.is_empty() {
                sources[at].chars().skip(1).collect()
            } else {
                altered(&mut dice, &sources[at], vocabulary)
            };
            let own = tokens(&query);
            for at_least in [75, 90] {
                let scan = sources
                    .iter()
                    .zip(&tokens_of)
                    .map(|(source, tokens)| (score(&query, &own, source, tokens), source.clone()));
                let mut scan: Vec<(u8, String)> = scan.filter(|(score, _)| *score >= at_least).collect();
                let pair = (Language::VI, Language::EN);
                let found = bench.store.matches(&query, pair, &Context::default(), at_least, 2_000).await.unwrap();
                let mut found: Vec<(u8, String)> =
                    found.into_iter().map(|one| (one.score, one.segment.source)).collect();
                assert!(found.is_sorted_by(|a, b| a.0 >= b.0), "the better first");
                scan.sort();
                found.sort();
                assert_eq!(found, scan, "{query}");
                compared += 1;
                fuzzy += found.iter().filter(|(score, _)| *score < 100).count();
            }
        }
        assert!(compared > 120 && fuzzy > 50, "{compared} searches with {fuzzy} likenesses prove little");
    }
}
