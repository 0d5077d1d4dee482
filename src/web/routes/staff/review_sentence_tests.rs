//! A translation reviewed sentence by sentence, by page and by call: approved, talked about, looked up; and how much of it
//! the rule of a site asks to be read.

use serde_json::{Value, json};

use super::review_tests::{HERE, WRONG, house};
use crate::domain::{Deed, Language, ReviewRule, Scope, Share, TextState};
use crate::web::testing::{Answer, House};

const API: &str = "/api/v1/staff/sites/thap-doi/stops/hai-ngon-thap/review/en";
const RULES: &str = "/staff/sites/thap-doi/review-rules";
const SECOND: &str = "The tower has 2 storeys.";

async fn send(house: &House, session: &str, rest: &str, fields: &[(&str, &str)]) -> Answer {
    house.form(&format!("{HERE}{rest}"), fields).signed(session).send().await
}

async fn told(house: &House, session: &str) -> Value {
    house.get(API).signed(session).send().await.json()
}

#[tokio::test]
async fn a_text_is_approved_with_its_last_sentence() {
    let (house, _, stop) = house().await;
    let session = house.session("reviewer").await;
    let first = told(&house, &session).await;
    assert_eq!((&first["rule"], &first["left"], &first["state"]), (&"every".into(), &2.into(), &"draft".into()));
    // With something found in it, nobody approves a sentence; its neighbour can be.
    let refused = send(&house, &session, "/approve-sentence", &[("ordinal", "0"), ("was", WRONG)]).await;
    assert!(refused.status == 409 && refused.body.contains("còn 1"), "{}", refused.body);
    let done = send(&house, &session, "/approve-sentence", &[("ordinal", "1"), ("was", SECOND)]).await;
    assert_eq!((done.status, done.header("location")), (303, format!("{HERE}?done=read#s2").as_str()));
    let mend = [("ordinal", "0"), ("was", WRONG), ("words", "Built in 1285.")];
    assert_eq!(send(&house, &session, "/sentence", &mend).await.status, 303);
    let page = house.get(HERE).signed(&session).send().await;
    assert!(page.body.contains("reviewer viết") && page.body.contains("reviewer đã duyệt"), "{}", page.body);
    let sentences = told(&house, &session).await["sentences"].clone();
    assert_eq!((&sentences[1]["written_by"], &sentences[1]["asked"]), (&"reviewer".into(), &true.into()));
    assert_eq!((&sentences[2]["approved_by"], &sentences[2]["asked"]), (&"reviewer".into(), &false.into()));
    assert_eq!(house.store.job_counts().await.unwrap().waiting, 0);
    // Who read other words approves nothing.
    let late = send(&house, &session, "/approve-sentence", &[("ordinal", "0"), ("was", WRONG)]).await;
    assert_eq!(late.status, 409);
    let done = send(&house, &session, "/approve-sentence", &[("ordinal", "0"), ("was", "Built in 1285.")]).await;
    assert_eq!(done.status, 303);
    let (text, _) = house.store.text(stop.id, Language::EN).await.unwrap().unwrap();
    assert_eq!(text.state, TextState::Approved);
    assert_eq!(house.store.job_counts().await.unwrap().waiting, 1, "the guide is asked for");
    let deeds: Vec<Deed> = house.store.audit(None, 2).await.unwrap().into_iter().map(|entry| entry.deed).collect();
    let sentence = Deed::SentenceApproved { language: Language::EN, ordinal: Some(0) };
    assert_eq!(deeds, [Deed::TextApproved { language: Language::EN }, sentence]);
    // Words that change are read again; the others stay approved.
    let mend = [("ordinal", "1"), ("was", SECOND), ("words", "The tower has two storeys.")];
    assert_eq!(send(&house, &session, "/sentence", &mend).await.status, 303);
    let after = told(&house, &session).await;
    assert_eq!((&after["left"], &after["state"]), (&1.into(), &"draft".into()));
    assert_eq!(after["sentences"][1]["approved_by"], "reviewer");
}

#[tokio::test]
async fn the_rule_of_a_site_says_how_much_is_read() {
    let (house, sites, stop) = house().await;
    let session = house.session("publisher").await;
    let site = house.store.site_by_id(sites[0]).await.unwrap().unwrap();
    let bad = [("rule.en", "spot"), ("share.en", "0")];
    let refused = house.form(RULES, &bad).signed(&session).send().await;
    assert!(refused.status == 422 && refused.body.contains("từ 1 đến 99"), "{}", refused.body);
    let set = house.form(RULES, &[("rule.en", "spot"), ("share.en", "1")]).signed(&session).send().await;
    assert_eq!(set.header("location"), format!("{RULES}?done=saved"));
    let share = Share::new(1).unwrap();
    assert_eq!(
        house.store.audit(None, 1).await.unwrap()[0].deed,
        Deed::ReviewRuleSet { language: Language::EN, rule: Some(ReviewRule::Spot { share }) }
    );
    let page = house.get(RULES).signed(&session).send().await;
    assert!(page.body.contains("<option value=\"spot\" selected>"), "{}", page.body);
    // One at least is drawn, and the source alone says which.
    let before = told(&house, &session).await;
    assert_eq!((&before["rule"], &before["share"], &before["left"]), (&"spot".into(), &1.into(), &1.into()));
    let drawn = |told: &Value| told["sentences"].as_array().unwrap().iter().position(|one| one["asked"] == true);
    let place = drawn(&before).unwrap();
    let (ordinal, was) = ((place - 1).to_string(), before["sentences"][place]["words"].as_str().unwrap().to_owned());
    let words = if place == 1 { "Built in 1285." } else { "It has 2 storeys." };
    let mend = [("ordinal", ordinal.as_str()), ("was", was.as_str()), ("words", words)];
    assert_eq!(send(&house, &session, "/sentence", &mend).await.status, 303);
    assert_eq!(drawn(&told(&house, &session).await), Some(place), "other words draw no other lot");
    let approve = [("ordinal", ordinal.as_str()), ("was", words)];
    assert_eq!(send(&house, &session, "/approve-sentence", &approve).await.status, 303);
    let (text, _) = house.store.text(stop.id, Language::EN).await.unwrap().unwrap();
    assert_eq!(text.state, TextState::Draft, "a spot check approves no whole text");
    assert_eq!(house.store.left_to_read(text.id, ReviewRule::Spot { share }).await.unwrap(), 0);
    assert_eq!(house.store.left_to_read(text.id, ReviewRule::Every).await.unwrap(), 1);
    // Nothing must be read, and the house's own rule again.
    let rules = "/api/v1/staff/sites/thap-doi/review-rules";
    let body = json!({ "language": "en", "rule": "machine" });
    let set = house.json("PUT", rules, &body).signed(&session).send().await;
    assert_eq!((set.status, &set.json()["rules"][0]["rule"]), (200, &"machine".into()));
    assert_eq!(told(&house, &session).await["left"], 0);
    let unset = house.json("PUT", rules, &json!({ "language": "en" })).signed(&session).send().await;
    assert_eq!(unset.status, 200);
    assert_eq!(house.store.review_rule(site.id, Language::EN).await.unwrap(), None);
    for bad in [json!({ "language": "en", "rule": "spot" }), json!({ "language": "xx" })] {
        assert_eq!(house.json("PUT", rules, &bad).signed(&session).send().await.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn what_is_said_about_a_sentence_follows_it() {
    let (house, ..) = house().await;
    let (editor, reviewer) = (house.session("editor").await, house.session("reviewer").await);
    let say = [("ordinal", "0"), ("body", "Năm này có đúng không? <b>")];
    let said = send(&house, &editor, "/comment", &say).await;
    assert_eq!(said.header("location"), format!("{HERE}?done=commented#s1"));
    let empty = send(&house, &editor, "/comment", &[("ordinal", "0"), ("body", " ")]).await;
    assert!(empty.status == 409 && empty.body.contains("2000"), "{}", empty.body);
    let mend = [("ordinal", "0"), ("was", WRONG), ("words", "Built in 1285.")];
    assert_eq!(send(&house, &reviewer, "/sentence", &mend).await.status, 303);
    let page = house.get(HERE).signed(&reviewer).send().await;
    assert!(page.body.contains("Năm này có đúng không? &#60;b&#62;"), "{}", page.body);
    let comment = told(&house, &reviewer).await["sentences"][1]["comments"][0].clone();
    assert_eq!((&comment["by"], &comment["about"]), (&"editor".into(), &WRONG.into()));
    let list = house.get("/staff/review").signed(&reviewer).send().await;
    assert!(list.body.contains("<td class=\"number\">1</td></tr>"), "one comment is open: {}", list.body);
    let id = comment["id"].to_string();
    let done = send(&house, &reviewer, "/resolve", &[("comment", &id)]).await;
    assert_eq!(done.header("location"), format!("{HERE}?done=resolved#s1"));
    assert_eq!(told(&house, &reviewer).await["sentences"][1]["comments"][0]["resolved_by"], "reviewer");
    let deed = house.store.audit(None, 1).await.unwrap().remove(0).deed;
    assert_eq!(deed, Deed::CommentResolved { language: Language::EN, ordinal: Some(0) });
    assert_eq!(send(&house, &reviewer, "/resolve", &[("comment", "99")]).await.status, 404);
}

#[tokio::test]
async fn programs_mend_approve_and_look_up_as_people_do() {
    let (house, ..) = house().await;
    let session = house.session("reviewer").await;
    let put = async |was: &str, words: &str| {
        let body = json!({ "was": was, "words": words });
        house.json("PUT", &format!("{API}/sentences/0"), &body).signed(&session).send().await
    };
    let wrong = put(WRONG, "Built in 1385.").await;
    let message = wrong.json()["sentences"][1]["findings"][0]["message"].as_str().unwrap().to_owned();
    assert!(wrong.status == 200 && message.contains("1385"), "{message}");
    // Who was slower is told what stands there now; their own words they have.
    let late = put(WRONG, "Built in 1285.").await;
    assert!(late.status == 412 && late.body.contains("Built in 1385."), "{}", late.body);
    assert_eq!(put("Built in 1385.", " ").await.status, 422);
    let seen = |told: &Value| json!({ "seen": told["seen"] });
    let open = told(&house, &session).await;
    let refused = house.json("POST", &format!("{API}/approve"), &seen(&open)).signed(&session).send().await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    let finding = open["sentences"][1]["findings"][0]["id"].to_string();
    let waive = format!("{API}/findings/{finding}/waive");
    let no = house.json("POST", &waive, &json!({ "reason": "" })).signed(&session).send().await;
    assert_eq!(no.status, 422);
    let yes = house.json("POST", &waive, &json!({ "reason": "theo bia" })).signed(&session).send().await;
    assert_eq!(yes.json()["sentences"][1]["findings"][0]["waived_by"], "reviewer");
    let one = json!({ "was": "Built in 1385." });
    let one = house.json("POST", &format!("{API}/sentences/0/approve"), &one).signed(&session).send().await;
    assert_eq!((one.status, &one.json()["left"]), (200, &1.into()));
    let all = house.json("POST", &format!("{API}/approve"), &seen(&one.json())).signed(&session).send().await;
    assert_eq!((all.status, &all.json()["state"], &all.json()["left"]), (200, &"approved".into(), &0.into()));
    let memory = house.get(&format!("{API}/sentences/0/memory")).signed(&session).send().await;
    assert!(memory.status == 200 && memory.json()["offers"].is_array(), "{}", memory.body);
    assert_eq!(house.get(&format!("{API}/sentences/x/memory")).signed(&session).send().await.status, 422);
    let list = house.get("/api/v1/staff/sites/thap-doi/review?all=true").signed(&session).send().await.json();
    assert_eq!((&list["translations"][0]["state"], &list["translations"][0]["left"]), (&"approved".into(), &0.into()));
    let none = house.get("/api/v1/staff/sites/thap-doi/review").signed(&session).send().await.json();
    assert_eq!(none["translations"], json!([]), "nothing waits any more");
}

#[tokio::test]
async fn the_memory_is_asked_for_one_sentence_at_a_time() {
    let (house, ..) = house().await;
    let session = house.session("reviewer").await;
    let mend = [("ordinal", "0"), ("was", WRONG), ("words", "Built in the year 1285.")];
    assert_eq!(send(&house, &session, "/sentence", &mend).await.status, 303);
    let again = [("ordinal", "0"), ("was", "Built in the year 1285."), ("words", "Built in 1285.")];
    assert_eq!(send(&house, &session, "/sentence", &again).await.status, 303);
    let page = house.get(HERE).signed(&session).send().await;
    assert!(!page.body.contains("giống") && page.body.contains(&format!("{HERE}/memory/0")), "{}", page.body);
    let offers = house.get(&format!("{HERE}/memory/0")).signed(&session).send().await;
    assert_eq!(offers.status, 200);
    assert!(offers.body.contains("Bộ nhớ dịch không có câu nào giống") || offers.body.contains("giống"));
    assert_eq!(house.get(&format!("{HERE}/memory/title")).signed(&session).send().await.status, 200);
    assert_eq!(house.get(&format!("{HERE}/memory/9")).signed(&session).send().await.status, 404);
}

/// Viewer, editor, reviewer, publisher, administrator, administrator of another site; by page and by call.
#[tokio::test]
#[rustfmt::skip]
async fn each_role_may_do_what_the_table_says() {
    let (house, sites, _) = house().await;
    let site = Scope::Site(sites[0]);
    assert_ne!(site, Scope::House);
    let people = ["viewer", "editor", "reviewer", "publisher", "administrator", "there"];
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let pages: [(String, Fields<'_>, [u16; 6]); 6] = [
        (format!("{HERE}/memory/0"), &[], [200, 200, 200, 200, 200, 403]),
        (format!("{HERE}/approve-sentence"), &[("ordinal", "0"), ("was", "x")], [403, 403, 409, 409, 409, 403]),
        (format!("{HERE}/comment"), &[("ordinal", "0"), ("body", "")], [403, 409, 409, 409, 409, 403]),
        (format!("{HERE}/resolve"), &[("comment", "77")], [403, 404, 404, 404, 404, 403]),
        (RULES.to_owned(), &[], [403, 403, 403, 200, 200, 403]),
        (RULES.to_owned(), &[("rule.en", "x")], [403, 403, 403, 422, 422, 403]),
    ];
    for (address, fields, expected) in pages {
        for (login, expected) in people.iter().zip(expected) {
            let session = house.session(login).await;
            let ask = if fields.is_empty() { house.get(&address) } else { house.form(&address, fields) };
            let answer = ask.signed(&session).header("accept", "text/html").send().await;
            assert_eq!(answer.status, expected, "{login} {address}\n{}", answer.body);
        }
    }
    let was = json!({ "was": "x" });
    let calls = [
        ("GET", "/api/v1/staff/sites/thap-doi/review".to_owned(), json!({}), [200, 200, 200, 200, 200, 403]),
        ("GET", API.to_owned(), json!({}), [200, 200, 200, 200, 200, 403]),
        ("PUT", format!("{API}/sentences/0"), json!({ "was": "x", "words": "y" }), [403, 412, 412, 412, 412, 403]),
        ("POST", format!("{API}/sentences/0/approve"), was, [403, 403, 412, 412, 412, 403]),
        ("POST", format!("{API}/approve"), json!({ "seen": "x" }), [403, 403, 422, 422, 422, 403]),
        ("POST", format!("{API}/findings/77/waive"), json!({ "reason": "x" }), [403, 403, 404, 404, 404, 403]),
        ("GET", format!("{API}/sentences/0/memory"), json!({}), [200, 200, 200, 200, 200, 403]),
        ("POST", format!("{API}/sentences/0/comments"), json!({ "body": "" }), [403, 422, 422, 422, 422, 403]),
        ("POST", format!("{API}/comments/77/resolve"), json!({}), [403, 404, 404, 404, 404, 403]),
        ("GET", "/api/v1/staff/sites/thap-doi/review-rules".to_owned(), json!({}), [403, 403, 403, 200, 200, 403]),
        ("PUT", "/api/v1/staff/sites/thap-doi/review-rules".to_owned(), json!({ "language": "x" }), [403, 403, 403, 422, 422, 403]),
    ];
    for (method, address, body, expected) in calls {
        for (login, expected) in people.iter().zip(expected) {
            let session = house.session(login).await;
            let answer = house.json(method, &address, &body).signed(&session).send().await;
            assert_eq!(answer.status, expected, "{login} {method} {address}\n{}", answer.body);
        }
    }
}
