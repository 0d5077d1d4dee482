//! A small house for the tests of the web: one site, three stops, guides in three languages, in a folder of its own.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt;

use super::testing_forms::percent;
pub use super::testing_forms::{Answer, form_of, plain};
use super::{Settings, State, router};
use crate::blobs::Blobs;
use crate::domain::{
    AudioFile, AudioFormat, ContentHash, Edition, EditionSentence, FixedClock, HearingSummary, Language, Listener,
    Lufs, Milliseconds, Names, Period, Place, Timestamp, Tour, TourStop, TranslationMark, VoiceMark,
};
use crate::domain::{Grant, Grants, PersonId, Role, Scope, SiteId};
use crate::people::{People, SignIn, Visitor};
use crate::pipeline::Board;
use crate::store::{NewSite, NewStop, Store};

/// Of every account in the tests.
pub const PASSWORD: &str = "ngọn tháp bên sông";
pub const SECOND_SENTENCE: &str = "Tháp Bắc cao hơn tháp Nam.";
/// 2026-11-23.
const NOW: Timestamp = Timestamp(1_795_392_000_000);

/// English was heard back whole, of Japanese one sentence could not be judged; nobody listened to the others.
fn heard(language: Language) -> Option<HearingSummary> {
    let judged = [(Language::EN, 0), (Language::JA, 1)];
    let (_, not_judged) = judged.into_iter().find(|(one, _)| *one == language)?;
    let listener = Listener { engine: "whisper".to_owned(), model: "whisper-base".to_owned(), rules: "9".to_owned() };
    let wer = (not_judged == 0).then_some(0.25);
    Some(HearingSummary { listener, sentences: 3, passed: 2 - not_judged, by_people: 1, not_judged, wer, cer: 0.125 })
}

/// The web of a small house, without a socket.
pub struct House {
    folder: tempfile::TempDir,
    router: Router,
    pub store: Store,
    pub clock: Arc<FixedClock>,
    pub people: People,
    pub board: Arc<Board>,
    pub mp3: ContentHash,
    /// More than two of the pieces that files are read in.
    pub mp3_bytes: Vec<u8>,
    pub captions: ContentHash,
    pub master: ContentHash,
    pub cover: ContentHash,
    /// Stored, and part of nothing.
    pub unpublished: ContentHash,
}

impl House {
    /// A house with nothing in it.
    pub async fn empty() -> Self {
        Self::empty_at(None).await
    }

    /// A house that knows the address its visitors use, with nothing in it.
    pub async fn empty_at(public_url: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(NOW));
        let store = Store::open(&folder.path().join("house.db"), clock.clone()).await.unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
        let mp3_bytes: Vec<u8> = (0..600_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let mp3 = blobs.put(mp3_bytes.clone()).await.unwrap();
        let captions = blobs.put("WEBVTT\n\n00:00.000 --> 00:02.500\nHai ngọn tháp gạch.\n").await.unwrap();
        let master = blobs.put("a WAV master").await.unwrap();
        let public_url = public_url.map(str::to_owned);
        let settings = Settings { kiosk_keys: folder.path().join("kiosk.key"), public_url, ..Settings::default() };
        let unpublished = blobs.put("part of nothing").await.unwrap();
        let cover = blobs.put(picture()).await.unwrap();
        let workshop = super::testing_engines::workshop(&store, &blobs, clock.clone());
        let state = State::new(store.clone(), blobs, clock.clone(), settings).unwrap().with_workshop(workshop);
        let (people, board) = (state.people.clone(), state.board.clone());
        Self {
            folder,
            router: router(state),
            store,
            clock,
            people,
            board,
            mp3,
            mp3_bytes,
            captions,
            master,
            cover,
            unpublished,
        }
    }

    /// `hai-ngon-thap` speaks Vietnamese, English (by machine) and Japanese (voice of last resort); `chim-than-garuda`
    /// speaks Vietnamese; `bia-da` nothing yet.
    pub async fn with_guides() -> Self {
        Self::empty().await.furnished().await
    }

    /// The guides of `with_guides`, in this house.
    pub async fn furnished(self) -> Self {
        let house = self;
        let site = house.store.upsert_site(&house.site()).await.unwrap().id();
        let stop = |slug: &str, code: &str, position: i64| NewStop {
            site,
            relic: None,
            slug: slug.parse().unwrap(),
            code: code.parse().unwrap(),
            names: names(&[("vi", "Hai ngọn tháp"), ("en", "Two towers")]),
            kind: "tower".to_owned(),
            period: None,
            place: None,
            themes: Vec::new(),
            sources: Vec::new(),
            cover: (code == "TD2").then_some(house.captions),
            position,
        };
        for (slug, code, position) in
            [("hai-ngon-thap", "TD1", 1), ("chim-than-garuda", "TD2", 2), ("bia-da", "TD3", 3)]
        {
            house.store.upsert_stop(&stop(slug, code, position)).await.unwrap();
        }
        house.store.upsert_tour(&house.tour().await).await.unwrap();
        for edition in [
            house.edition("hai-ngon-thap", "TD1", Language::VI),
            house.edition("hai-ngon-thap", "TD1", Language::EN),
            house.edition("hai-ngon-thap", "TD1", Language::JA),
            house.edition("chim-than-garuda", "TD2", Language::VI),
        ] {
            house.store.publish(&edition).await.unwrap();
        }
        house
    }

    pub fn site(&self) -> NewSite {
        NewSite {
            slug: "thap-doi".parse().unwrap(),
            names: names(&[("vi", "Tháp Đôi"), ("en", "The Twin Towers")]),
            kind: "tower".to_owned(),
            period: Some(Period { from: 1170, to: 1230, label: "cuối thế kỷ XII".to_owned() }),
            place: Some(Place {
                latitude: 13.7859,
                longitude: 109.2108,
                address: "Phường Quy Nhơn, tỉnh Gia Lai".to_owned(),
            }),
            themes: vec!["champa".to_owned()],
            sources: Vec::new(),
            summary: names(&[("vi", "Hai ngọn tháp gạch của người Chăm.")]),
            cover: Some(self.cover),
            position: 1,
        }
    }

    /// From `chim-than-garuda` to `hai-ngon-thap`.
    async fn tour(&self) -> Tour {
        let stops = self.store.stops().await.unwrap();
        let step =
            |at: usize, vi: &str, en: &str| TourStop { stop: stops[at].id, hint: names(&[("vi", vi), ("en", en)]) };
        Tour {
            slug: "quanh-thap".parse().unwrap(),
            site: Some(stops[0].site),
            names: names(&[("vi", "Quanh tháp"), ("en", "Around the towers")]),
            summary: names(&[("vi", "Một vòng quanh hai ngọn tháp.")]),
            minutes: Some(40),
            metres: Some(1_200),
            open: true,
            position: 1,
            stops: vec![
                step(1, "Đi qua cổng chính.", "Through the main gate."),
                step(0, "Vòng sang trái.", "Round to the left."),
            ],
        }
    }

    pub fn edition(&self, stop: &str, code: &str, language: Language) -> Edition {
        let sentence = |paragraph, text: &str, start, end| EditionSentence {
            paragraph,
            text: text.to_owned(),
            start: Milliseconds(start),
            end: Milliseconds(end),
            clip: ContentHash::of(text.as_bytes()),
            voice: None,
        };
        let machine =
            || TranslationMark { engine: "m".to_owned(), route: vec![Language::VI, language], approved: false };
        Edition {
            stop: stop.parse().unwrap(),
            code: code.parse().unwrap(),
            language,
            title: format!("Hai ngọn tháp ({language})"),
            sentences: vec![
                sentence(0, "Hai ngọn tháp gạch.", 0, 2_300),
                sentence(0, SECOND_SENTENCE, 2_500, 5_000),
                sentence(1, "Mời quý khách nhìn lên.", 5_800, 8_000),
            ],
            duration: Milliseconds(8_400),
            loudness: Lufs(-16.0),
            audio: vec![AudioFile { format: AudioFormat::Mp3, hash: self.mp3, bytes: self.mp3_bytes.len() as u64 }],
            captions: self.captions,
            master: self.master,
            voice: VoiceMark {
                engine: "kokoro".to_owned(),
                model: "kokoro-82m".to_owned(),
                voice: "a".to_owned(),
                synthetic: true,
                last_resort: language == Language::JA,
            },
            translation: (language == Language::EN).then(machine),
            hearing: heard(language),
            recipe: ContentHash::of(language.tag().as_bytes()),
        }
    }

    /// The house with guides and a second site, `phu-cat`. The numbers of both sites.
    pub async fn with_sites() -> (Self, [SiteId; 2]) {
        let house = Self::with_guides().await;
        let second = NewSite { slug: "phu-cat".parse().unwrap(), ..house.site() };
        let second = house.store.upsert_site(&second).await.unwrap().id();
        let sites = house.store.sites().await.unwrap();
        let first = sites.iter().find(|site| site.slug.as_str() == "thap-doi").unwrap().id;
        (house, [first, second])
    }

    /// An account with one role and `PASSWORD`.
    pub async fn person(&self, login: &str, scope: Scope, role: Role) -> PersonId {
        let grants = Grants(vec![Grant { scope, role }]);
        self.people.add(login, login, Language::VI, PASSWORD, grants).await.unwrap()
    }

    /// A device that waits for its code and plays these sites; its number.
    pub async fn device(&self, name: &str, sites: &[&str]) -> i64 {
        let scope = crate::domain::bundle::Scope {
            sites: sites.iter().map(|slug| slug.parse().unwrap()).collect(),
            languages: [].into(),
            audio: AudioFormat::Mp3,
        };
        let code = crate::pipeline::bundles::new_code().unwrap();
        let shell = crate::domain::Actor::shell();
        self.store.add_device(&shell, name, &scope, &code, Milliseconds(3_600_000)).await.unwrap().0
    }

    /// The token of a new session.
    pub async fn session(&self, login: &str) -> String {
        let visitor = Visitor { address: String::new(), network: String::new(), agent: String::new() };
        match self.people.sign_in(&visitor, login, PASSWORD).await.unwrap() {
            SignIn::Done(token) => token.reveal().to_owned(),
            SignIn::SecondFactor(_) => panic!("a second factor is asked for"),
        }
    }

    pub fn folder(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    /// Flips one byte of a stored file.
    pub fn damage(&self, hash: ContentHash) {
        let name = hash.to_string();
        let path: PathBuf = [self.folder(), "blobs", &name[..2], &name[2..4], &name].iter().collect();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[10] ^= 1;
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }

    pub fn get(&self, address: &str) -> Ask<'_> {
        self.ask("GET", address)
    }

    pub fn ask(&self, method: &str, address: &str) -> Ask<'_> {
        Ask {
            router: &self.router,
            method: method.to_owned(),
            address: address.to_owned(),
            headers: Vec::new(),
            from: "192.0.2.1",
            body: Vec::new(),
        }
    }

    /// A form as the house's own pages send it.
    pub fn form(&self, address: &str, fields: &[(&str, &str)]) -> Ask<'_> {
        let encoded: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
        let ask = self.ask("POST", address).own().header("content-type", "application/x-www-form-urlencoded");
        Ask { body: encoded.join("&").into_bytes(), ..ask }
    }

    /// A file as a form of the house's own pages sends it, with the fields around it.
    pub fn upload_with(&self, address: &str, name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Ask<'_> {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n");
        body.extend([head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat());
        let ask = self.ask("POST", address).own().header("content-type", "multipart/form-data; boundary=b");
        Ask { body, ..ask }
    }

    /// JSON as a program sends it.
    pub fn json(&self, method: &str, address: &str, body: &serde_json::Value) -> Ask<'_> {
        let ask = self.ask(method, address).own().header("content-type", "application/json");
        Ask { body: body.to_string().into_bytes(), ..ask }
    }
}

fn names(entries: &[(&str, &str)]) -> Names {
    Names(entries.iter().map(|(tag, name)| (tag.parse().unwrap(), (*name).to_owned())).collect())
}

fn picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(1200, 800, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 60]));
    picture.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

/// A request under way.
pub struct Ask<'a> {
    router: &'a Router,
    method: String,
    address: String,
    headers: Vec<(String, String)>,
    from: &'static str,
    body: Vec<u8>,
}

impl Ask<'_> {
    /// An empty value sends no header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("content-type", "application/json")
    }

    /// As the house's own pages ask.
    pub fn own(self) -> Self {
        self.header("sec-fetch-site", "same-origin").header("host", "localhost")
    }

    /// With a body.
    pub fn with(self, body: &str) -> Self {
        Self { body: body.as_bytes().to_vec(), ..self }
    }

    /// Signed in by a token.
    pub fn signed(self, token: &str) -> Self {
        self.header("cookie", &format!("__Host-session={token}"))
    }

    /// From another address than 192.0.2.1.
    pub fn from(self, from: &'static str) -> Self {
        Self { from, ..self }
    }

    pub async fn send(self) -> Answer {
        let peer = std::net::SocketAddr::new(self.from.parse().unwrap(), 1234);
        let mut request = Request::builder().method(self.method.as_str()).uri(self.address);
        request = request.extension(axum::extract::ConnectInfo(peer));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(self.body)).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer::new(head.status.as_u16(), head.headers, bytes)
    }
}
