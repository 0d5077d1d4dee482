//! The way into the workplace at `/staff/` and `/api/v1/staff/`: who comes, from where, and whether they may.
//!
//! A request passes `entrance` first: it learns where the request comes from, refuses changes that another site asked
//! for, finds the session, and on the way out writes problems as pages of the workplace. All addresses but those that
//! sign somebody in then pass `guard`, which lets in only who is signed in. Handlers ask for `May<P>` or `MayAt<P>`.
//!
//! Invariants:
//! - an address is open only where its router says so: what is added later is guarded;
//! - a change that does not come from the house's own pages is refused before anything is read of it;
//! - what somebody wrote is not lost because their session ended: the sign-in carries it on.

mod carried;
mod cookie;
mod entrance;
mod may;
mod origin;
mod sent;
mod visitor;

pub use carried::Carried;
pub use cookie::{forget, give};
pub use entrance::{entrance, guard, sound_page, staff_page};
pub use may::{
    Accounts, Audit, Count, Edit, Given, Label, Manage, May, MayAt, Needs, Nothing, Publish, Review, SPOKEN, See,
    language,
};
pub use origin::plain_http;
pub use sent::Sent;
pub use visitor::visitor;
