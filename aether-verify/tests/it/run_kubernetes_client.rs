//! The runner that uses jobs of a cluster, with a client that plays one: what a cluster says that is none, breaks, or
//! means harm.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aether_core::base::{Cancel, ErrorCode};
use aether_core::change::{CommandLine, NetworkAccess, RunMode, RunReport};
use aether_core::conformance::run_permit;
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{KubernetesCluster, KubernetesRunner};
use futures::executor::block_on;
use serde_json::Value;

use crate::cluster_support::now;
use crate::run_support::{odd_number, processes_of, scratch, wait_until};

/// Answers each kind of call by a script of its own; `$here` is its folder, in which all calls are written down.
const CLIENT: &str = r#"#!/bin/sh
here=@HERE@
echo "$*" >>$here/calls
case " $* " in
*" --dry-run=server "*) what=ready ;;
*" create "*) what=create; rm -f $here/sent $here/ended; cat >$here/manifest ;;
*" get pods "*) what=pods ;;
*" get jobs "*) what=jobs ;;
*" --stdin "*) what=send ;;
*" : >/aether-run/ready "*) what=go_on ;;
*" sh /aether-run/command "*) what=command ;;
*" kill -TERM 1 "*) what=end; touch $here/ended ;;
*" delete "*) what=delete; touch $here/ended ;;
*) what=told ;;
esac
. $here/$what
"#;

const POD: &str = r#"
security='"securityContext":{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":true,"capabilities":{"drop":["ALL"]}}'
pod() { echo '{"items":[{"metadata":{"name":"pod-1"},"spec":{"containers":[{"name":"run",'$security'}]},"status":'$1'}]}'; }
receiving='{"phase":"Pending","initContainerStatuses":[{"name":"receive","state":{"running":{}}}]}'
running='{"phase":"Running","containerStatuses":[{"name":"run","state":{"running":{}}}]}'
if [ -e $here/ended ]; then pod '{"phase":"Succeeded"}'; elif [ -e $here/sent ]; then pod "$running"; else pod "$receiving"; fi
"#;

/// A client that plays a cluster in which all goes well, but for what a test changes.
struct Play {
    _keep: tempfile::TempDir,
    folder: PathBuf,
    state: PathBuf,
}

impl Play {
    fn new() -> Self {
        let (keep, folder) = scratch();
        let play = Self { state: folder.join("state"), folder: folder.join("play"), _keep: keep };
        fs::create_dir_all(play.folder.join("work")).unwrap();
        let client = CLIENT.replace("@HERE@", &play.folder.display().to_string());
        fs::write(play.client(), client).unwrap();
        fs::set_permissions(play.client(), fs::Permissions::from_mode(0o755)).unwrap();
        for (name, script) in [
            ("ready", ""),
            ("create", ""),
            ("pods", POD),
            ("jobs", "echo '{\"items\":[]}'"),
            ("send", "cat >$here/archive"),
            // The step ends, and with it this call.
            ("go_on", "touch $here/sent; exit 137"),
            ("command", "echo out; echo err >&2"),
            ("told", "echo 0"),
            ("end", ""),
            ("delete", ""),
        ] {
            play.when(name, script);
        }
        play
    }

    fn client(&self) -> PathBuf {
        self.folder.join("kubectl")
    }

    /// Answers calls of this kind so.
    fn when(&self, name: &str, script: &str) {
        fs::write(self.folder.join(name), script).unwrap();
    }

    /// Answers that there is one pod, in this state, whatever happens.
    fn when_pod(&self, status: &str) {
        let pods = format!(r#"{{"items":[{{"metadata":{{"name":"pod-1"}},"status":{status}}}]}}"#);
        self.when("pods", &format!("cat <<'END'\n{pods}\nEND\n"));
    }

    fn runner(&self) -> KubernetesRunner {
        let path = ("PATH".to_owned(), std::env::var("PATH").unwrap());
        let cluster = KubernetesCluster::new(self.client(), "checks", Instant::now).with_environment([path]);
        KubernetesRunner::new(cluster, "rust:1", &self.state, now)
            .with_network_policy_enforced()
            .with_start_timeout_ms(5_000)
            .with_allowed([command()])
    }

    fn request(&self) -> RunRequest {
        let mut request = RunRequest::new(command(), self.folder.join("work"));
        request.environment = vec![("PATH".into(), "/bin".into())];
        request
    }

    fn run(&self) -> Result<RunReport, RunError> {
        self.run_with(&self.request())
    }

    fn run_with(&self, request: &RunRequest) -> Result<RunReport, RunError> {
        block_on(self.runner().run(run_permit(&request.command), request, &Cancel::new()))
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.folder.join("calls")).unwrap_or_default()
    }

    /// That a run fails because the cluster is not there or breaks, that the message says so, and that what was made
    /// is removed.
    #[track_caller]
    fn check_lost(&self, part: &str) {
        let error = self.run().unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE, "{error}");
        assert!(error.message.contains(part), "{error}");
        assert!(self.calls().contains(" delete jobs,networkpolicies "), "{}", self.calls());
    }
}

fn command() -> CommandLine {
    CommandLine::new("cargo", ["check"])
}

#[test]
fn a_run_is_made_sent_followed_and_removed() {
    let play = Play::new();
    fs::write(play.folder.join("work/text"), "sent").unwrap();
    let report = play.run().unwrap();
    assert_eq!((report.stdout.as_str(), report.stderr.as_str()), ("out\n", "err\n"));
    assert!(report.is_green() && report.mode == RunMode::KUBERNETES);

    let manifest: Value = serde_json::from_slice(&fs::read(play.folder.join("manifest")).unwrap()).unwrap();
    let name = manifest["items"][1]["metadata"]["name"].as_str().unwrap();
    assert!(name.starts_with("aether-run-") && name.ends_with("-0"), "{name}");
    let labels = &manifest["items"][1]["metadata"]["labels"];
    let deadline: i64 = labels["aether.run.deadline"].as_str().unwrap().parse().unwrap();
    let now_s = now().unix_ms() / 1000;
    assert!((now_s..now_s + 3_600).contains(&deadline), "{deadline}");

    let expected = [
        "get jobs --selector=aether.run.owner --output=json".to_owned(),
        "create --filename=- --output=name --validate=false".to_owned(),
        format!("get pods --selector=aether.run.job={name} --output=json"),
        "exec pod-1 --container=receive --stdin -- sh -c tar -xof - -C / && test -e /aether-run/sent".to_owned(),
        "exec pod-1 --container=receive -- sh -c : >/aether-run/ready".to_owned(),
        format!("get pods --selector=aether.run.job={name} --output=json"),
        "exec pod-1 --container=run -- sh /aether-run/command".to_owned(),
        "exec pod-1 --container=run -- sh -c cat /aether-run/code && cat /sys/fs/cgroup/memory/memory.oom_control \
         /sys/fs/cgroup/memory.events 2>/dev/null; true"
            .to_owned(),
        "exec pod-1 --container=run -- sh -c kill -TERM 1".to_owned(),
        format!("get pods --selector=aether.run.job={name} --output=json"),
        format!(
            "delete jobs,networkpolicies --selector=aether.run.job={name} --ignore-not-found --cascade=background \
             --wait=false"
        ),
    ];
    let expected: String = expected.iter().map(|call| format!("--namespace=checks {call}\n")).collect();
    assert_eq!(play.calls(), expected);

    // What arrives is the folder, the command, and that it is all.
    let listed =
        std::process::Command::new("tar").arg("-tf").arg(play.folder.join("archive")).output().unwrap();
    let work = play.folder.join("work").display().to_string();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(listed, format!("{}/text\naether-run/command\naether-run/sent\n", &work[1..]));
}

#[test]
fn codes_and_signals_are_those_of_the_command() {
    let play = Play::new();
    for (told, code, signal) in
        [("echo 0", Some(0), None), ("echo 101", Some(101), None), ("echo 137", None, Some(9))]
    {
        play.when("told", told);
        let report = play.run().unwrap();
        assert_eq!((report.exit_code, report.signal), (code, signal), "{told}");
    }
    play.when("told", "echo 137; echo oom_kill 1");
    let reason = play.run().unwrap().sandbox.layers[0].reason.clone();
    assert!(reason.unwrap_or_default().contains("bytes of memory ended a process"));
    play.when("command", "echo \"env: can't execute 'cargo': No such file\" >&2");
    play.when("told", "echo 127");
    assert_eq!(play.run().unwrap_err().code, ErrorCode::RUN_NOT_FOUND);
}

#[test]
fn a_pod_that_cannot_begin_is_told_with_its_reason() {
    for (status, part) in [
        (
            r#"{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","message":"0/3 nodes are available"}]}"#,
            "did not begin in 1000 ms: 0/3 nodes are available",
        ),
        (
            r#"{"phase":"Pending","initContainerStatuses":[{"name":"receive","state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}]}"#,
            "ImagePullBackOff: Back-off pulling image",
        ),
        (r#"{"phase":"Failed","reason":"Evicted","message":"The node was low on memory."}"#, "Evicted"),
        (
            r#"{"phase":"Failed","initContainerStatuses":[{"name":"receive","state":{"terminated":{"reason":"StartError"}}}]}"#,
            "StartError",
        ),
    ] {
        let play = Play::new();
        play.when_pod(status);
        let runner = play.runner().with_start_timeout_ms(1_000);
        let error =
            block_on(runner.run(run_permit(&command()), &play.request(), &Cancel::new())).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE);
        assert!(error.message.contains(part), "{error}");
        assert!(play.calls().contains(" delete jobs,"), "{}", play.calls());
    }
    let play = Play::new();
    play.when("pods", "echo '{\"items\":[]}'");
    let runner = play.runner().with_start_timeout_ms(300);
    let error = block_on(runner.run(run_permit(&command()), &play.request(), &Cancel::new())).unwrap_err();
    assert!(error.message.contains("the cluster has made no pod yet"), "{error}");
}

#[test]
fn a_run_that_is_lost_is_no_report() {
    let play = Play::new();
    play.when("create", "echo 'Error from server (Forbidden): jobs.batch is forbidden' >&2; exit 1");
    let error = play.run().unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE);
    assert!(error.message.contains("is forbidden"), "{error}");

    let play = Play::new();
    play.when("create", "echo 'The Job \"a\" is invalid: spec: Invalid value' >&2; exit 1");
    assert_eq!(play.run().unwrap_err().code, ErrorCode::RUN_IO);

    let play = Play::new();
    play.when("send", "echo 'command terminated with exit code 2' >&2; exit 2");
    play.check_lost("the files could not be sent");

    // The connection breaks, and the pod has gone with its node.
    let play = Play::new();
    play.when("command", "echo half; echo 'error: unexpected EOF' >&2; touch $here/ended; exit 1");
    play.check_lost("the pod was lost: the pod ended");

    // It breaks, and the pod goes on: nobody knows what came of the command.
    let play = Play::new();
    play.when("command", "echo half; echo 'error: unexpected EOF' >&2; exit 1");
    play.check_lost("the run was lost: error: unexpected EOF");

    // The command ended the shell that waited for it: that is an end of the command.
    let play = Play::new();
    play.when("command", "echo half >&2; echo 'command terminated with exit code 137' >&2; exit 137");
    play.when("told", "exit 1");
    let report = play.run().unwrap();
    assert_eq!((report.stderr.as_str(), report.signal), ("half\n", Some(9)));

    // It may say so itself, but not after the client.
    let play = Play::new();
    play.when("told", "exit 1");
    play.when("command", "echo 'command terminated with exit code 137' >&2; echo 'error: EOF' >&2; exit 1");
    play.check_lost("the run was lost: error: EOF");

    // The client is killed.
    let play = Play::new();
    play.when("command", "echo half; kill -9 $$");
    play.check_lost("the run was lost");

    let play = Play::new();
    play.when("told", "exit 1");
    play.check_lost("the run was lost");
}

#[test]
fn a_pod_out_of_memory_is_a_report() {
    let play = Play::new();
    play.when("command", "echo half; touch $here/killed; exit 137");
    let pods = POD.replacen(
        "if [",
        "oom='{\"phase\":\"Failed\",\"containerStatuses\":[{\"name\":\"run\",\"state\":{\"terminated\":{\"reason\":\"OOMKilled\"}}}]}'\n\
         if [ -e $here/killed ]; then pod \"$oom\"; elif [",
        1,
    );
    play.when("pods", &pods);
    let report = play.run().unwrap();
    assert_eq!((report.stdout.as_str(), report.signal), ("half\n", Some(9)));
    assert!(report.sandbox.layers[0].reason.clone().unwrap_or_default().contains("bytes of memory"));
}

#[test]
fn answers_that_are_no_json_or_too_long_are_told() {
    let play = Play::new();
    play.when("pods", "echo '<html>you shall not pass</html>'");
    play.check_lost("an answer that cannot be read");
    let play = Play::new();
    play.when("pods", r#"echo '{"items":[{"metadata":{"name":"--all"}}]}'"#);
    play.check_lost("is not the name of a pod");
    assert!(!play.calls().contains("exec --all"), "{}", play.calls());
    let play = Play::new();
    play.when("pods", "head -c 40000000 /dev/zero");
    play.check_lost("more than anybody would read");
}

#[test]
fn a_flood_of_output_is_cut() {
    let play = Play::new();
    play.when("command", "head -c 30000000 /dev/zero | tr '\\0' x; echo end; echo error >&2");
    let mut request = play.request();
    request.limits.max_output_bytes = 1000;
    let report = play.run_with(&request).unwrap();
    assert!(
        report.truncated && report.stdout.len() < 1100 && report.stdout.ends_with("xend\n"),
        "{report:?}"
    );
    assert_eq!(report.stderr, "error\n");
}

#[test]
fn a_client_that_hangs_is_given_up() {
    let play = Play::new();
    let number = odd_number();
    let hang = format!("exec sleep {number}");
    play.when("command", &hang);
    let mut request = play.request();
    request.limits.timeout_ms = 500;
    let report = play.run_with(&request).unwrap();
    assert!(report.timed_out && report.signal == Some(9), "{report:?}");
    assert!(processes_of(&format!("sleep\0{number}")).is_empty());

    let play = Play::new();
    play.when("send", &hang);
    // Long enough for the calls before this one on a busy machine.
    let runner = play.runner().with_start_timeout_ms(6_000);
    let error = block_on(runner.run(run_permit(&command()), &play.request(), &Cancel::new())).unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE);
    assert!(error.message.contains("did not answer"), "{error}");
    assert!(processes_of(&format!("sleep\0{number}")).is_empty());
}

#[test]
fn a_run_can_be_cancelled_and_dropped_while_the_client_hangs() {
    for kind in ["create", "pods", "send", "command"] {
        let play = Play::new();
        let number = odd_number();
        play.when(kind, &format!("exec sleep {number}"));
        let cancel = Cancel::new();
        let (from_elsewhere, of_it) = (cancel.clone(), number.clone());
        let other = std::thread::spawn(move || {
            wait_until("it hangs", || !processes_of(&format!("sleep\0{of_it}")).is_empty());
            from_elsewhere.cancel();
        });
        let begun = Instant::now();
        let report = block_on(play.runner().run(run_permit(&command()), &play.request(), &cancel));
        other.join().unwrap();
        if kind == "pods" {
            // The end of the pod cannot be seen either, but none had begun.
            play.when("pods", POD);
        }
        assert!(report.unwrap().cancelled, "{kind}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{kind}");
        assert!(play.calls().contains(" delete jobs,"), "{kind}: {}", play.calls());
    }
}

#[test]
fn what_does_not_end_is_told() {
    let play = Play::new();
    play.when("delete", "echo 'Unable to connect to the server: EOF' >&2; exit 1");
    let error = play.run().unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_UNAVAILABLE);
    assert!(error.message.contains("Unable to connect"), "{error}");
}

#[test]
fn what_the_cluster_changed_in_a_pod_is_refused_unless_that_is_allowed() {
    let play = Play::new();
    play.when("pods", &POD.replace("\"readOnlyRootFilesystem\":true", "\"readOnlyRootFilesystem\":false"));
    let error = play.run().unwrap_err();
    assert_eq!(error.code, ErrorCode::RUN_UNCONFINED);
    assert!(error.message.contains("the files of the image can be written"), "{error}");
    assert!(!play.calls().contains("/aether-run/command"), "it ran");
    let mut request = play.request();
    request.allow_unconfined = true;
    let report = play.run_with(&request).unwrap();
    assert!(!report.sandbox.writes_confined && !report.sandbox.layers[0].held);
}

#[test]
fn nothing_is_asked_of_a_cluster_for_what_may_not_run() {
    let play = Play::new();
    let check = |runner: &KubernetesRunner, request: &RunRequest, permit: &CommandLine, code: ErrorCode| {
        let error = block_on(runner.run(run_permit(permit), request, &Cancel::new())).unwrap_err();
        assert_eq!(error.code, code, "{error}");
    };
    let other = CommandLine::new("cargo", ["publish"]);
    let runner = play.runner();
    check(
        &runner,
        &RunRequest::new(other.clone(), play.folder.join("work")),
        &other,
        ErrorCode::RUN_NOT_ALLOWED,
    );
    check(&runner, &play.request(), &other, ErrorCode::RUN_NOT_ALLOWED);
    let mut request = play.request();
    request.network = NetworkAccess::None;
    check(&runner, &request, &command(), ErrorCode::RUN_UNCONFINED);
    request = play.request();
    request.folder = Path::new("relative").to_owned();
    check(&runner, &request, &command(), ErrorCode::RUN_IO);
    // Nobody says that policies are in force.
    let cluster = KubernetesCluster::new(play.client(), "checks", Instant::now);
    let unsure = KubernetesRunner::new(cluster, "rust:1", &play.state, now).with_allowed([command()]);
    check(&unsure, &play.request(), &command(), ErrorCode::RUN_UNCONFINED);
    let small = play.runner().with_max_sent_bytes(1024);
    fs::write(play.folder.join("work/large"), vec![0; 4096]).unwrap();
    check(&small, &play.request(), &command(), ErrorCode::RUN_IO);
    assert!(!play.calls().contains(" create "), "{}", play.calls());
}

#[test]
fn a_cluster_that_is_not_there_is_told_before_anything_runs() {
    let play = Play::new();
    block_on(play.runner().ready()).unwrap();
    let refused =
        "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?";
    play.when("ready", &format!("echo '{refused}' >&2; exit 1"));
    let error = block_on(play.runner().ready()).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::RUN_UNAVAILABLE, refused));
    let cluster = KubernetesCluster::new("/nowhere/kubectl", "checks", Instant::now);
    let absent = KubernetesRunner::new(cluster, "rust:1", &play.state, now);
    assert_eq!(block_on(absent.ready()).unwrap_err().code, ErrorCode::RUN_UNAVAILABLE);
}

#[test]
fn jobs_past_their_deadline_are_removed_whoever_made_them() {
    let play = Play::new();
    let job = |name: &str, label: &str, owner: &str, deadline: i64| {
        format!(
            r#"{{"metadata":{{"name":"{name}","labels":{{"aether.run.job":"{label}","aether.run.owner":"{owner}","aether.run.deadline":"{deadline}"}}}}}}"#
        )
    };
    let now_s = now().unix_ms() / 1000;
    let jobs = [
        job("aether-run-a-0", "aether-run-a-0", "aether-run-A", now_s - 10),
        job("aether-run-b-0", "aether-run-b-0", "aether-run-B", now_s + 1000),
        // Somebody else's, that has our labels.
        job("database", "aether-run-c-0", "aether-run-C", now_s - 10),
    ];
    play.when("jobs", &format!("cat <<'END'\n{{\"items\":[{}]}}\nEND\n", jobs.join(",")));
    assert_eq!(block_on(play.runner().clean_up()).unwrap(), ["aether-run-a-0"]);
    let deleted: Vec<String> =
        play.calls().lines().filter(|call| call.contains(" delete ")).map(str::to_owned).collect();
    assert_eq!(deleted.len(), 1);
    assert!(deleted[0].contains("--selector=aether.run.job=aether-run-a-0 "), "{deleted:?}");
}
