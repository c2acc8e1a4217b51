//! Traces that were changed without being hashed anew: bytes and lines.

use aether_core::record::trace::TraceRule;

use super::generate::{Random, Tree, trace};
use super::{STEP, TRACES, judge};

type Lines = Vec<Vec<u8>>;

/// Changes the lines; false where there is nothing of the kind to change.
type Mutate = fn(&mut Lines, &mut Random) -> bool;

fn split(bytes: &[u8]) -> Lines {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// Some event, by its place.
fn some(lines: &Lines, random: &mut Random) -> usize {
    1 + random.below(lines.len() - 1)
}

/// Replaces the first `from` in some event that has it, or in the header.
fn replace(lines: &mut Lines, random: &mut Random, from: &str, to: &[u8]) -> bool {
    let (first, count) = (random.below(lines.len()), lines.len());
    for step in 0..count {
        let line = &mut lines[(first + step) % count];
        if let Some(at) = line.windows(from.len()).position(|window| window == from.as_bytes()) {
            line.splice(at..at + from.len(), to.iter().copied());
            return true;
        }
    }
    false
}

macro_rules! replaces {
    ($from:literal, $to:literal) => {
        |lines, random| replace(lines, random, $from, $to.as_ref())
    };
}

const MUTANTS: &[(&str, TraceRule, Mutate)] = &[
    ("drop an event", TraceRule::Gap, |lines, random| {
        let at = 1 + random.below(lines.len() - 2);
        lines.remove(at);
        true
    }),
    ("drop the header", TraceRule::HeaderFirst, |lines, _| {
        lines.remove(0);
        true
    }),
    ("repeat the header", TraceRule::HeaderFirst, |lines, random| {
        let at = some(lines, random);
        lines.insert(at, lines[0].clone());
        true
    }),
    ("empty file", TraceRule::HeaderFirst, |lines, _| {
        lines.clear();
        true
    }),
    ("swap two events", TraceRule::Gap, |lines, random| {
        let at = 1 + random.below(lines.len() - 2);
        lines.swap(at, at + 1);
        true
    }),
    ("repeat an event", TraceRule::Repeated, |lines, random| {
        let at = some(lines, random);
        lines.insert(at, lines[at].clone());
        true
    }),
    ("repeat an event later", TraceRule::Repeated, |lines, random| {
        let at = some(lines, random);
        lines.push(lines[at].clone());
        true
    }),
    ("splice from another trace", TraceRule::Foreign, |lines, random| {
        let other = split(&trace(1000 + random.below(100) as u64, &Tree::new()));
        let at = 1 + random.below(lines.len().min(other.len()) - 1);
        lines[at] = other[at].clone();
        true
    }),
    ("splice under the name of this trace", TraceRule::Prev, |lines, random| {
        let other = split(&trace(1000 + random.below(100) as u64, &Tree::new()));
        let at = 1 + random.below(lines.len().min(other.len()) - 1);
        let name = |line: &[u8]| {
            let text = String::from_utf8_lossy(line).into_owned();
            let start = text.rfind("\"session-").expect("a name");
            text[start..start + 22].to_owned()
        };
        let (own, foreign) = (name(&lines[at]), name(&other[at]));
        lines[at] = String::from_utf8_lossy(&other[at]).replace(&foreign, &own).into_bytes();
        true
    }),
    ("the header of another trace", TraceRule::Foreign, |lines, random| {
        lines[0] = split(&trace(1000 + random.below(100) as u64, &Tree::new()))[0].clone();
        true
    }),
    ("another text", TraceRule::Hash, replaces!("\"ask\"", "\"asks\"")),
    ("another confidence", TraceRule::Hash, |lines, random| {
        replace(lines, random, "\"confidence\":8", b"\"confidence\":7")
    }),
    ("another file of an anchor", TraceRule::Hash, replaces!("src/m1.rs", "src/m2.rs")),
    ("another outcome", TraceRule::Hash, replaces!("\"exit_code\":101", "\"exit_code\":0")),
    ("another toolchain", TraceRule::Hash, replaces!("rustc 1.95.0", "rustc 1.96.0")),
    ("another hash", TraceRule::Hash, |lines, random| {
        let line = random.below(lines.len());
        let at = find(&lines[line], b"\"hash\":\"sha256:").expect("a hash of a line or of an anchor");
        let last = &mut lines[line][at + 15 + 63];
        *last = if *last == b'0' { b'1' } else { b'0' };
        true
    }),
    ("another hash before", TraceRule::Prev, |lines, random| {
        let line = some(lines, random);
        let at = find(&lines[line], b"\"prev\":\"sha256:").expect("every event has one");
        let last = &mut lines[line][at + 15 + 63];
        *last = if *last == b'0' { b'1' } else { b'0' };
        true
    }),
    ("white space", TraceRule::Canonical, replaces!("\"v\":1", "\"v\": 1")),
    ("white space at the end", TraceRule::Canonical, replaces!("}\n", "} \n")),
    ("carriage return", TraceRule::Canonical, replaces!("}\n", "}\r\n")),
    ("escape that is not needed", TraceRule::Canonical, replaces!("\"v\":1", "\"\\u0076\":1")),
    ("escaped text", TraceRule::Canonical, replaces!("\"body\"", "\"b\\u006fdy\"")),
    ("another order of members", TraceRule::Canonical, |lines, random| {
        let at = some(lines, random);
        let text = String::from_utf8_lossy(&lines[at]).into_owned();
        lines[at] = text.replace("{\"candidates\":", "{\"commands\":0,\"candidates\":").into_bytes();
        let text = String::from_utf8_lossy(&lines[at]).into_owned();
        let second = text.find(",\"commands\":").expect("a budget has commands");
        let digits = text[second + 12..].find(',').expect("members follow");
        let value = text[second + 12..second + 12 + digits].to_owned();
        let text = [&text[..second], &text[second + 12 + digits..]].concat();
        lines[at] = text.replace("{\"commands\":0,", &format!("{{\"commands\":{value},")).into_bytes();
        true
    }),
    ("nothing written out", TraceRule::Canonical, |lines, random| {
        let at = some(lines, random);
        let has = find(&lines[at], b"\"evidence\":[").is_some();
        !has && replace_in(&mut lines[at], b"\"prev\":", b"\"evidence\":[],\"prev\":")
    }),
    ("null written out", TraceRule::Canonical, |lines, random| {
        let at = some(lines, random);
        let has = find(&lines[at], b"\"claim\"").is_some();
        !has && replace_in(&mut lines[at], b"\"prev\"", b"\"claim\":null,\"prev\"")
    }),
    ("minus zero", TraceRule::Float, replaces!("\"candidates\":0", "\"candidates\":-0")),
    ("fraction", TraceRule::Float, replaces!("\"candidates\":0", "\"candidates\":0.5")),
    ("whole fraction", TraceRule::Float, replaces!("\"v\":1", "\"v\":1.0")),
    ("exponent", TraceRule::Float, replaces!("\"v\":1", "\"v\":1e0")),
    ("fraction in an unknown field", TraceRule::Float, replaces!("\"v\":1", "\"v\":1,\"w\":0.1")),
    ("integer of 2^53", TraceRule::BigInteger, |lines, random| {
        replace(lines, random, "\"candidates\":0", b"\"candidates\":9007199254740992")
    }),
    ("integer beyond 64 bits", TraceRule::BigInteger, |lines, random| {
        replace(lines, random, "\"candidates\":0", b"\"candidates\":99999999999999999999999")
    }),
    ("negative integer", TraceRule::BadValue, replaces!("\"candidates\":0", "\"candidates\":-1")),
    ("key twice", TraceRule::DuplicateKey, replaces!("\"v\":1", "\"v\":1,\"v\":1")),
    ("key twice in other letters", TraceRule::DuplicateKey, replaces!("\"v\":1", "\"\\u0076\":1,\"v\":1")),
    ("key twice inside", TraceRule::DuplicateKey, |lines, random| {
        replace(lines, random, "\"tokens\":", b"\"tokens\":0,\"tokens\":")
    }),
    ("unknown field", TraceRule::UnknownField, replaces!("\"v\":1", "\"v\":1,\"w\":1")),
    (
        "unknown field of a budget",
        TraceRule::UnknownField,
        replaces!("\"tokens\":", "\"stones\":1,\"tokens\":"),
    ),
    ("unknown field of an anchor", TraceRule::UnknownField, replaces!("\"file\":", "\"a\":1,\"file\":")),
    ("unknown field of lines", TraceRule::UnknownField, replaces!("\"first\":", "\"f\":1,\"first\":")),
    ("unknown field of a span", TraceRule::UnknownField, replaces!("{\"end\":", "{\"e\":1,\"end\":")),
    ("unknown field of a plan", TraceRule::UnknownField, replaces!("\"steps\":", "\"stairs\":1,\"steps\":")),
    (
        "unknown field of a probe",
        TraceRule::UnknownField,
        replaces!("\"cache_hit\":", "\"a\":1,\"cache_hit\":"),
    ),
    (
        "unknown field of a check",
        TraceRule::UnknownField,
        replaces!("\"arguments\":", "\"a\":1,\"arguments\":"),
    ),
    ("unknown kind", TraceRule::UnknownKind, replaces!("\"body\":{\"p", "\"body\":{\"q")),
    ("missing field", TraceRule::MissingField, replaces!(",\"v\":1", "")),
    ("missing field of a probe", TraceRule::MissingField, |lines, random| {
        replace(lines, random, "\"cache_hit\":false,", b"")
    }),
    ("another type", TraceRule::BadValue, replaces!("\"v\":1", "\"v\":\"1\"")),
    ("unknown outcome", TraceRule::BadValue, replaces!("\"outcome\":\"", "\"outcome\":\"un")),
    ("confidence above one", TraceRule::BadValue, |lines, random| {
        replace(lines, random, "\"confidence\":8", b"\"confidence\":10008")
    }),
    ("hash in capitals", TraceRule::BadValue, replaces!("\"prev\":\"sha256:", "\"prev\":\"SHA256:")),
    ("path out of the tree", TraceRule::BadValue, replaces!("src/m", "../m")),
    ("unknown canonical form", TraceRule::BadValue, replaces!("rfc8785.1", "rfc8785.2")),
    ("array", TraceRule::Syntax, |lines, random| {
        let at = random.below(lines.len());
        lines[at] = b"[1]\n".to_vec();
        true
    }),
    ("empty line", TraceRule::Syntax, |lines, random| {
        let at = random.below(lines.len());
        lines.insert(at, b"\n".to_vec());
        true
    }),
    ("two objects", TraceRule::Syntax, replaces!("}\n", "}{}\n")),
    ("byte order mark", TraceRule::Syntax, |lines, random| {
        let at = random.below(lines.len());
        lines[at].splice(0..0, *b"\xef\xbb\xbf");
        true
    }),
    ("cut inside of a line", TraceRule::Syntax, |lines, random| {
        let at = random.below(lines.len());
        let keep = 1 + random.below(lines[at].len() - 3);
        lines[at].truncate(keep);
        while std::str::from_utf8(&lines[at]).is_err() {
            lines[at].pop();
        }
        lines[at].push(b'\n');
        true
    }),
    ("half of a surrogate pair", TraceRule::Syntax, replaces!("\"ask\"", "\"\\ud800\"")),
    ("nested without end", TraceRule::Syntax, |lines, random| {
        let at = random.below(lines.len());
        lines[at] = [&vec![b'['; 100_000][..], b"\n"].concat();
        true
    }),
    ("not UTF-8", TraceRule::Utf8, |lines, random| replace(lines, random, "\"ask\"", b"\"\xff\"")),
    ("another version", TraceRule::Version, replaces!("\"v\":1", "\"v\":2")),
    ("cut at the very end", TraceRule::Torn, |lines, _| {
        let last = lines.last_mut().expect("there are lines");
        last.pop();
        true
    }),
    ("cut inside of the last line", TraceRule::Torn, |lines, random| {
        let last = lines.last_mut().expect("there are lines");
        last.truncate(1 + random.below(last.len() - 2));
        true
    }),
    ("drop the last lines", TraceRule::EndMissing, |lines, random| {
        let keep = 1 + random.below(lines.len() - 1);
        lines.truncate(keep);
        true
    }),
    ("line beyond the limit", TraceRule::LineBytes, |lines, random| {
        let at = random.below(lines.len());
        let end = lines[at].len() - 1;
        lines[at].splice(end..end, vec![b' '; 300_000]);
        true
    }),
];

fn find(line: &[u8], what: &[u8]) -> Option<usize> {
    line.windows(what.len()).position(|window| window == what)
}

fn replace_in(line: &mut Vec<u8>, from: &[u8], to: &[u8]) -> bool {
    let Some(at) = find(line, from) else { return false };
    line.splice(at..at + from.len(), to.iter().copied());
    true
}

#[test]
fn every_change_of_bytes_is_named() {
    let tree = Tree::new();
    let mut wrong = Vec::new();
    let mut applied = vec![0; MUTANTS.len()];
    for seed in 0..TRACES {
        let whole = split(&trace(seed, &tree));
        for (index, (name, rule, mutate)) in MUTANTS.iter().enumerate() {
            if !(seed / 3 + index as u64).is_multiple_of(STEP) {
                continue;
            }
            let mut lines = whole.clone();
            if !mutate(&mut lines, &mut Random::new(seed * 1000 + index as u64)) {
                continue;
            }
            applied[index] += 1;
            let report = judge(&lines.concat(), &tree);
            if report.violations.first().map(|violation| violation.rule) != Some(*rule) {
                wrong.push(format!("{name}, trace {seed}: {:?}", report.violations));
            }
        }
    }
    for ((name, ..), applied) in MUTANTS.iter().zip(applied) {
        if applied < TRACES / STEP / 10 {
            wrong.push(format!("{name} fits {applied} traces alone"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Any one byte changed in any way is noticed, whatever the rule.
#[test]
fn every_single_byte_counts() {
    let tree = Tree::new();
    for seed in 0..TRACES {
        let bytes = trace(seed, &tree);
        let mut random = Random::new(seed);
        for _ in 0..20 {
            let mut changed = bytes.clone();
            let at = random.below(changed.len());
            changed[at] ^= 1 + random.below(255) as u8;
            assert!(!judge(&changed, &tree).is_valid(), "trace {seed}, byte {at}");
        }
    }
}

pub(super) fn rules() -> impl Iterator<Item = TraceRule> {
    MUTANTS.iter().map(|(_, rule, _)| *rule)
}
