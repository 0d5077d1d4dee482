//! Translations a museum can stand behind: the memory before the machine, findings that block, waivers, approval, routes,
//! and how much work a change of the glossary costs.

use std::collections::BTreeMap;
use std::sync::Arc;

use thuyetminh::domain::{Actor, Author, GlossaryEntry, Language, ReviewRule, Sentence, Share, Text, TextState};
use thuyetminh::pipeline::{GuideReport, HeldBack, Outcome, Sheet, SheetError, export_sheet, import_sheet, make_guide};
use thuyetminh::ports::Cancel;
use thuyetminh::store::{Context, NewSegment, Origin, StoreError};

use crate::workshop::{Bench, CountingEngines, Numerals, Quiet};

const NUMBERED: &str = "Built in 1285. The towers are 20 metres high. Both are of brick.";

async fn make(bench: &Bench, language: Language) -> GuideReport {
    make_guide(&bench.workshop, &bench.stop, language, &Cancel::new(), &Quiet).await.unwrap()
}

async fn text(bench: &Bench, language: Language) -> (Text, Vec<Sentence>) {
    bench.workshop.store.text(bench.stop.id, language).await.unwrap().unwrap()
}

async fn contents(bench: &Bench, language: Language) -> Vec<String> {
    text(bench, language).await.1.into_iter().map(|sentence| sentence.content).collect()
}

fn engines(bench: &Bench, pairs: &[(Language, Language)], pairs_revision: &'static str) -> Arc<CountingEngines> {
    let engines = CountingEngines::new(bench.counts.clone(), "tone 1");
    Arc::new(CountingEngines { pairs: pairs.to_vec(), pairs_revision, ..engines })
}

fn by_person(source: &str, target: &str, context: Context) -> NewSegment {
    NewSegment {
        from: Language::EN,
        to: Language::PT,
        source: source.into(),
        target: target.into(),
        context,
        author: Author::Person { name: "An".into() },
        state: TextState::Approved,
        approved_by: None,
        origin: Origin::File { name: "old.tmx".into() },
        made_at: None,
        changed_at: None,
    }
}

fn entry(term: &str, english: &str, portuguese: &str) -> GlossaryEntry {
    let renderings = [(Language::EN, vec![english.to_owned()]), (Language::PT, vec![portuguese.to_owned()])];
    GlossaryEntry { term: term.into(), forms: vec![], renderings: BTreeMap::from(renderings), note: None }
}

#[tokio::test]
async fn what_people_said_goes_before_the_machine_and_likeness_is_not_enough() {
    let bench = Bench::new().await;
    bench.write(Language::EN, NUMBERED).await;
    let memory = [
        by_person("Both are of brick.", "Ambas são de tijolo.", Context::default()),
        by_person("The towers are 21 metres high.", "As torres têm 21 metros.", Context::default()),
    ];
    bench.workshop.store.remember(&memory).await.unwrap();
    let report = make(&bench, Language::PT).await;
    assert_eq!((report.translated, report.translations_reused, report.translations_by_people), (3, 1, 1));
    let expected = ["BUILT IN 1285.", "THE TOWERS ARE 20 METRES HIGH.", "Ambas são de tijolo."];
    assert_eq!(contents(&bench, Language::PT).await, expected);

    let sentences = ["Built in 1285.", "The towers are 20 metres high.", "Both are of brick."];
    let here = by_person("Both are of brick.", "As duas são de tijolo.", Context::at(&sentences, 2));
    bench.workshop.store.remember(&[here]).await.unwrap();
    assert_eq!(make(&bench, Language::PT).await.translated, 0);
    assert_eq!(contents(&bench, Language::PT).await[2], "As duas são de tijolo.", "in context goes before out of it");
    let mut bench = bench;
    bench.workshop.engines = engines(&bench, &[(Language::EN, Language::PT)], "pairs 2");
    assert_eq!(make(&bench, Language::PT).await.translated, 3, "a newer machine never touches what people said");
    assert_eq!(contents(&bench, Language::PT).await[2], "As duas são de tijolo.");
}

#[tokio::test]
async fn what_the_machine_made_is_offered_to_reviewers_with_its_place() {
    let bench = Bench::new().await;
    make(&bench, Language::PT).await;
    let (pair, context) = ((Language::EN, Language::PT), Context::default());
    let source = "The southern one is taller.";
    let found = bench.workshop.store.matches(source, pair, &context, 75, 9).await.unwrap();
    assert_eq!((found.len(), found[0].score), (1, 80));
    assert_eq!(found[0].segment.target, "THE NORTHERN ONE IS TALLER.");
    assert_eq!(found[0].segment.origin, Origin::Stop { stop: bench.stop.slug.clone(), ordinal: Some(1) });
    assert!(matches!(&found[0].segment.author, Author::Machine { route, .. } if route.len() == 2));
    assert_eq!(found[0].segment.state, TextState::Draft);
}

#[tokio::test]
async fn a_finding_holds_the_guide_back_until_it_is_waived_whatever_the_policy() {
    let bench = Bench::new().await;
    bench.write(Language::EN, NUMBERED).await;
    *bench.counts.loses.lock().unwrap() = "1285".to_owned();
    let report = make(&bench, Language::PT).await;
    assert_eq!(report.outcome, Outcome::HeldBack { reason: HeldBack::OpenFindings });
    let finding = &report.findings[0];
    assert_eq!(
        (finding.stop.as_str(), finding.language, finding.place().as_str()),
        ("hai-thap", Language::PT, "sentence 1")
    );
    assert_eq!(
        (finding.source.as_str(), finding.finding.message.as_str()),
        ("Built in 1285.", "the number 1285 is missing")
    );
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.synthesized, 0, "nothing is spoken for a guide that is held back");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["reason"], &json["route"][0]), (&"open-findings".into(), &"en".into()));
    assert_eq!(json["findings"][0]["finding"]["message"], "the number 1285 is missing");

    let refused = bench.workshop.store.approve(bench.stop.id, Language::PT, "An").await.unwrap_err();
    assert!(matches!(&refused, StoreError::OpenFindings { place, .. } if place == "sentence 1"), "{refused}");
    bench.workshop.store.waive(finding.id, "An", "the year is in the next sentence").await.unwrap();
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::Published { edition: 1 });
    bench.counts.compared.lock().unwrap().clear();
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::UpToDate { edition: 1 });
    assert!(bench.counts.compared.lock().unwrap().is_empty(), "nothing changed, so nothing is compared again");
}

#[tokio::test]
async fn a_changed_sentence_is_compared_alone_and_newer_rules_compare_all() {
    let mut bench = Bench::new().await;
    bench.write(Language::EN, NUMBERED).await;
    make(&bench, Language::PT).await;
    assert_eq!(bench.counts.compared.lock().unwrap().drain(..).count(), 4, "three sentences and the title");
    bench.write(Language::EN, &NUMBERED.replace("20", "21")).await;
    make(&bench, Language::PT).await;
    let compared: Vec<_> = bench.counts.compared.lock().unwrap().drain(..).collect();
    let pair = ("The towers are 21 metres high.".to_owned(), "THE TOWERS ARE 21 METRES HIGH.".to_owned());
    assert_eq!(compared, [pair]);
    bench.workshop.checkers = vec![Arc::new(Numerals { counts: bench.counts.clone(), rules: "numerals 2" })];
    make(&bench, Language::PT).await;
    assert_eq!(bench.counts.compared.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn an_approved_translation_stays_whatever_the_machine_and_starts_other_routes() {
    let mut bench = Bench::new().await;
    bench.workshop.policy.publish_machine_translation = false;
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::HeldBack { reason: HeldBack::MachineTranslation });
    bench.workshop.store.approve(bench.stop.id, Language::PT, "An").await.unwrap().unwrap();
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::Published { edition: 1 });
    let edition = bench.workshop.store.current_edition(&bench.stop.slug, Language::PT).await.unwrap().unwrap().edition;
    assert!(edition.translation.unwrap().approved);
    bench.counts.take();
    bench.workshop.engines = engines(&bench, &[(Language::EN, Language::PT), (Language::PT, Language::ES)], "pairs 2");
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::UpToDate { edition: 1 });
    assert_eq!(bench.counts.take().0, 0, "a newer machine has nothing to do where people approved");
    let spanish = make(&bench, Language::ES).await;
    assert_eq!(spanish.route, [Language::PT, Language::ES], "the pivot starts from what was approved");

    bench.write(Language::EN, "The Twin Towers are two. The northern one is larger. Both are of brick.").await;
    let spanish = make(&bench, Language::ES).await;
    assert_eq!(
        spanish.route,
        [Language::EN, Language::PT, Language::ES],
        "what was approved for other words is no start"
    );
    let (portuguese, _) = text(&bench, Language::PT).await;
    assert_eq!(portuguese.state, TextState::Draft, "a new sentence waits for a person");
    let report = make(&bench, Language::PT).await;
    assert_eq!(report.translations_by_people, 2 + 1, "two approved sentences and the title stay as they were approved");
}

#[tokio::test]
async fn a_spot_check_keeps_a_guide_back_until_what_was_drawn_is_read() {
    let bench = Bench::new().await;
    let store = &bench.workshop.store;
    let site = store.site_by_id(bench.stop.site).await.unwrap().unwrap();
    let actor = Actor::shell();
    let spot = ReviewRule::Spot { share: Share::new(1).unwrap() };
    assert!(store.set_review_rule(&actor, &site, Language::PT, Some(spot)).await.unwrap());
    let held = Outcome::HeldBack { reason: HeldBack::SentencesToRead };
    assert_eq!(make(&bench, Language::PT).await.outcome, held, "whatever the collection's policy allows");
    let (text, sentences) = text(&bench, Language::PT).await;
    let drawn = store.marks_of(text.id).await.unwrap().into_iter().min_by_key(|mark| mark.lot).unwrap();
    let unit = sentences.iter().find(|sentence| Some(sentence.id) == drawn.sentence);
    let (ordinal, words) = unit.map_or((None, text.title.as_str()), |one| (Some(one.ordinal), one.content.as_str()));
    store.approve_sentence(&actor, &bench.stop, (Language::PT, ordinal), words).await.unwrap();
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::Published { edition: 1 });
    let edition = store.current_edition(&bench.stop.slug, Language::PT).await.unwrap().unwrap().edition;
    assert!(!edition.translation.unwrap().approved, "the page goes on saying that a machine translated");
    // Every sentence read one by one is a text approved, also where the machine comes again.
    store.set_review_rule(&actor, &site, Language::PT, Some(ReviewRule::Every)).await.unwrap();
    for sentence in &sentences {
        let spot = (Language::PT, Some(sentence.ordinal));
        store.approve_sentence(&actor, &bench.stop, spot, &sentence.content).await.unwrap();
    }
    store.approve_sentence(&actor, &bench.stop, (Language::PT, None), &text.title).await.unwrap();
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::Published { edition: 2 });
}

#[tokio::test]
async fn a_direct_pair_goes_before_a_pivot_and_a_pivot_is_compared_with_where_it_started() {
    let mut bench = Bench::new().await;
    bench.write(Language::EN, NUMBERED).await;
    let pivot = [(Language::EN, Language::PT), (Language::PT, Language::IT)];
    bench.workshop.engines = engines(&bench, &pivot, "pairs 1");
    *bench.counts.loses.lock().unwrap() = "1285".to_owned();
    make(&bench, Language::PT).await;
    bench.counts.loses.lock().unwrap().clear();
    let italian = make(&bench, Language::IT).await;
    assert_eq!(italian.route, [Language::EN, Language::PT, Language::IT]);
    assert_eq!(italian.outcome, Outcome::HeldBack { reason: HeldBack::OpenFindings });
    assert_eq!(italian.findings[0].source, "Built in 1285.", "what was lost on the way is seen at the end of it");
    assert_eq!(italian.findings[0].source_language, Language::EN);
    let direct = [pivot[0], pivot[1], (Language::EN, Language::IT)];
    bench.workshop.engines = engines(&bench, &direct, "pairs 1");
    let italian = make(&bench, Language::IT).await;
    assert_eq!((italian.route.as_slice(), italian.findings.len()), ([Language::EN, Language::IT].as_slice(), 0));
    assert!(matches!(italian.outcome, Outcome::Published { .. }));
    let edition = bench.workshop.store.current_edition(&bench.stop.slug, Language::IT).await.unwrap().unwrap().edition;
    assert_eq!(edition.translation.unwrap().route, [Language::EN, Language::IT], "the route is in the edition");
}

#[tokio::test]
async fn a_change_of_the_glossary_redoes_the_sentences_that_hold_the_entry_and_no_others() {
    let bench = Bench::new().await;
    let store = &bench.workshop.store;
    let brick = entry("gạch", "brick", "tijolo");
    let (english, sentences) = text(&bench, Language::EN).await;
    let mut own: Vec<String> = sentences.into_iter().map(|sentence| sentence.content).collect();
    own.push(english.title);
    // This machine gives capitals for every name, so a sentence with one is asked for again with a stand-in in it:
    // what counts is which of the text's own sentences were begun.
    let translated = async |glossary: &[GlossaryEntry]| {
        store.replace_glossary(glossary).await.unwrap();
        make(&bench, Language::PT).await;
        let mut asked: Vec<String> = bench.counts.translated.lock().unwrap().drain(..).collect();
        asked.retain(|sentence| own.contains(sentence));
        asked.sort();
        asked
    };
    let first = [entry("Tháp Đôi", "Twin Towers", "Torres Gémeas"), brick.clone()];
    assert_eq!(translated(&first).await.len(), 4);
    let towers = entry("Tháp Đôi", "Twin Towers", "Torres Gêmeas");
    assert_eq!(translated(&[towers.clone(), brick.clone()]).await, ["The Twin Towers are two."]);
    let mut french = towers.clone();
    french.renderings.insert(Language::FR, vec!["Tours jumelles".into()]);
    assert_eq!(translated(&[french.clone(), brick.clone()]).await, [""; 0], "the French of a name is no matter here");
    assert_eq!(translated(&[brick.clone(), french.clone()]).await, [""; 0], "nor is the order of the list");
    assert_eq!(translated(&[french]).await, ["Both are of brick."], "an entry that goes away");
    let north = entry("bắc", "northern", "norte");
    assert_eq!(translated(&[towers, north]).await, ["The northern one is taller."], "a new entry");
}

#[tokio::test]
async fn edits_by_people_outlive_any_number_of_runs() {
    let mut bench = Bench::new().await;
    let source = "Both are of brick.";
    let store = bench.workshop.store.clone();
    store.remember(&[by_person(source, "Ambas são de tijolo.", Context::default())]).await.unwrap();
    for revision in ["pairs 1", "pairs 2", "pairs 3"] {
        bench.workshop.engines = engines(&bench, &[(Language::EN, Language::PT)], revision);
        make(&bench, Language::PT).await;
        assert_eq!(contents(&bench, Language::PT).await[2], "Ambas são de tijolo.");
    }
    let history = store.history(source, Language::EN, Language::PT).await.unwrap();
    assert_eq!(history.len(), 1, "no machine left a trace beside it: {history:?}");
}

/// What a translator sends back: everything translated, nothing changed but the translations.
fn translated(mut sheet: Sheet, targets: [&str; 4], is_final: bool) -> Sheet {
    for (unit, target) in sheet.units.iter_mut().zip(targets) {
        unit.target = Some(target.to_owned());
        unit.is_final = is_final;
    }
    sheet.translator = Some("Inês".to_owned());
    sheet
}

const SENT_BACK: [&str; 4] =
    ["As torres", "Construídas em 1285.", "As torres têm 20 metros de altura.", "Ambas são de tijolo."];

#[tokio::test]
async fn a_sheet_goes_to_a_translator_and_comes_back_as_a_persons_text() {
    let bench = Bench::new().await;
    bench.write(Language::EN, NUMBERED).await;
    let store = &bench.workshop.store;
    *bench.counts.loses.lock().unwrap() = "1285".to_owned();
    make(&bench, Language::PT).await;
    let export = async || export_sheet(store, &bench.stop.slug, Some(Language::EN), Language::PT).await.unwrap();
    let sheet = export().await;
    let sources: Vec<_> = sheet.units.iter().map(|unit| (unit.sentence.is_none(), unit.source.as_str())).collect();
    assert_eq!(sources[..2], [(true, "Title in en"), (false, "Built in 1285.")]);
    assert_eq!(sheet.units[1].target.as_deref(), Some("BUILT IN ."));
    assert_eq!(sheet.units[1].notes, ["the number 1285 is missing"]);
    assert_eq!((sheet.units[1].offers[0].score, sheet.units[1].is_final), (101, false));

    let bad = translated(sheet.clone(), ["As torres", "Construídas em 1258.", SENT_BACK[2], SENT_BACK[3]], true);
    let checkers = &bench.workshop.checkers;
    let report = import_sheet(store, checkers, &bad, None, "torres.xlf").await.unwrap();
    assert_eq!((report.approved, report.translator.as_str(), report.findings.len()), (false, "Inês", 1));
    assert_eq!(
        text(&bench, Language::PT).await.0.state,
        TextState::Draft,
        "final or not, a wrong year is not approved"
    );
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::HeldBack { reason: HeldBack::NotApproved });

    let good = translated(export().await, SENT_BACK, true);
    let report = import_sheet(store, checkers, &good, Some("Inês Sousa"), "torres.xlf").await.unwrap();
    assert_eq!((report.approved, report.findings.len(), report.sentences), (true, 0, 3));
    let (head, _) = text(&bench, Language::PT).await;
    assert_eq!((head.author, head.state), (Author::Person { name: "Inês Sousa".into() }, TextState::Approved));
    assert_eq!(make(&bench, Language::PT).await.outcome, Outcome::Published { edition: 1 });
    let sentences = ["Built in 1285.", "The towers are 20 metres high.", "Both are of brick."];
    let context = Context::at(&sentences, 0);
    let known = store.said_by_people(sentences[0], Language::EN, Language::PT, &context).await.unwrap().unwrap();
    assert_eq!((known.score, known.segment.target.as_str()), (101, SENT_BACK[1]));
    assert_eq!(known.segment.state, TextState::Approved);
    let again = export().await;
    assert!(again.units.iter().all(|unit| unit.is_final && unit.notes.is_empty()));
    assert_eq!(again.units[2].target.as_deref(), Some(SENT_BACK[2]));
}

#[tokio::test]
async fn a_sheet_that_does_not_fit_is_refused_by_name_and_changes_nothing() {
    let bench = Bench::new().await;
    bench.write(Language::EN, NUMBERED).await;
    let store = &bench.workshop.store;
    let sheet = export_sheet(store, &bench.stop.slug, Some(Language::EN), Language::PT).await.unwrap();
    let good = translated(sheet, SENT_BACK, false);
    let with = |change: fn(&mut Sheet)| {
        let mut sheet = good.clone();
        change(&mut sheet);
        sheet
    };
    let cases: [(Sheet, &str); 6] = [
        (with(|sheet| sheet.units[2].source.push('!')), "sentence 2"),
        (with(|sheet| drop(sheet.units.remove(0))), "the title of `hai-thap` is missing"),
        (with(|sheet| sheet.units[3].target = Some("  ".into())), "sentence 3 of `hai-thap` has no translation"),
        (with(|sheet| sheet.units[3].sentence = sheet.units[2].sentence), "sentence 2 of `hai-thap` stands twice"),
        (with(|sheet| sheet.translator = None), "--by"),
        (with(|sheet| sheet.stop = "nowhere".parse().unwrap()), "there is no stop `nowhere`"),
    ];
    for (sheet, said) in cases {
        let error = import_sheet(store, &bench.workshop.checkers, &sheet, None, "x.xlf").await.unwrap_err().to_string();
        assert!(error.contains(said), "{said}: {error}");
        assert_eq!(store.text(bench.stop.id, Language::PT).await.unwrap(), None);
    }
    let same = export_sheet(store, &bench.stop.slug, Some(Language::EN), Language::EN).await;
    assert!(matches!(same, Err(SheetError::OneLanguage(language)) if language == Language::EN));
    let none = export_sheet(store, &bench.stop.slug, Some(Language::RU), Language::PT).await;
    assert!(matches!(none, Err(SheetError::NoSource { language, .. }) if language == Language::RU));
}
