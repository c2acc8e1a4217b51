//! Links between the documents of the repository lead somewhere.

use std::path::Path;

use crate::violation::Violation;

/// Checks the relative links of a Markdown file; the web is not asked.
pub(super) fn check(root: &Path, path: &str, text: &str, found: &mut Vec<Violation>) {
    let folder = root.join(path);
    let folder = folder.parent().unwrap_or(root);
    let mut in_fence = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
            continue;
        }
        if in_fence {
            continue;
        }
        for target in targets(line) {
            let file = target.split('#').next().unwrap_or_default();
            let is_elsewhere = file.is_empty() || file.contains(':') || file.starts_with('<');
            if !is_elsewhere && !folder.join(file).exists() {
                found.push(Violation::at_line(
                    "dead-link",
                    path,
                    number + 1,
                    format!("{file} does not exist"),
                ));
            }
        }
    }
}

/// What stands in the round brackets of the links of a line, code spans left out.
fn targets(line: &str) -> Vec<String> {
    let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let mut found = Vec::new();
    let mut rest = prose.as_str();
    while let Some((_, after)) = rest.split_once("](") {
        let (target, tail) = after.split_once(')').unwrap_or((after, ""));
        // A title may follow the address.
        let address = target.split_whitespace().next().unwrap_or_default();
        found.push(address.to_owned());
        rest = tail;
    }
    found
}
