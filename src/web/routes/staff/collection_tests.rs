//! The collection as an editor meets it: writing, two people writing at once, versions, new stops, pictures.

use crate::domain::{Deed, JobKind, Language, Role, Scope};
use crate::store::{Collection, Policy};
use crate::web::testing::{Answer, House, plain};

const STOP: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap";

async fn desk() -> (House, String) {
    let house = House::with_guides().await;
    let collection = Collection {
        slug: "binh-dinh".parse().unwrap(),
        names: house.site().names,
        source_language: Language::VI,
        guide_languages: vec![Language::VI, Language::EN],
        policy: Policy::default(),
    };
    house.store.put_collection(&collection).await.unwrap();
    house.person("lan", Scope::House, Role::Reviewer).await;
    let session = house.session("lan").await;
    (house, session)
}

async fn get(house: &House, session: &str, address: &str) -> Answer {
    house.get(address).signed(session).header("accept", "text/html").send().await
}

/// The hash the form of the narration is based on.
async fn base(house: &House, session: &str) -> String {
    let page = get(house, session, STOP).await;
    page.hidden().into_iter().find(|(name, _)| name == "base").unwrap().1
}

async fn write(house: &House, session: &str, base: &str, body: &str, state: &str) -> Answer {
    let fields = [("base", base), ("title", "Tháp Đôi"), ("body", body), ("state", state)];
    let form = house.form(&format!("{STOP}/narration"), &fields);
    form.signed(session).header("accept", "text/html").send().await
}

#[tokio::test]
async fn what_is_written_is_kept_spoken_and_can_be_brought_back() {
    let (house, session) = desk().await;
    let first = write(&house, &session, "", "Tháp xây năm 1471.\r\n\r\nMời xem.", "draft").await;
    assert_eq!((first.status, first.header("location")), (303, format!("{STOP}?done=draft").as_str()));
    assert_eq!(house.store.job_counts().await.unwrap().waiting, 0, "a draft is not spoken");
    let second = write(&house, &session, &base(&house, &session).await, "Tháp xây năm 1417.", "approved").await;
    assert_eq!(second.header("location"), format!("{STOP}?done=saved"));
    let kind = house.store.claim("test", crate::domain::Milliseconds(1_000)).await.unwrap().unwrap().kind;
    assert!(matches!(kind, JobKind::MakeGuide { stop, .. } if stop.as_str() == "hai-ngon-thap"));
    let old = get(&house, &session, &format!("{STOP}/versions/1")).await;
    assert!(old.body.contains("<del>1471</del>") || old.body.contains("<del>1471"), "{}", old.body);
    assert!(old.body.contains("<ins>1417"), "{}", old.body);
    let fields: Vec<(String, String)> = old.hidden();
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("state", "draft"));
    let back = house.form(&format!("{STOP}/narration"), &fields).signed(&session).send().await;
    assert_eq!(back.status, 303, "{}", back.body);
    let page = plain(&get(&house, &session, STOP).await.body);
    assert!(page.contains("Tháp xây năm 1471.\n\nMời xem.</textarea>"), "{page}");
    assert!(page.contains(&format!("{STOP}/versions/3")));
    let written: Vec<_> = house.store.audit(None, 10).await.unwrap();
    assert_eq!(written.iter().filter(|entry| matches!(entry.deed, Deed::TextWritten { .. })).count(), 3);
}

#[tokio::test]
async fn of_two_who_write_at_once_neither_loses_a_word() {
    let (house, session) = desk().await;
    write(&house, &session, "", "Một câu.", "draft").await;
    let both = base(&house, &session).await;
    assert_eq!(write(&house, &session, &both, "Câu của người thứ nhất.", "draft").await.status, 303);
    let late = write(&house, &session, &both, "Câu của <b>người</b> thứ hai.", "draft").await;
    assert_eq!(late.status, 422, "markup is refused first, with what was typed");
    assert!(plain(&late.body).contains("Câu của <b>người</b> thứ hai.") && !late.body.contains("<b>người"));
    let late = write(&house, &session, &both, "Câu của người thứ hai.", "draft").await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Câu của người thứ nhất.") && late.body.contains("Câu của người thứ hai."));
    // Saving again is based on what stands now.
    let now = late.hidden().into_iter().find(|(name, _)| name == "base").unwrap().1;
    assert_eq!(write(&house, &session, &now, "Hai câu. Một bản.", "draft").await.status, 303);
}

#[tokio::test]
async fn a_stop_is_added_and_found_without_marks() {
    let (house, session) = desk().await;
    let add = |name: &'static str, code: &'static str| {
        house.form("/staff/sites/thap-doi/stops", &[("name", name), ("stop-code", code), ("slug", "")]).signed(&session)
    };
    let added = add("Bia Võ Cạnh", "vc1").send().await;
    assert_eq!(added.header("location"), "/staff/sites/thap-doi/stops/bia-vo-canh?done=added");
    let taken = add("Bia khác", "VC1").header("accept", "text/html").send().await;
    assert!(taken.status == 409 && taken.body.contains("bia-vo-canh") && taken.body.contains("Bia khác"));
    let hostile = add("<script>alert(1)</script>", "HH1").send().await;
    assert_eq!(hostile.status, 303, "{}", hostile.body);
    let list = get(&house, &session, "/staff/sites/thap-doi").await;
    assert!(!list.body.contains("<script>alert") && plain(&list.body).contains("<script>alert(1)</script>"));
    for asked in ["vo%20canh", "V%C3%B5", "vc1"] {
        let found = get(&house, &session, &format!("/staff/collection?q={asked}")).await;
        assert!(found.body.contains("/staff/sites/thap-doi/stops/bia-vo-canh"), "{asked}");
    }
}
