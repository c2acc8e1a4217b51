//! Patterns over syntax trees, with the index of a folder as their source.

use std::sync::atomic::{AtomicU32, Ordering};

use aether_core::base::Cancel;
use aether_core::code::{AnchorTarget, GraphDelta, Language, SyntaxLimit, SyntaxMatches, SyntaxQuery};
use aether_core::port::{FileStamp, MemoryFacts, PortError};
use aether_index::{IndexOptions, Indexer, NoProgress, search_syntax};

/// A folder and what an index knows of it.
struct Repo {
    folder: tempfile::TempDir,
    facts: MemoryFacts,
}

impl Repo {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let on_disk = folder.path().join(path);
            std::fs::create_dir_all(on_disk.parent().unwrap()).unwrap();
            std::fs::write(on_disk, text).unwrap();
        }
        let mut repo = Self { folder, facts: MemoryFacts::default() };
        let mut contents = std::collections::BTreeMap::new();
        let mut sink = |delta: GraphDelta| {
            for file in delta.files {
                let content = contents.entry(file.file.path.clone()).or_insert(None);
                *content = file.content.map(|found| found.facts).or(content.take());
                let stamp = FileStamp::new(
                    file.file.path.clone(),
                    file.file.language.clone(),
                    file.file.content_hash,
                );
                repo.facts.insert(stamp, content.clone());
            }
            Ok(())
        };
        let mut indexer = Indexer::new(repo.folder.path(), IndexOptions::default()).unwrap();
        indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress).unwrap();
        repo
    }

    fn write(&self, path: &str, text: &[u8]) {
        std::fs::write(self.folder.path().join(path), text).unwrap();
    }

    fn ask(&self, query: &SyntaxQuery) -> Result<SyntaxMatches, PortError> {
        self.ask_with(query, &IndexOptions::default())
    }

    fn ask_with(&self, query: &SyntaxQuery, options: &IndexOptions) -> Result<SyntaxMatches, PortError> {
        search_syntax(self.folder.path(), options, &self.facts, query, &|| false, &Cancel::new())
    }
}

const RUST: &str = "\
fn read() { open(); /* é */ shut(); }
mod inner {
    impl Thing { fn drop(self) { open().unwrap(); } }
}
";

/// Captures as `file:line:column @name text`, matches apart by `|`.
fn shown(found: &SyntaxMatches) -> String {
    let matches = found.matches.iter().map(|found| {
        let captures = found.captures.iter().map(|capture| {
            let anchor = &capture.anchor;
            let line = anchor.lines.first;
            format!("{}:{line}:{} @{} {}", anchor.file, capture.column, capture.name, capture.text)
        });
        captures.collect::<Vec<_>>().join(", ")
    });
    matches.collect::<Vec<_>>().join(" | ")
}

#[track_caller]
fn check(files: &[(&str, &str)], query: &str, expected: &str) {
    let found = Repo::new(files).ask(&SyntaxQuery::new(query)).unwrap();
    assert_eq!(shown(&found), expected, "{query}");
    assert!(!found.has_more && found.reached.is_empty(), "{found:?}");
}

#[test]
fn matches_come_by_file_and_place() {
    let files = [("b.rs", "fn b() { open(); }\n"), ("a.rs", RUST)];
    check(
        &files,
        "(call_expression function: (identifier) @callee)",
        "a.rs:1:13 @callee open | a.rs:1:29 @callee shut | a.rs:3:34 @callee open | b.rs:1:10 @callee open",
    );
    check(
        &files,
        "(function_item name: (identifier) @name (#eq? @name \"b\")) @all",
        "b.rs:1:1 @all fn b() { open(); }, b.rs:1:4 @name b",
    );
    check(&[("a.rs", "")], "(identifier) @x", "");
}

#[test]
fn predicates_filter() {
    let files = [("a.py", "one()\ntwo()\nthree(1, 2)\nfour(1, 1)\n")];
    let name = |predicate: &str| format!("(call function: (identifier) @f ({predicate}))");
    check(&files, &name("#eq? @f \"two\""), "a.py:2:1 @f two");
    check(&files, &name("#not-eq? @f \"two\""), "a.py:1:1 @f one | a.py:3:1 @f three | a.py:4:1 @f four");
    check(&files, &name("#match? @f \"^t\""), "a.py:2:1 @f two | a.py:3:1 @f three");
    check(&files, &name("#not-match? @f \"^t\""), "a.py:1:1 @f one | a.py:4:1 @f four");
    check(&files, &name("#any-of? @f \"one\" \"four\""), "a.py:1:1 @f one | a.py:4:1 @f four");
    check(&files, &name("#not-any-of? @f \"one\" \"four\""), "a.py:2:1 @f two | a.py:3:1 @f three");
    let pair = "(argument_list . (integer) @a . (integer) @b .";
    check(&files, &format!("{pair} (#eq? @a @b))"), "a.py:4:6 @a 1, a.py:4:9 @b 1");
    let some = "(argument_list ((integer) @a \",\"?)+ (#any-eq? @a \"2\"))";
    check(&files, some, "a.py:3:7 @a 1, a.py:3:10 @a 2");
    check(&files, &some.replace("any-eq", "eq"), "");
    check(&files, &some.replace("any-eq", "any-not-eq").replace('2', "1"), "a.py:3:7 @a 1, a.py:3:10 @a 2");
    check(&files, &some.replace("any-eq", "any-match"), "a.py:3:7 @a 1, a.py:3:10 @a 2");
    check(&files, &some.replace("any-eq", "any-not-match").replace("\"2", "\"[2]"), &{
        let four = "a.py:4:6 @a 1, a.py:4:9 @a 1";
        format!("a.py:3:7 @a 1, a.py:3:10 @a 2 | {four}")
    });
}

#[test]
fn a_pattern_without_captures_is_captured_as_a_whole() {
    check(&[("a.rs", "use a;\n")], "(use_declaration) ; all of it", "a.rs:1:1 @match use a;");
    check(&[("a.rs", "use a;\n")], "[(use_declaration) (struct_item)]", "a.rs:1:1 @match use a;");
}

#[test]
fn an_anchor_stands_in_the_innermost_symbol() {
    let repo = Repo::new(&[("a.rs", RUST), ("b.rs", "use a::b;\n")]);
    let found = repo.ask(&SyntaxQuery::new("[(call_expression) (use_declaration)] @x")).unwrap();
    let targets: Vec<&AnchorTarget> =
        found.matches.iter().map(|found| &found.captures[0].anchor.target).collect();
    // Two calls of `read`, two of `drop`, which share their symbol, and one import of the file.
    assert_eq!(targets.len(), 5, "{}", shown(&found));
    assert!(targets[0] == targets[1] && targets[2] == targets[3]);
    assert!(targets[1] != targets[2] && targets[4] != targets[2]);
    let behind = Repo::new(&[("a.rs", "fn outer() { one(); fn inner() { two(); } three(); }")]);
    let found_behind = behind.ask(&SyntaxQuery::new("(call_expression)")).unwrap();
    let target = |at: usize| &found_behind.matches[at].captures[0].anchor.target;
    assert!(target(0) == target(2) && target(0) != target(1), "{found_behind:?}");
    for capture in found.matches.iter().flat_map(|found| &found.captures) {
        let text = std::fs::read_to_string(repo.folder.path().join(capture.anchor.file.as_str())).unwrap();
        assert_eq!(capture.anchor.locate(&text).unwrap(), capture.anchor.span);
        assert_eq!(capture.anchor.span.slice(&text), Some(capture.text.as_str()));
    }
}

#[track_caller]
fn check_refused(query: &str, code: &str, message: &str) {
    let error = Repo::new(&[("a.rs", RUST)]).ask(&SyntaxQuery::new(query)).unwrap_err();
    assert_eq!((error.code().as_str(), error.to_string().as_str()), (code, message), "{query}");
}

#[test]
fn a_broken_pattern_is_told_with_its_place() {
    let bad = |query: &str, place: &str, reason: &str| {
        check_refused(query, "query.bad_syntax", &format!("pattern does not fit rust at {place}: {reason}"));
    };
    bad("(block)\n  (blok)", "2:4", "no node is called `blok`");
    bad("(\"é\" @a)\r\n(\"fnn\")", "1:3", "no node is called `é`");
    bad("(block nam: (_))", "1:8", "no field is called `nam`");
    bad("((block) @a (#eq? @b \"\"))", "1:20", "nothing is captured as `b`");
    bad("(block", "1:7", "something is missing");
    bad("", "1:1", "there is no pattern");
    bad("; only a note", "1:14", "there is no pattern");
    bad("(block))", "1:8", "this is no part of a pattern");
    bad("é", "1:1", "this is no part of a pattern");
    bad("(block (source_file))", "1:8", "no syntax tree is built like that, so it could never match");
    bad(
        "(block) @a\n((block) @b (#match? @b \"(\"))",
        "2:14",
        "`(` is no regular expression: unclosed group",
    );
    let big = "regular expression `\\w{999}` takes more than 1048576 bytes";
    bad("((block) @a (#match? @a \"\\\\w{999}\"))", "1:14", big);
    bad("((block) @a (#eq? @a))", "1:14", "#eq? takes a capture and one more argument");
    bad("((block) @a (#eq? \"a\" @a))", "1:14", "#eq? begins with a capture");
    bad("((block) @a (#any-of? @a \"a\" @a))", "1:14", "#any-of? takes strings behind the capture");
    bad("((block) @a (#match? @a @a))", "1:14", "#match? takes a regular expression behind the capture");
    let known = "there are #eq?, #any-eq?, #match?, #any-match?, #any-of? and their not- forms";
    for name in ["like?", "is?", "is-not?", "set!", "eq!", "eq"] {
        bad(&format!("((block) @a (#{name} x y))"), "1:14", &format!("`#{name}` is not known here; {known}"));
    }
    let silent = "this pattern captures nothing; put `@name` behind what is to be shown";
    bad("(block) @a\n(struct_item)", "2:1", silent);
}

/// The parser library would read behind the end of the names that it compares such a string with.
#[test]
fn a_zero_byte_does_not_reach_the_parser_library() {
    let bad = |query: &str, place: &str| {
        let reason = "a zero byte cannot be asked for";
        check_refused(query, "query.bad_syntax", &format!("pattern does not fit rust at {place}: {reason}"));
    };
    bad("\0", "1:1");
    bad("(\"\0\u{6}2((\u{14}\"(_ ", "1:3");
    bad("(\"ab\\0cd\" @x)", "1:5");
    bad("(\"a\\\"\\0\") @x", "1:6");
    check(&[("a.rs", "0")], "((integer_literal) @x (#not-eq? @x \"\\\\0\"))", "a.rs:1:1 @x 0");
}

#[test]
fn a_pattern_that_would_take_too_long_to_compile_is_refused() {
    let bad = |query: String, reason: &str| check_refused(&query, "query.bad_syntax", reason);
    bad(format!("(block {})", "(_)* ".repeat(13)), "pattern repeats 13 parts, above the limit of 12");
    bad("(block (_)* (_)+) @a ".repeat(33), "patterns repeat 66 parts, above the limit of 64");
    bad(" ".repeat(8193), "pattern has 8193 bytes, above the limit of 8192");
    bad("(".repeat(8192), "pattern does not fit rust at 1:8193: something is missing");
    // Marks in strings, notes and the names of predicates repeat nothing.
    let many = "\"?????????????\" ; *************\n";
    check(&[("a.rs", "fn a() {}")], &format!("((identifier) @a (#not-any-of? @a {many}))"), "a.rs:1:4 @a a");
}

#[test]
fn a_language_needs_a_grammar() {
    let repo = Repo::new(&[("a.rs", RUST)]);
    let query = SyntaxQuery::new("(a)").with_language(Some(Language::new("makefile")));
    let error = repo.ask(&query).unwrap_err();
    assert_eq!(error.code().as_str(), "query.no_grammar");
    assert!(error.to_string().starts_with("there is no grammar of `makefile`, only of rust, "), "{error}");
}

#[test]
fn the_language_is_that_of_most_files_that_takes_the_pattern() {
    let repo = Repo::new(&[
        ("a.rs", "fn a() {}"),
        ("b.rs", ""),
        ("c.py", "class C: pass"),
        ("d.go", "package d"),
        ("e.go", "package e"),
        ("f.go", "package f"),
    ]);
    let language = |query: &str| repo.ask(&SyntaxQuery::new(query)).unwrap().language.to_string();
    assert_eq!(language("(identifier)"), "go");
    assert_eq!(language("(function_item)"), "rust");
    assert_eq!(language("(class_definition)"), "python");
    let query = SyntaxQuery::new("(identifier)").with_paths(vec![".py".to_owned(), "b.r".to_owned()]);
    assert_eq!(repo.ask(&query).unwrap().files.searched, 1);
    let error = repo.ask(&SyntaxQuery::new("(class_declaration)")).unwrap_err();
    assert!(error.to_string().contains("does not fit go"), "{error}");
}

#[test]
fn a_dialect_that_lacks_a_node_is_left_out() {
    let repo = Repo::new(&[("a.ts", "let a = <b>c;"), ("b.tsx", "let a = <b/>;")]);
    let found = repo.ask(&SyntaxQuery::new("(jsx_self_closing_element) @x")).unwrap();
    assert_eq!(shown(&found), "b.tsx:1:9 @x <b/>");
    assert_eq!((found.files.searched, found.files.skipped), (1, 1));
}

#[test]
fn files_that_cannot_be_searched_are_counted() {
    let files = ["a.rs", "b.rs", "c.rs", "d.rs", "e.rs"].map(|path| (path, "fn f() {}\n"));
    let repo = Repo::new(&files);
    repo.write("b.rs", b"fn g() {}\n");
    std::fs::remove_file(repo.folder.path().join("c.rs")).unwrap();
    repo.write("d.rs", &b"x".repeat(101));
    let limits = {
        let mut limits = aether_core::base::IndexLimits::default();
        limits.max_file_bytes = 100;
        limits
    };
    let options = IndexOptions::default().with_limits(limits);
    let found = repo.ask_with(&SyntaxQuery::new("(function_item)"), &options).unwrap();
    let files = found.files;
    assert_eq!((files.searched, files.changed, files.skipped, files.left), (2, 2, 1, 0), "{files:?}");
    let broken = Repo::new(&[("a.rs", "fn f() {}")]);
    broken.write("a.rs", b"\xff");
    assert_eq!(broken.ask(&SyntaxQuery::new("(block)")).unwrap().files.changed, 1);
}

#[test]
fn a_limit_cuts_and_is_told() {
    let texts: Vec<(String, String)> =
        (0..200).map(|at| (format!("{at:03}.rs"), "fn a() {} fn b() {} fn c() {}".to_owned())).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (&**path, &**text)).collect();
    let repo = Repo::new(&files);
    let query = SyntaxQuery::new("(function_item)");
    let all = repo.ask(&query.clone().with_limit(600)).unwrap();
    assert_eq!((all.matches.len(), all.has_more, all.files.searched), (600, false, 200));
    let mut one = None;
    for threads in [1, 2, 7] {
        let options = IndexOptions::default().with_threads(threads);
        let cut = repo.ask_with(&query.clone().with_limit(301), &options).unwrap();
        assert_eq!(cut.matches, all.matches[..301]);
        assert_eq!((cut.has_more, cut.reached.as_slice()), (true, &[SyntaxLimit::Matches][..]));
        assert_eq!((cut.files.searched, cut.files.left), (101, 99));
        assert_eq!(*one.get_or_insert(cut.clone()), cut);
    }
    let short = repo.ask(&query.with_limit(1).with_max_text_bytes(4)).unwrap();
    assert_eq!(shown(&short), "000.rs:1:1 @match fn a");
}

#[test]
fn an_answer_has_a_size() {
    let text = format!("f({});\n", "[a], ".repeat(100_000));
    let repo = Repo::new(&[("a.js", &text)]);
    // Each of the matches has the text of all arguments.
    let query = SyntaxQuery::new("(arguments (array) @x) @all").with_max_text_bytes(u32::MAX);
    let found = repo.ask(&query).unwrap();
    assert_eq!(found.reached, [SyntaxLimit::Bytes]);
    assert!((30..35).contains(&found.matches.len()), "{}", found.matches.len());
}

#[test]
fn time_ends_a_search_of_any_cost() {
    let flat = "fn f() {}\n".repeat(20_000);
    let deep = format!("fn f() {{ {}x{} }}", "(".repeat(100_000), ")".repeat(100_000));
    let repo = Repo::new(&[("a.rs", &flat), ("b.rs", &deep)]);
    let costly = "(source_file (function_item) @a (function_item) @b (function_item) @c (struct_item) @d)";
    for query in [costly, "((_) @a (_) @b (_) @c)", "((_) @x (#match? @x \"zzz$\"))"] {
        let asked = AtomicU32::new(0);
        let is_over = || asked.fetch_add(1, Ordering::Relaxed) >= 200;
        let options = IndexOptions::default();
        let query = SyntaxQuery::new(query).with_limit(1_000_000);
        let found =
            search_syntax(repo.folder.path(), &options, &repo.facts, &query, &is_over, &Cancel::new());
        let found = found.unwrap();
        assert!(found.reached.contains(&SyntaxLimit::Time), "{found:?}");
        assert!(found.has_more);
    }
    // In the middle of a file, not only between files: it counts as searched.
    let repo = Repo::new(&[("a.rs", &"fn f() {}\n".repeat(2_000))]);
    let asked = AtomicU32::new(0);
    let is_over = || asked.fetch_add(1, Ordering::Relaxed) >= 2_000;
    let (options, query) = (IndexOptions::default(), SyntaxQuery::new(costly));
    let found = search_syntax(repo.folder.path(), &options, &repo.facts, &query, &is_over, &Cancel::new());
    let found = found.unwrap();
    assert!(found.reached.contains(&SyntaxLimit::Time) && found.files.searched == 1, "{found:?}");
    let cancel = Cancel::new();
    cancel.cancel();
    let options = IndexOptions::default();
    let query = SyntaxQuery::new(costly);
    let error = search_syntax(repo.folder.path(), &options, &repo.facts, &query, &|| false, &cancel);
    assert_eq!(error.unwrap_err().code().as_str(), "cancelled");
}

#[test]
fn too_many_matches_at_once_are_told() {
    let repo = Repo::new(&[("a.rs", &"fn f() {}\n".repeat(5_000))]);
    let query = "(source_file (function_item) @a (struct_item) @b)";
    let found = repo.ask(&SyntaxQuery::new(query)).unwrap();
    assert_eq!(found.reached, [SyntaxLimit::States], "{:?}", found.files);
}
