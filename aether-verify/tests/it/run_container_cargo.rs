//! The real cargo in a container says what it says in the sandbox of this machine.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use aether_core::base::{ByteSpan, Cancel, LineSpan};
use aether_core::change::{CheckStep, CommandLine, Diagnostic, RunMode, TestRun, Verification};
use aether_core::conformance::run_permit;
use aether_core::port::Runner;
use aether_verify::{
    ContainerRunner, DockerEngine, HostRunner, Launcher, SandboxKind, Scratch, ScratchLimits, Verifier,
    VerifyPlan,
};
use futures::executor::block_on;

use crate::docker_daemon::{Daemon, docker_with_rust};
use crate::run_support::{elsewhere, in_namespaces, launcher, toolchain};
use crate::rust_image;

const CHECK: &str = "cargo check --offline --all-targets";
const TEST: &str = "cargo test --offline";

/// Compiles with a warning; has tests that pass, fail, panic as they should, and are ignored, and one of documentation.
pub(crate) const WARNS: &str = "\
//! Sums.

/// The sum.
///
/// ```
/// assert_eq!(sums::add(1, 2), 3);
/// ```
pub fn add(a: i32, b: i32) -> i32 {
    let unused = 1;
    a + b
}

#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(super::add(1, 2), 3);
    }

    #[test]
    fn fails() {
        assert_eq!(super::add(1, 2), 4, \"a sum\");
    }

    #[test]
    #[should_panic(expected = \"no\")]
    fn panics() {
        panic!(\"no\");
    }

    #[test]
    #[ignore = \"slow\"]
    fn waits() {}

    #[test]
    fn reaches_a_loopback_of_its_own() {
        let listener = std::net::TcpListener::bind(\"127.0.0.1:0\").unwrap();
        std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    }
}
";

/// Does not compile: a type, a borrow and a name.
pub(crate) const BROKEN: &str = "\
pub fn length(text: &str) -> u32 {
    text.len()
}

pub fn taken(text: String) -> String {
    let other = text;
    text
}

pub fn nowhere() {
    nothing();
}
";

/// A tree with a package of this library, not below `/tmp`.
pub(crate) fn tree(library: &str) -> tempfile::TempDir {
    let tree = elsewhere();
    fs::create_dir(tree.path().join("src")).unwrap();
    let manifest = "[package]\nname = \"sums\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(tree.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(tree.path().join("src/lib.rs"), library).unwrap();
    tree
}

pub(crate) fn plan(environment: Vec<(String, String)>) -> VerifyPlan {
    let steps = [CHECK, TEST].map(|text| CheckStep::of(CommandLine::parse(text).unwrap()));
    let mut plan = VerifyPlan::new(steps.to_vec());
    plan.environment = environment;
    plan.reruns = 0;
    plan
}

pub(crate) fn verify(runner: &dyn Runner, plan: &VerifyPlan, tree: &Path) -> Verification {
    let home = elsewhere();
    let home = fs::canonicalize(home.path()).unwrap();
    let mut scratch = Scratch::open(tree, &home.join("scratch"), ScratchLimits::default()).unwrap();
    scratch.sync(&Cancel::new()).unwrap();
    let verifier = Verifier::new(runner, plan);
    block_on(verifier.verify(&scratch, false, &mut |command| Ok(run_permit(command)), &Cancel::new()))
        .unwrap()
}

pub(crate) fn commands(plan: &VerifyPlan) -> Vec<CommandLine> {
    Verifier::new(&aether_verify::UnavailableRunner::microvm(), plan).commands()
}

/// What the sandbox of this machine says.
pub(crate) fn on_host(tree: &Path) -> Verification {
    let plan = plan(toolchain());
    let runner = HostRunner::new(Launcher::new(launcher(), [] as [&str; 0]), Instant::now)
        .with_sandbox(SandboxKind::Namespaces)
        .with_allowed(commands(&plan));
    verify(&runner, &plan, tree)
}

fn in_container(docker: &Daemon, tree: &Path) -> Verification {
    let state = tempfile::tempdir().unwrap();
    let engine = Arc::new(DockerEngine::new(&docker.client, docker.socket(), Instant::now));
    let runner = ContainerRunner::new(engine, rust_image::NAME, state.path());
    let plan = plan(block_on(runner.image_environment()).unwrap());
    verify(&runner.with_allowed(commands(&plan)), &plan, tree)
}

/// What is said of a command that ran: how it ended, what the compiler found, and what the tests came to.
pub(crate) type Said<'a> = (String, Option<i32>, &'a [Diagnostic], Option<TestRun>);

/// What is said of each command that ran.
pub(crate) fn said(verification: &Verification) -> Vec<Said<'_>> {
    verification
        .steps
        .iter()
        .map(|step| {
            let tests = step.tests.as_ref().map(without_time_and_place);
            (step.step.command.to_string(), step.run.exit_code, step.diagnostics.as_slice(), tests)
        })
        .collect()
}

/// Times differ, and where an output begins depends on the length of paths before it. What it says does not, but that
/// of a panic, which has the number of its thread.
fn without_time_and_place(tests: &TestRun) -> TestRun {
    let mut tests = tests.clone();
    for binary in &mut tests.binaries {
        binary.duration_ms = None;
        for outcome in &mut binary.outcomes {
            outcome.duration_ms = None;
            if outcome.panic.is_some() {
                outcome.output = None;
            }
            if let Some(output) = &mut outcome.output {
                output.bytes = ByteSpan::default();
                output.lines = LineSpan::default();
            }
        }
    }
    tests
}

#[test]
fn cargo_in_a_container_says_what_it_says_in_the_sandbox() {
    let test = "cargo_in_a_container_says_what_it_says_in_the_sandbox";
    if in_namespaces(test).is_none() {
        return;
    }
    let Some(docker) = docker_with_rust(test) else { return };
    for (library, steps) in [(WARNS, 2), (BROKEN, 1)] {
        let tree = tree(library);
        let (host, container) = (on_host(tree.path()), in_container(&docker, tree.path()));
        assert_eq!(said(&host), said(&container));
        assert_eq!(container.steps.len(), steps, "{container:#?}");
        for step in &container.steps {
            assert_eq!((&step.run.mode, &step.run.fallback_reason), (&RunMode::CONTAINER, &None));
            assert!(!step.diagnostics.is_empty(), "{step:#?}");
        }
        let Some(tests) = container.steps.get(1).and_then(|step| step.tests.as_ref()) else { continue };
        let counts = tests.counts();
        assert_eq!((counts.passed, counts.failed, counts.ignored), (4, 1, 1), "{tests:#?}");
    }
}
