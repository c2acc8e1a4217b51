//! What a body does by itself, as far as its text says: macros, operators, blocks without checks.

use aether_core::code::EffectKind;
use aether_core::code::facts::{BlockFlavour, ExprIdx, ExprKind, FileFacts, OperatorKind, SymbolIdx};

use super::table::EffectTable;

/// A place in a body that has an effect.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) kind: EffectKind,
    pub(super) at: u32,
    pub(super) text: String,
}

/// The origins of each function of a file, in the order of the text.
///
/// Expressions of a file lie in one list, each body after the last one, so that a body is what lies between
/// its root and that of the body before it.
pub(super) fn origins(facts: &FileFacts, table: &EffectTable) -> Vec<(SymbolIdx, Vec<Origin>)> {
    facts.bodies.iter().map(|body| (body.owner, of_body(facts, body.root.0, table))).collect()
}

fn of_body(facts: &FileFacts, root: u32, table: &EffectTable) -> Vec<Origin> {
    let mut found = Vec::new();
    let mut open = vec![ExprIdx(root)];
    let mut children = Vec::new();
    while let Some(index) = open.pop() {
        let Some(expr) = facts.exprs.get(index.0 as usize) else { continue };
        let mut push = |kind: EffectKind, text: &str| {
            found.push(Origin { kind, at: expr.at, text: text.to_owned() });
        };
        match expr.kind {
            ExprKind::Macro(path, _) => {
                let name = last_segment(facts, path);
                for kind in table.of_macro(name) {
                    push(kind.clone(), &format!("{name}!"));
                }
            }
            ExprKind::Index(..) => push(EffectKind::INDEX, "[…]"),
            ExprKind::Binary(operator, ..) | ExprKind::Assign(.., Some(operator)) => {
                if matches!(
                    operator,
                    OperatorKind::Add
                        | OperatorKind::Sub
                        | OperatorKind::Mul
                        | OperatorKind::Div
                        | OperatorKind::Rem
                ) {
                    push(EffectKind::ARITHMETIC, "arithmetic");
                }
            }
            ExprKind::Block { flavour: BlockFlavour::Unsafe, .. } => push(EffectKind::UNSAFE, "unsafe"),
            _ => {}
        }
        children.clear();
        facts.each_child(index, &mut |child| children.push(child));
        open.extend(children.iter().rev());
    }
    found
}

fn last_segment(facts: &FileFacts, path: u32) -> &str {
    let segments = facts.paths.get(path as usize).map(|path| path.segments);
    let last = segments.and_then(|list| {
        let end = (list.start + list.len) as usize;
        facts.segments.get(end.checked_sub(1)?)
    });
    last.map_or("", |segment| facts.name(segment.name))
}
