//! Publishing, withdrawing, and what is public.

use super::*;
use crate::domain::{
    AudioFile, AudioFormat, ContentHash, Edition, EditionSentence, Lufs, Milliseconds, TranslationMark, VoiceMark,
};

pub(super) fn edition(language: Language, words: &str) -> Edition {
    let hash = |what: &str| ContentHash::of(format!("{what} {language} {words}").as_bytes());
    Edition {
        stop: slug("thap-doi-1"),
        code: "TD1".parse().unwrap(),
        language,
        title: "Tháp Bắc".into(),
        sentences: vec![EditionSentence {
            paragraph: 0,
            text: words.into(),
            start: Milliseconds(0),
            end: Milliseconds(900),
            clip: hash("clip"),
            voice: None,
        }],
        duration: Milliseconds(1_000),
        loudness: Lufs(-16.023),
        audio: vec![
            AudioFile { format: AudioFormat::Mp3, hash: hash("mp3"), bytes: 8_000 },
            AudioFile { format: AudioFormat::Opus, hash: hash("opus"), bytes: 3_000 },
        ],
        captions: hash("captions"),
        master: hash("master"),
        voice: VoiceMark {
            engine: "kokoro".into(),
            model: "kokoro-82m".into(),
            voice: "af_heart".into(),
            synthetic: true,
            last_resort: false,
        },
        translation: None,
        hearing: None,
        recipe: hash("recipe"),
    }
}

#[tokio::test]
async fn publishing_moves_the_pointer_and_twice_is_once() {
    let bench = Bench::new().await;
    bench.stop().await;
    let one = edition(Language::EN, "one");
    let two = edition(Language::EN, "two");
    assert_eq!(bench.store.current_edition(&one.stop, one.language).await.unwrap(), None);
    let Publication::Published { id, number: 1 } = bench.store.publish(&one).await.unwrap() else { panic!() };
    bench.clock.advance_millis(7);
    assert_eq!(bench.store.publish(&one).await.unwrap(), Publication::Unchanged { id, number: 1 });
    let current = bench.store.current_edition(&one.stop, one.language).await.unwrap().unwrap();
    assert_eq!((current.published_at, &current.edition), (START, &one));
    assert_eq!(current.hash, ContentHash::of(serde_json::to_string(&one).unwrap().as_bytes()));

    let Publication::Published { number: 2, .. } = bench.store.publish(&two).await.unwrap() else { panic!() };
    let current = bench.store.current_edition(&one.stop, one.language).await.unwrap().unwrap();
    assert_eq!((current.number, current.published_at, current.edition), (2, START.plus_millis(7), two));
    // The edition before stays, is public for who still listens to it, and can be published again.
    assert!(bench.store.published_file(one.captions).await.unwrap().is_some());
    assert_eq!(bench.store.publish(&one).await.unwrap(), Publication::Published { id, number: 1 });
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM editions").fetch_one(&bench.store.readers).await.unwrap();
    assert_eq!(kept, 2);
}

#[tokio::test]
async fn only_what_is_published_is_public() {
    let bench = Bench::new().await;
    bench.stop().await;
    let one = edition(Language::EN, "one");
    let file = async |hash| bench.store.published_file(hash).await.unwrap();
    assert_eq!(file(one.audio[0].hash).await, None);
    bench.store.publish(&one).await.unwrap();
    assert_eq!(file(one.audio[0].hash).await, Some(FileKind::Audio(AudioFormat::Mp3)));
    assert_eq!(file(one.audio[1].hash).await, Some(FileKind::Audio(AudioFormat::Opus)));
    assert_eq!(file(one.captions).await, Some(FileKind::Captions));
    assert_eq!(file(one.master).await, None);
    assert_eq!(file(one.sentences[0].clip).await, None);

    let mut with_cover = site("thap-doi");
    with_cover.cover = Some(ContentHash::of(b"png"));
    bench.store.upsert_site(&with_cover).await.unwrap();
    assert_eq!(file(ContentHash::of(b"png")).await, Some(FileKind::Image));

    assert!(bench.store.withdraw(&one.stop, one.language).await.unwrap());
    assert!(!bench.store.withdraw(&one.stop, one.language).await.unwrap());
    assert_eq!(file(one.audio[0].hash).await, None);
    assert_eq!(bench.store.current_edition(&one.stop, one.language).await.unwrap(), None);
    bench.store.publish(&one).await.unwrap();
    assert_eq!(file(one.captions).await, Some(FileKind::Captions));
}

#[tokio::test]
async fn summaries_say_what_lists_need() {
    let bench = Bench::new().await;
    bench.stop().await;
    let mut portuguese = edition(Language::PT, "um");
    portuguese.translation =
        Some(TranslationMark { engine: "bergamot".into(), route: vec![Language::EN], approved: false });
    portuguese.voice.last_resort = true;
    for edition in [&portuguese, &edition(Language::VI, "một"), &edition(Language::EN, "one")] {
        bench.store.publish(edition).await.unwrap();
    }
    let found = bench.store.current_editions().await.unwrap();
    let languages: Vec<Language> = found.iter().map(|summary| summary.language).collect();
    assert_eq!(languages, [Language::VI, Language::EN, Language::PT]);
    let last = &found[2];
    assert!(last.machine_translated && last.last_resort && last.synthetic);
    assert!(!found[0].machine_translated && !found[0].last_resort);
    assert_eq!((last.duration, last.number, last.code.as_str()), (Milliseconds(1_000), 1, "TD1"));
}

#[tokio::test]
async fn a_crash_between_writing_and_pointing_leaves_the_edition_before() {
    let bench = Bench::new().await;
    let stop = bench.stop().await;
    let one = edition(Language::EN, "one");
    let two = edition(Language::EN, "two");
    bench.store.publish(&one).await.unwrap();
    let frozen = serde_json::to_string(&two).unwrap();
    let mut tx = bench.store.write("testing").await.unwrap();
    let hash = ContentHash::of(frozen.as_bytes());
    bench.store.insert_edition(&mut tx, stop, &two, &frozen, hash).await.unwrap();
    drop(tx);
    let store = bench.again().await;
    assert_eq!(store.current_edition(&one.stop, one.language).await.unwrap().unwrap().edition, one);
    assert_eq!(store.published_file(two.captions).await.unwrap(), None);
    let Publication::Published { number: 2, .. } = store.publish(&two).await.unwrap() else { panic!() };
}

#[tokio::test]
async fn a_pointer_that_cannot_be_moved_undoes_the_edition() {
    let bench = Bench::new().await;
    bench.stop().await;
    bench
        .damage("CREATE TRIGGER cut BEFORE INSERT ON current_editions BEGIN SELECT RAISE(ABORT, 'planted'); END")
        .await;
    bench.store.publish(&edition(Language::EN, "one")).await.unwrap_err();
    let left: i64 = sqlx::query_scalar("SELECT (SELECT COUNT(*) FROM editions) + (SELECT COUNT(*) FROM edition_files)")
        .fetch_one(&bench.store.readers)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn what_cannot_be_frozen_or_placed_is_refused_and_what_was_altered_is_told() {
    let bench = Bench::new().await;
    let one = edition(Language::EN, "one");
    assert!(matches!(bench.store.publish(&one).await, Err(StoreError::Missing { .. })));
    bench.stop().await;
    let mut silent = one.clone();
    silent.loudness = Lufs(f64::NEG_INFINITY);
    assert!(matches!(bench.store.publish(&silent).await, Err(StoreError::Unwritable { .. })));
    bench.store.publish(&one).await.unwrap();
    bench.damage("UPDATE editions SET frozen = replace(frozen, 'one', 'two')").await;
    let error = bench.store.current_edition(&one.stop, one.language).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "editions", column: "frozen", .. }), "{error}");
}
