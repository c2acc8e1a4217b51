//! What cargo says of real projects: the same records from any folder, in any order.

use aether_core::change::{Applicability, Diagnostic, DiagnosticDiff, Edit, SuggestedEdit, TargetKind};
use aether_core::code::AnchorTarget;
use aether_verify::{BuildReport, ReadLimits, ReadOptions, read_cargo, read_rustc};

use crate::project::Project;

const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\", \"tool\"]\n";

fn manifest(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{rest}")
}

/// Two packages with errors of many kinds, one that is fine, and one with a build script.
fn workspace(prefix: &str) -> Project {
    let one = r#"
macro_rules! twice { ($value:expr) => {{ drop($value); drop($value) }} }
pub fn moved(name: String) { twice!(name) }
pub fn typed() -> u32 { "a" }
pub fn made() -> Vec<u32> { vec![1, "a"] }
pub fn named() -> HashMap<u8, u8> { todo!() }
pub fn closed() -> fn() -> u32 { let unused = 1; || "a" }
#[cfg(test)]
mod tests {
    #[test]
    fn wrong() { let x: u8 = 1_u16; }
}
"#;
    let two = "pub fn fine() {}\npub mod other;\n";
    let other = "use std::fmt;\r\npub fn long(\r\n    a: &str,\r\n) -> u32 {\r\n    match a {\r\n        \"é\" => \"ö\",\r\n        _ => 1,\r\n    }\r\n}\r\n";
    let build = "fn main() { println!(\"cargo::warning=careful\"); println!(\"{{ not json\"); }";
    Project::new(
        prefix,
        &[
            ("Cargo.toml", WORKSPACE),
            ("one/Cargo.toml", &manifest("one", "")),
            ("one/src/lib.rs", one),
            ("two/Cargo.toml", &manifest("two", "[dependencies]\ntool = { path = \"../tool\" }\n")),
            ("two/src/lib.rs", two),
            ("two/src/other.rs", other),
            ("two/build.rs", build),
            ("two/tests/it.rs", "#[test]\nfn it() { two::absent(); }\n"),
            ("tool/Cargo.toml", &manifest("tool", "")),
            ("tool/src/lib.rs", "pub fn f() {}\n"),
        ],
    )
}

fn check(project: &Project, jobs: &str) -> BuildReport {
    let arguments = ["check", "--workspace", "--all-targets", "--keep-going", "--message-format=json", jobs];
    let output = project.cargo(&arguments);
    let report = read_cargo(&output.stdout, &ReadOptions::new(&project.root()));
    assert_eq!(report.succeeded, Some(false), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(report.is_complete());
    report
}

fn find<'a>(report: &'a BuildReport, code: &str, file: &str) -> Vec<&'a Diagnostic> {
    let is_it = |it: &&Diagnostic| {
        let place = it.primary().map(|span| span.place.to_string());
        it.code.as_deref() == Some(code) && place.as_deref() == Some(file)
    };
    report.diagnostics.iter().filter(is_it).collect()
}

#[test]
fn records_are_the_same_in_another_folder_and_order() {
    let (first, second) = (workspace("a"), workspace("another folder with spaces "));
    let reports = [check(&first, "-j1"), check(&second, "-j2"), check(&second, "-j1")];
    assert!(reports[0].diagnostics.len() >= 8, "{:#?}", reports[0].diagnostics);
    assert_eq!(reports[0].diagnostics, reports[1].diagnostics);
    // What is up to date is told again.
    assert_eq!(reports[1].diagnostics, reports[2].diagnostics);
    let hashes = |report: &BuildReport| report.diagnostics.iter().map(Diagnostic::hash).collect::<Vec<_>>();
    assert_eq!(hashes(&reports[0]), hashes(&reports[1]));
    let text = serde_json::to_string(&reports[1].diagnostics).expect("JSON");
    assert!(!text.contains("another folder"), "{text}");
}

#[test]
fn a_real_stream_is_told_in_full() {
    let project = workspace("full");
    let report = check(&project, "-j2");
    assert_eq!(report.build_scripts, ["two@0.1.0"]);
    assert!(report.artifacts.iter().any(|it| it.package.as_deref() == Some("tool@0.1.0") && !it.is_test));

    // Built twice, as a library and with its tests, and told once.
    let typed = find(&report, "E0308", "one/src/lib.rs");
    let lines: Vec<u32> = typed.iter().filter_map(|it| it.primary()).map(|span| span.start.line).collect();
    assert_eq!(lines, [4, 5, 7, 11]);
    assert_eq!(typed[0].package.as_deref(), Some("one@0.1.0"));
    assert_eq!(
        typed[0].target.as_ref().map(|it| (&it.kind, it.name.as_str())),
        Some((&TargetKind::LIB, "one"))
    );
    let imports = find(&report, "E0425", "one/src/lib.rs");
    let suggestions = &imports[0].suggestions;
    assert_eq!(suggestions[0].applicability, Applicability::MaybeIncorrect);
    assert_eq!(suggestions[0].edits[0].replacement.trim_end(), "use std::collections::HashMap;");
}

/// The bytes are those of the file, also behind a mark of byte order and with carriage returns.
#[test]
fn places_are_those_of_the_file() {
    let text = "\u{feff}pub fn f(\r\n    a: &str,\r\n) -> u32 {\r\n    /* é */ match a {\r\n        _ => { a\r\n }\r\n    }\r\n}\r\n";
    let project = Project::new("bytes", &[("a.rs", text)]);
    let report = read_rustc(&project.rustc("a.rs", &[]).stderr, &ReadOptions::new(&project.root()));
    let [error] = &report.diagnostics[..] else { panic!("{report:#?}") };
    let primary = error.primary().expect("a place");
    assert_eq!(primary.bytes.slice(text), Some("a"));
    assert_eq!((primary.start.line, primary.start.column), (5, 16));
    assert!(primary.fits(text));
    let target = AnchorTarget::Heading(vec!["f".to_owned()]);
    let anchor = primary.anchor(target.clone(), text).expect("the text is as it was");
    assert_eq!(anchor.locate(text).ok(), Some(primary.bytes));
    assert!(primary.anchor(target, &text.replace("_ => { a", "_ => { b")).is_none());

    // In the first line, which the compiler tells without the mark.
    let text = "\u{feff}pub fn f() -> u32 { \"a\" }\r\n";
    project.write("a.rs", text);
    let report = read_rustc(&project.rustc("a.rs", &[]).stderr, &ReadOptions::new(&project.root()));
    let primary = report.diagnostics[0].primary().expect("a place");
    assert_eq!((primary.bytes.slice(text), primary.fits(text)), (Some("\"a\""), true));
}

#[test]
fn a_place_inside_of_macros_is_the_call_that_the_user_wrote() {
    let text = r#"
macro_rules! inner { ($value:expr) => {{ let _: u8 = $value.wrong; drop($value); $value }} }
macro_rules! outer { ($value:expr) => { inner!($value) } }
pub fn f(name: String) -> String { outer!(name) }
pub fn g(name: String) { println!("{}", &name[..] + 1u8); let _: Vec<u8> = vec![name; "a"]; }
"#;
    let project = Project::new("macros", &[("a.rs", text)]);
    let report = read_rustc(&project.rustc("a.rs", &[]).stderr, &ReadOptions::new(&project.root()));
    let wrong = report.diagnostics.iter().find(|it| it.code.as_deref() == Some("E0609")).expect("an error");
    let primary = wrong.primary().expect("a place");
    assert_eq!(primary.bytes.slice(text), Some("outer!(name)"));
    assert!(primary.fits(text));
    let steps: Vec<_> =
        primary.expansion.iter().map(|it| (it.macro_name.as_str(), it.bytes.slice(text))).collect();
    assert_eq!(steps, [("inner!", Some("wrong")), ("outer!", Some("inner!($value)"))]);
}

/// rustc nests each macro in the one before, deeper than a parser of JSON follows.
#[test]
fn a_place_inside_of_a_hundred_macros_is_found() {
    let first = "macro_rules! m0 { () => { nowhere } }\n".to_owned();
    let rest = (1..100).map(|it| format!("macro_rules! m{it} {{ () => {{ m{}!() }} }}\n", it - 1));
    let macros: String = std::iter::once(first).chain(rest).collect();
    let text = format!("{macros}pub fn f() -> u8 {{ m99!() }}\n");
    let project = Project::new("deep", &[("a.rs", &text)]);
    let output = project.rustc("a.rs", &[]);
    let deepest = output.stderr.windows(11).filter(|it| it == b"\"expansion\"").count();
    assert!(deepest >= 100, "the case is as deep as it is meant to be: {deepest}");
    let report = read_rustc(&output.stderr, &ReadOptions::new(&project.root()));
    assert!(report.is_complete(), "{:?}", report.skipped);
    let primary = report.diagnostics[0].primary().expect("a place");
    assert_eq!(primary.bytes.slice(&text), Some("m99!()"));
    assert_eq!(primary.expansion[0].bytes.slice(&text), Some("nowhere"));
    assert_eq!(primary.expansion.len(), 40);
}

#[test]
fn suggestions_stand_each_for_itself() {
    let text = "pub fn f() -> Vec<u8> {\n    let list = Vec::new();\n    list.push(1);\n    list\n}\npub struct A(File);\npub fn g(a: u8, b: u16) -> bool { a == b }\n";
    let project = Project::new("suggestions", &[("a.rs", text)]);
    let report = read_rustc(&project.rustc("a.rs", &[]).stderr, &ReadOptions::new(&project.root()));
    let find = |report: &BuildReport| find(report, "E0425", "a.rs")[0].clone();
    let missing = find(&report);
    let texts: Vec<_> = missing.suggestions.iter().map(|it| it.edits[0].replacement.trim_end()).collect();
    assert_eq!(texts, ["use std::fs::File;"], "{missing:#?}");

    let text = text.replace("pub struct A(File);", "pub type A = Iter<u8>;");
    project.write("a.rs", &text);
    let report = read_rustc(&project.rustc("a.rs", &[]).stderr, &ReadOptions::new(&project.root()));
    let edits: Vec<_> = find(&report).suggestions.iter().map(|it| it.edits.len()).collect();
    assert!(edits.len() >= 2 && edits.iter().all(|&edits| edits == 1), "{report:#?}");

    let text = text.replace("pub type A = Iter<u8>;", "");
    project.write("a.rs", &text);
    let report = read_rustc(&project.rustc("a.rs", &[]).stderr, &ReadOptions::new(&project.root()));
    // Applied, each of them removes what it is about, and some of them has more than one edit.
    for diagnostic in &report.diagnostics {
        let suggestion = &diagnostic.suggestions[0];
        let edits: Vec<Edit> = suggestion.edits.iter().map(SuggestedEdit::to_edit).collect();
        let fixed = Edit::apply_all(text.as_bytes(), &edits).expect("edits that fit");
        project.write("a.rs", &String::from_utf8(fixed).expect("a text"));
        let after = read_rustc(&project.rustc("a.rs", &[]).stderr, &ReadOptions::new(&project.root()));
        let diff = DiagnosticDiff::between(&report.diagnostics, &after.diagnostics);
        assert!(diff.gone.iter().any(|it| it.fingerprint() == diagnostic.fingerprint()), "{suggestion:#?}");
    }
    assert_eq!(report.diagnostics.len(), 2);
}

/// What lies above is moved, one error is mended and another one made.
#[test]
fn a_new_error_is_told_from_an_old_one() {
    let before = "pub fn f() -> u32 { \"a\" }\npub fn g() -> u32 { absent }\n";
    let after = "\n\n\npub fn f() -> u32 { \"a\" }\npub fn g() -> u32 { missing }\n";
    let project = Project::new("diff", &[("a.rs", before)]);
    let read = |project: &Project| {
        read_rustc(&project.rustc("a.rs", &[]).stderr, &ReadOptions::new(&project.root()))
    };
    let old = read(&project).diagnostics;
    project.write("a.rs", &format!("\n// moved\n{before}"));
    let moved = DiagnosticDiff::between(&old, &read(&project).diagnostics);
    assert_eq!((moved.new.len(), moved.gone.len()), (0, 0));
    assert_eq!(moved.kept.len(), old.len());
    assert_ne!(moved.kept[0].hash(), old[0].hash(), "places moved");
    project.write("a.rs", after);
    let changed = DiagnosticDiff::between(&old, &read(&project).diagnostics);
    assert!(changed.has_new_error());
    let messages = |list: &[Diagnostic]| list.iter().map(|it| it.message.clone()).collect::<Vec<_>>();
    assert_eq!(messages(&changed.new), ["cannot find value `missing` in this scope"]);
    assert_eq!(messages(&changed.gone), ["cannot find value `absent` in this scope"]);
    // Another name, the same mistake.
    assert_eq!(changed.new[0].shape(), changed.gone[0].shape());
}

#[test]
fn what_is_not_a_message_is_left_out_and_counted() {
    let project = workspace("noise");
    let clean = check(&project, "-j2");
    let output =
        project.cargo(&["check", "--workspace", "--all-targets", "--keep-going", "--message-format=json"]);
    let options = ReadOptions::new(&project.root());
    let mut noisy = Vec::new();
    for line in output.stdout.split_inclusive(|&byte| byte == b'\n') {
        noisy.extend_from_slice(b"\xff\xfe text\n{\"reason\":\"of a later cargo\",\"x\":[1]}\n{\"cut\": \n");
        noisy.extend_from_slice(line);
    }
    // What a program writes that cargo runs behind the build.
    noisy.extend_from_slice(br#"{"reason":"compiler-message","package_id":"a#b@1.0.0","message":{"message":"forged","level":"error"}}"#);
    let report = read_cargo(&noisy, &options);
    assert_eq!(report.diagnostics, clean.diagnostics);
    let lines = output.stdout.iter().filter(|&&byte| byte == b'\n').count() as u64;
    let text =
        output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty() && line[0] != b'{').count();
    assert_eq!((report.skipped.text, report.skipped.malformed), (lines * 2 + text as u64 + 1, lines));

    // Cut anywhere, the stream tells what was told before.
    for cut in (0..output.stdout.len()).step_by(997) {
        let report = read_cargo(&output.stdout[..cut], &options);
        assert!(report.diagnostics.iter().all(|it| clean.diagnostics.contains(it)));
        assert_eq!(report.succeeded, None);
    }

    let mut limits = ReadLimits::default();
    limits.max_diagnostics = 2;
    let few = read_cargo(&output.stdout, &options.clone().with_limits(limits));
    assert!(few.diagnostics.len() <= 2 && few.skipped.beyond_limit > 0 && !few.is_complete());
    limits.max_line_bytes = 10;
    let none = read_cargo(&output.stdout, &options.with_limits(limits));
    assert!(none.diagnostics.is_empty() && none.skipped.too_long > 0 && !none.is_complete());
}

#[test]
fn what_clippy_says_is_a_lint_with_a_suggestion() {
    let text = "pub fn f() -> u32 {\n    return 1;\n}\n";
    let project =
        Project::new("clippy", &[("Cargo.toml", &manifest("demo", "[workspace]\n")), ("src/lib.rs", text)]);
    let output = project.cargo(&["clippy", "--message-format=json"]);
    let report = read_cargo(&output.stdout, &ReadOptions::new(&project.root()));
    assert_eq!(report.succeeded, Some(true), "{}", String::from_utf8_lossy(&output.stderr));
    let lints = find(&report, "clippy::needless_return", "src/lib.rs");
    let [lint] = lints[..] else { panic!("{report:#?}") };
    assert_eq!((lint.class.as_str(), lint.is_error()), ("lint", false));
    let suggestion = &lint.suggestions[0];
    assert_eq!(suggestion.applicability, Applicability::MachineApplicable);
    let edits: Vec<Edit> = suggestion.edits.iter().map(SuggestedEdit::to_edit).collect();
    assert_eq!(
        Edit::apply_all(text.as_bytes(), &edits).ok().as_deref(),
        Some(&b"pub fn f() -> u32 {\n    1\n}\n"[..])
    );
}
