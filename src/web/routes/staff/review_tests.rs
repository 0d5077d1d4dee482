//! A translation from what a machine wrote to what a person stands behind, as its reviewer meets it.

use crate::domain::{Author, Deed, Hearing, Language, Listener, Role, Scope, SiteId, Slug, Stop, TextState, Verdict};
use crate::domain::{ContentHash, Finding, FindingKind, Span};
use crate::store::{NewCheck, NewText, StoredHearing};
use crate::web::testing::{House, plain};

pub(super) const HERE: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap/review/en";
const SOURCES: [&str; 2] = ["Xây năm 1285.", "Tháp có 2 tầng."];
pub(super) const WRONG: &str = "Built in 1258 <script>alert(1)</script>.";

/// A machine's English text of two sentences, the first with a wrong year and a script in it.
pub(super) async fn house() -> (House, [SiteId; 2], Stop) {
    let (house, sites) = House::with_sites().await;
    let slug: Slug = "hai-ngon-thap".parse().unwrap();
    let stop = house.store.stop(&slug).await.unwrap().unwrap();
    let text = NewText {
        stop: stop.id,
        language: Language::EN,
        title: "Two towers".to_owned(),
        author: Author::Machine { engine: "bergamot".to_owned(), route: vec![Language::VI, Language::EN] },
        state: TextState::Draft,
        made_from: Some(ContentHash::of(b"the source")),
        sentences: NewText::sentences_of(vec![vec![WRONG.to_owned(), "The tower has 2 storeys.".to_owned()]]),
    };
    house.store.put_text(&text).await.unwrap();
    let (text, sentences) = house.store.text(stop.id, Language::EN).await.unwrap().unwrap();
    let year = Finding {
        kind: FindingKind::Year,
        source: Some(Span { text: "1285".to_owned(), start: 8, end: 12 }),
        target: Some(Span { text: "1258".to_owned(), start: 9, end: 13 }),
        accepted: Vec::new(),
        message: "the year 1285 came out as 1258".to_owned(),
    };
    let check = |sentence: &crate::domain::Sentence| NewCheck {
        sentence: Some(sentence.id),
        source_language: Language::VI,
        source: SOURCES[sentence.ordinal as usize].to_owned(),
        target: sentence.content.clone(),
        rules: ContentHash::of(b"rules"),
        noted: Vec::new(),
        findings: if sentence.ordinal == 0 { vec![year.clone()] } else { Vec::new() },
    };
    house.store.put_checks(text.id, &sentences.iter().map(check).collect::<Vec<_>>()).await.unwrap();
    for role in Role::ALL {
        house.person(role.word(), Scope::House, role).await;
    }
    house.person("there", Scope::Site(sites[1]), Role::Administrator).await;
    (house, sites, stop)
}

fn seen(page: &crate::web::testing::Answer) -> String {
    page.hidden().into_iter().find(|(name, _)| name == "seen").unwrap().1
}

#[tokio::test]
async fn a_wrong_year_is_mended_and_the_text_approved() {
    let (house, _, stop) = house().await;
    let session = house.session("reviewer").await;
    let list = house.get("/staff/review").signed(&session).send().await;
    assert!(list.body.contains(HERE) && list.body.contains("<td class=\"number\">1</td>"), "{}", list.body);
    let page = house.get(HERE).signed(&session).send().await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(!page.body.contains("<script>alert"), "what a text says is shown as text");
    assert!(page.body.contains("<mark>1258</mark>") && page.body.contains("<mark>1285</mark>"), "{}", page.body);
    assert!(page.body.contains("vi → en (bergamot)") && page.body.contains("máy dịch"));
    // With something found, nobody approves.
    let refused = house.form(&format!("{HERE}/approve"), &[("seen", &seen(&page))]).signed(&session).send().await;
    assert!(refused.status == 409 && refused.body.contains("còn 1"), "{}", refused.body);
    let mend = async |was: &str, words: &str| {
        let fields = [("ordinal", "0"), ("was", was), ("words", words)];
        house.form(&format!("{HERE}/sentence"), &fields).signed(&session).send().await
    };
    // Another wrong year is found at once.
    assert_eq!(mend(WRONG, "Built in 1385.").await.status, 303);
    let open = house.store.findings(Some(&stop.slug)).await.unwrap();
    assert!(open.len() == 1 && open[0].finding.message.contains("1385"), "{open:?}");
    assert_eq!(mend("Built in 1385.", "Built in 1285.").await.status, 303);
    assert!(house.store.findings(Some(&stop.slug)).await.unwrap().is_empty());
    // Who read the words before that sees both, and loses nothing.
    let late = mend("Built in 1385.", "Built in the <b>year</b> 1285.").await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Built in 1285."), "{}", late.body);
    assert!(plain(&late.body).contains("Built in the <b>year</b> 1285.</textarea>"), "{}", late.body);
    assert_eq!(mend("Built in 1285.", "  ").await.status, 409);
    // What was approved is what was read.
    let old = seen(&page);
    let changed = house.form(&format!("{HERE}/approve"), &[("seen", &old)]).signed(&session).send().await;
    assert_eq!(changed.status, 409);
    let page = house.get(HERE).signed(&session).send().await;
    let done = house.form(&format!("{HERE}/approve"), &[("seen", &seen(&page))]).signed(&session).send().await;
    assert_eq!(done.header("location"), format!("{HERE}?done=approved"));
    let (text, _) = house.store.text(stop.id, Language::EN).await.unwrap().unwrap();
    assert_eq!(text.state, TextState::Approved);
    assert_eq!(house.store.job_counts().await.unwrap().waiting, 1, "the guide is asked for");
    let deeds: Vec<Deed> = house.store.audit(None, 9).await.unwrap().into_iter().map(|entry| entry.deed).collect();
    assert_eq!(deeds[0], Deed::TextApproved { language: Language::EN });
    assert_eq!(deeds.iter().filter(|deed| matches!(deed, Deed::SentenceMended { .. })).count(), 2);
    // A machine that comes again is told what the person said.
    let context = crate::store::Context { previous: None, next: Some(SOURCES[1].to_owned()) };
    let said = house.store.said_by_people(SOURCES[0], Language::VI, Language::EN, &context).await.unwrap().unwrap();
    assert_eq!((said.score, said.segment.target.as_str()), (101, "Built in 1285."));
}

#[tokio::test]
async fn a_finding_is_let_pass_for_a_reason_only() {
    let (house, _, stop) = house().await;
    let session = house.session("reviewer").await;
    let id = house.store.findings(Some(&stop.slug)).await.unwrap()[0].id.to_string();
    let waive = async |reason: &str| {
        let fields = [("finding", id.as_str()), ("reason", reason)];
        house.form(&format!("{HERE}/waive"), &fields).signed(&session).send().await
    };
    assert_eq!(waive(" ").await.status, 409);
    assert_eq!(waive("Theo bia ký").await.status, 303);
    let page = house.get(HERE).signed(&session).send().await;
    assert!(page.body.contains("reviewer cho qua: Theo bia ký"), "{}", page.body);
    let entry = house.store.audit(None, 1).await.unwrap().remove(0);
    assert!(matches!(entry.deed, Deed::FindingWaived { .. }) && entry.subject == "hai-ngon-thap");
}

#[tokio::test]
async fn a_held_clip_is_played_and_let_pass() {
    let (house, _, stop) = house().await;
    let session = house.session("reviewer").await;
    let hearing = Hearing {
        verdict: Verdict::Hold,
        wer: Some(0.5),
        cer: 0.5,
        longest_divergent_run: 1,
        heard: "the tower has three <i>storeys</i>".to_owned(),
        words: Vec::new(),
        findings: Vec::new(),
        listener: Listener { engine: "e".to_owned(), model: "m".to_owned(), rules: "r".to_owned() },
    };
    let key = ContentHash::of(b"hearing");
    let stored = StoredHearing { key, clip: key, blob: house.mp3, take: 0, listener: key, hearing };
    house.store.put_hearing(&stored).await.unwrap();
    let said = [(1, "The tower has 2 storeys.".to_owned(), key)];
    house.store.put_guide_hearings(stop.id, Language::EN, &said).await.unwrap();
    let page = house.get(HERE).signed(&session).send().await;
    assert!(page.body.contains("the tower has three &#60;i&#62;"), "{}", page.body);
    let clip = format!("{HERE}/clips/1");
    let part = house.get(&clip).signed(&session).header("range", "bytes=0-9").send().await;
    assert_eq!((part.status, part.bytes.as_slice()), (206, &house.mp3_bytes[..10]));
    assert_eq!(part.header("cache-control"), "no-store");
    assert_eq!(house.get(&clip).send().await.status, 401);
    assert_eq!(house.get(&format!("{HERE}/clips/0")).signed(&session).send().await.status, 404);
    let id = house.store.guide_hearings(None, None).await.unwrap()[0].id.to_string();
    let fields = [("clip", id.as_str()), ("reason", "nghe rõ")];
    assert_eq!(house.form(&format!("{HERE}/accept"), &fields).signed(&session).send().await.status, 303);
    assert!(house.store.clip_is_accepted(house.mp3).await.unwrap());
    let entry = house.store.audit(None, 1).await.unwrap().remove(0);
    assert!(matches!(entry.deed, Deed::ClipAccepted { ordinal: 1, .. }), "{entry:?}");
}

/// Viewer, editor, reviewer, publisher, administrator of the house, administrator of another site.
#[tokio::test]
#[rustfmt::skip]
async fn each_role_gets_what_the_table_says() {
    let (house, ..) = house().await;
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], [u16; 6]);
    let rows: [Row<'_>; 6] = [
        ("", &[], [200, 200, 200, 200, 200, 403]),
        ("/clips/0", &[], [404, 404, 404, 404, 404, 403]),
        ("/sentence", &[("ordinal", "0"), ("was", "x"), ("words", "y")], [403, 409, 409, 409, 409, 403]),
        ("/waive", &[("finding", "99"), ("reason", "y")], [403, 403, 404, 404, 404, 403]),
        ("/accept", &[("clip", "99"), ("reason", "y")], [403, 403, 404, 404, 404, 403]),
        ("/approve", &[("seen", "x")], [403, 403, 422, 422, 422, 403]),
    ];
    for (rest, fields, expected) in rows {
        for (login, expected) in
            ["viewer", "editor", "reviewer", "publisher", "administrator", "there"].iter().zip(expected)
        {
            let session = house.session(login).await;
            let address = format!("{HERE}{rest}");
            let ask = if fields.is_empty() { house.get(&address) } else { house.form(&address, fields) };
            let answer = ask.signed(&session).header("accept", "text/html").send().await;
            assert_eq!(answer.status, expected, "{login} {address}\n{}", answer.body);
        }
    }
    // Another site's address opens nothing here.
    let there = house.session("there").await;
    let other = HERE.replace("thap-doi", "phu-cat");
    assert_eq!(house.get(&other).signed(&there).header("accept", "text/html").send().await.status, 404);
}
