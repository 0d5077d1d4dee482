//! One file from the server into `files`: in parts where the line breaks, verified block by block and then whole.
//!
//! What lies in `staging` may be anything after a power cut. So it is read again before it is added to: whole blocks must
//! hash right, and what follows them is kept as the beginning of a block that must. A block that came wrong is cut off and
//! asked for again by itself.

use std::io::Read as _;

use super::disk::Disk;
use super::holding::{Holding, file_path, staging_path};
use super::link::{Link, Reply};
use super::pace::Pace;
use super::{KioskError, Result};
use crate::domain::ContentHash;
use crate::domain::bundle::{BLOCK, BundleFile};

/// Failures in a row, with nothing new in between, before a sync is given up.
pub(super) const MOST_TRIES: u32 = 12;
/// A file that comes wrong this often will not come right.
const MOST_WRONG: u32 = 50;
const PIECE: usize = 16 << 10;

/// A file on its way.
struct Part<'a, D> {
    disk: &'a D,
    file: &'a BundleFile,
    /// Bytes in `staging` that are whole, verified blocks.
    verified: u64,
    /// What came after them.
    tail: Vec<u8>,
    /// Bytes of `tail` that are written.
    written: usize,
}

impl<'a, D: Disk> Part<'a, D> {
    /// What of the file lies in `staging` and may be built on.
    fn open(disk: &'a D, file: &'a BundleFile) -> Result<Self> {
        let mut part = Self { disk, file, verified: 0, tail: Vec::new(), written: 0 };
        let path = staging_path(file.sha256);
        let failed = |source| KioskError::disk("reading", &path)(source);
        let length = disk.len(&path).map_err(failed)?.unwrap_or(0);
        if length > file.size {
            part.cut()?;
            return Ok(part);
        }
        while part.verified < length {
            let bytes = disk
                .read_at(&path, part.verified, BLOCK as usize)
                .map_err(|e| KioskError::disk("reading", &path)(e))?;
            let whole = bytes.len() as u64 == part.block_length();
            if whole && Some(ContentHash::of(&bytes)) != file.block(part.verified / BLOCK) {
                part.cut()?;
                break;
            }
            if !whole {
                part.written = bytes.len();
                part.tail = bytes;
                break;
            }
            part.verified += bytes.len() as u64;
        }
        Ok(part)
    }

    /// Bytes of the block that begins after the verified ones.
    fn block_length(&self) -> u64 {
        BLOCK.min(self.file.size - self.verified)
    }

    fn length(&self) -> u64 {
        self.verified + self.tail.len() as u64
    }

    /// Forgets what came after the verified blocks.
    fn cut(&mut self) -> Result<()> {
        let path = staging_path(self.file.sha256);
        self.tail.clear();
        self.written = 0;
        if self.disk.len(&path).map_err(KioskError::disk("looking at", &path))?.is_some() {
            self.disk.truncate(&path, self.verified).map_err(KioskError::disk("cutting", &path))?;
        }
        Ok(())
    }

    /// Takes bytes that follow; `false` where they complete a block that is wrong, which is then cut off.
    fn take(&mut self, mut bytes: &[u8]) -> Result<bool> {
        while !bytes.is_empty() {
            let wanted = usize::try_from(self.block_length()).unwrap_or(usize::MAX) - self.tail.len();
            if wanted == 0 {
                // More than the file has.
                return Ok(false);
            }
            let (now, later) = bytes.split_at(wanted.min(bytes.len()));
            self.tail.extend_from_slice(now);
            bytes = later;
            if self.tail.len() as u64 == self.block_length() {
                if Some(ContentHash::of(&self.tail)) != self.file.block(self.verified / BLOCK) {
                    self.cut()?;
                    return Ok(false);
                }
                self.keep()?;
                self.verified += self.tail.len() as u64;
                self.tail.clear();
                self.written = 0;
            }
        }
        Ok(true)
    }

    /// Writes what is not written yet.
    fn keep(&mut self) -> Result<()> {
        let path = staging_path(self.file.sha256);
        if self.written < self.tail.len() {
            self.disk.append(&path, &self.tail[self.written..]).map_err(KioskError::disk("writing", &path))?;
            self.written = self.tail.len();
        }
        Ok(())
    }

    /// Proves the whole file, syncs it and moves it among the files. `false` where it is wrong, and then gone.
    fn finish(self) -> Result<bool> {
        let (from, to) = (staging_path(self.file.sha256), file_path(self.file.sha256));
        let bytes = self.disk.read(&from).map_err(KioskError::disk("reading", &from))?.unwrap_or_default();
        if ContentHash::of(&bytes) != self.file.sha256 {
            self.disk.remove(&from).map_err(KioskError::disk("removing", &from))?;
            return Ok(false);
        }
        self.disk.sync(&from).map_err(KioskError::disk("syncing", &from))?;
        self.disk.rename(&from, &to).map_err(KioskError::disk("moving", &from))?;
        Ok(true)
    }
}

/// Brings one file.
///
/// # Errors
/// `Wrong` where it keeps coming wrong, `Revoked`, `Refused`, `Network` after many tries, `Disk`.
pub(super) fn fetch<D: Disk>(
    holding: &Holding<D>,
    link: &dyn Link,
    pace: &mut Pace<'_>,
    file: &BundleFile,
) -> Result<()> {
    let mut wrong = 0;
    let mut part = Part::open(&holding.disk, file)?;
    if file.size == 0 {
        let path = staging_path(file.sha256);
        holding.disk.write(&path, &[]).map_err(KioskError::disk("writing", &path))?;
    }
    loop {
        if part.length() == file.size {
            if part.finish()? {
                pace.progress();
                return Ok(());
            }
            wrong += 1;
            part = Part::open(&holding.disk, file)?;
            continue;
        }
        let before = part.length();
        let failure = match ask(link, file, before).and_then(|reply| receive(&mut part, reply, pace)) {
            Ok(true) => None,
            Ok(false) => {
                wrong += 1;
                Some(KioskError::Wrong { hash: file.sha256, times: wrong })
            }
            Err(error) if error.is_passing() => Some(error),
            Err(error) => return Err(error),
        };
        if wrong > MOST_WRONG {
            return Err(KioskError::Wrong { hash: file.sha256, times: wrong });
        }
        if part.length() > before {
            pace.progress();
        } else if let Some(failure) = failure
            && !pace.again(MOST_TRIES)
        {
            return Err(failure);
        }
    }
}

fn ask(link: &dyn Link, file: &BundleFile, from: u64) -> Result<Reply> {
    let path = format!("/api/v1/kiosk/files/{}", file.sha256);
    if from == 0 {
        return link.get(&path, &[]);
    }
    let last = file.size - 1;
    link.get(&path, &[("range", format!("bytes={from}-{last}")), ("if-range", format!("\"{}\"", file.sha256))])
}

/// Reads an answer into the part; `false` where a block of it was wrong.
fn receive<D: Disk>(part: &mut Part<'_, D>, mut reply: Reply, pace: &mut Pace<'_>) -> Result<bool> {
    let mut skip = match reply.status {
        206 => {
            let expected = format!("bytes {}-{}/{}", part.length(), part.file.size - 1, part.file.size);
            if reply.content_range.as_deref() != Some(expected.as_str()) {
                return Err(KioskError::Answer("another part came than was asked for".to_owned()));
            }
            0
        }
        // The whole file: the server does not know our part, or serves no parts.
        200 => part.length(),
        416 => {
            part.verified = 0;
            part.cut()?;
            return Ok(false);
        }
        _ => return Err(reply.refusal()),
    };
    let mut piece = vec![0; PIECE];
    loop {
        let came = match reply.body.read(&mut piece) {
            Ok(0) => break,
            Ok(came) => came,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => {
                part.keep()?;
                return Err(KioskError::Network(error.to_string()));
            }
        };
        pace.came(came);
        let known = usize::try_from(skip).unwrap_or(usize::MAX).min(came);
        skip -= known as u64;
        if !part.take(&piece[known..came])? {
            return Ok(false);
        }
    }
    part.keep()?;
    if part.length() < part.file.size {
        return Err(KioskError::Network("the answer ended before the file did".to_owned()));
    }
    Ok(true)
}
