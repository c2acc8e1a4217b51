//! A Kubernetes of one machine for tests: their own, which ends with the last test that uses it.
//!
//! The tests of other packages use this file, too, so it needs nothing but the standard library and `tempfile`.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use crate::docker_daemon::{Daemon, program, shown};

/// Where `cargo xtask setup kubernetes` puts the programs.
const PROGRAMS: &str = "/opt/aether-k8s/bin";
/// The image of the process that holds the namespaces of a pod.
const PAUSE: &str = "aether-test/pause:1";
/// How long the cluster may take to be ready.
const READY: Duration = Duration::from_secs(120);

/// A cluster with one node, whose pods an engine of its own runs.
#[derive(Debug)]
pub(crate) struct Cluster {
    /// Ended in this order: what would make pods again goes first.
    children: Vec<Child>,
    pub(crate) docker: Daemon,
    folder: tempfile::TempDir,
    pub(crate) client: PathBuf,
}

/// The cluster of the tests; prints why the test is skipped where there is none.
pub(crate) fn cluster(test: &str) -> Option<Arc<Cluster>> {
    static RUNNING: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
    let mut running = RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(cluster) = running.upgrade() {
        return Some(cluster);
    }
    let started = shown(test, Cluster::start().map(Arc::new))?;
    *running = Arc::downgrade(&started);
    Some(started)
}

impl Cluster {
    fn start() -> Result<Self, String> {
        let needed = |path: Option<PathBuf>, name: &str| {
            let missing = || format!("there is no {name}; `cargo xtask setup kubernetes` builds it");
            path.filter(|path| path.is_file()).ok_or_else(missing)
        };
        let built = |name: &str| needed(Some(Path::new(PROGRAMS).join(name)), name);
        let of_system = |name: &str| needed(program(name), name);
        let (server, controllers, scheduler, kubelet) = (
            built("kube-apiserver")?,
            built("kube-controller-manager")?,
            built("kube-scheduler")?,
            built("kubelet")?,
        );
        let (etcd, client, runc) = (of_system("etcd")?, of_system("kubectl")?, of_system("runc")?);
        let (jq, openssl) = (of_system("jq")?, of_system("openssl")?);
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let at = |name: &str| folder.path().join(name).display().to_string();
        let text = |error: std::io::Error| error.to_string();

        // Where a user may not lower the score by which the system chooses whom to kill when memory is short, nobody
        // asks for it.
        let wrapper = format!(
            "#!/bin/sh\nbundle=.\nbefore=\nfor word in \"$@\"; do\n  case \"$before\" in --bundle|-b) bundle=$word ;; esac\n  \
             before=$word\ndone\nif [ -f \"$bundle/config.json\" ]; then\n  {jq} 'del(.process.oomScoreAdj)' \
             \"$bundle/config.json\" >\"$bundle/new\" && mv \"$bundle/new\" \"$bundle/config.json\"\nfi\nexec {runc} \"$@\"\n",
            jq = jq.display(),
            runc = runc.display()
        );
        fs::write(at("runc"), wrapper).map_err(text)?;
        Command::new("chmod").args(["+x", &at("runc")]).status().map_err(text)?;
        let runtime = format!("--add-runtime=wrapped={}", at("runc"));
        let docker = Daemon::start(&[&runtime, "--default-runtime=wrapped"])?;
        let mut cluster = Self { children: Vec::new(), docker, folder, client };
        let sleep = "--change=ENTRYPOINT [\"/bin/busybox\", \"sleep\", \"1000000\"]";
        cluster.docker.import(&cluster.docker.busybox()?, &[sleep], PAUSE)?;

        let [for_etcd, of_peers, api, of_controllers, of_scheduler, of_kubelet] = ports();
        let at = |name: &str| cluster.folder.path().join(name).display().to_string();
        let (for_etcd, of_peers) =
            (format!("http://127.0.0.1:{for_etcd}"), format!("http://127.0.0.1:{of_peers}"));
        fs::write(at("tokens"), "secret,admin,admin,\"system:masters\"\n").map_err(text)?;
        let key =
            Command::new(openssl).args(["genrsa", "-out", &at("key"), "2048"]).stderr(Stdio::null()).status();
        if !key.is_ok_and(|status| status.success()) {
            return Err("no key could be made".to_owned());
        }
        let config = format!(
            "apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{server: \"https://127.0.0.1:{api}\", \
             insecure-skip-tls-verify: true}}}}]\nusers: [{{name: u, user: {{token: secret}}}}]\ncontexts: [{{name: here, \
             context: {{cluster: c, user: u}}}}]\ncurrent-context: here\n"
        );
        fs::write(at("config"), config).map_err(text)?;

        let mut words: Vec<(PathBuf, Vec<String>)> = Vec::new();
        words.push((
            etcd,
            vec![
                format!("--data-dir={}", at("etcd")),
                format!("--listen-client-urls={for_etcd}"),
                format!("--advertise-client-urls={for_etcd}"),
                format!("--listen-peer-urls={of_peers}"),
                format!("--initial-advertise-peer-urls={of_peers}"),
                format!("--initial-cluster=default={of_peers}"),
                "--unsafe-no-fsync".to_owned(),
            ],
        ));
        words.push((
            server,
            vec![
                format!("--etcd-servers={for_etcd}"),
                "--bind-address=127.0.0.1".to_owned(),
                "--advertise-address=127.0.0.1".to_owned(),
                format!("--secure-port={api}"),
                "--insecure-port=0".to_owned(),
                format!("--cert-dir={}", at("server")),
                format!("--token-auth-file={}", at("tokens")),
                "--authorization-mode=AlwaysAllow".to_owned(),
                "--disable-admission-plugins=ServiceAccount".to_owned(),
                format!("--service-account-key-file={}", at("key")),
                format!("--service-account-signing-key-file={}", at("key")),
                "--service-account-issuer=https://127.0.0.1".to_owned(),
                "--service-cluster-ip-range=10.99.0.0/24".to_owned(),
                "--feature-gates=TTLAfterFinished=true".to_owned(),
                // The name of the node is known nowhere else.
                "--kubelet-preferred-address-types=InternalIP".to_owned(),
            ],
        ));
        let kubeconfig = format!("--kubeconfig={}", at("config"));
        words.push((
            controllers,
            vec![
                kubeconfig.clone(),
                "--leader-elect=false".to_owned(),
                "--port=0".to_owned(),
                format!("--secure-port={of_controllers}"),
                "--bind-address=127.0.0.1".to_owned(),
                format!("--cert-dir={}", at("controllers")),
                "--feature-gates=TTLAfterFinished=true".to_owned(),
            ],
        ));
        words.push((
            scheduler,
            vec![
                kubeconfig.clone(),
                "--leader-elect=false".to_owned(),
                "--port=0".to_owned(),
                format!("--secure-port={of_scheduler}"),
                "--bind-address=127.0.0.1".to_owned(),
                format!("--cert-dir={}", at("scheduler")),
            ],
        ));
        words.push((
            kubelet,
            vec![
                kubeconfig,
                "--container-runtime=docker".to_owned(),
                format!("--docker-endpoint=unix://{}", cluster.docker.socket().display()),
                format!("--pod-infra-container-image={PAUSE}"),
                "--cgroup-driver=cgroupfs".to_owned(),
                "--cgroups-per-qos=false".to_owned(),
                "--enforce-node-allocatable=".to_owned(),
                "--hostname-override=n1".to_owned(),
                "--fail-swap-on=false".to_owned(),
                "--eviction-hard=".to_owned(),
                "--resolv-conf=".to_owned(),
                format!("--root-dir={}", at("kubelet")),
                format!("--cert-dir={}", at("of-kubelet")),
                format!("--port={of_kubelet}"),
                "--read-only-port=0".to_owned(),
                "--healthz-port=0".to_owned(),
            ],
        ));
        let start = Instant::now();
        for (number, (program, words)) in words.into_iter().enumerate() {
            let log = fs::File::create(at(&format!("log-{number}"))).map_err(text)?;
            let child = Command::new(program)
                .args(words)
                .current_dir(cluster.folder.path())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log)
                .spawn()
                .map_err(text)?;
            // What would make pods again ends first.
            cluster.children.insert(0, child);
            // The others end where there is no server yet.
            if number == 1 {
                cluster.wait_until_it_says(start, &["get", "--raw", "/readyz"], "ok")?;
            }
        }
        let ready = "--output=jsonpath={.items[*].status.conditions[?(@.type==\"Ready\")].status}";
        cluster.wait_until_it_says(start, &["get", "nodes", ready], "True")?;
        Ok(cluster)
    }

    fn wait_until_it_says(&self, start: Instant, words: &[&str], expected: &str) -> Result<(), String> {
        loop {
            let output = self.kubectl(words);
            if output.status.success() && String::from_utf8_lossy(&output.stdout).contains(expected) {
                return Ok(());
            }
            if start.elapsed() > READY {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(format!(
                    "the cluster does not start: {}",
                    said.lines().last().unwrap_or_default()
                ));
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    /// Calls the client, without anything of ours in between.
    pub(crate) fn kubectl(&self, words: &[&str]) -> Output {
        Command::new(&self.client)
            .arg(format!("--kubeconfig={}", self.kubeconfig().display()))
            .args(words)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("config")
    }
}

/// Ports that nobody has now.
fn ports() -> [u16; 6] {
    let held = [(); 6].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
        // A kubelet mounts its own folder, and leaves that.
        let _ = Command::new("umount").arg(self.folder.path().join("kubelet")).stderr(Stdio::null()).status();
    }
}
