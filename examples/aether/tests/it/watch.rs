//! `index --watch`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Repo, command, texts};

/// Nothing takes that long, even where many tests share few cores.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that watches, and the lines that it prints.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    /// Starts `aether index --watch` and waits until it watches, which the first line after an update
    /// of `first` lines shows.
    fn start(repo: &Repo, arguments: &[&str]) -> Self {
        let arguments = [&["index", "--watch", "--debounce-ms", "50"], arguments].concat();
        let mut command = command(&arguments);
        command.current_dir(repo.root()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        Self { child, lines }
    }

    #[track_caller]
    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line")
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    /// Waits for the note that changes are waited for.
    fn is_ready(&mut self) {
        let mut stderr = BufReader::new(self.child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        assert_eq!(line, "watching; Ctrl-C ends it\n");
        self.child.stderr = Some(stderr.into_inner());
    }

    /// Presses Ctrl-C; gives the exit code and what else was printed on standard error.
    #[cfg(unix)]
    fn interrupt(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (self.child.wait().unwrap().code(), stderr)
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines_of(stdout: ChildStdout) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines() {
            if sender.send(line.unwrap()).is_err() {
                return;
            }
        }
    });
    lines
}

#[test]
fn events_are_one_object_for_each_changed_file() {
    let repo = Repo::new();
    repo.json(&["index"]);
    let mut watching = Watching::start(&repo, &["--print-events"]);
    watching.is_ready();
    repo.append("shapes/src/lib.rs", "\npub fn twice() {}\n");
    let event = watching.json();
    let mut keys: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let fields = ["added", "file", "generation", "language", "removed", "schema_version", "updated"];
    assert_eq!(keys, fields);
    assert_eq!((&event["schema_version"], &event["file"]), (&json!(1), &json!("shapes/src/lib.rs")));
    assert_eq!((&event["language"], &event["removed"]), (&json!("rust"), &json!([])));
    assert_eq!(texts(&event["added"], "qualified_name"), ["shapes::twice"]);
    assert_eq!((&event["added"][0]["kind"], &event["added"][0]["line"]), (&json!("function"), &json!(26)));
    // The event is told when a question sees what it tells of.
    let answer = repo.json(&["symbol", "twice", "--no-update"]);
    assert_eq!(answer["freshness"]["generation"], event["generation"]);
    repo.write("notes.txt", "hello\n");
    std::fs::remove_file(repo.path("app/src/main.rs")).unwrap();
    let mut files: Vec<_> = (0..2).map(|_| watching.json()["file"].clone()).collect();
    files.sort_by_key(ToString::to_string);
    assert_eq!(files, ["app/src/main.rs", "notes.txt"]);
}

#[test]
fn with_json_each_batch_is_an_answer() {
    let repo = Repo::new();
    let watching = Watching::start(&repo, &["--json"]);
    let first = watching.json();
    assert_eq!(
        (&first["files"], &first["files_parsed"], &first["changes"]),
        (&json!(6), &json!(6), &json!([]))
    );
    // Changes since the update are told, whether the watch had begun or not.
    repo.append("shapes/src/lib.rs", "\npub fn twice() {}\n");
    let second = watching.json();
    assert_eq!((&second["files_parsed"], &second["has_changed"]), (&json!(1), &json!(true)));
    assert_eq!(texts(&second["changes"], "file"), ["shapes/src/lib.rs"]);
    let generation = |answer: &Value| answer["freshness"]["generation"].as_u64().unwrap();
    assert!(generation(&second) > generation(&first));
    assert_eq!(second["warnings"], json!([]));
}

#[test]
fn a_person_reads_a_line_for_each_batch() {
    let repo = Repo::new();
    let mut watching = Watching::start(&repo, &[]);
    assert!(watching.line().starts_with("6 files: 6 parsed, 0 gone, 6 resolved, in "));
    assert!(watching.line().contains("up to date"));
    watching.is_ready();
    repo.append("shapes/src/lib.rs", "\npub fn twice() {}\n");
    assert_eq!(watching.line(), "1 file: 1 symbol added, 0 removed, 0 updated: shapes/src/lib.rs");
    repo.write("\u{1b}[31m.txt", "");
    assert_eq!(watching.line(), "1 file: 1 symbol added, 0 removed, 0 updated: \u{fffd}[31m.txt");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_quietly_and_leaves_a_valid_store() {
    for arguments in [&[][..], &["--json"], &["--print-events"]] {
        let repo = Repo::new();
        repo.json(&["index"]);
        let mut watching = Watching::start(&repo, arguments);
        match arguments {
            ["--json"] => _ = watching.line(),
            _ => watching.is_ready(),
        }
        let (code, stderr) = watching.interrupt();
        // With --json nothing says when it begins to watch; an interrupt before that ends it, too.
        assert_eq!((code, stderr.as_str()), (Some(130), ""), "{arguments:?}");
        assert_eq!(repo.json(&["doctor", "--no-update"])["is_ok"], true);
    }
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let repo = Repo::new();
    repo.json(&["index"]);
    for arguments in [&["--print-events"][..], &["--json"], &[]] {
        let arguments = [&["index", "--watch", "--debounce-ms", "20"], arguments].concat();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = command(&arguments);
        let mut child =
            command.current_dir(repo.root()).stdout(writer).stderr(Stdio::null()).spawn().unwrap();
        // Whichever change comes first after it has begun.
        let mut number = 0;
        let status = loop {
            repo.write("notes.txt", &"x".repeat(number % 100));
            number += 1;
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            std::thread::yield_now();
        };
        assert_eq!(status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn the_store_is_asked_by_others_while_it_is_written() {
    let repo = Repo::new();
    repo.json(&["index"]);
    let mut watching = Watching::start(&repo, &["--print-events"]);
    watching.is_ready();
    for round in 0..10 {
        for number in 0..30 {
            repo.write(&format!("shapes/src/f{number}.rs"), &format!("pub fn r{round}() {{}}\n"));
        }
        for _ in 0..3 {
            let answer = repo.json(&["search", "\"check_radius\"", "--no-update"]);
            assert_eq!(texts(&answer["hits"], "qualified_name"), ["shapes::check_radius"]);
        }
        // This one updates the same store.
        assert_eq!(repo.json(&["symbol", "Circle"])["symbol"]["name"], "Circle");
    }
    let mut last: Vec<bool> = vec![false; 30];
    while last.contains(&false) {
        let event = watching.json();
        let name = event["file"].as_str().unwrap();
        let number = name.strip_prefix("shapes/src/f").and_then(|rest| rest.strip_suffix(".rs"));
        let is_last = event["added"].as_array().unwrap().iter().any(|symbol| symbol["name"] == "r9");
        if let Some(number) = number.filter(|_| is_last) {
            last[number.parse::<usize>().unwrap()] = true;
        }
    }
}

#[test]
fn the_configuration_says_how_long_files_rest() {
    let repo = Repo::new();
    repo.write(".aether/config.toml", "[index]\ndebounce_ms = 0\n");
    assert_eq!(repo.json(&["index"])["warnings"][0]["key"], "index.debounce_ms");
    repo.write(".aether/config.toml", "[index]\ndebounce_ms = 60\n");
    assert_eq!(repo.json(&["index"])["warnings"], json!([]));
}

#[test]
fn flags_that_make_no_sense_together_are_refused() {
    let repo = Repo::new();
    for arguments in [
        &["index", "--watch", "--once"][..],
        &["index", "--print-events"],
        &["index", "--watch", "--print-events", "--json"],
        &["index", "--watch", "--debounce-ms", "0"],
        &["index", "--watch", "--debounce-ms", "60001"],
        &["index", "--watch", "--no-update"],
    ] {
        let run = repo.aether(arguments).exits(2);
        assert!(run.stderr.contains("error") || run.error_code() == "usage.bad_arguments", "{run:?}");
    }
    assert!(!repo.path(".aether/aether.db").exists());
}
