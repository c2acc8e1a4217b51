//! Secrets that are found, and what only looks like one. No secret of anybody is in here: all are made up.

use aether_core::base::Sha256Hash;
use aether_core::record::{find_secrets, redact_secrets};
use proptest::prelude::*;

/// Letters and digits as a generator of secrets would draw them.
fn drawn(length: usize) -> String {
    "q7Rt2WxZ9kLm4NpV8sYb3HdJ6fGc5TuA".chars().cycle().take(length).collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(redact_secrets(text), expected);
    assert_eq!(redact_secrets(expected), expected, "twice is as once");
}

#[track_caller]
fn check_kept(text: &str) {
    check(text, text);
}

#[test]
fn tokens_are_found_wherever_they_stand() {
    let key = drawn(40);
    let tokens = [
        ("AKIAIOSFODNN7EXAMPLE".to_owned(), "aws_key"),
        (format!("ghp_{key}"), "github_token"),
        (format!("ghs_{key}"), "github_token"),
        (format!("github_pat_{key}"), "github_token"),
        (format!("glpat-{key}"), "gitlab_token"),
        (format!("xoxb-1234-{key}"), "slack_token"),
        (format!("sk-{key}"), "model_key"),
        (format!("sk-ant-{key}"), "model_key"),
        (format!("sk-proj-{key}"), "model_key"),
        (format!("AIza{}", drawn(35)), "google_key"),
        (format!("eyJ{key}.eyJ{key}.{key}"), "web_token"),
    ];
    for (token, kind) in tokens {
        for (before, after) in
            [("", ""), ("a ", " b"), ("\"", "\""), ("\\n", "\\n"), ("(", ")"), ("é", "é"), ("Bearer ", ",")]
        {
            check(&format!("{before}{token}{after}"), &format!("{before}[redacted:{kind}]{after}"));
        }
        // In the middle of a word it is part of something else.
        check_kept(&format!("x{token}"));
    }
}

#[test]
fn private_keys_are_found_with_all_their_lines() {
    let body = drawn(64);
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
        for line in ["\n", "\\n", "\r\n"] {
            let key = format!("-----BEGIN {label}-----{line}{body}{line}{body}{line}-----END {label}-----");
            check(&format!("a\n{key}{line}b"), &format!("a\n[redacted:private_key]{line}b"));
            let cut = format!("-----BEGIN {label}-----{line}{body}{line}{body}");
            check(&format!("\"{cut}\" rest"), "\"[redacted:private_key]\" rest");
        }
    }
    check_kept("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw\n-----END PUBLIC KEY-----");
    check_kept("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
}

#[test]
fn what_is_assigned_to_the_name_of_a_secret_is_found() {
    let value = drawn(16);
    for (before, after) in [
        ("password=", ""),
        ("PASSWORD = ", "\n"),
        ("\"db_password\": \"", "\","),
        ("DB-Passwd: '", "'"),
        ("api_key=\"", "\""),
        ("apiKey: \"", "\""),
        ("AWS_SECRET_ACCESS_KEY=", ""),
        ("\\\"token\\\":\\\"", "\\\""),
        ("let auth_token = \"", "\";"),
    ] {
        check(&format!("{before}{value}{after}"), &format!("{before}[redacted:assigned]{after}"));
    }
    check("postgres://user:hunter2@db/x", "postgres://user:[redacted:url_password]@db/x");
}

#[test]
fn code_hashes_and_ids_stay() {
    let hash = Sha256Hash::of(b"x");
    let hex = hash.to_string().replace("sha256:", "");
    for text in [
        format!("{{\"hash\":\"{hash}\",\"prev\":\"{hash}\",\"seq\":1}}"),
        format!("\"token\": \"{hash}\""),
        format!("secret = {hex}"),
        format!("commit {}", &hex[..40]),
        "sym:e733a1ae67f1e8a9aaaaf1e8fe586baa".into(),
        "let token = self.next_token();".into(),
        "let token = lexer.tokens[12345678901234];".into(),
        "password: String,".into(),
        "let password = std::env::var(\"DATABASE_PASSWORD_2\")?;".into(),
        "fn secret(token: TokenKind2, password: &str) -> bool".into(),
        "secret = parse_token_v2_from_stream".into(),
        "if token == Token::Identifier12 { }".into(),
        "<div class=\"sk-circle-fade-dot sk-spinner-three-bounce\">".into(),
        "token = <your token here, 20 letters>".into(),
        "password = ${DB_PASSWORD_1234567}".into(),
        "\"prompt_tokens\": 123456789012345".into(),
        "https://example.com:8080/a@b".into(),
        "git@github.com:aetherkit/aether.git".into(),
        "eyJhbGciOiJIUzI1NiJ9 is a header".into(),
        "AKIA and ghp_ are marks, xoxb- too".into(),
        "\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=".into(),
        String::new(),
    ] {
        check_kept(&text);
    }
}

/// Of our own sources, nothing is a secret but what tests of secrets have.
#[test]
fn sources_of_this_crate_have_no_secrets() {
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            let found: Vec<&str> =
                find_secrets(&text).iter().filter_map(|secret| secret.span.slice(&text)).collect();
            let examples = if path.ends_with("record/secrets.rs") {
                vec!["AKIAIOSFODNN7EXAMPLE", "password"]
            } else {
                vec![]
            };
            assert_eq!(found, examples, "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 50, "{files}");
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("password=".to_owned()),
        Just("-----BEGIN PRIVATE KEY-----".to_owned()),
        Just("-----END PRIVATE KEY-----".to_owned()),
        Just(format!("ghp_{}", drawn(36))),
        Just(format!("eyJ{0}.eyJ{0}.{0}", drawn(20))),
        Just("://a:b@c".to_owned()),
        (1..40_usize).prop_map(drawn),
        "[ \\n\"'=:.,{}\\\\-]{0,3}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn findings_are_in_order_and_leave_nothing_to_find(text in any_text()) {
        let mut last = 0;
        for secret in find_secrets(&text) {
            prop_assert!(secret.span.start >= last && secret.span.end > secret.span.start);
            prop_assert!(secret.span.slice(&text).is_some());
            last = secret.span.end;
        }
        let once = redact_secrets(&text);
        prop_assert_eq!(redact_secrets(&once), once);
    }

    #[test]
    fn json_stays_json(text in any_text()) {
        let json = serde_json::to_string(&serde_json::json!({ "text": text })).expect("JSON");
        let redacted = redact_secrets(&json);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&redacted).is_ok(), "{}", redacted);
    }
}

/// Texts that would take long if every beginning were read to the end of all.
#[test]
fn the_time_is_that_of_the_text() {
    for piece in ["-----BEGIN PRIVATE KEY-----x", "password=", "://a:", "eyJaaaaaaaaaa.", "sk-", "token=a"] {
        let text = piece.repeat(20_000);
        let _ = find_secrets(&text);
    }
}
