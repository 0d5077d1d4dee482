//! What is being made, as each person sees it, by page, by call and as it changes.

use std::time::Duration;

use serde_json::Value;

use crate::domain::{Deed, JobFailure, JobFault, JobId, JobKind, Language, Milliseconds, Role, Scope, SiteId};
use crate::pipeline::{Progress, Stage};
use crate::web::testing::House;

const API: &str = "/api/v1/staff/work";

fn guide(stop: &str, language: Language) -> JobKind {
    JobKind::MakeGuide { stop: stop.parse().unwrap(), language }
}

/// A job that runs, one that failed with a script in its error, and one that waits.
async fn house() -> (House, [SiteId; 2], [JobId; 3]) {
    let (house, sites) = House::with_sites().await;
    for role in Role::ALL {
        house.person(role.word(), Scope::House, role).await;
    }
    house.person("there", Scope::Site(sites[1]), Role::Administrator).await;
    let failed = house.store.enqueue(&guide("bia-da", Language::FR), 1).await.unwrap();
    let claimed = house.store.claim("w", Milliseconds(60_000)).await.unwrap().unwrap();
    let failure = JobFailure::new(JobFault::Engine, "no voice <script>alert(1)</script>");
    house.store.fail(failed, claimed.fencing_token, &failure, None).await.unwrap();
    let running = house.store.enqueue(&guide("hai-ngon-thap", Language::EN), 1).await.unwrap();
    house.store.claim("w", Milliseconds(60_000)).await.unwrap().unwrap();
    let waiting = house.store.enqueue(&guide("hai-ngon-thap", Language::JA), 1).await.unwrap();
    (house, sites, [running, failed, waiting])
}

#[tokio::test]
async fn the_work_is_in_sight_with_its_step_and_its_reasons() {
    let (house, ..) = house().await;
    let session = house.session("editor").await;
    house.board.begin(&"hai-ngon-thap".parse().unwrap(), Language::EN);
    house.board.stage(Stage::Speak { sentences: 7, characters: 90 });
    house.board.sentence_spoken(Milliseconds(10));
    let page = house.get("/staff/work").signed(&session).send().await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("đang đọc") && page.body.contains("1/7"), "{}", page.body);
    assert!(page.body.contains("no voice &#60;script&#62;") && !page.body.contains("<script>alert"));
    assert!(page.body.contains("giọng đọc hoặc máy nghe gặp lỗi"), "the reason is in the words of the page");
    let told = house.get(API).signed(&session).send().await.json();
    assert_eq!((&told["running"], &told["waiting"], &told["failed"]), (&1.into(), &1.into(), &1.into()));
    let jobs = told["jobs"].as_array().unwrap();
    assert_eq!((&jobs[0]["step"], &jobs[0]["done"], &jobs[0]["of"]), (&"speak".into(), &1.into(), &7.into()));
    assert_eq!((&jobs[1]["state"], &jobs[1]["fault"]), (&"failed".into(), &"engine".into()));
    assert_eq!((&jobs[2]["state"], &jobs[2]["language"]), (&"waiting".into(), &"ja".into()));
    // Somebody of another site sees none of it.
    let there = house.session("there").await;
    let told = house.get(API).signed(&there).send().await.json();
    assert_eq!((&told["running"], &told["jobs"]), (&0.into(), &Value::Array(Vec::new())));
    let page = house.get("/staff/work").signed(&there).send().await;
    assert!(!page.body.contains("hai-ngon-thap") && !page.body.contains("bia-da"), "{}", page.body);
}

#[tokio::test]
async fn what_failed_is_asked_for_again_and_what_waits_is_taken_out() {
    let (house, _, [running, failed, waiting]) = house().await;
    let session = house.session("editor").await;
    let work = "/staff/sites/thap-doi/work";
    let done = house.form(&format!("{work}/{failed}/retry"), &[]).signed(&session).send().await;
    assert_eq!((done.status, done.header("location")), (303, "/staff/work?done=retried"));
    let again = house.form(&format!("{work}/{failed}/retry"), &[]).signed(&session).send().await;
    assert!(again.status == 409 && again.body.contains("không còn hỏng nữa"), "{}", again.body);
    let done = house.form(&format!("{work}/{waiting}/cancel"), &[]).signed(&session).send().await;
    assert_eq!((done.status, done.header("location")), (303, "/staff/work?done=cancelled"));
    assert_eq!(house.form(&format!("{work}/{running}/cancel"), &[]).signed(&session).send().await.status, 409);
    let deeds: Vec<Deed> = house.store.audit(None, 2).await.unwrap().into_iter().map(|entry| entry.deed).collect();
    assert_eq!(deeds, [Deed::WorkCancelled { language: Language::JA }, Deed::WorkRetried { language: Language::FR }]);
    let counts = house.store.job_counts().await.unwrap();
    assert_eq!((counts.waiting, counts.running, counts.dead), (1, 1, 0));
}

/// Viewer, editor, reviewer, publisher, administrator, administrator of another site; by page and by call.
#[tokio::test]
async fn each_role_may_do_what_the_table_says() {
    let (house, _, [running, failed, _]) = house().await;
    let people = ["viewer", "editor", "reviewer", "publisher", "administrator", "there"];
    let rows = [
        ("GET", "/staff/work".to_owned(), [200; 6]),
        ("GET", API.to_owned(), [200; 6]),
        ("POST", format!("/staff/sites/thap-doi/work/{running}/retry"), [403, 409, 409, 409, 409, 403]),
        ("POST", format!("/staff/sites/thap-doi/work/{running}/cancel"), [403, 409, 409, 409, 409, 403]),
        // A job of one site is none of another's.
        ("POST", format!("/staff/sites/phu-cat/work/{failed}/retry"), [403, 404, 404, 404, 404, 404]),
        ("POST", format!("/api/v1/staff/sites/thap-doi/work/{running}/retry"), [403, 409, 409, 409, 409, 403]),
        ("DELETE", format!("/api/v1/staff/sites/thap-doi/work/{running}"), [403, 409, 409, 409, 409, 403]),
        ("DELETE", "/api/v1/staff/sites/thap-doi/work/x".to_owned(), [403, 404, 404, 404, 404, 403]),
    ];
    for (method, address, expected) in rows {
        for (login, expected) in people.iter().zip(expected) {
            let session = house.session(login).await;
            let answer = house.ask(method, &address).own().signed(&session).send().await;
            assert_eq!(answer.status, expected, "{login} {method} {address}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn changes_are_told_within_seconds_until_the_session_ends() {
    let (house, ..) = house().await;
    let session = house.session("viewer").await;
    let watch = house.get("/api/v1/staff/work/events").signed(&session).send();
    let page = house.get("/staff/work/events").signed(&session).send();
    let meanwhile = async {
        let soon = || tokio::time::sleep(Duration::from_millis(1_400));
        soon().await;
        house.board.begin(&"hai-ngon-thap".parse().unwrap(), Language::EN);
        house.board.stage(Stage::Hear { sentences: 9 });
        soon().await;
        house.store.enqueue(&guide("chim-than-garuda", Language::VI), 1).await.unwrap();
        soon().await;
        let out = house.form("/staff/sign-out", &[]).signed(&session).send().await;
        assert_eq!(out.status, 303);
    };
    let patience = Duration::from_secs(20);
    let (told, page, ()) =
        tokio::join!(tokio::time::timeout(patience, watch), tokio::time::timeout(patience, page), meanwhile);
    let (told, page) = (told.unwrap(), page.unwrap());
    assert_eq!(told.header("content-type"), "text/event-stream");
    let events: Vec<Value> = told
        .body
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 3, "{}", told.body);
    assert_eq!((&events[0]["waiting"], &events[0]["jobs"][0]["step"]), (&1.into(), &Value::Null));
    assert_eq!((&events[1]["jobs"][0]["step"], &events[1]["jobs"][0]["of"]), (&"hear".into(), &9.into()));
    assert_eq!(events[2]["waiting"], 2);
    assert!(told.body.trim_end().ends_with("event: end\ndata: over"), "{}", told.body);
    assert_eq!(page.body.matches("event: now").count(), 3, "{}", page.body);
    assert!(page.body.contains("đang nghe lại") && page.body.contains("chim-than-garuda"), "{}", page.body);
}
