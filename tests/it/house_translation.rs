//! A translation in the small house for the browser: a machine's, with a wrong year in it as the checks find it, an edition
//! that waits for a person, and a job that failed.

use thuyetminh::domain::{
    Actor, Author, ContentHash, Edition, JobFailure, JobFault, JobKind, Language, Milliseconds, Slug, Stop, TextState,
};
use thuyetminh::pipeline::{Checker, Compared, Facts};
use thuyetminh::store::{NewCheck, NewText, Publication, Store, text_hash};

const SOURCE: [&str; 4] = [
    "Chim thần Garuda đứng ở bốn góc của ngọn tháp.",
    "Ngọn tháp này được xây vào năm 1285.",
    "Tháp cao 20 mét.",
    "Mời quý khách nhìn lên đỉnh tháp.",
];
const TARGET: [&str; 4] = [
    "Garudas stand at the four corners of the tower.",
    "This tower was built in 1258.",
    "The tower is 20 metres high.",
    "Please look up to the top of the tower.",
];

async fn translation(store: &Store, stop: &Stop) {
    let sentences = SOURCE.iter().map(|sentence| (0, *sentence));
    let text = NewText {
        stop: stop.id,
        language: Language::EN,
        title: "The North Tower and its Garudas".to_owned(),
        author: Author::Machine { engine: "test".to_owned(), route: vec![Language::VI, Language::EN] },
        state: TextState::Draft,
        made_from: Some(text_hash(Language::VI, "Tháp Bắc và chim thần Garuda", sentences)),
        sentences: NewText::sentences_of(vec![TARGET.iter().map(|text| (*text).to_owned()).collect()]),
    };
    store.put_text(&text).await.unwrap();
    let (text, sentences) = store.text(stop.id, Language::EN).await.unwrap().unwrap();
    let check = |(sentence, source): (&thuyetminh::domain::Sentence, &&str)| {
        let pair = Compared {
            source,
            source_language: Language::VI,
            target: &sentence.content,
            target_language: Language::EN,
        };
        NewCheck {
            sentence: Some(sentence.id),
            source_language: Language::VI,
            source: (*source).to_owned(),
            target: sentence.content.clone(),
            rules: ContentHash::of(b"rules"),
            noted: Vec::new(),
            findings: Facts.findings(&pair, &[]),
        }
    };
    let checks: Vec<_> = sentences.iter().zip(&SOURCE).map(check).collect();
    assert_eq!(checks.iter().map(|check| check.findings.len()).sum::<usize>(), 1, "the wrong year is found, alone");
    store.put_checks(text.id, &checks).await.unwrap();
}

/// Puts them into the house; `edition` is the English one of the stop.
pub async fn plant(store: &Store, stop: &str, edition: &Edition) {
    let slug: Slug = stop.parse().unwrap();
    let stop = store.stop(&slug).await.unwrap().unwrap();
    translation(store, &stop).await;
    let (shell, site) = (Actor::shell(), store.site_by_id(stop.site).await.unwrap().unwrap());
    store.set_publishing_by_hand(&shell, site.id, &site.slug, true).await.unwrap();
    assert!(matches!(store.publish(edition).await.unwrap(), Publication::Waits { .. }));
    store.set_publishing_by_hand(&shell, site.id, &site.slug, false).await.unwrap();
    store.enqueue(&JobKind::MakeGuide { stop: slug, language: Language::JA }, 0).await.unwrap();
    let job = store.claim("test", Milliseconds(60_000)).await.unwrap().unwrap();
    let failure = JobFailure::new(JobFault::Engine, "the voice `ja` is not there: thuyetminh models pull kokoro");
    store.fail(job.id, job.fencing_token, &failure, None).await.unwrap();
}
