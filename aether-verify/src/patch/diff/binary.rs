//! `GIT binary patch`: deflated bytes in base 85, or the difference between two files in git's pack format.

use std::io::{Read as _, Write as _};

use super::header::syntax;
use super::hunk::Cursor;
use super::lines::bare;
use super::{BinaryBody, BinaryHunk};
use crate::patch::error::{ApplyError, ApplyErrorKind};
use crate::patch::options::PatchOptions;

const ALPHABET: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
/// Most bytes of one line.
const LINE_BYTES: usize = 52;

/// Reads both parts. `left` is how many bytes the diff may still unpack to.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    options: &PatchOptions,
    left: &mut u64,
) -> Result<BinaryBody, ApplyError> {
    let forward = read_hunk(cursor, options, left)?;
    let is_next = |line: &[u8]| line.starts_with(b"literal ") || line.starts_with(b"delta ");
    let backward =
        if cursor.peek().is_some_and(is_next) { Some(read_hunk(cursor, options, left)?) } else { None };
    Ok(BinaryBody { forward, backward })
}

fn read_hunk(
    cursor: &mut Cursor<'_>,
    options: &PatchOptions,
    left: &mut u64,
) -> Result<BinaryHunk, ApplyError> {
    let line = cursor.line();
    let wrong = || syntax(line, "binary part that cannot be read");
    let head = bare(cursor.next().ok_or_else(wrong)?);
    let (is_delta, size) = match (head.strip_prefix(b"literal "), head.strip_prefix(b"delta ")) {
        (Some(size), _) => (false, size),
        (_, Some(size)) => (true, size),
        _ => return Err(wrong()),
    };
    let size: u64 = std::str::from_utf8(size)
        .ok()
        .filter(|digits| !digits.starts_with('+'))
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(wrong)?;
    // A small diff unpacks to much: each part has a limit, and all of them together.
    *left = Some(size)
        .filter(|&size| size <= options.max_file_bytes)
        .and_then(|size| left.checked_sub(size))
        .ok_or_else(|| ApplyError::about(ApplyErrorKind::TooLarge, format!("binary part in line {line}")))?;
    let mut deflated = Vec::new();
    loop {
        match cursor.next().map(bare) {
            None | Some(b"") => break,
            Some(text) => decode_line(text, &mut deflated).ok_or_else(wrong)?,
        }
    }
    let mut bytes = Vec::new();
    // One byte more than it says shows that it says too little, and no more than that is unpacked.
    let mut unpacked = flate2::read::ZlibDecoder::new(&deflated[..]).take(size + 1);
    unpacked.read_to_end(&mut bytes).map_err(|_| wrong())?;
    if bytes.len() as u64 != size || unpacked.into_inner().total_in() != deflated.len() as u64 {
        return Err(wrong());
    }
    Ok(if is_delta { BinaryHunk::Delta(bytes) } else { BinaryHunk::Literal(bytes) })
}

fn decode_line(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (&length, digits) = text.split_first()?;
    let length = match length {
        b'A'..=b'Z' => usize::from(length - b'A') + 1,
        b'a'..=b'z' => usize::from(length - b'a') + 27,
        _ => return None,
    };
    if digits.len() != length.div_ceil(4) * 5 {
        return None;
    }
    let start = out.len();
    for group in digits.chunks_exact(5) {
        let mut value = 0u32;
        for digit in group {
            let digit = ALPHABET.iter().position(|letter| letter == digit)?;
            value = value.checked_mul(85)?.checked_add(u32::try_from(digit).ok()?)?;
        }
        out.extend_from_slice(&value.to_be_bytes());
    }
    out.truncate(start + length);
    Some(())
}

/// The bytes that come out of `old`.
pub(super) fn apply(hunk: &BinaryHunk, old: &[u8], max_bytes: u64) -> Option<Vec<u8>> {
    match hunk {
        BinaryHunk::Literal(bytes) => Some(bytes.clone()),
        BinaryHunk::Delta(delta) => apply_delta(delta, old, max_bytes),
    }
}

fn apply_delta(mut delta: &[u8], old: &[u8], max_bytes: u64) -> Option<Vec<u8>> {
    if varint(&mut delta)? != old.len() as u64 {
        return None;
    }
    let new_len = varint(&mut delta).filter(|&bytes| bytes <= max_bytes)?;
    let mut new = Vec::new();
    while let Some((&code, rest)) = delta.split_first() {
        delta = rest;
        if code & 0x80 == 0 {
            let bytes = usize::from(code);
            let (inserted, rest) = delta.split_at_checked(bytes).filter(|_| bytes > 0)?;
            new.extend_from_slice(inserted);
            delta = rest;
        } else {
            let mut field = |bits: std::ops::Range<u32>| {
                let mut value = 0usize;
                for (shift, bit) in bits.enumerate() {
                    if code & (1 << bit) != 0 {
                        let (&byte, rest) = delta.split_first()?;
                        delta = rest;
                        value |= usize::from(byte) << (8 * shift);
                    }
                }
                Some(value)
            };
            let offset = field(0..4)?;
            let size = match field(4..7)? {
                0 => 0x1_0000,
                size => size,
            };
            new.extend_from_slice(old.get(offset..offset.checked_add(size)?)?);
        }
        if new.len() as u64 > new_len {
            return None;
        }
    }
    (new.len() as u64 == new_len).then_some(new)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Writes both ways of a change in full.
pub(super) fn write(out: &mut Vec<u8>, old: &[u8], new: &[u8]) -> std::io::Result<()> {
    out.extend_from_slice(b"GIT binary patch\n");
    write_literal(out, new)?;
    write_literal(out, old)
}

fn write_literal(out: &mut Vec<u8>, bytes: &[u8]) -> std::io::Result<()> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes)?;
    let deflated = encoder.finish()?;
    out.extend_from_slice(format!("literal {}\n", bytes.len()).as_bytes());
    for line in deflated.chunks(LINE_BYTES) {
        let length = line.len() as u8;
        out.push(if length <= 26 { b'A' + length - 1 } else { b'a' + length - 27 });
        for group in line.chunks(4) {
            let mut word = [0; 4];
            word[..group.len()].copy_from_slice(group);
            let mut value = u32::from_be_bytes(word);
            let mut digits = [0; 5];
            for digit in digits.iter_mut().rev() {
                *digit = ALPHABET[(value % 85) as usize];
                value /= 85;
            }
            out.extend_from_slice(&digits);
        }
        out.push(b'\n');
    }
    out.push(b'\n');
    Ok(())
}
