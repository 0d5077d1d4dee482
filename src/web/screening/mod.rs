//! Screens in the hands of staff: who may do what with one, how it stands, and whether its plan can be followed.
//!
//! Invariant: a screen is looked after by whoever looks after everything it shows; one that shows the whole house belongs
//! to the house.

mod form;

pub use form::{Fault, Fields, Rows, fields_of, read};

use crate::domain::screen::{Plan, ScreenCode, Signs, Standing, shown_notice};
use crate::domain::{Language, Names, Permission, Scope, Site, Slug, Stop, Timestamp};
use crate::people::{PeopleError, Signed};
use crate::store::{GivenNotice, LastShown, Screen, Shown, ShownOnDay, TimetableHead};
use crate::web::buses::BusFault;
use crate::web::counting::{self, Days};
use crate::web::error::{Result, WebError};
use crate::web::respond::put;
use crate::web::state::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

/// A notice is read from across a hall.
pub const LONGEST_NOTICE: usize = 300;
/// A notice that begins later than this is a plan.
pub const MOST_HOURS: u32 = 720;

/// What the pages of screens are about, read once for a request.
pub struct Stock {
    pub sites: Vec<Site>,
    pub stops: Vec<Stop>,
    pub timetables: Vec<TimetableHead>,
}

impl Stock {
    /// # Errors
    /// Where the store does not answer.
    pub async fn read(state: &State) -> Result<Self> {
        let (sites, stops, timetables) =
            tokio::try_join!(state.store.sites(), state.store.stops(), state.store.timetable_heads())?;
        Ok(Self { sites, stops, timetables })
    }

    /// Where one has to hold a permission to do something to a screen of this plan.
    #[must_use]
    pub fn scopes(&self, plan: &Plan) -> Vec<Scope> {
        let site = |slug: &Slug| self.sites.iter().find(|site| site.slug == *slug).map(|site| site.id);
        let of_stop = |slug: &Slug| self.stops.iter().find(|stop| stop.slug == *slug).map(|stop| stop.site);
        let named = plan.shows.iter().flat_map(|show| {
            let (sites, stops) = (show.sites.iter().map(site), show.stops.iter().map(of_stop));
            // What is not there any more is the house's to mend.
            sites.chain(stops).map(|id| id.map_or(Scope::House, Scope::Site))
        });
        let mut scopes: Vec<Scope> = named.collect();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() { vec![Scope::House] } else { scopes }
    }

    /// Whether somebody may do a thing to a screen of this plan.
    #[must_use]
    pub fn may(&self, signed: &Signed, permission: Permission, plan: &Plan) -> bool {
        self.scopes(plan).into_iter().all(|scope| signed.person.grants.may(permission, scope))
    }

    /// # Errors
    /// `Forbidden`.
    pub fn must(&self, signed: &Signed, permission: Permission, plan: &Plan) -> Result<()> {
        if self.may(signed, permission, plan) { Ok(()) } else { Err(PeopleError::Forbidden(permission).into()) }
    }
}

/// A screen and how it stands.
pub struct Known {
    pub screen: Screen,
    pub standing: Standing,
    pub heard_at: Option<Timestamp>,
    pub shown: Shown,
    pub last: Option<LastShown>,
    pub manages: bool,
}

/// How a screen stands, for somebody.
///
/// # Errors
/// Where the store does not answer.
pub async fn known(
    state: &State,
    stock: &Stock,
    signed: &Signed,
    notices: &[GivenNotice],
    screen: Screen,
) -> Result<Known> {
    let (shown, last) = tokio::try_join!(state.store.shown_by(&screen.code), state.store.last_shown(&screen.code))?;
    let heard_at = state.screens.heard(&screen.code).max(screen.heard_at).max(shown.heard_at);
    let now = state.clock.now();
    let own = notices.iter().filter(|given| given.screen.as_ref().is_none_or(|code| *code == screen.code));
    let own: Vec<_> = own.map(|given| given.notice.clone()).collect();
    let signs = Signs {
        retired: screen.retired_at.is_some(),
        asked: heard_at,
        showed: shown.heard_at,
        notice: shown_notice(&own, now).is_some(),
        lost_bus: state.buses.fault(state, &screen.plan).await?.is_some(),
    };
    let manages = screen.retired_at.is_none() && stock.may(signed, Permission::Manage, &screen.plan);
    Ok(Known { standing: Standing::of(signs, now), heard_at, shown, last, manages, screen })
}

/// The screens somebody may look at, by name, those that are retired last.
///
/// # Errors
/// Where the store does not answer.
pub async fn all_known(state: &State, stock: &Stock, signed: &Signed) -> Result<Vec<Known>> {
    let notices = state.store.given_notices().await?;
    let mut all = Vec::new();
    for screen in state.store.screens().await? {
        if stock.may(signed, Permission::See, &screen.plan) {
            all.push(known(state, stock, signed, &notices, screen).await?);
        }
    }
    all.sort_by_key(|known| known.screen.retired_at.is_some());
    Ok(all)
}

/// A screen that somebody may look at.
///
/// # Errors
/// `NoAddress`, `Forbidden`.
pub async fn find(state: &State, stock: &Stock, signed: &Signed, code: &str) -> Result<Screen> {
    let code: ScreenCode = code.parse().map_err(|_| WebError::NoAddress)?;
    let screens = state.store.screens().await?;
    let screen = screens.into_iter().find(|screen| screen.code == code).ok_or(WebError::NoAddress)?;
    stock.must(signed, Permission::See, &screen.plan)?;
    Ok(screen)
}

/// A screen that somebody may change.
///
/// # Errors
/// `NoAddress`, also where it is retired; `Forbidden`.
pub async fn take(state: &State, stock: &Stock, signed: &Signed, code: &str) -> Result<Screen> {
    let screen = find(state, stock, signed, code).await?;
    stock.must(signed, Permission::Manage, &screen.plan)?;
    if screen.retired_at.is_some() { Err(WebError::NoAddress) } else { Ok(screen) }
}

/// A code for a new screen.
///
/// # Errors
/// Where the system gives no random numbers.
pub fn fresh_code() -> Result<ScreenCode> {
    let mut random = [0; 10];
    getrandom::fill(&mut random)
        .map_err(|error| WebError::Contradiction(format!("the system gives no random numbers: {error}")))?;
    Ok(ScreenCode::from_random(random))
}

/// What keeps a plan from being followed, the first thing.
///
/// # Errors
/// Where the store does not answer.
pub async fn fault(state: &State, stock: &Stock, plan: &Plan) -> Result<Option<Fault>> {
    if let Err(error) = plan.check() {
        return Ok(Some(Fault::Plan(error)));
    }
    for (show, at) in plan.shows.iter().zip(1..) {
        let lacks_site = show.sites.iter().find(|slug| !stock.sites.iter().any(|site| site.slug == **slug));
        let lacks_stop = show.stops.iter().find(|slug| !stock.stops.iter().any(|stop| stop.slug == **slug));
        if let Some(name) = lacks_site.or(lacks_stop) {
            return Ok(Some(Fault::Unknown { show: at, name: name.to_string() }));
        }
    }
    Ok(state.buses.fault(state, plan).await?.map(Fault::Bus))
}

impl std::fmt::Display for BusFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoTimetable => "there is no timetable of this name: put it in first",
            Self::NoRoute => "the timetable has no such route",
            Self::NoTrip => "the route makes no such trip",
            Self::TooMany => "the route makes too many calls for one screen: name the trip",
        })
    }
}

/// The words of a notice as they were typed, tidy.
///
/// # Errors
/// Where a language has too many letters, or none has any.
pub fn notice_text(typed: impl IntoIterator<Item = (Language, String)>) -> std::result::Result<Names, &'static str> {
    let mut text = Names::default();
    for (language, words) in typed {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.chars().count() > LONGEST_NOTICE {
            return Err("a notice has at most 300 letters in each language");
        }
        if !words.is_empty() {
            text.0.insert(language, words);
        }
    }
    if text.0.is_empty() { Err("a notice needs words in one language at least") } else { Ok(text) }
}

/// From when until when a notice holds.
///
/// # Errors
/// Where the hours are none, or it would begin too late.
pub fn notice_time(
    begins: Option<Timestamp>,
    hours: u32,
    now: Timestamp,
) -> std::result::Result<(Timestamp, Timestamp), &'static str> {
    const HOUR: i64 = 3_600_000;
    let from = begins.unwrap_or(now).max(now);
    if !(1..=MOST_HOURS).contains(&hours) {
        return Err("a notice holds 1 to 720 hours");
    }
    if from > now.plus_millis(i64::from(MOST_HOURS) * HOUR) {
        return Err("a notice begins within 30 days");
    }
    Ok((from, from.plus_millis(i64::from(hours) * HOUR)))
}

/// What a screen said it showed on these days of its own local time.
///
/// # Errors
/// Where the store does not answer.
pub async fn shown_days(state: &State, screen: &Screen, days: &Days) -> Result<Vec<ShownOnDay>> {
    const DAY: i64 = 86_400_000;
    let offset = screen.plan.utc_offset_minutes;
    let begin = |day: &str| {
        let form = time::macros::format_description!("[year]-[month]-[day]");
        let day =
            time::Date::parse(day, form).map_err(|_| WebError::Unfit("a day is written as 2026-11-23".to_owned()))?;
        let utc = day.midnight().assume_utc().unix_timestamp() * 1000;
        Ok::<_, WebError>(Timestamp(utc - i64::from(offset) * 60_000))
    };
    let span = (begin(&days.from)?, begin(&days.to)?.plus_millis(DAY));
    Ok(state.store.shown_days(&screen.code, offset, span).await?)
}

/// The same as a file for spreadsheets.
///
/// # Errors
/// Where the store does not answer.
pub async fn plays_as_csv(state: &State, screen: &Screen, stops: &[Stop], days: &Days) -> Result<Response> {
    let shown = shown_days(state, screen, days).await?;
    let rows = shown.iter().map(|one| {
        let stop = stops.iter().find(|stop| stop.slug == one.stop);
        let name = stop.map_or("", |stop| stop.names.best(state.settings.default_language));
        vec![
            one.day.clone(),
            one.stop.to_string(),
            stop.map_or(String::new(), |stop| stop.code.to_string()),
            name.to_owned(),
            one.language.tag().to_owned(),
            one.times.to_string(),
            format!("{}.{}", one.millis / 1000, one.millis / 100 % 10),
        ]
    });
    let mut response = counting::table("day,stop,code,name,language,times,seconds", rows).into_response();
    put(&mut response, CONTENT_TYPE, "text/csv; charset=utf-8; header=present");
    let name = format!("attachment; filename=\"shown-{}-{}-{}.csv\"", screen.code, days.from, days.to);
    put(&mut response, CONTENT_DISPOSITION, &name);
    Ok(response)
}
