//! The project graph: of a working copy, of a commit, and without a store.

use std::path::Path;
use std::process::Command;

use aether_bindings::engine::{Engine, EngineOptions, NoProgress, Ports};
use aether_core::base::Cancel;
use aether_core::code::{EdgeKind, GraphDelta, ProjectGraph, ProjectGraphBuilder};
use aether_core::conformance::skip;
use aether_core::port::MemoryFacts;
use aether_index::{IndexOptions, Indexer};

use crate::support::git;
use crate::support::{Repo, update};

fn bytes_of(graph: &ProjectGraph) -> String {
    let mut bytes = Vec::new();
    graph.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The graph of the deltas of an indexer, in the place of a store.
fn graph_of_deltas(root: &Path, threads: usize) -> String {
    let mut builder = ProjectGraphBuilder::default();
    let mut sink = |delta: GraphDelta| {
        builder.apply(delta);
        Ok(())
    };
    let mut indexer = Indexer::new(root, IndexOptions::default().with_threads(threads)).unwrap();
    indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress).unwrap();
    bytes_of(&builder.build(None))
}

const FILES: [(&str, &str); 15] = [
    ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2021\"\n"),
    (
        "src/lib.rs",
        "pub mod shape;\n#[cfg(unix)]\npub fn f() { shape::g(1); }\n#[cfg(windows)]\npub fn f() {}\n",
    ),
    ("src/shape.rs", "/// Doubles.\npub fn g(x: u32) -> u32 { x.pow(2) }\n#[test]\nfn t() { g(1); }\n"),
    ("src/target/mod.rs", "pub fn kept() {}\n"),
    ("target/made.rs", "pub fn made() {}\n"),
    (
        "tool.py",
        "import os\nclass A:\n    def run(self):\n        self.walk()\n    def walk(self):\n        os.getcwd()\n",
    ),
    (".gitignore", "\u{feff}*.log\n/made/\n!.shown\n# comment\n\\#odd\n"),
    ("made/x.rs", "fn x() {}\n"),
    ("deep/made/y.rs", "fn y() {}\n"),
    ("deep/.gitignore", "*.tmp\r\n!keep.log\n"),
    ("deep/keep.log", "kept\n"),
    ("deep/drop.tmp", "dropped\n"),
    ("deep/.ignore", "!drop2.tmp\nhidden.rs\n"),
    ("deep/drop2.tmp", "shown\n"),
    ("deep/hidden.rs", "fn hidden() {}\n"),
];

/// A repository whose files are all committed, also those that its lists ignore; `None`, with a note,
/// where there is no git.
fn committed(more: &[(&str, &str)]) -> Option<Repo> {
    let repo = Repo::new(&FILES);
    for (path, text) in [("a.log", "x"), (".shown", "x"), (".hidden", "x")].iter().chain(more) {
        repo.write(path, text);
    }
    if Command::new("git").arg("--version").output().is_err() {
        skip("project_graph", "there is no git");
        return None;
    }
    git(&repo, &["init", "--quiet", "--initial-branch=main"]);
    commit(&repo);
    Some(repo)
}

fn commit(repo: &Repo) {
    git(repo, &["add", "--all", "--force"]);
    git(repo, &["commit", "--quiet", "--message", "state"]);
}

fn engine_at(root: &Path) -> Engine {
    Engine::open(EngineOptions::new(root), Ports::in_memory().unwrap()).unwrap()
}

#[track_caller]
fn graph_at(root: &Path, revision: &str) -> ProjectGraph {
    engine_at(root).project_graph_at(revision, &Cancel::new(), &NoProgress).unwrap()
}

/// The graph of HEAD is that of the clean working copy; gives the paths in it.
#[track_caller]
fn check_head(root: &Path) -> Vec<String> {
    let engine = engine_at(root);
    update(&engine);
    let working_copy = engine.project_graph().unwrap();
    let mut head = graph_at(root, "HEAD");
    assert!(head.revision.take().is_some_and(|id| id.len() == 40));
    for (ours, theirs) in bytes_of(&head).lines().zip(bytes_of(&working_copy).lines()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(head, working_copy);
    let mut streamed = Vec::new();
    engine.write_project_graph(&mut streamed).unwrap();
    assert_eq!(String::from_utf8(streamed).unwrap(), bytes_of(&head));
    head.files.iter().map(|file| file.path.to_string()).collect()
}

#[test]
fn a_store_and_the_deltas_tell_the_same_graph() {
    for root in [Repo::new(&FILES).root(), &Path::new(env!("CARGO_MANIFEST_DIR")).join("../aether-store")] {
        std::fs::create_dir_all(root).unwrap();
        let engine = engine_at(root);
        update(&engine);
        let graph = bytes_of(&engine.project_graph().unwrap());
        assert_eq!(graph_of_deltas(root, 1), graph);
        assert_eq!(graph_of_deltas(root, 4), graph);
    }
}

#[test]
fn equal_content_has_equal_bytes_whatever_led_there() {
    let (one, other) = (Repo::new(&FILES), Repo::new(&[]));
    let engine = other.engine();
    for (path, text) in FILES.iter().rev() {
        other.write(path, "fn before() {}");
        update(&engine);
        other.write(path, text);
        update(&engine);
    }
    let graph = engine.project_graph().unwrap();
    assert!(!graph.edges.is_empty() && graph.edges.iter().all(|edge| edge.kind != EdgeKind::Defines));
    assert_eq!(bytes_of(&graph), bytes_of(&one.engine().project_graph().unwrap()));
}

#[test]
fn the_graph_of_a_commit_is_that_of_a_clean_working_copy() {
    let large = "x".repeat(3 * 1024 * 1024);
    let Some(repo) = committed(&[("large.rs", &large), ("odd \\ name.rs", "fn odd() {}"), ("a.out", "\0")])
    else {
        return;
    };
    std::fs::write(repo.path("latin.rs"), b"// caf\xe9\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("src/lib.rs", repo.path("link.rs")).unwrap();
    commit(&repo);
    let found = check_head(repo.root());
    let expected = [
        ".shown",
        "Cargo.toml",
        "a.out",
        "deep/drop2.tmp",
        "deep/keep.log",
        "deep/made/y.rs",
        "large.rs",
        "latin.rs",
        "odd \\\\ name.rs",
        "src/lib.rs",
        "src/shape.rs",
        "src/target/mod.rs",
        "tool.py",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_workspace_may_be_a_folder_of_the_repository() {
    let Some(repo) = committed(&[]) else { return };
    assert_eq!(check_head(&repo.path("src")), ["lib.rs", "shape.rs"]);
    // The lists of the folders around it count.
    assert_eq!(check_head(&repo.path("deep")), ["drop2.tmp", "keep.log", "made/y.rs"]);
}

#[test]
fn revisions_are_found_as_git_finds_them() {
    let Some(repo) = committed(&[]) else { return };
    let first = git(&repo, &["rev-parse", "HEAD"]);
    git(&repo, &["tag", "--annotate", "--message", "x", "v1"]);
    let graph = graph_at(repo.root(), "HEAD");
    repo.write("src/shape.rs", "pub fn other() {}\n");
    commit(&repo);
    let second = graph_at(repo.root(), "main");
    assert_ne!(second.symbols, graph.symbols);
    for revision in ["HEAD~1", "v1", "v1^{commit}", &first, &first[..10], "main^"] {
        assert_eq!(graph_at(repo.root(), revision), graph, "{revision}");
    }
    // The working copy does not count.
    repo.write("src/shape.rs", "broken (");
    assert_eq!(graph_at(repo.root(), "HEAD"), second);
    let bare = tempfile::tempdir().unwrap();
    git(&repo, &["clone", "--quiet", "--bare", ".", bare.path().to_str().unwrap()]);
    assert_eq!(graph_at(bare.path(), "HEAD"), second);
    let tree = tempfile::tempdir().unwrap();
    git(&repo, &["worktree", "add", "--quiet", tree.path().join("t").to_str().unwrap(), "v1"]);
    assert_eq!(graph_at(&tree.path().join("t"), "HEAD"), graph);
    let shallow = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.root().display());
    git(&repo, &["clone", "--quiet", "--depth", "1", &url, shallow.path().to_str().unwrap()]);
    assert_eq!(graph_at(shallow.path(), "HEAD"), second);
    check_error(shallow.path(), "HEAD~1", "git.unknown_revision");
}

#[track_caller]
fn check_error(root: &Path, revision: &str, code: &str) {
    let error = engine_at(root).project_graph_at(revision, &Cancel::new(), &NoProgress).unwrap_err();
    assert_eq!(error.code().as_str(), code, "{error}");
}

#[test]
fn what_cannot_be_found_has_a_code() {
    let folder = tempfile::tempdir().unwrap();
    check_error(folder.path(), "HEAD", "git.not_a_repository");
    check_error(&folder.path().join("missing"), "HEAD", "workspace.not_found");
    let Some(repo) = committed(&[]) else { return };
    for revision in ["", "nope", "HEAD~9", "HEAD^{tree}", "HEAD:src", "HEAD..HEAD", "-x", "0000000000", "\0"]
    {
        check_error(repo.root(), revision, "git.unknown_revision");
    }
    repo.write("new/lib.rs", "");
    check_error(&repo.path("new"), "HEAD", "git.unknown_folder");
    let blob = git(&repo, &["rev-parse", "HEAD:src/lib.rs"]);
    let object = repo.path(&format!(".git/objects/{}/{}", &blob[..2], &blob[2..]));
    std::fs::remove_file(&object).unwrap();
    check_error(repo.root(), "HEAD", "git.missing_object");
    std::fs::write(&object, "damaged").unwrap();
    check_error(repo.root(), "HEAD", "git.unreadable");
}

#[test]
fn damaged_tags_and_commits_have_a_code() {
    let Some(repo) = committed(&[]) else { return };
    std::fs::write(repo.path("object.txt"), "nothing that git writes\n").unwrap();
    for (kind, name) in [("tag", "bad-tag"), ("commit", "bad-commit")] {
        let id = git(&repo, &["hash-object", "-t", kind, "--literally", "-w", "object.txt"]);
        std::fs::write(repo.path(&format!(".git/refs/tags/{name}")), format!("{id}\n")).unwrap();
        for way in ["", "^{}", "^{commit}", "^{tree}"] {
            check_error(repo.root(), &format!("{name}{way}"), "git.unreadable");
        }
    }
    graph_at(repo.root(), "HEAD");
}

#[test]
fn from_one_commit_to_the_next_only_what_differs_is_read() {
    let Some(repo) = committed(&[]) else { return };
    repo.write("src/shape.rs", "/// Doubles.\npub fn g2(x: u32) -> u32 { x.pow(2) }\n");
    repo.write("Cargo.toml", "[package]\nname = \"renamed\"\nedition = \"2021\"\n");
    repo.remove("tool.py");
    commit(&repo);
    let git = aether_index::GitRepository::open(repo.root()).unwrap();
    let (options, cancel) = (IndexOptions::default(), Cancel::new());
    let mut indexer = Indexer::new(repo.root(), options.clone()).unwrap();
    let mut builder = ProjectGraphBuilder::default();
    for (revision, parsed) in [("HEAD~1", 9), ("HEAD", 2), ("HEAD", 0), ("HEAD~1", 3)] {
        let snapshot = git.snapshot(revision, &options, &cancel).unwrap();
        let mut sink = |delta: GraphDelta| {
            builder.apply(delta);
            Ok(())
        };
        let source = MemoryFacts::default();
        let report = indexer.index_snapshot(&snapshot, &source, &mut sink, &cancel, &NoProgress).unwrap();
        assert_eq!(report.files_parsed, parsed, "{revision}");
        let graph = builder.build(Some(snapshot.revision().to_owned()));
        assert_eq!(bytes_of(&graph), bytes_of(&graph_at(repo.root(), revision)), "{revision}");
    }
}
