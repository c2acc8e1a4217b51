//! Questions to the whole graph: what is unreached, communities, hotspots.

use aether_bindings::engine::{Engine, HotspotOptions, UnreachedOptions};
use aether_core::base::Cancel;
use aether_core::code::Confidence;
use aether_core::conformance::skip;
use aether_core::port::CommunityQuery;

use crate::support::Repo;

const MANIFEST: (&str, &str) = ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2021\"\n");

fn unreached(engine: &Engine, options: UnreachedOptions) -> Vec<String> {
    let found = engine.unreached(options, &Cancel::new()).unwrap().result;
    let mut told: Vec<String> = found
        .entries
        .iter()
        .map(|entry| format!("{} {}", entry.symbol.qualified_name, entry.confidence.thousandths()))
        .collect();
    told.sort();
    told
}

/// What is unreached in a program, with the confidence of each, whatever it is.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let files: Vec<(&str, &str)> = [MANIFEST].iter().chain(files).copied().collect();
    let options = UnreachedOptions::default().with_min_confidence(Confidence::default());
    assert_eq!(unreached(&Repo::new(&files).engine(), options), expected);
}

#[test]
fn functions_that_nothing_calls_are_unreached() {
    check(
        &[(
            "src/main.rs",
            "fn main() { used(); }\nfn used() {}\nfn unused() { also(); }\nfn also() {}\nfn _meant() {}\n",
        )],
        &["demo::also 900", "demo::unused 900"],
    );
}

#[test]
fn methods_and_types_go_by_what_is_used_of_them() {
    check(
        &[(
            "src/main.rs",
            "struct A;\nimpl A { fn make() -> A { A }\n fn lost(&self) {} }\n\
             struct B;\nimpl std::fmt::Display for B {\n fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { show(f) }\n}\n\
             fn show(f: &mut std::fmt::Formatter) -> std::fmt::Result { f.write_str(\"\") }\n\
             impl Drop for A { fn drop(&mut self) { tell(); } }\nfn tell() {}\n\
             fn main() { A::make(); }\n",
        )],
        &["demo::A::lost 900", "demo::B 900", "demo::show 900"],
    );
}

#[test]
fn names_in_macros_attributes_and_strings_are_doubts() {
    check(
        &[(
            "src/main.rs",
            "macro_rules! run { ($($name:ident)*) => { $($name();)* hidden(); } }\n\
             fn hidden() {}\nfn named() {}\nfn told() {}\nfn quiet() {}\n// quiet() is not called.\n\
             #[serde(default = \"told\")]\nstruct S;\n\
             fn main() { run!(named); let _ = S; }\n",
        )],
        &["demo::hidden 350", "demo::named 350", "demo::quiet 900", "demo::told 350"],
    );
    check(
        &[
            ("src/main.rs", "fn main() {}\n"),
            (
                "tests/t.rs",
                "quickcheck! {\n    fn holds(x: u8) -> bool { helps(x) }\n}\nfn helps(x: u8) -> bool { x > 0 }\n",
            ),
        ],
        &["t::helps 500", "t::holds 500"],
    );
}

#[test]
fn a_private_name_means_nothing_outside_its_module() {
    check(
        &[
            ("src/main.rs", "mod a;\nmod b;\nfn main() { b::go(); }\n"),
            ("src/a.rs", "fn helper() {}\npub(crate) fn offered() {}\n"),
            ("src/b.rs", "pub(crate) fn go() { let helper = 1; let offered = helper; drop(offered); }\n"),
        ],
        &["demo::a::helper 900", "demo::a::offered 350"],
    );
}

#[test]
fn libraries_offer_what_is_public_and_examples_use_it() {
    let files = [
        MANIFEST,
        (
            "src/lib.rs",
            "/// ```\n/// demo::shown();\n/// ```\npub fn shown() {}\npub fn offered() {}\nmod inner { pub fn lost() {} }\n",
        ),
    ];
    let repo = Repo::new(&files);
    let engine = repo.engine();
    let options = UnreachedOptions::default().with_min_confidence(Confidence::from_thousandths(500));
    assert_eq!(unreached(&engine, options), ["demo::inner::lost 550"]);
    assert_eq!(unreached(&engine, options.with_public()), ["demo::inner::lost 550", "demo::offered 700"]);
    let found = engine.unreached(UnreachedOptions::default().with_public(), &Cancel::new()).unwrap().result;
    // What the example calls is less sure than asked.
    assert_eq!((found.total, found.doubtful), (1, 2));
    let options = options.with_public().with_limit(1);
    let found = engine.unreached(options, &Cancel::new()).unwrap().result;
    assert_eq!((found.entries.len(), found.total), (1, 2));
}

#[test]
fn other_languages_are_less_sure() {
    check(
        &[
            (
                "tool.go",
                "package main\n\nfunc main() { used() }\n\nfunc used() {}\n\nfunc unused() {}\n\nfunc Open() {}\n",
            ),
            ("tool.c", "static int lost(void) { return 1; }\nint offered(void) { return 2; }\n"),
        ],
        &["lost 600", "tool::unused 600"],
    );
}

#[test]
fn a_cancelled_question_says_so() {
    let engine = Repo::new(&[MANIFEST, ("src/main.rs", "fn main() {}\nfn f() {}\n")]).engine();
    let cancel = Cancel::new();
    cancel.cancel();
    let error = engine.unreached(UnreachedOptions::default(), &cancel).unwrap_err();
    assert_eq!(error.code().as_str(), "cancelled");
}

#[test]
fn modules_that_hold_together_are_communities() {
    let ring = |name: &str| {
        format!(
            "pub fn {name}a() {{ {name}b(); }}\nfn {name}b() {{ {name}c(); }}\nfn {name}c() {{ {name}a(); }}\n"
        )
    };
    let (left, right) = (ring("l"), ring("r"));
    let files = [
        MANIFEST,
        ("src/lib.rs", "mod left;\nmod right;\n#[test]\nfn t() { left::la(); right::ra(); }\n"),
        ("src/left.rs", &left),
        ("src/right.rs", &right),
    ];
    let found = Repo::new(&files).engine().communities(&CommunityQuery::default()).unwrap().result;
    let told: Vec<(&str, usize)> = found
        .communities
        .iter()
        .map(|community| (community.name.as_str(), community.members.len()))
        .collect();
    assert_eq!(told, [("demo::left", 3), ("demo::right", 3)]);
}

const CALLS: &str = "pub fn hub() {}\npub fn a() { hub(); }\npub fn b() { hub(); }\n";

#[test]
fn without_history_what_is_called_is_hot() {
    let repo = Repo::new(&[MANIFEST, ("src/lib.rs", CALLS)]);
    let engine = repo.engine();
    let found = engine.hotspots(HotspotOptions::default(), &Cancel::new()).unwrap().result;
    assert!(!found.churn_known);
    let told: Vec<_> =
        found.hotspots.iter().map(|hot| (hot.symbol.name.as_str(), hot.churn, hot.callers)).collect();
    assert_eq!(told, [("hub", 0, 2), ("a", 0, 0), ("b", 0, 0)]);
    assert!(found.hotspots.iter().all(|hot| hot.score == hot.centrality));
}

#[cfg(feature = "git")]
mod git {
    use std::collections::BTreeMap;
    use std::process::Command;

    use aether_index::GitRepository;

    use super::*;
    use crate::support::git;

    fn commit(repo: &Repo) {
        git(repo, &["add", "--all"]);
        git(repo, &["commit", "--quiet", "--message", "m"]);
    }

    fn is_there() -> bool {
        let is_there = Command::new("git").arg("--version").output().is_ok();
        if !is_there {
            skip("whole_graph::git", "there is no git");
        }
        is_there
    }

    /// `path count` of each file.
    fn churn(repo: &Repo, folder: &str, revision: &str, limit: u32) -> Vec<String> {
        let repository = GitRepository::open(&repo.path(folder)).unwrap();
        let counts: BTreeMap<_, _> = repository.churn(revision, limit, &Cancel::new()).unwrap();
        counts.iter().map(|(path, count)| format!("{path} {count}")).collect()
    }

    /// Five commits, the last of them a merge of one that changed two files.
    fn history() -> Repo {
        let repo = Repo::new(&[("top.rs", "1"), ("sub/a.rs", "1"), ("sub/deep/b.rs", "1")]);
        git(&repo, &["init", "--quiet", "--initial-branch=main"]);
        commit(&repo);
        repo.write("sub/a.rs", "2");
        commit(&repo);
        repo.write("sub/a.rs", "3");
        repo.remove("sub/deep/b.rs");
        repo.remove("top.rs");
        repo.write("top.rs/inside.txt", "");
        commit(&repo);
        git(&repo, &["checkout", "--quiet", "-b", "side"]);
        repo.write("sub/a.rs", "4");
        commit(&repo);
        repo.write("sub/a.rs", "5");
        repo.write("sub/new.rs", "1");
        commit(&repo);
        git(&repo, &["checkout", "--quiet", "main"]);
        git(&repo, &["merge", "--quiet", "--no-ff", "--message", "merge", "side"]);
        repo
    }

    #[test]
    fn churn_counts_the_commits_that_changed_a_file() {
        if !is_there() {
            return;
        }
        let repo = history();
        let all = ["sub/a.rs 3", "sub/deep/b.rs 1", "sub/new.rs 1", "top.rs 1", "top.rs/inside.txt 1"];
        assert_eq!(churn(&repo, "", "HEAD", 1000), all, "what a merge brought in counts once");
        assert_eq!(churn(&repo, "", "side", 1000)[0], "sub/a.rs 4");
        assert_eq!(churn(&repo, "", "HEAD", 1), ["sub/a.rs 1", "sub/new.rs 1"]);
        assert_eq!(churn(&repo, "", "HEAD", 0), [""; 0]);
        assert_eq!(churn(&repo, "sub", "HEAD", 1000), ["a.rs 3", "deep/b.rs 1", "new.rs 1"]);
        let cancel = Cancel::new();
        cancel.cancel();
        let repository = GitRepository::open(repo.root()).unwrap();
        assert_eq!(repository.churn("HEAD", 9, &cancel).unwrap_err().code().as_str(), "cancelled");
        let error = repository.churn("nowhere", 9, &Cancel::new()).unwrap_err();
        assert_eq!(error.code().as_str(), "git.unknown_revision");
    }

    #[test]
    fn what_changes_often_is_hotter() {
        if !is_there() {
            return;
        }
        let repo = Repo::new(&[MANIFEST, ("src/lib.rs", "pub mod busy;\npub mod calm;\n")]);
        let text = |name: &str| format!("pub fn {name}() {{}}\npub fn of_{name}() {{ {name}(); }}\n");
        repo.write("src/calm.rs", &text("calm"));
        git(&repo, &["init", "--quiet", "--initial-branch=main"]);
        let engine = repo.engine();
        let found = engine.hotspots(HotspotOptions::default(), &Cancel::new()).unwrap().result;
        assert!(!found.churn_known, "no commit yet");
        commit(&repo);
        for comment in ["", "// 1\n", "// 2\n"] {
            repo.write("src/busy.rs", &(text("busy") + comment));
            commit(&repo);
        }
        let engine = repo.engine();
        let ask = |options: HotspotOptions| engine.hotspots(options, &Cancel::new()).unwrap().result;
        let found = ask(HotspotOptions::default());
        assert!(found.churn_known);
        let told: Vec<_> =
            found.hotspots.iter().map(|hot| (hot.symbol.name.as_str(), hot.churn, hot.callers)).collect();
        assert_eq!(told, [("busy", 3, 1), ("of_busy", 3, 0), ("calm", 0, 1), ("of_calm", 0, 0)]);
        let first = &found.hotspots[0];
        assert_eq!(first.score, first.centrality * 3);
        let found = ask(HotspotOptions::default().with_commits(1).with_limit(1));
        assert_eq!(found.hotspots.len(), 1);
        assert_eq!(found.hotspots[0].churn, 1);
    }
}
