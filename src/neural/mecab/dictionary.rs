//! The dictionary's folder as mecab wants it: the package has all but the file of settings.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::ENGINE;
use crate::neural::layers::program::Program;
use crate::ports::EngineError;

/// Where packages put the dictionary.
const PLACES: [&str; 3] = [
    "/var/lib/mecab/dic/open-jtalk/naist-jdic",
    "/usr/lib/mecab/dic/open-jtalk/naist-jdic",
    "/usr/share/open-jtalk/dic",
];
const FILES: [&str; 8] =
    ["char.bin", "left-id.def", "matrix.bin", "pos-id.def", "rewrite.def", "right-id.def", "sys.dic", "unk.dic"];
const SETTINGS: &str = "cost-factor = 800\nbos-feature = BOS/EOS,*,*,*,*,*,*,*,*\neval-size = 8\nunk-eval-size = 4\nconfig-charset = UTF-8\n";

/// A folder of links beside our settings; it goes when this goes.
pub(super) struct Dictionary {
    folder: TempDir,
    size: u64,
}

impl Dictionary {
    pub(super) fn find(program: &Program) -> Result<Self, EngineError> {
        let place = PLACES.iter().map(Path::new).find(|place| place.join("sys.dic").is_file());
        let place =
            place.ok_or_else(|| program.unavailable(format!("no Japanese dictionary in {}", PLACES.join(", "))))?;
        let wrong = |error: std::io::Error| EngineError::failed(ENGINE, error);
        let folder = tempfile::Builder::new().prefix("naist-jdic-").tempdir().map_err(wrong)?;
        fs::write(folder.path().join("dicrc"), SETTINGS).map_err(wrong)?;
        for file in FILES.iter().filter(|file| place.join(file).exists()) {
            link(&place.join(file), &folder.path().join(file)).map_err(wrong)?;
        }
        let size = fs::metadata(place.join("sys.dic")).map_err(wrong)?.len();
        Ok(Self { folder, size })
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Tells one release of the dictionary from another.
    pub(super) fn size(&self) -> u64 {
        self.size
    }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::copy(from, to).map(drop)
}
