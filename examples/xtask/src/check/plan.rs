//! The steps of a check as data, worked out from the workspace.

use std::path::Path;

use super::has_cargo_command;
use crate::child::Child;
use crate::manifest::{Package, Workspace};
use crate::repository::Repository;

/// One step.
#[derive(Debug)]
pub(super) struct Step {
    /// What `--only` calls it; steps for several packages share the part before a colon.
    pub(super) name: String,
    pub(super) extent: Extent,
    pub(super) action: Action,
}

/// When a step runs unless it is asked for by name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Extent {
    Always,
    /// Not with `--no-tests`.
    Tests,
    /// Only with `--full`.
    Full,
}

/// What a step does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Action {
    /// Runs commands until one fails.
    Run(Vec<Child>),
    /// Runs a command whose failure is news, and blocks nothing.
    Report(Child),
    Layers,
    Tidy,
    Promises,
    Schemas,
    /// Nothing, for this reason.
    Skip(String),
}

impl Step {
    fn new(name: impl Into<String>, extent: Extent, action: Action) -> Self {
        Self { name: name.into(), extent, action }
    }

    /// What the step does, in one line.
    pub(super) fn shown(&self) -> String {
        match &self.action {
            Action::Run(children) => {
                let shown: Vec<String> = children.iter().map(Child::shown).collect();
                shown.join(" && ")
            }
            Action::Report(child) => child.shown(),
            Action::Layers => "crates and modules against the house".to_owned(),
            Action::Promises => "each command of a document that shows something runs tests".to_owned(),
            Action::Tidy => "rules on files and text".to_owned(),
            Action::Schemas => "aether-core/schemas against what core generates".to_owned(),
            Action::Skip(reason) => format!("nothing, {reason}"),
        }
    }
}

/// Every step there is, those that end soonest first.
pub(super) fn steps(repository: &Repository, workspace: &Workspace) -> Vec<Step> {
    let cargo = |arguments: &[&str]| Action::Run(vec![Child::cargo(arguments)]);
    let mut steps = vec![
        Step::new("fmt", Extent::Always, cargo(&["fmt", "--all", "--check"])),
        Step::new("layers", Extent::Always, Action::Layers),
        Step::new("tidy", Extent::Always, Action::Tidy),
        Step::new(
            "clippy",
            Extent::Always,
            cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]),
        ),
        features_alone(workspace),
        Step::new(
            "docs",
            Extent::Always,
            Action::Run(vec![
                Child::cargo(&["doc", "--workspace", "--no-deps", "--all-features"])
                    .with_variable("RUSTDOCFLAGS", "-D warnings"),
            ]),
        ),
        Step::new("schemas", Extent::Always, Action::Schemas),
    ];
    steps.push(fuzz_build(repository.root(), workspace));
    steps.push(Step::new("test", Extent::Tests, cargo(&["test", "--workspace"])));
    steps.extend(feature_tests(workspace));
    steps.push(Step::new("promises", Extent::Full, Action::Promises));
    steps.push(kills());
    steps.extend(with_tools(repository, workspace));
    steps
}

/// The tests that kill a program again and again, with as many kills as a release has to stand.
fn kills() -> Step {
    let test = |package: &str, name: &str| {
        Child::cargo(&["test", "--package", package, "--lib", "--", name, "--nocapture"])
    };
    let children = vec![
        test("aetherkit-verify", "kills").with_variable("AETHER_KILLS", "10000"),
        test("aetherkit-store", "kill").with_variable("AETHER_LEDGER_KILLS", "1000"),
    ];
    Step::new("kills", Extent::Full, Action::Run(children))
}

/// Every published package with each of its features alone, and with none.
fn features_alone(workspace: &Workspace) -> Step {
    let published = workspace.packages.iter().filter(|package| package.publish);
    let children: Vec<Child> = published
        .flat_map(|package| {
            let features =
                package.features.keys().map(String::as_str).filter(|feature| *feature != "default");
            let features: Vec<&str> = features.collect();
            let alone = (!features.is_empty()).then_some("").into_iter().chain(features.iter().copied());
            alone
                .map(|feature| {
                    let package = ["--package", &package.name, "--no-default-features"];
                    let feature: &[&str] = if feature.is_empty() { &[] } else { &["--features", feature] };
                    Child::cargo(
                        &[&["clippy", "--quiet"], &package[..], feature, &["--", "-D", "warnings"]].concat(),
                    )
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let action = if children.is_empty() {
        Action::Skip("no published package has a feature".to_owned())
    } else {
        Action::Run(children)
    };
    Step::new("features-alone", Extent::Always, action)
}

/// Tests of the packages that have features outside their default set.
fn feature_tests(workspace: &Workspace) -> Vec<Step> {
    let steps: Vec<Step> = workspace
        .packages
        .iter()
        .filter(|package| !package.features_outside_default().is_empty())
        .map(|package| {
            let child = Child::cargo(&["test", "--package", &package.name, "--all-features"]);
            Step::new(format!("feature-tests:{}", package.name), Extent::Tests, Action::Run(vec![child]))
        })
        .collect();
    if !steps.is_empty() {
        return steps;
    }
    let reason = "no package has a feature outside its default set".to_owned();
    vec![Step::new("feature-tests", Extent::Tests, Action::Skip(reason))]
}

/// Fuzz targets are workspaces of their own, so nothing else compiles them.
fn fuzz_build(root: &Path, workspace: &Workspace) -> Step {
    let children: Vec<Child> = fuzzed(root, workspace)
        .map(|package| {
            Child::cargo(&["check", "--quiet"])
                .in_folder(format!("{}/fuzz", package.folder))
                .with_variable("CARGO_TARGET_DIR", fuzz_target_folder(root))
        })
        .collect();
    let action = if children.is_empty() {
        Action::Skip("there is no fuzz target yet".to_owned())
    } else {
        Action::Run(children)
    };
    Step::new("fuzz-build", Extent::Always, action)
}

/// One folder for the fuzz workspaces of all packages: what they share is compiled once.
fn fuzz_target_folder(root: &Path) -> String {
    root.join("target/fuzz").display().to_string()
}

fn fuzzed<'a>(root: &'a Path, workspace: &'a Workspace) -> impl Iterator<Item = &'a Package> {
    workspace.packages.iter().filter(|package| root.join(&package.folder).join("fuzz/Cargo.toml").is_file())
}

/// Steps that need a tool beside cargo; without it they are skipped, and counted.
fn with_tools(repository: &Repository, workspace: &Workspace) -> Vec<Step> {
    let needs = |tool: &str, action: Action| {
        if has_cargo_command(repository, tool) {
            action
        } else {
            Action::Skip(format!("cargo-{tool} is not installed (cargo install cargo-{tool})"))
        }
    };
    let cargo = |arguments: &[&str]| Action::Run(vec![Child::cargo(arguments)]);
    [
        ("deny", needs("deny", cargo(&["deny", "check", "licenses", "sources", "bans"]))),
        ("advisories", needs("deny", Action::Report(Child::cargo(&["deny", "check", "advisories"])))),
        (
            "features",
            needs("hack", cargo(&["hack", "check", "--workspace", "--each-feature", "--no-dev-deps"])),
        ),
        ("fuzz", fuzz_minute(repository, workspace, &needs)),
        ("semver", needs("semver-checks", semver(repository.root()))),
    ]
    .into_iter()
    .map(|(name, action)| Step::new(name, Extent::Full, action))
    .collect()
}

/// A minute of each fuzz target.
fn fuzz_minute(
    repository: &Repository,
    workspace: &Workspace,
    needs: &impl Fn(&str, Action) -> Action,
) -> Action {
    let root = repository.root();
    let mut children = Vec::new();
    for package in fuzzed(root, workspace) {
        for target in fuzz_targets(&root.join(&package.folder)) {
            // What is found is kept in the first folder, which is not committed.
            let mut words = vec!["+nightly".to_owned(), "fuzz".to_owned(), "run".to_owned(), target.clone()];
            let seeds = format!("fuzz/seeds/{target}");
            if root.join(&package.folder).join(&seeds).is_dir() {
                words.extend([format!("fuzz/corpus/{target}"), seeds]);
            }
            // Cases are small programs from the start, not single bytes that grow.
            words.extend(
                ["--", "-max_total_time=60", "-create_missing_dirs=1", "-len_control=0"].map(str::to_owned),
            );
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            children.push(
                Child::cargo(&words)
                    .in_folder(&package.folder)
                    .with_variable("CARGO_TARGET_DIR", fuzz_target_folder(root))
                    // The two grammars of TypeScript have tables of one name, and the parser library leaks
                    // some bytes of a query that it refuses: neither is ours to mend.
                    .with_variable("ASAN_OPTIONS", "detect_odr_violation=0:detect_leaks=0"),
            );
        }
    }
    if children.is_empty() {
        return Action::Skip("there is no fuzz target yet".to_owned());
    }
    if Child::cargo(&["+nightly", "--version"]).first_line(root).is_none() {
        return Action::Skip("fuzzing needs a nightly toolchain".to_owned());
    }
    needs("fuzz", Action::Run(children))
}

fn fuzz_targets(package: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(package.join("fuzz/fuzz_targets")) else {
        return Vec::new();
    };
    let mut found: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.strip_suffix(".rs").map(str::to_owned)
        })
        .collect();
    found.sort();
    found
}

/// The public API against the last tag.
fn semver(root: &Path) -> Action {
    let tag = Child::new("git", &["describe", "--tags", "--abbrev=0"]).first_line(root);
    match tag {
        Some(tag) => Action::Run(vec![
            Child::cargo(&["semver-checks", "--workspace", "--baseline-rev"]).with_argument(tag),
        ]),
        None => Action::Skip("there is no tag to compare with yet".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    #[track_caller]
    fn check_feature_tests(change: impl FnOnce(&Fixture), expected: &[&str]) {
        let house = Fixture::house();
        change(&house);
        let workspace = Workspace::read(house.root()).expect("a valid workspace");
        let shown: Vec<String> = feature_tests(&workspace)
            .iter()
            .map(|step| format!("{} = {}", step.name, step.shown()))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn packages_with_extra_features_are_found_in_their_manifests() {
        check_feature_tests(
            |house| {
                house.append("aether-core/Cargo.toml", "[features]\nschema = []\n");
                house.append("aether-index/Cargo.toml", "[features]\ndefault = [\"rust\"]\nrust = []\n");
            },
            &["feature-tests:aetherkit-core = \
                 cargo test --package aetherkit-core --all-features"],
        );
    }

    #[test]
    fn no_extra_feature_is_said_aloud() {
        check_feature_tests(
            |_| {},
            &["feature-tests = nothing, no package has a feature outside its default set"],
        );
    }

    #[test]
    fn each_feature_is_tried_alone() {
        let house = Fixture::house();
        let workspace = Workspace::read(house.root()).expect("a valid workspace");
        assert!(matches!(features_alone(&workspace).action, Action::Skip(_)));

        house.append("aether-core/Cargo.toml", "[features]\ndefault = [\"a\"]\na = []\nb = []\n");
        let workspace = Workspace::read(house.root()).expect("a valid workspace");
        let one = |feature: &str| {
            format!(
                "cargo clippy --quiet --package aetherkit-core --no-default-features{feature} -- -D warnings"
            )
        };
        let expected = [one(""), one(" --features a"), one(" --features b")].join(" && ");
        assert_eq!(features_alone(&workspace).shown(), expected);
    }

    #[test]
    fn fuzz_workspaces_are_compiled_each_in_its_folder() {
        let house = Fixture::house();
        let workspace = Workspace::read(house.root()).expect("a valid workspace");
        let without = fuzz_build(house.root(), &workspace);
        assert!(matches!(without.action, Action::Skip(_)));

        house.write("aether-index/fuzz/Cargo.toml", "[package]\n");
        house.write("aether-index/fuzz/fuzz_targets/parse.rs", "");
        let with = fuzz_build(house.root(), &workspace);
        let child = Child::cargo(&["check", "--quiet"])
            .in_folder("aether-index/fuzz")
            .with_variable("CARGO_TARGET_DIR", fuzz_target_folder(house.root()));
        assert_eq!(with.action, Action::Run(vec![child]));
        assert_eq!(fuzz_targets(&house.root().join("aether-index")), ["parse"]);
    }
}
