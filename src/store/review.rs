//! A reviewer at work on a translation: sentences mended, findings and clips let pass, texts approved.
//!
//! Invariants: what is done and its row in the record are one transaction; a sentence is changed only while it still says
//! what the reviewer read, and a text is approved only as the reviewer saw it. What a person wrote goes to the memory too,
//! so that a machine's text that is made again keeps it.

use sqlx::{Sqlite, Transaction};

use super::approval::approve_in;
use super::findings::{put_check, waive_in};
use super::hearings::accept_in;
use super::memory::{remember_in, tidy};
use super::people::record;
use super::texts::{sentences_in, text_of};
use super::{Context, NewCheck, NewSegment, Origin, Result, Store, StoreError, StoredFinding, text_hash};
use crate::domain::{
    Actor, Author, ContentHash, Deed, FindingId, Language, Scope, Sentence, SentenceId, Stop, Text, TextState,
};

const MENDING: &str = "mending a sentence";

/// A sentence as a reviewer read it and as it shall be.
#[derive(Clone, Debug)]
pub struct Mending {
    pub language: Language,
    /// From 0; `None` for the title.
    pub ordinal: Option<u32>,
    pub was: String,
    /// What the new words were compared with and what was found; its `target` is the new words.
    pub check: NewCheck,
}

/// What became of what a reviewer asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reviewed {
    Done,
    /// Somebody changed it meanwhile: nothing was written.
    Changed {
        /// What stands there now; `None` where the sentence is gone, or where it is a whole text.
        now: Option<String>,
    },
}

impl Store {
    /// Gives a sentence other words, in a person's name: the text is a draft again.
    ///
    /// # Errors
    /// `BadText` for empty words; `BadSegment`; `Corrupt`; those of the database.
    pub async fn mend(&self, actor: &Actor, stop: &Stop, mending: &Mending) -> Result<Reviewed> {
        let to = tidy(&mending.check.target);
        if to.is_empty() {
            let why = "a sentence is empty";
            return Err(StoreError::BadText { stop: stop.slug.to_string(), language: mending.language, why });
        }
        let mut tx = self.write(MENDING).await?;
        let Some((text, sentences)) = text_in(&mut tx, stop, mending.language).await? else {
            return Ok(Reviewed::Changed { now: None });
        };
        let there = match mending.ordinal {
            None => Some((None, text.title.as_str())),
            Some(at) => sentences.get(at as usize).map(|one| (Some(one), one.content.as_str())),
        };
        let Some((sentence, now)) = there else { return Ok(Reviewed::Changed { now: None }) };
        if now != mending.was {
            return Ok(Reviewed::Changed { now: Some(now.to_owned()) });
        }
        if to == now {
            return Ok(Reviewed::Done);
        }
        let context = context_of(&mut tx, &text, mending.ordinal).await?;
        let row = replace(&mut tx, &text, sentence, &to).await?;
        sqlx::query("UPDATE texts SET state = 'draft', approved_by = NULL, changed_at = ? WHERE id = ?")
            .bind(self.now().0)
            .bind(text.id.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::of(MENDING))?;
        let check = NewCheck { sentence: row, target: to.clone(), ..mending.check.clone() };
        put_check(&mut tx, text.id, &check, self.now()).await?;
        let segment = NewSegment {
            from: check.source_language,
            to: mending.language,
            source: check.source.clone(),
            target: to.clone(),
            context,
            author: Author::Person { name: actor.name.clone() },
            state: TextState::Draft,
            approved_by: None,
            origin: Origin::Stop { stop: stop.slug.clone(), ordinal: mending.ordinal },
            made_at: None,
            changed_at: None,
        };
        remember_in(&mut tx, &[segment], self.now()).await?;
        let (language, ordinal) = (mending.language, mending.ordinal);
        let deed = Deed::SentenceMended { language, ordinal, from: mending.was.clone(), to };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(MENDING))?;
        Ok(Reviewed::Done)
    }

    /// Lets a finding of a stop's text pass.
    ///
    /// # Errors
    /// Those of `waive`.
    pub async fn review_waive(&self, actor: &Actor, stop: &Stop, found: &StoredFinding, reason: &str) -> Result<()> {
        let doing = "waiving a finding";
        let mut tx = self.write(doing).await?;
        let id: FindingId = found.id;
        waive_in(&mut tx, id, &actor.name, reason, self.now()).await?;
        let message = found.finding.message.clone();
        let deed = Deed::FindingWaived { language: found.language, message, reason: reason.trim().to_owned() };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }

    /// Approves a text as it was `seen`: by its `text_hash`.
    ///
    /// # Errors
    /// Those of `approve`.
    pub async fn review_approve(
        &self,
        actor: &Actor,
        stop: &Stop,
        language: Language,
        seen: ContentHash,
    ) -> Result<Reviewed> {
        let doing = "approving a text";
        let mut tx = self.write(doing).await?;
        let there = text_in(&mut tx, stop, language).await?;
        let Some((text, sentences)) = there else { return Ok(Reviewed::Changed { now: None }) };
        let contents = sentences.iter().map(|sentence| (sentence.paragraph, sentence.content.as_str()));
        if text_hash(language, &text.title, contents) != seen {
            return Ok(Reviewed::Changed { now: None });
        }
        approve_in(&mut tx, stop.id, language, &actor.name, self.now()).await?;
        let deed = Deed::TextApproved { language };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(Reviewed::Done)
    }

    /// Lets a clip of a stop's guide pass; `clip` numbers it among the guide's hearings.
    ///
    /// # Errors
    /// Those of `accept_clip`.
    pub async fn review_accept(
        &self,
        actor: &Actor,
        stop: &Stop,
        (language, ordinal): (Language, u32),
        clip: i64,
        reason: &str,
    ) -> Result<()> {
        let doing = "letting a clip pass";
        let mut tx = self.write(doing).await?;
        accept_in(&mut tx, clip, &actor.name, reason, self.now()).await?;
        let deed = Deed::ClipAccepted { language, ordinal, reason: reason.trim().to_owned() };
        record(&mut tx, self.now(), actor, &deed, stop.slug.as_str(), Scope::Site(stop.site)).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }
}

async fn text_in(
    tx: &mut Transaction<'static, Sqlite>,
    stop: &Stop,
    language: Language,
) -> Result<Option<(Text, Vec<Sentence>)>> {
    let row = sqlx::query("SELECT * FROM texts WHERE stop = ? AND language = ?")
        .bind(stop.id.0)
        .bind(language.tag())
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(MENDING))?;
    let Some(text) = row.as_ref().map(text_of).transpose()? else { return Ok(None) };
    let sentences = sentences_in(tx, text.id).await?;
    Ok(Some((text, sentences)))
}

/// The sources of the sentences around, as far as they were compared. A title has none around it.
async fn context_of(tx: &mut Transaction<'static, Sqlite>, text: &Text, ordinal: Option<u32>) -> Result<Context> {
    let Some(at) = ordinal.map(i64::from) else { return Ok(Context::default()) };
    let around: Vec<(i64, String)> = sqlx::query_as(
        "SELECT sentences.ordinal, checks.source FROM checks JOIN sentences ON sentences.id = checks.sentence
         WHERE sentences.text = ?1 AND sentences.ordinal IN (?2 - 1, ?2 + 1)",
    )
    .bind(text.id.0)
    .bind(at)
    .fetch_all(&mut **tx)
    .await
    .map_err(StoreError::of(MENDING))?;
    let find = |wanted: i64| around.iter().find(|(ordinal, _)| *ordinal == wanted).map(|(_, source)| source.clone());
    Ok(Context { previous: find(at - 1), next: find(at + 1) })
}

/// Other words are another row, so that nothing that hung on the old ones hangs on them. The new row's number; `None`
/// for the title.
async fn replace(
    tx: &mut Transaction<'static, Sqlite>,
    text: &Text,
    sentence: Option<&Sentence>,
    to: &str,
) -> Result<Option<SentenceId>> {
    let failed = StoreError::of(MENDING);
    let Some(sentence) = sentence else {
        sqlx::query("DELETE FROM checks WHERE text = ? AND sentence IS NULL")
            .bind(text.id.0)
            .execute(&mut **tx)
            .await
            .map_err(&failed)?;
        let title = sqlx::query("UPDATE texts SET title = ? WHERE id = ?").bind(to).bind(text.id.0);
        title.execute(&mut **tx).await.map_err(&failed)?;
        return Ok(None);
    };
    let gone = sqlx::query("DELETE FROM sentences WHERE id = ?").bind(sentence.id.0);
    gone.execute(&mut **tx).await.map_err(&failed)?;
    let id = sqlx::query_scalar(
        "INSERT INTO sentences (text, ordinal, paragraph, content) VALUES (?, ?, ?, ?) RETURNING id",
    )
    .bind(text.id.0)
    .bind(sentence.ordinal)
    .bind(sentence.paragraph)
    .bind(to)
    .fetch_one(&mut **tx)
    .await
    .map_err(&failed)?;
    Ok(Some(SentenceId(id)))
}
