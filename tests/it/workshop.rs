//! A workshop with engines that count what they are asked, over a real store, real blobs and the real encoders.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use thuyetminh::audio::{self, Sound};
use thuyetminh::blobs::Blobs;
use thuyetminh::domain::{
    Author, Clock, ContentHash, Finding, FindingKind, FixedClock, GlossaryEntry, Hertz, Language, Milliseconds, Names,
    Stop, TextState, Timestamp, VoiceMark,
};
use thuyetminh::pipeline::{Checker, Compared, Ear, Engines, Progress, Stage, Workshop};
use thuyetminh::ports::{Cancel, EngineError, EngineIdentity, SpeechSink, Synthesizer, Translator};
use thuyetminh::store::{Collection, NewSentence, NewSite, NewStop, NewText, Policy, Store};
use thuyetminh::text::{SpokenText, split_sentences};

/// What the counting engines were asked, sentence by sentence.
#[derive(Default)]
pub struct Counts {
    pub translated: Mutex<Vec<String>>,
    pub spoken: Mutex<Vec<String>>,
    /// Translations come out without this.
    pub loses: Mutex<String>,
    /// What was compared, source and translation.
    pub compared: Mutex<Vec<(String, String)>>,
    /// Ask to stop after so many spoken sentences; 0 for never.
    pub fail_after: AtomicUsize,
}

impl Counts {
    /// How many sentences were translated and spoken since the last call.
    pub fn take(&self) -> (usize, usize) {
        let drained = |list: &Mutex<Vec<String>>| list.lock().unwrap().drain(..).count();
        (drained(&self.translated), drained(&self.spoken))
    }
}

pub struct CountingEngines {
    pub counts: Arc<Counts>,
    pub revision: &'static str,
    pub pairs_revision: &'static str,
    pub pairs: Vec<(Language, Language)>,
    /// Who hears the clips back, if anybody.
    pub ear: Option<Arc<dyn Ear>>,
}

impl CountingEngines {
    /// With one pair, English to Portuguese.
    pub fn new(counts: Arc<Counts>, revision: &'static str) -> Self {
        Self { counts, revision, pairs_revision: "pairs 1", pairs: vec![(Language::EN, Language::PT)], ear: None }
    }
}

fn identity(name: &str) -> EngineIdentity {
    EngineIdentity { engine: name.into(), model: "test".into(), fingerprint: ContentHash::of(name.as_bytes()) }
}

impl Engines for CountingEngines {
    fn synthesizer(&self, language: Language) -> Result<Option<Arc<dyn Synthesizer>>, EngineError> {
        let tone = Tone { counts: self.counts.clone(), language, identity: identity(self.revision), take: 0 };
        Ok((language != Language::RU).then(|| Arc::new(tone) as Arc<dyn Synthesizer>))
    }

    fn ear(&self, _: Language) -> Result<Option<Arc<dyn Ear>>, EngineError> {
        Ok(self.ear.clone())
    }

    fn translators(&self) -> Result<Vec<Arc<dyn Translator>>, EngineError> {
        let pair = |(source, target): (Language, Language)| {
            let identity = identity(self.pairs_revision);
            Arc::new(Shouter { counts: self.counts.clone(), source, target, identity }) as Arc<dyn Translator>
        };
        Ok(self.pairs.iter().copied().map(pair).collect())
    }
}

/// "Translates" into capitals.
struct Shouter {
    counts: Arc<Counts>,
    source: Language,
    target: Language,
    identity: EngineIdentity,
}

impl Translator for Shouter {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }
    fn source(&self) -> Language {
        self.source
    }
    fn target(&self) -> Language {
        self.target
    }
    fn translate(&self, sentences: &[String], _: &Cancel) -> Result<Vec<String>, EngineError> {
        self.counts.translated.lock().unwrap().extend(sentences.iter().cloned());
        let loses = self.counts.loses.lock().unwrap();
        let without = |text: String| if loses.is_empty() { text } else { text.replace(loses.as_str(), "") };
        Ok(sentences.iter().map(|sentence| without(sentence.to_uppercase())).collect())
    }
}

/// Misses numbers, and counts what it is asked.
pub struct Numerals {
    pub counts: Arc<Counts>,
    pub rules: &'static str,
}

impl Checker for Numerals {
    fn rules(&self) -> &str {
        self.rules
    }

    fn findings(&self, pair: &Compared<'_>, _: &[GlossaryEntry]) -> Vec<Finding> {
        self.counts.compared.lock().unwrap().push((pair.source.to_owned(), pair.target.to_owned()));
        let numbers = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).map(str::to_owned).collect()
        };
        let kept = numbers(pair.target);
        let lost = numbers(pair.source).into_iter().filter(|number| !kept.contains(number));
        lost.map(|number| Finding {
            kind: FindingKind::Number,
            source: None,
            target: None,
            accepted: Vec::new(),
            message: format!("the number {number} is missing"),
        })
        .collect()
    }
}

/// Speaks a tone whose pitch and length come from the text.
struct Tone {
    counts: Arc<Counts>,
    language: Language,
    identity: EngineIdentity,
    /// Each makes the tone a tenth of a second longer.
    take: u8,
}

impl Synthesizer for Tone {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }
    fn language(&self) -> Language {
        self.language
    }
    fn mark(&self) -> VoiceMark {
        VoiceMark {
            engine: "counting".into(),
            model: "test".into(),
            voice: "tone".into(),
            synthetic: true,
            last_resort: self.language == Language::VI,
        }
    }
    fn retake(&self, take: u8) -> Option<Arc<dyn Synthesizer>> {
        let (counts, identity) = (self.counts.clone(), self.identity.clone());
        (take <= 2).then(|| Arc::new(Self { counts, language: self.language, identity, take }) as Arc<dyn Synthesizer>)
    }
    fn synthesize(
        &self,
        utterances: &[SpokenText],
        cancel: &Cancel,
        sink: &mut SpeechSink<'_>,
    ) -> Result<(), EngineError> {
        for (index, utterance) in utterances.iter().enumerate() {
            cancel.check()?;
            let limit = self.counts.fail_after.load(Ordering::SeqCst);
            if limit > 0 && self.counts.spoken.lock().unwrap().len() >= limit {
                return Err(EngineError::failed("counting", "planted"));
            }
            let text = utterance.written();
            self.counts.spoken.lock().unwrap().push(text.clone());
            let pitch = 200.0 + (text.len() % 40) as f32 * 10.0;
            let samples = 24_000 * (1 + text.len() % 3) + 2_400 * usize::from(self.take);
            let wave =
                (0..samples).map(|n| 0.3 * (n as f32 * pitch * std::f32::consts::TAU / 24_000.0).sin()).collect();
            sink(index, Sound::new(Hertz(24_000), wave))?;
        }
        Ok(())
    }
}

/// Watches nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _: Stage) {}
    fn sentence_spoken(&self, _: Milliseconds) {}
    fn clip_heard(&self) {}
}

pub const VI: &str = "Tháp Đôi có hai ngọn. Tháp bắc cao hơn tháp nam. Cả hai xây bằng gạch.";
pub const EN: &str = "The Twin Towers are two. The northern one is taller. Both are of brick.";

/// A workshop in a temporary folder, with one site, one stop, and its texts in Vietnamese and English.
pub struct Bench {
    pub workshop: Workshop,
    pub counts: Arc<Counts>,
    pub stop: Stop,
    pub folder: tempfile::TempDir,
}

impl Bench {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
        let store = Store::open(&folder.path().join("test.db"), clock.clone()).await.unwrap();
        let counts = Arc::new(Counts::default());
        let policy =
            Policy { publish_machine_translation: true, publish_last_resort_voice: true, publish_unheard_speech: true };
        let stop = furnish(&store, &policy).await;
        let workshop = Workshop {
            store,
            blobs: Blobs::open(&folder.path().join("blobs")).unwrap(),
            engines: Arc::new(CountingEngines::new(counts.clone(), "tone 1")),
            checkers: vec![Arc::new(Numerals { counts: counts.clone(), rules: "numerals 1" })],
            sound: audio::Settings::default(),
            policy,
            clock,
        };
        let bench = Self { workshop, counts, stop, folder };
        bench.write(Language::VI, VI).await;
        bench.write(Language::EN, EN).await;
        bench
    }

    /// A person writes the stop's text.
    pub async fn write(&self, language: Language, text: &str) {
        let sentences = split_sentences(text, language);
        let new = NewText {
            stop: self.stop.id,
            language,
            title: format!("Title in {language}"),
            author: Author::Person { name: "An".into() },
            state: TextState::Approved,
            made_from: None,
            sentences: sentences.into_iter().map(|content| NewSentence { paragraph: 0, content }).collect(),
        };
        self.workshop.store.put_text(&new).await.unwrap();
    }
}

async fn furnish(store: &Store, policy: &Policy) -> Stop {
    let names = Names([(Language::VI, "Tháp Đôi".to_owned())].into());
    let collection = Collection {
        slug: "test".parse().unwrap(),
        names: names.clone(),
        source_language: Language::VI,
        guide_languages: vec![Language::VI, Language::EN, Language::PT],
        policy: policy.clone(),
    };
    store.put_collection(&collection).await.unwrap();
    let site = NewSite {
        slug: "thap-doi".parse().unwrap(),
        names: names.clone(),
        kind: "tower".into(),
        period: None,
        place: None,
        themes: vec![],
        sources: vec![],
        summary: Names::default(),
        cover: None,
        position: 1,
    };
    let site = store.upsert_site(&site).await.unwrap().id();
    let stop = NewStop {
        site,
        relic: None,
        slug: "hai-thap".parse().unwrap(),
        code: "TD1".parse().unwrap(),
        names,
        kind: "tower".into(),
        period: None,
        place: None,
        themes: vec![],
        sources: vec![],
        cover: None,
        position: 1,
    };
    store.upsert_stop(&stop).await.unwrap();
    store.stop(&stop.slug).await.unwrap().unwrap()
}
