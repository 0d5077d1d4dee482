//! Sentences said differently: heard before anything is kept, kept for the word, the sentence or the guide, and made anew
//! while somebody waits.

use super::hearing_tests::house;
use crate::domain::{Deed, JobKind, Language, Manner, Milliseconds, Pronunciation};
use crate::web::testing::{Answer, House};
use crate::web::testing_engines::SAMPLES_A_LETTER;

const HERE: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap/hearing/vi";
const API: &str = "/api/v1/staff/sites/thap-doi/stops/hai-ngon-thap/hearing/vi";

async fn post(house: &House, session: &str, address: &str, fields: &[(&str, &str)]) -> Answer {
    house.form(address, fields).signed(session).header("accept", "text/html").send().await
}

/// How many letters a sound lasts.
fn letters(answer: &Answer) -> usize {
    assert_eq!((answer.status, answer.header("content-type")), (200, "audio/wav"), "{}", answer.body);
    crate::audio::wav::read(&answer.bytes).unwrap().samples.len() / SAMPLES_A_LETTER
}

#[tokio::test]
async fn a_change_is_heard_before_it_is_kept() {
    let (house, ..) = house().await;
    let session = house.session("editor").await;
    let here = format!("{HERE}/preview");
    // "Tháp có hai tầng."
    let usual = letters(&post(&house, &session, &here, &[("ordinal", "0")]).await);
    assert_eq!(usual, 17);
    let word = [("ordinal", "0"), ("word", "Tháp"), ("kind", "alias"), ("said", "Tháp lớn")];
    assert_eq!(letters(&post(&house, &session, &here, &word).await), 21);
    assert_eq!(letters(&post(&house, &session, &here, &[("ordinal", "0"), ("speed", "50")]).await), 34);
    assert!(house.store.lexicon(Language::VI).await.unwrap().is_empty(), "a preview keeps nothing");
    assert_eq!(house.store.job_counts().await.unwrap().waiting, 0);
    // What cannot be said is told to whoever asked for it.
    let bad = [("ordinal", "0"), ("word", "Tháp"), ("kind", "alias"), ("said", "unsayable")];
    let refused = post(&house, &session, &here, &bad).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(post(&house, &session, &here, &[("ordinal", "9")]).await.status, 404);
    assert_eq!(post(&house, &session, &here, &[("ordinal", "0"), ("speed", "9")]).await.status, 422);
    let address = "/api/v1/staff/previews/vi";
    let body = serde_json::json!({ "sentence": "Tháp.", "word": "Tháp", "kind": "ipa", "said": "tʰaːp" });
    assert_eq!(letters(&house.json("POST", address, &body).signed(&session).send().await), 5);
    let viewer = house.session("viewer").await;
    assert_eq!(house.json("POST", address, &body).signed(&viewer).send().await.status, 403);
}

#[tokio::test]
async fn a_word_is_kept_for_every_guide_that_holds_it() {
    let (house, ..) = house().await;
    let session = house.session("editor").await;
    let fields = [("ordinal", "0"), ("word", "Tháp"), ("kind", "alias"), ("said", "Tháp lớn")];
    let done = post(&house, &session, &format!("{HERE}/word"), &fields).await;
    assert_eq!((done.status, done.header("location")), (303, format!("{HERE}?done=word#s0").as_str()));
    let said = house.store.pronunciation(Language::VI, "Tháp").await.unwrap();
    assert_eq!(said, Some(Pronunciation::Alias("Tháp lớn".to_owned())));
    assert_eq!(house.store.job_counts().await.unwrap().waiting, 1, "one guide holds the word");
    let again = post(&house, &session, &format!("{HERE}/word"), &fields).await;
    assert!(again.status == 409 && again.body.contains("đã có trong từ điển"), "{}", again.body);
    assert!(
        again.body.contains("maxlength=\"100\" value=\"Tháp lớn\""),
        "what was typed is shown again: {}",
        again.body
    );
    let manner = [("ordinal", "0"), ("speed", "9"), ("pause", "700")];
    let refused = post(&house, &session, &format!("{HERE}/manner"), &manner).await;
    assert!(refused.status == 422 && refused.body.contains("value=\"700\""), "{}", refused.body);
    // On its own page it is changed by whoever saw what stands, and taken away.
    let page = house.get("/staff/lexicon/vi?word=Th%C3%A1p").signed(&session).send().await;
    assert!(page.body.contains("value=\"Tháp lớn\"") && page.body.contains("Tháp có 2 tầng."), "{}", page.body);
    let tag = page.hidden().into_iter().find(|(name, _)| name == "tag").unwrap().1;
    let save = async |tag: &str, said: &str, what: &str| {
        let fields = [("tag", tag), ("word", "Tháp"), ("kind", "alias"), ("said", said), ("do", what)];
        post(&house, &session, "/staff/lexicon/vi", &fields).await
    };
    let late = save("", "Tháp nhỏ", "save").await;
    assert!(late.status == 409 && late.body.contains("value=\"Tháp nhỏ\""), "{}", late.body);
    assert_eq!(save(&tag, "Tháp nhỏ", "save").await.header("location"), "/staff/lexicon/vi?done=saved&n=1");
    assert_eq!(save(&tag, "x", "remove").await.status, 409);
    let page = house.get("/staff/lexicon/vi?word=Th%C3%A1p").signed(&session).send().await;
    let tag = page.hidden().into_iter().find(|(name, _)| name == "tag").unwrap().1;
    assert_eq!(save(&tag, "x", "remove").await.status, 303);
    assert_eq!(house.store.pronunciation(Language::VI, "Tháp").await.unwrap(), None);
    let deeds: Vec<Deed> = house.store.audit(None, 3).await.unwrap().into_iter().map(|entry| entry.deed).collect();
    assert!(deeds.iter().all(|deed| matches!(deed, Deed::LexiconChanged { .. })), "{deeds:?}");
    assert_eq!(post(&house, &session, &format!("{HERE}/word"), &[("word", "!"), ("kind", "alias")]).await.status, 422);
}

#[tokio::test]
async fn programs_change_the_lexicon_on_what_they_read() {
    let (house, ..) = house().await;
    let session = house.session("editor").await;
    let put = async |word: &str, if_match: &str, body: serde_json::Value| {
        let address = format!("/api/v1/staff/lexicon/en/{word}");
        house.json("PUT", &address, &body).header("if-match", if_match).signed(&session).send().await
    };
    let said = |said: &str| serde_json::json!({ "kind": "ipa", "said": said });
    assert_eq!(put("Shiva", "", said("ʃiːvə")).await.status, 428);
    let kept = put("Shiva", "\"none\"", said("ʃiːvə")).await;
    assert_eq!(kept.status, 200, "{}", kept.body);
    assert_eq!(put("Shiva", "\"none\"", said("x")).await.status, 412);
    let list = house.get("/api/v1/staff/lexicon/en").signed(&session).send().await.json();
    assert_eq!(
        (list["entries"][0]["word"].as_str(), list["entries"][0]["said"].as_str()),
        (Some("Shiva"), Some("ʃiːvə"))
    );
    assert_eq!(list["entries"][0]["etag"], kept.header("etag"));
    assert_eq!(put("Shiva", kept.header("etag"), serde_json::json!({ "kind": "no", "said": "x" })).await.status, 422);
    let remove = house.ask("DELETE", "/api/v1/staff/lexicon/en/Shiva").own().header("if-match", kept.header("etag"));
    assert_eq!(remove.signed(&session).send().await.status, 200);
    let gone = house.ask("DELETE", "/api/v1/staff/lexicon/en/Shiva").own().signed(&session).send().await;
    assert_eq!(gone.status, 404);
    // The lexicon counts for the whole house.
    let there = house.session("there").await;
    let other = house.json("PUT", "/api/v1/staff/lexicon/en/Shiva", &said("x")).header("if-match", "\"none\"");
    assert_eq!(other.signed(&there).send().await.status, 403);
}

#[tokio::test]
async fn a_manner_is_kept_for_a_sentence_or_the_guide() {
    let (house, _, stop) = house().await;
    let session = house.session("editor").await;
    let set = async |fields: &[(&str, &str)]| post(&house, &session, &format!("{HERE}/manner"), fields).await.status;
    assert_eq!(set(&[("ordinal", ""), ("voice", "binh"), ("speed", "90"), ("pause", "")]).await, 303);
    assert_eq!(set(&[("ordinal", "0"), ("voice", ""), ("speed", ""), ("pause", "1500")]).await, 303);
    let manners = house.store.manners(stop.id, Language::VI).await.unwrap();
    let first = manners.of("Tháp có 2 tầng.");
    assert_eq!((first.voice.as_deref(), first.speed, first.pause), (Some("binh"), Some(90), Some(Milliseconds(1500))));
    assert_eq!(set(&[("ordinal", "0"), ("voice", "nobody")]).await, 422);
    assert_eq!(set(&[("ordinal", "0"), ("pause", "99999")]).await, 422);
    assert_eq!(set(&[("ordinal", "7"), ("speed", "90")]).await, 404);
    let entry = house.store.audit(None, 1).await.unwrap().remove(0);
    assert!(matches!(entry.deed, Deed::MannerSet { ordinal: Some(0), .. }), "{entry:?}");
    // By programs too, and back to the usual.
    let body = serde_json::json!({});
    let put = house.json("PUT", &format!("{API}/manner"), &body).signed(&session).send().await;
    assert_eq!(put.status, 204, "{}", put.body);
    let put = house.json("PUT", &format!("{API}/sentences/0/manner"), &body).signed(&session).send().await;
    assert_eq!(put.status, 204);
    let manners = house.store.manners(stop.id, Language::VI).await.unwrap();
    assert_eq!((manners.guide, manners.sentences.len()), (Manner::default(), 0));
    let viewer = house.session("viewer").await;
    let refused = house.json("PUT", &format!("{API}/manner"), &body).signed(&viewer).send().await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn a_sentence_is_made_anew_and_the_others_are_not() {
    let (house, _, stop) = house().await;
    let session = house.session("editor").await;
    let before = house.store.guide_clips(stop.id, Language::VI).await.unwrap();
    let done = post(&house, &session, &format!("{HERE}/remake"), &[("ordinal", "0")]).await;
    assert_eq!(done.header("location"), format!("{HERE}?done=remade#s0"), "{}", done.body);
    let after = house.store.guide_clips(stop.id, Language::VI).await.unwrap();
    assert!(after[0].blob != before[0].blob && after[1] == before[1], "one sentence, one sound");
    let told = house.get(API).signed(&session).send().await.json();
    assert_eq!(told["sentences"][0]["standing"], "passed", "it was heard at once: {told}");
    let job = house.store.claim("w", Milliseconds(1000)).await.unwrap().unwrap();
    assert_eq!(job.kind, JobKind::MakeGuide { stop: stop.slug.clone(), language: Language::VI });
    // Once more: with nothing changed, in another manner; and each step is told to whoever asks for it.
    let address = format!("{API}/sentences/0/remake");
    let again = house.ask("POST", &address).own().signed(&session).header("accept", "text/event-stream").send().await;
    assert_eq!((again.status, again.header("content-type")), (200, "text/event-stream"));
    let steps: Vec<serde_json::Value> =
        again.body.split("\n\n").filter_map(|one| serde_json::from_str(one.strip_prefix("data: ")?).ok()).collect();
    let names: Vec<&str> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(names, ["waits", "speaks", "hears", "done"], "{}", again.body);
    assert_eq!((&steps[3]["take"], &steps[3]["verdict"]), (&serde_json::json!(1), &serde_json::json!("pass")));
    let once_more = house.ask("POST", &address).own().signed(&session).send().await.json();
    assert_eq!(once_more, serde_json::json!({ "take": 0, "verdict": "pass" }), "after the last manner the first");
    // A sentence that is heard to be wrong says so.
    let held = house.ask("POST", &format!("{API}/sentences/1/remake")).own().signed(&session).send().await.json();
    assert_eq!(held["verdict"], "hold");
    let gone = house.ask("POST", &format!("{API}/sentences/9/remake")).own().signed(&session).send().await;
    assert_eq!(gone.status, 404);
    let deeds = house.store.audit(None, 9).await.unwrap();
    assert_eq!(deeds.iter().filter(|entry| matches!(entry.deed, Deed::SentenceRemade { .. })).count(), 4);
}

/// Viewer, editor, reviewer, publisher, administrator of the house, administrator of another site.
#[tokio::test]
#[rustfmt::skip]
async fn each_role_gets_what_the_table_says() {
    let (house, ..) = house().await;
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], [u16; 6]);
    let rows: [Row<'_>; 8] = [
        ("/staff/lexicon/vi", &[], [200, 200, 200, 200, 200, 200]),
        ("/staff/lexicon", &[], [303, 303, 303, 303, 303, 303]),
        ("/staff/lexicon/vi/preview", &[("sentence", "Tháp.")], [403, 200, 200, 200, 200, 200]),
        ("/staff/lexicon/vi", &[("word", "!"), ("do", "save")], [403, 422, 422, 422, 422, 403]),
        ("HERE/preview", &[("ordinal", "0")], [403, 200, 200, 200, 200, 403]),
        ("HERE/word", &[("word", "!")], [403, 422, 422, 422, 422, 403]),
        ("HERE/manner", &[("ordinal", "9"), ("speed", "90")], [403, 404, 404, 404, 404, 403]),
        ("HERE/remake", &[("ordinal", "9")], [403, 404, 404, 404, 404, 403]),
    ];
    for (address, fields, expected) in rows {
        for (login, expected) in
            ["viewer", "editor", "reviewer", "publisher", "administrator", "there"].iter().zip(expected)
        {
            let session = house.session(login).await;
            let address = address.replace("HERE", HERE);
            let ask = if fields.is_empty() { house.get(&address) } else { house.form(&address, fields) };
            let answer = ask.signed(&session).header("accept", "text/html").send().await;
            assert_eq!(answer.status, expected, "{login} {address}\n{}", answer.body);
        }
    }
}
