//! One range of a file, as browsers ask for it (RFC 9110 section 14.2). Anything else asked for is the whole file.

/// What of a file is answered: the bytes `from..to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Some {
        from: u64,
        to: u64,
    },
    /// None of the bytes that were asked for are there.
    None,
}

/// An open range is answered with at most `most` bytes.
pub(super) fn part(asked: &str, size: u64, most: u64) -> Part {
    let Some((first, last)) = asked.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-')) else {
        return Part::Whole;
    };
    let number = |text: &str| if text.bytes().all(|b| b.is_ascii_digit()) { text.parse::<u64>().ok() } else { None };
    let (from, to) = match (number(first), number(last)) {
        (Some(from), Some(last)) if last >= from => (from, size.min(last.saturating_add(1))),
        (Some(from), None) if last.is_empty() => (from, size.min(from.saturating_add(most))),
        (None, Some(end)) if first.is_empty() && end > 0 => (size.saturating_sub(end), size),
        (None, Some(0)) if first.is_empty() => return Part::None,
        _ => return Part::Whole,
    };
    if from < size { Part::Some { from, to } } else { Part::None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_are_read_as_browsers_write_them() {
        for (asked, expected) in [
            ("", Part::Whole),
            ("bytes=0-1", Part::Some { from: 0, to: 2 }),
            ("bytes=0-", Part::Some { from: 0, to: 300 }),
            ("bytes=900-", Part::Some { from: 900, to: 1000 }),
            ("bytes=990-5000", Part::Some { from: 990, to: 1000 }),
            ("bytes=-10", Part::Some { from: 990, to: 1000 }),
            ("bytes=-5000", Part::Some { from: 0, to: 1000 }),
            ("bytes=1000-", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=5-1", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes=-", Part::Whole),
        ] {
            assert_eq!(part(asked, 1000, 300), expected, "{asked}");
        }
    }

    proptest! {
        #[test]
        fn a_part_lies_within_the_file(asked in "(bytes=)?[-0-9, a]{0,24}", size in 0u64..5000) {
            if let Part::Some { from, to } = part(&asked, size, 100) {
                prop_assert!(from < to && to <= size);
            }
        }
    }
}
