//! Sites, relics, stops and the collection.

use super::*;
use crate::domain::{ContentHash, Relic, StopCode};

#[tokio::test]
async fn a_site_is_created_once_and_changed_when_it_changes() {
    let bench = Bench::new().await;
    let mut new = site("thap-doi");
    let Upsert::Created(id) = bench.store.upsert_site(&new).await.unwrap() else { panic!("not created") };
    assert_eq!(bench.store.upsert_site(&new).await.unwrap(), Upsert::Unchanged(id));
    new.summary = names("Hai tháp Chăm.");
    new.cover = Some(ContentHash::of(b"png"));
    assert_eq!(bench.store.upsert_site(&new).await.unwrap(), Upsert::Changed(id));
    let kept = bench.store.site(&new.slug).await.unwrap().unwrap();
    assert_eq!((kept.id, kept.summary, kept.cover), (id, new.summary, new.cover));
    assert_eq!(bench.store.site(&slug("nowhere")).await.unwrap(), None);
    assert_eq!(bench.store.site_by_id(id).await.unwrap().map(|site| site.slug), Some(new.slug));
}

#[tokio::test]
async fn stops_are_found_by_slug_and_code_and_a_code_belongs_to_one() {
    let bench = Bench::new().await;
    let id = bench.stop().await;
    let site = bench.store.site(&slug("thap-doi")).await.unwrap().unwrap().id;
    let code: StopCode = "TD1".parse().unwrap();
    assert_eq!(bench.store.stop_by_code(&code).await.unwrap().unwrap().id, id);
    assert_eq!(bench.store.stop_by_code(&"XX".parse().unwrap()).await.unwrap(), None);
    let error = bench.store.upsert_stop(&stop(site, "thap-doi-2", "TD1")).await.unwrap_err();
    assert!(matches!(error, StoreError::CodeTaken { .. }), "{error}");
    assert!(error.to_string().contains("thap-doi-1"), "{error}");
    let mut second = stop(site, "thap-doi-2", "TD2");
    second.position = 0;
    bench.store.upsert_stop(&second).await.unwrap();
    let order: Vec<String> =
        bench.store.stops_of(site).await.unwrap().into_iter().map(|stop| stop.slug.to_string()).collect();
    assert_eq!(order, ["thap-doi-2", "thap-doi-1"]);
    let error = bench.store.upsert_stop(&stop(SiteId(99), "lost", "LL1")).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
}

#[tokio::test]
async fn relics_of_two_sites_may_share_a_slug() {
    let bench = Bench::new().await;
    let first = bench.store.upsert_site(&site("thap-doi")).await.unwrap().id();
    let second = bench.store.upsert_site(&site("duong-long")).await.unwrap().id();
    let relic = |site| NewRelic {
        site,
        slug: slug("thap-nam"),
        names: names("Tháp Nam"),
        kind: "tower".into(),
        period: None,
        material: Some("gạch, đá".into()),
        sources: Vec::new(),
    };
    let Upsert::Created(a) = bench.store.upsert_relic(&relic(first)).await.unwrap() else { panic!() };
    let Upsert::Created(b) = bench.store.upsert_relic(&relic(second)).await.unwrap() else { panic!() };
    assert_ne!(a, b);
    assert_eq!(bench.store.upsert_relic(&relic(first)).await.unwrap(), Upsert::Unchanged(a));
    let found: Vec<Relic> = bench.store.relics_of(second).await.unwrap();
    assert_eq!(found.iter().map(|relic| relic.id).collect::<Vec<_>>(), [b]);
    assert_eq!(bench.store.relic_by_id(a).await.unwrap().unwrap().site, first);
    assert!(matches!(bench.store.upsert_relic(&relic(SiteId(99))).await, Err(StoreError::Missing { .. })));
}

#[tokio::test]
async fn damaged_rows_name_table_column_and_row() {
    let bench = Bench::new().await;
    bench.stop().await;
    bench.damage("UPDATE sites SET themes = 'no json'").await;
    let error = bench.store.sites().await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "sites", column: "themes", .. }), "{error}");
    assert!(error.to_string().contains("row id 1"), "{error}");
    bench.damage("UPDATE stops SET code = 'td 1'").await;
    let error = bench.store.stop(&slug("thap-doi-1")).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { table: "stops", column: "code", .. }), "{error}");
}

#[tokio::test]
async fn the_collection_and_its_policy_are_kept() {
    let bench = Bench::new().await;
    assert_eq!(bench.store.collection().await.unwrap(), None);
    let mut collection = Collection {
        slug: slug("binh-dinh"),
        names: names("Bình Định"),
        source_language: Language::VI,
        guide_languages: vec![Language::VI, Language::EN],
        policy: Policy {
            publish_machine_translation: true,
            publish_last_resort_voice: false,
            publish_unheard_speech: false,
        },
    };
    assert_eq!(bench.store.put_collection(&collection).await.unwrap(), Upsert::Created(()));
    assert_eq!(bench.store.put_collection(&collection).await.unwrap(), Upsert::Unchanged(()));
    collection.policy.publish_last_resort_voice = true;
    assert_eq!(bench.store.put_collection(&collection).await.unwrap(), Upsert::Changed(()));
    assert_eq!(bench.store.collection().await.unwrap(), Some(collection));
}

#[tokio::test]
async fn imports_and_settings_are_remembered() {
    let bench = Bench::new().await;
    assert_eq!(bench.store.imported("text/a/vi").await.unwrap(), None);
    let hash = ContentHash::of(b"1");
    bench.store.set_imported("text/a/vi", ContentHash::of(b"0")).await.unwrap();
    bench.store.set_imported("text/a/vi", hash).await.unwrap();
    assert_eq!(bench.store.imported("text/a/vi").await.unwrap(), Some(hash));
    assert_eq!(bench.store.setting("nothing").await.unwrap(), None);
}
