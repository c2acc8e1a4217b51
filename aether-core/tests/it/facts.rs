//! Facts of a file.

use aether_core::code::SymbolKind;
use aether_core::code::facts::{
    ArmFact, BodyFact, ExprFact, ExprIdx, ExprKind, FieldInit, FileFacts, ImportKind, ItemDetail, List,
    LiteralKind, NameIdx, NameTable, PatFact, PatIdx, PatKind, PathRoot, ScopeIdx, SymbolIdx, TypeFact,
    TypeIdx, TypeKind,
};
use proptest::prelude::*;
use serde_json::json;

use crate::fixtures::fixture;

/// Facts in which every form occurs.
fn facts() -> FileFacts {
    serde_json::from_value(fixture("file-facts")).expect("the fixture loads")
}

#[test]
fn facts_of_every_form_are_valid() {
    assert_eq!(facts().validate(), Ok(()));
    assert_eq!(FileFacts::default().validate(), Ok(()));
}

/// One change of valid facts, and the arena that is reported.
#[track_caller]
fn check_broken(arena: &str, change: impl FnOnce(&mut FileFacts)) {
    let mut facts = facts();
    change(&mut facts);
    let error = facts.validate().expect_err("the facts are broken");
    assert_eq!(error.to_string(), format!("file facts are inconsistent: {arena}"));
}

const NO_NAME: NameIdx = NameIdx(1000);
const NO_TYPE: TypeIdx = TypeIdx(1000);
const NO_SCOPE: ScopeIdx = ScopeIdx(1000);
const NO_LIST: List = List { start: 1000, len: 1 };
const OVERFLOW: List = List { start: u32::MAX, len: u32::MAX };

#[test]
fn broken_symbols_are_refused() {
    check_broken("symbol", |it| it.symbols[1].name = NO_NAME);
    check_broken("symbol", |it| it.symbols[1].scope = NO_SCOPE);
    check_broken("symbol", |it| it.scopes.clear());
    check_broken("parent of a symbol", |it| it.symbols[1].parent = Some(SymbolIdx(1)));
    check_broken("parent of a symbol", |it| it.symbols[1].parent = Some(SymbolIdx(2)));
    check_broken("parent of a symbol", |it| it.symbols[1].parent = Some(SymbolIdx(0)));
    check_broken("parent of a symbol", |it| it.symbols[0].kind = SymbolKind::MODULE);
    check_broken("parent of a symbol", |it| it.symbols[1].kind = SymbolKind::FILE);
}

/// The first declaration whose detail `change` knows.
fn change_detail(facts: &mut FileFacts, mut change: impl FnMut(&mut ItemDetail) -> bool) {
    assert!(facts.symbols.iter_mut().any(|symbol| change(&mut symbol.detail)), "no such detail");
}

macro_rules! check_broken_detail {
    ($pattern:pat => $change:expr) => {
        check_broken("detail of a symbol", |it| {
            change_detail(it, |detail| match detail {
                $pattern => {
                    $change;
                    true
                }
                _ => false,
            });
        });
    };
}

#[test]
fn broken_details_are_refused() {
    check_broken_detail!(ItemDetail::Function(it) => it.generics.params[0].name = NO_NAME);
    check_broken_detail!(ItemDetail::Function(it) => it.generics.params[0].bounds = NO_LIST);
    check_broken_detail!(ItemDetail::Function(it) => it.generics.params[0].default = Some(NO_TYPE));
    check_broken_detail!(ItemDetail::Function(it) => it.generics.predicates[0].ty = NO_TYPE);
    check_broken_detail!(ItemDetail::Function(it) => it.generics.predicates[0].bounds = OVERFLOW);
    check_broken_detail!(ItemDetail::Function(it) => it.self_type = Some(NO_TYPE));
    check_broken_detail!(ItemDetail::Function(it) => it.result = Some(NO_TYPE));
    check_broken_detail!(ItemDetail::Function(it) => it.params[0].pat = PatIdx(1000));
    check_broken_detail!(ItemDetail::Function(it) => it.params[0].ty = NO_TYPE);
    check_broken_detail!(ItemDetail::Function(it) => it.body = Some(1000));
    check_broken_detail!(ItemDetail::Adt(generics) => generics.predicates[0].ty = NO_TYPE);
    check_broken_detail!(ItemDetail::Field(ty) => *ty = NO_TYPE);
    check_broken_detail!(ItemDetail::Value { ty, .. } => *ty = Some(NO_TYPE));
    check_broken_detail!(ItemDetail::Value { body, .. } => *body = Some(1000));
    check_broken_detail!(ItemDetail::Alias { generics, .. } => generics.params[0].name = NO_NAME);
    check_broken_detail!(ItemDetail::Alias { ty, .. } => *ty = Some(NO_TYPE));
    check_broken_detail!(ItemDetail::Alias { bounds, .. } => *bounds = NO_LIST);
    check_broken_detail!(ItemDetail::Trait { generics, .. } => generics.params[0].name = NO_NAME);
    check_broken_detail!(ItemDetail::Trait { supertraits, .. } => *supertraits = NO_LIST);
    check_broken_detail!(ItemDetail::Impl { generics, .. } => generics.params[0].name = NO_NAME);
    check_broken_detail!(ItemDetail::Impl { of_trait, .. } => *of_trait = Some(NO_TYPE));
    check_broken_detail!(ItemDetail::Impl { self_type, .. } => *self_type = NO_TYPE);
    check_broken_detail!(ItemDetail::Module { scope, .. } => *scope = Some(NO_SCOPE));
}

#[test]
fn broken_scopes_and_imports_are_refused() {
    check_broken("scope", |it| it.scopes[1].parent = Some(ScopeIdx(1)));
    check_broken("scope", |it| it.scopes[1].parent = None);
    check_broken("scope", |it| it.scopes[0].parent = Some(ScopeIdx(0)));
    check_broken("scope", |it| it.scopes[1].owner = Some(SymbolIdx(1000)));
    check_broken("import", |it| it.imports[0].scope = NO_SCOPE);
    check_broken("import", |it| it.imports[0].segments[0] = NO_NAME);
    check_broken("import", |it| it.imports[0].kind = ImportKind::Name(NO_NAME));
    check_broken("import", |it| it.imports[3].kind = ImportKind::ExternCrate(NO_NAME));
}

#[test]
fn broken_paths_are_refused() {
    check_broken("path", |it| it.paths[0].segments = NO_LIST);
    check_broken("path", |it| it.paths[0].segments = OVERFLOW);
    check_broken("path", |it| it.paths[0].root = PathRoot::Qualified(NO_TYPE, None));
    check_broken("path", |it| it.paths[0].root = PathRoot::Qualified(TypeIdx(0), Some(NO_TYPE)));
    check_broken("path segment", |it| it.segments[0].name = NO_NAME);
    check_broken("path", |it| it.segments[0].args = NO_LIST);
    check_broken("path", |it| it.segments[0].bindings = NO_LIST);
    let pair_of = |it: &mut FileFacts, pair: [u32; 2]| {
        let list = List { start: it.lists.len() as u32, len: 2 };
        it.lists.extend(pair);
        it.segments[0].bindings = list;
    };
    check_broken("path", |it| pair_of(it, [0, 1000]));
    check_broken("path segment", |it| pair_of(it, [1000, 0]));
    check_broken("path segment", |it| {
        pair_of(it, [0, 0]);
        it.segments[0].bindings.len = 1;
    });
}

/// Adds a type; it stands behind all others.
#[track_caller]
fn check_broken_type(kind: impl FnOnce(&mut FileFacts) -> TypeKind) {
    check_broken("type", |it| {
        let kind = kind(it);
        it.types.push(TypeFact { at: 0, kind });
    });
}

#[test]
fn broken_types_are_refused() {
    check_broken_type(|_| TypeKind::Path(1000));
    for inner in [TypeKind::Ref, TypeKind::Pointer, TypeKind::Slice, TypeKind::Array] {
        check_broken_type(|_| inner(NO_TYPE));
        // A type inside itself.
        check_broken_type(|it| inner(TypeIdx(it.types.len() as u32)));
    }
    for list in [TypeKind::Tuple, TypeKind::Function, TypeKind::ImplTrait, TypeKind::DynTrait] {
        check_broken_type(|_| list(NO_LIST));
        check_broken_type(|_| list(OVERFLOW));
        check_broken_type(|it| {
            it.lists.push(it.types.len() as u32);
            list(List { start: it.lists.len() as u32 - 1, len: 1 })
        });
    }
    // A type inside itself by way of the arguments of its path.
    check_broken("type", |it| {
        it.lists.push(0);
        it.segments[0].args = List { start: it.lists.len() as u32 - 1, len: 1 };
    });
    check_broken("type", |it| it.paths[0].root = PathRoot::Qualified(TypeIdx(0), None));
}

/// Adds an expression; it stands behind all others.
#[track_caller]
fn check_broken_expr(kind: impl FnOnce(&mut FileFacts) -> ExprKind) {
    check_broken("expression", |it| {
        let kind = kind(it);
        it.exprs.push(ExprFact { at: 0, kind });
    });
}

#[test]
fn broken_expressions_are_refused() {
    let (a, none, list) = (ExprIdx(0), ExprIdx(1000), List::default());
    let (no_pat, suffix) = (PatIdx(1000), Some(NO_NAME));
    let block =
        |statements, tail, scope| ExprKind::Block { statements, tail, scope, flavour: Default::default() };
    let call = |receiver, name, type_args, args| ExprKind::MethodCall { receiver, name, type_args, args };
    let let_ = |pat, ty, init, otherwise| ExprKind::Let { pat, ty, init, otherwise };
    let operator = aether_core::code::facts::OperatorKind::Add;
    for kind in [
        ExprKind::Unknown(NO_LIST),
        ExprKind::Path(1000),
        ExprKind::Literal(LiteralKind::Integer(suffix)),
        ExprKind::Literal(LiteralKind::Float(suffix)),
        ExprKind::Call(none, list),
        ExprKind::Call(a, OVERFLOW),
        call(none, NameIdx(0), list, list),
        call(a, NO_NAME, list, list),
        call(a, NameIdx(0), NO_LIST, list),
        call(a, NameIdx(0), list, NO_LIST),
        ExprKind::Field(none, NameIdx(0)),
        ExprKind::Field(a, NO_NAME),
        ExprKind::Index(none, a),
        ExprKind::Index(a, none),
        ExprKind::Try(none),
        ExprKind::Await(none),
        ExprKind::Ref(none),
        ExprKind::Unary(operator, none),
        ExprKind::Binary(operator, none, a),
        ExprKind::Binary(operator, a, none),
        ExprKind::Assign(none, a, None),
        ExprKind::Assign(a, none, None),
        ExprKind::Tuple(NO_LIST),
        ExprKind::Array(NO_LIST, false),
        block(NO_LIST, None, None),
        block(list, Some(none), None),
        block(list, None, Some(NO_SCOPE)),
        let_(no_pat, None, None, None),
        let_(PatIdx(0), Some(NO_TYPE), None, None),
        let_(PatIdx(0), None, Some(none), None),
        let_(PatIdx(0), None, None, Some(none)),
        ExprKind::If(none, a, None),
        ExprKind::If(a, none, None),
        ExprKind::If(a, a, Some(none)),
        ExprKind::Match(none, list),
        ExprKind::Match(a, NO_LIST),
        ExprKind::While(none, a),
        ExprKind::While(a, none),
        ExprKind::Loop(none),
        ExprKind::For(no_pat, a, a),
        ExprKind::For(PatIdx(0), none, a),
        ExprKind::For(PatIdx(0), a, none),
        ExprKind::Closure(NO_LIST, None, a),
        ExprKind::Closure(list, Some(NO_TYPE), a),
        ExprKind::Closure(list, None, none),
        ExprKind::Struct(1000, list, None),
        ExprKind::Struct(0, NO_LIST, None),
        ExprKind::Struct(0, list, Some(none)),
        ExprKind::Cast(none, TypeIdx(0)),
        ExprKind::Cast(a, NO_TYPE),
        ExprKind::Range(Some(none), None),
        ExprKind::Range(None, Some(none)),
        ExprKind::Return(Some(none)),
        ExprKind::Break(Some(none)),
        ExprKind::Macro(1000, list),
        ExprKind::Macro(0, NO_LIST),
    ] {
        check_broken_expr(|_| kind);
    }
}

/// A walk over expressions that hold themselves would not end.
#[test]
fn expressions_inside_themselves_are_refused() {
    let next = |it: &FileFacts| it.exprs.len() as u32;
    check_broken_expr(|it| ExprKind::Try(ExprIdx(next(it))));
    check_broken_expr(|it| {
        it.lists.push(next(it));
        ExprKind::Tuple(List { start: it.lists.len() as u32 - 1, len: 1 })
    });
    check_broken("expression", |it| it.arms[0].body = ExprIdx(it.exprs.len() as u32 - 1));
    check_broken("expression", |it| it.arms[0].guard = Some(ExprIdx(it.exprs.len() as u32 - 1)));
    check_broken("expression", |it| {
        let last = it.exprs.len() as u32 - 1;
        it.fields.iter_mut().for_each(|field| field.value = field.value.min(2));
        it.fields[1].value = last;
    });
    let closure = |it: &mut FileFacts, entries: &[u32]| {
        let params = List { start: it.lists.len() as u32, len: entries.len() as u32 };
        it.lists.extend(entries);
        ExprKind::Closure(params, None, ExprIdx(0))
    };
    check_broken_expr(|it| closure(it, &[1000, u32::MAX]));
    check_broken_expr(|it| closure(it, &[0, 1000]));
    check_broken_expr(|it| closure(it, &[0]));
}

#[test]
fn broken_bodies_are_refused() {
    let body = |owner, scope, root| BodyFact { owner, scope, root };
    check_broken("body", |it| it.bodies.push(body(SymbolIdx(1000), ScopeIdx(0), ExprIdx(0))));
    check_broken("body", |it| it.bodies.push(body(SymbolIdx(0), NO_SCOPE, ExprIdx(0))));
    check_broken("body", |it| it.bodies.push(body(SymbolIdx(0), ScopeIdx(0), ExprIdx(1000))));
    check_broken("field", |it| it.fields.push(FieldInit { name: NO_NAME, value: 0 }));
    check_broken("field", |it| it.fields.push(FieldInit { name: NameIdx(0), value: 1000 }));
    let arm = |pat, guard, body| ArmFact { pat, guard, body };
    check_broken("arm", |it| it.arms.push(arm(PatIdx(1000), None, ExprIdx(0))));
    check_broken("arm", |it| it.arms.push(arm(PatIdx(0), Some(ExprIdx(1000)), ExprIdx(0))));
    check_broken("arm", |it| it.arms.push(arm(PatIdx(0), None, ExprIdx(1000))));
}

#[test]
fn broken_patterns_are_refused() {
    let list = List::default();
    for kind in [
        PatKind::Bind(NO_NAME, None),
        PatKind::Bind(NameIdx(0), Some(PatIdx(1000))),
        PatKind::Path(1000),
        PatKind::TupleStruct(1000, list),
        PatKind::TupleStruct(0, NO_LIST),
        PatKind::Struct(1000, list),
        PatKind::Struct(0, NO_LIST),
        PatKind::Tuple(NO_LIST),
        PatKind::Slice(OVERFLOW),
        PatKind::Or(NO_LIST),
        PatKind::Ref(PatIdx(1000)),
    ] {
        check_broken("pattern", |it| it.pats.push(PatFact { at: 0, kind }));
    }
    // A pattern inside itself.
    check_broken("pattern", |it| {
        let kind = PatKind::Ref(PatIdx(it.pats.len() as u32));
        it.pats.push(PatFact { at: 0, kind });
    });
}

#[test]
fn names_of_symbols_are_joined() {
    let facts = facts();
    assert_eq!(facts.local_path(SymbolIdx(0)), "");
    assert_eq!(facts.local_path(SymbolIdx(6)), "alpha::Gamma");
    assert_eq!(facts.local_path(SymbolIdx(1000)), "");
}

#[track_caller]
fn check_line(lengths: &[u32], offset: u32, expected: u32) {
    let facts = FileFacts { line_lengths: lengths.to_vec(), ..FileFacts::default() };
    assert_eq!(facts.line_of(offset), expected, "{offset} in {lengths:?}");
    let starts = facts.line_starts();
    assert_eq!(starts.len(), lengths.len());
    if !lengths.is_empty() {
        let by_start = starts.iter().filter(|&&start| start <= offset).count() as u32;
        assert_eq!(by_start, expected, "{offset} in {starts:?}");
    }
}

#[test]
fn lines_are_found_by_their_bytes() {
    check_line(&[], 0, 1);
    check_line(&[5], 0, 1);
    check_line(&[5], 99, 1);
    check_line(&[5, 1, 3], 4, 1);
    check_line(&[5, 1, 3], 5, 2);
    check_line(&[5, 1, 3], 6, 3);
    check_line(&[5, 1, 3], 9, 3);
    let facts = FileFacts { line_lengths: vec![u32::MAX, u32::MAX], ..FileFacts::default() };
    assert_eq!(facts.line_starts(), [0, u32::MAX]);
}

#[test]
fn lists_that_do_not_fit_are_empty() {
    let facts = FileFacts { lists: vec![7, 8, 9], ..FileFacts::default() };
    assert_eq!(facts.list(List { start: 1, len: 2 }), [8, 9]);
    assert_eq!(facts.list(List { start: 2, len: 2 }), [0; 0]);
    assert_eq!(facts.list(OVERFLOW), [0; 0]);
    assert_eq!(facts.list(List::default()), [0; 0]);
}

#[track_caller]
fn check_names(names: &[&str]) {
    let mut table = NameTable::default();
    let indexes: Vec<NameIdx> = names.iter().map(|name| table.push(name)).collect();
    assert_eq!(table.iter().collect::<Vec<_>>(), names);
    assert_eq!(indexes.iter().map(|&index| table.get(index)).collect::<Vec<_>>(), names);
    assert_eq!((table.len(), table.is_empty()), (names.len(), names.is_empty()));
    assert_eq!(table.get(NameIdx(names.len() as u32)), "");
    let value = serde_json::to_value(&table).expect("a table is JSON");
    assert_eq!(serde_json::from_value::<NameTable>(value).expect("what was written reads"), table);
}

#[test]
fn name_tables_keep_their_names() {
    check_names(&[]);
    check_names(&["a"]);
    check_names(&["", "größe", "", "日本", "z"]);
}

#[track_caller]
fn check_corrupt_names(value: serde_json::Value) {
    assert!(serde_json::from_value::<NameTable>(value.clone()).is_err(), "{value}");
}

#[test]
fn corrupt_name_tables_are_refused() {
    check_corrupt_names(json!({"text": "abc", "lengths": []}));
    check_corrupt_names(json!({"text": "abc", "lengths": [2]}));
    check_corrupt_names(json!({"text": "abc", "lengths": [4]}));
    check_corrupt_names(json!({"text": "abc", "lengths": [2, 2]}));
    check_corrupt_names(json!({"text": "abc", "lengths": [u32::MAX, u32::MAX]}));
    check_corrupt_names(json!({"text": "", "lengths": [1]}));
    // Half a character.
    check_corrupt_names(json!({"text": "ä", "lengths": [1, 1]}));
    check_corrupt_names(json!({"text": "abc", "lengths": [-1, 4]}));
    check_corrupt_names(json!({"text": "abc"}));
    check_corrupt_names(json!({"lengths": []}));
    check_corrupt_names(json!([]));
}

#[test]
fn fingerprints_are_written_as_text() {
    let mut value = fixture("file-facts");
    assert_eq!(value["symbols"][1]["body_fingerprint"], "feedbeef00000001");
    for text in ["", "1", "FEEDBEEF00000001", "feedbeef000000010", "feedbeef0000000g"] {
        value["symbols"][1]["body_fingerprint"] = text.into();
        assert!(serde_json::from_value::<FileFacts>(value.clone()).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn names_survive(names in prop::collection::vec("\\PC{0,6}", 0..12)) {
        let mut table = NameTable::default();
        names.iter().for_each(|name| {
            table.push(name);
        });
        prop_assert_eq!(table.iter().collect::<Vec<_>>(), names);
        let value = serde_json::to_value(&table).expect("a table is JSON");
        prop_assert_eq!(serde_json::from_value::<NameTable>(value).ok(), Some(table));
    }

    /// Whatever is read, what loads can be asked.
    #[test]
    fn stored_names_never_panic(text in "[aä日]{0,6}", lengths in prop::collection::vec(0_u32..8, 0..6)) {
        if let Ok(table) = serde_json::from_value::<NameTable>(json!({"text": text, "lengths": lengths})) {
            prop_assert_eq!(table.iter().collect::<String>(), text);
        }
    }
}
