//! A house that works, served for the browser's longest journeys: `scripts/browser-test` starts it and ends it.
//!
//! One site of the collection, of whose guides one is left for the journey to write. A worker translates, speaks and hears
//! back with the engines of `house_engines`, and nothing is published but by a person.

use std::path::Path;
use std::sync::Arc;

use thuyetminh::app::checkers;
use thuyetminh::audio;
use thuyetminh::blobs::Blobs;
use thuyetminh::domain::{Actor, Author, Clock, JobKind, Language, Site, SystemClock, TextState};
use thuyetminh::pipeline::Workshop;
use thuyetminh::pipeline::ingest::{Folder, ImportOptions, import};
use thuyetminh::ports::Cancel;
use thuyetminh::store::{Collection, NewStop, NewText, Policy, Store};
use thuyetminh::text::split_sentences;
use thuyetminh::web::{self, Settings, State};
use thuyetminh::worker::{Watcher, Worker};

use crate::content_import::{collection, copy};
use crate::house_engines::{HouseEngines, WRONG_WORDS, WRONG_YEAR};
use crate::web_house::read_text;

const SITE: &str = "thap-banh-it";
/// The stop that the house lacks.
const LEFT_OUT: &str = "thap-chinh";
const POLICY: Policy =
    Policy { publish_machine_translation: false, publish_last_resort_voice: false, publish_unheard_speech: true };

/// The house's part of the collection, in a folder.
async fn furnish(store: &Store, blobs: &Blobs, folder: &Path) -> Site {
    let content = folder.join("content");
    copy(&collection(), &content);
    std::fs::remove_dir_all(content.join("tours")).unwrap();
    for entry in std::fs::read_dir(content.join("sites")).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with(SITE) {
            std::fs::remove_dir_all(path).unwrap();
        }
    }
    std::fs::remove_dir_all(content.join("sites").join(SITE).join(LEFT_OUT)).unwrap();
    let report = import(store, blobs, Folder::read(&content).unwrap(), ImportOptions::default()).await.unwrap();
    assert!(report.refused.is_empty(), "{:?}", report.refused);
    let held = store.collection().await.unwrap().unwrap();
    let guide_languages = vec![Language::VI, Language::EN];
    store.put_collection(&Collection { guide_languages, policy: POLICY, ..held }).await.unwrap();
    let site = store.site(&SITE.parse().unwrap()).await.unwrap().unwrap();
    store.set_publishing_by_hand(&Actor::shell(), site.id, &site.slug, true).await.unwrap();
    site
}

/// An empty workshop in a folder, and the house in it.
async fn house(folder: &Path, clock: Arc<dyn Clock>) -> (Workshop, Site) {
    let store = Store::open(&folder.join("house.db"), clock.clone()).await.unwrap();
    let blobs = Blobs::open(&folder.join("blobs")).unwrap();
    let site = furnish(&store, &blobs, folder).await;
    let engines = Arc::new(HouseEngines::of(&collection()));
    let sound = audio::Settings::default();
    (Workshop { store, blobs, engines, checkers: checkers(), sound, policy: POLICY, clock }, site)
}

async fn ask_for_all(store: &Store) {
    for stop in store.stops().await.unwrap() {
        for language in [Language::EN, Language::VI] {
            let job = JobKind::MakeGuide { stop: stop.slug.clone(), language };
            store.enqueue(&job, 0).await.unwrap();
        }
    }
}

/// Listens on `THUYETMINH_TEST_LISTEN` until it is ended.
#[tokio::test]
#[ignore = "scripts/browser-test runs it: it serves until it is ended"]
async fn serve_a_working_house_for_the_browser() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SystemClock);
    let (workshop, _) = house(folder.path(), clock.clone()).await;
    ask_for_all(&workshop.store).await;
    let address = std::env::var("THUYETMINH_TEST_LISTEN").unwrap_or_else(|_| "127.0.0.1:8098".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
    let public_url = Some(format!("http://{address}"));
    let settings = Settings { kiosk_keys: folder.path().join("kiosk.key"), public_url, ..Settings::default() };
    let (store, blobs) = (workshop.store.clone(), workshop.blobs.clone());
    let state = State::new(store, blobs, clock, settings).unwrap().with_workshop(workshop.clone());
    let file = std::env::var("THUYETMINH_TEST_FIRST_LINK").unwrap();
    let token = state.people.first_link().await.unwrap().unwrap();
    std::fs::write(file, format!("http://{address}/staff/invitation?key={}", token.reveal())).unwrap();
    let stop = Cancel::new();
    let worker = Worker { workshop, name: "house".into(), watcher: state.board.clone() };
    let (working, told) = (stop.clone(), stop.clone());
    let working = tokio::spawn(async move { worker.run(&working).await });
    let ended = async move {
        tokio::signal::ctrl_c().await.unwrap();
        told.cancel();
    };
    web::serve(listener, state, ended).await.unwrap();
    working.await.unwrap();
}

/// The stop that the journey writes, as an editor leaves it.
async fn write_the_last_stop(store: &Store, site: &Site) {
    let like = store.stops().await.unwrap().into_iter().next().unwrap();
    let stop = NewStop {
        site: site.id,
        relic: None,
        slug: LEFT_OUT.parse().unwrap(),
        code: "BI2".parse().unwrap(),
        names: like.names,
        kind: like.kind,
        period: None,
        place: None,
        themes: Vec::new(),
        sources: Vec::new(),
        cover: None,
        position: 9,
    };
    // The name of the new stop is Vietnamese alone, so that its title is translated too.
    let names = thuyetminh::domain::Names([(Language::VI, "Tháp Chính".to_owned())].into());
    store.upsert_stop(&NewStop { names, ..stop }).await.unwrap();
    let stop = store.stop(&LEFT_OUT.parse().unwrap()).await.unwrap().unwrap();
    let (title, paragraphs) = read_text(&collection().join("sites").join(SITE).join(LEFT_OUT).join("stop.md"));
    let text = NewText {
        stop: stop.id,
        language: Language::VI,
        title,
        author: Author::Person { name: "An".into() },
        state: TextState::Approved,
        made_from: None,
        sentences: NewText::sentences_of(
            paragraphs.iter().map(|paragraph| split_sentences(paragraph, Language::VI)).collect(),
        ),
    };
    store.put_text(&text).await.unwrap();
}

#[tokio::test]
async fn the_working_house_gets_one_year_and_one_word_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (workshop, site) = house(folder.path(), Arc::new(SystemClock)).await;
    let store = workshop.store.clone();
    write_the_last_stop(&store, &site).await;
    let slug = LEFT_OUT.parse().unwrap();
    store.enqueue(&JobKind::MakeGuide { stop: slug, language: Language::EN }, 0).await.unwrap();
    let watcher: Arc<dyn Watcher> = Arc::new(thuyetminh::pipeline::Board::default());
    let worker = Worker { workshop, name: "test".into(), watcher };
    while worker.one_job(&Cancel::new()).await.unwrap() {}
    let stop = store.stop(&LEFT_OUT.parse().unwrap()).await.unwrap().unwrap();
    let (text, sentences) = store.text(stop.id, Language::EN).await.unwrap().expect("it was translated");
    let findings = store.findings_of(text.id).await.unwrap();
    let found: Vec<&str> = findings.iter().map(|finding| finding.finding.message.as_str()).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains(WRONG_YEAR[0]) || found[0].contains(WRONG_YEAR[1]), "{found:#?}");
    let right: Vec<String> = sentences.iter().map(|one| one.content.replace(WRONG_YEAR[1], WRONG_YEAR[0])).collect();
    let [word, said] = WRONG_WORDS[0];
    assert!(right.iter().any(|sentence| sentence.contains(word)));
    let approved = NewText {
        stop: stop.id,
        language: Language::EN,
        title: text.title,
        author: Author::Person { name: "An".into() },
        state: TextState::Approved,
        made_from: None,
        sentences: NewText::sentences_of(vec![right]),
    };
    store.put_text(&approved).await.unwrap();
    store.enqueue(&JobKind::MakeGuide { stop: stop.slug.clone(), language: Language::EN }, 0).await.unwrap();
    while worker.one_job(&Cancel::new()).await.unwrap() {}
    let heard = store.guide_hearings(Some(&stop.slug), None).await.unwrap();
    assert_eq!(heard.len(), sentences.len());
    let wrong: Vec<_> = heard.iter().filter(|one| !one.hearing.findings.is_empty()).collect();
    assert_eq!(wrong.len(), 1, "{:#?}", wrong.iter().map(|one| &one.hearing.findings).collect::<Vec<_>>());
    assert!(wrong[0].hearing.heard.contains(said), "{}", wrong[0].hearing.heard);
}
