//! The SCIP index, read back by the crate of SCIP and compared with the sources.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use aether_bindings::engine::{Engine, EngineOptions, Ports};
use aether_core::code::{EdgeKind, EdgeTarget, ProjectGraph};
use protobuf::Message as _;
use scip::symbol::parse_symbol;
use scip::types::{Index, PositionEncoding, SymbolRole};

use crate::support::{Repo, update};

const FILES: [(&str, &str); 5] = [
    ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2021\"\n"),
    (
        "src/lib.rs",
        "pub mod shape;\nuse shape::{self, Shape};\n#[cfg(unix)]\npub fn f() { shape::g(&Shape::Dot { size: 1 }); }\n#[cfg(windows)]\npub fn f() {}\nimpl std::fmt::Debug for Shape { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { Ok(()) } }\n",
    ),
    (
        "src/shape.rs",
        "/// A shape.\npub enum Shape { Dot { size: u32 }, Line }\npub fn g(x: &Shape) -> u32 { match x { Shape::Dot { size } => *size, Shape::Line => 0 } }\nconst GRÖSSE: u32 = 1; pub fn größe() -> u32 { GRÖSSE }\nmacro_rules! m { () => { größe() } }\n",
    ),
    (
        "tool.py",
        "import os\nclass A:\n    def run(self):\n        self.walk()\n    def walk(self):\n        os.getcwd()\n",
    ),
    ("T.java", "class T { void a(int x) {} void a(long x) { a(1); } T() {} }\n"),
];

fn written(root: &Path) -> (Index, ProjectGraph, Vec<u8>) {
    let engine = Engine::open(EngineOptions::new(root), Ports::in_memory().unwrap()).unwrap();
    update(&engine);
    let mut bytes = Vec::new();
    engine.write_scip(&mut bytes).unwrap();
    (Index::parse_from_bytes(&bytes).unwrap(), engine.project_graph().unwrap(), bytes)
}

/// The text of a range of at most one line.
fn text_at<'t>(lines: &[&'t str], range: &[i32]) -> &'t str {
    let [line, from, to] = *range else { panic!("{range:?} goes over lines") };
    lines[line as usize].get(from as usize..to as usize).unwrap_or_else(|| panic!("{range:?} is no text"))
}

fn last_name(text: &str) -> &str {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    text.trim_end_matches(|character| !is_name(character)).rsplit(|c| !is_name(c)).next().unwrap()
}

/// Holds an index to its rules. Gives the references whose text is
/// another than the graph says.
#[track_caller]
fn check(root: &Path) -> Vec<String> {
    let (index, graph, _) = written(root);
    assert!(index.metadata.project_root.starts_with("file:///"));
    let mut sites: BTreeMap<(&str, u32), BTreeSet<&str>> = BTreeMap::new();
    let files: BTreeMap<_, _> = graph.symbols.iter().map(|symbol| (symbol.id, symbol)).collect();
    let mut expected = 0;
    let mut distinct = BTreeSet::new();
    for edge in &graph.edges {
        let is_reference = !matches!(edge.kind, EdgeKind::Tests | EdgeKind::DependsOn);
        if is_reference && edge.target != EdgeTarget::Unresolved {
            let file = files[&edge.source].file.as_str();
            sites.entry((file, edge.line - 1)).or_default().insert(last_name(&edge.text));
            let is_import = edge.kind == EdgeKind::Imports;
            if distinct.insert((file, edge.at, last_name(&edge.text).len(), &edge.target, is_import)) {
                expected += 1;
            }
        }
    }
    let (mut definitions, mut references, mut others) = (HashSet::new(), 0, Vec::new());
    let mut named = HashSet::new();
    for document in &index.documents {
        assert_eq!(
            document.position_encoding.enum_value(),
            Ok(PositionEncoding::UTF8CodeUnitOffsetFromLineStart)
        );
        let source = std::fs::read_to_string(root.join(&document.relative_path)).unwrap_or_default();
        let lines: Vec<&str> = source.split('\n').collect();
        let names: BTreeMap<&str, &str> =
            document.symbols.iter().map(|it| (it.symbol.as_str(), it.display_name.as_str())).collect();
        assert_eq!(names.len(), document.symbols.len());
        for occurrence in &document.occurrences {
            let symbol = occurrence.symbol.as_str();
            parse_symbol(symbol).unwrap_or_else(|error| panic!("{symbol}: {error:?}"));
            if occurrence.symbol_roles & SymbolRole::Definition as i32 != 0 {
                let key = if symbol.starts_with("local ") { &document.relative_path } else { "" };
                assert!(definitions.insert((key, symbol)), "{symbol} is defined twice");
                let text = text_at(&lines, &occurrence.range);
                let name = names[symbol];
                // A file is named nowhere in it, as are crates that cargo finds by their files; a crate may be
                // called after its package, a constructor of Java is called after its class, and a block of
                // methods after its type with its parameters.
                let is_text = match name {
                    _ if text.is_empty() => true,
                    _ if document.language == "cargo" => text.replace('-', "_") == name.replace('-', "_"),
                    "<init>" => true,
                    _ if symbol.ends_with('#') && symbol.contains("/`impl") => {
                        name.contains(last_name(text.split('<').next().unwrap()))
                    }
                    _ => text == name,
                };
                assert!(is_text, "{symbol}: {text}");
                continue;
            }
            references += 1;
            named.insert(symbol);
            let known = &sites[&(document.relative_path.as_str(), occurrence.range[0] as u32)];
            if occurrence.range.len() != 3 || !known.contains(text_at(&lines, &occurrence.range)) {
                others.push(format!("{}:{:?} {symbol}", document.relative_path, occurrence.range));
            }
        }
    }
    assert_eq!(
        definitions.len(),
        graph.symbols.iter().filter(|symbol| symbol.language.as_str() != "unknown").count()
    );
    assert_eq!(references, expected);
    let external: HashSet<&str> = index.external_symbols.iter().map(|it| it.symbol.as_str()).collect();
    let defined: HashSet<&str> = definitions.iter().map(|(_, symbol)| *symbol).collect();
    assert!(named.iter().all(|symbol| external.contains(symbol) != defined.contains(symbol)));
    others
}

#[test]
fn an_index_reads_back_and_fits_the_sources() {
    let repo = Repo::new(&FILES);
    assert_eq!(check(repo.root()), [] as [&str; 0]);
}

#[test]
fn the_index_of_our_own_sources_fits_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aether-store");
    assert_eq!(check(&root), [] as [&str; 0]);
}

#[test]
fn symbols_have_the_names_of_the_grammar() {
    let (index, ..) = written(Repo::new(&FILES).root());
    let mut found: Vec<&str> = Vec::new();
    for document in index.documents.iter().filter(|it| it.relative_path != "Cargo.toml") {
        found.extend(document.symbols.iter().map(|it| it.symbol.as_str()));
    }
    for expected in [
        "aether cargo demo . `src/lib.rs`/f().",
        "aether cargo demo . `src/lib.rs`/f(+1).",
        "aether cargo demo . `src/lib.rs`/`impl std::fmt::Debug for Shape`#fmt().",
        "aether cargo demo . `src/shape.rs`/Shape#Dot.size.",
        "aether cargo demo . `src/shape.rs`/`größe`().",
        "aether cargo demo . `src/shape.rs`/m!",
        "aether . . . `tool.py`/A#walk().",
        "aether . . . `T.java`/T#a(+1).",
    ] {
        assert!(found.contains(&expected), "{expected} is not among {found:#?}");
    }
    let implementing = index.documents.iter().flat_map(|it| &it.symbols).flat_map(|it| &it.relationships);
    let debug = "aether . std . std/fmt/Debug.";
    assert!(implementing.clone().any(|it| it.is_implementation && it.symbol == debug));
}

#[test]
fn equal_sources_have_equal_bytes() {
    let repo = Repo::new(&FILES);
    assert_eq!(written(repo.root()).2, written(repo.root()).2);
}
