//! Contracts, compared with records.

use aether_bindings::engine::Engine;
use aether_core::code::RepositoryFile;

use crate::support::{Repo, update};

fn repo() -> Repo {
    Repo::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n"),
        (
            "src/lib.rs",
            "pub fn pure(a: u8) -> u8 { a }\npub fn reads() { deep() }\nfn deep() { std::fs::read(\"x\").unwrap(); }\n\
             pub fn strange() { other::call() }\npub struct Thing;\n",
        ),
    ])
}

/// Findings as `verdict symbol clause: message`.
fn found(engine: &Engine, contracts: &str) -> Vec<String> {
    let file = RepositoryFile::parse(contracts).unwrap();
    let checks = engine.check_contracts(&file.contracts).unwrap().result;
    let findings = checks.iter().flat_map(|check| &check.findings);
    findings
        .map(|(symbol, finding)| {
            let name = symbol.as_ref().map_or("-", |symbol| symbol.name.as_str());
            format!("{:?} {name} {}: {}", finding.verdict, finding.clause, finding.message)
        })
        .collect()
}

#[test]
fn contracts_are_held_against_records_and_the_ways_to_their_effects() {
    let repo = repo();
    let engine = repo.engine();
    let text = "[[contract]]\nsymbol = \"demo::*\"\nmust_not = [\"network\", \"files_read\"]\n";
    assert_eq!(
        found(&engine, text),
        [
            "Broken reads must_not files_read: files_read: std::fs::read",
            "Broken deep must_not files_read: files_read: std::fs::read",
            "NotShown strange must_not network: it calls what is not known: unknown: other::call",
            "NotShown strange must_not files_read: it calls what is not known: unknown: other::call",
        ]
    );
    let file = RepositoryFile::parse(text).unwrap();
    let checks = engine.check_contracts(&file.contracts).unwrap().result;
    assert_eq!(checks[0].symbols, 4);
    let steps = &checks[0].findings[0].1.effect.as_ref().unwrap().steps;
    assert_eq!(steps.iter().map(|step| step.line).collect::<Vec<_>>(), [2, 3]);

    assert_eq!(
        found(&engine, "[[contract]]\nsymbol = \"pure\"\nmust_not = [\"io\", \"panic\", \"unknown\"]\n"),
        [""; 0]
    );
    let panics = "[[contract]]\nsymbol = \"deep\"\nmust_not = [\"panic\"]\n";
    assert_eq!(
        found(&engine, panics),
        ["Broken deep must_not panic: assertion: std::result::Result::unwrap"]
    );
    assert_eq!(found(&engine, "[[contract]]\nsymbol = \"reads\"\nmust = [\"files_read\"]\n"), [""; 0]);
    assert_eq!(
        found(&engine, "[[contract]]\nsymbol = \"gone\"\nmust = [\"files_read\"]\n"),
        ["Broken - symbol: no symbol with a record has this name"]
    );
}

#[test]
fn what_must_stay_is_told_when_it_goes() {
    let repo = repo();
    let engine = repo.engine();
    let text = "[[contract]]\nsymbol = \"pure\"\nkeep.outputs = [\"u8\"]\nkeep.inputs = [\"a: u8\"]\n";
    assert_eq!(found(&engine, text), [""; 0]);
    repo.write("src/lib.rs", "pub fn pure(a: u16) -> u8 { a as u8 }\n");
    update(&engine);
    assert_eq!(found(&engine, text), ["Broken pure keep inputs: - a: u8, + a: u16"]);
}
