//! Accounts, what may be used once, and the record that shows when it was touched.

use super::*;
use crate::domain::{Actor, AuditId, ContentHash, Deed, Grant, Grants, Milliseconds, PersonId, Role, Scope};

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";

impl Bench {
    async fn person(&self, login: &str, role: Role) -> PersonId {
        let new = NewPerson {
            login: login.parse().unwrap(),
            name: login.to_owned(),
            language: Language::VI,
            password: HASH.to_owned(),
            grants: Grants(vec![Grant { scope: Scope::House, role }]),
        };
        self.store.add_person(&Actor::shell(), &new).await.unwrap()
    }

    /// Nine entries.
    async fn with_record(&self) {
        let first = self.person("first", Role::Administrator).await;
        let second = self.person("second", Role::Editor).await;
        let shell = Actor::shell();
        for role in [Role::Viewer, Role::Editor, Role::Publisher, Role::Reviewer, Role::Administrator] {
            self.store.set_role(&shell, second, Scope::House, Some(role)).await.unwrap();
        }
        self.store.set_role(&shell, first, Scope::House, Some(Role::Editor)).await.unwrap();
        self.store.set_disabled(&shell, first, true).await.unwrap();
    }
}

#[tokio::test]
async fn the_record_hangs_together_and_is_read_back() {
    let bench = Bench::new().await;
    assert_eq!(bench.store.verify_audit(None).await.unwrap().rows, 0);
    bench.with_record().await;
    let entries = bench.store.audit(None, 100).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.id.0).collect::<Vec<_>>(), (1..=9).rev().collect::<Vec<_>>());
    assert_eq!((&entries[0].deed, entries[0].subject.as_str()), (&Deed::AccountClosed, "first"));
    let given = Deed::RoleChanged { scope: Scope::House, from: Some(Role::Editor), to: Some(Role::Viewer) };
    assert_eq!(entries[6].deed, given);
    let page = bench.store.audit(Some(AuditId(4)), 2).await.unwrap();
    assert_eq!(page.iter().map(|entry| entry.id.0).collect::<Vec<_>>(), [3, 2]);
    let state = bench.store.verify_audit(Some(entries[5].hash)).await.unwrap();
    assert_eq!((state.rows, state.fault, state.seen, state.head), (9, None, true, Some(entries[0].hash)));
    let state = bench.store.verify_audit(Some(ContentHash::of(b"another record"))).await.unwrap();
    assert!(!state.seen);
}

#[tokio::test]
async fn a_row_that_was_touched_is_found() {
    for (touch, row) in [
        ("UPDATE audit SET subject = 'someone' WHERE id = 4", 4),
        ("UPDATE audit SET detail = replace(detail, 'viewer', 'editor') WHERE id = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE id = 9", 9),
        ("UPDATE audit SET address = '192.0.2.1' WHERE id = 1", 1),
        ("UPDATE audit SET person = 1 WHERE id = 2", 2),
        ("UPDATE audit SET hash = upper(hash) WHERE id = 5", 5),
        ("UPDATE audit SET previous = '' WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id = 6", 7),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("DELETE FROM audit WHERE id = 6; UPDATE audit SET id = id - 1 WHERE id > 6", 6),
        (
            "INSERT INTO audit SELECT 10, at, person, actor, address, action, subject, site, detail, previous, hash
             FROM audit WHERE id = 9",
            10,
        ),
    ] {
        let bench = Bench::new().await;
        bench.with_record().await;
        let refused = sqlx::query("UPDATE audit SET subject = 'x'").execute(&bench.store.writer).await.unwrap_err();
        assert!(refused.to_string().contains("never changed"), "{refused}");
        bench.damage("DROP TRIGGER audit_is_never_changed").await;
        bench.damage("DROP TRIGGER audit_is_never_shortened").await;
        sqlx::raw_sql(touch).execute(&bench.store.writer).await.unwrap();
        let state = bench.store.verify_audit(None).await.unwrap();
        let fault = state.fault.unwrap_or_else(|| panic!("{touch} was not noticed"));
        assert_eq!(fault.row, AuditId(row), "{touch}: {}", fault.why);
        assert_eq!(state.rows, u64::try_from(row).unwrap() - 1 - u64::from(touch.contains("DELETE") && row != 6));
    }
}

#[tokio::test]
async fn a_record_cut_short_is_shown_by_a_hash_that_was_noted() {
    let bench = Bench::new().await;
    bench.with_record().await;
    let noted = bench.store.verify_audit(None).await.unwrap().head;
    bench.damage("DROP TRIGGER audit_is_never_shortened").await;
    bench.damage("DELETE FROM audit WHERE id > 7").await;
    let state = bench.store.verify_audit(noted).await.unwrap();
    assert_eq!((state.rows, state.fault, state.seen), (7, None, false));
}

#[tokio::test]
async fn one_who_administers_the_house_always_remains() {
    let bench = Bench::new().await;
    let shell = Actor::shell();
    let first = bench.person("first", Role::Administrator).await;
    let second = bench.person("second", Role::Publisher).await;
    for refused in [
        bench.store.set_role(&shell, first, Scope::House, None).await,
        bench.store.set_role(&shell, first, Scope::House, Some(Role::Editor)).await,
        bench.store.set_disabled(&shell, first, true).await,
    ] {
        assert!(matches!(refused, Err(StoreError::LastAdministrator { .. })), "{refused:?}");
    }
    assert_eq!(bench.store.audit(None, 10).await.unwrap().len(), 2, "what did not happen is not recorded");
    let site = bench.store.upsert_site(&site("thap-doi")).await.unwrap().id();
    bench.store.set_role(&shell, second, Scope::Site(site), Some(Role::Administrator)).await.unwrap();
    assert!(bench.store.set_disabled(&shell, first, true).await.is_err(), "a site's is not enough");
    bench.store.set_role(&shell, second, Scope::House, Some(Role::Administrator)).await.unwrap();
    bench.store.set_disabled(&shell, first, true).await.unwrap();
    let missing = bench.store.set_role(&shell, second, Scope::Site(SiteId(99)), Some(Role::Viewer)).await;
    assert!(matches!(missing, Err(StoreError::Missing { what: "site", .. })), "{missing:?}");
    let twice = NewPerson {
        login: "first".parse().unwrap(),
        name: String::new(),
        language: Language::VI,
        password: HASH.to_owned(),
        grants: Grants::default(),
    };
    assert!(matches!(bench.store.add_person(&shell, &twice).await, Err(StoreError::LoginTaken { .. })));
}

#[tokio::test]
async fn a_thousand_tries_at_once_are_a_thousand_tries() {
    let bench = Bench::new().await;
    let subjects = [("login:first".to_owned(), 5)];
    let tries = (0..40).map(|n| {
        let (store, subjects) = (bench.store.clone(), subjects.clone());
        tokio::spawn(async move { store.count_try(&n.to_string(), &subjects, Milliseconds(1000)).await.unwrap() })
    });
    let mut free = 0;
    for turn in tries.collect::<Vec<_>>() {
        free += usize::from(turn.await.unwrap() == Turn::Free);
    }
    assert_eq!(free, 5);
}

#[tokio::test]
async fn a_recovery_code_is_used_once_even_by_two_at_once() {
    let bench = Bench::new().await;
    let person = bench.person("first", Role::Administrator).await;
    let code = ContentHash::of(b"a code");
    bench.store.replace_recovery_codes(&Actor::shell(), person, &[code]).await.unwrap();
    let shell = Actor::shell();
    let (one, two) = tokio::join!(
        bench.store.use_recovery_code(&shell, person, code),
        bench.store.use_recovery_code(&shell, person, code)
    );
    assert_ne!(one.unwrap(), two.unwrap());
    assert!(bench.store.use_step(person, 5).await.unwrap());
    assert!(!bench.store.use_step(person, 5).await.unwrap() && !bench.store.use_step(person, 4).await.unwrap());
}
