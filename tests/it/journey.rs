//! The main job with the real models, through the program itself: a small collection in, guides in six languages out,
//! served to a visitor; then a second run, an edit, and a process killed in the middle.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const TEXTS: [(&str, &str, &str); 5] = [
    ("stop.md", "", "Tháp Đôi cao hai mươi mét. Tháp được xây vào cuối thế kỷ XII."),
    (
        "stop.en.md",
        "The Twin Towers",
        "The tower is twenty metres high. It was built at the end of the twelfth century.",
    ),
    ("stop.fr.md", "Les tours jumelles", "La tour est haute de vingt mètres. Elle date de la fin du XIIe siècle."),
    ("stop.ja.md", "双子の塔", "塔の高さは二十メートルです。十二世紀の終わりに建てられました。"),
    ("stop.zh.md", "双塔", "这座塔高二十米。它建于十二世纪末。"),
];

const STOP: &str = r#"code = "TD1"
position = 1
title = "Tháp Đôi"
author = "An"
state = "approved"
kind = "tower"
themes = ["champa"]
[names]
vi = "Tháp Đôi"
en = "The Twin Towers"
[[sources]]
title = "Sổ tay"
"#;

fn write_collection(folder: &Path) {
    let stop = folder.join("sites/thap-doi/hai-thap");
    fs::create_dir_all(&stop).unwrap();
    let collection = "slug = \"thu\"\nsource_language = \"vi\"\n\
        guide_languages = [\"vi\", \"en\", \"fr\", \"ja\", \"zh\", \"pt\"]\n\
        [names]\nvi = \"Thử\"\n[policy]\npublish_machine_translation = true\npublish_last_resort_voice = true\npublish_unheard_speech = true\n";
    fs::write(folder.join("collection.toml"), collection).unwrap();
    let site = "+++\nposition = 1\nkind = \"tower\"\nthemes = []\n[names]\nvi = \"Tháp Đôi\"\n+++\n\nHai ngọn tháp.\n";
    fs::write(folder.join("sites/thap-doi/site.md"), site).unwrap();
    for (file, title, text) in TEXTS {
        let front = if title.is_empty() {
            STOP.to_owned()
        } else {
            format!("title = \"{title}\"\nauthor = \"An\"\nstate = \"approved\"\n")
        };
        fs::write(stop.join(file), format!("+++\n{front}+++\n\n{text}\n")).unwrap();
    }
}

/// The program, with its data in a temporary folder.
struct Program {
    folder: tempfile::TempDir,
}

impl Program {
    fn new() -> Self {
        let program = Self { folder: tempfile::tempdir().unwrap() };
        write_collection(&program.collection());
        program
    }

    fn collection(&self) -> PathBuf {
        self.folder.path().join("content")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thuyetminh"));
        command.args(arguments).env("THUYETMINH_DATA", self.folder.path().join("data"));
        command.env("THUYETMINH_WEIGHTS", crate::weights()).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed, and returns what it printed.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The last line of `make --json`.
    fn make(&self) -> Value {
        let printed = self.done(&["make", "--json"]);
        serde_json::from_str(printed.lines().last().unwrap()).unwrap()
    }
}

/// A server that is stopped when the test ends, however it ends.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(program: &Program) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = program
            .command(&["serve", "--listen", &address.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { process, address };
        let since = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(since.elapsed() < Duration::from_secs(60), "the server does not listen");
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    /// Status line and headers, and the body.
    fn get(&self, path: &str, headers: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        (String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase(), answer[end + 4..].to_vec())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn guide(server: &Server, language: &str) -> Value {
    let (head, body) = server.get(&format!("/api/v1/stops/hai-thap/guides/{language}"), "");
    assert!(head.starts_with("http/1.1 200"), "{language}: {head}");
    serde_json::from_slice(&body).unwrap()
}

#[test]
fn from_texts_to_a_visitor_in_six_languages() {
    let program = Program::new();
    program.done(&["content", "import", program.collection().to_str().unwrap()]);
    let made = program.make();
    assert_eq!(made["published"], 6, "{made}");
    assert_eq!((&made["failed"], &made["held_back"]), (&Value::from(0), &Value::from(0)));

    let again = program.make();
    assert_eq!((&again["translated"], &again["synthesized"]), (&Value::from(0), &Value::from(0)), "{again}");
    assert_eq!(again["up_to_date"], 6);

    let server = Server::start(&program);
    let (head, _) = server.get("/q/TD1", "Accept-Language: fr-CA,fr;q=0.9,en;q=0.5\r\n");
    assert!(head.contains("location: /fr/stops/hai-thap"), "{head}");
    let (head, page) = server.get("/fr/stops/hai-thap", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(String::from_utf8(page).unwrap().contains("La tour est haute de vingt mètres."));
    for language in ["vi", "en", "fr", "ja", "zh", "pt"] {
        let guide = guide(&server, language);
        let audio = guide["audio"][0]["url"].as_str().unwrap();
        let (head, start) = server.get(audio, "Range: bytes=0-1\r\n");
        assert!(head.starts_with("http/1.1 206"), "{language}: {head}");
        assert_eq!(start.len(), 2);
    }
    assert!(guide(&server, "pt")["translation"].is_object(), "the Portuguese guide says that a machine translated it");
}

#[test]
fn killed_at_any_moment_it_goes_on_where_it_was() {
    let program = Program::new();
    let collection = program.collection();
    for delay in [30, 300] {
        let arguments = ["content", "import", collection.to_str().unwrap()];
        kill_after(program.command(&arguments), Duration::from_millis(delay));
    }
    program.done(&["content", "import", collection.to_str().unwrap()]);
    for delay in [200, 1500, 4000, 7000] {
        kill_after(program.command(&["make"]), Duration::from_millis(delay));
    }
    let made = program.make();
    assert_eq!(made["failed"], 0, "{made}");
    let total = made["published"].as_u64().unwrap() + made["up_to_date"].as_u64().unwrap();
    assert_eq!(total, 6, "{made}");
    let again = program.make();
    assert_eq!((&again["translated"], &again["synthesized"]), (&Value::from(0), &Value::from(0)), "{again}");
    assert_eq!(again["up_to_date"], 6);
}

/// SIGKILL, unless it has ended by itself before.
fn kill_after(mut command: Command, delay: Duration) {
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(delay);
    let _ = process.kill();
    process.wait().unwrap();
}
