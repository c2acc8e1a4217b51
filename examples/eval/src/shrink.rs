//! `eval shrink`: fixes of planted errors, inflated with planted noise, and how much of the noise is left after
//! shrinking by the compiler.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use aether_core::authority::{LeaseError, Permit, RunCommand};
use aether_core::base::{Cancel, RelPath};
use aether_core::change::{
    Change, CheckStep, CommandLine, FileMode, FilePatch, FileState, NetworkAccess, Patch, RunMode, RunReport,
    SandboxReport,
};
use aether_core::conformance::run_permit;
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{ChangedLines, PatchGate, Scratch, ScratchLimits, Verifier, VerifyPlan, WorkTree};
use anyhow::{Context as _, Result, bail};
use async_trait::async_trait;

use crate::options::EvalShrink;
use crate::output::say;
use crate::random::Random;
use crate::report::{self, Bar, Row};

/// Most candidates of one patch.
const CANDIDATES: u32 = 400;

/// Whether enough of the noise is left out, and the fixes stay.
pub(crate) fn shrink(options: &EvalShrink) -> Result<bool> {
    let mut all = Counts::default();
    let mut rows = Vec::new();
    for folder in &options.crate_folders {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let counts = crate_of(folder, options).with_context(|| folder.display().to_string())?;
        rows.push(Row::plain(&name, "fixes", f64::from(counts.cases), 0, ""));
        rows.push(Row::plain(&name, "noise left out", counts.share(), 3, ""));
        rows.push(Row::plain(&name, "candidates, of one", counts.each(counts.candidates), 1, ""));
        rows.push(Row::plain(&name, "seconds, of one", counts.each_second(), 1, "s"));
        all.add(&counts);
    }
    rows.push(Row::plain("all", "fixes", f64::from(all.cases), 0, ""));
    rows.push(Row::plain("all", "lines of noise", f64::from(all.noise), 0, ""));
    rows.push(Row::gate("all", "noise left out", all.share(), 3, "", Bar::AtLeast(0.9)));
    rows.push(Row::gate("all", "fixes that hold", all.held(), 3, "", Bar::AtLeast(1.0)));
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}

#[derive(Debug, Default)]
struct Counts {
    cases: u32,
    holding: u32,
    /// Lines of noise, and those that are left.
    noise: u32,
    left: u32,
    candidates: u64,
    seconds: f64,
}

impl Counts {
    fn share(&self) -> f64 {
        1.0 - f64::from(self.left) / f64::from(self.noise.max(1))
    }

    fn held(&self) -> f64 {
        f64::from(self.holding) / f64::from(self.cases.max(1))
    }

    fn each(&self, number: u64) -> f64 {
        number as f64 / f64::from(self.cases.max(1))
    }

    fn each_second(&self) -> f64 {
        self.seconds / f64::from(self.cases.max(1))
    }

    fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.holding += other.holding;
        self.noise += other.noise;
        self.left += other.left;
        self.candidates += other.candidates;
        self.seconds += other.seconds;
    }
}

/// A source with one error in it.
struct Broken {
    path: RelPath,
    good: String,
    bad: String,
}

fn crate_of(folder: &Path, options: &EvalShrink) -> Result<Counts> {
    let keep = tempfile::tempdir()?;
    let root = keep.path().join("tree");
    copy(folder, &root)?;
    let steps = ["cargo check --offline", "cargo test --offline --lib --no-run"];
    let steps = steps.iter().map(|text| Ok(CheckStep::of(CommandLine::parse(text)?)));
    let plan = VerifyPlan::new(steps.collect::<Result<_>>()?);
    let runner = Plain::default();
    let tree = WorkTree::open(&root)?;
    let scratch = Scratch::open(&root, &keep.path().join("scratch"), ScratchLimits::default())?;
    let mut gate =
        PatchGate::new(&tree, scratch, Verifier::new(&runner, &plan)).with_max_changed_lines(u32::MAX);
    let cancel = Cancel::new();
    let mut permits = |command: &CommandLine| Ok::<Permit<RunCommand>, LeaseError>(run_permit(command));
    let mut random = Random::new(options.seed);
    let mut counts = Counts::default();
    let sources = sources(&root)?;
    // Not every error that is planted is one.
    for _ in 0..options.cases * 4 {
        if counts.cases == options.cases {
            break;
        }
        let Some(broken) = plant(&root, &sources, &mut random)? else { continue };
        let at = root.join(broken.path.as_str());
        std::fs::write(&at, &broken.bad)?;
        if block_on(gate.verify(&mut permits, &cancel))?.is_green() {
            std::fs::write(&at, &broken.good)?;
            continue;
        }
        let fix = patch_of(&broken.path, &broken.bad, &broken.good)?;
        let inflated = patch_of(&broken.path, &broken.bad, &inflate(&broken.good, &mut random))?;
        let lines = |patch: &Patch| Ok::<u32, anyhow::Error>(ChangedLines::of(patch, &tree)?.total());
        let (needed, before) = (lines(&fix)?, lines(&inflated)?);
        let runs = runner.runs();
        let begin = Instant::now();
        let tried = block_on(gate.try_smallest(&inflated, CANDIDATES, &mut permits, &cancel))?;
        let after = tried.changed().total();
        counts.cases += 1;
        counts.holding += u32::from(tried.judgement().is_accepted());
        counts.noise += before - needed;
        counts.left += after.saturating_sub(needed);
        counts.candidates += runner.runs() - runs;
        counts.seconds += begin.elapsed().as_secs_f64();
        if let Some(objection) = tried.judgement().objections.first() {
            say(&format!("{}: the fix does not hold: {} {}", broken.path, objection.kind, objection.about));
        } else if after > needed {
            say(&format!(
                "{}: {needed} lines are needed, {before} were there, {after} are left",
                broken.path
            ));
        }
        std::fs::write(&at, &broken.good)?;
    }
    if counts.cases == 0 {
        bail!("no error could be planted");
    }
    Ok(counts)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_left = name == "target" || name == ".git" || name == "benches" || name == "examples";
        match entry.file_type()? {
            kind if kind.is_dir() && !is_left => copy(&entry.path(), &to.join(name))?,
            kind if kind.is_file() => {
                std::fs::copy(entry.path(), to.join(name))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn sources(root: &Path) -> Result<Vec<RelPath>> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let path = path.strip_prefix(root)?.to_string_lossy().into_owned();
                found.push(RelPath::new(path)?);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What is replaced on one line, so that it does not compile as a rule.
const ERRORS: [(&str, &str); 8] = [
    ("let mut ", "let "),
    (".len()", ".lenn()"),
    ("&self", "&&self"),
    ("Some(", "Sum("),
    (" as usize", " as u7"),
    ("-> bool", "-> boul"),
    ("pub fn ", "pub fm "),
    (";", ""),
];

fn plant(root: &Path, sources: &[RelPath], random: &mut Random) -> Result<Option<Broken>> {
    let Some(path) = random.choose(sources) else { return Ok(None) };
    let good = std::fs::read_to_string(root.join(path.as_str()))?;
    let Some((from, to)) = random.choose(&ERRORS) else { return Ok(None) };
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let is_code = |line: &&str| !line.trim_start().starts_with("//") && line.contains(from);
    let places: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| is_code(line)).map(|(index, _)| index).collect();
    let Some(&place) = random.choose(&places) else { return Ok(None) };
    let changed = lines[place].replacen(from, to, 1);
    let bad: String = lines
        .iter()
        .enumerate()
        .map(|(index, line)| if index == place { changed.as_str() } else { *line })
        .collect();
    Ok(Some(Broken { path: path.clone(), good, bad }))
}

/// Changes that nobody needs, between lines that are not of one statement.
fn inflate(good: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = good.split_inclusive('\n').map(str::to_owned).collect();
    // Between two items: an empty line at the margin.
    let gaps: Vec<usize> = (1..lines.len()).filter(|&index| lines[index] == "\n").collect();
    let chosen: BTreeMap<usize, u32> =
        (0..6).filter_map(|number| Some((*random.choose(&gaps)?, number))).collect();
    for (gap, number) in chosen.into_iter().rev() {
        let noise = match number % 3 {
            0 => format!("\n// Nobody needs this remark {number}.\n// Nor this one.\n"),
            1 => "\n\n".to_owned(),
            _ => "\n// One.\n\n// Two.\n".to_owned(),
        };
        lines.insert(gap, noise);
    }
    let mut text = lines.concat();
    for number in 0..2 {
        text.push_str(&format!(
            "\n#[allow(dead_code)]\nfn nobody_needs_this_{number}() -> u32 {{\n    let mut sum = 0;\n    for it in 0..{number} {{\n        sum += it;\n    }}\n    sum\n}}\n"
        ));
    }
    text
}

fn patch_of(path: &RelPath, old: &str, new: &str) -> Result<Patch> {
    let before = FileState::of(path.clone(), FileMode::Regular, old.as_bytes());
    let change = Change::Write(new.to_owned().into());
    let file = FilePatch::change(before, old.as_bytes(), path.clone(), FileMode::Regular, change)?;
    Ok(Patch::new(vec![file])?)
}

/// Runs commands as they are: what is measured is how much is left out, on sources that are trusted.
#[derive(Debug, Default)]
struct Plain {
    runs: std::sync::atomic::AtomicU64,
}

impl Plain {
    fn runs(&self) -> u64 {
        self.runs.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[async_trait]
impl Runner for Plain {
    fn mode(&self) -> RunMode {
        RunMode::HOST
    }

    async fn run(
        &self,
        _permit: Permit<RunCommand>,
        request: &RunRequest,
        _cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        self.runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let sandbox = SandboxReport::new(Vec::new(), NetworkAccess::Full, false);
        let mut report = RunReport::new(request.command.clone(), RunMode::HOST, sandbox);
        let output = Command::new(PathBuf::from(&request.command.program))
            .args(&request.command.arguments)
            .current_dir(&request.folder)
            .envs(request.environment.iter().cloned())
            .output()
            .map_err(|error| RunError::new(aether_core::base::ErrorCode::RUN_IO, error.to_string()))?;
        report.exit_code = output.status.code();
        report.stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        report.stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(report)
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    futures::executor::block_on(future)
}
