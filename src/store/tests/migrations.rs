//! Databases of earlier versions, with rows in them, brought up to date.

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::*;
use crate::domain::{Author, ContentHash, TextState};

/// Makes a database as version 1 made it, with rows of version 1.
async fn database_of_version_1(path: &std::path::Path) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    MIGRATIONS.run_to(1, &mut connection).await.unwrap();
    let key = "a".repeat(64);
    let rows = format!(
        "INSERT INTO sites (id, slug, names, kind, themes, sources, summary, position, changed_at)
             VALUES (1, 'thap-doi', '{{\"vi\":\"Tháp Đôi\"}}', 'tower', '[]', '[]', '{{}}', 1, 0);
         INSERT INTO stops (id, site, slug, code, names, kind, themes, sources, position, changed_at)
             VALUES (1, 1, 'hai-thap', 'TD1', '{{\"vi\":\"Tháp Đôi\"}}', 'tower', '[]', '[]', 1, 0);
         INSERT INTO texts (id, stop, language, title, author, state, made_from, changed_at)
             VALUES (1, 1, 'pt', 'Torres', '{{\"by\":\"machine\",\"engine\":\"bergamot en-pt\",\"route\":[\"en\",\"pt\"]}}', 'draft', '{key}', 7);
         INSERT INTO sentences (id, text, ordinal, paragraph, content) VALUES (1, 1, 0, 0, 'As torres.');
         INSERT INTO translations (key, source_language, target_language, source, target, engine, made_at)
             VALUES ('{key}', 'en', 'pt', 'The towers.', 'As torres.',
                     '{{\"engine\":\"bergamot\",\"model\":\"en-pt\",\"fingerprint\":\"{key}\"}}', 7);"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn version_1_with_rows_becomes_the_present_one_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    database_of_version_1(&path).await;
    let store = Store::open(&path, Arc::new(FixedClock::at(START))).await.unwrap();
    let (text, sentences) = store.text(StopId(1), Language::PT).await.unwrap().unwrap();
    assert_eq!(
        (text.title.as_str(), text.state, sentences[0].content.as_str()),
        ("Torres", TextState::Draft, "As torres.")
    );
    assert!(matches!(text.author, Author::Machine { .. }));
    let key: ContentHash = "a".repeat(64).parse().unwrap();
    let translation = store.translation(key).await.unwrap().unwrap();
    assert_eq!((translation.target.as_str(), translation.findings.len()), ("As torres.", 0));
    assert_eq!(store.findings(None).await.unwrap(), []);
    assert_eq!(store.segments(None, None).await.unwrap(), []);
    let refused = store.approve(StopId(1), Language::PT, "An").await.unwrap_err();
    assert!(matches!(refused, StoreError::Unchecked { .. }), "an old translation is compared before it is approved");
    let columns: Vec<String> =
        sqlx::query_scalar("SELECT name FROM pragma_table_info('texts')").fetch_all(&store.readers).await.unwrap();
    assert!(columns.contains(&"approved_by".to_owned()));
    store.close().await;
    let again = Store::open(&path, Arc::new(FixedClock::at(START))).await.unwrap();
    assert!(again.text(StopId(1), Language::PT).await.unwrap().is_some());
}
