//! Blobs against what disks and people do to files.

use std::os::unix::fs::symlink;

use super::*;

fn open() -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
    (folder, blobs)
}

fn file_of(blobs: &Blobs, hash: ContentHash) -> PathBuf {
    let name = hash.to_string();
    blobs.root.join(&name[..2]).join(&name[2..4]).join(&name)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn what_is_put_is_got_and_is_written_once() {
    let (_folder, blobs) = open();
    let hash = blobs.put(&b"Th\xc3\xa1p \xc4\x90\xc3\xb4i"[..]).await.unwrap();
    let written = std::fs::metadata(file_of(&blobs, hash)).unwrap().modified().unwrap();
    assert_eq!(blobs.put(&b"Th\xc3\xa1p \xc4\x90\xc3\xb4i"[..]).await.unwrap(), hash);
    assert_eq!(std::fs::metadata(file_of(&blobs, hash)).unwrap().modified().unwrap(), written);
    assert_eq!(blobs.get(hash).await.unwrap().unwrap(), "Tháp Đôi");
    assert_eq!(blobs.size(hash).await.unwrap(), Some(11));
    assert_eq!(files_below(&blobs.root), [file_of(&blobs, hash)]);
    let nothing = blobs.put(Bytes::new()).await.unwrap();
    assert_eq!(blobs.get(nothing).await.unwrap(), Some(Bytes::new()));
    assert_eq!(blobs.get_range(nothing, 0..0).await.unwrap(), Some(Bytes::new()));
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    let (_folder, blobs) = open();
    let hash = ContentHash::of(b"never put");
    assert!(blobs.get(hash).await.unwrap().is_none());
    assert!(blobs.size(hash).await.unwrap().is_none());
    assert!(blobs.get_range(hash, 0..1).await.unwrap().is_none());
}

#[tokio::test]
async fn ranges_are_exact_and_none_goes_beyond_the_end() {
    let (_folder, blobs) = open();
    let hash = blobs.put(&b"0123456789"[..]).await.unwrap();
    for (range, expected) in [(0..2, "01"), (9..10, "9"), (0..10, "0123456789"), (3..3, ""), (10..10, "")] {
        assert_eq!(blobs.get_range(hash, range).await.unwrap().unwrap(), expected);
    }
    for (start, end) in [(0, 11), (11, 11), (5, 4)] {
        let error = blobs.get_range(hash, Range { start, end }).await.unwrap_err();
        assert!(matches!(error, BlobError::Range { size: 10, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_flipped_bit_is_found_in_every_way_of_reading_and_mended_by_putting_again() {
    let (_folder, blobs) = open();
    let hash = blobs.put(&b"0123456789"[..]).await.unwrap();
    assert_eq!(blobs.get_range(hash, 0..3).await.unwrap().unwrap(), "012");
    let mut bytes = std::fs::read(file_of(&blobs, hash)).unwrap();
    bytes[7] ^= 0x10;
    std::fs::write(file_of(&blobs, hash), bytes).unwrap();
    for fresh in [blobs.clone(), Blobs::open(&blobs.root).unwrap()] {
        for error in [
            fresh.get(hash).await.unwrap_err(),
            fresh.get_range(hash, 0..3).await.unwrap_err(),
            fresh.size(hash).await.unwrap_err(),
        ] {
            assert!(matches!(error, BlobError::Corrupt { .. }), "{error}");
            assert!(error.to_string().contains(&hash.to_string()), "{error}");
        }
    }
    assert_eq!(blobs.put(&b"0123456789"[..]).await.unwrap(), hash);
    assert_eq!(blobs.get_range(hash, 6..9).await.unwrap().unwrap(), "678");
}

#[tokio::test]
async fn a_file_cut_short_is_found() {
    let (_folder, blobs) = open();
    let hash = blobs.put(&b"0123456789"[..]).await.unwrap();
    std::fs::write(file_of(&blobs, hash), b"01234").unwrap();
    assert!(matches!(blobs.get(hash).await, Err(BlobError::Corrupt { .. })));
}

#[tokio::test]
async fn links_are_refused_wherever_they_lie() {
    let (folder, blobs) = open();
    let outside = folder.path().join("outside");
    std::fs::write(&outside, b"secret").unwrap();
    let hash = ContentHash::of(b"secret");
    let file = file_of(&blobs, hash);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    symlink(&outside, &file).unwrap();
    assert!(matches!(blobs.get(hash).await, Err(BlobError::Link { .. })));
    assert!(matches!(blobs.get_range(hash, 0..1).await, Err(BlobError::Link { .. })));
    assert!(matches!(blobs.put(&b"secret"[..]).await, Err(BlobError::Link { .. })));

    let other = ContentHash::of(b"other");
    let shard = blobs.root.join(&other.to_string()[..2]);
    let elsewhere = folder.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, &shard).unwrap();
    assert!(matches!(blobs.put(&b"other"[..]).await, Err(BlobError::Link { .. })));
    assert!(files_below(&elsewhere).is_empty());
}

#[tokio::test]
async fn many_writers_of_one_blob_leave_one_whole_file() {
    let (_folder, blobs) = open();
    let bytes = Bytes::from(vec![7_u8; 200_000]);
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (blobs, bytes) = (blobs.clone(), bytes.clone());
            tokio::spawn(async move { blobs.put(bytes).await.unwrap() })
        })
        .collect();
    let hash = ContentHash::of(&bytes);
    for writer in writers {
        assert_eq!(writer.await.unwrap(), hash);
    }
    assert_eq!(blobs.get(hash).await.unwrap().unwrap(), bytes);
    assert_eq!(files_below(&blobs.root), [file_of(&blobs, hash)]);
}

#[test]
fn a_full_disk_is_told_as_such() {
    let full = std::io::Error::from_raw_os_error(28);
    let source = object_store::Error::Generic { store: "LocalFileSystem", source: full.into() };
    let error = BlobError::of("writing", ContentHash::of(b""), Path::new("/data/blobs"), source);
    assert!(matches!(error, BlobError::DiskFull { .. }), "{error}");
    let other = std::io::Error::from_raw_os_error(5);
    let source = object_store::Error::Generic { store: "LocalFileSystem", source: other.into() };
    let error = BlobError::of("writing", ContentHash::of(b""), Path::new("/data/blobs"), source);
    assert!(matches!(error, BlobError::Failed { .. }), "{error}");
}
