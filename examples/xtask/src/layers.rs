//! Compares manifests and modules with the house that `docs/ARCHITECTURE.md` draws.

mod effects;
mod groups;
mod house;
mod manifests;
mod sources;
mod table;
#[cfg(test)]
mod tests;

use std::path::Path;

use self::table::Exception;
use crate::manifest::Workspace;
use crate::violation::Violation;

/// Every breach of the layer rules in the checkout at `root`, sorted by place.
pub(crate) fn check(root: &Path) -> Vec<Violation> {
    let mut found = check_with(root, table::EXCEPTIONS);
    found.extend(effects::check(root));
    found.sort_by(|a, b| (&a.path, a.line, a.rule).cmp(&(&b.path, b.line, b.rule)));
    found
}

fn check_with(root: &Path, exceptions: &[Exception]) -> Vec<Violation> {
    let mut found = house::check(root);
    match Workspace::read(root) {
        Ok(workspace) => {
            found.extend(house::check_members(&workspace));
            found.extend(manifests::check(&workspace));
        }
        Err(error) => found.push(Violation::of_file("manifest", "Cargo.toml", format!("{error:#}"))),
    }
    found.extend(sources::check(root));
    found.extend(groups::check(root));
    found = without_exceptions(found, exceptions);
    found.sort_by(|a, b| (&a.path, a.line, a.rule).cmp(&(&b.path, b.line, b.rule)));
    found
}

/// Drops what the exceptions cover; an exception that covers nothing is a breach itself.
fn without_exceptions(found: Vec<Violation>, exceptions: &[Exception]) -> Vec<Violation> {
    let covers = |exception: &Exception, violation: &Violation| {
        exception.rule == violation.rule
            && exception.path == violation.path
            && violation.message.contains(exception.about)
    };
    let stale: Vec<Violation> = exceptions
        .iter()
        .filter(|exception| !found.iter().any(|violation| covers(exception, violation)))
        .map(|exception| {
            Violation::of_file(
                "stale-exception",
                exception.path,
                format!(
                    "nothing breaks {:?} here any more; remove the exception ({})",
                    exception.rule, exception.reason
                ),
            )
        })
        .collect();
    found
        .into_iter()
        .filter(|violation| !exceptions.iter().any(|exception| covers(exception, violation)))
        .chain(stale)
        .collect()
}
