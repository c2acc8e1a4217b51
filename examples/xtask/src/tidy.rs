//! Rules on files and text that neither the compiler nor clippy nor rustfmt checks.

mod links;
mod rust;
mod test_binary;
#[cfg(test)]
mod tests;
mod text;

use std::path::Path;

use crate::repository;
use crate::violation::Violation;

/// Files that are data to us: they may look as they like.
const DATA: [&str; 3] = ["aether-index/data/", "examples/broken/", "fixtures/"];

/// Every breach of the tidiness rules in the checkout at `root`, sorted by place.
pub(crate) fn check(root: &Path) -> Vec<Violation> {
    let files: Vec<String> = repository::files(root).into_iter().filter(|path| !is_data(path)).collect();
    let mut found = test_binary::check(root, &files);
    for path in &files {
        if !text::is_text(path) {
            continue;
        }
        let bytes = match std::fs::read(root.join(path)) {
            Ok(bytes) => bytes,
            Err(error) => {
                found.push(Violation::of_file("unreadable", path, error.to_string()));
                continue;
            }
        };
        let Ok(text) = String::from_utf8(bytes) else {
            found.push(Violation::of_file("unreadable", path, "not UTF-8"));
            continue;
        };
        text::check(path, &text, &mut found);
        if path.ends_with(".rs") {
            rust::check(path, &text, &mut found);
        }
        if path.ends_with(".md") {
            links::check(root, path, &text, &mut found);
        }
    }
    found.sort_by(|a, b| (&a.path, a.line, a.rule).cmp(&(&b.path, b.line, b.rule)));
    found
}

fn is_data(path: &str) -> bool {
    DATA.iter().any(|data| path.starts_with(data) || path.contains(&format!("/{data}")))
}
