//! What no repository should be, and some are: each ends in an index, with a diagnostic where a part
//! is missing, and in the index of a fresh build once it is mended.

use std::sync::atomic::{AtomicBool, Ordering};

use aether_bindings::engine::{Engine, EngineOptions, NoProgress, Ports, Progress, Stage};
use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_index::IndexOptions;

use crate::support::{Repo, edges, fresh_digest, let_time_pass, update};

/// The codes and files of what could not be read in full.
fn notes(engine: &Engine) -> Vec<(ErrorCode, String)> {
    let found = engine.doctor(&[]).unwrap().into_iter();
    let mut notes: Vec<_> = found.filter_map(|check| Some((check.code?, check.message))).collect();
    notes.sort();
    notes
}

#[track_caller]
fn check_as_fresh(engine: &Engine, repo: &Repo) {
    update(engine);
    assert_eq!(engine.digest().unwrap(), fresh_digest(repo));
}

#[test]
fn a_file_of_a_hundred_megabytes_is_told_and_not_held() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}")]);
    let file = std::fs::File::create(repo.path("src/huge.rs")).unwrap();
    file.set_len(100 * 1024 * 1024).unwrap();
    let engine = repo.engine();
    assert_eq!(notes(&engine), [(ErrorCode::INDEX_FILE_TOO_LARGE, "src/huge.rs".to_owned())]);
    assert_eq!(engine.select("a").unwrap().name, "a");
    repo.write("src/huge.rs", "fn small() {}");
    check_as_fresh(&engine, &repo);
    assert_eq!(notes(&engine), []);
}

#[test]
fn a_hundred_thousand_levels_are_no_stack_overflow() {
    const LEVELS: usize = 100_000;
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(LEVELS), close.repeat(LEVELS));
    let repo = Repo::new(&[
        ("src/expr.rs", &format!("fn before() {{ {} }}\nfn after() {{}}\n", nested("(", ")"))),
        ("src/types.rs", &format!("fn f(x: {}) {{}}\n", nested("&[", "]"))),
        ("src/blocks.rs", &nested("mod m {", "}")),
        ("src/tokens.rs", &format!("fn g() {{ m!({}) }}\n", nested("[", "]"))),
        ("deep.py", &format!("def before():\n    x = {}\ndef after(): pass\n", nested("[", "]"))),
        ("chain.py", &format!("x = a{}\n", ".b()".repeat(LEVELS))),
    ]);
    let engine = repo.engine();
    let told: Vec<String> = notes(&engine).into_iter().map(|(_, file)| file).collect();
    for file in ["src/expr.rs", "src/types.rs", "src/blocks.rs", "deep.py", "chain.py"] {
        assert!(told.contains(&file.to_owned()), "{file}: {told:?}");
    }
    assert_eq!(engine.symbols_named("before").unwrap().len(), 2);
    check_as_fresh(&engine, &repo);
}

#[cfg(unix)]
#[test]
fn links_in_circles_end_and_lead_nowhere() {
    use std::os::unix::fs::symlink;

    let repo = Repo::new(&[("src/lib.rs", "fn a() {}"), ("src/deep/b.rs", "fn b() {}")]);
    symlink(repo.root(), repo.path("src/deep/up")).unwrap();
    symlink(repo.path("src/self.rs"), repo.path("src/self.rs")).unwrap();
    symlink(repo.path("src/one.rs"), repo.path("src/two.rs")).unwrap();
    symlink(repo.path("src/two.rs"), repo.path("src/one.rs")).unwrap();
    symlink(repo.path("nowhere"), repo.path("src/gone.rs")).unwrap();
    symlink("/", repo.path("root")).unwrap();
    let engine = repo.engine();
    assert_eq!(engine.status().unwrap().store.coverage.files_indexed, 2);
    assert_eq!(notes(&engine), []);
    check_as_fresh(&engine, &repo);
}

/// Does something to the repository when the first file was parsed.
struct Meddler<'r> {
    done: AtomicBool,
    meddle: &'r (dyn Fn() + Sync),
}

impl Progress for Meddler<'_> {
    fn report(&self, stage: Stage, _done: usize, _total: usize) {
        if stage == Stage::Parse && !self.done.swap(true, Ordering::SeqCst) {
            (self.meddle)();
        }
    }
}

/// An engine that reads files one after the other.
fn in_order(repo: &Repo) -> Engine {
    let mut options = EngineOptions::new(repo.root());
    options.index = IndexOptions::default().with_threads(1);
    Engine::open(options, Ports::in_memory().unwrap()).unwrap()
}

/// Brings an index up to date while `meddle` changes the repository, and says what it could not read.
fn meddled(engine: &Engine, meddle: &(dyn Fn() + Sync)) -> Vec<(ErrorCode, String)> {
    let meddler = Meddler { done: AtomicBool::new(false), meddle };
    engine.index(&Cancel::new(), &meddler).unwrap();
    assert!(meddler.done.load(Ordering::SeqCst), "the repository was changed while it was read");
    notes(engine)
}

/// Indexes `repo` while `meddle` changes it, then again in peace.
fn check_meddled(repo: &Repo, meddle: &(dyn Fn() + Sync)) -> Vec<(ErrorCode, String)> {
    let engine = in_order(repo);
    let told = meddled(&engine, meddle);
    check_as_fresh(&engine, repo);
    told
}

#[test]
fn files_that_go_while_they_are_read_are_gone_after_the_next_update() {
    let files = [("src/a.rs", "fn a() { z() }"), ("src/m.rs", "fn m() {}"), ("src/z.rs", "fn z() {}")];
    let repo = Repo::new(&files);
    let (old, new) = (repo.path("src/z.rs"), repo.path("src/y.rs"));
    let told = check_meddled(&repo, &|| std::fs::rename(&old, &new).unwrap());
    assert_eq!(told, [(ErrorCode::INDEX_UNREADABLE, "src/z.rs".to_owned())]);

    let repo = Repo::new(&files);
    let gone = repo.path("src/z.rs");
    let told = check_meddled(&repo, &|| {
        std::fs::remove_file(&gone).unwrap();
        std::fs::create_dir(&gone).unwrap();
    });
    assert_eq!(told, [(ErrorCode::INDEX_UNREADABLE, "src/z.rs".to_owned())]);
}

#[test]
fn a_file_that_could_not_be_read_is_tried_again_whatever_its_time() {
    let repo = Repo::new(&[("src/a.rs", "fn a() {}"), ("src/in/z.rs", "fn z() {}")]);
    let_time_pass(repo.root());
    // So that nothing of it is recent.
    repo.write("src/newer.rs", "fn newer() {}");
    let (there, away) = (repo.path("src/in"), repo.path("src/out"));
    let engine = in_order(&repo);
    let told = meddled(&engine, &|| std::fs::rename(&there, &away).unwrap());
    assert_eq!(told, [(ErrorCode::INDEX_UNREADABLE, "src/in/z.rs".to_owned())]);
    // The file is the one that it was, with its size and its time.
    std::fs::rename(&away, &there).unwrap();
    check_as_fresh(&engine, &repo);
    assert_eq!(notes(&engine), []);
}

/// Cancels once all symbols are stored and no edge is.
struct BreakOff<'c>(&'c Cancel);

impl Progress for BreakOff<'_> {
    fn report(&self, stage: Stage, _done: usize, _total: usize) {
        if stage == Stage::Resolve {
            self.0.cancel();
        }
    }
}

#[test]
fn what_cannot_be_read_after_a_first_index_was_broken_off_is_not_taken_for_known() {
    let repo = Repo::new(&[("src/a.rs", "fn a() {}"), ("src/z.rs", "fn z() {}")]);
    let engine = in_order(&repo);
    let cancel = Cancel::new();
    engine.index(&cancel, &BreakOff(&cancel)).unwrap_err();
    assert_eq!(engine.symbols_named("z").unwrap().len(), 1, "the symbols were stored before");
    let (old, new) = (repo.path("src/z.rs"), repo.path("src/y.txt"));
    let told = meddled(&engine, &|| std::fs::rename(&old, &new).unwrap());
    assert_eq!(told, [(ErrorCode::INDEX_UNREADABLE, "src/z.rs".to_owned())]);
    assert_eq!(engine.symbols_named("z").unwrap(), []);
    check_as_fresh(&engine, &repo);
}

#[test]
fn files_that_grow_while_they_are_read_are_right_after_the_next_update() {
    let repo = Repo::new(&[("src/a.rs", "fn a() {}"), ("src/z.rs", "fn z() {}")]);
    let path = repo.path("src/z.rs");
    let told = check_meddled(&repo, &|| std::fs::write(&path, "fn z() {}\nfn more() {}\n").unwrap());
    assert_eq!(told, []);
}

#[test]
fn folders_and_files_change_places() {
    let repo = Repo::new(&[("src/lib.rs", "mod a; fn f() { a::x() }"), ("src/a.rs", "pub fn x() {}")]);
    let engine = repo.engine();
    repo.remove("src/a.rs");
    repo.write("src/a.rs/mod.rs", "pub fn x() {}");
    check_as_fresh(&engine, &repo);
    std::fs::remove_dir_all(repo.path("src/a.rs")).unwrap();
    repo.write("src/a.rs", "pub fn x() {}");
    check_as_fresh(&engine, &repo);
    assert_eq!(edges(&engine, "calls"), ["f -> a::x"]);
}

#[test]
fn five_thousand_files_change_at_once() {
    const FILES: usize = 5_000;
    let repo = Repo::new(&[("Cargo.toml", "[package]\nname = \"many\"\nedition = \"2024\"\n")]);
    let name = |number: usize| format!("src/d{}/m{number}.rs", number % 50);
    let text = |number: usize, change: usize| {
        format!("pub fn f{number}() {{ g{number}(); }}\npub fn g{number}() {{ let _ = {change}; }}\n")
    };
    for number in 0..FILES {
        repo.write(&name(number), &text(number, 0));
    }
    let engine = repo.engine();
    assert_eq!(edges(&engine, "calls").len(), FILES);
    // Another branch: most files are others, some are gone, some are new.
    for number in 0..FILES {
        match number % 10 {
            0 => repo.remove(&name(number)),
            1 => repo.write(&name(number + FILES), &text(number, 1)),
            2 => {}
            _ => repo.write(&name(number), &text(number, 2)),
        }
    }
    check_as_fresh(&engine, &repo);
}

#[test]
fn a_change_within_the_tick_of_a_clock_is_seen() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}"), ("src/other.rs", "fn z() {}")]);
    let engine = repo.engine();
    // As fast as the disk takes it, without another size.
    for name in "bcdefghij".chars() {
        repo.write("src/lib.rs", &format!("fn {name}() {{}}"));
        check_as_fresh(&engine, &repo);
        repo.write("src/other.rs", &format!("fn {}() {{}}", name.to_ascii_uppercase()));
        engine.index_files(&[RelPath::new("src/other.rs").unwrap()], &Cancel::new(), &NoProgress).unwrap();
        repo.write("src/other.rs", &format!("fn {name}{name}() {{}}").replace("{}", ""));
        check_as_fresh(&engine, &repo);
    }
}

#[cfg(unix)]
#[test]
fn a_change_that_hides_its_time_is_seen() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}"), ("src/other.rs", "fn z() {}")]);
    let engine = repo.engine();
    let_time_pass(repo.root());
    // So that nothing of it is recent.
    repo.write("src/newer.rs", "fn newer() {}");
    update(&engine);
    let time = repo.path("src/lib.rs").metadata().unwrap().modified().unwrap();
    repo.write("src/lib.rs", "fn b() {}");
    let file = std::fs::File::options().write(true).open(repo.path("src/lib.rs")).unwrap();
    file.set_modified(time).unwrap();
    let_time_pass(repo.root());
    repo.write("src/newer.rs", "fn newest() {}");
    check_as_fresh(&engine, &repo);
}

#[cfg(unix)]
#[test]
fn pipes_and_sockets_are_not_read() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}")]);
    let made = std::process::Command::new("mkfifo").arg(repo.path("src/pipe.rs")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(repo.path("src/socket.rs")).unwrap();
    let engine = repo.engine();
    assert_eq!(engine.status().unwrap().store.coverage.files_indexed, 1);
    // A file that becomes one while it is read is never opened either.
    let pipe = repo.path("src/lib.rs");
    engine.index(&Cancel::new(), &NoProgress).unwrap();
    std::fs::remove_file(&pipe).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    engine.index_files(&[RelPath::new("src/lib.rs").unwrap()], &Cancel::new(), &NoProgress).unwrap();
    check_as_fresh(&engine, &repo);
}

#[cfg(unix)]
#[test]
fn a_folder_too_deep_to_be_read_is_told() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}")]);
    // Each step is made from the last one: no path is too long until somebody writes all of it down.
    let script = "name=$(printf 'd%.0s' $(seq 200)); for step in $(seq 25); do mkdir $name; cd -P $name; done; echo 'fn deep() {}' > deep.rs";
    let made =
        std::process::Command::new("sh").args(["-c", script]).current_dir(repo.path("src")).status().unwrap();
    assert!(made.success());
    let engine = repo.engine();
    let told = notes(&engine);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, ErrorCode::INDEX_UNREADABLE);
    assert!(told[0].1.starts_with("src/ddd"), "{told:?}");
    let before = engine.status().unwrap().store.freshness.generation;
    check_as_fresh(&engine, &repo);
    assert_eq!(engine.status().unwrap().store.freshness.generation, before, "it says the same each time");
    // The walk gets through again.
    std::fs::rename(repo.path("src").join("d".repeat(200)), repo.path("gone")).unwrap();
    std::fs::remove_dir_all(repo.path("gone")).unwrap();
    check_as_fresh(&engine, &repo);
    assert_eq!(notes(&engine), []);
}
