//! Glossary, lexicon, translation memory and clips.

use std::collections::BTreeMap;

use super::*;
use crate::domain::{
    ContentHash, Finding, FindingKind, GlossaryEntry, Hertz, LexiconEntry, Milliseconds, Pronunciation, VoiceMark,
};
use crate::ports::EngineIdentity;

fn term(name: &str, english: &str) -> GlossaryEntry {
    GlossaryEntry {
        term: name.into(),
        forms: vec![name.to_uppercase()],
        renderings: BTreeMap::from([(Language::EN, vec![english.into()])]),
        note: None,
    }
}

#[tokio::test]
async fn a_glossary_is_replaced_and_the_change_is_told() {
    let bench = Bench::new().await;
    let first = [term("Tháp Đôi", "Twin Towers"), term("hát bội", "hát bội opera")];
    let change = bench.store.replace_glossary(&first).await.unwrap();
    assert_eq!(change, ListChange { added: 2, ..ListChange::default() });
    assert!(bench.store.replace_glossary(&first).await.unwrap().is_nothing());
    let second = [term("hát bội", "classical opera"), term("bài chòi", "bài chòi")];
    let change = bench.store.replace_glossary(&second).await.unwrap();
    assert_eq!(change, ListChange { unchanged: 0, added: 1, changed: 1, removed: 1 });
    assert_eq!(bench.store.glossary().await.unwrap(), second);
    let twice = [term("a", "b"), term("a", "c")];
    assert!(matches!(bench.store.replace_glossary(&twice).await, Err(StoreError::Twice(name)) if name == "a"));
    assert_eq!(bench.store.glossary().await.unwrap(), second);
}

#[tokio::test]
async fn a_lexicon_is_kept_language_by_language() {
    let bench = Bench::new().await;
    let entry = |language, word: &str| LexiconEntry {
        language,
        grapheme: word.into(),
        pronunciation: Pronunciation::Ipa("kwi ɲən".into()),
    };
    let alias = LexiconEntry {
        language: Language::EN,
        grapheme: "UBND".into(),
        pronunciation: Pronunciation::Alias("People's Committee".into()),
    };
    let english = [entry(Language::EN, "Quy Nhơn"), alias];
    bench.store.replace_lexicon(Language::EN, &english).await.unwrap();
    bench.store.replace_lexicon(Language::FR, &[entry(Language::FR, "Quy Nhơn")]).await.unwrap();
    assert!(bench.store.replace_lexicon(Language::EN, &english).await.unwrap().is_nothing());
    assert_eq!(bench.store.lexicon(Language::EN).await.unwrap(), english);
    assert_eq!(bench.store.lexicon_languages().await.unwrap(), [Language::EN, Language::FR]);
    let stray = bench.store.replace_lexicon(Language::EN, &[entry(Language::FR, "x")]).await;
    assert!(matches!(stray, Err(StoreError::StrayEntry { .. })));
    bench.store.replace_lexicon(Language::FR, &[]).await.unwrap();
    assert_eq!(bench.store.lexicon_languages().await.unwrap(), [Language::EN]);
}

#[tokio::test]
async fn the_memory_keeps_the_first_translation_of_a_key() {
    let bench = Bench::new().await;
    let mut translation = Translation {
        key: ContentHash::of(b"key"),
        from: Language::EN,
        to: Language::PT,
        source: "The tower.".into(),
        target: "A torre.".into(),
        engine: EngineIdentity {
            engine: "bergamot".into(),
            model: "en-pt".into(),
            fingerprint: ContentHash::of(b"weights"),
        },
        findings: vec![Finding {
            kind: FindingKind::Glossary,
            source: None,
            target: None,
            accepted: Vec::new(),
            message: "`Tháp Đôi` did not come back".into(),
        }],
    };
    assert_eq!(bench.store.translation(translation.key).await.unwrap(), None);
    bench.store.put_translations(std::slice::from_ref(&translation)).await.unwrap();
    let first = translation.clone();
    translation.target = "Outra.".into();
    bench.store.put_translations(&[translation]).await.unwrap();
    assert_eq!(bench.store.translation(first.key).await.unwrap(), Some(first));
}

#[tokio::test]
async fn a_clip_is_kept_under_its_key_with_the_time_of_the_clock() {
    let bench = Bench::new().await;
    let mut clip = Clip {
        key: ContentHash::of(b"key"),
        blob: ContentHash::of(b"wav"),
        rate: Hertz(24_000),
        samples: 36_000,
        mark: VoiceMark {
            engine: "kokoro".into(),
            model: "kokoro-82m".into(),
            voice: "pf_dora".into(),
            synthetic: true,
            last_resort: false,
        },
        take: 0,
        made_at: START,
    };
    assert_eq!(bench.store.clip(clip.key).await.unwrap(), None);
    bench.store.put_clip(&clip).await.unwrap();
    assert_eq!(bench.store.clip(clip.key).await.unwrap().as_ref(), Some(&clip));
    assert_eq!(clip.duration(), Milliseconds(1_500));
    clip.blob = ContentHash::of(b"wav made again");
    bench.store.put_clip(&clip).await.unwrap();
    assert_eq!(bench.store.clip(clip.key).await.unwrap(), Some(clip));
    bench.damage("UPDATE clips SET blob = 'beef'").await;
    let error = bench.store.clip(ContentHash::of(b"key")).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "clips", column: "blob", .. }), "{error}");
}
