//! A sentence said by a person: taken in, shown truthfully, and taken back.

use super::hearing_tests::house;
use crate::audio::{Sound, wav};
use crate::domain::{Deed, Hertz, Language};
use crate::web::testing::plain;

const HERE: &str = "/staff/sites/thap-doi/stops/hai-ngon-thap/hearing/vi";
const API: &str = "/api/v1/staff/sites/thap-doi/stops/hai-ngon-thap/hearing/vi/sentences";

fn voice() -> Vec<u8> {
    let wave = (0..32_000).map(|at| 0.2 * (at as f32 * 0.07).sin()).collect();
    wav::write(&Sound::new(Hertz(16_000), wave)).unwrap()
}

#[tokio::test]
async fn a_person_says_a_sentence_and_takes_it_back() {
    let (house, _, stop) = house().await;
    let session = house.session("editor").await;
    let here = format!("{HERE}/recording");
    let fields = [("ordinal", "2"), ("speaker", "Bà <Năm>")];
    let done = house.upload_with(&here, "file", &voice(), &fields).signed(&session).send().await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, format!("{HERE}?done=spoken#s2").as_str()),
        "{}",
        done.body
    );
    let said = house.store.spoken_sentences(stop.id, Language::VI).await.unwrap();
    let person = &said["Mời quý khách nhìn lên."];
    let clip = house.store.clip(person.clip).await.unwrap().unwrap();
    assert!(!clip.mark.synthetic && clip.mark.voice == "Bà <Năm>" && clip.rate == Hertz(24_000));
    let page = house.get(HERE).signed(&session).send().await;
    assert!(plain(&page.body).contains("Bà <Năm> đọc") && !page.body.contains("<Năm>"), "{}", page.body);
    let sound = house.get(&format!("{HERE}/clips/2")).signed(&session).send().await;
    assert_eq!(sound.status, 200, "it is heard at once");
    // Their voice is not made anew by a machine.
    let remake = house.ask("POST", &format!("{API}/2/remake")).own().signed(&session).send().await;
    assert!(remake.status == 422 && remake.body.contains("a person says"), "{}", remake.body);
    let back = house.form(&format!("{HERE}/take-back"), &[("ordinal", "2")]).signed(&session).send().await;
    assert_eq!(back.header("location"), format!("{HERE}?done=taken-back"));
    assert!(house.store.spoken_sentences(stop.id, Language::VI).await.unwrap().is_empty());
    let twice = house.form(&format!("{HERE}/take-back"), &[("ordinal", "2")]).signed(&session).send().await;
    assert_eq!(twice.status, 404);
    let deeds: Vec<Deed> = house.store.audit(None, 9).await.unwrap().into_iter().map(|entry| entry.deed).collect();
    assert!(matches!(deeds[0], Deed::SpokenSentenceTakenBack { ordinal: 2, .. }), "{deeds:?}");
    assert!(deeds.iter().any(|deed| matches!(deed, Deed::SentenceSpoken { ordinal: 2, .. })));
}

#[tokio::test]
async fn what_is_no_voice_is_refused_and_leaves_nothing() {
    let (house, _, stop) = house().await;
    let session = house.session("editor").await;
    let here = format!("{HERE}/recording");
    let silence = wav::write(&Sound::new(Hertz(16_000), vec![0.0; 16_000])).unwrap();
    for (bytes, fields, status) in [
        (&silence, vec![("ordinal", "0"), ("speaker", "An")], 422),
        (&b"nothing".to_vec(), vec![("ordinal", "0"), ("speaker", "An")], 422),
        (&voice(), vec![("ordinal", "0"), ("speaker", " ")], 422),
        (&voice(), vec![("ordinal", "9"), ("speaker", "An")], 404),
    ] {
        let ask = house.upload_with(&here, "file", bytes, &fields).signed(&session).header("accept", "text/html");
        let refused = ask.send().await;
        assert_eq!(refused.status, status, "{fields:?}: {}", refused.body);
    }
    assert!(house.store.spoken_sentences(stop.id, Language::VI).await.unwrap().is_empty());
    let viewer = house.session("viewer").await;
    let form = [("ordinal", "0"), ("speaker", "An")];
    assert_eq!(house.upload_with(&here, "file", &voice(), &form).signed(&viewer).send().await.status, 403);
    // Programs do the same.
    let address = format!("{API}/0/recording");
    let kept = house.upload_with(&address, "file", &voice(), &[("speaker", "An")]).signed(&session).send().await;
    assert_eq!(kept.status, 204, "{}", kept.body);
    let gone = house.ask("DELETE", &address).own().signed(&session).send().await;
    assert_eq!(gone.status, 204);
    assert_eq!(house.ask("DELETE", &address).own().signed(&session).send().await.status, 404);
}
