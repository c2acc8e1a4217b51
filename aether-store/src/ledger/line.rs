//! One line of a ledger: an event, its place, and the hash that ties it to the line before.

use aether_core::base::{Sha256Hash, Sha256Hasher};

/// In front of what the hash of a line is taken over: no other record hashes to the same.
const DOMAIN: &[u8] = b"aether-ledger-line-v1\n";
const EVENT: &str = "{\"event\":";
const HASH: &str = ",\"hash\":\"";
const PREV: &str = "\",\"prev\":\"";
const SEQ: &str = "\",\"seq\":";
/// Length of `sha256:` and 64 digits.
const HASH_TEXT: usize = 71;

/// What the first line has for the hash of the line before.
pub(super) const GENESIS: Sha256Hash = Sha256Hash::from_bytes([0; 32]);

/// The hash of the line `seq` with this event behind a line with the hash `prev`.
pub(super) fn line_hash(prev: &Sha256Hash, seq: u64, event: &[u8]) -> Sha256Hash {
    let mut hasher = Sha256Hasher::new();
    hasher.update(DOMAIN);
    hasher.update(prev.as_bytes());
    hasher.update(&seq.to_be_bytes());
    hasher.update(event);
    hasher.finish()
}

/// Appends a line without its line feed to `out`; gives its hash.
pub(super) fn write_line(out: &mut String, prev: &Sha256Hash, seq: u64, event: &str) -> Sha256Hash {
    let hash = line_hash(prev, seq, event.as_bytes());
    out.push_str(&format!("{EVENT}{event}{HASH}{hash}{PREV}{prev}{SEQ}{seq}}}"));
    hash
}

/// A line, taken apart; whether its hashes are right is not known yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Line<'a> {
    pub(super) event: &'a [u8],
    pub(super) hash: Sha256Hash,
    pub(super) prev: Sha256Hash,
    pub(super) seq: u64,
}

impl<'a> Line<'a> {
    /// Takes a line without its line feed apart; `None` unless [`write_line`] could have written it.
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let line = line.strip_prefix(EVENT.as_bytes())?.strip_suffix(b"}")?;
        // The event has an end that only its own grammar tells; from the back all is of a known length.
        let digits = line.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (line, number) = line.split_at(line.len() - digits);
        let number = std::str::from_utf8(number).ok()?;
        let seq: u64 = number.parse().ok()?;
        let line = line.strip_suffix(SEQ.as_bytes())?;
        let (line, prev) = split_hash(line)?;
        let (line, hash) = split_hash(line.strip_suffix(PREV.as_bytes())?)?;
        let event = line.strip_suffix(HASH.as_bytes())?;
        (seq.to_string() == number).then_some(Self { event, hash, prev, seq })
    }

    /// Whether the line has the hash of what it says.
    pub(super) fn is_sound(&self) -> bool {
        line_hash(&self.prev, self.seq, self.event) == self.hash
    }
}

fn split_hash(line: &[u8]) -> Option<(&[u8], Sha256Hash)> {
    let (rest, text) = line.split_at_checked(line.len().checked_sub(HASH_TEXT)?)?;
    Some((rest, std::str::from_utf8(text).ok()?.parse().ok()?))
}
