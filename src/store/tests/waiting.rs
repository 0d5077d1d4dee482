//! What waits for somebody: found by a short way, the same as by looking at every guide.

use super::editions::edition;
use super::*;
use crate::domain::{Actor, Author, JobKind, TextState};

/// What a guide that is simply public has none of.
fn waits(guide: &GuideState) -> bool {
    let newer = |text: &TextStanding| guide.current.is_none_or(|(_, at)| at < text.changed_at) || text.held_by_hand > 0;
    let all_is_out = guide.current.is_some() && guide.ready.is_none();
    !all_is_out || guide.hold.is_some() || guide.planned.is_some() || guide.text.as_ref().is_some_and(newer)
}

#[tokio::test]
async fn what_waits_is_found_without_a_look_at_what_is_public() {
    let bench = Bench::new().await;
    let (stop, actor) = (bench.stop().await, Actor::shell());
    let text = async |language, words: &str| {
        let (title, author) = ("Tháp Bắc".to_owned(), Author::Person { name: "Lan".into() });
        let sentences = NewText::sentences_of(vec![vec![words.to_owned()]]);
        let state = TextState::Approved;
        let new = NewText { stop, language, title, author, state, made_from: None, sentences };
        bench.store.put_text(&new).await.unwrap();
    };
    let publish = async |language, words: &str| {
        let Publication::Published { id, .. } = bench.store.publish(&edition(language, words)).await.unwrap() else {
            panic!("{language} was public")
        };
        id
    };
    // Simply public.
    text(Language::VI, "một").await;
    publish(Language::VI, "một").await;
    // Written and not made; made without a text; asked for and neither.
    text(Language::IT, "uno").await;
    publish(Language::EN, "one").await;
    let job = JobKind::MakeGuide { stop: slug("thap-doi-1"), language: Language::KO };
    bench.store.enqueue(&job, 0).await.unwrap();
    // An earlier edition restored; taken back; planned; a clip held by hand; changed after it was public.
    let first = publish(Language::DE, "eins").await;
    publish(Language::DE, "zwei").await;
    bench.store.publish_edition(&actor, &slug("thap-doi-1"), Language::DE, first).await.unwrap();
    publish(Language::FR, "un").await;
    bench.store.take_back(&actor, &slug("thap-doi-1"), Language::FR).await.unwrap();
    let planned = publish(Language::ES, "dos").await;
    let at = START.plus_millis(9);
    bench.store.plan_edition(&actor, &slug("thap-doi-1"), Language::ES, planned, at).await.unwrap();
    text(Language::JA, "一").await;
    publish(Language::JA, "一").await;
    bench.damage("INSERT INTO clips (key, blob, rate, samples, mark, made_at) VALUES ('k', 'b', 1, 1, '', 0)").await;
    bench
        .damage("INSERT INTO guide_clips (stop, language, ordinal, sentence, clip) VALUES (1, 'ja', 0, '一', 'k')")
        .await;
    bench.damage("INSERT INTO held_clips (blob, held_by, reason, held_at) VALUES ('b', 'Lan', 'noise', 0)").await;
    publish(Language::PT, "um").await;
    bench.clock.advance_millis(5);
    text(Language::PT, "dois").await;

    let sorted = |mut guides: Vec<GuideState>| {
        guides.sort_by_key(|guide| guide.language.tag());
        guides
    };
    let all = sorted(bench.store.guides_of(None, true).await.unwrap());
    assert_eq!(all.len(), 9, "{all:?}");
    let expected: Vec<GuideState> = all.into_iter().filter(waits).collect();
    let languages: Vec<&str> = expected.iter().map(|guide| guide.language.tag()).collect();
    assert_eq!(languages, ["de", "es", "fr", "it", "ja", "ko", "pt"]);
    assert_eq!(sorted(bench.store.guides_of(None, false).await.unwrap()), expected);
    let site = bench.store.site(&slug("thap-doi")).await.unwrap().unwrap().id;
    assert_eq!(sorted(bench.store.guides_of(Some(site), false).await.unwrap()), expected);
}
