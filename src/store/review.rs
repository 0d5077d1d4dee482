//! A reviewer at work on a translation: sentences mended, findings and clips let pass, texts approved.
//!
//! Invariants: what is done and its row in the record are one transaction; a sentence is changed only while it still says
//! what the reviewer read, and a text is approved only as the reviewer saw it. What a person wrote goes to the memory too,
//! so that a machine's text that is made again keeps it.

use sqlx::{Sqlite, Transaction};

use super::approval::approve_in;
use super::comments::carry_comments;
use super::findings::{findings_in, place_of, put_check, waive_in};
use super::hearings::accept_in;
use super::marks::{Marked, all_approved, approve_marks, note_writer};
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
        let marked = Marked { text: text.id, sentence: row, source: &check.source, target: &to };
        note_writer(&mut tx, &marked, &actor.name, self.now()).await?;
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

    /// Approves one sentence of a translation, or its title, as it was read; with the last one, the text.
    ///
    /// # Errors
    /// `OpenFindings` where something in it was neither mended nor waived; `Unchecked` where it was never compared with a
    /// source; `Corrupt`; those of the database.
    pub async fn approve_sentence(
        &self,
        actor: &Actor,
        stop: &Stop,
        (language, ordinal): (Language, Option<u32>),
        was: &str,
    ) -> Result<Reviewed> {
        let doing = "approving a sentence";
        let mut tx = self.write(doing).await?;
        let Some((text, sentences)) = text_in(&mut tx, stop, language).await? else {
            return Ok(Reviewed::Changed { now: None });
        };
        let there = match ordinal {
            None => Some((None, text.title.as_str())),
            Some(at) => sentences.get(at as usize).map(|one| (Some(one.id), one.content.as_str())),
        };
        let Some((sentence, now)) = there else { return Ok(Reviewed::Changed { now: None }) };
        if now != was {
            return Ok(Reviewed::Changed { now: Some(now.to_owned()) });
        }
        let check = settled_check(&mut tx, &text, (stop, ordinal), sentence).await?;
        approve_marks(&mut tx, text.id, Some(check), &actor.name, self.now()).await?;
        let (subject, scope) = (stop.slug.as_str(), Scope::Site(stop.site));
        let deed = Deed::SentenceApproved { language, ordinal };
        record(&mut tx, self.now(), actor, &deed, subject, scope).await?;
        if text.state == TextState::Draft && all_approved(&mut tx, text.id).await? {
            approve_in(&mut tx, stop.id, language, &actor.name, self.now()).await?;
            record(&mut tx, self.now(), actor, &Deed::TextApproved { language }, subject, scope).await?;
        }
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(Reviewed::Done)
    }

    /// Approves a text every sentence of which people approved one by one: a machine that made it again may have left it
    /// a draft. `false` where something is left to read or to settle.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn approve_what_was_read(&self, stop: &Stop, language: Language) -> Result<bool> {
        let doing = "approving a text that was read";
        let mut tx = self.write(doing).await?;
        let Some((text, _)) = text_in(&mut tx, stop, language).await? else { return Ok(false) };
        let open = findings_in(&mut tx, text.id).await?.iter().any(|found| found.waiver.is_none());
        if text.state == TextState::Approved || open || !all_approved(&mut tx, text.id).await? {
            return Ok(false);
        }
        let by: String = sqlx::query_scalar(
            "SELECT approved_by FROM sentence_marks WHERE text = ? ORDER BY approved_at DESC LIMIT 1",
        )
        .bind(text.id.0)
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::of(doing))?;
        approve_in(&mut tx, stop.id, language, &by, self.now()).await?;
        tx.commit().await.map_err(StoreError::of(doing))?;
        Ok(true)
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

/// The check of a sentence in which nothing is left open.
async fn settled_check(
    tx: &mut Transaction<'static, Sqlite>,
    text: &Text,
    (stop, ordinal): (&Stop, Option<u32>),
    sentence: Option<SentenceId>,
) -> Result<i64> {
    let language = text.language;
    let check: Option<i64> = sqlx::query_scalar("SELECT id FROM checks WHERE text = ? AND sentence IS ?")
        .bind(text.id.0)
        .bind(sentence.map(|sentence| sentence.0))
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of("approving a sentence"))?;
    let findings = findings_in(tx, text.id).await?;
    let mut open = findings.iter().filter(|found| found.ordinal == ordinal && found.waiver.is_none());
    if let Some(first) = open.next() {
        return Err(StoreError::OpenFindings {
            stop: stop.slug.clone(),
            language,
            place: first.place(),
            finding: first.id,
            message: first.finding.message.clone(),
            more: open.count(),
        });
    }
    let place = place_of(ordinal);
    check.ok_or_else(|| StoreError::Unchecked { stop: stop.slug.clone(), language, place })
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
    // The place is free before it is taken, and the old row goes last: what was said about it moves on.
    let aside = sqlx::query("UPDATE sentences SET ordinal = -1 - ordinal WHERE id = ?").bind(sentence.id.0);
    aside.execute(&mut **tx).await.map_err(&failed)?;
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
    carry_comments(tx, sentence.id, SentenceId(id)).await?;
    let gone = sqlx::query("DELETE FROM sentences WHERE id = ?").bind(sentence.id.0);
    gone.execute(&mut **tx).await.map_err(&failed)?;
    Ok(Some(SentenceId(id)))
}
