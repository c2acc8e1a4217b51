//! An index that was updated equals one made from nothing.

use aether_bindings::engine::NoProgress;
use aether_core::base::{Cancel, RelPath};
use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Repo, contents, fresh_digest, let_time_pass, update};

const BASE: &[(&str, &str)] = &[
    ("Cargo.toml", "[workspace]\nmembers = [\"one\", \"two\"]\n"),
    ("one/Cargo.toml", "[package]\nname = \"one\"\nedition = \"2021\"\n"),
    (
        "one/src/lib.rs",
        "pub mod shapes;\npub mod util;\npub mod more;\npub use shapes::*;\npub use util::Alias;\n",
    ),
    (
        "one/src/shapes.rs",
        "pub trait Area { fn area(&self) -> u32; fn twice(&self) -> u32 { self.area() * 2 } }\npub struct Square { pub side: u32 }\nimpl Area for Square { fn area(&self) -> u32 { self.side } }\nimpl Square { pub fn new(side: u32) -> Self { Square { side } } pub fn grow(&self) -> Self { Square::new(self.side + 1) } }\n",
    ),
    (
        "one/src/util.rs",
        "use crate::shapes::Square;\npub type Alias = Square;\npub fn make() -> Alias { Square::new(1) }\npub fn helper() -> u32 { 7 }\n",
    ),
    (
        "two/Cargo.toml",
        "[package]\nname = \"two\"\nedition = \"2021\"\n[dependencies]\none = { path = \"../one\" }\n",
    ),
    (
        "two/src/main.rs",
        "mod extra;\nmod user;\nuse one::{Area, util};\nfn main() { let s = util::make(); s.grow().area(); extra::run(&s); s.twice(); }\n",
    ),
    ("two/src/extra.rs", "use one::Square;\npub fn run(s: &Square) { s.grow(); one::util::helper(); }\n"),
    (
        "one/src/more.rs",
        "use std::ops::Deref;\nuse crate::shapes::*;\npub struct Wrap<T> { pub inner: T }\nimpl<T> Deref for Wrap<T> { type Target = T; fn deref(&self) -> &T { &self.inner } }\npub trait Source { type Item; fn item(&self) -> Self::Item; }\nimpl Source for Square { type Item = Wrap<Square>; fn item(&self) -> Wrap<Square> { Wrap { inner: self.grow() } } }\npub trait Twice { fn again(&self) -> u32; }\nimpl<T: Area> Twice for T { fn again(&self) -> u32 { self.area() } }\n#[derive(Clone, Debug)]\npub enum Kind { Small(Square), Large { of: Wrap<Square> } }\npub use Kind::*;\nmacro_rules! grown { ($s:expr) => { $s.grow() } }\npub fn go(s: &Square, k: Kind) { s.item().grow().again(); grown!(s); match k.clone() { Small(a) => { a.grow(); } Large { of } => { of.twice(); } } }\n",
    ),
    // No manifest leads to these.
    (
        "scripts/main.rs",
        "mod helper;\nmod inline { pub(super) fn quick() {} pub fn slow() { crate::helper::help() } }\nfn main() { inline::quick(); helper::help(); helper::deep::dig(); loose() }\nfn loose() {}\n",
    ),
    (
        "scripts/helper.rs",
        "pub mod deep;\npub fn help() { crate::inline::slow(); deep::dig(); self::own::f() }\nmod own { pub fn f() { super::deep::dig(); } }\n",
    ),
    (
        "scripts/helper/deep.rs",
        "use crate::loose as far;\npub fn dig() { far(); super::help(); crate::helper::help() }\n",
    ),
    ("loose/tool.rs", "mod part;\nmod helper;\nfn run() { part::go(); helper::help() }\n"),
    ("loose/tool/part.rs", "pub fn go() { crate::run(); inner::go() }\nmod inner { pub fn go() {} }\n"),
    (
        "two/src/user.rs",
        "use one::more::{Kind, Source};\npub fn use_it<S: Source<Item = one::more::Wrap<one::Square>>>(s: &S) { s.item().grow(); one::more::go(&s.item().inner, Kind::Small(one::Square::new(2))); }\n",
    ),
];

/// One change of a repository.
#[derive(Clone, Debug)]
enum Change {
    Replace(&'static str, &'static str, &'static str),
    Append(&'static str, &'static str),
    Remove(&'static str),
    Restore(&'static str),
    Rename(&'static str, &'static str),
}

fn changes() -> impl Strategy<Value = Change> {
    let replace = prop_oneof![
        Just((
            "one/src/util.rs",
            "pub type Alias = Square;",
            "pub struct Alias; impl Alias { pub fn grow(&self) -> Square { Square::new(2) } }"
        )),
        Just(("one/src/util.rs", "helper", "assistant")),
        Just(("one/src/util.rs", "use crate::shapes::Square;", "use crate::shapes::Other as Square;")),
        Just(("one/src/util.rs", "-> Alias", "-> Square")),
        Just(("one/src/shapes.rs", "pub fn grow(&self)", "pub fn grow(&self, by: u32)")),
        Just(("one/src/shapes.rs", "impl Area for Square", "impl Area for Other")),
        Just(("one/src/shapes.rs", "fn area", "fn surface")),
        Just(("one/src/shapes.rs", "fn twice", "fn double")),
        Just(("one/src/shapes.rs", "pub side", "side")),
        Just(("one/src/lib.rs", "pub use shapes::*;", "")),
        Just(("one/src/lib.rs", "pub use util::Alias;", "pub use shapes::Square as Alias;")),
        Just(("one/src/lib.rs", "pub mod util;", "#[path = \"helpers.rs\"] pub mod util;")),
        Just(("two/src/main.rs", "s.twice();", "s.grow().twice();")),
        Just(("two/src/main.rs", "use one::{Area, util};", "use one::*;")),
        Just(("two/src/extra.rs", "use one::Square;", "use one::Alias as Square;")),
        Just(("one/src/more.rs", "type Item = Wrap<Square>", "type Item = Square")),
        Just(("one/src/more.rs", "type Target = T;", "type Target = Square;")),
        Just(("one/src/more.rs", "use crate::shapes::*;", "use crate::shapes::{Area, Square};")),
        Just(("one/src/more.rs", "impl<T: Area> Twice for T", "impl Twice for Square")),
        Just(("one/src/more.rs", "#[derive(Clone, Debug)]", "")),
        Just(("one/src/more.rs", "Small(Square)", "Small(Wrap<Square>)")),
        Just(("one/src/more.rs", "pub use Kind::*;", "use Kind::Large; pub fn Small(k: Square) {}")),
        Just(("one/src/more.rs", "macro_rules! grown", "macro_rules! shrunk")),
        Just(("one/src/more.rs", "pub inner: T", "pub inner: T, pub count: u32")),
        Just(("one/src/more.rs", "struct Wrap<T>", "struct Wrap<T, U = T>")),
        Just(("two/src/user.rs", "{Kind, Source}", "*")),
        Just(("two/src/user.rs", "S: Source<Item = one::more::Wrap<one::Square>>", "S: one::Area + Source")),
        Just(("scripts/main.rs", "mod helper;", "")),
        Just(("scripts/main.rs", "mod helper;", "#[path = \"../loose/tool.rs\"] mod helper;")),
        Just(("scripts/helper.rs", "mod own {", "mod owned {")),
        Just(("scripts/helper/deep.rs", "pub fn dig", "fn dug() {} pub fn dig")),
        Just(("loose/tool.rs", "mod helper;", "#[path = \"../scripts/helper.rs\"] mod helper;")),
        Just(("two/Cargo.toml", "one = { path", "uno = { package = \"one\", path")),
    ]
    .prop_map(|(path, from, to)| Change::Replace(path, from, to));
    let append = prop_oneof![
        Just(("one/src/shapes.rs", "pub struct Other { pub side: u32 }\nimpl Other { pub fn new(side: u32) -> Self { Other { side } } pub fn grow(&self) -> Square { Square::new(3) } }\n")),
        Just(("one/src/shapes.rs", "impl<T: Area> Show for T {}\npub trait Show { fn show(&self) {} }\n")),
        Just(("one/src/util.rs", "pub fn area() {}\n")),
        Just(("two/src/extra.rs", "pub fn late() { run(&one::util::make()); one::util::area(); one::util::make().show(); }\nuse one::Show;\n")),
        Just(("two/src/extra.rs", "// only a comment\n")),
        Just(("scripts/main.rs", "mod late { pub fn slow() { super::inline::slow() } }\n")),
        Just(("loose/tool/part.rs", "pub fn more() { inner::go(); go() }\n")),
        Just(("one/src/more.rs", "impl Area for Kind { fn area(&self) -> u32 { 1 } }\nimpl Clone for Wrap<Square> { fn clone(&self) -> Self { go(&self.inner, loop {}); loop {} } }\n")),
        Just(("one/src/more.rs", "impl Wrap<Square> { pub fn grow(&self) -> u32 { 0 } }\n")),
        Just(("two/src/user.rs", "pub fn kinds(k: &Kind) { k.again(); k.area(); }\nuse one::more::Twice;\nuse one::Area;\n")),
        Just(("two/src/main.rs", "#[cfg(test)] mod tests { use super::*; #[test] fn t() { main() } }\n")),
    ]
    .prop_map(|(path, text)| Change::Append(path, text));
    let names = || {
        prop_oneof![
            Just("one/src/lib.rs"),
            Just("one/src/shapes.rs"),
            Just("one/src/util.rs"),
            Just("two/src/main.rs"),
            Just("two/src/extra.rs"),
            Just("one/src/more.rs"),
            Just("two/src/user.rs"),
            Just("one/Cargo.toml"),
            Just("two/Cargo.toml"),
            Just("scripts/main.rs"),
            Just("scripts/helper.rs"),
            Just("loose/tool.rs"),
        ]
    };
    prop_oneof![
        5 => replace,
        3 => append,
        1 => names().prop_map(Change::Remove),
        2 => names().prop_map(Change::Restore),
        1 => prop_oneof![
            Just(("one/src/util.rs", "one/src/helpers.rs")),
            Just(("one/src/helpers.rs", "one/src/util.rs")),
            Just(("two/src/extra.rs", "two/src/extra/mod.rs")),
            Just(("scripts/main.rs", "scripts/other.rs")),
        ]
        .prop_map(|(from, to)| Change::Rename(from, to)),
    ]
}

/// Applies a change and returns the paths that it touched; one that does not fit the present state does
/// nothing.
fn apply(repo: &Repo, change: &Change) -> Vec<RelPath> {
    let read = |path: &str| std::fs::read_to_string(repo.path(path)).ok();
    let mut touched = Vec::new();
    let mut write = |path: &str, text: &str| {
        repo.write(path, text);
        touched.push(RelPath::new(path).unwrap());
    };
    match change {
        Change::Replace(path, from, to) => {
            if let Some(text) = read(path) {
                write(path, &text.replace(from, to));
            }
        }
        Change::Append(path, tail) => {
            if let Some(text) = read(path) {
                write(path, &format!("{text}{tail}"));
            }
        }
        Change::Remove(path) => {
            if read(path).is_some() {
                repo.remove(path);
                touched.push(RelPath::new(*path).unwrap());
            }
        }
        Change::Restore(path) => {
            if let Some((_, text)) = BASE.iter().find(|(known, _)| known == path) {
                write(path, text);
            }
        }
        Change::Rename(from, to) => {
            if let Some(text) = read(from) {
                write(to, &text);
                repo.remove(from);
                touched.push(RelPath::new(*from).unwrap());
            }
        }
    }
    touched
}

/// How many sequences are tried: as many as `PROPTEST_CASES` says.
fn cases(few: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}

#[test]
fn an_updated_index_equals_a_fresh_one() {
    let mut runner = TestRunner::new_with_rng(
        Config { cases: cases(24), failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    runner
        .run(&prop::collection::vec(changes(), 1..10), |changes| {
            let repo = Repo::new(BASE);
            let (engine, told) = (repo.engine(), repo.engine());
            for (index, change) in changes.iter().enumerate() {
                let touched = apply(&repo, change);
                update(&engine);
                told.index_files(&touched, &Cancel::new(), &NoProgress).unwrap();
                let fresh = repo.engine();
                let (updated, made) = (contents(&engine), contents(&fresh));
                let differing = updated.iter().zip(&made).find(|(a, b)| a != b);
                assert_eq!(differing, None, "after {:?}", &changes[..=index]);
                assert_eq!(updated.len(), made.len(), "after {:?}", &changes[..=index]);
                assert_eq!(
                    engine.digest().unwrap(),
                    fresh.digest().unwrap(),
                    "after {:?}",
                    &changes[..=index]
                );
                assert_eq!(contents(&told), made, "told of {:?}", &changes[..=index]);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_second_process_goes_on_from_the_store() {
    use aether_bindings::engine::{Engine, EngineOptions};
    use aether_store::StoreOptions;

    let repo = Repo::new(BASE);
    let open = || {
        Engine::open_workspace(EngineOptions::new(repo.root()), &StoreOptions::default(), || None).unwrap()
    };
    update(&open());
    repo.write(
        "one/src/util.rs",
        "pub fn make() -> crate::shapes::Square { crate::shapes::Square::new(4) }\n",
    );
    let engine = open();
    let answer = engine.index(&Cancel::new(), &NoProgress).unwrap();
    assert_eq!(answer.result.files_parsed, 1);
    assert!(answer.result.files_resolved > 1, "whoever used `Alias` and `helper` is concerned");
    assert_eq!(engine.digest().unwrap(), fresh_digest(&repo));
}

#[test]
fn files_that_were_only_touched_stay_as_they_are() {
    use aether_bindings::engine::{Engine, EngineOptions};
    use aether_store::StoreOptions;

    let repo = Repo::new(BASE);
    let open = || {
        Engine::open_workspace(EngineOptions::new(repo.root()), &StoreOptions::default(), || None).unwrap()
    };
    update(&open());
    let before = open().digest().unwrap();
    for (path, text) in BASE {
        repo.write(path, text);
    }
    // A process that knows the files by their stamps alone.
    update(&open());
    assert_eq!(open().digest().unwrap(), before);
    // Some touched, one changed.
    for (path, text) in BASE {
        repo.write(path, text);
    }
    repo.write("one/src/util.rs", "pub fn other() {}\n");
    update(&open());
    assert_eq!(open().digest().unwrap(), fresh_digest(&repo));
}

#[test]
fn an_index_with_other_limits_is_made_anew() {
    use aether_bindings::engine::{Engine, EngineOptions};
    use aether_core::base::Config;
    use aether_store::StoreOptions;

    let repo = Repo::new(BASE);
    let open = |text: &str| {
        let (config, warnings) = Config::parse(text).unwrap();
        assert_eq!(warnings, []);
        let options = EngineOptions::new(repo.root()).with_config(&config);
        Engine::open_workspace(options, &StoreOptions::default(), || None).unwrap()
    };
    update(&open(""));
    let before = open("").digest().unwrap();
    let small = open("[index]\nmax_file_bytes = 100\n");
    update(&small);
    assert_ne!(small.digest().unwrap(), before, "files that did not change are too large now");
    update(&open(""));
    assert_eq!(open("").digest().unwrap(), before);
}

#[test]
fn a_changed_body_concerns_its_own_file_alone() {
    let repo = Repo::new(BASE);
    let engine = repo.engine();
    repo.write("one/src/util.rs", &BASE[4].1.replace("7", "8 + 9"));
    let answer = engine.index(&Cancel::new(), &NoProgress).unwrap();
    assert_eq!((answer.result.files_parsed, answer.result.files_resolved), (1, 1));
}

#[test]
fn a_told_change_is_taken_in_without_a_walk() {
    let repo = Repo::new(BASE);
    let engine = repo.engine();
    let told = |paths: &[&str]| {
        let paths: Vec<RelPath> = paths.iter().map(|path| RelPath::new(*path).unwrap()).collect();
        engine.index_files(&paths, &Cancel::new(), &NoProgress).unwrap()
    };
    repo.write("one/src/util.rs", "pub fn other() {}");
    repo.write("two/src/extra.rs", "pub fn run() {}");
    let answer = told(&["one/src/util.rs"]);
    assert_eq!(answer.result.files_parsed, 1, "nobody told of the other");
    assert!(!answer.freshness.is_checked, "so the index may be behind");
    repo.write("one/src/new.rs", "pub fn new() {}");
    let answer = told(&["one/src/new.rs"]);
    assert_eq!((answer.result.files_parsed, answer.result.files), (1, BASE.len() as u64 + 1));
    assert_eq!(told(&["two"]).result.files_parsed, 1, "a folder leads to a walk");
    assert_eq!(engine.digest().unwrap(), fresh_digest(&repo));

    // A folder that goes away takes its files with it; what never was does not matter.
    std::fs::remove_dir_all(repo.path("two")).unwrap();
    assert_eq!(told(&["two", "nowhere.rs"]).result.files_removed, 4);
    repo.write(".gitignore", "util.rs\n");
    assert_eq!(told(&[".gitignore"]).result.files_removed, 1);
    repo.remove(".gitignore");
    assert_eq!(told(&[".gitignore"]).result.files_parsed, 1, "what it hid is there again");
    assert_eq!(engine.digest().unwrap(), fresh_digest(&repo));
}

#[test]
fn a_manifest_that_comes_back_is_read_again() {
    let repo = Repo::new(BASE);
    let engine = repo.engine();
    repo.remove("one/Cargo.toml");
    update(&engine);
    repo.write("one/Cargo.toml", BASE[1].1);
    update(&engine);
    assert_eq!(engine.digest().unwrap(), fresh_digest(&repo));
}

#[test]
fn nothing_changed_costs_nothing() {
    let repo = Repo::new(BASE);
    let engine = repo.engine();
    let before = engine.status().unwrap().store.freshness.generation;
    let answer = engine.index(&Cancel::new(), &NoProgress).unwrap();
    assert!(!answer.result.has_changed);
    assert_eq!(answer.freshness.generation, before);
}

#[test]
fn an_event_without_a_change_writes_nothing() {
    let repo = Repo::new(BASE);
    let_time_pass(repo.root());
    // So that the times of the others are settled.
    repo.write("one/src/late.rs", "pub fn late() {}\n");
    let engine = repo.engine();
    let before = engine.status().unwrap().store.freshness.generation;
    let told = RelPath::new("one/src/util.rs").unwrap();
    let answer = engine.index_files(&[told], &Cancel::new(), &NoProgress).unwrap();
    assert!(!answer.result.has_changed);
    assert_eq!(answer.freshness.generation, before);
}

#[test]
fn a_digest_does_not_depend_on_place_or_time() {
    let (a, b) = (Repo::new(BASE), Repo::new(BASE));
    b.write("one/src/util.rs", BASE[4].1);
    assert_eq!(fresh_digest(&a), fresh_digest(&b));
    b.write("one/src/util.rs", "pub fn other() {}");
    assert_ne!(fresh_digest(&a), fresh_digest(&b));
}
