//! Any text as a diff over a few files: it is refused or gives a patch within the limits, which survives being
//! printed and read again. And the change from any files to any others is a diff that leads there.
#![no_main]

use std::collections::BTreeMap;

use aether_core::base::RelPath;
use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};
use aether_verify::{BaseFile, Diff, PatchOptions, print_patch};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Case {
    base: Vec<(u8, bool, Vec<Part>)>,
    new: Vec<(u8, bool, Vec<Part>)>,
    text: Vec<Part>,
}

/// A part of a file or of a diff: one that means something, or any bytes.
#[derive(Arbitrary, Debug)]
enum Part {
    Known(u8),
    Bytes(Vec<u8>),
}

const NAMES: [&str; 8] =
    ["x", "y", "src/x", "src/y z", "caf\\xe9", "src/\u{e9}", "a/x", "quote\"d"];

const PARTS: [&str; 52] = [
    "one\n", "two\n", "three\n", "one", "two\r\n", "\0", "\n", " one\n", " two\n", "-one\n", "-two\n",
    "+one\n", "+two\n", "+three\n", "-three\n", " three\n", "\\ No newline at end of file\n",
    "@@ -1 +1 @@\n", "@@ -1,2 +1,2 @@\n", "@@ -1,3 +1,3 @@\n", "@@ -0,0 +1 @@\n", "@@ -0,0 +1,2 @@\n",
    "@@ -1 +0,0 @@\n", "@@ -1,2 +0,0 @@\n", "@@ -2,2 +2,3 @@\n", "@@ -1 +1,2 @@\n",
    "--- a/x\n+++ b/x\n", "--- a/y\n+++ b/y\n", "--- /dev/null\n+++ b/z\n", "--- a/x\n+++ /dev/null\n",
    "diff --git a/x b/x\n", "diff --git a/y b/y\n", "diff --git a/x b/z\n", "diff --git a/z b/z\n",
    "diff --git \"a/caf\\351\" \"b/caf\\351\"\n", "new file mode 100644\n", "new file mode 100755\n",
    "deleted file mode 100644\n", "old mode 100644\n", "new mode 100755\n", "rename from x\n", "rename to z\n",
    "copy from x\n", "copy to z\n", "index 1..2 100644\n", "GIT binary patch\n", "literal 0\nHcmV?d00001\n\n",
    "literal 1\nIcmZP&00jUA1ONa4\n\n", "delta 3\n", "-- \n", "From x\n", "similarity index 100%\n",
];

fn bytes_of(parts: &[Part]) -> Vec<u8> {
    let bytes = |part: &Part| match part {
        Part::Known(index) => PARTS[usize::from(*index) % PARTS.len()].as_bytes().to_vec(),
        Part::Bytes(bytes) => bytes.clone(),
    };
    parts.iter().flat_map(bytes).collect()
}

fn files_of(files: &[(u8, bool, Vec<Part>)]) -> BTreeMap<RelPath, BaseFile> {
    let file = |(name, is_program, parts): &(u8, bool, Vec<Part>)| {
        let mode = if *is_program { FileMode::Executable } else { FileMode::Regular };
        let path = RelPath::new(NAMES[usize::from(*name) % NAMES.len()]).ok()?;
        Some((path, BaseFile::new(mode, bytes_of(parts))))
    };
    files.iter().filter_map(file).collect()
}

fn options() -> PatchOptions {
    PatchOptions::default().with_max_files(16).with_max_file_bytes(1 << 14).with_max_total_bytes(1 << 16)
}

/// Prints a patch, reads it again, and compares what becomes of which file.
fn check_printed(patch: &Patch, base: &BTreeMap<RelPath, BaseFile>) {
    let options = PatchOptions::default();
    let text = print_patch(patch, base).expect("it was made for these files");
    let shown = String::from_utf8_lossy(&text);
    let diff = Diff::parse(&text, &options).unwrap_or_else(|error| panic!("{error}\n{shown}"));
    let again = diff.bind(base, &options).unwrap_or_else(|error| panic!("{error}\n{shown}"));
    assert_eq!(patch.files().len(), again.files().len(), "{shown}");
    for (file, again) in patch.files().iter().zip(again.files()) {
        assert_eq!((file.before(), file.after()), (again.before(), again.after()), "{shown}");
        let old = file.before().and_then(|state| base.get(&state.path)).map(|file| &file.bytes[..]);
        assert_eq!(file.apply(old), again.apply(old), "{shown}");
    }
}

/// The patch from some files to others; none where they are the same.
fn between(base: &BTreeMap<RelPath, BaseFile>, new: &BTreeMap<RelPath, BaseFile>) -> Option<Patch> {
    let state = |path: &RelPath, file: &BaseFile| FileState::of(path.clone(), file.mode, &file.bytes);
    let mut files = Vec::new();
    for (path, old) in base {
        let before = state(path, old);
        files.extend(match new.get(path) {
            None => FilePatch::delete(before).ok(),
            Some(new) => {
                let change = match new.bytes == old.bytes {
                    true => Change::Keep,
                    false => Change::Write(new.bytes.clone().into()),
                };
                FilePatch::change(before, &old.bytes, path.clone(), new.mode, change).ok()
            }
        });
    }
    for (path, new) in new.iter().filter(|(path, _)| !base.contains_key(*path)) {
        files.extend(FilePatch::create(path.clone(), new.mode, new.bytes.clone()));
    }
    Patch::new(files).ok()
}

fuzz_target!(|case: Case| {
    let (base, new) = (files_of(&case.base), files_of(&case.new));
    let options = options();
    if let Ok(diff) = Diff::parse(&bytes_of(&case.text), &options) {
        assert!(diff.file_count() <= options.max_files as usize);
        if let Ok(patch) = diff.bind(&base, &options) {
            let states = patch.files().iter().flat_map(|file| [file.before(), file.after()]).flatten();
            assert!(states.map(|state| state.bytes).sum::<u64>() <= options.max_total_bytes);
            check_printed(&patch, &base);
        }
    }
    if let Some(patch) = between(&base, &new) {
        check_printed(&patch, &base);
    }
});
