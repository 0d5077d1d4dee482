//! A device and its house over a real socket: enrolment, syncs, an edit, reports, revocation.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use thuyetminh::blobs::Blobs;
use thuyetminh::domain::bundle::Scope;
use thuyetminh::domain::device::{DeviceHealth, EnrolCode};
use thuyetminh::domain::{
    AudioFile, AudioFormat, Clock as _, ContentHash, Edition, EditionSentence, FixedClock, Language, Lufs,
    Milliseconds, Names, Timestamp, VoiceMark,
};
use thuyetminh::kiosk::{Folder, Holding, Http, KioskError, Limits, Means, RealTime, Synced};
use thuyetminh::pipeline::bundles::Keyring;
use thuyetminh::store::{NewSite, NewStop, Store};
use thuyetminh::web;

const STOPS: usize = 12;

struct House {
    folder: tempfile::TempDir,
    store: Store,
    blobs: Blobs,
    clock: Arc<FixedClock>,
    address: String,
}

fn names(name: &str) -> Names {
    Names([(Language::VI, name.to_owned())].into())
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(1_795_392_000_000)));
        let store = Store::open(&folder.path().join("house.db"), clock.clone()).await.unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
        let site = NewSite {
            slug: "thap-doi".parse().unwrap(),
            names: names("Tháp Đôi"),
            kind: "tower".to_owned(),
            period: None,
            place: None,
            themes: Vec::new(),
            sources: Vec::new(),
            summary: Names::default(),
            cover: None,
            position: 1,
        };
        let site = store.upsert_site(&site).await.unwrap().id();
        for n in 0..STOPS {
            let stop = NewStop {
                site,
                relic: None,
                slug: format!("stop-{n}").parse().unwrap(),
                code: format!("S{n:02}").parse().unwrap(),
                names: names("Tháp"),
                kind: "tower".to_owned(),
                period: None,
                place: None,
                themes: Vec::new(),
                sources: Vec::new(),
                cover: None,
                position: n as i64,
            };
            store.upsert_stop(&stop).await.unwrap();
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let settings = web::Settings { kiosk_keys: folder.path().join("kiosk.key"), ..web::Settings::default() };
        let state = web::State::new(store.clone(), blobs.clone(), clock.clone(), settings).unwrap();
        tokio::spawn(web::serve(listener, state, std::future::pending()));
        let house = Self { folder, store, blobs, clock, address };
        for n in 0..STOPS {
            house.publish(n, &format!("Đây là điểm dừng {n}.")).await;
        }
        house
    }

    async fn publish(&self, n: usize, text: &str) {
        let sound = text.repeat(200_000 / text.len());
        let audio = AudioFile {
            format: AudioFormat::Mp3,
            bytes: sound.len() as u64,
            hash: self.blobs.put(sound.into_bytes()).await.unwrap(),
        };
        let edition = Edition {
            hearing: None,
            stop: format!("stop-{n}").parse().unwrap(),
            code: format!("S{n:02}").parse().unwrap(),
            language: Language::VI,
            title: format!("Điểm {n}"),
            sentences: vec![EditionSentence {
                paragraph: 0,
                text: text.to_owned(),
                start: Milliseconds(0),
                end: Milliseconds(900),
                clip: ContentHash::of(text.as_bytes()),
                voice: None,
            }],
            duration: Milliseconds(1_000),
            loudness: Lufs(-16.0),
            audio: vec![audio],
            captions: self.blobs.put(format!("WEBVTT\n\n{text}")).await.unwrap(),
            master: self.blobs.put(format!("master of {text}")).await.unwrap(),
            voice: VoiceMark {
                engine: "kokoro".to_owned(),
                model: "m".to_owned(),
                voice: "a".to_owned(),
                synthetic: true,
                last_resort: false,
            },
            translation: None,
            recipe: ContentHash::of(text.as_bytes()),
        };
        self.store.publish(&edition).await.unwrap();
        // The house looks for changes every two seconds.
        self.clock.advance_millis(3_000);
    }

    async fn code(&self, n: u8) -> EnrolCode {
        let scope = Scope { sites: BTreeSet::new(), languages: BTreeSet::new(), audio: AudioFormat::Mp3 };
        let code = EnrolCode::from_random([n; 6]).unwrap();
        self.store
            .add_device(&thuyetminh::domain::Actor::shell(), "lobby", &scope, &code, Milliseconds(60_000))
            .await
            .unwrap();
        code
    }

    /// Does on a thread of its own what a device does.
    async fn on_device<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Holding<Folder>, &dyn Fn() -> Http, &FixedClock) -> T + Send + 'static,
    ) -> T {
        let (folder, address, clock) = (self.folder.path().join("device"), self.address.clone(), self.clock.clone());
        let act = move || {
            let holding = Holding::open(Folder::open(&folder).unwrap()).unwrap();
            let link = || {
                let token = holding.identity().ok().map(|identity| identity.token);
                Http::new(&address, token, Duration::from_secs(10)).unwrap()
            };
            act(&holding, &link, &clock)
        };
        tokio::task::spawn_blocking(act).await.unwrap()
    }

    async fn sync(&self) -> Result<Synced, KioskError> {
        self.on_device(|holding, link, clock| {
            let (link, waiter) = (link(), RealTime::default());
            holding.sync(&Means { link: &link, clock, waiter: &waiter, limits: Limits::default() })
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_lives_with_its_house() {
    let house = House::open().await;
    let code = house.code(1).await;
    let address = house.address.clone();
    let typed = code.clone();
    house.on_device(move |holding, link, _| holding.enrol(&address, &typed, &link())).await.unwrap();
    let first = house.sync().await.unwrap();
    assert_eq!((first.version, first.files), (1, 3 * STOPS as u64));
    assert_eq!(house.sync().await.unwrap(), Synced { version: 1, ..Synced::default() });

    house.publish(7, "Đây là điểm dừng thứ tám.").await;
    let second = house.sync().await.unwrap();
    assert_eq!((second.version, second.files), (2, 3));
    // The key is rotated while the house is open.
    Keyring::rotate(&house.folder.path().join("kiosk.key")).unwrap();
    house.publish(3, "Đây là điểm dừng thứ tư.").await;
    assert_eq!(house.sync().await.unwrap().files, 3);

    let reported = house
        .on_device(|holding, link, clock| {
            let link = link();
            holding.note_play("S03".parse().unwrap(), Language::VI, clock.now(), 30)?;
            holding.note_fault(&KioskError::NoBundle, clock)?;
            holding.beat(&link, clock.now(), None)?;
            let sent = holding.send_reports(&link)?;
            Ok::<_, KioskError>((sent.plays, sent.faults, holding.report_inventory(&link)?))
        })
        .await
        .unwrap();
    assert_eq!((reported.0, reported.1, reported.2.broken.len()), (1, 1, 0));
    let device = house.store.devices().await.unwrap().remove(0);
    let newest = (reported.2.version, reported.2.digest);
    assert_eq!(device.health(Some(newest), house.clock.now(), 60_000), DeviceHealth::Green);

    house.store.revoke_device(&thuyetminh::domain::Actor::shell(), "lobby").await.unwrap();
    house.clock.advance_millis(60_000);
    assert!(matches!(house.sync().await.unwrap_err(), KioskError::Revoked));
    let still = house.on_device(|holding, _, _| holding.inventory()).await.unwrap();
    assert_eq!(still.broken, [], "what it has stays whole");
    // Enrolled again, it goes on with what it has.
    let (code, address) = (house.code(2).await, house.address.clone());
    house.on_device(move |holding, link, _| holding.enrol(&address, &code, &link())).await.unwrap();
    assert_eq!(house.sync().await.unwrap().files, 0);
}
