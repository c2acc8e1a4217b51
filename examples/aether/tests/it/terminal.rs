//! Pipes, terminals, colours, Ctrl-C.

use aether_core::conformance::skip;

use crate::support::{Repo, Run, command};

const ESCAPE: char = '\u{1b}';

#[test]
fn a_pipe_gets_no_escape_codes_and_no_progress_bar() {
    let repo = Repo::new();
    for arguments in [
        &["index"][..],
        &["search", "circle"],
        &["symbol", "Circle"],
        &["graph", "callers", "square"],
        &["symbol", "nothing"],
        &["symbol", "new"],
        &["doctor"],
        &["--help"],
        &["frobnicate"],
    ] {
        let run = repo.aether(arguments);
        assert!(!run.stdout.contains(ESCAPE) && !run.stderr.contains(ESCAPE), "{arguments:?}: {run:#?}");
        assert!(!run.stderr.contains("parsing"), "{arguments:?}: {run:#?}");
    }
}

#[test]
fn sources_cannot_play_with_a_terminal() {
    let repo = Repo::new();
    repo.append("app/src/main.rs", "\n/// Look: \u{1b}[31mred\u{7}.\nfn loud() {}\n");
    let run = repo.aether(&["symbol", "loud"]).exits(0);
    assert!(run.stdout.contains("Look: \u{fffd}[31mred\u{fffd}."), "{}", run.stdout);
    assert!(!run.stdout.contains(ESCAPE));
    let answer = repo.json(&["symbol", "loud"]);
    assert_eq!(answer["symbol"]["doc"], "Look: \u{1b}[31mred\u{7}.", "JSON is for programs");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let repo = Repo::new();
    for arguments in
        [&["export", "edges"][..], &["search", "circle"], &["status", "--json"], &["completion", "bash"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = command(arguments);
        let output = command.current_dir(repo.root()).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let repo = Repo::new();
    for arguments in [&["export", "edges"][..], &["digest"], &["status", "--json"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = command(arguments).current_dir(repo.root()).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    }
}

/// Runs a command line on a terminal that `script` makes; `None` where there is no such tool.
#[cfg(target_os = "linux")]
fn on_a_terminal(repo: &Repo, line: &str) -> Option<Run> {
    let program = env!("CARGO_BIN_EXE_aether");
    let mut script = std::process::Command::new("script");
    script.args([
        "--quiet",
        "--return",
        "--command",
        &line.replace("aether ", &format!("'{program}' ")),
        "/dev/null",
    ]);
    script.current_dir(repo.root()).env_remove("NO_COLOR").env("TERM", "xterm-256color");
    script.stdin(std::process::Stdio::null());
    if script.output().is_err() {
        skip("on_a_terminal", "there is no `script` to make a terminal with");
        return None;
    }
    Some(Run::of(&mut script))
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colours_unless_somebody_minds() {
    let repo = Repo::new();
    let Some(run) = on_a_terminal(&repo, "aether symbol Circle") else { return };
    let run = run.exits(0);
    assert!(run.stdout.contains("\u{1b}[1mshapes::Circle\u{1b}[0m"), "{}", run.stdout);
    for line in
        ["NO_COLOR=1 aether symbol Circle", "TERM=dumb aether symbol Circle", "aether symbol Circle | cat"]
    {
        let run = on_a_terminal(&repo, line).unwrap().exits(0);
        assert!(
            run.stdout.contains("shapes::Circle") && !run.stdout.contains(ESCAPE),
            "{line}: {}",
            run.stdout
        );
    }
    let run = on_a_terminal(&repo, "NO_COLOR= aether symbol Circle").unwrap().exits(0);
    assert!(run.stdout.contains(ESCAPE), "an empty NO_COLOR says nothing");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_question_at_once() {
    let repo = Repo::new();
    // A configuration that has no end: whoever opens it for writing knows that the program reads it.
    let pipe = repo.path(".aether/config.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let child = command(&["status"]).current_dir(repo.root()).spawn().unwrap();
    let writer = std::fs::File::options().write(true).open(&pipe).unwrap();
    crate::support::interrupt(&child);
    let output = child.wait_with_output().unwrap();
    drop(writer);
    assert_eq!(output.status.code(), Some(130));
}
