//! The escape suite: a project whose build script, procedural macro and test try to get out.
//!
//! Each attempt is first made without a sandbox, where it must succeed; otherwise its failure in the sandbox
//! would show nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{IpAddr, TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aether_core::change::{CommandLine, NetworkAccess, RunReport, SandboxLayer};
use aether_core::conformance::skip;
use aether_verify::SandboxKind;

use crate::run_support::*;

const STAGES: [&str; 3] = ["script", "macro", "test"];

/// What may succeed in every sandbox.
pub(crate) const HARMLESS: [&str; 3] = ["daemon", "write_inside", "temporary"];

/// A machine with something to reach and something to break.
pub(crate) struct World {
    _folders: Vec<tempfile::TempDir>,
    pub(crate) outside: PathBuf,
    pub(crate) project: PathBuf,
    victim: Child,
    /// What the listeners for datagrams heard.
    heard: Arc<Mutex<Vec<String>>>,
    daemon: String,
    named_socket: PathBuf,
    pub(crate) service_socket: PathBuf,
    pub(crate) other: Option<IpAddr>,
}

/// Answers whoever connects, for as long as the tests run.
macro_rules! answer {
    ($listener:expr) => {{
        let listener = $listener;
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let _ = stream.write_all(b"reached");
            }
        });
    }};
}

impl World {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let own = std::process::id();
        // Not below /tmp: a private /tmp would hide it, and attempts would fail for that alone.
        let base = elsewhere();
        let outside = fs::canonicalize(base.path()).unwrap();
        let project = outside.join("project");
        let home = outside.join("home");
        fs::create_dir_all(home.join(".secret")).unwrap();
        fs::write(home.join(".secret/key"), "secret").unwrap();
        make_project(&project);
        for stage in STAGES {
            for name in ["precious", "movable", "removable"] {
                fs::write(outside.join(format!("{name}-{stage}")), "precious").unwrap();
            }
        }
        let heard = Arc::new(Mutex::new(Vec::new()));
        let tcp = ["127.0.0.1:0", "[::1]:0"].map(|address| {
            let listener = TcpListener::bind(address).unwrap();
            let address = listener.local_addr().unwrap();
            answer!(listener);
            address
        });
        let other = other_address();
        let tcp_other = match other {
            Some(address) => {
                let listener = TcpListener::bind((address, 0)).unwrap();
                let address = listener.local_addr().unwrap();
                answer!(listener);
                address
            }
            None => tcp[0],
        };
        let udp = ["127.0.0.1:0", "[::1]:0"].map(|address| {
            let socket = UdpSocket::bind(address).unwrap();
            let address = socket.local_addr().unwrap();
            let heard = Arc::clone(&heard);
            std::thread::spawn(move || {
                let mut buffer = [0; 64];
                while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                    heard.lock().unwrap().push(String::from_utf8_lossy(&buffer[..length]).into_owned());
                    let _ = socket.send_to(b"reached", from);
                }
            });
            address
        });
        // Where a service would have it, if this user may; else in a folder that the test names.
        let in_run = PathBuf::from(format!("/run/aether-test-{own}-{number}.sock"));
        let mut folders = vec![base];
        let service_socket = match UnixListener::bind(&in_run) {
            Ok(listener) => {
                answer!(listener);
                in_run
            }
            Err(_) => {
                let folder = tempfile::tempdir_in(&outside).unwrap();
                let path = folder.path().join("docker.sock");
                answer!(UnixListener::bind(&path).unwrap());
                folders.push(folder);
                path
            }
        };
        let named = outside.join("services");
        fs::create_dir(&named).unwrap();
        let named_socket = named.join("agent.sock");
        answer!(UnixListener::bind(&named_socket).unwrap());
        // One that nobody names.
        let stray_socket = outside.join("stray.sock");
        answer!(UnixListener::bind(&stray_socket).unwrap());
        let abstract_name = format!("aether-test-{own}-{number}");
        let address = std::os::unix::net::SocketAddr::from_abstract_name(&abstract_name).unwrap();
        answer!(UnixListener::bind_addr(&address).unwrap());
        // It ignores the signal, so that the attempt tells whether it could be sent.
        let victim = Command::new("sh")
            .args(["-c", "trap '' USR1; while :; do sleep 1; done"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let daemon = format!("{}{own}", 7000 + number);
        let plan = format!(
            "outside\t{}\ninside\t{}\nhome\t{}\nvictim\t{}\ndaemon\t{daemon}\ntcp4\t{}\ntcp6\t{}\ntcp_other\t{tcp_other}\n\
             udp4\t{}\nudp6\t{}\nnamed_socket\t{}\nservice_socket\t{}\nstray_socket\t{}\nabstract_socket\t{abstract_name}\ndisk\t{}\n",
            outside.display(),
            project.display(),
            home.display(),
            victim.id(),
            tcp[0],
            tcp[1],
            udp[0],
            udp[1],
            named_socket.display(),
            service_socket.display(),
            stray_socket.display(),
            project.display(),
        );
        fs::write(project.join("plan"), plan).unwrap();
        Self {
            _folders: folders,
            outside,
            project,
            victim,
            heard,
            daemon,
            named_socket,
            service_socket,
            other,
        }
    }

    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let mut environment =
            vec![("ATTEMPTS_PLAN".to_owned(), self.project.join("plan").display().to_string())];
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
            if let Ok(value) = std::env::var(name) {
                environment.push((name.to_owned(), value));
            }
        }
        environment
    }

    /// What each stage says came of its attempts: name → whether it succeeded, and the details.
    pub(crate) fn outcomes(&self, stage: &str) -> BTreeMap<String, (bool, String)> {
        let path = self.project.join(format!("outcomes-{stage}"));
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{stage} made no attempts: {error}"));
        text.lines()
            .map(|line| {
                let mut parts = line.splitn(3, '\t');
                let mut next = || parts.next().unwrap_or_default().to_owned();
                let (name, outcome, details) = (next(), next(), next());
                (name, (outcome == "ok", details))
            })
            .collect()
    }

    /// What is left of the daemons that the attempts started.
    pub(crate) fn daemons(&self) -> usize {
        processes_of(&format!("sleep\0{}", self.daemon)).len()
    }

    /// What was changed outside of the project.
    pub(crate) fn damage(&mut self) -> Vec<String> {
        let mut damage = Vec::new();
        for stage in STAGES {
            for name in ["precious", "movable", "removable"] {
                let path = self.outside.join(format!("{name}-{stage}"));
                if fs::read_to_string(&path).ok().as_deref() != Some("precious") {
                    damage.push(format!("{name}-{stage} is changed or gone"));
                }
            }
            for name in ["new", "linked", "renamed"] {
                if self.outside.join(format!("{name}-{stage}")).exists() {
                    damage.push(format!("{name}-{stage} is there"));
                }
            }
            if self.outside.join(format!("home/new-{stage}")).exists() {
                damage.push(format!("home/new-{stage} is there"));
            }
        }
        damage.extend(self.heard.lock().unwrap().iter().map(|heard| format!("a datagram of {heard} came")));
        if self.victim.try_wait().unwrap().is_some() {
            damage.push("the victim is dead".to_owned());
        }
        damage
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.victim.kill();
        let _ = self.victim.wait();
        let _ = fs::remove_file(&self.service_socket);
        for daemon in processes_of(&format!("sleep\0{}", self.daemon)) {
            let _ = Command::new("kill").args(["-KILL", &daemon]).status();
        }
    }
}

/// An address of this machine that is not its loopback.
fn other_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent: this looks up the route.
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_loopback() && !address.is_unspecified())
}

fn make_project(folder: &Path) {
    let attempts = include_str!("../fixtures/escape/attempts.rs");
    let file = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    file(
        "Cargo.toml",
        "[workspace]\nmembers = [\"maker\"]\n[package]\nname = \"escapes\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         build = \"build.rs\"\n[dependencies]\nmaker = { path = \"maker\" }\n",
    );
    file("attempts.rs", attempts);
    file(
        "build.rs",
        "#[path = \"attempts.rs\"]\nmod attempts;\nfn main() { attempts::make_all(\"script\"); }\n",
    );
    file(
        "src/lib.rs",
        "maker::attempt!();\n#[cfg(test)]\n#[path = \"../attempts.rs\"]\nmod attempts;\n\
         #[cfg(test)]\n#[test]\nfn attempts() { attempts::make_all(\"test\"); }\n",
    );
    file(
        "maker/Cargo.toml",
        "[package]\nname = \"maker\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n",
    );
    file(
        "maker/src/lib.rs",
        "#[path = \"../../attempts.rs\"]\nmod attempts;\n#[proc_macro]\npub fn attempt(_: proc_macro::TokenStream) -> \
         proc_macro::TokenStream { attempts::make_all(\"macro\"); proc_macro::TokenStream::new() }\n",
    );
}

fn cargo_test() -> CommandLine {
    CommandLine::new("cargo", ["test", "--offline", "--quiet"])
}

/// Runs the project in a sandbox.
fn attempt_in(kind: SandboxKind, world: &World) -> RunReport {
    let command = cargo_test();
    let runner = runner(kind, &command)
        .with_hidden([world.named_socket.parent().unwrap(), &world.outside.join("home/.secret")])
        .with_hidden([&world.service_socket]);
    let mut request = request(&command, &world.project);
    request.environment = world.environment();
    run(&runner, &request).unwrap()
}

#[test]
fn without_a_sandbox_every_attempt_succeeds() {
    let mut world = World::new();
    let output = Command::new("cargo")
        .args(cargo_test().arguments)
        .current_dir(&world.project)
        .envs(world.environment())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut cannot_be_shown = Vec::new();
    for stage in STAGES {
        for (name, (succeeded, details)) in world.outcomes(stage) {
            // What no machine without a network, or no ordinary user, can do anyhow.
            let needs_more = match name.as_str() {
                "dns" | "vsock" | "algorithm_socket" | "io_uring" => true,
                "packet_socket" | "disk" | "uncover" => !is_root,
                _ => false,
            };
            if needs_more && !succeeded {
                cannot_be_shown.push(format!("{stage}/{name}: {details}"));
                continue;
            }
            assert!(succeeded, "{stage}: {name} failed without a sandbox: {details}");
        }
    }
    if world.other.is_none() {
        cannot_be_shown.push("tcp_other: this machine has no address but its loopback".to_owned());
    }
    for what in cannot_be_shown {
        skip("attempts", format!("cannot be shown to succeed here: {what}"));
    }
    assert_eq!(world.daemons(), 3);
    let damage = world.damage();
    // Files of three stages in several ways, and six datagrams.
    assert!(damage.len() >= 27, "{damage:#?}");
}

#[test]
fn no_attempt_succeeds_in_namespaces() {
    let mut world = World::new();
    if let Some(reason) = lacks_namespaces() {
        skip("no_attempt_succeeds_in_namespaces", reason);
        return;
    }
    let report = attempt_in(SandboxKind::Namespaces, &world);
    assert_eq!(report.exit_code, Some(0), "{}\n{}", report.stdout, report.stderr);
    check(&mut world, &["loopback"], &[]);
    assert!(report.sandbox.writes_confined);
    assert_eq!(report.sandbox.network, NetworkAccess::PrivateLoopback);
    for layer in [
        SandboxLayer::NETWORK_NAMESPACE,
        SandboxLayer::MOUNT_NAMESPACE,
        SandboxLayer::PID_NAMESPACE,
        SandboxLayer::LANDLOCK_FILES,
        SandboxLayer::SECCOMP_SOCKETS,
    ] {
        assert!(report.sandbox.holds(&layer), "{layer}: {:?}", report.sandbox);
    }
}

#[test]
fn no_attempt_succeeds_without_namespaces_but_those_that_are_reported() {
    let mut world = World::new();
    let report = attempt_in(SandboxKind::Restricted, &world);
    assert_eq!(report.exit_code, Some(0), "{}\n{}", report.stdout, report.stderr);
    // Landlock does not know of modes and times, and nothing can be put out of sight.
    check(&mut world, &["mode", "times", "read_secret"], &["loopback"]);
    assert!(report.sandbox.writes_confined);
    assert_eq!(report.sandbox.network, NetworkAccess::None);
    let reasons: Vec<&str> =
        report.sandbox.layers.iter().filter_map(|layer| layer.reason.as_deref()).collect();
    for part in ["there is no loopback", "secrets can be read", "modes, owners and times"] {
        assert!(reasons.iter().any(|reason| reason.contains(part)), "{part}: {reasons:#?}");
    }
    for layer in [SandboxLayer::LANDLOCK_FILES, SandboxLayer::LANDLOCK_TCP, SandboxLayer::SECCOMP_SOCKETS] {
        assert!(report.sandbox.holds(&layer), "{layer}: {:?}", report.sandbox);
    }
}

/// Every stage made all attempts; those of `succeed` did, and no other but the harmless ones.
#[track_caller]
fn check(world: &mut World, succeed: &[&str], fail: &[&str]) {
    let mut wrong = Vec::new();
    for stage in STAGES {
        let outcomes = world.outcomes(stage);
        assert!(outcomes.len() >= 38, "{stage} made {} attempts", outcomes.len());
        assert!(fail.iter().all(|name| outcomes.contains_key(*name)));
        for (name, (succeeded, details)) in outcomes {
            let expected = succeed.contains(&name.as_str()) || HARMLESS.contains(&name.as_str());
            if succeeded != expected {
                wrong.push(format!("{stage}/{name}: {details}"));
            }
        }
        for name in ["precious", "movable"] {
            let metadata = fs::metadata(world.outside.join(format!("{name}-{stage}"))).unwrap();
            assert_eq!(metadata.nlink(), 1, "{name}-{stage} has a second name");
            assert!(
                succeed.contains(&"mode")
                    || metadata.permissions().mode() & 0o777 != 0o640
                    || name != "precious"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(world.damage(), Vec::<String>::new());
    assert_eq!(world.daemons(), 0);
}
