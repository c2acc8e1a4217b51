//! How a call is told: the text of what is called.

use aether_core::code::facts::{ExprIdx, ExprKind, FileFacts};

/// The text of what is called, such as `self.queue.push`; calls inside it are left out.
pub(crate) fn callee_text(facts: &FileFacts, expr: ExprIdx) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = expr;
    loop {
        match facts.exprs[next.0 as usize].kind {
            ExprKind::MethodCall { receiver, name, .. } => {
                parts.push(if parts.is_empty() {
                    facts.name(name).to_owned()
                } else {
                    format!("{}()", facts.name(name))
                });
                next = receiver;
            }
            ExprKind::Field(receiver, name) => {
                parts.push(facts.name(name).to_owned());
                next = receiver;
            }
            ExprKind::Call(callee, _) if !parts.is_empty() => {
                let ExprKind::Path(path) = facts.exprs[callee.0 as usize].kind else { break };
                parts.push(format!("{}()", path_text(facts, path)));
                break;
            }
            ExprKind::Path(path) => {
                parts.push(path_text(facts, path));
                break;
            }
            ExprKind::Try(inner) | ExprKind::Await(inner) | ExprKind::Ref(inner) => next = inner,
            _ => break,
        }
        if parts.len() >= 4 {
            break;
        }
    }
    parts.reverse();
    parts.join(".")
}

pub(crate) fn path_text(facts: &FileFacts, path: u32) -> String {
    let list = facts.paths[path as usize].segments;
    let segments = &facts.segments[list.start as usize..(list.start + list.len) as usize];
    segments.iter().map(|segment| facts.name(segment.name)).collect::<Vec<_>>().join("::")
}
