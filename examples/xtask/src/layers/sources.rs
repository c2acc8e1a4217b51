//! What the sources of the libraries must not name, and how examples reach them.

use std::path::Path;

use super::table::{BANNED, LIBRARIES, NO_SQL, PRINTING_MACROS};
use crate::repository;
use crate::source::{PathKind, SourceFile, line_of};
use crate::violation::Violation;

/// Scans the product code of the libraries, and the sources of the examples.
pub(super) fn check(root: &Path) -> Vec<Violation> {
    let mut found = Vec::new();
    let files = repository::files(root);
    for library in &LIBRARIES {
        for file in product_files(root, &files, &format!("{}/src/", library.folder)) {
            banned_paths(&file, &mut found);
            sql(&file, &mut found);
            if library.folder == "aether-core" {
                global_state(&file, &mut found);
            }
        }
    }
    let examples = files.iter().filter(|path| path.starts_with("examples/") && path.ends_with(".rs"));
    for path in examples {
        match SourceFile::read(root, path) {
            Ok(file) => path_tricks(&file, &mut found),
            Err(error) => found.push(Violation::of_file("source", path, error.to_string())),
        }
    }
    found
}

/// The Rust files under `folder` that end up in the product.
pub(super) fn product_files(root: &Path, files: &[String], folder: &str) -> Vec<SourceFile> {
    let sources: Vec<SourceFile> = files
        .iter()
        .filter(|path| path.starts_with(folder) && path.ends_with(".rs"))
        .filter_map(|path| SourceFile::read(root, path).ok())
        .collect();
    let test_modules: Vec<String> = sources
        .iter()
        .flat_map(|file| {
            let home = module_folder(&file.path);
            file.test_modules().into_iter().map(move |name| format!("{home}{name}"))
        })
        .collect();
    sources
        .into_iter()
        .filter(|file| {
            !test_modules.iter().any(|module| {
                file.path == format!("{module}.rs") || file.path.starts_with(&format!("{module}/"))
            })
        })
        .collect()
}

/// Where the modules that a file declares live: `src/a.rs` has its own in `src/a/`.
fn module_folder(path: &str) -> String {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    match stem.strip_suffix("/lib").or_else(|| stem.strip_suffix("/main")) {
        Some(folder) => format!("{folder}/"),
        None => format!("{stem}/"),
    }
}

fn banned_paths(file: &SourceFile, found: &mut Vec<Violation>) {
    for path in file.product_paths() {
        if path.kind == PathKind::Macro {
            let name = path.segments.last().map_or("", String::as_str);
            if PRINTING_MACROS.contains(&name) {
                found.push(Violation::at_line(
                    "printing",
                    &file.path,
                    path.line,
                    format!("{name}! prints; libraries return values or take a sink"),
                ));
            }
            continue;
        }
        if path.segments.last().is_some_and(|last| last == "home_dir") {
            found.push(Violation::at_line(
                "banned-path",
                &file.path,
                path.line,
                "libraries do not look for the home folder; take a parameter",
            ));
        }
        let banned = BANNED.iter().find(|banned| {
            path.is_below(banned.path)
                && (banned.from.is_empty() || banned.from.iter().any(|from| file.path.starts_with(from)))
        });
        if let Some(banned) = banned {
            found.push(Violation::at_line(
                "banned-path",
                &file.path,
                path.line,
                format!("{}: {}", path.text(), banned.instead),
            ));
        }
    }
}

/// Finds SQL in string literals by the words that start its statements.
fn sql(file: &SourceFile, found: &mut Vec<Violation>) {
    if !NO_SQL.iter().any(|folder| file.path.starts_with(folder)) {
        return;
    }
    const STARTS: [&str; 10] = [
        "BEGIN IMMEDIATE",
        "CREATE INDEX",
        "CREATE TABLE",
        "CREATE VIRTUAL TABLE",
        "DELETE FROM ",
        "DROP TABLE",
        "INSERT INTO ",
        "INSERT OR ",
        "PRAGMA ",
        "SELECT ",
    ];
    let literals = file.product_literals();
    for start in STARTS {
        for (offset, _) in literals.match_indices(start) {
            found.push(Violation::at_line(
                "sql",
                &file.path,
                line_of(&literals, offset),
                format!("{:?}: only aether-store speaks SQL", start.trim_end()),
            ));
        }
    }
}

/// Core holds no state of its own: no mutable static, lazy static or thread-local value.
fn global_state(file: &SourceFile, found: &mut Vec<Violation>) {
    const CELLS: [&str; 8] =
        ["Atomic", "Cell", "LazyLock", "Mutex", "OnceLock", "RwLock", "mut ", "thread_local!"];
    let code = file.product_code();
    for (number, line) in code.lines().enumerate() {
        let item = line.trim_start();
        let item =
            item.strip_prefix("pub").map_or(item, |rest| rest.trim_start_matches(|c| c != ' ').trim_start());
        let is_static = item.starts_with("static ") || item.starts_with("thread_local!");
        if is_static && CELLS.iter().any(|cell| item.contains(cell)) {
            found.push(Violation::at_line(
                "global-state",
                &file.path,
                number + 1,
                "core holds no global state",
            ));
        }
    }
}

/// Examples reach the crates through their public API, not through their files. What tests share is no part of either.
fn path_tricks(file: &SourceFile, found: &mut Vec<Violation>) {
    let mut report = |line, what: &str| {
        found.push(Violation::at_line(
            "public-api-only",
            &file.path,
            line,
            format!("{what}: an example uses the public API"),
        ));
    };
    for (number, (code, literals)) in file.code.lines().zip(file.literals.lines()).enumerate() {
        let is_of_tests = file.path.contains("/tests/it/") && literals.contains("/tests/it/");
        if code.trim_start().starts_with("#[path") && literals.contains("..") && !is_of_tests {
            report(number + 1, "a #[path] out of the example");
        }
        let includes = ["include!", "include_str!", "include_bytes!"].iter().any(|name| code.contains(name));
        let names_a_crate =
            LIBRARIES.iter().any(|library| literals.contains(&format!("{}/src", library.folder)));
        if includes && names_a_crate {
            report(number + 1, "an include of a crate's source");
        }
    }
}
