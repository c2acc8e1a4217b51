//! A runner of one's own: commands of a verification run by whatever runs commands elsewhere, a queue of jobs, a
//! container, a machine of its own. Here they are plain processes of tokio, and the report says that nothing holds
//! them back.
//!
//! `cargo run --package embed-runner`

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::process::Stdio;
use std::time::{Duration, Instant};

use aether_core::authority::{Permit, RunCommand};
use aether_core::base::{Cancel, ErrorCode};
use aether_core::change::{CheckStep, CommandLine, NetworkAccess, RunMode, RunReport, SandboxReport};
use aether_core::conformance::run_permit;
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{Scratch, ScratchLimits, Verifier, VerifyPlan};
use anyhow::{Result, ensure};
use async_trait::async_trait;

/// Runs commands as plain processes.
#[derive(Debug)]
struct Plain;

#[async_trait]
impl Runner for Plain {
    fn mode(&self) -> RunMode {
        RunMode::new("plain")
    }

    async fn run(
        &self,
        permit: Permit<RunCommand>,
        request: &RunRequest,
        cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        // A permit is for one command, word by word. Whoever takes it compares.
        if !permit.covers_command(&request.command) {
            return Err(RunError::new(ErrorCode::RUN_NOT_ALLOWED, "the permit is for another command"));
        }
        // A request says what it may touch. Who cannot keep to that refuses, or is told that it need not.
        if !request.allow_unconfined {
            return Err(RunError::new(ErrorCode::RUN_UNCONFINED, "nothing holds a plain process back"));
        }
        let sandbox = SandboxReport::new(Vec::new(), NetworkAccess::Full, false);
        let mut report = RunReport::new(request.command.clone(), self.mode(), sandbox);
        let begin = Instant::now();
        let child = tokio::process::Command::new(&request.command.program)
            .args(&request.command.arguments)
            .current_dir(&request.folder)
            .env_clear()
            .envs(request.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Dropping the future ends what it started.
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => RunError::new(ErrorCode::RUN_NOT_FOUND, error.to_string()),
                _ => RunError::new(ErrorCode::RUN_IO, error.to_string()),
            })?;
        let limit = Duration::from_millis(request.limits.timeout_ms);
        tokio::select! {
            output = child.wait_with_output() => {
                let output = output.map_err(|error| RunError::new(ErrorCode::RUN_IO, error.to_string()))?;
                report.exit_code = output.status.code();
                report.stdout = String::from_utf8_lossy(&output.stdout).into_owned();
                report.stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            }
            () = tokio::time::sleep(limit) => report.timed_out = true,
            () = cancelled(cancel) => report.cancelled = true,
        }
        report.duration_ms = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(report)
    }
}

async fn cancelled(cancel: &Cancel) {
    while !cancel.is_cancelled() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn main() -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(show())
}

async fn show() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("tree");
    std::fs::create_dir_all(root.join("src"))?;
    let manifest = "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    std::fs::write(root.join("Cargo.toml"), manifest)?;
    let library = "#[test]\nfn works() {}\n#[test]\nfn fails() {\n    assert_eq!(1 + 1, 3);\n}\n";
    std::fs::write(root.join("src/lib.rs"), library)?;

    let steps = ["cargo check", "cargo test"].map(|text| CommandLine::parse(text).map(CheckStep::of));
    let mut plan = VerifyPlan::new(steps.into_iter().collect::<Result<_, _>>()?);
    plan.environment = std::env::vars().filter(|(name, _)| !name.starts_with("CARGO_PKG")).collect();
    let mut scratch = Scratch::open(&root, &folder.path().join("scratch"), ScratchLimits::default())?;
    scratch.sync(&Cancel::new())?;
    // A program asks its policy gate; here everything that is asked for is allowed.
    let mut permits = |command: &CommandLine| Ok(run_permit(command));

    let refused =
        Verifier::new(&Plain, &plan).verify(&scratch, true, &mut permits, &Cancel::new()).await.err();
    let code = refused.map(|error| error.code());
    println!("without leave to be unconfined: {}", code.as_ref().map_or("it ran", ErrorCode::as_str));
    ensure!(code == Some(ErrorCode::RUN_UNCONFINED), "it is refused");

    plan.allow_unconfined = true;
    let verifier = Verifier::new(&Plain, &plan);
    let verification = verifier.verify(&scratch, true, &mut permits, &Cancel::new()).await?;
    for report in &verification.steps {
        let run = report.final_run();
        println!("{}: {} ended with {:?}", run.mode, report.step.command, run.exit_code);
        if let Some(tests) = &report.tests {
            let counts = tests.counts();
            println!("  {} passed, {} failed", counts.passed, counts.failed);
        }
    }
    ensure!(!verification.is_green(), "a test fails");
    Ok(())
}
