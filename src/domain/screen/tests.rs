//! What plays when: the rule over plans, dates and hours.

use proptest::prelude::*;

use super::*;
use crate::domain::{Names, Timestamp};

/// 2026-11-24T00:00 in Indochina, a Tuesday.
const TUESDAY: i64 = 1_795_453_200_000;
const HOUR: i64 = 3_600_000;

fn plan(shows: &str) -> Plan {
    toml::from_str(&format!("name = \"bus\"\nlanguages = [\"vi\", \"en\"]\n{shows}")).unwrap()
}

fn at(hours: i64) -> Timestamp {
    Timestamp(TUESDAY + hours * HOUR)
}

#[test]
fn the_timetable_is_in_local_time() {
    let plan = plan(
        "[[show]]\nsites = [\"thap-doi\"]\nwhen = { from = \"07:00\", until = \"18:00\" }\n\
         [[show]]\nstops = [\"bia-da\"]\nwhen = { from = \"22:00\", until = \"02:00\", days = [2] }\n\
         [[show]]\nstops = [\"bia-da\"]\nwhen = { first_day = \"2026-11-25\", last_day = \"2026-11-25\" }",
    );
    plan.check().unwrap();
    for (hour, expected) in [
        (7, vec![0]),
        (17, vec![0]),
        // The gap: everything plays.
        (18, vec![0, 1, 2]),
        (23, vec![1]),
        // Past midnight it is still Tuesday's show.
        (25, vec![1, 2]),
        (26, vec![2]),
        (47, vec![2]),
        (48, vec![0, 1, 2]),
    ] {
        assert_eq!(plan.playing(at(hour)), expected, "{hour}");
    }
}

#[test]
fn a_plan_that_cannot_be_followed_says_why() {
    let show = |text: &str| plan(&format!("[[show]]\n{text}"));
    for (plan, words) in [
        (plan("seconds = 0"), "no time for a slide"),
        (plan("[bus]\ntimetable = \"quy-nhon\"\nroute = \"\""), "needs its route"),
        (plan("[bus]\ntimetable = \"quy-nhon\"\nroute = \"T1\"\nnear_metres = 9"), "50 to 5000 metres"),
        (plan("utc_offset_minutes = 900"), "no distance from UTC"),
        (show(""), "show 1 names neither"),
        (show("sites = [\"a\"]\nwhen = { days = [8] }"), "show 1: `8` is not a day of the week"),
        (show("sites = [\"a\"]\nwhen = { first_day = \"2026-02-30\" }"), "`2026-02-30` is not a day"),
        (show("sites = [\"a\"]\nwhen = { first_day = \"2026-02-02\", last_day = \"2026-02-01\" }"), "lies before"),
        (Plan { languages: Vec::new(), ..plan("") }, "1 to 3 languages"),
        (Plan { name: " ".to_owned(), ..plan("") }, "name has 1 to 60"),
        (Plan { seconds: f64::NAN, ..plan("") }, "no time for a slide"),
    ] {
        let error = plan.check().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let unread = |text: &str| toml::from_str::<Plan>(text).unwrap_err().to_string();
    assert!(unread("name = \"a\"\nlanguages = [\"vi\"]\nspeed = 3").contains("speed"));
    assert!(
        unread("name = \"a\"\nlanguages = [\"vi\"]\n[[show]]\nwhen = { from = \"7:00\" }")
            .contains("not a time of day")
    );
}

#[test]
fn the_newest_notice_that_is_not_over_is_shown() {
    let notice = |id, from, until| Notice { id, text: Names::default(), from: at(from), until: at(until) };
    let notices = [notice(1, 0, 9), notice(2, 0, 5), notice(3, 1, 2)];
    let shown = |hour| shown_notice(&notices, at(hour)).map(|notice| notice.id);
    assert_eq!([shown(0), shown(1), shown(2), shown(5), shown(9)], [Some(2), Some(3), Some(2), Some(1), None]);
}

proptest! {
    #[test]
    fn something_always_plays(
        now in any::<i64>(),
        shows in prop::collection::vec((0u16..=1440, 0u16..=1440, prop::collection::vec(1u8..=7, 0..3)), 1..5),
    ) {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60).parse().unwrap();
        let shows = shows.into_iter().map(|(from, until, days)| Show {
            when: When { from: Some(clock(from)), until: Some(clock(until)), days, ..When::default() },
            ..Show::default()
        });
        let plan = Plan { shows: shows.collect(), ..plan("") };
        let playing = plan.playing(Timestamp(now));
        prop_assert!(!playing.is_empty() && playing.iter().all(|at| *at < plan.shows.len()));
    }

    /// Two shows that share a day between them never leave it dark and never both play.
    #[test]
    fn hours_that_meet_neither_overlap_nor_leave_a_gap(a in 0u16..1440, b in 0u16..1440, minute in 0i64..20_000) {
        prop_assume!(a != b);
        let clock = |minutes: u16| Some(format!("{:02}:{:02}", minutes / 60, minutes % 60).parse().unwrap());
        let one = When { from: clock(a), until: clock(b), ..When::default() };
        let other = When { from: clock(b), until: clock(a), ..When::default() };
        let now = Timestamp(TUESDAY + minute * 60_000);
        prop_assert!(one.holds(now, 420) != other.holds(now, 420));
    }

    #[test]
    fn times_of_day_are_read_as_they_are_written(text in "\\PC{0,8}|[0-2][0-9]:[0-6][0-9]") {
        if let Ok(time) = text.parse::<LocalTime>() {
            prop_assert_eq!(time.to_string(), text);
        }
    }

    #[test]
    fn codes_are_read_as_they_are_drawn(bytes in any::<[u8; 10]>(), text in "\\PC{0,12}") {
        let code = ScreenCode::from_random(bytes);
        prop_assert_eq!(code.as_str().parse::<ScreenCode>().unwrap(), code);
        let _ = text.parse::<ScreenCode>();
    }
}
