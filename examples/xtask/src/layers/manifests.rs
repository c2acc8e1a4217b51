//! Which package depends on which: the arrows of the house, and the homes of heavy crates.

use super::table::{CORE_DEPENDENCIES, EXAMPLES, HEAVY, LIBRARIES, Library, MIDDLE, Presence, XTASK};
use crate::manifest::{Dependency, Kind, Package, Workspace};
use crate::violation::Violation;

/// Checks every dependency of every package.
pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for package in &workspace.packages {
        for dependency in &package.dependencies {
            let messages = [
                stranger(dependency),
                arrow(workspace, package, dependency),
                heavy(package, dependency),
                outside_core_list(package, dependency),
            ];
            found.extend(
                messages
                    .into_iter()
                    .flatten()
                    .map(|(rule, message)| Violation::of_file(rule, package.manifest(), message)),
            );
        }
        if package.folder.starts_with("examples/") {
            let outside = package.target_paths.iter().filter(|path| path.split('/').any(|part| part == ".."));
            found.extend(outside.map(|path| {
                Violation::of_file(
                    "public-api-only",
                    package.manifest(),
                    format!("the target {path} lies outside the example"),
                )
            }));
        }
    }
    found
}

type Breach = Option<(&'static str, String)>;

/// Our folders are called `aether-…`, but in the registry strangers hold such names.
fn stranger(dependency: &Dependency) -> Breach {
    let folder_name = LIBRARIES.iter().find(|library| library.folder == dependency.package)?;
    Some((
        "names",
        format!(
            "{} would resolve to a stranger's crate in the registry; the package is {}",
            dependency.package, folder_name.package
        ),
    ))
}

/// Arrows between packages of the workspace point down only.
fn arrow(workspace: &Workspace, package: &Package, dependency: &Dependency) -> Breach {
    let target = dependency.package.as_str();
    let is_ours = |name: &str| LIBRARIES.iter().any(|library| library.package == name);

    if package.folder == XTASK {
        return is_ours(target)
            .then(|| ("arrows", format!("xtask checks the crates, so it must build without {target}")));
    }
    let is_example =
        workspace.packages.iter().any(|other| other.name == target && other.folder.starts_with("examples/"));
    if is_example {
        return Some((
            "arrows",
            format!("nothing depends on an example; move what is shared out of {target}"),
        ));
    }
    let Some(user) = library_of(package) else {
        return None; // an example may use every crate of ours
    };
    if !is_ours(target) || user.may_use.contains(&target) {
        return None;
    }
    if dependency.kind != Kind::Dev {
        return Some((
            "arrows",
            format!(
                "{} must not depend on {target}, not even optionally; they meet in a port of core",
                user.package
            ),
        ));
    }
    let is_sibling = MIDDLE.contains(&user.package) && MIDDLE.contains(&target);
    if !is_sibling && user.package != target {
        return Some(("arrows", format!("{} must not depend on {target}, not even in tests", user.package)));
    }
    (!dependency.has_path || dependency.has_version)
        .then(|| ("arrows", format!("{target} is allowed in tests only by path and without a version")))
}

/// Heavy crates have one home.
fn heavy(package: &Package, dependency: &Dependency) -> Breach {
    if dependency.kind == Kind::Dev {
        return None;
    }
    let family = HEAVY
        .iter()
        .find(|family| family.packages.iter().any(|pattern| fits(pattern, &dependency.package)))?;
    let at_home = family.only_in.iter().any(|folder| {
        package.folder == *folder || (*folder == EXAMPLES && package.folder.starts_with("examples/"))
    });
    (!at_home).then(|| {
        ("heavy", format!("{} may be used only in {}", dependency.package, family.only_in.join(", ")))
    })
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

/// The dependencies of core are a list that grows only by decision.
fn outside_core_list(package: &Package, dependency: &Dependency) -> Breach {
    let is_ours = LIBRARIES.iter().any(|library| library.package == dependency.package);
    if library_of(package)?.folder != "aether-core" || dependency.kind == Kind::Dev || is_ours {
        return None;
    }
    let allowed = CORE_DEPENDENCIES.iter().find(|(name, _)| *name == dependency.package);
    match allowed {
        None => Some((
            "core-dependencies",
            format!("{} is not on the list of core's dependencies", dependency.package),
        )),
        Some((_, Presence::Optional)) if !dependency.optional => {
            Some(("core-dependencies", format!("{} must be optional in core", dependency.package)))
        }
        Some(_) => None,
    }
}

fn library_of(package: &Package) -> Option<&'static Library> {
    LIBRARIES.iter().find(|library| library.folder == package.folder)
}
