//! Ranges of internet addresses, as an operator names the proxies that are believed.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// An address with the number of leading bits that count (RFC 4632, RFC 4291 section 2.3): `10.0.0.0/8`.
///
/// Invariant: the bits that do not count are zero, and an IPv4 address is never held in its IPv6 form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

/// A text that names no range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address or range of addresses: write it as 127.0.0.1, 10.0.0.0/8 or fd00::/8")]
pub struct NetworkError(pub String);

impl Network {
    /// The range of the first `bits` bits of an address; more bits than it has count as all of them.
    #[must_use]
    pub fn around(address: IpAddr, bits: u8) -> Self {
        let address = address.to_canonical();
        match address {
            IpAddr::V4(v4) => {
                let bits = bits.min(32);
                let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
                Self { base: IpAddr::V4((u32::from(v4) & mask).into()), bits }
            }
            IpAddr::V6(v6) => {
                let bits = bits.min(128);
                let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
                Self { base: IpAddr::V6((u128::from(v6) & mask).into()), bits }
            }
        }
    }

    /// Whether an address lies in the range.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.base.is_ipv4() && Self::around(address, self.bits) == *self
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let bad = || NetworkError(text.chars().take(80).collect());
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => whole,
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= whole).ok_or_else(bad)?,
        };
        let network = Self::around(address, bits);
        // `::ffff:10.0.0.0/104` would silently become another range.
        if network.base.is_ipv4() == address.is_ipv4() { Ok(network) } else { Err(bad()) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_range_holds_its_own_addresses_and_no_others() {
        for (range, inside, outside) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("10.1.2.3/8", "10.255.0.1", "11.0.0.1"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("::1", "::1", "::2"),
            ("fd00::/8", "fdff::1", "fe00::1"),
            ("192.0.2.0/24", "::ffff:192.0.2.7", "::ffff:192.0.3.7"),
        ] {
            let range: Network = range.parse().unwrap();
            assert!(range.holds(inside.parse().unwrap()), "{range} {inside}");
            assert!(!range.holds(outside.parse().unwrap()), "{range} {outside}");
        }
        for bad in ["", "10.0.0.0/33", "::/129", "10.0.0", "10.0.0.0/-1", "10.0.0.0/", "proxy", "::ffff:10.0.0.0/104"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(number: u128, bits in 0u8..=128) {
            let network = Network::around(IpAddr::V6(number.into()), bits);
            prop_assert_eq!(network.to_string().parse::<Network>(), Ok(network));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,30}") {
            let _ = text.parse::<Network>();
        }
    }
}
