//! Opening, reopening, and what is refused at the door.

use super::*;

#[tokio::test]
async fn the_linked_sqlite_is_new_enough_and_keeps_acknowledged_writes() {
    let bench = Bench::new().await;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&bench.store.writer).await.unwrap();
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "{version}");
    for (pragma, expected) in [("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1), ("PRAGMA query_only", 0)] {
        let found: i64 = sqlx::query_scalar(pragma).fetch_one(&bench.store.writer).await.unwrap();
        assert_eq!(found, expected, "{pragma}");
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&bench.store.writer).await.unwrap();
    assert_eq!(mode, "wal");
    let written = sqlx::query("DELETE FROM sites").execute(&bench.store.readers).await;
    assert!(written.is_err(), "a reader's connection can write");
}

#[tokio::test]
async fn every_table_is_strict() {
    let bench = Bench::new().await;
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0
         AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx_%'",
    )
    .fetch_all(&bench.store.readers)
    .await
    .unwrap();
    assert_eq!(loose, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_kept_is_there_after_reopening() {
    let bench = Bench::new().await;
    bench.stop().await;
    bench.store.put_setting("greeting", "xin chào").await.unwrap();
    bench.store.close().await;
    let store = bench.again().await;
    assert_eq!(store.setting("greeting").await.unwrap().as_deref(), Some("xin chào"));
    assert_eq!(store.stops().await.unwrap().len(), 1);
    store.ping().await.unwrap();
}

#[tokio::test]
async fn many_may_open_a_new_database_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/store.db");
    let opening: Vec<_> = (0..4)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { Store::open(&path, Arc::new(FixedClock::at(START))).await.map(|_| ()) })
        })
        .collect();
    for one in opening {
        one.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_newer_database_and_a_file_that_is_none_are_refused() {
    let bench = Bench::new().await;
    bench
        .damage(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9000, 'of the future', 1, x'00', 0)",
        )
        .await;
    let path = bench.folder.path().join("store.db");
    let error = Store::open(&path, bench.clock.clone()).await.unwrap_err();
    assert!(matches!(error, StoreError::NewerDatabase { version: 9000, .. }), "{error}");

    let path = bench.folder.path().join("picture.db");
    std::fs::write(&path, vec![0x89; 8192]).unwrap();
    let error = Store::open(&path, bench.clock.clone()).await.unwrap_err();
    assert!(error.to_string().contains("picture.db"), "{error}");
}

#[tokio::test]
async fn a_transaction_dropped_in_the_middle_leaves_nothing_and_frees_the_way() {
    let bench = Bench::new().await;
    let mut tx = bench.store.write("testing").await.unwrap();
    sqlx::query("INSERT INTO settings (key, value, changed_at) VALUES ('half', 'done', 0)")
        .execute(&mut *tx)
        .await
        .unwrap();
    drop(tx);
    assert_eq!(bench.store.setting("half").await.unwrap(), None);
    bench.store.put_setting("half", "whole").await.unwrap();
    assert_eq!(bench.again().await.setting("half").await.unwrap().as_deref(), Some("whole"));
}

#[tokio::test]
async fn writers_of_several_processes_all_get_their_turn() {
    let bench = Bench::new().await;
    let mut writers = Vec::new();
    for process in 0..3 {
        let store = bench.again().await;
        for task in 0..4 {
            let store = store.clone();
            writers.push(tokio::spawn(async move {
                for n in 0..5 {
                    store.put_setting(&format!("{process}/{task}/{n}"), "x").await.unwrap();
                }
            }));
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM settings").fetch_one(&bench.store.readers).await.unwrap();
    assert_eq!(count, 3 * 4 * 5);
}
