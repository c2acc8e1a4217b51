//! Which lines a patch changes, and how many.

use aether_core::base::{LineSpan, Sha256Hash};
use aether_core::change::{FilePatch, Patch};
use aether_core::record::provenance::{MadeLines, ProvenFile};
use imara_diff::{Algorithm, Diff as LineDiff, InternedInput};

use super::bind::BaseFiles;
use super::lines::lines;
use crate::patch::error::ApplyError;

/// How many lines a patch changes, as a diff of it shows them.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct ChangedLines {
    /// Lines that it adds, and new ones in the place of others.
    pub added: u32,
    /// Lines that it removes, and those in whose place others are.
    pub removed: u32,
}

impl ChangedLines {
    /// Counts the lines that `patch` changes. A file that only moves, or only changes its mode, counts none;
    /// bytes that are no text count as lines between their newlines.
    ///
    /// # Errors
    ///
    /// [`ApplyErrorKind::StaleBase`](crate::ApplyErrorKind::StaleBase) when `base` does not hold what the patch
    /// was made for, and whatever `base` gives.
    pub fn of(patch: &Patch, base: &dyn BaseFiles) -> Result<Self, ApplyError> {
        let mut counted = Self::default();
        for file in patch.files() {
            let diff = FileDiff::of(file, base)?.diff;
            counted.added = counted.added.saturating_add(diff.count_additions());
            counted.removed = counted.removed.saturating_add(diff.count_removals());
        }
        Ok(counted)
    }

    /// Lines that it adds and lines that it removes, together.
    #[must_use]
    pub fn total(self) -> u32 {
        self.added.saturating_add(self.removed)
    }
}

/// What `patch` does to each file, for the record of its provenance.
pub(crate) fn proven_files(patch: &Patch, base: &dyn BaseFiles) -> Result<Vec<ProvenFile>, ApplyError> {
    let proven = |file: &FilePatch| {
        let FileDiff { new, diff } = FileDiff::of(file, base)?;
        let all: Vec<&[u8]> = lines(&new).collect();
        let ranges = diff.hunks().map(|hunk| hunk.after).filter(|range| !range.is_empty());
        let made = ranges.map(|range| {
            let held = all[range.start as usize..range.end as usize].concat();
            let lines = LineSpan { first: range.start + 1, last: range.end };
            MadeLines::new(lines, Sha256Hash::of(&held))
        });
        Ok(ProvenFile::new(file.before().cloned(), file.after().cloned(), made.collect()))
    };
    patch.files().iter().map(proven).collect()
}

/// A file after a patch, compared with it before.
struct FileDiff {
    new: Vec<u8>,
    diff: LineDiff,
}

impl FileDiff {
    fn of(file: &FilePatch, base: &dyn BaseFiles) -> Result<Self, ApplyError> {
        let old = match file.before() {
            Some(before) => base.base_file(&before.path)?.map(|found| found.bytes),
            None => None,
        };
        let new = file.apply(old.as_deref())?.unwrap_or_default();
        let old = old.unwrap_or_default();
        let mut input = InternedInput::default();
        input.update_before(lines(&old));
        input.update_after(lines(&new));
        let diff = LineDiff::compute(Algorithm::Histogram, &input);
        Ok(Self { new, diff })
    }
}
