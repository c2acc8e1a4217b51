//! Bundles: files and a manifest in one archive that has the same bytes wherever and whenever it is written.

mod error;
mod manifest;
mod rules;
mod tar;

use std::collections::BTreeMap;

pub use error::{BundleError, BundleErrorKind};
pub use manifest::{BundleManifest, ManifestFile};

use crate::base::{RelPath, Sha256Hash, canonical_json};

/// Version of the manifest of a bundle. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// Where the manifest stands in the archive.
const MANIFEST: &str = "manifest.json";

/// Limits on a bundle that is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BundleLimits {
    /// Most files, the manifest not counted. Default 100,000.
    pub max_files: usize,
    /// Most bytes of the archive. Default 1 GiB: it is read in memory.
    pub max_bytes: u64,
}

impl Default for BundleLimits {
    fn default() -> Self {
        Self { max_files: 100_000, max_bytes: 1 << 30 }
    }
}

/// One file that goes into a bundle.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BundleFile {
    /// Path in the bundle.
    pub path: RelPath,
    /// Kind of content (RFC 6838), such as `application/json`.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl BundleFile {
    /// A file; whether it may be in a bundle is for [`Bundle::new`] to say.
    #[must_use]
    pub fn new(path: RelPath, media_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path, media_type: media_type.into(), bytes: bytes.into() }
    }
}

/// Files, each with its kind of content, that travel as one archive.
///
/// The archive is an uncompressed ustar with nothing in it that depends on time, place or owner: the same
/// files are the same bytes, and their SHA-256 is the identity of the bundle. Compression, if any, is
/// outside of it. Paths are of printable ASCII, such that every system can unpack all of them.
///
/// # Examples
///
/// ```
/// use aether_core::base::RelPath;
/// use aether_core::record::{Bundle, BundleFile, BundleLimits};
/// let trace = BundleFile::new(RelPath::new("traces/1.jsonl")?, "application/jsonl", b"{}\n");
/// let bundle = Bundle::new(vec![trace])?;
/// let bytes = bundle.to_bytes();
/// let read = Bundle::from_bytes(&bytes, &BundleLimits::default())?;
/// assert_eq!(read, bundle);
/// assert_eq!(read.to_bytes(), bytes);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bundle {
    files: Vec<BundleFile>,
    manifest: BundleManifest,
}

impl Bundle {
    /// A bundle of these files, in any order.
    ///
    /// # Errors
    ///
    /// [`BundleErrorKind::BadPath`], [`BundleErrorKind::Collision`], [`BundleErrorKind::BadMediaType`], and
    /// [`BundleErrorKind::TooLarge`] for a file of 8 GiB or more. The path `manifest.json` is taken.
    pub fn new(mut files: Vec<BundleFile>) -> Result<Self, BundleError> {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        if let Some(file) = files.iter().find(|file| file.bytes.len() as u64 > tar::MAX_FILE_BYTES) {
            return Err(BundleError::new(BundleErrorKind::TooLarge, Some(file.path.as_str())));
        }
        let described =
            files.iter().map(|file| ManifestFile::new(file.path.clone(), &file.media_type, &file.bytes));
        let manifest = BundleManifest::new(described.collect())?;
        Ok(Self { files, manifest })
    }

    /// The files, in the order of their paths.
    #[must_use]
    pub fn files(&self) -> &[BundleFile] {
        &self.files
    }

    /// What the files are.
    #[must_use]
    pub fn manifest(&self) -> &BundleManifest {
        &self.manifest
    }

    /// The archive: the files and the manifest, in the order of their paths.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // A manifest holds texts and lengths that a file can have.
        let manifest = canonical_json(&self.manifest).unwrap_or_default();
        let mut members: BTreeMap<&str, &[u8]> =
            self.files.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).collect();
        members.insert(MANIFEST, manifest.as_bytes());
        let mut bytes = Vec::new();
        for (path, content) in members {
            // Every path and length was checked when the bundle was made.
            let _ = tar::write_file(&mut bytes, path, content);
        }
        tar::write_end(&mut bytes);
        bytes
    }

    /// SHA-256 of the archive: what a bundle is known by.
    #[must_use]
    pub fn identity(&self) -> Sha256Hash {
        Sha256Hash::of(&self.to_bytes())
    }

    /// Reads an archive that [`Bundle::to_bytes`] wrote, and nothing else: no other entries than files, no
    /// other order, owner, time or mode, nothing behind the end, and every file as the manifest has it.
    ///
    /// # Errors
    ///
    /// Every [`BundleErrorKind`].
    pub fn from_bytes(bytes: &[u8], limits: &BundleLimits) -> Result<Self, BundleError> {
        let refused = |kind, path: Option<&str>| BundleError::new(kind, path);
        if bytes.len() as u64 > limits.max_bytes {
            return Err(refused(BundleErrorKind::TooLarge, None));
        }
        let mut members: BTreeMap<String, &[u8]> = BTreeMap::new();
        for file in tar::Files::new(bytes) {
            let file = file?;
            if !rules::is_path(&file.path) {
                return Err(refused(BundleErrorKind::BadPath, Some(&file.path)));
            }
            match members.last_key_value().map(|(last, _)| last.cmp(&file.path)) {
                Some(std::cmp::Ordering::Equal) => {
                    return Err(refused(BundleErrorKind::Collision, Some(&file.path)));
                }
                Some(std::cmp::Ordering::Greater) => {
                    return Err(refused(BundleErrorKind::NotCanonical, Some(&file.path)));
                }
                _ => {}
            }
            // The manifest is one more.
            if members.len() > limits.max_files {
                return Err(refused(BundleErrorKind::TooLarge, None));
            }
            members.insert(file.path, file.bytes);
        }
        let unfit = |path: Option<&str>| BundleError::new(BundleErrorKind::Manifest, path);
        let text = members.remove(MANIFEST).ok_or(unfit(None))?;
        let manifest: BundleManifest = serde_json::from_slice(text).map_err(|_| unfit(None))?;
        if members.len() > limits.max_files {
            return Err(refused(BundleErrorKind::TooLarge, None));
        }
        if let Some(listed) = manifest.files.iter().find(|file| !members.contains_key(file.path.as_str())) {
            return Err(unfit(Some(listed.path.as_str())));
        }
        let mut listed = manifest.files.iter();
        let mut files = Vec::with_capacity(members.len());
        for (path, content) in members {
            let file = listed.next().filter(|file| file.path.as_str() == path.as_str());
            let file = file.ok_or_else(|| unfit(Some(&path)))?;
            if *file != ManifestFile::new(file.path.clone(), &file.media_type, content) {
                return Err(unfit(Some(&path)));
            }
            files.push(BundleFile::new(file.path.clone(), file.media_type.clone(), content));
        }
        let bundle = Self::new(files)?;
        // All of the archive but the text of the manifest was held against its one form above.
        let written = canonical_json(&bundle.manifest).unwrap_or_default();
        if written.as_bytes() == text {
            Ok(bundle)
        } else {
            Err(refused(BundleErrorKind::NotCanonical, None))
        }
    }
}
