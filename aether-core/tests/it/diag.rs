//! Diagnostics: what they are about, which are the same, and what suggestions are.

use aether_core::base::{ByteSpan, RelPath};
use aether_core::change::{
    Applicability, BuildTarget, Diagnostic, DiagnosticClass, DiagnosticDiff, DiagnosticLevel, DiagnosticSpan,
    Place, Position, SuggestedEdit, Suggestion, TargetKind,
};
use proptest::prelude::*;

fn error(code: &str, message: &str, file: &str, line: u32) -> Diagnostic {
    let code = (!code.is_empty()).then(|| code.to_owned());
    let mut diagnostic = Diagnostic::new(DiagnosticLevel::Error, code, message);
    let place = Place::File(RelPath::new(file).expect("a path"));
    let mut span = DiagnosticSpan::new(
        place,
        ByteSpan::new(line * 10, line * 10 + 5),
        Position::new(line, 1),
        Position::new(line, 6),
    );
    span.is_primary = true;
    diagnostic.spans.push(span);
    diagnostic
}

#[track_caller]
fn check_class(code: &str, message: &str, expected: &str) {
    let code = (!code.is_empty()).then_some(code);
    let class = DiagnosticClass::of(code, DiagnosticLevel::Error, message);
    assert_eq!(class.as_str(), expected, "{code:?} {message}");
}

#[test]
fn codes_and_messages_have_classes() {
    check_class("E0502", "", "borrow");
    check_class("E0505", "", "move");
    check_class("E0106", "", "lifetime");
    check_class("E0277", "", "trait");
    check_class("E0603", "", "visibility");
    check_class("E0599", "", "trait");
    check_class("E0432", "", "name");
    check_class("E0658", "", "other");
    check_class("E9999", "expected `;`", "other");
    check_class("clippy::needless_return", "", "lint");
    check_class("E", "", "lint");
    check_class("", "lifetime may not live long enough", "lifetime");
    check_class("", "cannot find macro `x` in this scope", "name");
    check_class("", "this file contains an unclosed delimiter", "syntax");
    check_class("", "linking with `cc` failed: exit status: 1", "other");
    check_class("", "something of a macro of a user", "other");
    let warning = DiagnosticClass::of(None, DiagnosticLevel::Warning, "expected `;`");
    assert_eq!(warning, DiagnosticClass::LINT);
}

#[test]
fn a_fingerprint_holds_what_is_said_and_where_but_no_position() {
    let old = error("E0308", "mismatched types", "src/a.rs", 3);
    assert_eq!(old.fingerprint(), error("E0308", "mismatched  types", "src/a.rs", 9).fingerprint());
    assert_ne!(old.hash(), error("E0308", "mismatched types", "src/a.rs", 9).hash());
    assert_ne!(old.fingerprint(), error("E0308", "mismatched types", "src/b.rs", 3).fingerprint());
    assert_ne!(old.fingerprint(), error("E0277", "mismatched types", "src/a.rs", 3).fingerprint());
    let mut labelled = old.clone();
    labelled.spans[0].label = Some("expected `u8`, found `u16`".to_owned());
    assert_ne!(old.fingerprint(), labelled.fingerprint());
    let mut quiet = old.clone();
    quiet.level = DiagnosticLevel::Warning;
    assert_ne!(old.fingerprint(), quiet.fingerprint());
    assert_eq!(old.shape(), error("E0308", "mismatched types", "src/b.rs", 7).shape());
}

#[test]
fn one_more_of_the_same_is_new() {
    let once = [error("E0308", "mismatched types", "a.rs", 1)];
    let twice = [once[0].clone(), error("E0308", "mismatched types", "a.rs", 2)];
    let diff = DiagnosticDiff::between(&once, &twice);
    assert_eq!((diff.new.len(), diff.kept.len(), diff.gone.len()), (1, 1, 0));
    assert!(diff.has_new_error());
    let back = DiagnosticDiff::between(&twice, &once);
    assert_eq!((back.new.len(), back.kept.len(), back.gone.len()), (0, 1, 1));
    assert!(!back.has_new_error());
}

/// Which of two equal ones is new is told by the lines that were there before.
#[test]
fn the_one_on_other_lines_is_new() {
    let with = |line: u32, text: &str| {
        let mut error = error("E0308", "mismatched types", "a.rs", line);
        error.spans[0].set_lines([text]);
        error
    };
    let diff = DiagnosticDiff::between(&[with(1, "old")], &[with(1, "added"), with(2, "old")]);
    assert_eq!(diff.new, [with(1, "added")]);
    assert_eq!(diff.kept, [with(2, "old")]);
}

#[test]
fn one_place_counts_once_for_all_of_its_targets() {
    let of = |name: &str| {
        let mut error = error("E0308", "mismatched types", "src/shared.rs", 1);
        error.target = Some(BuildTarget::new(TargetKind::BIN, name));
        error
    };
    let diff = DiagnosticDiff::between(&[of("one")], &[of("one"), of("two")]);
    assert_eq!((diff.new.len(), diff.kept.len()), (0, 1));
}

#[test]
fn a_new_warning_is_no_new_error() {
    let warning = Diagnostic::new(DiagnosticLevel::Warning, Some("unused_mut".to_owned()), "not needed");
    let diff = DiagnosticDiff::between(&[], &[warning]);
    assert_eq!(diff.new.len(), 1);
    assert!(!diff.has_new_error());
}

#[track_caller]
fn check_separate(message: &str, edits: &[(&str, u32, u32)], expected: &[usize]) {
    let edits = edits.iter().map(|&(path, start, end)| {
        SuggestedEdit::new(RelPath::new(path).expect("a path"), ByteSpan::new(start, end), "x")
    });
    let found = Suggestion::separate(message, Applicability::MaybeIncorrect, edits.collect());
    assert_eq!(found.iter().map(|it| it.edits.len()).collect::<Vec<_>>(), expected);
}

#[test]
fn alternatives_are_separated() {
    check_separate("wrap it", &[("a", 1, 1), ("a", 5, 5)], &[2]);
    check_separate("wrap it", &[("a", 1, 1), ("a", 5, 5), ("a", 1, 1), ("a", 5, 5)], &[2, 2]);
    check_separate("import", &[("a", 1, 1), ("a", 1, 1), ("a", 1, 1)], &[1, 1, 1]);
    check_separate("replace", &[("a", 1, 4), ("a", 3, 5)], &[1, 1]);
    check_separate("replace", &[("a", 1, 4), ("a", 4, 5)], &[2]);
    check_separate("replace", &[("a", 9, 9), ("b", 1, 1)], &[2]);
    check_separate("use one of these", &[("a", 1, 1), ("a", 5, 5)], &[1, 1]);
    check_separate("nothing", &[], &[]);
}

fn some_diagnostics() -> impl Strategy<Value = Vec<Diagnostic>> {
    let one = ("[a-c]", "[ab]\\.rs", 1_u32..4, 0_usize..3).prop_map(|(message, file, line, target)| {
        let mut error = error("", &message, &file, line);
        error.target = Some(BuildTarget::new(TargetKind::BIN, ["x", "y", "z"][target]));
        error
    });
    prop::collection::vec(one, 0..12)
}

proptest! {
    #[test]
    fn order_and_repetition_do_not_matter(mut all in some_diagnostics(), rotation in 0_usize..12) {
        let mut other = [&all[..], &all[..]].concat();
        let by = rotation.min(other.len());
        other.rotate_left(by);
        Diagnostic::normalise(&mut all);
        Diagnostic::normalise(&mut other);
        prop_assert_eq!(&all, &other);
    }

    /// Nothing is lost, nothing is in two lists, and the way back is the same one.
    #[test]
    fn a_difference_adds_up(before in some_diagnostics(), after in some_diagnostics()) {
        let there = DiagnosticDiff::between(&before, &after);
        let back = DiagnosticDiff::between(&after, &before);
        let prints = |list: &[Diagnostic]| {
            let mut prints: Vec<_> = list.iter().map(Diagnostic::fingerprint).collect();
            prints.sort();
            prints
        };
        prop_assert_eq!(prints(&there.new), prints(&back.gone));
        prop_assert_eq!(prints(&there.gone), prints(&back.new));
        prop_assert_eq!(prints(&there.kept), prints(&back.kept));
        for diagnostic in there.new.iter().chain(&there.kept) {
            prop_assert!(after.contains(diagnostic));
        }
        prop_assert!(DiagnosticDiff::between(&after, &after).new.is_empty());
    }
}
