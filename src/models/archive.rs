//! Members of packages: out of wheels (zip) and npm tarballs (tar, gzip), verified as they are written.
//!
//! Invariant: only members that were asked for are written, and only to the paths that were asked for; what an archive
//! says about paths decides nothing.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::ModelsError;
use super::disk::{Hashing, make_folder, verify};
use crate::domain::ContentHash;

/// A member, and where it goes.
pub struct Wanted {
    pub member: String,
    pub place: PathBuf,
    pub size: Option<u64>,
    pub sha256: Option<ContentHash>,
}

/// Writes every wanted member of the archive to its place.
///
/// # Errors
/// `Archive` names a member that is missing or unreadable, `Size` or `Hash` one that is not as the manifest says, `Io`
/// where the disk refuses.
pub fn extract(archive: &Path, wanted: &[Wanted]) -> Result<(), ModelsError> {
    if archive.extension().is_some_and(|extension| extension == "tgz") {
        from_tarball(archive, wanted)
    } else {
        from_zip(archive, wanted)
    }
}

fn unreadable(archive: &Path, member: &str, what: impl ToString) -> ModelsError {
    let archive = archive.file_name().unwrap_or(archive.as_os_str()).to_string_lossy().into_owned();
    ModelsError::Archive { archive, member: member.to_owned(), what: what.to_string() }
}

fn from_zip(archive: &Path, wanted: &[Wanted]) -> Result<(), ModelsError> {
    let file = File::open(archive).map_err(ModelsError::io("cannot open", archive))?;
    let first = wanted.first().map_or("", |wanted| &wanted.member);
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(archive, first, error))?;
    for wanted in wanted {
        let member = zip.by_name(&wanted.member).map_err(|error| unreadable(archive, &wanted.member, error))?;
        write_member(archive, member, wanted)?;
    }
    Ok(())
}

fn from_tarball(archive: &Path, wanted: &[Wanted]) -> Result<(), ModelsError> {
    let file = File::open(archive).map_err(ModelsError::io("cannot open", archive))?;
    let mut missing: HashMap<&str, &Wanted> = wanted.iter().map(|wanted| (wanted.member.as_str(), wanted)).collect();
    let mut tar = tar::Archive::new(GzDecoder::new(BufReader::new(file)));
    let broken = |error: io::Error| unreadable(archive, wanted.first().map_or("", |wanted| &wanted.member), error);
    for entry in tar.entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let Some(wanted) = entry.path().ok().and_then(|path| missing.remove(path.to_str()?)) else { continue };
        write_member(archive, entry, wanted)?;
        if missing.is_empty() {
            return Ok(());
        }
    }
    missing.keys().min().map_or(Ok(()), |member| Err(unreadable(archive, member, "it is not there")))
}

fn write_member(archive: &Path, mut member: impl Read, wanted: &Wanted) -> Result<(), ModelsError> {
    if let Some(folder) = wanted.place.parent() {
        make_folder(folder)?;
    }
    let refused = |source| ModelsError::io("cannot write", &wanted.place)(source);
    let mut writer = Hashing::new(BufWriter::new(File::create(&wanted.place).map_err(refused)?));
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = member.read(&mut buffer).map_err(|error| unreadable(archive, &wanted.member, error))?;
        if read == 0 {
            break;
        }
        writer.write_all(&buffer[..read]).map_err(refused)?;
    }
    writer.flush().map_err(refused)?;
    let (_, size, sum) = writer.finish();
    verify(&wanted.member, (size, sum), wanted.size, wanted.sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wheel(path: &Path) {
        let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
        zip.start_file("a/b.bin", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"contents").unwrap();
        zip.finish().unwrap();
    }

    fn tarball(path: &Path) {
        let gzip = flate2::write::GzEncoder::new(File::create(path).unwrap(), flate2::Compression::fast());
        let mut tar = tar::Builder::new(gzip);
        let mut header = tar::Header::new_gnu();
        header.set_size(8);
        header.set_mode(0o644);
        tar.append_data(&mut header, "a/b.bin", &b"contents"[..]).unwrap();
        tar.into_inner().unwrap().finish().unwrap();
    }

    fn wanted(member: &str, place: &Path, size: u64) -> Wanted {
        let sha256 = Some(ContentHash::of(b"contents"));
        Wanted { member: member.to_owned(), place: place.to_owned(), size: Some(size), sha256 }
    }

    #[test]
    fn members_come_out_of_both_kinds_and_faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for (name, make) in [("p.whl", wheel as fn(&Path)), ("p.tgz", tarball)] {
            let archive = folder.path().join(name);
            make(&archive);
            let place = folder.path().join(format!("out/{name}/b.bin"));
            extract(&archive, &[wanted("a/b.bin", &place, 8)]).unwrap();
            assert_eq!(std::fs::read(&place).unwrap(), b"contents");

            let missing = extract(&archive, &[wanted("a/c.bin", &place, 8)]).unwrap_err().to_string();
            assert!(missing.contains(name) && missing.contains("a/c.bin"), "{missing}");
            let cut = extract(&archive, &[wanted("a/b.bin", &place, 9)]).unwrap_err().to_string();
            assert!(cut.contains("8 bytes instead of 9"), "{cut}");

            let bytes = std::fs::read(&archive).unwrap();
            std::fs::write(&archive, &bytes[..bytes.len() / 2]).unwrap();
            assert!(matches!(extract(&archive, &[wanted("a/b.bin", &place, 8)]), Err(ModelsError::Archive { .. })));
        }
    }
}
