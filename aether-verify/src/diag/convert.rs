//! From the JSON of a compiler to records.

use aether_core::base::ByteSpan;
use aether_core::change::{
    Applicability, BuildTarget, Diagnostic, DiagnosticChild, DiagnosticLevel, DiagnosticSpan, MacroStep,
    Place, Position, SuggestedEdit, Suggestion, TargetKind,
};

use super::ReadOptions;
use super::raw::{RawDiagnostic, RawSpan, RawTarget};

/// A record, or nothing for a line that only sums others up.
pub(super) fn diagnostic(raw: RawDiagnostic, options: &ReadOptions) -> Option<Diagnostic> {
    let level = level(&raw.level)?;
    if is_summary(&raw) {
        return None;
    }
    let code = raw.code.map(|code| code.code).filter(|code| !code.is_empty());
    let mut diagnostic = Diagnostic::new(level, code, options.text(&raw.message));
    diagnostic.spans = spans(&raw.spans, options);
    for child in raw.children.into_iter().take(options.limits.max_parts) {
        add_child(child, options, &mut diagnostic);
    }
    Some(diagnostic)
}

fn add_child(raw: RawDiagnostic, options: &ReadOptions, diagnostic: &mut Diagnostic) {
    let message = options.text(&raw.message);
    match edits(&raw.spans, options) {
        Some((applicability, edits)) => {
            diagnostic.suggestions.extend(Suggestion::separate(&message, applicability, edits));
        }
        None => {
            let mut child = DiagnosticChild::new(level(&raw.level).unwrap_or(DiagnosticLevel::Note), message);
            child.spans = spans(&raw.spans, options);
            diagnostic.children.push(child);
        }
    }
}

/// The edits of a suggestion; nothing where it is none, or where one of them lies outside of the workspace,
/// so that it cannot be followed.
fn edits(raw: &[RawSpan], options: &ReadOptions) -> Option<(Applicability, Vec<SuggestedEdit>)> {
    let mut applicability = Applicability::MachineApplicable;
    let mut edits = Vec::new();
    for span in raw.iter().take(options.limits.max_parts) {
        let replacement = span.suggested_replacement.as_ref()?;
        let Place::File(path) = options.place(&span.file_name) else { return None };
        let bytes = ByteSpan::new(span.byte_start, span.byte_end);
        applicability = applicability.max(match span.suggestion_applicability.as_deref() {
            Some("MachineApplicable") => Applicability::MachineApplicable,
            Some("MaybeIncorrect") => Applicability::MaybeIncorrect,
            Some("HasPlaceholders") => Applicability::HasPlaceholders,
            _ => Applicability::Unspecified,
        });
        edits.push(SuggestedEdit::new(path, bytes, replacement.clone()));
    }
    (!edits.is_empty()).then_some((applicability, edits))
}

fn spans(raw: &[RawSpan], options: &ReadOptions) -> Vec<DiagnosticSpan> {
    raw.iter().take(options.limits.max_parts).map(|span| collapsed(span, options)).collect()
}

/// The outermost place in the workspace from which macros lead to `raw`, with those inside of it.
fn collapsed(raw: &RawSpan, options: &ReadOptions) -> DiagnosticSpan {
    let mut chain = vec![(raw, "")];
    let mut inner = raw;
    while let Some(expansion) = &inner.expansion {
        inner = &expansion.span;
        chain.push((inner, expansion.macro_decl_name.as_str()));
    }
    let places: Vec<Place> = chain.iter().map(|(span, _)| options.place(&span.file_name)).collect();
    let outermost = places.iter().rposition(|place| place.file().is_some()).unwrap_or(0);
    let chosen = chain[outermost].0;
    let position = |line: u32, column: u32| Position::new(line, column);
    let mut span = DiagnosticSpan::new(
        places[outermost].clone(),
        ByteSpan::new(chosen.byte_start, chosen.byte_end),
        position(chosen.line_start, chosen.column_start),
        position(chosen.line_end, chosen.column_end),
    );
    span.is_primary = raw.is_primary;
    span.label = raw.label.as_deref().filter(|label| !label.is_empty()).map(|label| options.text(label));
    span.set_lines(chosen.text.iter().map(|line| line.text.as_str()));
    // The macro that made a place is named by the step that leads out of it.
    for (at, (inside, _)) in chain.iter().enumerate().take(outermost) {
        span.expansion.push(MacroStep::new(
            options.text(chain[at + 1].1),
            places[at].clone(),
            ByteSpan::new(inside.byte_start, inside.byte_end),
            position(inside.line_start, inside.column_start),
        ));
    }
    span
}

fn level(text: &str) -> Option<DiagnosticLevel> {
    Some(match text {
        "error" => DiagnosticLevel::Error,
        "warning" => DiagnosticLevel::Warning,
        "note" => DiagnosticLevel::Note,
        "help" => DiagnosticLevel::Help,
        "error: internal compiler error" => DiagnosticLevel::InternalError,
        // `failure-note` says how to ask for an explanation.
        _ => return None,
    })
}

/// Whether it only says how many others there are, which depends on what was built before.
fn is_summary(raw: &RawDiagnostic) -> bool {
    let text = &raw.message;
    raw.spans.is_empty()
        && raw.code.is_none()
        && (text.starts_with("aborting due to ")
            || text.ends_with("warning emitted")
            || text.ends_with("warnings emitted")
            || text.starts_with("For more information about this error"))
}

pub(super) fn target(raw: &RawTarget) -> BuildTarget {
    let kind = match raw.kind.first().map_or("", String::as_str) {
        "lib" | "rlib" | "dylib" | "cdylib" | "staticlib" => TargetKind::LIB,
        "proc-macro" => TargetKind::PROC_MACRO,
        "custom-build" => TargetKind::BUILD_SCRIPT,
        other => TargetKind::new(other),
    };
    BuildTarget::new(kind, raw.name.clone())
}

/// `name@version` of a package id, which otherwise says where the package is: `path+file:///w/demo#0.1.0`,
/// `registry+https://host/index#name@1.0.0`, and before cargo 1.77 `name 1.0.0 (path+file:///w/demo)`.
pub(super) fn package(id: &str) -> Option<String> {
    if let Some((source, fragment)) = id.rsplit_once('#') {
        if fragment.contains('@') {
            return Some(fragment.to_owned());
        }
        let path = source.split('?').next().unwrap_or(source);
        let name = path.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty())?;
        return Some(format!("{name}@{fragment}"));
    }
    let mut words = id.split(' ');
    match (words.next(), words.next()) {
        (Some(name), Some(version)) if !name.is_empty() => Some(format!("{name}@{version}")),
        _ => None,
    }
}
