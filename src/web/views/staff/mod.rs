//! Pages of the workplace: each a typed context and its words beside its template. They work without a script, by
//! keyboard, in Vietnamese and English.

pub mod account;
pub mod audit;
pub mod frame;
pub mod home;
pub mod invitation;
pub mod moment;
pub mod people;
pub mod person;
pub mod review;
pub mod reviews;
pub mod says;
pub mod sign_in;
pub mod trouble;
pub mod words;
