//! The parts of a patch that can be left out.

use std::collections::BTreeMap;
use std::ops::Range;

use aether_core::base::{ByteSpan, RelPath};
use aether_core::change::{Change, Edit, FileMode, FilePatch, FileState, Patch};
use imara_diff::{Algorithm, Diff, InternedInput};

use super::tokens::tokens;
use crate::patch::BaseFile;

/// How fine the parts are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Grain {
    /// Runs of lines, and what happens to whole files.
    Runs,
    Lines,
    Tokens,
}

impl Grain {
    pub(super) fn finer(self) -> Option<Self> {
        match self {
            Self::Runs => Some(Self::Lines),
            Self::Lines => Some(Self::Tokens),
            Self::Tokens => None,
        }
    }
}

/// One part.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    /// The file before; the file afterwards for one that is made.
    file: RelPath,
    deed: Deed,
}

#[derive(Clone, Debug)]
enum Deed {
    Create(FileMode),
    Delete,
    Move(RelPath),
    Mode(FileMode),
    /// All bytes anew, for what is no text.
    Write(Vec<u8>),
    /// Bytes of the old file, and what stands there afterwards. Several may put something in at one place.
    Replace {
        old: Range<usize>,
        new: Vec<u8>,
    },
}

/// Takes a patch apart.
pub(super) fn split(patch: &Patch, base: &BTreeMap<RelPath, BaseFile>, grain: Grain) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for file in patch.files() {
        let old = file.before().and_then(|before| base.get(&before.path));
        let old_bytes = old.map_or(&b""[..], |old| &old.bytes);
        let name = file.before().map_or_else(|| file.path(), |before| &before.path);
        let mut push = |deed| atoms.push(Atom { file: name.clone(), deed });
        let Some(after) = file.after() else {
            push(Deed::Delete);
            continue;
        };
        match file.before() {
            None => push(Deed::Create(after.mode)),
            Some(before) => {
                if before.path != after.path {
                    push(Deed::Move(after.path.clone()));
                }
                if before.mode != after.mode {
                    push(Deed::Mode(after.mode));
                }
            }
        }
        if matches!(file.how(), Change::Keep) {
            continue;
        }
        // It was applied to these bytes when the shrinker was made.
        let Ok(Some(new)) = file.apply(old.map(|old| &old.bytes[..])) else { continue };
        if old_bytes.contains(&0) || new.contains(&0) {
            push(Deed::Write(new));
            continue;
        }
        for (old, new) in replacements(old_bytes, &new, grain) {
            push(Deed::Replace { old, new });
        }
    }
    atoms
}

fn replacements(old: &[u8], new: &[u8], grain: Grain) -> Vec<(Range<usize>, Vec<u8>)> {
    let lines = |text| <[u8]>::split_inclusive(text, |&byte| byte == b'\n').collect::<Vec<_>>();
    let mut parts = Vec::new();
    for (old_run, new_run) in runs(&lines(old), &lines(new)) {
        let (old_text, new_text) = (&old[old_run.clone()], &new[new_run]);
        match grain {
            Grain::Runs => parts.push((old_run, new_text.to_vec())),
            Grain::Tokens => {
                let shift = old_run.start;
                for (old, new) in runs(&tokens(old_text), &tokens(new_text)) {
                    parts.push((old.start + shift..old.end + shift, new_text[new].to_vec()));
                }
            }
            Grain::Lines => {
                let (old_lines, new_lines) = (lines(old_text), lines(new_text));
                let mut at = old_run.start;
                for (old, new) in align(&old_lines, &new_lines) {
                    let length = old.map_or(0, <[u8]>::len);
                    parts.push((at..at + length, new.unwrap_or_default().to_vec()));
                    at += length;
                }
            }
        }
    }
    parts
}

/// An old line and what it became.
type Pair<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

/// Longest run whose lines are compared one by one with each other.
const MAX_ALIGNED: usize = 200;

/// Which line became which: an old line and a new one that share at least half of their tokens stand
/// together, so that neither is left out without the other. The others come and go alone.
fn align<'a>(old: &[&'a [u8]], new: &[&'a [u8]]) -> Vec<Pair<'a>> {
    let rest = |index: usize| (old.get(index).copied(), new.get(index).copied());
    if old.len() == new.len() || old.len() > MAX_ALIGNED || new.len() > MAX_ALIGNED {
        return (0..old.len().max(new.len())).map(rest).collect();
    }
    // The best total from each pair of positions to the end, in thousandths.
    let mut best = vec![vec![0u32; new.len() + 1]; old.len() + 1];
    let alike: Vec<Vec<u32>> =
        old.iter().map(|old| new.iter().map(|new| likeness(old, new)).collect()).collect();
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let together = if alike[i][j] >= 500 { best[i + 1][j + 1] + alike[i][j] } else { 0 };
            best[i][j] = together.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() || j < new.len() {
        let is_pair = i < old.len()
            && j < new.len()
            && alike[i][j] >= 500
            && best[i][j] == best[i + 1][j + 1] + alike[i][j];
        if is_pair {
            pairs.push((Some(old[i]), Some(new[j])));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && best[i][j] == best[i + 1][j]) {
            pairs.push((Some(old[i]), None));
            i += 1;
        } else {
            pairs.push((None, Some(new[j])));
            j += 1;
        }
    }
    pairs
}

/// The share of tokens that two lines have in common, blanks left out, in thousandths.
fn likeness(a: &[u8], b: &[u8]) -> u32 {
    let words = |line| {
        let mut words = tokens(line);
        words.retain(|token| !token.iter().all(u8::is_ascii_whitespace));
        words.sort_unstable();
        words
    };
    let (a, b) = (words(a), words(b));
    let (mut i, mut j, mut common) = (0, 0, 0u32);
    while i < a.len() && j < b.len() {
        match a[i].cmp(b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    let all = u32::try_from(a.len() + b.len()).unwrap_or(u32::MAX).max(1);
    common.saturating_mul(2_000) / all
}

/// The runs in which two lists of pieces differ, as ranges of bytes.
fn runs(old: &[&[u8]], new: &[&[u8]]) -> Vec<(Range<usize>, Range<usize>)> {
    let starts = |pieces: &[&[u8]]| {
        let mut at = 0;
        let mut starts = vec![0];
        for piece in pieces {
            at += piece.len();
            starts.push(at);
        }
        starts
    };
    let (old_starts, new_starts) = (starts(old), starts(new));
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let bytes =
        |starts: &[usize], range: Range<u32>| starts[range.start as usize]..starts[range.end as usize];
    diff.hunks().map(|hunk| (bytes(&old_starts, hunk.before), bytes(&new_starts, hunk.after))).collect()
}

/// What one file becomes.
#[derive(Debug, Default)]
struct Becoming<'a> {
    create: Option<FileMode>,
    is_deleted: bool,
    path: Option<&'a RelPath>,
    mode: Option<FileMode>,
    write: Option<&'a [u8]>,
    replaced: Vec<(&'a Range<usize>, &'a [u8])>,
}

/// Puts parts together; `None` when what is left is no patch.
pub(super) fn join(atoms: &[&Atom], base: &BTreeMap<RelPath, BaseFile>) -> Option<Patch> {
    let mut files: BTreeMap<&RelPath, Becoming<'_>> = BTreeMap::new();
    for atom in atoms {
        let becoming = files.entry(&atom.file).or_default();
        match &atom.deed {
            Deed::Create(mode) => becoming.create = Some(*mode),
            Deed::Delete => becoming.is_deleted = true,
            Deed::Move(path) => becoming.path = Some(path),
            Deed::Mode(mode) => becoming.mode = Some(*mode),
            Deed::Write(bytes) => becoming.write = Some(bytes),
            Deed::Replace { old, new } => becoming.replaced.push((old, new)),
        }
    }
    let mut patches = Vec::new();
    for (path, becoming) in files {
        let Some(old) = base.get(path) else {
            // Lines of a file that is not made go with it.
            let Some(mode) = becoming.create else { continue };
            let content = match becoming.write {
                Some(bytes) => bytes.to_vec(),
                None => becoming.replaced.iter().flat_map(|(_, new)| new.iter().copied()).collect(),
            };
            patches.push(FilePatch::create(path.clone(), mode, content).ok()?);
            continue;
        };
        let before = FileState::of(path.clone(), old.mode, &old.bytes);
        if becoming.is_deleted {
            patches.push(FilePatch::delete(before).ok()?);
            continue;
        }
        let change = match becoming.write {
            Some(bytes) => Change::Write(bytes.into()),
            None => edit(&becoming.replaced)?,
        };
        let to = becoming.path.unwrap_or(path).clone();
        let mode = becoming.mode.unwrap_or(old.mode);
        match FilePatch::change(before, &old.bytes, to, mode, change) {
            Ok(file) => patches.push(file),
            Err(error) if error.kind() == aether_core::change::PatchErrorKind::NoChange => {}
            Err(_) => return None,
        }
    }
    Patch::new(patches).ok()
}

/// One change of the parts that are kept, those that touch made one.
fn edit(replaced: &[(&Range<usize>, &[u8])]) -> Option<Change> {
    let mut edits: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    for (old, new) in replaced {
        match edits.last_mut() {
            Some((last, text)) if last.end == old.start => {
                last.end = old.end;
                text.extend_from_slice(new);
            }
            _ => edits.push(((*old).clone(), new.to_vec())),
        }
    }
    if edits.is_empty() {
        return Some(Change::Keep);
    }
    let edits = edits.into_iter().map(|(old, new)| {
        let span = ByteSpan::new(u32::try_from(old.start).ok()?, u32::try_from(old.end).ok()?);
        Some(Edit::new(span, new))
    });
    edits.collect::<Option<Vec<Edit>>>().map(Change::Edit)
}
