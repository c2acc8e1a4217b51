//! Which paths and kinds of content a bundle may have, so that every system can unpack it to the same files.

use std::collections::BTreeMap;

use super::MANIFEST;
use super::error::{BundleError, BundleErrorKind};
use super::tar;

/// Names that stand for devices on some system, whatever ending they have.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Checks paths, the manifest not among them, in byte order.
pub(super) fn check_paths<'a>(paths: impl Iterator<Item = &'a str>) -> Result<(), BundleError> {
    // Files and the folders that they lie in, without regard to case.
    let mut files: BTreeMap<String, &str> = BTreeMap::from([(MANIFEST.to_owned(), MANIFEST)]);
    let mut folders: BTreeMap<String, &str> = BTreeMap::new();
    for path in paths {
        if !is_path(path) {
            return Err(BundleError::new(BundleErrorKind::BadPath, Some(path)));
        }
        let collision = || BundleError::new(BundleErrorKind::Collision, Some(path));
        for (at, _) in path.match_indices('/') {
            let folder = &path[..at];
            let lower = folder.to_ascii_lowercase();
            if files.contains_key(&lower)
                || folders.insert(lower, folder).is_some_and(|other| other != folder)
            {
                return Err(collision());
            }
        }
        let lower = path.to_ascii_lowercase();
        if folders.contains_key(&lower) || files.insert(lower, path).is_some() {
            return Err(collision());
        }
    }
    Ok(())
}

/// Whether a path leads to a file below the folder that it is unpacked to, under the same name everywhere.
pub(super) fn is_path(path: &str) -> bool {
    path.split('/').all(is_component) && tar::fits(path)
}

fn is_component(name: &str) -> bool {
    let is_letter = |byte: u8| matches!(byte, b' '..=b'~') && !b"\\:*?\"<>|".contains(&byte);
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let is_port =
        |start: &str| stem.strip_prefix(start).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    // `.`, `..` and the empty name end with a dot or are empty.
    !name.is_empty()
        && name.bytes().all(is_letter)
        && !name.ends_with(['.', ' '])
        && !DEVICES.contains(&stem.as_str())
        && !is_port("com")
        && !is_port("lpt")
}

/// Checks a kind of content: two names with a slash between them, lower case (RFC 6838, section 4.2).
pub(super) fn check_media_type(text: &str) -> Result<(), BundleError> {
    let is_letter = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'!' | b'#' | b'$' | b'&' | b'-' | b'^' | b'_' | b'.' | b'+');
    let is_name = |name: &str| {
        matches!(name.as_bytes(), [b'a'..=b'z' | b'0'..=b'9', ..])
            && name.len() <= 127
            && name.bytes().all(is_letter)
    };
    match text.split_once('/') {
        Some((kind, name)) if is_name(kind) && is_name(name) => Ok(()),
        _ => Err(BundleError::new(BundleErrorKind::BadMediaType, None)),
    }
}
