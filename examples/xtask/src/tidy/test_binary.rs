//! Integration tests of a crate are one binary, `tests/it/main.rs`, that forgets no file.

use std::path::Path;

use crate::source::SourceFile;
use crate::violation::Violation;

/// Finds test files that no `main.rs` declares, and test binaries beside the one.
pub(super) fn check(root: &Path, files: &[String]) -> Vec<Violation> {
    let mut found = Vec::new();
    for path in files.iter().filter(|path| path.ends_with(".rs")) {
        let Some((package, inside)) = path.rsplit_once("/tests/") else {
            continue;
        };
        if package.contains("/src") || !root.join(package).join("Cargo.toml").is_file() {
            continue; // a module that is called `tests`
        }
        match inside.strip_prefix("it/") {
            None if !inside.contains('/') => found.push(Violation::of_file(
                "test-binary",
                path,
                "each file here is a program of its own that links everything; move it to tests/it/",
            )),
            Some(module) if module != "main.rs" && !module.contains('/') => {
                let name = module.strip_suffix(".rs").unwrap_or(module);
                if !declares(root, &format!("{package}/tests/it/main.rs"), name) {
                    found.push(Violation::of_file(
                        "test-binary",
                        path,
                        format!("tests/it/main.rs does not declare `mod {name};`, so this never runs"),
                    ));
                }
            }
            _ => {}
        }
    }
    found
}

fn declares(root: &Path, main: &str, name: &str) -> bool {
    SourceFile::read(root, main).is_ok_and(|file| {
        let words: Vec<&str> = file.code.split_inclusive(';').flat_map(str::split_whitespace).collect();
        let declared = format!("{name};");
        words.windows(2).any(|pair| pair[0] == "mod" && pair[1] == declared)
    })
}
