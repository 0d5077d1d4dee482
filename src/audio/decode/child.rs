//! ffmpeg as a child under limits that the kernel keeps: address space, seconds of computing, no file written, few
//! files open, no network and no other file read.
//!
//! The file is given as the standard input, opened again by its descriptor, so that the child may seek in it but learns
//! no name. Of ffmpeg's protocols only `file` and `pipe` are let in, and its reader is named, so nothing in the file
//! can make it open another one.
//!
//! Invariant: when [`Child`] is dropped the program has ended.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::form::Form;
use super::{DecodeError, Decoder};
use crate::domain::Hertz;

/// What ffmpeg may decode: the codecs of the forms that are taken, and no other of its several hundred.
const CODECS: &str = "pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,pcm_s16be,adpcm_ms,\
                      adpcm_ima_wav,mp3float,mp3,aac,alac,flac,opus,libopus,vorbis,libvorbis";

/// Where more than this share of the packets is broken, ffmpeg gives up.
const BROKEN_SHARE: &str = "0.02";

/// So long it may go without giving a sample.
const STALL: Duration = Duration::from_secs(60);

/// Bytes passed on at once, a whole number of samples.
const PIECE: usize = 1 << 16;

/// How much of its complaints is kept, from the end.
const COMPLAINT: usize = 600;

pub(super) struct Child {
    process: std::process::Child,
    pieces: Receiver<std::io::Result<Vec<u8>>>,
    complaints: Option<JoinHandle<String>>,
}

/// How it ended.
pub(super) struct End {
    pub success: bool,
    pub by_signal: bool,
    pub status: String,
    /// The last it said.
    pub complaint: String,
}

impl Child {
    /// Starts decoding. `most_seconds` is where it stops by itself.
    pub(super) fn start(
        decoder: &Decoder,
        file: File,
        form: Form,
        rate: Hertz,
        most_seconds: u64,
    ) -> Result<Self, DecodeError> {
        let missing = |program: &std::path::Path, package, error: std::io::Error| {
            let program = program.display().to_string();
            match error.kind() {
                ErrorKind::NotFound => DecodeError::ProgramMissing { program, package },
                _ => DecodeError::ProgramFailed { program, what: error.to_string() },
            }
        };
        let limits = &decoder.limits;
        let mut command = Command::new(&decoder.prlimit);
        command
            .arg(format!("--as={}", limits.memory))
            .arg(format!("--cpu={}", limits.computing.as_secs()))
            .args(["--fsize=0", "--core=0", "--nofile=64", "--"])
            .arg(&decoder.ffmpeg)
            .args(["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1"])
            .args(["-protocol_whitelist", "file,pipe", "-codec_whitelist", CODECS])
            .args(["-f", form.demuxer(), "-i", "file:/dev/stdin", "-map", "0:a:0", "-vn", "-sn", "-dn"])
            .args(["-max_error_rate", BROKEN_SHARE, "-t", &most_seconds.to_string()])
            .args(["-ac", "1", "-ar", &rate.0.to_string(), "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1"])
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::from(file))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().map_err(|error| missing(&decoder.prlimit, "util-linux", error))?;
        // Few pieces in between: the child waits for whoever takes the samples.
        let (send, pieces) = sync_channel(2);
        if let Some(mut out) = process.stdout.take() {
            std::thread::spawn(move || {
                loop {
                    let piece = read_piece(&mut out);
                    let is_last = piece.as_ref().map_or(true, |piece| piece.len() < PIECE);
                    if send.send(piece).is_err() || is_last {
                        break;
                    }
                }
            });
        }
        let complaints = process.stderr.take().map(|stderr| std::thread::spawn(move || last_words(stderr)));
        Ok(Self { process, pieces, complaints })
    }

    /// The next samples as bytes; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        match self.pieces.recv_timeout(STALL) {
            Ok(Ok(piece)) if piece.is_empty() => Ok(None),
            Ok(Ok(piece)) => Ok(Some(piece)),
            Ok(Err(error)) => Err(Stop::Pipe(error)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => Err(Stop::Stalled(STALL)),
        }
    }

    /// Waits for the end of a child whose samples were all taken.
    pub(super) fn end(mut self) -> std::io::Result<End> {
        let status = self.process.wait()?;
        let complaint = self.complaints.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        Ok(End { success: status.success(), by_signal: status.code().is_none(), status: status.to_string(), complaint })
    }
}

/// Why no more samples come.
pub(super) enum Stop {
    Pipe(std::io::Error),
    Stalled(Duration),
}

impl Drop for Child {
    fn drop(&mut self) {
        // Killing fails only where the program has ended by itself; waiting then clears it away.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read_piece(out: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(PIECE);
    out.take(PIECE as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

/// Reads all of it, so that the program never waits for a reader, and keeps the end.
fn last_words(mut stderr: impl Read) -> String {
    let mut kept = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stderr.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..read]);
        let surplus = kept.len().saturating_sub(COMPLAINT);
        kept.drain(..surplus);
    }
    String::from_utf8_lossy(&kept).trim().to_owned()
}
