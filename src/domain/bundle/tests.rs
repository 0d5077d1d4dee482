//! Manifests, signatures, chains of keys and deltas against what they promise.

use proptest::prelude::*;

use super::*;
use crate::domain::{AudioFormat, ContentHash, Language, Milliseconds, Names, Timestamp};

fn secret(seed: u8) -> Secret {
    Secret::from_seed(&[seed; 32])
}

fn file(name: &str, bytes: usize, role: FileRole) -> BundleFile {
    let content = name.repeat(bytes.div_ceil(name.len()));
    let content = &content.as_bytes()[..bytes];
    BundleFile {
        sha256: ContentHash::of(content),
        size: bytes as u64,
        role,
        media_type: "audio/mpeg".to_owned(),
        blocks: blocks_of(content),
    }
}

/// A manifest whose stops speak the words given.
fn manifest(version: u64, words: &[&str]) -> Manifest {
    let mut files = Vec::new();
    let stops = words
        .iter()
        .enumerate()
        .map(|(place, word)| {
            let parts = [
                file(&format!("{word} edition"), 900, FileRole::Guide),
                file(&format!("{word} audio"), 150_000, FileRole::Audio),
                file(&format!("{word} captions"), 500, FileRole::Captions),
            ];
            let guide = BundleGuide {
                title: (*word).to_owned(),
                duration: Milliseconds(9_000),
                synthetic: true,
                machine_translated: false,
                edition: parts[0].sha256,
                audio: parts[1].sha256,
                captions: parts[2].sha256,
            };
            files.extend(parts);
            BundleStop {
                number: place as u32 + 1,
                code: format!("S{place:02}").parse().unwrap(),
                slug: format!("stop-{place}").parse().unwrap(),
                site: "thap-doi".parse().unwrap(),
                cover: None,
                guides: [(Language::VI, guide)].into(),
            }
        })
        .collect();
    files.sort_by_key(|file| file.sha256);
    files.dedup();
    Manifest {
        format: FORMAT,
        minimum_client: 1,
        scope: ContentHash::of(b"scope"),
        version,
        issued_at: Timestamp(1_795_392_000_000),
        valid_until: Timestamp(1_798_000_000_000),
        audio: AudioFormat::Mp3,
        languages: vec![Language::VI],
        house: Names([(Language::VI, "Bảo tàng".to_owned())].into()),
        sites: Vec::new(),
        stops,
        files,
    }
}

#[test]
fn a_signed_manifest_gives_back_what_was_signed() {
    let made = manifest(3, &["a", "b"]);
    let signed = SignedManifest::sign(&made, &secret(1), Vec::new()).unwrap();
    let sent = signed.to_bytes().unwrap();
    let (read, trust) = SignedManifest::parse(&sent).unwrap().verify(&Trust(secret(1).public())).unwrap();
    assert_eq!((read, trust), (made, Trust(secret(1).public())));
    assert_eq!(ContentHash::of(&sent), signed.tag().unwrap());
}

#[test]
fn one_changed_byte_anywhere_is_found() {
    let signed = SignedManifest::sign(&manifest(3, &["a"]), &secret(1), Vec::new()).unwrap();
    let sent = signed.to_bytes().unwrap();
    let trust = Trust(secret(1).public());
    let mut accepted = 0;
    for at in 0..sent.len() {
        let mut other = sent.clone();
        other[at] ^= 1;
        let Ok(parsed) = SignedManifest::parse(&other) else { continue };
        // What reads as the very same manifest is the same manifest.
        if parsed != signed && parsed.verify(&trust).is_ok() {
            accepted += 1;
        }
    }
    assert_eq!(accepted, 0, "of {} bytes", sent.len());
}

#[test]
fn keys_are_followed_forward_only() {
    let (first, second, third, stranger) = (secret(1), secret(2), secret(3), secret(9));
    let chain = vec![first.endorse(second.public()), second.endorse(third.public())];
    let signed = SignedManifest::sign(&manifest(1, &["a"]), &third, chain.clone()).unwrap();
    for old in [&first, &second, &third] {
        let (_, trust) = signed.verify(&Trust(old.public())).unwrap();
        assert_eq!(trust, Trust(third.public()));
    }
    let by_old = SignedManifest::sign(&manifest(2, &["a"]), &first, chain.clone()).unwrap();
    let refused = by_old.verify(&Trust(third.public()));
    assert!(matches!(refused, Err(SignedError::Key(KeyError::Untrusted(_)))), "{refused:?}");

    let mut forged = chain;
    forged.push(Endorsement { by: third.public(), ..stranger.endorse(stranger.public()) });
    let by_stranger = SignedManifest::sign(&manifest(2, &["a"]), &stranger, forged).unwrap();
    let refused = by_stranger.verify(&Trust(first.public()));
    assert!(matches!(refused, Err(SignedError::Key(KeyError::Forged(_)))), "{refused:?}");
    // A ring of keys leads nowhere, and ends.
    let ring = vec![first.endorse(second.public()), second.endorse(first.public())];
    assert!(Trust(first.public()).follow(&ring, "0000000000000000").is_err());
}

#[test]
fn a_manifest_that_contradicts_itself_is_refused() {
    let good = manifest(1, &["a", "b"]);
    good.check().unwrap();
    let refused = |change: fn(&mut Manifest)| {
        let mut bad = good.clone();
        change(&mut bad);
        bad.check().unwrap_err()
    };
    assert_eq!(refused(|m| m.format = 2), ManifestError::Format(2));
    assert_eq!(refused(|m| m.minimum_client = 99), ManifestError::Client(99));
    assert!(matches!(refused(|m| m.valid_until = m.issued_at), ManifestError::Times { .. }));
    assert_eq!(refused(|m| m.files.reverse()), ManifestError::Order);
    assert!(matches!(refused(|m| drop(m.files.remove(0))), ManifestError::Unlisted(_)));
    let blocks: fn(&mut Manifest) = |m| m.files.iter_mut().for_each(|f| f.blocks.truncate(1));
    assert!(matches!(refused(blocks), ManifestError::Blocks(_)));
    assert!(matches!(refused(|m| m.files[0].size = u64::MAX), ManifestError::Blocks(_)));
}

#[test]
fn an_edit_costs_a_delta_of_one_stop() {
    let words: Vec<String> = (0..60).map(|n| format!("w{n}")).collect();
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    let old = SignedManifest::sign(&manifest(4, &words), &secret(1), Vec::new()).unwrap();
    words[30] = "edited";
    let made = manifest(5, &words);
    let new = SignedManifest::sign(&made, &secret(1), Vec::new()).unwrap();
    let delta = Delta::between(&old, &new).unwrap();
    assert_eq!((delta.stops.put.len(), delta.files.put.len(), delta.files.removed.len()), (1, 3, 3));
    let (small, whole) = (canonical(&delta).unwrap().len(), new.to_bytes().unwrap().len());
    assert!(small * 10 < whole, "{small} bytes of {whole}");
    let built = delta.apply(&old).unwrap();
    assert_eq!(built, new);
    assert_eq!(built.verify(&Trust(secret(1).public())).unwrap().0, made);
    assert_eq!(Delta::between(&old, &new).unwrap().apply(&new), Err(DeltaError::OtherBase { from: 4, held: Some(5) }));
}

#[test]
fn contents_change_with_what_is_held_and_not_with_the_calendar() {
    let one = manifest(1, &["a"]);
    let later = Manifest { version: 2, issued_at: Timestamp(1_795_400_000_000), ..one.clone() };
    assert_eq!(one.contents().unwrap(), later.contents().unwrap());
    assert_ne!(one.contents().unwrap(), manifest(1, &["b"]).contents().unwrap());
}

proptest! {
    #[test]
    fn a_delta_between_any_two_leads_from_one_to_the_other(
        old in proptest::collection::vec("[a-f]", 0..8), new in proptest::collection::vec("[a-f]", 0..8)
    ) {
        let sign = |version, words: &[String]| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            SignedManifest::sign(&manifest(version, &words), &secret(1), Vec::new()).unwrap()
        };
        let (old, new) = (sign(1, &old), sign(2, &new));
        prop_assert_eq!(Delta::between(&old, &new).unwrap().apply(&old).unwrap(), new);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
        let _ = SignedManifest::parse(&bytes);
        let _ = text.parse::<PublicKey>();
        let _ = Secret::from_hex(&text);
        let _ = secret(1).public().verify(b"x", &text);
    }
}
