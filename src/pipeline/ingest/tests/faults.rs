//! Every fault by its file and line; what is good comes in beside it.

use super::*;

/// Imports with one fault planted and expects one refusal that begins and continues like this.
async fn refused(plant: impl Fn(&Bench), place: &str, why: &str) {
    let bench = Bench::new().await;
    plant(&bench);
    let report = bench.import().await;
    let told = told(&report);
    assert!(told.iter().any(|line| line.starts_with(place) && line.contains(why)), "{place} … {why}: {told:#?}");
    let other = bench.store.stop(&"thap-nam".parse().unwrap()).await.unwrap();
    assert!(other.is_some(), "the stop without a fault did not come in: {told:#?}");
}

#[tokio::test]
async fn faults_in_front_matter_name_file_and_line() {
    refused(|b| b.edit(STOP, "position = 1", "position = one"), &format!("{STOP}:3: "), "").await;
    refused(|b| b.edit(STOP, "kind =", "knd ="), &format!("{STOP}:7: "), "unknown field `knd`").await;
    refused(|b| b.edit(STOP, "title = \"Tháp\"\n", ""), &format!("{STOP}:"), "missing field `title`").await;
    refused(|b| b.edit(STOP, "title = \"Tháp\"", "title = \" \""), &format!("{STOP}:4: "), "`title` is empty").await;
    refused(|b| b.edit(STOP, "\"TD1\"", "\"td 1\""), &format!("{STOP}:2: "), "is not a stop code").await;
    refused(|b| b.edit(STOP, "approved", "aproved"), &format!("{STOP}:6: "), "aproved").await;
    refused(|b| b.edit(STOP, "vi = \"Tháp\"", "xx = \"Tháp\""), &format!("{STOP}:9: "), "unknown language `xx`").await;
    refused(|b| b.edit(STOP, "vi = \"Tháp\"", "en = \"T\""), STOP, "no name in vi").await;
    refused(|b| b.edit(STOP, "+++\n\n", "\n\n"), &format!("{STOP}:"), "ends before").await;
    refused(|b| b.edit(STOP, "Ban biên", "Ban\\u0007biên"), &format!("{STOP}:5: "), "U+0007").await;
    refused(|b| b.write(STOP, "Tháp"), &format!("{STOP}:1: "), "must begin with").await;
    refused(|b| b.write(STOP, ""), STOP, "is empty").await;
    refused(|b| b.edit(STOP, "[names]", "[period]\nfrom = 9\nto = 1\nlabel = \"\"\n[names]"), STOP, "before it begins")
        .await;
    let place = "[place]\nlatitude = 91.0\nlongitude = 1.0\naddress = \"\"\n[names]";
    refused(|b| b.edit(STOP, "[names]", place), STOP, "not on Earth").await;
}

#[tokio::test]
async fn faults_in_bodies_name_file_and_line() {
    for (body, line, why) in [
        ("", 11, "no text"),
        ("Một.\n\n# Hai", 14, "a heading"),
        ("Một.\n- Hai", 13, "a list"),
        ("Xem [đây](x).", 12, "a link"),
        ("Một **hai**.", 12, "markup"),
        ("Một\u{7}.", 12, "U+0007"),
        ("Một.\nHai\u{202e}.", 13, "U+202E"),
    ] {
        let expected = format!("{STOP}:{line}: ");
        let text = stop("TD1", body);
        refused(|b| b.write(STOP, &text), &expected, why).await;
    }
}

#[tokio::test]
async fn files_that_are_no_text_are_refused() {
    refused(|b| b.write(STOP, b"+++\ncode = \"T\xff1\"\n"), &format!("{STOP}:2: "), "not UTF-8").await;
    refused(|b| b.write(STOP, vec![b'a'; 10 << 20]), STOP, "at most 1048576").await;
    refused(|b| b.write(STOP_EN, "+++\n"), &format!("{STOP_EN}:1: "), "ends before").await;
    refused(
        |b| b.write("sites/thap-doi/thap-bac/stop.xx.md", ""),
        "sites/thap-doi/thap-bac/stop.xx.md",
        "unknown language",
    )
    .await;
    refused(
        |b| b.write("sites/thap-doi/thap-bac/stop.vi.md", ""),
        "sites/thap-doi/thap-bac/stop.vi.md",
        "source language",
    )
    .await;
    refused(
        |b| b.write("sites/thap-doi/thap-bac/spot.md", ""),
        "sites/thap-doi/thap-bac/spot.md",
        "no file of a collection",
    )
    .await;
    refused(|b| b.write("sites/Tháp/site.md", ""), "sites/Tháp: ", "not a slug").await;
    refused(
        |b| b.write("sites/thap-doi/thap-bac/cover.png", b"\x89PNG\r\n"),
        "sites/thap-doi/thap-bac/cover.png",
        "no picture",
    )
    .await;
    refused(
        |b| b.edit(STOP, "kind", "cover = \"../x.png\"\nkind"),
        "sites/thap-doi/thap-bac/../x.png",
        "must lie in this folder",
    )
    .await;
    let link = |b: &Bench| {
        fs::remove_file(b.root().join(STOP)).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", b.root().join(STOP)).unwrap();
    };
    refused(link, STOP, "not a plain file").await;
}

#[tokio::test]
async fn twins_are_refused_with_the_file_they_collide_with() {
    let second = "sites/thap-doi/thap-xxx/stop.md";
    refused(|b| b.write(second, stop("TD1", "Ba.")), &format!("{second}:2: "), STOP).await;
    let elsewhere = "sites/zzz/thap-bac/stop.md";
    let plant = |b: &Bench| {
        b.write("sites/zzz/site.md", fs::read(b.root().join(SITE)).unwrap());
        b.write(elsewhere, stop("ZZ1", "Ba."));
        b.write("sites/zzz/thap-bac/stop.fr.md", fs::read(b.root().join(STOP_EN)).unwrap());
    };
    refused(plant, elsewhere, "thap-doi already").await;
    let relic = |material: &str| {
        format!(
            "[relic]\nslug = \"bia\"\nkind = \"stele\"\nmaterial = \"{material}\"\n[relic.names]\nvi = \"Bia\"\n[names]"
        )
    };
    let plant = |b: &Bench| {
        b.edit(STOP, "[names]", &relic("đá"));
        b.write(second, stop("TD3", "Ba.").replace("[names]", &relic("gỗ")));
    };
    refused(plant, second, "described otherwise").await;
}

#[tokio::test]
async fn lists_with_a_fault_are_refused_whole_and_the_ones_before_stay() {
    let bench = Bench::new().await;
    bench.import().await;
    bench.write("glossary.tsv", "term\ten\na\tb\tc\n\n\tx\nd\te | \nf\tg\nf\th\n");
    bench.edit("lexicon.en.pls", "</phoneme>", "</phoneme><alias>x</alias>");
    let told = told(&bench.import().await);
    assert_eq!(
        told,
        [
            "glossary.tsv:2: has 3 cells under 2 columns",
            "glossary.tsv:4: has no term",
            "glossary.tsv:5: `e |` holds an empty alternative beside a `|`",
            "glossary.tsv:7: `f` stands on line 6 already: keep one",
            "lexicon.en.pls:3: a lexeme needs exactly one <phoneme> or <alias>",
        ]
    );
    assert_eq!(bench.store.glossary().await.unwrap().len(), 1);
    assert_eq!(bench.store.lexicon(crate::domain::Language::EN).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_site_or_stop_holds_back_only_what_stands_on_it() {
    let bench = Bench::new().await;
    bench.edit(SITE, "position", "positon");
    let lines = told(&bench.import().await);
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(lines[3].contains("waits for the site.md"), "{lines:#?}");
    assert!(bench.store.stops().await.unwrap().is_empty());

    bench.edit(SITE, "positon", "position");
    bench.import().await;
    bench.edit(SITE, "position", "positon");
    bench.edit(STOP, "kind", "knd");
    bench.edit(STOP_EN, "Three.", "Three, mended.");
    let report = bench.import().await;
    assert_eq!(report.refused.len(), 2, "{:#?}", told(&report));
    let changed: Vec<_> = report.items.iter().filter(|item| item.change != Change::Unchanged).collect();
    assert_eq!(changed.len(), 1, "{changed:#?}");
    assert_eq!(changed[0].name, "thap-bac/en");
}

#[tokio::test]
async fn a_folder_without_a_usable_collection_is_refused_as_a_whole() {
    let bench = Bench::new().await;
    let read = || Folder::read(&bench.root()).map(|_| ()).unwrap_err().to_string();
    bench.edit("collection.toml", "[\"vi\", \"en\"]", "[\"en\"]");
    assert!(read().contains("must hold source_language"), "{}", read());
    bench.edit("collection.toml", "\"vi\"", "\"xx\"");
    assert!(read().contains("collection.toml:2: unknown language `xx`"), "{}", read());
    fs::remove_file(bench.root().join("collection.toml")).unwrap();
    assert!(read().contains("collection.toml: cannot be read"), "{}", read());
}

#[tokio::test]
async fn another_collection_does_not_come_into_this_database() {
    let bench = Bench::new().await;
    bench.import().await;
    bench.edit("collection.toml", "binh-dinh", "hue");
    let folder = Folder::read(&bench.root()).unwrap();
    let error = import(&bench.store, &bench.blobs, folder, ImportOptions::default()).await.unwrap_err();
    assert!(matches!(error, IngestError::OtherCollection { .. }), "{error}");
}
