//! Bundles composed from a small house.

use std::sync::Arc;

use super::*;
use crate::domain::bundle::Trust;
use crate::domain::{AudioFormat, EditionSentence, FixedClock, Lufs, SiteId, VoiceMark};
use crate::store::{NewSite, NewStop};

struct House {
    folder: tempfile::TempDir,
    store: Store,
    blobs: Blobs,
    keys: Keyring,
    clock: Arc<FixedClock>,
}

fn scope(languages: &[Language], audio: AudioFormat) -> Scope {
    Scope { sites: BTreeSet::new(), languages: languages.iter().copied().collect(), audio }
}

fn names(name: &str) -> Names {
    Names([(Language::VI, name.to_owned())].into())
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(1_795_392_000_000)));
        let store = Store::open(&folder.path().join("house.db"), clock.clone()).await.unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
        let keys = Keyring::open(&folder.path().join("kiosk.key")).unwrap();
        let house = Self { folder, store, blobs, keys, clock };
        for (place, site) in ["thap-doi", "banh-it"].into_iter().enumerate() {
            let cover = house.blobs.put([&[0x89, b'P', b'N', b'G'], site.as_bytes()].concat()).await.unwrap();
            let new = NewSite {
                slug: site.parse().unwrap(),
                names: names(site),
                kind: "tower".to_owned(),
                period: None,
                place: None,
                themes: Vec::new(),
                sources: Vec::new(),
                summary: names("Tháp gạch."),
                cover: Some(cover),
                position: place as i64,
            };
            let id = house.store.upsert_site(&new).await.unwrap().id();
            for n in 1..=2 {
                house.stop(id, &format!("{site}-{n}"), &format!("S{place}{n}")).await;
            }
        }
        house
    }

    async fn stop(&self, site: SiteId, slug: &str, code: &str) {
        let new = NewStop {
            site,
            relic: None,
            slug: slug.parse().unwrap(),
            code: code.parse().unwrap(),
            names: names(slug),
            kind: "tower".to_owned(),
            period: None,
            place: None,
            themes: Vec::new(),
            sources: Vec::new(),
            cover: None,
            position: 1,
        };
        self.store.upsert_stop(&new).await.unwrap();
    }

    async fn publish(&self, stop: &str, code: &str, language: Language, text: &str) {
        let mut audio = Vec::new();
        for format in [AudioFormat::Mp3, AudioFormat::Opus] {
            let bytes = format!("{text} {format:?} {language} ").repeat(4_000).into_bytes();
            audio.push(AudioFile { format, bytes: bytes.len() as u64, hash: self.blobs.put(bytes).await.unwrap() });
        }
        let captions = self.blobs.put(format!("WEBVTT\n\n{text} {language}")).await.unwrap();
        let (start, end) = (Milliseconds(0), Milliseconds(900));
        let clip = ContentHash::of(text.as_bytes());
        let edition = Edition {
            hearing: None,
            stop: stop.parse().unwrap(),
            code: code.parse().unwrap(),
            language,
            title: format!("{stop} {language}"),
            sentences: vec![EditionSentence { paragraph: 0, text: text.to_owned(), start, end, clip, voice: None }],
            duration: Milliseconds(1_000),
            loudness: Lufs(-16.0),
            audio,
            captions,
            master: self.blobs.put(format!("master {text}")).await.unwrap(),
            voice: VoiceMark {
                engine: "kokoro".to_owned(),
                model: "m".to_owned(),
                voice: "a".to_owned(),
                synthetic: true,
                last_resort: false,
            },
            translation: None,
            recipe: clip,
        };
        self.store.publish(&edition).await.unwrap();
    }

    async fn bundle(&self, scope: &Scope) -> Bundle {
        compose(&self.store, &self.blobs, &self.keys, scope).await.unwrap()
    }
}

#[tokio::test]
async fn a_bundle_holds_what_is_published_and_nothing_else() {
    let house = House::new().await;
    house.publish("thap-doi-1", "S01", Language::VI, "Hai ngọn tháp.").await;
    house.publish("thap-doi-1", "S01", Language::EN, "Two towers.").await;
    house.publish("banh-it-2", "S12", Language::EN, "A hill.").await;
    let bundle = house.bundle(&scope(&[], AudioFormat::Opus)).await;
    let manifest = &bundle.manifest;
    manifest.check().unwrap();
    let (read, _) = bundle.signed.verify(&Trust(house.keys.public())).unwrap();
    assert_eq!(read, *manifest);
    let numbers: Vec<_> = manifest.stops.iter().map(|stop| (stop.number, stop.code.as_str())).collect();
    assert_eq!(numbers, [(1, "S01"), (4, "S12")], "numbers count stops that are silent too");
    assert_eq!(manifest.languages, [Language::VI, Language::EN]);
    // Three guides of three files each, and two covers.
    assert_eq!((manifest.files.len(), bundle.sources.len()), (11, 11));
    for file in &manifest.files {
        let bytes = match bundle.sources[&file.sha256] {
            Source::Blob => house.blobs.get(file.sha256).await.unwrap().unwrap(),
            Source::Edition(id) => edition_bytes(&house.store, id).await.unwrap().unwrap(),
        };
        assert_eq!((ContentHash::of(&bytes), bytes.len() as u64), (file.sha256, file.size));
        assert_eq!(blocks_of(&bytes), file.blocks);
    }
    assert!(manifest.files.iter().any(|file| file.media_type == "audio/ogg; codecs=opus" && file.blocks.len() > 1));

    let one = Scope { sites: ["banh-it".parse().unwrap()].into(), ..scope(&[Language::EN], AudioFormat::Mp3) };
    let small = house.bundle(&one).await.manifest;
    assert_eq!((small.stops.len(), small.stops[0].number, small.files.len()), (1, 2, 4));
    let vi = house.bundle(&scope(&[Language::VI], AudioFormat::Mp3)).await.manifest;
    assert_eq!((vi.stops.len(), vi.sites.len()), (1, 1));
}

#[tokio::test]
async fn nothing_changed_is_the_same_bytes_and_an_edit_changes_three_files() {
    let house = House::new().await;
    for (stop, code) in [("thap-doi-1", "S01"), ("thap-doi-2", "S02"), ("banh-it-1", "S11")] {
        house.publish(stop, code, Language::VI, &format!("Đây là {stop}.")).await;
    }
    let all = scope(&[], AudioFormat::Mp3);
    let first = house.bundle(&all).await;
    house.clock.advance_millis(3_600_000);
    let again = house.bundle(&all).await;
    assert_eq!(first.signed.to_bytes().unwrap(), again.signed.to_bytes().unwrap());

    house.publish("thap-doi-2", "S02", Language::VI, "Đây là tháp Nam.").await;
    let edited = house.bundle(&all).await.manifest;
    assert_eq!((first.manifest.version, edited.version), (1, 2));
    let lacking = edited.files.iter().filter(|file| first.manifest.file(file.sha256).is_none()).count();
    assert_eq!(lacking, 3, "the sound, the captions and the guide of one stop");
    assert!(house.store.withdraw(&"thap-doi-2".parse().unwrap(), Language::VI).await.unwrap());
    let withdrawn = house.bundle(&all).await.manifest;
    assert_eq!((withdrawn.version, withdrawn.stops.len()), (3, 2));
    house.clock.advance_millis(8 * 24 * 3_600_000);
    assert_eq!(house.bundle(&all).await.manifest.version, 4, "renewed before it runs out");
    assert!(house.folder.path().exists());
}
