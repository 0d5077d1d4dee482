//! Where a request comes from, as far as it can be known.
//!
//! `X-Forwarded-For` is written by anybody who likes. It is read from its right end, as long as the hop that added an
//! entry is a proxy the operator named; the first address that is none is where the request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::header::USER_AGENT;
use axum::http::{Extensions, HeaderMap};

use crate::domain::Network;
use crate::people::Visitor;

/// Characters of a browser's own name that are kept.
const LONGEST_AGENT: usize = 200;

/// Who asks. Where the connection's address is not known (no socket), all count as one.
#[must_use]
pub fn visitor(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> Visitor {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let address = peer.map(|peer| farthest(peer, headers, trusted));
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Visitor {
        address: address.map(|address| address.to_string()).unwrap_or_default(),
        network: address.map(|address| network(address).to_string()).unwrap_or_default(),
        agent: agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect(),
    }
}

fn farthest(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    let hops: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut address = peer.to_canonical();
    for hop in hops.into_iter().rev() {
        if !trusted.iter().any(|network| network.holds(address)) {
            break;
        }
        // What cannot be read was not written by a proxy that is worth its trust.
        let Some(next) = read(hop) else { break };
        address = next;
    }
    address
}

/// An address, with or without a port.
fn read(hop: &str) -> Option<IpAddr> {
    let plain = hop.parse::<IpAddr>().ok();
    plain.or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip())).map(|address| address.to_canonical())
}

/// One household has a /64 of IPv6 (RFC 6177), and could take another address for every try.
fn network(address: IpAddr) -> Network {
    Network::around(address, if address.is_ipv4() { 32 } else { 64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn from(peer: &str, forwarded: &[&str], trusted: &[&str]) -> Visitor {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1234)));
        let headers =
            forwarded.iter().map(|line| ("x-forwarded-for".parse().unwrap(), line.parse().unwrap())).collect();
        let trusted: Vec<Network> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        visitor(&extensions, &headers, &trusted)
    }

    #[test]
    fn the_rightmost_hop_that_is_no_proxy_of_ours_is_the_visitor() {
        for (peer, forwarded, expected) in [
            ("203.0.113.7", &[][..], "203.0.113.7"),
            ("203.0.113.7", &["198.51.100.1"], "203.0.113.7"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.3"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.1", "10.0.0.3"], "198.51.100.1"),
            ("127.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("127.0.0.1", &["nonsense"], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1, nonsense, 10.0.0.3"], "10.0.0.3"),
            ("::ffff:127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
        ] {
            assert_eq!(from(peer, forwarded, &["127.0.0.1", "10.0.0.0/8"]).address, expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn a_household_of_ipv6_is_counted_as_one() {
        let (one, other) = (from("2001:db8:1:2::3", &[], &[]), from("2001:db8:1:2:ffff::9", &[], &[]));
        assert!(one.network == other.network && one.address != other.address);
        assert_ne!(from("2001:db8:1:3::3", &[], &[]).network, one.network);
        assert_ne!(from("192.0.2.1", &[], &[]).network, from("192.0.2.2", &[], &[]).network);
    }

    proptest! {
        #[test]
        fn any_header_is_survived(line in "[ -~]{0,60}") {
            let visitor = from("127.0.0.1", &[line.as_str()], &["127.0.0.0/8"]);
            prop_assert!(visitor.address.parse::<IpAddr>().is_ok());
        }
    }
}
