//! New names that some file system takes for another one.

use aether_core::change::{FileMode, FilePatch, FileState};

use super::case::{Case, check_all, create, path};

const GROUP: &str = "twins";
const TWIN: &str = "patch.case_twin";

/// Names that are there already, in another dress.
const THERE: [(&str, &str); 13] = [
    ("capitals", "NOTES.txt"),
    ("capital in the ending", "notes.TXT"),
    ("folder in capitals", "SRC/new.rs"),
    ("inner folder in capitals", "src/Deep/new.rs"),
    ("letter and accent apart", "cafe\u{301}.txt"),
    ("letter and accent apart, in capitals", "CAFE\u{301}.TXT"),
    ("two letters for one", "strasse.txt"),
    ("two capitals for one", "STRASSE.txt"),
    ("capital of the one", "STRA\u{1e9e}E.txt"),
    ("sigma that is not the last", "\u{3bf}\u{3b4}\u{3bf}\u{3c3}.txt"),
    ("capital sigma", "\u{39f}\u{394}\u{39f}\u{3a3}.txt"),
    ("wide letters", "\u{ff4e}otes.txt"),
    ("letter that is not seen", "no\u{200b}tes.txt"),
];

/// Two names of one patch.
const TOGETHER: [(&str, &str, &str); 12] = [
    ("two in one folder", "new/readme.md", "new/README.md"),
    ("two folders", "new/x.txt", "NEW/y.txt"),
    ("two folders above", "one/two/x.txt", "One/three/y.txt"),
    ("file and folder", "new", "NEW/x.txt"),
    ("accents", "new/\u{e5}.txt", "new/a\u{30a}.txt"),
    ("sign of its own", "new/\u{212b}.txt", "new/\u{e5}.txt"),
    ("ligature", "new/\u{fb01}le.txt", "new/file.txt"),
    ("long s", "new/\u{17f}et.txt", "new/set.txt"),
    ("sign of a unit", "new/\u{212a}.txt", "new/k.txt"),
    ("i without a dot", "new/\u{131}.txt", "new/i.txt"),
    ("order of marks", "new/a\u{323}\u{307}.txt", "new/a\u{307}\u{323}.txt"),
    ("small and large micro", "new/\u{b5}.txt", "new/\u{3bc}.txt"),
];

pub(super) fn cases() -> Vec<Case> {
    let made = |text: &str| FilePatch::create(path(text), FileMode::Regular, "new\n");
    let mut cases = Vec::new();
    for (name, text) in THERE {
        cases.push(Case::patch(GROUP, name, vec![made(text)], TWIN));
    }
    for (name, one, other) in TOGETHER {
        cases.push(Case::patch(GROUP, name, vec![made(one), made(other)], TWIN));
    }
    cases.push(Case::diff(GROUP, "diff in capitals", create("Notes.txt"), TWIN));
    cases.push(Case::diff(
        GROUP,
        "rename to a twin of another file",
        "diff --git a/run.sh b/NOTES.txt\nrename from run.sh\nrename to NOTES.txt\n",
        TWIN,
    ));
    let gone = FileState::of(path("notes.txt"), FileMode::Regular, super::sandbox::NOTES.as_bytes());
    cases.push(Case::patch(
        GROUP,
        "two twins of a file that goes",
        vec![FilePatch::delete(gone), made("Notes.txt"), made("NOTES.txt")],
        TWIN,
    ));
    cases
}

#[test]
fn names_that_are_one_elsewhere() {
    check_all(&cases());
}
