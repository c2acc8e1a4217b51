//! `bench patches`: applying a patch beside the syncing that it cannot do without, and a candidate in a scratch
//! copy beside an incremental check.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use aether_core::base::{ByteSpan, Cancel, RelPath};
use aether_core::change::{Edit, FileMode, FilePatch, FileState, Patch};
use aether_core::conformance::edit_permits;
use aether_verify::{PatchOptions, Scratch, ScratchLimits, WorkTree};
use anyhow::{Context as _, Result, ensure};

use crate::options::BenchPatches;
use crate::output::say;
use crate::report::{self, Bar, Row};

/// Files of the patch that is applied.
const FILES: usize = 10;
const FILE_BYTES: usize = 8 * 1024;

/// Measures both; whether the bars are met.
pub(crate) fn patches(options: &BenchPatches) -> Result<bool> {
    let mut rows = apply(options)?;
    if let Some(crate_folder) = &options.crate_folder {
        rows.extend(scratch(crate_folder, options)?);
    }
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}

/// Ten files of 8 KiB in three folders: applied, and only written and synced, in turns.
fn apply(options: &BenchPatches) -> Result<Vec<Row>> {
    let folder = tempfile::tempdir_in(&options.folder)?;
    let root = folder.path().join("tree");
    let alone = folder.path().join("alone");
    let names: Vec<String> = (0..FILES).map(|index| format!("part{}/file{index}.rs", index % 3)).collect();
    for base in [&root, &alone] {
        for name in &names {
            let at = base.join(name);
            std::fs::create_dir_all(at.parent().context("it is in a folder")?)?;
            std::fs::write(at, vec![b'a'; FILE_BYTES])?;
        }
    }
    let tree = WorkTree::open(&root)?;
    let (mut applied, mut synced) = (Vec::new(), Vec::new());
    for round in 0..options.rounds {
        let files: Result<Vec<FilePatch>> = names
            .iter()
            .map(|name| {
                let old = std::fs::read(root.join(name))?;
                let state = FileState::of(RelPath::new(name.clone())?, FileMode::Regular, &old);
                let edit = Edit::new(ByteSpan::new(0, 8), format!("{round:08}"));
                Ok(FilePatch::edit(state, &old, vec![edit])?)
            })
            .collect();
        let (patch, limits) = (Patch::new(files?)?, PatchOptions::default());
        let permits = edit_permits(&patch, &tree.check(&patch, &limits)?);
        let begin = Instant::now();
        tree.apply(&patch, &limits, permits)?;
        applied.push(begin.elapsed().as_secs_f64());

        let begin = Instant::now();
        sync_alone(&alone, &names)?;
        synced.push(begin.elapsed().as_secs_f64());
    }
    let (applied, synced) = (median(&mut applied), median(&mut synced));
    Ok(vec![
        Row::plain("10 files of 8 KiB", "applied, median", applied * 1e3, 2, "ms"),
        Row::plain(
            "10 files of 8 KiB",
            "each written and synced, with its folder, median",
            synced * 1e3,
            2,
            "ms",
        ),
        Row::gate("10 files of 8 KiB", "applied by synced", applied / synced, 2, "×", Bar::AtMost(3.0)),
    ])
}

/// The least that keeps ten new files: each is synced, and each folder.
fn sync_alone(root: &Path, names: &[String]) -> Result<()> {
    for name in names {
        let mut file = File::create(root.join(name))?;
        file.write_all(&[b'b'; FILE_BYTES])?;
        file.sync_all()?;
    }
    for folder in 0..3 {
        File::open(root.join(format!("part{folder}")))?.sync_all()?;
    }
    Ok(())
}

/// The same change of the same crate: by hand in one copy, as a candidate in a scratch copy, in turns.
fn scratch(crate_folder: &Path, options: &BenchPatches) -> Result<Vec<Row>> {
    let file = RelPath::new(options.file.clone())?;
    let folder = tempfile::tempdir_in(&options.folder)?;
    let tree = folder.path().join("tree");
    let copied = Command::new("cp").arg("-a").arg(crate_folder).arg(&tree).status()?;
    ensure!(copied.success(), "the crate cannot be copied");
    let plain_target = folder.path().join("target");
    let old = std::fs::read(tree.join(file.as_str()))?;
    let state = FileState::of(file.clone(), FileMode::Regular, &old);
    let mut scratch = Scratch::open(&tree, &folder.path().join("home"), ScratchLimits::default())?;
    scratch.sync(&Cancel::new())?;
    check(&tree, &plain_target)?;
    check(&scratch.folder(), &scratch.target())?;
    let (mut plain, mut tried) = (Vec::new(), Vec::new());
    for round in 0..options.rounds {
        let line = format!("// candidate {round}\n");
        let begin = Instant::now();
        std::fs::write(tree.join(file.as_str()), [line.as_bytes(), &old].concat())?;
        check(&tree, &plain_target)?;
        plain.push(begin.elapsed().as_secs_f64());
        std::fs::write(tree.join(file.as_str()), &old)?;

        let edit = Edit::new(ByteSpan::new(0, 0), line);
        let patch = Patch::new(vec![FilePatch::edit(state.clone(), &old, vec![edit])?])?;
        let begin = Instant::now();
        scratch.sync(&Cancel::new())?;
        scratch.try_patch(&patch)?;
        check(&scratch.folder(), &scratch.target())?;
        tried.push(begin.elapsed().as_secs_f64());
    }
    let name = crate_folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (plain, tried) = (median(&mut plain), median(&mut tried));
    Ok(vec![
        Row::plain(&name, "incremental check, median", plain, 3, "s"),
        Row::plain(&name, "candidate in a scratch copy, median", tried, 3, "s"),
        Row::gate(&name, "candidate by incremental check", tried / plain, 2, "×", Bar::AtMost(1.3)),
    ])
}

fn check(folder: &Path, target: &PathBuf) -> Result<()> {
    let output = Command::new("cargo")
        .args(["check", "--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .context("cargo")?;
    ensure!(output.status.success(), "cargo check: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
