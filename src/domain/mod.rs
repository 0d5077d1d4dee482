//! Plain data, floor 0: what a museum, a guide and a job are. Nothing here reads a file, a clock or a model.

pub mod bundle;
mod clock;
pub mod device;
mod edition;
mod finding;
mod glossary;
mod hash;
mod hearing;
mod ids;
mod job;
mod language;
mod recording;
mod site;
mod text;
mod units;

pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use edition::{AudioFile, AudioFormat, Edition, EditionSentence, TranslationMark, VoiceMark};
pub use finding::{Finding, FindingKind, Span};
pub use glossary::{GlossaryEntry, LexiconEntry, Pronunciation};
pub use hash::{ContentHash, ContentHasher, HashBuilder, HashError};
pub use hearing::{Hearing, HearingFinding, HearingKind, HearingSummary, Listener, Verdict};
pub use ids::{
    DeviceId, EditionId, FindingId, IdError, JobId, RecordingId, RelicId, SentenceId, SiteId, Slug, StopCode, StopId,
    TextId,
};
pub use job::{Job, JobKind, JobState};
pub use language::{Language, LanguageError, Script};
pub use recording::{Passage, RecordedSentence, Recording, RecordingState};
pub use site::{Names, Period, Place, Relic, Site, SourceOfFacts, Stop};
pub use text::{Author, Sentence, Text, TextState};
pub use units::{Hertz, Lufs, Milliseconds};
