//! One guide brought up to date: a stop in a language, from text to published edition.

use super::cast::{self, Part};
use super::error::MakeError;
use super::publish::{self, Ingredients, Unread};
use super::report::{GuideReport, HeldBack, Outcome};
use super::workshop::{Progress, Workshop};
use super::{heard, recordings, speak, translate};
use crate::domain::{Author, ContentHash, Language, Stop, Verdict};
use crate::ports::Cancel;

/// Brings one guide up to date.
///
/// # Errors
/// Whatever stopped it; everything finished before that is kept, and the edition that was public stays public.
pub async fn make_guide(
    workshop: &Workshop,
    stop: &Stop,
    language: Language,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<GuideReport, MakeError> {
    let mut report = GuideReport {
        stop: stop.slug.clone(),
        language,
        outcome: Outcome::HeldBack { reason: HeldBack::NoText },
        route: Vec::new(),
        findings: Vec::new(),
        translated: 0,
        translations_reused: 0,
        translations_by_people: 0,
        synthesized: 0,
        clips_reused: 0,
        heard: 0,
        hearings_reused: 0,
        spoken_again: 0,
        held: Vec::new(),
    };
    // A person's voice wins over every synthetic one for as long as it is chosen.
    if let Some(published) = recordings::bring_up_to_date(workshop, stop, language, progress).await? {
        report.outcome = published.into();
        return Ok(report);
    }
    let Some(at_hand) = translate::text_in(workshop, stop, language, cancel, progress).await? else {
        return Ok(report);
    };
    (report.translated, report.translations_reused) = (at_hand.counts.translated, at_hand.counts.reused);
    report.translations_by_people = at_hand.counts.by_people;
    if let Author::Machine { route, .. } = &at_hand.text.author {
        report.route.clone_from(route);
    }
    report.findings = workshop.store.findings_of(at_hand.text.id).await?;
    report.findings.retain(|finding| finding.waiver.is_none());
    let Some(cast) = cast::cast(workshop, stop, language, &at_hand.sentences).await? else {
        report.outcome = Outcome::HeldBack { reason: HeldBack::NoVoice };
        return Ok(report);
    };
    let unread = Unread::of(workshop, stop, &at_hand.text).await?;
    let voice = &cast.voice;
    if let Some(reason) = publish::held_back(&workshop.policy, &at_hand.text, &report.findings, unread, voice) {
        report.outcome = Outcome::HeldBack { reason };
        return Ok(report);
    }
    let clips = speak::clips_of(workshop, &cast.parts, cancel, progress).await?;
    (report.synthesized, report.clips_reused) = (clips.synthesized, clips.reused);
    let said: Vec<_> =
        (0..).zip(&cast.parts).map(|(ordinal, part)| (ordinal, part.content.clone(), part.key)).collect();
    workshop.store.put_guide_clips(stop.id, language, &said).await?;
    let heard = hear(workshop, stop, language, &cast.parts, cancel, progress).await?;
    (report.heard, report.hearings_reused) = (heard.heard, heard.reused);
    report.spoken_again = heard.spoken_again;
    let summary = heard::summary(&heard.clips);
    report.held = heard.clips;
    report.held.retain(|clip| clip.waits(Verdict::Hold) || clip.waits(Verdict::NotJudged));
    let keys: Vec<ContentHash> = cast.parts.iter().map(|part| part.key).collect();
    let held_by_hand = workshop.store.holds_one_of(&keys).await?.then_some(HeldBack::ClipsHeld);
    let unheard = publish::unheard(&workshop.policy, &report.held, summary.is_some());
    if let Some(reason) = held_by_hand.or(unheard) {
        report.outcome = Outcome::HeldBack { reason };
        return Ok(report);
    }
    let site = workshop.store.site_by_id(stop.site).await?;
    let from = Ingredients {
        stop,
        site_name: site.as_ref().map_or("", |site| site.names.best(language)),
        text: &at_hand.text,
        sentences: &at_hand.sentences,
        cast: &cast,
        hearing: summary,
    };
    report.outcome = publish::publish(workshop, &from, progress).await?.into();
    Ok(report)
}

/// Has every clip of a guide heard and puts down what came of it; nothing where the settings say that nobody listens.
async fn hear(
    workshop: &Workshop,
    stop: &Stop,
    language: Language,
    parts: &[Part],
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<heard::Heard, MakeError> {
    let Some(bench) = heard::bench(workshop, language, cancel).await? else {
        workshop.store.put_guide_hearings(stop.id, language, &[]).await?;
        return Ok(heard::Heard::default());
    };
    let heard = bench.hear_all(parts, progress).await?;
    let rows: Vec<_> = heard.clips.iter().map(|clip| (clip.sentence, clip.text.clone(), clip.key)).collect();
    workshop.store.put_guide_hearings(stop.id, language, &rows).await?;
    Ok(heard)
}
