//! Names that lead out of the tree, or would on some system.

use aether_core::change::{FileMode, FilePatch};

use super::case::{Case, check_all, create, edit, path};

const GROUP: &str = "paths";
const BAD: &str = "patch.bad_path";
const SYNTAX: &str = "patch.syntax";

/// Names as they stand in a diff that makes a file.
const NAMES: [(&str, &str); 30] = [
    ("parent", "../escaped.txt"),
    ("parent of the parent", "../../escaped.txt"),
    ("twin of the tree", "../tree-twin/escaped.txt"),
    ("down and up", "src/../../escaped.txt"),
    ("down, up and up again", "src/deep/../../../escaped.txt"),
    ("up at the end", "src/.."),
    ("up alone", ".."),
    ("up and back", "../tree/escaped.txt"),
    ("up within", "src/../escaped.txt"),
    ("here", "./escaped.txt"),
    ("here within", "src/./escaped.txt"),
    ("here alone", "."),
    ("nothing between", "src//escaped.txt"),
    ("nothing behind", "src/"),
    ("absolute behind the prefix", "/nowhere/escaped.txt"),
    ("quoted parent", "\"\\056\\056/escaped.txt\""),
    ("quoted dots and slash", "\"\\056\\056\\057escaped.txt\""),
    ("quoted absolute", "\"\\057nowhere/escaped.txt\""),
    ("quoted nul", "\"escaped\\000.txt\""),
    ("quoted newline", "\"escaped\\n.txt\""),
    ("quoted return", "\"escaped\\r.txt\""),
    ("quoted bell", "\"escaped\\a.txt\""),
    ("quoted escape", "\"escaped\\033[2J.txt\""),
    ("quoted delete", "\"escaped\\177.txt\""),
    ("backslash", "..\\escaped.txt"),
    ("quoted backslash", "\"..\\\\escaped.txt\""),
    ("drive", "C:escaped.txt"),
    ("drive and folder", "c:/escaped.txt"),
    ("dot at the end", "escaped."),
    ("blank at the end of a folder", "escaped /x.txt"),
];

/// Names that no header can hold, or that two readers would read as two names.
const UNREADABLE: [(&str, &str); 6] = [
    ("quote that is not closed", "\"escaped.txt"),
    ("escape of nothing", "\"escaped\\q.txt\""),
    ("octal beyond a byte", "\"escaped\\777.txt\""),
    ("octal cut short", "\"escaped\\01\""),
    ("text behind the quotes", "\"escaped.txt\" more"),
    ("hexadecimal", "\"escaped\\x2e.txt\""),
];

/// Paths that a program may make, for which a diff has no other form.
const MADE: [(&str, &str); 22] = [
    ("control character of eight bits", "esc\u{9b}2J.txt"),
    ("next line", "esc\u{85}aped.txt"),
    ("tab", "esc\taped.txt"),
    ("dots at the end", "escaped..."),
    ("dot and blank at the end", "escaped. "),
    ("dot at the end of a folder", "folder./x.txt"),
    ("backslash within", "folder\\x.txt"),
    ("drive in the root", "z:"),
    ("stream", "notes.txt:stream"),
    ("stream of data", "notes.txt::$DATA"),
    ("stream of a folder", "src::$INDEX_ALLOCATION/x.txt"),
    ("device", "nul"),
    ("device in capitals", "NUL"),
    ("device with an ending", "con.txt"),
    ("device with two endings", "Aux.tar.gz"),
    ("device with a blank", "prn .txt"),
    ("device in a folder", "src/com1"),
    ("device as a folder", "lpt9/x.txt"),
    ("device with a raised number", "com\u{b9}.log"),
    ("device for typing", "conin$"),
    ("device for showing", "CONOUT$"),
    ("device in wide letters", "\u{ff4e}\u{ff55}\u{ff4c}.txt"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, text) in NAMES {
        cases.push(Case::diff(GROUP, name, create(text), BAD));
    }
    for (name, text) in UNREADABLE {
        cases.push(Case::diff(GROUP, name, create(text), SYNTAX));
    }
    for (name, text) in MADE {
        let file = FilePatch::create(path(text), FileMode::Regular, "new\n");
        cases.push(Case::patch(GROUP, name, vec![file], BAD));
    }
    cases.extend(long());
    cases.extend(headers());
    cases.extend(written());
    cases
}

/// Names beyond what a file system takes.
fn long() -> Vec<Case> {
    let made = |name: &str| vec![FilePatch::create(path(name), FileMode::Regular, "new\n")];
    vec![
        Case::patch(GROUP, "name of 256 bytes", made(&"x".repeat(256)), BAD),
        Case::patch(GROUP, "path of 4,096 bytes", made(&format!("{}x.txt", "a-folder/".repeat(455))), BAD),
        Case::patch(GROUP, "letters of many bytes", made(&"\u{1f600}".repeat(64)), BAD),
        Case::diff(GROUP, "path of a million folders", create("d/".repeat(1_000_000) + "x"), BAD),
    ]
}

/// Headers without git's words, and names where nobody looks at first.
fn headers() -> Vec<Case> {
    let bare = |old: &str, new: &str| format!("--- {old}\n+++ {new}\n@@ -1 +1 @@\n-one\n+new\n");
    vec![
        Case::diff(GROUP, "bare absolute", bare("/etc/hostname", "/etc/hostname"), BAD),
        Case::diff(GROUP, "bare parent", bare("../notes.txt", "../notes.txt"), BAD),
        Case::diff(GROUP, "bare parent behind a prefix", bare("a/../notes.txt", "b/../notes.txt"), BAD),
        Case::diff(GROUP, "bare absolute behind a prefix", bare("a//etc/hostname", "b//etc/hostname"), BAD),
        Case::diff(GROUP, "return at the end", with_returns(edit("notes.txt", "one")), BAD),
        Case::diff(
            GROUP,
            "rename out",
            "diff --git a/notes.txt b/../notes.txt\nrename from notes.txt\nrename to ../notes.txt\n",
            BAD,
        ),
        Case::diff(
            GROUP,
            "rename in",
            "diff --git a/../notes.txt b/new.txt\nrename from ../notes.txt\nrename to new.txt\n",
            BAD,
        ),
        Case::diff(
            GROUP,
            "copy in",
            "diff --git a/../outside/secret.txt b/new.txt\ncopy from ../outside/secret.txt\ncopy to new.txt\n",
            BAD,
        ),
        Case::diff(
            GROUP,
            "remove outside",
            "diff --git a/../notes.txt b/../notes.txt\ndeleted file mode 100644\n",
            BAD,
        ),
        Case::diff(
            GROUP,
            "mode outside",
            "diff --git a/../notes.txt b/../notes.txt\nold mode 100644\nnew mode 100755\n",
            BAD,
        ),
        Case::diff(
            GROUP,
            "rename of a name with a tab",
            "diff --git a/notes.txt b/new.txt\nrename from notes.txt\tmore\nrename to new.txt\n",
            SYNTAX,
        ),
    ]
}

/// Each name of the header ends as on Windows.
fn with_returns(diff: Vec<u8>) -> String {
    String::from_utf8(diff).expect("the diff is text").replace("notes.txt\n", "notes.txt\r\n")
}

/// Records whose paths are none.
fn written() -> Vec<Case> {
    const JSON_PATHS: [(&str, &str); 8] = [
        ("record with a parent", "../escaped.txt"),
        ("record with an absolute path", "/nowhere/escaped.txt"),
        ("record with up within", "src/../escaped.txt"),
        ("record with an empty component", "src//x"),
        ("record with a nul", "x\\u0000y"),
        ("record with a bad escape", "x\\\\q"),
        ("record with an escape of plain text", "\\\\x2e\\\\x2e/escaped.txt"),
        ("record of the root", ""),
    ];
    let json = |path: &str| {
        let hash = aether_core::base::Sha256Hash::of(b"new\n");
        format!(
            r#"{{"schema_version":1,"files":[{{"after":{{"path":"{path}","hash":"{hash}","bytes":4,"mode":"regular"}},"change":{{"write":{{"text":"new\n"}}}}}}]}}"#
        )
    };
    JSON_PATHS.iter().map(|(name, path)| Case::json(GROUP, *name, json(path), SYNTAX)).collect()
}

#[test]
fn names_that_lead_elsewhere() {
    check_all(&cases());
}
