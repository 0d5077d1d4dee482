//! Plain data, floor 0: what a museum, a guide and a job are. Nothing here reads a file, a clock or a model.

mod audit;
pub mod bundle;
pub mod bus;
mod clock;
pub mod device;
mod edition;
mod finding;
mod glossary;
mod ground;
mod hash;
mod hearing;
mod ids;
mod job;
mod language;
mod listen;
mod manner;
mod network;
mod people;
mod picture;
mod recording;
mod review;
pub mod screen;
mod site;
mod term;
mod text;
mod tour;
mod units;

pub use audit::{Actor, AuditEntry, Deed, Refusal};
pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use edition::{AudioFile, AudioFormat, Edition, EditionSentence, TranslationMark, VoiceMark};
pub use finding::{Finding, FindingKind, Span};
pub use glossary::{GlossaryEntry, LexiconEntry, Pronunciation};
pub use ground::{Ground, GroundError, Lie, Position, Shape, Town};
pub use hash::{ContentHash, ContentHasher, HashBuilder, HashError};
pub use hearing::{Hearing, HearingFinding, HearingKind, HearingSummary, Listener, TimedWord, Verdict};
pub use ids::{
    AuditId, DeviceId, EditionId, FindingId, IdError, InvitationId, JobId, Login, PersonId, PictureId, PlanId,
    RecordingId, RelicId, SentenceId, SessionId, SiteId, Slug, StopCode, StopId, TextId,
};
pub use job::{Job, JobFailure, JobFault, JobKind, JobState};
pub use language::{Language, LanguageError, Script};
pub use listen::{Hour, Listen, ListenSource, ListenSourceError, Moment};
pub use manner::Manner;
pub use network::{Network, NetworkError};
pub use people::{Grant, Grants, Permission, Person, Role, RoleError, Scope};
pub use picture::{Caption, Depicted, Picture, Plan, PlanMark};
pub use recording::{Passage, RecordedSentence, Recording, RecordingState};
pub use review::{LOTS, ReviewRule, SetRule, Share, ShareError, lot};
pub use site::{Names, Period, Place, Relic, Site, SourceOfFacts, Stop};
pub use term::{Term, TermList, TermListError, Years};
pub use text::{Author, Sentence, Text, TextState};
pub use tour::{Tour, TourStop};
pub use units::{Hertz, Lufs, Milliseconds};
