//! `eval diffs`: the diffs of real commits, read, bound, applied, taken back and written again, and each
//! compared with what git makes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use aether_core::base::RelPath;
use aether_core::change::{FileMode, Patch};
use aether_core::conformance::{edit_permits, revert_permit};
use aether_verify::{ApplyErrorKind, BaseFile, Diff, PatchOptions, WorkTree, print_patch};
use anyhow::{Context as _, Result, bail, ensure};

use crate::options::EvalDiffs;
use crate::output::{say, say_error};
use crate::report::{self, Bar, Row};

/// One side of a file of a commit.
#[derive(Clone, Debug)]
struct Side {
    mode: String,
    blob: String,
    path: Vec<u8>,
}

/// What a commit does to its files, as git tells it.
#[derive(Debug, Default)]
struct Told {
    old: Vec<Side>,
    new: Vec<Side>,
}

#[derive(Debug, Default)]
struct Counts {
    diffs: u64,
    files: u64,
    /// Diffs with links or submodules, which are refused.
    unsupported: u64,
    /// Applied and reverted in a working tree.
    applied: u64,
    refused: BTreeMap<&'static str, u64>,
    wrong: u64,
}

/// Whether every diff that can be applied gives what git says, in both directions.
pub(crate) fn diffs(options: &EvalDiffs) -> Result<bool> {
    let mut all = Counts::default();
    let mut rows = Vec::new();
    for repository in &options.repositories {
        let counts = repository_diffs(repository, options)?;
        let name = repository.canonicalize()?;
        let name = name.components().rev().map(|part| part.as_os_str().to_string_lossy().into_owned());
        let name = name.into_iter().find(|part| part != "repo" && part != ".git").unwrap_or_default();
        push_rows(&mut rows, &name, &counts);
        all.diffs += counts.diffs;
        all.files += counts.files;
        all.unsupported += counts.unsupported;
        all.applied += counts.applied;
        all.wrong += counts.wrong;
        for (reason, count) in counts.refused {
            *all.refused.entry(reason).or_default() += count;
        }
    }
    push_rows(&mut rows, "all", &all);
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}

fn push_rows(rows: &mut Vec<Row>, name: &str, counts: &Counts) {
    rows.push(Row::plain(name, "diffs", counts.diffs as f64, 0, ""));
    rows.push(Row::plain(name, "files in them", counts.files as f64, 0, ""));
    rows.push(Row::plain(name, "diffs with links or submodules, refused", counts.unsupported as f64, 0, ""));
    rows.push(Row::plain(name, "applied to a tree and reverted", counts.applied as f64, 0, ""));
    for (reason, count) in &counts.refused {
        rows.push(Row::plain(name, &format!("refused: {reason}"), *count as f64, 0, ""));
    }
    rows.push(Row::gate(name, "diffs that differ from git", counts.wrong as f64, 0, "", Bar::AtMost(0.0)));
}

fn repository_diffs(repository: &Path, options: &EvalDiffs) -> Result<Counts> {
    let log = git(repository, &["log", "--no-merges", "--min-parents=1", "--format=%H", "HEAD"])?;
    let commits: Vec<&str> = std::str::from_utf8(&log)?.lines().take(options.commits).collect();
    let mut blobs = Blobs::open(repository)?;
    let mut counts = Counts::default();
    for (index, commit) in commits.iter().enumerate() {
        if index % 500 == 0 {
            say_error(&format!("{}: {index} of {}", repository.display(), commits.len()));
        }
        if let Err(error) = check_commit(repository, commit, &mut blobs, &mut counts) {
            counts.wrong += 1;
            say(&format!("{commit}: {error:#}"));
        }
    }
    Ok(counts)
}

fn check_commit(repository: &Path, commit: &str, blobs: &mut Blobs, counts: &mut Counts) -> Result<()> {
    let told = told(repository, commit)?;
    if told.old.is_empty() && told.new.is_empty() {
        return Ok(());
    }
    counts.diffs += 1;
    counts.files += told.old.len().max(told.new.len()) as u64;
    let text = git(
        repository,
        &["diff-tree", "-p", "-r", "-M", "--binary", "--full-index", "--no-commit-id", commit],
    )?;
    let is_special = |side: &Side| side.mode != "100644" && side.mode != "100755";
    let expects_refusal = told.old.iter().chain(&told.new).any(is_special);
    let options = PatchOptions::default();
    let diff = match Diff::parse(&text, &options) {
        Err(error) if error.kind() == ApplyErrorKind::Unsupported && expects_refusal => {
            counts.unsupported += 1;
            return Ok(());
        }
        Err(error) => return Err(error).context("git wrote it and it was not read"),
        Ok(_) if expects_refusal => bail!("a link or submodule was not refused"),
        Ok(diff) => diff,
    };
    let old = blobs.files(&told.old)?;
    let new = blobs.files(&told.new)?;
    let patch = match diff.bind(&old, &options) {
        Err(error) if error.kind() == ApplyErrorKind::PathConflict && becomes_folder(&old, &new) => {
            *counts.refused.entry("a file that becomes a folder, or the other way round").or_default() += 1;
            return Ok(());
        }
        bound => bound.context("it was made for these files and does not fit them")?,
    };
    check_result(&patch, &old, &new)?;
    let back: Result<Vec<_>, _> = patch
        .files()
        .iter()
        .map(|file| file.invert(file.before().map(|state| &old[&state.path].bytes[..])))
        .collect();
    check_result(&Patch::new(back?)?, &new, &old).context("backwards")?;
    let ours = print_patch(&patch, &old)?;
    let again = Diff::parse(&ours, &options).context("ours was not read")?.bind(&old, &options)?;
    check_result(&again, &old, &new).context("ours, read again")?;
    check_with_git(repository, &told, &ours).context("ours, read by git")?;
    check_in_tree(&patch, &old, &new, &options, counts)
}

/// Whether a path of one side lies inside one of the other.
fn becomes_folder(old: &Files, new: &Files) -> bool {
    let lies_in = |inner: &Files, outer: &Files| {
        inner.keys().any(|path| outer.keys().any(|folder| path != folder && path.starts_with(folder)))
    };
    lies_in(new, old) || lies_in(old, new)
}

type Files = BTreeMap<RelPath, BaseFile>;

/// Whether the patch gives exactly the files that git says.
fn check_result(patch: &Patch, old: &Files, new: &Files) -> Result<()> {
    let mut left = old.clone();
    let mut made = Files::new();
    for file in patch.files() {
        let before = file.before().and_then(|state| left.remove(&state.path));
        let bytes = file.apply(before.as_ref().map(|file| &file.bytes[..]))?;
        if let (Some(state), Some(bytes)) = (file.after(), bytes) {
            made.insert(state.path.clone(), BaseFile::new(state.mode, bytes));
        }
    }
    left.extend(made);
    // A copy leaves its source, which git does not name on the new side.
    left.retain(|path, file| new.contains_key(path) || old.get(path) != Some(file));
    ensure!(left.keys().eq(new.keys()), "other files: {:?}", left.keys().collect::<BTreeSet<_>>());
    for (path, file) in &left {
        ensure!(new[path] == *file, "{path} has other bytes or another mode");
    }
    Ok(())
}

/// Whether git, given the old files alone, makes the new ones of our diff.
fn check_with_git(repository: &Path, told: &Told, ours: &[u8]) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let index = folder.path().join("index");
    let run = |arguments: &[&str], input: &[u8]| -> Result<Vec<u8>> {
        let mut child = Command::new("git")
            .current_dir(repository)
            .args(["-c", "core.autocrlf=false", "-c", "apply.whitespace=nowarn"])
            .args(arguments)
            .env("GIT_INDEX_FILE", &index)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        child.stdin.take().context("it is piped")?.write_all(input)?;
        let output = child.wait_with_output()?;
        ensure!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(output.stdout)
    };
    let listing = |sides: &[Side]| {
        let mut entries: Vec<Vec<u8>> = sides
            .iter()
            .map(|side| {
                [side.mode.as_bytes(), b" ", side.blob.as_bytes(), b" 0\t", &side.path, b"\0"].concat()
            })
            .collect();
        entries.sort_by(|a, b| a[49..].cmp(&b[49..]));
        entries.concat()
    };
    run(&["update-index", "-z", "--index-info"], &listing(&told.old))?;
    run(&["apply", "--cached", "--whitespace=nowarn", "-"], ours)?;
    ensure!(run(&["ls-files", "-s", "-z"], b"")? == listing(&told.new), "git makes other files of it");
    Ok(())
}

/// Applies the patch to files on a disk, and takes it back.
fn check_in_tree(
    patch: &Patch,
    old: &Files,
    new: &Files,
    options: &PatchOptions,
    counts: &mut Counts,
) -> Result<()> {
    // What is compared is what is done, not how long a disk takes.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? };
    for (path, file) in old {
        let at = folder.path().join(os_path(path));
        std::fs::create_dir_all(at.parent().context("it is in a folder")?)?;
        std::fs::write(&at, &file.bytes)?;
        set_mode(&at, file.mode)?;
    }
    let tree = WorkTree::open(folder.path())?;
    let permitted = tree.check(patch, options).map(|needs| edit_permits(patch, &needs));
    let applied = match permitted.and_then(|permits| tree.apply(patch, options, permits)) {
        Ok(applied) => applied,
        Err(error) => {
            let reason = match error.kind() {
                ApplyErrorKind::CaseTwin => "case twin",
                ApplyErrorKind::BadPath => "path",
                ApplyErrorKind::LookAlike => "look-alike",
                ApplyErrorKind::ProtectedPath => "protected path",
                _ => return Err(error).context("the tree refuses it"),
            };
            *counts.refused.entry(reason).or_default() += 1;
            return Ok(());
        }
    };
    ensure!(same_files(folder.path(), old, new)?, "the tree holds other files");
    tree.revert(&applied.token, revert_permit(applied.patch, &applied.paths))?;
    ensure!(same_files(folder.path(), new, old)?, "the tree holds other files once it is reverted");
    counts.applied += 1;
    Ok(())
}

/// Whether exactly `files` are there, of those and `gone`.
fn same_files(root: &Path, gone: &Files, files: &Files) -> Result<bool> {
    for (path, file) in files {
        if std::fs::read(root.join(os_path(path))).ok().as_ref() != Some(&file.bytes)
            || mode_of(&root.join(os_path(path)))? != file.mode
        {
            return Ok(false);
        }
    }
    Ok(gone.keys().filter(|path| !files.contains_key(*path)).all(|path| !root.join(os_path(path)).exists()))
}

#[cfg(unix)]
fn os_path(path: &RelPath) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    PathBuf::from(std::ffi::OsString::from_vec(path.to_bytes()))
}

#[cfg(not(unix))]
fn os_path(path: &RelPath) -> PathBuf {
    PathBuf::from(path.as_str())
}

#[cfg(unix)]
fn set_mode(at: &Path, mode: FileMode) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if mode == FileMode::Executable { 0o755 } else { 0o644 };
    Ok(std::fs::set_permissions(at, std::fs::Permissions::from_mode(mode))?)
}

#[cfg(not(unix))]
fn set_mode(_at: &Path, _mode: FileMode) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn mode_of(at: &Path) -> Result<FileMode> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = at.metadata()?.permissions().mode();
    Ok(if mode & 0o100 == 0 { FileMode::Regular } else { FileMode::Executable })
}

#[cfg(not(unix))]
fn mode_of(_at: &Path) -> Result<FileMode> {
    Ok(FileMode::Regular)
}

/// The files of a commit before and afterwards. The source of a rename is on the old side.
fn told(repository: &Path, commit: &str) -> Result<Told> {
    let raw =
        git(repository, &["diff-tree", "-r", "-M", "--raw", "-z", "--full-index", "--no-commit-id", commit])?;
    let mut fields = raw.split(|&byte| byte == 0);
    let mut told = Told::default();
    while let Some(head) = fields.next().filter(|head| !head.is_empty()) {
        let head =
            std::str::from_utf8(head)?.strip_prefix(':').context("a line of git begins with a colon")?;
        let words: Vec<&str> = head.split(' ').collect();
        let [old_mode, new_mode, old_blob, new_blob, status] = words[..] else {
            bail!("a line of git: {head}")
        };
        let path = fields.next().context("a path")?.to_vec();
        let new_path = match status.as_bytes()[0] {
            b'R' | b'C' => fields.next().context("a second path")?.to_vec(),
            _ => path.clone(),
        };
        let side = |mode: &str, blob: &str, path| Side { mode: mode.to_owned(), blob: blob.to_owned(), path };
        if old_mode != "000000" {
            told.old.push(side(old_mode, old_blob, path));
        }
        if new_mode != "000000" {
            told.new.push(side(new_mode, new_blob, new_path));
        }
    }
    Ok(told)
}

fn git(repository: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("git").current_dir(repository).args(arguments).output().context("git")?;
    ensure!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(output.stdout)
}

/// Contents by their names, from one process.
struct Blobs {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Blobs {
    fn open(repository: &Path) -> Result<Self> {
        let mut child = Command::new("git")
            .current_dir(repository)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("git")?;
        let input = child.stdin.take().context("it is piped")?;
        let output = BufReader::new(child.stdout.take().context("it is piped")?);
        Ok(Self { child, input, output })
    }

    fn files(&mut self, sides: &[Side]) -> Result<Files> {
        let mut files = Files::new();
        for side in sides {
            let mode = if side.mode == "100755" { FileMode::Executable } else { FileMode::Regular };
            files.insert(RelPath::from_bytes(&side.path)?, BaseFile::new(mode, self.read(&side.blob)?));
        }
        Ok(files)
    }

    fn read(&mut self, blob: &str) -> Result<Vec<u8>> {
        writeln!(self.input, "{blob}")?;
        let mut head = String::new();
        self.output.read_line(&mut head)?;
        let bytes =
            head.trim().rsplit(' ').next().unwrap_or_default().parse().with_context(|| head.clone())?;
        let mut content = vec![0; bytes];
        self.output.read_exact(&mut content)?;
        self.output.read_exact(&mut [0])?;
        Ok(content)
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
