//! From a patch that does what it should to one of which nothing can be left out.
//!
//! Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002) over what
//! a patch is made of: first whole runs of lines, then lines, then tokens. Each round leaves out half of the
//! parts, then smaller and smaller shares, down to single ones, and goes on until no part can be left out.
//! What "does what it should" means is for the caller to say: usually that the compiler and the tests accept
//! it.
//!
//! Nothing is run here. The shrinker names a candidate and is told whether it holds, so that a session can be
//! replayed.

mod atom;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use aether_core::base::{RelPath, Sha256Hash};
use aether_core::change::Patch;

use crate::patch::{ApplyError, BaseFile, BaseFiles};
use atom::{Atom, Grain};

/// Shrinks one patch, candidate by candidate.
///
/// # Examples
///
/// ```
/// use aether_core::base::RelPath;
/// use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};
/// use aether_verify::{BaseFile, Shrinker};
/// use std::collections::BTreeMap;
///
/// let path = RelPath::new("a.rs")?;
/// let old = b"let x = 1;\nlet y = 2;\n".to_vec();
/// let new = "let x = 10;\nlet yy = 2;\n";
/// let before = FileState::of(path.clone(), FileMode::Regular, &old);
/// let file = FilePatch::change(before, &old, path.clone(), FileMode::Regular, Change::Write(new.into()))?;
/// let base = BTreeMap::from([(path, BaseFile::new(FileMode::Regular, old.clone()))]);
///
/// // What matters is that 10 is there.
/// let holds = |patch: &Patch| {
///     let text = patch.files()[0].apply(Some(&old)).unwrap_or_default().unwrap_or_default();
///     text.windows(2).any(|pair| pair == b"10")
/// };
/// let mut shrinker = Shrinker::new(&Patch::new(vec![file])?, &base)?;
/// while let Some(candidate) = shrinker.candidate() {
///     let holds = holds(candidate);
///     shrinker.judge(holds);
/// }
/// let small = shrinker.into_patch();
/// assert_eq!(small.files()[0].apply(Some(&old))?, Some(b"let x = 10;\nlet y = 2;\n".to_vec()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Shrinker {
    base: BTreeMap<RelPath, BaseFile>,
    /// The smallest patch that is known to hold.
    best: Patch,
    round: Round,
    /// Identities of patches that were judged not to hold.
    refused: BTreeSet<Sha256Hash>,
    candidate: Option<(Patch, Vec<usize>)>,
    judged: u64,
}

/// One pass over the parts of a patch at one grain.
#[derive(Debug)]
struct Round {
    grain: Grain,
    /// What the best patch is made of.
    atoms: Vec<Atom>,
    /// How many parts are left out at once.
    share: usize,
    /// The first part of the next share.
    at: usize,
    /// Whether this pass with this share left something out.
    is_smaller: bool,
    /// Whether anything was left out since the grain was last the coarsest one.
    since_coarsest: bool,
}

impl Shrinker {
    /// Begins with a patch that holds.
    ///
    /// # Errors
    ///
    /// [`crate::ApplyErrorKind::StaleBase`] when `base` does not hold what the patch was made for, and
    /// whatever `base` gives.
    pub fn new(patch: &Patch, base: &dyn BaseFiles) -> Result<Self, ApplyError> {
        let mut files = BTreeMap::new();
        for before in patch.files().iter().filter_map(|file| file.before()) {
            if let Some(found) = base.base_file(&before.path)? {
                files.insert(before.path.clone(), found);
            }
        }
        for file in patch.files() {
            file.apply(
                file.before().and_then(|before| files.get(&before.path)).map(|found| &found.bytes[..]),
            )?;
        }
        let round = Round::new(Grain::Runs, atom::split(patch, &files, Grain::Runs), false);
        let (refused, candidate, judged) = (BTreeSet::new(), None, 0);
        Ok(Self { base: files, best: patch.clone(), round, refused, candidate, judged })
    }

    /// The next patch to be judged; the same one until it is. `None` when no part can be left out.
    pub fn candidate(&mut self) -> Option<&Patch> {
        while self.candidate.is_none() {
            let Some(kept) = self.round.next_kept() else {
                self.next_round()?;
                continue;
            };
            let atoms: Vec<&Atom> = kept.iter().map(|&index| &self.round.atoms[index]).collect();
            match atom::join(&atoms, &self.base) {
                Some(patch) if patch != self.best && !self.refused.contains(&patch.hash()) => {
                    self.candidate = Some((patch, kept));
                }
                // The same result without these parts: they are no change at all.
                Some(patch) if patch == self.best => self.round.keep(kept),
                _ => self.round.skip(),
            }
        }
        self.candidate.as_ref().map(|(patch, _)| patch)
    }

    /// Says whether the candidate does what the patch should. What could not be found out does not hold.
    pub fn judge(&mut self, holds: bool) {
        let Some((patch, kept)) = self.candidate.take() else { return };
        self.judged += 1;
        if holds {
            self.best = patch;
            self.round.keep(kept);
        } else {
            self.refused.insert(patch.hash());
            self.round.skip();
        }
    }

    /// How many candidates were judged.
    #[must_use]
    pub fn judged(&self) -> u64 {
        self.judged
    }

    /// The smallest patch that was judged to hold, at any time.
    #[must_use]
    pub fn best(&self) -> &Patch {
        &self.best
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_patch(self) -> Patch {
        self.best
    }

    /// Goes on with finer parts; from the finest to the coarsest again for as long as that helps.
    fn next_round(&mut self) -> Option<()> {
        let since_coarsest = self.round.since_coarsest;
        let grain = match self.round.grain.finer() {
            Some(grain) => grain,
            None if since_coarsest => Grain::Runs,
            None => return None,
        };
        let atoms = atom::split(&self.best, &self.base, grain);
        self.round = Round::new(grain, atoms, since_coarsest && grain != Grain::Runs);
        Some(())
    }
}

impl Round {
    fn new(grain: Grain, atoms: Vec<Atom>, since_coarsest: bool) -> Self {
        let share = atoms.len().div_ceil(2).max(1);
        Self { grain, atoms, share, at: 0, is_smaller: false, since_coarsest }
    }

    /// The parts of the next candidate, or `None` when no single part can be left out.
    fn next_kept(&mut self) -> Option<Vec<usize>> {
        // One part that is left out of one is no patch.
        if self.atoms.len() < 2 {
            return None;
        }
        if self.at >= self.atoms.len() {
            if self.share == 1 && !self.is_smaller {
                return None;
            }
            if !self.is_smaller || self.share > 1 {
                self.share = (self.share / 2).max(1);
            }
            (self.at, self.is_smaller) = (0, false);
        }
        let left_out = self.at..self.at + self.share;
        Some((0..self.atoms.len()).filter(|index| !left_out.contains(index)).collect())
    }

    fn keep(&mut self, kept: Vec<usize>) {
        let mut atoms = std::mem::take(&mut self.atoms).into_iter().map(Some).collect::<Vec<_>>();
        self.atoms = kept.into_iter().filter_map(|index| atoms[index].take()).collect();
        self.is_smaller = true;
        self.since_coarsest = true;
    }

    fn skip(&mut self) {
        self.at += self.share;
    }
}

#[cfg(test)]
mod tests;
