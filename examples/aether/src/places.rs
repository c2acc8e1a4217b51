//! Places in files, as a person at this terminal names and opens them.

use std::path::{Component, Path, PathBuf};

use aether_core::base::RelPath;

/// The way between the current folder and the root of the repository.
#[derive(Debug)]
pub(crate) struct Places {
    root: PathBuf,
    current: PathBuf,
}

impl Places {
    /// Both are absolute.
    pub(crate) fn new(root: PathBuf, current: PathBuf) -> Self {
        Self { root, current }
    }

    /// `path:line`, so that editors and terminals open it from the current folder.
    pub(crate) fn show(&self, file: &RelPath, line: u32) -> String {
        let from_here = if let Ok(below) = self.root.strip_prefix(&self.current) {
            below.components().map(|part| format!("{}/", part.as_os_str().display())).collect::<String>()
                + file.as_str()
        } else if let Ok(below) = self.current.strip_prefix(&self.root) {
            // What the current folder and the file share is not said.
            let mut rest = file.as_str();
            let mut up = below.components().peekable();
            while let Some(part) = up.peek()
                && let Some((folder, tail)) = rest.split_once('/')
                && part.as_os_str() == folder
            {
                rest = tail;
                up.next();
            }
            "../".repeat(up.count()) + rest
        } else {
            format!("{}/{file}", self.root.display())
        };
        format!("{from_here}:{line}")
    }

    /// What a person typed for a symbol, with a place in a file as the index knows it: relative to
    /// the root, without the column that editors add.
    pub(crate) fn symbol(&self, text: &str) -> String {
        self.place(text).or_else(|| self.file(text)).unwrap_or_else(|| text.to_owned())
    }

    /// A file of the workspace, from its root.
    fn file(&self, text: &str) -> Option<String> {
        let here = self.current.join(text);
        // A symbol may have the name of a file that has no ending.
        if !text.contains(['.', '/']) || !here.is_file() {
            return None;
        }
        Some(self.below_root(&here)?.to_string())
    }

    fn below_root(&self, path: &Path) -> Option<RelPath> {
        let below = flat(path).strip_prefix(&self.root).ok()?.to_owned();
        RelPath::from_bytes(below.as_os_str().as_encoded_bytes()).ok()
    }

    fn place(&self, text: &str) -> Option<String> {
        let (mut path, mut line) = text.rsplit_once(':')?;
        line.parse::<u32>().ok()?;
        if let Some((file, before)) = path.rsplit_once(':')
            && before.parse::<u32>().is_ok()
        {
            (path, line) = (file, before);
        }
        if path.is_empty() || path.ends_with(':') {
            return None;
        }
        let here = self.current.join(path);
        if !here.is_file() {
            return Some(format!("{path}:{line}"));
        }
        Some(format!("{}:{line}", self.below_root(&here)?))
    }
}

/// A path without `.` and `..`.
fn flat(path: &Path) -> PathBuf {
    let mut flat = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                flat.pop();
            }
            part => flat.push(part),
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use aether_core::base::RelPath;

    use super::Places;

    #[track_caller]
    fn check_show(root: &str, current: &str, expected: &str) {
        let file = RelPath::new("src/lib.rs").unwrap();
        assert_eq!(Places::new(root.into(), current.into()).show(&file, 7), expected);
    }

    #[test]
    fn a_place_opens_from_the_current_folder() {
        check_show("/repo", "/repo", "src/lib.rs:7");
        check_show("/repo", "/repo/src", "lib.rs:7");
        check_show("/repo", "/repo/src/deep", "../lib.rs:7");
        check_show("/repo", "/repo/src/lib.rs", "../lib.rs:7");
        check_show("/repo", "/repo/tests", "../src/lib.rs:7");
        check_show("/all/repo", "/all", "repo/src/lib.rs:7");
        check_show("/repo", "/other", "/repo/src/lib.rs:7");
    }

    #[track_caller]
    fn check_symbol(typed: &str, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        std::fs::write(folder.path().join("src/lib.rs"), "").unwrap();
        let places = Places::new(folder.path().to_owned(), folder.path().join("src"));
        assert_eq!(places.symbol(typed), expected);
    }

    #[test]
    fn a_typed_place_is_relative_to_the_current_folder_or_to_the_root() {
        check_symbol("lib.rs:3", "src/lib.rs:3");
        check_symbol("./lib.rs:3", "src/lib.rs:3");
        check_symbol("../src/lib.rs:3:14", "src/lib.rs:3");
        check_symbol("src/lib.rs:3", "src/lib.rs:3");
        check_symbol("src/lib.rs:3:14", "src/lib.rs:3");
    }

    #[test]
    fn names_stay_as_they_are() {
        check_symbol("demo::run", "demo::run");
        check_symbol("run", "run");
        check_symbol("demo::3", "demo::3");
        check_symbol("sym:00112233445566778899aabbccddeeff", "sym:00112233445566778899aabbccddeeff");
    }
}
