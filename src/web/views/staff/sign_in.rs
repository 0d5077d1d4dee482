//! Signing in: name and password, then the second factor, then back to where somebody was.

use askama::Template;

use crate::domain::Language;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::strings::words;
use crate::web::workplace::Carried;

words! {
    /// The words of signing in.
    Strings: heading, login, password, go, ended, kept, lost, plain_http, second_heading, second_lead, code, recovery,
    back, resume_heading, resume_lead, resume_go, resume_leave
}

/// Why the form is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Told {
    #[default]
    Nothing,
    /// The session ended.
    Ended,
    /// The session ended, and what was sent cannot be carried on.
    Lost,
    /// What is wrong with what was typed.
    Wrong(String),
}

/// What stands in the form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub carried: Carried,
    pub login: String,
    pub told: Told,
    /// The page came over plain HTTP from another machine.
    pub plain: bool,
}

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
struct SignIn<'a> {
    page: Frame<'a>,
    hidden: Vec<(String, String)>,
    login: &'a str,
    bad: Option<&'a str>,
    good: Option<&'a str>,
    plain: bool,
}

/// The first half.
///
/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, form: &Form) -> Result<String> {
    let words = &state.desk.of(lang).sign_in;
    let mut page = Frame::new(state, lang, None, Place::Elsewhere, &words.heading);
    if form.carried.fields.is_none() {
        page.again = format!("/staff/sign-in?lang={}&to={}", page.other, form.carried.to.replace('&', "%26"));
    }
    let good = match (&form.told, &form.carried.fields) {
        (Told::Ended, None) => Some(words.ended.as_str()),
        (Told::Nothing | Told::Ended | Told::Wrong(_), Some(_)) => Some(words.kept.as_str()),
        _ => None,
    };
    let bad = match &form.told {
        Told::Wrong(why) => Some(why.as_str()),
        Told::Lost => Some(words.lost.as_str()),
        Told::Nothing | Told::Ended => None,
    };
    let hidden = form.carried.hidden();
    Ok(SignIn { page, hidden, login: &form.login, bad, good, plain: form.plain }.render()?)
}

#[derive(Template)]
#[template(path = "staff/second_factor.html")]
struct Second<'a> {
    page: Frame<'a>,
    hidden: Vec<(String, String)>,
    challenge: &'a str,
    bad: Option<String>,
    good: Option<String>,
}

/// The second half. `challenge` is the token that waits for it.
///
/// # Errors
/// Where the page cannot be written.
pub fn second(
    state: &State,
    lang: Language,
    carried: &Carried,
    challenge: &str,
    bad: Option<String>,
) -> Result<String> {
    let page = Frame::new(state, lang, None, Place::Elsewhere, &state.desk.of(lang).sign_in.second_heading);
    Ok(Second { page, hidden: carried.hidden(), challenge, bad, good: None }.render()?)
}

#[derive(Template)]
#[template(path = "staff/resume.html")]
struct Resume<'a> {
    page: Frame<'a>,
    to: &'a str,
    fields: &'a [(String, String)],
    /// What somebody wrote, to be read again before it is sent.
    shown: Vec<&'a (String, String)>,
}

/// What was being sent when the session ended, ready to be sent again.
///
/// # Errors
/// Where the page cannot be written.
pub fn resume(state: &State, lang: Language, to: &str, fields: &[(String, String)]) -> Result<String> {
    let page = Frame::new(state, lang, None, Place::Elsewhere, &state.desk.of(lang).sign_in.resume_heading);
    let shown = fields.iter().filter(|(_, value)| value.chars().count() > 3).collect();
    Ok(Resume { page, to, fields, shown }.render()?)
}
