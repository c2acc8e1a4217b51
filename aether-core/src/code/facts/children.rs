//! What stands in an expression.

use super::{ExprIdx, ExprKind, FileFacts, List};

impl FileFacts {
    /// Calls `visit` with each expression that stands directly in `expr`, in the order of evaluation as far
    /// as facts tell it. What does not fit the arenas is left out.
    pub fn each_child(&self, expr: ExprIdx, visit: &mut dyn FnMut(ExprIdx)) {
        let Some(fact) = self.exprs.get(expr.0 as usize) else { return };
        let list = |list: List, visit: &mut dyn FnMut(ExprIdx)| {
            self.list(list).iter().for_each(|&index| visit(ExprIdx(index)));
        };
        match fact.kind {
            ExprKind::Path(_) | ExprKind::Literal(_) | ExprKind::Continue => {}
            ExprKind::Unknown(inside)
            | ExprKind::Tuple(inside)
            | ExprKind::Array(inside, _)
            | ExprKind::Macro(_, inside) => list(inside, visit),
            ExprKind::Call(callee, args) => {
                visit(callee);
                list(args, visit);
            }
            ExprKind::MethodCall { receiver, args, .. } => {
                visit(receiver);
                list(args, visit);
            }
            ExprKind::Field(inside, _)
            | ExprKind::Try(inside)
            | ExprKind::Await(inside)
            | ExprKind::Ref(inside)
            | ExprKind::Unary(_, inside)
            | ExprKind::Loop(inside)
            | ExprKind::Closure(_, _, inside)
            | ExprKind::Cast(inside, _) => visit(inside),
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) | ExprKind::While(a, b) => {
                visit(a);
                visit(b);
            }
            ExprKind::For(_, a, b) => {
                visit(a);
                visit(b);
            }
            // The value is there before the place is written to.
            ExprKind::Assign(place, value, _) => {
                visit(value);
                visit(place);
            }
            ExprKind::Block { statements, tail, .. } => {
                list(statements, visit);
                tail.into_iter().for_each(visit);
            }
            ExprKind::Let { init, otherwise, .. } => {
                init.into_iter().chain(otherwise).for_each(visit);
            }
            ExprKind::If(condition, then, otherwise) => {
                visit(condition);
                visit(then);
                otherwise.into_iter().for_each(visit);
            }
            ExprKind::Match(value, arms) => {
                visit(value);
                let start = arms.start as usize;
                let arms = self.arms.get(start..start.saturating_add(arms.len as usize)).unwrap_or(&[]);
                for arm in arms {
                    arm.guard.into_iter().for_each(&mut *visit);
                    visit(arm.body);
                }
            }
            ExprKind::Struct(_, fields, base) => {
                let start = fields.start as usize;
                let fields = self.fields.get(start..start.saturating_add(fields.len as usize)).unwrap_or(&[]);
                fields.iter().for_each(|field| visit(ExprIdx(field.value)));
                base.into_iter().for_each(visit);
            }
            ExprKind::Range(a, b) => a.into_iter().chain(b).for_each(visit),
            ExprKind::Return(inside) | ExprKind::Break(inside) => inside.into_iter().for_each(visit),
        }
    }
}
