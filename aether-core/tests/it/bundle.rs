//! Bundles: the same bytes again, what a system's own `tar` says of them, and hostile archives.

use std::io::Write as _;
use std::process::Command;

use aether_core::base::{RelPath, Sha256Hash, canonical_json};
use aether_core::record::{
    Bundle, BundleError, BundleErrorKind, BundleFile, BundleLimits, BundleManifest, ManifestFile,
};
use proptest::prelude::*;

fn file(path: &str, bytes: &[u8]) -> BundleFile {
    BundleFile::new(RelPath::new(path).expect("a path"), "text/plain", bytes)
}

fn bundle(files: &[(&str, &[u8])]) -> Bundle {
    Bundle::new(files.iter().map(|(path, bytes)| file(path, bytes)).collect()).expect("a bundle")
}

fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    Bundle::from_bytes(bytes, &BundleLimits::default())
}

#[track_caller]
fn check_refused<T: std::fmt::Debug>(outcome: Result<T, BundleError>, kind: BundleErrorKind) {
    assert_eq!(outcome.expect_err("refused").kind(), kind);
}

/// A header in the form of a bundle, for any name, kind of entry and size; written anew here.
fn header(name: &str, kind: u8, size: usize, prefix: &str) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{size:011o}"));
    put(136, "00000000000");
    put(148, "        ");
    put(257, "ustar");
    put(263, "00");
    put(329, "0000000");
    put(337, "0000000");
    put(345, prefix);
    block[156] = kind;
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// An archive of these members, whatever they are, with a manifest that fits those that are listed.
fn archive(members: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, kind, content) in members {
        bytes.extend(header(name, *kind, content.len(), ""));
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

fn manifest(files: &[(&str, &[u8])]) -> Vec<u8> {
    let files: Vec<serde_json::Value> = files
        .iter()
        .map(|(path, bytes)| {
            serde_json::json!({"media_type": "text/plain", "path": path, "sha256": Sha256Hash::of(bytes), "size": bytes.len()})
        })
        .collect();
    canonical_json(&serde_json::json!({"files": files, "schema_version": 1})).expect("JSON").into_bytes()
}

#[test]
fn the_bytes_are_those_of_the_description() {
    let text = manifest(&[("a.txt", b"hello")]);
    let expected = archive(&[("a.txt", b'0', b"hello"), ("manifest.json", b'0', &text)]);
    let bundle = bundle(&[("a.txt", b"hello")]);
    assert_eq!(bundle.to_bytes(), expected);
    assert_eq!(bundle.identity(), Sha256Hash::of(&expected));
    // The order in which files are handed in is nobody's business.
    let (a, b) = (("b", &b"1"[..]), ("z/a", &b""[..]));
    assert_eq!(self::bundle(&[a, b]).to_bytes(), self::bundle(&[b, a]).to_bytes());
    let empty = self::bundle(&[]);
    assert_eq!(read(&empty.to_bytes()), Ok(empty));
}

#[test]
fn long_paths_are_split_as_others_split_them() {
    let (long, name) = ("d/".repeat(77), "n".repeat(100));
    let path = format!("{long}{name}");
    let bytes = bundle(&[(&path, b"x")]).to_bytes();
    assert_eq!(bytes[..512], header(&name, b'0', 1, long.trim_end_matches('/')));
    assert_eq!(read(&bytes).expect("it reads").files()[0].path.as_str(), path);
    for path in [format!("{}/{}", "d".repeat(156), "n"), "n".repeat(101), format!("a/{}", "n".repeat(101))] {
        let outcome = Bundle::new(vec![file(&path, b"")]);
        check_refused(outcome, BundleErrorKind::BadPath);
    }
}

#[test]
fn paths_that_some_system_does_not_take_are_refused_both_ways() {
    for path in [
        "/etc/passwd",
        "../a",
        "a/../b",
        "a//b",
        "./a",
        "a/.",
        "a/",
        "",
        "a\\b",
        "C:a",
        "a\nb",
        "caf\u{e9}",
        "a.",
        "a ",
        "a*",
        "con",
        "a/NUL.txt",
        "com1",
        "LPT9.log",
        "a\u{7f}",
    ] {
        let text = manifest(&[(path, b"x")]);
        let mut members: Vec<(&str, u8, &[u8])> = vec![(path, b'0', b"x"), ("manifest.json", b'0', &text)];
        members.sort();
        let outcome = read(&archive(&members));
        assert!(outcome.is_err(), "{path:?}");
        if !path.is_empty() {
            check_refused(outcome, BundleErrorKind::BadPath);
        }
        if let Ok(path) = RelPath::new(path) {
            let outcome = Bundle::new(vec![BundleFile::new(path, "text/plain", b"x")]);
            check_refused(outcome, BundleErrorKind::BadPath);
        }
    }
    // Next to them, what is fine.
    bundle(&[("contract", b""), ("com.txt", b""), ("..a", b""), ("a b/c-d_e+f.g", b""), ("com10", b"")]);
}

#[test]
fn paths_that_are_one_somewhere_are_refused() {
    for (one, two) in [
        ("A", "a"),
        ("a", "a"),
        ("d/a", "d/A"),
        ("D/a", "d/b"),
        ("a", "a/b"),
        ("A", "a/b"),
        ("a/b", "A"),
        ("x", "manifest.json"),
        ("x", "Manifest.JSON"),
        ("x", "manifest.json/x"),
        ("a/b/c", "a/B/d"),
    ] {
        check_refused(Bundle::new(vec![file(one, b""), file(two, b"")]), BundleErrorKind::Collision);
        let described = |path| ManifestFile::new(RelPath::new(path).expect("a path"), "text/plain", b"");
        check_refused(BundleManifest::new(vec![described(two), described(one)]), BundleErrorKind::Collision);
    }
    let text = manifest(&[("a", b"x")]);
    let twice = archive(&[("a", b'0', b"x"), ("a", b'0', b"x"), ("manifest.json", b'0', &text)]);
    check_refused(read(&twice), BundleErrorKind::Collision);
}

#[test]
fn entries_that_are_no_files_are_refused() {
    let text = manifest(&[("a", b"x")]);
    // Links, devices, folders, pipes, the extensions of PAX and GNU, and the old spelling of a file.
    for kind in *b"1234567xgLKSMVN\0" {
        let bytes = archive(&[("a", kind, b"x"), ("manifest.json", b'0', &text)]);
        check_refused(read(&bytes), BundleErrorKind::NotAFile);
    }
}

#[test]
fn kinds_of_content_are_two_names() {
    for text in
        ["", "text", "text/", "/plain", "Text/plain", "text/plain; charset=utf-8", "a/b/c", "-a/b", "text/\n"]
    {
        let file = BundleFile::new(RelPath::new("a").expect("a path"), text, b"");
        check_refused(Bundle::new(vec![file]), BundleErrorKind::BadMediaType);
    }
    let file = BundleFile::new(RelPath::new("a").expect("a path"), "application/vnd.in-toto+json", b"");
    assert!(Bundle::new(vec![file]).is_ok());
}

#[test]
fn a_manifest_that_does_not_fit_is_refused() {
    let check = |files: &[(&str, &[u8])], text: &[u8]| {
        let mut members: Vec<(&str, u8, &[u8])> =
            files.iter().map(|(path, bytes)| (*path, b'0', *bytes)).collect();
        members.push(("manifest.json", b'0', text));
        check_refused(read(&archive(&members)), BundleErrorKind::Manifest);
    };
    check(&[("a", b"x")], &manifest(&[("a", b"y")]));
    check(&[("a", b"x")], &manifest(&[]));
    check(&[], &manifest(&[("a", b"x")]));
    check(&[("a", b"x"), ("b", b"x")], &manifest(&[("a", b"x")]));
    check(&[("a", b"x")], b"");
    check(&[("a", b"x")], b"{}");
    check(&[], br#"{"files":[],"schema_version":2}"#);
    check(&[], br#"{"files":[],"more":1,"schema_version":1}"#);
    check_refused(read(&archive(&[("a", b'0', b"x")])), BundleErrorKind::Manifest);
    // In another spelling, it says the same and is another bundle.
    let spaced = archive(&[("manifest.json", b'0', br#"{"files": [],"schema_version":1}"#)]);
    check_refused(read(&spaced), BundleErrorKind::NotCanonical);
}

#[test]
fn bytes_in_another_form_are_refused() {
    let good = bundle(&[("a", b"x"), ("b", b"y")]).to_bytes();
    for length in 0..good.len() {
        assert!(read(&good[..length]).is_err(), "{length}");
    }
    for extra in [&[0][..], &[0; 512], b"more", &[0; 9216]] {
        check_refused(read(&[&good, extra].concat()), BundleErrorKind::NotCanonical);
    }
    let text = manifest(&[("a", b"x"), ("b", b"y")]);
    let unsorted = archive(&[("b", b'0', b"y"), ("a", b'0', b"x"), ("manifest.json", b'0', &text)]);
    check_refused(read(&unsorted), BundleErrorKind::NotCanonical);
}

#[test]
fn bundles_have_limits() {
    let many: Vec<(String, Vec<u8>)> = (0..20).map(|number| (format!("f{number:02}"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> =
        many.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let bytes = bundle(&many).to_bytes();
    let mut limits = BundleLimits::default();
    limits.max_files = 20;
    limits.max_bytes = bytes.len() as u64;
    assert!(Bundle::from_bytes(&bytes, &limits).is_ok());
    limits.max_files = 19;
    check_refused(Bundle::from_bytes(&bytes, &limits), BundleErrorKind::TooLarge);
    limits.max_files = 20;
    limits.max_bytes -= 1;
    check_refused(Bundle::from_bytes(&bytes, &limits), BundleErrorKind::TooLarge);
    // Sizes that are told and not there.
    let mut bomb = header("a", b'0', (1 << 33) - 1, "");
    bomb.resize(4096, 0);
    check_refused(read(&bomb), BundleErrorKind::NotCanonical);
}

#[test]
fn tar_of_the_system_reads_a_bundle() {
    let path = format!("{}deep/{}", "d/".repeat(40), "n".repeat(90));
    let bytes = bundle(&[("a.txt", b"hello"), ("b/c", b""), (&path, b"x")]).to_bytes();
    let folder = std::env::temp_dir().join(format!("aether-bundle-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let archive = folder.join("bundle.tar");
    std::fs::write(&archive, bytes).expect("it writes");
    let listed = Command::new("tar").arg("-tvf").arg(&archive).env("TZ", "UTC").output();
    std::fs::remove_dir_all(&folder).expect("it goes");
    let Ok(listed) = listed else {
        let _ = writeln!(std::io::stderr(), "SKIPPED (tar_of_the_system_reads_a_bundle): there is no tar");
        return;
    };
    let text = String::from_utf8_lossy(&listed.stdout);
    assert!(listed.status.success() && listed.stderr.is_empty(), "{listed:?}");
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.lines().all(|line| line.starts_with("-rw-r--r--") && line.contains("1970")), "{text}");
    assert!(text.lines().any(|line| line.ends_with(&path)), "{text}");
}

fn any_bundle() -> impl Strategy<Value = Bundle> {
    let path = "[a-z]{1,8}(/[a-z]{1,60}){0,4}";
    let kind = prop_oneof![Just("text/plain"), Just("application/jsonl")];
    let content = prop::collection::vec(any::<u8>(), 0..1200);
    prop::collection::vec((path, kind, content), 0..6).prop_filter_map("colliding paths", |files| {
        let file = |(path, kind, bytes): (String, &str, Vec<u8>)| {
            BundleFile::new(RelPath::new(path).expect("a path"), kind, bytes)
        };
        Bundle::new(files.into_iter().map(file).collect()).ok()
    })
}

proptest! {
    #[test]
    fn export_import_export_gives_the_same_bytes(bundle in any_bundle()) {
        let bytes = bundle.to_bytes();
        let again = read(&bytes).expect("it reads");
        prop_assert_eq!(&again, &bundle);
        prop_assert_eq!(again.to_bytes(), bytes);
    }

    /// The kind of content is the one thing that nothing else in the bundle vouches for.
    #[test]
    fn a_changed_bit_is_refused_or_another_kind_of_content(
        bundle in any_bundle(),
        at in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let mut bytes = bundle.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(other) = read(&bytes) {
            let content = |bundle: &Bundle| -> Vec<(RelPath, Vec<u8>)> {
                bundle.files().iter().map(|file| (file.path.clone(), file.bytes.clone())).collect()
            };
            let kinds = |bundle: &Bundle| -> Vec<String> {
                bundle.files().iter().map(|file| file.media_type.clone()).collect()
            };
            prop_assert_eq!(content(&other), content(&bundle));
            prop_assert_ne!(kinds(&other), kinds(&bundle));
            prop_assert_ne!(other.identity(), bundle.identity());
        }
    }

    #[test]
    fn strange_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        prop_assert!(read(&bytes).is_err());
    }
}
