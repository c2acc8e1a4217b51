//! The client of rust-analyzer: by a server that says what one says, by those that do not, and by a real one where
//! there is one.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aether_core::base::{ErrorCode, RelPath};
use aether_core::conformance::{run_permit, skip};
use aether_verify::{
    HostRunner, Launcher, RustAnalyzer, TextRange, ToolError, ToolErrorKind, ToolOptions, ToolPosition,
    find_rust_analyzer,
};
use serde_json::{Value, json};

use crate::run_support::{elsewhere, launcher, processes_of, sh, toolchain, wait_until};

/// How the server of these tests behaves; it is a test of this program, which does nothing without it.
const BEHAVIOUR: &str = "AETHER_TEST_SERVER";

const SOURCE: &str = "pub fn one() -> u32 { 1 }\npub fn two() -> u32 { one() + /* \u{e9} */ one() }\n";

/// A project, a server for it, and a folder for the pipes.
struct Yard {
    _keep: tempfile::TempDir,
    server: PathBuf,
    root: PathBuf,
    options: ToolOptions,
}

impl Yard {
    fn new(behaviour: &str) -> Self {
        let keep = elsewhere();
        let base = fs::canonicalize(keep.path()).unwrap();
        let root = base.join("project");
        fs::create_dir_all(root.join("src")).unwrap();
        fs::write(root.join("src/lib.rs"), SOURCE).unwrap();
        fs::write(root.join("Cargo.toml"), "[package]\nname = \"demo\"\nedition = \"2024\"\n[workspace]\n")
            .unwrap();
        let program = base.join("rust-analyzer");
        // In sight of the sandbox wherever this program is built, and of a name that no other test has.
        let server = base.join("server");
        let own = std::env::current_exe().unwrap();
        fs::hard_link(&own, &server).or_else(|_| fs::copy(&own, &server).map(drop)).unwrap();
        // The words of the tests go elsewhere, and the server writes to the stream that was kept.
        let script = format!(
            "#!/bin/sh\nexport {BEHAVIOUR}={behaviour}\nexec {} --exact tools::server_of_these_tests --nocapture 3>&1 >/dev/null\n",
            server.display()
        );
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let pipes = base.join("pipes");
        fs::create_dir(&pipes).unwrap();
        let mut options = ToolOptions::new(program, &root, pipes);
        options.environment = toolchain();
        options.timeout = Duration::from_secs(30);
        Self { _keep: keep, server, root, options }
    }

    fn start(&self) -> Result<RustAnalyzer, ToolError> {
        start(&self.options)
    }

    #[track_caller]
    fn fails(&self) -> ToolErrorKind {
        self.start().err().unwrap().kind()
    }
}

fn start(options: &ToolOptions) -> Result<RustAnalyzer, ToolError> {
    let command = options.command();
    let runner = HostRunner::new(Launcher::new(launcher(), [] as [&str; 0]), Instant::now);
    let runner = Arc::new(runner.with_allowed([command.clone()]));
    RustAnalyzer::start(runner, run_permit(&command), options, Instant::now)
}

fn library() -> RelPath {
    RelPath::new("src/lib.rs").unwrap()
}

fn read_message(input: &mut impl Read) -> Option<Value> {
    let mut header = Vec::new();
    while !header.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        input.read_exact(&mut byte).ok()?;
        header.push(byte[0]);
    }
    let header = String::from_utf8(header).unwrap();
    let length: usize = header.split_once(": ").unwrap().1.trim().parse().unwrap();
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The other side of the client. Written apart from it, from the protocol.
#[test]
fn server_of_these_tests() {
    let Ok(behaviour) = std::env::var(BEHAVIOUR) else { return };
    let output = fs::OpenOptions::new().write(true).open("/proc/self/fd/3").unwrap();
    let mut input = std::io::stdin().lock();
    let raw = |bytes: &[u8]| (&output).write_all(bytes);
    let write = |text: &str| {
        raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes()).unwrap();
    };
    let mut busy = 0;
    let mut opened = Value::Null;
    while let Some(message) = read_message(&mut input) {
        let id = &message["id"];
        let method = message["method"].as_str().unwrap_or_default();
        let answer =
            |result: Value| write(&json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string());
        let lib = format!("{}/src/lib.rs", message["params"]["rootUri"].as_str().unwrap_or_default());
        let uri = &message["params"]["textDocument"]["uri"];
        let place = |line: u32, from: u32, to: u32| json!({ "start": { "line": line, "character": from }, "end": { "line": line, "character": to } });
        match (method, behaviour.as_str()) {
            ("initialize", "mute") => {}
            ("initialize", "dies") => return,
            ("initialize", "babbles") => {
                raw(b"What is your pleasure?\r\n\r\n").unwrap();
            }
            ("initialize", "huge") => {
                raw(b"Content-Length: 99999999999\r\n\r\n{").unwrap();
            }
            ("initialize", "endless") => {
                let _ = raw("x".repeat(100_000).as_bytes());
            }
            ("initialize", _) => {
                assert!(lib.starts_with("file:///"));
                let encoding = if behaviour == "wide" { Value::Null } else { "utf-8".into() };
                // It asks in between, as servers do.
                answer(json!({ "capabilities": { "positionEncoding": encoding } }));
            }
            ("initialized", _) => {
                write(&json!({ "jsonrpc": "2.0", "id": "q", "method": "workspace/configuration", "params": { "items": [{}, {}] } }).to_string());
                write(
                    &json!({ "jsonrpc": "2.0", "id": 7, "method": "workspace/applyEdit", "params": {} })
                        .to_string(),
                );
                write(&json!({ "jsonrpc": "2.0", "method": "experimental/serverStatus", "params": { "quiescent": false } }).to_string());
                if behaviour != "never-ready" {
                    write(&json!({ "jsonrpc": "2.0", "method": "experimental/serverStatus", "params": { "quiescent": true } }).to_string());
                }
            }
            ("", _) if *id == json!("q") => assert_eq!(message["result"], json!([null, null])),
            ("", _) if *id == json!(7) => {
                assert!(message["error"]["code"].is_i64(), "a client that only asks")
            }
            ("textDocument/didOpen", _) => opened = message["params"]["textDocument"]["text"].clone(),
            ("textDocument/hover", "busy") if busy < 3 => {
                busy += 1;
                let error = json!({ "code": -32801, "message": "content modified" });
                write(&json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string());
            }
            ("textDocument/hover", "always-busy") => {
                let error = json!({ "code": -32801, "message": "content modified" });
                write(&json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string());
            }
            ("textDocument/hover", "hangs") => {}
            ("textDocument/hover", "crashes") => std::process::abort(),
            ("textDocument/hover", _) => {
                // It says where it was asked, by what it was told of the file.
                let at = &message["params"]["position"];
                let text = opened.as_str().unwrap();
                let value = format!("{}:{} of {}", at["line"], at["character"], text.len());
                answer(json!({ "contents": { "kind": "plaintext", "value": value } }));
            }
            ("textDocument/references", _) => {
                assert_eq!(message["params"]["context"]["includeDeclaration"], true);
                answer(json!([
                    { "uri": uri, "range": place(0, 7, 10) },
                    { "uri": "file:///nowhere/std.rs", "range": place(4, 0, 3) },
                    { "uri": "http://elsewhere/", "range": place(0, 0, 0) },
                    { "uri": uri, "range": "nonsense" },
                ]));
            }
            ("textDocument/definition", _) => answer(json!({ "uri": uri, "range": place(1, 45, 48) })),
            ("textDocument/codeAction", _) => {
                let edit = |text: &str| json!([{ "range": place(0, 20, 23), "newText": text }]);
                answer(json!([
                    { "title": "by changes", "isPreferred": true, "edit": { "changes": { (uri.as_str().unwrap()): edit("u64") } } },
                    { "title": "by documents", "edit": { "documentChanges": [{ "textDocument": { "uri": uri }, "edits": edit("i8") }] } },
                    { "title": "a command alone", "command": {} },
                    { "title": "broken", "edit": { "changes": { (uri.as_str().unwrap()): [{ "range": 1, "newText": "" }] } } },
                    17,
                ]));
            }
            _ => {}
        }
    }
}

#[test]
fn questions_are_answered() {
    let yard = Yard::new("well");
    let mut tool = yard.start().unwrap();
    let at = ToolPosition::new(2, 43);
    // Columns count characters here and bytes on the wire.
    assert_eq!(tool.type_of(&library(), at).unwrap(), Some(format!("1:43 of {}", SOURCE.len())));
    let refs = tool.find_refs(&library(), at).unwrap();
    assert_eq!(refs.len(), 2, "what is no place is left out");
    assert_eq!(refs[0].file, Some(library()));
    assert_eq!((refs[0].range.start, refs[0].range.end), (ToolPosition::new(1, 8), ToolPosition::new(1, 11)));
    assert_eq!((&refs[1].file, refs[1].path.to_str()), (&None, Some("/nowhere/std.rs")));
    let definition = tool.goto_def(&library(), at).unwrap();
    assert_eq!(definition[0].range.start, ToolPosition::new(2, 45), "one byte more than characters");
    let range = TextRange::new(ToolPosition::new(1, 1), ToolPosition::new(1, 5));
    let fixes = tool.quick_fixes(&library(), range).unwrap();
    let told: Vec<(&str, bool, &str)> =
        fixes.iter().map(|fix| (&*fix.title, fix.is_preferred, &*fix.edits[0].1)).collect();
    assert_eq!(told, [("by changes", true, "u64"), ("by documents", false, "i8")]);
    let missing = tool.type_of(&RelPath::new("src/gone.rs").unwrap(), at).unwrap_err();
    assert_eq!((missing.kind(), missing.code()), (ToolErrorKind::Failed, ErrorCode::TOOL_FAILED));

    // It ends with the client, and its pipes go.
    let name = format!("{}\0--exact\0tools::server_of_these_tests", yard.server.display());
    assert!(!processes_of(&name).is_empty());
    drop(tool);
    wait_until("the server has ended", || processes_of(&name).is_empty());
    assert_eq!(fs::read_dir(&yard.options.pipes).unwrap().count(), 0);
}

#[test]
fn columns_of_two_bytes_are_counted_too() {
    let yard = Yard::new("wide");
    let mut tool = yard.start().unwrap();
    let answer = tool.type_of(&library(), ToolPosition::new(2, 43)).unwrap();
    assert_eq!(answer, Some(format!("1:42 of {}", SOURCE.len())));
}

#[test]
fn a_busy_server_is_asked_again() {
    let yard = Yard::new("busy");
    assert!(yard.start().unwrap().type_of(&library(), ToolPosition::new(1, 1)).unwrap().is_some());
    let mut yard = Yard::new("always-busy");
    yard.options.attempts = 2;
    let error = yard.start().unwrap().type_of(&library(), ToolPosition::new(1, 1)).unwrap_err();
    assert_eq!(error.kind(), ToolErrorKind::Failed);
    assert!(error.to_string().contains("content modified"), "{error}");
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    for behaviour in ["mute", "never-ready"] {
        let mut yard = Yard::new(behaviour);
        yard.options.timeout = Duration::from_millis(1_500);
        assert_eq!(yard.fails(), ToolErrorKind::Timeout, "{behaviour}");
    }
    let mut yard = Yard::new("hangs");
    yard.options.timeout = Duration::from_millis(1_500);
    let mut tool = yard.start().unwrap();
    let error = tool.type_of(&library(), ToolPosition::new(1, 1)).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ToolErrorKind::Timeout, ErrorCode::TOOL_TIMEOUT));
    // The next question is asked all the same.
    assert_eq!(tool.goto_def(&library(), ToolPosition::new(1, 1)).unwrap().len(), 1);
}

#[test]
fn a_server_that_is_none_is_told() {
    for behaviour in ["babbles", "huge", "endless"] {
        assert_eq!(Yard::new(behaviour).fails(), ToolErrorKind::Broken, "{behaviour}");
    }
    // That it has ended is seen long before its time is over.
    assert_eq!(Yard::new("dies").fails(), ToolErrorKind::ToolUnavailable);
    let yard = Yard::new("crashes");
    let mut tool = yard.start().unwrap();
    for _ in 0..2 {
        let error = tool.type_of(&library(), ToolPosition::new(1, 1)).unwrap_err();
        assert_eq!(error.kind(), ToolErrorKind::ToolUnavailable, "{error}");
    }
}

#[test]
fn a_tool_that_is_not_there_is_typed() {
    let error = find_rust_analyzer("/nowhere:relative:").unwrap_err();
    assert_eq!((error.kind(), error.code()), (ToolErrorKind::ToolUnavailable, ErrorCode::TOOL_UNAVAILABLE));
    let yard = Yard::new("well");
    let folder = yard.options.program.parent().unwrap().display().to_string();
    assert_eq!(find_rust_analyzer(&format!("/nowhere:{folder}")).unwrap(), yard.options.program);
    let mut options = yard.options.clone();
    options.program = yard.root.join("no-such-program");
    assert_eq!(start(&options).err().unwrap().kind(), ToolErrorKind::ToolUnavailable);
    // A permit for another command, and a runner that does not allow it.
    let command = options.command();
    let runner = Arc::new(HostRunner::new(Launcher::new(launcher(), [] as [&str; 0]), Instant::now));
    for permit in [run_permit(&sh("true")), run_permit(&command)] {
        let error = RustAnalyzer::start(runner.clone(), permit, &yard.options, Instant::now).unwrap_err();
        assert_eq!(error.kind(), ToolErrorKind::ToolUnavailable);
        assert!(std::error::Error::source(&error).is_some(), "why is told: {error}");
    }
}

/// A real rust-analyzer on the PATH; where there is none the test says so and is skipped.
fn real(test: &str) -> Option<PathBuf> {
    // Where `cargo xtask setup` puts it.
    let tools = concat!(env!("CARGO_TARGET_TMPDIR"), "/../tools/rust-analyzer/bin");
    let tools = fs::canonicalize(tools).map(|folder| folder.display().to_string()).unwrap_or_default();
    let found = find_rust_analyzer(&format!("{tools}:{}", std::env::var("PATH").unwrap()));
    let skipped = |why: String| {
        skip(test, format!("{why}; `cargo xtask setup rust-analyzer` installs one"));
        None
    };
    let Ok(program) = found else { return skipped("there is no rust-analyzer on the PATH".to_owned()) };
    match std::process::Command::new(&program).arg("--version").output() {
        Ok(output) if output.status.success() => Some(program),
        _ => skipped(format!("{} does not start", program.display())),
    }
}

#[test]
fn a_real_rust_analyzer_answers() {
    let Some(program) = real("a_real_rust_analyzer_answers") else { return };
    let mut yard = Yard::new("well");
    yard.options.program = program;
    yard.options.timeout = Duration::from_secs(120);
    let mut tool = yard.start().unwrap();
    let at = ToolPosition::new(2, 23);
    assert!(tool.type_of(&library(), at).unwrap().unwrap().contains("fn one() -> u32"));
    assert_eq!(tool.find_refs(&library(), at).unwrap().len(), 3);
    assert_eq!(tool.goto_def(&library(), at).unwrap()[0].range.start.line, 1);
    // Behind a letter of two bytes on the same line.
    let behind = tool.goto_def(&library(), ToolPosition::new(2, 40)).unwrap();
    assert_eq!(behind[0].range.start, ToolPosition::new(1, 8));
    // Nothing stands there.
    assert_eq!(
        tool.type_of(&library(), ToolPosition::new(1, 1)).unwrap().filter(|it| it.contains("u32")),
        None
    );
}

#[test]
fn a_real_rust_analyzer_mends() {
    let Some(program) = real("a_real_rust_analyzer_mends") else { return };
    let mut yard = Yard::new("well");
    let broken = "pub struct Point {\n    pub x: i32,\n    pub y: i32,\n}\npub fn origin() -> Point {\n    /* \u{e9} */ Point { x: 0 }\n}\n";
    fs::write(yard.root.join("src/lib.rs"), broken).unwrap();
    yard.options.program = program;
    yard.options.timeout = Duration::from_secs(120);
    let mut tool = yard.start().unwrap();
    let range = TextRange::new(ToolPosition::new(6, 13), ToolPosition::new(6, 13));
    let fixes = tool.quick_fixes(&library(), range).unwrap();
    let fix =
        fixes.iter().find(|fix| fix.title == "Fill struct fields").unwrap_or_else(|| panic!("{fixes:?}"));
    // What it proposes is made by hand: it compiles.
    let mut text = broken.to_owned();
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.range.start));
    for (place, new) in &edits {
        assert_eq!(place.file, Some(library()));
        let byte = |at: ToolPosition| -> usize {
            let before: usize = text.split_inclusive('\n').take(at.line as usize - 1).map(str::len).sum();
            let line = text[before..].lines().next().unwrap_or_default();
            before + line.chars().take(at.column as usize - 1).map(char::len_utf8).sum::<usize>()
        };
        let (start, end) = (byte(place.range.start), byte(place.range.end));
        text.replace_range(start..end, new);
    }
    fs::write(yard.root.join("src/lib.rs"), &text).unwrap();
    let target = yard.root.join("target");
    let check = std::process::Command::new("cargo")
        .args(["check", "--offline", "--quiet", "--target-dir"])
        .arg(target)
        .current_dir(&yard.root)
        .output()
        .unwrap();
    assert!(check.status.success(), "{text}\n{}", String::from_utf8_lossy(&check.stderr));
}

/// On the workspace that this test is of: six crates, and what they depend on.
#[test]
fn a_real_rust_analyzer_knows_a_real_workspace() {
    let Some(program) = real("a_real_rust_analyzer_knows_a_real_workspace") else { return };
    let yard = Yard::new("well");
    let root = fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
    let mut options = ToolOptions::new(program, &root, yard.options.pipes.clone());
    options.environment = toolchain();
    options.timeout = Duration::from_secs(600);
    let mut tool = start(&options).unwrap();
    let file = RelPath::new("aether-core/src/record/signing.rs").unwrap();
    let text = fs::read_to_string(root.join(file.as_str())).unwrap();
    let line = 1 + text.lines().position(|line| line.contains("fn is_key_name(")).unwrap();
    let line = u32::try_from(line).unwrap();
    let at = ToolPosition::new(line, 16);
    let told = tool.type_of(&file, at).unwrap().unwrap();
    assert!(told.contains("fn is_key_name(name: &str) -> bool"), "{told}");
    // What it says is what a search for the word says: two uses, one import, the declaration.
    let refs = tool.find_refs(&file, at).unwrap();
    let mut found: Vec<(String, u32)> =
        refs.iter().map(|it| (it.file.clone().unwrap().to_string(), it.range.start.line)).collect();
    found.sort();
    let mut expected = Vec::new();
    for file in ["aether-core/src/record/note.rs", "aether-core/src/record/signing.rs"] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let lines = text.lines().enumerate().filter(|(_, line)| line.contains("is_key_name"));
        expected.extend(lines.map(|(index, _)| (file.to_owned(), u32::try_from(index).unwrap() + 1)));
    }
    assert_eq!(found, expected);
    assert_eq!(expected.len(), 4);
    // From one crate to another: the trait that the keys of the store are of.
    let file = RelPath::new("aether-store/src/ed25519.rs").unwrap();
    let text = fs::read_to_string(root.join(file.as_str())).unwrap();
    let line = text.lines().position(|line| line.starts_with("impl Signer for")).unwrap();
    let at = ToolPosition::new(u32::try_from(line).unwrap() + 1, 6);
    let definition = tool.goto_def(&file, at).unwrap();
    assert_eq!(definition[0].file.as_ref().unwrap().as_str(), "aether-core/src/record/signing.rs");
}
