//! Paths that no patch may touch, or only with a grant, told by their names alone.
//!
//! What is harmless where the patch is made may not be where it is applied: names are compared as the most
//! lenient file systems do, without regard to case, to the form of letters, to characters that are not
//! seen, and to what Windows leaves out.

use aether_core::base::RelPath;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use super::error::ApplyErrorKind;

/// Folders and files of tools that keep the history of the repository or its knowledge.
const PROTECTED: [&str; 10] =
    [".git", ".aether", ".jj", ".hg", ".svn", ".bzr", ".sl", ".pijul", "_darcs", "cvs"];

/// Folders whose files are run, or say what is run, when a project is built, tested, opened or committed.
const RUN_FOLDERS: [&str; 10] = [
    ".cargo",
    ".config/nextest.toml",
    ".githooks",
    ".husky",
    ".vscode",
    ".idea",
    ".zed",
    ".devcontainer",
    ".github",
    ".ci",
];

/// Files of the same kind, wherever they stand.
const RUN_FILES: [&str; 36] = [
    "build.rs",
    "cargo.toml",
    "cargo.lock",
    "rust-toolchain",
    "rust-toolchain.toml",
    ".gitmodules",
    ".envrc",
    ".mise.toml",
    ".tool-versions",
    ".pre-commit-config.yaml",
    "lefthook.yml",
    "makefile",
    "gnumakefile",
    "justfile",
    ".justfile",
    "cmakelists.txt",
    "meson.build",
    "configure",
    "dockerfile",
    ".gitlab-ci.yml",
    ".travis.yml",
    "jenkinsfile",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "conftest.py",
    "tox.ini",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "pom.xml",
    "rakefile",
    "gemfile",
];

/// Longest name on the file systems in use, in bytes.
const MAX_NAME_BYTES: usize = 255;
/// Longest path that the system takes, in bytes.
const MAX_PATH_BYTES: usize = 4_096;

/// What is wrong with a path, if anything is. [`ApplyErrorKind::RunsAtBuild`] is what a grant may allow.
pub(super) fn fault(path: &RelPath) -> Option<ApplyErrorKind> {
    let bytes = path.to_bytes();
    if bytes.len() >= MAX_PATH_BYTES {
        return Some(ApplyErrorKind::BadPath);
    }
    let mut runs = None;
    let mut folded_path = String::new();
    for (index, name) in bytes.split(|&byte| byte == b'/').enumerate() {
        if is_bad(name, index) {
            return Some(ApplyErrorKind::BadPath);
        }
        let text = String::from_utf8_lossy(name);
        let plain = plain_name(&text);
        if PROTECTED.contains(&plain.as_str()) || is_short_name(&plain) {
            return Some(ApplyErrorKind::ProtectedPath);
        }
        if PROTECTED.iter().chain(&RUN_FILES).any(|guarded| looks_like(&text, &plain, guarded)) {
            return Some(ApplyErrorKind::LookAlike);
        }
        if !folded_path.is_empty() {
            folded_path.push('/');
        }
        folded_path.push_str(&plain);
        if RUN_FILES.contains(&plain.as_str()) || RUN_FOLDERS.contains(&plain.as_str()) {
            runs = Some(ApplyErrorKind::RunsAtBuild);
        }
    }
    if RUN_FOLDERS.iter().any(|folder| {
        folded_path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }) {
        runs = Some(ApplyErrorKind::RunsAtBuild);
    }
    runs
}

/// A name as the most lenient file system compares it: two names with one key may be one file there.
pub(super) fn twin_key(name: &[u8]) -> String {
    fold(&String::from_utf8_lossy(name))
}

fn is_bad(name: &[u8], index: usize) -> bool {
    let has_drive = index == 0 && name.len() >= 2 && name[0].is_ascii_alphabetic() && name[1] == b':';
    name.len() > MAX_NAME_BYTES
        || has_drive
        || name.iter().any(|&byte| byte < 0x20 || byte == 0x7f || byte == b'\\')
        || name.ends_with(b".")
        || name.ends_with(b" ")
}

fn fold(name: &str) -> String {
    let seen = name.chars().filter(|&character| !is_unseen(character));
    seen.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// The name without what Windows leaves out: streams, and dots and blanks at the end.
fn plain_name(name: &str) -> String {
    let folded = fold(name);
    let main = folded.split(':').next().unwrap_or_default();
    main.trim_end_matches(['.', ' ']).to_owned()
}

/// `git~1` and the like, which Windows takes for `.git`.
fn is_short_name(plain: &str) -> bool {
    let Some((start, number)) = plain.split_once('~') else { return false };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && PROTECTED.iter().any(|name| name.strip_prefix('.').unwrap_or(name) == start)
}

/// Whether a reader may take the one for the other.
fn looks_like(name: &str, plain: &str, guarded: &str) -> bool {
    // A letter takes at most four bytes, so nothing longer has as many letters.
    plain != guarded
        && name.len() <= 4 * guarded.len()
        && [name, plain].into_iter().any(|name| skeleton(name).eq(skeleton(guarded)))
}

/// Characters that no one sees, some of which file systems leave out of names (the list is that of git).
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}
