//! Files at addresses that hold their hash: what never changes, served whole or in parts.

pub mod ranges;
pub mod validators;
