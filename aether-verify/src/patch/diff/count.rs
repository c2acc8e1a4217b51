//! How many lines a patch changes.

use aether_core::change::Patch;
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
