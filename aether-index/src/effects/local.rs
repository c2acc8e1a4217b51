//! What a body does by itself, as far as its text says: macros, operators, blocks without checks.

use aether_core::code::EffectKind;
use aether_core::code::facts::{
    BlockFlavour, ExprIdx, ExprKind, FileFacts, NameIdx, OperatorKind, PatKind, SymbolIdx,
};

use super::table::EffectTable;

/// A place in a body that has an effect.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) kind: EffectKind,
    pub(super) at: u32,
    pub(super) text: String,
}

/// What a body says by itself.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) origins: Vec<Origin>,
    /// Calls of values, by their byte: of a parameter, of a field. They may lead anywhere, unless an edge
    /// says where.
    pub(super) opaque: Vec<(u32, String)>,
}

/// What each body of a file says, with its owner.
pub(super) fn bodies(facts: &FileFacts, table: &EffectTable) -> Vec<(SymbolIdx, Body)> {
    facts.bodies.iter().map(|body| (body.owner, of_body(facts, body.root, table))).collect()
}

fn of_body(facts: &FileFacts, root: ExprIdx, table: &EffectTable) -> Body {
    let mut body = Body::default();
    let mut closures: Vec<NameIdx> = Vec::new();
    let mut open = vec![root];
    let mut children = Vec::new();
    while let Some(index) = open.pop() {
        let Some(expr) = facts.exprs.get(index.0 as usize) else { continue };
        let mut push = |kind: &EffectKind, text: &str| {
            body.origins.push(Origin { kind: kind.clone(), at: expr.at, text: text.to_owned() });
        };
        match expr.kind {
            ExprKind::Macro(path, _) => {
                let name = facts.path_names(path).last().map_or("", |name| facts.name(name));
                let text = format!("{name}!");
                table.of_macro(name).iter().for_each(|kind| push(kind, &text));
            }
            ExprKind::Index(..) => push(&EffectKind::INDEX, "[…]"),
            ExprKind::Binary(operator, ..) | ExprKind::Assign(.., Some(operator))
                if may_overflow(operator) =>
            {
                push(&EffectKind::ARITHMETIC, "arithmetic");
            }
            ExprKind::Block { flavour: BlockFlavour::Unsafe, .. } => push(&EffectKind::UNSAFE, "unsafe"),
            ExprKind::Let { pat, init: Some(init), .. } => {
                let is_closure = facts
                    .exprs
                    .get(init.0 as usize)
                    .is_some_and(|it| matches!(it.kind, ExprKind::Closure(..)));
                if let Some(PatKind::Bind(name, None)) = facts.pats.get(pat.0 as usize).map(|pat| pat.kind)
                    && is_closure
                {
                    // What it does is part of this body.
                    closures.push(name);
                }
            }
            ExprKind::Call(callee, _) => match facts.exprs.get(callee.0 as usize).map(|callee| callee.kind) {
                Some(ExprKind::Path(path)) => match facts.path_names(path).collect::<Vec<_>>()[..] {
                    [name] if !closures.contains(&name) && is_variable(facts.name(name)) => {
                        body.opaque.push((expr.at, facts.name(name).to_owned()));
                    }
                    _ => {}
                },
                Some(ExprKind::Closure(..)) => {}
                _ => body.opaque.push((expr.at, "(…)()".to_owned())),
            },
            _ => {}
        }
        children.clear();
        facts.each_child(index, &mut |child| children.push(child));
        open.extend(children.iter().rev());
    }
    body
}

fn may_overflow(operator: OperatorKind) -> bool {
    use OperatorKind::{Add, Div, Mul, Rem, Sub};

    matches!(operator, Add | Sub | Mul | Div | Rem)
}

/// Whether a name is written like one of a variable or function, not of a type or variant.
fn is_variable(name: &str) -> bool {
    name.chars().next().is_some_and(|first| first.is_lowercase() || first == '_')
}
