//! The records of applied patches: one folder each, below `.aether/patches`.
//!
//! A record holds its plan, in a file whose name is the state, and a slot for each step. The plan appears
//! under the name `applying.json` only once all slots are durable, so a record without a plan has changed
//! nothing. From then on the state changes by renaming that file, which happens whole or not at all.

use std::io;

use aether_core::base::RelPath;

use super::disk::{Disk, Like};
use super::error::{ApplyError, ApplyErrorKind};
use super::names;
use super::plan::{Plan, VERSION};
use super::step::SlotStep;

/// Where records are.
pub(super) const FOLDER: &str = ".aether/patches";
/// The file that whoever applies or reverts holds locked.
pub(super) const LOCK: &str = ".aether/patches/lock";
/// A plan of 10,000 files is about 4 MiB.
const MAX_PLAN_BYTES: u64 = 64 * 1024 * 1024;

/// How far a record is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    /// Slots are written; nothing was changed.
    Preparing,
    /// Steps are being made.
    Applying,
    /// All steps are made, and can be taken back.
    Applied,
    /// Steps are being taken back.
    Reverting,
    /// The same, whatever the files hold by now.
    Forcing,
    /// All steps are taken back.
    Reverted,
    /// Steps were taken back because files were changed at the same moment. What did not go back to its
    /// place is in the slots.
    Torn,
}

impl State {
    const WITH_PLAN: [Self; 6] =
        [Self::Applying, Self::Applied, Self::Reverting, Self::Forcing, Self::Reverted, Self::Torn];

    fn file_name(self) -> &'static str {
        match self {
            Self::Preparing => "preparing.json",
            Self::Applying => "applying.json",
            Self::Applied => "applied.json",
            Self::Reverting => "reverting.json",
            Self::Forcing => "forcing.json",
            Self::Reverted => "reverted.json",
            Self::Torn => "torn.json",
        }
    }
}

/// A record and its folder.
#[derive(Clone, Debug)]
pub(super) struct Record<'a> {
    pub(super) disk: &'a dyn Disk,
    pub(super) token: String,
    folder: RelPath,
}

/// A path of plain names of ours.
pub(super) fn below(folder: &RelPath, name: &str) -> RelPath {
    folder.join(name).expect("a plain name below a path is a path")
}

/// The folder of all records.
pub(super) fn folder() -> RelPath {
    RelPath::new(FOLDER).expect("a constant path is a path")
}

/// Does `call`, taking what is already done for done.
pub(super) fn unless(kind: io::ErrorKind, result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == kind => Ok(()),
        result => result,
    }
}

impl<'a> Record<'a> {
    pub(super) fn new(disk: &'a dyn Disk, token: &str) -> Self {
        Self { disk, token: token.to_owned(), folder: below(&folder(), token) }
    }

    /// All records, in the order in which they were made.
    pub(super) fn all(disk: &'a dyn Disk) -> io::Result<Vec<Self>> {
        let mut tokens: Vec<String> = disk
            .list(&folder())?
            .into_iter()
            .filter_map(|name| String::from_utf8(name).ok())
            .filter(|name| is_token(name))
            .collect();
        tokens.sort_unstable();
        Ok(tokens.iter().map(|token| Self::new(disk, token)).collect())
    }

    /// How far it is.
    pub(super) fn state(&self) -> io::Result<State> {
        for state in State::WITH_PLAN {
            if self.disk.stat(&self.plan_path(state))?.is_some() {
                return Ok(state);
            }
        }
        Ok(State::Preparing)
    }

    /// The plan of a record that has one.
    pub(super) fn plan(&self, state: State) -> Result<Plan, ApplyError> {
        self.plan_of_this_tree(state)?.ok_or_else(|| {
            ApplyError::new(ApplyErrorKind::UndoDamaged, &self.plan_path(state))
                .with_detail("it is the record of another tree".to_owned())
        })
    }

    /// The plan of a record that has one; `None` where the record was made elsewhere and came here with the files, as
    /// in a copy of the tree.
    pub(super) fn plan_of_this_tree(&self, state: State) -> Result<Option<Plan>, ApplyError> {
        let path = self.plan_path(state);
        let bytes =
            self.disk.read(&path, MAX_PLAN_BYTES).map_err(|error| ApplyError::of_call(&path, error))?;
        let damaged =
            |detail: String| ApplyError::new(ApplyErrorKind::UndoDamaged, &path).with_detail(detail);
        let plan: Plan = match serde_json::from_slice(&bytes) {
            Ok(plan) => plan,
            Err(error) => {
                let version = serde_json::from_slice::<serde_json::Value>(&bytes)
                    .ok()
                    .and_then(|value| value.get("version")?.as_u64());
                return Err(match version {
                    Some(version) if version > u64::from(VERSION) => {
                        ApplyError::new(ApplyErrorKind::NewerVersion, &path)
                    }
                    _ => damaged(error.to_string()),
                });
            }
        };
        if plan.version != VERSION {
            return Err(ApplyError::new(ApplyErrorKind::NewerVersion, &path));
        }
        if plan.home != self.home().map_err(|error| ApplyError::of_call(&path, error))? {
            return Ok(None);
        }
        // Whoever guesses the folder as well gets no further than with a patch.
        let touched = plan.steps.iter().map(|step| &step.path);
        let folders = plan.emptied.iter().chain(&plan.made).map(|folder| &folder.path);
        let is_refused = |path: &&RelPath| {
            **path == RelPath::root()
                || names::fault(path).is_some_and(|kind| kind != ApplyErrorKind::RunsAtBuild)
        };
        match touched.chain(folders).find(is_refused) {
            Some(refused) => Err(damaged(format!("it names {refused}"))),
            None => Ok(Some(plan)),
        }
    }

    /// Writes the plan, durable but not in force yet.
    pub(super) fn write_plan(&self, plan: &Plan) -> io::Result<()> {
        let path = self.plan_path(State::Preparing);
        let mut text = serde_json::to_vec(&Plan { home: self.home()?, ..plan.clone() })?;
        text.push(b'\n');
        self.disk.write_new(&path, &text, Like::Private)?;
        self.disk.sync_file(&path)
    }

    /// Says how far the record is, durably.
    pub(super) fn turn(&self, from: State, to: State) -> io::Result<()> {
        self.disk.rename(&self.plan_path(from), &self.plan_path(to))?;
        self.disk.sync_folder(&self.folder)
    }

    /// What tells its folder from all others.
    fn home(&self) -> io::Result<u64> {
        Ok(self.disk.stat(&self.folder)?.ok_or(io::ErrorKind::NotFound)?.inode)
    }

    pub(super) fn make_folder(&self) -> io::Result<()> {
        self.disk.make_folder(&self.folder, Like::Private)
    }

    pub(super) fn sync_folder(&self) -> io::Result<()> {
        self.disk.sync_folder(&self.folder)
    }

    pub(super) fn slot(&self, index: usize) -> RelPath {
        below(&self.folder, &index.to_string())
    }

    /// Removes the record and all that it keeps. Its plan goes first, so that what is left of it after an
    /// interruption is taken for a record that changed nothing.
    pub(super) fn remove(&self) -> io::Result<()> {
        let mut names = self.disk.list(&self.folder)?;
        names.sort_by_key(|name| !name.ends_with(b".json"));
        let mut is_plan = true;
        for name in names {
            if is_plan && !name.ends_with(b".json") {
                is_plan = false;
                self.disk.sync_folder(&self.folder)?;
            }
            let name = String::from_utf8_lossy(&name);
            self.disk.remove_file(&below(&self.folder, &name))?;
        }
        self.disk.remove_folder(&self.folder)?;
        self.disk.sync_folder(&folder())
    }

    fn plan_path(&self, state: State) -> RelPath {
        below(&self.folder, state.file_name())
    }
}

/// Calls `visit` with each step and its slot.
pub(super) fn with_slots<E>(
    record: &Record<'_>,
    plan: &Plan,
    mut visit: impl FnMut(SlotStep<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for (index, step) in plan.steps.iter().enumerate() {
        visit(SlotStep { disk: record.disk, step, slot: &record.slot(index) })?;
    }
    Ok(())
}

/// The token of the next record: a running number, so that records sort by age, and the beginning of the
/// identity of the patch.
pub(super) fn next_token(records: &[Record<'_>], patch: aether_core::base::Sha256Hash) -> String {
    let last =
        records.iter().filter_map(|record| record.token.get(1..7)?.parse::<u32>().ok()).max().unwrap_or(0);
    let hash = patch.to_string();
    let digits = hash.strip_prefix("sha256:").and_then(|hex| hex.get(..12)).unwrap_or_default();
    format!("p{:06}-{digits}", last.saturating_add(1))
}

/// Whether a name is one that [`next_token`] gives.
pub(super) fn is_token(name: &str) -> bool {
    let Some((number, digits)) = name.strip_prefix('p').and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    number.len() >= 6
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && digits.len() == 12
        && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
