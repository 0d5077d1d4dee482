//! Settings, floor 1: `thuyetminh.toml`, overridden by `THUYETMINH_*`. Only `app` reads them.
//!
//! Every setting has a default, so a museum may start without a file. An unknown key is an error that names it: a
//! misspelt setting never passes for a default.

mod environment;
mod make;
mod models;
mod serve;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use make::MakeSettings;
pub use models::ModelSettings;
pub use serve::ServeSettings;

/// The file looked for in the working folder.
pub const FILE: &str = "thuyetminh.toml";

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Parse { path: PathBuf, source: toml::de::Error },
    #[error("{variable}: `{value}` does not fit: {why}")]
    Environment { variable: String, value: String, why: String },
    #[error("setting `{key}`: {why}")]
    Invalid { key: &'static str, why: String },
}

/// Everything an operator may set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the database and the blobs lie.
    pub data: PathBuf,
    /// Where the weights lie.
    pub weights: PathBuf,
    pub serve: ServeSettings,
    pub make: MakeSettings,
    pub models: ModelSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            weights: PathBuf::from("models/weights"),
            serve: ServeSettings::default(),
            make: MakeSettings::default(),
            models: ModelSettings::default(),
        }
    }
}

impl Settings {
    /// Reads `file` if it is there (it must be, when `required`), then the environment's overrides.
    ///
    /// # Errors
    /// An unreadable file, an unknown key, or a value that cannot be.
    pub fn load(
        file: &Path,
        required: bool,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !required => String::new(),
            Err(source) => return Err(ConfigError::Read { path: file.to_owned(), source }),
        };
        let parse = |source| ConfigError::Parse { path: file.to_owned(), source };
        let mut settings: Self = toml::from_str(&text).map_err(parse)?;
        environment::apply(&mut settings, environment)?;
        settings.serve.validate()?;
        settings.make.validate()?;
        settings.models.validate()?;
        Ok(settings)
    }

    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join("thuyetminh.db")
    }

    /// The keys that sign what devices play.
    #[must_use]
    pub fn kiosk_keys(&self) -> PathBuf {
        self.data.join("kiosk.key")
    }

    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.data.join("blobs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        fs::write(&file, text).unwrap();
        Settings::load(&file, true, environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn no_file_gives_the_defaults() {
        let settings = Settings::load(Path::new("not-there.toml"), false, std::iter::empty()).unwrap();
        assert_eq!(settings, Settings::default());
        assert!(Settings::load(Path::new("not-there.toml"), true, std::iter::empty()).is_err());
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let text = "data = '/srv/a'\n[serve]\nlisten = '0.0.0.0:80'\n[make.voices]\nen = 'bm_george'\n";
        let settings = load(text, &[("THUYETMINH_DATA", "/srv/b"), ("PATH", "/bin")]).unwrap();
        assert_eq!(settings.data, PathBuf::from("/srv/b"));
        assert_eq!(settings.serve.listen.port(), 80);
        assert_eq!(settings.make.voices.get("en").map(String::as_str), Some("bm_george"));
        assert_eq!(settings.make.voices.get("fr").map(String::as_str), Some("ff_siwis"), "the other voices stay");
    }

    #[test]
    fn mistakes_are_named() {
        for (text, environment, expected) in [
            ("dta = 'x'", &[][..], "unknown field `dta`"),
            ("[serve]\nlisten = 'here'", &[], "listen"),
            ("[make]\nthreads = 0", &[], "make.threads"),
            ("[make.voices]\nxx = 'a'", &[], "`xx`"),
            ("[serve]\npublic_url = 'guide.example'", &[], "serve.public_url"),
            ("[serve]\ntrusted_proxies = ['proxy']", &[], "serve.trusted_proxies"),
            ("[models]\nmirror = 'mirror.example'", &[], "models.mirror"),
            ("[models]\nmirrors = ''", &[], "mirrors"),
            ("", &[("THUYETMINH_MODEL_MIRROR", "ftp://mirror.example")], "models.mirror"),
            ("", &[("THUYETMINH_THREADS", "many")], "THUYETMINH_THREADS"),
            ("", &[("THUYETMINH_DTA", "x")], "THUYETMINH_DTA"),
        ] {
            let error = load(text, environment).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
