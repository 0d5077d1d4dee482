//! Overrides from the environment: one variable for each setting an operator changes from one start to the next.

use std::fmt::Display;
use std::str::FromStr;

use super::{ConfigError, Settings};

const PREFIX: &str = "THUYETMINH_";

pub(super) fn apply(
    settings: &mut Settings,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(), ConfigError> {
    for (variable, value) in environment {
        let Some(name) = variable.strip_prefix(PREFIX) else { continue };
        match name {
            "DATA" => settings.data = value.into(),
            "WEIGHTS" => settings.weights = value.into(),
            "LISTEN" => settings.serve.listen = parse(&variable, &value)?,
            "PUBLIC_URL" => settings.serve.public_url = Some(value),
            "THREADS" => settings.make.threads = parse(&variable, &value)?,
            "MODEL_MIRROR" => settings.models.mirror = Some(value),
            // Read before there are settings: which file they are in.
            "CONFIG" => {}
            _ => {
                let why = "no such setting: use DATA, WEIGHTS, LISTEN, PUBLIC_URL, THREADS, MODEL_MIRROR or CONFIG"
                    .to_owned();
                return Err(ConfigError::Environment { variable, value, why });
            }
        }
    }
    Ok(())
}

fn parse<T: FromStr<Err: Display>>(variable: &str, value: &str) -> Result<T, ConfigError> {
    value.parse().map_err(|error: T::Err| ConfigError::Environment {
        variable: variable.to_owned(),
        value: value.to_owned(),
        why: error.to_string(),
    })
}
