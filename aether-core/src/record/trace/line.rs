//! The bytes of a line and the hash over them.

use serde::Serialize;

use super::{Body, Budget, Evidence};
use super::{CanonVersion, Count, Event, HASH_DOMAIN, Header, Policy, TraceId, wire};
use crate::base::{Sha256Hash, Sha256Hasher, Timestamp};
use crate::code::{Anchor, Confidence};

/// What stands before the header in the chain.
pub(super) const GENESIS: Sha256Hash = Sha256Hash::from_bytes([0; 32]);

/// `"hash":"sha256:<64 digits>",`: what a line has more than the bytes that its hash is taken over. In
/// both kinds of lines another member stands behind it.
const MEMBER_LEN: usize = "\"hash\":\"sha256:\",".len() + 64;

/// A record that is one line of a trace.
pub(super) trait Line: Serialize + for<'de> serde::Deserialize<'de> {
    /// Writes the canonical form without the hash; gives the byte at which the hash belongs.
    fn write_unsealed(&self, out: &mut Vec<u8>) -> Result<usize, serde_json::Error>;

    /// The version that it says it has.
    fn version(&self) -> u32;
}

/// Members of an event in front of its hash.
#[derive(Serialize)]
struct EventHead<'a> {
    #[serde(serialize_with = "wire::serialize", skip_serializing_if = "<[Anchor]>::is_empty")]
    anchors: &'a [Anchor],
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    body: &'a Body,
    budget: &'a Budget,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
    #[serde(skip_serializing_if = "<[Evidence]>::is_empty")]
    evidence: &'a [Evidence],
}

/// Members of an event behind its hash.
#[derive(Serialize)]
struct EventTail<'a> {
    prev: Sha256Hash,
    seq: Count,
    trace: &'a TraceId,
    v: u32,
}

/// Members of a header in front of its hash.
#[derive(Serialize)]
struct HeaderHead {
    canon: CanonVersion,
}

/// Members of a header behind its hash.
#[derive(Serialize)]
struct HeaderTail<'a> {
    policy: &'a Policy,
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<Sha256Hash>,
    snapshot: Sha256Hash,
    started: Timestamp,
    task: &'a str,
    toolchain: &'a str,
    trace: &'a TraceId,
    v: u32,
}

/// Writes two objects, neither of them empty, as one; gives the byte at which the members of the second
/// begin.
fn write_joined(
    head: &impl Serialize,
    tail: &impl Serialize,
    out: &mut Vec<u8>,
) -> Result<usize, serde_json::Error> {
    out.clear();
    serde_json::to_writer(&mut *out, head)?;
    // The brace that ends the first and the one that begins the second become the comma between them.
    out.pop();
    let cut = out.len();
    serde_json::to_writer(&mut *out, tail)?;
    if let Some(brace) = out.get_mut(cut) {
        *brace = b',';
    }
    Ok(cut + 1)
}

impl Line for Event {
    fn write_unsealed(&self, out: &mut Vec<u8>) -> Result<usize, serde_json::Error> {
        let head = EventHead {
            anchors: &self.anchors,
            at: self.at,
            body: &self.body,
            budget: &self.budget,
            claim: self.claim.as_deref(),
            confidence: self.confidence,
            evidence: &self.evidence,
        };
        let tail = EventTail { prev: self.prev, seq: self.seq, trace: &self.trace, v: self.v };
        write_joined(&head, &tail, out)
    }

    fn version(&self) -> u32 {
        self.v
    }
}

impl Line for Header {
    fn write_unsealed(&self, out: &mut Vec<u8>) -> Result<usize, serde_json::Error> {
        let tail = HeaderTail {
            policy: &self.policy,
            script: self.script,
            snapshot: self.snapshot,
            started: self.started,
            task: &self.task,
            toolchain: &self.toolchain,
            trace: &self.trace,
            v: self.v,
        };
        write_joined(&HeaderHead { canon: self.canon }, &tail, out)
    }

    fn version(&self) -> u32 {
        self.v
    }
}

/// The hash of a line that is written without its hash in `unsealed`.
pub(super) fn line_hash(prev: Sha256Hash, unsealed: &[u8]) -> Sha256Hash {
    let mut hasher = Sha256Hasher::new();
    hasher.update(HASH_DOMAIN);
    hasher.update(prev.as_bytes());
    hasher.update(unsealed);
    hasher.finish()
}

/// The line, without a line break, of what is written without its hash in `unsealed`.
pub(super) fn sealed(unsealed: &[u8], cut: usize, hash: Sha256Hash) -> Vec<u8> {
    let (head, tail) = unsealed.split_at(cut.min(unsealed.len()));
    [head, format!("\"hash\":\"{hash}\",").as_bytes(), tail].concat()
}

/// Whether `line` is what [`sealed`] gives, without writing it anew. The hash itself was read from the
/// line, and a hash has one written form.
pub(super) fn is_sealed(line: &[u8], unsealed: &[u8], cut: usize) -> bool {
    const MEMBER: &[u8] = b"\"hash\":\"sha256:";
    line.len() == unsealed.len() + MEMBER_LEN
        && line.get(..cut) == unsealed.get(..cut)
        && line.get(cut..).is_some_and(|rest| rest.starts_with(MEMBER))
        && line.get(cut + MEMBER_LEN - 2..cut + MEMBER_LEN) == Some(b"\",")
        && line.get(cut + MEMBER_LEN..) == unsealed.get(cut..)
}
