//! Whether a version control is at work in a repository: by the files that it leaves while it is.

use std::path::{Path, PathBuf};

/// The version control of a repository.
#[derive(Debug, Default)]
pub(super) struct VersionControl {
    /// Where something happens while it is at work.
    pub(super) folders: Vec<PathBuf>,
    /// What is there while it is at work.
    markers: Vec<PathBuf>,
    /// A file of its own that says what is ignored.
    pub(super) ignore_file: Option<PathBuf>,
}

/// What git leaves in its folder: the lock of its index while files are written, and the state of
/// what has several steps.
const GIT_MARKERS: [&str; 4] = ["index.lock", "rebase-merge", "rebase-apply", "sequencer"];

impl VersionControl {
    /// Looks for one at `root` and above.
    pub(super) fn find(root: &Path) -> Self {
        let mut found = Self::default();
        for folder in root.ancestors() {
            if let Some(git) = git_folder(folder) {
                found.markers.extend(GIT_MARKERS.map(|marker| git.join(marker)));
                let info = common_folder(&git).join("info");
                found.ignore_file = Some(info.join("exclude"));
                found.folders.extend([git, info]);
            }
            let jujutsu = folder.join(".jj").join("working_copy");
            if jujutsu.is_dir() {
                found.markers.push(jujutsu.join("working_copy.lock"));
                found.folders.push(jujutsu);
            }
            let mercurial = folder.join(".hg");
            if mercurial.is_dir() {
                found.markers.push(mercurial.join("wlock"));
                found.folders.push(mercurial);
            }
            if !found.markers.is_empty() {
                break;
            }
        }
        found
    }

    pub(super) fn is_at_work(&self) -> bool {
        // The lock of Mercurial is a link that leads nowhere.
        self.markers.iter().any(|marker| marker.symlink_metadata().is_ok())
    }

    /// Whether a version control has its folder at `path`, by the name.
    pub(super) fn is_folder_of_one(path: &Path) -> bool {
        path.file_name().is_some_and(|name| [".git", ".jj", ".hg"].iter().any(|own| name == *own))
    }

    /// Whether an event at `path` is one of its own.
    pub(super) fn owns(&self, path: &Path) -> bool {
        self.folders.iter().any(|folder| path.starts_with(folder))
    }
}

/// The folder of git that belongs to the files in `folder`; a work tree beside another one has a file
/// that names it.
fn git_folder(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let git = named_path(&git, "gitdir: ")?;
    Some(folder.join(git)).filter(|git| git.is_dir())
}

/// The folder that all work trees of a repository share.
fn common_folder(git: &Path) -> PathBuf {
    named_path(&git.join("commondir"), "").map_or_else(|| git.to_owned(), |common| git.join(common))
}

/// The path that the first line of a file of git names behind `label`.
fn named_path(file: &Path, label: &str) -> Option<PathBuf> {
    let bytes = std::fs::read(file).ok()?;
    let line = bytes.split(|&byte| byte == b'\n').next()?;
    let path = line.strip_prefix(label.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        Some(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
    }
    #[cfg(not(unix))]
    {
        Some(PathBuf::from(String::from_utf8_lossy(path).trim_end_matches('\r').to_owned()))
    }
}
