//! Changing a repository where commands run in containers, with a real engine and the real cargo.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::docker_daemon::{Daemon, docker_with_rust, program};
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

/// A package whose commands run in containers.
struct Package {
    folder: tempfile::TempDir,
}

impl Package {
    fn new(verify: &str) -> Self {
        let package = Self { folder: elsewhere() };
        package.write(
            "Cargo.toml",
            "[package]\nname = \"sums\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n",
        );
        package.write("src/lib.rs", LIBRARY);
        package.configure(verify);
        package
    }

    /// What `[verify]` says, and the image.
    fn configure(&self, verify: &str) {
        let image = rust_image::NAME;
        self.write(
            ".aether/config.toml",
            &format!("[verify]\n{verify}\n[verify.container]\nimage = \"{image}\"\n"),
        );
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn library(&self) -> String {
        std::fs::read_to_string(self.path("src/lib.rs")).unwrap()
    }

    /// A diff that replaces the sum.
    fn diff(&self, to: &str) -> String {
        let path = self.path(".aether/change.diff");
        let diff = format!("--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -5 +5 @@\n-    a + b\n+{to}\n");
        std::fs::write(&path, diff).unwrap();
        path.display().to_string()
    }

    /// Runs the program where the engine listens on `socket`.
    fn aether(&self, socket: &Path, arguments: &[&str]) -> Run {
        let host = format!("unix://{}", socket.display());
        let words = [arguments, &["--json"]].concat();
        Run::of(command(&words).current_dir(self.folder.path()).env("DOCKER_HOST", host))
    }

    #[track_caller]
    fn json(&self, docker: &Daemon, arguments: &[&str], code: i32) -> Value {
        self.aether(&docker.socket(), arguments).exits(code).json()
    }
}

/// The modes of all commands that a verification ran, and why they are not those that were asked for.
#[track_caller]
fn modes(verification: &Value) -> Vec<(&str, Option<&str>)> {
    let steps = verification["steps"].as_array().unwrap();
    assert!(!steps.is_empty(), "nothing ran");
    steps
        .iter()
        .map(|it| (it["run"]["mode"].as_str().unwrap(), it["run"]["fallback_reason"].as_str()))
        .collect()
}

/// Whether there is a container, running or not, that sees something below this folder.
fn has_container_over(docker: &Daemon, folder: &Path) -> bool {
    let listed = docker.call(&["ps", "--all", "--no-trunc", "--format={{.Mounts}}"]);
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    String::from_utf8_lossy(&listed.stdout).contains(&folder.display().to_string())
}

#[test]
fn a_verification_runs_in_containers() {
    let Some(docker) = docker_with_rust("a_verification_runs_in_containers") else { return };
    let package = Package::new("");
    let answer = package.json(&docker, &["verify", "--mode", "docker"], 0);
    assert_eq!(answer["green"], true);
    let verification = &answer["verification"];
    assert_eq!(modes(verification), [("container", None); 3], "check, tests and clippy");
    let tests = &verification["steps"][1]["tests"]["binaries"][0]["outcomes"];
    assert_eq!((&tests[0]["name"], &tests[0]["status"]), (&"adds".into(), &"passed".into()));
    for step in verification["steps"].as_array().unwrap() {
        assert_eq!(step["run"]["sandbox"]["network"], "private_loopback");
        assert_eq!(step["run"]["sandbox"]["layers"][0]["layer"], "container");
    }

    // What is wrong is told as it is on this machine.
    package.write("src/lib.rs", &LIBRARY.replace("a + b", "a + nothing"));
    let answer = package.json(&docker, &["verify", "--mode", "container"], 1);
    assert_eq!(answer["verification"]["steps"][0]["diagnostics"][0]["code"], "E0425");
    package.write("src/lib.rs", &LIBRARY.replace("a + b", "a - b"));
    let answer = package.json(&docker, &["verify", "--mode", "docker"], 1);
    assert_eq!(answer["verification"]["steps"][1]["tests"]["binaries"][0]["outcomes"][0]["status"], "failed");
    assert!(!package.path("target").exists(), "the target folder of the user is not theirs");
    assert!(!has_container_over(&docker, package.folder.path()), "a container is left");
}

#[test]
fn a_patch_is_proven_in_containers_and_applied() {
    let Some(docker) = docker_with_rust("a_patch_is_proven_in_containers_and_applied") else { return };
    let package = Package::new("mode = \"docker\"");
    let answer = package.json(&docker, &["patch", "apply", &package.diff("  b+a")], 0);
    assert_eq!((&answer["applied"], &answer["polish"]["applied"]), (&true.into(), &true.into()));
    for verification in ["tried", "after"] {
        // Clippy tells once, before the patch is applied.
        assert_eq!(modes(&answer[verification])[..2], [("container", None); 2], "{answer:#}");
    }
    // What formats is run in a container, too.
    assert_eq!(package.library(), LIBRARY.replace("a + b", "b + a"));

    // A patch that breaks a test is refused.
    let wrong = package.path(".aether/wrong.diff");
    let diff = "--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -5 +5 @@\n-    b + a\n+    b - a\n";
    std::fs::write(&wrong, diff).unwrap();
    let answer = package.json(&docker, &["patch", "apply", wrong.to_str().unwrap()], 1);
    assert_eq!(answer["applied"], false);
    assert_eq!(package.library(), LIBRARY.replace("a + b", "b + a"));
    assert!(!has_container_over(&docker, package.folder.path()), "a container is left");
}

#[test]
fn without_an_engine_nothing_runs_unless_the_configuration_names_another_mode() {
    let test = "without_an_engine_nothing_runs_unless_the_configuration_names_another_mode";
    let Some(_client) = crate::docker_daemon::shown(
        test,
        program("docker")
            .ok_or("there is no client of Docker; `cargo xtask setup docker` installs it".to_owned()),
    ) else {
        return;
    };
    let nowhere = Path::new("/nowhere/docker.sock");
    let package = Package::new("mode = \"docker\"\nfallback = \"none\"");
    // Were it run on this machine, the build script would leave a file.
    package.write("build.rs", "fn main() { std::fs::write(\"ran\", \"\").unwrap(); }\n");
    for arguments in [&["verify"][..], &["patch", "apply", &package.diff("    b + a")]] {
        let run = package.aether(nowhere, arguments).exits(1);
        assert_eq!(run.error_code(), "run.unavailable");
        assert!(run.stdout.contains("/nowhere/docker.sock"), "{}", run.stdout);
    }
    assert_eq!(package.library(), LIBRARY);
    let scratch = package.path(".aether/scratch");
    let made = walk(&scratch).into_iter().filter(|path| path.ends_with("ran") || path.ends_with("debug"));
    assert_eq!(made.collect::<Vec<_>>(), Vec::<PathBuf>::new(), "something ran");

    // No client at all is the same.
    let run =
        Run::of(command(&["verify", "--json"]).current_dir(package.folder.path()).env("PATH", "/nowhere"));
    assert_eq!(run.exits(1).error_code(), "run.unavailable");

    package.configure("mode = \"docker\"\nfallback = \"host\"");
    let run = package.aether(nowhere, &["verify"]);
    let said: Value = serde_json::from_str(&run.stdout).unwrap();
    if said["error"]["code"] == "run.unconfined" || said["error"]["code"] == "run.unavailable" {
        crate::docker_daemon::shown::<()>(test, Err(format!("no sandbox to fall back to: {}", run.stdout)));
        return;
    }
    let answer = run.exits(0).json();
    for (mode, reason) in modes(&answer["verification"]) {
        assert_eq!(mode, "host");
        assert!(reason.is_some_and(|reason| reason.contains("/nowhere/docker.sock")), "{reason:?}");
    }
}

#[test]
fn an_image_that_is_not_there_is_told() {
    let Some(docker) = docker_with_rust("an_image_that_is_not_there_is_told") else { return };
    let package = Package::new("");
    package.write(
        ".aether/config.toml",
        "[verify]\nmode = \"docker\"\n[verify.container]\nimage = \"aether-test/nosuch:1\"\n",
    );
    let run = package.aether(&docker.socket(), &["verify"]).exits(1);
    assert_eq!(run.error_code(), "run.unavailable");
    assert!(run.stdout.contains("aether-test/nosuch:1"), "{}", run.stdout);
}

/// Everything below a folder.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.append(&mut walk(&path));
        }
        found.push(path);
    }
    found
}
