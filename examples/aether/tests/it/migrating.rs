//! Every flag of the predecessor has a row in `docs/MIGRATING.md`, and every row is true.

use std::process::Stdio;

use crate::support::{Repo, command};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/MIGRATING.md");

/// Every flag of its first version, and the two that were planned for it.
const FLAGS: [&str; 23] = [
    "--workspace",
    "--debounce-ms",
    "--print-events",
    "--print-sir",
    "--lsp",
    "--index",
    "--search",
    "--search-limit",
    "--search-mode",
    "--search-semantic",
    "--output",
    "--index-once",
    "--verify",
    "--verify-command",
    "--verify-mode",
    "--sir-concurrency",
    "--inference-provider",
    "--inference-model",
    "--inference-endpoint",
    "--inference-api-key-env",
    "--history",
    "--why-changed",
    "--lsp --index",
];

/// The first two columns of each row.
fn rows() -> Vec<(String, String)> {
    let document = std::fs::read_to_string(DOCUMENT).unwrap();
    let rows = document.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        (cells.len() == 5).then(|| (cells[1].to_owned(), cells[2].to_owned()))
    });
    rows.skip(2).collect()
}

#[test]
fn every_flag_of_the_predecessor_has_a_row() {
    let rows = rows();
    for flag in FLAGS {
        let is_there = |cell: &str| {
            cell.split('`')
                .any(|code| code == flag || code.split(' ').next() == Some(flag) || code.ends_with(flag))
        };
        assert!(rows.iter().any(|(before, _)| is_there(before)), "{flag}");
    }
}

#[test]
fn every_row_is_a_command_that_does_it() {
    let mut run = 0;
    for (before, now) in rows() {
        let repo = Repo::new();
        repo.aether(&["index"]).exits(0);
        let Some(line) = now.strip_prefix("`aether ").and_then(|now| now.strip_suffix('`')) else {
            assert_eq!(now, "–", "{before}");
            continue;
        };
        let root = repo.root().to_str().unwrap();
        let arguments: Vec<&str> = line
            .split(' ')
            .map(|word| match word {
                "DIR" => root,
                "QUERY" => "area of a circle",
                "SYMBOL" => "shapes::area::square",
                "COMMAND" => "cargo check",
                "MODE" => "host",
                word => word,
            })
            .collect();
        run += 1;
        if arguments.contains(&"--watch") {
            watches(&repo, &arguments);
            continue;
        }
        // The repository of the tests does not compile, and that is what it says.
        if arguments[0] == "verify" {
            repo.aether(&arguments).exits(1);
            continue;
        }
        // A symbol of one version has nothing to explain.
        if arguments[0] == "why" {
            repo.aether(&arguments).exits(3);
            continue;
        }
        let answer = repo.json(&arguments.iter().copied().filter(|it| *it != "--json").collect::<Vec<_>>());
        if let Some(mode) = ["hybrid", "semantic"].into_iter().find(|mode| arguments.contains(mode)) {
            assert_eq!(answer["mode_used"], mode, "{line}");
        }
        if arguments[0] == "search" {
            let hits = answer["hits"].as_array().unwrap();
            assert!(!hits.is_empty() && (hits.len() <= 5 || !arguments.contains(&"--limit")), "{line}");
        }
        repo.aether(&arguments).exits(0);
    }
    assert_eq!(run, 16, "rows with a command");
}

/// What comes later has a row without a command only until then.
#[test]
fn what_has_no_command_yet_is_none() {
    Repo::new().aether(&["lsp"]).exits(2);
}

/// It is started, says something, and ends with Ctrl-C.
#[cfg(unix)]
fn watches(repo: &Repo, arguments: &[&str]) {
    use std::io::{BufRead as _, BufReader};

    let mut child = command(arguments)
        .current_dir(repo.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // `watching …` on standard error, once it does.
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    crate::support::interrupt(&child);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{arguments:?}: {line}");
}

#[cfg(not(unix))]
fn watches(_: &Repo, _: &[&str]) {}
