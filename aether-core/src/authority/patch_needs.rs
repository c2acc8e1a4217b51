//! What has to be allowed before a patch may be applied.

use std::collections::{BTreeMap, BTreeSet};

use super::Capability;
use crate::base::RelPath;
use crate::change::{FilePatch, Patch};

/// The capabilities that applying `patch` takes, each with the paths that it is needed for: all of them have to
/// be allowed, for exactly this patch.
///
/// A file that runs when the project is built or opened, which `is_build_file` tells, takes
/// [`Capability::BuildFilesEdit`] whatever happens to it.
///
/// # Examples
///
/// ```
/// use aether_core::authority::{Capability, patch_needs};
/// use aether_core::base::RelPath;
/// use aether_core::change::{FileMode, FilePatch, Patch};
///
/// let file = FilePatch::create(RelPath::new("src/new.rs")?, FileMode::Regular, "")?;
/// let needs = patch_needs(&Patch::new(vec![file])?, |path| path.file_name() == Some("build.rs"));
/// assert_eq!(needs.into_keys().collect::<Vec<_>>(), [Capability::FilesCreate]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn patch_needs(
    patch: &Patch,
    is_build_file: impl Fn(&RelPath) -> bool,
) -> BTreeMap<Capability, BTreeSet<RelPath>> {
    let mut needs: BTreeMap<Capability, BTreeSet<RelPath>> = BTreeMap::new();
    for file in patch.files() {
        for path in file.paths() {
            let capability = if is_build_file(path) { Capability::BuildFilesEdit } else { of_file(file) };
            needs.entry(capability).or_default().insert(path.clone());
        }
    }
    needs
}

fn of_file(file: &FilePatch) -> Capability {
    match (file.before(), file.after()) {
        (None, _) => Capability::FilesCreate,
        (Some(_), None) => Capability::FilesDelete,
        (Some(_), Some(_)) if file.moved_from().is_some() => Capability::FilesRenameMove,
        (Some(_), Some(_)) => Capability::FilesEdit,
    }
}
