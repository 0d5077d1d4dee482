//! Vehicle positions as they are now, from where their operator puts them: asked for with limits on time and size.

use std::io::Read;
use std::time::Duration;

use super::{LARGEST_POSITIONS, PositionsError};

/// An operator who takes longer is asked again at the next turn.
const PATIENCE: Duration = Duration::from_secs(8);
/// What an address of a file begins with; only whoever has a shell on the machine gives one.
const FILE: &str = "file:";

/// Whether positions can be asked for at this address: `https://...`, `http://...`.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.len() <= 500
        && text.chars().all(|letter| letter.is_ascii_graphic())
}

/// The address of a file on this machine.
#[must_use]
pub fn file_address(path: &std::path::Path) -> String {
    format!("{FILE}{}", path.display())
}

/// Reads a message of positions; blocks until it is there or `PATIENCE` is over.
///
/// # Errors
/// `Unreached`, `Large`.
pub fn fetch(address: &str) -> Result<Vec<u8>, PositionsError> {
    let unreached = |why: String| PositionsError::Unreached { address: address.to_owned(), why };
    if let Some(path) = address.strip_prefix(FILE) {
        return limited(std::fs::File::open(path).map_err(|error| unreached(error.to_string()))?, unreached);
    }
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        // Somebody else's redirect must not lead into the house's own network.
        .max_redirects(0)
        .timeout_global(Some(PATIENCE));
    #[cfg(feature = "tls")]
    let config = config.tls_config(
        ureq::tls::TlsConfig::builder()
            .provider(ureq::tls::TlsProvider::Rustls)
            .root_certs(ureq::tls::RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
            .build(),
    );
    let agent = ureq::Agent::new_with_config(config.build());
    let response = agent.get(address).call().map_err(|error| unreached(error.to_string()))?;
    if response.status().as_u16() != 200 {
        return Err(unreached(format!("it answers {}", response.status().as_u16())));
    }
    limited(response.into_body().into_reader(), unreached)
}

fn limited(from: impl Read, unreached: impl Fn(String) -> PositionsError) -> Result<Vec<u8>, PositionsError> {
    let mut bytes = Vec::new();
    let read = from.take(LARGEST_POSITIONS + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreached(error.to_string()))?;
    if bytes.len() as u64 > LARGEST_POSITIONS { Err(PositionsError::Large) } else { Ok(bytes) }
}
