//! Valid facts: arenas are filled from front to back, and an index is taken from what stands there.

use proptest::collection::{btree_set, vec};
use proptest::prelude::{Strategy, any};

use super::{maybe, name};
use crate::base::{ByteSpan, ErrorCode, LineSpan};
use crate::code::facts::{
    ArmFact, BlockFlavour, BodyFact, ExprFact, ExprIdx, ExprKind, FactDiagnostic, FieldInit, FileFacts,
    FunctionDetail, GenericParam, Generics, ImportFact, ImportKind, ItemDetail, List, LiteralKind, NameIdx,
    OperatorKind, ParamFact, PatFact, PatIdx, PatKind, PathFact, PathRoot, PathSegment, ScopeFact, ScopeIdx,
    SelfKind, SymbolFact, SymbolIdx, TypeFact, TypeIdx, TypeKind, WherePredicate,
};
use crate::code::{SymbolKind, Visibility};

/// Facts that [`FileFacts::validate`] takes, up to a few dozen entries in each arena.
pub fn file_facts() -> impl Strategy<Value = FileFacts> {
    let entries = |most: usize| vec(any::<[u16; 6]>(), 0..most);
    let items = (vec((any::<[u16; 6]>(), name(), maybe(name())), 0..12), entries(4), entries(6), entries(4));
    let trees = (entries(16), entries(12), entries(24));
    (btree_set(name(), 1..12), items, trees).prop_map(|(names, items, trees)| {
        let (symbols, scopes, imports, bodies) = items;
        let (types, pats, exprs) = trees;
        let mut filler = Filler::new(names.iter().map(String::as_str));
        scopes.iter().for_each(|entry| filler.scope(Dice::new(entry)));
        types.iter().for_each(|entry| filler.ty(Dice::new(entry)));
        pats.iter().for_each(|entry| filler.pat(Dice::new(entry)));
        exprs.iter().for_each(|entry| filler.expr(Dice::new(entry)));
        bodies.iter().for_each(|entry| filler.body(Dice::new(entry), symbols.len()));
        symbols.iter().for_each(|(entry, text, doc)| filler.symbol(Dice::new(entry), text, doc.as_deref()));
        imports.iter().for_each(|entry| filler.import(Dice::new(entry)));
        filler.finish()
    })
}

/// Numbers that choose, one after the other.
struct Dice<'a> {
    throws: std::iter::Cycle<std::slice::Iter<'a, u16>>,
    turn: u16,
}

impl<'a> Dice<'a> {
    fn new(throws: &'a [u16]) -> Self {
        Self { throws: throws.iter().cycle(), turn: 0 }
    }

    /// A number below `count`, which is not 0.
    fn below(&mut self, count: usize) -> u32 {
        // Another one in each turn, also where the throws begin again.
        self.turn = self.turn.wrapping_add(1);
        let throw = self.throws.next().copied().unwrap_or(0);
        (usize::from(throw.rotate_left(u32::from(self.turn / 6))) % count.max(1)) as u32
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len()) as usize].clone()
    }
}

struct Filler {
    facts: FileFacts,
}

impl Filler {
    fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut facts = FileFacts::default();
        facts.names.push("file.rs");
        names.for_each(|name| {
            facts.names.push(name);
        });
        facts.scopes.push(ScopeFact { parent: None, owner: Some(SymbolIdx(0)), is_module: true });
        facts.symbols.push(symbol(SymbolKind::FILE, NameIdx(0), ItemDetail::None));
        Self { facts }
    }

    fn finish(self) -> FileFacts {
        self.facts
    }

    fn name(&self, dice: &mut Dice<'_>) -> NameIdx {
        NameIdx(dice.below(self.facts.names.len()))
    }

    fn scope_idx(&self, dice: &mut Dice<'_>) -> ScopeIdx {
        ScopeIdx(dice.below(self.facts.scopes.len()))
    }

    /// A list of up to three entries below `count`; empty when there are none.
    fn list(&mut self, dice: &mut Dice<'_>, count: usize) -> List {
        let len = if count == 0 { 0 } else { dice.below(4) };
        let start = self.facts.lists.len() as u32;
        for _ in 0..len {
            let entry = dice.below(count);
            self.facts.lists.push(entry);
        }
        List { start, len }
    }

    fn types(&mut self, dice: &mut Dice<'_>) -> List {
        self.list(dice, self.facts.types.len())
    }

    fn type_idx(&self, dice: &mut Dice<'_>) -> Option<TypeIdx> {
        let count = self.facts.types.len();
        (count > 0 && dice.flag()).then(|| TypeIdx(dice.below(count)))
    }

    fn expr_idx(&self, dice: &mut Dice<'_>) -> Option<ExprIdx> {
        let count = self.facts.exprs.len();
        (count > 0 && dice.flag()).then(|| ExprIdx(dice.below(count)))
    }

    fn scope(&mut self, mut dice: Dice<'_>) {
        let parent = Some(self.scope_idx(&mut dice));
        let owner = dice.flag().then_some(SymbolIdx(0));
        self.facts.scopes.push(ScopeFact { parent, owner, is_module: dice.flag() });
    }

    /// A path over the types that are there.
    fn path(&mut self, dice: &mut Dice<'_>) -> u32 {
        let root = match (self.type_idx(dice), dice.flag()) {
            (Some(ty), _) => PathRoot::Qualified(ty, self.type_idx(dice)),
            (None, true) => PathRoot::Global,
            (None, false) => PathRoot::Plain,
        };
        let start = self.facts.segments.len() as u32;
        let len = 1 + dice.below(2);
        for _ in 0..len {
            let name = self.name(dice);
            let args = self.types(dice);
            let bindings = match self.type_idx(dice) {
                Some(ty) => {
                    let pair = List { start: self.facts.lists.len() as u32, len: 2 };
                    self.facts.lists.extend([self.name(dice).0, ty.0]);
                    pair
                }
                None => List::default(),
            };
            self.facts.segments.push(PathSegment { name, at: dice.below(1000), args, bindings });
        }
        self.facts.paths.push(PathFact { root, segments: List { start, len } });
        self.facts.paths.len() as u32 - 1
    }

    fn ty(&mut self, mut dice: Dice<'_>) {
        let dice = &mut dice;
        let at = dice.below(1000);
        let choice = dice.below(12);
        let kind = match (choice, self.facts.types.len()) {
            (0, _) => TypeKind::Path(self.path(dice)),
            (1, _) => TypeKind::Tuple(self.types(dice)),
            (2, _) => TypeKind::Function(self.types(dice)),
            (3, _) => TypeKind::ImplTrait(self.types(dice)),
            (4, _) => TypeKind::DynTrait(self.types(dice)),
            (5, _) => TypeKind::Never,
            (6, _) => TypeKind::Infer,
            (7, _) | (_, 0) => TypeKind::Unknown,
            (8, count) => TypeKind::Ref(TypeIdx(dice.below(count))),
            (9, count) => TypeKind::Pointer(TypeIdx(dice.below(count))),
            (10, count) => TypeKind::Slice(TypeIdx(dice.below(count))),
            (_, count) => TypeKind::Array(TypeIdx(dice.below(count))),
        };
        self.facts.types.push(TypeFact { at, kind });
    }

    /// Fields whose values lie below `count`.
    fn fields(&mut self, dice: &mut Dice<'_>, count: usize) -> List {
        let len = if count == 0 { 0 } else { dice.below(3) };
        let start = self.facts.fields.len() as u32;
        for _ in 0..len {
            let field = FieldInit { name: self.name(dice), value: dice.below(count) };
            self.facts.fields.push(field);
        }
        List { start, len }
    }

    fn pat(&mut self, mut dice: Dice<'_>) {
        let dice = &mut dice;
        let at = dice.below(1000);
        let count = self.facts.pats.len();
        let kind = match dice.below(11) {
            0 => PatKind::Rest,
            1 => PatKind::Path(self.path(dice)),
            2 => PatKind::TupleStruct(self.path(dice), self.list(dice, count)),
            3 => PatKind::Struct(self.path(dice), self.fields(dice, count)),
            4 => PatKind::Tuple(self.list(dice, count)),
            5 => PatKind::Slice(self.list(dice, count)),
            6 => PatKind::Or(self.list(dice, count)),
            7 if count > 0 => PatKind::Ref(PatIdx(dice.below(count))),
            8 if count > 0 => PatKind::Bind(self.name(dice), Some(PatIdx(dice.below(count)))),
            9 => PatKind::Bind(self.name(dice), None),
            _ => PatKind::Wild,
        };
        self.facts.pats.push(PatFact { at, kind });
    }

    fn expr(&mut self, mut dice: Dice<'_>) {
        let dice = &mut dice;
        let at = dice.below(1000);
        let kind = match self.facts.exprs.len() {
            0 => self.leaf(dice),
            count if dice.flag() => self.expr_of_parts(dice, count),
            count => self.expr_of_lists(dice, count),
        };
        self.facts.exprs.push(ExprFact { at, kind });
    }

    /// An expression without others inside.
    fn leaf(&mut self, dice: &mut Dice<'_>) -> ExprKind {
        let suffix = dice.flag().then(|| self.name(dice));
        match dice.below(6) {
            0 => ExprKind::Path(self.path(dice)),
            1 => ExprKind::Literal(LiteralKind::Integer(suffix)),
            2 => ExprKind::Literal(LiteralKind::Float(suffix)),
            3 => ExprKind::Literal(LiteralKind::Str),
            4 => ExprKind::Literal(LiteralKind::Char),
            _ => ExprKind::Continue,
        }
    }

    /// An expression of a fixed number of others, `count` of which are there.
    fn expr_of_parts(&mut self, dice: &mut Dice<'_>, count: usize) -> ExprKind {
        let (a, b) = (ExprIdx(dice.below(count)), ExprIdx(dice.below(count)));
        let maybe = self.expr_idx(dice);
        let operator = dice.of(&[OperatorKind::Add, OperatorKind::Compare, OperatorKind::Shift]);
        match dice.below(18) {
            0 => ExprKind::Field(a, self.name(dice)),
            1 => ExprKind::Index(a, b),
            2 => ExprKind::Try(a),
            3 => ExprKind::Await(a),
            4 => ExprKind::Ref(a),
            5 => ExprKind::Unary(dice.of(&[OperatorKind::Neg, OperatorKind::Not, OperatorKind::Deref]), a),
            6 => ExprKind::Binary(operator, a, b),
            7 => ExprKind::Assign(a, b, dice.flag().then_some(operator)),
            8 => ExprKind::If(a, b, maybe),
            9 => ExprKind::While(a, b),
            10 => ExprKind::Loop(a),
            11 => ExprKind::Range(maybe, Some(a)),
            12 => ExprKind::Return(maybe),
            13 => ExprKind::Break(maybe),
            14 if !self.facts.types.is_empty() => {
                ExprKind::Cast(a, TypeIdx(dice.below(self.facts.types.len())))
            }
            15 if !self.facts.pats.is_empty() => {
                ExprKind::For(PatIdx(dice.below(self.facts.pats.len())), a, b)
            }
            16 if !self.facts.pats.is_empty() => ExprKind::Let {
                pat: PatIdx(dice.below(self.facts.pats.len())),
                ty: self.type_idx(dice),
                init: maybe,
                otherwise: self.expr_idx(dice),
            },
            _ => self.leaf(dice),
        }
    }

    /// An expression of a list of others, `count` of which are there.
    fn expr_of_lists(&mut self, dice: &mut Dice<'_>, count: usize) -> ExprKind {
        let a = ExprIdx(dice.below(count));
        let list = self.list(dice, count);
        match dice.below(10) {
            0 => ExprKind::Unknown(list),
            1 => ExprKind::Call(a, list),
            2 => ExprKind::MethodCall {
                receiver: a,
                name: self.name(dice),
                type_args: self.types(dice),
                args: list,
            },
            3 => ExprKind::Tuple(list),
            4 => ExprKind::Array(list, dice.flag()),
            5 => ExprKind::Block {
                statements: list,
                tail: self.expr_idx(dice),
                scope: dice.flag().then(|| self.scope_idx(dice)),
                flavour: dice.of(&[BlockFlavour::Plain, BlockFlavour::Unsafe, BlockFlavour::Async]),
            },
            6 => ExprKind::Struct(self.path(dice), self.fields(dice, count), self.expr_idx(dice)),
            7 => ExprKind::Macro(self.path(dice), list),
            8 if !self.facts.pats.is_empty() => {
                let start = self.facts.arms.len() as u32;
                let pat = PatIdx(dice.below(self.facts.pats.len()));
                let guard = self.expr_idx(dice);
                self.facts.arms.push(ArmFact { pat, guard, body: a });
                ExprKind::Match(a, List { start, len: 1 })
            }
            9 if !self.facts.pats.is_empty() => {
                let params = List { start: self.facts.lists.len() as u32, len: 2 };
                let ty = self.type_idx(dice).map_or(u32::MAX, |ty| ty.0);
                let pat = dice.below(self.facts.pats.len());
                self.facts.lists.extend([pat, ty]);
                ExprKind::Closure(params, self.type_idx(dice), a)
            }
            _ => self.leaf(dice),
        }
    }

    /// A body, when there is an expression for it; it belongs to one of `symbols` that come later.
    fn body(&mut self, mut dice: Dice<'_>, symbols: usize) {
        if !self.facts.exprs.is_empty() {
            let owner = SymbolIdx(dice.below(symbols + 1));
            let scope = self.scope_idx(&mut dice);
            let root = ExprIdx(dice.below(self.facts.exprs.len()));
            self.facts.bodies.push(BodyFact { owner, scope, root });
        }
    }

    fn generics(&mut self, dice: &mut Dice<'_>) -> Generics {
        let mut generics = Generics::default();
        if dice.flag() {
            let param = GenericParam {
                name: self.name(dice),
                bounds: self.types(dice),
                default: self.type_idx(dice),
            };
            generics.params.push(param);
        }
        if let Some(ty) = self.type_idx(dice) {
            generics.predicates.push(WherePredicate { ty, bounds: self.types(dice) });
        }
        generics
    }

    fn symbol(&mut self, mut dice: Dice<'_>, text: &str, doc: Option<&str>) {
        let dice = &mut dice;
        let count = self.facts.symbols.len();
        let (kind, detail) = self.detail(dice);
        let line = count as u32;
        let start = line * 10;
        let parent = (count > 1 && dice.flag()).then(|| SymbolIdx(1 + dice.below(count - 1)));
        let fact = SymbolFact {
            parent,
            scope: self.scope_idx(dice),
            span: ByteSpan::new(start, start + dice.below(30)),
            lines: LineSpan { first: line, last: line + dice.below(3) },
            name_span: ByteSpan::new(start, start + 3),
            name_line: line,
            visibility: dice.of(&[
                Visibility::Public,
                Visibility::Crate,
                Visibility::Restricted,
                Visibility::Private,
            ]),
            signature: format!("{kind} {text}"),
            doc: doc.unwrap_or_default().to_owned(),
            attributes: doc.map(|doc| format!("doc = {doc:?}")).into_iter().collect(),
            ordinal: dice.below(3),
            body_fingerprint: u64::from(dice.below(1000)) << 48,
            in_macro: dice.flag(),
            ..symbol(kind, self.name(dice), detail)
        };
        self.facts.symbols.push(fact);
        self.facts.line_lengths.push(10);
        if dice.below(8) == 0 {
            self.facts.diagnostics.push(FactDiagnostic {
                code: ErrorCode::INDEX_SYNTAX_ERROR,
                span: ByteSpan::new(start, start + 1),
                line,
            });
        }
    }

    fn detail(&mut self, dice: &mut Dice<'_>) -> (SymbolKind, ItemDetail) {
        let generics = self.generics(dice);
        let ty = self.type_idx(dice);
        let bodies = self.facts.bodies.len();
        let body = (bodies > 0 && dice.flag()).then(|| dice.below(bodies));
        match (dice.below(9), ty) {
            (0, _) => (SymbolKind::STRUCT, ItemDetail::Adt(generics)),
            (1, Some(ty)) => (SymbolKind::FIELD, ItemDetail::Field(ty)),
            (2, _) => (SymbolKind::CONSTANT, ItemDetail::Value { ty, body }),
            (3, _) => (SymbolKind::TYPE, ItemDetail::Alias { generics, ty, bounds: self.types(dice) }),
            (4, _) => (SymbolKind::TRAIT, ItemDetail::Trait { generics, supertraits: self.types(dice) }),
            (5, Some(self_type)) => {
                let of_trait = self.type_idx(dice);
                (
                    SymbolKind::IMPL,
                    ItemDetail::Impl { generics, of_trait, self_type, is_negative: dice.flag() },
                )
            }
            (6, _) => {
                let scope = dice.flag().then(|| self.scope_idx(dice));
                (SymbolKind::MODULE, ItemDetail::Module { scope, path: None })
            }
            (7, _) => (SymbolKind::new("macro"), ItemDetail::Macro { is_exported: dice.flag() }),
            _ => {
                let kind = dice.of(&[SymbolKind::FUNCTION, SymbolKind::METHOD, SymbolKind::TEST]);
                let params = match (ty, self.facts.pats.len()) {
                    (Some(ty), count) if count > 0 => vec![ParamFact { pat: PatIdx(dice.below(count)), ty }],
                    _ => Vec::new(),
                };
                let detail = FunctionDetail {
                    generics,
                    self_kind: dice.of(&[SelfKind::None, SelfKind::Value, SelfKind::Ref, SelfKind::RefMut]),
                    self_type: self.type_idx(dice),
                    params,
                    result: self.type_idx(dice),
                    is_async: dice.flag(),
                    body,
                };
                (kind, ItemDetail::Function(Box::new(detail)))
            }
        }
    }

    fn import(&mut self, mut dice: Dice<'_>) {
        let dice = &mut dice;
        let name = self.name(dice);
        let kinds =
            [ImportKind::Name(name), ImportKind::Glob, ImportKind::Anonymous, ImportKind::ExternCrate(name)];
        let segments = (0..1 + dice.below(3)).map(|_| self.name(dice)).collect();
        self.facts.imports.push(ImportFact {
            scope: self.scope_idx(dice),
            at: dice.below(1000),
            is_global: dice.flag(),
            segments,
            kind: dice.of(&kinds),
            visibility: dice.of(&[Visibility::Private, Visibility::Public]),
            cfg: dice.flag().then(|| "unix".to_owned()).into_iter().collect(),
        });
    }
}

fn symbol(kind: SymbolKind, name: NameIdx, detail: ItemDetail) -> SymbolFact {
    SymbolFact {
        kind,
        name,
        parent: None,
        scope: ScopeIdx(0),
        span: ByteSpan::default(),
        lines: LineSpan { first: 1, last: 1 },
        name_span: ByteSpan::default(),
        name_line: 1,
        visibility: Visibility::Public,
        signature: String::new(),
        doc: String::new(),
        attributes: Vec::new(),
        ordinal: 0,
        body_fingerprint: 0,
        in_macro: false,
        detail,
    }
}
