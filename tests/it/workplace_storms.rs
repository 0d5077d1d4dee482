//! The workplace in bad weather, through the real program: its server is killed while everything is being published, or
//! while a recording comes in, and nothing that was acknowledged is lost, nothing is done by halves or twice, and the record
//! still holds.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use thuyetminh::blobs::Blobs;
use thuyetminh::domain::{
    Actor, AudioFile, AudioFormat, ContentHash, Edition, EditionSentence, Language, Lufs, Milliseconds, Names,
    SystemClock, VoiceMark,
};
use thuyetminh::store::{NewSite, NewStop, Store};

const STOPS: usize = 60;
const PASSWORD: &str = "ngọn tháp bên sông";

fn names(name: &str) -> Names {
    Names([(Language::VI, name.to_owned())].into())
}

async fn open(data: &Path) -> Store {
    Store::open(&data.join("thuyetminh.db"), Arc::new(SystemClock)).await.unwrap()
}

/// A site whose guides all wait for a person.
async fn furnish(data: &Path) {
    let (store, blobs) = (open(data).await, Blobs::open(&data.join("blobs")).unwrap());
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
    let slug = site.slug.clone();
    let site = store.upsert_site(&site).await.unwrap().id();
    store.set_publishing_by_hand(&Actor::shell(), site, &slug, true).await.unwrap();
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
        store.publish(&edition(&blobs, n).await).await.unwrap();
    }
    assert!(store.current_editions().await.unwrap().is_empty(), "they wait");
    store.close().await;
}

async fn edition(blobs: &Blobs, n: usize) -> Edition {
    let text = format!("Đây là điểm dừng {n}.");
    let sentence = EditionSentence {
        paragraph: 0,
        text: text.clone(),
        start: Milliseconds(0),
        end: Milliseconds(900),
        clip: ContentHash::of(text.as_bytes()),
        voice: None,
    };
    let hash = blobs.put(text.clone().into_bytes()).await.unwrap();
    Edition {
        hearing: None,
        stop: format!("stop-{n}").parse().unwrap(),
        code: format!("S{n:02}").parse().unwrap(),
        language: Language::VI,
        title: format!("Điểm {n}"),
        sentences: vec![sentence],
        duration: Milliseconds(1_000),
        loudness: Lufs(-16.0),
        audio: vec![AudioFile { format: AudioFormat::Mp3, bytes: text.len() as u64, hash }],
        captions: blobs.put(format!("WEBVTT\n\n{text}")).await.unwrap(),
        master: blobs.put(format!("master of {text}")).await.unwrap(),
        voice: VoiceMark {
            engine: "kokoro".to_owned(),
            model: "m".to_owned(),
            voice: "a".to_owned(),
            synthetic: true,
            last_resort: false,
        },
        translation: None,
        recipe: ContentHash::of(text.as_bytes()),
    }
}

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thuyetminh"));
    command.env("THUYETMINH_DATA", data).env("THUYETMINH_WEIGHTS", crate::weights());
    command
}

/// Runs a command that must succeed.
fn done(mut command: Command, input: &str) -> String {
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A server that is killed when it is dropped.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(data: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = program(data);
        command.args(["serve", "--no-work", "--listen", &address.to_string()]);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { process, address };
        let since = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(since.elapsed() < Duration::from_secs(60), "the server does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    fn begin(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nConnection: close\r\n{headers}\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        stream
    }

    /// The status and the whole answer.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, String) {
        let headers = format!("{headers}Content-Length: {}\r\n", body.len());
        read(self.begin(method, path, &headers, body))
    }

    fn sign_in(&self) -> String {
        let body = serde_json::json!({"login": "lan", "password": PASSWORD}).to_string();
        let json = "Content-Type: application/json\r\n";
        let (status, answer) = self.ask("POST", "/api/v1/staff/session", json, body.as_bytes());
        assert!(status < 300, "{answer}");
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        format!("Cookie: {}\r\n", cookie.split(';').next().unwrap())
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(mut stream: TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    // A server that is killed cuts the line.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_publishes_it_loses_nothing_and_publishes_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    furnish(data).await;
    let mut add = program(data);
    add.args(["staff", "add", "lan", "--name", "Lan"]);
    done(add, &format!("{PASSWORD}\n"));
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let mut cookie = None;
    let (mut seen, mut on_the_way) = (0, false);
    let watching = open(data).await;
    for enough in [1, 7, 19, 40] {
        let server = Server::start(data);
        let session = cookie.get_or_insert_with(|| server.sign_in());
        let headers = format!("{session}{form}Content-Length: 14\r\n");
        let under_way = server.begin("POST", "/staff/sites/thap-doi/publishing", &headers, b"do=publish-all");
        let since = Instant::now();
        while watching.current_editions().await.unwrap().len() < enough {
            assert!(since.elapsed() < Duration::from_secs(60), "nothing is published");
        }
        server.kill();
        drop(under_way);
        let mut verify = program(data);
        verify.args(["audit", "verify"]);
        assert!(!done(verify, "").is_empty());
        let public = watching.current_editions().await.unwrap().len();
        assert!(public >= seen, "what was public stays so");
        seen = public;
        on_the_way |= public < STOPS;
    }
    assert!(on_the_way, "no kill came while it published");
    watching.close().await;
    let server = Server::start(data);
    let session = cookie.unwrap();
    let (status, answer) =
        server.ask("POST", "/staff/sites/thap-doi/publishing", &format!("{session}{form}"), b"do=publish-all");
    assert_eq!(status, 303, "the session and the work outlived every kill: {answer}");
    for n in [0, STOPS - 1] {
        assert_eq!(server.ask("GET", &format!("/vi/stops/stop-{n}"), "", b"").0, 200);
    }
    server.kill();
    let store = open(data).await;
    assert_eq!(store.current_editions().await.unwrap().len(), STOPS);
    let mut told = Vec::new();
    let mut before = None;
    loop {
        let page = store.audit(before, 100).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        told.extend(page.into_iter().filter(|entry| format!("{:?}", entry.deed).contains("Published")));
    }
    assert_eq!(told.len(), STOPS, "each guide was published once, and the record says so once");
}

/// What closes the form.
const SEAM_END: &[u8] = b"\r\n--seam--\r\n";

/// A form with a recording of two seconds in it: its head, and its body.
fn handed_in() -> (String, Vec<u8>) {
    let mut sound = std::io::Cursor::new(Vec::new());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(&mut sound, spec).unwrap();
    for n in 0..96_000_i32 {
        writer.write_sample((n % 200 * 100 - 10_000) as i16).unwrap();
    }
    writer.finalize().unwrap();
    let mut body = Vec::new();
    for (name, value) in [("language", "vi"), ("speaker", "Ông Tám"), ("note", ""), ("stop", "")] {
        write!(body, "--seam\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    let file = "Content-Disposition: form-data; name=\"file\"; filename=\"ong-tam.wav\"\r\nContent-Type: audio/wav";
    write!(body, "--seam\r\n{file}\r\n\r\n").unwrap();
    body.extend(sound.into_inner());
    body.extend(SEAM_END);
    ("Content-Type: multipart/form-data; boundary=seam\r\n".to_owned(), body)
}

/// The files below a folder.
fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_a_recording_comes_in_it_keeps_nothing_of_it_and_takes_it_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    furnish(data).await;
    let mut add = program(data);
    add.args(["staff", "add", "lan", "--name", "Lan"]);
    done(add, &format!("{PASSWORD}\n"));
    let (form, body) = handed_in();
    let held = files(&data.join("blobs"));
    let mut cookie = None;
    for part in [1, 2, 3, 4] {
        let server = Server::start(data);
        let session = cookie.get_or_insert_with(|| server.sign_in());
        let headers = format!("{session}{form}Content-Length: {}\r\n", body.len());
        // Of the last part all but its closing seam: with the seam there, a form is whole.
        let sent = (body.len() - SEAM_END.len()) * part / 4;
        let under_way = server.begin("POST", "/api/v1/staff/recordings", &headers, &body[..sent]);
        // Long enough for what was sent to be taken in, some of the time.
        std::thread::sleep(Duration::from_millis(40 * part as u64));
        server.kill();
        drop(under_way);
        let store = open(data).await;
        assert!(store.recordings().await.unwrap().is_empty(), "half a recording is none");
        store.close().await;
        assert_eq!(files(&data.join("blobs")), held, "nothing of it is kept");
    }
    let server = Server::start(data);
    let session = cookie.unwrap();
    let (status, answer) = server.ask("POST", "/api/v1/staff/recordings", &format!("{session}{form}"), &body);
    assert_eq!(status, 201, "the session outlived every kill, and the whole file is taken in: {answer}");
    // Three gigabytes are refused by their head alone: not one byte of them is sent.
    let headers = format!("{session}{form}Content-Length: {}\r\n", 3_u64 << 30);
    let (status, answer) = read(server.begin("POST", "/api/v1/staff/recordings", &headers, b""));
    assert!(status == 413 && answer.contains("at most 2049 MiB"), "{answer}");
    server.kill();
    assert_eq!(open(data).await.recordings().await.unwrap().len(), 1);
}
