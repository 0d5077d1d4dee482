//! Time-based one-time passwords, RFC 6238 over RFC 4226: SHA-1, six digits, steps of 30 seconds, which is what the
//! programs on people's phones speak.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::domain::Timestamp;

/// 160 bits, as RFC 4226 section 4 (R6) recommends.
pub const SECRET_BYTES: usize = 20;
const STEP_MILLIS: i64 = 30_000;
const DIGITS: usize = 6;

/// How many steps a device's clock may be off, before and after.
const SLACK: i64 = 1;

/// The step a moment lies in.
#[must_use]
pub fn step(at: Timestamp) -> i64 {
    at.0.div_euclid(STEP_MILLIS)
}

/// The code of a step (RFC 4226 section 5.3), with its leading zeros.
#[must_use]
pub fn code(secret: &[u8], step: i64) -> String {
    let number = truncated(secret, step) % 10u32.pow(DIGITS as u32);
    format!("{number:0DIGITS$}")
}

fn truncated(secret: &[u8], step: i64) -> u32 {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return 0 };
    mac.update(&step.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    let offset = usize::from(sum.last().copied().unwrap_or(0) & 0xf);
    let word = sum.iter().skip(offset).take(4).fold(0u32, |word, byte| word << 8 | u32::from(*byte));
    word & 0x7fff_ffff
}

/// The step whose code this is, within the slack of a device's clock. What is typed may hold spaces.
#[must_use]
pub fn step_of(secret: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let here = step(now);
    // Every step is computed and compared whole, whichever fits: the time taken tells nothing.
    let fitting: Vec<i64> = (here - SLACK..=here + SLACK).filter(|step| same(&code(secret, *step), &typed)).collect();
    fitting.into_iter().max()
}

fn same(one: &str, other: &str) -> bool {
    let differing = one.bytes().zip(other.bytes()).fold(0, |found, (a, b)| found | (a ^ b));
    one.len() == other.len() && differing == 0
}

/// Base 32 of RFC 4648 without padding, as people type it where they cannot scan.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

/// The address a device reads from a QR code (the Key Uri Format of Google Authenticator).
#[must_use]
pub fn uri(secret: &[u8], house: &str, login: &str) -> String {
    let (house, login) = (percent(house), percent(login));
    format!("otpauth://totp/{house}:{login}?secret={}&issuer={house}", base32(secret))
}

/// Percent-encoding of everything but the unreserved characters of RFC 3986.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_rfc_4226_appendix_d() {
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, expected) in expected.into_iter().enumerate() {
            assert_eq!(code(SECRET, counter as i64), expected);
        }
        assert_eq!(truncated(SECRET, 0), 1_284_755_224);
        assert_eq!(truncated(SECRET, 9), 645_520_489);
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        for (seconds, eight_digits) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            let step = step(Timestamp(seconds * 1000));
            assert_eq!(truncated(SECRET, step) % 100_000_000, eight_digits, "{seconds}");
            assert_eq!(code(SECRET, step), format!("{:06}", eight_digits % 1_000_000), "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let now = Timestamp(1_111_111_111_000);
        let here = step(now);
        for off in -1..=1 {
            let typed = code(SECRET, here + off);
            assert_eq!(step_of(SECRET, &format!(" {} {} ", &typed[..3], &typed[3..]), now), Some(here + off));
        }
        for off in [-2, 2] {
            assert_eq!(step_of(SECRET, &code(SECRET, here + off), now), None);
        }
        for bad in ["", "00000", "0000000", "chín số"] {
            assert_eq!(step_of(SECRET, bad, now), None, "{bad}");
        }
    }

    #[test]
    fn base_32_is_that_of_rfc_4648_section_10() {
        for (plain, expected) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), expected);
        }
        let uri = uri(b"foobar", "Bảo tàng & A", "lan@museum.vn");
        assert_eq!(
            uri,
            "otpauth://totp/B%E1%BA%A3o%20t%C3%A0ng%20%26%20A:lan%40museum.vn?secret=MZXW6YTBOI&issuer=B%E1%BA%A3o%20t%C3%A0ng%20%26%20A"
        );
    }

    proptest! {
        #[test]
        fn a_code_has_six_digits_and_nothing_typed_panics(secret: Vec<u8>, step: i64, typed in "\\PC{0,12}") {
            let code = code(&secret, step);
            prop_assert!(code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_digit()));
            let _ = step_of(&secret, &typed, Timestamp(1_700_000_000_000));
        }
    }
}
