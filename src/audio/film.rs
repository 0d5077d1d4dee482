//! A still picture with sound, or in silence, as an MP4 that closed players take: H.264 in 4:2:0, AAC, its index first.
//!
//! ffmpeg does it as a child under limits that the kernel keeps: address space, seconds of computing, size of what it
//! writes, few files. Invariant: a film whose voice is synthetic says so in its tags, as its sound file does.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::child::run;
use super::{AudioError, Tags};
use crate::domain::Milliseconds;

/// The programs that make films, and how long one may take.
#[derive(Clone, Debug)]
pub struct FilmMaker {
    pub ffmpeg: PathBuf,
    pub prlimit: PathBuf,
    pub patience: Duration,
}

impl Default for FilmMaker {
    fn default() -> Self {
        Self { ffmpeg: "ffmpeg".into(), prlimit: "prlimit".into(), patience: Duration::from_secs(600) }
    }
}

/// Address space of the child: an encoder of this size takes a third of it.
const MEMORY: u64 = 2 << 30;
const LARGEST: u64 = 512 << 20;
/// The picture is read and turned into the film's colours once, and then shown 25 times a second: reading it for every
/// frame took four times as long.
const STILL: &str =
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,loop=loop=-1:size=1:start=0,setpts=N/25/TB";

impl FilmMaker {
    /// Makes a film of a PNG and an MP3; without sound, silent for the length.
    ///
    /// # Errors
    /// `ProgramMissing`, `ProgramFailed`, `ProgramTooSlow`.
    pub fn film(
        &self,
        picture: &Path,
        sound: Option<&Path>,
        length: Milliseconds,
        tags: &Tags,
        out: &Path,
    ) -> Result<(), AudioError> {
        let seconds = format!("{}.{:03}", length.0 / 1000, length.0 % 1000);
        let computing = self.patience.as_secs();
        let mut arguments: Vec<std::ffi::OsString> = [
            format!("--as={MEMORY}"),
            format!("--cpu={computing}"),
            format!("--fsize={LARGEST}"),
            "--core=0".to_owned(),
            "--nofile=64".to_owned(),
            "--".to_owned(),
        ]
        .map(Into::into)
        .to_vec();
        arguments.push(self.ffmpeg.clone().into());
        let mut add = |words: &[&str]| arguments.extend(words.iter().map(Into::into));
        add(&["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file,pipe"]);
        add(&["-f", "image2", "-c:v", "png", "-i"]);
        arguments.push(picture.into());
        let mut add = |words: &[&str]| arguments.extend(words.iter().map(Into::into));
        match sound {
            Some(_) => add(&["-f", "mp3", "-i"]),
            None => add(&["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]),
        }
        if let Some(sound) = sound {
            arguments.push(sound.into());
        }
        let mut add = |words: &[&str]| arguments.extend(words.iter().map(Into::into));
        add(&["-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "-1", "-vf", STILL, "-t", &seconds]);
        add(&["-c:v", "libx264", "-preset", "ultrafast", "-tune", "stillimage", "-crf", "18", "-threads", "2"]);
        add(&["-r", "25", "-g", "250", "-level", "4.0"]);
        add(&["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]);
        add(&["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"]);
        for (key, value) in tags.named() {
            add(&["-metadata", &format!("{key}={value}")]);
        }
        add(&["-movflags", "+faststart+use_metadata_tags", "-f", "mp4", "-y"]);
        arguments.push(out.into());
        run(&self.prlimit, "util-linux", &arguments, self.patience)
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::domain::{Language, VoiceMark};

    fn tags(synthetic: bool) -> Tags {
        let mark = VoiceMark {
            engine: "kokoro".to_owned(),
            model: "kokoro-82m".to_owned(),
            voice: "a".to_owned(),
            synthetic,
            last_resort: false,
        };
        Tags {
            title: "Hai ngọn tháp".to_owned(),
            language: Language::VI,
            album: "Tháp Đôi".to_owned(),
            mark,
            people: Vec::new(),
        }
    }

    fn probe(film: &Path) -> serde_json::Value {
        let asked = ["-v", "error", "-show_streams", "-show_format", "-of", "json"];
        let output = Command::new("ffprobe").args(asked).arg(film).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }

    #[test]
    fn a_film_is_what_closed_players_take() {
        let folder = tempfile::tempdir().unwrap();
        let (picture, film) = (folder.path().join("slide.png"), folder.path().join("slide.mp4"));
        image::RgbImage::from_pixel(1920, 1080, image::Rgb([120, 40, 20])).save(&picture).unwrap();
        FilmMaker::default().film(&picture, None, Milliseconds(2_000), &tags(true), &film).unwrap();
        let found = probe(&film);
        let (video, audio) = (&found["streams"][0], &found["streams"][1]);
        assert_eq!(
            (&video["codec_name"], &video["pix_fmt"], &video["width"], &video["height"]),
            (&"h264".into(), &"yuv420p".into(), &1920.into(), &1080.into())
        );
        assert_eq!((&audio["codec_name"], &audio["sample_rate"]), (&"aac".into(), &"48000".into()));
        let seconds: f64 = found["format"]["duration"].as_str().unwrap().parse().unwrap();
        assert!((1.9..2.2).contains(&seconds), "{seconds}");
        let said = found["format"]["tags"].to_string();
        assert!(said.contains("trainedAlgorithmicMedia") && said.contains("Hai ngọn tháp"), "{said}");
        // Faststart: the index lies before the samples.
        let bytes = std::fs::read(&film).unwrap();
        let at = |name: &[u8]| bytes.windows(4).position(|four| four == name).unwrap();
        assert!(at(b"moov") < at(b"mdat"));
        FilmMaker::default().film(&picture, None, Milliseconds(500), &tags(false), &film).unwrap();
        assert!(!probe(&film)["format"]["tags"].to_string().contains("trainedAlgorithmicMedia"));
    }

    #[test]
    fn what_ffmpeg_cannot_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let picture = folder.path().join("slide.png");
        std::fs::write(&picture, "no picture").unwrap();
        let out = folder.path().join("slide.mp4");
        let error = FilmMaker::default().film(&picture, None, Milliseconds(500), &tags(false), &out).unwrap_err();
        assert!(matches!(error, AudioError::ProgramFailed { .. }), "{error}");
    }
}
