//! Watching a repository: real files, real events, and the index that they lead to.

mod foreign;
mod git;
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use aether_bindings::engine::{WatchMode, WatchOptions};
use aether_core::code::FileChange;

use crate::support::Repo;
use support::{Watched, options};

#[test]
fn a_change_is_told_symbol_by_symbol() {
    let repo = Repo::new(&[("src/lib.rs", "pub fn kept() {}\npub fn gone() {}\npub fn other() {}\n")]);
    let watched = Watched::start(&repo);
    std::fs::write(
        repo.path("src/lib.rs"),
        "\npub fn kept() {}\npub fn came() {}\npub fn other() { kept() }\n",
    )
    .unwrap();
    let [change] = watched.next_batch().files.try_into().unwrap();
    let names = |list: &[aether_core::code::ChangedSymbol]| -> Vec<String> {
        list.iter().map(|symbol| format!("{}:{}", symbol.qualified_name, symbol.line)).collect()
    };
    let FileChange { file, language, added, removed, updated, .. } = change;
    assert_eq!((file.as_str(), language.as_str()), ("src/lib.rs", "rust"));
    assert_eq!((names(&added), names(&removed)), (vec!["came:3".to_owned()], vec!["gone:2".to_owned()]));
    assert_eq!(names(&updated), ["other:4"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn new_files_folders_and_files_without_symbols_are_told() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n")]);
    let watched = Watched::start(&repo);
    repo.write("deep/er/still/new.rs", "fn new() {}\n");
    repo.write("notes.txt", "one\n");
    watched.until(&["+deep/er/still/new.rs", "+notes.txt"]);
    // The folders that came are watched, too.
    repo.write("deep/er/still/second.rs", "fn second() {}\n");
    repo.write("notes.txt", "two\n");
    watched.until(&["+deep/er/still/second.rs", "~notes.txt"]);
    repo.remove("notes.txt");
    std::fs::remove_dir_all(repo.path("deep")).unwrap();
    watched.until(&["-deep/er/still/new.rs", "-deep/er/still/second.rs", "-notes.txt"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn the_first_file_of_an_empty_repository_is_told() {
    let repo = Repo::new(&[]);
    let watched = Watched::start(&repo);
    repo.write("src/lib.rs", "fn a() {}\n");
    watched.until(&["+src/lib.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn files_written_into_a_folder_as_it_is_made_are_not_lost() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n")]);
    let watched = Watched::start(&repo);
    let mut wanted = Vec::new();
    for number in 0..40 {
        let path = format!("new{number}/sub/f.rs");
        repo.write(&path, &format!("fn f{number}() {{}}\n"));
        wanted.push(format!("+{path}"));
    }
    watched.until(&wanted.iter().map(String::as_str).collect::<Vec<_>>());
    watched.ends_as_a_fresh_index();
}

#[test]
fn an_editor_that_saves_by_renaming_is_followed() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n"), ("src/b.rs", "fn b() {}\n")]);
    let watched = Watched::start(&repo);
    for round in 0..3 {
        let temporary = repo.path("src/.lib.rs.swp");
        std::fs::write(&temporary, format!("fn a{round}() {{}}\n")).unwrap();
        std::fs::rename(&temporary, repo.path("src/lib.rs")).unwrap();
        let [change] = watched.next_batch().files.try_into().unwrap();
        assert_eq!(change.file.as_str(), "src/lib.rs");
        assert_eq!(change.added[0].name, format!("a{round}"));
    }
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_file_that_becomes_a_folder_and_back() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n"), ("thing.rs", "fn thing() {}\n")]);
    let watched = Watched::start(&repo);
    repo.remove("thing.rs");
    repo.write("thing.rs/inner.rs", "fn inner() {}\n");
    watched.until(&["-thing.rs", "+thing.rs/inner.rs"]);
    repo.write("thing.rs/second.rs", "fn second() {}\n");
    watched.until(&["+thing.rs/second.rs"]);
    std::fs::remove_dir_all(repo.path("thing.rs")).unwrap();
    repo.write("thing.rs", "fn again() {}\n");
    watched.until(&["+thing.rs", "-thing.rs/inner.rs", "-thing.rs/second.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_folder_that_is_renamed_is_followed_under_its_new_name() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n"), ("old/in/f.rs", "fn f() {}\n")]);
    let watched = Watched::start(&repo);
    std::fs::rename(repo.path("old"), repo.path("new")).unwrap();
    watched.until(&["-old/in/f.rs", "+new/in/f.rs"]);
    repo.write("new/in/f.rs", "fn g() {}\n");
    watched.until(&["~new/in/f.rs"]);
    // Nothing of the old name is watched: a folder of that name is a new one.
    repo.write("old/in/f.rs", "fn h() {}\n");
    watched.until(&["+old/in/f.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_folder_that_is_removed_and_made_again_at_once_is_watched() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n"), ("folder/sub/f0.rs", "fn f() {}\n")]);
    let watched = Watched::start(&repo);
    for round in 1..6 {
        std::fs::remove_dir_all(repo.path("folder")).unwrap();
        repo.write(&format!("folder/sub/f{round}.rs"), "fn f() {}\n");
        watched.until(&[&format!("+folder/sub/f{round}.rs")]);
        // An event of the new folder, which only a watch on it tells.
        repo.write(&format!("folder/sub/f{round}.rs"), "fn g() {}\n");
        watched.until(&[&format!("~folder/sub/f{round}.rs")]);
    }
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_list_of_what_to_ignore_hides_and_shows() {
    let repo = Repo::new(&[
        ("src/lib.rs", "fn a() {}\n"),
        ("gen/a.rs", "fn b() {}\n"),
        ("gen/in/b.rs", "fn c() {}\n"),
        (".gitignore", "gen/\n"),
    ]);
    let watched = Watched::start(&repo);
    repo.write(".gitignore", "nothing\n");
    watched.until(&["+gen/a.rs", "+gen/in/b.rs"]);
    // A folder that was hidden is watched once it is shown.
    repo.write("gen/in/b.rs", "fn shown() {}\n");
    watched.until(&["~gen/in/b.rs"]);
    repo.write(".gitignore", "gen/\n");
    watched.until(&["-gen/a.rs", "-gen/in/b.rs"]);
    // What is hidden says nothing; the next batch is that of another file.
    repo.write("gen/in/b.rs", "fn hidden() {}\n");
    repo.write("gen/in/c.rs", "fn hidden() {}\n");
    repo.write("src/lib.rs", "fn last() {}\n");
    assert_eq!(watched.next_batch().files[0].file.as_str(), "src/lib.rs");
    repo.write(".gitignore", "nothing\n");
    watched.until(&["+gen/a.rs", "+gen/in/b.rs", "+gen/in/c.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn ignored_skipped_and_hidden_files_make_no_batch() {
    let repo =
        Repo::new(&[("src/lib.rs", "fn a() {}\n"), (".gitignore", "*.log\nout/\n"), ("target/x.rs", "")]);
    let watched = Watched::start(&repo);
    for path in
        ["noise.log", "src/noise.log", "out/o.rs", "target/t.rs", "node_modules/m.js", "src/.hidden.rs"]
    {
        repo.write(path, "fn noise() {}\n");
    }
    std::fs::create_dir(repo.path("empty")).unwrap();
    repo.write("src/lib.rs", "fn last() {}\n");
    let batch = watched.next_batch();
    assert_eq!(batch.files.iter().map(|it| it.file.as_str()).collect::<Vec<_>>(), ["src/lib.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_file_that_is_only_touched_makes_no_batch() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n"), ("src/b.rs", "fn b() {}\n")]);
    let watched = Watched::start(&repo);
    repo.write("src/lib.rs", "fn a() {}\n");
    repo.write("src/b.rs", "fn c() {}\n");
    let [change] = watched.next_batch().files.try_into().unwrap();
    assert_eq!(change.file.as_str(), "src/b.rs");
    watched.ends_as_a_fresh_index();
}

#[cfg(unix)]
#[test]
fn a_file_name_that_is_not_text_is_followed() {
    use std::os::unix::ffi::OsStrExt as _;

    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n")]);
    let watched = Watched::start(&repo);
    let path = repo.root().join(std::ffi::OsStr::from_bytes(b"src/caf\xe9.rs"));
    std::fs::write(&path, "fn strange() {}\n").unwrap();
    watched.until(&[r"+src/caf\xe9.rs"]);
    std::fs::write(&path, "fn stranger() {}\n").unwrap();
    watched.until(&[r"~src/caf\xe9.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn five_thousand_files_at_once() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n")]);
    let write = |name: &str| {
        for number in 0..5000 {
            let next = (number + 1) % 5000;
            let mut text = String::new();
            writeln!(text, "pub fn {name}{number}() {{ {name}{next}() }}").unwrap();
            let folder = repo.path(&format!("many/d{}", number % 50));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("f{number}.rs")), text).unwrap();
        }
    };
    write("old");
    let watched = Watched::start(&repo);
    write("changed");
    let mut seen = BTreeSet::new();
    while seen.len() < 5000 {
        let batch = watched.next_batch();
        seen.extend(batch.files.iter().map(|change| change.file.clone()));
    }
    watched.ends_as_a_fresh_index();
}

#[test]
fn files_that_are_written_all_the_time_are_taken_in_now_and_then() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n")]);
    let watched = Watched::start(&repo);
    let mut written = 0;
    let batch = loop {
        // Never as long at rest as the debounce asks for.
        std::thread::yield_now();
        written += 1;
        std::fs::write(repo.path("src/lib.rs"), format!("fn a{written}() {{}}\n")).unwrap();
        if let Some(batch) = watched.batch_that_came() {
            break batch;
        }
    };
    assert_eq!(batch.files.len(), 1);
    watched.until_name(&format!("a{written}"));
    watched.ends_as_a_fresh_index();
}

#[test]
fn where_the_system_watches_too_few_folders_files_are_compared() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n"), ("b/b.rs", ""), ("c/c.rs", "")]);
    let few = options().with_max_folders(2).with_poll_ms(50);
    let watched = Watched::start_with(&repo, &few);
    let reason = WatchMode::Polling("there are more than 2 folders".to_owned());
    assert_eq!(watched.modes(), [reason]);
    repo.write("src/lib.rs", "fn b() {}\n");
    watched.until(&["~src/lib.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn folders_that_come_may_be_too_many() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n")]);
    let watched = Watched::start_with(&repo, &options().with_max_folders(3).with_poll_ms(50));
    assert_eq!(watched.modes(), [WatchMode::Events]);
    for folder in ["b", "c", "d"] {
        repo.write(&format!("{folder}/f.rs"), "fn f() {}\n");
    }
    watched.until(&["+b/f.rs", "+c/f.rs", "+d/f.rs"]);
    assert_eq!(watched.modes().len(), 2);
    repo.write("d/f.rs", "fn g() {}\n");
    watched.until(&["~d/f.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_repository_that_goes_ends_the_watch() {
    let repo = Repo::new(&[("src/lib.rs", "fn a() {}\n")]);
    let watched = Watched::start(&repo);
    std::fs::remove_dir_all(repo.root()).unwrap();
    assert_eq!(watched.error_code(), "workspace.not_found");
}

#[test]
fn the_defaults_are_those_of_the_configuration() {
    let config = aether_core::base::Config::default();
    assert_eq!(WatchOptions::default().debounce_ms, config.index.debounce_ms);
}
