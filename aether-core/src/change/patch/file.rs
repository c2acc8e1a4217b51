//! What is to become of one file.

use serde::{Deserialize, Serialize};

use super::{Edit, PatchError, PatchErrorKind};
use crate::base::{RelPath, Sha256Hash};
use crate::change::Content;

/// Whether a file may be run as a program. A patch knows nothing else of permissions.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FileMode {
    /// Not a program: git's 100644.
    #[default]
    Regular,
    /// A program: git's 100755.
    Executable,
}

/// A file as it is at one time.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FileState {
    /// Its path.
    pub path: RelPath,
    /// SHA-256 of its bytes.
    pub hash: Sha256Hash,
    /// Its length in bytes.
    pub bytes: u64,
    /// Whether it may be run.
    pub mode: FileMode,
}

impl FileState {
    /// The version of a file that holds `content`.
    #[must_use]
    pub fn of(path: RelPath, mode: FileMode, content: &[u8]) -> Self {
        Self { path, hash: Sha256Hash::of(content), bytes: content.len() as u64, mode }
    }

    /// Whether `content` is what this version holds.
    #[must_use]
    pub fn holds(&self, content: &[u8]) -> bool {
        self.bytes == content.len() as u64 && self.hash == Sha256Hash::of(content)
    }
}

/// How the bytes of a file change.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Change {
    /// They stay, or go with the file.
    Keep,
    /// Parts of them are replaced; in order, apart from each other.
    Edit(Vec<Edit>),
    /// They are replaced as a whole, or the file is new.
    Write(Content),
}

/// What is to become of one file: it is made, changed, moved, given another mode, or removed.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Written"))]
pub struct FilePatch {
    states: States,
    change: Change,
}

/// The file before and afterwards; it is there at one of the two times at least.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum States {
    Made(FileState),
    Removed(FileState),
    Changed(FileState, FileState),
}

impl FilePatch {
    /// Makes a file that is not there.
    ///
    /// # Errors
    ///
    /// [`PatchErrorKind::RootPath`].
    pub fn create(path: RelPath, mode: FileMode, content: impl Into<Content>) -> Result<Self, PatchError> {
        let content = content.into();
        let after = FileState::of(path, mode, content.as_bytes());
        Self::new(None, Some(after), Change::Write(content))
    }

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// [`PatchErrorKind::RootPath`].
    pub fn delete(before: FileState) -> Result<Self, PatchError> {
        Self::new(Some(before), None, Change::Keep)
    }

    /// Replaces parts of a file that holds `old`.
    ///
    /// # Errors
    ///
    /// [`PatchErrorKind::StaleBase`] when `before` holds something else, [`PatchErrorKind::BadEdits`], and
    /// [`PatchErrorKind::NoChange`] when the same bytes come out.
    pub fn edit(before: FileState, old: &[u8], edits: Vec<Edit>) -> Result<Self, PatchError> {
        Self::change(before.clone(), old, before.path.clone(), before.mode, Change::Edit(edits))
    }

    /// Gives a file that holds `old` another path, another mode, other bytes, or several of these.
    ///
    /// # Errors
    ///
    /// Those of [`FilePatch::edit`], and [`PatchErrorKind::RootPath`].
    pub fn change(
        before: FileState,
        old: &[u8],
        path: RelPath,
        mode: FileMode,
        change: Change,
    ) -> Result<Self, PatchError> {
        if !before.holds(old) {
            return Err(PatchError::new(PatchErrorKind::StaleBase, Some(&before.path)));
        }
        let after = match &change {
            Change::Keep => FileState { path, mode, ..before.clone() },
            Change::Edit(edits) => {
                let new = Edit::apply_all(old, edits)
                    .map_err(|_| PatchError::new(PatchErrorKind::BadEdits, Some(&before.path)))?;
                FileState::of(path, mode, &new)
            }
            Change::Write(content) => FileState::of(path, mode, content.as_bytes()),
        };
        Self::new(Some(before), Some(after), change)
    }

    fn new(before: Option<FileState>, after: Option<FileState>, change: Change) -> Result<Self, PatchError> {
        let states = match (before, after) {
            (None, None) => return Err(PatchError::new(PatchErrorKind::Nothing, None)),
            (None, Some(after)) => States::Made(after),
            (Some(before), None) => States::Removed(before),
            (Some(before), Some(after)) => States::Changed(before, after),
        };
        let file = Self { states, change };
        match file.fault() {
            Some(kind) => Err(PatchError::new(kind, Some(file.path()))),
            None => Ok(file),
        }
    }

    /// What is wrong with it as far as can be told without the files.
    fn fault(&self) -> Option<PatchErrorKind> {
        if [self.before(), self.after()].into_iter().flatten().any(|state| state.path == RelPath::root()) {
            return Some(PatchErrorKind::RootPath);
        }
        let fits = match (self.before(), self.after(), &self.change) {
            (Some(_), None, Change::Keep) => true,
            (Some(before), Some(after), Change::Keep) => {
                (before.hash, before.bytes) == (after.hash, after.bytes)
            }
            (Some(before), Some(after), Change::Edit(edits)) => {
                match Edit::check_all(before.bytes, edits) {
                    Err(_) => return Some(PatchErrorKind::BadEdits),
                    Ok(bytes) if bytes != after.bytes => return Some(PatchErrorKind::Inconsistent),
                    Ok(_) => {}
                }
                if edits.iter().any(|edit| edit.span.is_empty() && edit.content.is_empty()) {
                    return Some(PatchErrorKind::BadEdits);
                }
                if edits.is_empty() || before.hash == after.hash {
                    return Some(PatchErrorKind::NoChange);
                }
                true
            }
            (before, Some(after), Change::Write(content)) => {
                if before.is_some_and(|before| before.hash == after.hash) {
                    return Some(PatchErrorKind::NoChange);
                }
                after.holds(content.as_bytes())
            }
            _ => false,
        };
        if !fits {
            return Some(PatchErrorKind::Inconsistent);
        }
        (self.before() == self.after()).then_some(PatchErrorKind::NoChange)
    }

    /// The file as it must be before; `None` when it must not be there.
    #[must_use]
    pub fn before(&self) -> Option<&FileState> {
        match &self.states {
            States::Made(_) => None,
            States::Removed(before) | States::Changed(before, _) => Some(before),
        }
    }

    /// The file as it will be afterwards; `None` when it will be gone.
    #[must_use]
    pub fn after(&self) -> Option<&FileState> {
        match &self.states {
            States::Removed(_) => None,
            States::Made(after) | States::Changed(_, after) => Some(after),
        }
    }

    /// How its bytes change.
    #[must_use]
    pub fn how(&self) -> &Change {
        &self.change
    }

    /// Its path afterwards, or the one that it had when it will be gone.
    #[must_use]
    pub fn path(&self) -> &RelPath {
        let (States::Made(state) | States::Removed(state) | States::Changed(_, state)) = &self.states;
        &state.path
    }

    /// The path that it leaves, when it moves.
    #[must_use]
    pub fn moved_from(&self) -> Option<&RelPath> {
        match &self.states {
            States::Changed(before, after) if before.path != after.path => Some(&before.path),
            _ => None,
        }
    }

    /// The paths that it touches: one, or two when it moves.
    pub fn paths(&self) -> impl Iterator<Item = &RelPath> {
        std::iter::once(self.path()).chain(self.moved_from())
    }

    /// The bytes of the file afterwards, or `None` when it will be gone. `old` is what it holds before, or
    /// `None` when it is not there.
    ///
    /// # Errors
    ///
    /// [`PatchErrorKind::StaleBase`] when `old` is not what the patch was made for,
    /// [`PatchErrorKind::WrongResult`] when something else comes out than the patch says.
    pub fn apply(&self, old: Option<&[u8]>) -> Result<Option<Vec<u8>>, PatchError> {
        let fits = match (self.before(), old) {
            (Some(before), Some(old)) => before.holds(old),
            (None, None) => true,
            _ => false,
        };
        if !fits {
            let path = self.before().map_or_else(|| self.path(), |before| &before.path);
            return Err(PatchError::new(PatchErrorKind::StaleBase, Some(path)));
        }
        let Some(after) = self.after() else { return Ok(None) };
        let old = old.unwrap_or_default();
        let new = match &self.change {
            Change::Keep => old.to_vec(),
            Change::Edit(edits) => Edit::apply_all(old, edits)
                .map_err(|_| PatchError::new(PatchErrorKind::BadEdits, Some(&after.path)))?,
            Change::Write(content) => content.as_bytes().to_vec(),
        };
        if !after.holds(&new) {
            return Err(PatchError::new(PatchErrorKind::WrongResult, Some(&after.path)));
        }
        Ok(Some(new))
    }

    /// The way back. `old` is what the file holds before, or `None` when it is not there.
    ///
    /// # Errors
    ///
    /// Those of [`FilePatch::apply`], and [`PatchErrorKind::BadEdits`] for a file beyond 4 GiB.
    pub fn invert(&self, old: Option<&[u8]>) -> Result<Self, PatchError> {
        self.apply(old)?;
        let change = match (self.before(), self.after(), &self.change) {
            (None, ..) | (Some(_), Some(_), Change::Keep) => Change::Keep,
            (Some(_), Some(after), Change::Edit(edits)) => {
                let inverse = Edit::invert_all(old.unwrap_or_default(), edits)
                    .map_err(|_| PatchError::new(PatchErrorKind::BadEdits, Some(&after.path)))?;
                Change::Edit(inverse)
            }
            (Some(_), ..) => Change::Write(old.unwrap_or_default().into()),
        };
        Self::new(self.after().cloned(), self.before().cloned(), change)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "FilePatch"))]
struct Written {
    /// The file as it must be before; absent when it must not be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<FileState>,
    /// The file as it will be afterwards; absent when it will be gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<FileState>,
    /// How its bytes change.
    change: Change,
}

impl From<FilePatch> for Written {
    fn from(file: FilePatch) -> Self {
        let (before, after) = match file.states {
            States::Made(after) => (None, Some(after)),
            States::Removed(before) => (Some(before), None),
            States::Changed(before, after) => (Some(before), Some(after)),
        };
        Self { before, after, change: file.change }
    }
}

impl TryFrom<Written> for FilePatch {
    type Error = PatchError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Self::new(written.before, written.after, written.change)
    }
}
