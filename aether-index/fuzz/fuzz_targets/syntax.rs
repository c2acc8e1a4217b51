//! Any pattern over any text: a typed error or an answer whose anchors resolve; never a panic.
#![no_main]

use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{GraphDelta, Language, SyntaxQuery};
use aether_core::port::{FactSource as _, FileStamp, MemoryFacts};
use aether_index::{IndexOptions, Indexer, NoProgress, search_syntax};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Case {
    language: u8,
    limit: u8,
    max_text_bytes: u8,
    query: String,
}

const FILES: [(&str, &str, &str); 6] = [
    (
        "rust",
        "a.rs",
        "fn a(x: u8) -> u8 { /* é */ b(x).c(\"d\") }\nstruct S { x: u8 }\nmod m { use a::b; }\n",
    ),
    ("python", "a.py", "class A(B):\n    def f(self, x=1): return self.g('é', x)\n"),
    ("go", "a.go", "package a\nfunc (t T) F(x int) { t.g(\"é\") }\n"),
    ("java", "A.java", "class A { void f() { g(1, \"é\"); } }\n"),
    ("javascript", "a.js", "const a = (x) => { b(`é${x}`) };\n"),
    ("typescript", "a.ts", "function f<T>(x: T): void { g<T>(x) }\nlet (\n"),
];

struct Repo {
    folder: tempfile::TempDir,
    facts: MemoryFacts,
}

thread_local! {
    /// Made once: the files are the same for every case.
    static REPO: RefCell<Repo> = RefCell::new(repo());
}

fn repo() -> Repo {
    let folder = tempfile::tempdir().expect("a folder");
    for (_, path, text) in FILES {
        std::fs::write(folder.path().join(path), text).expect("a file");
    }
    let mut facts = MemoryFacts::default();
    let mut sink = |delta: GraphDelta| {
        for file in delta.files {
            let path = file.file.path.clone();
            let held = facts.facts(&[path.clone()])?.pop().flatten();
            let content = file.content.map(|content| content.facts);
            facts.insert(
                FileStamp::new(path, file.file.language.clone(), file.file.content_hash),
                content.or(held),
            );
        }
        Ok(())
    };
    let mut indexer = Indexer::new(folder.path(), options()).expect("a thread");
    indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress).expect("an index");
    Repo { folder, facts }
}

fn options() -> IndexOptions {
    IndexOptions::default().with_threads(1)
}

fuzz_target!(|case: Case| {
    let languages = FILES.map(|(language, _, _)| Language::new(language));
    let query = SyntaxQuery::new(case.query.as_str())
        .with_language(languages.get(usize::from(case.language) % 7).cloned())
        .with_limit(u32::from(case.limit))
        .with_max_text_bytes(u32::from(case.max_text_bytes));
    REPO.with_borrow(|repo| {
        let asked = AtomicU32::new(0);
        let is_over = || asked.fetch_add(1, Ordering::Relaxed) > 1_000;
        let root = repo.folder.path();
        match search_syntax(root, &options(), &repo.facts, &query, &is_over, &Cancel::new()) {
            Err(error) => assert_eq!(error.code().as_str(), "query.bad_syntax", "{error}"),
            Ok(found) => {
                assert!(found.matches.len() <= query.limit as usize);
                assert_eq!(found.has_more, !found.reached.is_empty());
                for capture in found.matches.iter().flat_map(|found| &found.captures) {
                    let text = text_of(&capture.anchor.file);
                    let cited = capture.anchor.span.slice(text).expect("a span at characters");
                    assert!(cited.starts_with(&capture.text));
                    assert!(capture.text.len() <= usize::from(case.max_text_bytes));
                    assert_eq!(capture.anchor.locate(text), Ok(capture.anchor.span));
                }
                assert!(found.matches.iter().all(|found| !found.captures.is_empty()));
            }
        }
    });
});

fn text_of(file: &RelPath) -> &'static str {
    let file = FILES.iter().find(|(_, path, _)| *path == file.as_str());
    file.map(|(_, _, text)| *text).expect("a file of the repository")
}
