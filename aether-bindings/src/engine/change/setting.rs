//! Files of settings: changed by a patch that stands in the records, with a permit, and without a compiler.

use aether_core::base::{RelPath, Sha256Hash};
use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};
use aether_verify::{ApplyError, BaseFiles as _, PatchOptions};
use serde::Serialize;

use super::{Asked, ChangeSession};
use crate::engine::error::EngineError;

/// What became of a file that was to be given a content.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SetAnswer {
    /// Whether it was only looked at.
    pub dry_run: bool,
    /// Hash of the patch; absent where the file has that content already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<Sha256Hash>,
    /// Names the patch in the records of the tree, to take it back; absent where nothing was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What has to be allowed, and what the policy says of it before it is asked.
    pub needs: Vec<Asked>,
}

impl ChangeSession<'_> {
    /// Gives a file this content, whole or not at all. With `dry_run` it says what would come of that, and nothing is
    /// written.
    ///
    /// Nothing is run: this is for files that neither a compiler nor a test reads, such as `aether.toml`. What they
    /// are is for the policy to say, as with every patch: one that runs at build needs its own approval.
    ///
    /// # Errors
    ///
    /// `patch.*` where it is refused, `policy.*` where it is not allowed.
    pub fn set_file(&self, path: &RelPath, content: &[u8], dry_run: bool) -> Result<SetAnswer, EngineError> {
        let mut answer = SetAnswer { dry_run, patch: None, token: None, needs: Vec::new() };
        let (tree, options) = (self.tree()?, PatchOptions::default());
        let file = match tree.base_file(path)? {
            Some(base) if base.bytes == content => return Ok(answer),
            Some(base) => {
                let before = FileState::of(path.clone(), base.mode, &base.bytes);
                let change = Change::Write(content.to_vec().into());
                FilePatch::change(before, &base.bytes, path.clone(), base.mode, change)
            }
            None => FilePatch::create(path.clone(), FileMode::Regular, content.to_vec()),
        };
        let patch = file.and_then(|file| Patch::new(vec![file])).map_err(ApplyError::from)?;
        let needs = tree.check(&patch, &options)?;
        let requests = needs
            .iter()
            .map(|(capability, paths)| (self.edit_request(*capability, paths, patch.hash()), paths));
        let requests: Vec<_> = requests.collect();
        answer.patch = Some(patch.hash());
        answer.needs = requests.iter().map(|(request, paths)| self.foresee(request, paths)).collect();
        if !dry_run {
            let permits = requests.into_iter().map(|(request, _)| self.warrant(request));
            let permits = permits.collect::<Result<Vec<_>, _>>()?;
            answer.token = Some(tree.apply(&patch, &options, permits)?.token);
        }
        Ok(answer)
    }
}
