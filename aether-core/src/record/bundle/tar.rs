//! The part of ustar (POSIX.1-1988) that a bundle uses: plain files, one form for each path and content.

use super::error::{BundleError, BundleErrorKind};

/// Size of a header and of what content is padded to, in bytes.
const BLOCK: usize = 512;
/// Longest path: 155 bytes in front of a slash, 100 behind it.
const NAME: usize = 100;
const PREFIX: usize = 155;
/// Largest file that fits eleven octal digits, in bytes.
pub(super) const MAX_FILE_BYTES: u64 = (1 << 33) - 1;

/// Appends a file; `None` when its path or size does not fit, and nothing is appended.
pub(super) fn write_file(out: &mut Vec<u8>, path: &str, bytes: &[u8]) -> Option<()> {
    out.extend_from_slice(&header(path, bytes.len() as u64)?);
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(BLOCK), 0);
    Some(())
}

/// Appends the end of the archive: two empty blocks.
pub(super) fn write_end(out: &mut Vec<u8>) {
    out.resize(out.len() + 2 * BLOCK, 0);
}

/// Whether a path fits a header.
pub(super) fn fits(path: &str) -> bool {
    split(path).is_some()
}

/// The path as prefix and name: as much as possible in the name.
fn split(path: &str) -> Option<(&str, &str)> {
    if path.len() <= NAME {
        return Some(("", path));
    }
    let (prefix, name) = path
        .match_indices('/')
        .map(|(at, _)| (&path[..at], &path[at + 1..]))
        .find(|(_, name)| name.len() <= NAME)?;
    (prefix.len() <= PREFIX).then_some((prefix, name))
}

fn header(path: &str, size: u64) -> Option<[u8; BLOCK]> {
    let (prefix, name) = split(path)?;
    if size > MAX_FILE_BYTES {
        return None;
    }
    let mut block = [0; BLOCK];
    let mut put = |at: usize, field: &[u8]| block[at..at + field.len()].copy_from_slice(field);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    put(329, b"0000000\0");
    put(337, b"0000000\0");
    put(345, prefix.as_bytes());
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Some(block)
}

/// Reads files until the end, which must be the end of the bytes as well. Whatever `write_file` does not
/// write is refused: other kinds of entry by their name, all else as not canonical.
#[derive(Debug)]
pub(super) struct Files<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Files<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: Some(bytes) }
    }

    /// Reads one file from the front of `rest`; `None` at the end.
    fn read(rest: &'a [u8]) -> Result<Option<(TarFile<'a>, &'a [u8])>, BundleErrorKind> {
        let not_canonical = BundleErrorKind::NotCanonical;
        let (block, behind) = rest.split_at_checked(BLOCK).ok_or(not_canonical)?;
        if block.iter().all(|byte| *byte == 0) {
            let is_end = behind.len() == BLOCK && behind.iter().all(|byte| *byte == 0);
            return if is_end { Ok(None) } else { Err(not_canonical) };
        }
        if block[156] != b'0' {
            return Err(BundleErrorKind::NotAFile);
        }
        let name = field(&block[..NAME]).ok_or(BundleErrorKind::BadPath)?;
        let prefix = field(&block[345..345 + PREFIX]).ok_or(BundleErrorKind::BadPath)?;
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
        let size = field(&block[124..136])
            .and_then(|digits| u64::from_str_radix(digits, 8).ok())
            .and_then(|size| usize::try_from(size).ok())
            .ok_or(not_canonical)?;
        // One comparison stands for owner, times, mode, checksum and every spelling of a number.
        if header(&path, size as u64).is_none_or(|expected| expected != block) {
            return Err(not_canonical);
        }
        let (bytes, behind) = behind.split_at_checked(size).ok_or(not_canonical)?;
        let padding = size.next_multiple_of(BLOCK) - size;
        let (zeros, behind) = behind.split_at_checked(padding).ok_or(not_canonical)?;
        if zeros.iter().any(|byte| *byte != 0) {
            return Err(not_canonical);
        }
        Ok(Some((TarFile { path, bytes }, behind)))
    }
}

/// A file of an archive.
#[derive(Debug)]
pub(super) struct TarFile<'a> {
    pub(super) path: String,
    pub(super) bytes: &'a [u8],
}

impl<'a> Iterator for Files<'a> {
    type Item = Result<TarFile<'a>, BundleError>;

    fn next(&mut self) -> Option<Self::Item> {
        match Self::read(self.rest.take()?) {
            Ok(Some((file, behind))) => {
                self.rest = Some(behind);
                Some(Ok(file))
            }
            Ok(None) => None,
            Err(kind) => Some(Err(BundleError::new(kind, None))),
        }
    }
}

/// A text that ends at the first byte of zero, or with the field.
fn field(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).ok()
}
