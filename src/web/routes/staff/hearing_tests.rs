//! A guide as it is heard: what the page and the interface say of each sentence, and who decides about its sound.

use crate::domain::{
    Author, ContentHash, Deed, Hearing, HearingFinding, HearingKind, Hertz, Language, Listener, Milliseconds, Role,
    Scope, SiteId, Stop, TextState, TimedWord, Timestamp, Verdict, VoiceMark,
};
use crate::pipeline::publishing::{Standing, standings};
use crate::store::{Clip, NewText, StoredHearing};
use crate::web::testing::{Answer, House, plain};

const HERE: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap/hearing/vi";
const API: &str = "/api/v1/staff/sites/thap-doi/stops/hai-ngon-thap/hearing/vi";
const SAID: [&str; 3] = ["Tháp có 2 tầng.", "Tháp <b>Nam</b> thấp hơn.", "Mời quý khách nhìn lên."];

fn hearing(verdict: Verdict) -> Hearing {
    let word = |text: &str, start, end| TimedWord {
        text: text.to_owned(),
        start: Milliseconds(start),
        end: Milliseconds(end),
    };
    let findings = vec![HearingFinding {
        kind: HearingKind::Fact,
        expected: "hai".to_owned(),
        heard: "ba".to_owned(),
        at: Some([Milliseconds(700), Milliseconds(900)]),
        message: "`hai` was heard as `ba`".to_owned(),
    }];
    Hearing {
        verdict,
        wer: Some(0.25),
        cer: 0.125,
        longest_divergent_run: 1,
        heard: "tháp có ba tầng".to_owned(),
        words: vec![word("tháp", 100, 400), word("có", 400, 700), word("ba", 700, 900), word("tầng", 900, 1300)],
        findings: if verdict == Verdict::Pass { vec![] } else { findings },
        listener: Listener { engine: "whisper".into(), model: "whisper-medium".into(), rules: "9".into() },
    }
}

/// A Vietnamese guide of three sentences: the first was heard to be wrong, the second nobody heard, the third has no
/// sound.
pub(super) async fn house() -> (House, [SiteId; 2], Stop) {
    let (house, sites) = House::with_sites().await;
    let stop = house.store.stop(&"hai-ngon-thap".parse().unwrap()).await.unwrap().unwrap();
    let text = NewText {
        stop: stop.id,
        language: Language::VI,
        title: "Hai ngọn tháp".to_owned(),
        author: Author::Person { name: "An".to_owned() },
        state: TextState::Approved,
        made_from: None,
        sentences: NewText::sentences_of(vec![SAID.iter().map(|said| (*said).to_owned()).collect()]),
    };
    house.store.put_text(&text).await.unwrap();
    let mark = VoiceMark {
        engine: "espeak-ng".into(),
        model: "espeak-ng".into(),
        voice: "vi".into(),
        synthetic: true,
        last_resort: true,
    };
    let key = |n: usize| ContentHash::of(SAID[n].as_bytes());
    for n in 0..2 {
        let blob = if n == 0 { house.mp3 } else { house.master };
        let clip = Clip {
            key: key(n),
            blob,
            rate: Hertz(24_000),
            samples: 36_000,
            mark: mark.clone(),
            take: 0,
            made_at: Timestamp(0),
        };
        house.store.put_clip(&clip).await.unwrap();
    }
    let clips = [(0, SAID[0].to_owned(), key(0)), (1, SAID[1].to_owned(), key(1))];
    house.store.put_guide_clips(stop.id, Language::VI, &clips).await.unwrap();
    let heard = ContentHash::of(b"hearing");
    let stored = StoredHearing {
        key: heard,
        clip: key(0),
        blob: house.mp3,
        take: 0,
        listener: heard,
        hearing: hearing(Verdict::Hold),
    };
    house.store.put_hearing(&stored).await.unwrap();
    house.store.put_guide_hearings(stop.id, Language::VI, &[(0, SAID[0].to_owned(), heard)]).await.unwrap();
    for role in Role::ALL {
        house.person(role.word(), Scope::House, role).await;
    }
    house.person("there", Scope::Site(sites[1]), Role::Administrator).await;
    (house, sites, stop)
}

async fn decide(house: &House, session: &str, fields: &[(&str, &str)]) -> Answer {
    house.form(&format!("{HERE}/decide"), fields).signed(session).header("accept", "text/html").send().await
}

#[tokio::test]
async fn a_guide_is_shown_as_it_was_heard() {
    let (house, ..) = house().await;
    let session = house.session("viewer").await;
    let page = house.get(HERE).signed(&session).send().await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("Tháp &#60;b&#62;Nam"), "what a text says is shown as text");
    assert!(page.body.contains("<del>hai</del> <ins>ba</ins>"), "{}", page.body);
    assert!(page.body.contains(&format!("href=\"{HERE}/clips/0#t=0.700\"")), "a word plays from its moment");
    assert!(page.body.contains("Sai 25.0 % số từ, 12.5 % số chữ") && page.body.contains("whisper-medium"));
    assert!(page.body.contains("nghe ra không đúng") && page.body.contains("chưa ai nghe lại"), "{}", page.body);
    assert!(page.body.contains("chưa có âm thanh") && page.body.contains("ấn bản 1"));
    assert!(!page.body.contains("/decide\""), "a viewer decides nothing");
    let clip = house.get(&format!("{HERE}/clips/0")).signed(&session).header("range", "bytes=0-9").send().await;
    assert_eq!((clip.status, clip.bytes.as_slice()), (206, &house.mp3_bytes[..10]));
    assert_eq!(house.get(&format!("{HERE}/clips/2")).signed(&session).send().await.status, 404);
    let told = house.get(API).signed(&session).send().await.json();
    let standings: Vec<&str> =
        told["sentences"].as_array().unwrap().iter().map(|one| one["standing"].as_str().unwrap()).collect();
    assert_eq!(standings, ["held", "unheard", "silent"]);
    let first = &told["sentences"][0];
    assert_eq!(first["spoken"], "Tháp có hai tầng.");
    assert_eq!(first["heard"]["words"][2]["start"], 700);
    assert_eq!(first["heard"]["pieces"][1]["meant"], "hai");
    let sound = house.get(first["url"].as_str().unwrap()).signed(&session).send().await;
    assert_eq!((sound.status, sound.header("content-type")), (200, "audio/wav"));
}

#[tokio::test]
async fn a_person_lets_a_sound_pass_or_holds_it() {
    let (house, sites, _) = house().await;
    let session = house.session("reviewer").await;
    let (first, second) = (house.mp3.to_string(), house.master.to_string());
    let accept = [("ordinal", "0"), ("sound", first.as_str()), ("do", "accept"), ("reason", "Nghe <rõ>")];
    let done = decide(&house, &session, &accept).await;
    assert_eq!((done.status, done.header("location")), (303, format!("{HERE}?done=accepted#s0").as_str()));
    assert!(house.store.clip_is_accepted(house.mp3).await.unwrap());
    let page = house.get(HERE).signed(&session).send().await;
    assert!(plain(&page.body).contains("reviewer, 23/11/2026") && plain(&page.body).contains("Nghe <rõ>"));
    // Whoever holds it takes that back, and the other way about: never both.
    let hold = [("ordinal", "0"), ("sound", first.as_str()), ("do", "hold"), ("reason", "Nghe chói tai")];
    assert_eq!(decide(&house, &session, &hold).await.status, 303);
    assert!(!house.store.clip_is_accepted(house.mp3).await.unwrap());
    let key = ContentHash::of(SAID[0].as_bytes());
    assert!(house.store.holds_one_of(&[key]).await.unwrap());
    let entry = house.store.audit(None, 1).await.unwrap().remove(0);
    assert!(matches!(entry.deed, Deed::ClipHeld { ordinal: 0, .. }) && entry.subject == "hai-ngon-thap", "{entry:?}");
    let record = house.get("/staff/audit").signed(&house.session("administrator").await).send().await;
    assert!(record.body.contains("giữ lại âm thanh câu 1 bản vi: Nghe chói tai"), "{}", record.body);
    // A clip that nobody heard yet is held and let pass too, and a held one keeps the guide, public or not.
    let unheard = [("ordinal", "1"), ("sound", second.as_str()), ("do", "hold"), ("reason", "Sai tên")];
    assert_eq!(decide(&house, &session, &unheard).await.status, 303);
    let standings = standings(&house.store, sites[0]).await.unwrap();
    let held = |one: &&crate::pipeline::publishing::GuideStanding| matches!(one.standing, Standing::Held(_));
    let held: Vec<_> = standings.iter().filter(held).collect();
    assert!(held.len() == 1 && held[0].language == Language::VI, "{standings:?}");
    // Nothing is decided without a reason, nor about a sound that is not there any more.
    assert_eq!(decide(&house, &session, &[accept[0], accept[1], accept[2], ("reason", " ")]).await.status, 422);
    assert_eq!(
        decide(&house, &session, &[accept[0], ("sound", second.as_str()), accept[2], accept[3]]).await.status,
        409
    );
    assert_eq!(decide(&house, &session, &[("ordinal", "9"), accept[1], accept[2], accept[3]]).await.status, 404);
}

#[tokio::test]
async fn programs_decide_as_people_do() {
    let (house, ..) = house().await;
    let put = async |login: &str, ordinal: u32, body: serde_json::Value| {
        let session = house.session(login).await;
        let address = format!("{API}/sentences/{ordinal}/decision");
        house.json("PUT", &address, &body).signed(&session).send().await.status
    };
    let body = |sound: &str| serde_json::json!({ "sound": sound, "passes": true, "reason": "heard" });
    let first = house.mp3.to_string();
    assert_eq!(put("editor", 0, body(&first)).await, 403);
    assert_eq!(put("there", 0, body(&first)).await, 403);
    assert_eq!(put("reviewer", 0, body(&first)).await, 204);
    assert_eq!(put("reviewer", 0, body("x")).await, 412);
    assert_eq!(put("reviewer", 2, body(&first)).await, 412);
    assert_eq!(put("reviewer", 9, body(&first)).await, 404);
    let no_reason = serde_json::json!({ "sound": first, "passes": false, "reason": "" });
    assert_eq!(put("reviewer", 0, no_reason).await, 422);
    let session = house.session("viewer").await;
    let told = house.get(API).signed(&session).send().await.json();
    assert_eq!(told["sentences"][0]["standing"], "accepted");
    assert_eq!(told["sentences"][0]["decision"]["by"], "reviewer");
    assert_eq!(house.get(&API.replace("/vi", "/en")).signed(&session).send().await.status, 404, "no text, no hearing");
    assert_eq!(house.get(&API.replace("/vi", "/xx")).signed(&session).send().await.status, 404);
}

/// Viewer, editor, reviewer, publisher, administrator of the house, administrator of another site.
#[tokio::test]
#[rustfmt::skip]
async fn each_role_gets_what_the_table_says() {
    let (house, ..) = house().await;
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], [u16; 6]);
    let rows: [Row<'_>; 4] = [
        ("", &[], [200, 200, 200, 200, 200, 403]),
        ("/clips/0", &[], [200, 200, 200, 200, 200, 403]),
        ("/decide", &[], [303, 303, 303, 303, 303, 403]),
        ("/decide", &[("ordinal", "0"), ("sound", "x"), ("do", "accept"), ("reason", "y")], [403, 403, 409, 409, 409, 403]),
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
    let there = house.session("there").await;
    let other = HERE.replace("thap-doi", "phu-cat");
    assert_eq!(house.get(&other).signed(&there).header("accept", "text/html").send().await.status, 404);
}
