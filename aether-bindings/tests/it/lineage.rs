//! Symbols that live on under another id.

use aether_core::base::RelPath;
use aether_core::code::LineageCause;

use crate::support::{Repo, update};

const BODY: &str = "let parsed = text.trim().split(',').map(str::to_owned); let joined = parsed.collect::<Vec<_>>().join(\";\"); println!(\"{joined}\");";

/// Replaces the files of a repository and says what became of the symbol `name`.
#[track_caller]
fn check(
    before: &[(&str, &str)],
    after: &[(&str, &str)],
    name: &str,
    expected: Option<(&str, LineageCause)>,
) {
    let repo = Repo::new(before);
    let engine = repo.engine();
    let old = engine.select(name).unwrap();
    for (path, _) in before {
        repo.remove(path);
    }
    for (path, text) in after {
        repo.write(path, text);
    }
    update(&engine);
    let links = engine.lineage(old.id).unwrap().result;
    let found = links.iter().find(|link| link.from == old.id).map(|link| {
        let new = engine.symbols_named(&link.to.to_string()).unwrap().remove(0);
        (new.name, link.cause)
    });
    assert_eq!(found, expected.map(|(name, cause)| (name.to_owned(), cause)));
}

#[test]
fn a_rename_is_followed() {
    check(
        &[("src/lib.rs", &format!("fn old(text: &str) {{ {BODY} }}"))],
        &[("src/lib.rs", &format!("fn new(text: &str) {{ {BODY} }}"))],
        "old",
        Some(("new", LineageCause::Rename)),
    );
}

#[test]
fn a_move_is_followed() {
    check(
        &[("src/a.rs", &format!("fn f(text: &str) {{ {BODY} }}"))],
        &[("src/b.rs", &format!("fn f(text: &str) {{ {BODY} }}"))],
        "f",
        Some(("f", LineageCause::Move)),
    );
}

#[test]
fn a_new_signature_is_followed() {
    check(
        &[("src/a.rs", &format!("fn f(text: &str) {{ {BODY} }}"))],
        &[("src/a.rs", &format!("fn f(text: &str, more: u8) -> u8 {{ {BODY} more }}"))],
        "f",
        Some(("f", LineageCause::Signature)),
    );
}

#[test]
fn rename_move_and_edit_at_once_are_followed() {
    check(
        &[("src/a.rs", &format!("fn f(text: &str) {{ {BODY} }} fn other() {{ let a = 1; }}"))],
        &[("src/b.rs", &format!("fn other() {{ let a = 1; }} fn g(text: &str) {{ {BODY} extra(); }}"))],
        "f",
        Some(("g", LineageCause::MoveAndRename)),
    );
}

#[test]
fn a_moved_file_takes_all_its_symbols_along() {
    let text = "pub struct Point { x: i32, y: i32 }\n\
                pub trait Norm { const ZERO: i32; fn norm(&self) -> i32; }\n\
                impl Norm for Point { const ZERO: i32 = 0; fn norm(&self) -> i32 { self.x.abs().max(self.y.abs()) } }\n\
                impl Point { fn new(x: i32, y: i32) -> Self { Point { x, y } } }\n\
                pub enum Side { Left, Right(u8) }\n\
                macro_rules! side { () => {} }\n\
                mod inner { pub static COUNT: u8 = 1; type Byte = u8; }\n";
    let repo = Repo::new(&[("src/a.rs", text)]);
    let engine = repo.engine();
    let old = engine.outline(&RelPath::new("src/a.rs").unwrap()).unwrap().result;
    repo.remove("src/a.rs");
    repo.write("src/b.rs", text);
    update(&engine);
    let new = engine.outline(&RelPath::new("src/b.rs").unwrap()).unwrap().result;
    assert_eq!(old.len(), 20);
    for (old, new) in old.iter().zip(&new) {
        let links = engine.lineage(old.id).unwrap().result;
        let link = links.iter().find(|link| link.from == old.id).unwrap_or_else(|| panic!("{old:?} is lost"));
        assert_eq!(link.to, new.id, "{} {}", old.kind, old.qualified_name);
    }
}

#[test]
fn an_unrelated_function_is_no_successor() {
    check(
        &[("src/a.rs", &format!("fn f(text: &str) {{ {BODY} }}"))],
        &[(
            "src/b.rs",
            "fn g(socket: Socket) { loop { let frame = socket.receive(); dispatch(frame.kind, frame.payload) } }",
        )],
        "f",
        None,
    );
}

#[test]
fn an_edited_body_keeps_the_id() {
    let repo = Repo::new(&[("src/a.rs", "fn f() { 1; }")]);
    let engine = repo.engine();
    let old = engine.select("f").unwrap();
    repo.write("src/a.rs", "// moved down\n\nfn f() { 2; 3; }");
    update(&engine);
    let new = engine.select("f").unwrap();
    assert_eq!(new.id, old.id);
    assert_eq!(new.name_line, 3);
}
