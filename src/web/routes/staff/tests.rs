//! The workplace as its people and those who want in meet it.

use crate::domain::{Actor, Language, Role, Scope};
use crate::people::totp;
use crate::web::testing::{Answer, House, PASSWORD};

const STOP: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap";

/// What each kind of person gets for each page and change. `here` administers the first site only.
#[tokio::test]
#[rustfmt::skip]
async fn each_role_gets_the_pages_and_changes_of_the_table() {
    let (house, [here, _]) = House::with_sites().await;
    house.person("administrator", Scope::House, Role::Administrator).await;
    house.person("here", Scope::Site(here), Role::Administrator).await;
    for role in [Role::Viewer, Role::Editor, Role::Reviewer, Role::Publisher] {
        house.person(role.word(), Scope::House, role).await;
    }
    let whom = house.person("whom", Scope::Site(here), Role::Viewer).await;
    let roles = format!("/staff/people/{whom}/roles");
    let account = format!("/staff/people/{whom}/account");
    let person = format!("/staff/people/{whom}");
    let device = format!("/staff/devices/{}", house.device("gate", &["phu-cat"]).await);
    let (sync, retire) = (format!("{device}/sync"), format!("{device}/retire"));
    let edit = format!("{STOP}/edit");
    let (narration, stale) = (format!("{STOP}/narration"), "0".repeat(64));
    let api = |rest: &str| format!("/api/v1/staff/{rest}");
    let (api_roles, api_account) = (api(&format!("people/{whom}/roles")), api(&format!("people/{whom}/account")));
    let sessions = {
        let mut sessions = Vec::new();
        for login in ["viewer", "editor", "reviewer", "publisher", "here", "administrator"] {
            sessions.push((login, house.session(login).await));
        }
        sessions
    };
    // viewer, editor, reviewer, publisher, administrator of one site, administrator of the house
    type Page<'a> = (&'a str, &'a [(&'a str, &'a str)], [u16; 6]);
    let pages: &[Page<'_>] = &[
        ("/staff/", &[], [200; 6]),
        ("/staff/account", &[], [200; 6]),
        ("/staff/people", &[], [403, 403, 403, 403, 200, 200]),
        (&person, &[], [403, 403, 403, 403, 200, 200]),
        ("/staff/labels", &[], [403, 200, 200, 200, 303, 200]),
        ("/staff/sites/phu-cat/labels", &[], [403, 200, 200, 200, 403, 200]),
        ("/staff/sites/thap-doi/labels", &[("paper", "a4"), ("distance", "30"), ("level", "Q")], [403, 422, 422, 422, 422, 422]),
        ("/staff/sites/thap-doi/codes/TD3", &[("retired", "no")], [403, 303, 303, 303, 303, 303]),
        ("/staff/publishing", &[], [403, 403, 403, 200, 303, 200]),
        ("/staff/sites/phu-cat/publishing", &[], [403, 403, 403, 200, 403, 200]),
        ("/staff/sites/thap-doi/publishing", &[("do", "by-hand"), ("on", "no")], [403, 403, 403, 303, 303, 303]),
        ("/staff/sites/thap-doi/publishing/hai-ngon-thap/vi", &[("do", "unplan")], [403, 403, 403, 303, 303, 303]),
        ("/staff/sites/phu-cat/numbers", &[], [200, 200, 200, 200, 403, 200]),
        ("/staff/sites/phu-cat/numbers.csv", &[], [200, 200, 200, 200, 403, 200]),
        ("/staff/sites/thap-doi/people", &[], [403, 403, 403, 403, 200, 200]),
        ("/staff/sites/phu-cat/people", &[], [403, 403, 403, 403, 403, 200]),
        ("/staff/audit", &[], [403, 403, 403, 403, 403, 200]),
        (&roles, &[("site", "thap-doi"), ("role", "editor")], [403, 403, 403, 403, 303, 303]),
        (&roles, &[("site", "phu-cat"), ("role", "editor")], [403, 403, 403, 403, 403, 303]),
        (&roles, &[("site", ""), ("role", "administrator")], [403, 403, 403, 403, 403, 303]),
        ("/staff/people/invitations", &[("name", "Lan"), ("site", ""), ("role", "viewer")], [403, 403, 403, 403, 403, 200]),
        (&account, &[("closed", "no")], [403, 403, 403, 403, 403, 303]),
        ("/staff/collection", &[], [200; 6]),
        ("/staff/sites/thap-doi", &[], [200; 6]),
        ("/staff/sites/phu-cat", &[], [200, 200, 200, 200, 403, 200]),
        (STOP, &[], [200; 6]),
        (&narration, &[("base", ""), ("title", ""), ("body", ""), ("state", "draft")], [403, 422, 422, 422, 422, 422]),
        (&narration, &[("base", &stale), ("title", "T"), ("body", "T."), ("state", "approved")], [403, 403, 409, 409, 409, 409]),
        ("/staff/devices", &[], [200; 6]),
        ("/staff/devices", &[("name", ""), ("site", "thap-doi")], [403, 403, 403, 403, 422, 422]),
        ("/staff/devices", &[("name", ""), ("site", "")], [403, 403, 403, 403, 403, 422]),
        (&device, &[], [200, 200, 200, 200, 403, 200]),
        (&sync, &[("x", "")], [403, 403, 403, 403, 403, 303]),
        (&retire, &[("x", "")], [403, 403, 403, 403, 403, 303]),
        ("/staff/sites/phu-cat/stops", &[("name", "")], [403, 422, 422, 422, 403, 422]),
        ("/staff/collection/new", &[], [403, 200, 200, 200, 403, 200]),
        ("/staff/sites/phu-cat/edit", &[], [403, 200, 200, 200, 403, 200]),
        ("/staff/sites/thap-doi/edit", &[("tag", "")], [403, 422, 422, 422, 422, 422]),
        ("/staff/sites/thap-doi/relics/new", &[], [403, 200, 200, 200, 200, 200]),
        (&edit, &[], [403, 200, 200, 200, 200, 200]),
        ("/staff/tours", &[], [200; 6]),
        ("/staff/tours/new", &[], [403, 200, 200, 200, 200, 200]),
        ("/staff/tours/new", &[("site", "")], [403, 422, 422, 422, 403, 422]),
        ("/staff/tours/quanh-thap", &[], [403, 200, 200, 200, 200, 200]),
        ("/staff/tours/quanh-thap/remove", &[("tag", "")], [403, 409, 409, 409, 409, 409]),
        ("/staff/words", &[], [200; 6]),
        ("/staff/words/theme/new", &[], [403, 200, 200, 200, 403, 200]),
        ("/staff/words/theme/champa/merge", &[("into", "")], [403, 422, 422, 422, 403, 422]),
        ("/staff/sites/phu-cat/pictures", &[], [200, 200, 200, 200, 403, 200]),
        ("/staff/sites/phu-cat/plans", &[], [200, 200, 200, 200, 403, 200]),
        ("/staff/sites/phu-cat/bulk", &[("do", "set-kind")], [403, 422, 422, 422, 403, 422]),
        ("/staff/sites/thap-doi/bulk", &[("do", "order"), ("order", "")], [403, 409, 409, 409, 409, 409]),
    ];
    for &(address, fields, expected) in pages {
        for ((login, session), expected) in sessions.iter().zip(expected) {
            let ask = if fields.is_empty() { house.get(address) } else { house.form(address, fields) };
            let answer = ask.signed(session).header("accept", "text/html").send().await;
            assert_eq!(answer.status, expected, "{login} {address} {fields:?}\n{}", answer.body);
            assert!(answer.header("cache-control") == "no-store" && answer.header("vary").contains("Cookie"));
            if expected == 403 {
                let named = ["người xem", "biên tập viên", "người duyệt", "người xuất bản", "quản trị viên"].iter().any(|role| answer.body.contains(role));
                assert!(named, "{login} {address}: the role it takes is named");
            }
        }
    }
    use serde_json::json;
    let calls = [
        ("GET", api("session"), json!(null), [200; 6]),
        ("GET", api("people"), json!(null), [403, 403, 403, 403, 200, 200]),
        ("GET", api(&format!("people/{whom}")), json!(null), [403, 403, 403, 403, 200, 200]),
        ("GET", api("sites/phu-cat/people"), json!(null), [403, 403, 403, 403, 403, 200]),
        ("GET", api("sites/phu-cat/labels"), json!(null), [403, 200, 200, 200, 403, 200]),
        ("POST", api("sites/thap-doi/labels"), json!({ "stops": [], "languages": [], "paper": "a4", "distance": 30, "level": "L" }), [403, 422, 422, 422, 422, 422]),
        ("PUT", api("sites/thap-doi/codes/TD3"), json!({ "retired": false }), [403, 204, 204, 204, 204, 204]),
        ("GET", api("sites/phu-cat/publishing"), json!(null), [403, 403, 403, 200, 403, 200]),
        ("PUT", api("sites/thap-doi/publishing"), json!({ "by_hand": false }), [403, 403, 403, 204, 204, 204]),
        ("POST", api("sites/thap-doi/publishing/bia-da/vi"), json!({ "edition": 77 }), [403, 403, 403, 404, 404, 404]),
        ("DELETE", api("sites/thap-doi/publishing/bia-da/vi"), json!({}), [403, 403, 403, 204, 204, 204]),
        ("DELETE", api("sites/thap-doi/publishing/bia-da/vi/plan"), json!({}), [403, 403, 403, 204, 204, 204]),
        ("GET", api("sites/phu-cat/numbers"), json!(null), [200, 200, 200, 200, 403, 200]),
        ("GET", api("invitations"), json!(null), [403, 403, 403, 403, 200, 200]),
        ("GET", api("tours"), json!(null), [200; 6]),
        ("PUT", api("tours/quanh-thap"), json!({ "site": "thap-doi" }), [403, 428, 428, 428, 428, 428]),
        ("DELETE", api("tours/quanh-thap"), json!({}), [403, 428, 428, 428, 428, 428]),
        ("PUT", api("words/theme/champa"), json!({}), [403, 428, 428, 428, 403, 428]),
        ("GET", api("sites/phu-cat/pictures"), json!(null), [200, 200, 200, 200, 403, 200]),
        ("PUT", api("sites/phu-cat/pictures"), json!({ "pictures": [] }), [403, 428, 428, 428, 403, 428]),
        ("GET", api("sites/phu-cat/plans"), json!(null), [200, 200, 200, 200, 403, 200]),
        ("PUT", api("sites/phu-cat/order"), json!({ "stops": [] }), [403, 428, 428, 428, 403, 428]),
        ("POST", api("sites/phu-cat/bulk"), json!({ "stops": [], "do": "set-kind", "word": "x" }), [403, 200, 200, 200, 403, 200]),
        ("GET", api("audit"), json!(null), [403, 403, 403, 403, 403, 200]),
        ("PUT", api_roles.clone(), json!({ "site": "thap-doi", "role": "publisher" }), [403, 403, 403, 403, 204, 204]),
        ("PUT", api_roles.clone(), json!({ "site": "phu-cat", "role": "publisher" }), [403, 403, 403, 403, 403, 204]),
        ("PUT", api_roles, json!({ "role": null }), [403, 403, 403, 403, 403, 204]),
        ("POST", api("invitations"), json!({ "name": "Lan", "role": "administrator" }), [403, 403, 403, 403, 403, 201]),
        ("PUT", api_account, json!({ "closed": true }), [403, 403, 403, 403, 403, 204]),
    ];
    for (method, address, body, expected) in calls {
        for ((login, session), expected) in sessions.iter().zip(expected) {
            let ask = if body.is_null() { house.get(&address) } else { house.json(method, &address, &body) };
            let answer = ask.signed(session).send().await;
            assert_eq!(answer.status, expected, "{login} {method} {address} {body}\n{}", answer.body);
            if expected == 403 {
                let json = answer.json();
                let detail = json["detail"].as_str().unwrap();
                let named = ["viewer", "editor", "publisher", "administrator"].iter().any(|role| detail.contains(role));
                assert!(named, "{address}");
            }
        }
    }
    assert_eq!(house.store.verify_audit(None).await.unwrap().fault, None);
}

#[tokio::test]
async fn nothing_but_the_ways_in_is_open() {
    let (house, _) = House::with_sites().await;
    house.person("first", Scope::House, Role::Administrator).await;
    for address in ["/staff/", "/staff/account", "/staff/people", "/staff/people/1", "/staff/audit"] {
        let page = house.get(address).header("accept", "text/html").send().await;
        assert_eq!(page.status, 401, "{address}");
        assert!(page.header("www-authenticate").starts_with("Session "));
        assert!(page.hidden().contains(&("to".to_owned(), address.to_owned())), "{address}: {}", page.body);
    }
    let stale = house.session("first").await;
    house.clock.advance_millis(i64::try_from(house.people.rules.idle.0).unwrap());
    for token in ["0".repeat(64), stale] {
        let refused = house.get("/api/v1/staff/session").signed(&token).send().await;
        assert_eq!((refused.status, refused.json()["type"].as_str()), (401, Some("/api/#sign-in-needed")));
    }
}

#[tokio::test]
async fn what_was_written_outlives_its_session() {
    let house = House::with_guides().await;
    house.person("first", Scope::House, Role::Administrator).await;
    let session = house.session("first").await;
    house.clock.advance_millis(i64::try_from(house.people.rules.idle.0).unwrap());
    let text = "Hoà \"<b>&' dòng một\ndòng hai";
    let fields = [("name", text), ("language", "vi")];
    let ended = house.form("/staff/account", &fields).signed(&session).header("accept", "text/html").send().await;
    assert_eq!(ended.status, 401);
    assert!(ended.body.contains("vẫn được giữ"));
    // A wrong password on the way loses nothing.
    let form = |answer: &Answer, more: &[(&str, &str)]| {
        let mut all: Vec<(String, String)> = answer.hidden();
        all.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        all
    };
    let send = async |address: &str, all: &[(String, String)], session: &str| {
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        house.form(address, &all).signed(session).header("accept", "text/html").send().await
    };
    let wrong = send("/staff/sign-in", &form(&ended, &[("login", "first"), ("password", "wrong")]), "").await;
    assert_eq!(wrong.status, 401);
    let again = send("/staff/sign-in", &form(&wrong, &[("login", "first"), ("password", PASSWORD)]), "").await;
    assert_eq!(again.status, 200);
    assert!(again.body.contains("action=\"/staff/account\""), "{}", again.body);
    assert_eq!(again.hidden(), [("name".to_owned(), text.to_owned()), ("language".to_owned(), "vi".to_owned())]);
    let token = again.header("set-cookie").split(['=', ';']).nth(1).unwrap().to_owned();
    let saved = send("/staff/account", &again.hidden(), &token).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/staff/account?done=saved"));
    let person = house.people.store.people().await.unwrap().pop().unwrap();
    assert_eq!(person.name, "Hoà \"<b>&' dòng một dòng hai");
    // A password is not written into a page.
    let secret = [("current", PASSWORD), ("password", "bốn con voi đi qua cầu")];
    let ended = house.form("/staff/account/password", &secret).header("accept", "text/html").send().await;
    assert_eq!((ended.status, ended.body.contains("voi")), (401, false));
    // A program is told so.
    let body = serde_json::json!({ "name": "x", "language": "vi" });
    assert_eq!(house.json("PUT", "/api/v1/staff/account", &body).signed(&session).send().await.status, 401);
}

#[tokio::test]
async fn changes_from_another_origin_change_nothing() {
    let house = House::with_guides().await;
    house.person("first", Scope::House, Role::Administrator).await;
    let session = house.session("first").await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("x-nothing", "at all"),
    ] {
        for (method, address) in [
            ("POST", "/staff/sign-out"),
            ("POST", "/staff/sign-in"),
            ("POST", "/staff/account/sign-out-everywhere"),
            ("DELETE", "/api/v1/staff/sessions"),
        ] {
            let ask = house.ask(method, address).signed(&session).header(name, value).header("host", "localhost");
            let refused = ask.header("accept", "text/html").send().await;
            assert_eq!(refused.status, 403, "{method} {address} {name}: {value}");
        }
    }
    assert_eq!(house.get("/staff/").signed(&session).send().await.status, 200, "still signed in");
    let own = house.ask("POST", "/staff/sign-out").signed(&session).header("origin", "http://localhost:8080");
    let out = own.header("host", "localhost:8080").send().await;
    assert_eq!(out.status, 303);
    assert!(out.header("set-cookie").starts_with("__Host-session=; Path=/; Max-Age=0"));
    assert_eq!(house.get("/staff/").signed(&session).send().await.status, 401);
}

#[tokio::test]
async fn a_password_over_plain_http_is_refused() {
    let house = House::with_guides().await;
    house.person("first", Scope::House, Role::Administrator).await;
    let page = house.get("/staff/sign-in").header("host", "192.168.1.5:8080").send().await;
    assert!(page.body.contains("https://"));
    let body = "login=first&password=x";
    let ask = house.ask("POST", "/staff/sign-in").header("host", "192.168.1.5:8080");
    let ask = ask.header("origin", "http://192.168.1.5:8080").header("accept", "text/html");
    let refused = ask.header("content-type", "application/x-www-form-urlencoded").with(body).send().await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("https://"));
}

#[tokio::test]
async fn from_the_first_link_to_an_editor_who_has_left() {
    let (house, _) = House::with_sites().await;
    let link = house.people.first_link().await.unwrap().unwrap();
    let page = house.get(&format!("/staff/invitation?key={}", link.reveal())).send().await;
    assert!(page.status == 200 && page.body.contains("Quản trị viên đầu tiên"));
    let token = page.hidden().remove(0).1;
    let fields =
        |login, password| [("token", token.clone()), ("name", "Hoà".into()), ("login", login), ("password", password)];
    let accept = async |fields: [(&str, String); 4]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        house.form("/staff/invitation", &fields).send().await
    };
    let weak = accept(fields("hoa".to_owned(), "ngắn".to_owned())).await;
    assert!(weak.status == 422 && weak.body.contains("quá ngắn") && weak.body.contains("value=\"hoa\""));
    let made = accept(fields("hoa".to_owned(), PASSWORD.to_owned())).await;
    assert_eq!((made.status, made.header("location")), (303, "/staff/"));
    let cookie = made.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-session=") && cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"));
    assert_eq!(accept(fields("hoa2".to_owned(), PASSWORD.to_owned())).await.status, 404, "a link works once");
    let first = cookie.split(['=', ';']).nth(1).unwrap();
    // Script in a text field is shown as text.
    let invite = [("name", "<script>alert(1)</script>"), ("site", "thap-doi"), ("role", "editor")];
    let shown = house.form("/staff/people/invitations", &invite).signed(first).send().await;
    assert!(shown.status == 200 && !shown.body.contains("<script>"));
    let key = shown.body.split("/staff/invitation?key=").nth(1).unwrap()[..64].to_owned();
    let json = serde_json::json!({ "key": key, "login": "lan", "name": "Lan", "language": "en", "password": PASSWORD });
    let lan = house.json("POST", "/api/v1/staff/invitations/accept", &json).send().await;
    assert_eq!((lan.status, lan.json()["roles"][0]["site"].as_str()), (201, Some("thap-doi")));
    let lans = lan.header("set-cookie").split(['=', ';']).nth(1).unwrap().to_owned();
    let page = house.get("/staff/").signed(&lans).header("accept-language", "vi").send().await;
    assert!(page.body.contains("Good day, Lan") && !page.body.contains("/staff/people"), "{}", page.body);
    let close = house.form(&format!("/staff/people/{}/account", lan.json()["id"]), &[("closed", "yes")]);
    assert_eq!(close.signed(first).send().await.status, 303);
    assert_eq!(house.get("/api/v1/staff/session").signed(&lans).send().await.status, 401);
    let last = house.form("/staff/people/1/account", &[("closed", "yes")]).signed(first).send().await;
    assert!(last.status == 409 && last.body.contains("tài khoản cuối cùng"));
    let record = house.get("/staff/audit?verify=yes").signed(first).send().await;
    assert!(record.body.contains("đều khớp nhau") && record.body.contains("khóa tài khoản"), "{}", record.body);
}

#[tokio::test]
async fn the_second_factor_is_set_up_and_asked_for() {
    let house = House::with_guides().await;
    house.person("first", Scope::House, Role::Administrator).await;
    let session = house.session("first").await;
    let post = async |address: &str, fields: &[(&str, &str)]| house.form(address, fields).signed(&session).send().await;
    assert_eq!(post("/staff/account/second-factor", &[("current", "wrong")]).await.status, 401);
    let page = post("/staff/account/second-factor", &[("current", PASSWORD)]).await;
    assert!(page.body.contains("<path fill=\"#000\" d=\"M4 4h1v1h-1z"), "a QR code is drawn");
    let person = house.people.store.people().await.unwrap().pop().unwrap();
    let secret = house.people.store.second_factor(person.id).await.unwrap().unwrap().offered.unwrap();
    let code = |off| totp::code(&secret, totp::step(crate::domain::Clock::now(&*house.clock)) + off);
    let codes = post("/staff/account/second-factor/confirm", &[("code", &code(0))]).await;
    assert_eq!(codes.body.matches("<li><code>").count(), 10);
    let recovery = codes.body.split("<li><code>").nth(1).unwrap()[..19].to_owned();
    let half = house.form("/staff/sign-in", &[("login", "first"), ("password", PASSWORD)]).send().await;
    assert_eq!((half.status, half.header("set-cookie")), (200, ""));
    let challenge = half.hidden().into_iter().find(|(name, _)| name == "challenge").unwrap().1;
    let second = async |code: &str| {
        house
            .form("/staff/second-factor", &[("challenge", &challenge), ("code", code), ("to", "/staff/audit")])
            .send()
            .await
    };
    assert_eq!(second(&code(0)).await.status, 401, "that code is used up");
    let done = second(&recovery).await;
    assert_eq!((done.status, done.header("location")), (303, "/staff/audit"));
    let json = |code: Option<&str>| serde_json::json!({ "login": "first", "password": PASSWORD, "code": code });
    let needed = house.json("POST", "/api/v1/staff/session", &json(None)).send().await;
    assert_eq!((needed.status, needed.json()["type"].as_str()), (401, Some("/api/#code-needed")));
    let next = code(1);
    assert_eq!(house.json("POST", "/api/v1/staff/session", &json(Some(&next))).send().await.status, 200);
}

#[tokio::test]
async fn too_many_tries_are_told_when_to_come_back() {
    let house = House::with_guides().await;
    house.person("first", Scope::House, Role::Administrator).await;
    let try_ = async |from: &'static str| {
        house.form("/staff/sign-in", &[("login", "first"), ("password", "wrong")]).from(from).send().await
    };
    for _ in 0..house.people.rules.tries_by_account {
        assert_eq!(try_("192.0.2.1").await.status, 401);
    }
    let refused = try_("192.0.2.2").await;
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("15 phút"), "{}", refused.body);
    let body = serde_json::json!({ "login": "first", "password": PASSWORD });
    let refused = house.json("POST", "/api/v1/staff/session", &body).send().await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "900"));
    // Some of what strangers send is not from a form at all.
    let large = "x".repeat(2 << 20);
    let refused = house.form("/staff/sign-in", &[("login", &large), ("password", "x")]).send().await;
    assert_eq!(refused.status, 413);
}

#[tokio::test]
async fn the_record_is_paged_and_shows_that_it_was_touched() {
    let house = House::with_guides().await;
    let person = house.person("first", Scope::House, Role::Administrator).await;
    for _ in 0..130 {
        house.people.store.set_profile(&Actor::shell(), person, "Hoà", Language::VI).await.unwrap();
    }
    let session = house.session("first").await;
    let page = house.get("/staff/audit").signed(&session).send().await;
    assert_eq!(page.body.matches("<td class=\"number\">").count(), 100);
    let older = page.body.split("/staff/audit?before=").nth(1).unwrap().split('"').next().unwrap();
    let page = house.get(&format!("/staff/audit?before={older}")).signed(&session).send().await;
    assert_eq!(page.body.matches("<td class=\"number\">").count(), 32);
    let json = house.get("/api/v1/staff/audit?before=3").signed(&session).send().await.json();
    assert_eq!(
        (json["entries"][1]["id"].as_i64(), json["entries"][1]["deed"]["action"].as_str()),
        (Some(1), Some("person-added"))
    );
    let unfit = house.get("/staff/audit?before=x").signed(&session).header("accept", "text/html").send().await;
    assert_eq!(unfit.status, 422);
}
