//! The record of who did what, the newest first, and whether it hangs together.

use askama::Template;

use super::deeds_of_sound;
use super::moment::Moment;
use super::review;
use crate::domain::{AuditEntry, Deed, Language, Refusal, Role, Scope, TermList, TextState};
use crate::people::Signed;
use crate::store::AuditState;
use crate::web::State;
use crate::web::error::Result;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::says::{self, Sites};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};

words! {
    /// The words of the record.
    Strings: heading, lead, at, who, what, whom, from, shell, stranger, older, newest, whole, broken, verify, nothing,
    person_added, signed_in, signed_in_second, refused_password, refused_code, refused_closed, signed_out,
    signed_out_everywhere, session_ended, password_changed, profile_changed, second_factor_set, second_factor_removed,
    codes_made, code_used, role_changed, account_closed, account_opened, first_link, invited, withdrawn, accepted,
    text_written_draft, text_written_approved, stop_added, stop_changed, cover_changed, device_added,
    device_revoked, device_asked,
    labels_printed, code_retired, code_used_again, guide_published, publication_planned, publication_unplanned,
    guide_taken_back, by_hand_on, by_hand_off,
    site_added, site_changed, relic_added, relic_changed, sentence_mended, finding_waived,
    text_approved, clip_accepted, work_retried, work_cancelled, tour_added, tour_changed, tour_removed, theme_kept, kind_kept, age_kept,
    term_merged, stops_ordered, picture_added, picture_changed, picture_removed, pictures_ordered, plan_added, plan_changed,
    plan_removed, screen_added, screen_changed, screen_retired, notice_given, notice_ended, timetable_kept,
    timetable_removed, sentence_approved, rule_set, rule_unset, comment_written, comment_resolved
}

/// One row of the page.
struct Row<'a> {
    id: i64,
    at: Moment,
    who: &'a str,
    what: String,
    whom: &'a str,
    from: &'a str,
}

#[derive(Template)]
#[template(path = "staff/audit.html")]
struct View<'a> {
    page: Frame<'a>,
    rows: Vec<Row<'a>>,
    /// The entry before which older ones lie.
    older: Option<i64>,
    newest: bool,
    bad: Option<String>,
    good: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub entries: &'a [AuditEntry],
    pub sites: &'a [crate::domain::Site],
    /// Whether these are the newest entries.
    pub newest: bool,
    /// Whether there are older ones.
    pub more: bool,
    /// What going through all of it has shown, where somebody asked for it.
    pub verified: Option<AuditState>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: &Matter<'_>) -> Result<String> {
    let words = state.desk.of(lang);
    let sites = Sites::new(words, lang, matter.sites);
    let row = |entry| row(entry, words, &sites);
    let (mut bad, mut good) = (None, None);
    if let Some(found) = &matter.verified {
        let rows = found.rows.to_string();
        match &found.fault {
            Some(fault) => bad = Some(fill(&words.audit.broken, &[("row", &fault.row.to_string())])),
            None => {
                let head = found.head.map(|head| head.to_string()).unwrap_or_default();
                good = Some(fill(&words.audit.whole, &[("n", &rows), ("hash", &head)]));
            }
        }
    }
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Record, &words.audit.heading),
        rows: matter.entries.iter().map(row).collect(),
        older: matter.entries.last().filter(|_| matter.more).map(|entry| entry.id.0),
        newest: matter.newest,
        bad,
        good,
    };
    Ok(view.render()?)
}

fn row<'a>(entry: &'a AuditEntry, words: &'a Words, sites: &Sites<'_>) -> Row<'a> {
    let who = match entry.actor.person {
        Some(_) => &entry.actor.name,
        None if entry.actor.address.is_empty() => &words.audit.shell,
        None => &words.audit.stranger,
    };
    Row {
        id: entry.id.0,
        at: entry.at.into(),
        who,
        what: say(&entry.deed, words, sites),
        whom: &entry.subject,
        from: &entry.actor.address,
    }
}

fn say(deed: &Deed, words: &Words, sites: &Sites<'_>) -> String {
    let own = &words.audit;
    let number = |text: &str, n: u64| fill(text, &[("n", &n.to_string())]);
    let held = |role: Role, scope: Scope| format!("{} · {}", says::role(words, role), sites.place(scope).text);
    match deed {
        Deed::PersonAdded { grants } => {
            let roles: Vec<String> = grants.0.iter().map(|grant| held(grant.role, grant.scope)).collect();
            fill(&own.person_added, &[("roles", &roles.join(", "))])
        }
        Deed::SignedIn { second_factor: false } => own.signed_in.clone(),
        Deed::SignedIn { second_factor: true } => own.signed_in_second.clone(),
        Deed::SignInRefused { reason: Refusal::Password } => own.refused_password.clone(),
        Deed::SignInRefused { reason: Refusal::Code } => own.refused_code.clone(),
        Deed::SignInRefused { reason: Refusal::Closed } => own.refused_closed.clone(),
        Deed::SignedOut => own.signed_out.clone(),
        Deed::SignedOutEverywhere { sessions } => number(&own.signed_out_everywhere, *sessions),
        Deed::SessionEnded => own.session_ended.clone(),
        Deed::PasswordChanged => own.password_changed.clone(),
        Deed::ProfileChanged => own.profile_changed.clone(),
        Deed::SecondFactorSet => own.second_factor_set.clone(),
        Deed::SecondFactorRemoved => own.second_factor_removed.clone(),
        Deed::RecoveryCodesMade => own.codes_made.clone(),
        Deed::RecoveryCodeUsed { left } => number(&own.code_used, *left),
        Deed::RoleChanged { scope, from, to } => {
            let name = |role: &Option<Role>| role.map_or(words.says.no_role.as_str(), |role| says::role(words, role));
            let place = sites.place(*scope).text;
            fill(&own.role_changed, &[("place", &place), ("from", name(from)), ("to", name(to))])
        }
        Deed::AccountClosed => own.account_closed.clone(),
        Deed::AccountOpened => own.account_opened.clone(),
        Deed::FirstLinkMade => own.first_link.clone(),
        Deed::Invited { scope, role } => fill(&own.invited, &[("role", &held(*role, *scope))]),
        Deed::InvitationWithdrawn => own.withdrawn.clone(),
        Deed::LabelsPrinted { labels, distance } => {
            let (n, distance) = (labels.to_string(), distance.to_string());
            fill(&own.labels_printed, &[("n", &n), ("distance", &distance)])
        }
        Deed::CodeRetired => own.code_retired.clone(),
        Deed::CodeUsedAgain => own.code_used_again.clone(),
        Deed::GuidePublished { language, edition } => guide(&own.guide_published, *language, Some(*edition)),
        Deed::PublicationPlanned { language, edition, at } => {
            let when = Moment::from(*at).shown;
            fill(&guide(&own.publication_planned, *language, Some(*edition)), &[("when", &when)])
        }
        Deed::PublicationUnplanned { language } => guide(&own.publication_unplanned, *language, None),
        Deed::GuideTakenBack { language } => guide(&own.guide_taken_back, *language, None),
        Deed::PublishingByHand { on: true } => own.by_hand_on.clone(),
        Deed::PublishingByHand { on: false } => own.by_hand_off.clone(),
        Deed::SentenceMended { language, from, to, .. } => {
            fill(&own.sentence_mended, &[("language", language.tag()), ("from", from), ("to", to)])
        }
        Deed::FindingWaived { language, message, reason } => {
            fill(&own.finding_waived, &[("language", language.tag()), ("message", message), ("reason", reason)])
        }
        Deed::TextApproved { language } => fill(&own.text_approved, &[("language", language.tag())]),
        Deed::SentenceApproved { language, .. } => fill(&own.sentence_approved, &[("language", language.tag())]),
        Deed::ReviewRuleSet { language, rule: Some(rule) } => {
            let rule = review::rule(&words.review, *rule);
            fill(&own.rule_set, &[("language", language.tag()), ("rule", &rule)])
        }
        Deed::ReviewRuleSet { language, rule: None } => fill(&own.rule_unset, &[("language", language.tag())]),
        Deed::CommentWritten { language, .. } => fill(&own.comment_written, &[("language", language.tag())]),
        Deed::CommentResolved { language, .. } => fill(&own.comment_resolved, &[("language", language.tag())]),
        Deed::ClipAccepted { language, ordinal, reason } => {
            let n = (ordinal + 1).to_string();
            fill(&own.clip_accepted, &[("language", language.tag()), ("n", &n), ("reason", reason)])
        }
        Deed::ClipHeld { .. }
        | Deed::MannerSet { .. }
        | Deed::SentenceRemade { .. }
        | Deed::SentenceSpoken { .. }
        | Deed::SpokenSentenceTakenBack { .. }
        | Deed::RecordingAdded { .. }
        | Deed::RecordingCorrected { .. }
        | Deed::PassagesChanged { .. }
        | Deed::NarrationChosen { .. }
        | Deed::NarrationWithdrawn { .. }
        | Deed::LexiconChanged { .. } => deeds_of_sound::say(deed, &words.deeds_of_sound),
        Deed::WorkRetried { language } => fill(&own.work_retried, &[("language", language.tag())]),
        Deed::WorkCancelled { language } => fill(&own.work_cancelled, &[("language", language.tag())]),
        Deed::InvitationAccepted { scope, role } => fill(&own.accepted, &[("role", &held(*role, *scope))]),
        Deed::TextWritten { language, state } => {
            let text = match state {
                TextState::Draft => &own.text_written_draft,
                TextState::Approved => &own.text_written_approved,
            };
            fill(text, &[("language", language.tag())])
        }
        Deed::StopAdded => own.stop_added.clone(),
        Deed::StopChanged => own.stop_changed.clone(),
        Deed::CoverChanged => own.cover_changed.clone(),
        Deed::DeviceAdded => own.device_added.clone(),
        Deed::DeviceRevoked => own.device_revoked.clone(),
        Deed::DeviceAskedToSync => own.device_asked.clone(),
        Deed::ScreenAdded => own.screen_added.clone(),
        Deed::ScreenChanged => own.screen_changed.clone(),
        Deed::ScreenRetired => own.screen_retired.clone(),
        Deed::NoticeGiven { until } => fill(&own.notice_given, &[("when", &Moment::from(*until).shown)]),
        Deed::NoticeEnded => own.notice_ended.clone(),
        Deed::TimetableKept => own.timetable_kept.clone(),
        Deed::TimetableRemoved => own.timetable_removed.clone(),
        Deed::SiteAdded => own.site_added.clone(),
        Deed::SiteChanged => own.site_changed.clone(),
        Deed::RelicAdded => own.relic_added.clone(),
        Deed::RelicChanged => own.relic_changed.clone(),
        Deed::TourAdded => own.tour_added.clone(),
        Deed::TourChanged => own.tour_changed.clone(),
        Deed::TourRemoved => own.tour_removed.clone(),
        Deed::TermKept { list: TermList::Theme } => own.theme_kept.clone(),
        Deed::TermKept { list: TermList::Kind } => own.kind_kept.clone(),
        Deed::TermKept { list: TermList::Age } => own.age_kept.clone(),
        Deed::TermMerged { into, .. } => fill(&own.term_merged, &[("into", into)]),
        Deed::StopsOrdered => own.stops_ordered.clone(),
        Deed::PictureAdded => own.picture_added.clone(),
        Deed::PictureChanged => own.picture_changed.clone(),
        Deed::PictureRemoved => own.picture_removed.clone(),
        Deed::PicturesOrdered => own.pictures_ordered.clone(),
        Deed::PlanAdded => own.plan_added.clone(),
        Deed::PlanChanged => own.plan_changed.clone(),
        Deed::PlanRemoved => own.plan_removed.clone(),
    }
}

/// What was done with a guide in a language.
fn guide(text: &str, language: Language, edition: Option<u32>) -> String {
    let edition = edition.map(|number| number.to_string()).unwrap_or_default();
    fill(text, &[("language", language.endonym()), ("edition", &edition)])
}
