//! Rules on every text file: white space, and paths that exist on one machine only.

use crate::violation::Violation;

/// Endings of the files that people write here.
const ENDINGS: [&str; 12] =
    [".css", ".html", ".js", ".md", ".py", ".rs", ".sh", ".toml", ".ts", ".wit", ".yaml", ".yml"];

/// First folders of absolute paths that name a machine, not a product.
const MACHINE_FOLDERS: [&str; 5] = ["Users", "home", "root", "tmp", "work"];

/// Whether a file is text that these rules are for.
pub(super) fn is_text(path: &str) -> bool {
    path == ".ci/run" || ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// Checks each line, and how the text ends.
pub(super) fn check(path: &str, text: &str, found: &mut Vec<Violation>) {
    // `lines` would hide a carriage return.
    for (number, line) in text.split('\n').enumerate() {
        let number = number + 1;
        if line.ends_with([' ', '\t', '\r']) {
            found.push(Violation::at_line(
                "trailing-space",
                path,
                number,
                "white space at the end of the line",
            ));
        }
        if let Some(folder) = machine_path(line) {
            found.push(Violation::at_line(
                "machine-path",
                path,
                number,
                format!("a path below /{folder} exists on one machine only"),
            ));
        }
    }
    if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
        found.push(Violation::of_file("end-of-file", path, "a text ends with exactly one line break"));
    }
}

/// The first folder of an absolute path of a machine, where a line holds one.
///
/// `src/home/page.rs` is no such path: what stands before its `/home` is part of it.
fn machine_path(line: &str) -> Option<&'static str> {
    MACHINE_FOLDERS.into_iter().find(|folder| {
        line.match_indices(&format!("/{folder}/")).any(|(start, found)| {
            let starts_a_path = line[..start]
                .chars()
                .next_back()
                .is_none_or(|c| !c.is_alphanumeric() && !"_-.~*$)}>]".contains(c));
            let goes_on = line[start + found.len()..]
                .chars()
                .next()
                .is_some_and(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
            starts_a_path && goes_on
        })
    })
}
