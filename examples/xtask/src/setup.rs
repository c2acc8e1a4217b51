//! Installs the tools that some tests need and that cargo does not bring.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::child::Child;
use crate::repository::Repository;

/// Where the programs of Kubernetes are built. They are kept by the machine, not by a checkout: that takes long.
const KUBERNETES: &str = "/opt/aether-k8s";

/// A tool: how to see whether it is there, and how to get it.
#[derive(Debug)]
struct Tool {
    name: &'static str,
    /// Each prints a version where the tool is installed.
    probes: Vec<Child>,
    install: Vec<Child>,
    /// What to know afterwards.
    note: &'static str,
}

impl Tool {
    /// What the probes print; nothing where one of them fails.
    fn version(&self, repository: &Repository) -> Option<String> {
        let versions: Option<Vec<String>> =
            self.probes.iter().map(|probe| probe.first_line(repository.root())).collect();
        versions.map(|versions| versions.join(", "))
    }
}

/// `cargo xtask setup NAME [--dry-run]`.
pub(crate) fn run(repository: &Repository, words: &[String]) -> Result<ExitCode> {
    let (name, is_dry) = match words {
        [name] => (name, false),
        [name, flag] if flag == "--dry-run" => (name, true),
        _ => bail!("`setup` takes a name: {}", names()),
    };
    let tool = tool(name, &repository.target().join("tools").to_string_lossy())?;
    if let Some(version) = tool.version(repository) {
        println!("{name} is installed: {version}");
        return Ok(ExitCode::SUCCESS);
    }
    for child in &tool.install {
        println!("{}", child.shown());
        if !is_dry {
            child
                .run(repository.root())
                .with_context(|| format!("{name} was not installed; Debian packages need root"))?;
        }
    }
    if !is_dry {
        let version =
            tool.version(repository).with_context(|| format!("{name} was installed, but does not start"))?;
        println!("{name} is installed: {version}");
    }
    println!("{}", tool.note);
    Ok(ExitCode::SUCCESS)
}

fn names() -> String {
    tools("").map(|tool| tool.name).join(", ")
}

fn tool(name: &str, tools_folder: &str) -> Result<Tool> {
    tools(tools_folder)
        .into_iter()
        .find(|tool| tool.name == name)
        .with_context(|| format!("there is no setup for {name:?}; known are {}", names()))
}

fn tools(folder: &str) -> [Tool; 11] {
    [
        Tool {
            name: "docker",
            // The client alone answers without an engine, so the engine is asked for.
            probes: vec![Child::new("dockerd", &["--version"])],
            install: debian(&["docker.io", "busybox-static", "iptables", "openssh-server"]),
            note: "The engine is not started; the tests that need it start one of their own.",
        },
        kubernetes(),
        Tool {
            name: "jj",
            probes: vec![Child::new("jj", &["--version"])],
            install: vec![Child::cargo(&[
                "install",
                "jj-cli",
                // The newest that the toolchain of this repository builds.
                "--version",
                "0.45.1",
                "--locked",
                "--bin",
                "jj",
            ])],
            note: "Version 0.40 is the oldest that workspaces accept.",
        },
        Tool {
            name: "node",
            probes: vec![Child::new(&format!("{folder}/node_modules/node/bin/node"), &["--version"])],
            install: vec![Child::new("npm", &["install", "--no-save", "--prefix", folder, "node@22"])],
            note: "Node 22 lies below the target folder, beside the system's own.",
        },
        Tool {
            name: "chromium",
            probes: vec![Child::new("chromium", &["--version"])],
            install: debian(&["chromium"]),
            note: "Tests start it headless.",
        },
        rust_analyzer(&format!("{folder}/rust-analyzer")),
        Tool {
            name: "filesystems",
            probes: vec![Child::new("mkfs.btrfs", &["--version"]), Child::new("mkfs.xfs", &["-V"])],
            install: debian(&["btrfs-progs", "xfsprogs"]),
            note: "Root mounts them in the tests, in a name space of their own.",
        },
        Tool {
            name: "ctags",
            probes: vec![Child::new("ctags", &["--version"])],
            install: debian(&["universal-ctags"]),
            note: "A peer that the index is compared with.",
        },
        Tool {
            name: "go",
            probes: vec![Child::new("go", &["version"])],
            install: debian(&["golang-go"]),
            note: "The oracle of Go runs with it.",
        },
        Tool {
            name: "java",
            // A runtime alone has no compiler.
            probes: vec![Child::new("javac", &["--version"])],
            install: debian(&["openjdk-17-jdk-headless"]),
            note: "The oracle of Java runs with it.",
        },
        oracles(&format!("{folder}/oracles")),
    ]
}

/// rust-analyzer out of its published crates. A folder of its own: rustup may have a program of this name on the PATH
/// that only says that a component is missing.
fn rust_analyzer(folder: &str) -> Tool {
    // The newest whose crates build with the toolchain of this repository: later ones use what it has unstable.
    let package = ["install", "ra_ap_rust-analyzer", "--version", "0.0.330", "--locked"];
    Tool {
        name: "rust-analyzer",
        probes: vec![Child::new(&format!("{folder}/bin/rust-analyzer"), &["--version"])],
        install: vec![
            Child::cargo(&package)
                .with_argument("--bin")
                .with_argument("rust-analyzer")
                .with_argument("--root")
                .with_argument(folder)
                // Tests ask little of it, and optimising takes most of the time.
                .with_variable("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                .with_variable("CARGO_PROFILE_RELEASE_LTO", "off"),
        ],
        note: "It lies below the target folder, where the tests of the client find it; they look on the PATH, too.",
    }
}

/// A Kubernetes of one machine. Debian has its source, and no package of a server.
fn kubernetes() -> Tool {
    let built = |name: &str| Child::new(&format!("{KUBERNETES}/bin/{name}"), &["--version"]);
    let mut install = debian(&[
        "docker.io",
        "busybox-static",
        "iptables",
        "openssl",
        "jq",
        "etcd-server",
        "golang-go",
        "make",
        "rsync",
        "dpkg-dev",
    ]);
    // Whoever has a client keeps it: that of Debian would be in the way of another one's files.
    let client = "command -v kubectl || apt-get install --yes --no-install-recommends kubernetes-client";
    install.push(Child::new("sh", &["-c", client]));
    install.push(Child::new("sh", &["examples/xtask/src/setup/kubernetes.sh", KUBERNETES]));
    Tool {
        name: "kubernetes",
        probes: vec![
            Child::new("dockerd", &["--version"]),
            Child::new("etcd", &["--version"]),
            Child::new("kubectl", &["version", "--client"]),
            built("kube-apiserver"),
            built("kubelet"),
            built("kube-controller-manager"),
            built("kube-scheduler"),
        ],
        install,
        note: "It takes five to twenty minutes. Nothing is started; the tests that need it start one of their own.",
    }
}

/// The packages of npm and PyPI that oracles of languages need, in a folder of their own: npm removes
/// what else it finds beside.
fn oracles(folder: &str) -> Tool {
    let (python, prefix) = (format!("{folder}/python"), ["install", "--no-save", "--prefix"]);
    Tool {
        name: "oracles",
        probes: vec![
            Child::new("node", &[&format!("{folder}/node_modules/typescript/bin/tsc"), "--version"]),
            Child::new("python3", &["-c", "import clang.cindex as it; it.Index.create(); print('libclang')"])
                .with_variable("PYTHONPATH", &python),
        ],
        install: vec![
            // From 7 on the package has no parser that a program can call.
            Child::new("npm", &prefix).with_argument(folder).with_argument("typescript@5.9.3"),
            Child::new(
                "python3",
                &["-m", "pip", "install", "--upgrade", "--target", &python, "libclang==18.1.1"],
            ),
        ],
        note: "The packages lie below the target folder; Python 3 with pip and Node are the system's own.",
    }
}

fn debian(packages: &[&str]) -> Vec<Child> {
    let install = Child::new("apt-get", &["install", "--yes", "--no-install-recommends"]);
    vec![Child::new("apt-get", &["update"]), packages.iter().copied().fold(install, Child::with_argument)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = tool("podman", "tools").expect_err("there is no such setup");
        assert_eq!(
            error.to_string(),
            "there is no setup for \"podman\"; known are docker, kubernetes, jj, node, chromium, rust-analyzer, filesystems, ctags, go, java, oracles"
        );
    }

    #[track_caller]
    fn check_install(name: &str, expected: &[&str]) {
        let shown: Vec<String> =
            tool(name, "target/tools").expect("a known tool").install.iter().map(Child::shown).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn debian_packages_come_without_recommendations() {
        check_install(
            "ctags",
            &["apt-get update", "apt-get install --yes --no-install-recommends universal-ctags"],
        );
    }

    #[test]
    fn file_systems_come_from_debian() {
        check_install(
            "filesystems",
            &["apt-get update", "apt-get install --yes --no-install-recommends btrfs-progs xfsprogs"],
        );
    }

    #[test]
    fn kubernetes_is_built_outside_of_the_checkout() {
        let install = tool("kubernetes", "target/tools").expect("a known tool").install;
        let script = install.last().expect("a script").shown();
        assert_eq!(script, "sh examples/xtask/src/setup/kubernetes.sh /opt/aether-k8s");
    }

    #[test]
    fn rust_analyzer_comes_from_source_into_a_folder_of_its_own() {
        check_install(
            "rust-analyzer",
            &[
                "CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off cargo install ra_ap_rust-analyzer \
               --version 0.0.330 --locked --bin rust-analyzer --root target/tools/rust-analyzer",
            ],
        );
    }

    #[test]
    fn jj_comes_from_source_at_a_fixed_version() {
        check_install("jj", &["cargo install jj-cli --version 0.45.1 --locked --bin jj"]);
    }

    #[test]
    fn node_stays_below_the_target_folder() {
        check_install("node", &["npm install --no-save --prefix target/tools node@22"]);
    }

    #[test]
    fn packages_of_oracles_lie_in_a_folder_of_their_own() {
        check_install(
            "oracles",
            &[
                "npm install --no-save --prefix target/tools/oracles typescript@5.9.3",
                "python3 -m pip install --upgrade --target target/tools/oracles/python libclang==18.1.1",
            ],
        );
    }
}
