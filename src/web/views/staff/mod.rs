//! Pages of the workplace: each a typed context and its words beside its template. They work without a script, by
//! keyboard, in Vietnamese and English.

pub mod account;
pub mod audit;
pub mod collection;
pub mod devices;
pub mod entry;
pub mod fields;
pub mod find;
pub mod found;
pub mod frame;
pub mod guide;
pub mod home;
pub mod invitation;
pub mod labels;
pub mod memory;
pub mod moment;
pub mod numbers;
pub mod people;
pub mod person;
pub mod pictures;
pub mod places;
pub mod plans;
pub mod publishing;
pub mod review;
pub mod review_rules;
pub mod reviews;
pub mod says;
pub mod sign_in;
pub mod stop;
pub mod terms;
pub mod tours;
pub mod trouble;
pub mod words;
pub mod work;
