//! The forms of sites, relics and stops as an editor meets them.

use crate::domain::{Role, Scope};
use crate::web::testing::{Answer, House, plain};

const SCRIPT: &str = "\"><script>alert(1)</script>";

async fn desk() -> (House, String) {
    let house = House::with_guides().await;
    house.person("lan", Scope::House, Role::Editor).await;
    let session = house.session("lan").await;
    (house, session)
}

async fn get(house: &House, session: &str, address: &str) -> Answer {
    house.get(address).signed(session).header("accept", "text/html").send().await
}

/// The fields of the one form of a page that is not signing out: hidden ones, inputs, and empty paragraphs.
fn fields(page: &Answer) -> Vec<(String, String)> {
    let value = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(plain(rest.split_once('"')?.0))
    };
    let inputs = page.body.split("<input ").skip(1).map(|rest| format!(" {}", rest.split('>').next().unwrap()));
    let mut found: Vec<(String, String)> =
        inputs.filter_map(|tag| Some((value(&tag, "name")?, value(&tag, "value")?))).collect();
    for area in page.body.split("<textarea ").skip(1) {
        let (tag, rest) = area.split_once('>').unwrap();
        let text = rest.split_once("</textarea>").unwrap().0;
        found.push((value(&format!(" {tag}"), "name").unwrap(), plain(text.trim_start_matches('\n'))));
    }
    found
}

async fn send(house: &House, session: &str, address: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    house.form(address, &fields).signed(session).header("accept", "text/html").send().await
}

fn set(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    let field = fields.iter_mut().find(|(own, _)| own == name).unwrap_or_else(|| panic!("no field {name}"));
    field.1 = value.to_owned();
}

#[tokio::test]
async fn a_form_that_is_sent_back_untouched_changes_nothing() {
    let (house, session) = desk().await;
    for address in ["/staff/sites/thap-doi/edit", "/staff/sites/thap-doi/stops/bia-da/edit"] {
        let page = get(&house, &session, address).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let before = house.store.audit(None, 50).await.unwrap().len();
        let sent = send(&house, &session, address, &fields(&page)).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        assert_eq!(house.store.audit(None, 50).await.unwrap().len(), before, "{address}");
    }
}

#[tokio::test]
async fn of_two_changes_of_a_site_both_are_shown() {
    let (house, session) = desk().await;
    let address = "/staff/sites/thap-doi/edit";
    let page = get(&house, &session, address).await;
    let (mut first, mut second) = (fields(&page), fields(&page));
    set(&mut first, "name.vi", "Tháp Hưng Thạnh");
    set(&mut second, "name.vi", "Tháp Đôi Quy Nhơn");
    set(&mut second, "period.from", "1100");
    assert_eq!(send(&house, &session, address, &first).await.status, 303);
    let late = send(&house, &session, address, &second).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Tháp Hưng Thạnh") && late.body.contains("value=\"Tháp Đôi Quy Nhơn\""));
    assert_eq!(send(&house, &session, address, &fields(&late)).await.status, 303, "on what stands now");
    let site = house.store.site(&"thap-doi".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((site.names.best(crate::domain::Language::VI), site.period.unwrap().from), ("Tháp Đôi Quy Nhơn", 1100));
    assert_eq!(site.cover, Some(house.cover), "a form without a picture leaves the picture");
}

#[tokio::test]
async fn a_script_in_every_field_stays_text() {
    let (house, session) = desk().await;
    for (address, slug) in [
        ("/staff/collection/new", "site-x"),
        ("/staff/sites/thap-doi/relics/new", "relic-x"),
        ("/staff/sites/thap-doi/stops/bia-da/edit", ""),
    ] {
        let page = get(&house, &session, address).await;
        let mut all = fields(&page);
        for (name, value) in &mut all {
            let kept = name == "tag" || name == "stop-code" || name == "position" || name.ends_with(".year");
            if !kept && !name.starts_with("period.") && !name.starts_with("place.") {
                *value = SCRIPT.to_owned();
            }
        }
        // First everything is wrong and shown again, then it is kept and shown on the pages of the collection.
        let refused = send(&house, &session, address, &all).await;
        if !slug.is_empty() {
            assert_eq!(refused.status, 422, "{address}");
            assert!(!refused.body.contains("<script>alert") && plain(&refused.body).contains(SCRIPT), "{address}");
            set(&mut all, "slug", slug);
            let kept = send(&house, &session, address, &all).await;
            assert_eq!(kept.status, 303, "{address}: {}", kept.body);
        } else {
            assert_eq!(refused.status, 303, "{}", refused.body);
        }
    }
    for address in [
        "/staff/collection?q=script",
        "/staff/sites/site-x",
        "/staff/sites/site-x/edit",
        "/staff/sites/thap-doi",
        "/staff/sites/thap-doi/relics/relic-x",
        "/staff/sites/thap-doi/stops/bia-da",
        "/staff/sites/thap-doi/stops/bia-da/edit",
        "/vi/sites/site-x",
        "/vi/stops/bia-da",
        "/vi/",
    ] {
        let page = get(&house, &session, address).await;
        // A stop without a guide has no page for visitors; what they are told instead bears its name.
        let expected = if address == "/vi/stops/bia-da" { 404 } else { 200 };
        assert_eq!(page.status, expected, "{address}");
        assert!(!page.body.contains("<script>alert"), "{address}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost() {
    let (house, session) = desk().await;
    let address = "/staff/sites/thap-doi/stops/bia-da/edit";
    let mut all = fields(&get(&house, &session, address).await);
    set(&mut all, "name.vi", &"ệ".repeat(201));
    set(&mut all, "stop-code", "td 3");
    set(&mut all, "kind", "stele");
    let refused = send(&house, &session, address, &all).await;
    assert_eq!(refused.status, 422);
    for text in ["value=\"stele\"", "value=\"td 3\"", "stop-code-fault", "name-vi-fault", "200"] {
        assert!(refused.body.contains(text), "{text}: {}", refused.body);
    }
    set(&mut all, "name.vi", "Bia đá");
    set(&mut all, "stop-code", "TD1");
    let taken = send(&house, &session, address, &all).await;
    assert!(taken.status == 422 && taken.body.contains("hai-ngon-thap"), "{}", taken.body);
    set(&mut all, "stop-code", "TD3");
    set(&mut all, "place.latitude", "13,7");
    let half = send(&house, &session, address, &all).await;
    assert!(
        half.status == 422 && half.body.contains("place-longitude-fault") && half.body.contains("value=\"13,7\""),
        "{}",
        half.body
    );
}
