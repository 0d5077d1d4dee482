//! Translations that ask for somebody's eye, and how much of each is left to do: a page of them, and how many there are
//! at each site.
//!
//! Invariant: a translation waits while something was found in it that nobody mended or waived, while a comment on it is
//! open, or while its site's rule asks for reading that nobody did.

use sqlx::sqlite::SqliteRow;

use super::cells::Cells;
use super::marks::{LEFT, OWN_RULE, rule_of};
use super::work::listed;
use super::{Result, Store, StoreError};
use crate::domain::{Language, Names, ReviewRule, SiteId, Slug, TextState, Timestamp};

const READING: &str = "reading which translations wait";

/// Findings nobody mended or waived, of the text in `texts`.
const OPEN: &str = "(SELECT COUNT(*) FROM checks JOIN findings ON findings.\"check\" = checks.id
    WHERE checks.text = texts.id
    AND NOT EXISTS (SELECT 1 FROM waivers WHERE waivers.text = texts.id AND waivers.key = findings.key))";

/// Looked for once for all texts, beginning with the findings: they are few.
const WAITING: &str = "
found AS (SELECT DISTINCT checks.text FROM findings CROSS JOIN checks ON checks.id = findings.\"check\"
    WHERE NOT EXISTS (SELECT 1 FROM waivers WHERE waivers.text = checks.text AND waivers.key = findings.key)),
discussed AS (SELECT DISTINCT text FROM comments WHERE resolved_at IS NULL)";

const TEXTS: &str = "FROM texts JOIN stops ON stops.id = texts.stop
    LEFT JOIN review_rules ON review_rules.site = stops.site AND review_rules.language = texts.language, own_rule
    WHERE texts.made_from IS NOT NULL AND stops.site IN (SELECT value FROM json_each(?1))
    AND (?2 IS NULL OR texts.language = ?2)";

/// Which translations are wanted.
#[derive(Clone, Debug)]
pub struct ReviewFilter {
    pub sites: Vec<SiteId>,
    pub language: Option<Language>,
    /// Those that ask for nobody too.
    pub all: bool,
}

/// One translation in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    pub site: SiteId,
    pub stop: Slug,
    pub names: Names,
    pub language: Language,
    pub state: TextState,
    pub rule: ReviewRule,
    /// Findings nobody mended or waived.
    pub open: u64,
    /// Sentences that the rule still asks to be read.
    pub left: u64,
    /// Comments nobody resolved.
    pub comments: u64,
    pub changed_at: Timestamp,
}

fn waits() -> String {
    let left = LEFT.as_str();
    format!(
        "(texts.id IN (SELECT text FROM found) OR texts.id IN (SELECT text FROM discussed)
          OR texts.state = 'draft' AND (COALESCE(review_rules.rule, own_rule.word) = 'every'
              OR review_rules.rule = 'spot' AND {left} > 0))"
    )
}

impl Store {
    /// A page of translations, in the order of the collection.
    ///
    /// # Errors
    /// `Corrupt`, and those of the database.
    pub async fn reviews(&self, filter: &ReviewFilter, (from, limit): (usize, usize)) -> Result<Vec<ReviewRow>> {
        let left = LEFT.as_str();
        let query = format!(
            "WITH own_rule AS (SELECT {OWN_RULE} AS word), {WAITING}
             SELECT texts.id, texts.language, texts.state, texts.changed_at, stops.slug, stops.names, stops.site,
                 COALESCE(review_rules.rule, own_rule.word) AS rule, review_rules.share, {OPEN} AS open_findings,
                 CASE WHEN texts.state = 'approved' OR COALESCE(review_rules.rule, own_rule.word) = 'machine' THEN 0
                     ELSE {left} END AS left_over,
                 (SELECT COUNT(*) FROM comments WHERE comments.text = texts.id AND resolved_at IS NULL) AS comments
             {TEXTS} AND (?3 OR {})
             ORDER BY (SELECT position FROM sites WHERE sites.id = stops.site), stops.site, stops.position, stops.slug,
                 texts.language LIMIT ?4 OFFSET ?5",
            waits()
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(listed(&filter.sites))
            .bind(filter.language.map(Language::tag))
            .bind(filter.all)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(i64::try_from(from).unwrap_or(i64::MAX))
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        rows.iter().map(review_of).collect()
    }

    /// How many translations wait at each of the sites; a site where none does is not named.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn review_counts(&self, sites: &[SiteId]) -> Result<Vec<(SiteId, u64)>> {
        let query = format!(
            "WITH own_rule AS (SELECT {OWN_RULE} AS word), {WAITING}
             SELECT stops.site, COUNT(*) AS translations {TEXTS} AND {} GROUP BY stops.site",
            waits()
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(listed(sites))
            .bind(None::<String>)
            .fetch_all(&self.readers)
            .await
            .map_err(StoreError::of(READING))?;
        let count = |row: &SqliteRow| {
            let cells = Cells::new("stops", "site", row);
            Ok((SiteId(cells.get("site")?), cells.number("translations")?))
        };
        rows.iter().map(count).collect()
    }
}

fn review_of(row: &SqliteRow) -> Result<ReviewRow> {
    let cells = Cells::new("texts", "id", row);
    let rule = rule_of(&cells)?.ok_or_else(|| cells.corrupt("rule", "it has none"))?;
    Ok(ReviewRow {
        site: SiteId(cells.get("site")?),
        stop: cells.parsed("slug")?,
        names: cells.json("names")?,
        language: cells.parsed("language")?,
        state: cells.state("state")?,
        rule,
        open: cells.number("open_findings")?,
        left: cells.number("left_over")?,
        comments: cells.number("comments")?,
        changed_at: Timestamp(cells.get("changed_at")?),
    })
}
