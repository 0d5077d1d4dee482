//! Settings of the models: where they come from, which are preferred, which terms are accepted.

use serde::Deserialize;

use super::ConfigError;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelSettings {
    /// The address of a mirror that holds a folder for each model, as a folder of weights does. Files of the models' hub
    /// and of Firefox are then fetched from there.
    pub mirror: Option<String>,
    /// Translation models by name or kind, the preferred ones first; those that are not named follow in the usual order.
    pub prefer: Vec<String>,
    /// Words of the licences that are accepted though they are not everybody's.
    pub accepted_licences: Vec<String>,
}

impl ModelSettings {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let Some(mirror) = &self.mirror else { return Ok(()) };
        if mirror.starts_with("https://") || mirror.starts_with("http://") || mirror.starts_with("file:///") {
            return Ok(());
        }
        let why = "begin it with https://, http:// or file:///".to_owned();
        Err(ConfigError::Invalid { key: "models.mirror", why })
    }
}
