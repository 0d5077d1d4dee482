//! Every form as ffmpeg writes it, and every way a file can be wrong.

use std::process::Command;

use proptest::prelude::*;

use super::*;

const RATE: Hertz = Hertz(16_000);

/// Three seconds of a tone, a video or whatever `arguments` say, written by ffmpeg into `folder/name`.
fn made(folder: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=3:sample_rate=48000"];
    let source: &[&str] = if arguments.contains(&"-i") { &[] } else { &tone };
    let ended = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(source).args(arguments).arg(&path).output();
    let ended = ended.unwrap();
    assert!(ended.status.success(), "{name}: {}", String::from_utf8_lossy(&ended.stderr));
    path
}

/// Why a file is not read.
fn refused(decoder: &Decoder, path: &Path) -> DecodeError {
    match decoder.read_sound(path, RATE) {
        Ok(sound) => panic!("{} was read: {:?}", path.display(), sound.duration()),
        Err(error) => error,
    }
}

/// All seven forms, in the ways people's programs write them.
const FORMS: [(&str, Form, &[&str]); 12] = [
    ("16.wav", Form::Wav, &["-c:a", "pcm_s16le", "-ac", "2"]),
    ("24.wav", Form::Wav, &["-c:a", "pcm_s24le"]),
    ("float.wav", Form::Wav, &["-c:a", "pcm_f32le"]),
    ("a.mp3", Form::Mp3, &["-c:a", "libmp3lame", "-b:a", "64k"]),
    ("bare.mp3", Form::Mp3, &["-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0"]),
    ("a.m4a", Form::M4a, &["-c:a", "aac"]),
    ("fast.m4a", Form::M4a, &["-c:a", "aac", "-movflags", "+faststart"]),
    ("a.flac", Form::Flac, &["-c:a", "flac"]),
    ("a.ogg", Form::Ogg, &["-c:a", "libvorbis"]),
    ("a.opus", Form::Opus, &["-c:a", "libopus"]),
    ("a.webm", Form::WebM, &["-c:a", "libopus"]),
    ("live.webm", Form::WebM, &["-c:a", "libopus", "-live", "1"]),
];

#[test]
fn every_form_decodes_to_the_same_tone() {
    let folder = tempfile::tempdir().unwrap();
    for (name, form, arguments) in FORMS {
        let path = made(folder.path(), name, arguments);
        let mut samples = Vec::new();
        let decoded = Decoder::default().decode(&path, RATE, |piece| {
            samples.extend_from_slice(piece);
            Ok::<_, DecodeError>(())
        });
        let decoded = decoded.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((decoded.form, decoded.mislabelled), (form, false), "{name}");
        assert!((2990..3100).contains(&decoded.duration.0), "{name}: {:?}", decoded.duration);
        // A tone of 440 Hz crosses zero upwards 440 times a second.
        let middle = &samples[16_000..32_000];
        let crossings = middle.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        assert!((438..=442).contains(&crossings), "{name}: {crossings}");
    }
}

#[test]
fn every_form_cut_off_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, form, arguments) in FORMS {
        // What a browser records says nothing of its length, so a part of it cannot be told from the whole.
        if name == "live.webm" {
            continue;
        }
        let bytes = std::fs::read(made(folder.path(), name, arguments)).unwrap();
        for keep in [0.9, 0.5] {
            let path = folder.path().join(format!("cut-{name}"));
            // An odd place: between two frames of a bare MP3 nothing tells that more were there.
            std::fs::write(&path, &bytes[..(bytes.len() as f64 * keep) as usize | 1]).unwrap();
            let error = refused(&Decoder::default(), &path);
            let text = error.to_string();
            // Where the cut breaks a frame, the decoder may stumble over it before the length tells.
            let told = matches!(error, DecodeError::Truncated { .. } | DecodeError::Damaged { .. });
            assert!(told, "{name} {keep}: {text}");
            let is_flac = name.ends_with(".flac");
            assert!(!is_flac || matches!(error, DecodeError::Truncated { .. }), "{name} {keep}: {text}");
            let way_out = text.contains("copy it again") || text.contains("hand in another copy");
            assert!(text.contains(name) && text.contains(form.name()) && way_out, "{text}");
        }
    }
}

#[test]
fn what_is_no_sound_is_refused_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        refused(&Decoder::default(), &path).to_string()
    };
    assert!(write("empty.wav", b"").contains("empty.wav: the file is empty"));
    assert!(write("letter.mp3", "Tháp Đôi có hai ngọn.\n".as_bytes()).contains("it looks like text"));
    let mut bomb =
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data".to_vec();
    bomb.extend(u32::MAX.to_le_bytes());
    bomb.extend([7; 4096]);
    assert!(write("bomb.wav", &bomb).contains("it says it has 42949"));
    let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n";
    assert!(write("a.m4a", playlist.as_bytes()).contains("it looks like text"));
    let error = refused(&Decoder::default(), folder.path()).to_string();
    assert!(error.contains("no plain file"), "{error}");
    let error = refused(&Decoder::default(), Path::new("/no/such.wav")).to_string();
    assert!(error.contains("/no/such.wav: it cannot be read"), "{error}");
}

#[test]
fn a_video_gives_its_sound_and_pictures_alone_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = ["-f", "lavfi", "-i", "testsrc=duration=2:size=64x64:rate=5"];
    let both = ["-f", "lavfi", "-i", "sine=duration=2", "-c:v", "mpeg4", "-shortest"];
    let talking = made(folder.path(), "talking.mp4", &[&pictures[..], &both].concat());
    assert!(Decoder::default().read_sound(&talking, RATE).unwrap().duration().0 >= 1900);
    for name in ["mute.mp4", "mute.webm"] {
        let mute = made(folder.path(), name, &pictures);
        let error = refused(&Decoder::default(), &mute);
        assert!(matches!(error, DecodeError::NoSound { .. }), "{name}: {error}");
    }
}

#[test]
fn the_content_decides_and_a_wrong_name_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp3");
    std::fs::rename(made(folder.path(), "a.flac", &[]), &path).unwrap();
    let decoded = Decoder::default().decode(&path, RATE, |_| Ok::<_, DecodeError>(())).unwrap();
    assert_eq!((decoded.form, decoded.mislabelled), (Form::Flac, true));
}

#[test]
fn silence_and_what_is_no_number_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let silence = made(folder.path(), "a.wav", &["-f", "lavfi", "-i", "anullsrc=d=1"]);
    let error = refused(&Decoder::default(), &silence);
    assert!(matches!(error, DecodeError::Silent { .. }), "{error}");
    let path = made(folder.path(), "b.wav", &["-c:a", "pcm_f32le"]);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = (bytes.len() / 2) & !3;
    bytes[middle - 4000..middle].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let error = refused(&Decoder::default(), &path).to_string();
    assert!(error.contains("not a number"), "{error}");
}

#[test]
fn limits_hold() {
    let folder = tempfile::tempdir().unwrap();
    let path = made(folder.path(), "a.flac", &[]);
    let with = |limits: Limits| refused(&Decoder { limits, ..Decoder::default() }, &path);
    let usual = Limits::default;
    let error = with(Limits { duration: Milliseconds(2_500), ..usual() });
    assert!(matches!(error, DecodeError::TooLong { .. }), "{error}");
    let error = with(Limits { bytes: 1000, ..usual() });
    assert!(matches!(error, DecodeError::TooLarge { .. }), "{error}");
    let error = with(Limits { memory: 64 << 20, ..usual() });
    assert!(matches!(error, DecodeError::ProgramFailed { .. }), "{error}");
    let decoder = Decoder { ffmpeg: "no-such-program".into(), ..Decoder::default() };
    let error = refused(&decoder, &path).to_string();
    assert!(error.contains("install the Debian package `ffmpeg`"), "{error}");
    let decoder = Decoder { prlimit: "no-such-program".into(), ..Decoder::default() };
    let error = refused(&decoder, &path).to_string();
    assert!(error.contains("install the Debian package `util-linux`"), "{error}");
}

/// Half a minute of a tone and half a minute of silence, over and over, as a WAV file of 8 bits.
fn lasting(folder: &Path, seconds: u32) -> PathBuf {
    let minute: Vec<u8> = (0..480_000).map(|i| if i < 240_000 && i / 10 % 2 == 0 { 168 } else { 128 }).collect();
    let bytes = seconds * 8000;
    let mut file =
        b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data".to_vec();
    file.extend(bytes.to_le_bytes());
    file.extend(minute.iter().cycle().take(bytes as usize));
    let path = folder.join(format!("{seconds}.wav"));
    std::fs::write(&path, file).unwrap();
    path
}

/// The kernel holds the child to 512 MiB of address space, and nothing here keeps samples.
#[test]
fn two_hours_pass_within_the_limit_of_memory_and_a_second_more_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut largest = 0;
    let decoded = Decoder::default().decode(&lasting(folder.path(), 7200), Hertz(8000), |piece| {
        largest = largest.max(piece.len());
        Ok::<_, DecodeError>(())
    });
    assert_eq!(decoded.unwrap().duration, Milliseconds(7_200_000));
    assert!(largest <= 1 << 14, "{largest} samples at once");
    let error = Decoder::default().decode(&lasting(folder.path(), 7201), Hertz(8000), |_| Ok::<_, DecodeError>(()));
    assert!(matches!(error, Err(DecodeError::TooLong { .. })), "{error:?}");
}

#[test]
fn a_refusing_sink_ends_the_child() {
    let folder = tempfile::tempdir().unwrap();
    let path = made(folder.path(), "a.wav", &[]);
    let refuse = |_: &[f32]| Err(DecodeError::NoFile { file: "sink".into() });
    assert!(matches!(Decoder::default().decode(&path, RATE, refuse), Err(DecodeError::NoFile { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Noise behind the beginnings of all forms goes through the real child and comes back as a refusal or as samples.
    #[test]
    fn hostile_bytes_end_in_an_answer(
        noise in proptest::collection::vec(any::<u8>(), 0..3000),
        head in proptest::sample::select(vec![
            &b""[..], b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data\x10\0\0\0",
            b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x44", b"fLaC\0\0\0\x22", b"OggS\0\x02", b"OggS\0\x02OpusHead",
            b"\0\0\0\x08ftyp\0\0\0\x08moov", b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff",
        ]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        std::fs::write(&path, [head, &noise].concat()).unwrap();
        if let Ok(sound) = Decoder::default().read_sound(&path, RATE) {
            prop_assert!(!sound.samples.is_empty() && sound.samples.iter().all(|sample| sample.is_finite()));
        }
        prop_assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
