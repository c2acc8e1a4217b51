//! What an update hands over.

use std::collections::BTreeMap;
use std::sync::Mutex;

use aether_core::base::{Cancel, ErrorCode, IndexLimits, RelPath};
use aether_core::code::{EdgeTarget, GraphDelta};
use aether_core::port::{FactSource as _, FileStamp, MemoryFacts};
use aether_index::{IndexOptions, Indexer, NoProgress};

use crate::support::{deltas, let_time_pass};

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let files: Vec<(String, String)> = (0..40)
        .map(|number| {
            let next = (number + 1) % 40;
            (format!("src/m{number}.rs"), format!("pub fn f{number}() {{ crate::m{next}::f{next}() }}\n"))
        })
        .chain([
            ("src/lib.rs".to_owned(), (0..40).map(|number| format!("mod m{number};\n")).collect()),
            ("Cargo.toml".to_owned(), "[package]\nname = \"ring\"\nedition = \"2021\"\n".to_owned()),
        ])
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let strip = |threads| {
        let mut deltas = deltas(&files, IndexOptions::default().with_threads(threads));
        for file in deltas.iter_mut().flat_map(|delta| &mut delta.files) {
            file.file.modified_ns = 0;
        }
        deltas
    };
    let one = strip(1);
    assert_eq!(one, strip(4));
    let calls = one.iter().flat_map(|delta| &delta.files).flat_map(|file| file.edges.iter().flatten());
    assert_eq!(calls.filter(|edge| edge.kind.as_str() == "calls").count(), 40);
}

#[test]
fn the_first_index_names_files_before_it_vouches_for_them() {
    let deltas = deltas(&[("lib.rs", "fn a() {}")], IndexOptions::default());
    assert_eq!(deltas.len(), 2);
    assert!(deltas[0].is_full && !deltas[1].is_full);
    let (first, last) = (&deltas[0].files[0], &deltas[1].files[0]);
    assert!(first.content.is_some() && first.edges.is_none());
    assert_eq!(first.file.content_hash, [0; 32]);
    assert!(last.content.is_none() && last.edges.is_some());
    assert_ne!(last.file.content_hash, [0; 32]);
    assert_eq!((deltas[0].files_total, deltas[1].files_total), (1, 1));
}

#[test]
fn a_time_is_noted_once_no_other_change_can_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    let has_time = Mutex::new(BTreeMap::new());
    let mut indexer = Indexer::new(folder.path(), IndexOptions::default()).unwrap();
    let mut facts = MemoryFacts::default();
    let mut check = |told: Option<&str>, expected: &[(&str, bool)]| {
        let mut stamps = Vec::new();
        let mut sink = |delta: GraphDelta| {
            for file in delta.files {
                has_time.lock().unwrap().insert(file.file.path.to_string(), file.file.modified_ns != 0);
                stamps.push((file.file, file.content));
            }
            Ok(())
        };
        let told: Option<[RelPath; 1]> = told.map(|path| [RelPath::new(path).unwrap()]);
        let (cancel, source) = (Cancel::new(), facts.clone());
        match &told {
            Some(paths) => indexer.update_files(paths, &source, &mut sink, &cancel, &NoProgress),
            None => indexer.update(&source, &mut sink, &cancel, &NoProgress),
        }
        .unwrap();
        for (file, content) in stamps {
            let held = facts.facts(std::slice::from_ref(&file.path)).unwrap().pop().flatten();
            let stamp = FileStamp::new(file.path, file.language, file.content_hash);
            facts.insert(stamp, content.map(|content| content.facts).or(held));
        }
        let found: Vec<(String, bool)> =
            has_time.lock().unwrap().iter().map(|(path, has_time)| (path.clone(), *has_time)).collect();
        let expected: Vec<(String, bool)> =
            expected.iter().map(|(path, has_time)| ((*path).to_owned(), *has_time)).collect();
        assert_eq!(found, expected);
    };
    let pause = || let_time_pass(folder.path());
    write("a.rs", "fn a() {}");
    check(None, &[("a.rs", false)]);
    pause();
    write("b.rs", "fn b() {}");
    check(None, &[("a.rs", true), ("b.rs", false)]);
    // Told of a change, it compares the time with nothing.
    write("a.rs", "fn c() {}");
    check(Some("a.rs"), &[("a.rs", false), ("b.rs", false)]);
    pause();
    write("b.rs", "fn d() {}");
    check(None, &[("a.rs", true), ("b.rs", false)]);
    check(None, &[("a.rs", true), ("b.rs", false)]);
}

#[test]
fn an_edge_leads_to_symbols_that_were_handed_over_before() {
    let mut files = vec![
        (
            "a/Cargo.toml".to_owned(),
            "[package]\nname = \"a\"\n[dependencies]\nz = { path = \"../z\" }\n".to_owned(),
        ),
        ("a/src/lib.rs".to_owned(), "pub fn a() { z::z() }\n".to_owned()),
        ("z/Cargo.toml".to_owned(), "[package]\nname = \"z\"\n".to_owned()),
        ("z/src/lib.rs".to_owned(), "pub fn z() {}\n".to_owned()),
    ];
    // So many that the two packages are handed over in different deltas.
    files.extend((0..600).map(|number| (format!("m/f{number}.txt"), String::new())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let mut known = std::collections::BTreeSet::new();
    let mut count = 0;
    for delta in deltas(&files, IndexOptions::default()) {
        known.extend(
            delta.files.iter().flat_map(|file| &file.content).flat_map(|content| content.ids.clone()),
        );
        for edge in delta.files.iter().flat_map(|file| file.edges.iter().flatten()) {
            if let EdgeTarget::Symbol(target) = edge.target {
                assert!(known.contains(&target), "{edge:?}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 2, "the dependency and the call");
}

#[test]
fn limits_hold() {
    let limits = IndexLimits::default();
    let mut small = limits;
    small.max_file_bytes = 8;
    let found =
        deltas(&[("lib.rs", "fn a() {}"), ("b.rs", "fn b(){}")], IndexOptions::default().with_limits(small));
    let codes: Vec<_> =
        found[0].files.iter().map(|file| (file.file.path.as_str(), file.file.diagnostics.clone())).collect();
    assert_eq!(codes, [("b.rs", vec![]), ("lib.rs", vec![ErrorCode::INDEX_FILE_TOO_LARGE])]);

    let folder = tempfile::tempdir().unwrap();
    for name in ["a.rs", "b.rs"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    let mut few = limits;
    few.max_files = 1;
    let mut indexer = Indexer::new(folder.path(), IndexOptions::default().with_limits(few)).unwrap();
    let error =
        indexer.update(&MemoryFacts::default(), &mut |_| Ok(()), &Cancel::new(), &NoProgress).unwrap_err();
    assert_eq!(*error.code(), ErrorCode::INDEX_TOO_MANY_FILES);
}

#[test]
fn a_cancelled_update_hands_nothing_over() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.rs"), "fn a() {}").unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    let mut count = 0;
    let mut sink = |_| {
        count += 1;
        Ok(())
    };
    let mut indexer = Indexer::new(folder.path(), IndexOptions::default()).unwrap();
    let error = indexer.update(&MemoryFacts::default(), &mut sink, &cancel, &NoProgress).unwrap_err();
    assert_eq!(*error.code(), ErrorCode::CANCELLED);
    assert_eq!(count, 0);
}

#[test]
fn a_folder_that_is_none_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.rs");
    std::fs::write(&file, "").unwrap();
    for root in [folder.path().join("missing"), file] {
        let mut indexer = Indexer::new(&root, IndexOptions::default()).unwrap();
        let error = indexer
            .update(&MemoryFacts::default(), &mut |_| Ok(()), &Cancel::new(), &NoProgress)
            .unwrap_err();
        assert_eq!(*error.code(), ErrorCode::WORKSPACE_NOT_FOUND, "{}", root.display());
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.rs"), "fn a() {}").unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("outside.rs")).unwrap();
    let mut paths = Vec::new();
    let mut sink = |delta: aether_core::code::GraphDelta| {
        paths.extend(delta.files.iter().map(|file| file.file.path.to_string()));
        Ok(())
    };
    let mut indexer = Indexer::new(folder.path(), IndexOptions::default()).unwrap();
    indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress).unwrap();
    paths.sort();
    paths.dedup();
    assert_eq!(paths, ["a.rs"]);
}
