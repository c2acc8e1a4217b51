//! Paths inside a repository.

use aether_core::base::{RelPath, RelPathErrorKind};
use proptest::prelude::*;

#[track_caller]
fn check(bytes: &[u8], written: &str) {
    let path = RelPath::from_bytes(bytes).expect("the bytes are a path");
    assert_eq!(path.as_str(), written);
    assert_eq!(path.to_string(), written);
    assert_eq!(path.to_bytes(), bytes);
    assert_eq!(RelPath::new(written), Ok(path.clone()));
    let json = serde_json::to_string(&path).expect("a path is JSON");
    assert_eq!(serde_json::from_str::<RelPath>(&json).expect("what was written reads"), path);
}

#[test]
fn paths_have_one_written_form() {
    check(b"", "");
    check(b"a", "a");
    check(b"src/lib.rs", "src/lib.rs");
    check(b".hidden/..x/x..", ".hidden/..x/x..");
    check(b"with space/tab\t", "with space/tab\t");
    check("grüße/日本.rs".as_bytes(), "grüße/日本.rs");
    check(br"back\slash", r"back\\slash");
    check(br"\x41", r"\\x41");
    check(b"caf\xe9.rs", r"caf\xe9.rs");
    check(b"\xff\xfe/\x80", r"\xff\xfe/\x80");
    // The start of a character, and half of one.
    check(b"\xe2\x82/x", r"\xe2\x82/x");
    check(b"\xed\xa0\x80", r"\xed\xa0\x80");
    check(b"C:", "C:");
}

#[track_caller]
fn check_refused(text: &str, expected: RelPathErrorKind) {
    assert_eq!(RelPath::new(text).expect_err("it is no path").kind(), expected, "{text:?}");
    assert!(serde_json::from_value::<RelPath>(text.into()).is_err(), "{text:?}");
}

#[test]
fn refuses_what_leaves_the_repository_or_has_another_form() {
    check_refused("/", RelPathErrorKind::Absolute);
    check_refused("/etc/passwd", RelPathErrorKind::Absolute);
    check_refused("..", RelPathErrorKind::Escapes);
    check_refused("a/../../b", RelPathErrorKind::Escapes);
    check_refused("a/..", RelPathErrorKind::Escapes);
    check_refused(".", RelPathErrorKind::EmptyComponent);
    check_refused("a/./b", RelPathErrorKind::EmptyComponent);
    check_refused("a//b", RelPathErrorKind::EmptyComponent);
    check_refused("a/", RelPathErrorKind::EmptyComponent);
    check_refused("a\0b", RelPathErrorKind::Nul);
    check_refused(r"a\b", RelPathErrorKind::BadEscape);
    check_refused(r"a\", RelPathErrorKind::BadEscape);
    check_refused(r"\x", RelPathErrorKind::BadEscape);
    check_refused(r"\xf", RelPathErrorKind::BadEscape);
    check_refused(r"\xFF", RelPathErrorKind::BadEscape);
    check_refused(r"\xgg", RelPathErrorKind::BadEscape);
    check_refused(r"\x1é", RelPathErrorKind::BadEscape);
    // An escape for what needs none would be a second form, and could hide `/` and `..`.
    check_refused(r"\x41", RelPathErrorKind::BadEscape);
    check_refused(r"a\x2fb", RelPathErrorKind::BadEscape);
    check_refused(r"\x2e\x2e", RelPathErrorKind::BadEscape);
    check_refused(r"\x00", RelPathErrorKind::BadEscape);
    check_refused(r"\xc3\xa9", RelPathErrorKind::BadEscape);
}

#[track_caller]
fn check_join(folder: &str, tail: &str, expected: Result<&str, RelPathErrorKind>) {
    let folder = RelPath::new(folder).expect("the folder is a path");
    let joined = folder.join(tail);
    let joined = joined.as_ref().map(RelPath::as_str).map_err(aether_core::base::RelPathError::kind);
    assert_eq!(joined, expected, "{folder} + {tail}");
}

#[test]
fn join_resolves_against_the_folder() {
    check_join("", "a/b", Ok("a/b"));
    check_join("src", "", Ok("src"));
    check_join("src", "./io/./mod.rs", Ok("src/io/mod.rs"));
    check_join("src/io", "../lib.rs", Ok("src/lib.rs"));
    check_join("src", "..", Ok(""));
    check_join("src", "a//b/", Ok("src/a/b"));
    check_join("src", r"caf\xe9", Ok(r"src/caf\xe9"));
    check_join("src", "../..", Err(RelPathErrorKind::Escapes));
    check_join("", "..", Err(RelPathErrorKind::Escapes));
    check_join("src", "../../src/a", Err(RelPathErrorKind::Escapes));
    check_join("src", "/etc/passwd", Err(RelPathErrorKind::Absolute));
    check_join("src", "a\0", Err(RelPathErrorKind::Nul));
    check_join("src", r"a\b", Err(RelPathErrorKind::BadEscape));
}

#[track_caller]
fn check_parts(path: &str, parent: &str, file_name: Option<&str>) {
    let path = RelPath::new(path).expect("a path");
    assert_eq!((path.parent().as_str(), path.file_name()), (parent, file_name));
}

#[test]
fn paths_come_apart() {
    check_parts("", "", None);
    check_parts("a", "", Some("a"));
    check_parts("a/b", "a", Some("b"));
    check_parts("a/b/c.rs", "a/b", Some("c.rs"));
    assert_eq!(RelPath::root(), RelPath::new("").expect("the root is a path"));
}

#[track_caller]
fn check_starts_with(path: &str, folder: &str, expected: bool) {
    let both = [path, folder].map(|text| RelPath::new(text).expect("a path"));
    assert_eq!(both[0].starts_with(&both[1]), expected, "{path} in {folder}");
}

#[test]
fn starts_with_compares_whole_components() {
    check_starts_with("a/b", "", true);
    check_starts_with("", "", true);
    check_starts_with("a/b", "a", true);
    check_starts_with("a/b", "a/b", true);
    check_starts_with("ab", "a", false);
    check_starts_with("a", "a/b", false);
    check_starts_with("", "a", false);
}

#[test]
fn errors_name_the_path() {
    let error = RelPath::new("../x").expect_err("it leaves the repository");
    assert_eq!(error.to_string(), r#"path "../x" leads out of the repository"#);
}

proptest! {
    /// Arbitrary bytes are refused, or come back as they were.
    #[test]
    fn bytes_survive(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(path) = RelPath::from_bytes(&bytes) {
            prop_assert_eq!(path.to_bytes(), bytes);
            prop_assert_eq!(RelPath::new(path.as_str()), Ok(path.clone()));
        } else {
            let text = String::from_utf8_lossy(&bytes);
            let is_bad = |part: &str| matches!(part, "" | "." | "..");
            prop_assert!(bytes.contains(&0) || text.split('/').any(is_bad));
        }
    }

    /// An arbitrary text is refused, or is the one written form of its bytes.
    #[test]
    fn texts_have_one_form(text in r"[a-c/.\\x0-9ef]{0,12}") {
        if let Ok(path) = RelPath::new(text.clone()) {
            prop_assert_eq!(RelPath::from_bytes(&path.to_bytes()).map(String::from), Ok(text));
        }
    }

    #[test]
    fn a_child_lies_in_its_parent(text in "[a-c]{1,3}(/[a-c]{1,3}){0,3}") {
        let path = RelPath::new(text).expect("a path");
        prop_assert!(path.starts_with(&path.parent()));
        prop_assert_eq!(path.parent().join(path.file_name().unwrap_or("")), Ok(path));
    }
}
