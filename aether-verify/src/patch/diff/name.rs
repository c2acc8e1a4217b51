//! Names of files as they stand in diffs.

use aether_core::base::RelPath;

use crate::patch::error::{ApplyError, ApplyErrorKind};
use crate::patch::names::MAX_PATH_BYTES;

/// What stands for a file that is not there.
pub(super) const NO_FILE: &[u8] = b"/dev/null";

/// Pairs of first letters that git puts in front of the old and the new name.
const PREFIXES: [(u8, u8); 6] =
    [(b'a', b'b'), (b'i', b'w'), (b'c', b'i'), (b'c', b'w'), (b'o', b'w'), (b'b', b'a')];

/// Reads one name from the beginning of `text`: in quotes as C writes strings, or up to a tab or the end.
/// Gives the name and what stands behind it.
pub(super) fn read(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|&byte| byte == b'\t').unwrap_or(text.len());
        return Some((text[..end].to_vec(), &text[end..]));
    };
    let mut name = Vec::new();
    let mut rest = quoted;
    loop {
        let (&byte, tail) = rest.split_first()?;
        rest = tail;
        match byte {
            b'"' => return Some((name, rest)),
            b'\\' => {
                let (&escape, tail) = rest.split_first()?;
                rest = tail;
                name.push(match escape {
                    b'a' => 7,
                    b'b' => 8,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'v' => 11,
                    b'f' => 12,
                    b'r' => b'\r',
                    b'"' | b'\\' => escape,
                    b'0'..=b'3' => {
                        let (digits, tail) = rest.split_at_checked(2)?;
                        rest = tail;
                        if !digits.iter().all(|digit| (b'0'..=b'7').contains(digit)) {
                            return None;
                        }
                        (escape - b'0') << 6 | (digits[0] - b'0') << 3 | (digits[1] - b'0')
                    }
                    _ => return None,
                });
            }
            _ => name.push(byte),
        }
    }
}

/// A name as it is to stand in a diff.
pub(super) fn write(out: &mut Vec<u8>, prefix: &str, path: &RelPath) {
    let bytes = path.to_bytes();
    let is_plain = bytes.iter().all(|&byte| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\');
    if is_plain {
        out.extend_from_slice(prefix.as_bytes());
        out.extend_from_slice(&bytes);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(prefix.as_bytes());
    for byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0x20..0x7f => out.push(byte),
            _ => out.extend_from_slice(format!("\\{byte:03o}").as_bytes()),
        }
    }
    out.push(b'"');
}

/// The two names without what git puts in front of them. Names that do not both have it are taken as they are.
pub(super) fn without_prefixes<'a>(old: &'a [u8], new: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let first = |name: &[u8]| match name {
        [letter, b'/', ..] => Some(*letter),
        _ => None,
    };
    let has = |name: &[u8], letter: u8| name == NO_FILE || first(name) == Some(letter);
    if PREFIXES.iter().any(|&(a, b)| has(old, a) && has(new, b)) {
        let strip = |name: &'a [u8]| if name == NO_FILE { name } else { &name[2..] };
        return (strip(old), strip(new));
    }
    (old, new)
}

/// A name as a path of the repository.
pub(super) fn path(name: &[u8], line: usize) -> Result<RelPath, ApplyError> {
    let bad = || {
        let text = String::from_utf8_lossy(name);
        ApplyError::about(ApplyErrorKind::BadPath, format!("path {text:?} in line {line}"))
    };
    if name.len() >= MAX_PATH_BYTES {
        let what = format!("path of {} bytes in line {line}", name.len());
        return Err(ApplyError::about(ApplyErrorKind::BadPath, what));
    }
    // A control character in a name is a name that wants to be read as something else.
    if name.iter().any(|&byte| byte < 0x20 || byte == 0x7f) {
        return Err(bad());
    }
    match RelPath::from_bytes(name) {
        Ok(path) if path != RelPath::root() => Ok(path),
        _ => Err(bad()),
    }
}
