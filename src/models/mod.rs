//! Weights by manifest, floor 3: fetched, verified, converted once.
