//! Thuyết Minh: what a museum knows about its sites and relics, turned into spoken guides in many languages.
//!
//! The sources lie on floors, and imports only ever go down; two neighbours on one floor never import each other
//! (`tests/floors.rs` holds this):
//!
//! | floor | folders | what stands there |
//! |---|---|---|
//! | 8 | `fuzzed` | in tests only: every reader of what comes from outside, to be fed with anything |
//! | 7 | `cli` | one file per command |
//! | 6 | `app` | the composition root: settings become parts, parts become state; nothing else reads settings |
//! | 5 | `web`, `worker`, `kiosk` | who asks for work: visitors, jobs, devices |
//! | 4 | `pipeline`, `people` | ingest, translate, speak, check, publish: plain functions over ports; who gets in and who may do what |
//! | 3 | `neural`, `store`, `blobs`, `models` | engines in candle, the database, files by hash, weights by manifest |
//! | 2 | `ports`, `slides` | what an engine can do, as synchronous traits; still pictures of slides |
//! | 1 | `text`, `audio`, `labels`, `config` | words, sound, printed labels and settings, without any engine |
//! | 0 | `domain` | plain data: languages, sites, stops, texts, editions, jobs, the clock |
//!
//! The unit of work is the sentence: its translation and its audio are kept under a hash of everything that made
//! them, so nothing is made twice. What the web serves is an edition, frozen; publishing moves one pointer.

pub mod app;
pub mod audio;
pub mod blobs;
pub mod cli;
pub mod config;
pub mod domain;
#[cfg(any(test, fuzzing))]
pub mod fuzzed;
pub mod kiosk;
pub mod labels;
pub mod models;
pub mod neural;
pub mod people;
pub mod pipeline;
pub mod ports;
pub mod slides;
pub mod store;
pub mod text;
pub mod web;
pub mod worker;
