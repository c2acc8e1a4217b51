//! What a reader must know of the machine, and how much it reads.

use std::path::Path;

/// Limits on what is read. What lies beyond is left out and counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ReadLimits {
    /// Longest line, in bytes. Default 16 MiB: rustc cuts long types itself, so only what is no diagnostic
    /// is longer.
    pub max_line_bytes: usize,
    /// Most diagnostics. Default 20,000: who breaks a name that is used everywhere gets a few thousand.
    pub max_diagnostics: usize,
    /// Most places of one diagnostic or of one part of it, and most such parts. Default 1,000.
    pub max_parts: usize,
    /// Most tests of one run. Default 500,000.
    pub max_tests: usize,
    /// Most bytes of the message of a failed test. Default 4 KiB: all of it is in the output.
    pub max_message_bytes: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            max_line_bytes: 16 * 1024 * 1024,
            max_diagnostics: 20_000,
            max_parts: 1_000,
            max_tests: 500_000,
            max_message_bytes: 4 * 1024,
        }
    }
}

/// What a reader must know to leave the machine out of what it reads.
///
/// # Examples
///
/// ```
/// use std::path::Path;
/// use aether_verify::{ReadOptions, read_rustc};
/// let options = ReadOptions::new(Path::new("/w/project")).with_folder(Path::new("/w/target"), "target");
/// let line = br#"{"message":"no /w/project/src/a.rs","level":"error","spans":[],"children":[]}"#;
/// assert_eq!(read_rustc(line, &options).diagnostics[0].message, "no src/a.rs");
/// ```
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub(crate) folders: Vec<(String, Option<String>)>,
    pub(crate) limits: ReadLimits,
}

impl ReadOptions {
    /// Options for a workspace whose root is the absolute path `root`, which is also the folder in which the
    /// compiler ran.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { folders: Vec::new(), limits: ReadLimits::default() }.with_root(root)
    }

    /// Another name of the root, such as the one behind symbolic links.
    #[must_use]
    pub fn with_root(self, root: &Path) -> Self {
        self.with(root, None)
    }

    /// A folder outside of the root that lies elsewhere on another machine; it is written `<name>`. Without
    /// one, a file there is told by its name alone.
    #[must_use]
    pub fn with_folder(self, folder: &Path, name: &str) -> Self {
        self.with(folder, Some(name.to_owned()))
    }

    /// Other limits than the default ones.
    #[must_use]
    pub fn with_limits(mut self, limits: ReadLimits) -> Self {
        self.limits = limits;
        self
    }

    fn with(mut self, folder: &Path, name: Option<String>) -> Self {
        let text = folder.to_string_lossy();
        let text = text.trim_end_matches(std::path::MAIN_SEPARATOR);
        // An empty path would stand in front of everything.
        if !text.is_empty() {
            self.folders.push((text.to_owned(), name));
            // The target folder lies in the root as a rule: the longer one is meant.
            self.folders.sort_by(|a, b| (b.0.len(), &a.0).cmp(&(a.0.len(), &b.0)));
        }
        self
    }
}
