//! Commits of a git repository, read without a working copy.

mod churn;
mod log;
mod rules;
mod tree;

use std::fmt;
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::port::PortError;
use gix::bstr::BStr;
use gix::revision::spec::parse::Error as RevisionError;
use gix::{ObjectId, ThreadSafeRepository};

use crate::contents::{Content, Contents, Reader};
use crate::discover::{FoundFile, Origin};
use crate::options::IndexOptions;

/// A git repository, and the folder of it that is indexed. It is opened for reading alone, and no
/// configuration beyond its own is looked at.
///
/// Bare repositories, linked working trees, shallow and partial clones are all right, as long as the
/// objects that are asked for are there: nothing is ever fetched.
///
/// # Examples
///
/// ```no_run
/// // Needs a git repository around the folder.
/// use aether_core::base::Cancel;
/// use aether_index::{GitRepository, IndexOptions};
/// let repository = GitRepository::open(std::path::Path::new("."))?;
/// let snapshot = repository.snapshot("HEAD~3", &IndexOptions::default(), &Cancel::new())?;
/// println!("{} has {} files", snapshot.revision(), snapshot.files().count());
/// # Ok::<(), aether_core::port::PortError>(())
/// ```
#[derive(Clone)]
pub struct GitRepository {
    inner: ThreadSafeRepository,
    /// The way from the root of the repository to the folder.
    prefix: RelPath,
}

/// The files of a commit that an index is made of, as a walk of a clean working copy would find them.
///
/// Links and submodules are left out, and so is what the lists of files to ignore in that commit
/// name. Lists that are not part of it do not count: those of the machine, of the repository
/// (`info/exclude`) and of folders around the repository. Nor does what a checkout would turn files
/// into: other line breaks, or content that is kept elsewhere.
#[derive(Clone, Debug)]
pub struct Snapshot {
    repository: GitRepository,
    revision: String,
    /// Sorted by path.
    found: Vec<FoundFile>,
}

/// The id of the content of a file: equal contents have equal ids, whatever the commit and the path.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BlobId(ObjectId);

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for GitRepository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitRepository").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl GitRepository {
    /// Opens the repository that `folder` is in.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::WORKSPACE_NOT_FOUND`], [`ErrorCode::GIT_NOT_A_REPOSITORY`], and
    /// [`ErrorCode::GIT_UNREADABLE`] when there is one that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, PortError> {
        let folder = folder.canonicalize().ok().filter(|folder| folder.is_dir()).ok_or_else(|| {
            PortError::new(ErrorCode::WORKSPACE_NOT_FOUND, format!("{} is not a folder", folder.display()))
        })?;
        // Nothing but the repository itself is read: no environment, no configuration of the machine.
        let isolated = || gix::open::Options::isolated();
        let trust = gix::sec::trust::Mapping { full: isolated(), reduced: isolated() };
        let inner =
            ThreadSafeRepository::discover_opts(&folder, gix::discover::upwards::Options::default(), trust)
                .map_err(|error| {
                let is_there = error.downcast_any_ref::<gix::discover::upwards::Error>().is_none();
                let (code, what) = if is_there {
                    (ErrorCode::GIT_UNREADABLE, "is in a git repository that cannot be opened")
                } else {
                    (ErrorCode::GIT_NOT_A_REPOSITORY, "is not inside a git repository")
                };
                PortError::new(code, format!("{} {what}", folder.display())).with_source(error)
            })?;
        let top = inner.to_thread_local().workdir().and_then(|top| top.canonicalize().ok());
        let prefix =
            top.and_then(|top| crate::discover::relative(&top, &folder)).unwrap_or_else(RelPath::root);
        Ok(Self { inner, prefix })
    }

    /// The files of a commit. `revision` is what `git rev-parse` takes for one commit: a branch, a tag,
    /// `HEAD~3`, an id or the beginning of one.
    ///
    /// The tree is read and no file: what cannot be read of one fails where it is read. Folders and
    /// files count against the limit on files, so that a tree which is small and holds itself many
    /// times comes to an end.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::GIT_UNKNOWN_REVISION`], [`ErrorCode::GIT_AMBIGUOUS_REVISION`],
    /// [`ErrorCode::GIT_UNKNOWN_FOLDER`] when that commit does not have the folder,
    /// [`ErrorCode::GIT_MISSING_OBJECT`], [`ErrorCode::GIT_UNREADABLE`],
    /// [`ErrorCode::INDEX_TOO_MANY_FILES`] and [`ErrorCode::CANCELLED`].
    pub fn snapshot(
        &self,
        revision: &str,
        options: &IndexOptions,
        cancel: &Cancel,
    ) -> Result<Snapshot, PortError> {
        let repository = self.inner.to_thread_local();
        let (commit, tree) = resolve(&repository, revision)?;
        let found = tree::files_of(&repository, tree, &self.prefix, options, cancel)?;
        Ok(Snapshot { repository: self.clone(), revision: commit.to_string(), found })
    }
}

impl Snapshot {
    /// The full id of the commit, in lower-case hex.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// The files, sorted by path, and what tells whether two snapshots share their content. Paths are
    /// relative to the folder that the repository was opened at.
    pub fn files(&self) -> impl Iterator<Item = (&RelPath, BlobId)> {
        self.found.iter().filter_map(|file| Some((&file.path, file.origin.blob()?)))
    }

    pub(crate) fn found(&self) -> &[FoundFile] {
        &self.found
    }
}

impl Contents for Snapshot {
    fn reader(&self) -> Box<dyn Reader + '_> {
        Box::new(BlobReader { repository: self.repository.inner.to_thread_local(), snapshot: self })
    }
}

/// Reads the files of a snapshot, on one thread.
struct BlobReader<'s> {
    repository: gix::Repository,
    snapshot: &'s Snapshot,
}

impl BlobReader<'_> {
    fn bytes_of(&self, file: &FoundFile) -> Result<Vec<u8>, PortError> {
        let Origin::Blob(blob) = &file.origin else {
            return Err(PortError::new(ErrorCode::INTERNAL, "a file on disk was looked for in a commit"));
        };
        let mut object =
            self.repository.find_object(blob.0).map_err(|error| lost(error, blob.0, &file.path))?;
        Ok(std::mem::take(&mut object.data))
    }
}

impl Reader for BlobReader<'_> {
    fn read(&mut self, file: &FoundFile, max_bytes: u64) -> Result<io::Result<Content>, PortError> {
        let bytes = self.bytes_of(file)?;
        let size_bytes = bytes.len() as u64;
        Ok(Ok(if size_bytes > max_bytes {
            Content::TooLarge { hash: blake3::hash(&bytes).into(), size_bytes }
        } else {
            Content::Whole(bytes)
        }))
    }

    fn read_path(&mut self, path: &RelPath) -> Result<Vec<u8>, PortError> {
        let found = &self.snapshot.found;
        match found.binary_search_by(|file| file.path.cmp(path)) {
            Ok(place) => self.bytes_of(&found[place]),
            Err(_) => Ok(Vec::new()),
        }
    }
}

/// An object that should be there.
fn lost(error: gix::Error, id: ObjectId, what: &RelPath) -> PortError {
    let (code, how) = if error.is_not_found() {
        (ErrorCode::GIT_MISSING_OBJECT, "is not in this repository")
    } else {
        (ErrorCode::GIT_UNREADABLE, "cannot be read")
    };
    let what = if what.as_str().is_empty() { "the root folder" } else { what.as_str() };
    PortError::new(code, format!("object {id} of {what} {how}")).with_source(error)
}

/// The commit that a revision names, and its tree.
fn resolve(repository: &gix::Repository, revision: &str) -> Result<(ObjectId, ObjectId), PortError> {
    let unknown = |why: &str| {
        let mut message = format!("{revision:?} {why}");
        if repository.is_shallow().unwrap_or(false) {
            message.push_str("; the clone is shallow and has no older ones");
        }
        PortError::new(ErrorCode::GIT_UNKNOWN_REVISION, message)
    };
    // The language of revisions takes it for granted that tags and commits on the way can be read.
    let parsed = std::panic::catch_unwind(AssertUnwindSafe(|| {
        repository.rev_parse_single(BStr::new(revision)).map(gix::Id::detach)
    }));
    let mut id = match parsed {
        Ok(Ok(id)) => id,
        Err(_) => {
            let message = format!("an object on the way of {revision:?} is damaged");
            return Err(PortError::new(ErrorCode::GIT_UNREADABLE, message));
        }
        Ok(Err(error)) => {
            let is_ambiguous = error.iter_errors().any(|cause| {
                let cause = cause.downcast_ref::<RevisionError>();
                cause.is_some_and(|cause| !matches!(cause, RevisionError::MissingReference { .. }))
            });
            return Err(if is_ambiguous {
                let message = format!("{revision:?} stands for more than one object; give more of the id");
                PortError::new(ErrorCode::GIT_AMBIGUOUS_REVISION, message).with_source(error)
            } else {
                unknown("names no commit of this repository").with_source(error)
            });
        }
    };
    loop {
        let object = repository.find_object(id).map_err(|error| {
            if error.is_not_found() {
                unknown("names an object that is not in this repository").with_source(error)
            } else {
                lost(error, id, &RelPath::root())
            }
        })?;
        let broken = |error: gix::Error| {
            PortError::new(ErrorCode::GIT_UNREADABLE, format!("object {id} is damaged")).with_source(error)
        };
        match object.kind {
            gix::objs::Kind::Commit => {
                let commit = object.try_to_commit_ref().map_err(broken)?;
                return Ok((id, commit.tree()));
            }
            gix::objs::Kind::Tag => id = object.try_to_tag_ref().map_err(broken)?.target(),
            kind => return Err(unknown(&format!("names a {kind}, not a commit"))),
        }
    }
}
