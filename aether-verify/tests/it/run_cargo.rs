//! Cargo in a sandbox: its home is read-only, and holds the packages of the user.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aether_core::change::{CommandLine, RunReport};
use aether_core::conformance::skip;
use aether_verify::SandboxKind;

use crate::run_support::*;

/// A package that the crates of this repository depend on, so that it is there where these tests were built.
const PACKAGE: &str = "itoa";

fn project(folder: &Path) {
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[package]\nname = \"uses\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n{PACKAGE} = \"1\"\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let library = "#[test]\nfn works() { assert_eq!(itoa::Buffer::new().format(7), \"7\"); }\n";
    fs::write(folder.join("src/lib.rs"), library).unwrap();
}

fn cargo_test(kind: SandboxKind, folder: &Path, home: &Path) -> RunReport {
    let command = CommandLine::new("cargo", ["test", "--offline", "--locked", "--quiet"]);
    let mut request = request(&command, folder);
    request.environment = toolchain();
    request.environment.retain(|(name, _)| name != "CARGO_HOME");
    request.environment.push(("CARGO_HOME".into(), home.display().to_string()));
    run(&runner(kind, &command), &request).unwrap()
}

#[test]
fn cargo_needs_no_write_access_to_packages_that_are_unpacked() {
    let (_keep, folder) = scratch();
    project(&folder);
    // It unpacks what is not.
    let fetched = Command::new("cargo").args(["fetch", "--offline"]).current_dir(&folder).output().unwrap();
    if !fetched.status.success() {
        let why = String::from_utf8_lossy(&fetched.stderr);
        skip(
            "cargo_needs_no_write_access_to_packages_that_are_unpacked",
            format!("{PACKAGE} is not there: {why}"),
        );
        return;
    }
    let home = toolchain().into_iter().find(|(name, _)| name == "CARGO_HOME").unwrap().1;
    let home = PathBuf::from(home);
    for kind in KINDS {
        let report = cargo_test(kind, &folder, &home);
        assert!(report.is_green(), "{kind:?}: {}", report.stderr);
        assert!(report.stdout.contains("1 passed"), "{}", report.stdout);
        fs::remove_dir_all(folder.join("target")).unwrap();
    }

    // A home that has the archive alone. Unpacking would write to it, so it is an error that says so: what
    // is needed must have been fetched before.
    let base = elsewhere();
    let packed = fs::canonicalize(base.path()).unwrap();
    let copy = |part: &str| {
        let (from, to) = (home.join("registry").join(part), packed.join("registry").join(part));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        let copied = Command::new("cp").arg("-r").arg(from).arg(&to).status().unwrap();
        assert!(copied.success());
    };
    copy("index");
    for registry in fs::read_dir(home.join("registry/cache")).unwrap() {
        let registry = registry.unwrap();
        let to = packed.join("registry/cache").join(registry.file_name());
        fs::create_dir_all(&to).unwrap();
        for archive in fs::read_dir(registry.path()).unwrap() {
            let archive = archive.unwrap();
            if archive.file_name().to_string_lossy().starts_with(&format!("{PACKAGE}-")) {
                fs::copy(archive.path(), to.join(archive.file_name())).unwrap();
            }
        }
    }
    for kind in KINDS {
        let report = cargo_test(kind, &folder, &packed);
        assert_eq!(report.exit_code, Some(101), "{kind:?}: {}", report.stderr);
        assert!(report.stderr.contains("failed to unpack package"), "{}", report.stderr);
    }
}
