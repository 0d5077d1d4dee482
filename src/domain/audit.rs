//! What people did, as the record keeps it: who, what, to whom, from where.

use serde::{Deserialize, Serialize};

use super::{
    AuditId, ContentHash, Grants, Language, Manner, PersonId, Pronunciation, RecordingId, ReviewRule, Role, Scope,
    SiteId, TermList, TextState, Timestamp,
};

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `None` for the shell, and for somebody who is not signed in.
    pub person: Option<PersonId>,
    /// As it reads in the record, whatever the person is called later.
    pub name: String,
    /// The internet address they came from; empty for the shell.
    pub address: String,
}

impl Actor {
    /// Whoever has a shell on the machine.
    #[must_use]
    pub fn shell() -> Self {
        Self { person: None, name: "shell".to_owned(), address: String::new() }
    }

    /// Whoever has a shell on the machine, by the name they give.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.trim().to_owned(), ..Self::shell() }
    }

    /// Somebody who has not signed in.
    #[must_use]
    pub fn stranger(address: &str) -> Self {
        Self { person: None, name: String::new(), address: address.to_owned() }
    }
}

/// What was done. Its word and its details are stored, so a variant is never renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", content = "detail", rename_all = "kebab-case")]
pub enum Deed {
    PersonAdded {
        grants: Grants,
    },
    SignedIn {
        second_factor: bool,
    },
    SignInRefused {
        reason: Refusal,
    },
    SignedOut,
    SignedOutEverywhere {
        sessions: u64,
    },
    SessionEnded,
    PasswordChanged,
    ProfileChanged,
    SecondFactorSet,
    SecondFactorRemoved,
    RecoveryCodesMade,
    RecoveryCodeUsed {
        left: u64,
    },
    RoleChanged {
        scope: Scope,
        from: Option<Role>,
        to: Option<Role>,
    },
    AccountClosed,
    AccountOpened,
    FirstLinkMade,
    Invited {
        scope: Scope,
        role: Role,
    },
    InvitationWithdrawn,
    InvitationAccepted {
        scope: Scope,
        role: Role,
    },
    TextWritten {
        language: Language,
        state: TextState,
    },
    StopAdded,
    StopChanged,
    CoverChanged,
    DeviceAdded,
    DeviceRevoked,
    DeviceAskedToSync,
    ScreenAdded,
    ScreenChanged,
    ScreenRetired,
    NoticeGiven {
        until: Timestamp,
    },
    NoticeEnded,
    TimetableKept,
    TimetableRemoved,
    LabelsPrinted {
        labels: u64,
        distance: u16,
    },
    CodeRetired,
    CodeUsedAgain,
    GuidePublished {
        language: Language,
        edition: u32,
    },
    PublicationPlanned {
        language: Language,
        edition: u32,
        at: Timestamp,
    },
    PublicationUnplanned {
        language: Language,
    },
    GuideTakenBack {
        language: Language,
    },
    PublishingByHand {
        on: bool,
    },
    SiteAdded,
    SiteChanged,
    RelicAdded,
    RelicChanged,
    TourAdded,
    TourChanged,
    TourRemoved,
    TermKept {
        list: TermList,
    },
    TermMerged {
        list: TermList,
        into: String,
    },
    StopsOrdered,
    PictureAdded,
    PictureChanged,
    PictureRemoved,
    PicturesOrdered,
    PlanAdded,
    PlanChanged,
    PlanRemoved,
    /// `ordinal` counts sentences from 0; `None` is the title.
    SentenceMended {
        language: Language,
        ordinal: Option<u32>,
        from: String,
        to: String,
    },
    FindingWaived {
        language: Language,
        message: String,
        reason: String,
    },
    TextApproved {
        language: Language,
    },
    SentenceApproved {
        language: Language,
        ordinal: Option<u32>,
    },
    /// `None`: the collection's policy holds again.
    ReviewRuleSet {
        language: Language,
        rule: Option<ReviewRule>,
    },
    CommentWritten {
        language: Language,
        ordinal: Option<u32>,
    },
    CommentResolved {
        language: Language,
        ordinal: Option<u32>,
    },
    ClipAccepted {
        language: Language,
        ordinal: u32,
        reason: String,
    },
    WorkRetried {
        language: Language,
    },
    WorkCancelled {
        language: Language,
    },
    /// `ordinal` counts sentences from 0; `None` is the whole guide.
    MannerSet {
        language: Language,
        ordinal: Option<u32>,
        manner: Manner,
    },
    SentenceRemade {
        language: Language,
        ordinal: u32,
    },
    SentenceSpoken {
        language: Language,
        ordinal: u32,
        speaker: String,
    },
    SpokenSentenceTakenBack {
        language: Language,
        ordinal: u32,
    },
    RecordingAdded {
        language: Language,
        speaker: String,
    },
    /// How many of its sentences were read.
    RecordingCorrected {
        sentences: u64,
    },
    PassagesChanged {
        passages: u64,
    },
    NarrationChosen {
        language: Language,
        recording: RecordingId,
    },
    NarrationWithdrawn {
        language: Language,
    },
    /// `None` where the word is said as usual again.
    LexiconChanged {
        language: Language,
        said: Option<Pronunciation>,
    },
    ClipHeld {
        language: Language,
        ordinal: u32,
        reason: String,
    },
}

/// Why nobody was signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    Password,
    Code,
    Closed,
}

/// One row of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: Timestamp,
    pub actor: Actor,
    pub deed: Deed,
    /// The name of what it was done to: a login, the name in an invitation.
    pub subject: String,
    pub site: Option<SiteId>,
    pub hash: ContentHash,
}
