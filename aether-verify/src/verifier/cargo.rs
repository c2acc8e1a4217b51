//! Commands of cargo, made to say what can be read.

use std::path::Path;

use aether_core::change::CommandLine;

use super::program_name;

/// What cargo is told by its environment, besides what the caller says.
pub(super) fn environment(target: &Path) -> Vec<(String, String)> {
    let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        variable("CARGO_TARGET_DIR", &target.to_string_lossy()),
        variable("CARGO_NET_OFFLINE", "true"),
        variable("CARGO_TERM_COLOR", "never"),
        // A server that shares what was built would have to be reached from within the sandbox.
        variable("RUSTC_WRAPPER", ""),
    ]
}

/// The same command, in the form whose output can be read. One that already says what it prints, and one
/// that is not known, stay as they are.
pub(super) fn readable(command: &CommandLine) -> CommandLine {
    let arguments = &command.arguments;
    let own = arguments.iter().position(|word| word == "--").unwrap_or(arguments.len());
    let own = &arguments[..own];
    let task = own.iter().find(|word| !word.starts_with(['-', '+'])).map(String::as_str);
    let go_on = match task {
        Some("check" | "c" | "build" | "b" | "clippy") => "--keep-going",
        Some("test" | "t") => "--no-fail-fast",
        _ => return command.clone(),
    };
    let says_how = own.iter().any(|word| word.starts_with("--message-format"));
    if program_name(command) != "cargo" || says_how {
        return command.clone();
    }
    let mut words: Vec<String> = own.to_vec();
    words.push("--message-format=json".to_owned());
    // Cargo refuses to go on after failures of tests that it is told not to run.
    let goes_on = words.iter().any(|word| word == go_on || word == "--no-run");
    if !goes_on {
        words.push(go_on.to_owned());
    }
    words.extend_from_slice(&arguments[own.len()..]);
    CommandLine::new(command.program.clone(), words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_cargo_are_made_to_say_what_can_be_read() {
        for (command, expected) in [
            ("cargo check", "cargo check --message-format=json --keep-going"),
            (
                "cargo +1.95.0 test -p a -- --skip net",
                "cargo +1.95.0 test -p a --message-format=json --no-fail-fast -- --skip net",
            ),
            ("/usr/bin/cargo t --no-fail-fast", "/usr/bin/cargo t --no-fail-fast --message-format=json"),
            ("cargo test --lib --no-run", "cargo test --lib --no-run --message-format=json"),
            ("cargo clippy -- -D warnings", "cargo clippy --message-format=json --keep-going -- -D warnings"),
            ("cargo check --message-format short", "cargo check --message-format short"),
            ("cargo fmt --check", "cargo fmt --check"),
            ("cargo nextest run", "cargo nextest run"),
            ("make check", "make check"),
            ("cargo", "cargo"),
        ] {
            let command = CommandLine::parse(command).unwrap();
            assert_eq!(readable(&command).to_string(), expected);
        }
    }
}
