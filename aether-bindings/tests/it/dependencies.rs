//! A change of one file reaches the edges of another by each way that an answer can depend on it.

use crate::support::{Repo, contents, update};

const MANIFEST: &str = "[package]\nname = \"demo\"\nedition = \"2021\"\n";

/// Indexes files, writes one of them, and compares the updated index with a fresh one; the edges of
/// `src/user.rs` must be others after the change.
#[track_caller]
fn check(files: &[(&str, &str)], path: &str, changed: &str) {
    let repo = Repo::new(files);
    repo.write("Cargo.toml", MANIFEST);
    let engine = repo.engine();
    let edges = |lines: &[String]| -> Vec<String> {
        let of_user = |line: &&String| line.contains("src_file: \"src/user.rs\"");
        lines.iter().filter(of_user).cloned().collect()
    };
    let before = edges(&contents(&engine));
    repo.write(path, changed);
    update(&engine);
    let fresh = contents(&repo.engine());
    assert_ne!(before, edges(&fresh), "the change must concern the user");
    assert_eq!(contents(&engine), fresh);
}

const LIB: &str = "pub mod types;\npub mod more;\npub mod user;\n";

#[test]
fn a_function_of_a_type_that_was_not_there() {
    check(
        &[
            ("src/lib.rs", LIB),
            ("src/types.rs", "pub struct S;"),
            ("src/more.rs", "impl crate::types::S {}"),
            ("src/user.rs", "fn f() { crate::types::S::make(); }"),
        ],
        "src/more.rs",
        "impl crate::types::S { pub fn make() {} }",
    );
}

#[test]
fn a_header_that_means_another_type() {
    check(
        &[
            ("src/lib.rs", LIB),
            ("src/types.rs", "pub struct X; pub struct Y; pub type A = X; pub trait Run { fn run(&self); }"),
            ("src/more.rs", "impl crate::types::Run for crate::types::A { fn run(&self) {} }"),
            ("src/user.rs", "use crate::types::{Run, X, Y};\nfn f(x: &X, y: &Y) { x.run(); y.run(); }"),
        ],
        "src/types.rs",
        "pub struct X; pub struct Y; pub type A = Y; pub trait Run { fn run(&self); }",
    );
}

#[test]
fn a_structure_with_another_field() {
    let types =
        |fields: &str| format!("pub struct X; impl X {{ pub fn len(&self) {{}} }} pub struct S({fields});");
    check(
        &[
            ("src/lib.rs", LIB),
            ("src/types.rs", &types("pub X")),
            ("src/more.rs", ""),
            ("src/user.rs", "use crate::types::{S, X};\nfn f() { S(X, |x| x.len()); }"),
        ],
        "src/types.rs",
        &types("pub X, pub fn(&X)"),
    );
}

#[test]
fn a_trait_with_another_method() {
    check(
        &[
            ("src/lib.rs", LIB),
            ("src/types.rs", "pub struct X;"),
            ("src/more.rs", "pub trait Size {}\nimpl<T> Size for T {}"),
            ("src/user.rs", "use crate::more::*;\nfn f(x: &crate::types::X) { x.len(); }"),
        ],
        "src/more.rs",
        "pub trait Size { fn len(&self) {} }\nimpl<T> Size for T {}",
    );
}

#[test]
fn an_implementation_that_was_not_there() {
    check(
        &[
            ("src/lib.rs", LIB),
            ("src/types.rs", "pub struct X; pub trait Size { fn len(&self) {} }"),
            ("src/more.rs", ""),
            ("src/user.rs", "use crate::types::*;\nfn f(x: &X) { x.len(); }"),
        ],
        "src/more.rs",
        "impl crate::types::Size for crate::types::X {}",
    );
}

#[test]
fn the_only_method_of_a_name() {
    check(
        &[
            ("src/lib.rs", LIB),
            ("src/types.rs", ""),
            ("src/more.rs", "pub struct X;"),
            ("src/user.rs", "fn f() { unknown().unusual(); }"),
        ],
        "src/more.rs",
        "pub struct X; impl X { pub fn unusual(&self) {} }",
    );
}

#[test]
fn a_file_that_a_module_waits_for() {
    check(
        &[("src/lib.rs", "mod user;\n"), ("src/user.rs", "mod inner;\nfn f() { inner::g() }")],
        "src/user/inner.rs",
        "pub fn g() {}",
    );
}

#[test]
fn a_glob_that_was_not_there() {
    check(
        &[
            ("src/lib.rs", LIB),
            ("src/types.rs", "pub fn g() {}"),
            ("src/more.rs", "use crate::types::*;"),
            ("src/user.rs", "use crate::more::*;\nfn f() { g() }"),
        ],
        "src/more.rs",
        "pub use crate::types::*;",
    );
}

#[test]
fn an_associated_type_that_is_another() {
    let more = |item: &str| {
        format!(
            "pub trait Source {{ type Item; fn item(&self) -> Self::Item; }}\nimpl Source for crate::types::X {{ type Item = crate::types::{item}; fn item(&self) -> Self::Item {{ loop {{}} }} }}"
        )
    };
    check(
        &[
            ("src/lib.rs", LIB),
            (
                "src/types.rs",
                "pub struct X; pub struct A; impl A { pub fn run(&self) {} } pub struct B; impl B { pub fn run(&self) {} }",
            ),
            ("src/more.rs", &more("A")),
            ("src/user.rs", "use crate::more::Source;\nfn f(x: &crate::types::X) { x.item().run() }"),
        ],
        "src/more.rs",
        &more("B"),
    );
}
