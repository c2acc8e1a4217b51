//! Installs the tools that some tests need and that cargo does not bring.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::child::Child;
use crate::repository::Repository;

/// A tool: how to see whether it is there, and how to get it.
#[derive(Debug)]
struct Tool {
    name: &'static str,
    /// Prints a version where the tool is installed.
    probe: Child,
    install: Vec<Child>,
    /// What to know afterwards.
    note: &'static str,
}

/// `cargo xtask setup NAME [--dry-run]`.
pub(crate) fn run(repository: &Repository, words: &[String]) -> Result<ExitCode> {
    let (name, is_dry) = match words {
        [name] => (name, false),
        [name, flag] if flag == "--dry-run" => (name, true),
        _ => bail!("`setup` takes a name: {}", names()),
    };
    let tool = tool(name, &repository.target().join("tools").to_string_lossy())?;
    if let Some(version) = tool.probe.first_line(repository.root()) {
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
        let version = tool
            .probe
            .first_line(repository.root())
            .with_context(|| format!("{name} was installed, but does not start"))?;
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

fn tools(folder: &str) -> [Tool; 5] {
    [
        Tool {
            name: "docker",
            // The client alone answers without an engine, so the engine is asked for.
            probe: Child::new("dockerd", &["--version"]),
            install: debian(&["docker.io", "busybox-static", "iptables", "openssh-server"]),
            note: "The engine is not started; the tests that need it start one of their own.",
        },
        Tool {
            name: "jj",
            probe: Child::new("jj", &["--version"]),
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
            probe: Child::new(&format!("{folder}/node_modules/node/bin/node"), &["--version"]),
            install: vec![Child::new("npm", &["install", "--no-save", "--prefix", folder, "node@22"])],
            note: "Node 22 lies below the target folder, beside the system's own.",
        },
        Tool {
            name: "chromium",
            probe: Child::new("chromium", &["--version"]),
            install: debian(&["chromium"]),
            note: "Tests start it headless.",
        },
        Tool {
            name: "ctags",
            probe: Child::new("ctags", &["--version"]),
            install: debian(&["universal-ctags"]),
            note: "A peer that the index is compared with.",
        },
    ]
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
            "there is no setup for \"podman\"; known are docker, jj, node, chromium, ctags"
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
    fn jj_comes_from_source_at_a_fixed_version() {
        check_install("jj", &["cargo install jj-cli --version 0.45.1 --locked --bin jj"]);
    }

    #[test]
    fn node_stays_below_the_target_folder() {
        check_install("node", &["npm install --no-save --prefix target/tools node@22"]);
    }
}
