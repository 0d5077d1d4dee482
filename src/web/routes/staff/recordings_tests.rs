//! Recordings from the form to a text and a narration, by page and by program; and what is refused, which leaves nothing.

use super::hearing_tests::house;
use crate::audio::{Sound, wav};
use crate::domain::{
    ContentHash, Deed, Hertz, JobKind, Language, Milliseconds, RecordedSentence, RecordingId, RecordingState,
};
use crate::ports::EngineIdentity;
use crate::web::testing::{Answer, House, plain};

const STOP: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap/recordings";

fn tone(seconds: usize) -> Vec<u8> {
    let wave = (0..seconds * 16_000).map(|at| 0.3 * (at as f32 * 0.1).sin()).collect();
    wav::write(&Sound::new(Hertz(16_000), wave)).unwrap()
}

const ABOUT: [(&str, &str); 4] =
    [("speaker", "Bà <Năm>"), ("language", "vi"), ("stop", "hai-ngon-thap"), ("note", "CC BY")];

async fn hand_in(house: &House, session: &str, bytes: &[u8], about: &[(&str, &str)]) -> Answer {
    let ask = house.upload_with("/staff/recordings", "file", bytes, about);
    ask.signed(session).header("accept", "text/html").send().await
}

/// What a machine would have written down.
async fn transcribed(house: &House, id: RecordingId) {
    let line = |ordinal: u32, text: &str| RecordedSentence {
        ordinal,
        paragraph: 0,
        start: Milliseconds(u64::from(ordinal) * 1000),
        end: Milliseconds(u64::from(ordinal) * 1000 + 900),
        heard: text.to_owned(),
        corrected: None,
        corrected_by: None,
    };
    let by = EngineIdentity { engine: "e".into(), model: "m".into(), fingerprint: ContentHash::of(b"m") };
    let lines = [line(0, "Tháp này xây lâu lắm"), line(1, "Tôi <nhớ> hồi nhỏ.")];
    house.store.put_transcript(id, &lines, &by).await.unwrap();
}

#[tokio::test]
async fn a_recording_is_handed_in_read_and_used() {
    let (house, _, stop) = house().await;
    let session = house.session("publisher").await;
    let done = hand_in(&house, &session, &tone(3), &ABOUT).await;
    assert_eq!((done.status, done.header("location")), (303, "/staff/recordings/1?done=added"), "{}", done.body);
    let again = hand_in(&house, &session, &tone(3), &ABOUT).await;
    assert_eq!(again.header("location"), "/staff/recordings/1?done=known", "one file is one recording");
    let id = RecordingId(1);
    let job = house.store.last_job(&JobKind::HearRecording { recording: id }).await.unwrap();
    assert!(job.is_some(), "it is asked to be heard");
    house.store.note_heard_to(id, Milliseconds(2000)).await.unwrap();
    house.store.claim("w", Milliseconds(60_000)).await.unwrap().unwrap();
    let page = house.get("/staff/recordings/1").signed(&session).send().await;
    assert!(page.body.contains("0:00:02 trên 0:00:03") && page.body.contains("data-in-work"), "{}", page.body);
    assert!(!page.body.contains("<Năm>") && plain(&page.body).contains("Bà <Năm>"));
    let sound = house.get("/staff/recordings/1/sound").signed(&session).header("range", "bytes=0-3").send().await;
    assert_eq!((sound.status, sound.body.as_str(), sound.header("content-type")), (206, "RIFF", "audio/wav"));
    transcribed(&house, id).await;
    // A page of lines is kept as it was read and mended.
    let page = house.get("/staff/recordings/1").signed(&session).send().await;
    let tag = page.hidden().into_iter().find(|(name, _)| name == "tag").unwrap().1;
    let keep = async |tag: &str, end: &str| {
        let fields = [
            ("tag", tag),
            ("page", "1"),
            ("start-0", "00:00:00.000"),
            ("end-0", end),
            ("text-0", "Tháp này xây lâu lắm rồi."),
            ("start-1", "00:00:01.000"),
            ("end-1", "00:00:01.900"),
            ("text-1", "Tôi nhớ hồi nhỏ."),
        ];
        house.form("/staff/recordings/1/lines", &fields).signed(&session).header("accept", "text/html").send().await
    };
    // Before anybody has read it, it neither narrates nor describes.
    let narrate = [("language", "vi"), ("recording", "1")];
    let early = house.form(STOP, &narrate).signed(&session).header("accept", "text/html").send().await;
    assert!(early.status == 409 && early.body.contains("còn 2 dòng"), "{}", early.body);
    assert_eq!(keep(&tag, "00:00:01.500").await.status, 422, "lines do not overlap");
    assert_eq!(keep("x", "00:00:00.900").await.status, 409);
    assert_eq!(keep(&tag, "00:00:00.900").await.header("location"), "/staff/recordings/1?done=read");
    assert_eq!(keep(&tag, "00:00:00.900").await.status, 409, "what was read before is not what stands");
    let recording = house.store.recording(id).await.unwrap().unwrap();
    assert_eq!(recording.state, RecordingState::Corrected);
    // Its words become the text only where somebody says that they replace a person's.
    let text = async |replace: &str| {
        let fields = [("stop", "hai-ngon-thap"), ("passage", ""), ("title", ""), ("replace", replace)];
        house.form("/staff/recordings/1/text", &fields).signed(&session).header("accept", "text/html").send().await
    };
    let stands = text("").await;
    assert!(stands.status == 409 && stands.body.contains("do người viết"), "{}", stands.body);
    assert_eq!(text("yes").await.header("location"), "/staff/recordings/1?done=described");
    let (_, sentences) = house.store.text(stop.id, Language::VI).await.unwrap().unwrap();
    assert_eq!(sentences[0].content, "Tháp này xây lâu lắm rồi.");
    // And the voice narrates until it is withdrawn.
    let chosen = house.form(STOP, &narrate).signed(&session).send().await;
    assert_eq!(chosen.header("location"), format!("{STOP}?done=chosen"), "{}", chosen.body);
    assert!(house.store.narration(stop.id, Language::VI).await.unwrap().is_some());
    let wrong = [("language", "en"), ("recording", "1")];
    assert_eq!(house.form(STOP, &wrong).signed(&session).send().await.status, 422);
    let page = house.get(STOP).signed(&session).send().await;
    assert!(page.body.contains("value=\"1\" checked"), "{}", page.body);
    let back = house.form(STOP, &[("language", "vi"), ("recording", "")]).signed(&session).send().await;
    assert_eq!(back.header("location"), format!("{STOP}?done=withdrawn"));
    assert!(house.store.narration(stop.id, Language::VI).await.unwrap().is_none());
    let deeds: Vec<Deed> = house.store.audit(None, 20).await.unwrap().into_iter().map(|entry| entry.deed).collect();
    let told = |wanted: fn(&Deed) -> bool| deeds.iter().any(wanted);
    assert!(told(|deed| matches!(deed, Deed::RecordingAdded { .. })));
    assert!(told(|deed| matches!(deed, Deed::RecordingCorrected { sentences: 2 })));
    assert!(told(|deed| matches!(deed, Deed::NarrationChosen { .. })));
    assert!(told(|deed| matches!(deed, Deed::NarrationWithdrawn { .. })), "{deeds:?}");
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_and_leaves_nothing() {
    let (house, ..) = house().await;
    let session = house.session("editor").await;
    let whole = tone(2);
    for (bytes, reason) in [
        (b"".as_slice(), "Tệp trống"),
        (b"<html>hello</html>", "không phải âm thanh"),
        (&whole[..whole.len() / 2], "bị cắt cụt"),
    ] {
        let refused = hand_in(&house, &session, bytes, &ABOUT).await;
        assert!(refused.status == 422 && refused.body.contains(reason), "{reason}: {}", refused.body);
    }
    let nameless = hand_in(&house, &session, &whole, &[("language", "vi"), ("stop", "hai-ngon-thap")]).await;
    assert!(nameless.status == 422 && nameless.body.contains("ghi tên người nói"), "{}", nameless.body);
    assert_eq!(hand_in(&house, &session, &whole, &[("speaker", "An"), ("stop", "x")]).await.status, 404);
    // What says that it is too large is told so before anything of it is read.
    let large = house.upload_with("/staff/recordings", "file", b"x", &ABOUT);
    let large =
        large.signed(&session).header("content-length", "3221225472").header("accept", "text/html").send().await;
    assert_eq!(large.status, 413);
    assert!(house.store.recordings().await.unwrap().is_empty());
    // A recording for no stop is the whole house's, and another site's people hand nothing in here.
    let there = house.session("there").await;
    assert_eq!(hand_in(&house, &there, &whole, &ABOUT).await.status, 403);
    assert_eq!(hand_in(&house, &there, &whole, &[("speaker", "An"), ("language", "vi")]).await.status, 403);
    assert_eq!(hand_in(&house, &session, &whole, &[("speaker", "An"), ("language", "vi")]).await.status, 303);
    assert_eq!(house.get("/staff/recordings/1").signed(&there).header("accept", "text/html").send().await.status, 403);
    let list = house.get("/staff/recordings").signed(&there).send().await;
    assert!(list.status == 200 && !list.body.contains("/staff/recordings/1\""), "{}", list.body);
}

#[tokio::test]
async fn programs_hand_in_and_correct_on_what_they_read() {
    let (house, ..) = house().await;
    let session = house.session("editor").await;
    let api = "/api/v1/staff/recordings";
    let taken = house.upload_with(api, "file", &tone(3), &ABOUT).signed(&session).send().await;
    assert_eq!(taken.status, 201, "{}", taken.body);
    assert_eq!((&taken.json()["recording"]["duration"], &taken.json()["new"]), (&3000.into(), &true.into()));
    let bad = house.upload_with(api, "file", b"nothing", &ABOUT).signed(&session).send().await;
    assert!(bad.status == 422 && bad.json()["detail"].as_str().unwrap().contains("no sound"), "{}", bad.body);
    transcribed(&house, RecordingId(1)).await;
    let lines = house.get(&format!("{api}/1/lines")).signed(&session).send().await;
    let line = |start: u64, end: u64, text: &str| serde_json::json!({ "start": start, "end": end, "text": text });
    let body = serde_json::json!({ "lines": [line(0, 900, "Một."), line(1000, 1900, "")] });
    let put = async |tag: &str, body: &serde_json::Value| {
        house.json("PUT", &format!("{api}/1/lines"), body).header("if-match", tag).signed(&session).send().await
    };
    assert_eq!(put("", &body).await.status, 428);
    assert_eq!(put("\"x\"", &body).await.status, 412);
    assert_eq!(put(lines.header("etag"), &serde_json::json!({ "lines": [line(0, 900, "Một.")] })).await.status, 422);
    let kept = put(lines.header("etag"), &body).await;
    assert_eq!((kept.status, &kept.json()["lines"][0]["corrected"]), (200, &"Một.".into()), "{}", kept.body);
    let hear = house.ask("POST", &format!("{api}/1/hear")).own().signed(&session).send().await;
    assert_eq!(hear.status, 412, "a machine never writes over what a person read");
    let passages = house.get(&format!("{api}/1/passages")).signed(&session).send().await;
    let named = serde_json::json!({ "passages": [{ "start": 0, "end": 1900, "speaker": "Lan", "title": "Hồi nhỏ" }] });
    let put = async |body: &serde_json::Value| {
        let ask = house.json("PUT", &format!("{api}/1/passages"), body).header("if-match", passages.header("etag"));
        ask.signed(&session).send().await
    };
    let late = serde_json::json!({ "passages": [{ "start": 0, "end": 99_000, "speaker": null, "title": null }] });
    assert_eq!(put(&late).await.status, 422);
    let kept = put(&named).await;
    assert_eq!((kept.status, &kept.json()["passages"][0]["speaker"]), (200, &"Lan".into()), "{}", kept.body);
    let cut = house.json("POST", &format!("{api}/1/cut"), &serde_json::json!({ "silence": 0.1 }));
    assert_eq!(cut.signed(&session).send().await.status, 422);
    let text = serde_json::json!({ "stop": "bia-da", "passage": 0 });
    let refused = house.json("POST", &format!("{api}/1/text"), &text).signed(&session).send().await;
    assert_eq!(refused.status, 403, "an editor approves nothing");
    let reviewer = house.session("reviewer").await;
    let done = house.json("POST", &format!("{api}/1/text"), &text).signed(&reviewer).send().await;
    assert_eq!(done.status, 204, "{}", done.body);
}
