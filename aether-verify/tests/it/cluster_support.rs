//! What the tests of jobs of a cluster share.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use aether_core::base::Timestamp;
use aether_core::change::{CommandLine, RunReport};
use aether_core::port::RunRequest;
use aether_verify::{KubernetesCluster, KubernetesRunner};

use crate::cluster_daemon;
pub(crate) use crate::cluster_daemon::Cluster;
use crate::docker_daemon::shown;
use crate::docker_support::{IMAGE, PATH, run};

/// The cluster of the tests with their image; prints why the test is skipped where there is none.
pub(crate) fn cluster(test: &str) -> Option<Arc<Cluster>> {
    let cluster = cluster_daemon::cluster(test)?;
    shown(test, cluster.docker.need_image()).map(|()| cluster)
}

impl Cluster {
    /// What the client says.
    #[track_caller]
    pub(crate) fn said(&self, words: &[&str]) -> String {
        let output = self.kubectl(words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A runner whose state lies in `state`, on which it may be relied that nothing reaches the network: nothing of
    /// these tests wants to.
    pub(crate) fn runner(&self, command: &CommandLine, state: &Path) -> KubernetesRunner {
        runner(&self.client, &self.kubeconfig(), IMAGE, state).with_allowed([command.clone()])
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

/// A runner by its client.
pub(crate) fn runner(client: &Path, kubeconfig: &Path, image: &str, state: &Path) -> KubernetesRunner {
    let cluster = KubernetesCluster::new(client, "default", Instant::now)
        .with_kubeconfig(kubeconfig)
        .with_context("here");
    KubernetesRunner::new(cluster, image, state, now)
        .with_network_policy_enforced()
        .with_max_memory_bytes(1 << 30)
}

pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap())
}

/// A request for `command` with the search path of the image.
pub(crate) fn request(command: &CommandLine, folder: &Path) -> RunRequest {
    let mut request = RunRequest::new(command.clone(), folder);
    request.environment = vec![("PATH".into(), PATH.into())];
    request
}
