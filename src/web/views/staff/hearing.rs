//! A guide heard sentence by sentence: its sound, what a machine heard in it with the difference marked, and the decision
//! of a person.

use askama::Template;

use crate::domain::{ContentHash, Language, Permission, Scope, Site};
use crate::people::Signed;
use crate::store::Decision;
use crate::text::hearing::Piece;
use crate::web::State;
use crate::web::error::Result;
use crate::web::hearings::{HearingRoom, Line, Sound, Standing};
use crate::web::views::staff::account::Note;
use crate::web::views::staff::found;
use crate::web::views::staff::frame::{Frame, Place};
use crate::web::views::staff::saying::{MannerFields, WordFields};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::{fill, words};
use crate::web::views::words::{Said, clock, seconds};
use crate::web::workplace::Given;

words! {
    /// The words of the hearing.
    Strings: heading, lead, back_review, keys, public, not_public, sums, sentence, play, silent, unheard, passed,
    not_judged, held, accepted, held_by_hand, decided, heard, as_spoken, times, no_times, rates, letters_only, listener,
    voice, person, decide, reason, usual_reason, accept, hold, hold_hint, done_accepted, done_held, other_sound,
    reason_missing, spot
}

/// One word with the moment it is said at.
struct Word {
    text: String,
    at: String,
}

struct Heard {
    pieces: Vec<Piece>,
    words: Vec<Word>,
    rates: String,
    listener: String,
    /// What may be wrong, and where in the sound.
    findings: Vec<(String, Option<String>)>,
}

struct Row {
    ordinal: u32,
    name: String,
    text: String,
    /// Where the voice is given other letters than are written.
    spoken: Option<String>,
    sound: Option<(ContentHash, String, String)>,
    state: String,
    /// `green`, `amber` or `red`.
    colour: &'static str,
    decided: Option<String>,
    heard: Option<Heard>,
    word: WordFields,
    manner: MannerFields,
    /// Whether something that was typed here is shown again.
    open: bool,
    /// Whether a person says it: their voice is not made anew here.
    person: bool,
    /// Under which the browser keeps what is recorded of it.
    key: String,
}

#[derive(Template)]
#[template(path = "staff/hearing.html")]
struct View<'a> {
    page: Frame<'a>,
    heading: String,
    /// The address of this page, which that of every change begins with.
    here: String,
    review: String,
    stop: Said,
    stop_href: String,
    tag: Language,
    public: String,
    sums: Vec<(String, usize)>,
    rows: Vec<Row>,
    may_decide: bool,
    may_say: bool,
    may_record: bool,
    me: &'a str,
    may_change_lexicon: bool,
    /// Of the guide as a whole.
    manner: MannerFields,
    voices: &'a [String],
    bad: Option<String>,
    good: Option<String>,
}

/// What the page is made from.
pub struct Matter<'a> {
    pub signed: &'a Signed,
    pub site: &'a Site,
    pub room: &'a HearingRoom,
    /// The number of the edition that is public.
    pub public: Option<u32>,
    /// The voices to choose from; `None` where nothing is spoken by this server.
    pub voices: Option<&'a [String]>,
    /// What was typed and refused, which is shown again.
    pub typed: Option<&'a Vec<(String, String)>>,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, lang: Language, matter: &Matter<'_>, note: Note) -> Result<String> {
    let words = state.desk.of(lang);
    let own = &words.hearing;
    let (room, site) = (matter.room, Scope::Site(matter.site.id));
    let may = |permission, scope| matter.signed.person.grants.may(permission, scope);
    let language = room.text.language;
    let name = if lang == Language::EN { language.endonym() } else { language.vietnamese_name() };
    let heading = fill(&own.heading, &[("stop", room.stop.names.best(lang)), ("language", name)]);
    let stop_href = format!("/staff/sites/{}/stops/{}", matter.site.slug, room.stop.slug);
    let view = View {
        page: Frame::new(state, lang, Some(matter.signed), Place::Review, &heading),
        heading,
        here: format!("{stop_href}/hearing/{language}"),
        review: format!("{stop_href}/review/{language}"),
        stop: Said::name(&room.stop.names, lang),
        stop_href,
        tag: language,
        public: match matter.public {
            Some(number) => fill(&own.public, &[("n", &number.to_string())]),
            None => own.not_public.clone(),
        },
        sums: sums(own, room),
        rows: room.lines.iter().map(|line| row(words, matter, line)).collect(),
        may_decide: may(Permission::Review, site),
        may_record: may(Permission::Edit, site),
        me: &matter.signed.person.name,
        may_say: matter.voices.is_some() && may(Permission::Edit, site),
        may_change_lexicon: may(Permission::Edit, Scope::House),
        manner: MannerFields::typed(matter.typed.filter(|form| form.field("ordinal").is_empty()), &room.manner),
        voices: matter.voices.unwrap_or_default(),
        bad: note.bad,
        good: note.good,
    };
    Ok(view.render()?)
}

const STANDINGS: [Standing; 7] = [
    Standing::Held,
    Standing::HeldByHand,
    Standing::NotJudged,
    Standing::Unheard,
    Standing::Silent,
    Standing::Accepted,
    Standing::Passed,
];

fn sums(own: &Strings, room: &HearingRoom) -> Vec<(String, usize)> {
    let count = |standing| room.lines.iter().filter(|line| line.standing() == standing).count();
    let sums = STANDINGS.map(|standing| (named(own, standing).0.clone(), count(standing)));
    sums.into_iter().filter(|(_, count)| *count > 0).collect()
}

fn named(own: &Strings, standing: Standing) -> (&String, &'static str) {
    match standing {
        Standing::Silent => (&own.silent, "amber"),
        Standing::Unheard => (&own.unheard, "amber"),
        Standing::Passed => (&own.passed, "green"),
        Standing::NotJudged => (&own.not_judged, "amber"),
        Standing::Held => (&own.held, "red"),
        Standing::Accepted => (&own.accepted, "green"),
        Standing::HeldByHand => (&own.held_by_hand, "red"),
    }
}

fn row(words: &Words, matter: &Matter<'_>, line: &Line) -> Row {
    let own = &words.hearing;
    let (state, colour) = named(own, line.standing());
    let ordinal = line.sentence.ordinal;
    let typed = matter.typed.filter(|form| form.field("ordinal") == ordinal.to_string());
    let decided = |decision: &Decision| {
        let at = super::moment::Moment::from(decision.at).shown;
        fill(&own.decided, &[("name", &decision.by), ("reason", &decision.reason), ("at", &at)])
    };
    Row {
        ordinal,
        name: fill(&own.sentence, &[("n", &(ordinal + 1).to_string())]),
        text: line.sentence.content.clone(),
        spoken: (line.spoken != line.sentence.content).then(|| line.spoken.clone()),
        sound: line.sound.as_ref().map(|sound| (sound.blob, clock(sound.duration), voice(own, sound))),
        state: state.clone(),
        colour,
        decided: line.decision.as_ref().map(decided),
        heard: heard(words, line),
        word: typed.map(WordFields::typed).unwrap_or_default(),
        manner: MannerFields::typed(typed, &line.manner),
        open: typed.is_some(),
        person: line.person.is_some(),
        key: format!("{}-{}", line.sentence.id, ordinal),
    }
}

/// Who speaks, as far as that is known.
fn voice(own: &Strings, sound: &Sound) -> String {
    let mark = &sound.mark;
    match (mark.synthetic, mark.voice.is_empty()) {
        (_, true) => String::new(),
        (true, _) => fill(&own.voice, &[("voice", &mark.voice), ("engine", &mark.engine)]),
        (false, _) => fill(&own.person, &[("name", &mark.voice)]),
    }
}

fn heard(words: &Words, line: &Line) -> Option<Heard> {
    let own = &words.hearing;
    let hearing = &line.heard.as_ref()?.hearing;
    let percent = |rate: f64| format!("{:.1}", rate * 100.0);
    let rates = match hearing.wer {
        Some(wer) => fill(&own.rates, &[("wer", &percent(wer)), ("cer", &percent(hearing.cer))]),
        None => fill(&own.letters_only, &[("cer", &percent(hearing.cer))]),
    };
    let who = &hearing.listener;
    Some(Heard {
        pieces: line.pieces.clone(),
        words: hearing.words.iter().map(|word| Word { text: word.text.clone(), at: seconds(word.start) }).collect(),
        rates,
        listener: fill(&own.listener, &[("model", &who.model), ("rules", &who.rules)]),
        findings: hearing
            .findings
            .iter()
            .map(|one| (found::hearing(&words.found, one), one.at.map(|[start, _]| seconds(start))))
            .collect(),
    })
}
