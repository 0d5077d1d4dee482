//! What visitors and programs ask for over HTTP, floor 5. The web serves editions only.

pub mod files;
pub mod languages;
pub mod routes;
