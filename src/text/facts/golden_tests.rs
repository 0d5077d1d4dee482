//! The golden pairs.
