//! Pages: each a typed context beside its template. Templates decide nothing; they show what the context holds.

pub mod api;
pub mod cover;
pub mod gallery;
pub mod home;
pub mod map;
pub mod page;
pub mod plan;
pub mod screen;
pub mod site;
pub mod staff;
pub mod stop;
pub mod strings;
pub mod tour;
pub mod trouble;
pub mod words;
