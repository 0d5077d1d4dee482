//! Journeys through the whole program, one test binary.
