//! What calls lead to: one small crate per rule of resolution.

use crate::support::{Repo, edges};

const MANIFEST: &str = "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\nouter = \"1\"\nrenamed = { package = \"real-name\", version = \"1\" }\n";

/// The calls that start in `source`, as `target` lines.
#[track_caller]
fn check(text: &str, source: &str, expected: &[&str]) {
    check_files(&[("src/lib.rs", text)], source, expected);
}

#[track_caller]
fn check_files(files: &[(&str, &str)], source: &str, expected: &[&str]) {
    let repo = Repo::new(files);
    repo.write("Cargo.toml", MANIFEST);
    let engine = repo.engine();
    let prefix = format!("demo::{source} -> ");
    let found: Vec<String> = edges(&engine, "calls")
        .iter()
        .filter_map(|edge| Some(edge.strip_prefix(&prefix)?.to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_plain_call_finds_the_function_of_its_module() {
    check("fn a() { b() } fn b() {} mod m { fn b() {} }", "a", &["demo::b"]);
}

#[test]
fn a_name_like_one_of_std_is_external_when_the_receiver_is() {
    // The peers' defect: `push` of `Vec` must never be `Stack::push`.
    check(
        "struct Stack; impl Stack { fn push(&self, x: u8) {} } fn a() { let mut v = Vec::new(); v.push(1); }",
        "a",
        &["std::vec::Vec::new", "std::vec::Vec::push"],
    );
}

#[test]
fn receivers_are_typed_by_parameter_field_let_constructor_and_result() {
    let types = "struct Inner; impl Inner { fn go(&self) {} fn new() -> Self { Inner } }
        struct Outer { inner: Inner } impl Outer { fn inner(&self) -> &Inner { &self.inner } }";
    check(&format!("{types} fn a(x: &Inner) {{ x.go() }}"), "a", &["demo::Inner::go"]);
    check(&format!("{types} fn a(x: Outer) {{ x.inner.go() }}"), "a", &["demo::Inner::go"]);
    check(
        &format!("{types} fn a() {{ let x = Inner::new(); x.go() }}"),
        "a",
        &["demo::Inner::go", "demo::Inner::new"],
    );
    check(
        &format!("{types} fn a(x: Outer) {{ x.inner().go() }}"),
        "a",
        &["demo::Inner::go", "demo::Outer::inner"],
    );
    check(&format!("{types} fn a() {{ let x: Inner = make(); x.go() }}"), "a", &["?make", "demo::Inner::go"]);
    check(
        &format!("{types} fn a() {{ let x = Outer {{ inner: Inner }}; x.inner.go() }}"),
        "a",
        &["demo::Inner::go"],
    );
}

#[test]
fn types_go_through_the_standard_library() {
    let item = "struct Item; impl Item { fn go(&self) -> u8 { 0 } }";
    for receiver in [
        "xs.iter().next().unwrap()",
        "xs.first().unwrap()",
        "xs[0]",
        "xs.iter().filter(|x| true).map(|x| x).last().unwrap()",
        "xs.into_iter().collect::<Vec<_>>().pop().unwrap()",
        "std::sync::Arc::new(xs).get(0).unwrap()",
        "xs.iter().enumerate().next().unwrap().1",
        "xs.iter().cloned().max_by_key(|x| 1).as_ref().expect(\"\")",
    ] {
        let repo =
            Repo::new(&[("src/lib.rs", &format!("{item} fn a(xs: Vec<Item>) {{ {receiver}.go(); }}"))]);
        repo.write("Cargo.toml", MANIFEST);
        let calls = edges(&repo.engine(), "calls");
        assert!(calls.contains(&"demo::a -> demo::Item::go".to_owned()), "{receiver}: {calls:?}");
    }
}

#[test]
fn closures_are_typed_by_what_they_are_passed_to() {
    check(
        "struct Item; impl Item { fn go(&self) -> u8 { 0 } }
         fn apply<F: Fn(&Item) -> u8>(f: F) {} fn a() { apply(|x| x.go()) }",
        "a",
        &["demo::Item::go", "demo::apply"],
    );
}

#[test]
fn a_bound_leads_to_the_declaration_and_a_type_to_the_implementation() {
    let parts = "trait Run { fn run(&self); fn twice(&self) { self.run() } } struct S; impl Run for S { fn run(&self) {} }";
    check(&format!("{parts} fn a<T: Run>(t: T) {{ t.run() }}"), "a", &["demo::Run::run"]);
    check(&format!("{parts} fn a(t: &dyn Run) {{ t.run() }}"), "a", &["demo::Run::run"]);
    check(&format!("{parts} fn a(t: impl Run) {{ t.run() }}"), "a", &["demo::Run::run"]);
    check(&format!("{parts} fn a(t: S) {{ t.run() }}"), "a", &["demo::<S as Run>::run"]);
    check(&format!("{parts} fn a(t: S) {{ t.twice() }}"), "a", &["demo::Run::twice"]);
}

#[test]
fn the_arguments_decide_between_implementations_of_one_trait() {
    check(
        "struct A; struct B; struct S; impl From<A> for S { fn from(_: A) -> S { S } }
         impl From<B> for S { fn from(_: B) -> S { S } } fn a(b: B) { S::from(b); }",
        "a",
        // Both are named `<S as From>::from`; the place tells them apart below.
        &["demo::<S as From>::from"],
    );
    let repo = Repo::new(&[(
        "src/lib.rs",
        "struct A; struct B; struct S;\nimpl From<A> for S { fn from(_: A) -> S { S } }\nimpl From<B> for S { fn from(_: B) -> S { S } }\nfn a(b: B) { S::from(b); }\n",
    )]);
    repo.write("Cargo.toml", MANIFEST);
    let mut lines = Vec::new();
    repo.engine()
        .visit_edges(&mut |edge| {
            if edge.kind.as_str() == "calls" {
                lines.push(edge.dst_name_line);
            }
        })
        .unwrap();
    assert_eq!(lines, [Some(3)]);
}

#[test]
fn a_method_with_an_explicit_receiver_wins_over_the_wrapper() {
    check(
        "use std::pin::Pin; struct S; trait Poll { fn poll(self: Pin<&mut Self>); }
         impl Poll for S { fn poll(self: Pin<&mut Self>) {} }
         impl<P> Poll for Pin<P> where P: std::ops::DerefMut, P::Target: Poll { fn poll(self: Pin<&mut Self>) {} }
         fn a(s: &mut S) { Pin::new(s).poll() }",
        "a",
        &["demo::<S as Poll>::poll", "std::pin::Pin::new"],
    );
}

#[test]
fn a_trait_out_of_scope_is_not_meant() {
    check_files(
        &[
            ("src/lib.rs", "mod ext; struct S; fn a(s: outer::Thing) { s.next() }"),
            ("src/ext.rs", "pub trait Ext { fn next(&self) {} } impl<T> Ext for T {}"),
        ],
        "a",
        &["outer::Thing::next"],
    );
}

#[test]
fn imports_globs_reexports_and_renames_are_followed() {
    check_files(
        &[
            (
                "src/lib.rs",
                "mod deep; pub use deep::inner as alias; use alias::f as g; use deep::all::*; fn a() { g(); h(); alias::f(); }",
            ),
            (
                "src/deep.rs",
                "pub mod inner { pub fn f() {} } pub mod all { pub use super::hidden::h; } mod hidden { pub fn h() {} }",
            ),
        ],
        "a",
        &["demo::deep::hidden::h", "demo::deep::inner::f"],
    );
}

#[test]
fn crates_outside_are_named_by_their_own_name() {
    check(
        "use outer::sub::{f, Type}; fn a(t: Type) { f(); t.go(); renamed::g(); Type::make(); }",
        "a",
        &["outer::sub::Type::go", "outer::sub::Type::make", "outer::sub::f", "real_name::g"],
    );
}

#[test]
fn calls_inside_macro_arguments_count() {
    check(
        "struct S; impl S { fn v(&self) -> u8 { 0 } } fn f() -> S { S } fn g() -> u8 { 0 }
         fn a(s: S) { assert_eq!(f().v(), g()); println!(\"{}\", s.v()); let x = vec![f()]; x[0].v(); }",
        "a",
        &["demo::S::v", "demo::f", "demo::g"],
    );
}

#[test]
fn items_inside_item_macros_are_symbols_and_call() {
    check(
        "macro_rules! wrap { ($($i:item)*) => { $($i)* } } wrap! { fn a() { b() } fn b() {} }
         cfg_if::cfg_if! { if #[cfg(unix)] { fn c() { b() } } else { fn c() {} } }",
        "a",
        &["demo::b"],
    );
}

#[test]
fn of_twins_the_one_that_is_compiled_in_is_meant() {
    let repo = Repo::new(&[(
        "src/lib.rs",
        "#[cfg(windows)]\nfn f() {}\n#[cfg(not(windows))]\nfn f() {}\nfn a() { f() }\n",
    )]);
    repo.write("Cargo.toml", MANIFEST);
    let mut lines = Vec::new();
    repo.engine()
        .visit_edges(&mut |edge| {
            if edge.kind.as_str() == "calls" {
                lines.push(edge.dst_name_line);
            }
        })
        .unwrap();
    assert_eq!(lines, [Some(4)]);
}

#[test]
fn async_results_and_question_marks_are_seen_through() {
    check(
        "struct S; impl S { fn go(&self) {} } async fn make() -> Result<S, ()> { Ok(S) }
         async fn a() -> Result<(), ()> { make().await?.go(); Ok(()) }",
        "a",
        &["demo::S::go", "demo::make"],
    );
}

#[test]
fn other_kinds_of_edges_are_there() {
    let repo = Repo::new(&[(
        "src/lib.rs",
        "use std::fmt; trait T {} struct S { n: N } struct N; impl T for S {} fn f<X: T>(s: &S) {}
         #[test] fn checks() { f::<S>(&make()) } fn make() -> S { S { n: N } }",
    )]);
    repo.write("Cargo.toml", MANIFEST);
    let engine = repo.engine();
    assert_eq!(edges(&engine, "implements"), ["demo::<S as T> -> demo::T"]);
    assert_eq!(edges(&engine, "imports"), ["demo -> std::fmt"]);
    assert_eq!(edges(&engine, "bounds"), ["demo::f -> demo::T"]);
    assert_eq!(edges(&engine, "tests"), ["demo::checks -> demo::f", "demo::checks -> demo::make"]);
    assert!(
        edges(&engine, "uses").contains(&"demo::S::n -> demo::N".to_owned()),
        "{:?}",
        edges(&engine, "uses")
    );
    assert!(edges(&engine, "defines").contains(&"demo::S -> demo::S::n".to_owned()));
    assert_eq!(edges(&engine, "depends_on"), ["demo -> outer", "demo -> real_name"]);
}

#[test]
fn globs_that_lead_in_circles_end() {
    check(
        "mod a { pub use super::b::*; pub fn x() {} } mod b { pub use super::a::*; pub fn y() {} }
         fn f() { a::y(); b::x(); a::z() }",
        "f",
        &["?a::z", "demo::a::x", "demo::b::y"],
    );
    check("pub use self::gone::*; fn f() { g() }", "f", &["?g"]);
    check("pub use self::f::*; pub use self::*; fn f() { g() }", "f", &["?g"]);
    check(
        "mod a { pub use super::b::x; } mod b { pub use super::a::x; pub use super::c::*; }
         mod c { pub use super::a::*; pub fn w() {} } fn f() { a::x(); b::w() }",
        "f",
        &["?a::x", "demo::c::w"],
    );
}

#[test]
fn traits_that_are_bound_by_their_own_types_end() {
    check(
        "trait Seal<A> {} trait Run: Seal<Self::Args> { type Args; fn run(&self); }
         trait Chain: Seal<<Self::Next as Chain>::Next> { type Next: Chain + Seal<Self::Next>; fn step(&self); }
         fn f<T: Run + ?Sized, C: Chain<Next = C>>(t: &T, c: &C) { t.run(); c.step() }",
        "f",
        &["demo::Chain::step", "demo::Run::run"],
    );
}

#[test]
fn headers_that_ask_for_implementations_hold_what_was_found() {
    check(
        "trait Stream { type Slice; } struct Run<T>(T); impl<T> Run<T> { fn first(&self) -> &T { &self.0 } }
         impl<T> Stream for Run<T> { type Slice = Run<T>; }
         struct Item; impl Item { fn end(&self) {} }
         trait Parse<O> { fn parse(&self) -> O; }
         struct A; struct P;
         impl Parse<A> for P { fn parse(&self) -> A { A } }
         impl Parse<<Run<Item> as Stream>::Slice> for P { fn parse(&self) -> Run<Item> { loop {} } }
         fn f(p: P) { let r: Run<Item> = p.parse(); r.first().end() }",
        "f",
        &["demo::<P as Parse>::parse", "demo::Item::end", "demo::Run::first"],
    );
}

#[test]
fn a_glob_takes_what_is_visible() {
    check(
        "mod a { fn hidden() {} pub fn shown() {} use super::b::deep; pub use super::b::other; }
         mod b { pub fn deep() {} pub fn other() {} }
         mod c { use super::a::*; fn f() { hidden(); shown(); deep(); other() } }",
        "c::f",
        &["?deep", "?hidden", "demo::a::shown", "demo::b::other"],
    );
    // What a module declares itself comes before its globs, and a module inside sees all.
    check(
        "mod a { fn own() {} mod b { use super::*; fn f() { own(); twice() } fn twice() {} } fn twice() {} }",
        "a::b::f",
        &["demo::a::b::twice", "demo::a::own"],
    );
    // Through a module that a glob brought in.
    check(
        "mod a { pub mod inner { pub fn g() {} } } use a::*; use inner::*; fn f() { g() }",
        "f",
        &["demo::a::inner::g"],
    );
    // A glob that is not public brings nothing to others.
    check(
        "mod a { use super::b::*; } mod b { pub fn g() {} } mod c { use super::a::*; fn f() { g() } }",
        "c::f",
        &["?g"],
    );
    check("use Option::*; enum E { A(u8) } use E::*; fn f() { A(1); }", "f", &[]);
}

#[test]
fn workspaces_of_several_crates_are_one_graph() {
    let repo = Repo::new(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"one\", \"two\"]\n[workspace.dependencies]\nfirst = { package = \"one\", path = \"one\" }\n",
        ),
        ("one/Cargo.toml", "[package]\nname = \"one\"\nedition = \"2021\"\n[lib]\nname = \"uno\"\n"),
        ("one/src/lib.rs", "pub fn f() {}"),
        (
            "two/Cargo.toml",
            "[package]\nname = \"two\"\nedition = \"2021\"\n[dependencies]\nfirst = { workspace = true }\n",
        ),
        ("two/src/main.rs", "fn main() { first::f() }"),
    ]);
    let calls = edges(&repo.engine(), "calls");
    assert_eq!(calls, ["two::main -> uno::f"]);
}
