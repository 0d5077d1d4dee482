//! Round trips of every format, files of other tools, hostile files.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::tmx::MemoryUnit;
use super::xliff::{Segment, SegmentNote, SegmentState, StopFile, Strays, Xliff};
use super::*;
use crate::domain::{GlossaryEntry, Language, SentenceId, Timestamp};

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/golden/exchange/", $name)).as_slice()
    };
}

fn memory(bytes: &[u8]) -> (Vec<MemoryUnit>, ReadReport) {
    let mut units = Vec::new();
    let report = tmx::read(bytes, |unit| units.push(unit)).unwrap();
    (units, report)
}

fn lines(told: &[Told]) -> Vec<usize> {
    told.iter().map(|one| one.line).collect()
}

#[test]
fn the_samples_are_written_as_they_were_and_survive_the_toolkit() {
    let (units, report) = memory(golden!("written/memory.tmx"));
    assert_eq!((units.len(), &report), (4, &ReadReport::default()));
    assert_eq!(tmx::write(&units).unwrap().as_bytes(), golden!("written/memory.tmx"));
    assert_eq!(memory(golden!("saved/memory.tmx")), (units, report));

    let (entries, report) = tbx::read(golden!("written/glossary.tbx")).unwrap();
    assert_eq!((entries.len(), &report), (4, &ReadReport::default()));
    assert_eq!(tbx::write(&entries).unwrap().as_bytes(), golden!("written/glossary.tbx"));
    assert_eq!(tbx::read(golden!("saved/glossary.tbx")).unwrap(), (entries, report));

    let texts = xliff::read(golden!("written/texts.xlf")).unwrap();
    assert_eq!(texts.files.iter().map(|file| file.segments.len()).sum::<usize>(), 5);
    assert_eq!(xliff::write(&texts).unwrap().as_bytes(), golden!("written/texts.xlf"));
    assert_eq!(xliff::read(golden!("saved/texts.xlf")).unwrap(), texts);
}

/// Any text that XML can hold; what is special to it comes often.
fn xml_text() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        4 => proptest::char::any().prop_filter("XML holds it", |c| {
            !matches!(*c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
        }),
        4 => proptest::sample::select(" \t\n\r&<>'\"]\u{85}\u{2028}\u{202e}שא😀ưu\u{31b}".chars().collect::<Vec<_>>()),
        1 => Just('a'),
    ];
    let text = proptest::collection::vec(char, 1..24).prop_map(String::from_iter);
    prop_oneof![8 => text, 1 => Just("]]> <![CDATA[x]]> &amp; <!-- --> &#0; <seg>".to_owned())]
        .prop_filter("it says something", |text| !text.trim().is_empty())
}

fn language() -> impl Strategy<Value = Language> {
    proptest::sample::select(Language::all().collect::<Vec<_>>())
}

fn moment() -> impl Strategy<Value = Option<Timestamp>> {
    proptest::option::of((0_i64..250_000_000_000).prop_map(|seconds| Timestamp(seconds * 1000)))
}

prop_compose! {
    fn memory_unit()(
        languages in (language(), language()).prop_filter("two languages", |(from, to)| from != to),
        texts in (xml_text(), xml_text()),
        people in (proptest::option::of(xml_text()), proptest::option::of(xml_text())),
        times in (moment(), moment()),
        about in (proptest::option::of(xml_text()), proptest::option::of(xml_text())),
        notes in proptest::collection::vec(xml_text(), 0..3),
    ) -> MemoryUnit {
        MemoryUnit {
            from: languages.0, to: languages.1, source: texts.0, target: texts.1,
            author: people.0, changed_by: people.1, created: times.0, changed: times.1,
            state: about.0, context: about.1, notes,
        }
    }
}

prop_compose! {
    fn entry()(
        term in xml_text(),
        forms in proptest::collection::vec(xml_text(), 0..3),
        renderings in proptest::collection::btree_map(language(), proptest::collection::vec(xml_text(), 1..3), 0..4),
        note in proptest::option::of(xml_text()),
    ) -> GlossaryEntry {
        GlossaryEntry { term, forms, renderings, note }
    }
}

prop_compose! {
    fn segment()(
        paragraph in 0_u32..3,
        source in xml_text(),
        target in proptest::option::of(xml_text()),
        state in proptest::sample::select(vec![SegmentState::Initial, SegmentState::Translated, SegmentState::Reviewed, SegmentState::Final]),
        notes in proptest::collection::vec(("[a-z]{1,5}", xml_text()), 0..2),
    ) -> Segment {
        let notes = notes.into_iter().map(|(category, text)| SegmentNote { category, text }).collect();
        Segment { sentence: SentenceId(0), paragraph, source, target, state, notes }
    }
}

proptest! {
    #[test]
    fn memory_reads_back(units in proptest::collection::vec(memory_unit(), 0..4)) {
        let file = tmx::write(&units).unwrap();
        prop_assert_eq!(memory(file.as_bytes()), (units.clone(), ReadReport::default()));
        let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(file.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        prop_assert_eq!(memory(&wide).0, units);
    }

    #[test]
    fn glossaries_read_back(entries in proptest::collection::vec(entry(), 0..4)) {
        let mut seen = std::collections::HashSet::new();
        let entries: Vec<GlossaryEntry> = entries.into_iter().filter(|entry| seen.insert(entry.term.clone())).collect();
        let file = tbx::write(&entries).unwrap();
        prop_assert_eq!(tbx::read(file.as_bytes()).unwrap(), (entries, ReadReport::default()));
    }

    #[test]
    fn texts_read_back(mut segments in proptest::collection::vec(segment(), 1..6), original in xml_text()) {
        segments.sort_by_key(|segment| segment.paragraph);
        for (segment, number) in segments.iter_mut().zip(1..) {
            segment.sentence = SentenceId(number);
        }
        let file = StopFile { id: "hai-ngon-thap".into(), original, segments };
        let document = Xliff { from: Language::VI, to: Language::JA, files: vec![file] };
        prop_assert_eq!(xliff::read(xliff::write(&document).unwrap().as_bytes()).unwrap(), document);
    }

    #[test]
    fn no_file_ends_the_reader(text in "(<tu>|</tu>|<tmx|>|<!\\[CDATA\\[|\\]\\]>|\"|<!--|<xliff version='2.0'>|<martif>|<termEntry|/>|&x;|é){0,12}") {
        for file in [text.clone(), format!("<tmx>{text}</tmx>"), format!("<martif>{text}</martif>")] {
            let _ = tmx::read(file.as_bytes(), |_| ());
            let _ = tbx::read(file.as_bytes());
            let _ = xliff::read(file.as_bytes());
            let _ = tsv::read(&file);
        }
    }
}

#[test]
fn what_xml_cannot_hold_is_refused_by_name() {
    for bad in ["a\u{b}b", "\0", "\u{ffff}"] {
        let unit = MemoryUnit::new(Language::VI, "Tháp Đôi", Language::EN, bad);
        let error = tmx::write([&unit]).unwrap_err().to_string();
        assert!(error.contains("unit 1 (`Tháp Đôi`)") && error.contains("U+"), "{error}");
        let entry =
            GlossaryEntry { term: "Chăm".into(), forms: vec![], renderings: BTreeMap::new(), note: Some(bad.into()) };
        assert!(tbx::write(&[entry]).unwrap_err().to_string().contains("`Chăm`"));
        let error = xliff::write(&stop(&[(7, "x", Some(bad))])).unwrap_err().to_string();
        assert!(error.contains("stop `tower`, sentence 7"), "{error}");
    }
}

fn stop(sentences: &[(i64, &str, Option<&str>)]) -> Xliff {
    let segment = |(number, source, target): &(i64, &str, Option<&str>)| Segment {
        sentence: SentenceId(*number),
        paragraph: 0,
        source: (*source).to_owned(),
        target: target.map(str::to_owned),
        state: SegmentState::Translated,
        notes: Vec::new(),
    };
    let file = StopFile { id: "tower".into(), original: "x".into(), segments: sentences.iter().map(segment).collect() };
    Xliff { from: Language::VI, to: Language::EN, files: vec![file] }
}

#[test]
fn memories_of_other_tools_come_in_without_their_codes() {
    let file = r#"<?xml version="1.0"?>
<tmx version="1.4"><header srclang="EN-us" creationtool="x"/><body>
<tu tuid="1" creationid="all"><prop type="x-state">old</prop>
 <tuv xml:lang="en-US"><seg>The <bpt i="1">&lt;b></bpt><hi>two</hi><ept i="1">&lt;/b></ept> towers<ph x="1"><sub>alt</sub></ph>.</seg></tuv>
 <tuv xml:lang="pt-BR" creationid="Ana"><seg>As duas torres.</seg></tuv>
 <tuv lang="fr"><seg><![CDATA[Les deux <tours>.]]></seg></tuv>
 <tuv xml:lang="th"><seg>?</seg></tuv>
</tu>
<tu><tuv xml:lang="pt"><seg>Só uma</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>broken</seg></tuv><tuv></tu>
<!-- <tu> --><tu><tuv xml:lang="en"><seg>One</seg></tuv><tuv xml:lang="de"><seg> </seg></tuv></tu>
<tu srclang="*all*"><tuv xml:lang="vi"><seg>Một</seg></tuv><tuv xml:lang="en"><seg>One</seg></tuv></tu>
</body></tmx>"#;
    let (units, report) = memory(file.as_bytes());
    let short: Vec<_> = units.iter().map(|u| (u.from, u.to, u.source.as_str(), u.target.as_str())).collect();
    assert_eq!(
        short,
        [
            (Language::EN, Language::PT, "The two towers.", "As duas torres."),
            (Language::EN, Language::FR, "The two towers.", "Les deux <tours>."),
            (Language::VI, Language::EN, "Một", "One"),
        ]
    );
    assert_eq!((units[0].author.as_deref(), units[1].author.as_deref()), (Some("Ana"), Some("all")));
    assert_eq!(units[0].state.as_deref(), Some("old"));
    assert_eq!(lines(&report.flattened), [4]);
    assert_eq!(lines(&report.refused), [7, 9, 10, 11], "{report:?}");
}

#[test]
fn a_file_that_was_cut_gives_what_is_whole() {
    let units = [
        MemoryUnit::new(Language::VI, "Một", Language::EN, "One"),
        MemoryUnit::new(Language::VI, "Hai", Language::EN, "Two"),
    ];
    let file = tmx::write(&units).unwrap();
    let cut = file.find("Two").unwrap();
    let (found, report) = memory(&file.as_bytes()[..cut]);
    assert_eq!(found, units[..1]);
    assert!(report.refused.iter().any(|told| told.what.contains("cut")), "{report:?}");
}

#[test]
fn glossaries_of_both_standards_come_in() {
    let file = r#"<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min"
 xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body>
<conceptEntry id="c1"><langSec xml:lang="vi-VN"><termSec><term>Tháp Chàm</term></termSec><termSec><term>Tháp Đôi</term>
 <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec></langSec>
 <langSec xml:lang="en"><termSec><term>Twin Towers</term></termSec><termSec><term>Two Towers</term>
 <min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec></langSec></conceptEntry>
<conceptEntry id="c2"><langSec xml:lang="en"><termSec><term>nobody</term></termSec></langSec></conceptEntry>
</body></text></tbx>"#;
    let (entries, report) = tbx::read(file.as_bytes()).unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].term.as_str(), &entries[0].forms), ("Tháp Đôi", &vec!["Tháp Chàm".to_owned()]));
    assert_eq!(entries[0].renderings[&Language::EN], ["Twin Towers"]);
    assert_eq!(lines(&report.refused), [5, 7], "{report:?}");
}

#[test]
fn a_returned_text_is_compared_with_today() {
    let back = stop(&[(1, "Một.", Some("One.")), (2, "Hai.", None), (4, "Bốn.", Some("Four."))]);
    let today = [(SentenceId(1), "Một."), (SentenceId(2), "Hai!"), (SentenceId(3), "Ba.")];
    let strays = back.files[0].strays(&today);
    let ids = |numbers: &[i64]| numbers.iter().map(|number| SentenceId(*number)).collect::<Vec<_>>();
    assert_eq!(strays, Strays { changed: ids(&[2]), unknown: ids(&[4]), missing: ids(&[3]) });
    assert!(
        back.files[0].strays(&[(SentenceId(1), "Một."), (SentenceId(2), "Hai."), (SentenceId(4), "Bốn.")]).is_none()
    );
}

#[test]
fn split_sentences_are_joined_and_half_of_one_is_refused() {
    let file = |last: &str| {
        format!(
            r#"<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="vi" trgLang="en-GB"><file id="f">
<unit id="s5"><segment state="final"><source>Một, </source><target>One, </target></segment><ignorable><source> </source></ignorable>
<segment state="translated"><source><pc id="1">hai</pc>.</source>{last}</segment></unit></file></xliff>"#
        )
    };
    let joined = xliff::read(file("<target><mrk id='m' type='term'>two</mrk>.</target>").as_bytes()).unwrap();
    let segment = &joined.files[0].segments[0];
    assert_eq!((segment.source.as_str(), segment.target.as_deref()), ("Một,  hai.", Some("One,  two.")));
    assert_eq!((segment.state, segment.sentence), (SegmentState::Translated, SentenceId(5)));
    let error = xliff::read(file("").as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("line 2") && error.contains("`s5` was split"), "{error}");
}

#[test]
fn hostile_files_are_refused() {
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>"#;
    let deep = format!("{}x{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let wide = "x".repeat(50 << 20);
    for root in ["tmx", "martif", "xliff"] {
        let file = format!("{laughs}<{root} version=\"2.1\"><body>&b;</body></{root}>");
        assert!(tmx::read(file.as_bytes(), |_| ()).is_err());
        assert!(tbx::read(file.as_bytes()).is_err());
        assert!(xliff::read(file.as_bytes()).is_err());
    }
    for tu in [deep.clone(), format!("<tuv xml:lang=\"{wide}\"/>"), "&b;".to_owned()] {
        let (units, report) = memory(format!("<tmx><body><tu>{tu}</tu></body></tmx>").as_bytes());
        assert_eq!((units.len(), report.refused.len()), (0, 1));
    }
    let attribute = format!("<tmx x=\"{wide}\"></tmx>");
    assert!(tmx::read(attribute.as_bytes(), |_| ()).is_err());
    assert!(xliff::read(attribute.as_bytes()).is_err());
    let nested = format!("<xliff version=\"2.1\" srcLang=\"vi\" trgLang=\"en\"><file id=\"f\">{deep}</file></xliff>");
    assert!(xliff::read(nested.as_bytes()).is_ok_and(|read| read.files[0].segments.is_empty()));
    assert!(tmx::read(b"<html/>", |_| ()).is_err_and(|error| error.to_string().contains("<tmx> is expected")));
    assert!(tmx::read(&[0xff, 0xfe, 0x3c], |_| ()).is_err());
    assert!(tmx::read(b"<tmx>\n\xff", |_| ()).is_err_and(|error| error.to_string().starts_with("line 2")));
}

proptest! {
    #[test]
    fn tables_read_back(
        terms in proptest::collection::btree_set("[A-Za-zđưạ]{1,6}", 1..5),
        forms in proptest::collection::vec("[a-zđ]{1,4}( [a-z]{1,3})?", 0..3),
        note in proptest::option::of("[a-z]{1,5}"),
    ) {
        let renderings: BTreeMap<_, _> = [(Language::JA, forms.clone())].into_iter().filter(|(_, all)| !all.is_empty()).collect();
        let entry = |term| GlossaryEntry { term, forms: forms.clone(), renderings: renderings.clone(), note: note.clone() };
        let entries: Vec<GlossaryEntry> = terms.into_iter().map(entry).collect();
        prop_assert_eq!(tsv::read(&tsv::write(&entries).unwrap()).unwrap(), entries);
    }
}
