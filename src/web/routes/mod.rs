//! One file an endpoint: its handler, its error, its tests.

pub mod healthz;
