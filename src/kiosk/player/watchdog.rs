//! What a service manager is told, by systemd's protocol (`sd_notify`): ready, and alive, in a datagram to the socket that
//! the environment names. Without such a socket nothing is told.

use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// A service manager that listens.
#[derive(Debug)]
pub struct Manager {
    socket: UnixDatagram,
    address: SocketAddr,
}

impl Manager {
    /// The manager of `NOTIFY_SOCKET`: a path, or with `@` an abstract name. `None` where it is empty or cannot be used.
    #[must_use]
    pub fn at(name: &str) -> Option<Self> {
        let address = match name.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name),
            None if name.starts_with('/') => SocketAddr::from_pathname(name),
            None => return None,
        };
        Some(Self { socket: UnixDatagram::unbound().ok()?, address: address.ok()? })
    }

    /// `READY=1`, `WATCHDOG=1`, `STOPPING=1`. A manager that went away is no trouble of ours.
    pub fn tell(&self, state: &str) {
        if let Err(error) = self.socket.send_to_addr(state.as_bytes(), &self.address) {
            tracing::debug!(%error, state, "the service manager does not listen");
        }
    }
}

/// How often the manager wants to hear of us, from `WATCHDOG_USEC`: half the time after which it would start us anew.
#[must_use]
pub fn rhythm(microseconds: Option<&str>) -> Option<Duration> {
    let microseconds: u64 = microseconds?.parse().ok()?;
    (microseconds > 0).then(|| Duration::from_micros(microseconds / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manager_hears_what_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let by_path = UnixDatagram::bind(&path).unwrap();
        let name = format!("kiosk-test-{}", std::process::id());
        let by_name = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        for (manager, address) in [(by_path, path.to_str().unwrap().to_owned()), (by_name, format!("@{name}"))] {
            Manager::at(&address).unwrap().tell("READY=1");
            let mut heard = [0; 20];
            let length = manager.recv(&mut heard).unwrap();
            assert_eq!(&heard[..length], b"READY=1");
        }
        assert!(Manager::at("").is_none() && Manager::at("relative").is_none());
    }

    #[test]
    fn the_rhythm_is_half_of_what_the_manager_waits() {
        assert_eq!(rhythm(Some("30000000")), Some(Duration::from_secs(15)));
        for none in [None, Some(""), Some("0"), Some("-1"), Some("x")] {
            assert_eq!(rhythm(none), None);
        }
    }
}
