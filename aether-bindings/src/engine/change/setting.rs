//! Files of settings: changed by a patch that stands in the records, with a permit, and without a compiler.

use aether_core::base::RelPath;
use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};
use aether_verify::{ApplyError, BaseFiles as _, PatchOptions};

use super::ChangeSession;
use crate::engine::error::EngineError;

impl ChangeSession<'_> {
    /// Gives a file this content, whole or not at all. Gives the token that takes it back, or `None` where the file has
    /// it already.
    ///
    /// Nothing is run: this is for files that neither a compiler nor a test reads, such as `aether.toml`. What they
    /// are is for the policy to say, as with every patch: one that runs at build needs its own approval.
    ///
    /// # Errors
    ///
    /// `patch.*` where it is refused, `policy.*` where it is not allowed.
    pub fn set_file(&self, path: &RelPath, content: &[u8]) -> Result<Option<String>, EngineError> {
        let (tree, options) = (self.tree()?, PatchOptions::default());
        let file = match tree.base_file(path)? {
            Some(base) if base.bytes == content => return Ok(None),
            Some(base) => {
                let before = FileState::of(path.clone(), base.mode, &base.bytes);
                let change = Change::Write(content.to_vec().into());
                FilePatch::change(before, &base.bytes, path.clone(), base.mode, change)
            }
            None => FilePatch::create(path.clone(), FileMode::Regular, content.to_vec()),
        };
        let patch = file.and_then(|file| Patch::new(vec![file])).map_err(ApplyError::from)?;
        let needs = tree.check(&patch, &options)?;
        let permits =
            needs.iter().map(|(capability, paths)| self.warrant_edit(*capability, paths, patch.hash()));
        let permits = permits.collect::<Result<Vec<_>, _>>()?;
        Ok(Some(tree.apply(&patch, &options, permits)?.token))
    }
}
