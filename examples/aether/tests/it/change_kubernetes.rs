//! Verifying a repository where commands run as jobs of a cluster, with a real cluster and the real cargo.

use serde_json::Value;

use crate::cluster_daemon::cluster;
use crate::rust_image;
use crate::support::{Run, command, elsewhere};

const LIBRARY: &str = "\
//! Sums.

/// The sum.
pub fn add(a: i32, b: i32) -> i32 {
    a + b
}

#[test]
fn adds() {
    assert_eq!(add(1, 2), 3);
}
";

#[test]
fn a_verification_runs_in_a_cluster() {
    let test = "a_verification_runs_in_a_cluster";
    let Some(cluster) = cluster(test) else { return };
    if crate::docker_daemon::shown(test, cluster.docker.need_rust()).is_none() {
        return;
    }
    let folder = elsewhere();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"sums\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n");
    write("src/lib.rs", LIBRARY);
    let configuration = format!(
        "[verify]\nmode = \"kubernetes\"\ncommands = [\"cargo check\", \"cargo test\"]\n[verify.kubernetes]\nimage = \"{}\"\n\
         context = \"here\"\nnetwork_policy_enforced = true\n",
        rust_image::NAME
    );
    write(".aether/config.toml", &configuration);
    let verify = || {
        let mut aether = command(&["verify", "--json"]);
        Run::of(aether.current_dir(folder.path()).env("KUBECONFIG", cluster.kubeconfig()))
    };
    let check = |answer: &Value, codes: &[i64]| {
        let steps = answer["verification"]["steps"].as_array().unwrap();
        for step in steps {
            assert_eq!(
                (&step["run"]["mode"], &step["run"]["fallback_reason"]),
                (&"kubernetes".into(), &Value::Null)
            );
        }
        let found: Vec<i64> = steps.iter().map(|step| step["run"]["exit_code"].as_i64().unwrap()).collect();
        assert_eq!(found, codes, "{answer:#}");
    };
    let answer = verify().exits(0).json();
    check(&answer, &[0, 0]);
    let tests = &answer["verification"]["steps"][1]["tests"]["binaries"][0]["outcomes"];
    assert_eq!((&tests[0]["name"], &tests[0]["status"]), (&"adds".into(), &"passed".into()));

    // What formats runs in the cluster, too, where it changes nothing here.
    write(".aether/change.diff", "--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -5 +5 @@\n-    a + b\n+  b+a\n");
    let mut aether = command(&["patch", "apply", ".aether/change.diff", "--json"]);
    let applied = Run::of(aether.current_dir(folder.path()).env("KUBECONFIG", cluster.kubeconfig()));
    let answer = applied.exits(0).json();
    assert_eq!((&answer["applied"], &answer["polish"]), (&true.into(), &Value::Null), "{answer:#}");
    let library = std::fs::read_to_string(folder.path().join("src/lib.rs")).unwrap();
    assert_eq!(library, LIBRARY.replace("    a + b", "  b+a"));

    write("src/lib.rs", &LIBRARY.replace("a + b", "a + nothing"));
    let answer = verify().exits(1).json();
    check(&answer, &[101]);
    assert_eq!(answer["verification"]["steps"][0]["diagnostics"][0]["code"], "E0425");
    let left = cluster.kubectl(&["get", "jobs,networkpolicies", "--output=name"]);
    assert_eq!(String::from_utf8_lossy(&left.stdout), "", "a job is left");
}
