//! Each rule is broken on purpose, and the real repository keeps them all.

use super::effects::{self, Allowed, Why};
use super::table::Exception;
use super::{check, check_with};
use crate::fixture::{Fixture, LIBRARY};
use crate::repository::Repository;

/// Expects exactly one breach, of `rule`, in a house that `change` has altered.
#[track_caller]
fn check_broken(change: impl FnOnce(&Fixture), rule: &str, place: &str, message: &str) {
    let house = Fixture::house();
    change(&house);
    let found = check_with(house.root(), &[]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].rule, rule);
    let line = found[0].line.map_or(String::new(), |line| format!(":{line}"));
    assert_eq!(format!("{}{line}", found[0].path), place);
    assert!(found[0].message.contains(message), "{}", found[0].message);
}

/// Expects no breach in a house that `change` has altered.
#[track_caller]
fn check_sound(change: impl FnOnce(&Fixture)) {
    let house = Fixture::house();
    change(&house);
    assert_eq!(check_with(house.root(), &[]), []);
}

#[test]
fn the_real_repository_keeps_the_rules() {
    let repository = Repository::locate().expect("the repository of this test");
    let found: Vec<String> = check(repository.root()).iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_small_house_keeps_the_rules() {
    check_sound(|_| {});
}

// The top level and the members.

#[test]
fn a_stray_folder_at_the_root() {
    check_broken(|house| house.write("tools/x.sh", ""), "top-level", "tools", "belongs under");
}

#[test]
fn a_stray_file_at_the_root() {
    check_broken(|house| house.write("notes.md", ""), "top-level", "notes.md", "belongs under");
}

#[test]
fn a_folder_in_place_of_a_root_file() {
    check_broken(|house| house.write("deny.toml/x", ""), "top-level", "deny.toml", "belongs under");
}

#[test]
fn usual_files_and_dot_folders_at_the_root() {
    check_sound(|house| {
        house.write("README.md", "");
        house.write(".ci/run", "");
        house.write("target/debug/x", "");
    });
}

#[test]
fn a_missing_folder() {
    check_broken(
        |house| std::fs::remove_dir_all(house.root().join("docs")).expect("the folder is there"),
        "top-level",
        "docs",
        "missing",
    );
}

#[test]
fn a_crate_outside_the_workspace() {
    check_broken(
        |house| {
            let text = std::fs::read_to_string(house.root().join("Cargo.toml")).expect("manifest");
            house.write("Cargo.toml", &text.replacen("\"aether-model\", ", "", 1));
        },
        "members",
        "Cargo.toml",
        "aether-model is not a member",
    );
}

#[test]
fn a_package_in_an_odd_place() {
    check_broken(
        |house| {
            let text = std::fs::read_to_string(house.root().join("Cargo.toml")).expect("manifest");
            house.write("Cargo.toml", &text.replace("members = [", "members = [\"docs/tool\", "));
            house.write("docs/tool/Cargo.toml", "[package]\nname = \"tool\"\n");
        },
        "members",
        "docs/tool/Cargo.toml",
        "lives under examples/",
    );
}

#[test]
fn an_example_that_could_be_published() {
    check_broken(
        |house| house.write("examples/aether/Cargo.toml", "[package]\nname = \"aether\"\n"),
        "members",
        "examples/aether/Cargo.toml",
        "publish = false",
    );
}

#[test]
fn a_manifest_that_cannot_be_read() {
    check_broken(
        |house| house.write("aether-model/Cargo.toml", "[package"),
        "manifest",
        "Cargo.toml",
        "aether-model/Cargo.toml is not valid TOML",
    );
}

#[test]
fn a_package_with_a_plain_name() {
    check_broken(
        |house| {
            house.write(
                "aether-model/Cargo.toml",
                "[package]\nname = \"aether-model\"\n[lib]\nname = \"aether_model\"\n",
            );
        },
        "names",
        "aether-model/Cargo.toml",
        "must be called aetherkit-model",
    );
}

#[test]
fn a_library_with_the_name_of_its_package() {
    check_broken(
        |house| {
            house.write("aether-model/Cargo.toml", "[package]\nname = \"aetherkit-model\"\n");
        },
        "names",
        "aether-model/Cargo.toml",
        "must be called aether_model",
    );
}

#[test]
fn a_strangers_crate_under_our_name() {
    check_broken(
        |house| house.append("examples/aether/Cargo.toml", "[dependencies]\naether-core = \"0.1\"\n"),
        "names",
        "examples/aether/Cargo.toml",
        "stranger",
    );
}

// Arrows between our crates.

#[test]
fn arrows_that_point_down() {
    check_sound(|house| {
        house.append("aether-index/Cargo.toml", "[dependencies]\naether-core.workspace = true\n");
        house.append(
            "aether-bindings/Cargo.toml",
            "[dependencies]\naether-index.workspace = true\naether-store.workspace = true\n",
        );
        house.append("examples/aether/Cargo.toml", "[dependencies]\naether-index.workspace = true\n");
    });
}

#[test]
fn core_that_looks_up() {
    check_broken(
        |house| house.append("aether-core/Cargo.toml", "[dependencies]\naether-index.workspace = true\n"),
        "arrows",
        "aether-core/Cargo.toml",
        "must not depend on aetherkit-index",
    );
}

#[test]
fn siblings_that_see_each_other() {
    check_broken(
        |house| house.append("aether-index/Cargo.toml", "[dependencies]\naether-store.workspace = true\n"),
        "arrows",
        "aether-index/Cargo.toml",
        "must not depend on aetherkit-store",
    );
}

#[test]
fn an_optional_sibling_is_a_sibling() {
    check_broken(
        |house| {
            house.append(
                "aether-verify/Cargo.toml",
                "[dependencies]\naether-model = { workspace = true, optional = true }\n",
            );
        },
        "arrows",
        "aether-verify/Cargo.toml",
        "not even optionally",
    );
}

#[test]
fn a_sibling_behind_a_target() {
    check_broken(
        |house| {
            house.append(
                "aether-store/Cargo.toml",
                "[target.'cfg(unix)'.dependencies]\naether-index.workspace = true\n",
            );
        },
        "arrows",
        "aether-store/Cargo.toml",
        "must not depend on aetherkit-index",
    );
}

#[test]
fn a_sibling_in_a_build_script() {
    check_broken(
        |house| {
            house.append("aether-store/Cargo.toml", "[build-dependencies]\naether-index.workspace = true\n");
        },
        "arrows",
        "aether-store/Cargo.toml",
        "must not depend on aetherkit-index",
    );
}

#[test]
fn a_sibling_under_another_key() {
    check_broken(
        |house| {
            house.append(
                "aether-store/Cargo.toml",
                "[dependencies]\nfacts = { package = \"aetherkit-index\", path = \"../aether-index\" }\n",
            );
        },
        "arrows",
        "aether-store/Cargo.toml",
        "must not depend on aetherkit-index",
    );
}

#[test]
fn a_sibling_in_tests_by_path() {
    check_sound(|house| {
        house.append(
            "aether-index/Cargo.toml",
            "[dev-dependencies]\n\
             aether-store = { package = \"aetherkit-store\", path = \"../aether-store\" }\n",
        );
    });
}

#[test]
fn a_sibling_in_tests_with_a_version() {
    check_broken(
        |house| {
            house.append("aether-index/Cargo.toml", "[dev-dependencies]\naether-store.workspace = true\n");
        },
        "arrows",
        "aether-index/Cargo.toml",
        "by path and without a version",
    );
}

#[test]
fn core_that_looks_up_in_tests() {
    check_broken(
        |house| {
            house.append(
                "aether-core/Cargo.toml",
                "[dev-dependencies]\n\
                 aether-store = { package = \"aetherkit-store\", path = \"../aether-store\" }\n",
            );
        },
        "arrows",
        "aether-core/Cargo.toml",
        "not even in tests",
    );
}

#[test]
fn an_example_used_by_another() {
    check_broken(
        |house| {
            house.append("examples/aether/Cargo.toml", "[dependencies]\nxtask = { path = \"../xtask\" }\n");
        },
        "arrows",
        "examples/aether/Cargo.toml",
        "nothing depends on an example",
    );
}

#[test]
fn xtask_that_needs_a_crate() {
    check_broken(
        |house| house.append("examples/xtask/Cargo.toml", "[dependencies]\naether-core.workspace = true\n"),
        "arrows",
        "examples/xtask/Cargo.toml",
        "must build without aetherkit-core",
    );
}

// Third-party crates.

#[test]
fn heavy_crates_at_home() {
    check_sound(|house| {
        house.append("aether-index/Cargo.toml", "[dependencies]\ntree-sitter-go = \"0.25\"\n");
        house.append("aether-store/Cargo.toml", "[dependencies]\nrusqlite = \"0.41\"\n");
        house.append("aether-model/Cargo.toml", "[dependencies]\nburn = \"=0.21.0\"\n");
        house.append("examples/aether/Cargo.toml", "[dependencies]\nclap = \"4\"\ntokio = \"1\"\n");
    });
}

#[test]
fn heavy_crates_away_from_home() {
    for (package, folder) in [
        ("tree-sitter", "aether-store"),
        ("tree-sitter-rust", "examples/aether"),
        ("rusqlite", "aether-index"),
        ("burn-core", "aether-verify"),
        ("tokio", "aether-store"),
        ("axum", "aether-verify"),
        ("reqwest", "aether-index"),
        ("anyhow", "aether-index"),
        ("clap", "aether-bindings"),
    ] {
        let manifest = format!("{folder}/Cargo.toml");
        check_broken(
            |house| {
                house.append(
                    &manifest,
                    &format!("[dependencies]\n{package} = {{ version = \"1\", optional = true }}\n"),
                );
            },
            "heavy",
            &manifest,
            package,
        );
    }
}

#[test]
fn a_heavy_crate_in_tests_is_no_layer_breach() {
    check_sound(|house| {
        house.append("aether-store/Cargo.toml", "[dev-dependencies]\ntokio = \"1\"\n");
    });
}

#[test]
fn core_with_a_new_dependency() {
    check_broken(
        |house| house.append("aether-core/Cargo.toml", "[dependencies]\nregex = \"1\"\n"),
        "core-dependencies",
        "aether-core/Cargo.toml",
        "regex is not on the list",
    );
}

#[test]
fn core_that_always_pulls_an_optional_dependency() {
    check_broken(
        |house| house.append("aether-core/Cargo.toml", "[dependencies]\nschemars = \"1\"\n"),
        "core-dependencies",
        "aether-core/Cargo.toml",
        "must be optional",
    );
}

// Groups of core.

#[test]
fn groups_that_look_back() {
    check_sound(|house| {
        house.write("aether-core/src/lib.rs", &format!("{LIBRARY}pub use base::hash;\n"));
        house.write(
            "aether-core/src/port/store.rs",
            "//! Port.\nuse crate::{base::hash, code::*};\nuse super::super::record::trace;\n\
             use crate::hash::Digest;\nuse super::search;\ncrate::shape!();\n",
        );
    });
}

#[test]
fn a_group_that_looks_ahead() {
    check_broken(
        |house| house.write("aether-core/src/base/hash.rs", "//! Hash.\n\nuse crate::port::store;\n"),
        "core-groups",
        "aether-core/src/base/hash.rs:3",
        "base comes before port",
    );
}

#[test]
fn a_group_that_looks_ahead_inside_a_tree() {
    check_broken(
        |house| {
            house.write(
                "aether-core/src/change.rs",
                "//! Change.\nuse crate::{\n    base,\n    authority::{grant::Grant as G},\n};\n",
            );
        },
        "core-groups",
        "aether-core/src/change.rs:4",
        "change comes before authority",
    );
}

#[test]
fn a_group_that_looks_ahead_in_code() {
    check_broken(
        |house| {
            house.write(
                "aether-core/src/code/symbol.rs",
                "//! Symbol.\nfn f() {\n    crate::record::trace::start();\n}\n",
            );
        },
        "core-groups",
        "aether-core/src/code/symbol.rs:3",
        "code comes before record",
    );
}

#[test]
fn a_group_that_looks_ahead_through_super() {
    check_broken(
        |house| house.write("aether-core/src/base/hash.rs", "//! Hash.\nuse super::super::work::turn;\n"),
        "core-groups",
        "aether-core/src/base/hash.rs:2",
        "base comes before work",
    );
}

#[test]
fn a_group_that_looks_ahead_through_the_crate_root() {
    check_broken(
        |house| {
            house.write("aether-core/src/lib.rs", &format!("{LIBRARY}pub use port::store;\n"));
            house.write("aether-core/src/base/hash.rs", "//! Hash.\nuse crate::store::Store;\n");
        },
        "core-groups",
        "aether-core/src/base/hash.rs:2",
        "base comes before port",
    );
}

#[test]
fn a_path_that_names_no_group() {
    check_broken(
        |house| house.write("aether-core/src/base/hash.rs", "//! Hash.\nuse crate::Thing;\n"),
        "core-groups",
        "aether-core/src/base/hash.rs:2",
        "crate::Thing names no group",
    );
}

#[test]
fn a_module_outside_the_groups() {
    check_broken(
        |house| house.write("aether-core/src/util.rs", "//! Odds and ends.\n"),
        "core-groups",
        "aether-core/src/util.rs",
        "util is none of the groups",
    );
}

#[test]
fn comments_strings_and_tests_may_look_ahead() {
    check_sound(|house| {
        house.write(
            "aether-core/src/base/hash.rs",
            "//! See [`crate::port::Store`].\nconst X: &str = \"crate::port\";\n\
             #[cfg(test)]\nmod tests { use crate::port::Store; }\n#[cfg(test)]\nmod big;\n",
        );
        house.write("aether-core/src/base/hash/big.rs", "//! Tests.\nuse crate::port::Store;\n");
    });
}

// What library code must not name.

#[test]
fn banned_paths_in_libraries() {
    for (path, source, message) in [
        ("aether-index/src/walk.rs", "fn f() { std::env::current_dir(); }", "std::env::current_dir"),
        ("aether-store/src/open.rs", "use std::{env, fs};", "std::env"),
        ("aether-model/src/time.rs", "fn f() { std::time::Instant::now(); }", "Instant::now"),
        ("aether-bindings/src/x.rs", "fn f() { std::time::SystemTime::now(); }", "SystemTime::now"),
        ("aether-verify/src/x.rs", "fn f() { std::process::exit(1) }", "only a program ends itself"),
        ("aether-index/src/x.rs", "fn f() { dirs::home_dir(); }", "home folder"),
        ("aether-core/src/base/x.rs", "fn f() { std::fs::read(p); }", "core does no I/O"),
        ("aether-core/src/base/x.rs", "fn f() { std::thread::spawn(g); }", "no threads"),
        ("aether-store/src/x.rs", "fn f() { std::process::Command::new(p); }", "starts processes"),
        ("aether-index/src/x.rs", "fn f() { std::net::TcpStream::connect(p); }", "sockets"),
        ("aether-bindings/src/engine/ask.rs", "fn f() { rusqlite::open(); }", "through its port"),
        ("aether-bindings/src/engine.rs", "fn f() { tree_sitter::parse(); }", "through its port"),
    ] {
        check_broken(
            |house| house.write(path, &format!("//! Broken.\n{source}\n")),
            "banned-path",
            &format!("{path}:2"),
            message,
        );
    }
}

#[test]
fn an_alias_hides_nothing() {
    let house = Fixture::house();
    house.write(
        "aether-index/src/x.rs",
        "//! Broken.\nuse std::time::Instant as Clock;\nfn f() { let t = Clock::now(); }\n",
    );
    let found = check_with(house.root(), &[]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].line, Some(3));
}

#[test]
fn a_library_that_prints() {
    check_broken(
        |house| house.write("aether-verify/src/x.rs", "//! Broken.\nfn f() { println!(\"x\"); }\n"),
        "printing",
        "aether-verify/src/x.rs:2",
        "println! prints",
    );
}

#[test]
fn tests_benches_and_programs_may_do_all_that() {
    check_sound(|house| {
        let source = "//! Fine.\nfn main() { println!(\"{:?}\", std::env::args()); }\n";
        house.write("examples/aether/src/main.rs", source);
        house.write("aether-index/tests/it/main.rs", source);
        house.write("aether-index/benches/b.rs", source);
        house.write(
            "aether-index/src/x.rs",
            "//! Fine.\n#[cfg(test)]\nmod tests { fn f() { println!(); std::env::args(); } }\n",
        );
    });
}

#[test]
fn the_crate_version_is_no_environment() {
    check_sound(|house| {
        house.write("aether-index/src/x.rs", "//! Fine.\nconst V: &str = env!(\"CARGO_PKG_VERSION\");\n");
    });
}

#[test]
fn sql_outside_the_store() {
    for path in ["aether-bindings/src/engine/ask.rs", "aether-index/src/x.rs"] {
        check_broken(
            |house| house.write(path, "//! Broken.\n\nconst Q: &str = \"SELECT id FROM symbol\";\n"),
            "sql",
            &format!("{path}:3"),
            "only aether-store speaks SQL",
        );
    }
}

#[test]
fn sql_in_the_store_and_in_comments() {
    check_sound(|house| {
        house.write("aether-store/src/x.rs", "//! Fine.\nconst Q: &str = \"SELECT 1\";\n");
        house.write("aether-index/src/x.rs", "//! Never runs SELECT 1.\n");
    });
}

#[test]
fn global_state_in_core() {
    for item in [
        "static mut COUNT: u32 = 0;",
        "pub(crate) static COUNT: AtomicU32 = AtomicU32::new(0);",
        "static TABLE: LazyLock<Vec<u8>> = LazyLock::new(Vec::new);",
        "thread_local! { static X: Cell<u8> = Cell::new(0); }",
    ] {
        check_broken(
            |house| house.write("aether-core/src/base/x.rs", &format!("//! Broken.\n{item}\n")),
            "global-state",
            "aether-core/src/base/x.rs:2",
            "no global state",
        );
    }
    check_sound(|house| {
        house.write("aether-core/src/base/x.rs", "//! Fine.\nstatic NAMES: [&str; 1] = [\"a\"];\n");
    });
}

// Examples use the public API.

#[test]
fn an_example_that_reaches_into_a_crate() {
    for source in [
        "#[path = \"../../../aether-index/src/walk.rs\"]\nmod walk;",
        "include!(\"../../../aether-index/src/walk.rs\");",
    ] {
        check_broken(
            |house| house.write("examples/aether/src/x.rs", &format!("//! Broken.\n{source}\n")),
            "public-api-only",
            "examples/aether/src/x.rs:2",
            "uses the public API",
        );
    }
    let of_tests = "#[path = \"../../../../aether-index/tests/it/engine.rs\"]\nmod engine;\n";
    check_broken(
        |house| house.write("examples/aether/src/x.rs", &format!("//! Broken.\n{of_tests}")),
        "public-api-only",
        "examples/aether/src/x.rs:2",
        "uses the public API",
    );
    check_sound(|house| {
        house.write("examples/aether/tests/it/main.rs", &format!("//! Fine.\n{of_tests}"));
    });
}

#[test]
fn an_example_whose_target_lies_elsewhere() {
    check_broken(
        |house| {
            house.append(
                "examples/aether/Cargo.toml",
                "[[bin]]\nname = \"x\"\npath = \"../../aether-index/src/main.rs\"\n",
            );
        },
        "public-api-only",
        "examples/aether/Cargo.toml",
        "outside the example",
    );
}

// Exceptions.

const CLOCK: Exception = Exception {
    rule: "banned-path",
    path: "aether-verify/src/run.rs",
    about: "Instant::now",
    reason: "measures how long a command ran",
};

#[test]
fn an_exception_covers_one_thing_in_one_file() {
    let house = Fixture::house();
    let source = "//! Runs.\nfn f() { std::time::Instant::now(); std::env::args(); }\n";
    house.write("aether-verify/src/run.rs", source);
    let found = check_with(house.root(), &[CLOCK]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("std::env"));
}

#[test]
fn an_exception_that_covers_nothing_is_a_breach() {
    let found = check_with(Fixture::house().root(), &[CLOCK]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].rule, "stale-exception");
}

// Effects outside of Aether's own state.

/// The rules that a source of the small house breaks, with these lines in the table.
#[track_caller]
fn effects_of(path: &str, source: &str, allowed: &[Allowed]) -> Vec<(&'static str, String)> {
    let house = Fixture::house();
    house.write(path, source);
    let found = effects::check_with(house.root(), allowed);
    found.into_iter().map(|it| (it.rule, it.path)).collect()
}

#[test]
fn an_effect_that_the_table_does_not_know() {
    let path = "aether-verify/src/sneaky.rs";
    for source in [
        "pub fn f() { std::fs::write(\"a\", \"b\").ok(); }",
        "use std::fs;\npub fn f() { fs::remove_dir_all(\"a\").ok(); }",
        "use std::process::Command;\npub fn f() { Command::new(\"a\").spawn().ok(); }",
        "use std::fs::File;\npub fn f() { File::create(\"a\").ok(); }",
        "use std::net::TcpStream;\npub fn f() { TcpStream::connect(\"a:1\").ok(); }",
        "use std::os::unix::net::UnixStream as Other;\npub fn f() { Other::connect(\"a\").ok(); }",
        "pub fn f() { tempfile::tempdir().ok(); }",
    ] {
        let found = effects_of(path, source, &[]);
        assert!(found.contains(&("effect", path.to_owned())), "{source}: {found:?}");
    }
    for source in [
        "pub fn f() { std::fs::read(\"a\").ok(); }",
        "// std::fs::write\npub const A: &str = \"std::fs::write(a)\";",
        "#[cfg(test)]\nmod tests { fn f() { std::fs::write(\"a\", \"b\").ok(); } }",
    ] {
        assert_eq!(effects_of(path, source, &[]), [], "{source}");
    }
}

#[test]
fn an_effect_whose_guard_takes_no_permit() {
    let path = "aether-verify/src/disk.rs";
    let effect = "pub fn f() { std::fs::write(\"a\", \"b\").ok(); }";
    let behind = |guard| {
        [Allowed {
            path: "aether-verify/src/disk.rs",
            why: Why::Behind { guard, permit: "Permit<EditFiles>" },
        }]
    };
    let unguarded = ("unguarded-effect", path.to_owned());
    assert_eq!(effects_of(path, effect, &behind("aether-verify/src/disk.rs")), [unguarded]);
    let guarded = format!("{effect}\npub fn g(permit: Permit< EditFiles >) {{}}");
    assert_eq!(effects_of(path, &guarded, &behind("aether-verify/src/disk.rs")), []);
    let own = [Allowed { path: "aether-verify/src/disk.rs", why: Why::Own("its own") }];
    assert_eq!(effects_of(path, effect, &own), []);
    let stale = ("stale-effect", path.to_owned());
    assert_eq!(effects_of(path, "pub fn f() {}", &own), [stale]);
}

/// What clippy is told to overlook stands in the table, whatever the call is named.
#[test]
fn an_effect_that_clippy_is_told_to_overlook() {
    let path = "aether-verify/src/sneaky.rs";
    let source = "#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = \"why not\"))]\n";
    assert_eq!(effects_of(path, source, &[]), [("effect", path.to_owned())]);
    let inner = "pub fn f() {\n    #[expect(clippy::disallowed_methods, reason = \"why not\")]\n    g();\n}";
    assert_eq!(effects_of(path, inner, &[]), [("effect", path.to_owned())]);
    assert_eq!(effects_of(path, "// clippy::disallowed_methods\n", &[]), []);
    let root = "aether-verify/src/lib.rs";
    assert_eq!(effects_of(root, "//! Empty.\n", &[]), [("unwatched-effects", root.to_owned())]);
    assert_eq!(effects_of(root, LIBRARY, &[]), []);
    let gone = format!("{}\n#![allow(clippy::disallowed_methods)]", LIBRARY);
    assert_eq!(effects_of(root, &gone, &[]), [("effect", root.to_owned())]);
}
