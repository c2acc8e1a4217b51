//! What the installed compiler says of wrong programs, and in which class that is.

use std::collections::BTreeSet;
use std::process::Command;

use aether_core::change::DiagnosticClass;
use aether_verify::{ReadOptions, read_rustc};

use crate::project::{Project, fixtures};

/// Each program begins with `//! <code or none> <class>: <what it is>`.
#[test]
fn each_class_is_told() {
    let mut seen = BTreeSet::new();
    let project = Project::new("classes", &[]);
    for entry in std::fs::read_dir(fixtures().join("programs")).expect("programs") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a program");
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let (head, _) = text.strip_prefix("//! ").and_then(|it| it.split_once(':')).expect("a head");
        let (code, class) = head.split_once(' ').expect("a code and a class");
        project.write(&name, &text);
        let output = project.rustc(&name, &[]);
        let report = read_rustc(&output.stderr, &ReadOptions::new(&project.root()));
        assert!(!output.status.success() && report.is_complete(), "{name}");
        let errors: Vec<_> = report.diagnostics.iter().filter(|it| it.is_error()).collect();
        let [error] = errors[..] else { panic!("{name}: {errors:#?}") };
        assert_eq!(error.code.as_deref().unwrap_or("none"), code, "{name}: {}", error.message);
        assert_eq!(error.class.as_str(), class, "{name}: {}", error.message);
        let primary = error.primary().expect("a place");
        assert_eq!(primary.place.file().map(|path| path.as_str()), Some(name.as_str()));
        assert!(primary.fits(&text), "{name}");
        seen.insert(error.class.clone());
    }
    assert_eq!(seen, BTreeSet::from_iter(DiagnosticClass::KNOWN.iter().cloned()), "a class has no program");
}

/// The table has every code that the toolchain knows which it was made for; what a later one adds is `other`.
#[test]
fn the_table_has_every_code_of_its_toolchain() {
    let tool = |arguments: &[&str]| Command::new("rustc").args(arguments).output().expect("rustc runs");
    let version = String::from_utf8(tool(&["--version"]).stdout).expect("a version");
    let is_known = |code: &str| tool(&["--explain", code]).status.success();
    let (mut missing, mut listed) = (Vec::new(), 0);
    for number in 1..900 {
        let code = format!("E{number:04}");
        match DiagnosticClass::of_code(&code) {
            Some(_) => listed += 1,
            None if is_known(&code) => missing.push(code),
            None => {}
        }
    }
    assert_eq!(listed, 518);
    assert!(is_known("E0382") && !is_known("E9999"), "the question is understood");
    if version.starts_with("rustc 1.95.") {
        assert_eq!(missing, Vec::<String>::new());
    }
    for code in missing {
        assert_eq!(
            DiagnosticClass::of(Some(&code), aether_core::change::DiagnosticLevel::Error, ""),
            DiagnosticClass::OTHER
        );
    }
}
