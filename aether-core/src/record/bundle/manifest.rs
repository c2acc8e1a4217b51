//! The list of what is in a bundle, which travels inside it.

use serde::{Deserialize, Serialize};

use super::SCHEMA_VERSION;
use super::error::{BundleError, BundleErrorKind};
use super::rules::{check_media_type, check_paths};
use crate::base::{RelPath, Sha256Hash};

/// What the files of a bundle are, in the order of their paths.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Written"))]
pub struct BundleManifest {
    pub(super) files: Vec<ManifestFile>,
}

/// One file of a bundle, without its bytes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ManifestFile {
    /// Kind of content (RFC 6838), such as `application/json`.
    pub media_type: String,
    /// Path in the bundle.
    pub path: RelPath,
    /// SHA-256 of its bytes.
    pub sha256: Sha256Hash,
    /// Its length in bytes.
    pub size: u64,
}

impl ManifestFile {
    /// Describes a file by its bytes.
    #[must_use]
    pub fn new(path: RelPath, media_type: &str, bytes: &[u8]) -> Self {
        let sha256 = Sha256Hash::of(bytes);
        Self { media_type: media_type.to_owned(), path, sha256, size: bytes.len() as u64 }
    }
}

impl BundleManifest {
    /// A manifest of these files, in any order.
    ///
    /// # Errors
    ///
    /// [`BundleErrorKind::BadPath`], [`BundleErrorKind::Collision`] and [`BundleErrorKind::BadMediaType`].
    pub fn new(mut files: Vec<ManifestFile>) -> Result<Self, BundleError> {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.iter().try_for_each(|file| check_media_type(&file.media_type))?;
        check_paths(files.iter().map(|file| file.path.as_str()))?;
        Ok(Self { files })
    }

    /// The files, in the order of their paths.
    #[must_use]
    pub fn files(&self) -> &[ManifestFile] {
        &self.files
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "BundleManifest"))]
struct Written {
    /// The files, in the order of their paths; the manifest itself is not among them.
    files: Vec<ManifestFile>,
    /// Version of this record: 1.
    schema_version: u32,
}

impl From<BundleManifest> for Written {
    fn from(manifest: BundleManifest) -> Self {
        Self { files: manifest.files, schema_version: SCHEMA_VERSION }
    }
}

impl TryFrom<Written> for BundleManifest {
    type Error = BundleError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        if written.schema_version != SCHEMA_VERSION {
            return Err(BundleError::new(BundleErrorKind::Manifest, None));
        }
        Self::new(written.files)
    }
}
