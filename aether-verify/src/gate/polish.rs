//! Formatting what a patch changed, as a patch of its own.

use std::collections::BTreeSet;

use aether_core::base::{Cancel, RelPath};
use aether_core::change::{Change, CommandLine, FilePatch, FileState, Patch};

use super::error::Cause;
use super::{GateError, PatchGate};
use crate::patch::BaseFiles as _;
use crate::verifier::Permits;

impl PatchGate<'_> {
    /// What `formatter` makes of the files that `patch`, which is applied, changed: a patch of its own, to be
    /// tried and applied like any other, or nothing. Other files are left as they are, however they look. A
    /// formatter that fails, as on code that it cannot read, gives nothing.
    ///
    /// # Errors
    ///
    /// [`GateErrorKind::Verify`](super::GateErrorKind::Verify) where the formatter could not be run,
    /// [`GateErrorKind::Scratch`](super::GateErrorKind::Scratch),
    /// [`GateErrorKind::Patch`](super::GateErrorKind::Patch) where what it wrote is no patch.
    pub async fn polish(
        &mut self,
        patch: &Patch,
        formatter: &CommandLine,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<Option<Patch>, GateError> {
        self.scratch.sync(cancel).map_err(Cause::Scratch)?;
        let report = self.verifier.run(formatter, &self.scratch, permits, cancel).await?;
        if !report.is_green() {
            return Ok(None);
        }
        let touched: BTreeSet<&RelPath> =
            patch.files().iter().filter_map(|file| Some(&file.after()?.path)).collect();
        let mut files = Vec::new();
        for path in touched {
            let Some(old) = self.tree.base_file(path).map_err(Cause::Patch)? else { continue };
            let Some(new) = self.scratch.read(path).map_err(Cause::Scratch)? else { continue };
            if new == old.bytes {
                continue;
            }
            let before = FileState::of(path.clone(), old.mode, &old.bytes);
            let change = Change::Write(new.into());
            let file = FilePatch::change(before, &old.bytes, path.clone(), old.mode, change)
                .map_err(|error| Cause::Patch(error.into()))?;
            files.push(file);
        }
        if files.is_empty() {
            return Ok(None);
        }
        Ok(Some(Patch::new(files).map_err(|error| Cause::Patch(error.into()))?))
    }
}
