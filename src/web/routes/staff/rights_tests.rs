//! The table of rights: every page and call of the workplace asked as a stranger, as each role, and as the administrator of
//! another site. The addresses are read out of the routers' sources, so none can be left out.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::{Role, Scope};
use crate::web::testing::House;

const TABLE: &str = include_str!("rights.txt");
const ROUTERS: [&str; 2] = [include_str!("mod.rs"), include_str!("../api/staff/mod.rs")];
/// Of the things that have pictures.
const THINGS: [&str; 3] = ["", "/relics/{relic}", "/stops/{stop}"];
/// A stream of events has begun to answer by then.
const PATIENCE: Duration = Duration::from_millis(700);

/// What stands in an address for each name in braces.
const VALUES: [(&str, &str); 24] = [
    ("{site}", "thap-doi"),
    ("{stop}", "bia-da"),
    ("{language}", "vi"),
    ("{lang}", "vi"),
    ("{id}", "77"),
    ("{plan}", "1"),
    ("{list}", "theme"),
    ("{word}", "champa"),
    ("{tour}", "quanh-thap"),
    ("{relic}", "x"),
    ("{number}", "1"),
    ("{code}", "TD1"),
    ("{ordinal}", "0"),
    ("{picture}", "1"),
    ("{job}", "77"),
    ("{finding}", "77"),
    ("{comment}", "77"),
    ("{place}", "0"),
    ("{clip}", "0"),
    ("{recording}", "77"),
    ("{screen}", "abcdefgh"),
    ("{notice}", "77"),
    ("{timetable}", "bus"),
    ("{device}", "77"),
];

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Open,
    Signed,
    At(Role),
    Any(Role),
    House(Role),
}

impl Rule {
    fn read(word: &str) -> Self {
        let Some((role, place)) = word.split_once('@') else {
            return if word == "open" { Self::Open } else { Self::Signed };
        };
        let role = role.parse().unwrap();
        match place {
            "site" => Self::At(role),
            "any" => Self::Any(role),
            "house" => Self::House(role),
            other => panic!("`{other}` is no place"),
        }
    }

    /// Whether a role of the whole house may; `None`: the administrator of another site.
    fn allows(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Open | Self::Signed | Self::Any(_), None) => true,
            (Self::At(_) | Self::House(_), None) => false,
            (Self::Open | Self::Signed, Some(_)) => true,
            (Self::At(least) | Self::Any(least) | Self::House(least), Some(role)) => role >= least,
        }
    }
}

fn table() -> Vec<(Rule, String, String)> {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let row = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let mut next = || words.next().unwrap_or_else(|| panic!("{line}"));
        (Rule::read(&next()), next(), next())
    };
    rows.map(row).collect()
}

/// The text between the bracket that was just opened and its partner.
fn bracketed(text: &str) -> &str {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    panic!("a bracket is not closed: {text}")
}

/// Every method and address of a router, as its source says.
fn routed(source: &str) -> BTreeSet<(String, String)> {
    let calls = if source.contains("\"/api/v1/staff") { "/api/v1" } else { "" };
    let mut found = BTreeSet::new();
    for (at, opening) in source.match_indices(".route(") {
        let inside = bracketed(&source[at + opening.len()..]);
        let address = match inside.split_once('"') {
            Some((before, rest)) if !before.contains("pictures,") => rest.split('"').next().unwrap().replace("{{", "{"),
            _ => "{pictures}".to_owned(),
        };
        let addresses: Vec<String> = match address.replace("}}", "}").strip_prefix("{pictures}") {
            None => vec![address.replace("}}", "}")],
            Some(rest) => {
                let pictures = |thing| format!("{calls}/staff/sites/{{site}}{thing}/pictures{rest}");
                THINGS.into_iter().map(pictures).collect()
            }
        };
        for method in ["get", "post", "put", "delete"] {
            let called = inside.match_indices(&format!("{method}(")).any(|(at, _)| {
                let before = inside[..at].chars().last();
                before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_' && letter != ':')
            });
            if called {
                found.extend(addresses.iter().map(|address| (method.to_uppercase(), address.clone())));
            }
        }
    }
    found
}

#[test]
fn the_table_names_every_address_of_the_workplace_once() {
    let routed: BTreeSet<_> = ROUTERS.into_iter().flat_map(routed).collect();
    assert!(routed.len() > 150, "{}", routed.len());
    let rows = table();
    let named: BTreeSet<_> = rows.iter().map(|(_, method, address)| (method.clone(), address.clone())).collect();
    let missing: Vec<_> = routed.difference(&named).collect();
    assert!(missing.is_empty(), "say in rights.txt who may ask for these: {missing:#?}");
    let gone: Vec<_> = named.difference(&routed).collect();
    assert!(gone.is_empty(), "these are in rights.txt and nowhere else: {gone:#?}");
    assert_eq!(rows.len(), named.len(), "an address is named twice");
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Got {
    /// Nobody is signed in.
    SignInNeeded,
    Forbidden,
    /// Let in, with this status: a wrong password that is asked for once more is a 401 too.
    In(u16),
    /// A stream that was let in goes on and on.
    Stream,
}

async fn ask(house: &House, session: Option<&str>, method: &str, address: &str) -> Got {
    let api = address.starts_with("/api/");
    let ask = match (method, api) {
        ("GET", false) => house.get(address).header("accept", "text/html"),
        (_, false) => house.form(address, &[]).header("accept", "text/html"),
        ("GET", true) => house.get(address),
        (_, true) => house.json(method, address, &serde_json::json!({})),
    };
    let ask = if let Some(session) = session { ask.signed(session) } else { ask };
    let patience = if address.ends_with("/events") { PATIENCE } else { PATIENCE * 30 };
    let Ok(answer) = tokio::time::timeout(patience, ask.send()).await else { return Got::Stream };
    let asks_for_sign_in = answer.body.contains("sign-in-needed") || answer.body.contains("action=\"/staff/sign-in\"");
    match answer.status {
        401 if asks_for_sign_in => Got::SignInNeeded,
        403 => Got::Forbidden,
        status => Got::In(status),
    }
}

#[tokio::test]
async fn each_role_gets_what_the_table_says_and_nothing_else() {
    let (house, sites) = House::with_sites().await;
    for role in Role::ALL {
        house.person(role.word(), Scope::House, role).await;
    }
    house.person("there", Scope::Site(sites[1]), Role::Administrator).await;
    let mut wrong = Vec::new();
    let people = Role::ALL.into_iter().map(|role| (role.word(), Some(role))).chain([("there", None)]);
    for (login, role) in people {
        let mut session = house.session(login).await;
        for (rule, method, pattern) in table() {
            let address = VALUES.iter().fold(pattern.clone(), |text, (name, value)| text.replace(name, value));
            assert!(!address.contains('{'), "{pattern}: give the name in braces a value");
            if rule == Rule::Open {
                continue;
            }
            if role == Some(Role::Viewer) && ask(&house, None, &method, &address).await != Got::SignInNeeded {
                wrong.push(format!("a stranger: {method} {pattern}"));
            }
            let got = ask(&house, Some(&session), &method, &address).await;
            let refused = matches!(got, Got::SignInNeeded | Got::Forbidden);
            let streams = got == Got::Stream && !address.ends_with("/events");
            if refused == rule.allows(role) || got == Got::In(500) || streams {
                wrong.push(format!("{login}: {method} {pattern} answers {got:?}, and {rule:?} is the rule"));
            }
            if ask(&house, Some(&session), "GET", "/api/v1/staff/session").await != Got::In(200) {
                session = house.session(login).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
