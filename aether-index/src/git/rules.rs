//! What the lists of files to ignore say, as a walk of a working copy would take them.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use aether_core::base::RelPath;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::discover::on_disk;

/// The lists of a folder and of those around it, innermost first.
#[derive(Debug)]
pub(super) struct Rules {
    around: Option<Rc<Rules>>,
    /// `.ignore`, which counts more than any `.gitignore`.
    ignore: Gitignore,
    git_ignore: Gitignore,
}

/// Names of the lists.
pub(super) const IGNORE: &[u8] = b".ignore";
pub(super) const GIT_IGNORE: &[u8] = b".gitignore";

impl Rules {
    /// The rules in a folder, given those around it and the texts of its own lists.
    pub(super) fn of(
        folder: &RelPath,
        around: Option<&Rc<Self>>,
        ignore: Option<&[u8]>,
        git_ignore: Option<&[u8]>,
    ) -> Option<Rc<Self>> {
        if ignore.is_none() && git_ignore.is_none() {
            return around.cloned();
        }
        let list = |text: Option<&[u8]>| text.map_or_else(Gitignore::empty, |text| parse(folder, text));
        Some(Rc::new(Self { around: around.cloned(), ignore: list(ignore), git_ignore: list(git_ignore) }))
    }

    /// Whether an entry is left out: by the innermost list that names it, or because it is hidden and
    /// no list asks for it.
    pub(super) fn leave_out(rules: Option<&Rc<Self>>, path: &RelPath, is_folder: bool) -> bool {
        let on_disk = absolute(path);
        let first = |list: fn(&Self) -> &Gitignore| {
            let mut next = rules;
            while let Some(rules) = next {
                match list(rules).matched(&on_disk, is_folder) {
                    Match::None => next = rules.around.as_ref(),
                    Match::Ignore(_) => return Some(true),
                    Match::Whitelist(_) => return Some(false),
                }
            }
            None
        };
        let said = first(|rules| &rules.ignore).or_else(|| first(|rules| &rules.git_ignore));
        said.unwrap_or_else(|| path.file_name().is_some_and(|name| name.starts_with('.')))
    }
}

/// A list whose patterns are relative to `folder`.
fn parse(folder: &RelPath, text: &[u8]) -> Gitignore {
    let mut builder = GitignoreBuilder::new(absolute(folder));
    for (number, line) in text.split(|&byte| byte == b'\n').enumerate() {
        // A walk of the working copy stops reading a list here as well.
        let Ok(line) = str::from_utf8(line) else { break };
        let line = if number == 0 { line.trim_start_matches('\u{feff}') } else { line };
        // A pattern that is none matches nothing.
        let _ = builder.add_line(None, line.strip_suffix('\r').unwrap_or(line));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// A path as if the repository were the whole file system: matchers cut the folder of their list off.
fn absolute(path: &RelPath) -> PathBuf {
    on_disk(Path::new("/"), path)
}
