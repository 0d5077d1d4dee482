//! A house of the size the design names, for measurements: 600 stops in eight languages, with translations, findings,
//! editions, hearings, a memory, numbers of a season and a long record. `scripts/bench-pages` furnishes and serves it.
//!
//! Its words are the collection's own, each sentence made different by a number, so that nothing is shared that would
//! not be shared in a real house. One sound stands for all: how long a page takes does not depend on what it says.

mod corpus;

use std::path::Path;
use std::sync::Arc;

use thuyetminh::blobs::Blobs;
use thuyetminh::domain::{
    Actor, AudioFile, AudioFormat, Author, ContentHash, Deed, Edition, EditionSentence, Finding, FindingKind, Hearing,
    HearingSummary, Hertz, Hour, Language, Listen, ListenSource, Listener, Lufs, Milliseconds, Moment, Names, Period,
    Place, Scope, Slug, SourceOfFacts, Span, StopId, SystemClock, TextState, TranslationMark, Verdict, VoiceMark,
};
use thuyetminh::store::{
    Clip, Collection, Context, NewCheck, NewSegment, NewSentence, NewSite, NewStop, NewText, Origin, Policy, Store,
    StoredHearing, text_hash,
};

const SITES: usize = 40;
const STOPS: usize = 600;
const SENTENCES: usize = 14;
const LANGUAGES: [&str; 8] = ["vi", "en", "fr", "es", "it", "pt", "ja", "zh"];
/// So many stops have words that no guide was made of yet: the worker makes these while pages are asked for.
const UNMADE: usize = 20;
const SEASON: usize = 90;
const RECORD: usize = 20_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn names(vi: String, en: String) -> Names {
    Names([(Language::VI, vi), (Language::EN, en)].into())
}

struct House {
    store: Store,
    blobs: Blobs,
    languages: Vec<Language>,
    words: Vec<Vec<String>>,
    sound: Sound,
}

/// The one sound in all its forms.
struct Sound {
    clip: ContentHash,
    mp3: AudioFile,
    opus: AudioFile,
    captions: ContentHash,
}

impl House {
    async fn open(folder: &Path) -> Self {
        let store = Store::open(&folder.join("thuyetminh.db"), Arc::new(SystemClock)).await.unwrap();
        let blobs = Blobs::open(&folder.join("blobs")).unwrap();
        let kept = async |bytes: Vec<u8>| {
            let length = bytes.len() as u64;
            (blobs.put(bytes).await.unwrap(), length)
        };
        let silence = thuyetminh::audio::Sound { rate: Hertz(24_000), samples: vec![0.0; 24_000] };
        let (clip, _) = kept(thuyetminh::audio::wav::write(&silence).unwrap()).await;
        let (mp3, bytes) = kept(vec![7; 400_000]).await;
        let mp3 = AudioFile { format: AudioFormat::Mp3, hash: mp3, bytes };
        let (opus, bytes) = kept(vec![8; 200_000]).await;
        let opus = AudioFile { format: AudioFormat::Opus, hash: opus, bytes };
        let (captions, _) = kept(b"WEBVTT\n\n00:00.000 --> 00:01.000\n.\n".to_vec()).await;
        let sound = Sound { clip, mp3, opus, captions };
        let languages = LANGUAGES.iter().map(|tag| tag.parse().unwrap()).collect();
        let words = LANGUAGES.iter().map(|tag| corpus::sentences(tag)).collect();
        Self { store, blobs, languages, words, sound }
    }

    /// What stop `stop` says in the language at `place`.
    fn sentences(&self, stop: usize, place: usize) -> Vec<String> {
        let words = &self.words[place];
        let sentence =
            |at: usize| format!("{}. {}", stop * SENTENCES + at, words[(stop * SENTENCES + at) % words.len()]);
        (0..SENTENCES).map(sentence).collect()
    }

    async fn furnish(&self) {
        let collection = Collection {
            slug: "large".parse().unwrap(),
            names: names("Nhà lớn".into(), "A large house".into()),
            source_language: Language::VI,
            guide_languages: self.languages.clone(),
            policy: Policy {
                publish_machine_translation: true,
                publish_last_resort_voice: true,
                publish_unheard_speech: true,
            },
        };
        self.store.put_collection(&collection).await.unwrap();
        let cover = std::fs::read(root().join("content/binh-dinh/sites/thap-doi/cover.png")).unwrap();
        let cover = self.blobs.put(cover).await.unwrap();
        for site in 0..SITES {
            let id = self.site(site, cover).await;
            for stop in (site..STOPS).step_by(SITES) {
                let (id, slug, code) = self.stop(id, stop, cover).await;
                for place in 0..self.languages.len() {
                    self.guide(id, &slug, &code, stop, place).await;
                }
            }
        }
        self.season().await;
        for deed in 0..RECORD {
            let actor = Actor::shell();
            let subject = format!("stop-{}", deed % STOPS);
            self.store.note_deed(&actor, &Deed::SignedOut, &subject, Scope::House).await.unwrap();
        }
    }

    async fn site(&self, site: usize, cover: ContentHash) -> thuyetminh::domain::SiteId {
        let new = NewSite {
            slug: format!("site-{site}").parse().unwrap(),
            names: names(format!("Di tích số {site}"), format!("Site {site}")),
            kind: "tower".to_owned(),
            period: Some(Period { from: 1100, to: 1200, label: "thế kỷ XII".to_owned() }),
            place: Some(place(site)),
            themes: vec!["champa".to_owned(), format!("theme-{}", site % 7)],
            sources: sources(),
            summary: names(self.words[0][site % self.words[0].len()].clone(), self.words[1][site].clone()),
            cover: Some(cover),
            position: site as i64,
        };
        self.store.upsert_site(&new).await.unwrap().id()
    }

    async fn stop(&self, site: thuyetminh::domain::SiteId, stop: usize, cover: ContentHash) -> (StopId, Slug, String) {
        let (slug, code) = (format!("stop-{stop}"), format!("L{stop}"));
        let new = NewStop {
            site,
            relic: None,
            slug: slug.parse().unwrap(),
            code: code.parse().unwrap(),
            names: names(format!("Điểm dừng số {stop}"), format!("Stop {stop}")),
            kind: "tower".to_owned(),
            period: Some(Period { from: 1100, to: 1200, label: "thế kỷ XII".to_owned() }),
            place: Some(place(stop)),
            themes: vec!["champa".to_owned()],
            sources: sources(),
            cover: Some(cover),
            position: (stop / SITES) as i64,
        };
        (self.store.upsert_stop(&new).await.unwrap().id(), slug.parse().unwrap(), code)
    }

    async fn guide(&self, stop: StopId, slug: &Slug, code: &str, number: usize, at: usize) {
        let language = self.languages[at];
        let (source, said) = (self.sentences(number, 0), self.sentences(number, at));
        let listed = |said: &[String]| -> Vec<NewSentence> {
            said.iter()
                .zip(0..)
                .map(|(content, n)| NewSentence { paragraph: n / 4, content: content.clone() })
                .collect()
        };
        let title = format!("Tháp số {number}");
        let made_from = (at > 0)
            .then(|| text_hash(Language::VI, &title, source.iter().zip(0..).map(|(one, n)| (n / 4, one.as_str()))));
        let author = if at == 0 {
            Author::Person { name: "Lan".to_owned() }
        } else {
            Author::Machine { engine: "test".to_owned(), route: vec![Language::VI, language] }
        };
        let state = if at == 0 { TextState::Approved } else { TextState::Draft };
        let text = NewText { stop, language, title, author, state, made_from, sentences: listed(&said) };
        self.store.put_text(&text).await.unwrap();
        if at > 0 {
            self.checks(stop, language, &source, number).await;
            self.memory(language, &source, &said, slug).await;
        }
        if number >= UNMADE {
            self.publish(slug, code, &said, at).await;
            self.hearings(stop, language, &said).await;
        }
    }

    /// Every sentence compared; one in a text of ten differs in a number.
    async fn checks(&self, stop: StopId, language: Language, source: &[String], number: usize) {
        let (text, sentences) = self.store.text(stop, language).await.unwrap().unwrap();
        let checks: Vec<_> = sentences
            .iter()
            .zip(source)
            .map(|(sentence, source)| {
                let wrong = number.is_multiple_of(10) && sentence.ordinal == 3;
                let span = |text: &str| Some(Span { text: text.chars().take(4).collect(), start: 0, end: 4 });
                let finding = Finding {
                    kind: FindingKind::Year,
                    source: span(source),
                    target: span(&sentence.content),
                    accepted: Vec::new(),
                    message: "the years differ".to_owned(),
                };
                NewCheck {
                    sentence: Some(sentence.id),
                    source_language: Language::VI,
                    source: source.clone(),
                    target: sentence.content.clone(),
                    rules: ContentHash::of(b"rules"),
                    noted: Vec::new(),
                    findings: if wrong { vec![finding] } else { Vec::new() },
                }
            })
            .collect();
        self.store.put_checks(text.id, &checks).await.unwrap();
    }

    async fn memory(&self, language: Language, source: &[String], said: &[String], stop: &Slug) {
        let segment = |at: usize| NewSegment {
            from: Language::VI,
            to: language,
            source: source[at].clone(),
            target: said[at].clone(),
            context: Context::at(source, at),
            author: Author::Machine { engine: "test".to_owned(), route: vec![Language::VI, language] },
            state: TextState::Draft,
            approved_by: None,
            origin: Origin::Stop { stop: stop.clone(), ordinal: Some(at as u32) },
            made_at: None,
            changed_at: None,
        };
        let segments: Vec<_> = (0..said.len()).map(segment).collect();
        self.store.remember(&segments).await.unwrap();
    }

    fn mark(&self, at: usize) -> VoiceMark {
        VoiceMark {
            engine: "kokoro".to_owned(),
            model: "kokoro".to_owned(),
            voice: LANGUAGES[at].to_owned(),
            synthetic: true,
            last_resort: at == 0,
        }
    }

    async fn publish(&self, slug: &Slug, code: &str, said: &[String], at: usize) {
        let second = |n: usize| Milliseconds(n as u64 * 1000);
        let sentence = |(n, text): (usize, &String)| EditionSentence {
            paragraph: n as u32 / 4,
            text: text.clone(),
            start: second(n),
            end: second(n + 1),
            clip: ContentHash::of(text.as_bytes()),
            voice: None,
        };
        let language = self.languages[at];
        let edition = Edition {
            stop: slug.clone(),
            code: code.parse().unwrap(),
            language,
            title: format!("Tháp {slug}"),
            sentences: said.iter().enumerate().map(sentence).collect(),
            duration: second(said.len()),
            loudness: Lufs(-16.0),
            audio: vec![self.sound.mp3.clone(), self.sound.opus.clone()],
            captions: self.sound.captions,
            master: self.sound.clip,
            voice: self.mark(at),
            translation: (at > 0).then(|| TranslationMark {
                engine: "test".to_owned(),
                route: vec![Language::VI, language],
                approved: false,
            }),
            hearing: Some(HearingSummary {
                listener: listener(),
                sentences: said.len() as u32,
                passed: said.len() as u32,
                by_people: 0,
                not_judged: 0,
                wer: Some(0.02),
                cer: 0.01,
            }),
            recipe: ContentHash::of(said.concat().as_bytes()),
        };
        self.store.publish(&edition).await.unwrap();
    }

    async fn hearings(&self, stop: StopId, language: Language, said: &[String]) {
        let mut rows = Vec::new();
        for (ordinal, text) in said.iter().enumerate() {
            let key = ContentHash::of(text.as_bytes());
            let held = ordinal == 5 && stop.0 % 50 == 0;
            let clip = Clip {
                key,
                blob: self.sound.clip,
                rate: Hertz(24_000),
                samples: 24_000,
                mark: self.mark(1),
                take: 0,
                made_at: thuyetminh::domain::Timestamp(0),
            };
            let hearing = Hearing {
                verdict: if held { Verdict::Hold } else { Verdict::Pass },
                wer: Some(0.0),
                cer: 0.0,
                longest_divergent_run: 0,
                heard: text.clone(),
                words: vec![],
                findings: Vec::new(),
                listener: listener(),
            };
            let stored = StoredHearing {
                key,
                clip: key,
                blob: self.sound.clip,
                take: 0,
                listener: ContentHash::of(b"listener"),
                hearing,
            };
            self.store.put_clip(&clip).await.unwrap();
            self.store.put_hearing(&stored).await.unwrap();
            rows.push((ordinal as u32, text.clone(), key));
        }
        self.store.put_guide_hearings(stop, language, &rows).await.unwrap();
    }

    /// What was heard in the last days, told by the hour.
    async fn season(&self) {
        let now = thuyetminh::domain::Clock::now(&SystemClock);
        for day in 0..SEASON {
            let mut told = Vec::new();
            for stop in (day % 3..STOPS).step_by(3).filter(|stop| *stop >= UNMADE) {
                let at = now.plus_millis(-((day as i64) * 24 + (stop % 11) as i64) * 3_600_000);
                let Some(hour) = Hour::of(at) else { continue };
                for moment in [Moment::Began, Moment::Ended((stop % 11) as u8)] {
                    let listen = Listen {
                        stop: format!("stop-{stop}").parse().unwrap(),
                        language: self.languages[stop % self.languages.len()],
                        source: ListenSource::ALL[stop % 3],
                        moment,
                        hour: hour.clone(),
                    };
                    told.push((listen, 1 + (stop % 5) as u64));
                }
            }
            self.store.count_listens(&told).await.unwrap();
        }
    }
}

fn listener() -> Listener {
    Listener { engine: "whisper".to_owned(), model: "whisper-base".to_owned(), rules: "1".to_owned() }
}

fn place(number: usize) -> Place {
    let (row, column) = (number / 25, number % 25);
    Place {
        latitude: 13.5 + row as f64 * 0.03,
        longitude: 108.8 + column as f64 * 0.02,
        address: "Đường Trần Hưng Đạo, phường Quy Nhơn, tỉnh Gia Lai".to_owned(),
    }
}

fn sources() -> Vec<SourceOfFacts> {
    let source = |title: &str| SourceOfFacts {
        title: title.to_owned(),
        author: None,
        publisher: Some("Báo ảnh Việt Nam".to_owned()),
        year: Some(2020),
        note: None,
    };
    vec![source("Tháp Đôi"), source("Twin Towers")]
}

/// Furnishes the folder that `THUYETMINH_LARGE_HOUSE` names.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "scripts/bench-pages runs it: it furnishes a large house and leaves it there"]
async fn furnish_a_large_house() {
    let folder = std::env::var("THUYETMINH_LARGE_HOUSE").expect("THUYETMINH_LARGE_HOUSE names the folder to furnish");
    std::fs::create_dir_all(&folder).unwrap();
    let house = House::open(Path::new(&folder)).await;
    house.furnish().await;
    house.store.close().await;
}
