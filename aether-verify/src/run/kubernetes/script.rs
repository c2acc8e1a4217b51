//! The script by which a pod runs a command: its environment, its words, and where its code goes.

use aether_core::base::ErrorCode;
use aether_core::port::{RunError, RunRequest};

use super::manifest::CODE;

/// The script of a request. The shell reads no word of the command or its environment: each is quoted as a whole. What
/// the image sets for the variables `of_image` comes before what the request says.
pub(super) fn script_of(request: &RunRequest, of_image: &[String]) -> Result<String, RunError> {
    let program = &request.command.program;
    // The program that sets the environment would take one with `=` for a variable.
    if program.is_empty() || program.contains(['\0', '=']) {
        let message = format!("{program:?} is not the name of a program");
        return Err(RunError::new(ErrorCode::RUN_NOT_FOUND, message));
    }
    let variables = request.environment.iter().map(|(name, value)| format!("{name}={value}"));
    let mut words = Vec::new();
    for name in of_image {
        if !is_name(name) {
            let message = format!("{name:?} is not a variable that a shell knows");
            return Err(RunError::new(ErrorCode::RUN_IO, message));
        }
        words.push(format!("${{{name}+\"{name}=${name}\"}}"));
    }
    for word in variables.chain([program.clone()]).chain(request.command.arguments.iter().cloned()) {
        if word.contains('\0') {
            return Err(RunError::new(ErrorCode::RUN_IO, format!("{word:?} has a zero byte")));
        }
        words.push(quoted(&word));
    }
    // `--`, because a program may begin with a dash; without it, variables are variables all the same.
    Ok(format!("env -i -- {} </dev/null\necho $? >{CODE}\n", words.join(" ")))
}

/// A name that a shell has variables by.
fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty() && name.bytes().all(is_part)
}

/// A word that the shell takes as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use aether_core::change::CommandLine;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn request(program: &str, arguments: &[String], environment: &[(String, String)]) -> RunRequest {
        let mut request = RunRequest::new(CommandLine::new(program, arguments), "/");
        request.environment = environment.to_vec();
        request
    }

    #[test]
    fn a_script_is_words_and_where_the_code_goes() {
        let request = request(
            "printf",
            &["%s".into(), "it's $HOME".into(), String::new()],
            &[("A".into(), "two words".into())],
        );
        assert_eq!(
            script_of(&request, &[]).unwrap(),
            "env -i -- 'A=two words' 'printf' '%s' 'it'\\''s $HOME' '' </dev/null\necho $? >/aether-run/code\n"
        );
    }

    #[test]
    fn what_is_no_program_is_refused() {
        for program in ["", "A=b", "a\0b"] {
            let error = script_of(&request(program, &[], &[]), &[]).unwrap_err();
            assert_eq!(error.code, ErrorCode::RUN_NOT_FOUND, "{program:?}");
        }
        let error = script_of(&request("a", &["\0".into()], &[]), &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::RUN_IO);
    }

    #[test]
    fn variables_of_the_image_are_those_that_were_named() {
        let names = ["PATH", "SET", "EMPTY", "MISSING", "GIVEN"].map(str::to_owned);
        let request = request("env", &[], &[("GIVEN".into(), "by request".into())]);
        let script = script_of(&request, &names).unwrap();
        let path = std::env::var("PATH").unwrap();
        let output = Command::new("sh")
            .args(["-c", &script])
            .env_clear()
            .envs([
                ("PATH", path.as_str()),
                ("SET", "$(a) \"b\"  c"),
                ("EMPTY", ""),
                ("GIVEN", "x"),
                ("OTHER", "x"),
            ])
            .output()
            .unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        let expected = format!("PATH={path}\nSET=$(a) \"b\"  c\nEMPTY=\nGIVEN=by request\n");
        assert_eq!(found, expected);
        for name in ["", "A B", "A}", "1A", "A=B"] {
            let error = script_of(&request, &[name.to_owned()]).unwrap_err();
            assert_eq!(error.code, ErrorCode::RUN_IO, "{name:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_shell_gives_the_command_the_words_that_it_has(words in vec("[^\0]{0,8}", 0..5), value in "[^\0]{0,8}") {
            let mut arguments = vec!["%s\\0".to_owned()];
            arguments.extend(words.iter().cloned());
            let environment =
                [("PATH".to_owned(), std::env::var("PATH").unwrap()), ("A".to_owned(), value.clone())];
            let script = script_of(&request("printf", &arguments, &environment), &[]).unwrap();
            // Where there is no such folder, the code goes nowhere.
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            let expected: String = match words.is_empty() {
                true => "\0".to_owned(),
                false => words.iter().map(|word| format!("{word}\0")).collect(),
            };
            prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
        }
    }
}
