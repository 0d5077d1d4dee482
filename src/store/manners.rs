//! How the sentences of a guide are said where they are not said as usual.
//!
//! Invariant: a manner is known by the words it belongs to, so that it stays with them wherever they stand in the text,
//! and is gone with them.

use std::collections::HashMap;

use super::cells::Cells;
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{Actor, Deed, Language, Manner, Milliseconds, Scope, Stop, StopId};

/// The manners of a guide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manners {
    pub guide: Manner,
    /// By the words of the sentence.
    pub sentences: HashMap<String, Manner>,
}

impl Manners {
    /// How a sentence is said: its own manner over that of the guide.
    #[must_use]
    pub fn of(&self, sentence: &str) -> Manner {
        self.sentences.get(sentence).cloned().unwrap_or_default().over(&self.guide)
    }

    /// What was set for the sentence itself.
    #[must_use]
    pub fn own(&self, sentence: &str) -> Manner {
        self.sentences.get(sentence).cloned().unwrap_or_default()
    }
}

const SETTING: &str = "setting how a sentence is said";

impl Store {
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn manners(&self, stop: StopId, language: Language) -> Result<Manners> {
        let rows = sqlx::query("SELECT * FROM manners WHERE stop = ? AND language = ?")
            .bind(stop.0)
            .bind(language.tag())
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading how sentences are said"))?;
        let mut manners = Manners::default();
        for row in &rows {
            let cells = Cells::new("manners", "sentence", row);
            let number = |column| cells.get::<Option<i64>>(column);
            let speed = number("speed")?.map(u16::try_from).transpose();
            let manner = Manner {
                voice: cells.get("voice")?,
                speed: speed.map_err(|error| cells.corrupt("speed", error))?,
                pause: number("pause")?.map(|pause| Milliseconds(pause.unsigned_abs())),
            };
            match cells.get::<String>("sentence")?.as_str() {
                "" => manners.guide = manner,
                sentence => {
                    manners.sentences.insert(sentence.to_owned(), manner);
                }
            }
        }
        Ok(manners)
    }

    /// Sets how a sentence is said, or, without one, the whole guide; the usual manner takes back what was set. `false`
    /// where it was so before.
    ///
    /// # Errors
    /// `Unwritable` for a speed or pause out of bounds; those of the database.
    pub async fn set_manner(
        &self,
        actor: &Actor,
        stop: &Stop,
        language: Language,
        sentence: Option<(u32, &str)>,
        manner: &Manner,
    ) -> Result<bool> {
        if !manner.is_sound() {
            let why = "the speed lies between 50 and 150 percent, the pause below 10 s".to_owned();
            return Err(StoreError::Unwritable { what: "how a sentence is said", why });
        }
        let words = sentence.map_or("", |(_, words)| words);
        let before = self.manners(stop.id, language).await?;
        let before = if words.is_empty() { before.guide } else { before.own(words) };
        if before == *manner {
            return Ok(false);
        }
        let mut tx = self.write(SETTING).await?;
        sqlx::query("DELETE FROM manners WHERE stop = ? AND language = ? AND sentence = ?")
            .bind(stop.id.0)
            .bind(language.tag())
            .bind(words)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(SETTING))?;
        if !manner.is_usual() {
            sqlx::query(
                "INSERT INTO manners (stop, language, sentence, voice, speed, pause, set_by, set_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(stop.id.0)
            .bind(language.tag())
            .bind(words)
            .bind(&manner.voice)
            .bind(manner.speed.map(i64::from))
            .bind(manner.pause.map(|pause| i64::try_from(pause.0).unwrap_or(i64::MAX)))
            .bind(&actor.name)
            .bind(self.now().0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(SETTING))?;
        }
        let ordinal = sentence.map(|(ordinal, _)| ordinal);
        let deed = Deed::MannerSet { language, ordinal, manner: manner.clone() };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(SETTING))?;
        Ok(true)
    }
}
