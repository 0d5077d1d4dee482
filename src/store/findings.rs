//! What checks found in translations, and who let it pass.
//!
//! A check says that a sentence of a text was compared with its source, by which rules; findings hang on it. Findings
//! that somebody waived stay, with the waiver beside them; those of a sentence whose words change go with its row.
//!
//! Invariants: a waiver holds for the very same finding in the very same source and translation of one text, and holds
//! again where that comes back; it names who waived and why, and is never removed. A check is written only onto the
//! words it was made for.

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::{Cells, to_json};
use super::marks::lot_in;
use super::{Result, Store, StoreError};
use crate::domain::{ContentHash, Finding, FindingId, HashBuilder, Language, SentenceId, Slug, TextId, Timestamp};

/// That a sentence was compared with its source. What it says is given so that a check never lands on other words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCheck {
    /// `None` for the title of the text.
    pub sentence: Option<SentenceId>,
    pub source_language: Language,
    pub source: String,
    pub target: String,
    /// Over everything but the two sentences that decides what is found.
    pub rules: ContentHash,
    /// What was noticed while the translation was made. It stands among the findings too.
    pub noted: Vec<Finding>,
    pub findings: Vec<Finding>,
}

/// A check as it is kept, without its findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCheck {
    /// `None` for the title of the text.
    pub sentence: Option<SentenceId>,
    pub source_language: Language,
    pub source: String,
    pub target: String,
    pub rules: ContentHash,
    pub noted: Vec<Finding>,
}

/// Who let a finding pass, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Waiver {
    pub by: String,
    pub reason: String,
    pub at: Timestamp,
}

/// A finding with the place it was found in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StoredFinding {
    pub id: FindingId,
    pub stop: Slug,
    pub language: Language,
    /// Of the sentence, from 0; `None` for the title.
    pub ordinal: Option<u32>,
    pub source_language: Language,
    pub source: String,
    pub target: String,
    pub finding: Finding,
    pub found_at: Timestamp,
    pub waiver: Option<Waiver>,
}

impl StoredFinding {
    /// `title` or `sentence 3`, counted from 1.
    #[must_use]
    pub fn place(&self) -> String {
        place_of(self.ordinal)
    }
}

pub(super) fn place_of(ordinal: Option<u32>) -> String {
    ordinal.map_or_else(|| "the title".to_owned(), |ordinal| format!("sentence {}", ordinal + 1))
}

const READING: &str = "reading findings";
const KEEPING: &str = "keeping findings";

const SELECT: &str = "SELECT findings.id, stops.slug AS stop, texts.language, sentences.ordinal,
    checks.source_language, checks.source, checks.target, findings.finding, findings.found_at,
    waivers.waived_by, waivers.reason, waivers.waived_at
    FROM findings JOIN checks ON checks.id = findings.\"check\" JOIN texts ON texts.id = checks.text
    JOIN stops ON stops.id = texts.stop LEFT JOIN sentences ON sentences.id = checks.sentence
    LEFT JOIN waivers ON waivers.text = texts.id AND waivers.key = findings.key";

impl Store {
    /// Keeps checks of a text with what they found, all of them or none. Each takes the place of the one before on its
    /// sentence; findings that are found again keep their numbers. A check for words that stand there no longer is
    /// passed over: whoever changed them has to check again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_checks(&self, text: TextId, checks: &[NewCheck]) -> Result<()> {
        let mut tx = self.write(KEEPING).await?;
        for check in checks {
            if says_so(&mut tx, text, check).await? {
                put_check(&mut tx, text, check, self.now()).await?;
            }
        }
        tx.commit().await.map_err(StoreError::of(KEEPING))
    }

    /// The checks of a text that still stand.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn checks_of(&self, text: TextId) -> Result<Vec<StoredCheck>> {
        let rows = sqlx::query("SELECT * FROM checks WHERE text = ? ORDER BY id")
            .bind(text.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading checks"))?;
        rows.iter().map(check_of).collect()
    }

    /// The findings of a text, waived ones too, in the order of its sentences; the title's first.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn findings_of(&self, text: TextId) -> Result<Vec<StoredFinding>> {
        let mut connection = self.readers.acquire().await.map_err(StoreError::of(READING))?;
        findings_in(&mut connection, text).await
    }

    /// The findings of a stop, or of all stops, in all languages, waived ones too.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn findings(&self, stop: Option<&Slug>) -> Result<Vec<StoredFinding>> {
        let query = format!(
            "{SELECT} WHERE ?1 IS NULL OR stops.slug = ?1
             ORDER BY stops.slug, texts.language, sentences.ordinal, findings.place"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(stop.map(Slug::as_str))
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(finding_of).collect()
    }

    /// Lets a finding pass: from here on it blocks nothing, as long as source, translation and finding stay the same.
    /// The first waiver of a finding stands.
    ///
    /// # Errors
    /// `BadWaiver` without a name or a reason; `Missing` where there is no such finding (any more); those of the database.
    pub async fn waive(&self, finding: FindingId, by: &str, reason: &str) -> Result<()> {
        let doing = "waiving a finding";
        let mut tx = self.write(doing).await?;
        waive_in(&mut tx, finding, by, reason, self.now()).await?;
        tx.commit().await.map_err(StoreError::of(doing))
    }
}

/// `waive` within a transaction that has more to do.
pub(super) async fn waive_in(
    tx: &mut Transaction<'static, Sqlite>,
    finding: FindingId,
    by: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let (by, reason) = (by.trim(), reason.trim());
    if by.is_empty() || reason.is_empty() {
        return Err(StoreError::BadWaiver { finding });
    }
    let failed = StoreError::of("waiving a finding");
    let row = sqlx::query(
        "SELECT findings.id, checks.text, findings.key
         FROM findings JOIN checks ON checks.id = findings.\"check\" WHERE findings.id = ?",
    )
    .bind(finding.0)
    .fetch_optional(&mut **tx)
    .await
    .map_err(&failed)?;
    let Some(row) = row else {
        return Err(StoreError::Gone { what: "finding", name: finding.to_string() });
    };
    let cells = Cells::new("findings", "id", &row);
    sqlx::query(
        "INSERT INTO waivers (text, key, waived_by, reason, waived_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (text, key) DO NOTHING",
    )
    .bind(cells.get::<i64>("text")?)
    .bind(cells.get::<String>("key")?)
    .bind(by)
    .bind(reason)
    .bind(now.0)
    .execute(&mut **tx)
    .await
    .map_err(&failed)?;
    Ok(())
}

/// Over what a waiver holds for.
fn finding_key(check: &NewCheck, finding: &Finding) -> Result<String> {
    let hash = HashBuilder::new("finding 1")
        .with("source", &check.source)
        .with("target", &check.target)
        .with("finding", to_json("a finding", finding)?);
    Ok(hash.finish().to_string())
}

/// Whether the text still says what was checked.
async fn says_so(tx: &mut Transaction<'static, Sqlite>, text: TextId, check: &NewCheck) -> Result<bool> {
    let words: Option<String> = match check.sentence {
        Some(sentence) => sqlx::query_scalar("SELECT content FROM sentences WHERE text = ? AND id = ?")
            .bind(text.0)
            .bind(sentence.0)
            .fetch_optional(&mut **tx)
            .await
            .map_err(StoreError::of(KEEPING))?,
        None => sqlx::query_scalar("SELECT title FROM texts WHERE id = ?")
            .bind(text.0)
            .fetch_optional(&mut **tx)
            .await
            .map_err(StoreError::of(KEEPING))?,
    };
    Ok(words.is_some_and(|words| words == check.target))
}

pub(super) async fn put_check(
    tx: &mut Transaction<'static, Sqlite>,
    text: TextId,
    check: &NewCheck,
    now: Timestamp,
) -> Result<()> {
    let failed = StoreError::of(KEEPING);
    let keys = check.findings.iter().map(|finding| finding_key(check, finding)).collect::<Result<Vec<_>>>()?;
    let id: Option<i64> = sqlx::query_scalar("SELECT id FROM checks WHERE text = ? AND sentence IS ?")
        .bind(text.0)
        .bind(check.sentence.map(|sentence| sentence.0))
        .fetch_optional(&mut **tx)
        .await
        .map_err(&failed)?;
    if let Some(id) = id {
        let known: Vec<String> = sqlx::query_scalar("SELECT key FROM findings WHERE \"check\" = ? ORDER BY place")
            .bind(id)
            .fetch_all(&mut **tx)
            .await
            .map_err(&failed)?;
        if known == keys {
            return renew_check(tx, id, text, check, now).await;
        }
        sqlx::query("DELETE FROM checks WHERE id = ?").bind(id).execute(&mut **tx).await.map_err(&failed)?;
    }
    insert_check(tx, text, check, &keys, now).await
}

/// The same was found again: the findings keep their numbers.
async fn renew_check(
    tx: &mut Transaction<'static, Sqlite>,
    id: i64,
    text: TextId,
    check: &NewCheck,
    now: Timestamp,
) -> Result<()> {
    let lot = lot_in(tx, text, &check.source).await?;
    sqlx::query(
        "UPDATE checks SET source_language = ?, source = ?, target = ?, rules = ?, noted = ?, checked_at = ?, lot = ?
         WHERE id = ?",
    )
    .bind(check.source_language.tag())
    .bind(&check.source)
    .bind(&check.target)
    .bind(check.rules.to_string())
    .bind(to_json("findings", &check.noted)?)
    .bind(now.0)
    .bind(lot)
    .bind(id)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of(KEEPING))?;
    Ok(())
}

async fn insert_check(
    tx: &mut Transaction<'static, Sqlite>,
    text: TextId,
    check: &NewCheck,
    keys: &[String],
    now: Timestamp,
) -> Result<()> {
    let failed = StoreError::of(KEEPING);
    let lot = lot_in(tx, text, &check.source).await?;
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO checks (text, sentence, source_language, source, target, rules, noted, checked_at, lot)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(text.0)
    .bind(check.sentence.map(|sentence| sentence.0))
    .bind(check.source_language.tag())
    .bind(&check.source)
    .bind(&check.target)
    .bind(check.rules.to_string())
    .bind(to_json("findings", &check.noted)?)
    .bind(now.0)
    .bind(lot)
    .fetch_one(&mut **tx)
    .await
    .map_err(&failed)?;
    for (place, (key, finding)) in (0_i64..).zip(keys.iter().zip(&check.findings)) {
        sqlx::query("INSERT INTO findings (\"check\", place, key, finding, found_at) VALUES (?, ?, ?, ?, ?)")
            .bind(id)
            .bind(place)
            .bind(key)
            .bind(to_json("a finding", finding)?)
            .bind(now.0)
            .execute(&mut **tx)
            .await
            .map_err(&failed)?;
    }
    Ok(())
}

pub(super) async fn findings_in(connection: &mut sqlx::SqliteConnection, text: TextId) -> Result<Vec<StoredFinding>> {
    let query = format!("{SELECT} WHERE texts.id = ? ORDER BY sentences.ordinal, findings.place");
    let rows = sqlx::query(sqlx::AssertSqlSafe(query))
        .bind(text.0)
        .fetch_all(connection)
        .await
        .map_err(StoreError::of(READING))?;
    rows.iter().map(finding_of).collect()
}

/// Refuses to let a translation stand approved that has a finding nobody waived, or a sentence nobody compared.
pub(super) async fn refuse_unsettled(tx: &mut Transaction<'static, Sqlite>, text: TextId) -> Result<()> {
    let findings = findings_in(tx, text).await?;
    let open: Vec<&StoredFinding> = findings.iter().filter(|finding| finding.waiver.is_none()).collect();
    if let Some(first) = open.first() {
        return Err(StoreError::OpenFindings {
            stop: first.stop.clone(),
            language: first.language,
            place: first.place(),
            finding: first.id,
            message: first.finding.message.clone(),
            more: open.len() - 1,
        });
    }
    let row = sqlx::query(
        "SELECT sentences.id, stops.slug AS stop, texts.language, sentences.ordinal
         FROM sentences JOIN texts ON texts.id = sentences.text JOIN stops ON stops.id = texts.stop
         LEFT JOIN checks ON checks.sentence = sentences.id
         WHERE texts.id = ? AND checks.id IS NULL ORDER BY sentences.ordinal LIMIT 1",
    )
    .bind(text.0)
    .fetch_optional(&mut **tx)
    .await
    .map_err(StoreError::of(READING))?;
    let Some(row) = row else { return Ok(()) };
    let cells = Cells::new("sentences", "id", &row);
    Err(StoreError::Unchecked {
        stop: cells.parsed("stop")?,
        language: cells.parsed("language")?,
        place: place_of(Some(cells.number("ordinal")?)),
    })
}

fn check_of(row: &SqliteRow) -> Result<StoredCheck> {
    let cells = Cells::new("checks", "id", row);
    Ok(StoredCheck {
        sentence: cells.get::<Option<i64>>("sentence")?.map(SentenceId),
        source_language: cells.parsed("source_language")?,
        source: cells.get("source")?,
        target: cells.get("target")?,
        rules: cells.parsed("rules")?,
        noted: cells.json("noted")?,
    })
}

fn finding_of(row: &SqliteRow) -> Result<StoredFinding> {
    let cells = Cells::new("findings", "id", row);
    let waiver = match cells.get::<Option<String>>("waived_by")? {
        None => None,
        Some(by) => Some(Waiver { by, reason: cells.get("reason")?, at: Timestamp(cells.get("waived_at")?) }),
    };
    let ordinal = cells.get::<Option<i64>>("ordinal")?;
    let ordinal = ordinal.map(u32::try_from).transpose().map_err(|error| cells.corrupt("ordinal", error))?;
    Ok(StoredFinding {
        id: FindingId(cells.get("id")?),
        stop: cells.parsed("stop")?,
        language: cells.parsed("language")?,
        ordinal,
        source_language: cells.parsed("source_language")?,
        source: cells.get("source")?,
        target: cells.get("target")?,
        finding: cells.json("finding")?,
        found_at: Timestamp(cells.get("found_at")?),
        waiver,
    })
}
