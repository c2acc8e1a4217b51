//! Each rule is broken on purpose, and the real repository keeps them all.

use super::check;
use crate::fixture::Fixture;
use crate::repository::Repository;

/// Expects exactly one breach, of `rule` at `place`, once `path` holds `text`.
#[track_caller]
fn check_broken(path: &str, text: &str, rule: &str, place: &str) {
    let house = Fixture::house();
    house.write(path, text);
    let found = check(house.root());
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].rule, rule);
    let line = found[0].line.map_or(String::new(), |line| format!(":{line}"));
    assert_eq!(format!("{}{line}", found[0].path), place);
}

/// Expects no breach once `path` holds `text`.
#[track_caller]
fn check_sound(path: &str, text: &str) {
    let house = Fixture::house();
    house.write(path, text);
    assert_eq!(check(house.root()), []);
}

#[test]
fn the_real_repository_keeps_the_rules() {
    let repository = Repository::locate().expect("the repository of this test");
    let found: Vec<String> = check(repository.root()).iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_file_without_a_summary() {
    check_broken("aether-core/build.rs", "fn main() {}\n", "summary-line", "aether-core/build.rs:1");
    check_broken("aether-core/src/a.rs", "//!\n", "summary-line", "aether-core/src/a.rs:1");
    check_broken("aether-core/src/a.rs", "\n//! Late.\n", "summary-line", "aether-core/src/a.rs:1");
}

#[test]
fn data_may_look_as_it_likes() {
    check_sound("aether-index/data/std.rs", "fn f() {} \n");
    check_sound("aether-index/tests/fixtures/v1/mod.rs", "fn f() {} \n");
    check_sound("examples/broken/src/main.rs", "fn f( \n");
}

#[test]
fn white_space_at_the_end_of_a_line() {
    check_broken("docs/a.md", "one \ntwo\n", "trailing-space", "docs/a.md:1");
    check_broken(".ci/run", "one\ntwo\t\n", "trailing-space", ".ci/run:2");
    check_broken("docs/a.md", "one\r\n", "trailing-space", "docs/a.md:1");
}

#[test]
fn the_end_of_a_file() {
    check_broken("docs/a.md", "one", "end-of-file", "docs/a.md");
    check_broken("docs/a.md", "one\n\n", "end-of-file", "docs/a.md");
}

#[test]
fn a_mod_file() {
    check_broken("aether-core/src/a/mod.rs", "//! A.\n", "mod-file", "aether-core/src/a/mod.rs");
}

#[test]
fn a_file_that_is_too_long() {
    let long = format!("//! Long.\n{}", "const A: u8 = 0;\n".repeat(801));
    check_broken("aether-core/src/a.rs", &long, "file-length", "aether-core/src/a.rs");
}

#[test]
fn comments_and_tests_do_not_make_a_file_long() {
    let long = format!(
        "//! Long.\n{}{}#[cfg(test)]\nmod tests {{\n{}}}\n",
        "const A: u8 = 0;\n".repeat(790),
        "// why\n\n".repeat(100),
        "const A: u8 = 0;\n".repeat(100),
    );
    check_sound("aether-core/src/a.rs", &long);
}

#[test]
fn an_open_end_without_an_issue() {
    check_broken("aether-core/src/a.rs", "//! A.\n// TODO later\n", "open-end", "aether-core/src/a.rs:2");
    check_broken("aether-core/src/a.rs", "//! A.\n// TODO(me)\n", "open-end", "aether-core/src/a.rs:2");
    check_broken("aether-core/src/a.rs", "//! A.\n/* FIXME */\n", "open-end", "aether-core/src/a.rs:2");
    check_sound("aether-core/src/a.rs", "//! A.\n// TODO(#12): later, in MYTODOS\n");
    check_sound("aether-core/src/a.rs", "//! A.\nconst A: &str = \"TODO\";\n");
}

#[test]
fn a_path_of_one_machine() {
    for folder in ["home", "root", "tmp", "work", "Users"] {
        check_broken("docs/a.md", &format!("See `/{folder}/me/x`.\n"), "machine-path", "docs/a.md:1");
    }
    check_sound("docs/a.md", "See `src/home/page.rs`, `/tmp` and <https://example.org/home/x>.\n");
}

#[test]
fn a_forgotten_test_file() {
    let house = Fixture::house();
    house.write("aether-core/tests/it/main.rs", "//! Tests.\n\nmod known;\n// mod forgotten;\n");
    house.write("aether-core/tests/it/known.rs", "//! Known.\n");
    assert_eq!(check(house.root()), []);
    house.write("aether-core/tests/it/forgotten.rs", "//! Forgotten.\n");
    let found = check(house.root());
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].rule, "test-binary");
    assert_eq!(found[0].path, "aether-core/tests/it/forgotten.rs");
}

#[test]
fn a_second_test_binary() {
    check_broken("aether-core/tests/more.rs", "//! More.\n", "test-binary", "aether-core/tests/more.rs");
}

#[test]
fn a_module_called_tests_is_no_test_binary() {
    check_sound("aether-core/src/base/tests/more.rs", "//! More.\n");
}

#[test]
fn a_matches_that_asserts_nothing() {
    check_broken(
        "aether-core/src/a.rs",
        "//! A.\nfn f() {\n    let x = 1;\n    matches!(x, 1 | 2);\n}\n",
        "bare-matches",
        "aether-core/src/a.rs:4",
    );
}

#[test]
fn a_matches_whose_answer_is_used() {
    check_sound(
        "aether-core/src/a.rs",
        "//! A.\nfn f() -> bool {\n    assert!(matches!(x, 1));\n    let y = matches!(x, 1);\n    \
         if y { matches!(x, 1) } else { matches!(x, 2) }\n}\n",
    );
}

#[test]
fn an_ignored_test() {
    check_broken(
        "aether-core/src/a.rs",
        "//! A.\n#[test]\n#[ignore = \"slow\"]\nfn f() {}\n",
        "ignored-test",
        "aether-core/src/a.rs:3",
    );
}

#[test]
fn a_link_that_leads_nowhere() {
    check_broken("docs/a.md", "# A\n\nSee [b](b.md).\n", "dead-link", "docs/a.md:3");
    check_broken("docs/a.md", "[b](../aether-core/B.md#x \"title\")\n", "dead-link", "docs/a.md:1");
}

#[test]
fn links_that_lead_somewhere() {
    check_sound(
        "docs/a.md",
        "[a](../aether-core/Cargo.toml#x) [b](#b) [c](https://example.org/c) `[d](d.md)`\n\
         ```\n[e](e.md)\n```\n",
    );
}
