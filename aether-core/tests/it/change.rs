//! What a change of a file means for its symbols.

use aether_core::base::{ByteSpan, ErrorCode, LineSpan, RelPath};
use aether_core::code::facts::{
    ExprFact, ExprKind, FactDiagnostic, FileFacts, ImportFact, ImportKind, ItemDetail, NameIdx, ScopeIdx,
    SymbolFact, SymbolIdx,
};
use aether_core::code::{
    ChangedSymbol, FileChange, FileVersion, Language, SymbolId, SymbolIdentity, SymbolKind, Visibility,
};

/// A file by one line for each symbol but itself: `[parent::]name[(signature)] body [word…]`, where a
/// word is `pub`, `#attribute` or part of the documentation. Lines that start with `//!` document the
/// file, `use` lines import, `run` lines are code outside of every symbol, `!` lines could not be read;
/// empty lines only move what is below.
fn facts(text: &str) -> FileFacts {
    let mut facts = FileFacts::default();
    let file = facts.names.push("a.rs");
    facts.symbols.push(symbol(SymbolKind::FILE, file, 1));
    for (index, line) in text.lines().enumerate() {
        let number = index as u32 + 1;
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            [""] => {}
            ["//!", doc @ ..] => facts.symbols[0].doc = doc.join(" "),
            ["use", path] => {
                let segments: Vec<_> = path.split("::").map(|part| facts.names.push(part)).collect();
                let kind = ImportKind::Name(*segments.last().expect("a segment"));
                let import = ImportFact {
                    scope: ScopeIdx(0),
                    at: number,
                    is_global: false,
                    segments,
                    kind,
                    visibility: Visibility::Private,
                    cfg: Vec::new(),
                };
                facts.imports.push(import);
            }
            ["run", name] => {
                facts.names.push(name);
                facts.exprs.push(ExprFact { at: number, kind: ExprKind::Continue });
            }
            ["!", ..] => facts.diagnostics.push(FactDiagnostic {
                code: ErrorCode::INDEX_SYNTAX_ERROR,
                span: ByteSpan::default(),
                line: number,
            }),
            [head, body, rest @ ..] => {
                let (path, signature) = head.split_once('(').unwrap_or((head, ""));
                let (parent, name) =
                    path.rsplit_once("::").map_or((None, path), |(it, name)| (Some(it), name));
                let parent = parent.map(|parent| {
                    let at = facts.symbols.iter().position(|symbol| facts.name(symbol.name) == parent);
                    SymbolIdx(at.expect("a parent above") as u32)
                });
                let name = facts.names.push(name);
                let mut fact = symbol(SymbolKind::FUNCTION, name, number);
                fact.parent = parent;
                fact.signature = signature.to_owned();
                fact.body_fingerprint = body.parse().expect("a number");
                for word in rest {
                    match word.strip_prefix('#') {
                        Some(attribute) => fact.attributes.push(attribute.to_owned()),
                        None if *word == "pub" => fact.visibility = Visibility::Public,
                        None => fact.doc.push_str(word),
                    }
                }
                facts.symbols.push(fact);
            }
            [_] => panic!("{line} has no body"),
            [] => {}
        }
    }
    facts
}

fn symbol(kind: SymbolKind, name: NameIdx, line: u32) -> SymbolFact {
    SymbolFact {
        kind,
        name,
        parent: None,
        scope: ScopeIdx(0),
        span: ByteSpan::default(),
        lines: LineSpan::default(),
        name_span: ByteSpan::default(),
        name_line: line,
        visibility: Visibility::Private,
        signature: String::new(),
        doc: String::new(),
        attributes: Vec::new(),
        ordinal: 0,
        body_fingerprint: 0,
        in_macro: false,
        detail: ItemDetail::None,
    }
}

fn ids(path: &RelPath, facts: &FileFacts) -> Vec<SymbolId> {
    let id = |(index, symbol): (usize, &SymbolFact)| {
        SymbolId::derive(&SymbolIdentity {
            language: &Language::RUST,
            path,
            kind: &symbol.kind,
            local_path: &facts.local_path(SymbolIdx(index as u32)),
            signature_fingerprint: &symbol.signature,
            ordinal: symbol.ordinal,
        })
    };
    facts.symbols.iter().enumerate().map(id).collect()
}

fn between(old: Option<&str>, new: Option<&str>) -> Option<FileChange> {
    let path = RelPath::new("src/a.rs").expect("a path");
    let side = |text: &str| {
        let facts = facts(text);
        let ids = ids(&path, &facts);
        (facts, ids)
    };
    let (old, new) = (old.map(side), new.map(side));
    FileChange::between(
        &path,
        &Language::RUST,
        old.as_ref().map(|(facts, ids)| FileVersion { facts, ids, module_path: "demo::a" }),
        new.as_ref().map(|(facts, ids)| FileVersion { facts, ids, module_path: "demo::a" }),
    )
}

/// Compares two contents; a change is `+name:line`, `-name:line` and `~name:line`, each list sorted by
/// name, and the file is `a.rs`.
#[track_caller]
fn check(old: Option<&str>, new: Option<&str>, expected: &str) {
    let change = between(old, new);
    let mut shown = Vec::new();
    if let Some(change) = &change {
        for (sign, list) in [('+', &change.added), ('-', &change.removed), ('~', &change.updated)] {
            assert!(list.is_sorted_by_key(|symbol| symbol.id), "{list:?}");
            let mut names: Vec<_> =
                list.iter().map(|symbol| format!("{sign}{}:{}", symbol.name, symbol.line)).collect();
            names.sort();
            shown.extend(names);
        }
    }
    assert_eq!(shown.join(" "), expected);
    // The other way round, what came goes.
    let back = between(new, old);
    let ids = |list: &[ChangedSymbol]| list.iter().map(|symbol| symbol.id).collect::<Vec<_>>();
    let (there, back) = (change.iter(), back.iter());
    let there: Vec<_> = there.map(|it| (ids(&it.added), ids(&it.removed), ids(&it.updated))).collect();
    let back: Vec<_> = back.map(|it| (ids(&it.removed), ids(&it.added), ids(&it.updated))).collect();
    assert_eq!(there, back);
}

#[test]
fn a_file_comes_and_goes_with_its_symbols() {
    check(None, Some("f 1\ng 2"), "+a.rs:1 +f:1 +g:2");
    check(Some("f 1"), None, "-a.rs:1 -f:1");
    check(None, Some(""), "+a.rs:1");
    check(None, None, "");
}

#[test]
fn what_only_moves_does_not_change() {
    check(Some("f 1\ng 2"), Some("\n\nf 1\ng 2"), "");
    check(Some("f 1\ng 2"), Some("g 2\nf 1"), "");
}

#[test]
fn a_symbol_is_updated_by_body_documentation_attributes_and_visibility() {
    check(Some("f 1\ng 2"), Some("f 1\ng 3"), "~g:2");
    check(Some("f 1"), Some("f 1 Answers."), "~f:1");
    check(Some("f 1"), Some("f 1 #test"), "~f:1");
    check(Some("f 1"), Some("\nf 1 pub"), "~f:2");
}

#[test]
fn another_name_or_signature_is_another_symbol() {
    check(Some("f 1"), Some("g 1"), "+g:1 -f:1");
    check(Some("f 1"), Some("f(x) 1"), "+f:1 -f:1");
    check(Some("A 7\nB 7\nA::f 1"), Some("A 7\nB 7\nB::f 1"), "+f:3 -f:3");
}

#[test]
fn qualified_names_have_the_module_in_front() {
    let change = between(None, Some("A 7\nA::f 1")).expect("a change");
    let mut names: Vec<_> = change.added.iter().map(|symbol| symbol.qualified_name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["demo::a", "demo::a::A", "demo::a::A::f"]);
}

#[test]
fn the_file_tells_of_what_stands_outside_of_its_symbols() {
    check(Some("f 1"), Some("//! Shapes.\nf 1"), "~a.rs:1");
    check(Some("use b::c\nf 1"), Some("use b::d\nf 1"), "~a.rs:1");
    check(Some("use b::c\nf 1"), Some("f 1"), "~a.rs:1");
    check(Some("f 1"), Some("f 1\n!"), "~a.rs:1");
    check(Some("f 1"), Some("f 1\nrun g"), "~a.rs:1");
    check(Some("f 1\nrun g"), Some("f 1\nrun h"), "~a.rs:1");
    // Beside a symbol that tells of the change, only what is told by nothing else.
    check(Some("use b::c\nf 1"), Some("use b::d\nf 2"), "~a.rs:1 ~f:2");
    check(Some("f 1\nrun g"), Some("f 2\nrun h"), "~f:1");
}

#[test]
fn imports_may_stand_in_any_order() {
    check(Some("use b::c\nuse d::e\nf 1"), Some("use d::e\nuse b::c\nf 2"), "~f:3");
}

#[test]
fn a_file_without_other_symbols_is_updated_whenever_its_content_differs() {
    check(Some(""), Some("\n\n"), "~a.rs:1");
}

#[test]
fn ids_and_symbols_of_different_number_are_compared_as_far_as_they_go() {
    let path = RelPath::new("src/a.rs").expect("a path");
    let facts = facts("f 1\ng 2");
    let all = ids(&path, &facts);
    let version = |ids| FileVersion { facts: &facts, ids, module_path: "" };
    let change = FileChange::between(&path, &Language::RUST, Some(version(&all[..1])), Some(version(&all)));
    assert_eq!(change.map(|change| change.added.len()), Some(2));
    let more = [all.as_slice(), &[SymbolId::from_bytes([7; 16])]].concat();
    assert_eq!(FileChange::between(&path, &Language::RUST, Some(version(&all)), Some(version(&more))), None);
}
