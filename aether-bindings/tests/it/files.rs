//! Files that are hard to read.

use aether_core::base::ErrorCode;

use crate::support::{Repo, edges, update};

#[test]
fn a_broken_file_keeps_what_lies_outside_the_error() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() { b() }\nfn broken( { ]]\nfn b() {}\nstruct S;\n")]);
    let engine = repo.engine();
    for name in ["a", "S"] {
        assert_eq!(engine.select(name).unwrap().name, name);
    }
    let codes: Vec<_> = engine.doctor(&[]).unwrap().into_iter().filter_map(|check| check.code).collect();
    assert_eq!(codes, [ErrorCode::INDEX_SYNTAX_ERROR]);
}

#[test]
fn a_file_that_is_not_text_is_kept_with_a_diagnostic() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}")]);
    std::fs::write(repo.path("src/bad.rs"), b"fn \xff() {}").unwrap();
    let engine = repo.engine();
    assert_eq!(engine.select("a").unwrap().name, "a");
    let found = engine.doctor(&[]).unwrap();
    assert!(
        found
            .iter()
            .any(|check| check.code == Some(ErrorCode::INDEX_NOT_UTF8) && check.message == "src/bad.rs")
    );
}

#[cfg(unix)]
#[test]
fn a_file_name_that_is_not_text_survives() {
    use std::os::unix::ffi::OsStrExt as _;

    let repo = Repo::new(&[("src/lib.rs", "fn a() {}")]);
    let name = std::ffi::OsStr::from_bytes(b"src/caf\xe9.rs");
    std::fs::write(repo.root().join(name), "fn strange() {}").unwrap();
    let engine = repo.engine();
    assert_eq!(engine.select("strange").unwrap().file.as_str(), "src/caf\\xe9.rs");
    std::fs::remove_file(repo.root().join(name)).unwrap();
    update(&engine);
    assert!(engine.select("strange").is_err());
}

#[test]
fn a_deeply_nested_file_does_not_overflow_the_stack() {
    let depth = 20_000;
    let text = format!("fn a() {{ {}1{} }}\nfn b() {{}}\n", "(".repeat(depth), ")".repeat(depth));
    let repo = Repo::new(&[("src/lib.rs", &text)]);
    let engine = repo.engine();
    let codes: Vec<_> = engine.doctor(&[]).unwrap().into_iter().filter_map(|check| check.code).collect();
    assert!(codes.contains(&ErrorCode::INDEX_TOO_DEEP), "{codes:?}");
    assert_eq!(engine.select("b").unwrap().name, "b");
}

#[test]
fn skipped_folders_and_ignored_files_are_left_out() {
    let repo = Repo::new(&[
        ("src/lib.rs", "fn kept() {}"),
        ("src/vendor/mod.rs", "fn kept_too() {}"),
        ("target/debug/gen.rs", "fn generated() {}"),
        ("vendor/x/lib.rs", "fn vendored() {}"),
        ("ignored.rs", "fn ignored() {}"),
        (".gitignore", "ignored.rs\n"),
    ]);
    let engine = repo.engine();
    for name in ["kept", "kept_too"] {
        assert_eq!(engine.select(name).unwrap().name, name);
    }
    for name in ["generated", "vendored", "ignored"] {
        assert!(engine.select(name).is_err(), "{name}");
    }
}

#[test]
fn files_of_unknown_languages_are_files() {
    let repo = Repo::new(&[("notes.txt", "hello"), ("src/lib.rs", "fn a() {}")]);
    let engine = repo.engine();
    assert_eq!(engine.symbols_named("notes.txt").unwrap()[0].kind.as_str(), "file");
    // A file that no manifest leads to is a module without a name.
    assert_eq!(edges(&engine, "defines"), [" -> a"]);
}

#[test]
fn questions_are_answered_while_the_first_index_is_built() {
    use std::sync::Mutex;

    use aether_bindings::engine::{Engine, EngineOptions, Progress, Stage};
    use aether_core::base::Cancel;
    use aether_core::code::{SearchMode, SearchQuery};
    use aether_store::StoreOptions;

    /// Asks a second engine on the same file when resolution begins.
    struct Asking {
        other: Engine,
        seen: Mutex<Vec<(usize, u64, u64)>>,
    }

    impl Progress for Asking {
        fn report(&self, stage: Stage, done: usize, _total: usize) {
            if stage == Stage::Resolve && done == 0 {
                let answer = self.other.search(&SearchQuery::parse("kept", 5), SearchMode::Lexical).unwrap();
                let coverage = answer.coverage;
                self.seen.lock().unwrap().push((
                    answer.result.hits.len(),
                    coverage.files_indexed,
                    coverage.files_total,
                ));
            }
        }
    }

    let repo = Repo::new(&[("src/lib.rs", "fn kept() {}"), ("src/b.rs", "fn other() {}")]);
    let open = || {
        Engine::open_workspace(EngineOptions::new(repo.root()), &StoreOptions::default(), || None).unwrap()
    };
    let engine = open();
    let asking = Asking { other: open(), seen: Mutex::default() };
    let answer = engine.index(&Cancel::new(), &asking).unwrap();
    assert_eq!(*asking.seen.lock().unwrap(), [(1, 0, 2)]);
    assert_eq!((answer.coverage.files_indexed, answer.coverage.files_total), (2, 2));
}
