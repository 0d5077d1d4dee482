//! What leaves the house: labels, guides as a person publishes them, numbers.

use crate::domain::{Actor, ContentHash, Edition, EditionId, Language, Role, Scope, SiteId};
use crate::store::Publication;
use crate::web::testing::{House, plain};

const PUBLIC: &str = "https://thuyetminh.example.vn";

async fn house() -> (House, SiteId, String) {
    let house = House::empty_at(Some(PUBLIC)).await.furnished().await;
    let site = house.store.sites().await.unwrap()[0].id;
    house.person("lan", Scope::House, Role::Publisher).await;
    let session = house.session("lan").await;
    (house, site, session)
}

fn other(house: &House, language: Language, words: &str) -> Edition {
    let edition = house.edition("hai-ngon-thap", "TD1", language);
    Edition { title: words.to_owned(), recipe: ContentHash::of(words.as_bytes()), ..edition }
}

#[tokio::test]
async fn a_sheet_is_made_and_noted() {
    let (house, site, session) = house().await;
    let fields = [
        ("stop", "hai-ngon-thap"),
        ("stop", "chim-than-garuda"),
        ("language", "vi"),
        ("language", "ja"),
        ("paper", "a4"),
        ("distance", "30"),
        ("level", "H"),
        ("crop", "yes"),
    ];
    let sheet = house.form("/staff/sites/thap-doi/labels", &fields).signed(&session).send().await;
    if sheet.status == 409 {
        println!("skipped: {}", plain(&sheet.body));
        return;
    }
    assert_eq!((sheet.status, sheet.header("content-type")), (200, "application/pdf"));
    assert!(sheet.bytes.starts_with(b"%PDF-"));
    let printed = house.store.printed_codes(site).await.unwrap();
    let codes: Vec<_> = printed.iter().map(|code| (code.code.as_str(), code.address.as_str(), code.times)).collect();
    let address = |code: &str| format!("{PUBLIC}/q/{code}");
    assert_eq!(codes, [("TD1", address("TD1").as_str(), 1), ("TD2", address("TD2").as_str(), 1)]);
    let page = house.get("/staff/sites/thap-doi/labels").signed(&session).send().await;
    assert!(page.body.contains("· lan <span class=\"tag\">×1"), "{}", page.body);
    let record = house.store.audit(None, 1).await.unwrap();
    assert_eq!(serde_json::to_value(&record[0].deed).unwrap()["action"], "labels-printed");
    // Too far away for A4 paper, and nothing chosen: said in the words of the page, and noted nowhere.
    let far = [("stop", "hai-ngon-thap"), ("paper", "a4"), ("distance", "300"), ("level", "Q")];
    let refused = house.form("/staff/sites/thap-doi/labels", &far).signed(&session).send().await;
    assert!(refused.status == 422 && refused.body.contains("lớn hơn giấy A4"), "{}", refused.body);
    let none = house.form("/staff/sites/thap-doi/labels", &fields[4..]).signed(&session).send().await;
    assert!(none.status == 422 && none.body.contains("ít nhất một điểm"));
    assert_eq!(house.store.printed_codes(site).await.unwrap(), printed);
}

#[tokio::test]
async fn without_a_public_address_nothing_is_printed() {
    let house = House::with_guides().await;
    house.person("lan", Scope::House, Role::Editor).await;
    let session = house.session("lan").await;
    let fields = [("stop", "hai-ngon-thap"), ("paper", "a4"), ("distance", "30"), ("level", "Q")];
    let refused = house.form("/staff/sites/thap-doi/labels", &fields).signed(&session).send().await;
    assert!(refused.status == 409 && refused.body.contains("serve.public_url"), "{}", refused.body);
    let body =
        serde_json::json!({ "stops": ["bia-da"], "languages": ["vi"], "paper": "a4", "distance": 30, "level": "Q" });
    let refused = house.json("POST", "/api/v1/staff/sites/thap-doi/labels", &body).signed(&session).send().await;
    assert!(refused.status == 409 && refused.json()["detail"].as_str().unwrap().contains("serve.public_url"));
}

#[tokio::test]
async fn a_retired_code_leads_to_a_kind_page() {
    let (house, site, session) = house().await;
    let set = async |retired: &str| {
        house.form("/staff/sites/thap-doi/codes/TD1", &[("retired", retired)]).signed(&session).send().await.status
    };
    let scan = async |code: &str| {
        let ask = house.get(&format!("/q/{code}")).header("accept", "text/html").header("accept-language", "en");
        ask.send().await
    };
    assert_eq!(set("yes").await, 303);
    let page = scan("TD1").await;
    assert_eq!((page.status, page.header("content-language")), (410, "en"));
    assert!(page.body.contains("This label is no longer used") && page.body.contains("/en/sites/thap-doi"));
    assert!(page.body.contains("href=\"/en/stops/hai-ngon-thap\""), "the way on is shown");
    let json = house.get("/q/TD1").header("accept", "application/json").send().await.json();
    assert_eq!(json["type"], "/api/#retired-code");
    assert_eq!(set("no").await, 303);
    assert_eq!(scan("TD1").await.status, 302);
    // A stop that is given another code, by whatever way, leaves its old label a way on; it comes first there.
    let stop = house.store.stop(&"chim-than-garuda".parse().unwrap()).await.unwrap().unwrap();
    let renamed = crate::store::NewStop {
        site,
        relic: stop.relic,
        slug: stop.slug,
        code: "TD9".parse().unwrap(),
        names: stop.names,
        kind: stop.kind,
        period: stop.period,
        place: stop.place,
        themes: stop.themes,
        sources: stop.sources,
        cover: stop.cover,
        position: stop.position,
    };
    house.store.upsert_stop(&renamed).await.unwrap();
    let page = scan("TD2").await;
    let (first, second) = (page.body.find("chim-than-garuda").unwrap(), page.body.find("hai-ngon-thap").unwrap());
    assert!(page.status == 410 && first < second);
    let list = house.get("/staff/sites/thap-doi/labels").signed(&session).send().await;
    assert!(list.body.contains("<th scope=\"row\">TD2</th>"), "{}", list.body);
    // The code comes back into use with the next stop that bears it.
    let again = crate::store::NewStop { code: "TD2".parse().unwrap(), ..renamed };
    house.store.upsert_stop(&again).await.unwrap();
    assert_eq!((scan("TD2").await.status, scan("TD9").await.status), (302, 410));
    // A code that nobody ever bore is retired by nobody.
    let stray = house.form("/staff/sites/thap-doi/codes/ZZ9", &[("retired", "yes")]).signed(&session).send().await;
    assert_eq!(stray.status, 404);
}

#[tokio::test]
async fn a_guide_is_taken_back_and_published_again() {
    let (house, site, session) = house().await;
    let address = "/staff/sites/thap-doi/publishing/hai-ngon-thap/en";
    let post = async |fields: &[(&str, &str)]| house.form(address, fields).signed(&session).send().await;
    assert_eq!(post(&[("do", "take-back")]).await.header("location"), format!("{address}?done=taken"));
    let page = house.get("/en/stops/hai-ngon-thap").header("accept", "text/html").send().await;
    assert!(page.status == 404 && page.body.contains("href=\"/vi/stops/hai-ngon-thap?lang=vi\""), "other languages");
    // What is made meanwhile waits, and no file of it is public.
    let next = Edition { captions: house.unpublished, ..other(&house, Language::EN, "next") };
    let Publication::Waits { id, number: 2 } = house.store.publish(&next).await.unwrap() else { panic!("it waits") };
    assert_eq!(house.store.publish(&next).await.unwrap(), Publication::Waits { id, number: 2 });
    assert!(house.store.published_file(house.unpublished).await.unwrap().is_none());
    let list = house.get("/staff/sites/thap-doi/publishing").signed(&session).send().await;
    assert!(list.body.contains("lan đã thu hồi") && list.body.contains("+600 kB"), "{}", list.body);
    let home = house.get("/staff/").signed(&session).send().await;
    assert!(home.body.contains("Đang chờ bạn") && home.body.contains("Cần xuất bản: Đã làm xong"), "{}", home.body);
    assert_eq!(post(&[("do", "publish"), ("edition", &id.to_string())]).await.status, 303);
    let current = house.store.current_edition(&next.stop, Language::EN).await.unwrap().unwrap();
    assert_eq!((current.number, current.edition.title.as_str()), (2, "next"));
    assert!(house.store.published_file(house.unpublished).await.unwrap().is_some());
    // Nothing holds it any more; restoring the first edition does, and the next making does not undo that.
    let first = house.store.editions_of(stop_id(&house).await, Language::EN).await.unwrap()[1].id;
    assert_eq!(post(&[("do", "publish"), ("edition", &first.to_string())]).await.status, 303);
    let third = other(&house, Language::EN, "third");
    assert!(matches!(house.store.publish(&third).await.unwrap(), Publication::Waits { number: 3, .. }));
    assert_eq!(house.store.current_edition(&next.stop, Language::EN).await.unwrap().unwrap().number, 1);
    let guide = house.get(address).signed(&session).send().await;
    assert_eq!(guide.body.matches("<th scope=\"row\">").count(), 3, "{}", guide.body);
    assert!(guide.body.contains("theo quy định chung") && guide.body.contains("· lan"));
    let state = house.store.verify_audit(None).await.unwrap();
    assert_eq!(state.fault, None);
    let deeds = house.store.audit(None, 3).await.unwrap();
    let actions = deeds.iter().map(|entry| serde_json::to_value(&entry.deed).unwrap()["action"].clone());
    assert_eq!(actions.collect::<Vec<_>>(), ["guide-published", "guide-published", "guide-taken-back"]);
    assert!(deeds.iter().all(|entry| entry.site == Some(site) && entry.subject == "hai-ngon-thap"));
}

async fn stop_id(house: &House) -> crate::domain::StopId {
    house.store.stop(&"hai-ngon-thap".parse().unwrap()).await.unwrap().unwrap().id
}

#[tokio::test]
async fn a_site_is_published_by_hand_and_all_at_once() {
    let (house, _, session) = house().await;
    let post = async |fields: &[(&str, &str)]| {
        house.form("/staff/sites/thap-doi/publishing", fields).signed(&session).send().await.status
    };
    assert_eq!(post(&[("do", "by-hand"), ("on", "yes")]).await, 303);
    for language in [Language::VI, Language::JA] {
        let made = house.store.publish(&other(&house, language, "new")).await.unwrap();
        assert!(matches!(made, Publication::Waits { number: 2, .. }));
    }
    assert_eq!(post(&[("do", "publish-all")]).await, 303);
    for language in [Language::VI, Language::JA] {
        let current = house.store.current_edition(&"hai-ngon-thap".parse().unwrap(), language).await.unwrap().unwrap();
        assert_eq!(current.number, 2);
    }
    let page = house.get("/staff/sites/thap-doi/publishing").signed(&session).send().await;
    assert!(page.body.contains("Không có gì đang chờ"), "{}", page.body);
}

#[tokio::test]
async fn a_plan_is_kept_at_its_time_or_given_up() {
    let (house, _, session) = house().await;
    let (stop, language) = ("hai-ngon-thap".parse().unwrap(), Language::EN);
    house.store.take_back(&Actor::shell(), &stop, language).await.unwrap();
    let Publication::Waits { id, .. } = house.store.publish(&other(&house, language, "next")).await.unwrap() else {
        panic!("it waits")
    };
    let address = "/staff/sites/thap-doi/publishing/hai-ngon-thap/en";
    let plan = async |at: &str, edition: EditionId| {
        let fields = [("do", "plan"), ("edition", &edition.to_string()), ("at", at)];
        house.form(address, &fields).signed(&session).send().await.status
    };
    // It is 07:00 of 2026-11-23 by the clock in Vietnam.
    assert_eq!(plan("2026-11-23T06:59", id).await, 422, "in the past");
    assert_eq!(plan("tomorrow", id).await, 422);
    assert_eq!(plan("2026-11-23T07:30", EditionId(9_999)).await, 404);
    assert_eq!(plan("2026-11-23T07:30", id).await, 303);
    let blobs = crate::blobs::Blobs::open(&std::path::Path::new(house.folder()).join("blobs")).unwrap();
    let due = async || crate::pipeline::publishing::publish_due(&house.store, &blobs).await.unwrap();
    assert!(due().await.is_empty());
    house.clock.advance_millis(31 * 60_000);
    let done = due().await;
    assert!(done.len() == 1 && done[0].error.is_none(), "{done:?}");
    assert_eq!(house.store.current_edition(&stop, language).await.unwrap().unwrap().number, 2);
    let deed = house.store.audit(None, 1).await.unwrap().remove(0);
    assert_eq!((deed.actor.name.as_str(), deed.actor.person.is_some()), ("lan", true), "who planned it answers for it");
    assert!(due().await.is_empty());
    // An edition whose file was lost is not published, and its plan is given up.
    let lost = Edition { master: ContentHash::of(b"never written"), ..other(&house, Language::VI, "lost") };
    house.store.take_back(&Actor::shell(), &stop, Language::VI).await.unwrap();
    let Publication::Waits { id, .. } = house.store.publish(&lost).await.unwrap() else { panic!("it waits") };
    let at = crate::domain::Clock::now(&*house.clock);
    house.store.plan_edition(&Actor::shell(), &stop, Language::VI, id, at).await.unwrap();
    let done = due().await;
    assert!(done.len() == 1 && done[0].error.is_some());
    assert!(due().await.is_empty() && house.store.current_edition(&stop, Language::VI).await.unwrap().is_none());
    let address = "/staff/sites/thap-doi/publishing/hai-ngon-thap/vi";
    let fields = [("do", "publish"), ("edition", &id.to_string())];
    let refused = house.form(address, &fields).signed(&session).send().await;
    assert!(refused.status == 409 && refused.body.contains("không còn trên đĩa"), "{}", refused.body);
}

#[tokio::test]
async fn numbers_are_shown_as_tables_charts_and_csv() {
    let (house, _, session) = house().await;
    let listen = |source: &str, heard: serde_json::Value| serde_json::json!({ "stop": "hai-ngon-thap", "language": "vi", "source": source, "heard": heard });
    for (source, heard) in [("qr", None), ("qr", Some(0.3)), ("link", None), ("link", Some(1.0))] {
        let answer = house.json("POST", "/api/v1/listens", &listen(source, heard.into())).send().await;
        assert_eq!(answer.status, 204);
    }
    let page = house.get("/staff/sites/thap-doi/numbers").signed(&session).send().await;
    assert!(page.body.contains("<strong>2</strong> lượt nghe") && page.body.contains("<strong>50 %</strong>"));
    assert!(page.body.contains("30–40 %: 1") && page.body.contains("hết bài: 1"), "{}", page.body);
    let one = house.get("/staff/sites/thap-doi/numbers?stop=hai-ngon-thap").signed(&session).send().await;
    assert_eq!(one.body.matches("<svg class=\"bars\"").count(), 5);
    let csv = house.get("/staff/sites/thap-doi/numbers.csv").signed(&session).send().await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    let rows: Vec<&str> = csv.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[2], "2026-11-23,7,hai-ngon-thap,TD1,Hai ngọn tháp,vi,link,heard to the end,1");
    for bad in ["?from=x", "?from=2026-11-24&to=2026-11-23"] {
        let address = format!("/staff/sites/thap-doi/numbers{bad}");
        let page = house.get(&address).signed(&session).header("accept", "text/html").send().await;
        assert!(page.status == 422 && page.body.contains("bốn tuần gần nhất"), "{}", page.body);
    }
}

/// Pages as files, for looking at them.
#[tokio::test]
async fn pages_can_be_looked_at() {
    let Some(folder) = std::env::var_os("THUYETMINH_TEST_PAGES") else { return };
    let (house, _, session) = house().await;
    house.store.take_back(&Actor::shell(), &"hai-ngon-thap".parse().unwrap(), Language::EN).await.unwrap();
    house.store.publish(&other(&house, Language::EN, "next")).await.unwrap();
    for n in 0..120u32 {
        let heard = if n % 3 == 0 { None } else { Some(f64::from(n * 37 % 101) / 100.0) };
        let source = if n % 4 == 0 { "link" } else { "qr" };
        let body = serde_json::json!({ "stop": "hai-ngon-thap", "language": "vi", "source": source, "heard": heard });
        house.json("POST", "/api/v1/listens", &body).send().await;
        if n % 10 == 0 {
            house.clock.advance_millis(4 * 60_000);
        }
    }
    let retire = house.form("/staff/sites/thap-doi/codes/TD3", &[("retired", "yes")]);
    retire.signed(&session).send().await;
    for (name, address) in [
        ("labels", "/staff/sites/thap-doi/labels"),
        ("publishing", "/staff/sites/thap-doi/publishing?show=all"),
        ("guide", "/staff/sites/thap-doi/publishing/hai-ngon-thap/en"),
        ("numbers", "/staff/sites/thap-doi/numbers"),
        ("numbers-stop", "/staff/sites/thap-doi/numbers?stop=hai-ngon-thap"),
        ("home", "/staff/"),
        ("retired", "/q/TD3"),
    ] {
        let page = house.get(address).signed(&session).header("accept", "text/html").send().await;
        let css = include_str!("../../assets/staff.css");
        let app = include_str!("../../assets/app.css");
        let own = if name == "retired" { app } else { css };
        let body = page.body.replacen("</head>", &format!("<style>{own}</style></head>"), 1);
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), body).unwrap();
    }
}
