//! The runner that uses jobs of a cluster, with a real cluster.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aether_core::base::{Cancel, ErrorCode};
use aether_core::change::{CommandLine, NetworkAccess, RunMode, SandboxLayer};
use aether_core::conformance::run_permit;
use aether_core::port::Runner;
use futures::executor::block_on;

use crate::cluster_support::*;
use crate::docker_support::{IMAGE, run};
use crate::run_container_cargo as by_cargo;
use crate::run_support::{in_namespaces, odd_number, scratch, sh, wait_until};
use crate::rust_image;

#[test]
fn a_report_tells_what_came_of_the_command() {
    let Some(cluster) = cluster("a_report_tells_what_came_of_the_command") else { return };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    fs::create_dir(folder.join("sub")).unwrap();
    fs::write(folder.join("sub/text"), "sent\n").unwrap();
    let command = sh("cat sub/text; pwd; echo err >&2; echo x >made; cat; exit 3");
    let report = run(&cluster.runner(&command, state.path()), &request(&command, &folder)).unwrap();
    assert_eq!(report.stdout, format!("sent\n{}\n", folder.display()));
    assert_eq!((report.stderr.as_str(), report.exit_code, report.signal), ("err\n", Some(3), None));
    assert_eq!((&report.mode, &report.fallback_reason), (&RunMode::KUBERNETES, &None));
    assert!(!report.timed_out && !report.cancelled && !report.truncated);
    assert_eq!(report.command, command);
    assert!(!folder.join("made").exists(), "what it writes is not brought back");
    assert!(cluster.run_script("true").is_green());
    for (name, number) in [("TERM", 15), ("KILL", 9)] {
        let report = cluster.run_script(&format!("kill -{name} $$; sleep 100"));
        assert_eq!((report.exit_code, report.signal), (None, Some(number)), "{name}");
    }
}

#[test]
fn arguments_and_environment_are_what_was_given() {
    let Some(cluster) = cluster("arguments_and_environment_are_what_was_given") else { return };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    let command = CommandLine::new(
        "printf",
        ["%s|", "two words", "$HOME", "'; touch injected", "\u{e9}", "", "--help"],
    );
    let report = run(&cluster.runner(&command, state.path()), &request(&command, &folder)).unwrap();
    assert_eq!(report.stdout, "two words|$HOME|'; touch injected|\u{e9}||--help|", "{report:?}");

    let command = CommandLine::new("/bin/env", ["-0"]);
    let mut request = request(&command, &folder);
    let given =
        [("HOME", "/somewhere"), ("A", "two words"), ("LINES", "one\ntwo"), ("EMPTY", ""), ("EQUAL", "a=b")];
    request.environment = given.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let report = run(&cluster.runner(&command, state.path()), &request).unwrap();
    let mut found: Vec<&str> = report.stdout.split('\0').filter(|line| !line.is_empty()).collect();
    found.sort_unstable();
    let mut expected: Vec<String> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
    expected.sort_unstable();
    assert_eq!(found, expected, "neither the image nor the cluster adds to it");

    for program in ["nosuch", "/nowhere/tool", "/bin"] {
        let command = CommandLine::new(program, [] as [&str; 0]);
        let error =
            run(&cluster.runner(&command, state.path()), &crate::cluster_support::request(&command, &folder))
                .unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_NOT_FOUND, "{program:?}: {error}");
    }
    assert_eq!(cluster.run_script("exit 127").exit_code, Some(127));
}

#[test]
fn a_command_has_no_privileges_and_writes_where_the_request_says() {
    let Some(cluster) = cluster("a_command_has_no_privileges_and_writes_where_the_request_says") else {
        return;
    };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    fs::create_dir(folder.join("out")).unwrap();
    let command = sh(
        "id -u; id -g; for place in /x /etc/x /bin/x x /sys/x; do echo x 2>&- >$place && echo $place; done; \
         echo x >out/x && t=/tmp && echo x >$t/x && echo written; ls /var/run/secrets 2>&-; \
         grep -e ^Cap -e NoNew -e ^Seccomp: /proc/self/status",
    );
    let mut request = request(&command, &folder);
    request.writable = vec![folder.join("out")];
    let report = run(&cluster.runner(&command, state.path()).with_user(1234, 2345), &request).unwrap();
    let (said, status) = report.stdout.split_at(report.stdout.find("Cap").unwrap_or(0));
    assert_eq!(said, "1234\n2345\nwritten\n", "{report:?}");
    for name in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert!(status.contains(&format!("{name}:\t0000000000000000")), "{status}");
    }
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    let sandbox = report.sandbox;
    assert_eq!(sandbox.network, NetworkAccess::PrivateLoopback);
    assert!(sandbox.writes_confined);
    let held = |layer| sandbox.layers.iter().find(|it| it.layer == layer).map(|it| it.held);
    assert_eq!(held(SandboxLayer::CONTAINER), Some(true));
    assert_eq!(held(SandboxLayer::NETWORK_POLICY), Some(true), "the configuration says so");
    assert_eq!(held(SandboxLayer::NETWORK_NAMESPACE), None, "that of a pod reaches the network");
    assert_eq!(held(SandboxLayer::SECCOMP_SOCKETS), Some(false));
    let error = run(&cluster.runner(&command, state.path()).with_user(0, 0), &request).unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_IO);
}

/// Whether there is a job, a pod or a policy of this owner. What ran and is being forgotten is none.
fn has_any_of(cluster: &Cluster, owner: &str) -> bool {
    let selector = format!("--selector=aether.run.owner={owner}");
    let list = cluster.said(&["get", "jobs,pods,networkpolicies", &selector, "--output=json"]);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let is_there = |item: &serde_json::Value| {
        let ended = ["Succeeded", "Failed"].map(serde_json::Value::from).contains(&item["status"]["phase"]);
        let is_going = !item["metadata"]["deletionTimestamp"].is_null();
        !(item["kind"] == "Pod" && (ended || is_going))
    };
    list["items"].as_array().unwrap().iter().any(is_there)
}

/// The owner of the only job whose state lies in `state`.
fn owner_in(state: &Path) -> String {
    let mut names =
        fs::read_dir(state).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let name = names.next().unwrap();
    assert_eq!(names.next(), None);
    name
}

fn sleeping(number: &str) -> usize {
    crate::run_support::processes_of(&format!("sleep\0{number}")).len()
}

#[test]
fn the_time_limit_ends_the_job() {
    let Some(cluster) = cluster("the_time_limit_ends_the_job") else { return };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    let number = odd_number();
    let command =
        sh(&format!("trap '' TERM; echo begun; sleep {number} & setsid sleep {number} & sleep {number}"));
    let mut request = request(&command, &folder);
    request.limits.timeout_ms = 1500;
    let runner = cluster.runner(&command, state.path());
    let report = run(&runner, &request).unwrap();
    assert!(report.timed_out && !report.cancelled && !report.is_green());
    assert_eq!((report.exit_code, report.signal), (None, Some(9)));
    assert_eq!(report.stdout, "begun\n");
    assert!((1500..10_000).contains(&report.duration_ms), "{}", report.duration_ms);
    assert!(!has_any_of(&cluster, &owner_in(state.path())));
    assert_eq!(sleeping(&number), 0, "its processes go on");
}

#[test]
fn a_command_can_be_cancelled_and_given_up() {
    let Some(cluster) = cluster("a_command_can_be_cancelled_and_given_up") else { return };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    let number = odd_number();
    let command = sh(&format!("echo begun; sleep {number}"));
    let runner = cluster.runner(&command, state.path());
    let request = request(&command, &folder);
    let cancel = Cancel::new();
    let (from_elsewhere, of_it) = (cancel.clone(), number.clone());
    let other = std::thread::spawn(move || {
        let start = Instant::now();
        while sleeping(&of_it) == 0 && start.elapsed() < Duration::from_secs(100) {
            std::thread::park_timeout(Duration::from_millis(20));
        }
        from_elsewhere.cancel();
    });
    let report = block_on(runner.run(run_permit(&command), &request, &cancel)).unwrap();
    other.join().unwrap();
    assert!(report.cancelled && !report.timed_out && !report.is_green());
    assert_eq!((report.stdout.as_str(), report.signal), ("begun\n", Some(9)));
    assert!(!has_any_of(&cluster, &owner_in(state.path())) && sleeping(&number) == 0);
    // Cancelled before it began: nothing is made.
    let report = block_on(runner.run(run_permit(&command), &request, &cancel)).unwrap();
    assert!(report.cancelled && report.exit_code.is_none() && report.signal.is_none());

    let cancel = Cancel::new();
    let mut future = runner.run(run_permit(&command), &request, &cancel);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let start = Instant::now();
    while sleeping(&number) == 0 {
        assert!(future.as_mut().poll(&mut context).is_pending());
        assert!(start.elapsed() < Duration::from_secs(100), "it does not begin");
        std::thread::park_timeout(Duration::from_millis(20));
    }
    // While it runs, its policy is there.
    let owner = owner_in(state.path());
    let selector = format!("--selector=aether.run.owner={owner}");
    let policies = cluster.said(&["get", "networkpolicies", &selector, "--output=jsonpath={.items[*].spec}"]);
    assert!(policies.contains("Egress") && !policies.contains("\"egress\""), "{policies}");
    drop(future);
    let start = Instant::now();
    while has_any_of(&cluster, &owner) || sleeping(&number) > 0 {
        assert!(start.elapsed() < Duration::from_secs(60), "the job is still there");
    }
}

#[test]
fn output_and_memory_have_limits() {
    let Some(cluster) = cluster("output_and_memory_have_limits") else { return };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    let command = sh("yes 0123456789abcde | head -c 5000000; echo end; echo error >&2");
    let mut request = request(&command, &folder);
    request.limits.max_output_bytes = 1000;
    let report = run(&cluster.runner(&command, state.path()), &request).unwrap();
    assert!(report.is_green() && report.truncated, "{report:?}");
    assert!(report.stdout.starts_with("0123456789abcde\n") && report.stdout.ends_with("\nend\n"));
    assert!(report.stdout.contains("[4999004 bytes left out]"), "{}", report.stdout);
    assert_eq!(report.stderr, "error\n");

    let command = sh("x=x; while :; do x=$x$x; done");
    let runner = cluster.runner(&command, state.path()).with_max_memory_bytes(32 << 20);
    let report = run(&runner, &crate::cluster_support::request(&command, &folder)).unwrap();
    assert_eq!((report.signal, report.timed_out), (Some(9), false), "{report:?}");
    let reason = report.sandbox.layers[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("33554432 bytes of memory"), "{reason}");
}

#[test]
fn what_is_not_there_is_told() {
    let Some(cluster) = cluster("what_is_not_there_is_told") else { return };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    let command = sh("true");
    block_on(cluster.runner(&command, state.path()).ready()).unwrap();
    let with_image = |image: &str| {
        runner(&cluster.client, &cluster.kubeconfig(), image, state.path()).with_allowed([command.clone()])
    };
    let error = run(&with_image("aether-test/nosuch:1"), &request(&command, &folder)).unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE);
    assert!(error.message.contains("ImagePull"), "{error}");
    let nowhere = folder.join("nosuch");
    let absent = runner(&cluster.client, &nowhere, IMAGE, state.path()).with_allowed([command.clone()]);
    assert_eq!(block_on(absent.ready()).unwrap_err().code, ErrorCode::RUN_UNAVAILABLE);
    // More than any node has.
    let runner = cluster.runner(&command, state.path()).with_start_timeout_ms(4_000);
    cluster.said(&["cordon", "n1"]);
    let error = run(&runner, &request(&command, &folder));
    cluster.said(&["uncordon", "n1"]);
    let error = error.unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE);
    assert!(error.message.contains("did not begin in 4000 ms"), "{error}");
    wait_until("the job is gone", || !has_any_of(&cluster, &owner_in(state.path())));
}

/// Tells this program, when it is started as the embedder that is killed, what to run: kubeconfig, folder, number.
const EMBEDDER: &str = "AETHER_TEST_EMBEDDER_OF_JOBS";

#[test]
fn embedder_that_is_killed() {
    let Some(plan) = std::env::var_os(EMBEDDER) else { return };
    let plan = plan.into_string().unwrap();
    let [kubeconfig, folder, number] = plan.split('\n').collect::<Vec<_>>().try_into().unwrap();
    let command = sh(&format!("sleep {number}"));
    let folder = Path::new(folder);
    let client = crate::docker_daemon::program("kubectl").unwrap();
    let runner = runner(&client, Path::new(kubeconfig), IMAGE, &folder.with_extension("state"));
    run(&runner.with_allowed([command.clone()]), &request(&command, folder)).unwrap();
}

#[test]
fn what_a_killed_embedder_left_behind_is_removed_at_the_next_start() {
    let test = "what_a_killed_embedder_left_behind_is_removed_at_the_next_start";
    let Some(cluster) = cluster(test) else { return };
    let (_keep, base) = scratch();
    let (folder, state) = (base.join("work"), base.join("work.state"));
    fs::create_dir(&folder).unwrap();
    let number = odd_number();
    let mut embedder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "run_kubernetes::embedder_that_is_killed", "--nocapture"])
        .env(EMBEDDER, format!("{}\n{}\n{number}", cluster.kubeconfig().display(), folder.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while sleeping(&number) == 0 {
        assert!(start.elapsed() < Duration::from_secs(100), "it does not begin");
        std::thread::park_timeout(Duration::from_millis(20));
    }
    let owner = owner_in(&state);
    embedder.kill().unwrap();
    embedder.wait().unwrap();
    assert!(has_any_of(&cluster, &owner) && sleeping(&number) == 1, "the kill left nothing behind");
    // One with another state is somebody else, and removes nothing.
    assert!(cluster.run_script("true").is_green());
    assert!(has_any_of(&cluster, &owner));
    let command = sh("true");
    let runner = cluster.runner(&command, &state);
    assert!(run(&runner, &request(&command, &folder)).unwrap().is_green());
    wait_until("what was left behind is gone", || !has_any_of(&cluster, &owner) && sleeping(&number) == 0);
    drop(runner);
    assert_eq!(fs::read_dir(&state).unwrap().count(), 0, "files of owners are left");
}

#[test]
fn cargo_in_a_cluster_says_what_it_says_in_the_sandbox() {
    let test = "cargo_in_a_cluster_says_what_it_says_in_the_sandbox";
    if in_namespaces(test).is_none() {
        return;
    }
    let Some(cluster) = cluster(test) else { return };
    cluster.docker.need_rust().unwrap();
    for library in [by_cargo::WARNS, by_cargo::BROKEN] {
        let tree = by_cargo::tree(library);
        let host = by_cargo::on_host(tree.path());
        let state = tempfile::tempdir().unwrap();
        let plan = by_cargo::plan(vec![("HOME".into(), "/tmp".into())]);
        let runner = runner(&cluster.client, &cluster.kubeconfig(), rust_image::NAME, state.path())
            .with_variables_of_image(["PATH", "CARGO_HOME"])
            .with_allowed(by_cargo::commands(&plan));
        let in_cluster = by_cargo::verify(&runner, &plan, tree.path());
        assert_eq!(by_cargo::said(&host), by_cargo::said(&in_cluster));
        assert!(in_cluster.steps.iter().all(|step| step.run.mode == RunMode::KUBERNETES));
        drop(runner);
    }
}

#[test]
fn many_commands_run_at_once() {
    let Some(cluster) = cluster("many_commands_run_at_once") else { return };
    let (_keep, folder) = scratch();
    let state = tempfile::tempdir().unwrap();
    let command = sh("t=/tmp; echo $$ >$t/x; cat $t/x | wc -l");
    let runner = Arc::new(cluster.runner(&command, state.path()));
    std::thread::scope(|scope| {
        let runs: Vec<_> =
            (0..3).map(|_| scope.spawn(|| run(&*runner, &request(&command, &folder)).unwrap())).collect();
        for report in runs {
            assert_eq!(report.join().unwrap().stdout.trim(), "1");
        }
    });
}
