//! The way to the server: plain requests and answers, as a port, and over HTTP.

use std::io::Read;
use std::time::Duration;

use super::{KioskError, Result};
use crate::domain::device::DeviceToken;

/// An answer whose body is still on its way.
pub struct Reply {
    pub status: u16,
    pub etag: Option<String>,
    pub content_range: Option<String>,
    pub body: Box<dyn Read + Send>,
}

/// Header fields of a request.
pub type Fields<'a> = &'a [(&'static str, String)];

/// A server that can be asked.
pub trait Link {
    /// # Errors
    /// `Network` where no answer came at all; every status is an answer.
    fn get(&self, path: &str, fields: Fields<'_>) -> Result<Reply>;
    /// Sends JSON.
    ///
    /// # Errors
    /// As of `get`.
    fn post(&self, path: &str, json: &[u8]) -> Result<Reply>;
}

/// Answers past this are not read: a manifest of ten thousand files fits four times over.
const LARGEST_ANSWER: u64 = 32 << 20;

impl Reply {
    /// The whole body of an answer that is no file.
    ///
    /// # Errors
    /// `Network` where it breaks off.
    pub fn bytes(self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.body.take(LARGEST_ANSWER).read_to_end(&mut bytes);
        read.map_err(|error| KioskError::Network(error.to_string()))?;
        Ok(bytes)
    }

    /// What stands for a status that was not hoped for: problem details (RFC 9457) are quoted.
    #[must_use]
    pub fn refusal(self) -> KioskError {
        let status = self.status;
        if status == 401 {
            return KioskError::Revoked;
        }
        let bytes = self.bytes().unwrap_or_default();
        let problem: Option<serde_json::Value> = serde_json::from_slice(&bytes).ok();
        let detail = problem.as_ref().and_then(|problem| problem.get("detail")?.as_str()).unwrap_or("no reason given");
        KioskError::Refused { status, detail: detail.chars().take(200).collect() }
    }
}

/// HTTP, or HTTPS where this program was built with `tls`.
pub struct Http {
    agent: ureq::Agent,
    server: String,
    token: Option<DeviceToken>,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Http {
    /// `patience` is how long a connection may be made and an answer may begin; a file that takes longer than twenty
    /// times that is asked for again from where it stopped.
    ///
    /// # Errors
    /// `Answer` for an address that is none.
    pub fn new(server: &str, token: Option<DeviceToken>, patience: Duration) -> Result<Self> {
        let server = server.trim_end_matches('/').to_owned();
        let secure = server.starts_with("https://");
        if !secure && !server.starts_with("http://") {
            return Err(KioskError::Answer(format!("`{server}` is no address: begin it with https:// or http://")));
        }
        if secure && !cfg!(feature = "tls") {
            return Err(KioskError::Answer("this program was built without `tls`: use one that was not".to_owned()));
        }
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A redirect would send the token to somebody else.
            .max_redirects(0)
            .timeout_connect(Some(patience))
            .timeout_send_request(Some(patience))
            .timeout_send_body(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_recv_body(Some(patience * 20))
            .user_agent(super::CLIENT_NAME);
        #[cfg(feature = "tls")]
        let config = config.tls_config(
            ureq::tls::TlsConfig::builder()
                .provider(ureq::tls::TlsProvider::Rustls)
                .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                .unversioned_rustls_crypto_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
                .build(),
        );
        Ok(Self { agent: ureq::Agent::new_with_config(config.build()), server, token })
    }

    fn reply(sent: std::result::Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Reply> {
        let response = sent.map_err(|error| KioskError::Network(error.to_string()))?;
        let field = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (etag, content_range) = (field("etag"), field("content-range"));
        let status = response.status().as_u16();
        Ok(Reply { status, etag, content_range, body: Box::new(response.into_body().into_reader()) })
    }
}

impl Link for Http {
    fn get(&self, path: &str, fields: Fields<'_>) -> Result<Reply> {
        let mut request = self.agent.get(format!("{}{path}", self.server));
        for (name, value) in fields {
            request = request.header(*name, value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {}", token.as_str()));
        }
        Self::reply(request.call())
    }

    fn post(&self, path: &str, json: &[u8]) -> Result<Reply> {
        let mut request = self.agent.post(format!("{}{path}", self.server)).header("content-type", "application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {}", token.as_str()));
        }
        Self::reply(request.send(json))
    }
}
