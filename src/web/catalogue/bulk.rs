//! One change made to many stops at once, each by its own rules and with its own entry in the record.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::{WORD, tidy};
use super::{Fault, Flaw};
use crate::domain::{Actor, Stop};
use crate::store::{KeptStop, NewStop};
use crate::web::error::Result;
use crate::web::state::State;

/// What is done to each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BulkDeed {
    /// Give it a theme.
    AddTheme,
    /// Take a theme from it.
    RemoveTheme,
    /// Say what it is.
    SetKind,
}

impl BulkDeed {
    /// By the word of a form.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "add-theme" => Some(Self::AddTheme),
            "remove-theme" => Some(Self::RemoveTheme),
            "set-kind" => Some(Self::SetKind),
            _ => None,
        }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct BulkOutcome {
    /// How many are otherwise than before.
    pub changed: usize,
    /// How many were so already.
    pub unchanged: usize,
    /// How many somebody else changed at the same moment: do it again for these.
    pub overtaken: usize,
}

/// The word as it is kept.
///
/// # Errors
/// What is wrong with it.
pub fn word_of(typed: &str) -> std::result::Result<String, Fault> {
    let word = tidy(typed);
    if word.is_empty() {
        return Err(Fault::new("word", Flaw::Missing));
    }
    if word.chars().count() > WORD {
        return Err(Fault::new("word", Flaw::Long(WORD)));
    }
    if word.contains([',', '/', '?', '#', '\n']) {
        return Err(Fault::new("word", Flaw::Word));
    }
    Ok(word)
}

/// Changes each of the stops.
///
/// # Errors
/// Those of the store.
pub async fn change_all(
    state: &State,
    actor: &Actor,
    stops: &[Stop],
    deed: BulkDeed,
    word: &str,
) -> Result<BulkOutcome> {
    let mut outcome = BulkOutcome::default();
    for stop in stops {
        let mut new = NewStop::from(stop.clone());
        match deed {
            BulkDeed::AddTheme if !new.themes.iter().any(|theme| theme == word) => new.themes.push(word.to_owned()),
            BulkDeed::RemoveTheme => new.themes.retain(|theme| theme != word),
            BulkDeed::SetKind => word.clone_into(&mut new.kind),
            BulkDeed::AddTheme => {}
        }
        if new == NewStop::from(stop.clone()) {
            outcome.unchanged += 1;
            continue;
        }
        match state.store.keep_stop(actor, &new, Some(stop)).await? {
            KeptStop::Kept(_) => outcome.changed += 1,
            KeptStop::Overtaken => outcome.overtaken += 1,
        }
    }
    Ok(outcome)
}
