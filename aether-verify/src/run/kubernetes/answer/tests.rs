//! What a cluster says, well and badly.

use aether_core::base::ErrorCode;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// A pod that has all of the confinement, with this status.
fn pod(status: Value) -> Value {
    json!({
        "metadata": { "name": "aether-run-a-0-x", "labels": { "a": "b" } },
        "spec": {
            "securityContext": { "seccompProfile": { "type": "RuntimeDefault" } },
            "containers": [{
                "name": "run",
                "securityContext": {
                    "allowPrivilegeEscalation": false,
                    "readOnlyRootFilesystem": true,
                    "runAsNonRoot": true,
                    "privileged": false,
                    "capabilities": { "drop": ["ALL"] },
                },
            }],
        },
        "status": status,
    })
}

fn read_one(pod: &Value) -> PodState {
    pods(&json!({ "items": [pod] }).to_string()).unwrap().pop().unwrap()
}

#[track_caller]
fn check(status: Value, expected: Stage) {
    assert_eq!(read_one(&pod(status.clone())).stage, expected, "{status}");
}

fn init(state: Value) -> Value {
    json!([{ "name": "receive", "state": state }])
}

fn main(state: Value) -> Value {
    json!([{ "name": "run", "state": state }])
}

#[test]
fn how_far_a_pod_is() {
    let running = || json!({ "running": { "startedAt": "2026-11-29T00:00:00Z" } });
    let done = || json!({ "terminated": { "exitCode": 0, "reason": "Completed" } });
    let starts = || json!({ "waiting": { "reason": "PodInitializing" } });
    check(json!({}), Stage::Waiting(None));
    check(
        json!({ "phase": "Pending", "initContainerStatuses": init(starts()) }),
        Stage::Waiting(Some("PodInitializing".into())),
    );
    check(
        json!({ "phase": "Pending", "initContainerStatuses": init(running()), "containerStatuses": main(starts()) }),
        Stage::Receiving,
    );
    check(
        json!({ "phase": "Pending", "initContainerStatuses": init(done()), "containerStatuses": main(starts()) }),
        Stage::Waiting(Some("PodInitializing".into())),
    );
    check(
        json!({ "phase": "Running", "initContainerStatuses": init(done()), "containerStatuses": main(running()) }),
        Stage::Running,
    );
}

#[test]
fn why_a_pod_does_not_run() {
    let condition = json!([{
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": "0/1 nodes are available: 1 Insufficient memory.",
    }]);
    check(
        json!({ "phase": "Pending", "conditions": condition }),
        Stage::Waiting(Some("0/1 nodes are available: 1 Insufficient memory.".into())),
    );
    let pull = json!({ "waiting": { "reason": "ErrImagePull", "message": "no such image\nat all" } });
    check(
        json!({ "phase": "Pending", "initContainerStatuses": init(pull) }),
        Stage::Lost("ErrImagePull: no such image at all".into()),
    );
    let evicted = json!({ "phase": "Failed", "reason": "Evicted", "message": "The node was low on memory." });
    check(evicted, Stage::Lost("Evicted: The node was low on memory.".into()));
    let killed = || json!({ "terminated": { "exitCode": 137, "reason": "OOMKilled" } });
    check(json!({ "phase": "Failed", "containerStatuses": main(killed()) }), Stage::OutOfMemory);
    check(json!({ "phase": "Running", "containerStatuses": main(killed()) }), Stage::OutOfMemory);
    let ended = json!({ "terminated": { "exitCode": 1, "reason": "Error" } });
    check(json!({ "phase": "Failed", "initContainerStatuses": init(ended) }), Stage::Lost("Error".into()));
    let deadline = json!({ "phase": "Failed", "reason": "DeadlineExceeded" });
    check(deadline, Stage::Lost("DeadlineExceeded".into()));
    check(json!({ "phase": "Succeeded" }), Stage::Lost("the pod ended".into()));
}

#[test]
fn what_the_cluster_changed_in_the_pod_is_seen() {
    let whole = pod(json!({}));
    let state = read_one(&whole);
    assert_eq!((state.lacks.as_slice(), state.filters_calls), (&[][..], true));
    let container = "/spec/containers/0/securityContext";
    for (path, value) in [
        ("/spec/hostNetwork", json!(true)),
        ("/spec/hostPID", json!(true)),
        ("/spec/hostIPC", json!(true)),
        ("/spec/shareProcessNamespace", json!(true)),
        (&format!("{container}/privileged"), json!(true)),
        (&format!("{container}/allowPrivilegeEscalation"), json!(true)),
        (&format!("{container}/readOnlyRootFilesystem"), json!(false)),
        (&format!("{container}/runAsNonRoot"), json!(false)),
        (&format!("{container}/capabilities"), json!({ "drop": ["ALL"], "add": ["NET_RAW"] })),
        (&format!("{container}/capabilities"), json!({ "drop": ["NET_RAW"] })),
    ] {
        let mut changed = whole.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[key] = value;
        assert_eq!(read_one(&changed).lacks.len(), 1, "{path}");
    }
    let mut without = whole.clone();
    without["spec"]["containers"][0]["securityContext"] = Value::Null;
    without["spec"]["securityContext"] = Value::Null;
    let state = read_one(&without);
    assert_eq!((state.lacks.len(), state.filters_calls), (4, false));
    without["spec"]["containers"] = json!([]);
    assert_eq!(read_one(&without).lacks.len(), 4, "a container that is not there holds nothing back");
}

#[test]
fn answers_that_are_none_are_told() {
    let no_name = json!({ "items": [{ "metadata": { "name": "--all" } }] }).to_string();
    for text in ["", "[]", "{}", "<html>", "{\"items\": 1}", "{\"items\": [{}]}", &no_name] {
        assert_eq!(pods(text).unwrap_err().code, ErrorCode::RUN_UNAVAILABLE, "{text}");
    }
    for text in ["", "x", "oom_kill 1", "3.5"] {
        assert_eq!(ended(text).unwrap_err().code, ErrorCode::RUN_UNAVAILABLE, "{text}");
    }
}

#[test]
fn the_end_of_a_command_is_read() {
    assert_eq!(ended("0\n").unwrap(), (0, false));
    // Version 1 of cgroups, and version 2.
    assert_eq!(ended("137\noom_kill_disable 0\nunder_oom 0\noom_kill 2\n").unwrap(), (137, true));
    assert_eq!(ended("101\nlow 0\noom 0\noom_kill 0\n").unwrap(), (101, false));
}

#[test]
fn what_a_list_names_is_read() {
    let list = json!({ "items": [{ "metadata": { "name": "a", "labels": { "b": "c" } } }, { "metadata": { "name": "d" } }] });
    let made = made(&list.to_string()).unwrap();
    assert_eq!(made[0], ("a".to_owned(), BTreeMap::from([("b".to_owned(), "c".to_owned())])));
    assert_eq!(made[1], ("d".to_owned(), BTreeMap::new()));
}

proptest! {
    #[test]
    fn no_answer_makes_the_reader_panic(text in ".{0,200}") {
        let _ = (pods(&text), made(&text), ended(&text));
        let _ = pods(&json!({ "items": [pod(Value::String(text))] }).to_string());
    }
}
