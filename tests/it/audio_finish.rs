//! Finished narrations, looked at by programs that had no part in making them: ffprobe and ffmpeg (Debian `ffmpeg`),
//! opusinfo (`opus-tools`). They are required: without them these tests fail.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use thuyetminh::audio::mark::{self, Container, DIGITAL_SOURCE_TYPE};
use thuyetminh::audio::{
    Captions, ClipOfSentence, Encoders, Finished, Settings, Sound, SyntheticMark, Tags, Target, finish, measure, wav,
};
use thuyetminh::domain::{Hertz, Language, Lufs, Milliseconds, VoiceMark};

/// Something as peaky and as uneven as speech: pulses at a falling pitch through two resonances, in syllables, with a
/// hiss between them.
fn voice(rate: u32, seconds: f64, level: f64) -> Sound {
    let rate_f = f64::from(rate);
    let mut noise = 1_u32;
    let mut phase = 0.0;
    let mut states = [(0.0_f64, 0.0_f64); 2];
    let mut samples = vec![0.0; rate as usize / 3];
    for i in 0..(seconds * rate_f) as usize {
        let time = i as f64 / rate_f;
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let hiss = f64::from(noise >> 8) / f64::from(1 << 24) - 0.5;
        phase += (190.0 - 60.0 * (time / seconds)) / rate_f;
        let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
        phase -= pulse;
        let syllable = (time * 4.3 * std::f64::consts::PI).sin().powi(2);
        let mut sum = 0.05 * hiss * (1.0 - syllable);
        for ((frequency, width, gain), state) in [(620.0, 90.0, 1.0), (1750.0, 130.0, 0.5)].iter().zip(&mut states) {
            let r = (-std::f64::consts::PI * width / rate_f).exp();
            let y = pulse + 2.0 * r * (std::f64::consts::TAU * frequency / rate_f).cos() * state.0 - r * r * state.1;
            *state = (y, state.0);
            sum += gain * y * syllable;
        }
        samples.push((level * sum) as f32);
    }
    samples.resize(samples.len() + rate as usize / 4, 0.0);
    Sound::new(Hertz(rate), samples)
}

fn clips(rate: u32) -> Vec<ClipOfSentence> {
    let clip = |seconds, level, paragraph, text: &str| ClipOfSentence {
        sound: voice(rate, seconds, level),
        paragraph,
        text: text.to_owned(),
        pause: None,
    };
    vec![
        clip(2.9, 0.1, 0, "Tháp Đôi được xây dựng vào cuối thế kỷ XII – đầu thế kỷ XIII."),
        clip(3.4, 0.06, 0, "Người dân gọi là <Tháp Hưng Thạnh> & tháp Đôi."),
        clip(2.2, 0.12, 1, "Xin mời quý khách đi tiếp."),
    ]
}

fn tags(synthetic: bool) -> Tags {
    let mark = VoiceMark {
        engine: "kokoro".into(),
        model: "kokoro-82m-v1.0".into(),
        voice: "af_heart".into(),
        synthetic,
        last_resort: false,
    };
    Tags {
        title: "Tháp Đôi".into(),
        language: Language::VI,
        album: "Quần thể Tháp Đôi 双塔".into(),
        mark,
        people: vec![],
    }
}

fn finished(rate: u32, synthetic: bool) -> Finished {
    finish(&clips(rate), &Settings::default(), &tags(synthetic)).unwrap()
}

/// Runs a program on a file of these bytes; its standard output and its standard error.
fn look(program: &str, bytes: &[u8], before: &[&str], after: &[&str]) -> (Vec<u8>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sound");
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new(program)
        .args(before)
        .arg(&path)
        .args(after)
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; install the Debian packages ffmpeg and opus-tools"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program}: {said}");
    (output.stdout, said)
}

fn probe(bytes: &[u8]) -> serde_json::Value {
    let options = ["-v", "error", "-of", "json", "-show_format", "-show_streams"];
    serde_json::from_slice(&look("ffprobe", bytes, &options, &[]).0).unwrap()
}

/// Tags of the file and of its stream, by lower-case names: MP3 and WAV keep them in the one, Ogg in the other.
fn tags_by_ffprobe(bytes: &[u8]) -> Vec<(String, String)> {
    let seen = probe(bytes);
    [&seen["format"]["tags"], &seen["streams"][0]["tags"]]
        .iter()
        .filter_map(|tags| tags.as_object())
        .flatten()
        .map(|(key, value)| (key.to_lowercase(), value.as_str().unwrap_or_default().to_owned()))
        .collect()
}

/// Integrated loudness and true peak, as ffmpeg measures them.
fn meter_of_ffmpeg(bytes: &[u8]) -> (f64, f64) {
    let filter = ["-af", "ebur128=peak=true:dualmono=true", "-f", "null", "-"];
    let (_, said) = look("ffmpeg", bytes, &["-hide_banner", "-nostats", "-i"], &filter);
    let summary = said.rsplit("Summary:").next().unwrap();
    let number = |name: &str| -> f64 {
        let line = summary.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (number("I:"), number("Peak:"))
}

fn decoded_samples(bytes: &[u8]) -> usize {
    let options = ["-v", "error", "-xerror", "-i"];
    let (samples, complaints) = look("ffmpeg", bytes, &options, &["-f", "s16le", "-ac", "1", "-"]);
    assert_eq!(complaints, "");
    samples.len() / 2
}

#[test]
fn every_form_is_as_loud_as_it_should_be_and_as_long_as_the_master() {
    for rate in [24_000, 22_050] {
        let made = finished(rate, true);
        let master = wav::read(&made.master_wav).unwrap();
        assert_eq!(made.duration, master.duration());
        assert_eq!(decoded_samples(&made.master_wav), master.samples.len());
        assert_eq!(decoded_samples(&made.mp3), master.samples.len());
        let at_48_000 = master.samples.len() as f64 * 48_000.0 / f64::from(rate);
        assert!((decoded_samples(&made.opus) as f64 - at_48_000).abs() <= 2.0);
        for (name, bytes) in [("WAV", &made.master_wav), ("MP3", &made.mp3), ("Opus", &made.opus)] {
            let (integrated, true_peak) = meter_of_ffmpeg(bytes);
            assert!((integrated + 16.0).abs() <= 1.0, "{name} at {rate}: {integrated} LUFS");
            assert!(true_peak <= -1.0, "{name} at {rate}: {true_peak} dBTP");
        }
        let (integrated, _) = meter_of_ffmpeg(&made.mp3);
        assert!((made.loudness.integrated.0 - integrated).abs() <= 0.2, "{:?} and {integrated}", made.loudness);
    }
}

#[test]
fn the_forms_are_what_phones_and_kiosks_expect() {
    let made = finished(24_000, true);
    let mp3 = probe(&made.mp3);
    let stream = &mp3["streams"][0];
    assert_eq!((&stream["codec_name"], &stream["channels"]), (&"mp3".into(), &1.into()));
    assert_eq!((&stream["sample_rate"], &stream["bit_rate"]), (&"24000".into(), &"64000".into()));
    let opus = probe(&made.opus);
    assert_eq!((&opus["streams"][0]["codec_name"], &opus["streams"][0]["channels"]), (&"opus".into(), &1.into()));
    let bit_rate: f64 = opus["format"]["bit_rate"].as_str().unwrap().parse().unwrap();
    assert!((20_000.0..40_000.0).contains(&bit_rate), "{bit_rate}");
    let (told, warned) = look("opusinfo", &made.opus, &[], &[]);
    let told = String::from_utf8_lossy(&told) + warned.as_str();
    assert!(told.contains("stream 1 ended") && !told.to_lowercase().contains("warning"), "{told}");
}

#[test]
fn the_same_sentences_give_the_same_bytes() {
    assert!(finished(24_000, true) == finished(24_000, true));
}

#[test]
fn synthetic_speech_says_so_in_every_form() {
    let made = finished(22_050, true);
    let wanted = SyntheticMark::of(&tags(true).mark, &[]);
    for (container, bytes, language) in [
        (Container::Wav, &made.master_wav, "vie"),
        (Container::Mp3, &made.mp3, "vie"),
        (Container::Opus, &made.opus, "vi"),
    ] {
        assert_eq!(mark::read(bytes, container).unwrap(), wanted, "{container:?}");
        let seen = tags_by_ffprobe(bytes);
        for (key, value) in [
            ("title", "Tháp Đôi"),
            ("album", "Quần thể Tháp Đôi 双塔"),
            ("language", language),
            ("digitalsourcetype", DIGITAL_SOURCE_TYPE),
            ("syntheticspeechengine", "kokoro"),
            ("syntheticspeechmodel", "kokoro-82m-v1.0"),
            ("syntheticspeechvoice", "af_heart"),
        ] {
            assert!(seen.contains(&(key.into(), value.into())), "{container:?} has no {key}={value}: {seen:?}");
        }
    }
}

#[test]
fn a_person_is_marked_in_no_form() {
    let made = finished(24_000, false);
    for (container, bytes) in
        [(Container::Wav, &made.master_wav), (Container::Mp3, &made.mp3), (Container::Opus, &made.opus)]
    {
        assert_eq!(mark::read(bytes, container).unwrap(), None);
        let seen = tags_by_ffprobe(bytes);
        assert!(seen.iter().any(|(key, value)| key == "title" && value == "Tháp Đôi"), "{seen:?}");
        assert!(!seen.iter().any(|(key, _)| key.contains("synthetic") || key.contains("source")), "{seen:?}");
    }
}

#[test]
fn captions_stand_where_the_sentences_sound() {
    let made = finished(24_000, true);
    let captions = Captions::parse(&made.vtt).unwrap();
    assert_eq!(captions.language, Language::VI);
    let spans: Vec<_> = captions.cues.iter().map(|cue| (cue.start, cue.end)).collect();
    assert_eq!(spans, made.cues);
    for (cue, clip) in captions.cues.iter().zip(clips(24_000)) {
        assert_eq!(cue.lines.join(" "), clip.text);
        assert!(cue.lines.iter().all(|line| line.chars().count() <= 42));
    }
    let master = wav::read(&made.master_wav).unwrap();
    let loudest = |from: Milliseconds, to: Milliseconds| {
        let range = master.rate.samples(from)..master.rate.samples(to);
        master.samples[range].iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()))
    };
    let mut before = Milliseconds(0);
    for (start, end) in made.cues {
        assert_eq!(loudest(before, start), 0.0, "silence before {start:?}");
        assert!(loudest(start, end) > 0.1);
        before = end;
    }
    assert!(before < made.duration);
}

#[test]
fn what_cannot_be_finished_is_named() {
    let refused = |change: &dyn Fn(&mut Vec<ClipOfSentence>)| {
        let mut clips = clips(24_000);
        change(&mut clips);
        finish(&clips, &Settings::default(), &tags(true)).unwrap_err().to_string()
    };
    assert_eq!(refused(&|clips| clips.clear()), "a narration needs at least one sentence");
    assert_eq!(refused(&|clips| clips[1].text = " \n".into()), "sentence 1 has no text");
    assert!(refused(&|clips| clips[2].sound.samples.fill(0.0)).starts_with("sentence 2 is silent"));
    assert!(refused(&|clips| clips[0].sound.samples[9] = f32::NAN).starts_with("sentence 0 holds a sample"));
    assert!(refused(&|clips| clips[1].sound.rate = Hertz(22_050)).starts_with("sentence 1 is at Hertz(22050)"));
    let settings =
        Settings { encoders: Encoders { opusenc: "no-opusenc".into(), ..Encoders::default() }, ..Settings::default() };
    let error = finish(&clips(24_000), &settings, &tags(true)).unwrap_err().to_string();
    assert_eq!(error, "the program `no-opusenc` is missing: install the Debian package `opus-tools`");
}

#[test]
fn peaks_that_coding_lifts_are_brought_down_again() {
    // Noise that only knows two levels: what the codecs leave out of it lifts its peaks by 5 dB.
    let mut noise = 1_u32;
    let mut sample = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if noise >> 31 == 0 { 0.3 } else { -0.3 }
    };
    let sound = Sound::new(Hertz(24_000), (0..36_000).flat_map(|_| [sample(); 2]).collect());
    let target = Target { integrated: Lufs(-4.0), tolerance: 6.0, true_peak: -1.0 };
    let clip = ClipOfSentence { sound, paragraph: 0, text: "Ssss.".into(), pause: None };
    let made = finish(&[clip], &Settings { target, ..Settings::default() }, &tags(true)).unwrap();
    for bytes in [&made.mp3, &made.opus] {
        let (_, true_peak) = meter_of_ffmpeg(bytes);
        assert!(true_peak <= -1.0, "{true_peak} dBTP");
    }
    let of_master = measure(&wav::read(&made.master_wav).unwrap()).unwrap();
    assert!(of_master.true_peak < -6.2, "the first turn leaves the master at -6 dBTP: {of_master:?}");
}

#[test]
fn the_two_meters_agree() {
    let sound = voice(24_000, 6.0, 0.05);
    let ours = measure(&sound).unwrap();
    let (integrated, true_peak) = meter_of_ffmpeg(&wav::write(&sound).unwrap());
    assert!((ours.integrated.0 - integrated).abs() <= 0.15, "{ours:?} and {integrated} LUFS");
    assert!((ours.true_peak - true_peak).abs() <= 0.3, "{ours:?} and {true_peak} dBTP");
}
