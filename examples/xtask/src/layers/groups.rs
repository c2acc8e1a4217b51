//! The groups inside `aether-core`: each may use those in front of it in the list.

use std::collections::HashMap;
use std::path::Path;

use super::sources::product_files;
use super::table::CORE_GROUPS;
use crate::repository;
use crate::source::{PathKind, SourceFile, SourcePath};
use crate::violation::Violation;

const SOURCES: &str = "aether-core/src/";

/// Checks every path of every file of core.
pub(super) fn check(root: &Path) -> Vec<Violation> {
    let mut found = Vec::new();
    let files = product_files(root, &repository::files(root), SOURCES);
    let exports = files
        .iter()
        .find(|file| file.path == format!("{SOURCES}lib.rs"))
        .map(root_exports)
        .unwrap_or_default();
    for file in &files {
        let modules = module_path(&file.path);
        let Some(group) = modules.first() else {
            continue; // the crate root may name every group
        };
        let Some(place) = place_of(group) else {
            found.push(Violation::of_file(
                "core-groups",
                &file.path,
                format!("{group} is none of the groups of core: {}", CORE_GROUPS.join(", ")),
            ));
            continue;
        };
        for path in file.product_paths() {
            let Some(target) = root_name(&path, &modules) else {
                continue;
            };
            let used = if place_of(&target).is_some() {
                target
            } else if let Some(group) = exports.get(&target) {
                group.clone()
            } else {
                // A macro lives at the crate root whatever file defines it.
                if path.kind != PathKind::Macro {
                    found.push(Violation::at_line(
                        "core-groups",
                        &file.path,
                        path.line,
                        format!("{} names no group; write crate::<group>::…", path.text()),
                    ));
                }
                continue;
            };
            if place_of(&used) > Some(place) {
                found.push(Violation::at_line(
                    "core-groups",
                    &file.path,
                    path.line,
                    format!("{group} comes before {used}, so it must not use it"),
                ));
            }
        }
    }
    found
}

fn place_of(group: &str) -> Option<usize> {
    CORE_GROUPS.iter().position(|known| *known == group)
}

/// `aether-core/src/base/hash.rs` is the module `base::hash`; the crate root is empty.
fn module_path(path: &str) -> Vec<String> {
    let inside = path.strip_prefix(SOURCES).unwrap_or(path);
    let stem = inside.strip_suffix(".rs").unwrap_or(inside);
    if stem == "lib" {
        return Vec::new();
    }
    stem.split('/').map(str::to_owned).collect()
}

/// The name below the crate root that a path leads to, from `crate` or through `super`.
fn root_name(path: &SourcePath, modules: &[String]) -> Option<String> {
    let segments = &path.segments;
    if segments.first()? == "crate" {
        return segments.get(1).cloned();
    }
    let ups = segments.iter().take_while(|word| *word == "super").count();
    if ups == 0 || ups < modules.len() {
        return None;
    }
    segments.get(ups).cloned()
}

/// Names that the crate root takes from a group, with that group.
fn root_exports(root: &SourceFile) -> HashMap<String, String> {
    root.product_paths()
        .into_iter()
        .filter(|path| path.kind == PathKind::Import)
        .filter_map(|path| {
            let mut words = path.segments.into_iter().skip_while(|word| word == "crate" || word == "self");
            let group = words.next().filter(|group| place_of(group).is_some())?;
            Some((words.last()?, group))
        })
        .collect()
}
