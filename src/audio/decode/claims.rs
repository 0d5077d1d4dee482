//! What a file says of its own length, against how long it is: a copy that broke off is told from a whole one.
//!
//! Only what a form says for certain is looked at. A recorder that streams leaves the length out (WebM of browsers),
//! and then nothing can be said.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use super::form::{Form, Frame, after_id3};
use crate::domain::Milliseconds;

/// The longest page of Ogg (RFC 3533).
const OGG_PAGE: u64 = 65_307;

/// More frames of MP3 than two hours have.
const MOST_FRAMES: usize = 2_000_000;

/// More chunks or boxes than any recorder writes: a file of empty ones is not walked to its end.
const MOST_PARTS: usize = 10_000;

/// Says what is missing; `None` where nothing is known to be.
pub(super) fn what_is_missing<F: Read + Seek>(
    file: &mut F,
    form: Form,
    length: u64,
) -> std::io::Result<Option<String>> {
    match form {
        Form::Wav => wav(file, length),
        Form::M4a => boxes(file, length),
        Form::Mp3 => frames(file, length),
        Form::Ogg | Form::Opus => last_page(file, length),
        Form::WebM => segment(file, length),
        // Its header gives the number of samples: `flac_duration` is compared after decoding.
        Form::Flac => Ok(None),
    }
}

fn short(claimed: u64, length: u64) -> Option<String> {
    (claimed > length).then(|| format!("it says it has {claimed} bytes and has {length}"))
}

/// Reads exactly `N` bytes at a place; `None` where the file ends before.
fn bytes_at<const N: usize>(file: &mut (impl Read + Seek), at: u64) -> std::io::Result<Option<[u8; N]>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = [0; N];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| four.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// The chunks of RIFF up to the one with the samples.
fn wav(file: &mut (impl Read + Seek), length: u64) -> std::io::Result<Option<String>> {
    let mut at = 12;
    for _ in 0..MOST_PARTS {
        let Some(header) = bytes_at::<8>(file, at)? else { break };
        let size = u64::from(u32_at(&header, 4).swap_bytes());
        if &header[..4] == b"data" {
            return Ok(short(at + 8 + size, length));
        }
        at += 8 + size + size % 2;
    }
    Ok(Some("it ends before its samples begin".to_owned()))
}

/// The boxes of ISO 14496-12, the outermost ones.
fn boxes(file: &mut (impl Read + Seek), length: u64) -> std::io::Result<Option<String>> {
    let (mut at, mut has_index) = (0_u64, false);
    for _ in 0..MOST_PARTS {
        if at >= length {
            break;
        }
        let Some(header) = bytes_at::<8>(file, at)? else { return Ok(short(at + 8, length)) };
        let size = match u32_at(&header, 0) {
            0 => length - at,
            1 => match bytes_at::<8>(file, at + 8)? {
                Some(long) => u64::from_be_bytes(long),
                None => return Ok(short(at + 16, length)),
            },
            size => u64::from(size),
        };
        has_index |= &header[4..] == b"moov" || &header[4..] == b"moof";
        match at.checked_add(size) {
            Some(end) if size >= 8 && end <= length => at = end,
            Some(end) if size >= 8 => return Ok(short(end, length)),
            _ => break,
        }
    }
    Ok((!has_index).then(|| "its index is missing, which recorders write last".to_owned()))
}

/// What the encoder wrote into the first frame, and the frames one after the other to the last one.
fn frames(file: &mut (impl Read + Seek), length: u64) -> std::io::Result<Option<String>> {
    let mut at = bytes_at::<10>(file, 0)?.map_or(0, |head| after_id3(&head) as u64);
    if at > length {
        return Ok(short(at, length));
    }
    let mut first = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(64).read_to_end(&mut first)?;
    if let Some(frame) = Frame::at(&first, 0) {
        let header = first.get(frame.encoder_header..).unwrap_or_default();
        let flags = u32_at(header, 4);
        if (header.starts_with(b"Xing") || header.starts_with(b"Info")) && flags & 2 != 0 {
            let claimed = u32_at(header, if flags & 1 != 0 { 12 } else { 8 });
            return Ok(short(at + u64::from(claimed), length));
        }
    }
    for _ in 0..MOST_FRAMES {
        let Some(header) = bytes_at::<4>(file, at)? else {
            // The first byte of a frame is all ones, that of a tag or of padding is not.
            return Ok(if bytes_at::<1>(file, at)? == Some([0xff]) { short(at + 4, length) } else { None });
        };
        let Some(frame) = Frame::at(&header, 0) else { break };
        let end = at + frame.bytes as u64;
        if end > length {
            return Ok(short(end, length));
        }
        at = end;
    }
    Ok(None)
}

/// Whether the last page is whole.
fn last_page(file: &mut (impl Read + Seek), length: u64) -> std::io::Result<Option<String>> {
    let from = length.saturating_sub(2 * OGG_PAGE);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(2 * OGG_PAGE).read_to_end(&mut tail)?;
    let Some(start) = tail.windows(4).rposition(|window| window == b"OggS") else {
        return Ok(Some("its last page is missing".to_owned()));
    };
    let page = &tail[start..];
    let cut = || Some("it ends within a page".to_owned());
    let Some(segments) = page.get(26).map(|count| usize::from(*count)) else { return Ok(cut()) };
    let Some(table) = page.get(27..27 + segments) else { return Ok(cut()) };
    let body: usize = table.iter().map(|size| usize::from(*size)).sum();
    Ok(if page.len() < 27 + segments + body { cut() } else { None })
}

/// The segment of Matroska (RFC 8794 for the numbers, RFC 9559 for the elements).
fn segment(file: &mut (impl Read + Seek), length: u64) -> std::io::Result<Option<String>> {
    let Some((header, at)) = number(file, 4)? else { return Ok(Some("it ends in its header".to_owned())) };
    let segment = at.saturating_add(header.unwrap_or(0));
    match bytes_at::<4>(file, segment)? {
        Some([0x18, 0x53, 0x80, 0x67]) => {}
        Some(_) => return Ok(None),
        None => return Ok(Some("it ends before its sound begins".to_owned())),
    }
    Ok(match number(file, segment + 4)? {
        Some((Some(size), at)) => short(at.saturating_add(size), length),
        Some((None, _)) => None,
        None => Some("it ends before its sound begins".to_owned()),
    })
}

/// A number of variable length at a place, and where it ends. Inside: `None` for a length left open.
fn number(file: &mut (impl Read + Seek), at: u64) -> std::io::Result<Option<(Option<u64>, u64)>> {
    let Some([first]) = bytes_at::<1>(file, at)? else { return Ok(None) };
    let more = first.leading_zeros();
    if more > 7 {
        return Ok(Some((None, at + 1)));
    }
    let mut value = u64::from(first) & (0x7f_u64 >> more);
    for place in 1..=u64::from(more) {
        let Some([byte]) = bytes_at::<1>(file, at + place)? else { return Ok(None) };
        value = value << 8 | u64::from(byte);
    }
    let open = (1_u64 << (7 * (more + 1))) - 1;
    Ok(Some(((value != open).then_some(value), at + 1 + u64::from(more))))
}

/// How long a FLAC file says it is (RFC 9639, 8.2). `None` where it leaves that open.
pub(super) fn flac_duration(file: &mut (impl Read + Seek)) -> std::io::Result<Option<Milliseconds>> {
    let at = bytes_at::<10>(file, 0)?.map_or(0, |head| after_id3(&head) as u64);
    let Some(numbers) = bytes_at::<8>(file, at + 4 + 4 + 10)? else { return Ok(None) };
    let bits = u64::from_be_bytes(numbers);
    let (rate, samples) = (bits >> 44, bits & ((1 << 36) - 1));
    Ok((rate > 0 && samples > 0).then(|| Milliseconds(samples * 1000 / rate)))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn missing(bytes: &[u8], form: Form) -> Option<String> {
        what_is_missing(&mut Cursor::new(bytes), form, bytes.len() as u64).unwrap()
    }

    #[test]
    fn a_header_that_claims_gigabytes_is_caught() {
        let mut wav = b"RIFF\xff\xff\xff\xffWAVEfmt \x02\0\0\0\x01\0data".to_vec();
        wav.extend(0xf000_0000_u32.to_le_bytes());
        wav.extend([0; 100]);
        assert!(missing(&wav, Form::Wav).unwrap().contains("4026531"));
    }

    #[test]
    fn boxes_and_segments_are_measured() {
        assert!(missing(b"\0\0\0\x08ftyp\0\0\0\x09moovx", Form::M4a).is_none());
        assert!(missing(b"\0\0\0\x08ftyp\0\0\0\x09moov", Form::M4a).is_some());
        assert!(missing(b"\0\0\0\x08ftyp\0\0\0\x08mdat", Form::M4a).unwrap().contains("index"));
        assert!(missing(b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x81x", Form::WebM).is_none());
        assert!(missing(b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x82x", Form::WebM).is_some());
        assert!(missing(b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xffx", Form::WebM).is_none(), "left open");
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            form in proptest::sample::select(Form::ALL.to_vec()),
        ) {
            let webm = b"\x1a\x45\xdf\xa3";
            for head in [&b""[..], b"RIFF\0\0\0\0WAVEdata", b"\0\0\0\x01ftyp", webm, b"OggS", b"\xff\xfb\x90\x44"] {
                let whole: Vec<u8> = head.iter().chain(&bytes).copied().collect();
                missing(&whole, form);
                flac_duration(&mut Cursor::new(&whole)).unwrap();
            }
        }
    }
}
