//! An output of a command, of which the beginning and the end are kept.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;

use rustix::io::Errno;

/// What a command wrote, within a limit: half of it for the beginning, the rest for the end.
#[derive(Debug)]
pub(crate) struct Capture {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    max_head_bytes: usize,
    max_tail_bytes: usize,
    /// Bytes between the two that are gone.
    left_out: u64,
}

/// Reads what is there of both outputs, once each, so that neither keeps the other waiting. One that has ended is
/// closed. Returns whether there was anything.
pub(crate) fn read_both(
    outputs: &mut [Option<OwnedFd>; 2],
    captures: &mut [Capture; 2],
    buffer: &mut [u8],
) -> bool {
    let mut any = false;
    for (output, capture) in outputs.iter_mut().zip(captures) {
        let Some(open) = output else {
            continue;
        };
        match rustix::io::read(&*open, &mut *buffer) {
            Ok(0) => *output = None,
            Ok(length) => {
                capture.push(&buffer[..length]);
                any = true;
            }
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(_) => *output = None,
        }
    }
    any
}

impl Capture {
    /// A capture that keeps `max_bytes` at most.
    pub(crate) fn new(max_bytes: u64) -> Self {
        let max_bytes = usize::try_from(max_bytes).unwrap_or(usize::MAX);
        let max_head_bytes = max_bytes / 2;
        Self {
            head: Vec::new(),
            tail: VecDeque::new(),
            max_head_bytes,
            max_tail_bytes: max_bytes - max_head_bytes,
            left_out: 0,
        }
    }

    /// Takes the next bytes.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) {
        let room = self.max_head_bytes - self.head.len();
        let (head, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(head);
        bytes = rest;
        if bytes.len() >= self.max_tail_bytes {
            let skipped = bytes.len() - self.max_tail_bytes;
            self.left_out += (self.tail.len() + skipped) as u64;
            self.tail.clear();
            self.tail.extend(&bytes[skipped..]);
            return;
        }
        let excess = (self.tail.len() + bytes.len()).saturating_sub(self.max_tail_bytes);
        self.tail.drain(..excess);
        self.left_out += excess as u64;
        self.tail.extend(bytes);
    }

    /// Whether bytes were left out.
    pub(crate) fn is_truncated(&self) -> bool {
        self.left_out > 0
    }

    /// What was kept, as text. Where bytes were left out stands a line that says how many.
    pub(crate) fn into_text(self) -> String {
        let tail = Vec::from(self.tail);
        if self.left_out == 0 {
            let mut all = self.head;
            all.extend_from_slice(&tail);
            return match String::from_utf8(all) {
                Ok(text) => text,
                Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
            };
        }
        format!(
            "{}\n[{} bytes left out]\n{}",
            String::from_utf8_lossy(&self.head),
            self.left_out,
            String::from_utf8_lossy(&tail)
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(max_bytes: u64, pieces: &[&[u8]], expected: &str, truncated: bool) {
        let mut capture = Capture::new(max_bytes);
        for piece in pieces {
            capture.push(piece);
        }
        assert_eq!(capture.is_truncated(), truncated);
        assert_eq!(capture.into_text(), expected);
    }

    #[test]
    fn what_fits_is_kept_whole() {
        check(6, &[b"abc", b"def"], "abcdef", false);
        check(6, &[], "", false);
        check(100, &["a\u{e9}".as_bytes()], "a\u{e9}", false);
    }

    #[test]
    fn the_middle_is_left_out() {
        check(6, &[b"abcdefghij"], "abc\n[4 bytes left out]\nhij", true);
        check(6, &[b"ab", b"cd", b"efg", b"hij"], "abc\n[4 bytes left out]\nhij", true);
        check(5, &[b"abcdef"], "ab\n[1 bytes left out]\ndef", true);
        check(0, &[b"abc"], "\n[3 bytes left out]\n", true);
    }

    #[test]
    fn bytes_that_are_not_text_are_marked() {
        check(100, &[b"a\xffb"], "a\u{fffd}b", false);
        // A character that lies over the edge between the two halves is still one.
        check(4, &["x\u{e9}y".as_bytes()], "x\u{e9}y", false);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(bytes in vec(any::<u8>(), 0..300), cuts in vec(0_usize..300, 0..8), max in 0_u64..64) {
            let mut whole = Capture::new(max);
            whole.push(&bytes);
            let mut pieces = Capture::new(max);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut from = 0;
            for cut in cuts.into_iter().chain([bytes.len()]) {
                pieces.push(&bytes[from..cut]);
                from = cut;
            }
            prop_assert_eq!(whole.left_out, (bytes.len() as u64).saturating_sub(max));
            prop_assert_eq!(pieces.left_out, whole.left_out);
            prop_assert_eq!(pieces.into_text(), whole.into_text());
        }
    }
}
