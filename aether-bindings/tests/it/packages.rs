//! Packages, crates, features and editions, read off manifests without cargo.

use aether_core::code::SymbolKind;

use crate::support::{Repo, edges};

/// The crates of a repository, as `package: kind name (root)`.
fn crates(repo: &Repo) -> Vec<String> {
    let engine = repo.engine();
    let mut found = Vec::new();
    let mut package = String::new();
    engine
        .visit_symbols(&mut |symbol| match symbol.kind.as_str() {
            "package" => package.clone_from(&symbol.name),
            "crate" => found.push(format!("{package}: {}", symbol.signature)),
            _ => {}
        })
        .unwrap();
    found
}

/// The calls of a repository.
fn calls(files: &[(&str, &str)]) -> Vec<String> {
    edges(&Repo::new(files).engine(), "calls")
}

#[test]
fn every_kind_of_crate_is_found() {
    let manifest = "[package]\nname = \"many-kinds\"\nedition = \"2024\"\n
        [[bin]]\nname = \"tool\"\npath = \"tools/tool.rs\"\n
        [[bin]]\nname = \"named\"\n
        [[test]]\nname = \"slow\"\npath = \"slow/tests.rs\"\n";
    let repo = Repo::new(&[
        ("Cargo.toml", manifest),
        ("src/lib.rs", ""),
        ("src/main.rs", ""),
        ("src/bin/named/main.rs", ""),
        ("src/bin/found.rs", ""),
        ("src/bin/more/main.rs", ""),
        ("src/bin/more/helper.rs", ""),
        ("tools/tool.rs", ""),
        ("slow/tests.rs", ""),
        ("tests/quick.rs", ""),
        ("tests/it/main.rs", ""),
        ("tests/it/support.rs", ""),
        ("examples/show.rs", ""),
        ("benches/speed.rs", ""),
        ("build.rs", ""),
    ]);
    assert_eq!(
        crates(&repo),
        [
            "many-kinds: lib many_kinds (src/lib.rs)",
            "many-kinds: bin tool (tools/tool.rs)",
            "many-kinds: bin named (src/bin/named/main.rs)",
            "many-kinds: test slow (slow/tests.rs)",
            "many-kinds: bin many_kinds (src/main.rs)",
            "many-kinds: bin found (src/bin/found.rs)",
            "many-kinds: bin more (src/bin/more/main.rs)",
            "many-kinds: test it (tests/it/main.rs)",
            "many-kinds: test quick (tests/quick.rs)",
            "many-kinds: example show (examples/show.rs)",
            "many-kinds: bench speed (benches/speed.rs)",
            "many-kinds: build-script build_script_build (build.rs)",
        ]
    );
}

#[test]
fn packages_and_crates_are_where_the_manifest_writes_their_names() {
    let manifest = "# \"the-name\"\nlib.path = \"lib.rs\"\n[package]\ndescription = \"found\"\nname = 'the-name'\n\n\
        [[bin]]\npath = \"tool.rs\"\nname = \"tool\"\n[[bin]]\nname = \"esc\\u0061ped\"\npath = \"escaped.rs\"\n";
    let repo = Repo::new(&[
        ("Cargo.toml", manifest),
        ("lib.rs", ""),
        ("tool.rs", ""),
        ("escaped.rs", ""),
        ("src/bin/found.rs", ""),
        ("build.rs", ""),
    ]);
    let graph = repo.engine().project_graph().unwrap();
    let found: Vec<_> = graph
        .symbols
        .iter()
        .filter(|symbol| [SymbolKind::PACKAGE, SymbolKind::CRATE].contains(&symbol.kind))
        .map(|symbol| {
            (symbol.name.as_str(), symbol.name_span.start, symbol.name_span.slice(manifest).unwrap())
        })
        .collect();
    let package = manifest.find("the-name'").unwrap() as u32;
    let of = |text: &str| manifest.rfind(text).unwrap() as u32;
    assert_eq!(
        found,
        [
            ("the-name", package, "the-name"),
            ("the_name", package, "the-name"),
            ("tool", of("tool\"\n["), "tool"),
            ("escaped", of("\"esc\\"), "\"esc\\u0061ped\""),
            ("found", package, ""),
            ("build_script_build", package, ""),
        ]
    );
}

#[test]
fn crates_are_not_found_where_the_manifest_says_so() {
    let manifest = "[package]\nname = \"p\"\nautobins = false\nautotests = false\nautoexamples = false\nautobenches = false\nbuild = false\n
        [lib]\nname = \"core_of_p\"\npath = \"lib/root.rs\"\n[[test]]\nname = \"kept\"\n";
    let repo = Repo::new(&[
        ("Cargo.toml", manifest),
        ("lib/root.rs", ""),
        ("src/lib.rs", ""),
        ("src/main.rs", ""),
        ("src/bin/x.rs", ""),
        ("tests/kept.rs", ""),
        ("tests/left.rs", ""),
        ("examples/x.rs", ""),
        ("benches/x.rs", ""),
        ("build.rs", ""),
    ]);
    assert_eq!(crates(&repo), ["p: lib core_of_p (lib/root.rs)", "p: test kept (tests/kept.rs)"]);
}

#[test]
fn a_program_names_its_library_and_tests_name_it_too() {
    let found = calls(&[
        ("Cargo.toml", "[package]\nname = \"my-tool\"\nedition = \"2021\"\n"),
        ("src/lib.rs", "pub fn f() {}"),
        ("src/main.rs", "fn main() { my_tool::f() }"),
        ("tests/t.rs", "fn t() { my_tool::f() }"),
        ("examples/e.rs", "use my_tool::f; fn main() { f() }"),
    ]);
    assert_eq!(found, ["e::main -> my_tool::f", "my_tool::main -> my_tool::f", "t::t -> my_tool::f"]);
}

#[test]
fn dependencies_go_by_their_names_in_source() {
    let manifest = "[package]\nname = \"app\"\nedition = \"2021\"\n
        [dependencies]\nby-path = { path = \"one\" }\nother = { package = \"two\", version = \"1\" }\nserde-like = \"1\"\n
        [dev-dependencies]\nfor-tests = \"1\"\n
        [build-dependencies]\nfor-build = \"1\"\n
        [target.'cfg(unix)'.dependencies]\nfor-unix = \"1\"\n
        [workspace]\nmembers = [\"one\", \"two\"]\n";
    let found = calls(&[
        ("Cargo.toml", manifest),
        (
            "src/lib.rs",
            "fn a() { by_path::f(); other::f(); serde_like::f(); for_tests::f(); for_build::f(); for_unix::f(); two::f(); }",
        ),
        ("one/Cargo.toml", "[package]\nname = \"by-path\"\nedition = \"2021\"\n"),
        ("one/src/lib.rs", "pub fn f() {}"),
        ("two/Cargo.toml", "[package]\nname = \"two\"\nedition = \"2021\"\n[lib]\nname = \"dos\"\n"),
        ("two/src/lib.rs", "pub fn f() {}"),
    ]);
    assert_eq!(
        found,
        [
            // Renamed, a dependency has no other name.
            "app::a -> ?two::f",
            "app::a -> by_path::f",
            // What is named by a version is a member all the same.
            "app::a -> dos::f",
            "app::a -> for_build::f",
            "app::a -> for_tests::f",
            "app::a -> for_unix::f",
            "app::a -> serde_like::f",
        ]
    );
}

/// The line that a call of `f` leads to, where two twins stand on lines 2 and 4 under `condition` and
/// its opposite.
#[track_caller]
fn check_twin(files: &[(&str, &str)], condition: &str, line: u32) {
    let text = format!(
        "#[cfg({condition})]\npub fn f() {{}}\n#[cfg(not({condition}))]\npub fn f() {{}}\nfn a() {{ f() }}\n"
    );
    let repo = Repo::new(files);
    repo.write("src/lib.rs", &text);
    let mut lines = Vec::new();
    repo.engine()
        .visit_edges(&mut |edge| {
            if edge.kind.as_str() == "calls" && edge.callee_text == "f" {
                lines.push(edge.dst_name_line);
            }
        })
        .unwrap();
    assert_eq!(lines, [Some(line)], "{condition}");
}

#[test]
fn features_are_those_of_a_build_of_the_whole_workspace() {
    let root = "[package]\nname = \"root\"\nedition = \"2021\"\n
        [features]\ndefault = [\"first\", \"far?/weak\"]\nfirst = [\"second\"]\nsecond = [\"far/asked\"]\nidle = []\n
        [dependencies]\nfar = { path = \"far\", optional = true }\n
        [workspace]\nmembers = [\"far\", \"user\"]\n[workspace.dependencies]\nroot = { path = \".\", features = [\"by_workspace\"] }\n";
    let far = "[package]\nname = \"far\"\n[features]\nasked = []\nweak = []\nidle = []\n";
    let user = "[package]\nname = \"user\"\n
        [dependencies]\nroot = { workspace = true, features = [\"by_user\"] }\n";
    let files = [("Cargo.toml", root), ("far/Cargo.toml", far), ("user/Cargo.toml", user)];
    for (feature, line) in [
        ("default", 2),
        ("first", 2),
        ("second", 2),
        ("by_user", 2),
        ("by_workspace", 2),
        ("far", 2),
        ("idle", 4),
        ("unheard", 4),
    ] {
        check_twin(&files, &format!("feature = \"{feature}\""), line);
    }
    check_twin(&files, "all(unix, feature = \"first\", not(windows))", 2);
    check_twin(&files, "any(windows, feature = \"idle\")", 4);
}

#[test]
fn features_that_a_package_asks_of_another_are_on() {
    let root =
        "[package]\nname = \"root\"\nedition = \"2021\"\n[features]\nasked = []\nweak = []\nidle = []\n
        [workspace]\nmembers = [\"user\"]\n";
    let user = "[package]\nname = \"user\"\n[features]\ndefault = [\"up\"]\nup = [\"root/asked\", \"root?/weak\", \"dep:root\"]\n
        [dependencies]\nroot = { path = \"..\", optional = true }\n";
    let files = [("Cargo.toml", root), ("user/Cargo.toml", user)];
    for (feature, line) in [("asked", 2), ("weak", 2), ("idle", 4)] {
        check_twin(&files, &format!("feature = \"{feature}\""), line);
    }
}

#[test]
fn twins_stay_apart_with_their_conditions() {
    let repo = Repo::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2021\"\n"),
        (
            "src/lib.rs",
            "#[cfg(unix)]\nfn f() {}\n#[cfg(not(unix))]\nfn f() {}\n#[cfg(any(unix, windows))]\nmod m {}\n",
        ),
    ]);
    let engine = repo.engine();
    let twins = engine.symbols_named("demo::f").unwrap();
    let conditions: Vec<_> = twins.iter().map(|symbol| symbol.cfg.as_deref().unwrap_or("")).collect();
    assert_eq!(conditions, ["unix", "not(unix)"]);
    assert_ne!(twins[0].id, twins[1].id);
    assert_eq!(engine.select("demo::m").unwrap().cfg.as_deref(), Some("any(unix, windows)"));
}

#[test]
fn paths_follow_the_edition() {
    // In 2015 a path of `use` starts at the root of the crate, and `::` too.
    let text = "mod inner { pub fn f() {} } mod m { use inner::f; fn a() { f(); ::inner::f(); } }";
    let old = [("Cargo.toml", "[package]\nname = \"demo\"\n"), ("src/lib.rs", text)];
    assert_eq!(calls(&old), ["demo::m::a -> demo::inner::f"]);
    let new = [("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2018\"\n"), ("src/lib.rs", text)];
    assert_eq!(calls(&new), ["demo::m::a -> ?f", "demo::m::a -> ?inner::f"]);
    let inherited = [
        ("Cargo.toml", "[workspace]\nmembers = [\"p\"]\n[workspace.package]\nedition = \"2021\"\n"),
        ("p/Cargo.toml", "[package]\nname = \"demo\"\nedition.workspace = true\n"),
        ("p/src/lib.rs", text),
    ];
    assert_eq!(calls(&inherited), calls(&new));
}

#[test]
fn what_lies_outside_goes_by_its_canonical_path() {
    let found = calls(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2021\"\n[dependencies]\nouter = \"1\"\n"),
        (
            "src/lib.rs",
            "use std::fs; use outer::deep as d; fn a() { fs::read(\"\"); d::f(); String::new(); outer::T::go(); core::mem::drop(1); }",
        ),
    ]);
    assert_eq!(
        found,
        [
            "demo::a -> outer::T::go",
            "demo::a -> outer::deep::f",
            "demo::a -> std::fs::read",
            "demo::a -> std::mem::drop",
            "demo::a -> std::string::String::new",
        ]
    );
}

#[test]
fn packages_depend_on_packages() {
    let repo = Repo::new(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"one\", \"two\"]\n"),
        (
            "one/Cargo.toml",
            "[package]\nname = \"one\"\n[dependencies]\ntwo = { path = \"../two\" }\nserde = \"1\"\n",
        ),
        ("two/Cargo.toml", "[package]\nname = \"two\"\n"),
        ("broken/Cargo.toml", "[package\nname = "),
    ]);
    let engine = repo.engine();
    assert_eq!(edges(&engine, "depends_on"), ["one -> serde", "one -> two"]);
    let codes: Vec<_> = engine.doctor(&[]).unwrap().into_iter().filter_map(|check| check.code).collect();
    assert_eq!(codes, [aether_core::base::ErrorCode::INDEX_BAD_MANIFEST]);
}

#[test]
fn files_without_a_manifest_are_crates_without_a_name() {
    let files = [
        (
            "main.rs",
            "mod help; mod inline { pub(super) fn f() {} } fn main() { help::go(); inline::f(); crate::help::deep::g(); }",
        ),
        ("help.rs", "pub mod deep; pub fn go() { crate::inline::f(); super::main(); std::fs::read(\"\"); }"),
        ("help/deep.rs", "pub fn g() { super::go() }"),
        ("other/script.rs", "mod part; fn run() { part::go(); help::go() }"),
        ("other/script/part.rs", "pub fn go() { crate::run(); crate::main() }"),
        ("ring/a.rs", "#[path = \"b.rs\"] mod b; fn f() { b::g() }"),
        ("ring/b.rs", "#[path = \"a.rs\"] mod a; pub fn g() { super::f() }"),
    ];
    assert_eq!(
        calls(&files),
        [
            "b::g -> f",
            "f -> b::g",
            "help::deep::g -> help::go",
            "help::go -> inline::f",
            "help::go -> main",
            "help::go -> std::fs::read",
            "main -> help::deep::g",
            "main -> help::go",
            "main -> inline::f",
            "part::go -> ?crate::main",
            "part::go -> run",
            "run -> ?help::go",
            "run -> part::go",
        ]
    );
}
