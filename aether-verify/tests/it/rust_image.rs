//! An image with the toolchain that these tests are built with, made of files of this machine: no registry is needed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name of the image.
pub(crate) const NAME: &str = "aether-test/rust:1";
/// Where its programs lie.
pub(crate) const PATH: &str = "/opt/rust/bin:/usr/bin:/bin";

/// Which files there are in the image: another number makes it anew.
const RECIPE: u32 = 1;
/// The programs of the system in it: a linker, and what a script needs.
const PROGRAMS: [&str; 14] =
    ["sh", "cc", "ld", "tar", "cat", "echo", "env", "id", "ls", "mkdir", "rm", "sleep", "touch", "test"];
/// What the linker takes in by itself.
const OF_LINKER: [&str; 21] = [
    "Scrt1.o",
    "crt1.o",
    "crti.o",
    "crtn.o",
    "crtbegin.o",
    "crtbeginS.o",
    "crtbeginT.o",
    "crtend.o",
    "crtendS.o",
    "libgcc.a",
    "libgcc_eh.a",
    "libgcc_s.so",
    "libc.so",
    "libc_nonshared.a",
    "libm.so",
    "libmvec.so.1",
    "libpthread.a",
    "libdl.a",
    "librt.a",
    "libutil.a",
    "liblto_plugin.so",
];
/// The programs of the toolchain in it.
const OF_TOOLCHAIN: [&str; 7] =
    ["cargo", "cargo-clippy", "cargo-fmt", "clippy-driver", "rustc", "rustdoc", "rustfmt"];

/// The files of the image, in an archive that is made once for each toolchain.
pub(crate) fn archive() -> Result<PathBuf, String> {
    let version = said("rustc", &["--version"])?;
    let name: String = version.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("aether-rust-image");
    let archive = folder.join(format!("{name}-{RECIPE}.tar"));
    let text = |error: io::Error| format!("the image of the toolchain cannot be made: {error}");
    fs::create_dir_all(&folder).map_err(text)?;
    let lock = File::create(folder.join("lock")).map_err(text)?;
    lock.lock().map_err(text)?;
    if !archive.is_file() {
        let root = tempfile::tempdir_in(&folder).map_err(text)?;
        fill(root.path())?;
        let half = root.path().with_extension("half");
        pack(root.path(), &half)?;
        fs::rename(half, &archive).map_err(text)?;
    }
    Ok(archive)
}

/// Puts the files of the system into `root`, at their own paths.
fn fill(root: &Path) -> Result<(), String> {
    let text = |error: io::Error| format!("the image of the toolchain cannot be made: {error}");
    for name in ["bin", "sbin", "lib", "lib64"] {
        // As the system has them, so that paths lead where they do there.
        if let Ok(target) = fs::read_link(Path::new("/").join(name)) {
            fs::create_dir_all(root.join(&target)).map_err(text)?;
            std::os::unix::fs::symlink(target, root.join(name)).map_err(text)?;
        }
    }
    let mut files = BTreeSet::new();
    for name in PROGRAMS {
        files
            .insert(PathBuf::from(said("sh", &["-c", &format!("command -v {name} || ls /usr/bin/{name}")])?));
    }
    // Of a shell, these words are its own.
    files.extend(["echo", "test"].map(|name| Path::new("/usr/bin").join(name)));
    files.retain(|path| path.is_absolute());
    for name in ["collect2", "lto-wrapper"] {
        files.insert(PathBuf::from(said("cc", &[&format!("-print-prog-name={name}")])?));
    }
    let of_linker = OF_LINKER.into_iter().map(|name| said("cc", &[&format!("-print-file-name={name}")]));
    for path in of_linker.collect::<Result<Vec<_>, _>>()? {
        // Only the name comes back where there is no such file.
        files.extend(path.starts_with('/').then(|| PathBuf::from(path)));
    }
    let toolchain = sysroot()?;
    let programs = OF_TOOLCHAIN.map(|name| toolchain.join("bin").join(name));
    let libraries: BTreeSet<PathBuf> =
        files.iter().chain(&programs).flat_map(|path| libraries(path)).collect();
    // Those of the toolchain itself come with it, whatever the path by which they were found.
    let is_its =
        |path: &Path| path.file_name().is_some_and(|name| toolchain.join("lib").join(name).is_file());
    files.extend(libraries.into_iter().filter(|path| !is_its(path)));
    for path in files {
        let plain = tidy(&path);
        let to = root.join(plain.strip_prefix("/").unwrap_or(&plain));
        fs::create_dir_all(to.parent().unwrap_or(root)).map_err(text)?;
        fs::copy(&path, &to).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    for name in ["dev", "proc", "sys", "tmp", "opt/rust"] {
        fs::create_dir_all(root.join(name)).map_err(text)?;
    }
    Ok(())
}

/// A path without `..`; links stay.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        if part == std::path::Component::ParentDir {
            tidy.pop();
        } else {
            tidy.push(part);
        }
    }
    tidy
}

/// The libraries that a program is linked with.
fn libraries(program: &Path) -> Vec<PathBuf> {
    // What is no program has none.
    let said = said("ldd", &[&program.display().to_string()]).unwrap_or_default();
    said.split_whitespace().filter(|word| word.starts_with('/')).map(PathBuf::from).collect()
}

fn pack(root: &Path, archive: &Path) -> Result<(), String> {
    let toolchain = sysroot()?;
    let as_root = ["--owner=0", "--group=0"];
    let mut first = Command::new("tar");
    first.arg("-cf").arg(archive).args(as_root).arg("-C").arg(root).arg(".");
    let mut second = Command::new("tar");
    second
        .arg("-rf")
        .arg(archive)
        .args(as_root)
        .args([
            "--transform=s,^,opt/rust/,",
            "--exclude=*.py",
            "--exclude=*/components",
            "--exclude=lib/rustlib/m*",
        ])
        .arg("-C")
        .arg(&toolchain)
        .arg("lib")
        .args(OF_TOOLCHAIN.iter().map(|name| format!("bin/{name}")));
    for mut command in [first, second] {
        if !command.status().is_ok_and(|status| status.success()) {
            return Err("the image of the toolchain could not be packed".to_owned());
        }
    }
    Ok(())
}

fn sysroot() -> Result<PathBuf, String> {
    said("rustc", &["--print", "sysroot"]).map(PathBuf::from)
}

/// What a program prints, without the end of its line.
fn said(program: &str, words: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(words)
        .output()
        .map_err(|error| format!("there is no {program} to make an image with: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program} {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
