//! Hunks that contradict themselves, each other or the file.

use super::case::{Case, check_all};

const GROUP: &str = "hunks";
const SYNTAX: &str = "patch.syntax";
const MISMATCH: &str = "patch.mismatch";
const OVERLAP: &str = "patch.overlap";

/// Hunks of `notes.txt`, ten lines from one to ten.
const NOTES: [(&str, &str, &str); 66] = [
    ("more old lines than it says", "@@ -1,2 +1,2 @@\n one\n-two\n-three\n+2\n", SYNTAX),
    ("more new lines than it says", "@@ -1,2 +1,2 @@\n one\n-two\n+2\n+more\n", SYNTAX),
    ("fewer old lines than it says", "@@ -1,4 +1,4 @@\n one\n-two\n+2\n", SYNTAX),
    ("fewer new lines than it says", "@@ -1,2 +1,3 @@\n one\n-two\n+2\n", SYNTAX),
    ("lines behind it", "@@ -1 +1 @@\n-one\n+new\n two\n", SYNTAX),
    ("removed line behind it", "@@ -1 +1 @@\n-one\n+new\n-two\n", SYNTAX),
    ("prose behind it", "@@ -1 +1 @@\n-one\n+new\nthat is all\n", SYNTAX),
    ("no lines", "@@ -1 +1 @@\n", SYNTAX),
    ("no lines at all", "@@ -0,0 +0,0 @@\n", SYNTAX),
    ("nothing at its place", "@@ -3,0 +3,0 @@\n", SYNTAX),
    ("only lines that stay", "@@ -1,2 +1,2 @@\n one\n two\n", SYNTAX),
    ("the same line goes and comes", "@@ -1 +1 @@\n-one\n+one\n", "patch.no_change"),
    ("number that overflows 32 bits", "@@ -4294967297 +4294967297 @@\n-one\n+new\n", SYNTAX),
    (
        "number that overflows 64 bits",
        "@@ -18446744073709551617 +18446744073709551617 @@\n-one\n+new\n",
        SYNTAX,
    ),
    ("count that overflows", "@@ -1,4294967295 +1,4294967295 @@\n-one\n+new\n", SYNTAX),
    ("count beyond the file", "@@ -1,2147483646 +1,2147483646 @@\n-one\n+new\n", SYNTAX),
    ("negative number", "@@ --1 +1 @@\n-one\n+new\n", SYNTAX),
    ("negative count", "@@ -1,-1 +1 @@\n-one\n+new\n", SYNTAX),
    ("hexadecimal number", "@@ -0x1 +1 @@\n-one\n+new\n", SYNTAX),
    ("number with a sign", "@@ -+1 ++1 @@\n-one\n+new\n", SYNTAX),
    ("number in other digits", "@@ -\u{661} +\u{661} @@\n-one\n+new\n", SYNTAX),
    ("number that is missing", "@@ -,1 +,1 @@\n-one\n+new\n", SYNTAX),
    ("count that is missing", "@@ -1, +1, @@\n-one\n+new\n", SYNTAX),
    ("line zero that is there", "@@ -0 +0 @@\n-one\n+new\n", SYNTAX),
    ("side that is missing", "@@ -1 @@\n-one\n+new\n", SYNTAX),
    ("three sides", "@@ -1 +1 +1 @@\n-one\n+new\n", SYNTAX),
    ("sides in the wrong order", "@@ +1 -1 @@\n-one\n+new\n", SYNTAX),
    ("end of the head that is missing", "@@ -1 +1\n-one\n+new\n", SYNTAX),
    ("blank more in the head", "@@ -1  +1 @@\n-one\n+new\n", SYNTAX),
    ("line behind the end", "@@ -11 +11 @@\n-one\n+new\n", MISMATCH),
    ("line far behind the end", "@@ -2000000000 +2000000000 @@\n-one\n+new\n", MISMATCH),
    ("more lines than the file", "@@ -9,3 +9,3 @@\n nine\n-ten\n+10\n eleven\n", MISMATCH),
    ("one line too early", "@@ -2,3 +2,3 @@\n two\n three\n-five\n+5\n", MISMATCH),
    ("right lines at the wrong number", "@@ -1,3 +1,3 @@\n five\n-six\n+6\n seven\n", MISMATCH),
    ("right lines, one too far", "@@ -6,3 +6,3 @@\n five\n-six\n+6\n seven\n", MISMATCH),
    ("line around it that is another", "@@ -5,3 +5,3 @@\n five\n-six\n+6\n sieben\n", MISMATCH),
    ("line around it with a blank more", "@@ -5,3 +5,3 @@\n five\n-six\n+6\n seven \n", MISMATCH),
    ("line around it that is empty", "@@ -5,3 +5,3 @@\n five\n-six\n+6\n\n", MISMATCH),
    ("second hunk that does not fit", "@@ -1 +1 @@\n-one\n+1\n@@ -9 +9 @@\n-neun\n+9\n", MISMATCH),
    ("lines put in without any around them", "@@ -5,0 +6 @@\n+new\n", MISMATCH),
    ("lines put in front without any around them", "@@ -0,0 +1 @@\n+new\n", MISMATCH),
    ("lines put behind without any around them", "@@ -10,0 +11 @@\n+new\n", MISMATCH),
    ("lines put far behind", "@@ -100,0 +101 @@\n+new\n", MISMATCH),
    (
        "two hunks that overlap",
        "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n@@ -3,2 +3,2 @@\n three\n-four\n+4\n",
        OVERLAP,
    ),
    ("one hunk twice", "@@ -1 +1 @@\n-one\n+1\n@@ -1 +1 @@\n-one\n+1\n", OVERLAP),
    ("hunk on the result of another", "@@ -1 +1 @@\n-one\n+1\n@@ -1 +1 @@\n-1\n+uno\n", OVERLAP),
    ("two hunks in the wrong order", "@@ -5 +5 @@\n-five\n+5\n@@ -1 +1 @@\n-one\n+1\n", OVERLAP),
    (
        "hunk that begins in another",
        "@@ -1,5 +1,4 @@\n one\n-two\n three\n four\n five\n@@ -4 +3 @@\n-four\n+4\n",
        OVERLAP,
    ),
    ("new lines that are elsewhere", "@@ -5 +6 @@\n-five\n+5\n", SYNTAX),
    ("new lines that do not move along", "@@ -1,2 +1 @@\n-one\n two\n@@ -5 +5 @@\n-five\n+5\n", SYNTAX),
    ("new lines that move too far", "@@ -1 +1,2 @@\n one\n+new\n@@ -5 +7 @@\n-five\n+5\n", SYNTAX),
    ("sign that is none", "@@ -1 +1 @@\n*one\n+new\n", SYNTAX),
    ("tab for a sign", "@@ -1,2 +1,2 @@\n-one\n+new\n\ttwo\n", SYNTAX),
    ("return for a sign", "@@ -1,2 +1,2 @@\n-one\n+new\n\r\n", SYNTAX),
    ("diff that ends in a line", "@@ -1 +1 @@\n-one\n+ne", SYNTAX),
    ("diff that ends in the head", "@@ -1 +1 @@", SYNTAX),
    ("marker in front", "@@ -1 +1 @@\n\\ No newline at end of file\n-one\n+new\n", SYNTAX),
    (
        "marker twice",
        "@@ -10 +10 @@\n-ten\n+new\n\\ No newline at end of file\n\\ No newline at end of file\n",
        SYNTAX,
    ),
    (
        "marker within the new lines",
        "@@ -10 +10,2 @@\n-ten\n+new\n\\ No newline at end of file\n+more\n",
        SYNTAX,
    ),
    (
        "marker within the old lines",
        "@@ -9,2 +9 @@\n-nine\n\\ No newline at end of file\n-ten\n+new\n",
        SYNTAX,
    ),
    (
        "marker at a line that has a newline",
        "@@ -10 +10 @@\n-ten\n\\ No newline at end of file\n+new\n",
        MISMATCH,
    ),
    ("marker in the middle of the file", "@@ -1 +1 @@\n-one\n+new\n\\ No newline at end of file\n", MISMATCH),
    (
        "marker at a line that stays",
        "@@ -9,2 +9,2 @@\n-nine\n+new\n ten\n\\ No newline at end of file\n",
        MISMATCH,
    ),
    ("marker behind an empty line", "@@ -10 +10,2 @@\n ten\n+\n\\ No newline at end of file\n", SYNTAX),
    (
        "marker behind an empty line for another",
        "@@ -10 +10 @@\n-ten\n+\n\\ No newline at end of file\n",
        SYNTAX,
    ),
    ("marker of another kind", "@@ -10 +10 @@\n-ten\n+new\n\\x\n", SYNTAX),
];

/// Hunks of other files.
const OTHERS: [(&str, &str, &str, &str); 16] = [
    ("end without its marker", "open.txt", "@@ -2 +2 @@\n-two\n+2\n", MISMATCH),
    ("line behind an end without newline", "open.txt", "@@ -1,2 +1,3 @@\n one\n two\n+three\n", MISMATCH),
    (
        "line behind an end that stays without newline",
        "open.txt",
        "@@ -2 +2,2 @@\n two\n\\ No newline at end of file\n+three\n",
        SYNTAX,
    ),
    ("ends without returns", "crlf.txt", "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n", MISMATCH),
    ("returns for ends without", "mixed.txt", "@@ -1,3 +1,3 @@\n one\r\n-two\r\n+2\r\n three\r\n", MISMATCH),
    ("return in the head only", "crlf.txt", "@@ -1,3 +1,3 @@\r\n one\n-two\n+2\n three\n", MISMATCH),
    ("one of several equal places, shifted", "blank.txt", "@@ -2,3 +2,4 @@\n {\n }\n+new\n {\n", MISMATCH),
    ("equal lines behind the end", "blank.txt", "@@ -8,2 +8,3 @@\n }\n+new\n {\n", MISMATCH),
    (
        "equal lines with one too many",
        "blank.txt",
        "@@ -1,9 +1,8 @@\n {\n }\n {\n }\n {\n }\n {\n-}\n {\n",
        MISMATCH,
    ),
    ("line of an empty file", "empty.txt", "@@ -1 +1 @@\n-one\n+new\n", MISMATCH),
    ("line around in an empty file", "empty.txt", "@@ -1 +1,2 @@\n one\n+new\n", MISMATCH),
    ("second line of an empty file", "empty.txt", "@@ -1,0 +2 @@\n+new\n", MISMATCH),
    ("text instead of data", "data.bin", "@@ -1 +1 @@\n-binary\n+new\n", MISMATCH),
    ("other bytes that are not text", "latin.txt", "@@ -1,2 +1,2 @@\n-caf\u{fffd}\n+new\n end\n", MISMATCH),
    ("without the mark in front", "bom.txt", "@@ -1,2 +1,2 @@\n one\n-two\n+2\n", MISMATCH),
    ("all lines of another file", "src/lib.rs", "@@ -1,2 +1,2 @@\n one\n-two\n+2\n", MISMATCH),
];

pub(super) fn cases() -> Vec<Case> {
    let notes = NOTES.iter().map(|(name, hunks, expected)| (*name, "notes.txt", *hunks, *expected));
    let all = notes.chain(OTHERS);
    all.map(|(name, file, hunks, expected)| {
        let diff = format!("diff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n{hunks}");
        Case::diff(GROUP, name, diff, expected)
    })
    .collect()
}

#[test]
fn hunks_that_do_not_fit() {
    check_all(&cases());
}
