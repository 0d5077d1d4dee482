//! The workplace for programs against its description.

use crate::domain::{Role, Scope};
use crate::web::testing::House;

/// Every call of the description is there, is guarded unless it signs somebody in, and answers what is described.
#[tokio::test]
async fn every_call_is_described_and_guarded() {
    let (house, _) = House::with_sites().await;
    house.person("first", Scope::House, Role::Administrator).await;
    let session = house.session("first").await;
    let document = house.get("/api/openapi.json").send().await.json();
    let mut calls = 0;
    for (path, operations) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.contains("/staff/"))
    {
        for (method, operation) in operations.as_object().unwrap() {
            calls += 1;
            let address = path.replace("{id}", "77").replace("{site}", "phu-cat").replace("{relic}", "x");
            let address = address.replace("{code}", "TD1").replace("{stop}", "bia-da").replace("{language}", "vi");
            let address =
                address.replace("{tour}", "quanh-thap").replace("{list}", "theme").replace("{word}", "champa");
            let address = address.replace("{picture}", "1").replace("{plan}", "1").replace("{job}", "1");
            let address = address
                .replace("{ordinal}", "0")
                .replace("{recording}", "1")
                .replace("{place}", "0")
                .replace("{finding}", "1")
                .replace("{comment}", "1");
            let address = address.replace("{screen}", "AAAAAAAAAA").replace("{notice}", "9").replace("{device}", "77");
            let address = address.replace("{timetable}", "quy-nhon");
            let method = method.to_uppercase();
            let described = |answer: u16| operation["responses"].get(answer.to_string()).is_some();
            let open = ["signIn", "acceptInvitation"].contains(&operation["operationId"].as_str().unwrap());
            let outside = house.ask(&method, &address).own().send().await.status;
            assert!(open || outside == 401, "{method} {path} answers {outside} to a stranger");
            assert!(described(outside), "{method} {path} answers {outside}, which is not described");
            for body in [serde_json::json!({}), serde_json::json!([1]), serde_json::json!({ "name": 1, "role": "x" })] {
                // The session survives the calls that would end it, and a stream ends only with the session.
                if ["signOut", "signOutEverywhere", "watchWork"].contains(&operation["operationId"].as_str().unwrap()) {
                    continue;
                }
                let answer = house.json(&method, &address, &body).signed(&session).send().await;
                assert!(answer.status < 500 && described(answer.status), "{method} {path} {body}: {}", answer.status);
            }
        }
    }
    assert_eq!(calls, 128);
}
