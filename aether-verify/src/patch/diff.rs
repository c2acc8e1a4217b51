//! Unified diffs as git writes and reads them, in and out.
//!
//! A diff says where lines were and what stood around them; it does not say which version of a file it was
//! made for. [`Diff::bind`] finds that out from the files: every line has to be where the diff says it is.
//! Nothing is searched for, and nothing is taken for good enough, because a change in the wrong place may
//! compile as well. What comes out is a patch, which is bound to the versions by their hashes.

mod binary;
mod bind;
mod count;
mod header;
mod hunk;
mod lines;
mod name;
mod parse;
mod print;

use aether_core::base::RelPath;
use aether_core::change::FileMode;

pub use bind::{BaseFile, BaseFiles};
pub use count::ChangedLines;
pub(crate) use count::proven_files;
pub use print::print_patch;

use super::error::ApplyError;
use super::options::PatchOptions;

/// A diff over any number of files, read but not compared with them.
///
/// # Examples
///
/// ```
/// use aether_core::base::RelPath;
/// use aether_core::change::FileMode;
/// use aether_verify::{BaseFile, Diff, PatchOptions};
/// use std::collections::BTreeMap;
///
/// let text = b"--- a/x.rs\n+++ b/x.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n";
/// let options = PatchOptions::default();
/// let diff = Diff::parse(text, &options)?;
/// let path = RelPath::new("x.rs")?;
/// let base = BTreeMap::from([(path, BaseFile::new(FileMode::Regular, b"one\ntwo\n".to_vec()))]);
/// let patch = diff.bind(&base, &options)?;
/// assert_eq!(patch.files()[0].apply(Some(b"one\ntwo\n"))?.as_deref(), Some(&b"one\n2\n"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diff {
    files: Vec<FileDiff>,
}

/// What a diff says of one file.
#[derive(Clone, Debug, Eq, PartialEq)]
struct FileDiff {
    kind: FileKind,
    /// The mode that the diff says it had.
    old_mode: Option<FileMode>,
    /// The mode that the diff says it will have.
    new_mode: Option<FileMode>,
    body: Body,
    /// The line of the diff that it begins at, from 1.
    line: usize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum FileKind {
    Create(RelPath),
    Delete(RelPath),
    Modify(RelPath),
    Rename { from: RelPath, to: RelPath },
    Copy { from: RelPath, to: RelPath },
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Body {
    /// Lines stay as they are.
    Nothing,
    Hunks(Vec<Hunk>),
    Binary(BinaryBody),
}

/// Bytes that are not lines.
#[derive(Clone, Debug, Eq, PartialEq)]
struct BinaryBody {
    forward: BinaryHunk,
    /// The way back, which tells what the file has to be before.
    backward: Option<BinaryHunk>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum BinaryHunk {
    /// All of it.
    Literal(Vec<u8>),
    /// Parts of the old file and new bytes between them, in git's encoding.
    Delta(Vec<u8>),
}

/// Lines that change, and those around them.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Hunk {
    /// Number of the first old line, from 1; of the line before where there are none.
    old_start: u32,
    new_start: u32,
    lines: Vec<Line>,
    /// The line of the diff that it begins at, from 1.
    line: usize,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Line {
    kind: LineKind,
    /// With its newline, where it has one.
    text: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum LineKind {
    Context,
    Remove,
    Add,
}

impl Hunk {
    fn count(&self, without: LineKind) -> u32 {
        let count = self.lines.iter().filter(|line| line.kind != without).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// How many lines it covers before.
    fn old_count(&self) -> u32 {
        self.count(LineKind::Add)
    }

    /// How many lines it covers afterwards.
    fn new_count(&self) -> u32 {
        self.count(LineKind::Remove)
    }
}

impl Diff {
    /// Reads a diff. Text in front of it, such as the message of a commit, is skipped.
    ///
    /// # Errors
    ///
    /// [`super::ApplyErrorKind::Syntax`] for what is no diff or contradicts itself,
    /// [`super::ApplyErrorKind::Unsupported`] for links, submodules, special modes, merges and binary files
    /// without their bytes, [`super::ApplyErrorKind::BadPath`], [`super::ApplyErrorKind::TooLarge`],
    /// [`super::ApplyErrorKind::Overlap`].
    pub fn parse(text: &[u8], options: &PatchOptions) -> Result<Self, ApplyError> {
        parse::parse(text, options)
    }

    /// How many files it changes.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.files.len()
    }
}
