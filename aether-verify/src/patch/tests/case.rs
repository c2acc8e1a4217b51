//! Random trees and patches for them, and what a tree holds.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use aether_core::base::{ByteSpan, RelPath};
use aether_core::change::{Change, Edit, FileMode, FilePatch, FileState, Patch};

use crate::patch::disk::{Disk, Kind, Like, TreeDisk};

/// A small generator of numbers (SplitMix64), so that a failure is told by its seed.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// What stands at each path below a folder, `.aether` left out: what a file holds and whether it may be run.
pub(super) type Tree = BTreeMap<RelPath, Thing>;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Thing {
    Folder { mode: u32 },
    File { bytes: Vec<u8>, mode: u32 },
    Odd,
}

/// A folder of its own, in memory where the system has such a place: what is tested here is what is done, not
/// how long a disk takes.
pub(super) fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder can be made")
}

pub(super) fn real_disk(root: &Path) -> Arc<dyn Disk> {
    Arc::new(TreeDisk::open(root).expect("a folder can be opened"))
}

pub(super) fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

/// Everything below the root of a disk.
pub(super) fn tree_of(disk: &dyn Disk) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![RelPath::root()];
    while let Some(folder) = folders.pop() {
        for name in disk.list(&folder).expect("a folder can be listed") {
            let name = String::from_utf8(name).expect("names of tests are text");
            if folder == RelPath::root() && name == ".aether" {
                continue;
            }
            let at = folder.join(&name).expect("a path");
            let stat = disk.stat(&at).expect("a name can be looked at").expect("it is there");
            let thing = match stat.kind {
                Kind::Folder => {
                    folders.push(at.clone());
                    Thing::Folder { mode: stat.mode }
                }
                Kind::File => Thing::File {
                    bytes: disk.read(&at, u64::MAX).expect("a file can be read"),
                    mode: stat.mode,
                },
                Kind::Symlink | Kind::Other => Thing::Odd,
            };
            tree.insert(at, thing);
        }
    }
    tree
}

/// A tree before and after a patch.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) old: Tree,
    pub(super) new: Tree,
    pub(super) patch: Patch,
}

const FOLDERS: [&str; 5] = ["", "src/", "src/deep/", "tests/", "docs/a/b/"];

impl Case {
    /// A tree of some files and a patch that makes, changes, moves and removes files of it.
    pub(super) fn random(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut old = Tree::new();
        for index in 0..4 + dice.below(8) {
            let folder = FOLDERS[dice.below(FOLDERS.len())];
            let mode = [0o644, 0o755, 0o600, 0o640][dice.below(4)];
            put(&mut old, &format!("{folder}f{index}.rs"), text(&mut dice), mode, 0o755);
        }
        let names: Vec<RelPath> = old
            .iter()
            .filter(|(_, thing)| matches!(thing, Thing::File { .. }))
            .map(|(at, _)| at.clone())
            .collect();
        let mut files = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let Thing::File { bytes, mode } = &old[name] else { continue };
            let state = FileState::of(name.clone(), file_mode(*mode), bytes);
            let file = match dice.below(7) {
                0 => FilePatch::delete(state),
                1 | 2 => FilePatch::edit(state, bytes, edits(&mut dice, bytes)),
                3 => {
                    let to = path(&format!("{}moved{index}.rs", FOLDERS[dice.below(FOLDERS.len())]));
                    let change = if dice.below(2) == 0 {
                        Change::Keep
                    } else {
                        Change::Write(format!("moved {index}\n").into())
                    };
                    FilePatch::change(state, bytes, to, file_mode(*mode), change)
                }
                4 => {
                    let other = match file_mode(*mode) {
                        FileMode::Regular => FileMode::Executable,
                        FileMode::Executable => FileMode::Regular,
                    };
                    FilePatch::change(state, bytes, name.clone(), other, Change::Keep)
                }
                _ => continue,
            };
            files.extend(file.ok());
        }
        for index in 0..1 + dice.below(3) {
            let folder = ["", "src/", "fresh/", "fresh/in/"][dice.below(4)];
            let mode = if dice.below(4) == 0 { FileMode::Executable } else { FileMode::Regular };
            files.extend(FilePatch::create(path(&format!("{folder}new{index}.rs")), mode, text(&mut dice)));
        }
        let patch = Patch::new(files).expect("a patch");
        let new = expected(&old, &patch);
        Self { old, new, patch }
    }

    /// Writes the old tree to a disk.
    pub(super) fn plant(&self, disk: &dyn Disk) {
        for (at, thing) in &self.old {
            match thing {
                Thing::Folder { mode } => disk.make_folder(at, Like::Folder { mode: *mode }),
                Thing::File { bytes, mode } => {
                    disk.write_new(at, bytes, Like::Old { mode: *mode, owner: own().0, group: own().1 })
                }
                Thing::Odd => unreachable!("a case holds files and folders"),
            }
            .expect("a tree can be planted");
        }
    }

    /// Whether `tree` is the old one or the new one; neither is a mixture.
    #[track_caller]
    pub(super) fn assert_whole(&self, tree: &Tree, about: &str) -> Whole {
        if *tree == self.old {
            return Whole::Old;
        }
        assert_eq!(tree, &self.new, "a mixture, neither the old tree nor the new one: {about}");
        Whole::New
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Whole {
    Old,
    New,
}

/// The user and the group of this process.
pub(super) fn own() -> (u32, u32) {
    (rustix_id(rustix::fs::stat("/proc/self").map(|stat| stat.st_uid)), {
        rustix_id(rustix::fs::stat("/proc/self").map(|stat| stat.st_gid))
    })
}

fn rustix_id(id: rustix::io::Result<u32>) -> u32 {
    id.expect("the system tells of this process")
}

fn file_mode(mode: u32) -> FileMode {
    if mode & 0o100 == 0 { FileMode::Regular } else { FileMode::Executable }
}

fn text(dice: &mut Dice) -> Vec<u8> {
    let lines = dice.below(30);
    let mut text: Vec<u8> =
        (0..lines).flat_map(|line| format!("line {line} {}\n", dice.below(100)).into_bytes()).collect();
    match dice.below(6) {
        0 => text.extend_from_slice(b"no newline"),
        1 => text.extend_from_slice(b"\xff\x00\xfe"),
        _ => text.extend_from_slice(format!("end {}\n", dice.below(1_000_000)).as_bytes()),
    }
    text
}

fn edits(dice: &mut Dice, old: &[u8]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = 0;
    for _ in 0..1 + dice.below(3) {
        let start = at + dice.below(old.len() - at + 1);
        let end = start + dice.below((old.len() - start + 1).min(20));
        edits.push(Edit::new(ByteSpan::new(start as u32, end as u32), format!("<{}>", dice.below(1000))));
        at = end + 1;
        if at > old.len() {
            break;
        }
    }
    edits
}

fn put(tree: &mut Tree, name: &str, bytes: Vec<u8>, mode: u32, folder_mode: u32) {
    let at = path(name);
    let mut folder = at.parent();
    while folder != RelPath::root() {
        tree.entry(folder.clone()).or_insert(Thing::Folder { mode: folder_mode });
        folder = folder.parent();
    }
    tree.insert(at, Thing::File { bytes, mode });
}

/// What the tree has to be afterwards, told without the code that is tested: umask 022 is taken for granted.
fn expected(old: &Tree, patch: &Patch) -> Tree {
    let mut new = old.clone();
    let mut left = Vec::new();
    for file in patch.files() {
        let before = file.before().and_then(|state| match new.remove(&state.path) {
            Some(Thing::File { bytes, mode }) => {
                left.push(state.path.clone());
                Some((bytes, mode))
            }
            _ => None,
        });
        if let Some(after) = file.after() {
            let bytes =
                file.apply(before.as_ref().map(|(bytes, _)| &bytes[..])).expect("it fits").expect("it stays");
            let mode = match (&before, after.mode) {
                (None, FileMode::Regular) => 0o644,
                (None, FileMode::Executable) => 0o755,
                (Some((_, mode)), FileMode::Regular) => mode & !0o111,
                (Some((_, mode)), FileMode::Executable) if mode & 0o100 != 0 => *mode,
                (Some((_, mode)), FileMode::Executable) => mode | ((mode & 0o444) >> 2),
            };
            put(&mut new, after.path.as_str(), bytes, mode, 0o755);
        }
    }
    for path in left {
        let mut folder = path.parent();
        while folder != RelPath::root() && !new.keys().any(|at| *at != folder && at.starts_with(&folder)) {
            new.remove(&folder);
            folder = folder.parent();
        }
    }
    new
}

/// All that stands below a folder, records included, with what only the system knows of it.
pub(super) fn everything_below(root: &Path) -> BTreeMap<String, (u32, u64, Vec<u8>)> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder can be listed") {
            let at = entry.expect("an entry").path();
            let metadata = at.symlink_metadata().expect("it is there");
            let bytes = if metadata.is_file() { std::fs::read(&at).unwrap_or_default() } else { Vec::new() };
            if metadata.is_dir() {
                folders.push(at.clone());
            }
            all.insert(
                at.to_string_lossy().into_owned(),
                (metadata.permissions().mode(), metadata.len(), bytes),
            );
        }
    }
    all
}
