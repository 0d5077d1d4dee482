//! Sentences that a person said, each in place of the synthetic voice in one guide.
//!
//! Invariants: a recording of a sentence is known by the words it says, so that other words are never said by it; while
//! its row stands it speaks in the guide, and once its speaker takes it back no edition that holds it is public.

use std::collections::HashMap;

use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::people::record;
use super::{Clip, Result, Store, StoreError};
use crate::domain::{Actor, ContentHash, Deed, Edition, Language, Scope, Stop, StopId, Timestamp};

/// A person's voice for one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenSentence {
    /// The key of its clip.
    pub clip: ContentHash,
    /// The file as it came.
    pub original: ContentHash,
    pub speaker: String,
    pub recorded_by: String,
    pub recorded_at: Timestamp,
}

const KEEPING: &str = "keeping a spoken sentence";
const READING: &str = "reading the sentences that people said";

impl Store {
    /// Lets a person's voice say a sentence of a guide, in place of any other. The clip is known already.
    ///
    /// # Errors
    /// `Nameless` without a speaker; those of the database.
    pub async fn put_spoken_sentence(
        &self,
        actor: &Actor,
        stop: &Stop,
        language: Language,
        (ordinal, sentence): (u32, &str),
        (clip, original): (&Clip, ContentHash),
    ) -> Result<()> {
        if clip.mark.voice.trim().is_empty() {
            return Err(StoreError::Nameless);
        }
        let mut tx = self.write(KEEPING).await?;
        sqlx::query(
            "INSERT OR REPLACE INTO sentence_recordings
             (stop, language, sentence, clip, original, speaker, recorded_by, recorded_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(stop.id.0)
        .bind(language.tag())
        .bind(sentence)
        .bind(clip.key.to_string())
        .bind(original.to_string())
        .bind(&clip.mark.voice)
        .bind(&actor.name)
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(KEEPING))?;
        let deed = Deed::SentenceSpoken { language, ordinal, speaker: clip.mark.voice.clone() };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(KEEPING))
    }

    /// The sentences of a guide that people said, by their words.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn spoken_sentences(&self, stop: StopId, language: Language) -> Result<HashMap<String, SpokenSentence>> {
        let rows = sqlx::query("SELECT * FROM sentence_recordings WHERE stop = ? AND language = ?")
            .bind(stop.0)
            .bind(language.tag())
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let mut found = HashMap::new();
        for row in &rows {
            let cells = Cells::new("sentence_recordings", "sentence", row);
            let spoken = SpokenSentence {
                clip: cells.parsed("clip")?,
                original: cells.parsed("original")?,
                speaker: cells.get("speaker")?,
                recorded_by: cells.get("recorded_by")?,
                recorded_at: Timestamp(cells.get("recorded_at")?),
            };
            found.insert(cells.get("sentence")?, spoken);
        }
        Ok(found)
    }

    /// Takes a person's voice from a sentence, and every edition that holds it from the public. `false` where no person
    /// says it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take_spoken_sentence_back(
        &self,
        actor: &Actor,
        stop: &Stop,
        language: Language,
        (ordinal, sentence): (u32, &str),
    ) -> Result<bool> {
        let doing = "taking a spoken sentence back";
        let mut tx = self.write(doing).await?;
        let clip: Option<String> = sqlx::query_scalar(
            "DELETE FROM sentence_recordings WHERE stop = ? AND language = ? AND sentence = ? RETURNING clip",
        )
        .bind(stop.id.0)
        .bind(language.tag())
        .bind(sentence)
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        let Some(clip) = clip else { return Ok(false) };
        let holding = "IN (SELECT editions.id FROM editions, json_each(editions.frozen, '$.sentences') AS said
             WHERE editions.stop = ?1 AND editions.language = ?2 AND said.value ->> 'clip' = ?3)";
        let unpoint = format!("DELETE FROM current_editions WHERE edition {holding}");
        let withdraw = format!("UPDATE editions SET withdrawn_at = ?4 WHERE withdrawn_at IS NULL AND id {holding}");
        for query in [unpoint, withdraw] {
            let query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(stop.id.0).bind(language.tag()).bind(&clip);
            query.bind(self.now().0).execute(&mut *tx).await.map_err(StoreError::of(doing))?;
        }
        let deed = Deed::SpokenSentenceTakenBack { language, ordinal };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
    }
}

/// Whether every sentence that a person says in an edition is still theirs to be heard.
pub(super) async fn stand_behind(
    tx: &mut Transaction<'static, Sqlite>,
    stop: StopId,
    edition: &Edition,
) -> Result<bool> {
    for said in edition.sentences.iter().filter(|said| said.voice.as_ref().is_some_and(|voice| !voice.synthetic)) {
        let stands: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM sentence_recordings WHERE stop = ? AND language = ? AND sentence = ? AND clip = ?)",
        )
        .bind(stop.0)
        .bind(edition.language.tag())
        .bind(&said.text)
        .bind(said.clip.to_string())
        .fetch_one(&mut **tx)
        .await
        .map_err(StoreError::of("looking who says the sentences"))?;
        if !stands {
            return Ok(false);
        }
    }
    Ok(true)
}
