//! Spoken sentences: which WAV (a blob) was made under which key. The WAV itself lies with the blobs; a clip is
//! written here only after its blob is on the disk.

use super::cells::{Cells, to_json};
use super::{Result, Store, StoreError};
use crate::domain::{ContentHash, Hertz, Milliseconds, Timestamp, VoiceMark};

/// One sentence, spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    /// Over everything that made the sound: spoken text, engine, voice, settings.
    pub key: ContentHash,
    /// The WAV, by the hash of its bytes.
    pub blob: ContentHash,
    pub rate: Hertz,
    /// Length in samples of one channel.
    pub samples: u64,
    pub mark: VoiceMark,
    /// Which attempt at the sentence this is: 0, and more where earlier ones did not say it well.
    pub take: u8,
    /// Set by the store when the clip is put; what is given is not looked at.
    pub made_at: Timestamp,
}

impl Clip {
    #[must_use]
    pub fn duration(&self) -> Milliseconds {
        self.rate.duration(usize::try_from(self.samples).unwrap_or(usize::MAX))
    }
}

impl Store {
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn clip(&self, key: ContentHash) -> Result<Option<Clip>> {
        let row = sqlx::query("SELECT * FROM clips WHERE key = ?")
            .bind(key.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(StoreError::of("reading a clip"))?;
        let Some(row) = row else { return Ok(None) };
        let cells = Cells::new("clips", "key", &row);
        Ok(Some(Clip {
            key: cells.parsed("key")?,
            blob: cells.parsed("blob")?,
            rate: Hertz(cells.number("rate")?),
            samples: cells.number("samples")?,
            mark: cells.json("mark")?,
            take: cells.number("take")?,
            made_at: Timestamp(cells.get("made_at")?),
        }))
    }

    /// Keeps a clip under its key. A clip made again under the same key takes the place of the one before, whose blob
    /// may have been lost.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_clip(&self, clip: &Clip) -> Result<()> {
        let doing = "keeping a clip";
        let samples = i64::try_from(clip.samples)
            .map_err(|error| StoreError::Unwritable { what: "the length of a clip", why: error.to_string() })?;
        let mut tx = self.write(doing).await?;
        sqlx::query(
            "INSERT OR REPLACE INTO clips (key, blob, rate, samples, mark, take, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(clip.key.to_string())
        .bind(clip.blob.to_string())
        .bind(clip.rate.0)
        .bind(samples)
        .bind(to_json("the mark of a voice", &clip.mark)?)
        .bind(i64::from(clip.take))
        .bind(self.now().0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        tx.commit().await.map_err(StoreError::of(doing))
    }
}
