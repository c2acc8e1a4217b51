//! What the tests of containers share.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use aether_core::base::Cancel;
use aether_core::change::{CommandLine, RunReport};
use aether_core::conformance::run_permit;
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{ContainerRunner, DockerEngine};

use crate::docker_daemon;
pub(crate) use crate::docker_daemon::{Daemon, program};

/// The image of the tests: busybox, and what an image can bring along that a command must not get.
pub(crate) const IMAGE: &str = "aether-test/busybox:1";
/// Where the programs of the image lie.
pub(crate) const PATH: &str = "/bin";

/// The engine of the tests with their image; prints why the test is skipped where there is none.
pub(crate) fn docker(test: &str) -> Option<Arc<Daemon>> {
    docker_daemon::shown(test, docker_daemon::running().and_then(|it| it.need_image().map(|()| it)))
}

impl Daemon {
    /// An image without a registry.
    pub(crate) fn need_image(&self) -> Result<(), String> {
        static MAKING: Mutex<()> = Mutex::new(());
        let _one_at_a_time = MAKING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.call(&["image", "inspect", IMAGE]).status.success() {
            return Ok(());
        }
        let archive = self.busybox()?;
        let changes = [
            "--change=ENV FROM_IMAGE=yes",
            "--change=VOLUME /volume",
            "--change=ENTRYPOINT [\"/bin/echo\", \"entry\"]",
            "--change=HEALTHCHECK CMD true",
        ];
        self.import(&archive, &changes, IMAGE)
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

/// A request for `command` with the search path of the image.
pub(crate) fn request(command: &CommandLine, folder: &Path) -> RunRequest {
    let mut request = RunRequest::new(command.clone(), folder);
    request.environment = vec![("PATH".into(), PATH.into())];
    request
}

pub(crate) fn run(runner: &dyn Runner, request: &RunRequest) -> Result<RunReport, RunError> {
    futures::executor::block_on(runner.run(run_permit(&request.command), request, &Cancel::new()))
}
