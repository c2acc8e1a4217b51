//! A folder that holds a working tree and what lies around it, and everything that can be seen of it.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use aether_core::base::Sha256Hash;
use aether_core::conformance::skip;
use rustix::fs::{CWD, FileType, Mode};

/// Ten numbered lines.
pub(super) const NOTES: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";
/// Lines that all look alike.
pub(super) const BLANK: &str = "{\n}\n{\n}\n{\n}\n{\n}\n";
pub(super) const CRLF: &str = "one\r\ntwo\r\nthree\r\n";
pub(super) const MIXED: &str = "one\r\ntwo\nthree\r\n";
pub(super) const OPEN: &str = "one\ntwo";
pub(super) const BINARY: &[u8] = b"\x00\x01\x02binary\xff\n";
pub(super) const NOT_UTF8: &[u8] = b"caf\xe9\nend\n";
/// A manifest that names its build script.
pub(super) const MANIFEST: &str = "[package]\nname = \"p\"\nbuild = \"gen/make.rs\"\n";
/// A manifest that names several.
pub(super) const MANY_SCRIPTS: &str = "[package]\nname = \"q\"\nbuild = [\"a.rs\", \"./b/../b.rs\"]\n";

/// A build script that is made of several files.
const SCRIPT: &str = "mod helper;\nmod inner { mod nested; }\n#[path = \"extra/odd.rs\"]\nmod other;\n\
    include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/src/cli.rs\"));\nconst X: u8 = include!(\"table.in\");\n\
    fn main() { println!(\"cargo:rerun-if-changed=src/seen.rs\"); module; }\n";

/// Files of the tree with what they hold.
const FILES: [(&str, &[u8]); 52] = [
    ("notes.txt", NOTES.as_bytes()),
    ("blank.txt", BLANK.as_bytes()),
    ("crlf.txt", CRLF.as_bytes()),
    ("mixed.txt", MIXED.as_bytes()),
    ("open.txt", OPEN.as_bytes()),
    ("bom.txt", b"\xef\xbb\xbfone\ntwo\n"),
    ("empty.txt", b""),
    ("data.bin", BINARY),
    ("latin.txt", NOT_UTF8),
    ("src/lib.rs", b"pub fn f() {}\n"),
    ("src/deep/mod.rs", b"pub fn g() {}\n"),
    ("full/a.txt", b"a\n"),
    ("full/b.txt", b"b\n"),
    ("odd name.txt", b"odd\n"),
    ("with:colon.txt", b"colon\n"),
    ("aux.c", b"int aux;\n"),
    ("caf\u{e9}.txt", b"coffee\n"),
    ("stra\u{df}e.txt", b"street\n"),
    ("\u{3bf}\u{3b4}\u{3bf}\u{3c2}.txt", b"road\n"),
    ("Cargo.toml", MANIFEST.as_bytes()),
    ("gen/make.rs", b"fn main() {}\n"),
    ("many/Cargo.toml", MANY_SCRIPTS.as_bytes()),
    ("many/a.rs", b"fn main() {}\n"),
    ("many/b.rs", b"fn main() {}\n"),
    ("marked/Cargo.toml", b"\xef\xbb\xbf[package]\nname = \"r\"\nbuild = \"start.rs\"\n"),
    ("marked/start.rs", b"fn main() {}\n"),
    ("parts/Cargo.toml", b"[package]\nname = \"s\"\n"),
    ("parts/build.rs", SCRIPT.as_bytes()),
    ("parts/helper.rs", b"mod r#deep ;\n"),
    ("parts/extra/odd.rs", b"fn f() {}\n"),
    ("parts/src/cli.rs", b"fn f() {}\n"),
    ("parts/src/seen.rs", b"fn f() {}\n"),
    ("parts/table.in", b"1\n"),
    ("macros/Cargo.toml", b"[package]\nname = \"m\"\nbuild = false\n[lib]\nproc-macro = true\n"),
    ("macros/src/lib.rs", b"mod derive;\n"),
    ("macros/src/derive.rs", b"fn f() {}\n"),
    (
        "kind/Cargo.toml",
        b"[package]\nname = \"k\"\n[lib]\ncrate-type = [\"proc-macro\"]\npath = \"own.rs\"\n",
    ),
    ("kind/own.rs", b"fn f() {}\n"),
    ("build.rs", b"fn main() {}\n"),
    ("sub/build.rs", b"fn main() {}\n"),
    (".cargo/config.toml", b"[build]\n"),
    (".github/workflows/ci.yml", b"on: push\n"),
    ("rust-toolchain.toml", b"[toolchain]\n"),
    ("Makefile", b"all:\n"),
    (".git/HEAD", b"ref: refs/heads/main\n"),
    (".git/config", b"[core]\n\trepositoryformatversion = 0\n"),
    (".git/hooks/pre-commit", b"#!/bin/sh\n"),
    (".git/info/exclude", b"target\n"),
    (".aether/aether.db", b"a store\n"),
    (".jj/repo/store", b"a store\n"),
    ("vendor/.git", b"gitdir: ../.git/modules/vendor\n"),
    ("vendor/lib.c", b"int v;\n"),
];

/// The folder that holds a tree, things beside it, and nothing else.
#[derive(Debug)]
pub(super) struct Sandbox {
    folder: tempfile::TempDir,
}

/// What somebody does to a sandbox.
pub(super) type Deed = fn(&Sandbox);

/// All that the system tells of one name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Entry {
    mode: u32,
    inode: u64,
    names: u64,
    bytes: u64,
    owner: (u32, u32),
    modified: (i64, i64),
    changed: (i64, i64),
    device: u64,
    /// Hash of what a file holds, target of a link.
    content: Option<String>,
}

pub(super) type Snapshot = BTreeMap<PathBuf, Entry>;

impl Sandbox {
    pub(super) fn new() -> Self {
        // In memory where the system has such a place: what a disk does is not what is looked at.
        let memory = Path::new("/dev/shm");
        let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let sandbox = Self { folder: made.expect("a folder can be made") };
        sandbox.plant();
        sandbox
    }

    /// The working tree.
    pub(super) fn tree(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    /// What is none of its business.
    pub(super) fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    fn plant(&self) {
        let (tree, outside) = (self.tree(), self.outside());
        for (name, bytes) in FILES {
            put(&tree.join(name), bytes);
        }
        for name in ["run.sh", "set-user.bin"] {
            put(&tree.join(name), b"#!/bin/sh\n");
        }
        mode(&tree.join("run.sh"), 0o755);
        mode(&tree.join("set-user.bin"), 0o4755);
        mode(&tree.join(".git/hooks/pre-commit"), 0o755);
        put(&outside.join("secret.txt"), b"secret\n");
        put(&outside.join("deep/secret.txt"), b"deep secret\n");
        put(&outside.join("hard.txt"), b"hard\n");
        put(&self.folder.path().join("tree-twin/notes.txt"), NOTES.as_bytes());
        put(&self.folder.path().join("notes.txt"), NOTES.as_bytes());

        let link = |target: &str, name: &str| symlink(target, tree.join(name)).expect("a link can be made");
        link("src", "to-inside");
        link("../outside", "to-outside");
        link("notes.txt", "to-file");
        link("../outside/secret.txt", "to-secret");
        link("nowhere", "dangling");
        link("../outside/new.txt", "dangling-outside");
        link("loop-b", "loop-a");
        link("loop-a", "loop-b");
        link(".", "to-self");
        link(".git", "to-git");
        fs::create_dir(tree.join("linked")).expect("a folder can be made");
        link("../Cargo.toml", "linked/Cargo.toml");
        symlink(&outside, tree.join("to-absolute")).expect("a link can be made");
        symlink("../../outside", tree.join("src/up")).expect("a link can be made");
        fs::hard_link(outside.join("hard.txt"), tree.join("hard.txt")).expect("a second name can be given");
        put(&tree.join("pair-a.txt"), b"pair\n");
        fs::hard_link(tree.join("pair-a.txt"), tree.join("pair-b.txt")).expect("a second name can be given");
        make_node(&tree.join("pipe"), FileType::Fifo, 0);
        drop(UnixListener::bind(tree.join("socket")).expect("a socket can be made"));
        put(&tree.join("large.txt"), &b"x".repeat(64 * 1024));
        fs::create_dir(tree.join("hollow")).expect("a folder can be made");
        if has_devices() {
            make_node(&tree.join("null"), FileType::CharacterDevice, rustix::fs::makedev(1, 3));
        }
    }

    /// Everything below the folder, itself included.
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut all = Snapshot::new();
        let mut open = vec![self.folder.path().to_owned()];
        while let Some(at) = open.pop() {
            let metadata = at.symlink_metadata().expect("it is there");
            let kind = metadata.file_type();
            let content = if kind.is_file() {
                Some(Sha256Hash::of(&fs::read(&at).expect("it can be read")).to_string())
            } else if kind.is_symlink() {
                Some(fs::read_link(&at).expect("it can be read").to_string_lossy().into_owned())
            } else {
                None
            };
            if kind.is_dir() {
                open.extend(
                    fs::read_dir(&at).expect("it can be listed").map(|entry| entry.expect("an entry").path()),
                );
            }
            let is_node = kind.is_char_device() || kind.is_block_device();
            let entry = Entry {
                mode: metadata.mode(),
                inode: metadata.ino(),
                names: metadata.nlink(),
                bytes: metadata.len(),
                owner: (metadata.uid(), metadata.gid()),
                modified: (metadata.mtime(), metadata.mtime_nsec()),
                changed: (metadata.ctime(), metadata.ctime_nsec()),
                device: if is_node { metadata.rdev() } else { 0 },
                content,
            };
            all.insert(at, entry);
        }
        all
    }
}

/// Whether this process may make devices. Cases that need one are left out where it may not.
pub(super) fn has_devices() -> bool {
    static MAY: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *MAY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let device = rustix::fs::makedev(1, 3);
        let mode = Mode::from_raw_mode(0o666);
        let made =
            rustix::fs::mknodat(CWD, folder.path().join("null"), FileType::CharacterDevice, mode, device);
        if let Err(error) = &made {
            skip("hostile", format!("cases with a device, as none can be made here: {error}"));
        }
        made.is_ok()
    })
}

pub(super) fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("permissions can be given");
}

fn make_node(path: &Path, kind: FileType, device: u64) {
    rustix::fs::mknodat(CWD, path, kind, Mode::from_raw_mode(0o644), device).expect("a node can be made");
}
