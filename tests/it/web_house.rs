//! A small house with real sound, served for the browser's tests: `scripts/browser-test` starts it and ends it.
//!
//! The words and pictures are the collection's own; the voice is the espeak-ng program's, so that it is made in a second
//! and needs no weights. Two stops: one speaks Vietnamese, English and Japanese, the other Vietnamese alone.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use thuyetminh::blobs::Blobs;
use thuyetminh::domain::screen::ScreenCode;
use thuyetminh::domain::{
    Actor, AudioFile, AudioFormat, ContentHash, Edition, EditionSentence, Language, Lufs, Milliseconds, Names, Period,
    Place, SourceOfFacts, SystemClock, TranslationMark, VoiceMark,
};
use thuyetminh::store::{Collection, NewSite, NewStop, Policy, Store};
use thuyetminh::web::{self, Settings, State};

const PAUSE: u64 = 350;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}: ./scripts/install puts it here"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

fn names(entries: &[(&str, &str)]) -> Names {
    Names(entries.iter().map(|(tag, name)| (tag.parse().unwrap(), (*name).to_owned())).collect())
}

fn text(stop: &str, file: &str) -> (String, Vec<String>) {
    read_text(&root().join("content/binh-dinh/sites/thap-doi").join(stop).join(file))
}

/// Title and paragraphs of one text of the collection.
pub fn read_text(path: &Path) -> (String, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (head, body) = text.strip_prefix("+++").unwrap().split_once("\n+++").unwrap();
    let title = head.lines().find_map(|line| line.strip_prefix("title = ")).unwrap().trim_matches('"').to_owned();
    (title, body.trim().split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect())
}

fn sentences(paragraph: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut letters = paragraph.chars().peekable();
    while let Some(letter) = letters.next() {
        found.last_mut().unwrap().push(letter);
        let ends = letter == '。' || (matches!(letter, '.' | '?' | '!') && letters.peek() == Some(&' '));
        if ends {
            found.push(String::new());
        }
    }
    found.into_iter().map(|sentence| sentence.trim().to_owned()).filter(|sentence| !sentence.is_empty()).collect()
}

/// Speaks a text, encodes it, and freezes it into an edition.
async fn edition(blobs: &Blobs, work: &Path, stop: &str, code: &str, file: &str, language: Language) -> Edition {
    let (title, paragraphs) = text(stop, file);
    let (mut spoken, mut samples, mut rate) = (Vec::new(), Vec::<i16>::new(), 22_050);
    let mut captions = "WEBVTT\n".to_owned();
    let at = |samples: usize, rate: u32| Milliseconds(samples as u64 * 1000 / u64::from(rate));
    for (paragraph, words) in paragraphs.iter().enumerate() {
        for sentence in sentences(words) {
            let clip = work.join("clip.wav");
            let voice = if language == Language::JA { "ja" } else { language.tag() };
            run("espeak-ng", &["-v", voice, "-s", "220", "-w", clip.to_str().unwrap(), &sentence]);
            let mut reader = hound::WavReader::open(&clip).unwrap();
            rate = reader.spec().sample_rate;
            let start = at(samples.len(), rate);
            samples.extend(reader.samples::<i16>().map(Result::unwrap));
            let end = at(samples.len(), rate);
            samples.resize(samples.len() + (PAUSE * u64::from(rate) / 1000) as usize, 0);
            let stamp = |t: Milliseconds| format!("{:02}:{:02}.{:03}", t.0 / 60_000, t.0 / 1000 % 60, t.0 % 1000);
            write!(captions, "\n{} --> {}\n{sentence}\n", stamp(start), stamp(end)).unwrap();
            let clip = ContentHash::of(sentence.as_bytes());
            spoken.push(EditionSentence { paragraph: paragraph as u32, text: sentence, start, end, clip, voice: None });
        }
    }
    let master = work.join("master.wav");
    let spec =
        hound::WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(&master, spec).unwrap();
    samples.iter().for_each(|sample| writer.write_sample(*sample).unwrap());
    writer.finalize().unwrap();
    let mut audio = Vec::new();
    for (format, codec, rate) in [(AudioFormat::Mp3, "libmp3lame", "64k"), (AudioFormat::Opus, "libopus", "28k")] {
        let out = work.join(format!("sound.{}", format.extension()));
        let (from, to) = (master.to_str().unwrap(), out.to_str().unwrap());
        run(
            "ffmpeg",
            &["-y", "-loglevel", "error", "-i", from, "-c:a", codec, "-b:a", rate, "-f", container(format), to],
        );
        let bytes = std::fs::read(&out).unwrap();
        let length = bytes.len() as u64;
        audio.push(AudioFile { format, hash: blobs.put(bytes).await.unwrap(), bytes: length });
    }
    let machine =
        || TranslationMark { engine: "test".to_owned(), route: vec![Language::VI, language], approved: false };
    Edition {
        stop: stop.parse().unwrap(),
        code: code.parse().unwrap(),
        language,
        title,
        sentences: spoken,
        duration: at(samples.len(), rate),
        loudness: Lufs(-16.0),
        audio,
        captions: blobs.put(captions).await.unwrap(),
        master: blobs.put(std::fs::read(&master).unwrap()).await.unwrap(),
        voice: VoiceMark {
            engine: "espeak-ng".to_owned(),
            model: "espeak-ng".to_owned(),
            voice: language.tag().to_owned(),
            synthetic: true,
            last_resort: language == Language::VI,
        },
        translation: (language == Language::EN).then(machine),
        hearing: None,
        recipe: ContentHash::of(language.tag().as_bytes()),
    }
}

fn container(format: AudioFormat) -> &'static str {
    match format {
        AudioFormat::Mp3 => "mp3",
        AudioFormat::Opus => "ogg",
    }
}

async fn furnish(store: &Store, blobs: &Blobs, work: &Path) {
    let house = names(&[("vi", "Di sản Bình Định"), ("en", "Heritage of Bình Định"), ("ja", "ビンディンの文化遺産")]);
    let collection = Collection {
        slug: "binh-dinh".parse().unwrap(),
        names: house,
        source_language: Language::VI,
        guide_languages: vec![Language::VI, Language::EN, Language::JA],
        policy: Policy {
            publish_machine_translation: true,
            publish_last_resort_voice: true,
            publish_unheard_speech: true,
        },
    };
    store.put_collection(&collection).await.unwrap();
    let folder = root().join("content/binh-dinh/sites/thap-doi");
    let period = Period { from: 1170, to: 1230, label: "cuối thế kỷ XII - đầu thế kỷ XIII".to_owned() };
    let address = "Đường Trần Hưng Đạo, phường Quy Nhơn, tỉnh Gia Lai".to_owned();
    let place = Place { latitude: 13.7859, longitude: 109.2108, address };
    let source = |title: &str, publisher: &str| SourceOfFacts {
        title: title.to_owned(),
        author: None,
        publisher: Some(publisher.to_owned()),
        year: None,
        note: None,
    };
    let sources = vec![
        source("Độc đáo tòa tháp đôi 800 tuổi ở Quy Nhơn", "Kiến Thức"),
        source("Twin Towers - a highlight of Cham culture in Quy Nhon", "Báo ảnh Việt Nam"),
    ];
    let summary = "Hai ngọn tháp gạch của người Chăm đứng cạnh nhau ngay trong lòng Quy Nhơn.";
    let site = NewSite {
        slug: "thap-doi".parse().unwrap(),
        names: names(&[("vi", "Tháp Đôi"), ("en", "The Twin Towers"), ("ja", "タップドイ(双子の塔)")]),
        kind: "tower".to_owned(),
        period: Some(period.clone()),
        place: Some(place.clone()),
        themes: vec!["champa".to_owned()],
        sources: sources.clone(),
        summary: names(&[("vi", summary)]),
        cover: Some(blobs.put(std::fs::read(folder.join("cover.png")).unwrap()).await.unwrap()),
        position: 1,
    };
    let site = store.upsert_site(&site).await.unwrap().id();
    for (position, slug, code, vi, en) in [
        (1, "hai-ngon-thap", "TD1", "Tháp Đôi", "The Twin Towers"),
        (2, "chim-than-garuda", "TD2", "Tháp Bắc và chim thần Garuda", "The North Tower and its Garudas"),
    ] {
        let cover = std::fs::read(folder.join(slug).join("cover.png")).unwrap();
        let stop = NewStop {
            site,
            relic: None,
            slug: slug.parse().unwrap(),
            code: code.parse().unwrap(),
            names: names(&[("vi", vi), ("en", en)]),
            kind: "tower".to_owned(),
            period: Some(period.clone()),
            place: Some(place.clone()),
            themes: Vec::new(),
            sources: sources.clone(),
            cover: Some(blobs.put(cover).await.unwrap()),
            position,
        };
        store.upsert_stop(&stop).await.unwrap();
    }
    let ground = std::fs::read(root().join("content/binh-dinh/map.geojson")).unwrap();
    store.put_setting("ground", &blobs.put(ground).await.unwrap().to_string()).await.unwrap();
    for (stop, code, file, language) in [
        ("hai-ngon-thap", "TD1", "stop.md", Language::VI),
        ("hai-ngon-thap", "TD1", "stop.en.md", Language::EN),
        ("hai-ngon-thap", "TD1", "stop.ja.md", Language::JA),
        ("chim-than-garuda", "TD2", "stop.md", Language::VI),
    ] {
        store.publish(&edition(blobs, work, stop, code, file, language).await).await.unwrap();
    }
    let waiting = edition(blobs, work, "chim-than-garuda", "TD2", "stop.en.md", Language::EN).await;
    crate::house_translation::plant(store, "chim-than-garuda", &waiting).await;
}

/// Listens on `THUYETMINH_TEST_LISTEN` until it is ended.
#[tokio::test]
#[ignore = "scripts/browser-test runs it: it serves until it is ended"]
async fn serve_a_house_for_the_browser() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SystemClock);
    let store = Store::open(&folder.path().join("house.db"), clock.clone()).await.unwrap();
    let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
    furnish(&store, &blobs, folder.path()).await;
    let address = std::env::var("THUYETMINH_TEST_LISTEN").unwrap_or_else(|_| "127.0.0.1:8099".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
    let state = State::new(store, blobs, clock, Settings::default()).unwrap();
    // A screen of fast slides, for its own journey.
    if let Ok(file) = std::env::var("THUYETMINH_TEST_SCREEN") {
        let plan = toml::from_str("name = \"hall\"\nlanguages = [\"vi\", \"en\"]\nseconds = 0.2\n").unwrap();
        let code = state.store.put_screen(&Actor::shell(), &ScreenCode::from_random([7; 10]), &plan).await.unwrap();
        std::fs::write(file, format!("http://{address}/screens/{code}")).unwrap();
    }
    // The link of the first administrator, for the workplace's journey.
    if let Ok(file) = std::env::var("THUYETMINH_TEST_FIRST_LINK") {
        let token = state.people.first_link().await.unwrap().unwrap();
        std::fs::write(file, format!("http://{address}/staff/invitation?key={}", token.reveal())).unwrap();
    }
    let ended = async {
        tokio::signal::ctrl_c().await.unwrap();
    };
    web::serve(listener, state, ended).await.unwrap();
}
