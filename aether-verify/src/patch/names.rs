//! Paths that no patch may touch, or only with a grant, told by their names alone.
//!
//! What is harmless where the patch is made may not be where it is applied: names are compared as the most
//! lenient file systems do, without regard to case, to the form of letters, to characters that are not
//! seen, and to what Windows leaves out.

use std::sync::LazyLock;

use aether_core::base::RelPath;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use super::error::ApplyErrorKind;

/// Folders and files of tools that keep the history of the repository or its knowledge.
const PROTECTED: [&str; 10] =
    [".git", ".aether", ".jj", ".hg", ".svn", ".bzr", ".sl", ".pijul", "_darcs", "cvs"];

/// Folders whose files are run, or say what is run, when a project is built, tested, opened or committed.
const RUN_FOLDERS: [&str; 13] = [
    ".cargo",
    ".githooks",
    ".husky",
    ".vscode",
    ".idea",
    ".zed",
    ".devcontainer",
    ".github",
    ".ci",
    ".circleci",
    ".buildkite",
    ".mise",
    ".direnv",
];

/// Files of the same kind that have common names, told by the folder that they stand in.
const RUN_PATHS: [&str; 3] = [".config/nextest.toml", ".config/mise.toml", ".config/mise/config.toml"];

/// Files of the same kind, wherever they stand.
const RUN_FILES: [&str; 65] = [
    "build.rs",
    "cargo.toml",
    "cargo.lock",
    "rust-toolchain",
    "rust-toolchain.toml",
    "cross.toml",
    ".gitmodules",
    ".gitattributes",
    ".envrc",
    "mise.toml",
    ".mise.toml",
    ".mise.local.toml",
    ".tool-versions",
    ".pre-commit-config.yaml",
    "lefthook.yml",
    "lefthook.yaml",
    ".lefthook.yml",
    ".lefthook.yaml",
    "makefile",
    "gnumakefile",
    "bsdmakefile",
    "makefile.toml",
    "build.ninja",
    "taskfile.yml",
    "taskfile.yaml",
    "justfile",
    ".justfile",
    "cmakelists.txt",
    "meson.build",
    "configure",
    "dockerfile",
    "containerfile",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
    "flake.nix",
    "shell.nix",
    "default.nix",
    ".bazelrc",
    "module.bazel",
    "build.bazel",
    "workspace.bazel",
    ".gitlab-ci.yml",
    ".woodpecker.yml",
    ".drone.yml",
    ".travis.yml",
    "jenkinsfile",
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    ".npmrc",
    ".yarnrc.yml",
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
/// Longest path that the system takes, in bytes, with a byte behind its end.
pub(super) const MAX_PATH_BYTES: usize = 4_096;

/// What readers see of the guarded names.
static SKELETONS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let guarded = PROTECTED.iter().chain(&RUN_FILES).chain(&RUN_FOLDERS);
    guarded.map(|name| (*name, fold_skeleton(name))).collect()
});

/// What is wrong with a path, if anything is. [`ApplyErrorKind::RunsAtBuild`] is what a grant may allow.
pub(super) fn fault(path: &RelPath) -> Option<ApplyErrorKind> {
    let bytes = path.to_bytes();
    if bytes.len() >= MAX_PATH_BYTES {
        return Some(ApplyErrorKind::BadPath);
    }
    let mut runs = None;
    let mut folded_path = String::new();
    for (index, name) in bytes.split(|&byte| byte == b'/').enumerate() {
        let text = String::from_utf8_lossy(name);
        if is_bad(name, index) || text.chars().any(char::is_control) {
            return Some(ApplyErrorKind::BadPath);
        }
        let plain = plain_name(&text);
        if is_one_of(&plain, &PROTECTED) {
            return Some(ApplyErrorKind::ProtectedPath);
        }
        if looks_guarded(&text, &plain) {
            return Some(ApplyErrorKind::LookAlike);
        }
        if !folded_path.is_empty() {
            folded_path.push('/');
        }
        folded_path.push_str(&plain);
        if is_one_of(&plain, &RUN_FILES) || is_one_of(&plain, &RUN_FOLDERS) {
            runs = Some(ApplyErrorKind::RunsAtBuild);
        }
    }
    let is_run_path = |path: &str| {
        folded_path.strip_suffix(path).is_some_and(|start| start.is_empty() || start.ends_with('/'))
    };
    if RUN_PATHS.into_iter().any(is_run_path) {
        runs = Some(ApplyErrorKind::RunsAtBuild);
    }
    runs
}

/// Whether Windows takes a name in `path` for something that is not a file of this name: a device, or a
/// stream of another file. Where such a file is there already it does no harm; none is made.
pub(super) fn is_foreign(path: &RelPath) -> bool {
    path.to_bytes().split(|&byte| byte == b'/').any(|name| {
        let plain = plain_name(&String::from_utf8_lossy(name));
        let device = plain.split('.').next().unwrap_or_default().trim_end();
        let is_port = |start: &str| {
            device
                .strip_prefix(start)
                .is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
        };
        name.contains(&b':')
            || matches!(device, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
            || is_port("com")
            || is_port("lpt")
    })
}

/// A name as the most lenient file system compares it: two names with one key may be one file there.
pub(super) fn twin_key(name: &[u8]) -> String {
    let mut key = String::new();
    for chunk in name.utf8_chunks() {
        key.push_str(&fold(chunk.valid()));
        // Bytes that are no text are compared as they are. No name has a backslash in it.
        key.extend(chunk.invalid().iter().map(|byte| format!("\\{byte:02x}")));
    }
    key
}

fn is_bad(name: &[u8], index: usize) -> bool {
    let has_drive = index == 0 && name.len() >= 2 && name[0].is_ascii_alphabetic() && name[1] == b':';
    name.len() > MAX_NAME_BYTES
        || has_drive
        || name.contains(&b'\\')
        || name.ends_with(b".")
        || name.ends_with(b" ")
}

fn fold(name: &str) -> String {
    let seen = name.chars().filter(|&character| !is_unseen(character));
    // Letters of which only one case leads to the other meet on the way there and back: the two forms of
    // sigma, the sharp s and two of them, the i with and without its dot.
    let even =
        seen.nfkc().flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    even.filter(|&character| !is_unseen(character)).nfkc().collect()
}

/// The name without what Windows leaves out: streams, and dots and blanks at the end.
fn plain_name(name: &str) -> String {
    let folded = fold(name);
    let main = folded.split(':').next().unwrap_or_default();
    main.trim_end_matches(['.', ' ']).to_owned()
}

/// Whether a name is one of these, or the short form that Windows gives one.
fn is_one_of(plain: &str, guarded: &[&str]) -> bool {
    guarded.contains(&plain) || (plain.contains('~') && guarded.iter().any(|name| is_short_of(plain, name)))
}

/// `git~1` and `rust-t~1.tom`: the beginning of a name without its leading dot, a number, three letters of
/// the ending. From the fifth of a folder on it is two letters and four digits of a hash.
fn is_short_of(plain: &str, name: &str) -> bool {
    let long = name.trim_start_matches('.');
    let (base, ending) = long.rsplit_once('.').unwrap_or((long, ""));
    let has_short = long != name || base.len() > 8 || ending.len() > 3 || base.contains('.');
    let (short, short_ending) = plain.rsplit_once('.').unwrap_or((plain, ""));
    let Some((start, number)) = short.split_once('~') else { return false };
    let is_number = (1..=6).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    if !has_short || !is_number || short_ending != ending.get(..3).unwrap_or(ending) {
        return false;
    }
    let kept: String = base.chars().filter(|&letter| letter != '.').take((7 - number.len()).min(6)).collect();
    let is_hashed = start.len() == 6
        && start.get(..2) == base.get(..2)
        && start.bytes().skip(2).all(|byte| byte.is_ascii_hexdigit());
    start == kept || is_hashed
}

/// Whether a reader may take the name for a guarded one that it is not.
fn looks_guarded(name: &str, plain: &str) -> bool {
    [name, plain].into_iter().any(|name| {
        let seen = fold_skeleton(name);
        SKELETONS.iter().any(|(guarded, skeleton)| plain != *guarded && seen == *skeleton)
    })
}

/// What a reader sees who does not look at the case of letters.
fn fold_skeleton(name: &str) -> String {
    skeleton(name).flat_map(char::to_lowercase).collect()
}

/// Characters that no one sees and that file systems leave out of names: those that Unicode calls default
/// ignorable, in the form that [`fold`] brings them to.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
