//! What a sign-in carries on: the page somebody wanted, or what they had written when their session ended.
//!
//! The fields of the form travel in hidden fields of the sign-in's forms, and come out at its end as a form that sends
//! them again. They were sent by the house's own pages, so they say nothing that a stranger chose; and nothing is done
//! with them before somebody presses the button.

/// Where to after signing in, and with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// An address of the workplace.
    pub to: String,
    /// The fields of a form that is to be sent there again; `None` where a page is only to be opened.
    pub fields: Option<Vec<(String, String)>>,
}

/// Where somebody goes who wanted nothing else.
pub const HOME: &str = "/staff/";

/// What stands before the names of fields that are carried.
const MARK: &str = "kept.";

impl Carried {
    /// Leads to a page of the workplace; anything else leads home.
    #[must_use]
    pub fn to(address: &str) -> Self {
        let plain = address.bytes().all(|b| (b' ' < b && b < 0x7f) && b != b'\\' && b != b'"');
        let own = address.starts_with(HOME) && !address.starts_with("/staff/sign-in") && address.len() <= 512;
        Self { to: if plain && own { address } else { HOME }.to_owned(), fields: None }
    }

    /// Carries a form on, unless it holds something secret, which is not written into a page: then its page is opened
    /// anew.
    #[must_use]
    pub fn form(address: &str, fields: Vec<(String, String)>) -> Self {
        const SECRET: [&str; 4] = ["password", "current", "code", "token"];
        let secret = fields.iter().any(|(name, _)| SECRET.contains(&name.as_str()));
        Self { fields: (!secret).then_some(fields), ..Self::to(address) }
    }

    /// What the fields of a sign-in form carry.
    #[must_use]
    pub fn read(form: &[(String, String)]) -> Self {
        let to = form.iter().find(|(name, _)| name == "to").map_or(HOME, |(_, value)| value.as_str());
        let kept = form.iter().filter_map(|(name, value)| Some((name.strip_prefix(MARK)?.to_owned(), value.clone())));
        let again = form.iter().any(|(name, _)| name == "again");
        Self { fields: again.then(|| kept.collect()), ..Self::to(to) }
    }

    /// The hidden fields that carry it: names and values.
    #[must_use]
    pub fn hidden(&self) -> Vec<(String, String)> {
        let mut hidden = vec![("to".to_owned(), self.to.clone())];
        if let Some(fields) = &self.fields {
            hidden.push(("again".to_owned(), "1".to_owned()));
            hidden.extend(fields.iter().map(|(name, value)| (format!("{MARK}{name}"), value.clone())));
        }
        hidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_pages_of_the_workplace_are_led_to() {
        assert_eq!(Carried::to("/staff/people?page=2").to, "/staff/people?page=2");
        for bad in [
            "",
            "https://evil.example/staff/",
            "//evil.example/staff/",
            "/staffed",
            "/vi/",
            "/staff/\\evil.example",
            "/staff/\r\nset-cookie: a=b",
            "javascript:alert(1)",
            "/staff/sign-in",
        ] {
            assert_eq!(Carried::to(bad).to, HOME, "{bad}");
        }
    }

    #[test]
    fn what_is_secret_is_not_carried() {
        let field = |name: &str| vec![("text".to_owned(), "a".to_owned()), (name.to_owned(), "b".to_owned())];
        assert!(Carried::form("/staff/account/password", field("current")).fields.is_none());
        assert!(Carried::form("/staff/people/1", field("role")).fields.is_some());
    }

    proptest! {
        #[test]
        fn what_is_carried_comes_out(fields in prop::collection::vec(("\\PC{0,8}", "\\PC{0,20}"), 0..5)) {
            let carried = Carried { to: "/staff/people".to_owned(), fields: Some(fields) };
            let mut form = carried.hidden();
            form.push(("login".to_owned(), "kept.".to_owned()));
            prop_assert_eq!(Carried::read(&form), carried);
        }
    }
}
