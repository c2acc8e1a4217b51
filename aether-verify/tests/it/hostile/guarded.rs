//! Paths that belong to a tool, whatever they are dressed up as, and files that run without being asked to.

use aether_core::change::{FileMode, FilePatch, FileState};

use super::case::{Case, check_all, create, edit, hand_in, path};
use super::sandbox::Sandbox;

const GROUP: &str = "guarded";
const PROTECTED: &str = "patch.protected_path";
const LOOK_ALIKE: &str = "patch.look_alike";
const RUNS: &str = "patch.runs_at_build";
const BAD: &str = "patch.bad_path";

/// Paths that a tool alone may change.
const OWNED: [(&str, &str); 47] = [
    ("hook", ".git/hooks/post-checkout"),
    ("configuration of git", ".git/config.worktree"),
    ("git as a file", "sub/.git"),
    ("git of a submodule", "vendor/.git/hooks/pre-push"),
    ("git in capitals", ".GIT/hooks/x"),
    ("git in mixed case", ".gIt/hooks/x"),
    ("git below a folder", "src/deep/.git/x"),
    ("git with a stream", ".git::$INDEX_ALLOCATION/hooks/x"),
    ("git with a blank and a stream", ".git ::$INDEX_ALLOCATION/hooks/x"),
    ("git with a dot and a stream", ".git.:x/hooks/x"),
    ("git with a no-break blank", ".git\u{a0}/hooks/x"),
    ("git with an ideographic blank", ".git\u{3000}/hooks/x"),
    ("git by its short name", "git~1/hooks/x"),
    ("git by its short name in capitals", "GIT~1/hooks/x"),
    ("git by its second short name", "git~2/x"),
    ("git by its hashed short name", "GI7EBA~1/x"),
    ("git by a short name with a stream", "git~1:x/y"),
    ("git with a joiner", ".g\u{200c}it/x"),
    ("git with a mark for the right", ".git\u{200f}/x"),
    ("git behind an override", "\u{202e}.git/x"),
    ("git behind a byte order mark", "\u{feff}.git/x"),
    ("git with a soft hyphen", ".g\u{ad}it/x"),
    ("git with a word joiner", ".gi\u{2060}t/x"),
    ("git with a variation selector", ".git\u{fe0f}/x"),
    ("git with a far variation selector", ".git\u{e0101}/x"),
    ("git with a tag", ".git\u{e0041}/x"),
    ("git with a far tag", ".git\u{e0fff}/x"),
    ("git with a filler", ".git\u{3164}/x"),
    ("git with a half-width filler", ".git\u{ffa0}/x"),
    ("git with a vowel that is not seen", ".g\u{17b4}it/x"),
    ("git with a mark of music", ".git\u{1d173}/x"),
    ("git with a joiner of graphemes", ".gi\u{34f}t/x"),
    ("git in wide letters", "\u{ff0e}\u{ff47}\u{ff49}\u{ff54}/x"),
    ("git in bold letters", ".\u{1d420}\u{1d422}\u{1d42d}/x"),
    ("git in circles", ".\u{24d6}\u{24d8}\u{24e3}/x"),
    ("git with a small dot", "\u{fe52}git/x"),
    ("git with a leader for a dot", "\u{2024}git\u{2024}/x"),
    ("git with an i that has no dot", ".g\u{131}t/x"),
    ("records", ".aether/patches/p000001-000000000000/applying.json"),
    ("store", ".aether/aether.db"),
    ("store in capitals", ".AETHER/x"),
    ("store with a long s", ".aether\u{200b}/x"),
    ("store by its short name", "AETHER~1/x"),
    ("jj", ".jj/repo/x"),
    ("hg", ".hg/hgrc"),
    ("svn", ".svn/wc.db"),
    ("cvs", "CVS/Root"),
];

/// Names that a reader takes for one of these.
const ALIKE: [(&str, &str); 12] = [
    ("git with a Cyrillic letter and a stream", ".g\u{456}t::$INDEX_ALLOCATION/x"),
    ("git with a Cyrillic letter", ".g\u{456}t/x"),
    ("git with a Cyrillic letter and a wide one", ".g\u{456}\u{ff54}/x"),
    (
        "git with a letter among many that are not seen",
        ".g\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{456}t/x",
    ),
    ("store with Cyrillic letters", ".\u{430}\u{435}ther/x"),
    ("jj with Cyrillic letters", ".\u{458}\u{458}/x"),
    ("build script with a Cyrillic letter", "buil\u{501}.rs"),
    ("build script with a digit", "bui1d.rs"),
    ("manifest with a Cyrillic letter", "\u{421}argo.toml"),
    ("manifest with a zero", "Carg0.toml"),
    ("settings of cargo with a Cyrillic letter", ".c\u{430}rgo/config.toml"),
    ("workflow with a Cyrillic letter", ".g\u{456}thub/workflows/x.yml"),
];

/// Files that run, or say what runs, when the project is built, tested, opened or committed.
const RUNNING: [(&str, &str); 47] = [
    ("build script", "inner/build.rs"),
    ("build script in capitals", "inner/BUILD.RS"),
    ("build script in wide letters", "inner/\u{ff42}uild.rs"),
    ("build script with a letter that is not seen", "inner/bu\u{200b}ild.rs"),
    ("module of a module of a build script", "parts/helper/deep.rs"),
    ("module of a build script in a folder of its own", "parts/helper/mod.rs"),
    ("module within one of a build script", "parts/inner/nested.rs"),
    ("module of a procedural macro in a folder", "macros/src/derive/mod.rs"),
    ("anything below a manifest that is a link", "linked/x.txt"),
    ("settings of cargo", "inner/.cargo/config.toml"),
    ("settings of cargo, old name", ".cargo/config"),
    ("settings of cargo by a short name", "CARGO~1/config.toml"),
    ("manifest", "inner/Cargo.toml"),
    ("manifest by a short name", "inner/CARGO~1.TOM"),
    ("lock file", "Cargo.lock"),
    ("tool chain", "inner/rust-toolchain.toml"),
    ("tool chain, old name", "rust-toolchain"),
    ("tool chain by a short name", "RUST-T~1.TOM"),
    ("nextest", ".config/nextest.toml"),
    ("hooks of git", ".githooks/pre-commit"),
    ("hooks of husky", ".husky/pre-commit"),
    ("hooks of pre-commit", ".pre-commit-config.yaml"),
    ("hooks of lefthook", "lefthook.yml"),
    ("hooks of lefthook, other ending", "lefthook.yaml"),
    ("submodules", ".gitmodules"),
    ("submodules by a short name", "GITMOD~1"),
    ("attributes", "src/.gitattributes"),
    ("environment", ".envrc"),
    ("mise", "mise.toml"),
    ("cross", "Cross.toml"),
    ("cargo-make", "Makefile.toml"),
    ("make", "inner/makefile"),
    ("make of GNU", "GNUmakefile"),
    ("just", "justfile"),
    ("cmake", "CMakeLists.txt"),
    ("container", "Dockerfile"),
    ("containers", "docker-compose.yml"),
    ("flake", "flake.nix"),
    ("bazel", ".bazelrc"),
    ("workflow", ".github/workflows/new.yml"),
    ("pipeline", ".gitlab-ci.yml"),
    ("tasks of an editor", ".vscode/tasks.json"),
    ("tasks of another editor", ".zed/tasks.json"),
    ("package of node", "web/package.json"),
    ("settings of npm", "web/.npmrc"),
    ("project of Python", "py/pyproject.toml"),
    ("plugin of pytest", "py/conftest.py"),
];

/// Files that are there, and would run.
const PRESENT: [(&str, &str, &str); 16] = [
    ("change of a build script", "build.rs", "fn main() {}"),
    ("change of an inner build script", "sub/build.rs", "fn main() {}"),
    ("change of a named build script", "gen/make.rs", "fn main() {}"),
    ("change of the first of several build scripts", "many/a.rs", "fn main() {}"),
    ("change of the second of several build scripts", "many/b.rs", "fn main() {}"),
    ("change of a script of a marked manifest", "marked/start.rs", "fn main() {}"),
    ("change of a module of a build script", "parts/helper.rs", "mod r#deep ;"),
    ("change of a module of a build script by its path", "parts/extra/odd.rs", "fn f() {}"),
    ("change of a source that a build script includes", "parts/src/cli.rs", "fn f() {}"),
    ("change of a text that a build script includes", "parts/table.in", "1"),
    ("change of a procedural macro", "macros/src/lib.rs", "mod derive;"),
    ("change of a module of a procedural macro", "macros/src/derive.rs", "fn f() {}"),
    ("change of a procedural macro by its kind", "kind/own.rs", "fn f() {}"),
    ("change of the settings of cargo", ".cargo/config.toml", "[build]"),
    ("change of a workflow", ".github/workflows/ci.yml", "on: push"),
    ("change of the rules of make", "Makefile", "all:"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let made = |text: &str| vec![FilePatch::create(path(text), FileMode::Executable, "#!/bin/sh\n")];
    for (list, expected) in [(&OWNED[..], PROTECTED), (&ALIKE[..], LOOK_ALIKE), (&RUNNING[..], RUNS)] {
        for (name, text) in list {
            cases.push(Case::patch(GROUP, *name, made(text), expected));
        }
    }
    for (name, text, line) in PRESENT {
        cases.push(Case::diff(GROUP, name, edit(text, line), RUNS));
    }
    // A grant for what runs is none for what belongs to a tool.
    for (name, text) in
        [("granted hook", ".git/hooks/x"), ("granted store", ".aether/x"), ("granted hg", ".hg/hgrc")]
    {
        cases.push(Case::diff(GROUP, name, create(text), PROTECTED).granted());
    }
    cases.push(Case::diff(GROUP, "build script with a stream", create("inner/build.rs::$DATA"), BAD));
    cases.push(Case::diff(GROUP, "granted look-alike", create("bui1d.rs"), LOOK_ALIKE).granted());
    cases.push(Case::diff(GROUP, "git with a dot at the end", create(".git./x"), BAD));
    cases.push(Case::diff(GROUP, "git with a blank at the end", create(".git /x"), BAD));
    cases.push(Case::diff(GROUP, "git with dots and blanks", create(".git. . /x"), BAD));
    cases.push(Case::diff(GROUP, "change of git's settings", edit(".git/config", "[core]"), PROTECTED));
    cases.push(Case::diff(
        GROUP,
        "change of git's head",
        edit(".git/HEAD", "ref: refs/heads/main"),
        PROTECTED,
    ));
    cases.push(Case::diff(GROUP, "change of a store", edit(".aether/aether.db", "a store"), PROTECTED));
    cases.push(Case::diff(
        GROUP,
        "rename onto a hook",
        "diff --git a/run.sh b/.git/hooks/pre-push\nrename from run.sh\nrename to .git/hooks/pre-push\n",
        PROTECTED,
    ));
    cases.push(Case::diff(
        GROUP,
        "rename of a hook",
        "diff --git a/.git/hooks/pre-commit b/x\nrename from .git/hooks/pre-commit\nrename to x\n",
        PROTECTED,
    ));
    cases.push(Case::diff(
        GROUP,
        "rename onto a build script",
        "diff --git a/src/lib.rs b/src/build.rs\nrename from src/lib.rs\nrename to src/build.rs\n",
        RUNS,
    ));
    cases.push(Case::diff(
        GROUP,
        "copy of git's settings",
        "diff --git a/.git/config b/x\ncopy from .git/config\ncopy to x\n",
        PROTECTED,
    ));
    let head = FileState::of(path(".git/HEAD"), FileMode::Regular, b"ref: refs/heads/main\n");
    cases.push(Case::patch(GROUP, "removal of git's head", vec![FilePatch::delete(head)], PROTECTED));
    cases
}

#[test]
fn paths_of_tools_and_files_that_run() {
    check_all(&cases());
}

#[test]
fn what_runs_is_accepted_once_it_is_granted() {
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.expected == RUNS).collect();
    assert!(cases.len() > 40, "{} cases", cases.len());
    for case in &cases {
        let sandbox = Sandbox::new();
        let before = sandbox.snapshot();
        hand_in(&sandbox.tree(), &case.input, &case.options, true)
            .unwrap_or_else(|refusal| panic!("{}: {refusal:?}", case.name));
        assert_ne!(sandbox.snapshot(), before, "{}", case.name);
    }
}
