//! Verified change inside another program: a patch is tried in a copy, by the real compiler and tests in the
//! sandbox of the system, applied because it proves itself, and taken back.
//!
//! `cargo run --package embed-verify`
//!
//! The program is its own launcher of sandboxes: the runner starts it again with an argument that leads there.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use aether_core::authority::{
    ActionRequest, Capability, EditFiles, LeaseBound, Permit, PolicyConfig, PolicyGate, Preset,
    ProvenanceTag, Resource, RunCommand,
};
use aether_core::base::{Cancel, RelPath, Sha256Hash, Timestamp};
use aether_core::change::{CheckStep, CommandLine, Patch};
use aether_core::record::AuditKey;
use aether_core::record::provenance::{Proposer, ProposerKind};
use aether_store::{AuditTrust, PolicyStore, PolicyStoreOptions};
use aether_verify::{
    Diff, HostRunner, Launcher, PatchGate, PatchOptions, Scratch, ScratchLimits, Verifier, VerifyPlan,
    WorkTree,
};
use anyhow::{Context as _, Result, ensure};

const LAUNCH: &str = "launch";
const LIBRARY: &str = "\
pub fn largest(numbers: &[i32]) -> Option<i32> {
    numbers.iter().copied().min()
}

#[test]
fn finds_the_largest() {
    assert_eq!(largest(&[1, 3, 2]), Some(3));
}
";
const FIX: &str = "\
--- a/src/lib.rs
+++ b/src/lib.rs
@@ -2 +2 @@
-    numbers.iter().copied().min()
+    numbers.iter().copied().max()
";
const WRONG: &str = "\
--- a/src/lib.rs
+++ b/src/lib.rs
@@ -2 +2 @@
-    numbers.iter().copied().min()
+    numbers.iter().copied().last()
";

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if std::env::args().nth(1).is_some_and(|word| word == LAUNCH) {
        use std::os::fd::AsFd as _;
        return match std::io::stdin().as_fd().try_clone_to_owned() {
            Ok(control) => aether_verify::launch(control),
            Err(_) => ExitCode::FAILURE,
        };
    }
    match futures::executor::block_on(show()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn show() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("tree");
    make_package(&root)?;

    // What proves a change, and who runs it.
    let steps = ["cargo check", "cargo test"].map(|text| CommandLine::parse(text).map(CheckStep::of));
    let mut plan = VerifyPlan::new(steps.into_iter().collect::<Result<_, _>>()?);
    plan.environment = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)))
        .collect();
    let launcher = Launcher::new(std::env::current_exe()?, [LAUNCH]);
    let runner = HostRunner::new(launcher, Instant::now).with_allowed(plan.commands());

    // Who may do what, and where that is written down.
    let (file, key) = (folder.path().join("authority.db"), AuditKey::new("demo", &[7; 32])?);
    let store = PolicyStore::open(&file, key.clone(), &PolicyStoreOptions::default())?;
    let mut policy = PolicyConfig::new(Preset::Operator);
    policy.commands = plan.commands();
    let authority = PolicyGate::new(policy, &store, &store)?;
    let mut run = request("run", Capability::CommandRun);
    run.resources = plan.commands().into_iter().map(Resource::from).collect();
    let hour = Timestamp::from_unix_ms(now().unix_ms() + 3_600_000);
    let lease = authority.authorize_lease::<RunCommand>(&run, LeaseBound::new(100, hour), now());
    let mut lease = lease.allowed().context("an operator runs the commands of the list")?;
    let mut permits = |command: &CommandLine| lease.next(now(), &command.clone().into(), None);

    let tree = WorkTree::open(&root)?;
    let scratch = Scratch::open(&root, &folder.path().join("scratch"), ScratchLimits::default())?;
    let mut gate = PatchGate::new(&tree, scratch, Verifier::new(&runner, &plan));
    let cancel = Cancel::new();
    let read = |diff: &str| -> Result<Patch> {
        let options = PatchOptions::default();
        Ok(Diff::parse(diff.as_bytes(), &options)?.bind(&tree, &options)?)
    };

    let wrong = gate.try_patch(&read(WRONG)?, &mut permits, &cancel).await?;
    println!("the first patch is {}", verdict(wrong.judgement().is_accepted()));
    for objection in &wrong.judgement().objections {
        println!("  {}: {}", objection.kind, objection.about);
    }
    let tried = gate.try_patch(&read(FIX)?, &mut permits, &cancel).await?;
    println!("the second patch is {}", verdict(tried.judgement().is_accepted()));
    ensure!(tried.judgement().is_accepted(), "the fix holds");

    let permit = |capability, paths: &BTreeSet<RelPath>, patch: Sha256Hash| -> Result<Permit<EditFiles>> {
        let mut edit = request("edit", capability);
        edit.resources = paths.iter().cloned().map(Resource::from).collect();
        edit.content = Some(patch);
        authority.authorize::<EditFiles>(&edit, now()).allowed().context("an operator edits files")
    };
    let hash = tried.patch().hash();
    let paths: BTreeSet<RelPath> = tried.needs().values().flatten().cloned().collect();
    let edits = tried.needs().iter().map(|(capability, paths)| permit(*capability, paths, hash));
    let edits = edits.collect::<Result<Vec<_>>>()?;
    let back = permit(Capability::FilesEdit, &paths, hash)?;
    let kept = gate.apply(&tried, edits, back, &mut permits, &cancel).await?;
    let sandbox = &kept.verification.steps[0].run.sandbox;
    let held = sandbox.layers.iter().filter(|layer| layer.held).map(|layer| layer.layer.as_str());
    println!("applied as {}; held back by {}", kept.applied.token, held.collect::<Vec<_>>().join(", "));
    println!("{}", tried.provenance(&kept, Proposer::new(ProposerKind::USER, "demo"), now()).trailer());

    tree.revert(&kept.applied.token, permit(Capability::FilesEdit, &paths, hash)?)?;
    println!("and taken back: {}", std::fs::read_to_string(root.join("src/lib.rs"))? == LIBRARY);
    let verdict = store.log().verify(&AuditTrust::new(vec![key]), &cancel)?;
    println!("the audit log: {verdict:?}");
    Ok(())
}

fn make_package(root: &Path) -> Result<()> {
    std::fs::create_dir_all(root.join("src"))?;
    let manifest = "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    std::fs::write(root.join("Cargo.toml"), manifest)?;
    std::fs::write(root.join("src/lib.rs"), LIBRARY)?;
    Ok(())
}

fn request(id: &str, capability: Capability) -> ActionRequest {
    let mut request = ActionRequest::new(id, "demo", capability);
    request.provenance.insert(ProvenanceTag::Session);
    request
}

fn verdict(is_accepted: bool) -> &'static str {
    if is_accepted { "proven" } else { "refused" }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
