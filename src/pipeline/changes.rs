//! What publishing an edition changes for those who listen: its words against those that are public, who speaks them, and
//! which devices fetch how much.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::domain::device::Device;
use crate::domain::{AudioFormat, Edition, Language, Milliseconds, Slug, VoiceMark};

/// A change of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    pub from: T,
    pub to: T,
}

fn change<T: PartialEq>(from: T, to: T) -> Option<Change<T>> {
    (from != to).then_some(Change { from, to })
}

/// What is different about one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reworded {
    Added(String),
    Removed(String),
    Changed(Change<String>),
}

/// What is different between an edition and the one that is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    pub title: Option<Change<String>>,
    /// In the order of the text.
    pub sentences: Vec<Reworded>,
    /// Sentences that stay as they are.
    pub same: usize,
    pub voice: Option<Change<VoiceMark>>,
    pub length: Option<Change<Milliseconds>>,
    /// Whether a machine's unread translation is public before and after.
    pub unread: Option<Change<bool>>,
}

/// What publishing an edition means for devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    pub devices: usize,
    /// Bytes of new sound that a device fetches at most.
    pub each: u64,
    /// Bytes of new sound for all of them.
    pub all: u64,
}

/// What is different; `None` where nothing is public yet: then all of it is new.
#[must_use]
pub fn changes(public: Option<&Edition>, new: &Edition) -> Option<Changes> {
    let public = public?;
    let words = |edition: &Edition| edition.sentences.iter().map(|one| one.text.clone()).collect::<Vec<_>>();
    let (before, after) = (words(public), words(new));
    let (mut sentences, mut same) = (Vec::new(), 0);
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        if let DiffOp::Equal { len, .. } = op {
            same += len;
            continue;
        }
        let (old, new) = (&before[op.old_range()], &after[op.new_range()]);
        let both = old.len().min(new.len());
        let pairs = old.iter().zip(new);
        sentences.extend(pairs.map(|(a, b)| Reworded::Changed(Change { from: a.clone(), to: b.clone() })));
        sentences.extend(old[both..].iter().cloned().map(Reworded::Removed));
        sentences.extend(new[both..].iter().cloned().map(Reworded::Added));
    }
    let unread = |edition: &Edition| edition.translation.as_ref().is_some_and(|mark| !mark.approved);
    Some(Changes {
        title: change(public.title.clone(), new.title.clone()),
        sentences,
        same,
        voice: change(public.voice.clone(), new.voice.clone()),
        length: change(public.duration, new.duration),
        unread: change(unread(public), unread(new)),
    })
}

/// Which devices play guides of a site in a language, and what each fetches of an edition. A revoked one plays nothing.
#[must_use]
pub fn reach(devices: &[Device], site: &Slug, language: Language, public: Option<&Edition>, new: &Edition) -> Reach {
    let fetched = |format: AudioFormat| {
        let file = new.audio.iter().find(|file| file.format == format).or_else(|| new.audio.first());
        let known = |hash| public.is_some_and(|public| public.audio.iter().any(|file| file.hash == hash));
        file.filter(|file| !known(file.hash)).map_or(0, |file| file.bytes)
    };
    let plays = |device: &&Device| {
        device.revoked_at.is_none() && device.scope.has_site(site) && device.scope.has_language(language)
    };
    devices.iter().filter(plays).fold(Reach::default(), |sum, device| {
        let bytes = fetched(device.scope.audio);
        Reach { devices: sum.devices + 1, each: sum.each.max(bytes), all: sum.all + bytes }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AudioFile, ContentHash, DeviceId, EditionSentence, Lufs, Timestamp};

    fn edition(words: &[&str], bytes: u64) -> Edition {
        let sentence = |text: &&str| EditionSentence {
            paragraph: 0,
            text: (*text).to_owned(),
            start: Milliseconds(0),
            end: Milliseconds(1),
            clip: ContentHash::of(text.as_bytes()),
            voice: None,
        };
        let file =
            |format, bytes| AudioFile { format, hash: ContentHash::of(format!("{words:?}{bytes}").as_bytes()), bytes };
        Edition {
            stop: "tower".parse().unwrap(),
            code: "T1".parse().unwrap(),
            language: Language::EN,
            title: "Tower".into(),
            sentences: words.iter().map(sentence).collect(),
            duration: Milliseconds(1000 * words.len() as u64),
            loudness: Lufs(-16.0),
            audio: vec![file(AudioFormat::Mp3, bytes), file(AudioFormat::Opus, bytes / 2)],
            captions: ContentHash::of(b"c"),
            master: ContentHash::of(b"m"),
            voice: VoiceMark {
                engine: "kokoro".into(),
                model: "kokoro".into(),
                voice: "a".into(),
                synthetic: true,
                last_resort: false,
            },
            translation: None,
            hearing: None,
            recipe: ContentHash::of(b"r"),
        }
    }

    #[test]
    fn sentences_are_told_added_removed_and_changed() {
        let public = edition(&["One.", "Two.", "Three."], 100);
        let mut new = edition(&["One.", "Zwei.", "Three.", "Four."], 100);
        new.voice.voice = "b".into();
        let told = changes(Some(&public), &new).unwrap();
        let changed = Reworded::Changed(Change { from: "Two.".into(), to: "Zwei.".into() });
        assert_eq!(told.sentences, [changed, Reworded::Added("Four.".into())]);
        assert_eq!((told.same, told.title, told.unread), (2, None, None));
        assert_eq!(told.voice.unwrap().to.voice, "b");
        assert_eq!(told.length.unwrap().to, Milliseconds(4000));
        let shorter = changes(Some(&new), &edition(&["One."], 100)).unwrap();
        assert_eq!(shorter.sentences.iter().filter(|one| matches!(one, Reworded::Removed(_))).count(), 3);
        assert_eq!(changes(None, &new), None);
    }

    #[test]
    fn devices_are_counted_by_what_they_play() {
        let device = |sites: &[&str], languages: &[Language], audio, revoked: bool| Device {
            id: DeviceId(1),
            name: "d".into(),
            scope: crate::domain::bundle::Scope {
                sites: sites.iter().map(|slug| slug.parse().unwrap()).collect(),
                languages: languages.iter().copied().collect(),
                audio,
            },
            added_at: Timestamp(0),
            enrolled_at: None,
            revoked_at: revoked.then_some(Timestamp(1)),
            token_given_at: None,
            heartbeat: None,
            seen_at: None,
            inventory: None,
            inventory_at: None,
        };
        let devices = [
            device(&[], &[], AudioFormat::Mp3, false),
            device(&["here"], &[Language::EN], AudioFormat::Opus, false),
            device(&["there"], &[], AudioFormat::Mp3, false),
            device(&[], &[Language::JA], AudioFormat::Mp3, false),
            device(&[], &[], AudioFormat::Mp3, true),
        ];
        let (new, here) = (edition(&["One."], 100), "here".parse().unwrap());
        let told = reach(&devices, &here, Language::EN, None, &new);
        assert_eq!(told, Reach { devices: 2, each: 100, all: 150 });
        let same = reach(&devices, &here, Language::EN, Some(&new), &new);
        assert_eq!(same, Reach { devices: 2, each: 0, all: 0 }, "what is there already is not fetched again");
    }
}
