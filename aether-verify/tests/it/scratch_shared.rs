//! A scratch copy on file systems that can share blocks between files. As root alone: others may not mount.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_core::base::Cancel;
use aether_core::conformance::skip;
use aether_verify::{Scratch, ScratchLimits};

const CHILD: &str = "AETHER_SHARED_CHILD";
const MIB: u64 = 1 << 20;

/// Bytes that no file system makes smaller.
fn noise(bytes: u64) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..bytes / 8).flat_map(|_| next()).collect()
}

/// The bytes that are used of the file system at `place`, once everything is on it.
fn used(place: &Path) -> u64 {
    rustix::fs::syncfs(fs::File::open(place).unwrap()).unwrap();
    let found = rustix::fs::statvfs(place).unwrap();
    (found.f_blocks - found.f_bfree) * found.f_frsize
}

fn copy(place: &Path) -> Scratch {
    let (tree, home) = (place.join("tree"), place.join("home"));
    fs::create_dir_all(&home).unwrap();
    Scratch::open(&tree, &home, ScratchLimits::default()).unwrap()
}

/// The part that runs in a name space of its own, with a file system of `CHILD` mounted. As a test of its own it does
/// nothing.
#[test]
fn child() {
    let Some(place) = std::env::var_os(CHILD) else { return };
    let place = Path::new(&place);
    let big = noise(32 * MIB);
    fs::create_dir(place.join("tree")).unwrap();
    fs::write(place.join("tree/big"), &big).unwrap();
    // Of every length around the blocks, and so short that they have none of their own.
    let lengths = [0, 1, 100, 4095, 4096, 4097, 65_535, 65_536, 65_537, 100_000];
    for length in lengths {
        fs::write(place.join(format!("tree/{length}")), &big[..length]).unwrap();
    }
    let before = used(place);
    let mut scratch = copy(place);
    scratch.sync(&Cancel::new()).unwrap();
    let grown = used(place).saturating_sub(before);
    assert!(grown < 8 * MIB, "a copy of 32 MiB took {} KiB", grown / 1024);
    let held = |name: &str| fs::read(scratch.folder().join(name)).unwrap();
    assert!(held("big") == big);
    for length in lengths {
        assert!(held(&length.to_string()) == big[..length], "{length}");
    }
    // What a build does to the copy does nothing to the tree, and the other way round.
    fs::write(scratch.folder().join("big"), "small").unwrap();
    assert!(fs::read(place.join("tree/big")).unwrap() == big);
    scratch.sync(&Cancel::new()).unwrap();
    assert!(fs::read(scratch.folder().join("big")).unwrap() == big);
    fs::write(place.join("tree/4096"), "other").unwrap();
    assert_eq!(fs::read(scratch.folder().join("4096")).unwrap(), &big[..4096]);
    drop(scratch);
    while_it_is_written(place, &big[..MIB as usize]);
}

struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Where a file changes while it is copied, the copy is what its hash says, whatever that is.
fn while_it_is_written(place: &Path, start: &[u8]) {
    let (tree, again) = (place.join("tree"), place.join("again"));
    fs::remove_dir_all(&tree).unwrap();
    fs::create_dir_all(&tree).unwrap();
    fs::create_dir_all(&again).unwrap();
    fs::write(tree.join("file"), start).unwrap();
    let file = fs::File::options().write(true).open(tree.join("file")).unwrap();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        threads.spawn(|| {
            for value in (0..=u8::MAX).cycle() {
                if is_done.load(Ordering::Relaxed) {
                    return;
                }
                file.write_all_at(&[value; 64], MIB / 2).unwrap();
            }
        });
        // Also where the test fails: it waits for the other thread.
        let _end = Ends(&is_done);
        let mut scratch = copy(place);
        let mut seen = BTreeSet::new();
        // However seldom the other thread comes to its turn, some rounds see a change.
        for round in 0.. {
            if round >= 20 && seen.len() > 5 {
                break;
            }
            scratch.sync(&Cancel::new()).unwrap();
            let mut other = Scratch::open(&scratch.folder(), &again, ScratchLimits::default()).unwrap();
            other.sync(&Cancel::new()).unwrap();
            assert_eq!(scratch.tree_hash(), other.tree_hash(), "the copy holds something else");
            seen.insert(scratch.tree_hash().to_string());
        }
    });
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output =
        Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// Makes a file system in a file, and runs the child with it.
#[track_caller]
fn on(test: &str, make: &str, options: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let (image, place) = (folder.path().join("image"), folder.path().join("place"));
    fs::File::create(&image).unwrap().set_len(512 * MIB).unwrap();
    fs::create_dir(&place).unwrap();
    let (image, place) = (image.to_str().unwrap(), place.to_str().unwrap());
    let mount = format!("mount -o loop {image} {place}");
    let possible = run(make, &[options, &[image]].concat())
        .and_then(|()| run("unshare", &["--mount", "sh", "-c", &mount]));
    if let Err(why) = possible {
        skip(test, format!("{why}; `cargo xtask setup filesystems` installs what makes one"));
        return;
    }
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", &format!("{mount} && exec \"$@\""), "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "scratch_shared::child", "--nocapture"])
        .env(CHILD, place)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_copy_on_btrfs_shares_its_blocks() {
    on("a_copy_on_btrfs_shares_its_blocks", "mkfs.btrfs", &["-q"]);
}

#[test]
fn a_copy_on_xfs_shares_its_blocks() {
    on("a_copy_on_xfs_shares_its_blocks", "mkfs.xfs", &["-q", "-m", "reflink=1"]);
}
