//! From a diff and the files that it was made for to a patch.

use std::collections::BTreeMap;

use aether_core::base::{ByteSpan, RelPath};
use aether_core::change::{Change, Edit, FileMode, FilePatch, FileState, Patch};

use super::{Body, Diff, FileDiff, FileKind, Hunk, LineKind, binary, lines::lines};
use crate::patch::error::{ApplyError, ApplyErrorKind};
use crate::patch::names;
use crate::patch::options::PatchOptions;

/// A file as a diff finds it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct BaseFile {
    /// Whether it may be run.
    pub mode: FileMode,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl BaseFile {
    /// A file.
    #[must_use]
    pub fn new(mode: FileMode, bytes: Vec<u8>) -> Self {
        Self { mode, bytes }
    }
}

/// Where the files are that a diff was made for: a working tree, a map, a commit.
pub trait BaseFiles {
    /// The file at `path`, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// What keeps it from being read.
    fn base_file(&self, path: &RelPath) -> Result<Option<BaseFile>, ApplyError>;
}

impl BaseFiles for BTreeMap<RelPath, BaseFile> {
    fn base_file(&self, path: &RelPath) -> Result<Option<BaseFile>, ApplyError> {
        Ok(self.get(path).cloned())
    }
}

impl Diff {
    /// The patch that this diff is for these files.
    ///
    /// # Errors
    ///
    /// [`ApplyErrorKind::Mismatch`] when a line is not where the diff says, [`ApplyErrorKind::StaleBase`] for
    /// another mode or other binary bytes, [`ApplyErrorKind::Missing`], [`ApplyErrorKind::NoChange`],
    /// [`ApplyErrorKind::PathConflict`], [`ApplyErrorKind::TooLarge`], [`ApplyErrorKind::ProtectedPath`] and
    /// the like for files that no patch may read, and whatever `base` gives.
    pub fn bind(&self, base: &dyn BaseFiles, options: &PatchOptions) -> Result<Patch, ApplyError> {
        let mut files = Vec::new();
        let mut total = 0u64;
        for file in &self.files {
            let file = bind_file(file, base, options)?;
            // A few bytes of a diff copy a large file, so the sum is looked at before the next one is read.
            let states = [file.before(), file.after()].into_iter().flatten();
            total = states.fold(total, |total, state| total.saturating_add(state.bytes));
            if total > options.max_total_bytes {
                let what = format!("diff over {total} bytes of files (at most {})", options.max_total_bytes);
                return Err(ApplyError::about(ApplyErrorKind::TooLarge, what));
            }
            files.push(file);
        }
        Ok(Patch::new(files)?)
    }
}

fn bind_file(file: &FileDiff, base: &dyn BaseFiles, options: &PatchOptions) -> Result<FilePatch, ApplyError> {
    let read = |path: &RelPath| {
        // A copy would carry what a tool keeps for itself to where everybody looks.
        if let Some(kind) = names::fault(path).filter(|&kind| kind != ApplyErrorKind::RunsAtBuild) {
            return Err(ApplyError::new(kind, path));
        }
        let found = base.base_file(path)?.ok_or_else(|| ApplyError::new(ApplyErrorKind::Missing, path))?;
        if file.old_mode.is_some_and(|mode| mode != found.mode) {
            return Err(ApplyError::new(ApplyErrorKind::StaleBase, path)
                .with_detail(format!("line {} of the diff says another mode", file.line)));
        }
        Ok(found)
    };
    match &file.kind {
        FileKind::Create(path) => {
            let new = apply(file, path, &[], options)?;
            let content = new.map_or_else(Vec::new, |(_, new)| new);
            Ok(FilePatch::create(path.clone(), file.new_mode.unwrap_or_default(), content)?)
        }
        FileKind::Copy { from, to } => {
            let old = read(from)?;
            let content =
                apply(file, from, &old.bytes, options)?.map_or_else(|| old.bytes.clone(), |(_, new)| new);
            Ok(FilePatch::create(to.clone(), file.new_mode.unwrap_or(old.mode), content)?)
        }
        FileKind::Delete(path) => {
            let old = read(path)?;
            match apply(file, path, &old.bytes, options)? {
                Some((_, left)) if !left.is_empty() => Err(mismatch(path, file.line)),
                None if !old.bytes.is_empty() => Err(mismatch(path, file.line)),
                _ => Ok(FilePatch::delete(FileState::of(path.clone(), old.mode, &old.bytes))?),
            }
        }
        FileKind::Modify(path) => change(file, path, path, &read(path)?, options),
        FileKind::Rename { from, to } => change(file, from, to, &read(from)?, options),
    }
}

fn change(
    file: &FileDiff,
    from: &RelPath,
    to: &RelPath,
    old: &BaseFile,
    options: &PatchOptions,
) -> Result<FilePatch, ApplyError> {
    let change = apply(file, from, &old.bytes, options)?.map_or(Change::Keep, |(change, _)| change);
    let before = FileState::of(from.clone(), old.mode, &old.bytes);
    let mode = file.new_mode.unwrap_or(old.mode);
    Ok(FilePatch::change(before, &old.bytes, to.clone(), mode, change)?)
}

/// How the bytes change, and what comes out; `None` where the diff leaves them as they are.
fn apply(
    file: &FileDiff,
    path: &RelPath,
    old: &[u8],
    options: &PatchOptions,
) -> Result<Option<(Change, Vec<u8>)>, ApplyError> {
    match &file.body {
        Body::Nothing => Ok(None),
        Body::Hunks(hunks) => {
            let edits = edits(hunks, path, old)?;
            let new =
                Edit::apply_all(old, &edits).map_err(|_| ApplyError::new(ApplyErrorKind::Overlap, path))?;
            Ok(Some((Change::Edit(edits), new)))
        }
        Body::Binary(body) => {
            let stale = || ApplyError::new(ApplyErrorKind::StaleBase, path);
            let limit = options.max_file_bytes;
            let new = binary::apply(&body.forward, old, limit).ok_or_else(stale)?;
            // The way back is all that says which bytes were meant to be there before.
            let back = match &body.backward {
                Some(backward) => binary::apply(backward, &new, limit),
                None => matches!(body.forward, super::BinaryHunk::Delta(_)).then(|| old.to_vec()),
            };
            if back.is_none_or(|back| back != old) {
                return Err(stale());
            }
            Ok(Some((Change::Write(new.clone().into()), new)))
        }
    }
}

/// One edit for each run of lines that go and come.
fn edits(hunks: &[Hunk], path: &RelPath, old: &[u8]) -> Result<Vec<Edit>, ApplyError> {
    let too_large = || ApplyError::new(ApplyErrorKind::TooLarge, path);
    if u32::try_from(old.len()).is_err() {
        return Err(too_large());
    }
    let mut edits = Vec::new();
    let mut old_lines = lines(old);
    // The number of the next old line, from 1, and where it begins.
    let (mut number, mut at) = (1u32, 0usize);
    for hunk in hunks {
        let mut skip = |until: u32| {
            while number < until {
                at += old_lines.next()?.len();
                number += 1;
            }
            Some(())
        };
        if hunk.old_count() == 0 && !old.is_empty() {
            // Nothing says that this is the place but a number.
            return Err(mismatch(path, hunk.line));
        }
        let first = hunk.old_start + u32::from(hunk.old_count() == 0);
        skip(first).ok_or_else(|| mismatch(path, hunk.line))?;
        let mut run: Option<(usize, Vec<u8>)> = None;
        for line in &hunk.lines {
            match line.kind {
                LineKind::Add => run.get_or_insert((at, Vec::new())).1.extend_from_slice(&line.text),
                LineKind::Remove | LineKind::Context => {
                    if old_lines.next() != Some(&line.text[..]) {
                        return Err(mismatch(path, hunk.line));
                    }
                    if line.kind == LineKind::Context {
                        push(&mut edits, run.take(), at);
                    } else {
                        run.get_or_insert((at, Vec::new()));
                    }
                    at += line.text.len();
                    number += 1;
                }
            }
        }
        push(&mut edits, run.take(), at);
        let last_new = hunk.lines.iter().rev().find(|line| line.kind != LineKind::Remove);
        let is_open = last_new.is_some_and(|line| !line.text.ends_with(b"\n"));
        if (is_open && at != old.len()) || (at > 0 && at == old.len() && appends_to_open_line(hunk, old)) {
            return Err(mismatch(path, hunk.line));
        }
    }
    Ok(edits)
}

/// Whether lines are put behind a last line that has no newline and stays: they would become part of it.
fn appends_to_open_line(hunk: &Hunk, old: &[u8]) -> bool {
    let last = hunk.lines.last();
    let stays = !hunk.lines.iter().any(|line| line.kind == LineKind::Remove && !line.text.ends_with(b"\n"));
    !old.ends_with(b"\n") && stays && last.is_some_and(|line| line.kind == LineKind::Add)
}

fn push(edits: &mut Vec<Edit>, run: Option<(usize, Vec<u8>)>, end: usize) {
    if let Some((start, new)) = run {
        // The file is shorter than 4 GiB.
        let span = ByteSpan::new(start as u32, end as u32);
        edits.push(Edit::new(span, new));
    }
}

fn mismatch(path: &RelPath, line: usize) -> ApplyError {
    ApplyError::new(ApplyErrorKind::Mismatch, path).with_detail(format!("line {line} of the diff"))
}
