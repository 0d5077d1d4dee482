//! Settings of the web server.

use std::net::{Ipv4Addr, SocketAddr};

use serde::Deserialize;

use super::ConfigError;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeSettings {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address visitors use: it goes into QR codes and links, without a slash at its end. Where it is not set, links
    /// take the address a visitor asked for, and the code on the terminal the one listened on.
    pub public_url: Option<String>,
    /// Seconds that open answers are given to end after a request to stop.
    pub shutdown_seconds: u64,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)), public_url: None, shutdown_seconds: 20 }
    }
}

impl ServeSettings {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let invalid = |why: &str| Err(ConfigError::Invalid { key: "serve.public_url", why: why.to_owned() });
        let Some(url) = &self.public_url else { return Ok(()) };
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return invalid("begin it with http:// or https://");
        }
        if url.ends_with('/') {
            return invalid("leave out the slash at its end");
        }
        Ok(())
    }
}
