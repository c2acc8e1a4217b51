//! Expressions and statements.

use aether_core::code::facts::{
    ArmFact, BlockFlavour, ExprFact, ExprIdx, ExprKind, FieldInit, List, LiteralKind, NameIdx, OperatorKind,
    PatKind, ScopeFact, ScopeIdx, SymbolIdx,
};

use super::pat::is_pattern;
use super::{Cursor, Field, Kind, Walk, moved};

impl Walk<'_, '_> {
    pub(super) fn push_expr(&mut self, at: u32, kind: ExprKind) -> ExprIdx {
        self.memory.facts.exprs.push(ExprFact { at, kind });
        ExprIdx(self.memory.facts.exprs.len() as u32 - 1)
    }

    fn unknown(&mut self, at: u32) -> ExprIdx {
        self.push_expr(at, ExprKind::Unknown(List::default()))
    }

    /// Reads the statement or expression at the cursor; `None` for an item or a comment.
    pub(super) fn statement(&mut self, cursor: &mut Cursor<'_>, kind: Kind) -> Option<ExprIdx> {
        match kind {
            Kind::ExpressionStatement => {
                let mut inner = None;
                self.nodes(cursor, |walk, cursor, kind| {
                    if kind.is_named() {
                        // A comment may stand behind the expression.
                        inner = walk.statement(cursor, kind).or(inner);
                    }
                });
                inner
            }
            Kind::LetDeclaration => Some(self.let_(cursor)),
            Kind::LineComment
            | Kind::BlockComment
            | Kind::AttributeItem
            | Kind::InnerAttributeItem
            | Kind::EmptyStatement
            | Kind::Label
            | Kind::Lifetime
            | Kind::MutableSpecifier => None,
            _ if is_item(kind) => {
                self.item(cursor, kind);
                None
            }
            _ => Some(self.expr(cursor)),
        }
    }

    /// Reads the expression at the cursor.
    pub(super) fn expr(&mut self, cursor: &mut Cursor<'_>) -> ExprIdx {
        let at = self.start_of(cursor);
        if self.memory.facts.exprs.len() > self.limits.max_expressions as usize {
            return ExprIdx(self.memory.facts.exprs.len() as u32 - 1);
        }
        match cursor.kind() {
            Kind::Identifier
            | Kind::ScopedIdentifier
            | Kind::GenericFunction
            | Kind::SelfValue
            | Kind::Super
            | Kind::Crate
            | Kind::Metavariable => {
                let (path, at) = self.path(cursor);
                self.push_expr(at, ExprKind::Path(path))
            }
            Kind::CallExpression => self.call(cursor, at),
            Kind::FieldExpression => {
                let (receiver, at, name) = self.field_access(cursor);
                self.push_expr(at, ExprKind::Field(receiver, name))
            }
            Kind::MacroInvocation => self.expr_macro(cursor),
            Kind::ParenthesizedExpression => self.only_expr(cursor, at),
            Kind::ReferenceExpression => {
                let value = self.only_expr(cursor, at);
                self.push_expr(at, ExprKind::Ref(value))
            }
            Kind::TryExpression => {
                let value = self.only_expr(cursor, at);
                let end = self.span_of(cursor).end.saturating_sub(1);
                self.push_expr(end, ExprKind::Try(value))
            }
            Kind::AwaitExpression => {
                let value = self.only_expr(cursor, at);
                self.push_expr(at, ExprKind::Await(value))
            }
            Kind::UnaryExpression => self.unary(cursor, at),
            Kind::BinaryExpression => self.binary(cursor, at),
            Kind::LetChain => self.let_chain(cursor, at),
            Kind::AssignmentExpression => self.assignment(cursor, at, false),
            Kind::CompoundAssignmentExpr => self.assignment(cursor, at, true),
            Kind::TupleExpression => {
                let list = self.expr_list(cursor);
                self.push_expr(at, ExprKind::Tuple(list))
            }
            Kind::UnitExpression => self.push_expr(at, ExprKind::Tuple(List::default())),
            Kind::ArrayExpression => {
                let mut is_repeat = false;
                let mark = self.memory.scratch.len();
                self.children(cursor, |walk, cursor, kind, field| {
                    is_repeat |= field == Field::Length;
                    if is_expr(kind) {
                        let expr = walk.expr(cursor);
                        walk.memory.scratch.push(expr.0);
                    }
                });
                let list = self.list_from(mark);
                self.push_expr(at, ExprKind::Array(list, is_repeat))
            }
            Kind::IndexExpression => {
                let (base, index) = self.two_exprs(cursor, at);
                self.push_expr(at, ExprKind::Index(base, index))
            }
            Kind::Block => self.block(cursor, at, BlockFlavour::Plain),
            Kind::UnsafeBlock => self.inner_block(cursor, at, BlockFlavour::Unsafe),
            Kind::AsyncBlock => self.inner_block(cursor, at, BlockFlavour::Async),
            Kind::ConstBlock => self.inner_block(cursor, at, BlockFlavour::Const),
            Kind::TryBlock => self.inner_block(cursor, at, BlockFlavour::Plain),
            Kind::IfExpression => self.if_(cursor, at),
            Kind::LetCondition => self.let_(cursor),
            Kind::LetDeclaration => self.let_(cursor),
            Kind::MatchExpression => self.match_(cursor, at),
            Kind::WhileExpression => {
                let mut condition = None;
                let mut body = None;
                self.children(cursor, |walk, cursor, _, field| match field {
                    Field::Condition => condition = Some(walk.expr(cursor)),
                    Field::Body => body = Some(walk.expr(cursor)),
                    _ => {}
                });
                let condition = condition.unwrap_or_else(|| self.unknown(at));
                let body = body.unwrap_or_else(|| self.unknown(at));
                self.push_expr(at, ExprKind::While(condition, body))
            }
            Kind::LoopExpression => {
                let mut body = None;
                self.children(cursor, |walk, cursor, _, field| {
                    if field == Field::Body {
                        body = Some(walk.expr(cursor));
                    }
                });
                let body = body.unwrap_or_else(|| self.unknown(at));
                self.push_expr(at, ExprKind::Loop(body))
            }
            Kind::ForExpression => self.for_(cursor, at),
            Kind::ClosureExpression => self.closure(cursor, at),
            Kind::StructExpression => self.struct_(cursor, at),
            Kind::TypeCastExpression => {
                let mut value = None;
                let mut ty = None;
                self.children(cursor, |walk, cursor, _, field| match field {
                    Field::Value => value = Some(walk.expr(cursor)),
                    Field::Type => ty = Some(walk.ty(cursor)),
                    _ => {}
                });
                match (value, ty) {
                    (Some(value), Some(ty)) => self.push_expr(at, ExprKind::Cast(value, ty)),
                    (Some(value), None) => value,
                    _ => self.unknown(at),
                }
            }
            Kind::RangeExpression => self.range(cursor, at),
            Kind::ReturnExpression => {
                let value = self.optional_expr(cursor);
                self.push_expr(at, ExprKind::Return(value))
            }
            Kind::BreakExpression => {
                let value = self.optional_expr(cursor);
                self.push_expr(at, ExprKind::Break(value))
            }
            Kind::ContinueExpression => self.push_expr(at, ExprKind::Continue),
            Kind::IntegerLiteral => {
                let suffix = self.literal_suffix(cursor, &["f32", "f64"]);
                match suffix {
                    (Some(name), true) => {
                        self.push_expr(at, ExprKind::Literal(LiteralKind::Float(Some(name))))
                    }
                    (name, _) => self.push_expr(at, ExprKind::Literal(LiteralKind::Integer(name))),
                }
            }
            Kind::FloatLiteral => {
                let (suffix, _) = self.literal_suffix(cursor, &[]);
                self.push_expr(at, ExprKind::Literal(LiteralKind::Float(suffix)))
            }
            Kind::StringLiteral | Kind::RawStringLiteral => {
                let kind = match self.text_of(cursor).as_bytes().first() {
                    Some(b'b') => LiteralKind::ByteStr,
                    Some(b'c') => LiteralKind::CStr,
                    _ => LiteralKind::Str,
                };
                self.push_expr(at, ExprKind::Literal(kind))
            }
            Kind::CharLiteral => {
                let is_byte = self.text_of(cursor).starts_with('b');
                let kind = if is_byte { LiteralKind::Byte } else { LiteralKind::Char };
                self.push_expr(at, ExprKind::Literal(kind))
            }
            Kind::BooleanLiteral => self.push_expr(at, ExprKind::Literal(LiteralKind::Bool)),
            _ => {
                // A form that is not modelled, or a region that does not parse: what is inside counts.
                let mark = self.memory.scratch.len();
                self.nodes(cursor, |walk, cursor, kind| {
                    if kind.is_named()
                        && let Some(expr) = walk.statement(cursor, kind)
                    {
                        walk.memory.scratch.push(expr.0);
                    }
                });
                let list = self.list_from(mark);
                self.push_expr(at, ExprKind::Unknown(list))
            }
        }
    }

    /// Pushes the expressions below the cursor to the scratch list.
    pub(super) fn push_exprs(&mut self, cursor: &mut Cursor<'_>) {
        self.nodes(cursor, |walk, cursor, kind| {
            if is_expr(kind) {
                let expr = walk.expr(cursor);
                walk.memory.scratch.push(expr.0);
            }
        });
    }

    fn expr_list(&mut self, cursor: &mut Cursor<'_>) -> List {
        let mark = self.memory.scratch.len();
        self.push_exprs(cursor);
        self.list_from(mark)
    }

    fn optional_expr(&mut self, cursor: &mut Cursor<'_>) -> Option<ExprIdx> {
        let mut inner = None;
        self.nodes(cursor, |walk, cursor, kind| {
            if is_expr(kind) {
                inner = Some(walk.expr(cursor));
            }
        });
        inner
    }

    fn only_expr(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let inner = self.optional_expr(cursor);
        inner.unwrap_or_else(|| self.unknown(at))
    }

    fn two_exprs(&mut self, cursor: &mut Cursor<'_>, at: u32) -> (ExprIdx, ExprIdx) {
        let mut found = [None, None];
        self.nodes(cursor, |walk, cursor, kind| {
            if is_expr(kind) {
                let expr = walk.expr(cursor);
                let slot = usize::from(found[0].is_some());
                found[slot] = Some(expr);
            }
        });
        let [first, second] = found;
        let first = first.unwrap_or_else(|| self.unknown(at));
        (first, second.unwrap_or_else(|| self.unknown(at)))
    }

    fn call(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        enum Callee {
            Value(ExprIdx),
            Method(ExprIdx, u32, NameIdx, List),
        }
        let mut callee = None;
        let mut args = List::default();
        self.children_to(cursor, Field::Arguments, |walk, cursor, kind, field| match field {
            Field::Function => {
                callee = Some(match kind {
                    Kind::FieldExpression => {
                        let (receiver, at, name) = walk.field_access(cursor);
                        Callee::Method(receiver, at, name, List::default())
                    }
                    Kind::GenericFunction if walk.is_generic_method(cursor) => {
                        let mut access = None;
                        let mut types = List::default();
                        walk.nodes(cursor, |walk, cursor, kind| match kind {
                            Kind::FieldExpression => access = Some(walk.field_access(cursor)),
                            Kind::TypeArguments => types = walk.type_list(cursor),
                            _ => {}
                        });
                        match access {
                            Some((receiver, at, name)) => Callee::Method(receiver, at, name, types),
                            None => Callee::Value(walk.unknown(at)),
                        }
                    }
                    _ => Callee::Value(walk.expr(cursor)),
                });
            }
            Field::Arguments => args = walk.expr_list(cursor),
            _ => {}
        });
        match callee {
            Some(Callee::Method(receiver, at, name, type_args)) => {
                self.push_expr(at, ExprKind::MethodCall { receiver, name, type_args, args })
            }
            Some(Callee::Value(callee)) => {
                let at = self.memory.facts.exprs.get(callee.0 as usize).map_or(at, |expr| expr.at);
                self.push_expr(at, ExprKind::Call(callee, args))
            }
            None => self.push_expr(at, ExprKind::Unknown(args)),
        }
    }

    /// Whether the node at the cursor is `a.b::<T>`.
    fn is_generic_method(&self, cursor: &mut Cursor<'_>) -> bool {
        let place = cursor.place();
        if !cursor.first_child() {
            return false;
        }
        let is_method = cursor.kind() == Kind::FieldExpression;
        cursor.back_to(place);
        is_method
    }

    /// Receiver, byte of the name, and name of `a.b`.
    fn field_access(&mut self, cursor: &mut Cursor<'_>) -> (ExprIdx, u32, NameIdx) {
        let mut receiver = None;
        let mut at = self.start_of(cursor);
        let mut name = None;
        self.children_to(cursor, Field::Member, |walk, cursor, _, field| match field {
            Field::Value => receiver = Some(walk.expr(cursor)),
            Field::Member => {
                at = walk.start_of(cursor);
                name = Some(walk.name_at(cursor));
            }
            _ => {}
        });
        let receiver = receiver.unwrap_or_else(|| self.unknown(at));
        (receiver, at, name.unwrap_or_else(|| self.synthetic_name("")))
    }

    fn unary(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let operator = match self.text.as_bytes().get(at as usize) {
            Some(b'*') => OperatorKind::Deref,
            Some(b'!') => OperatorKind::Not,
            _ => OperatorKind::Neg,
        };
        let value = self.only_expr(cursor, at);
        self.push_expr(at, ExprKind::Unary(operator, value))
    }

    fn binary(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let (left, operator, right) = self.operands(cursor, at);
        self.push_expr(at, ExprKind::Binary(operator, left, right))
    }

    fn operands(&mut self, cursor: &mut Cursor<'_>, at: u32) -> (ExprIdx, OperatorKind, ExprIdx) {
        let mut left = None;
        let mut right = None;
        let mut operator = OperatorKind::Add;
        // All children, because an operator is punctuation.
        self.tokens(cursor, |walk, cursor| match cursor.field() {
            Field::Left => left = Some(walk.expr(cursor)),
            Field::Right => right = Some(walk.expr(cursor)),
            Field::Operator => operator = cursor.operator(),
            _ => {}
        });
        let left = left.unwrap_or_else(|| self.unknown(at));
        (left, operator, right.unwrap_or_else(|| self.unknown(at)))
    }

    fn assignment(&mut self, cursor: &mut Cursor<'_>, at: u32, is_compound: bool) -> ExprIdx {
        let (left, operator, right) = self.operands(cursor, at);
        self.push_expr(at, ExprKind::Assign(left, right, is_compound.then_some(operator)))
    }

    fn let_chain(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let list = self.expr_list(cursor);
        let parts: Vec<u32> = self.memory.facts.list(list).to_vec();
        let mut parts = parts.into_iter().map(ExprIdx);
        let Some(first) = parts.next() else { return self.unknown(at) };
        parts
            .fold(first, |left, right| self.push_expr(at, ExprKind::Binary(OperatorKind::Logic, left, right)))
    }

    fn let_(&mut self, cursor: &mut Cursor<'_>) -> ExprIdx {
        let at = self.start_of(cursor);
        let mut pat = None;
        let mut ty = None;
        let mut init = None;
        let mut otherwise = None;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Pattern => pat = Some(walk.pat(cursor)),
            Field::Type => ty = Some(walk.ty(cursor)),
            Field::Value => init = Some(walk.expr(cursor)),
            Field::Alternative => otherwise = Some(walk.expr(cursor)),
            _ => {}
        });
        let pat = pat.unwrap_or_else(|| self.push_pat(at, PatKind::Wild));
        self.push_expr(at, ExprKind::Let { pat, ty, init, otherwise })
    }

    fn if_(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let mut condition = None;
        let mut then = None;
        let mut otherwise = None;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Condition => condition = Some(walk.expr(cursor)),
            Field::Consequence => then = Some(walk.expr(cursor)),
            Field::Alternative => otherwise = walk.optional_expr(cursor),
            _ => {}
        });
        let condition = condition.unwrap_or_else(|| self.unknown(at));
        let then = then.unwrap_or_else(|| self.unknown(at));
        self.push_expr(at, ExprKind::If(condition, then, otherwise))
    }

    fn match_(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let mut value = None;
        let mark = self.memory.arms.len();
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Value => value = Some(walk.expr(cursor)),
            Field::Body => walk.nodes(cursor, |walk, cursor, kind| {
                if kind == Kind::MatchArm {
                    let arm = walk.arm(cursor);
                    walk.memory.arms.push(arm);
                }
            }),
            _ => {}
        });
        let value = value.unwrap_or_else(|| self.unknown(at));
        let list = moved(&mut self.memory.arms, mark, &mut self.memory.facts.arms);
        self.push_expr(at, ExprKind::Match(value, list))
    }

    fn arm(&mut self, cursor: &mut Cursor<'_>) -> ArmFact {
        let at = self.start_of(cursor);
        let mut pat = None;
        let mut guard = None;
        let mut body = None;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Pattern => walk.children(cursor, |walk, cursor, kind, field| {
                if field == Field::Condition {
                    guard = Some(walk.expr(cursor));
                } else if is_pattern(kind) {
                    pat = Some(walk.pat(cursor));
                }
            }),
            Field::Value => body = Some(walk.expr(cursor)),
            _ => {}
        });
        ArmFact {
            pat: pat.unwrap_or_else(|| self.push_pat(at, PatKind::Wild)),
            guard,
            body: body.unwrap_or_else(|| self.unknown(at)),
        }
    }

    fn for_(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let mut pat = None;
        let mut value = None;
        let mut body = None;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Pattern => pat = Some(walk.pat(cursor)),
            Field::Value => value = Some(walk.expr(cursor)),
            Field::Body => body = Some(walk.expr(cursor)),
            _ => {}
        });
        let pat = pat.unwrap_or_else(|| self.push_pat(at, PatKind::Wild));
        let value = value.unwrap_or_else(|| self.unknown(at));
        let body = body.unwrap_or_else(|| self.unknown(at));
        self.push_expr(at, ExprKind::For(pat, value, body))
    }

    fn closure(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        // Pairs of a pattern and a type.
        let mark = self.memory.scratch.len();
        let mut result = None;
        let mut body = None;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Parameters => walk.nodes(cursor, |walk, cursor, kind| {
                if kind == Kind::Parameter {
                    let mut pat = None;
                    let mut ty = u32::MAX;
                    walk.children(cursor, |walk, cursor, _, field| match field {
                        Field::Pattern => pat = Some(walk.pat(cursor)),
                        Field::Type => ty = walk.ty(cursor).0,
                        _ => {}
                    });
                    let pat = pat.unwrap_or_else(|| walk.push_pat(at, PatKind::Wild));
                    walk.memory.scratch.extend([pat.0, ty]);
                } else if is_pattern(kind) {
                    let pat = walk.pat(cursor);
                    walk.memory.scratch.extend([pat.0, u32::MAX]);
                }
            }),
            Field::ReturnType => result = Some(walk.ty(cursor)),
            Field::Body => body = Some(walk.expr(cursor)),
            _ => {}
        });
        let params = self.list_from(mark);
        let body = body.unwrap_or_else(|| self.unknown(at));
        self.push_expr(at, ExprKind::Closure(params, result, body))
    }

    fn struct_(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let mut path = None;
        let mark = self.memory.fields.len();
        let mut base = None;
        self.children(cursor, |walk, cursor, _, field| match field {
            Field::Name => path = Some(walk.path(cursor)),
            Field::Body => walk.nodes(cursor, |walk, cursor, kind| match kind {
                Kind::FieldInitializer => {
                    let mut name = None;
                    let mut value = None;
                    walk.children(cursor, |walk, cursor, _, field| match field {
                        Field::Member => name = Some(walk.name_at(cursor)),
                        Field::Value => value = Some(walk.expr(cursor)),
                        _ => {}
                    });
                    if let (Some(name), Some(value)) = (name, value) {
                        walk.memory.fields.push(FieldInit { name, value: value.0 });
                    }
                }
                Kind::ShorthandFieldInitializer => walk.nodes(cursor, |walk, cursor, kind| {
                    if kind == Kind::Identifier {
                        let name = walk.name_at(cursor);
                        let value = walk.expr(cursor);
                        walk.memory.fields.push(FieldInit { name, value: value.0 });
                    }
                }),
                Kind::BaseFieldInitializer => base = walk.optional_expr(cursor),
                _ => {}
            }),
            _ => {}
        });
        let list = moved(&mut self.memory.fields, mark, &mut self.memory.facts.fields);
        match path {
            Some((path, at)) => self.push_expr(at, ExprKind::Struct(path, list, base)),
            None => self.unknown(at),
        }
    }

    fn range(&mut self, cursor: &mut Cursor<'_>, at: u32) -> ExprIdx {
        let mut start = None;
        let mut end = None;
        let mut is_past_dots = false;
        self.tokens(cursor, |walk, cursor| {
            let kind = cursor.kind();
            if is_expr(kind) {
                let expr = walk.expr(cursor);
                *(if is_past_dots { &mut end } else { &mut start }) = Some(expr);
            } else {
                is_past_dots |= !kind.is_named();
            }
        });
        self.push_expr(at, ExprKind::Range(start, end))
    }

    fn inner_block(&mut self, cursor: &mut Cursor<'_>, at: u32, flavour: BlockFlavour) -> ExprIdx {
        let mut block = None;
        self.nodes(cursor, |walk, cursor, kind| {
            if kind == Kind::Block {
                block = Some(walk.block(cursor, at, flavour));
            }
        });
        block.unwrap_or_else(|| self.unknown(at))
    }

    /// Reads a block; it opens a scope when it declares items.
    pub(super) fn block(&mut self, cursor: &mut Cursor<'_>, at: u32, flavour: BlockFlavour) -> ExprIdx {
        let outer = self.scope;
        let mut own: Option<ScopeIdx> = None;
        let mark = self.memory.scratch.len();
        let mut tail = None;
        self.nodes(cursor, |walk, cursor, kind| {
            match kind {
                Kind::Underscore => return,
                Kind::AttributeItem => {
                    walk.attribute(cursor);
                    return;
                }
                Kind::LineComment | Kind::BlockComment => {
                    walk.comment(cursor);
                    return;
                }
                _ => {}
            }
            if !is_item(kind) {
                walk.forget_docs();
            }
            if is_item(kind) {
                walk.scope = match own {
                    Some(scope) => scope,
                    None => *own.insert(walk.open_scope(outer)),
                };
            }
            tail = None;
            match kind {
                Kind::ExpressionStatement | Kind::LetDeclaration => {
                    let ends_in_semicolon = walk.text_of(cursor).as_bytes().last() == Some(&b';');
                    if let Some(expr) = walk.statement(cursor, kind) {
                        walk.memory.scratch.push(expr.0);
                        tail = (!ends_in_semicolon).then_some(expr);
                    }
                }
                _ => {
                    if let Some(expr) = walk.statement(cursor, kind) {
                        walk.memory.scratch.push(expr.0);
                        tail = Some(expr);
                    }
                }
            }
        });
        if tail.is_some() {
            self.memory.scratch.pop();
        }
        let statements = self.list_from(mark);
        self.scope = outer;
        self.forget_docs();
        self.push_expr(at, ExprKind::Block { statements, tail, scope: own, flavour })
    }

    fn open_scope(&mut self, parent: ScopeIdx) -> ScopeIdx {
        let owner = Some(self.parent.unwrap_or(SymbolIdx(0)));
        self.push_scope(ScopeFact { parent: Some(parent), owner, is_module: false })
    }

    /// The suffix of a number, and whether it is one of `floats`.
    fn literal_suffix(&mut self, cursor: &Cursor<'_>, floats: &[&str]) -> (Option<NameIdx>, bool) {
        const SUFFIXES: [&str; 14] = [
            "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "u128", "i128", "usize", "isize", "f32",
            "f64",
        ];
        let text = self.text_of(cursor);
        if text.starts_with("0x") && !text.contains(['u', 'i']) {
            return (None, false);
        }
        let Some(suffix) = SUFFIXES.into_iter().find(|suffix| text.ends_with(suffix)) else {
            return (None, false);
        };
        let is_float = floats.contains(&suffix);
        (Some(self.name(&text[text.len() - suffix.len()..])), is_float)
    }
}

/// Whether the node at the cursor is an expression, wherever an expression is expected.
fn is_expr(kind: Kind) -> bool {
    kind.is_named()
        && !matches!(
            kind,
            Kind::LineComment
                | Kind::BlockComment
                | Kind::AttributeItem
                | Kind::InnerAttributeItem
                | Kind::MutableSpecifier
                | Kind::Label
                | Kind::Lifetime
        )
}

/// Whether a node of this kind declares something.
pub(super) fn is_item(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::FunctionItem
            | Kind::FunctionSignatureItem
            | Kind::StructItem
            | Kind::UnionItem
            | Kind::EnumItem
            | Kind::TraitItem
            | Kind::ImplItem
            | Kind::ModItem
            | Kind::ConstItem
            | Kind::StaticItem
            | Kind::TypeItem
            | Kind::AssociatedType
            | Kind::MacroDefinition
            | Kind::UseDeclaration
            | Kind::ExternCrateDeclaration
            | Kind::ForeignModItem
    )
}
