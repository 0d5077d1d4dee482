//! In, in again, edited, out, and in once more.

use super::*;
use crate::domain::{Author, Language, TextState};
use crate::store::{NewSite, NewStop, NewText};

fn changed(report: &Report) -> Vec<(ItemKind, &str, &Change)> {
    let items = report.items.iter().filter(|item| item.change != Change::Unchanged);
    items.map(|item| (item.kind, item.name.as_str(), &item.change)).collect()
}

async fn english(bench: &Bench) -> (crate::domain::Text, Vec<String>) {
    let stop = bench.store.stop(&"thap-bac".parse().unwrap()).await.unwrap().unwrap();
    let (text, sentences) = bench.store.text(stop.id, Language::EN).await.unwrap().unwrap();
    (text, sentences.into_iter().map(|sentence| sentence.content).collect())
}

const TOUR: &str = "tours/mot-vong/tour.md";
const TOUR_TEXT: &str = "+++\nposition = 1\nsite = \"thap-doi\"\nminutes = 30\nopen = true\n[names]\nvi = \"Một vòng\"\n\
    [[stops]]\nstop = \"thap-bac\"\n[[stops]]\nstop = \"thap-nam\"\n[stops.hint]\nvi = \"Vòng ra sau.\"\n\
    en = \"Round the back.\"\n+++\n\nQuanh hai tháp.\n";

/// Writes what staff would write in the workplace.
async fn staff_writes(bench: &Bench, sentence: &str) {
    let (text, _) = english(bench).await;
    let sentences = NewText::sentences_of(vec![vec![sentence.to_owned()]]);
    let new = NewText {
        stop: text.stop,
        language: text.language,
        title: text.title,
        author: Author::Person { name: "Lan".into() },
        state: TextState::Approved,
        made_from: None,
        sentences,
    };
    bench.store.put_text(&new).await.unwrap();
}

#[tokio::test]
async fn importing_twice_changes_nothing_the_second_time() {
    let bench = Bench::new().await;
    let first = bench.import().await;
    assert_eq!(told(&first), Vec::<String>::new());
    assert_eq!(first.count(&Change::Created), first.items.len());
    let kinds = [
        (ItemKind::Collection, 1),
        (ItemKind::Site, 1),
        (ItemKind::Stop, 2),
        (ItemKind::Text, 3),
        (ItemKind::Glossary, 1),
        (ItemKind::Lexicon, 1),
    ];
    for (kind, count) in kinds {
        assert_eq!(first.items.iter().filter(|item| item.kind == kind).count(), count, "{kind:?}");
    }
    assert!(bench.import().await.changed_nothing());
    let (text, sentences) = english(&bench).await;
    assert_eq!((text.state, text.author), (TextState::Draft, Author::Person { name: "A".into() }));
    assert_eq!(sentences, ["One.", "Two.", "Three."]);
    let site = bench.store.site(&"thap-doi".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(site.summary.0[&Language::EN], "Two Cham towers.");
}

#[tokio::test]
async fn an_edited_sentence_is_one_sentence_changed() {
    let bench = Bench::new().await;
    bench.import().await;
    bench.edit(STOP_EN, "Two.", "Two and a half.");
    let report = bench.import().await;
    let detail = Change::Changed { detail: Some("2 sentences kept, 1 added, 1 removed".into()) };
    assert_eq!(changed(&report), [(ItemKind::Text, "thap-bac/en", &detail)]);
}

#[tokio::test]
async fn text_is_kept_in_nfc_and_line_ends_do_not_count() {
    let bench = Bench::new().await;
    bench.import().await;
    let decomposed = stop("TD1", "Tha\u{301}p Bă\u{301}c cao. Tháp đẹp.").replace('\n', "\r\n");
    bench.write(STOP, format!("\u{feff}{decomposed}"));
    let report = bench.import().await;
    assert_eq!(told(&report), Vec::<String>::new());
    assert!(report.changed_nothing(), "{:?}", changed(&report));
}

#[tokio::test]
async fn what_staff_wrote_is_never_undone() {
    let bench = Bench::new().await;
    bench.import().await;
    staff_writes(&bench, "Written by Lan.").await;
    let report = bench.import().await;
    assert_eq!(changed(&report), [(ItemKind::Text, "thap-bac/en", &Change::Kept)]);
    bench.edit(STOP_EN, "Two.", "Two, edited.");
    let report = bench.import().await;
    assert!(told(&report)[0].starts_with(&format!("{STOP_EN}: was changed here and in the database")));
    assert_eq!(english(&bench).await.1, ["Written by Lan."]);
    let folder = Folder::read(&bench.root()).unwrap();
    import(&bench.store, &bench.blobs, folder, ImportOptions { overwrite: true }).await.unwrap();
    assert_eq!(english(&bench).await.1, ["One.", "Two, edited.", "Three."]);
    assert!(bench.import().await.changed_nothing());
}

#[tokio::test]
async fn what_staff_made_of_a_site_a_stop_and_a_tour_is_never_undone() {
    let bench = Bench::new().await;
    bench.write(TOUR, TOUR_TEXT);
    bench.import().await;
    assert!(bench.import().await.changed_nothing());
    let site = bench.store.site(&"thap-doi".parse().unwrap()).await.unwrap().unwrap();
    let stop = bench.store.stop(&"thap-nam".parse().unwrap()).await.unwrap().unwrap();
    let tour = bench.store.tour(&"mot-vong".parse().unwrap()).await.unwrap().unwrap();
    bench.store.upsert_site(&NewSite { kind: "ruin".into(), ..site.into() }).await.unwrap();
    bench.store.upsert_stop(&NewStop { themes: vec!["champa".into()], ..stop.into() }).await.unwrap();
    bench.store.upsert_tour(&crate::domain::Tour { minutes: Some(90), ..tour }).await.unwrap();
    let report = bench.import().await;
    let kept = [(ItemKind::Site, "thap-doi"), (ItemKind::Stop, "thap-nam"), (ItemKind::Tour, "mot-vong")];
    assert_eq!(changed(&report), kept.map(|(kind, name)| (kind, name, &Change::Kept)));
    bench.edit(SITE, "position = 1", "position = 7");
    bench.edit(TOUR, "minutes = 30", "minutes = 40");
    let told = told(&bench.import().await);
    assert!(told.len() == 2 && told[0].starts_with(SITE) && told[1].starts_with(TOUR), "{told:#?}");
    let folder = Folder::read(&bench.root()).unwrap();
    import(&bench.store, &bench.blobs, folder, ImportOptions { overwrite: true }).await.unwrap();
    let site = bench.store.site(&"thap-doi".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((site.position, site.kind.as_str()), (7, "tower"));
}

#[tokio::test]
async fn pictures_and_tours_go_out_and_come_in_again() {
    let bench = Bench::new().await;
    bench.write(TOUR, TOUR_TEXT);
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(3, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
    bench.write("sites/thap-doi/thap-bac/cong.png", png.into_inner());
    let described = "[[pictures]]\nfile = \"cong.png\"\ncredit = \"Lan\"\n[pictures.alt]\nvi = \"Cổng\"\n[names]";
    bench.edit(STOP, "[names]", described);
    assert_eq!(told(&bench.import().await), Vec::<String>::new());
    let stop = bench.store.stop(&"thap-bac".parse().unwrap()).await.unwrap().unwrap();
    let pictures = bench.store.pictures_of(crate::domain::Depicted::Stop(stop.id)).await.unwrap();
    assert_eq!((pictures[0].alt.best(Language::VI), pictures[0].credit.as_str()), ("Cổng", "Lan"));
    assert_eq!(stop.cover, Some(pictures[0].hash));
    let out = bench.folder.path().join("out");
    export(&bench.store, &bench.blobs, &out).await.unwrap();
    let fresh = Bench::new().await;
    assert_eq!(told(&fresh.import_from(&out).await), Vec::<String>::new());
    let tour = fresh.store.tour(&"mot-vong".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((tour.stops.len(), tour.stops[1].hint.best(Language::EN)), (2, "Round the back."));
    assert_eq!(tour.summary.best(Language::VI), "Quanh hai tháp.");
    // A tour to a stop that is not there is refused, and nothing else.
    bench.edit(TOUR, "\"thap-bac\"", "\"thap-dong\"");
    let told = told(&bench.import().await);
    assert!(told.len() == 1 && told[0].contains("thap-dong"), "{told:#?}");
}

#[tokio::test]
async fn a_person_from_the_folder_replaces_a_machine() {
    let bench = Bench::new().await;
    fs::remove_file(bench.root().join(STOP_EN)).unwrap();
    bench.import().await;
    let stop = bench.store.stop(&"thap-bac".parse().unwrap()).await.unwrap().unwrap();
    let machine = NewText {
        stop: stop.id,
        language: Language::EN,
        title: "M".into(),
        author: Author::Machine { engine: "bergamot".into(), route: vec![Language::VI, Language::EN] },
        state: TextState::Draft,
        made_from: None,
        sentences: NewText::sentences_of(vec![vec!["By machine.".into()]]),
    };
    bench.store.put_text(&machine).await.unwrap();
    bench.write(STOP_EN, "+++\ntitle = \"N\"\nauthor = \"A\"\nstate = \"approved\"\n+++\nBy hand.\n");
    assert_eq!(told(&bench.import().await), Vec::<String>::new());
    assert_eq!(english(&bench).await.1, ["By hand."]);
}

#[tokio::test]
async fn stops_that_left_the_folder_stay_and_are_told() {
    let bench = Bench::new().await;
    bench.import().await;
    fs::remove_dir_all(bench.root().join("sites/thap-doi/thap-nam")).unwrap();
    let report = bench.import().await;
    assert_eq!(report.only_in_database, ["thap-nam"]);
    assert_eq!(bench.store.stops().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_export_is_not_written_over_anything() {
    let bench = Bench::new().await;
    let nothing = export(&bench.store, &bench.blobs, &bench.folder.path().join("out")).await.unwrap_err();
    assert!(matches!(nothing, IngestError::NothingToExport));
    bench.import().await;
    let error = export(&bench.store, &bench.blobs, &bench.root()).await.unwrap_err();
    assert!(matches!(error, IngestError::NotEmpty { .. }), "{error}");
}

/// The collection of this repository, all of it.
#[tokio::test]
async fn the_starter_collection_goes_in_and_out_without_a_change() {
    let bench = Bench::new().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/binh-dinh");
    let report = bench.import_from(&root).await;
    assert_eq!(told(&report), Vec::<String>::new());
    let sites = report.items.iter().filter(|item| item.kind == ItemKind::Site).count();
    let stops = report.items.iter().filter(|item| item.kind == ItemKind::Stop).count();
    let tours = report.items.iter().filter(|item| item.kind == ItemKind::Tour).count();
    assert!(sites >= 6 && stops >= 16 && tours >= 2, "{sites} sites, {stops} stops, {tours} tours");

    let out = bench.folder.path().join("out");
    let written = export(&bench.store, &bench.blobs, &out).await.unwrap();
    assert_eq!((written.sites, written.stops, written.tours), (sites, stops, tours));
    let again = bench.import_from(&out).await;
    assert_eq!(told(&again), Vec::<String>::new());
    assert!(again.changed_nothing(), "{:#?}", changed(&again));

    let fresh = Bench::new().await;
    let copied = fresh.import_from(&out).await;
    assert_eq!(copied.items.len(), report.items.len());
    let twice = fresh.import_from(&root).await;
    assert!(twice.changed_nothing(), "{:#?}", changed(&twice));
}
