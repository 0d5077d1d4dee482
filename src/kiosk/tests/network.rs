//! Hundreds of syncs through a proxy that does everything a network and an enemy on it can do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use super::shop::Shop;
use super::*;
use crate::domain::bundle::{Secret, SignedManifest};
use crate::domain::{Language, Timestamp};

/// The shop on a socket; one answer a connection.
pub fn serve(shop: Arc<RwLock<Shop>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let (Ok(connection), shop) = (connection, shop.clone()) else { continue };
            std::thread::spawn(move || answer(connection, &shop));
        }
    });
    address
}

/// The first line, the headers and the body of a request.
type Request = (String, Vec<(String, String)>, Vec<u8>);

fn request(stream: &mut impl BufRead) -> Option<Request> {
    let mut raw = String::new();
    while !raw.ends_with("\r\n\r\n") {
        if stream.read_line(&mut raw).ok()? == 0 {
            return None;
        }
    }
    let path = raw.split(' ').nth(1)?.to_owned();
    let fields = raw.lines().skip(1).filter_map(|line| line.split_once(": "));
    Some((path, fields.map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect(), raw.into_bytes()))
}

fn answer(connection: TcpStream, shop: &RwLock<Shop>) {
    let mut stream = BufReader::new(connection);
    let Some((path, fields, _)) = request(&mut stream) else { return };
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let answer = shop.read().unwrap().answer(&path, &field);
    let mut head =
        format!("HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {}\r\n", answer.status, answer.body.len());
    for (name, value) in [("ETag", answer.etag), ("Content-Range", answer.content_range)] {
        if let Some(value) = value {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    let mut stream = stream.into_inner();
    let _ = stream.write_all(format!("{head}\r\n").as_bytes()).and_then(|()| stream.write_all(&answer.body));
}

/// What is done to connections, in counts.
#[derive(Default)]
struct Done {
    connections: AtomicU64,
    faults: [AtomicU64; 8],
    /// Bytes written towards the device.
    sent: AtomicU64,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Reset,
    Truncate,
    Flip,
    Delay,
    Refuse,
    Replay,
    Forge,
}

/// Stands between; `replayed` are answers that were seen before, `forged` one that somebody else signed.
fn stand_between(server: SocketAddr, shop: Arc<RwLock<Shop>>, done: Arc<Done>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let dice = Arc::new(Mutex::new(Dice(17)));
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(connection) = connection else { continue };
            let (shop, done, dice) = (shop.clone(), done.clone(), dice.clone());
            std::thread::spawn(move || pass(connection, server, &shop, &done, &dice));
        }
    });
    address
}

fn pass(device: TcpStream, server: SocketAddr, shop: &RwLock<Shop>, done: &Done, dice: &Mutex<Dice>) -> Option<()> {
    let mut roll = |below| dice.lock().unwrap().roll(below);
    done.connections.fetch_add(1, Ordering::Relaxed);
    let mut fault = match roll(100) {
        0..5 => Fault::Reset,
        5..9 => Fault::Truncate,
        9..12 => Fault::Flip,
        12..16 => Fault::Delay,
        16..18 => Fault::Refuse,
        18..25 => Fault::Replay,
        25..32 => Fault::Forge,
        _ => Fault::None,
    };
    if fault == Fault::Refuse {
        done.faults[Fault::Refuse as usize].fetch_add(1, Ordering::Relaxed);
        return None;
    }
    let mut stream = BufReader::new(device);
    let (path, _, raw) = request(&mut stream)?;
    let mut device = stream.into_inner();
    let is_manifest = path.starts_with("/api/v1/kiosk/manifest");
    let mut bytes = Vec::new();
    if !is_manifest && matches!(fault, Fault::Replay | Fault::Forge) {
        fault = Fault::None;
    }
    match fault {
        Fault::Replay | Fault::Forge => {
            let body = other_manifest(&shop.read().unwrap(), fault, &mut roll)?;
            bytes.extend(
                format!("HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len()).bytes(),
            );
            bytes.extend(body);
        }
        _ => {
            let mut upstream = TcpStream::connect(server).ok()?;
            upstream.write_all(&raw).ok()?;
            upstream.read_to_end(&mut bytes).ok()?;
        }
    }
    done.faults[fault as usize].fetch_add(1, Ordering::Relaxed);
    let mut length = bytes.len();
    match fault {
        Fault::Reset | Fault::Truncate => length = roll(bytes.len() as u64) as usize,
        Fault::Flip => {
            let at = roll(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << roll(8);
        }
        Fault::Delay => std::thread::sleep(Duration::from_millis(roll(30))),
        _ => {}
    }
    for piece in bytes[..length].chunks(16 << 10) {
        device.write_all(piece).ok()?;
        done.sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
    }
    if fault == Fault::Reset {
        rustix::net::sockopt::set_socket_linger(&device, Some(Duration::ZERO)).unwrap();
    }
    Some(())
}

/// An older manifest of the same house, or the newest one signed by a stranger, also with the true key's name on it.
fn other_manifest(shop: &Shop, fault: Fault, roll: &mut dyn FnMut(u64) -> u64) -> Option<Vec<u8>> {
    if fault == Fault::Replay {
        let older = roll(shop.versions.len() as u64) as usize;
        return shop.versions[older].to_bytes().ok();
    }
    let mut manifest: crate::domain::bundle::Manifest =
        serde_json::from_value(shop.versions.last()?.manifest.clone()).ok()?;
    manifest.version += 5;
    manifest.stops.first_mut()?.guides.get_mut(&Language::VI)?.title = "a lie".to_owned();
    let mut forged = SignedManifest::sign(&manifest, &Secret::from_seed(&[99; 32]), Vec::new()).ok()?;
    if roll(2) == 0 {
        forged.key = shop.first_key().id();
    }
    forged.to_bytes().ok()
}

/// Plays whatever is current all the time, against the truth; gives how many files it played.
fn play_on(root: std::path::PathBuf, shop: Arc<RwLock<Shop>>, stop: Arc<AtomicBool>) -> u64 {
    let holding = Holding::open(Folder::open(&root).unwrap()).unwrap();
    let mut dice = Dice(5);
    let mut played = 0;
    while !stop.load(Ordering::Relaxed) {
        let playing = holding.playing().unwrap().expect("never nothing");
        let files = &playing.manifest.files;
        let file = &files[dice.roll(files.len() as u64) as usize];
        match holding.play(&playing.manifest, file.sha256, 0, file.size) {
            Ok(bytes) => assert!(bytes == shop.read().unwrap().truth(file.sha256), "a wrong byte was played"),
            Err(error) => {
                // Only where two newer bundles came while this one file was read.
                let now = holding.playing().unwrap().unwrap().manifest.version;
                assert!(now >= playing.manifest.version + 2, "{error}");
            }
        }
        played += 1;
        std::thread::sleep(Duration::from_millis(1));
    }
    played
}

#[test]
fn a_hostile_network_costs_time_and_nothing_else() {
    let syncs = count(25, 500) as u64;
    let shop = Arc::new(RwLock::new(Shop::new(8, 700_000)));
    let done = Arc::new(Done::default());
    let proxy = stand_between(serve(shop.clone()), shop.clone(), done.clone());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("kiosk");
    let holding = Holding::open(Folder::open(&root).unwrap()).unwrap();
    let server = format!("http://{proxy}");
    holding.set_identity(&identity(&shop.read().unwrap(), &server)).unwrap();
    let link = Counted { http: Http::new(&server, None, Duration::from_secs(5)).unwrap(), moved: Arc::default() };
    let (mut needed, mut refused) = (0, 0);
    let stop = Arc::new(AtomicBool::new(false));
    let mut player = None;
    for n in 0..syncs {
        let newest = {
            let mut shop = shop.write().unwrap();
            shop.now += 3_600_000;
            if n > 0 {
                shop.edit(n as usize * 3);
            }
            if n % 50 == 49 {
                shop.rotate();
            }
            shop.clone()
        };
        needed += newest.needed(n);
        loop {
            match sync_with(&holding, &link, &newest) {
                Ok(synced) => {
                    assert_eq!(synced.version, newest.version());
                    break;
                }
                Err(error) => {
                    assert!(!matches!(error, KioskError::Disk { .. } | KioskError::Revoked), "{error}");
                    refused += 1;
                }
            }
        }
        if n % 25 == 0 || n + 1 == syncs {
            assert_eq!(whole(&holding, &newest), newest.version());
        }
        let spawn = || {
            let (root, shop, stop) = (root.clone(), shop.clone(), stop.clone());
            std::thread::spawn(move || play_on(root, shop, stop))
        };
        player.get_or_insert_with(spawn);
    }
    stop.store(true, Ordering::Relaxed);
    let played = player.unwrap().join().unwrap();
    let moved = link.moved.load(Ordering::Relaxed);
    let ratio = moved as f64 / needed as f64;
    let faults: Vec<u64> = done.faults.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    println!(
        "{syncs} syncs, {} connections, none/reset/truncate/flip/delay/refuse/replay/forge {faults:?}, {refused} syncs \
         tried again; needed {needed} bytes, came {moved} ({ratio:.4}), sent {}; {played} files played meanwhile",
        done.connections.load(Ordering::Relaxed),
        done.sent.load(Ordering::Relaxed),
    );
    assert!(ratio <= 1.05, "{ratio}");
    assert!(faults.iter().all(|count| *count > 0 || syncs < 100), "{faults:?}");
    assert!(played > 0);
    holding.note_play("S00".parse().unwrap(), Language::VI, Timestamp(0), 1).unwrap();
}

/// Counts the bytes of bodies that reach the device.
struct Counted {
    http: Http,
    moved: Arc<AtomicU64>,
}

struct CountedBody(Box<dyn Read + Send>, Arc<AtomicU64>);

impl Read for CountedBody {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let came = self.0.read(into)?;
        self.1.fetch_add(came as u64, Ordering::Relaxed);
        Ok(came)
    }
}

impl Link for Counted {
    fn get(&self, path: &str, fields: Fields<'_>) -> Result<Reply> {
        let reply = self.http.get(path, fields)?;
        Ok(Reply { body: Box::new(CountedBody(reply.body, self.moved.clone())), ..reply })
    }

    fn post(&self, path: &str, json: &[u8]) -> Result<Reply> {
        self.http.post(path, json)
    }
}
