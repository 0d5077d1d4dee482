//! Finding things in the collection, its own words, and many stops changed at once.

use serde_json::json;

use crate::domain::{Author, Deed, Language, Role, Scope, TextState};
use crate::store::NewText;
use crate::web::testing::{Answer, House, form_of};

const SITE: &str = "/staff/sites/thap-doi";

async fn desk() -> (House, String) {
    let house = House::with_guides().await;
    house.person("lan", Scope::House, Role::Editor).await;
    let session = house.session("lan").await;
    (house, session)
}

async fn get(house: &House, session: &str, address: &str) -> Answer {
    house.get(address).signed(session).header("accept", "text/html").send().await
}

async fn send(house: &House, session: &str, address: &str, fields: &[(&str, &str)]) -> Answer {
    house.form(address, fields).signed(session).header("accept", "text/html").send().await
}

async fn says(house: &House, stop: &str, language: Language, sentence: &str) {
    let stop = house.store.stop(&stop.parse().unwrap()).await.unwrap().unwrap();
    let new = NewText {
        stop: stop.id,
        language,
        title: "T".to_owned(),
        author: Author::Person { name: "Lan".to_owned() },
        state: TextState::Draft,
        made_from: None,
        sentences: NewText::sentences_of(vec![vec![sentence.to_owned()]]),
    };
    house.store.put_text(&new).await.unwrap();
}

#[tokio::test]
async fn a_stop_is_found_by_what_it_says_with_and_without_marks_and_in_chinese() {
    let (house, session) = desk().await;
    says(&house, "bia-da", Language::VI, "Tấm bia nằm dưới gốc đa.").await;
    says(&house, "bia-da", Language::ZH, "这块石碑立在榕树下。").await;
    let finds = async |asked: &str| {
        let page = get(&house, &session, &format!("/staff/collection?q={asked}")).await;
        assert_eq!(page.status, 200);
        (page.body.contains("stops/bia-da\""), page.body)
    };
    for asked in ["goc%20da", "g%E1%BB%91c%20%C4%91a", "%E7%9F%B3%E7%A2%91"] {
        assert!(finds(asked).await.0, "{asked}");
    }
    assert!(finds("goc%20da").await.1.contains("dưới gốc đa."), "the sentence is shown");
    assert!(!finds("goc%20xoai").await.0);
    let api = house.get("/api/v1/staff/search?q=goc%20da").signed(&session).send().await.json();
    assert_eq!(api["findings"][0]["said"]["text"], "Tấm bia nằm dưới gốc đa.");
    // What is written later is found too.
    house.clock.advance_millis(5);
    says(&house, "bia-da", Language::VI, "Tấm bia nằm dưới gốc xoài.").await;
    assert!(finds("goc%20xoai").await.0 && !finds("goc%20da").await.0);
    // Every page of the collection has the box; a tour is found by its name.
    assert!(get(&house, &session, SITE).await.body.contains("id=\"find\""));
    assert!(finds("quanh%20thap").await.1.contains("/staff/tours/quanh-thap"));
}

#[tokio::test]
async fn lists_are_narrowed_by_words_that_can_be_named_and_merged() {
    let (house, session) = desk().await;
    let chosen = [("do", "add-theme"), ("word", "champa-xua"), ("stop", "bia-da"), ("stop", "hai-ngon-thap")];
    assert_eq!(send(&house, &session, &format!("{SITE}/bulk"), &chosen).await.status, 200);
    let words = get(&house, &session, "/staff/words").await;
    assert!(words.body.contains("champa-xua") && words.body.contains("chưa có tên"), "{}", words.body);
    let own = "/staff/words/theme/champa-xua";
    let page = get(&house, &session, own).await;
    let fields: Vec<(String, String)> = form_of(&page, own);
    let named = |value: &str| {
        let mut fields = fields.clone();
        fields.iter_mut().find(|(name, _)| name == "name.vi").unwrap().1 = value.to_owned();
        fields
    };
    let put = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        send(&house, &session, own, &fields).await
    };
    assert_eq!(put(named("Chăm Pa xưa")).await.status, 303);
    assert_eq!(put(named("Một tên khác")).await.status, 409, "it has a name since");
    // The site bears `champa`: one word takes the other's place everywhere.
    let merged = send(&house, &session, &format!("{own}/merge"), &[("into", "champa")]).await;
    assert_eq!(merged.header("location"), "/staff/words?done=merged", "{}", merged.body);
    let stop = house.store.stop(&"bia-da".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(stop.themes, ["champa"]);
    assert!(!get(&house, &session, "/staff/words").await.body.contains("champa-xua"));
    assert_eq!(send(&house, &session, "/staff/words/theme/champa/merge", &[("into", "nowhere")]).await.status, 422);
    let found = get(&house, &session, "/staff/collection?theme=champa&kind=tower").await;
    assert!(found.body.contains("stops/bia-da\""), "{}", found.body);
    let none = get(&house, &session, "/staff/collection?kind=temple").await;
    assert!(!none.body.contains("stops/bia-da\""));
    // An age holds what its years touch.
    let api = "/api/v1/staff/words/age/tay-son";
    let age = json!({ "names": { "vi": "Thời Tây Sơn" }, "from": 1771, "to": 1802 });
    let made = house.json("PUT", api, &age).signed(&session).header("if-match", "\"none\"").send().await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(!get(&house, &session, "/staff/collection?age=tay-son").await.body.contains("stops/bia-da\""));
    house.person("here", Scope::Site(stop.site), Role::Editor).await;
    let here = house.session("here").await;
    assert_eq!(get(&house, &here, own).await.status, 403, "the words are the whole house's");
}

#[tokio::test]
async fn stops_are_put_in_order_and_chosen_for_labels() {
    let (house, session) = desk().await;
    let bulk = format!("{SITE}/bulk");
    let page = get(&house, &session, SITE).await;
    let order = form_of(&page, &bulk).into_iter().find(|(name, _)| name == "order").unwrap().1;
    let typed = [("order", order.as_str()), ("do", "order"), ("place.bia-da", "0,5")];
    let saved = send(&house, &session, &bulk, &typed).await;
    assert_eq!(saved.header("location"), format!("{SITE}?done=ordered"), "{}", saved.body);
    let stops = house.store.stops().await.unwrap();
    assert_eq!(stops[0].slug.as_str(), "bia-da");
    assert!(matches!(house.store.audit(None, 1).await.unwrap()[0].deed, Deed::StopsOrdered));
    let late = send(&house, &session, &bulk, &typed).await;
    assert!(late.status == 409 && late.body.contains("value=\"0,5\""), "{}", late.body);
    let wrong = send(&house, &session, &bulk, &[("order", &order), ("do", "order"), ("place.bia-da", "đầu")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("value=\"đầu\""), "{}", wrong.body);
    assert_eq!(send(&house, &session, &bulk, &[("do", "labels")]).await.status, 422);
    let labels = send(&house, &session, &bulk, &[("do", "labels"), ("stop", "bia-da")]).await;
    assert_eq!(labels.header("location"), format!("{SITE}/labels?stop=bia-da"));
    let sheet = get(&house, &session, &format!("{SITE}/labels?stop=bia-da")).await.body;
    let ticked = |slug: &str| {
        let tag = sheet.split(&format!("value=\"{slug}\"")).nth(1).unwrap().split('>').next().unwrap();
        tag.contains("checked")
    };
    assert!(ticked("bia-da") && !ticked("hai-ngon-thap"));
    let api = "/api/v1/staff/sites/thap-doi";
    let now = house.get(&format!("{api}/order")).signed(&session).send().await;
    let body = json!({ "stops": ["hai-ngon-thap", "chim-than-garuda"] });
    let put =
        |body| house.json("PUT", &format!("{api}/order"), body).signed(&session).header("if-match", now.header("etag"));
    assert_eq!(put(&body).send().await.status, 422);
    let body = json!({ "stops": ["hai-ngon-thap", "chim-than-garuda", "bia-da"] });
    assert_eq!(put(&body).send().await.status, 200);
    assert_eq!(put(&body).send().await.status, 412);
    let change = json!({ "stops": ["bia-da"], "do": "set-kind", "word": "stele" });
    let done = house.json("POST", &format!("{api}/bulk"), &change).signed(&session).send().await;
    assert_eq!((done.status, done.json()["changed"].as_u64()), (200, Some(1)), "{}", done.body);
}
