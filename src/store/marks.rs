//! Who wrote and who approved each sentence of a translation, how much of it must be read, and how much of that is left.
//!
//! Invariants: a mark holds for the very words it was made on, beside the very source, and for nothing else; the lot of a
//! sentence is drawn with its check and never again.

use std::sync::LazyLock;

use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use super::cells::Cells;
use super::people::record;
use super::{Result, Store, StoreError};
use crate::domain::{
    Actor, Deed, Language, ReviewRule, Scope, SentenceId, SetRule, Site, SiteId, TextId, Timestamp, lot,
};

const MARKING: &str = "marking a sentence";
const READING: &str = "reading who stands behind sentences";
const RULING: &str = "deciding how much is read";

/// Whether the sentence of a row of `checks` is approved as it stands.
const APPROVED: &str = "EXISTS (SELECT 1 FROM sentence_marks AS mark WHERE mark.text = checks.text
    AND mark.sentence IS checks.sentence AND mark.source = checks.source AND mark.target = checks.target
    AND mark.approved_by IS NOT NULL)";

/// The highest lot that is read of the text in `texts` by the share in `review_rules`: at least that of one sentence, and
/// all of them where no share is named.
const HIGHEST: &str = "COALESCE(MAX(review_rules.share * 100 - 1,
    (SELECT MIN(other.lot) FROM checks AS other WHERE other.text = texts.id)), 9999)";

/// The word of the rule that holds where `review_rules` has no row.
pub(super) const OWN_RULE: &str = "COALESCE((SELECT CASE WHEN policy ->> 'publish_machine_translation' THEN 'machine'
    ELSE 'every' END FROM collections ORDER BY slug LIMIT 1), 'every')";

/// Sentences of the text in `texts` that were never compared with a source: nobody can have read them beside it.
const UNCOMPARED: &str = "(SELECT COUNT(*) FROM sentences WHERE sentences.text = texts.id
    AND NOT EXISTS (SELECT 1 FROM checks AS own WHERE own.sentence = sentences.id))";

/// How many sentences of the text in `texts` the rule in `review_rules` still asks to be read: all where it names no
/// share, else those that are drawn and those that a person wrote.
pub(super) static LEFT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "((SELECT COUNT(*) FROM checks WHERE checks.text = texts.id AND checks.lot <= {HIGHEST} AND NOT {APPROVED})
         + (SELECT COUNT(*) FROM sentence_marks AS own CROSS JOIN checks ON checks.text = own.text
                 AND checks.sentence IS own.sentence AND checks.source = own.source AND checks.target = own.target
             WHERE own.text = texts.id AND own.written_by IS NOT NULL AND own.approved_by IS NULL
                 AND checks.lot > {HIGHEST}))"
    )
});

/// Who stands behind one sentence as it reads now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceMark {
    /// `None` for the title.
    pub sentence: Option<SentenceId>,
    /// Who wrote these words in the place of a machine's.
    pub written: Option<(String, Timestamp)>,
    pub approved: Option<(String, Timestamp)>,
    /// Its lot in spot checks.
    pub lot: u32,
}

impl Store {
    /// Who stands behind each sentence of a text that was compared with its source, and the lots they drew.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn marks_of(&self, text: TextId) -> Result<Vec<SentenceMark>> {
        let rows = sqlx::query(
            "SELECT checks.id, checks.sentence, checks.lot, mark.written_by, mark.written_at, mark.approved_by,
                 mark.approved_at
             FROM checks LEFT JOIN sentence_marks AS mark ON mark.text = checks.text
                 AND mark.sentence IS checks.sentence AND mark.source = checks.source AND mark.target = checks.target
             WHERE checks.text = ?",
        )
        .bind(text.0)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let mark = |row: &SqliteRow| {
            let cells = Cells::new("checks", "id", row);
            let person = |by, at| -> Result<Option<(String, Timestamp)>> {
                let by: Option<String> = cells.get(by)?;
                Ok(by.zip(cells.get::<Option<i64>>(at)?.map(Timestamp)))
            };
            Ok(SentenceMark {
                sentence: cells.get::<Option<i64>>("sentence")?.map(SentenceId),
                written: person("written_by", "written_at")?,
                approved: person("approved_by", "approved_at")?,
                lot: cells.number("lot")?,
            })
        };
        rows.iter().map(mark).collect()
    }

    /// People who said these very words for the same source before, elsewhere or in an earlier version: of each sentence
    /// of a text of which there is somebody.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn earlier_writers(&self, text: TextId) -> Result<Vec<(Option<SentenceId>, String)>> {
        let rows = sqlx::query(
            "SELECT checks.id, checks.sentence, MAX(said.author ->> 'name') AS name
             FROM checks JOIN texts ON texts.id = checks.text
             JOIN memory_sources ON memory_sources.content = checks.source
                 AND memory_sources.language = checks.source_language
             JOIN memory_segments AS said ON said.source = memory_sources.id AND said.target_language = texts.language
             WHERE checks.text = ? AND said.target = checks.target AND said.by_person = 1
                 AND said.superseded_by IS NULL GROUP BY checks.id",
        )
        .bind(text.0)
        .fetch_all(&self.readers)
        .await
        .map_err(StoreError::of(READING))?;
        let writer = |row: &SqliteRow| {
            let cells = Cells::new("checks", "id", row);
            Ok((cells.get::<Option<i64>>("sentence")?.map(SentenceId), cells.get("name")?))
        };
        rows.iter().map(writer).collect()
    }

    /// How many sentences of a translation must still be read before it is public by this rule.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn left_to_read(&self, text: TextId, rule: ReviewRule) -> Result<u64> {
        let share = match rule {
            ReviewRule::Machine => return Ok(0),
            ReviewRule::Every => None,
            ReviewRule::Spot { share } => Some(i64::from(share.percent())),
        };
        let query = format!(
            "SELECT {UNCOMPARED} + {} FROM texts, (SELECT ?1 AS share) AS review_rules WHERE texts.id = ?2",
            *LEFT
        );
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .bind(share)
            .bind(text.0)
            .fetch_one(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        Ok(left.unsigned_abs())
    }

    /// The rule of a site for a language; `None` where the collection's policy holds.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn review_rule(&self, site: SiteId, language: Language) -> Result<Option<ReviewRule>> {
        let rules = self.review_rules(site).await?;
        Ok(rules.into_iter().find(|set| set.language == language).map(|set| set.rule))
    }

    /// The rules that were set for a site.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn review_rules(&self, site: SiteId) -> Result<Vec<SetRule>> {
        let rows = sqlx::query("SELECT * FROM review_rules WHERE site = ? ORDER BY language")
            .bind(site.0)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of("reading how much is read"))?;
        let set = |row: &SqliteRow| {
            let cells = Cells::new("review_rules", "language", row);
            let rule = rule_of(&cells)?.ok_or_else(|| cells.corrupt("rule", "it is empty"))?;
            let set = Some((cells.get("set_by")?, Timestamp(cells.get("set_at")?)));
            Ok(SetRule { language: cells.parsed("language")?, rule, set })
        };
        rows.iter().map(set).collect()
    }

    /// Sets how much of the translations of a site into a language is read; `None` goes back to the collection's policy.
    /// `false` where it is so already.
    ///
    /// # Errors
    /// `Missing` for a site that is not there, and those of the database.
    pub async fn set_review_rule(
        &self,
        actor: &Actor,
        site: &Site,
        language: Language,
        rule: Option<ReviewRule>,
    ) -> Result<bool> {
        if self.review_rule(site.id, language).await? == rule {
            return Ok(false);
        }
        let mut tx = self.write(RULING).await?;
        let share = rule.and_then(ReviewRule::share).map(|share| i64::from(share.percent()));
        let change = match rule {
            None => sqlx::query("DELETE FROM review_rules WHERE site = ? AND language = ?")
                .bind(site.id.0)
                .bind(language.tag()),
            Some(rule) => sqlx::query(
                "INSERT OR REPLACE INTO review_rules (site, language, rule, share, set_by, set_at)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(site.id.0)
            .bind(language.tag())
            .bind(rule.word())
            .bind(share)
            .bind(&actor.name)
            .bind(self.now().0),
        };
        change.execute(&mut *tx).await.map_err(|error| StoreError::missing_parent("site", site.id, RULING, error))?;
        let deed = Deed::ReviewRuleSet { language, rule };
        record(&mut tx, self.now(), actor, &deed, site.slug.as_str(), Scope::Site(site.id)).await?;
        tx.commit().await.map_err(StoreError::of(RULING))?;
        Ok(true)
    }

    /// Draws the lots of checks that were made before lots were.
    pub(super) async fn draw_missing_lots(&self) -> Result<()> {
        let doing = "drawing sentences for spot checks";
        loop {
            let mut tx = self.write(doing).await?;
            let rows: Vec<(i64, String, String)> = sqlx::query_as(
                "SELECT checks.id, checks.source, texts.language FROM checks JOIN texts ON texts.id = checks.text
                 WHERE lot IS NULL LIMIT 2000",
            )
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::of(doing))?;
            if rows.is_empty() {
                return Ok(());
            }
            for (id, source, to) in rows {
                let to: Language = to.parse().map_err(|error: crate::domain::LanguageError| StoreError::Corrupt {
                    table: "texts",
                    column: "language",
                    row: format!("of check {id}"),
                    why: error.to_string(),
                })?;
                sqlx::query("UPDATE checks SET lot = ? WHERE id = ?")
                    .bind(lot(to, &source))
                    .bind(id)
                    .execute(&mut *tx)
                    .await
                    .map_err(StoreError::of(doing))?;
            }
            tx.commit().await.map_err(StoreError::of(doing))?;
        }
    }
}

/// The rule of a row, where it has one.
pub(super) fn rule_of(cells: &Cells<'_>) -> Result<Option<ReviewRule>> {
    let Some(word) = cells.get::<Option<String>>("rule")? else { return Ok(None) };
    let rule = ReviewRule::of(&word, cells.get("share")?);
    rule.map(Some).ok_or_else(|| cells.corrupt("rule", format!("`{word}` with this share is no rule")))
}

/// The lot that a sentence of a text draws by its source.
pub(super) async fn lot_in(tx: &mut Transaction<'static, Sqlite>, text: TextId, source: &str) -> Result<u32> {
    let row = sqlx::query("SELECT id, language FROM texts WHERE id = ?")
        .bind(text.0)
        .fetch_optional(&mut **tx)
        .await
        .map_err(StoreError::of(MARKING))?;
    let row = row.ok_or_else(|| StoreError::Missing { what: "text", name: text.to_string() })?;
    Ok(lot(Cells::new("texts", "id", &row).parsed("language")?, source))
}

/// One sentence and the source it stands beside.
pub(super) struct Marked<'a> {
    pub text: TextId,
    pub sentence: Option<SentenceId>,
    pub source: &'a str,
    pub target: &'a str,
}

/// Notes who wrote these words in the place of a machine's; whoever stood behind others stands behind these no more.
pub(super) async fn note_writer(
    tx: &mut Transaction<'static, Sqlite>,
    of: &Marked<'_>,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("DELETE FROM sentence_marks WHERE text = ? AND sentence IS ?")
        .bind(of.text.0)
        .bind(of.sentence.map(|sentence| sentence.0))
        .execute(&mut **tx)
        .await
        .map_err(StoreError::of(MARKING))?;
    sqlx::query(
        "INSERT INTO sentence_marks (text, sentence, source, target, written_by, written_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(of.text.0)
    .bind(of.sentence.map(|sentence| sentence.0))
    .bind(of.source)
    .bind(of.target)
    .bind(by)
    .bind(now.0)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::of(MARKING))?;
    Ok(())
}

/// Approves sentences of a text as they stand, all of them or the one of a check. Who approved first stays named.
pub(super) async fn approve_marks(
    tx: &mut Transaction<'static, Sqlite>,
    text: TextId,
    check: Option<i64>,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    let failed = StoreError::of(MARKING);
    let same = "mark.text = checks.text AND mark.sentence IS checks.sentence";
    let stale = format!(
        "DELETE FROM sentence_marks AS mark WHERE mark.text = ?1 AND EXISTS (SELECT 1 FROM checks WHERE {same}
             AND (?2 IS NULL OR checks.id = ?2) AND (mark.source <> checks.source OR mark.target <> checks.target))"
    );
    let known = format!(
        "UPDATE sentence_marks AS mark SET approved_by = ?3, approved_at = ?4 WHERE mark.text = ?1
             AND mark.approved_by IS NULL
             AND EXISTS (SELECT 1 FROM checks WHERE {same} AND (?2 IS NULL OR checks.id = ?2))"
    );
    let new = format!(
        "INSERT INTO sentence_marks (text, sentence, source, target, approved_by, approved_at)
         SELECT checks.text, checks.sentence, checks.source, checks.target, ?3, ?4 FROM checks
         WHERE checks.text = ?1 AND (?2 IS NULL OR checks.id = ?2)
         AND NOT EXISTS (SELECT 1 FROM sentence_marks AS mark WHERE {same})"
    );
    for query in [stale, known, new] {
        sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(text.0)
            .bind(check)
            .bind(by)
            .bind(now.0)
            .execute(&mut **tx)
            .await
            .map_err(&failed)?;
    }
    Ok(())
}

/// Whether every sentence of a text was compared and is approved as it stands.
pub(super) async fn all_approved(tx: &mut Transaction<'static, Sqlite>, text: TextId) -> Result<bool> {
    let query = format!(
        "SELECT {UNCOMPARED} = 0 AND EXISTS (SELECT 1 FROM checks WHERE checks.text = texts.id)
             AND NOT EXISTS (SELECT 1 FROM checks WHERE checks.text = texts.id AND NOT {APPROVED})
         FROM texts WHERE texts.id = ?"
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(query))
        .bind(text.0)
        .fetch_one(&mut **tx)
        .await
        .map_err(StoreError::of(MARKING))
}
