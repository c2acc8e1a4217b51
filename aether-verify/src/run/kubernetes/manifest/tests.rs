//! What is made in a cluster, key by key.

use super::*;

fn job() -> Job {
    Job {
        name: "aether-run-a-0".into(),
        labels: BTreeMap::from([("aether.run.owner".into(), "aether-run-A".into())]),
        image: "rust:1".into(),
        folder: "/srv/tree".into(),
        folders: BTreeMap::from([("/srv/tree".into(), false), ("/srv/tree/out".into(), true)]),
        user: 1234,
        group: 2345,
        max_memory_bytes: 1 << 30,
        temporary_bytes: 1 << 20,
        deadline_s: 90,
        has_network: false,
    }
}

/// What lies at a path of a manifest.
#[track_caller]
fn check(manifest: &Value, path: &str, expected: Value) {
    assert_eq!(manifest.pointer(path), Some(&expected), "{path}");
}

#[test]
fn a_job_is_made_with_its_policy_before_it() {
    let manifest = job().manifest().unwrap();
    check(&manifest, "/kind", json!("List"));
    assert_eq!(manifest["items"].as_array().unwrap().len(), 2);
    let labels = json!({ "aether.run.job": "aether-run-a-0", "aether.run.owner": "aether-run-A" });
    for (number, kind) in ["NetworkPolicy", "Job"].into_iter().enumerate() {
        check(&manifest, &format!("/items/{number}/kind"), json!(kind));
        check(&manifest, &format!("/items/{number}/metadata/name"), json!("aether-run-a-0"));
        check(&manifest, &format!("/items/{number}/metadata/labels"), labels.clone());
    }
    check(&manifest, "/items/1/spec/template/metadata/labels", labels);
    let policy = json!({
        "podSelector": { "matchLabels": { "aether.run.job": "aether-run-a-0" } },
        "policyTypes": ["Ingress", "Egress"],
    });
    check(&manifest, "/items/0/spec", policy);
    let with_network = Job { has_network: true, ..job() }.manifest().unwrap();
    assert_eq!(with_network["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_job_ends_and_is_never_tried_again() {
    let manifest = job().manifest().unwrap();
    for (key, expected) in [
        ("backoffLimit", 0),
        ("activeDeadlineSeconds", 90),
        ("ttlSecondsAfterFinished", 300),
        ("completions", 1),
    ] {
        check(&manifest, &format!("/items/1/spec/{key}"), json!(expected));
    }
    check(&manifest, "/items/1/spec/template/spec/restartPolicy", json!("Never"));
}

#[test]
fn a_pod_can_do_as_little_as_a_pod_can() {
    let manifest = job().manifest().unwrap();
    let pod = manifest.pointer("/items/1/spec/template/spec").unwrap();
    for (key, expected) in [
        ("automountServiceAccountToken", false),
        ("enableServiceLinks", false),
        ("hostNetwork", false),
        ("hostPID", false),
        ("hostIPC", false),
        ("shareProcessNamespace", false),
    ] {
        check(pod, &format!("/{key}"), json!(expected));
    }
    let security = json!({
        "runAsNonRoot": true,
        "runAsUser": 1234,
        "runAsGroup": 2345,
        "seccompProfile": { "type": "RuntimeDefault" },
    });
    check(pod, "/securityContext", security);
    for container in ["/initContainers/0", "/containers/0"] {
        let security = json!({
            "runAsNonRoot": true,
            "allowPrivilegeEscalation": false,
            "privileged": false,
            "readOnlyRootFilesystem": true,
            "capabilities": { "drop": ["ALL"] },
        });
        check(pod, &format!("{container}/securityContext"), security);
        check(pod, &format!("{container}/resources/limits/memory"), json!("1073741824"));
        check(pod, &format!("{container}/image"), json!("rust:1"));
    }
    check(pod, "/containers/0/workingDir", json!("/srv/tree"));
    // No folder of the node.
    for volume in pod["volumes"].as_array().unwrap() {
        assert!(volume["emptyDir"].is_object(), "{volume}");
    }
}

#[test]
fn folders_can_be_filled_by_the_one_and_written_by_the_other_as_the_request_says() {
    let manifest = job().manifest().unwrap();
    let pod = manifest.pointer("/items/1/spec/template/spec").unwrap();
    let mount = |container: &str, path: &str| {
        let mounts = pod.pointer(&format!("/{container}/0/volumeMounts")).unwrap().as_array().unwrap();
        mounts.iter().find(|mount| mount["mountPath"] == path).unwrap().clone()
    };
    assert_eq!(mount("initContainers", "/srv/tree").get("readOnly"), None);
    assert_eq!(mount("containers", "/srv/tree")["readOnly"], true);
    assert_eq!(mount("containers", "/srv/tree/out")["readOnly"], false);
    assert_eq!(mount("initContainers", "/tmp")["name"], "temporary");
    // A request may name that folder itself.
    let own = Job { folders: BTreeMap::from([("/tmp".into(), true)]), ..job() }.manifest().unwrap();
    let mounts = own.pointer("/items/1/spec/template/spec/containers/0/volumeMounts").unwrap();
    let names: Vec<_> = mounts.as_array().unwrap().iter().filter(|it| it["mountPath"] == "/tmp").collect();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0]["name"], "folder-0");
}

#[test]
fn folders_that_no_pod_can_have_are_refused() {
    for path in ["/", "/proc/x", "/sys", "/dev/shm", "/aether-run/x", "/a:b", "/a/$(HOSTNAME)"] {
        let job = Job { folders: BTreeMap::from([(path.into(), true)]), ..job() };
        assert_eq!(job.manifest().unwrap_err().code, ErrorCode::RUN_IO, "{path}");
    }
}
