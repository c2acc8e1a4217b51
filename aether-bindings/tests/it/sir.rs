//! Semantic records of the static provider.

use aether_bindings::engine::{Engine, EngineOptions, Ports, StoreOptions};
use aether_core::code::{RecordStatus, Sir, StoredRecord};

use crate::support::{Repo, update};

const MANIFEST: (&str, &str) = ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n");

const CONFIG: &str = r#"//! Configuration of the demo. More.

use std::path::Path;

/// A [`Config`] with one key.
pub struct Config {
    /// The key.
    pub key: Key,
}

pub struct Key(String);

pub enum Error { Missing, Io(std::io::Error) }

impl Config {
    /// Loads it from a file. Then some.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn load(path: &Path, count: &mut u32) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::Io)?;
        if text.is_empty() {
            return Err(Error::Missing);
        }
        *count += 1;
        parse_text(&text)
    }
}

fn parse_text(text: &str) -> Result<Config, Error> {
    let key = text.split('=').next().ok_or(Error::Missing)?;
    Ok(Config { key: Key(key.to_owned()) })
}

pub fn load_twice(path: &Path) -> Result<Config, Error> {
    let mut count = 0;
    Config::load(path, &mut count)?;
    Config::load(path, &mut count)
}

#[cfg(test)]
mod tests {
    #[test]
    fn loads_nothing() {
        panic!("no");
    }
}
"#;

fn demo() -> Repo {
    Repo::new(&[
        MANIFEST,
        (
            "src/lib.rs",
            "pub mod config;\n\npub fn run() -> u8 {\n    config::load_twice(\"x\".as_ref()).map_or(0, |_| 1)\n}\n",
        ),
        ("src/config.rs", CONFIG),
    ])
}

fn record(engine: &Engine, name: &str) -> StoredRecord {
    let symbol = engine.select(name).unwrap();
    engine.sir(symbol.id).unwrap().result.record.unwrap()
}

fn sir(engine: &Engine, name: &str) -> Sir {
    let record = record(engine, name);
    assert_eq!(record.sir_status, RecordStatus::Fresh);
    let sir = record.sir.unwrap();
    assert_eq!(record.sir_hash, Some(sir.hash().unwrap()));
    sir
}

fn told<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn a_function_says_what_it_takes_gives_does_and_needs_and_how_it_fails() {
    let engine = demo().engine();
    let load = sir(&engine, "Config::load");
    assert_eq!(load.intent, "Loads it from a file.");
    assert_eq!(load.inputs, ["path: &Path", "count: &mut u32"]);
    assert_eq!(load.outputs, ["Result<Self, Error>"]);
    assert_eq!(told(&load.side_effects), ["files_read: std::fs::read_to_string", "mutates: count"]);
    assert_eq!(
        told(&load.error_modes),
        [
            "arithmetic: arithmetic",
            "passes_error: std::fs::read_to_string",
            "returns_error: Error::Io",
            "returns_error: Error::Missing",
        ]
    );
    assert_eq!(load.dependencies, ["demo::config::Error", "demo::config::parse_text"]);
    assert_eq!(load.confidence.thousandths(), 900);

    let parse = sir(&engine, "parse_text");
    assert_eq!(parse.intent, "parse text");
    assert_eq!(told(&parse.error_modes), ["returns_error: Error::Missing"]);
    assert_eq!(parse.confidence.thousandths(), 700);
}

#[test]
fn what_a_callee_does_is_told_with_where_it_stands() {
    let engine = demo().engine();
    let twice = sir(&engine, "load_twice");
    let effect = "files_read: std::fs::read_to_string in demo::config::Config::load";
    assert_eq!(told(&twice.side_effects), [effect]);
    assert_eq!(told(&twice.error_modes), ["passes_error: demo::config::Config::load"]);
    let answer = engine.sir(engine.select("demo::run").unwrap().id).unwrap().result;
    let way: Vec<(String, u32)> =
        answer.effects[0].steps.iter().map(|step| (step.text.clone(), step.line)).collect();
    assert_eq!(
        way,
        [
            ("config::load_twice".to_owned(), 4),
            ("Config::load".to_owned(), 38),
            ("std::fs::read_to_string".to_owned(), 22)
        ]
    );
}

#[test]
fn types_files_and_modules_have_records_and_fields_have_none() {
    let engine = demo().engine();
    let config = sir(&engine, "demo::config::Config");
    assert_eq!(config.intent, "A Config with one key.");
    assert_eq!(config.dependencies, ["demo::config::Key"]);
    assert_eq!(sir(&engine, "Key").intent, "key (struct)");

    let file = sir(&engine, "src/config.rs");
    assert_eq!(file.intent, "Configuration of the demo.");
    assert_eq!(
        file.exports,
        [
            "demo::config::Config",
            "demo::config::Config::load",
            "demo::config::Error",
            "demo::config::Key",
            "demo::config::load_twice"
        ]
    );
    assert_eq!(file.symbol_count, 6);
    // What a member lends another stays inside, and a test is no part of it.
    assert!(!told(&file.side_effects).iter().any(|it| it.starts_with("mutates")));
    assert!(!told(&file.error_modes).iter().any(|it| it.starts_with("panic")));
    assert!(told(&file.side_effects).contains(&"files_read: std::fs::read_to_string".to_owned()));
    assert_eq!(file.dependencies, [""; 0]);
    assert_eq!(file.confidence.thousandths(), 700);

    let module = sir(&engine, "demo::config");
    assert_eq!(module.intent, "Configuration of the demo.");
    assert_eq!((module.symbol_count, &module.exports), (6, &file.exports));
    assert!(sir(&engine, "loads_nothing").error_modes.iter().any(|mode| mode.kind.is_panic()));

    let field = engine.select("Config::key").unwrap();
    assert_eq!(engine.sir(field.id).unwrap().result.record, None);
}

#[test]
fn what_is_not_known_is_said() {
    let text =
        "pub fn f(x: &dyn Iterator<Item = u8>) { strange::call(x) }\nfn g() { f(&None.into_iter()) }\n";
    let engine = Repo::new(&[MANIFEST, ("src/lib.rs", text)]).engine();
    let f = sir(&engine, "demo::f");
    assert_eq!(told(&f.side_effects), ["unknown: strange::call"]);
    assert_eq!(f.confidence.thousandths(), 400);
    assert_eq!(sir(&engine, "demo::g").confidence.thousandths(), 400);
}

#[test]
fn records_follow_the_code_and_only_what_changed_is_written() {
    let repo = demo();
    let engine = repo.engine();
    let first = engine.refresh_records().unwrap().result;
    assert_eq!((first.written, first.removed), (first.records, 0));
    let again = engine.refresh_records().unwrap().result;
    assert_eq!((again.records, again.written, again.removed), (first.records, 0, 0));

    let before = record(&engine, "load_twice");
    // A line that moves is no other meaning.
    repo.write("src/config.rs", &format!("\n\n{CONFIG}"));
    update(&engine);
    let moved = engine.refresh_records().unwrap().result;
    assert_eq!((moved.written, moved.removed), (0, 0));
    // A callee that does more is one, for its callers too, over files.
    repo.write(
        "src/config.rs",
        &CONFIG.replace("*count += 1;", "*count += 1;\n        std::process::exit(2);"),
    );
    update(&engine);
    let after = record(&engine, "load_twice");
    assert_ne!(after.sir_hash, before.sir_hash);
    assert!(told(&sir(&engine, "demo::run").side_effects).iter().any(|it| it.starts_with("exit: ")));
    // What goes takes its record along.
    repo.write("src/config.rs", &CONFIG.replace("pub fn load_twice", "pub fn load_again"));
    update(&engine);
    let renamed = engine.refresh_records().unwrap().result;
    assert_eq!(renamed.removed, 1);
    assert_eq!(renamed.records, first.records);
}

#[test]
fn records_outlive_the_engine_and_equal_those_of_a_fresh_index() {
    let repo = demo();
    let path = repo.root().join("store.db");
    let open = || {
        let ports = Ports::at_path(&path, &StoreOptions::default()).unwrap();
        Engine::open(EngineOptions::new(repo.root()), ports).unwrap()
    };
    let engine = open();
    update(&engine);
    engine.refresh_records().unwrap();
    repo.write(
        "src/lib.rs",
        "pub mod config;\npub fn run() -> bool { config::load_twice(\"y\".as_ref()).is_ok() }\n",
    );
    update(&engine);
    drop(engine);
    let engine = open();
    assert!(engine.refresh_records().unwrap().result.written > 0);
    drop(engine);
    let engine = open();
    assert_eq!(engine.refresh_records().unwrap().result.written, 0);
    let fresh = repo.engine();
    for name in ["demo::run", "load_twice", "src/lib.rs", "demo::config", "Config::load"] {
        assert_eq!(sir(&engine, name), sir(&fresh, name), "{name}");
    }
}

#[test]
fn other_languages_have_records_that_say_less() {
    let engine = Repo::new(&[
        ("store.py", "def save(path: str, data) -> bool:\n    \"\"\"Saves data. More.\"\"\"\n    return write(path)\n\n\ndef write(path):\n    return True\n"),
        ("get.ts", "/** Gets it. */\nexport function get(url: string, n = 3): Promise<string> { return fetchAll(url); }\nfunction fetchAll(u: string) { return u; }\n"),
    ])
    .engine();
    let save = sir(&engine, "save");
    assert_eq!(save.intent, "Saves data.");
    assert_eq!(save.inputs, ["path: str", "data"]);
    assert_eq!(save.outputs, ["bool"]);
    assert!(save.dependencies.iter().any(|need| need.ends_with("write")), "{:?}", save.dependencies);
    let get = sir(&engine, "get");
    assert_eq!(get.inputs, ["url: string", "n = 3"]);
    assert_eq!(get.outputs, ["Promise<string>"]);
}
