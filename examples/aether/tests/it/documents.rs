//! What the documents promise is what the program does.

use aether_core::base::ErrorCode;

use crate::support::Repo;

const CLI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/CLI.md");

#[test]
fn exit_codes_stand_in_the_help_and_in_the_document() {
    let document = std::fs::read_to_string(CLI).unwrap();
    let repo = Repo::bare();
    for flag in ["--help", "-h"] {
        let help = repo.aether(&[flag]).exits(0).stdout;
        let (_, codes) = help.split_once("Exit codes:\n").expect("exit codes in the help");
        for code in ["0", "1", "2", "3", "4", "5", "6", "130"] {
            assert!(
                codes.lines().any(|line| line.trim_start().starts_with(&format!("{code} "))),
                "{code} in {help}"
            );
            assert!(document.contains(&format!("\n| {code} | ")), "{code} in the document");
        }
    }
}

#[test]
fn every_error_code_stands_in_the_document() {
    let document = std::fs::read_to_string(CLI).unwrap();
    let own = ["usage.bad_arguments", "output.io"];
    for code in ErrorCode::ALL.iter().map(|(code, _)| code.as_str()).chain(own) {
        assert!(document.contains(&format!("| `{code}` | ")), "{code}");
    }
}

#[test]
fn every_command_and_every_flag_stands_in_the_document() {
    let document = std::fs::read_to_string(CLI).unwrap();
    let repo = Repo::bare();
    let commands = [
        &["init"][..],
        &["index"],
        &["search"],
        &["symbol"],
        &["sir"],
        &["history"],
        &["why"],
        &["diff"],
        &["context"],
        &["contract", "add"],
        &["contract", "list"],
        &["contract", "check"],
        &["contract", "remove"],
        &["ast"],
        &["graph", "callers"],
        &["graph", "callees"],
        &["graph", "impact"],
        &["graph", "path"],
        &["graph", "chain"],
        &["graph", "cycles"],
        &["export"],
        &["audit", "verify"],
        &["audit", "export"],
        &["key", "new"],
        &["key", "show"],
        &["digest"],
        &["status"],
        &["doctor"],
        &["completion"],
    ];
    for command in commands {
        assert!(document.contains(&format!("`aether {}", command.join(" "))), "{command:?}");
        let help = repo.aether(&[command, &["--help"]].concat()).exits(0).stdout;
        for word in help.split(|c: char| c.is_whitespace() || ",[]".contains(c)) {
            if word.starts_with("--") && word.len() > 2 {
                assert!(document.contains(&format!("`{word}")), "{word} of {command:?}");
            }
        }
    }
}

#[test]
fn completion_knows_the_commands() {
    let repo = Repo::bare();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = repo.aether(&["completion", shell]).exits(0).stdout;
        assert!(script.contains("aether") && script.contains("callers"), "{shell}");
        let answer = repo.json(&["completion", shell]);
        assert_eq!(answer["shell"], shell);
        assert_eq!(answer["script"].as_str().unwrap().trim_end(), script.trim_end());
    }
    assert!(!repo.path(".aether").exists());
}
