//! Anchor chains: each step cites what is there.

use aether_bindings::engine::{ChainOptions, Engine};
use aether_core::base::{Cancel, RelPath};
use aether_core::code::{AnchorChain, AnchorTarget, ChainStepKind, ContextBudget, ContextFormat, SearchMode};

use crate::support::{Repo, update};

const LIB: &str = "pub mod load;\nmod program;\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn a_settings_file_is_read() {\n        crate::program::run();\n    }\n}\n";
const LOAD: &str = "/// Reads the settings.\n///\n/// From a file.\n#[must_use]\npub fn settings() -> String {\n    String::new()\n}\n\n/// Of its own.\npub struct Store;\n\nimpl Store {\n    pub fn new() -> Self {\n        Store\n    }\n    pub fn open() -> Self {\n        Store::new()\n    }\n}\n\npub struct Other;\n\nimpl Other {\n    pub fn new() -> Self {\n        Other\n    }\n}\n";
const PROGRAM: &str =
    "use crate::load::settings;\n\npub fn run() {\n    let text = settings();\n    drop(text);\n}\n";
const README: &str = "# Demo\n\nThe settings of the program.\n\n## Where they are\n\n`settings()` reads them.\n\n- `Store::new` makes a store\n";

fn repo() -> Repo {
    Repo::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n"),
        ("src/lib.rs", LIB),
        ("src/load.rs", LOAD),
        ("src/program.rs", PROGRAM),
        ("README.md", README),
    ])
}

fn chain(engine: &Engine, name: &str, per_kind: usize) -> AnchorChain {
    let mut options = ChainOptions::default();
    options.per_kind = per_kind;
    let id = engine.select(name).unwrap().id;
    engine.chain(id, None, &options, &Cancel::new()).unwrap().result
}

/// `kind file:line-line text` of each step, the text as the anchor finds it in the file as it is.
fn told(repo: &Repo, chain: &AnchorChain) -> Vec<String> {
    let show = |step: &aether_core::code::ChainStep| {
        let text = std::fs::read_to_string(repo.path(step.anchor.file.as_str())).unwrap();
        let cited = step.anchor.locate(&text).unwrap().slice(&text).unwrap().to_owned();
        assert!(cited.contains(&step.excerpt), "{step:?}");
        let (lines, file) = (step.anchor.lines, &step.anchor.file);
        format!("{} {file}:{}-{} {}", step.kind.as_str(), lines.first, lines.last, step.excerpt)
    };
    chain.steps.iter().map(show).collect()
}

#[test]
fn a_chain_leads_from_a_use_over_definition_and_documentation_to_a_test() {
    let repo = repo();
    let engine = repo.engine();
    let expected = [
        "use src/program.rs:4-4 let text = settings();",
        "definition src/load.rs:5-7 pub fn settings() -> String {",
        "documentation src/load.rs:1-3 /// Reads the settings.",
        "test src/lib.rs:7-9 fn a_settings_file_is_read() {",
    ];
    let found = chain(&engine, "settings", 1);
    let told_now = told(&repo, &found);
    assert_eq!(told_now, expected);
    assert_eq!(found.of(ChainStepKind::Test).next().unwrap().name, "demo::tests::a_settings_file_is_read");
    assert!(found.left_out > 0, "the README tells of it too");
    let more = chain(&engine, "settings", 5);
    let document = more.of(ChainStepKind::Documentation).nth(1).unwrap();
    assert_eq!(
        (document.name.as_str(), document.excerpt.as_str()),
        ("Demo > Where they are", "`settings()` reads them.")
    );
    let headings = vec!["Demo".to_owned(), "Where they are".to_owned()];
    assert_eq!(document.anchor.target, AnchorTarget::Heading(headings));
    assert_eq!(more.left_out, 0);
}

#[test]
fn a_common_name_alone_tells_of_nothing() {
    let repo = repo();
    let engine = repo.engine();
    let of = |name| {
        let found = chain(&engine, name, 5);
        found.of(ChainStepKind::Documentation).map(|step| step.excerpt.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("Store::new"), ["- `Store::new` makes a store"]);
    assert_eq!(of("Other::new"), Vec::<String>::new());
    assert_eq!(of("Store"), ["/// Of its own.", "- `Store::new` makes a store"]);
}

#[test]
fn a_chain_begins_at_the_line_that_is_asked_about() {
    let repo = repo();
    let engine = repo.engine();
    let file = RelPath::new("src/program.rs").unwrap();
    let used = engine.used_at(&file, 4).unwrap();
    assert_eq!(used, [engine.select("settings").unwrap().id,], "what is outside of the project has no chain");
    let site = Some((&file, 4));
    let found = engine.chain(used[0], site, &ChainOptions::default(), &Cancel::new()).unwrap().result;
    assert_eq!(found.of(ChainStepKind::Use).next().unwrap().anchor.lines.first, 4);
    assert_eq!(engine.used_at(&file, 3).unwrap(), []);
    let (settings, run) = (used[0], engine.select("run").unwrap().id);
    assert_eq!(engine.chain_start("src/program.rs:4").unwrap(), (settings, Some((file, 4))));
    // A line that declares something is about that, and one that uses nothing about what it stands in.
    for place in ["src/program.rs:3", "src/program.rs:6", "program::run"] {
        assert_eq!(engine.chain_start(place).unwrap(), (run, None), "{place}");
    }
    assert!(engine.chain_start("src/nowhere.rs:1").is_err());
}

#[test]
fn what_is_not_as_it_was_indexed_is_not_cited() {
    let repo = repo();
    let engine = repo.engine();
    repo.write("src/program.rs", "// All is new.\n");
    repo.write("README.md", "# Nothing\n");
    let found = chain(&engine, "settings", 5);
    let files: Vec<&str> = found.steps.iter().map(|step| step.anchor.file.as_str()).collect();
    assert!(!files.contains(&"src/program.rs") && !files.contains(&"README.md"), "{files:?}");
    assert!(files.contains(&"src/load.rs"));
    update(&engine);
    assert_eq!(chain(&engine, "settings", 5).of(ChainStepKind::Use).count(), 0);
    let cancel = Cancel::new();
    cancel.cancel();
    let id = engine.select("settings").unwrap().id;
    assert!(engine.chain(id, None, &ChainOptions::default(), &cancel).is_err());
}

#[test]
fn packs_follow_the_chains_of_what_was_found() {
    let repo = repo();
    let engine = repo.engine();
    let (budget, format) = (ContextBudget::Bytes(20_000), ContextFormat::Markdown);
    let pack = engine.context("read the settings", budget, format, SearchMode::Lexical).unwrap().result;
    let reasons: Vec<(&str, &str)> =
        pack.entries.iter().map(|it| (it.qualified_name.as_str(), it.reason.as_str())).collect();
    assert!(reasons.contains(&("demo::load::settings", "found")), "{reasons:?}");
    assert!(
        reasons.contains(&("Demo > Where they are", "documentation of demo::load::settings")),
        "{reasons:?}"
    );
    let text = pack.render(format);
    assert!(text.contains("README.md:7-7") && text.contains("`settings()` reads them."), "{text}");
}

#[test]
fn a_line_outside_of_functions_uses_something_too() {
    let repo = Repo::new(&[("script.py", "def load():\n    return 1\n\nload()\n")]);
    let engine = repo.engine();
    let file = RelPath::new("script.py").unwrap();
    assert_eq!(engine.used_at(&file, 4).unwrap(), [engine.select("load").unwrap().id]);
}

#[test]
fn what_many_use_is_bounded_and_counted() {
    let uses: String = (0..300).map(|number| format!("pub fn f{number}() {{ one() }}\n")).collect();
    let repo = Repo::new(&[("src/lib.rs", &format!("pub fn one() {{}}\n{uses}"))]);
    let found = chain(&repo.engine(), "one", 2);
    assert_eq!((found.of(ChainStepKind::Use).count(), found.left_out), (2, 298));
}

#[test]
fn packs_show_comments_as_they_stand() {
    let repo = Repo::new(&[
        ("load.py", "def load_settings():\n    \"\"\"Reads the settings.\"\"\"\n    return 1\n"),
        ("store.js", "/**\n * Keeps the settings.\n */\nexport function keepSettings() {}\n"),
        ("src/lib.rs", "/// Shows the settings.\n#[must_use]\npub fn show_settings() -> u8 {\n    1\n}\n"),
    ]);
    let engine = repo.engine();
    let (budget, format) = (ContextBudget::Bytes(20_000), ContextFormat::Markdown);
    let pack = engine.context("settings", budget, format, SearchMode::Lexical).unwrap().result;
    let sources: Vec<&str> = pack.entries.iter().map(|entry| entry.source.as_str()).collect();
    for expected in [
        "def load_settings():\n    \"\"\"Reads the settings.\"\"\"\n    return 1",
        "/// Shows the settings.\n#[must_use]\npub fn show_settings() -> u8 {\n    1\n}",
    ] {
        assert!(sources.contains(&expected), "{sources:#?}");
    }
    let kept = sources.iter().find(|source| source.contains("function keepSettings")).unwrap();
    assert!(kept.starts_with("/**\n * Keeps the settings.\n */\n"), "{kept}");
}
