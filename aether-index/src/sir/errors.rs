//! The errors that a body gives: those that it makes, and those that it passes on.

use aether_core::code::EffectKind;
use aether_core::code::facts::{ExprIdx, ExprKind, FileFacts, List, PatKind};

/// An error of a body.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct ErrorSite {
    pub(super) kind: EffectKind,
    pub(super) source: ErrorSource,
}

/// Where an error comes from.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum ErrorSource {
    /// It is made, of this text.
    Made(String),
    /// A call gives it: the byte that an edge of the call has.
    Call(u32),
}

/// Macros that end a function with an error.
const MACROS: [&str; 3] = ["bail", "ensure", "anyhow"];
/// Methods that change an error on its way.
const WRAPPERS: [&str; 6] = ["map_err", "context", "with_context", "wrap_err", "wrap_err_with", "or_else"];
/// Methods that make an error of a missing value.
const MAKERS: [&str; 2] = ["ok_or", "ok_or_else"];

/// The errors of a body, in the order of the text.
pub(super) fn of_body(facts: &FileFacts, root: ExprIdx) -> Vec<ErrorSite> {
    let mut found = Vec::new();
    let mut open = vec![root];
    let mut children = Vec::new();
    while let Some(index) = open.pop() {
        let Some(expr) = facts.exprs.get(index.0 as usize) else { continue };
        match expr.kind {
            ExprKind::Try(inside) => passed(facts, inside, &mut found),
            ExprKind::Call(callee, args) if is_err(facts, callee) => {
                if let Some(text) = first(facts, args).and_then(|value| made(facts, value)) {
                    found
                        .push(ErrorSite { kind: EffectKind::RETURNS_ERROR, source: ErrorSource::Made(text) });
                }
            }
            ExprKind::Macro(path, _) => {
                let name = path_text(facts, path);
                if MACROS.contains(&name.rsplit("::").next().unwrap_or(&name)) {
                    let source = ErrorSource::Made(format!("{name}!"));
                    found.push(ErrorSite { kind: EffectKind::RETURNS_ERROR, source });
                }
            }
            _ => {}
        }
        children.clear();
        facts.each_child(index, &mut |child| children.push(child));
        open.extend(children.iter().rev());
    }
    found
}

/// What `?` passes on.
fn passed(facts: &FileFacts, mut index: ExprIdx, found: &mut Vec<ErrorSite>) {
    loop {
        let Some(expr) = facts.exprs.get(index.0 as usize) else { return };
        match expr.kind {
            ExprKind::Await(inside) => index = inside,
            ExprKind::MethodCall { receiver, name, args, .. } => {
                let name = facts.name(name);
                if WRAPPERS.contains(&name) || MAKERS.contains(&name) {
                    if let Some(text) = first(facts, args).and_then(|value| made(facts, value)) {
                        let source = ErrorSource::Made(text);
                        found.push(ErrorSite { kind: EffectKind::RETURNS_ERROR, source });
                    }
                    if MAKERS.contains(&name) {
                        return;
                    }
                    index = receiver;
                    continue;
                }
                found.push(ErrorSite { kind: EffectKind::PASSES_ERROR, source: ErrorSource::Call(expr.at) });
                return;
            }
            ExprKind::Call(callee, _) if !is_err(facts, callee) => {
                found.push(ErrorSite { kind: EffectKind::PASSES_ERROR, source: ErrorSource::Call(expr.at) });
                return;
            }
            // A variable: where it got the error from is not followed.
            _ => return,
        }
    }
}

/// What an error is made of, as written; `None` for a variable.
fn made(facts: &FileFacts, index: ExprIdx) -> Option<String> {
    match facts.exprs.get(index.0 as usize)?.kind {
        ExprKind::Path(path) | ExprKind::Struct(path, ..) => {
            let text = path_text(facts, path);
            starts_upper(&text).then_some(text)
        }
        ExprKind::Call(callee, _) => match facts.exprs.get(callee.0 as usize)?.kind {
            ExprKind::Path(path) => Some(path_text(facts, path)),
            _ => None,
        },
        ExprKind::MethodCall { receiver, .. } | ExprKind::Await(receiver) => made(facts, receiver),
        ExprKind::Closure(patterns, _, body) => {
            made(facts, body).filter(|text| !is_parameter(facts, patterns, text))
        }
        ExprKind::Block { tail: Some(tail), .. } => made(facts, tail),
        ExprKind::Macro(path, _) => Some(format!("{}!", path_text(facts, path))),
        _ => None,
    }
}

fn is_parameter(facts: &FileFacts, patterns: List, text: &str) -> bool {
    facts.list(patterns).iter().step_by(2).any(|&pat| {
        let kind = facts.pats.get(pat as usize).map(|pat| pat.kind);
        matches!(kind, Some(PatKind::Bind(name, _)) if facts.name(name) == text)
    })
}

fn is_err(facts: &FileFacts, callee: ExprIdx) -> bool {
    match facts.exprs.get(callee.0 as usize).map(|callee| callee.kind) {
        Some(ExprKind::Path(path)) => path_text(facts, path).rsplit("::").next() == Some("Err"),
        _ => false,
    }
}

fn first(facts: &FileFacts, args: List) -> Option<ExprIdx> {
    facts.list(args).first().map(|&index| ExprIdx(index))
}

fn starts_upper(text: &str) -> bool {
    text.rsplit("::").next().is_some_and(|last| last.starts_with(char::is_uppercase))
}

/// The last two segments of a path: where an error is said in full, the rest is the way there.
fn path_text(facts: &FileFacts, path: u32) -> String {
    let names: Vec<&str> = facts.path_names(path).map(|name| facts.name(name)).collect();
    names[names.len().saturating_sub(2)..].join("::")
}
