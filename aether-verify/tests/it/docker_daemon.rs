//! An engine of Docker for tests: their own, with its own folders, which ends with the last test that uses it.
//!
//! The tests of other packages use this file, too, so it needs nothing but the standard library and `tempfile`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use aether_core::conformance::skip;

use crate::rust_image;

/// A running engine.
#[derive(Debug)]
pub(crate) struct Daemon {
    /// Goes with the engine.
    pub(crate) folder: tempfile::TempDir,
    pub(crate) client: PathBuf,
    child: Child,
    has_rust: Mutex<bool>,
}

/// The engine of the tests with the image [`rust_image::NAME`]; prints why the test is skipped where there is none.
pub(crate) fn docker_with_rust(test: &str) -> Option<Arc<Daemon>> {
    shown(test, running().and_then(|daemon| daemon.need_rust().map(|()| daemon)))
}

/// The engine of the tests, or why there is none.
pub(crate) fn running() -> Result<Arc<Daemon>, String> {
    static RUNNING: Mutex<Weak<Daemon>> = Mutex::new(Weak::new());
    // A test that fails does not make the others fail.
    let mut running = RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(daemon) = running.upgrade() {
        return Ok(daemon);
    }
    let daemon = Arc::new(Daemon::start(&["--bridge=none"])?);
    *running = Arc::downgrade(&daemon);
    Ok(daemon)
}

/// What there is, or a line that says why the test is skipped.
pub(crate) fn shown<T>(test: &str, found: Result<T, String>) -> Option<T> {
    found.map_err(|reason| skip(test, reason)).ok()
}

/// A program of this system by its name.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/bin", "/usr/local/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file())
}

impl Daemon {
    /// An engine that is told `words` in addition.
    pub(crate) fn start(words: &[&str]) -> Result<Self, String> {
        let needed = |name: &str| {
            program(name).ok_or_else(|| format!("there is no {name}; `cargo xtask setup docker` installs it"))
        };
        let (dockerd, client) = (needed("dockerd")?, needed("docker")?);
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let at = |name: &str| folder.path().join(name);
        let log = std::fs::File::create(at("log")).map_err(|error| error.to_string())?;
        // What it keeps its files with is its own choice: where it must copy every image for every container,
        // the tests with a toolchain take longer.
        let child = Command::new(dockerd)
            .arg("--data-root")
            .arg(at("data"))
            .arg("--exec-root")
            .arg(at("exec"))
            .arg("--pidfile")
            .arg(at("pid"))
            .arg(format!("--host=unix://{}", at("s").display()))
            .args(["--iptables=false", "--ip6tables=false"])
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut daemon = Self { folder, child, client, has_rust: Mutex::new(false) };
        let start = Instant::now();
        while !daemon.call(&["version"]).status.success() {
            let has_ended = !matches!(daemon.child.try_wait(), Ok(None));
            if has_ended || start.elapsed() > Duration::from_secs(30) {
                let log = std::fs::read_to_string(daemon.folder.path().join("log")).unwrap_or_default();
                return Err(format!("dockerd does not start: {}", log.lines().last().unwrap_or_default()));
            }
            std::thread::yield_now();
        }
        Ok(daemon)
    }

    pub(crate) fn need_rust(&self) -> Result<(), String> {
        let mut has_rust = self.has_rust.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !*has_rust {
            let path = format!("--change=ENV PATH={}", rust_image::PATH);
            self.import(&rust_image::archive()?, &[&path], rust_image::NAME)?;
            *has_rust = true;
        }
        Ok(())
    }

    /// An archive with busybox under all of its names, which is what images are made of here.
    pub(crate) fn busybox(&self) -> Result<PathBuf, String> {
        static MAKING: Mutex<()> = Mutex::new(());
        let _one_at_a_time = MAKING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let archive = self.folder.path().join("image.tar");
        if archive.is_file() {
            return Ok(archive);
        }
        let busybox =
            program("busybox").ok_or("there is no busybox; `cargo xtask setup docker` installs it")?;
        let root = self.folder.path().join("root");
        let programs = root.join("bin");
        std::fs::create_dir_all(&programs).map_err(|error| error.to_string())?;
        std::fs::copy(&busybox, programs.join("busybox")).map_err(|error| error.to_string())?;
        let list = Command::new(busybox).arg("--list").output().map_err(|error| error.to_string())?;
        for name in String::from_utf8_lossy(&list.stdout).lines().filter(|name| *name != "busybox") {
            std::os::unix::fs::symlink("busybox", programs.join(name)).map_err(|error| error.to_string())?;
        }
        let packed = Command::new("tar").arg("-C").arg(&root).arg("-cf").arg(&archive).arg(".").status();
        if !packed.is_ok_and(|status| status.success()) {
            return Err("the image of the tests could not be packed".to_owned());
        }
        Ok(archive)
    }

    /// Makes an image of an archive of files.
    pub(crate) fn import(&self, archive: &Path, changes: &[&str], name: &str) -> Result<(), String> {
        let archive = archive.display().to_string();
        let words: Vec<&str> =
            ["import"].into_iter().chain(changes.iter().copied()).chain([archive.as_str(), name]).collect();
        let imported = self.call(&words);
        match imported.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&imported.stderr).into_owned()),
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    /// Calls the client, without anything of ours in between.
    pub(crate) fn call(&self, words: &[&str]) -> Output {
        Command::new(&self.client)
            .arg(format!("--host=unix://{}", self.socket().display()))
            .args(words)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // So that it ends its containers and takes its mounts away.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && start.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
