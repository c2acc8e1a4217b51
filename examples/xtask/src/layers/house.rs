//! The top level of the repository, and which packages there are.

use std::path::Path;

use super::table::{EXAMPLES, LIBRARIES, ROOT_FILES};
use crate::manifest::Workspace;
use crate::violation::Violation;

/// Folders beside the six crates.
const OTHER_FOLDERS: [&str; 2] = [EXAMPLES, "docs"];

/// Compares the entries at the root with what may be there.
pub(super) fn check(root: &Path) -> Vec<Violation> {
    let mut found = Vec::new();
    for folder in LIBRARIES.iter().map(|library| library.folder).chain(OTHER_FOLDERS) {
        if !root.join(folder).is_dir() {
            found.push(Violation::of_file("top-level", folder, "this folder is missing"));
        }
    }
    let entries = match std::fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) => {
            found.push(Violation::of_file("top-level", ".", error.to_string()));
            return found;
        }
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == ".git" {
            continue;
        }
        let is_folder = entry.path().is_dir();
        let known = if is_folder {
            // `target` is what cargo builds; it is ignored by git.
            name == "target"
                || name.starts_with('.')
                || OTHER_FOLDERS.contains(&name.as_str())
                || LIBRARIES.iter().any(|library| library.folder == name)
        } else {
            name.starts_with('.') || ROOT_FILES.contains(&name.as_str())
        };
        if !known {
            found.push(Violation::of_file(
                "top-level",
                name,
                "the root holds the six crates, examples, docs and the usual files; \
                 this belongs under one of them",
            ));
        }
    }
    found
}

/// Compares the members of the workspace, and their names, with the six crates.
pub(super) fn check_members(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    for library in &LIBRARIES {
        let package = workspace.packages.iter().find(|package| package.folder == library.folder);
        let Some(package) = package else {
            found.push(Violation::of_file(
                "members",
                "Cargo.toml",
                format!("{} is not a member of the workspace", library.folder),
            ));
            continue;
        };
        if package.name != library.package {
            found.push(Violation::of_file(
                "names",
                package.manifest(),
                format!("the package must be called {}", library.package),
            ));
        }
        if package.library.as_deref() != Some(library.library) {
            found.push(Violation::of_file(
                "names",
                package.manifest(),
                format!("the library must be called {}", library.library),
            ));
        }
    }
    for package in &workspace.packages {
        let is_example = package.folder.starts_with("examples/");
        let is_library = LIBRARIES.iter().any(|library| library.folder == package.folder);
        if !is_example && !is_library {
            found.push(Violation::of_file(
                "members",
                package.manifest(),
                "a package is one of the six crates or lives under examples/",
            ));
        }
        if is_example && package.publish {
            found.push(Violation::of_file(
                "members",
                package.manifest(),
                "an example is not for the registry: set publish = false",
            ));
        }
    }
    found
}
