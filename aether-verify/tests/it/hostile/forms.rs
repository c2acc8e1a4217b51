//! Forms of diffs that are not git's, headers that say two things, and binary parts that do not unpack.

use std::io::Write as _;

use super::case::{Case, check_all, create, edit};
use super::sandbox::BINARY;

const GROUP: &str = "forms";
const SYNTAX: &str = "patch.syntax";
const UNSUPPORTED: &str = "patch.unsupported";
const STALE: &str = "patch.stale_base";
const TOO_LARGE: &str = "patch.too_large";

/// Texts that are no unified diffs, alone or in front of one.
const TEXTS: [(&str, &str, &str); 12] = [
    ("nothing", "", SYNTAX),
    ("prose", "Please delete all files.\n", SYNTAX),
    ("script of ed", "1,2c\nnew\n.\nw\nq\n", SYNTAX),
    ("script of ed with a command", "r !touch escaped.txt\nw\nq\n", SYNTAX),
    ("normal diff", "1c1\n< one\n---\n> new\n", SYNTAX),
    (
        "context diff",
        "*** notes.txt\n--- notes.txt\n***************\n*** 1 ****\n! one\n--- 1 ----\n! new\n",
        UNSUPPORTED,
    ),
    (
        "merge",
        "diff --cc notes.txt\nindex 1,2..3\n--- a/notes.txt\n+++ b/notes.txt\n@@@ -1,1 -1,1 +1,1 @@@\n- one\n -two\n++new\n",
        UNSUPPORTED,
    ),
    (
        "merge by another name",
        "diff --combined notes.txt\n--- a/notes.txt\n+++ b/notes.txt\n@@@ -1 -1 +1 @@@\n--one\n++new\n",
        UNSUPPORTED,
    ),
    (
        "merge without its head",
        "--- a/notes.txt\n+++ b/notes.txt\n@@@ -1 -1 +1 @@@\n--one\n++new\n",
        UNSUPPORTED,
    ),
    ("hunk without names", "@@ -1 +1 @@\n-one\n+new\n", SYNTAX),
    (
        "binary files that differ",
        "diff --git a/data.bin b/data.bin\nindex 1..2 100644\nBinary files a/data.bin and b/data.bin differ\n",
        UNSUPPORTED,
    ),
    (
        "files that differ",
        "diff --git a/data.bin b/data.bin\nFiles a/data.bin and b/data.bin differ\n",
        UNSUPPORTED,
    ),
];

/// Headers of `notes.txt` that say two things or too little, in front of a hunk that fits.
const HEADERS: [(&str, &str); 27] = [
    ("old name that is another", "diff --git a/notes.txt b/notes.txt\n--- a/run.sh\n+++ b/notes.txt\n"),
    ("new name that is another", "diff --git a/notes.txt b/notes.txt\n--- a/notes.txt\n+++ b/run.sh\n"),
    ("git's names that are others", "diff --git a/run.sh b/run.sh\n--- a/notes.txt\n+++ b/notes.txt\n"),
    ("two names without a rename", "--- a/notes.txt\n+++ b/notes.md\n"),
    (
        "rename that is another",
        "diff --git a/notes.txt b/x\nrename from run.sh\nrename to x\n--- a/notes.txt\n+++ b/x\n",
    ),
    (
        "rename to another",
        "diff --git a/notes.txt b/x\nrename from notes.txt\nrename to y\n--- a/notes.txt\n+++ b/x\n",
    ),
    (
        "rename and copy",
        "diff --git a/notes.txt b/x\nrename from notes.txt\nrename to x\ncopy from notes.txt\ncopy to x\n--- a/notes.txt\n+++ b/x\n",
    ),
    ("rename with one end", "diff --git a/notes.txt b/x\nrename from notes.txt\n--- a/notes.txt\n+++ b/x\n"),
    (
        "new and removed",
        "diff --git a/notes.txt b/notes.txt\nnew file mode 100644\ndeleted file mode 100644\n--- a/notes.txt\n+++ b/notes.txt\n",
    ),
    (
        "new with an old name",
        "diff --git a/notes.txt b/notes.txt\nnew file mode 100644\n--- a/notes.txt\n+++ b/notes.txt\n",
    ),
    (
        "removed with a new name",
        "diff --git a/notes.txt b/notes.txt\ndeleted file mode 100644\n--- a/notes.txt\n+++ b/notes.txt\n",
    ),
    (
        "new and renamed",
        "diff --git a/notes.txt b/x\nnew file mode 100644\nrename from notes.txt\nrename to x\n--- a/notes.txt\n+++ b/x\n",
    ),
    ("not said to be new", "diff --git a/x b/x\n--- /dev/null\n+++ b/x\n"),
    ("not said to be removed", "diff --git a/notes.txt b/notes.txt\n--- a/notes.txt\n+++ /dev/null\n"),
    ("neither old nor new", "--- /dev/null\n+++ /dev/null\n"),
    ("neither, in quotes", "--- \"/dev/null\"\n+++ \"/dev/null\"\n"),
    ("one mode", "diff --git a/notes.txt b/notes.txt\nold mode 100644\n--- a/notes.txt\n+++ b/notes.txt\n"),
    (
        "mode twice",
        "diff --git a/notes.txt b/notes.txt\nold mode 100644\nold mode 100755\nnew mode 100755\n--- a/notes.txt\n+++ b/notes.txt\n",
    ),
    (
        "mode of a new file and a change of it",
        "diff --git a/x b/x\nnew file mode 100644\nold mode 100644\nnew mode 100755\n--- /dev/null\n+++ b/x\n",
    ),
    ("name twice", "diff --git a/notes.txt b/notes.txt\n--- a/notes.txt\n--- a/run.sh\n+++ b/notes.txt\n"),
    ("old name alone", "diff --git a/notes.txt b/notes.txt\n--- a/notes.txt\n"),
    ("new name alone", "diff --git a/notes.txt b/notes.txt\n+++ b/notes.txt\n"),
    ("no names", "diff --git a/notes.txt b/notes.txt\n"),
    ("git's line without names", "diff --git \n--- a/notes.txt\n+++ b/notes.txt\n"),
    ("git's line with one name", "diff --git a/notes.txt\n--- a/notes.txt\n+++ b/notes.txt\n"),
    (
        "git's line with a name too many",
        "diff --git a/notes.txt b/notes.txt c/notes.txt\n--- a/notes.txt\n+++ b/notes.txt\n",
    ),
    (
        "something between",
        "diff --git a/notes.txt b/notes.txt\nsudo: yes\n--- a/notes.txt\n+++ b/notes.txt\n",
    ),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        TEXTS.iter().map(|(name, text, expected)| Case::diff(GROUP, *name, text, expected)).collect();
    for (name, header) in HEADERS {
        cases.push(Case::diff(GROUP, name, format!("{header}@@ -1 +1 @@\n-one\n+new\n"), SYNTAX));
    }
    let sound = String::from_utf8(create("new.txt")).expect("text");
    for (name, text, expected) in &TEXTS[5..10] {
        cases.push(Case::diff(
            GROUP,
            format!("{name} in front of a sound part"),
            format!("{text}{sound}"),
            expected,
        ));
    }
    for (name, text) in [
        ("names without hunks", "--- a/notes.txt\n+++ b/notes.txt\n"),
        ("git's names without anything", "diff --git a/notes.txt b/notes.txt\n"),
        ("mode that stays", "diff --git a/notes.txt b/notes.txt\nold mode 100644\nnew mode 100644\n"),
        ("hunk behind a signature", "-- \n2.47\n@@ -1 +1 @@\n-one\n+new\n"),
        ("hunk behind a mail", "From x\nSubject: y\n\n@@ -1 +1 @@\n-one\n+new\n"),
    ] {
        cases.push(Case::diff(GROUP, name, format!("{sound}{text}"), SYNTAX));
    }
    let utf16: Vec<u8> = String::from_utf8(edit("notes.txt", "one"))
        .expect("text")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    cases.push(Case::diff(GROUP, "diff in UTF-16", utf16, SYNTAX));
    cases.extend(binary());
    cases
}

/// Lines of base 85 as git writes them.
pub(super) fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 85] =
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
    let mut out = String::new();
    for line in bytes.chunks(52) {
        let length = line.len() as u8;
        out.push(char::from(if length <= 26 { b'A' + length - 1 } else { b'a' + length - 27 }));
        for group in line.chunks(4) {
            let mut word = [0; 4];
            word[..group.len()].copy_from_slice(group);
            let value = u32::from_be_bytes(word);
            for power in (0..5).rev() {
                out.push(char::from(ALPHABET[(value / 85u32.pow(power) % 85) as usize]));
            }
        }
        out.push('\n');
    }
    out.push('\n');
    out
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("it can be packed");
    encoder.finish().expect("it can be packed")
}

fn part(kind: &str, size: usize, bytes: &[u8]) -> String {
    format!("{kind} {size}\n{}", encode(&deflate(bytes)))
}

/// Length of a file in git's pack format.
fn length(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn of_data(parts: &[String]) -> String {
    format!(
        "diff --git a/data.bin b/data.bin\nindex 32d93ae6b54dfbd53ad0081c23b0b56cbdc391c7..bd78fc249a822021ed37ef190a9f07cce9c9e0e1 100644\nGIT binary patch\n{}",
        parts.concat()
    )
}

/// A sound binary change, for the sibling of this group.
pub(super) fn sound_binary() -> String {
    of_data(&[part("literal", 3, b"\x00ab"), part("literal", BINARY.len(), BINARY)])
}

fn binary() -> Vec<Case> {
    let old = part("literal", BINARY.len(), BINARY);
    let new = part("literal", 3, b"\x00ab");
    let delta = |ops: &[u8], new_len: u64| {
        let bytes = [length(BINARY.len() as u64), length(new_len), ops.to_vec()].concat();
        part("delta", bytes.len(), &bytes)
    };
    let half = encode(&deflate(b"\x00ab")[..6]);
    let behind = [deflate(b"\x00ab"), b"more".to_vec()].concat();
    let mut spoiled = deflate(b"\x00ab");
    if let Some(last) = spoiled.last_mut() {
        *last ^= 1;
    }
    let case =
        |name: &'static str, parts: &[String], expected| Case::diff(GROUP, name, of_data(parts), expected);
    let size_of = |size: &str| format!("literal {size}\n{}", encode(&deflate(b"\x00ab")));
    vec![
        case("size too small", &[part("literal", 2, b"\x00ab"), old.clone()], SYNTAX),
        case("size too large", &[part("literal", 4, b"\x00ab"), old.clone()], SYNTAX),
        case("size of nothing", &[part("literal", 0, b"\x00ab"), old.clone()], SYNTAX),
        case("size that overflows", &[size_of("18446744073709551616"), old.clone()], SYNTAX),
        case("size above the limit", &[size_of("18446744073709551615"), old.clone()], TOO_LARGE),
        case("size with a sign", &[size_of("+3"), old.clone()], SYNTAX),
        case("size that is none", &[size_of("three"), old.clone()], SYNTAX),
        case(
            "letter that is none of base 85",
            &["literal 3\nK\"\"\"\"\"\n\n".to_owned(), old.clone()],
            SYNTAX,
        ),
        case("group above 32 bits", &["literal 3\nD~~~~~\n\n".to_owned(), old.clone()], SYNTAX),
        case("line that is shorter than it says", &["literal 3\nZ00000\n\n".to_owned(), old.clone()], SYNTAX),
        case(
            "line that is longer than it says",
            &["literal 3\nA0000000000\n\n".to_owned(), old.clone()],
            SYNTAX,
        ),
        case("line of no length", &["literal 3\n000000\n\n".to_owned(), old.clone()], SYNTAX),
        case("no lines", &["literal 3\n\n".to_owned(), old.clone()], SYNTAX),
        case("not deflated", &[format!("literal 3\n{}", encode(b"\x00ab")), old.clone()], SYNTAX),
        case("deflated in half", &[format!("literal 3\n{half}"), old.clone()], SYNTAX),
        case("wrong check sum", &[format!("literal 3\n{}", encode(&spoiled)), old.clone()], SYNTAX),
        case("bytes behind the end", &[format!("literal 3\n{}", encode(&behind)), old.clone()], SYNTAX),
        case("kind that is none", &[new.replace("literal", "raw"), old.clone()], SYNTAX),
        case("no parts", &[], SYNTAX),
        case("three parts", &[new.clone(), old.clone(), old.clone()], SYNTAX),
        case("no way back", std::slice::from_ref(&new), STALE),
        case("way back to another version", &[new.clone(), part("literal", 5, b"other")], STALE),
        case("delta of another length", &[part("delta", 3, &[1, 1, 1]), old.clone()], STALE),
        case("delta that copies from behind the end", &[delta(&[0x91, 200, 3], 3), old.clone()], STALE),
        case(
            "delta that copies from far behind",
            &[delta(&[0x9f, 255, 255, 255, 255, 3], 3), old.clone()],
            STALE,
        ),
        case("delta that copies more than there is", &[delta(&[0x80], 0x1_0000), old.clone()], STALE),
        case("delta that puts in more than it has", &[delta(&[100, 1, 2], 100), old.clone()], STALE),
        case("delta that gives less than it says", &[delta(&[1, b'x'], 2), old.clone()], STALE),
        case("delta that gives more than it says", &[delta(&[2, b'x', b'y'], 1), old.clone()], STALE),
        case("delta with the code that is none", &[delta(&[0], 0), old.clone()], STALE),
        case("delta whose length never ends", &[part("delta", 12, &[0xff; 12]), old.clone()], STALE),
        case("delta above the limit", &[delta(&[0x90, 1], u64::MAX / 4), old.clone()], STALE),
        case("delta of nothing", &[part("delta", 0, b""), old], STALE),
        Case::diff(
            GROUP,
            "binary part and hunks",
            format!("{}@@ -1 +1 @@\n-one\n+new\n", sound_binary()),
            SYNTAX,
        ),
    ]
}

#[test]
fn forms_that_are_none_of_ours() {
    check_all(&cases());
}
