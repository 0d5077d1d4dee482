//! One reader of what comes from outside, fed by libFuzzer: the one that `FUZZ_TARGET` names, of `thuyetminh::fuzzed`.
//!
//! One program for all of them: linking it takes longer than most of them need to find something.

#![no_main]

use std::sync::OnceLock;

use thuyetminh::fuzzed::{TARGETS, Target};

static TARGET: OnceLock<Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        let found = TARGETS.iter().find(|(known, _)| *known == name);
        let names: Vec<&str> = TARGETS.iter().map(|(known, _)| *known).collect();
        let (_, target) = found.unwrap_or_else(|| panic!("FUZZ_TARGET is `{name}`: give one of {}", names.join(", ")));
        TARGET.get_or_init(|| *target);
    },
    |bytes: &[u8]| {
        if let Some(target) = TARGET.get() {
            target(bytes);
        }
    }
);
