//! The attempts of the escape suite from inside a container, after they succeeded without one.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use aether_core::change::{CommandLine, NetworkAccess};
use aether_core::conformance::skip;

use crate::docker_support::{PATH, docker, request, run};
use crate::run_escape::{HARMLESS, World};
use crate::run_support::{scratch, wait_until};

const STAGE: &str = "test";

/// What needs privileges, a network or a feature of the kernel that a machine of tests may lack.
const NEEDS_MORE: [&str; 7] =
    ["dns", "vsock", "algorithm_socket", "io_uring", "packet_socket", "disk", "uncover"];

/// Compiles `source` to a program that needs nothing of the system that it runs on.
#[track_caller]
fn compile(source: &Path, program: &Path) {
    let output = Command::new("rustc")
        .args(["--edition=2024", "-C", "target-feature=+crt-static", "-o"])
        .arg(program)
        .arg(source)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The attempts as a program of the project.
#[track_caller]
fn compile_attempts(project: &Path) {
    let source = project.join("attempts-main.rs");
    fs::write(&source, format!("mod attempts;\nfn main() {{ attempts::make_all({STAGE:?}); }}\n")).unwrap();
    compile(&source, &project.join("attempts"));
}

/// Numbers of calls and ways to make them are those of one architecture.
#[cfg(target_arch = "x86_64")]
#[test]
fn no_call_leads_around_the_filter() {
    let Some(docker) = docker("no_call_leads_around_the_filter") else { return };
    let (_keep, folder) = scratch();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/escape/calls.rs");
    compile(&source, &folder.join("calls"));
    let open = Command::new(folder.join("calls")).stdin(Stdio::null()).output().unwrap();
    let shown = String::from_utf8(open.stdout).unwrap();
    for name in ["vsock", "wide vsock", "internet", "new user"] {
        if !shown.contains(&format!("\n{name} ok\n")) {
            skip(
                "no_call_leads_around_the_filter",
                format!("{name} cannot be shown to succeed here: {shown:?}"),
            );
        }
    }
    let command = CommandLine::new("./calls", [] as [&str; 0]);
    let report = run(&docker.runner(&command, &folder.join("state")), &request(&command, &folder)).unwrap();
    let expected =
        "thread 7\nvsock failed Some(1)\nwide vsock failed Some(1)\ninternet ok\nnew user failed Some(1)\n";
    assert_eq!(report.stdout, expected, "{}", report.stderr);
    // A call by the numbers of another architecture ends the program.
    assert_eq!(report.signal, Some(31), "{report:?}");
}

#[test]
fn no_attempt_succeeds_in_a_container() {
    let Some(docker) = docker("no_attempt_succeeds_in_a_container") else { return };

    let mut open = World::new();
    compile_attempts(&open.project);
    let status = Command::new(open.project.join("attempts"))
        .current_dir(&open.project)
        .envs(open.environment())
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    for (name, (succeeded, details)) in open.outcomes(STAGE) {
        if NEEDS_MORE.contains(&name.as_str()) && !succeeded {
            skip(
                "no_attempt_succeeds_in_a_container",
                format!("{name} cannot be shown to succeed here: {details}"),
            );
            continue;
        }
        assert!(succeeded, "{name} failed without a container: {details}");
    }
    wait_until("the daemon runs", || open.daemons() == 1);
    // Files in several ways, and two datagrams.
    assert!(open.damage().len() >= 9, "{:#?}", open.damage());

    let mut world = World::new();
    compile_attempts(&world.project);
    let command = CommandLine::new("./attempts", [] as [&str; 0]);
    let state = tempfile::tempdir().unwrap();
    // All that is attacked is shown, so that what fails does not fail for being absent.
    let runner = docker
        .runner(&command, state.path())
        .with_visible([&world.outside, &world.service_socket, &docker.socket()])
        .with_hidden([world.outside.join("home/.secret")]);
    let mut request = request(&command, &world.project);
    request.environment = world.environment();
    request.environment.push(("PATH".into(), PATH.into()));
    let report = run(&runner, &request).unwrap();
    assert_eq!(report.exit_code, Some(0), "{}\n{}", report.stdout, report.stderr);
    assert_eq!(report.sandbox.network, NetworkAccess::PrivateLoopback);
    let outcomes = world.outcomes(STAGE);
    assert!(outcomes.len() >= 38, "{} attempts", outcomes.len());
    let wrong: Vec<String> = outcomes
        .into_iter()
        .filter(|(name, (succeeded, _))| *succeeded != HARMLESS.contains(&name.as_str()))
        .map(|(name, (_, details))| format!("{name}: {details}"))
        .collect();
    assert_eq!(wrong, [] as [&str; 0]);
    assert_eq!(world.damage(), [] as [&str; 0]);
    assert_eq!(world.daemons(), 0);
    let precious = fs::metadata(world.outside.join(format!("precious-{STAGE}"))).unwrap();
    assert_eq!(precious.nlink(), 1);
}
