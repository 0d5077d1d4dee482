//! Settings of the web server.

use std::net::{Ipv4Addr, SocketAddr};

use serde::Deserialize;

use super::ConfigError;
use crate::domain::{Network, NetworkError};

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeSettings {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address visitors use: it goes into QR codes and links, without a slash at its end. Where it is not set, links
    /// take the address a visitor asked for, and the code on the terminal the one listened on.
    pub public_url: Option<String>,
    /// Proxies in front of the program, as addresses or ranges: what they say in `X-Forwarded-For` of who asks is
    /// believed. Tries to sign in are counted by that.
    pub trusted_proxies: Vec<String>,
    /// Seconds that open answers are given to end after a request to stop.
    pub shutdown_seconds: u64,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            trusted_proxies: vec!["127.0.0.1".to_owned(), "::1".to_owned()],
            shutdown_seconds: 20,
        }
    }
}

impl ServeSettings {
    /// The ranges that `trusted_proxies` names.
    ///
    /// # Errors
    /// The first entry that names none.
    pub fn proxies(&self) -> Result<Vec<Network>, ConfigError> {
        let read = |text: &String| {
            let invalid =
                |error: NetworkError| ConfigError::Invalid { key: "serve.trusted_proxies", why: error.to_string() };
            text.parse().map_err(invalid)
        };
        self.trusted_proxies.iter().map(read).collect()
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        self.proxies()?;
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
