//! An engine of Docker for tests: their own, with its own folders, which ends with the last test that uses it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use aether_core::base::Cancel;
use aether_core::change::{CommandLine, RunReport};
use aether_core::conformance::run_permit;
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{ContainerRunner, DockerEngine};

/// The image of the tests: busybox, and what an image can bring along that a command must not get.
pub(crate) const IMAGE: &str = "aether-test/busybox:1";
/// Where the programs of the image lie.
pub(crate) const PATH: &str = "/bin";

/// A running engine.
#[derive(Debug)]
pub(crate) struct Daemon {
    folder: tempfile::TempDir,
    child: Child,
    client: PathBuf,
}

/// The engine of the tests; prints why the test is skipped where there is none.
pub(crate) fn docker(test: &str) -> Option<Arc<Daemon>> {
    static RUNNING: Mutex<Weak<Daemon>> = Mutex::new(Weak::new());
    // A test that fails does not make the others fail.
    let mut running = RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(daemon) = running.upgrade() {
        return Some(daemon);
    }
    match Daemon::start() {
        Ok(daemon) => {
            let daemon = Arc::new(daemon);
            *running = Arc::downgrade(&daemon);
            Some(daemon)
        }
        Err(reason) => {
            #[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
            {
                println!("SKIPPED ({test}): {reason}");
            }
            None
        }
    }
}

/// A program of this system by its name.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/bin", "/usr/local/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file())
}

impl Daemon {
    fn start() -> Result<Self, String> {
        let needed = |name: &str| {
            program(name).ok_or_else(|| format!("there is no {name}; `cargo xtask setup docker` installs it"))
        };
        let (dockerd, client, busybox) = (needed("dockerd")?, needed("docker")?, needed("busybox")?);
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let at = |name: &str| folder.path().join(name);
        let log = std::fs::File::create(at("log")).map_err(|error| error.to_string())?;
        let child = Command::new(dockerd)
            .arg("--data-root")
            .arg(at("data"))
            .arg("--exec-root")
            .arg(at("exec"))
            .arg("--pidfile")
            .arg(at("pid"))
            .arg(format!("--host=unix://{}", at("s").display()))
            .args(["--storage-driver=vfs", "--iptables=false", "--ip6tables=false", "--bridge=none"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut daemon = Self { folder, child, client };
        let start = Instant::now();
        while !daemon.call(&["version"]).status.success() {
            let has_ended = !matches!(daemon.child.try_wait(), Ok(None));
            if has_ended || start.elapsed() > Duration::from_secs(30) {
                let log = std::fs::read_to_string(daemon.folder.path().join("log")).unwrap_or_default();
                return Err(format!("dockerd does not start: {}", log.lines().last().unwrap_or_default()));
            }
            std::thread::yield_now();
        }
        daemon.make_image(&busybox)?;
        Ok(daemon)
    }

    /// An image without a registry.
    fn make_image(&self, busybox: &Path) -> Result<(), String> {
        let root = self.folder.path().join("root");
        let programs = root.join("bin");
        std::fs::create_dir_all(&programs).map_err(|error| error.to_string())?;
        std::fs::copy(busybox, programs.join("busybox")).map_err(|error| error.to_string())?;
        let list = Command::new(busybox).arg("--list").output().map_err(|error| error.to_string())?;
        for name in String::from_utf8_lossy(&list.stdout).lines().filter(|name| *name != "busybox") {
            std::os::unix::fs::symlink("busybox", programs.join(name)).map_err(|error| error.to_string())?;
        }
        let archive = self.folder.path().join("image.tar");
        let packed = Command::new("tar").arg("-C").arg(&root).arg("-cf").arg(&archive).arg(".").status();
        if !packed.is_ok_and(|status| status.success()) {
            return Err("the image of the tests could not be packed".to_owned());
        }
        let archive = archive.display().to_string();
        let imported = self.call(&[
            "import",
            "--change=ENV FROM_IMAGE=yes",
            "--change=VOLUME /volume",
            "--change=ENTRYPOINT [\"/bin/echo\", \"entry\"]",
            "--change=HEALTHCHECK CMD true",
            &archive,
            IMAGE,
        ]);
        match imported.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&imported.stderr).into_owned()),
        }
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

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    pub(crate) fn engine(&self) -> DockerEngine {
        DockerEngine::new(&self.client, self.socket(), Instant::now)
    }

    /// A runner whose state lies in `state`.
    pub(crate) fn runner(&self, command: &CommandLine, state: &Path) -> ContainerRunner {
        ContainerRunner::new(Arc::new(self.engine()), IMAGE, state).with_allowed([command.clone()])
    }

    /// Whether there is a container whose command has this word.
    pub(crate) fn has_container(&self, word: &str) -> bool {
        let listed = self.call(&["ps", "--all", "--no-trunc", "--format={{.Command}}"]);
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
        String::from_utf8_lossy(&listed.stdout).contains(word)
    }

    /// Runs a script in a folder of its own.
    #[track_caller]
    pub(crate) fn run_script(&self, script: &str) -> RunReport {
        let (_keep, folder) = crate::run_support::scratch();
        let command = crate::run_support::sh(script);
        let state = tempfile::tempdir().unwrap();
        run(&self.runner(&command, state.path()), &request(&command, &folder)).unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(pid) = rustix::process::Pid::from_raw(self.child.id().cast_signed()) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && start.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request for `command` with the search path of the image.
pub(crate) fn request(command: &CommandLine, folder: &Path) -> RunRequest {
    let mut request = RunRequest::new(command.clone(), folder);
    request.environment = vec![("PATH".into(), PATH.into())];
    request
}

pub(crate) fn run(runner: &dyn Runner, request: &RunRequest) -> Result<RunReport, RunError> {
    futures::executor::block_on(runner.run(run_permit(&request.command), request, &Cancel::new()))
}
