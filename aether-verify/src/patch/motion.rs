//! All steps of a plan: forward until the patch is applied, or back until nothing of it is left.

use std::collections::BTreeSet;
use std::io;

use aether_core::base::RelPath;

use super::disk::Like;
use super::plan::{Folder, Plan};
use super::record::{Record, unless, with_slots};
use super::step::Met;

/// Brings what an interruption left in between to one of its two ends.
pub(super) fn mend(record: &Record<'_>, plan: &Plan) -> io::Result<()> {
    with_slots(record, plan, |step| step.mend())
}

/// Makes the steps that are still ahead, durably. Stops where something else is met than the plan says,
/// unless `by_force`; the steps before it stay made.
pub(super) fn advance(record: &Record<'_>, plan: &Plan, by_force: bool) -> io::Result<Met> {
    make_folders(record, &plan.made)?;
    let mut met = Met::Expected;
    with_slots(record, plan, |step| {
        if met == Met::Other {
            return Ok(());
        }
        met = if step.is_ahead()? {
            step.advance(by_force)?
        } else if by_force || step.step.before.is_none() || step.in_slot()?.is(step.step.before) {
            Met::Expected
        } else {
            Met::Other
        };
        io::Result::Ok(())
    })?;
    if met == Met::Expected {
        remove_folders(record, plan.emptied.iter())?;
        sync(record, plan)?;
    }
    Ok(met)
}

/// Takes the steps back that were made, durably. Says whether all of them went back.
pub(super) fn retreat(record: &Record<'_>, plan: &Plan) -> io::Result<Met> {
    let emptied: Vec<Folder> = plan.emptied.iter().rev().cloned().collect();
    make_folders(record, &emptied)?;
    let mut all = Met::Expected;
    for (index, step) in plan.steps.iter().enumerate().rev() {
        let step = super::step::SlotStep { disk: record.disk, step, slot: &record.slot(index) };
        if !step.is_ahead()? && step.retreat()? == Met::Other {
            all = Met::Other;
        }
    }
    remove_folders(record, plan.made.iter().rev())?;
    sync(record, plan)?;
    Ok(all)
}

fn make_folders(record: &Record<'_>, folders: &[Folder]) -> io::Result<()> {
    for folder in folders {
        let like = match folder.mode {
            Some(mode) => Like::Folder { mode },
            None => Like::New { executable: true },
        };
        unless(io::ErrorKind::AlreadyExists, record.disk.make_folder(&folder.path, like))?;
    }
    Ok(())
}

/// Removes those that are empty. One that is not, or that the system holds on to, stays.
fn remove_folders<'a>(record: &Record<'_>, folders: impl Iterator<Item = &'a Folder>) -> io::Result<()> {
    for folder in folders {
        match record.disk.remove_folder(&folder.path) {
            Err(error)
                if !matches!(
                    error.kind(),
                    io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound | io::ErrorKind::ResourceBusy
                ) =>
            {
                return Err(error);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Makes all names that the steps touch durable.
fn sync(record: &Record<'_>, plan: &Plan) -> io::Result<()> {
    let changed = plan.emptied.iter().chain(&plan.made).map(|folder| &folder.path);
    let mut folders: BTreeSet<RelPath> = plan.made.iter().map(|folder| folder.path.clone()).collect();
    folders.extend(plan.steps.iter().map(|step| &step.path).chain(changed).map(RelPath::parent));
    for folder in &folders {
        unless(io::ErrorKind::NotFound, record.disk.sync_folder(folder))?;
    }
    record.sync_folder()
}
