//! The rules against a store in a folder of its own, with a clock that stands still.

use std::sync::Arc;

use super::*;
use crate::domain::{FixedClock, Grant, Grants, Language, PersonId, Role, Scope, Timestamp};

const START: Timestamp = Timestamp(1_795_392_000_000);
const PASSWORD: &str = "ngọn tháp bên sông";

struct House {
    _folder: tempfile::TempDir,
    clock: Arc<FixedClock>,
    people: People,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(START));
        let store = Store::open(&folder.path().join("house.db"), clock.clone()).await.unwrap();
        Self { _folder: folder, people: People::new(store, clock.clone()).unwrap(), clock }
    }

    async fn add(&self, login: &str, role: Role) -> PersonId {
        let grants = Grants(vec![Grant { scope: Scope::House, role }]);
        self.people.add(login, login, Language::VI, PASSWORD, grants).await.unwrap()
    }

    async fn signed(&self, login: &str) -> Signed {
        let token = done(self.people.sign_in(&from("192.0.2.1"), login, PASSWORD).await.unwrap());
        self.people.signed(token.reveal(), &from("192.0.2.1")).await.unwrap().unwrap()
    }

    /// Gives an account a second factor; its secret and recovery codes.
    async fn with_second_factor(&self, signed: &Signed) -> (Vec<u8>, Vec<String>) {
        self.people.offer_second_factor(signed, "Nhà", PASSWORD).await.unwrap();
        let secret = self.people.store.second_factor(signed.person.id).await.unwrap().unwrap().offered.unwrap();
        let codes = self.people.confirm_second_factor(signed, &self.code(&secret)).await.unwrap();
        (secret, codes)
    }

    fn code(&self, secret: &[u8]) -> String {
        totp::code(secret, totp::step(self.clock.now()))
    }

    async fn challenge(&self, login: &str) -> Token {
        match self.people.sign_in(&from("192.0.2.1"), login, PASSWORD).await.unwrap() {
            SignIn::SecondFactor(token) => token,
            SignIn::Done(_) => panic!("the second factor was not asked for"),
        }
    }
}

fn from(address: &str) -> Visitor {
    Visitor { address: address.to_owned(), network: address.to_owned(), agent: "a browser".to_owned() }
}

fn done(sign_in: SignIn) -> Token {
    match sign_in {
        SignIn::Done(token) => token,
        SignIn::SecondFactor(_) => panic!("a second factor was asked for"),
    }
}

#[tokio::test]
async fn whoever_cannot_sign_in_is_told_the_same() {
    let house = House::new().await;
    let first = house.add("first", Role::Administrator).await;
    let closed = house.add("closed", Role::Editor).await;
    house.people.store.set_disabled(&crate::domain::Actor::shell(), closed, true).await.unwrap();
    for (login, password) in
        [("first", "wrong"), ("nobody", PASSWORD), ("closed", PASSWORD), ("no login at all", PASSWORD), ("", "")]
    {
        let refused = house.people.sign_in(&from("192.0.2.1"), login, password).await.unwrap_err();
        assert!(matches!(refused, PeopleError::WrongPassword), "{login}: {refused:?}");
    }
    assert_eq!(house.signed(" First ").await.person.id, first);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_in_any_case_after_a_while() {
    let house = House::new().await;
    house.add("first", Role::Administrator).await;
    let token = done(house.people.sign_in(&from("192.0.2.1"), "first", PASSWORD).await.unwrap());
    let there = async || house.people.signed(token.reveal(), &from("192.0.2.1")).await.unwrap().is_some();
    let (idle, absolute) = (house.people.rules.idle.0 as i64, house.people.rules.absolute.0 as i64);
    house.clock.advance_millis(idle - 1);
    assert!(there().await);
    house.clock.advance_millis(idle - 1);
    assert!(there().await, "it was used in between");
    house.clock.advance_millis(idle);
    assert!(!there().await);
    let token = done(house.people.sign_in(&from("192.0.2.1"), "first", PASSWORD).await.unwrap());
    let begun = house.clock.now();
    while house.clock.now().0 - begun.0 + idle / 2 < absolute {
        house.clock.advance_millis(idle / 2);
        assert!(house.people.signed(token.reveal(), &from("192.0.2.1")).await.unwrap().is_some());
    }
    house.clock.advance_millis(idle / 2);
    assert!(house.people.signed(token.reveal(), &from("192.0.2.1")).await.unwrap().is_none());
    assert!(house.people.signed("", &from("192.0.2.1")).await.unwrap().is_none());
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_sessions_and_a_new_password_all_others() {
    let house = House::new().await;
    house.add("first", Role::Administrator).await;
    house.add("other", Role::Editor).await;
    let (one, two, other) = (house.signed("first").await, house.signed("first").await, house.signed("other").await);
    assert_eq!(house.people.sessions(&one).await.unwrap().len(), 2);
    house.people.change_password(&one, PASSWORD, "bốn con voi đi qua cầu").await.unwrap();
    let left = house.people.sessions(&one).await.unwrap();
    assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [one.session]);
    assert!(house.people.end_session(&one, two.session).await.is_err());
    assert!(house.people.end_session(&one, other.session).await.is_err(), "nobody ends another's session");
    house.people.sign_out_everywhere(&one).await.unwrap();
    assert!(house.people.sessions(&one).await.unwrap().is_empty());
    assert_eq!(house.people.sessions(&other).await.unwrap().len(), 1);
    assert!(house.people.sign_in(&from("192.0.2.1"), "first", PASSWORD).await.is_err());
}

#[tokio::test]
async fn tries_are_counted_by_account_and_by_address() {
    let mut house = House::new().await;
    house.people.rules.tries_by_account = 3;
    house.people.rules.tries_by_address = 5;
    house.add("first", Role::Administrator).await;
    house.add("other", Role::Administrator).await;
    let wrong = async |address: &str, login: &str| {
        house.people.sign_in(&from(address), login, "wrong").await.unwrap_err().to_string()
    };
    for _ in 0..3 {
        assert!(wrong("192.0.2.1", "first").await.contains("wrong"));
    }
    // The right password too, and from anywhere: nobody guesses on.
    for address in ["192.0.2.1", "192.0.2.2"] {
        let refused = house.people.sign_in(&from(address), "first", PASSWORD).await.unwrap_err();
        assert!(matches!(refused, PeopleError::TooMany { seconds: 900 }), "{refused:?}");
    }
    // An account that is not there runs out of tries as one that is does.
    for _ in 0..3 {
        assert!(wrong("192.0.2.3", "nobody").await.contains("wrong"));
    }
    assert!(wrong("192.0.2.3", "nobody").await.contains("too many"));
    // One address, many accounts.
    assert!(wrong("192.0.2.1", "a01").await.contains("wrong"));
    assert!(wrong("192.0.2.1", "a02").await.contains("wrong"));
    assert!(wrong("192.0.2.1", "a03").await.contains("too many"));
    assert!(house.people.sign_in(&from("192.0.2.4"), "other", PASSWORD).await.is_ok());
    house.clock.advance_millis(house.people.rules.window.0 as i64);
    assert!(house.people.sign_in(&from("192.0.2.1"), "first", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_right_password_takes_the_count_back() {
    let mut house = House::new().await;
    house.people.rules.tries_by_account = 2;
    house.add("first", Role::Administrator).await;
    for _ in 0..5 {
        assert!(house.people.sign_in(&from("192.0.2.1"), "first", "wrong").await.is_err());
        assert!(house.people.sign_in(&from("192.0.2.1"), "first", PASSWORD).await.is_ok());
    }
}

#[tokio::test]
async fn a_code_of_the_device_is_good_once() {
    let house = House::new().await;
    house.add("first", Role::Administrator).await;
    let signed = house.signed("first").await;
    let (secret, _) = house.with_second_factor(&signed).await;
    let challenge = house.challenge("first").await;
    let again = house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &house.code(&secret)).await;
    assert!(matches!(again, Err(PeopleError::WrongCode)), "the code that confirmed it was used up");
    house.clock.advance_millis(30_000);
    let code = house.code(&secret);
    house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &code).await.unwrap();
    let over = house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &code).await;
    assert!(matches!(over, Err(PeopleError::ChallengeOver)));
    let challenge = house.challenge("first").await;
    let again = house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &code).await;
    assert!(matches!(again, Err(PeopleError::WrongCode)));
    house.clock.advance_millis(house.people.rules.challenge.0 as i64);
    let late = house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &house.code(&secret)).await;
    assert!(matches!(late, Err(PeopleError::ChallengeOver)));
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let house = House::new().await;
    house.add("first", Role::Administrator).await;
    let signed = house.signed("first").await;
    let (_, codes) = house.with_second_factor(&signed).await;
    assert_eq!(codes.len(), 10);
    let challenge = house.challenge("first").await;
    house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &codes[3].to_uppercase()).await.unwrap();
    let challenge = house.challenge("first").await;
    for wrong in [codes[3].as_str(), "0000-0000-0000-0000", ""] {
        let again = house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), wrong).await;
        assert!(matches!(again, Err(PeopleError::WrongCode)), "{wrong}");
    }
    assert_eq!(house.people.recovery_codes_left(&signed).await.unwrap(), 9);
    let signed = Signed { person: house.people.store.person(signed.person.id).await.unwrap().unwrap(), ..signed };
    let fresh = house.people.new_recovery_codes(&signed, PASSWORD).await.unwrap();
    let challenge = house.challenge("first").await;
    assert!(house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &codes[4]).await.is_err());
    assert!(house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &fresh[4]).await.is_ok());
}

#[tokio::test]
async fn guesses_at_the_second_factor_are_counted_with_the_passwords() {
    let mut house = House::new().await;
    house.people.rules.tries_by_account = 4;
    house.add("first", Role::Administrator).await;
    let signed = house.signed("first").await;
    let (secret, _) = house.with_second_factor(&signed).await;
    house.clock.advance_millis(30_000);
    let challenge = house.challenge("first").await;
    for _ in 0..3 {
        let wrong = house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), "000000").await;
        assert!(matches!(wrong, Err(PeopleError::WrongCode)));
    }
    let right = house.people.second_factor(&from("192.0.2.1"), challenge.reveal(), &house.code(&secret)).await;
    assert!(matches!(right, Err(PeopleError::TooMany { .. })));
    let anew = house.people.sign_in(&from("192.0.2.1"), "first", PASSWORD).await;
    assert!(matches!(anew, Err(PeopleError::TooMany { .. })), "a new password try buys no new guesses");
}

#[tokio::test]
async fn an_invitation_is_good_once_and_while_its_inviter_administers() {
    let house = House::new().await;
    let first = house.add("first", Role::Administrator).await;
    let second = house.add("second", Role::Administrator).await;
    let signed = house.signed("first").await;
    let token = house.people.invite(&signed, "Lan", Scope::House, Role::Editor).await.unwrap();
    let accept = async |token: &str, login: &str| {
        let given = Acceptance { token, login, name: "Lan", language: Language::EN, password: PASSWORD };
        house.people.accept(&from("192.0.2.9"), &given).await
    };
    let taken = accept(token.reveal(), "first").await;
    assert!(matches!(taken, Err(PeopleError::Store(crate::store::StoreError::LoginTaken { .. }))));
    let session = accept(token.reveal(), "lan").await.unwrap();
    let lan = house.people.signed(session.reveal(), &from("192.0.2.9")).await.unwrap().unwrap().person;
    assert_eq!(lan.grants.role(Scope::House), Some(Role::Editor));
    assert!(matches!(accept(token.reveal(), "lan2").await, Err(PeopleError::NoInvitation)));
    let late = house.people.invite(&signed, "Minh", Scope::House, Role::Editor).await.unwrap();
    house.clock.advance_millis(house.people.rules.invitation.0 as i64);
    assert!(matches!(accept(late.reveal(), "minh").await, Err(PeopleError::NoInvitation)));
    let signed = house.signed("first").await;
    let void = house.people.invite(&signed, "Hoa", Scope::House, Role::Administrator).await.unwrap();
    let other = house.signed("second").await;
    house.people.set_role(&other, first, Scope::House, Some(Role::Editor)).await.unwrap();
    assert!(matches!(accept(void.reveal(), "hoa").await, Err(PeopleError::NoInvitation)));
    let withdrawn = house.people.invite(&other, "Hoa", Scope::House, Role::Viewer).await.unwrap();
    let open = house.people.invitations(&other).await.unwrap();
    house.people.withdraw(&other, open[0].id).await.unwrap();
    assert!(house.people.withdraw(&other, open[0].id).await.is_err());
    assert!(matches!(accept(withdrawn.reveal(), "hoa").await, Err(PeopleError::NoInvitation)));
    let last = house.people.set_role(&other, second, Scope::House, None).await;
    assert!(matches!(last, Err(PeopleError::Store(crate::store::StoreError::LastAdministrator { .. }))));
}

#[tokio::test]
async fn the_link_of_the_first_administrator_works_on_an_empty_house_only() {
    let house = House::new().await;
    let old = house.people.first_link().await.unwrap().unwrap();
    let link = house.people.first_link().await.unwrap().unwrap();
    let accept = async |token: &Token, login: &str| {
        let given =
            Acceptance { token: token.reveal(), login, name: "Hoà", language: Language::VI, password: PASSWORD };
        house.people.accept(&from("192.0.2.9"), &given).await
    };
    assert!(matches!(accept(&old, "hoa").await, Err(PeopleError::NoInvitation)), "a newer link takes its place");
    let session = accept(&link, "hoa").await.unwrap();
    let hoa = house.people.signed(session.reveal(), &from("192.0.2.9")).await.unwrap().unwrap();
    assert_eq!(hoa.person.grants.role(Scope::House), Some(Role::Administrator));
    assert!(matches!(accept(&link, "hoa2").await, Err(PeopleError::NoInvitation)));
    assert!(house.people.first_link().await.unwrap().is_none());
    // A link that was made while the house was empty is void once somebody was added from the shell.
    let house = House::new().await;
    let link = house.people.first_link().await.unwrap().unwrap();
    house.add("first", Role::Administrator).await;
    let given =
        Acceptance { token: link.reveal(), login: "late", name: "x", language: Language::VI, password: PASSWORD };
    assert!(matches!(house.people.accept(&from("192.0.2.9"), &given).await, Err(PeopleError::NoInvitation)));
}

#[tokio::test]
async fn nobody_gives_roles_where_they_do_not_administer() {
    let house = House::new().await;
    let first = house.add("first", Role::Administrator).await;
    for role in [Role::Viewer, Role::Editor, Role::Reviewer, Role::Publisher] {
        house.add(role.word(), role).await;
        let signed = house.signed(role.word()).await;
        let own = signed.person.id;
        assert!(house.people.set_role(&signed, own, Scope::House, Some(Role::Administrator)).await.is_err(), "{role}");
        assert!(house.people.set_disabled(&signed, first, true).await.is_err(), "{role}");
        assert!(house.people.invite(&signed, "x", Scope::House, Role::Viewer).await.is_err(), "{role}");
        assert!(house.people.list(&signed).await.is_err(), "{role}");
    }
    let record = house.people.store.verify_audit(None).await.unwrap();
    assert_eq!(record.fault, None);
}
