//! What is to become of which files: each with the hash it must have before and will have after.

mod edit;
mod error;
mod file;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use edit::{Edit, EditError, EditErrorKind};
pub use error::{PatchError, PatchErrorKind};
pub use file::{Change, FileMode, FilePatch, FileState};

use crate::base::{RelPath, Sha256Hash, canonical_json};

/// Version of the records of patches. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// A set of file changes that are made together or not at all.
///
/// Every file that is there before is named with its hash, so a patch fits one state of its files and no
/// other; nothing is searched for and nothing is guessed. Files stand in the order of their paths, and no
/// two of them touch the same path or a path inside another one.
///
/// # Examples
///
/// ```
/// use aether_core::base::{ByteSpan, RelPath};
/// use aether_core::change::{Edit, FileMode, FilePatch, FileState, Patch};
///
/// let old = b"fn main() {}\n";
/// let before = FileState::of(RelPath::new("src/main.rs")?, FileMode::Regular, old);
/// let edit = Edit::new(ByteSpan::new(11, 11), " run() ");
/// let patch = Patch::new(vec![FilePatch::edit(before, old, vec![edit])?])?;
/// assert_eq!(patch.files()[0].apply(Some(old))?.as_deref(), Some(&b"fn main() { run() }\n"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Written"))]
pub struct Patch {
    files: Vec<FilePatch>,
}

impl Patch {
    /// A patch of these files, in any order.
    ///
    /// # Errors
    ///
    /// [`PatchErrorKind::Empty`] without files, [`PatchErrorKind::PathConflict`] when two touch one path or
    /// one path lies inside another.
    pub fn new(mut files: Vec<FilePatch>) -> Result<Self, PatchError> {
        if files.is_empty() {
            return Err(PatchError::new(PatchErrorKind::Empty, None));
        }
        files.sort_by(|a, b| a.path().cmp(b.path()));
        let mut touched = BTreeSet::new();
        for file in &files {
            for path in file.paths() {
                if !touched.insert(path) {
                    return Err(PatchError::new(PatchErrorKind::PathConflict, Some(path)));
                }
            }
        }
        // Component by component, whatever lies inside of a path follows it. A path may be very deep, so
        // nothing goes through all the folders above each.
        let mut by_folder: Vec<&RelPath> = touched.into_iter().collect();
        by_folder.sort_by(|a, b| a.as_str().split('/').cmp(b.as_str().split('/')));
        if let Some(pair) = by_folder.windows(2).find(|pair| pair[1].starts_with(pair[0])) {
            return Err(PatchError::new(PatchErrorKind::PathConflict, Some(pair[0])));
        }
        Ok(Self { files })
    }

    /// The files, in the order of [`FilePatch::path`].
    #[must_use]
    pub fn files(&self) -> &[FilePatch] {
        &self.files
    }

    /// The files, taken out.
    #[must_use]
    pub fn into_files(self) -> Vec<FilePatch> {
        self.files
    }

    /// SHA-256 of the canonical JSON of this patch: its identity.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        // A patch holds texts, byte offsets below 2^32 and lengths that a file can have.
        Sha256Hash::of(canonical_json(self).unwrap_or_default().as_bytes())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Patch"))]
struct Written {
    /// Version of this record: 1.
    schema_version: u32,
    /// The files, in the order of their paths.
    files: Vec<FilePatch>,
}

impl From<Patch> for Written {
    fn from(patch: Patch) -> Self {
        Self { schema_version: SCHEMA_VERSION, files: patch.files }
    }
}

impl TryFrom<Written> for Patch {
    type Error = PatchError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        if written.schema_version != SCHEMA_VERSION {
            return Err(PatchError::new(PatchErrorKind::UnknownVersion, None));
        }
        Self::new(written.files)
    }
}

#[cfg(test)]
mod tests;
